// SPDX-License-Identifier: Apache-2.0
//! Every way in which somebody could change a data dir, and what it is called then.

use crate::sample::*;
use crate::*;
use std::path::{Path, PathBuf};

fn written(dir: &Path) -> Vec<PathBuf> {
    let mut store = open(dir, options());
    for first in [1, 101, 201] {
        store.append(rows(first, 100, MIDNIGHT)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    let snapshot = store.reader().snapshot().unwrap();
    snapshot.segments().map(|segment| dir.join(&segment.file)).collect()
}

fn faults(dir: &Path) -> Vec<(Fault, String)> {
    verify(dir, &mut |_, _| {}).unwrap().faults
}

#[test]
fn the_first_altered_or_missing_segment_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let files = written(dir.path());
    let found = verify(dir.path(), &mut |_, _| {}).unwrap();
    assert_eq!((found.segments, found.rows, found.faults.len()), (3, 300, 0));
    let name = |file: &PathBuf| file.strip_prefix(dir.path()).unwrap().display().to_string();
    let whole = std::fs::read(&files[1]).unwrap();
    for at in (0..whole.len()).step_by(111) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&files[1], bytes).unwrap();
        assert_eq!(faults(dir.path()), [(Fault::Altered, name(&files[1]))], "byte {at}");
    }
    std::fs::remove_file(&files[2]).unwrap();
    let expected = [(Fault::Altered, name(&files[1])), (Fault::Missing, name(&files[2]))];
    assert_eq!(faults(dir.path()), expected);
    std::fs::write(&files[1], &whole).unwrap();
    let planted = files[0].with_file_name("planted.parquet");
    std::fs::copy(&files[0], &planted).unwrap();
    let expected = [(Fault::Missing, name(&files[2])), (Fault::Unlisted, name(&planted))];
    assert_eq!(faults(dir.path()), expected);
}

#[test]
fn a_changed_line_of_the_manifest_breaks_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    let path = dir.path().join("manifest.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = text.replacen("\"rows\":100", "\"rows\":100 ", 1);
    std::fs::write(&path, changed).unwrap();
    assert_eq!(verify(dir.path(), &mut |_, _| {}).unwrap_err().kind, ErrorKind::Corrupt);
    let without_first: String = text.lines().skip(1).map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, without_first).unwrap();
    assert_eq!(verify(dir.path(), &mut |_, _| {}).unwrap_err().kind, ErrorKind::Corrupt);
}

#[test]
fn filters_and_logs_are_checked_too() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    let filter = dir.path().join("filters").join("0000000000000001.bin");
    let mut bytes = std::fs::read(&filter).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&filter, bytes).unwrap();
    let logs = std::fs::read_dir(dir.path().join("log")).unwrap();
    let log = logs.map(|entry| entry.unwrap().path()).next().unwrap();
    let mut bytes = std::fs::read(&log).unwrap();
    bytes.extend_from_slice(b"EVB1 torn");
    std::fs::write(&log, bytes).unwrap();
    let name = format!("log/{}", log.file_name().unwrap().display());
    let expected =
        [(Fault::Altered, "filters/0000000000000001.bin".to_owned()), (Fault::Torn, name)];
    assert_eq!(faults(dir.path()), expected);
}
