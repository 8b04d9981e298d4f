// SPDX-License-Identifier: Apache-2.0
//! Log files that nobody wrote, or that were damaged.

use super::*;
use crate::sample::{MIDNIGHT, SAMPLE, open, options, rows};
use proptest::prelude::*;

fn folder(dir: &std::path::Path) -> Folder {
    Folder::new(dir, Arc::new(crate::disk::RealDisk))
}

fn catalog() -> Catalog {
    Catalog::new(&[&SAMPLE])
}

/// A log of three blocks of two rows.
fn written() -> (tempfile::TempDir, Vec<u8>) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in [1, 3, 5] {
        store.append(rows(first, 2, MIDNIGHT)).unwrap();
    }
    let bytes = std::fs::read(folder(dir.path()).log(1)).unwrap();
    (dir, bytes)
}

#[test]
fn reading_goes_on_where_it_ended() {
    let (dir, bytes) = written();
    let path = folder(dir.path()).log(2);
    let mut end = 0;
    let mut found = 0;
    for length in 0..=bytes.len() {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let read = read(&folder(dir.path()), 2, end, &catalog()).unwrap();
        end = read.end;
        found += read.batches.len();
    }
    assert_eq!((found, end), (3, bytes.len() as u64));
}

#[test]
fn blocks_of_unknown_tables_are_counted_and_passed_over() {
    let (dir, _) = written();
    let read = read(&folder(dir.path()), 1, 0, &Catalog::new(&[])).unwrap();
    assert_eq!((read.batches.len(), read.unknown.len(), read.torn_bytes), (0, 3, 0));
    assert_eq!(read.unknown[2].last_seq, 6);
}

#[test]
fn files_of_a_newer_version_are_refused() {
    let (dir, mut bytes) = written();
    bytes[8] = 2;
    let path = folder(dir.path()).log(2);
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(read(&folder(dir.path()), 2, 0, &catalog()).unwrap_err().kind, ErrorKind::Version);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damage_never_panics_and_leaves_what_is_before_it(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        tail in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let (dir, mut bytes) = written();
        let at = at.index(bytes.len() - 16) + 16;
        let same = bytes[at] == byte;
        bytes[at] = byte;
        bytes.extend(tail);
        let path = folder(dir.path()).log(2);
        std::fs::write(&path, &bytes).unwrap();
        let read = read(&folder(dir.path()), 2, 0, &catalog()).unwrap();
        let whole = (bytes.len(), read.batches.len());
        prop_assert!(same || read.end <= at as u64, "{whole:?}");
        prop_assert_eq!(read.end + read.torn_bytes, bytes.len() as u64);
    }
}
