// SPDX-License-Identifier: Apache-2.0
//! A chunk of an event log, through reader and mapping files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_replay::fuzzing::evtx(bytes));
