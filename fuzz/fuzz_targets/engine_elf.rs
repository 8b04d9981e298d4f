// SPDX-License-Identifier: Apache-2.0
//! Any bytes as an ELF file. The code is compiled in here, from the engine.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/engine/src/enrich/elf.rs"]
mod elf;

struct Bytes<'a>(&'a [u8]);

impl elf::Pieces for Bytes<'_> {
    fn piece(&mut self, from: u64, len: u64) -> Vec<u8> {
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(self.0.len());
        let end = from.saturating_add(usize::try_from(len).unwrap_or(usize::MAX)).min(self.0.len());
        self.0.get(from..end).unwrap_or_default().to_vec()
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(elf) = elf::parse(&mut Bytes(bytes)) {
        assert!(matches!(elf.class, 32 | 64));
    }
});
