// SPDX-License-Identifier: Apache-2.0
//! Extension mode, as osquery starts it: the release binary under the name `evtables.ext`, our double
//! of osquery's manager, and the official Python bindings as a foreign client. Run by `./dev test osquery`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_wrap, clippy::expect_used)]

mod harness;

use evtables_osquery::{DoubleOptions, ManagerDouble, Rows, Uuid, extension_socket};
use harness::{Row, binary, query, signal};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TABLE: &str = "linux_process_events";
const WAIT: Duration = Duration::from_secs(20);

/// Column, number of the operator, value.
type Asked<'a> = (&'a str, u8, &'a str);

/// An extension started with osquery's arguments.
struct Ext {
    child: Child,
    binary: PathBuf,
    data: PathBuf,
}

impl Ext {
    fn start(binary: &Path, dir: &Path, socket: &Path) -> Self {
        let ext = dir.join("evtables.ext");
        std::fs::copy(binary, &ext).unwrap();
        let data = dir.join("data");
        let child = Command::new(&ext)
            .args(["--verbose", "--socket"])
            .arg(socket)
            .args(["--timeout", "3", "--interval", "1"])
            .args(["--subtree", &std::process::id().to_string(), "--data-dir"])
            .arg(&data)
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self { child, binary: binary.to_owned(), data }
    }

    /// SIGTERM, as osquery's watcher sends it.
    fn stop(mut self) {
        signal(self.child.id(), "TERM");
        let begun = Instant::now();
        assert!(self.child.wait().unwrap().success());
        assert!(begun.elapsed() < Duration::from_secs(11));
    }

    fn sql(&self, sql: &str) -> Vec<Row> {
        query(&self.binary, &self.data, sql)
    }
}

impl Drop for Ext {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// 40 processes with a marker; returns their pids when their ends are stored.
fn workload(ext: &Ext) -> Vec<u32> {
    let pids = (0..40)
        .map(|n| {
            let mut child =
                Command::new("/bin/true").args(["--marker", &n.to_string()]).spawn().unwrap();
            child.wait().unwrap();
            child.id()
        })
        .collect();
    let deadline = Instant::now() + WAIT;
    let sql = "SELECT 1 FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND cmdline LIKE '/bin/true --marker%'";
    while ext.sql(sql).len() < 40 {
        assert!(Instant::now() < deadline, "the workload never arrived");
        std::thread::sleep(Duration::from_millis(50));
    }
    pids
}

fn eids(rows: &Rows) -> BTreeSet<String> {
    rows.iter().map(|row| row["eid"].clone()).collect()
}

fn eids_of(rows: &[Row]) -> BTreeSet<String> {
    rows.iter().map(|row| row["eid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn manager_double_and_foreign_client_read_the_same_rows() {
    let Some(binary) = binary("osquery") else { return };
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("osquery.em");
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let ext = Ext::start(&binary, dir.path(), &socket);
    assert!(double.wait_table(TABLE, WAIT), "never registered");
    let uuid = double.wait_extension("evtables", WAIT).unwrap();
    let pids = workload(&ext);
    let all = double.select_all(TABLE).unwrap();
    assert_eq!(eids(&all), eids_of(&ext.sql("SELECT eid FROM linux_process_events")));

    // Declared as the contract says.
    let routes = double.routes(TABLE).unwrap();
    assert!(routes.iter().any(|row| row.get("attributes").is_some_and(|bits| bits == "4")));
    assert!(double.tables().contains("evtables_status"));

    // Each kind of constraint narrows the answer to what SQL gives for it.
    let (a, b) = (pids[3].to_string(), pids[7].to_string());
    let time = all.iter().map(|row| row["time"].parse::<i64>().unwrap()).max().unwrap() - 1;
    let cases: Vec<(Vec<Asked<'_>>, String)> = vec![
        (vec![("pid", 2, &a)], format!("pid = {a}")),
        (vec![("pid", 2, &a), ("pid", 2, &b)], format!("pid IN ({a}, {b})")),
        (
            vec![("cmdline", 65, "/BIN/true --MARKER 1%")],
            "cmdline LIKE '/BIN/true --MARKER 1%'".into(),
        ),
        (
            vec![("action", 2, "proc_create"), ("pid", 2, &b)],
            format!("action = 'PROC_CREATE' AND pid = {b}"),
        ),
        (vec![("pid", 2, &a), ("cmdline", 67, "ignored(")], format!("pid = {a}")),
    ];
    let used = ["eid", "time", "pid", "cmdline"];
    for (constraints, sql) in &cases {
        let got = double.generate(TABLE, constraints, &used).unwrap();
        let wanted = ext.sql(&format!("SELECT eid FROM linux_process_events WHERE {sql}"));
        assert!(!wanted.is_empty() && wanted.len() < all.len(), "{sql}");
        assert_eq!(eids(&got), eids_of(&wanted), "{sql}");
        assert!(got[0].keys().all(|column| used.contains(&column.as_str())), "projection");
    }
    let late = time.to_string();
    let got = double.generate(TABLE, &[("time", 4, &late)], &used).unwrap();
    assert!(
        got.iter().all(|row| row["time"].parse::<i64>().unwrap() > time),
        "time > is pushed down"
    );
    // LIMIT arrives as a constraint of the first column and must not cut anything.
    let limited =
        double.generate(TABLE, &[("action", 73, "2"), ("action", 74, "1")], &used).unwrap();
    assert_eq!(eids(&limited), eids(&all));

    foreign_client(&double, uuid, &a, &all);
    assert!(double.extensions().contains_key(&uuid), "still registered after all of it");
    ext.stop();
}

/// The official Python bindings ask the same things through the extension's socket.
fn foreign_client(double: &ManagerDouble, uuid: Uuid, pid: &str, all: &Rows) {
    let python = std::env::var("EVTABLES_PYTHON").expect("set by ./dev");
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/osquery/foreign_client.py");
    let ask = |constraints: &str| -> Vec<Row> {
        let socket = extension_socket(double.socket(), uuid).display().to_string();
        let output = Command::new(&python)
            .arg(&script)
            .args([&socket, TABLE, constraints])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(eids_of(&ask("[]")), eids(all));
    let one = ask(&format!(r#"[{{"column": "pid", "op": 2, "expr": "{pid}"}}]"#));
    let wanted: BTreeSet<String> =
        all.iter().filter(|row| row["pid"] == pid).map(|row| row["eid"].clone()).collect();
    assert_eq!(eids_of(&one), wanted);
}

#[test]
fn a_restarted_manager_gets_the_tables_back_and_no_event_is_missed() {
    let Some(binary) = binary("osquery") else { return };
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("osquery.em");
    let mut double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let ext = Ext::start(&binary, dir.path(), &socket);
    assert!(double.wait_table(TABLE, WAIT));
    double.terminate();
    let pids = workload(&ext);
    double.restart().unwrap();
    assert!(double.wait_table(TABLE, WAIT), "tables return");
    let rows = double
        .generate(
            TABLE,
            &[("cmdline", 65, "/bin/true --marker%"), ("action", 2, "PROC_CREATE")],
            &["pid"],
        )
        .unwrap();
    let got: BTreeSet<String> = rows.iter().map(|row| row["pid"].clone()).collect();
    assert_eq!(got, pids.iter().map(u32::to_string).collect(), "what happened in between is there");
    ext.stop();
}
