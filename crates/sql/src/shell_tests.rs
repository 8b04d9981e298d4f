// SPDX-License-Identifier: Apache-2.0
//! Tests of the shell without a terminal.

use super::*;
use crate::testing::MemorySource;

fn session() -> Session {
    Session {
        database: Database::open(Arc::new(MemorySource::tree(3, 1))).unwrap(),
        format: Format::Csv,
        screen: Screen::NONE,
        input: Input::Pipe,
        pending: String::new(),
        failed: 0,
    }
}

fn session_reads(input: &str) -> (String, String, u64) {
    let mut session = session();
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    session.read(&mut input.as_bytes(), &mut out, &mut errors).unwrap();
    (String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap(), session.failed)
}

#[test]
fn statements_span_lines_and_the_last_needs_no_semicolon() {
    let (out, errors, failed) =
        session_reads("-- all\nSELECT count(*) AS n\nFROM linux_process_events;\n\nSELECT 1 AS x");
    assert_eq!((out.as_str(), errors.as_str(), failed), ("n\r\n9\r\nx\r\n1\r\n", "", 0));
}

#[test]
fn a_wrong_statement_is_reported_and_the_next_runs() {
    let (out, errors, failed) = session_reads("SELECT * FORM t;\nSELECT 2 AS x;\n");
    assert_eq!(errors, "error: syntax error near \"FORM\" at line 1, column 10\n");
    assert_eq!((out.as_str(), failed), ("x\r\n2\r\n", 1));
}

#[test]
fn commands() {
    let (out, ..) = session_reads(".tables process\n");
    assert!(out.starts_with("linux_process_events  Every process"), "{out}");
    let (out, ..) = session_reads(".schema linux_process_events\n");
    assert!(out.contains("CREATE TABLE linux_process_events("));
    assert!(out.contains("seq BIGINT HIDDEN"));
    let (out, ..) = session_reads(".mode json\nSELECT 1 AS x;\n.mode\n");
    assert_eq!(out, "[\n{\"x\":1}\n]\njson\n");
    let (out, ..) = session_reads(".quit\nSELECT 1;\n");
    assert_eq!(out, "");
    let (out, ..) = session_reads(".help\n");
    assert!(COMMANDS.iter().all(|(name, ..)| out.contains(name)));
}

#[test]
fn wrong_commands_name_the_nearest() {
    let (_, errors, failed) = session_reads(".tabels\n.schema linux_proces_events\n.mode xml\n");
    assert_eq!(
        errors,
        "error: no such command: .tabels (nearest: .tables)\n\
         error: no such table: linux_proces_events (nearest: linux_process_events)\n\
         error: no such format: xml (one of table, json, csv, line)\n"
    );
    assert_eq!(failed, 3);
}

#[test]
fn an_endless_statement_is_refused() {
    let mut session = session();
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let line = "x".repeat(STATEMENT_BYTES_MAX / 4);
    for _ in 0..3 {
        assert_eq!(session.line(&line, &mut out, &mut errors).unwrap(), Next::More);
    }
    assert_eq!(session.line(&line, &mut out, &mut errors).unwrap(), Next::Done);
    assert!(session.pending.is_empty());
}

#[test]
fn history_is_kept_in_a_folder_that_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/history");
    let shell = Shell { session: session(), history: Some(path.clone()) };
    let mut editor = shell.editor().unwrap();
    shell.remember(&mut editor, "SELECT 1;\n");
    shell.remember(&mut editor, "  ");
    assert!(std::fs::read_to_string(path).unwrap().contains("SELECT 1;"));
}
