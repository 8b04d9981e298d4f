// SPDX-License-Identifier: Apache-2.0
//! `evtables replay` end to end: the binary fills a data dir, and SQL over it gives what the scenarios say.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn evtables(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evtables")).args(args).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn replayed(input: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let out = evtables(&["replay", "--data-dir", text(dir.path()), text(input)]);
    assert!(out.status.success(), "{}: {}", input.display(), String::from_utf8_lossy(&out.stderr));
    dir
}

fn query(dir: &Path, format: &str, sql: &str) -> String {
    let out = evtables(&["query", "--data-dir", text(dir), "--format", format, sql]);
    assert!(out.status.success(), "{sql}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A reader of the balance may leave before its end: everything is stored all the same.
#[test]
fn nobody_must_read_the_balance() {
    let folder = tempfile::tempdir().unwrap();
    let input = root().join("tests/scenarios/win_process_events/input.xml");
    let dir = folder.path().join("data");
    let mut child = Command::new(env!("CARGO_BIN_EXE_evtables"))
        .args(["replay", "--data-dir", text(&dir), text(&input)])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    let rows = query(&dir, "csv", "SELECT count(*) > 3 AS some FROM win_event_log_data");
    assert_eq!(rows.lines().nth(1), Some("1"));
}

/// Whoever reads may have seen enough (`| head`), and stderr may be closed as well: no command takes it ill.
#[test]
fn nobody_must_read_what_commands_say() {
    let root_dir = root();
    let dir = replayed(&root_dir.join("tests/scenarios/win_process_events/input.xml"));
    let (system, dir) = (tempfile::tempdir().unwrap(), text(dir.path()));
    let (system, config) =
        (text(system.path()), root_dir.join("packaging/config/quiet-server.conf"));
    let pack = root_dir.join("packs/attack-linux.conf");
    let unread = |args: &[&str], stdin: &str, is_stderr_open: bool| {
        let closed = || std::io::pipe().unwrap().1;
        let mut command = Command::new(env!("CARGO_BIN_EXE_evtables"));
        command.args(args).stdin(std::process::Stdio::piped()).stdout(closed());
        match is_stderr_open {
            true => command.stderr(std::process::Stdio::piped()),
            false => command.stderr(closed()),
        };
        let mut child = command.spawn().unwrap();
        // It may be gone before it has read that.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), stdin.as_bytes());
        child.wait_with_output().unwrap()
    };
    let event = r#"{"action": "PROC_CREATE", "pid": 7, "path": "/x", "time": 1}"#;
    for (args, stdin) in [
        (&["tables"][..], ""),
        (&["tables", "--format", "json"], ""),
        (&["query", "--data-dir", dir, "SELECT * FROM evtables_tables"], ""),
        (&["shell", "--data-dir", dir], "SELECT 1;\nSELECT 2;\n"),
        (&["store", "stats", "--data-dir", dir], ""),
        (&["store", "stats", "--data-dir", dir, "--json"], ""),
        (&["store", "verify", "--data-dir", dir], ""),
        (&["store", "compact", "--data-dir", dir, "--now"], ""),
        (
            &[
                "store",
                "export",
                "--data-dir",
                dir,
                "--format",
                "json",
                "--table",
                "win_process_events",
            ],
            "",
        ),
        (
            &[
                "explain",
                "--config",
                text(&config),
                "--json",
                "-",
                "--table",
                "linux_process_events",
            ],
            event,
        ),
        (&["filter", "test", "--data-dir", dir, "--config", text(&config)], ""),
        (&["pack", "check", text(&pack)], ""),
        (&["install", "--root", system], ""),
        (&["verify", "--root", system], ""),
        (&["uninstall", "--root", system], ""),
    ] {
        let needs_root = args.contains(&"--root");
        let output = unread(args, stdin, true);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        // Files of osquery's are root's.
        assert!(output.status.success() || needs_root, "{args:?}: {said}");
        assert_ne!(unread(args, stdin, false).status.code(), Some(101), "{args:?}");
    }
    let output = unread(&["query", "--data-dir", "/nowhere", "SELECT 1"], "", false);
    assert_eq!(output.status.code(), Some(1));
}

/// Each folder of `tests/scenarios` with `input.*`: the rows that `query.sql` gives are `expected.txt`.
/// With `EVTABLES_BLESS=1` the expectation is written anew.
#[test]
fn scenarios() {
    let mut count = 0;
    for entry in std::fs::read_dir(root().join("tests/scenarios")).unwrap() {
        let folder = entry.unwrap().path();
        let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let mut inputs = files.filter(|path| path.file_stem().is_some_and(|stem| stem == "input"));
        let Some(input) = inputs.next() else { continue };
        let dir = replayed(&input);
        let sql = std::fs::read_to_string(folder.join("query.sql")).unwrap();
        let got = query(dir.path(), "line", &sql);
        let expected = folder.join("expected.txt");
        if std::env::var_os("EVTABLES_BLESS").is_some() {
            std::fs::write(&expected, &got).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(got, wanted, "{}", folder.display());
        count += 1;
    }
    assert!(count >= 18, "{count}");
}

/// A record that cannot be read is counted, and is no gap: it did not happen when it was replayed.
#[test]
fn a_bad_record_is_counted_and_no_gap() {
    let good = root().join("tests/scenarios/win_process_open_events/input.json");
    let mut lines = std::fs::read(good).unwrap();
    lines.extend_from_slice(b"\n{\"EventID\": 10, \"Channel\": \n");
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input.json");
    std::fs::write(&input, lines).unwrap();
    let dir = replayed(&input);
    let lost = "SELECT sum(count) AS n FROM evtables_loss WHERE outcome = 'lost'";
    assert_eq!(query(dir.path(), "csv", lost).lines().nth(1), Some("1"));
    let gaps = "SELECT count(*) AS n FROM evtables_gaps";
    assert_eq!(query(dir.path(), "csv", gaps).lines().nth(1), Some("0"));
}

/// The extension serves a replayed data dir: the tables of Windows, on this system.
#[cfg(unix)]
#[test]
fn the_extension_serves_a_replay() {
    use evtables_osquery::{DoubleOptions, ManagerDouble};
    let dir = replayed(&root().join("tests/scenarios/win_process_events/input.xml"));
    let sockets = tempfile::tempdir().unwrap();
    let socket = sockets.path().join("osquery.em");
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_evtables"))
        .args(["--socket", text(&socket), "--replay", text(dir.path())])
        .spawn()
        .unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !double.tables().contains("win_process_events") {
        assert!(std::time::Instant::now() < deadline, "never registered");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(!double.tables().contains("linux_process_events"));
    // Number 2 is osquery's equality.
    let asked = [("action", 2, "PROC_CREATE")];
    let ask = || double.generate("win_process_events", &asked, &["pid", "path", "cmdline"]);
    // It listens a moment after it is registered; core waits for that as well.
    let rows = loop {
        match ask() {
            Ok(rows) => break rows,
            Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert_eq!(rows.len(), 3);
    let channels = double.generate("win_event_log_channels", &[], &["source"]).unwrap();
    assert_eq!(channels.len(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
}
