// SPDX-License-Identifier: Apache-2.0
//! Extension mode, as osquery starts it: the release binary under the name `evtables.ext`, our double
//! of osquery's manager, and the official Python bindings as a foreign client. Run by `./dev test osquery`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_wrap, clippy::expect_used)]

mod harness;

use evtables_osquery::{DoubleOptions, ManagerDouble, Rows, Uuid, extension_socket};
use harness::{Row, binary, query, signal};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
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
        Self::start_under(&[], binary, dir, socket)
    }

    /// Under a command that executes its arguments, such as `nice`.
    fn start_under(wrapper: &[&str], binary: &Path, dir: &Path, socket: &Path) -> Self {
        let ext = dir.join("evtables.ext");
        std::fs::copy(binary, &ext).unwrap();
        let data = dir.join("data");
        let mut words = wrapper.iter().map(std::ffi::OsStr::new).chain([ext.as_os_str()]);
        let child = Command::new(words.next().unwrap())
            .args(words)
            .args(["--verbose", "--socket"])
            .arg(socket)
            .args(["--timeout", "3", "--interval", "1"])
            .args(["--subtree", &std::process::id().to_string(), "--data-dir"])
            .arg(&data)
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let ext = Self { child, binary: binary.to_owned(), data };
        ext.wait_running();
        ext
    }

    /// Tables are registered before events are taken; waits until they are.
    fn wait_running(&self) {
        let deadline = Instant::now() + WAIT;
        let sql = format!(
            "SELECT pid FROM evtables_status WHERE state = 'running' AND pid = {}",
            self.child.id()
        );
        loop {
            let mut command = Command::new(&self.binary);
            command.args(["query", "--format", "csv", "--data-dir"]).arg(&self.data).arg(&sql);
            let output = command.output().unwrap();
            if String::from_utf8_lossy(&output.stdout).lines().count() > 1 {
                return;
            }
            assert!(Instant::now() < deadline, "the collector never ran");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// SIGTERM, as osquery's watcher sends it.
    fn stop(mut self) {
        signal(self.child.id(), "TERM");
        let begun = Instant::now();
        assert!(self.child.wait().unwrap().success());
        assert!(begun.elapsed() < Duration::from_secs(11));
    }

    /// Open descriptors and threads.
    fn resources(&self) -> (usize, usize) {
        let count = |what: &str| {
            std::fs::read_dir(format!("/proc/{}/{what}", self.child.id())).unwrap().count()
        };
        (count("fd"), count("task"))
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
    let pids: Vec<u32> = (0..40)
        .map(|n| {
            let mut child =
                Command::new("/bin/true").args(["--marker", &n.to_string()]).spawn().unwrap();
            child.wait().unwrap();
            child.id()
        })
        .collect();
    let deadline = Instant::now() + WAIT;
    let list: Vec<String> = pids_text(&pids);
    let sql = format!(
        "SELECT DISTINCT pid FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND cmdline LIKE '/bin/true --marker%' AND pid IN ({})",
        list.join(", ")
    );
    while ext.sql(&sql).len() < 40 {
        assert!(Instant::now() < deadline, "the workload never arrived");
        std::thread::sleep(Duration::from_millis(50));
    }
    pids
}

fn pids_text(pids: &[u32]) -> Vec<String> {
    pids.iter().map(u32::to_string).collect()
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
    // Only what is complete can be compared: our own queries are events too, and still arriving.
    let ours = |rows: Rows| -> Rows {
        let list = pids_text(&pids);
        rows.into_iter().filter(|row| list.contains(&row["pid"])).collect()
    };
    let all = ours(double.select_all(TABLE).unwrap());
    let list = pids_text(&pids).join(", ");
    let sql = format!("SELECT eid FROM linux_process_events WHERE pid IN ({list})");
    assert_eq!(eids(&all), eids_of(&ext.sql(&sql)));

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
    assert_eq!(eids(&ours(limited)), eids(&all));

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
    assert!(eids_of(&ask("[]")).is_superset(&eids(all)));
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

/// One run of a scheduled query: osquery says that it executes, asks, and notes the end if it ends.
fn scheduled(double: &ManagerDouble, name: &str, start: i64, ends: Option<u32>) -> Vec<String> {
    double.set_database("configurations", &format!("timestamp.{name}"), &start.to_string());
    double.set_database("configurations", "executing_query", name);
    let rows = double.select_all(TABLE).unwrap();
    let again = double.generate(TABLE, &[], &["eid"]).unwrap();
    assert_eq!(eids(&again), eids(&rows), "every call of a run sees one window");
    double.set_database("configurations", "executing_query", "");
    if let Some(executions) = ends {
        let record = format!("{executions},{start},0,0,0,0,0,0,0,0");
        double.set_database("query_performance", name, &record);
    }
    rows.into_iter().map(|mut row| row.remove("eid").unwrap()).collect()
}

#[test]
fn scheduled_queries_get_each_event_once_over_restarts() {
    let Some(binary) = binary("osquery") else { return };
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("osquery.em");
    let mut double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let query = r#"{"query": "SELECT * FROM linux_process_events", "interval": 1}"#;
    double.set_config(&format!(r#"{{"schedule": {{"q1": {query}, "q2": {query}}}}}"#));
    // As in an osquery that has run before: records of performance are kept.
    double.set_database("query_performance", "other", "1,1,0,0,0,0,0,0,0,0");
    let mut ext = Ext::start(&binary, dir.path(), &socket);
    assert!(double.wait_table(TABLE, WAIT));
    let (mut got1, mut got2, mut ended1, mut ended2) = (Vec::new(), Vec::new(), 0, 0);
    for round in 0..6_i64 {
        workload(&ext);
        let start = 1_700_000_000 + round * 10;
        ended1 += 1;
        got1.extend(scheduled(&double, "q1", start, Some(ended1)));
        if round == 2 {
            // This run of q2 never ends: the next one is given the same rows, and what came since.
            scheduled(&double, "q2", start, None);
        } else {
            ended2 += 1;
            got2.extend(scheduled(&double, "q2", start, Some(ended2)));
        }
        match round {
            1 => double.restart().unwrap(),
            3 => {
                ext.stop();
                ext = Ext::start(&binary, dir.path(), &socket);
            }
            _ => {}
        }
        assert!(double.wait_table(TABLE, WAIT));
    }
    // What came after the last run, and the window that was served for the second time.
    for round in 6..9_i64 {
        let start = 1_700_000_000 + round * 10;
        (ended1, ended2) = (ended1 + 1, ended2 + 1);
        got1.extend(scheduled(&double, "q1", start, Some(ended1)));
        got2.extend(scheduled(&double, "q2", start, Some(ended2)));
    }
    ext.stop();
    let ext = Ext::start(&binary, dir.path(), &socket);
    assert!(double.wait_table(TABLE, WAIT));
    let all: BTreeSet<String> = eids(&double.select_all(TABLE).unwrap());
    for got in [&got1, &got2] {
        let set: BTreeSet<String> = got.iter().cloned().collect();
        assert_eq!(set.len(), got.len(), "no event twice");
        assert!(set.is_subset(&all), "an ad-hoc reader sees all of them");
        let marked = ext.sql("SELECT eid FROM linux_process_events WHERE cmdline LIKE '/bin/true --marker%' AND action = 'PROC_CREATE'");
        assert!(marked.len() >= 240);
        assert!(eids_of(&marked).is_subset(&set), "every event of the workload");
    }
    ext.stop();
}

/// Connections that no osquery makes; those that stay open are returned.
fn bad_peers(socket: &Path) -> Vec<UnixStream> {
    let connect = || UnixStream::connect(socket).unwrap();
    let mut kept = Vec::new();
    for bytes in [
        &b""[..],
        b"GET / HTTP/1.0\r\n\r\n",
        &[0x80, 0x01, 0, 1, 0x7f, 0xff, 0xff, 0xff],
        &[0xff; 4096],
    ] {
        let mut stream = connect();
        let _ = stream.write_all(bytes);
        drop(stream);
        let mut stream = connect();
        let _ = stream.write_all(bytes);
        kept.push(stream);
    }
    kept
}

#[test]
fn fifty_restarts_and_bad_peers_leak_nothing_and_lose_nothing() {
    let Some(binary) = binary("osquery") else { return };
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("osquery.em");
    let mut double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let query = r#"{"query": "SELECT * FROM linux_process_events", "interval": 1}"#;
    double.set_config(&format!(r#"{{"schedule": {{"q1": {query}}}}}"#));
    double.set_database("query_performance", "other", "1,1,0,0,0,0,0,0,0,0");
    let begun = Instant::now();
    let ext = Ext::start(&binary, dir.path(), &socket);
    assert!(double.wait_table(TABLE, WAIT));
    println!("running {:?} after its start", begun.elapsed());
    let mut got = Vec::new();
    let mut before = (0, 0);
    for round in 0..50_u32 {
        match round % 3 {
            0 => double.restart().unwrap(),
            1 => drop(double.drop_registration("evtables")),
            _ => {
                double.terminate();
                double.restart().unwrap();
            }
        }
        assert!(double.wait_table(TABLE, WAIT), "round {round}");
        if round % 10 == 5 {
            workload(&ext);
            let start = 1_700_000_000 + i64::from(round);
            got.extend(scheduled(&double, "q1", start, Some(got_runs(round))));
        }
        if round == 3 {
            before = ext.resources();
        }
    }
    let served = double.socket_of(TABLE).unwrap();
    let kept = bad_peers(&served);
    std::thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                assert!(!double.generate(TABLE, &[("pid", 4, "0")], &["pid"]).unwrap().is_empty())
            });
        }
    });
    // One that reads nothing of a large reply.
    let mut slow = UnixStream::connect(&served).unwrap();
    slow.write_all(&[0x80, 0x01, 0x00, 0x01, 0, 0, 0, 4]).unwrap();
    assert!(!double.select_all(TABLE).unwrap().is_empty(), "nobody else waits for it");
    drop((kept, slow));
    for round in 50..53_u32 {
        let start = 1_700_000_000 + i64::from(round);
        got.extend(scheduled(&double, "q1", start, Some(got_runs(45) + round - 49)));
    }
    let deadline = Instant::now() + WAIT;
    loop {
        let (fds, threads) = ext.resources();
        // A connection or two of our own may be kept for the next call.
        if fds <= before.0 + 4 && threads <= before.1 + 2 {
            break;
        }
        assert!(Instant::now() < deadline, "{before:?} before, {:?} now", (fds, threads));
        std::thread::sleep(Duration::from_millis(100));
    }
    let marked =
        ext.sql("SELECT eid FROM linux_process_events WHERE cmdline LIKE '/bin/true --marker%'");
    let set: BTreeSet<String> = got.iter().cloned().collect();
    assert_eq!(set.len(), got.len(), "no event twice");
    assert!(marked.len() >= 5 * 40 && eids_of(&marked).is_subset(&set), "every event once");
    ext.stop();
}

/// Which of q1's runs the one in this round is.
fn got_runs(round: u32) -> u32 {
    round / 10 + 1
}

#[test]
fn a_storm_under_the_priority_of_an_autoloaded_child_loses_nothing() {
    let Some(binary) = binary("osquery") else { return };
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("osquery.em");
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    // As osqueryd's watcher starts it: nice 10, idle I/O.
    let wrapper = ["nice", "-n", "10", "ionice", "-c", "3"];
    let ext = Ext::start_under(&wrapper, &binary, dir.path(), &socket);
    assert!(double.wait_table(TABLE, WAIT));
    let threads: Vec<_> = (0..2)
        .map(|half| {
            std::thread::spawn(move || {
                for n in 0..10_000 {
                    let number = format!("{half}-{n}");
                    let mut child =
                        Command::new("/bin/true").args(["--storm", &number]).spawn().unwrap();
                    assert!(child.wait().unwrap().success());
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let count = |sql: &str| ext.sql(sql)[0].values().next().unwrap().as_i64().unwrap();
    let ends = "SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND path LIKE '%/true'";
    let deadline = Instant::now() + WAIT;
    while count(ends) < 20_000 {
        assert!(Instant::now() < deadline, "{} of 20,000 ends", count(ends));
        std::thread::sleep(Duration::from_millis(100));
    }
    let starts = "SELECT count(DISTINCT cmdline) FROM linux_process_events WHERE action = 'PROC_CREATE' AND cmdline LIKE '%--storm%'";
    assert_eq!(count(starts), 20_000);
    let lost = "SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE outcome = 'lost'";
    assert_eq!(count(lost), 0);
    ext.stop();
}
