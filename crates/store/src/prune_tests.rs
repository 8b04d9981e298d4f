// SPDX-License-Identifier: Apache-2.0
//! What look-ups do not open and do not decode, and that they find everything all the same.

use crate::sample::*;
use crate::{ScanRequest, ScanStats, Store, StoreReader};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_schema::ids::{event_id, uuid_text};

const GUID: usize = 5;
const EID: usize = 1;

/// Ten segments of 100 rows; row `n` has pid `n`.
fn ten_segments(dir: &std::path::Path) -> Store {
    let mut store = open(dir, options());
    for first in (1..=901).step_by(100) {
        store.append(rows(first, 100, MIDNIGHT + first * SECOND)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    store
}

fn look_up(reader: &StoreReader, terms: Vec<Term>) -> (Vec<i64>, ScanStats) {
    let predicate = Predicate::new(&SAMPLE, terms);
    assert!(predicate.ignored().is_empty());
    let snapshot = reader.snapshot().unwrap();
    let mut scan = snapshot.scan(ScanRequest { predicate, ..request(&[SEQ]) });
    let batches: Vec<_> = scan.by_ref().map(|batch| batch.unwrap()).collect();
    (ints(&batches, "seq"), scan.stats())
}

fn equal(column: usize, value: Value) -> Vec<Term> {
    vec![Term { column, test: Test::In(vec![value]) }]
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn look_ups_open_only_segments_that_can_match() {
    let dir = tempfile::tempdir().unwrap();
    let store = ten_segments(dir.path());
    for reader in [store.reader(), reader(dir.path())] {
        let one = |terms: Vec<Term>| {
            let (found, stats) = look_up(&reader, terms);
            assert_eq!((stats.segments, stats.segments_corrupt), (10, 0));
            (found, stats.segments_skipped)
        };
        assert_eq!(one(equal(NOTE, text("NOTE ünï 642"))), (vec![642], 9), "without case");
        assert_eq!(one(equal(NOTE, text("note ünï 5"))), (vec![], 10));
        assert_eq!(one(equal(PID, Value::Int(642))), (vec![642], 9));
        let guid = uuid_text(643);
        assert_eq!(one(equal(GUID, text(&guid))), (vec![643], 9));
        assert_eq!(one(equal(GUID, text("no guid"))).0, Vec::<i64>::new());
        let eid = event_id(HOST, SAMPLE.id, MIDNIGHT + (601 + 41) * SECOND, 642);
        assert_eq!(one(equal(EID, text(&uuid_text(eid)))), (vec![642], 9));
        let high = vec![Term { column: PID, test: Test::Gt(Value::Int(899)) }];
        assert_eq!(one(high), ((900..=1000).collect(), 8));
    }
}

#[test]
fn damaged_or_lost_filters_exclude_nothing() {
    let dir = tempfile::tempdir().unwrap();
    drop(ten_segments(dir.path()));
    let file =
        std::fs::read_dir(dir.path().join("filters")).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&file).unwrap();
    let zeros = vec![0; whole.len()];
    let half = whole[..whole.len() / 2].to_vec();
    for bytes in [zeros, half, Vec::new()] {
        std::fs::write(&file, bytes).unwrap();
        for pid in [1, 642, 1000] {
            let terms = equal(NOTE, text(&format!("note ünï {pid}")));
            let expected: Vec<i64> = if pid % 5 == 0 { vec![] } else { vec![pid] };
            assert_eq!(look_up(&reader(dir.path()), terms).0, expected);
        }
    }
    std::fs::remove_file(&file).unwrap();
    let terms = equal(NOTE, text("note ünï 642"));
    assert_eq!(look_up(&reader(dir.path()), terms).0, [642]);
    let store = open(dir.path(), options());
    assert_eq!(look_up(&store.reader(), equal(PID, Value::Int(642))).0, [642]);
}

#[test]
fn pages_that_cannot_match_are_not_decoded() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in (1..=80_000).step_by(1_000) {
        store.append(rows(first, 1_000, MIDNIGHT + first * SECOND)).unwrap();
    }
    store.seal(MIDNIGHT).unwrap();
    let reader = store.reader();
    let (found, stats) = look_up(&reader, equal(PID, Value::Int(70_000)));
    assert_eq!((found, stats.rows_read), (vec![70_000], 8_192));
    let last = MIDNIGHT / SECOND + 80_000;
    let late = vec![Term { column: TIME, test: Test::Ge(Value::Int(last - 9)) }];
    let (found, stats) = look_up(&reader, late);
    assert_eq!(found, (79_991..=80_000).collect::<Vec<_>>());
    assert!(stats.rows_read <= 8_192, "{stats:?}");
}
