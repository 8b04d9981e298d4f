// SPDX-License-Identifier: Apache-2.0
//! Ways in for fuzz targets: each reads bytes as one kind of log and lets the mapping files work on
//! what comes out. Nothing is returned: it must not panic, and must end.

use crate::bad::Bad;
use crate::evtx_file::{EvtxReader, Memory};
use crate::lines::{JsonLines, XmlEvents};
use crate::mapper::Mapper;
use crate::record::Block;
use crate::report::Report;

fn drain(mut read: impl FnMut(&mut Block, &mut Vec<Bad>) -> std::io::Result<bool>) {
    let Ok(mut mapper) = Mapper::new() else { return };
    let (mut report, mut bad) = (Report::default(), Vec::new());
    loop {
        let mut block = Block::new(64);
        let more = read(&mut block, &mut bad);
        for at in 0..block.len() {
            if let Some(record) = block.get(at) {
                mapper.push(record, &mut report, &mut drop);
            }
        }
        mapper.flush(&mut drop);
        if !matches!(more, Ok(true)) {
            return;
        }
    }
}

/// JSON of any dialect.
pub fn json(bytes: &[u8]) {
    let mut reader = JsonLines::new(bytes);
    drain(|block, bad| reader.read(block, bad));
}

/// Event XML.
pub fn xml(bytes: &[u8]) {
    let mut reader = XmlEvents::new(bytes);
    drain(|block, bad| reader.read(block, bad));
}

/// One chunk of an event log, after a head of a file that is right.
pub fn evtx(bytes: &[u8]) {
    let mut file = vec![0; 4_096];
    file.extend_from_slice(b"ElfChnk\0");
    file.extend_from_slice(bytes);
    let mut reader = EvtxReader::new(file.as_slice(), Memory::default());
    drain(|block, bad| reader.read(block, bad));
}
