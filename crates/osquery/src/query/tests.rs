// SPDX-License-Identifier: Apache-2.0
//! Tests of `query`: contexts as core sends them, and worse.

use proptest::prelude::*;

use super::*;
use crate::table::{ColumnOptions, ColumnType};

fn reader(names: &[&'static str]) -> ContextReader {
    let column = |name: &&'static str| Column::new(*name, ColumnType::Text, ColumnOptions::NONE);
    ContextReader::new(&names.iter().map(column).collect::<Vec<_>>())
}

fn constraint(column: usize, op: Op, expr: &str) -> Constraint {
    Constraint { column, op, expr: expr.to_owned() }
}

#[test]
fn constraints_are_typed_and_point_to_columns() {
    let json = r#"{"constraints":[
        {"name":"pid","list":[{"op":2,"expr":"1"},{"op":2,"expr":"3"}],"affinity":"INTEGER"},
        {"name":"time","list":[{"op":32,"expr":"2"},{"op":8,"expr":"4"}],"affinity":"BIGINT"},
        {"name":"unknown","list":[{"op":2,"expr":"x"}],"affinity":"TEXT"}],
        "colsUsed":["time"],"colsUsedBitset":1}"#;
    let query = reader(&["time", "pid"]).read(json).unwrap();
    assert_eq!(query.values(1).collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(
        query.on(0).cloned().collect::<Vec<_>>(),
        [constraint(0, Op::Ge, "2"), constraint(0, Op::Le, "4")]
    );
    assert_eq!(query.constraints().len(), 4);
    assert!(query.uses(0) && !query.uses(1) && !query.is_cancelled());
}

#[test]
fn limit_offset_and_unknown_operators_are_dropped() {
    let json = r#"{"constraints":[{"name":"a","list":[{"op":73,"expr":"5"},{"op":74,"expr":"1"},{"op":1,"expr":"x"},
        {"op":3,"expr":"x"},{"op":999,"expr":"x"},{"op":-2,"expr":"x"},{"op":"65","expr":"%x%"},{"op":16,"expr":7}]}]}"#;
    let query = reader(&["a"]).read(json).unwrap();
    assert_eq!(query.constraints(), [constraint(0, Op::Like, "%x%"), constraint(0, Op::Lt, "7")]);
}

#[test]
fn operators_keep_their_numbers() {
    let known: Vec<u64> = (0..300).filter(|code| Op::from_code(*code).is_some()).collect();
    assert_eq!(known, [2, 4, 8, 16, 32, 64, 65, 66, 67, 68, 69, 70, 71, 72]);
    assert!(known.iter().all(|code| u64::from(Op::from_code(*code).unwrap().code()) == *code));
}

#[test]
fn used_columns_come_by_name_or_by_bit_or_are_all() {
    let names: Vec<&'static str> = (0..70).map(|index| &*format!("c{index}").leak()).collect();
    let used = |json: &str| {
        let query = reader(&names).read(json).unwrap();
        (0..70).filter(|index| query.uses(*index)).collect::<Vec<_>>()
    };
    assert_eq!(used(r#"{"colsUsed":["c1","c69","other"],"colsUsedBitset":2}"#), [1, 69]);
    assert_eq!(used(r#"{"colsUsed":[]}"#), [0_usize; 0]);
    assert_eq!(used(r#"{"colsUsedBitset":5}"#), [0, 2]);
    assert_eq!(used(r#"{"colsUsedBitset":9223372036854775808}"#), [63, 64, 65, 66, 67, 68, 69]);
    assert_eq!(used("{}").len(), 70);
}

#[test]
fn what_is_no_context_is_an_error() {
    let error = |json: &str| reader(&["a"]).read(json).unwrap_err().to_string();
    assert!(error("").starts_with("failed to read the query context: EOF"));
    assert!(error("[1]").starts_with("failed to read the query context: "));
    let deep = format!(r#"{{"constraints":[{{"name":"a","list":[{{"op":{}"#, "[".repeat(100_000));
    assert!(error(&deep).contains("recursion limit"));
}

proptest! {
    #[test]
    fn garbage_never_panics(text in ".{0,200}", expr in ".{0,40}", op in any::<u64>()) {
        let reader = reader(&["a"]);
        let _ = reader.read(&text);
        let context = serde_json::json!({"constraints": [{"name": "a", "list": [{"op": op, "expr": expr}]}]});
        let query = reader.read(&context.to_string()).unwrap();
        prop_assert!(query.constraints().iter().all(|found| found.expr == expr));
    }
}
