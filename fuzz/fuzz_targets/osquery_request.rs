// SPDX-License-Identifier: Apache-2.0
//! What core sends on a connection to an extension: any bytes are answered or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_osquery::fuzzing::requests(bytes));
