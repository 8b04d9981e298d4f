// SPDX-License-Identifier: Apache-2.0
//! The functions that an image of Windows exports.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::exports(bytes));
