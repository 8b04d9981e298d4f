// SPDX-License-Identifier: Apache-2.0
//! Tests of `rows`: what is written reads back as the same rows.

use proptest::prelude::*;

use super::*;
use crate::message::{Row, Rows, read_rows};
use crate::table::ColumnOptions;
use crate::wire::{Limits, Reader};

fn read(rows: RowsWriter) -> Rows {
    let bytes = rows.into_list();
    read_rows(&mut Reader::new(&mut &bytes[..], Limits::REPLY)).unwrap()
}

fn row(entries: &[(&str, &str)]) -> Row {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn typed(types: &[ColumnType], bytes_max: usize) -> RowsWriter {
    let names = ["a", "b", "c"];
    let columns: Vec<Column> = names
        .iter()
        .zip(types)
        .map(|(name, ty)| Column::new(*name, *ty, ColumnOptions::NONE))
        .collect();
    RowsWriter::start(Arc::new(ColumnKeys::new(&columns)), Vec::new(), bytes_max)
}

proptest! {
    #[test]
    fn rows_come_back(rows in proptest::collection::vec((proptest::option::of(".{0,20}"), any::<i64>(), any::<f64>()), 0..20)) {
        let mut writer = RowsWriter::new(&["text", "integer", "double"]);
        let mut expected = Rows::new();
        for (text, integer, double) in &rows {
            let mut row = Row::new();
            writer.begin_row();
            match text {
                Some(text) => {
                    writer.text(0, text);
                    row.insert("text".to_owned(), text.clone());
                }
                None => writer.null(0),
            }
            writer.integer(1, *integer);
            row.insert("integer".to_owned(), integer.to_string());
            writer.double(2, *double);
            writer.end_row().unwrap();
            expected.push(row);
        }
        prop_assert_eq!(writer.rows(), rows.len());
        let mut found = read(writer);
        for (row, (_, _, double)) in found.iter_mut().zip(&rows) {
            let text = row.remove("double");
            prop_assert_eq!(text.map(|text| text.parse::<f64>().unwrap()), Some(*double).filter(|double| double.is_finite()));
        }
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_row_that_was_not_ended_is_taken_back() {
    let mut rows = RowsWriter::new(&["a"]);
    rows.begin_row();
    rows.text(0, "dropped");
    rows.begin_row();
    rows.text(0, "kept");
    rows.end_row().unwrap();
    rows.begin_row();
    rows.text(0, "dropped too");
    assert_eq!(read(rows), [row(&[("a", "kept")])]);
}

#[test]
fn what_does_not_fit_a_column_is_null_and_counted() {
    let mut rows =
        typed(&[ColumnType::Integer, ColumnType::BigInt, ColumnType::UnsignedBigInt], 1000);
    rows.begin_row();
    rows.integer(0, i64::from(i32::MAX) + 1);
    rows.integer(1, i64::MIN);
    rows.unsigned(2, u64::MAX);
    rows.end_row().unwrap();
    rows.begin_row();
    rows.integer(0, i64::from(i32::MIN));
    rows.unsigned(2, 7);
    rows.end_row().unwrap();
    assert_eq!(rows.narrowed(), 2);
    assert_eq!(
        read(rows),
        [row(&[("b", "-9223372036854775808")]), row(&[("a", "-2147483648"), ("c", "7")])]
    );
}

#[test]
fn numbers_with_a_fraction_are_short() {
    let mut rows = RowsWriter::new(&["a"]);
    for value in [0.5, 1e300, 0.0, -1e-300, 100.0, f64::NAN, f64::INFINITY] {
        rows.begin_row();
        rows.double(0, value);
        rows.end_row().unwrap();
    }
    let texts: Vec<_> =
        read(rows).iter().map(|row| row.get("a").cloned().unwrap_or_default()).collect();
    assert_eq!(texts, ["0.5", "1e300", "0", "-1e-300", "100", "", ""]);
}

#[test]
fn a_full_reply_refuses_rows_and_keeps_those_before() {
    let mut rows = typed(&[ColumnType::Text], 100);
    let mut kept = 0;
    let full = loop {
        rows.begin_row();
        rows.text(0, "0123456789");
        match rows.end_row() {
            Ok(()) => kept += 1,
            Err(full) => break full,
        }
    };
    assert_eq!(full.to_string(), "rows are over the reply's bound of 100 bytes");
    assert!(rows.is_full() && rows.bytes() <= 100);
    rows.begin_row();
    assert_eq!(rows.end_row(), Err(full));
    assert_eq!(read(rows).len(), kept);
}

#[test]
fn one_value_over_the_bound_fills_the_reply() {
    let mut rows = typed(&[ColumnType::Text], 10);
    rows.begin_row();
    rows.text(0, &"x".repeat(1000));
    assert!(rows.bytes() < 30, "the value was not copied");
    assert!(rows.end_row().is_err());
}
