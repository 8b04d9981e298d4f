// SPDX-License-Identifier: Apache-2.0
//! Answers of core to a manager call: any bytes are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_osquery::fuzzing::replies(bytes));
