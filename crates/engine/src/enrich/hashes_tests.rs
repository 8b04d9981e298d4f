// SPDX-License-Identifier: Apache-2.0
//! Tests of `hashes`.

use super::*;
use crate::testing::{ProcessRow, batch};
use std::os::unix::fs::MetadataExt as _;

fn row_of(path: &str) -> ProcessRow {
    let meta = std::fs::metadata(path).unwrap();
    ProcessRow {
        path: Some(path.into()),
        file: Some((0, meta.ino().cast_signed(), meta.mtime(), meta.len().cast_signed())),
        ..ProcessRow::new("PROC_CREATE", 1, 0)
    }
}

fn hashed(hashes: &Hashes, rows: &[ProcessRow]) -> Vec<(Option<String>, Option<i64>)> {
    let mut batch = batch(rows);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !hashes.ready(&batch) {
        assert!(Instant::now() < deadline, "hash never came");
        hashes.wait(Duration::from_millis(50));
    }
    hashes.fill(&mut batch);
    crate::testing::read(batch, &["sha256", "hashed"])
        .into_iter()
        .map(|row| (row[0].clone(), row[1].as_ref().map(|v| v.parse().unwrap())))
        .collect()
}

#[test]
fn hash_of_a_known_file_and_of_one_that_changed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("prog");
    std::fs::write(&path, "abc").unwrap();
    let row = row_of(path.to_str().unwrap());
    let mut other = row.clone();
    other.file = other.file.map(|(d, i, m, s)| (d, i, m, s + 1));
    let hashes = Hashes::start().unwrap();
    let got = hashed(&hashes, &[row, other, ProcessRow::new("PROC_FORK", 2, 1)]);
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(got[0], (Some(abc.into()), Some(1)));
    assert_eq!(got[1], (None, Some(0)), "another version is not hashed in its place");
    assert_eq!(got[2], (None, None), "a fork names no file");
    assert_eq!(hashes.unhashed().load(Ordering::Relaxed), 1);
}

/// Times of files are coarse: a file and its new name can be one version.
#[test]
fn a_file_that_was_renamed_at_once_is_found_by_its_new_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("final");
    std::fs::write(&path, "abc").unwrap();
    let final_row = row_of(path.to_str().unwrap());
    let gone = |name: &str| ProcessRow {
        path: Some(dir.path().join(name).to_str().unwrap().to_owned()),
        ..final_row.clone()
    };
    let hashes = Hashes::start().unwrap();
    let got = hashed(&hashes, &[gone("first"), gone("second"), final_row.clone()]);
    assert!(got.iter().all(|(hash, done)| hash.is_some() && *done == Some(1)), "{got:?}");
    // Where none is right, it is given up.
    std::fs::remove_file(&path).unwrap();
    let hashes = Hashes::start().unwrap();
    let got = hashed(&hashes, &[gone("first"), gone("second"), final_row]);
    assert!(got.iter().all(|(_, done)| *done == Some(0)), "{got:?}");
}
