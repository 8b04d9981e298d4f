// SPDX-License-Identifier: Apache-2.0
//! Images and the signatures in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_signature::fuzzing::image(bytes));
