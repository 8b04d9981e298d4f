// SPDX-License-Identifier: Apache-2.0
//! Logs as event XML, through reader and mapping files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_replay::fuzzing::xml(bytes));
