// SPDX-License-Identifier: Apache-2.0
//! Entries for the fuzz targets: the readers of what lies on disk, fed with any bytes, and what must
//! hold of their answers. Not part of the interface.

use crate::catalog::{Catalog, Layout};
use crate::codec;
use crate::disk::DiskReader;
use crate::log::{file_around, read_blocks};
use crate::manifest::{Chain, Line, ManifestState, Record, parse};
use arrow_buffer::Buffer;
use evtables_schema::HostBoot;
use std::path::Path;

fn catalog() -> Catalog {
    Catalog::new(evtables_schema::tables())
}

/// Reads `bytes` as a log file, and as a block whose checksum is right.
///
/// # Panics
/// When the reader loses or invents bytes.
pub fn log(bytes: &[u8]) {
    log_file(bytes);
    log_file(&file_around(bytes));
}

/// Reads a log file, whole and again from where the first reading ended.
fn log_file(bytes: &[u8]) {
    let (catalog, path, length) = (catalog(), Path::new("fuzz"), bytes.len() as u64);
    let file = || DiskReader::Memory(bytes::Bytes::copy_from_slice(bytes));
    let Ok(found) = read_blocks(file(), 0, path, &catalog) else { return };
    assert_eq!(found.end + found.torn_bytes, length, "every byte is read or torn");
    if found.end > 0 {
        let rest = read_blocks(file(), found.end, path, &catalog);
        let rest = rest.expect("the rest has no header");
        assert!(rest.batches.is_empty() && rest.unknown.is_empty(), "nothing whole was left");
    }
}

/// Decodes `bytes` as the payload of a block of `rows` rows of the table at `table` in the list of
/// event tables.
///
/// # Panics
/// When the batch is not what the table's layout says.
pub fn payload(table: u8, rows: u16, first_seq: u64, bytes: &[u8]) {
    let layouts: Vec<Layout> =
        evtables_schema::tables().iter().filter_map(|spec| Layout::new(spec)).collect();
    let Some(layout) = layouts.get(usize::from(table) % layouts.len().max(1)) else { return };
    // Buffers of the allocator are aligned, as those of a decompressed block are.
    let buffer = Buffer::from(bytes);
    let Ok(batch) = codec::decode(layout, rows.into(), first_seq, HostBoot(1), &buffer) else {
        return;
    };
    assert_eq!(batch.num_rows(), usize::from(rows));
    assert_eq!(batch.schema(), layout.schema);
    for column in batch.columns() {
        assert!(column.to_data().validate_full().is_ok(), "an array that cannot be used");
    }
    let again = codec::encode(layout, batch.columns()).expect("what was decoded can be encoded");
    let again = codec::decode(layout, rows.into(), first_seq, HostBoot(1), &again)
        .expect("and decoded again");
    assert_eq!(again.num_rows(), batch.num_rows());
}

/// Reads `bytes` as a manifest: as they are, and with the hashes of its records put right.
///
/// # Panics
/// When the reader goes past its bytes, or refuses a chain that is whole.
pub fn manifest(bytes: &[u8]) {
    let path = Path::new("fuzz");
    let (mut chain, mut state) = (Chain::new(), ManifestState::default());
    // A broken chain is an error; what was read before it is kept.
    let _ = parse(bytes, &mut chain, &mut state, path);
    assert!(chain.bytes <= bytes.len() as u64);

    let (mut chain, mut state) = (Chain::new(), ManifestState::default());
    for line in bytes.split(|byte| *byte == b'\n') {
        let Ok(record) = serde_json::from_slice::<Record>(line) else { continue };
        if record == Record::Unknown {
            continue;
        }
        let line = Line { prev: chain.hash.clone(), record };
        let mut text = serde_json::to_vec(&line).expect("a record is JSON");
        text.push(b'\n');
        let before = chain.bytes;
        // A record that names no usable file is left out as a torn end.
        parse(&text, &mut chain, &mut state, path).expect("the chain is whole");
        assert!(chain.bytes == before || chain.bytes == before + text.len() as u64);
    }
    for segment in state.segments() {
        assert!(segment.first_seq <= segment.last_seq, "segments count up");
    }
}
