// SPDX-License-Identifier: Apache-2.0
//! The JSON context of a `generate` call.
#![no_main]

libfuzzer_sys::fuzz_target!(|json: &str| evtables_osquery::fuzzing::context(json));
