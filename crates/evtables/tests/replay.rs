// SPDX-License-Identifier: Apache-2.0
//! `evtables replay` end to end: the binary fills a data dir, and SQL over it gives what the
//! scenarios say and finds what was planted in recordings of attacks.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

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

fn corpus() -> Option<PathBuf> {
    let path = root().join("../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/corpus absent");
    None
}

fn queries_of(pack: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("packs").join(pack)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let queries = json.get("queries").unwrap().as_object().unwrap();
    let sql = |query: &serde_json::Value| query.get("query").unwrap().as_str().unwrap().to_owned();
    queries.iter().map(|(name, query)| (name.clone(), sql(query))).collect()
}

/// What the authors of a recording planted, our pack finds.
#[test]
fn the_pack_finds_what_was_planted() {
    let Some(corpus) = corpus() else { return };
    let queries = queries_of("attack-windows.conf");
    let planted = std::fs::read_to_string(root().join("tests/packs/planted.txt")).unwrap();
    let planted: Vec<&str> = planted.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(planted.len() >= 30);
    let next = AtomicUsize::new(0);
    let look = || {
        while let Some(line) = planted.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut words = line.split(' ');
            let name = words.next().unwrap();
            let otrf = corpus.join("otrf");
            let zip = otrf.join(format!("{name}.zip"));
            let input = if zip.exists() { zip } else { otrf.join(format!("{name}.tar.gz")) };
            let dir = replayed(&input);
            for wanted in words {
                let (_, sql) = queries.iter().find(|(name, _)| name == wanted).unwrap();
                let sql = format!("SELECT count(*) FROM ({})", sql.trim_end_matches(';'));
                let count = query(dir.path(), "csv", &sql);
                let count: u64 = count.lines().nth(1).unwrap().parse().unwrap();
                assert!(count > 0, "{name}: {wanted} finds nothing");
            }
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(look);
        look();
        other.join().unwrap();
    });
    println!("{} recordings", planted.len());
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
    let rows = double.generate("win_process_events", &asked, &["pid", "path", "cmdline"]).unwrap();
    assert_eq!(rows.len(), 3);
    let channels = double.generate("win_event_log_channels", &[], &["source"]).unwrap();
    assert_eq!(channels.len(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Every query of every pack for Windows runs over a recording; the shapes that can find something do.
#[test]
fn every_query_runs() {
    let Some(corpus) = corpus() else { return };
    let names = [
        "empire_launcher_sct_regsvr32",
        "empire_monologue_netntlm_downgrade",
        "empire_wmic_add_user_backdoor",
    ];
    let evasion = corpus.join("otrf/defense_evasion");
    let inputs = names.map(|name| evasion.join(format!("{name}.zip")));
    let dir = tempfile::tempdir().unwrap();
    let mut args = vec!["replay", "--data-dir", text(dir.path())];
    args.extend(inputs.iter().map(|path| text(path)));
    assert!(evtables(&args).status.success());
    let mut found = Vec::new();
    for (name, sql) in
        queries_of("attack-windows.conf").into_iter().chain(queries_of("shapes-windows.conf"))
    {
        let sql = format!("SELECT count(*) FROM ({})", sql.trim_end_matches(';'));
        if query(dir.path(), "csv", &sql).lines().nth(1) != Some("0") {
            found.push(name);
        }
    }
    for shape in ["01", "02", "03", "04", "05", "06", "08", "09", "12", "13", "18", "20"] {
        let prefix = format!("shape_{shape}");
        assert!(
            found.iter().any(|name| name.starts_with(&prefix)),
            "{shape} finds nothing: {found:?}"
        );
    }
}
