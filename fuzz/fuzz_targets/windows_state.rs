// SPDX-License-Identifier: Apache-2.0
//! Lists of processes, handles and connections as Windows writes them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_state_windows::fuzzing::lists(bytes));
