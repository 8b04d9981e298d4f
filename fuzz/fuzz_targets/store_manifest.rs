// SPDX-License-Identifier: Apache-2.0
//! The manifest: any bytes, and any records behind right hashes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_store::fuzzing::manifest(bytes));
