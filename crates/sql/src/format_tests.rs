// SPDX-License-Identifier: Apache-2.0
//! Tests of the result formats.

use super::*;
use SqlValue::{Blob, Int, Null, Real, Text};

fn written(format: Format, layout: Layout, names: &[&str], rows: &[&[SqlValue<'_>]]) -> String {
    let mut out = Vec::new();
    let mut sink = format.sink(&mut out, layout);
    let columns: Vec<Column> =
        names.iter().map(|name| Column { name: (*name).to_owned() }).collect();
    sink.begin(&columns).unwrap();
    for row in rows {
        sink.row(row).unwrap();
    }
    sink.end().unwrap();
    drop(sink);
    String::from_utf8(out).unwrap()
}

#[test]
fn table_is_aligned() {
    let text = written(
        Format::Table,
        Layout::Full,
        &["pid", "path"],
        &[&[Int(7), Text("/bin/sh")], &[Int(1234), Text("a\tb\x1b[2J")], &[Null, Text("日本")]],
    );
    let expected = "\
+------+-------------+
| pid  | path        |
+------+-------------+
|    7 | /bin/sh     |
| 1234 | a\\tb\\x1B[2J |
|      | 日本        |
+------+-------------+
(3 rows)
";
    assert_eq!(text, expected);
}

#[test]
fn table_fits_a_terminal_and_is_full_elsewhere() {
    let long = "x".repeat(200);
    let rows: &[&[SqlValue<'_>]] = &[&[Int(1), Text(&long), Text("short")]];
    let names = ["n", "long", "text"];
    let text = written(Format::Table, Layout::Terminal(60), &names, rows);
    assert!(text.lines().all(|line| line.width() <= 60), "{text}");
    assert!(text.contains('…') && text.contains("short"));
    assert!(written(Format::Table, Layout::Full, &names, rows).contains(&long));
    for format in [Format::Json, Format::Csv, Format::Line] {
        assert!(written(format, Layout::Terminal(60), &names, rows).contains(&long));
    }
}

#[test]
fn an_empty_table_has_a_header() {
    let text = written(Format::Table, Layout::Full, &["pid"], &[]);
    assert_eq!(text, "+-----+\n| pid |\n+-----+\n+-----+\n(0 rows)\n");
}

#[test]
fn table_streams_after_the_sizing_rows() {
    let mut out = Vec::new();
    let mut table = Table {
        out: &mut out,
        layout: Layout::Full,
        columns: Vec::new(),
        sizing: Vec::new(),
        widths: None,
        rows: 0,
    };
    table.begin(&[Column { name: "n".to_owned() }]).unwrap();
    for number in 0..SIZING_ROWS_MAX + 5 {
        table.row(&[Int(number.try_into().unwrap())]).unwrap();
        assert!(table.sizing.len() < SIZING_ROWS_MAX);
    }
    table.end().unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().count(), SIZING_ROWS_MAX + 5 + 5);
    assert!(text.ends_with("(1005 rows)\n"));
}

#[test]
fn json_keeps_types() {
    let text = written(
        Format::Json,
        Layout::Full,
        &["pid", "pid", "name", "rate"],
        &[
            &[Int(i64::MAX), Null, Text("a\"b\n"), Real(1.0)],
            &[Int(1), Blob(&[1, 0xff]), Text(""), Real(f64::INFINITY)],
        ],
    );
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value[0]["pid"], i64::MAX);
    assert!(value[0]["pid:1"].is_null());
    assert_eq!(value[0]["name"], "a\"b\n");
    assert_eq!(value[0]["rate"], 1.0);
    assert_eq!(value[1]["pid:1"], "01FF");
    assert!(value[1]["rate"].is_null());
    assert_eq!(written(Format::Json, Layout::Full, &["a"], &[]), "[]\n");
}

#[test]
fn csv_quotes_where_needed() {
    let text = written(
        Format::Csv,
        Layout::Full,
        &["a", "b,c"],
        &[&[Text("say \"hi\""), Text("x\ny")], &[Null, Int(-1)]],
    );
    assert_eq!(text, "a,\"b,c\"\r\n\"say \"\"hi\"\"\",\"x\ny\"\r\n,-1\r\n");
}

#[test]
fn line_aligns_names_and_escapes() {
    let text = written(Format::Line, Layout::Full, &["pid", "cmdline"], &[&[Int(1), Text("a\nb")]]);
    assert_eq!(text, "    pid = 1\ncmdline = a\\nb\n\n");
    assert_eq!(escaped("a\u{202e}b\u{85}"), "a\\u{202E}b\\x85");
}

#[test]
fn formats_have_words() {
    for format in Format::ALL {
        assert_eq!(format.word().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err();
    assert_eq!(error.to_string(), "no such format: xml (one of table, json, csv, line)");
}
