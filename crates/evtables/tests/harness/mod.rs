// SPDX-License-Identifier: Apache-2.0
//! A real collector, started as a user would, watching only this test's own descendants.
#![allow(dead_code)] // each test file uses its part

use serde_json::{Map, Value};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) type Row = Map<String, Value>;

/// The release binary, when this lane runs; else says so, and the test passes.
pub(crate) fn binary(lane: &str) -> Option<PathBuf> {
    let wanted = std::env::var_os(format!("EVTABLES_{}", lane.to_uppercase())).is_some();
    let binary = std::env::var_os("EVTABLES_BIN").map(PathBuf::from).filter(|_| wanted);
    if binary.is_none() {
        println!("skipped: {lane} lane only (./dev test {lane})");
    }
    binary
}

/// A running `evtables run --subtree <this process>`.
pub(crate) struct Collector {
    pub(crate) binary: PathBuf,
    pub(crate) dir: PathBuf,
    child: Option<Child>,
    _keep: Option<tempfile::TempDir>,
}

impl Collector {
    pub(crate) fn start(binary: &Path) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let mut collector = Self {
            binary: binary.to_owned(),
            dir: keep.path().join("data"),
            child: None,
            _keep: Some(keep),
        };
        collector.run(&[]);
        collector
    }

    /// With a configuration.
    pub(crate) fn start_with(binary: &Path, config: &Value) -> Self {
        let keep = tempfile::tempdir().unwrap();
        let file = keep.path().join("config.json");
        std::fs::write(&file, config.to_string()).unwrap();
        let mut collector = Self {
            binary: binary.to_owned(),
            dir: keep.path().join("data"),
            child: None,
            _keep: Some(keep),
        };
        collector.run(&["--config", file.to_str().unwrap()]);
        collector
    }

    /// Starts the collector on this data dir again.
    pub(crate) fn run(&mut self, more: &[&str]) {
        let me = std::process::id().to_string();
        let mut command = Command::new(&self.binary);
        command.args(["run", "--subtree", &me, "--data-dir"]).arg(&self.dir).args(more);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let mut all = String::new();
        while !line.contains("collecting into") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the collector ended: {all}");
            all.push_str(&line);
        }
        std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = log.read_to_string(&mut rest);
            if !rest.is_empty() {
                eprintln!("collector: {rest}");
            }
        });
        self.child = Some(child);
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Rows of a query by a second process.
    pub(crate) fn query(&self, sql: &str) -> Vec<Row> {
        query(&self.binary, &self.dir, sql)
    }

    /// One number.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let rows = self.query(sql);
        rows[0].values().next().unwrap().as_i64().unwrap_or_else(|| panic!("{sql}: {rows:?}"))
    }

    /// Waits until the query gives at least `wanted`.
    pub(crate) fn wait_for(&self, sql: &str, wanted: i64) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let got = self.number(sql);
            if got >= wanted {
                return;
            }
            assert!(Instant::now() < deadline, "{sql}: {got} after 30 s, wanted {wanted}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// SIGTERM; returns how long the collector took to end.
    pub(crate) fn stop(&mut self) -> Duration {
        let mut child = self.child.take().unwrap();
        let begun = Instant::now();
        signal(child.id(), "TERM");
        let status = child.wait().unwrap();
        assert!(status.success(), "{status:?}");
        begun.elapsed()
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(crate) fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(sent.success());
}

pub(crate) fn query(binary: &Path, dir: &Path, sql: &str) -> Vec<Row> {
    let output = Command::new(binary)
        .args(["query", "--format", "json", "--data-dir"])
        .arg(dir)
        .arg(sql)
        .output()
        .unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{sql}: {e}: {}", String::from_utf8_lossy(&output.stdout)))
}

pub(crate) fn text(row: &Row, column: &str) -> String {
    row[column].as_str().unwrap_or_else(|| panic!("{column} of {row:?}")).to_owned()
}

/// Checks `seen = delivered + filtered + lost + pending` of the process table, with nothing lost and
/// nothing pending.
pub(crate) fn assert_balanced(collector: &Collector) {
    assert_table_balanced(collector, "linux_process_events");
}

/// The same for any table.
pub(crate) fn assert_table_balanced(collector: &Collector, table: &str) {
    let sum = |outcome: &str| {
        collector.number(&format!(
            "SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE event_table = '{table}' AND outcome = '{outcome}'"
        ))
    };
    let (seen, delivered, filtered) = (sum("seen"), sum("delivered"), sum("filtered"));
    let (lost, pending) = (sum("lost"), sum("pending"));
    let ledger = collector
        .query(&format!("SELECT * FROM evtables_loss WHERE count > 0 AND event_table = '{table}'"));
    assert_eq!(lost, 0, "{ledger:?}");
    assert_eq!(pending, 0, "{ledger:?}");
    assert_eq!(seen, delivered + filtered, "{ledger:?}");
    assert_eq!(delivered, collector.number(&format!("SELECT count(*) FROM {table}")), "{ledger:?}");
}
