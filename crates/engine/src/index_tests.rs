// SPDX-License-Identifier: Apache-2.0
//! Tests of the transient hash index.

use super::*;
use evtables_schema::columns::{BigIntBuilder, DictBuilder, UuidBuilder};
use evtables_schema::generated::process_events::linux::{ACTION, PID, PROCESS_GUID, TABLE};
use evtables_schema::ids::uuid_text;

fn batch(rows: &[(&str, i64, u128)]) -> RecordBatch {
    let (mut action, mut pid, mut guid) =
        (DictBuilder::default(), BigIntBuilder::default(), UuidBuilder::default());
    for (word, number, id) in rows {
        action.push(Some(word));
        pid.push(Some(*number));
        guid.push(Some(*id));
    }
    RecordBatch::try_new(
        TABLE.schema_of([ACTION, PID, PROCESS_GUID]),
        vec![action.finish(), pid.finish(), guid.finish()],
    )
    .unwrap()
}

fn kept() -> KeptRows {
    let mut kept = KeptRows::new(KeptBounds::CURSOR);
    kept.push(batch(&[("PROC_FORK", 1, 10), ("PROC_CREATE", 2, 11), ("proc_fork", 1, 12)]))
        .unwrap();
    kept.push(batch(&[])).unwrap();
    kept.push(batch(&[("PROC_FORK", 3, 10)])).unwrap();
    kept
}

fn rows(index: &HashIndex, value: Value) -> Option<Vec<usize>> {
    index.find(&value).map(Iterator::collect)
}

#[test]
fn finds_text_without_case_in_scan_order() {
    let index = HashIndex::new(&TABLE, ACTION, &kept()).unwrap();
    assert_eq!(rows(&index, Value::Text("Proc_Fork".into())), Some(vec![0, 2, 3]));
    assert_eq!(rows(&index, Value::Text("nothing".into())), Some(vec![]));
    assert_eq!(rows(&index, Value::Int(7)), None, "07 may equal a number");
    assert_eq!(index.keys(), 2);
}

#[test]
fn finds_numbers_and_ids() {
    let kept = kept();
    let pids = HashIndex::new(&TABLE, PID, &kept).unwrap();
    assert_eq!(rows(&pids, Value::Int(1)), Some(vec![0, 2]));
    assert_eq!(rows(&pids, Value::Real(1.0)), None);
    let guids = HashIndex::new(&TABLE, PROCESS_GUID, &kept).unwrap();
    let text = uuid_text(10).to_lowercase();
    assert_eq!(rows(&guids, Value::Text(text)), Some(vec![0, 3]));
    assert_eq!(rows(&guids, Value::Text("no id".into())), Some(vec![]));
    assert_eq!(kept.locate(3), Some((1, 0)));
    assert_eq!(kept.locate(4), None);
}

#[test]
fn virtual_text_is_not_indexed() {
    let column = TABLE.column("utc_time").unwrap();
    assert!(HashIndex::new(&TABLE, column, &kept()).is_none());
}

#[test]
fn a_missing_column_finds_nothing() {
    let column = TABLE.column("path").unwrap();
    let index = HashIndex::new(&TABLE, column, &kept()).unwrap();
    assert_eq!(rows(&index, Value::Text("/bin/sh".into())), Some(vec![]));
}

#[test]
fn bounds_hold_and_shared_buffers_count_once() {
    let one = batch(&[("PROC_FORK", 1, 1), ("PROC_FORK", 2, 2)]);
    let mut kept = KeptRows::new(KeptBounds { rows_max: 3, bytes_max: usize::MAX });
    kept.push(one.clone()).unwrap();
    assert_eq!(kept.push(one.clone()), Err(KeptFull));
    assert_eq!(kept.rows(), 2);

    let mut kept = KeptRows::new(KeptBounds::CURSOR);
    kept.push(one.clone()).unwrap();
    let bytes = kept.bytes();
    kept.push(one.clone()).unwrap();
    assert_eq!(kept.bytes(), bytes);

    let mut kept = KeptRows::new(KeptBounds { rows_max: 100, bytes_max: 16 });
    assert_eq!(kept.push(one), Err(KeptFull));
}
