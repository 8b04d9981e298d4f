// SPDX-License-Identifier: Apache-2.0
//! A trace file of Windows, and the rows of its events.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::trace(bytes));
