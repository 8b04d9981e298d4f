// SPDX-License-Identifier: Apache-2.0
//! Texts, security identifiers and addresses of payloads.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::text(bytes));
