// SPDX-License-Identifier: Apache-2.0
//! One scenario per table: act.py does a thing, the rows say exactly that, and the ledger balances.

use crate::harness::{Collector, Row, assert_table_balanced, binary, text};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const ACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kernel/act.py");

/// A collector, a folder on tmpfs to act in, and what act.py said.
struct Scene {
    collector: Collector,
    folder: PathBuf,
    _keep: tempfile::TempDir,
}

impl Scene {
    fn start() -> Option<Self> {
        let binary = binary("kernel")?;
        let keep = tempfile::tempdir_in("/dev/shm").unwrap();
        let folder = keep.path().canonicalize().unwrap();
        Some(Self { collector: Collector::start(&binary), folder, _keep: keep })
    }

    /// Runs a function of act.py; returns what it said of itself.
    fn act(&self, name: &str) -> Value {
        let output = Command::new(python())
            .args(["-S", ACT, name])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Stops the collector and checks the ledger.
    fn end(&mut self, tables: &[&str]) {
        self.collector.stop();
        for table in tables {
            assert_table_balanced(&self.collector, table);
        }
    }

    /// Account, executable and identity of each row are those of the process that acted.
    fn assert_actor(&self, rows: &[Row], account: &str) {
        for row in rows {
            assert_eq!(text(row, account), "root", "{row:?}");
            let name = text(row, "process_name");
            assert!(name.contains("python"), "{row:?}");
            let guid = text(row, "process_guid");
            let known = self.collector.query(&format!(
                "SELECT DISTINCT pid FROM linux_process_events WHERE process_guid = '{guid}'"
            ));
            assert_eq!(known.len(), 1, "{row:?}");
            assert_eq!(known[0]["pid"], row["pid"]);
        }
    }
}

/// The interpreter itself: `python3` may be a script around it.
fn python() -> PathBuf {
    let output = Command::new("python3")
        .args(["-c", "import os, sys; print(os.path.realpath(sys.executable))"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().into()
}

fn number(row: &Row, column: &str) -> Option<i64> {
    row[column].as_i64()
}

#[test]
fn files_are_told_with_both_names_and_hashes() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("files");
    let here = scene.folder.to_str().unwrap().to_owned();
    let all = format!("FROM linux_file_events WHERE target_path LIKE '{here}/%'");
    scene.collector.wait_for(&format!("SELECT count(*) {all} AND action = 'DIR_DELETE'"), 1);
    scene.end(&["linux_process_events", "linux_file_events"]);
    let rows = scene.collector.query(&format!("SELECT * {all} ORDER BY time_ns, seq"));
    let pid = |name: &str| done[name].as_i64();
    let got: Vec<_> = rows
        .iter()
        .map(|row| {
            let name = |column: &str| {
                row[column].as_str().map(|text| text.replace(&format!("{here}/"), ""))
            };
            let target = name("target_path").unwrap();
            (
                text(row, "action"),
                target,
                name("source_path"),
                number(row, "bytes_written"),
                number(row, "pid"),
            )
        })
        .collect();
    let row = |action: &str, target: &str, source: Option<&str>, bytes: Option<i64>, who: &str| {
        (action.to_owned(), target.to_owned(), source.map(str::to_owned), bytes, pid(who))
    };
    let wanted = [
        row("FILE_CREATE", "created", None, None, "pid"),
        row("FILE_WRITE", "created", None, Some(12), "pid"),
        row("FILE_WRITE", "created", None, Some(11), "pid"),
        row("FILE_CREATE", "empty", None, None, "pid"),
        row("FILE_CREATE", "doubled", None, None, "pid"),
        row("FILE_WRITE", "doubled", None, Some(8), "pid"),
        row("FILE_CREATE", "child", None, None, "pid"),
        row("FILE_WRITE", "child", None, Some(14), "child"),
        row("FILE_CREATE", "by_exec", None, None, "runner"),
        row("FILE_WRITE", "by_exec", None, Some(3), "runner"),
        row("FILE_CREATE", "by_exit", None, None, "ender"),
        row("FILE_WRITE", "by_exit", None, Some(4), "ender"),
        row("FILE_CREATE", "copied", None, None, "pid"),
        row("FILE_WRITE", "copied", None, Some(8), "pid"),
        row("FILE_WRITE", "copied", None, Some(0), "pid"),
        row("DIR_CREATE", "folder", None, None, "pid"),
        row("FILE_RENAME", "folder/moved", Some("empty"), None, "pid"),
        row("FILE_RENAME", "twice", Some("doubled"), None, "pid"),
        row("FILE_LINK", "hard", Some("created"), None, "pid"),
        row("FILE_SYMLINK", "soft", Some("../somewhere else"), None, "pid"),
        row("FILE_CREATE", "pipe", None, None, "pid"),
        row("FILE_TRUNCATE", "hard", None, None, "pid"),
        row("FILE_DELETE", "folder/moved", None, None, "pid"),
        row("FILE_DELETE", "soft", None, None, "pid"),
        row("DIR_DELETE", "folder", None, None, "pid"),
    ];
    assert_eq!(got, wanted);
    scene.assert_actor(&rows, "uid");
    // Contents that stayed as they were at the close.
    for (name, sha256, md5) in [
        (
            "child",
            "2b76d34944f5f5dc98541981f5be39cbffe4b02e58990660e12f8cf684d86875",
            "459d8914c83cdd35b8d93f5eb344b608",
        ),
        (
            "by_exec",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "900150983cd24fb0d6963f7d28e17f72",
        ),
        (
            "by_exit",
            "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
            "e2fc714c4727ee9395f324cd2e7f331f",
        ),
    ] {
        let target = format!("{here}/{name}");
        let row = rows
            .iter()
            .find(|row| row["action"] == "FILE_WRITE" && row["target_path"] == target.as_str())
            .unwrap();
        assert_eq!(number(row, "hashed"), Some(1), "{row:?}");
        assert_eq!((text(row, "sha256"), text(row, "md5")), (sha256.to_owned(), md5.to_owned()));
        assert_eq!(text(row, "file_type"), "file");
    }
}
