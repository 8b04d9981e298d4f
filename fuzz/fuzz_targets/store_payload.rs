// SPDX-License-Identifier: Apache-2.0
//! The columns in a log block, behind its checksum.
#![no_main]

libfuzzer_sys::fuzz_target!(|parts: (u8, u16, u64, &[u8])| {
    evtables_store::fuzzing::payload(parts.0, parts.1, parts.2, parts.3);
});
