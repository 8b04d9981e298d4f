// SPDX-License-Identifier: Apache-2.0
//! Tests of `change`: requests as core writes them, and what is wrong with others.

use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::{Attributes, Column, ColumnOptions, ColumnType, Query, RowsWriter, TableError};

/// Writes down what it is asked.
struct Log(Vec<Column>, Mutex<Vec<String>>);

impl Log {
    fn new() -> Log {
        let columns = [("a", ColumnType::Text), ("b", ColumnType::BigInt)]
            .map(|(name, ty)| Column::new(name, ty, ColumnOptions::NONE));
        Log(columns.into(), Mutex::default())
    }

    fn note(&self, text: String) {
        self.1.lock().unwrap().push(text);
    }
}

impl Table for Log {
    fn name(&self) -> &str {
        "log"
    }
    fn columns(&self) -> &[Column] {
        &self.0
    }
    fn attributes(&self) -> Attributes {
        Attributes::NONE
    }
    fn generate(&self, _: &Query, _: &mut RowsWriter) -> Result<(), TableError> {
        Ok(())
    }
    fn insert(&self, values: &[Value], rowid: Option<i64>) -> Result<i64, ChangeError> {
        self.note(format!("insert {values:?} {rowid:?}"));
        Ok(rowid.unwrap_or(77))
    }
    fn update(
        &self,
        rowid: i64,
        values: &[Value],
        new_rowid: Option<i64>,
    ) -> Result<(), ChangeError> {
        self.note(format!("update {rowid} {values:?} {new_rowid:?}"));
        if rowid == 1 { Err(ChangeError::Constraint) } else { Ok(()) }
    }
    fn delete(&self, rowid: i64) -> Result<(), ChangeError> {
        self.note(format!("delete {rowid}"));
        Err(ChangeError::failed("no such row"))
    }
}

fn request(entries: &[(&str, &str)]) -> Row {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn ask(log: &Log, action: Action, entries: &[(&str, &str)]) -> Row {
    let response = answer(log, action, &request(entries));
    assert!(response.status.is_ok() && response.rows.len() == 1);
    response.rows[0].clone()
}

#[test]
fn requests_arrive_typed_and_are_answered_in_cores_words() {
    let log = Log::new();
    let insert = [("json_value_array", r#"["x",-5]"#), ("auto_rowid", "false")];
    let success = |id| request(&[("status", "success"), ("id", id)]);
    assert_eq!(ask(&log, Action::Insert, &insert), success("77"));
    let given = [("json_value_array", "[null,1.5]"), ("auto_rowid", "true"), ("id", "9")];
    assert_eq!(ask(&log, Action::Insert, &given), success("9"));
    let update = [("id", "3"), ("json_value_array", r#"["",0]"#), ("new_id", "4")];
    assert_eq!(ask(&log, Action::Update, &update), request(&[("status", "success")]));
    let update = [("id", "1"), ("json_value_array", r#"["",0]"#)];
    assert_eq!(ask(&log, Action::Update, &update), request(&[("status", "constraint")]));
    let failure = request(&[("status", "failure"), ("message", "no such row")]);
    assert_eq!(ask(&log, Action::Delete, &[("id", "-2")]), failure);
    let expected = [
        r#"insert [Text("x"), Integer(-5)] None"#,
        "insert [Null, Double(1.5)] Some(9)",
        r#"update 3 [Text(""), Integer(0)] Some(4)"#,
        r#"update 1 [Text(""), Integer(0)] None"#,
        "delete -2",
    ];
    assert_eq!(*log.1.lock().unwrap(), expected);
}

#[test]
fn what_is_no_change_is_refused_before_the_table_is_asked() {
    let log = Log::new();
    let said = |action, entries: &[(&str, &str)]| {
        let row = ask(&log, action, entries);
        assert_eq!(row["status"], "failure");
        row["message"].clone()
    };
    let wrong = "failed to read the values: 1 for 2 columns";
    assert_eq!(said(Action::Insert, &[("json_value_array", "[1]")]), wrong);
    let wrong = "failed to read the values: no SQL value";
    assert_eq!(said(Action::Insert, &[("json_value_array", "[[],true]")]), wrong);
    assert!(said(Action::Insert, &[]).starts_with("failed to read the values: EOF"));
    assert_eq!(said(Action::Delete, &[]), "failed to read id: no number");
    let update = [("json_value_array", "[1,2]"), ("id", "1"), ("new_id", "x")];
    assert_eq!(said(Action::Update, &update), "failed to read new_id: no number");
    let auto = [("json_value_array", "[1,2]"), ("auto_rowid", "true")];
    assert_eq!(said(Action::Insert, &auto), "failed to read id: no number");
    assert!(log.1.lock().unwrap().is_empty());
}

proptest! {
    #[test]
    fn no_values_make_it_panic(text in ".*") {
        for action in [Action::Insert, Action::Update] {
            ask(&Log::new(), action, &[("json_value_array", &text), ("id", &text)]);
        }
    }
}
