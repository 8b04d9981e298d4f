// SPDX-License-Identifier: Apache-2.0
//! The calls themselves, on Windows or under Wine: each test makes a thing and finds it in its table.
#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::tests::{equal, texts, wanting};
use evtables_filter::Test;
use std::net::TcpListener;
use std::process::Command;

fn state() -> WindowsState {
    WindowsState::new(&crate::tests::host(), |_| Ok((Vec::new(), 0)))
}

fn ask(table: &'static TableSpec, terms: &[(usize, Test)]) -> Vec<Vec<String>> {
    texts(table, state().rows(&wanting(table, terms)).unwrap())
}

/// A tool of the system: its end is good, or nothing has been made.
fn tool(name: &str, args: &[&str]) {
    let output = Command::new(name).args(args).output().unwrap();
    assert!(output.status.success(), "{name} {args:?}: {output:?}");
}

/// A registry key that goes with this.
struct Made(String);

impl Made {
    fn new(key: &str, values: &[(&str, &str, &str)]) -> Self {
        for (name, kind, value) in values {
            tool("reg", &["add", key, "/v", name, "/t", kind, "/d", value, "/f"]);
        }
        Self(key.to_owned())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let _ = Command::new("reg").args(["delete", &self.0, "/f"]).output();
    }
}

fn own_pid() -> String {
    std::process::id().to_string()
}

fn has(rows: &[Vec<String>], wanted: &[(usize, &str)]) -> bool {
    rows.iter().any(|row| wanted.iter().all(|(at, text)| row[*at].eq_ignore_ascii_case(text)))
}

#[test]
fn a_file_is_hashed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("abc");
    std::fs::write(&path, "abc").unwrap();
    let path = path.to_str().unwrap();
    let rows = ask(&tables::hash::windows::TABLE, &[(0, equal(&[path]))]);
    assert_eq!(rows[0][2], "900150983cd24fb0d6963f7d28e17f72", "{rows:?}");
}

#[test]
fn an_open_file_is_a_handle() {
    let dir = tempfile::tempdir().unwrap();
    let _file = std::fs::File::create(dir.path().join("evtables-open-file")).unwrap();
    let rows = ask(&tables::process_handles::windows::TABLE, &[(0, equal(&[&own_pid()]))]);
    let own = |row: &&Vec<String>| row[0] == own_pid() && row[2] == "File";
    let names: Vec<&String> = rows.iter().filter(own).map(|row| &row[3]).collect();
    assert!(names.iter().any(|name| name.ends_with("evtables-open-file")), "{names:?}");
    assert!(rows.iter().all(|row| row[1].len() == 36), "every process has its identity");
}

#[test]
fn a_service_is_listed() {
    let name = format!("evtables-listed-{}", std::process::id());
    tool(
        "sc",
        &[
            "create",
            &name,
            "binPath=",
            r"C:\evtables\none.exe",
            "start=",
            "demand",
            "DisplayName=",
            "Listed",
        ],
    );
    let rows = ask(&tables::services::windows::TABLE, &[]);
    tool("sc", &["delete", &name]);
    let wanted = [
        (0, name.as_str()),
        (3, "STOPPED"),
        (4, "0"),
        (5, "DEMAND_START"),
        (8, r"C:\evtables\none.exe"),
    ];
    assert!(has(&rows, &wanted), "{rows:?}");
}

#[test]
fn a_program_is_listed() {
    let key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\evtables-program";
    let text = "REG_SZ";
    let _made =
        Made::new(key, &[("DisplayName", text, "A program"), ("DisplayVersion", text, "1.2.3")]);
    let rows = ask(&tables::programs::windows::TABLE, &[]);
    assert!(has(&rows, &[(0, "A program"), (1, "1.2.3"), (8, "evtables-program")]), "{rows:?}");
}

#[test]
fn what_starts_is_listed() {
    let key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnceEx";
    let _made = Made::new(key, &[("evtables-run", "REG_SZ", r"C:\a.exe -b")]);
    let rows = ask(&tables::startup_items::windows::TABLE, &[]);
    let wanted = [(0, "evtables-run"), (1, r"C:\a.exe"), (2, "-b"), (5, "enabled"), (6, "SYSTEM")];
    assert!(has(&rows, &wanted), "{rows:?}");
}

#[test]
fn a_product_is_listed() {
    let key = r"HKLM\SOFTWARE\Microsoft\Security Center\Provider\Av\{evtables}";
    let values = [("DISPLAYNAME", "REG_SZ", "Guard"), ("STATE", "REG_DWORD", "397568")];
    let _made = Made::new(key, &values);
    let rows = ask(&tables::epp_table::windows::TABLE, &[]);
    assert!(
        has(&rows, &[(0, "Anti-Virus"), (1, "Guard"), (2, "On"), (3, "Up-to-date")]),
        "{rows:?}"
    );
}

#[test]
fn memory_and_this_process_are_measured() {
    let rows = ask(&tables::mem_perf::windows::TABLE, &[]);
    let number = |at: usize| rows[0][at].parse::<u64>().unwrap();
    assert!(number(0) <= 100 && number(1) > 1 << 26 && number(2) <= number(1), "{rows:?}");
    let rows = ask(&tables::process_perf::windows::TABLE, &[]);
    let own = rows.iter().find(|row| row[1] == own_pid()).unwrap_or_else(|| panic!("{rows:?}"));
    let name = std::env::current_exe().unwrap();
    assert_eq!(own[0], name.file_stem().unwrap().to_str().unwrap());
    assert!(own[5].parse::<u32>().unwrap() >= 1 && own[6].parse::<u64>().unwrap() > 0, "{own:?}");
}

#[test]
fn a_listener_is_listed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let rows = ask(&tables::network_stats::windows::TABLE, &[]);
    let of = |pid: &str| {
        [(0, pid), (1, "LISTEN"), (5, "127.0.0.1"), (6, &port)]
            .map(|(at, text)| (at, text.to_owned()))
    };
    let is_listed = |pid: &str| {
        let wanted = of(pid);
        let wanted: Vec<(usize, &str)> =
            wanted.iter().map(|(at, text)| (*at, text.as_str())).collect();
        has(&rows, &wanted)
    };
    // Wine knows the process only where it may look into others.
    assert!(is_listed(&own_pid()) || is_listed("0"), "{rows:?}");
}

#[test]
fn a_channel_is_listed_and_one_that_is_not_there_is_named() {
    let key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels\evtables-channel";
    let _made = Made::new(key, &[("Enabled", "REG_DWORD", "0")]);
    let rows = ask(&tables::event_log_channels::windows::TABLE, &[]);
    assert!(!rows.is_empty(), "{rows:?}");
    let table = &tables::event_log_data::windows::TABLE;
    let source = table.column("source").unwrap();
    let wanted = wanting(table, &[(source, equal(&["evtables-nowhere"]))]);
    let error = state().rows(&wanted).unwrap_err();
    assert!(error.starts_with("channel evtables-nowhere: failed to read it"), "{error}");
}

#[test]
fn a_file_is_found_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("evtables-found.txt"), "x").unwrap();
    let below = format!("{}\\%", dir.path().display());
    let terms = [(0, equal(&["EVTABLES-found.txt"])), (1, Test::Like(below))];
    let rows = ask(&tables::disk_index::windows::TABLE, &terms);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_ne!(rows[0][3], "0", "a file has attributes");
    assert!(!native::sources().unwrap().disks.roots().is_empty());
}
