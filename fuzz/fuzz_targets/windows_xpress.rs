// SPDX-License-Identifier: Apache-2.0
//! A compressed buffer of a trace.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::xpress(bytes));
