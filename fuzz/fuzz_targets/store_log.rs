// SPDX-License-Identifier: Apache-2.0
//! A log file of any bytes: whole blocks are read, the rest is torn.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_store::fuzzing::log(bytes));
