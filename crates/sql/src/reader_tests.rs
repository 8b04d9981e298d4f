// SPDX-License-Identifier: Apache-2.0
//! Tests of scans and kept rows below SQLite.

use super::*;
use crate::testing::MemorySource;
use evtables_filter::{Test, Value};
use evtables_schema::generated::process_events::linux::{PARENT_PID, SEQ, TABLE};

const PLAN: &str = "linux_process_events: parent_pid = ?, action = ?";

fn reader(bounds: KeptBounds) -> (Arc<MemorySource>, Reader) {
    let source = Arc::new(MemorySource::tree(900, 3));
    let shared = Arc::clone(&source) as Arc<dyn Source>;
    (source, Reader::new(shared, &TABLE, Arc::new(Activity::default()), bounds))
}

fn equal(value: Value) -> Bound {
    Bound::Test(Test::In(vec![value]))
}

/// `seq` of the rows that really match.
fn call(reader: &mut Reader, parent: i64, action: &str) -> Vec<i64> {
    let plan = reader.plan(0, PLAN, 0).unwrap();
    let values = vec![equal(Value::Int(parent)), equal(Value::Text(action.to_owned()))];
    reader.start(plan, values).unwrap();
    let mut rows = Vec::new();
    let mut scratch = String::new();
    while !reader.is_end() {
        let is_text = |cell: Cell<'_>| matches!(cell, Cell::Text(text) if text == action);
        let has_parent = reader.with_cell(PARENT_PID, &mut scratch, |c| c == Cell::Int(parent));
        if has_parent && reader.with_cell(0, &mut scratch, is_text) {
            rows.push(reader.row_id());
            let seq =
                reader.with_cell(SEQ, &mut scratch, |cell| cell == Cell::Int(rows[rows.len() - 1]));
            assert!(seq);
        }
        reader.advance().unwrap();
    }
    rows
}

/// What calls with these bounds give, and the scans they took.
fn calls(bounds: KeptBounds, of: &[(i64, &str)]) -> (Vec<Vec<i64>>, usize) {
    let (source, mut reader) = reader(bounds);
    let rows = of.iter().map(|(parent, action)| call(&mut reader, *parent, action)).collect();
    (rows, source.take_scans().len())
}

fn alone(of: &[(i64, &str)]) -> Vec<Vec<i64>> {
    let (_, first) = reader(KeptBounds::CURSOR);
    let one = |parent, action| {
        let (source, activity) = (Arc::clone(&first.source), Arc::clone(&first.activity));
        call(&mut Reader::new(source, &TABLE, activity, KeptBounds::CURSOR), parent, action)
    };
    of.iter().map(|(parent, action)| one(*parent, action)).collect()
}

#[test]
fn calls_after_the_second_are_look_ups() {
    let of: Vec<(i64, &str)> = (100..200).map(|parent| (parent, "PROC_CREATE")).collect();
    let (rows, scans) = calls(KeptBounds::CURSOR, &of);
    assert_eq!(rows, alone(&of));
    assert_eq!(rows.iter().map(Vec::len).sum::<usize>(), rows.concat().len());
    assert_eq!(scans, 2);
}

#[test]
fn another_varying_value_reads_once_more() {
    let actions = ["PROC_CREATE", "PROC_FORK", "PROC_TERMINATE"];
    let of: Vec<(i64, &str)> =
        (0..60).map(|at| (100 + at % 20, actions[usize::try_from(at / 20).unwrap()])).collect();
    let (rows, scans) = calls(KeptBounds::CURSOR, &of);
    assert_eq!(rows, alone(&of));
    assert_eq!(scans, 3);
}

#[test]
fn what_does_not_fit_is_scanned() {
    let of: Vec<(i64, &str)> = (100..110).map(|parent| (parent, "PROC_FORK")).collect();
    for bounds in [
        KeptBounds { rows_max: 10, ..KeptBounds::CURSOR },
        KeptBounds { bytes_max: 100, ..KeptBounds::CURSOR },
    ] {
        let (rows, scans) = calls(bounds, &of);
        assert_eq!(rows, alone(&of));
        // One of them found out that the rows do not fit.
        assert_eq!(scans, of.len() + 1);
    }
}

#[test]
fn null_matches_nothing_and_reads_nothing() {
    let (source, mut reader) = reader(KeptBounds::CURSOR);
    let plan = reader.plan(0, PLAN, 0).unwrap();
    reader.start(plan, vec![Bound::Nothing, equal(Value::Text("PROC_FORK".into()))]).unwrap();
    assert!(reader.is_end());
    assert!(source.take_scans().is_empty());
}

#[test]
fn many_plans_of_one_cursor_stay_bounded() {
    let (_, mut reader) = reader(KeptBounds::CURSOR);
    for number in 0..20 {
        let plan = reader.plan(number, "linux_process_events: all rows", 1).unwrap();
        reader.start(plan, Vec::new()).unwrap();
        reader.start(plan, Vec::new()).unwrap();
        assert!(!reader.is_end());
        assert!(reader.plans.len() <= PLANS_MAX);
    }
    assert!(reader.plan(0, "another_table: all rows", 1).is_none());
}
