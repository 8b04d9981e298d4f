// SPDX-License-Identifier: Apache-2.0
//! Tests of the stream and of the tables' other names, through the wire, over replayed events of all tables.

use super::*;
use crate::testing::Site;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const NAMED: &str = "win_process_events_optimized";

/// The scenarios of all tables.
fn inputs() -> Vec<PathBuf> {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(scenarios).unwrap() {
        let files = std::fs::read_dir(folder.unwrap().path()).unwrap();
        let files = files.map(|file| file.unwrap().path());
        found.extend(files.filter(|path| path.file_stem().is_some_and(|stem| stem == "input")));
    }
    found.sort();
    found
}

fn site(budgets: &str) -> Site {
    let query = |sql: &str| format!(r#"{{"query": "{sql}", "interval": 30}}"#);
    let config = format!(
        r#"{{"schedule": {{"real_time": {}, "named": {}}}, "evtables": {{"budgets": {{{budgets}}}}}}}"#,
        query(&format!("SELECT * FROM {STREAM}")),
        query(&format!("SELECT pid FROM {NAMED}")),
    );
    Site::replayed(&config, &inputs())
}

fn read(site: &Site) -> Vec<String> {
    let rows = site.double.select_all(STREAM).unwrap();
    let mut rows: Vec<String> =
        rows.into_iter().map(|mut row| row.remove("data").unwrap()).collect();
    rows.sort();
    rows
}

/// What our own SQL gives.
fn in_shell(site: &Site) -> Vec<String> {
    let mut rows: Vec<String> = site
        .sql(&format!("SELECT data FROM {STREAM}"))
        .into_iter()
        .map(|mut row| row.remove("data").unwrap())
        .collect();
    rows.sort();
    rows
}

#[test]
fn a_scheduled_query_gets_each_event_of_all_tables_once() {
    let mut site = site(r#""reply_rows": 20"#);
    let wanted = in_shell(&site);
    assert!(wanted.len() > 40, "{}", wanted.len());
    let mut got = Vec::new();
    for run in 0..100 {
        site.begin("real_time");
        let rows = read(&site);
        if run == 1 {
            // Its SQL does not end: the same again, and nothing else.
            assert!(read(&site) == rows, "one run");
            site.die();
            site.begin("real_time");
            assert!(read(&site) == rows, "the run after it");
        }
        site.end("real_time");
        if rows.is_empty() {
            break;
        }
        // A table that has rows gives one in any case.
        assert!(rows.len() <= 20 + stream_tables().count(), "{}", rows.len());
        got.extend(rows);
    }
    got.sort();
    assert!(got == wanted, "{} of {}", got.len(), wanted.len());
}

#[test]
fn rows_are_objects_with_the_columns_of_their_table() {
    let site = site("");
    let mut classes = BTreeMap::new();
    let got = read(&site);
    for text in &got {
        let row: serde_json::Value = serde_json::from_str(text).unwrap();
        *classes.entry(row["eventid"].as_i64().unwrap()).or_insert(0_i64) += 1;
        let keys: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        let fits = |table: &TableSpec| {
            let columns = stream_columns(table).into_iter();
            columns.map(|at| table.columns[at].name).collect::<BTreeSet<_>>() == keys
        };
        assert!(stream_tables().any(fits), "{text}");
    }
    // Tables without a source in a replay have no rows.
    assert!(classes.len() >= 15, "{classes:?}");
    let creates = site.number("SELECT count(*) FROM win_process_events");
    assert_eq!(classes.get(&2), Some(&creates));
    assert!(got == in_shell(&site), "the same as in the shell");
}

#[test]
fn the_other_name_is_the_same_table_and_its_query_has_a_cursor() {
    let mut site = site("");
    assert_eq!(
        site.sql("SELECT * FROM win_process_events"),
        site.sql(&format!("SELECT * FROM {NAMED}"))
    );
    let pids = |site: &Site| {
        let asked = [("action", 2, "PROC_CREATE")];
        site.double.generate(NAMED, &asked, &["pid"]).unwrap().len()
    };
    let all = pids(&site);
    assert_eq!(all, pids(&site), "history");
    site.begin("named");
    assert_eq!(
        site.double.select_all(NAMED).unwrap().len(),
        site.double.select_all(NAMED).unwrap().len()
    );
    site.end("named");
    site.begin("named");
    assert!(site.double.select_all(NAMED).unwrap().is_empty(), "its cursor moved");
    site.end("named");
    let names = site.double.tables();
    let mut others = stream_tables().filter_map(evtables_schema::optimized::other_name);
    assert!(others.all(|name| names.contains(&name)) && names.contains(STREAM));
}

#[test]
fn a_text_that_no_row_can_have_is_told() {
    let site = site("");
    let remark = || {
        let rows = site.double.generate("evtables_queries", &[], &["remark"]).unwrap();
        rows.last().unwrap()["remark"].clone()
    };
    let ask = |table: &str, constraints: &[(&str, u8, &str)]| {
        site.double.generate(table, constraints, &["eid"]).unwrap();
        remark()
    };
    // 2 is osquery's equality, 65 its LIKE.
    assert_eq!(
        ask("win_file_events", &[("action", 2, "WRITE")]),
        "`action` is never 'WRITE': did you mean 'FILE_WRITE'?"
    );
    let both =
        ask("win_socket_events", &[("action", 2, "SOCKET_CONNECT"), ("action", 2, "Listen")]);
    assert_eq!(both, "`action` is never 'Listen': did you mean 'SOCKET_LISTEN'?");
    assert!(ask("win_file_events_optimized", &[("action", 65, "%NOPE%")]).contains("never"));
    for right in
        [("action", 2, "file_write"), ("action", 65, "%delete%"), ("target_path", 2, "WRITE")]
    {
        assert_eq!(ask("win_file_events", &[right]), "", "{right:?}");
    }
    let long = "x".repeat(10_000);
    assert!(ask("win_file_events", &[("action", 2, &long)]).len() < 500, "bounded");
}
