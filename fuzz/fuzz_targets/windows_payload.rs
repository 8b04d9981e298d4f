// SPDX-License-Identifier: Apache-2.0
//! A payload of every known event of a trace.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::payload(bytes));
