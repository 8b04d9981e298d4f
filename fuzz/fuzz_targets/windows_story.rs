// SPDX-License-Identifier: Apache-2.0
//! Known events with any payloads in any order, through all that is remembered between them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::story(bytes));
