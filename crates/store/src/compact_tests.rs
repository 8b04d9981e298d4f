// SPDX-License-Identifier: Apache-2.0
//! Small segments become large ones, and nobody notices but the file system.

use crate::compact::{COMPACTED_ROWS_MIN, Effort, groups};
use crate::manifest::Segment;
use crate::sample::*;
use crate::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    files(&dir.join("events"))
}

fn filled(dir: &Path, parts: i64) -> Store {
    let mut store = open(dir, options());
    for first in (0..parts).map(|part| part * 100 + 1) {
        store.append(rows(first, 100, MIDNIGHT + first * SECOND)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    store
}

fn assert_all(reader: &StoreReader, last: i64) {
    let batches = scan(&reader.snapshot().unwrap(), all());
    assert_whole(&batches);
    assert_eq!(ints(&batches, "seq"), (1..=last).collect::<Vec<_>>());
}

#[test]
fn everything_becomes_one_segment_per_day_and_stays_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 7);
    store.append(rows(701, 50, MIDNIGHT + DAY)).unwrap();
    let (before, outside) = (store.reader().snapshot().unwrap(), reader(dir.path()));
    let old = outside.snapshot().unwrap();
    assert_eq!(store.compact(MIDNIGHT).unwrap(), 1);
    let names: Vec<String> = segments(dir.path())
        .iter()
        .map(|path| path.strip_prefix(dir.path()).unwrap().display().to_string())
        .collect();
    assert_eq!(
        names,
        [
            "events/table=sample_events/date=2026-11-24/0000000000000001-0000000000000700.parquet",
            "events/table=sample_events/date=2026-11-25/0000000000000701-0000000000000750.parquet"
        ]
    );
    assert_eq!(files(&dir.path().join("filters")).len(), 1);
    assert_all(&store.reader(), 750);
    assert_all(&outside, 750);
    for snapshot in [before, old] {
        let mut scan = snapshot.scan(all());
        let batches: Vec<_> = scan.by_ref().map(|batch| batch.unwrap()).collect();
        assert_eq!(ints(&batches, "seq"), (1..=750).collect::<Vec<_>>(), "of an older snapshot");
        assert_eq!((scan.stats().segments_gone, scan.stats().segments_corrupt), (0, 0));
    }
    store.close().unwrap();
    let mut store = open(dir.path(), options());
    assert_eq!(store.recovery(), &Recovery::default());
    assert_all(&store.reader(), 750);
    assert_eq!(store.compact(MIDNIGHT).unwrap(), 0);
    assert_eq!(store.append(rows(751, 1, MIDNIGHT)).unwrap(), (751, 751));
}

#[test]
fn ticks_merge_what_became_large_enough() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let mut now = MIDNIGHT;
    for first in (0..9).map(|part| part * 10_000 + 1) {
        store.append(rows(first, 10_000, MIDNIGHT)).unwrap();
        store.seal(now).unwrap();
        now += 11 * SECOND;
        store.tick(now).unwrap();
        store.tick(now).unwrap();
    }
    let rows: Vec<u64> = store.reader().snapshot().unwrap().segments().map(|s| s.rows).collect();
    assert_eq!(rows, [70_000, 10_000, 10_000]);
    assert_all(&store.reader(), 90_000);
}

#[test]
fn damaged_segments_are_left_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 5);
    let damaged = segments(dir.path())[2].clone();
    let mut bytes = std::fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    store.compact(MIDNIGHT).unwrap();
    assert!(segments(dir.path()).contains(&damaged), "its damage stays visible");
    assert_eq!(seqs(&store.reader()).iter().filter(|seq| **seq <= 200 || **seq > 300).count(), 400);
}

#[test]
fn columns_of_another_version_are_not_lost() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path(), 3));
    let mut store = Store::open_with(dir.path(), options(), MIDNIGHT, &[&LATER]).unwrap();
    assert_eq!(store.compact(MIDNIGHT).unwrap(), 0, "`code` would be gone");
    drop(store);
    assert_all(&reader(dir.path()), 300);
}

#[test]
fn readers_follow_a_compacting_writer() {
    let dir = tempfile::tempdir().unwrap();
    let outside = {
        drop(filled(dir.path(), 1));
        reader(dir.path())
    };
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut store = open(dir.path(), options());
            for round in 0..40 {
                for part in 0..3 {
                    let first = 101 + round * 30 + part * 10;
                    store.append(rows(first, 10, MIDNIGHT)).unwrap();
                    store.seal(MIDNIGHT).unwrap();
                }
                store.compact(MIDNIGHT).unwrap();
            }
            stop.store(true, std::sync::atomic::Ordering::Release);
        });
        let mut seen = 0;
        while !stop.load(std::sync::atomic::Ordering::Acquire) {
            let Ok(snapshot) = outside.snapshot() else { continue };
            let last = i64::try_from(snapshot.last_seq(&SAMPLE)).unwrap();
            let mut scan = snapshot.scan(request(&[SEQ]));
            let batches: Vec<_> = scan.by_ref().map(|batch| batch.unwrap()).collect();
            assert_eq!(scan.stats().segments_gone, 0);
            assert_eq!(ints(&batches, "seq"), (1..=last).collect::<Vec<_>>());
            seen += 1;
        }
        assert!(seen > 3, "{seen}");
    });
    assert_all(&outside, 1300);
}

fn segment(first: u64, rows: u64, day: u32) -> Arc<Segment> {
    let file = format!("events/table=t/date=2026-11-{day}/{first}.parquet");
    let last_seq = first + rows - 1;
    Arc::new(Segment {
        rows,
        bytes: rows * 30,
        first_seq: first,
        last_seq,
        ..Segment::empty("t", file)
    })
}

#[test]
fn groups_are_neighbours_of_one_day_and_small() {
    let sizes = |list: &[Arc<Segment>], effort| -> Vec<Vec<u64>> {
        let groups = groups(list, &BTreeSet::new(), effort);
        groups.iter().map(|group| group.iter().map(|s| s.first_seq).collect()).collect()
    };
    let small = |first| segment(first, 30_000, 1);
    let list = [small(1), small(30_001), small(60_001), small(90_001)];
    assert_eq!(sizes(&list, Effort::Timer), [[1, 30_001, 60_001]]);
    let list = [small(1), segment(30_001, COMPACTED_ROWS_MIN, 1), small(95_537)];
    assert!(sizes(&list, Effort::Everything).is_empty());
    let list = [small(1), segment(30_001, 5, 2), segment(30_006, 5, 2), segment(30_020, 5, 2)];
    assert_eq!(sizes(&list, Effort::Everything), [[30_001, 30_006]]);
    assert!(sizes(&list, Effort::Timer).is_empty());
    let many: Vec<_> = (0..16).map(|at| segment(at * 5 + 1, 5, 1)).collect();
    assert_eq!(sizes(&many, Effort::Timer).len(), 1, "many tiny ones are worth it too");
}
