// SPDX-License-Identifier: Apache-2.0
//! Extension mode on Windows, as osquery starts it: the program beside our double of osquery's manager, on named
//! pipes. Lane `windows` runs it under Wine, where there is no event tracing: everything else is served.
#![cfg(windows)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use evtables_osquery::{DoubleOptions, ManagerDouble, Rows};
use evtables_schema::{Platform, tables};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_secs(60);
/// Calls at the same time.
const AT_ONCE: usize = 100;
/// osquery's number of `=`.
const EQUAL: u8 = 2;

/// A running extension; it ends with this.
struct Ext(Child);

impl Ext {
    fn start(data: &Path, socket: &Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_evtables"))
            .arg("--socket")
            .arg(socket)
            .args(["--timeout", "3", "--interval", "1", "--data-dir"])
            .arg(data)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn();
        Self(child.unwrap())
    }

    /// As osquery's watcher ends it on Windows: without a word.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Ext {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + WAIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} never came");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Until the extension collects, which is later than its registration.
fn wait_running(double: &ManagerDouble) {
    until("the collector", || {
        let rows = double.select_all("evtables_status").unwrap_or_default();
        rows.iter().any(|row| row["state"] == "running").then_some(())
    });
}

fn hash_of(double: &ManagerDouble, file: &Path) -> Rows {
    let path = file.to_str().unwrap();
    double.generate("win_hash", &[("path", EQUAL, path)], &["path", "md5"]).unwrap()
}

/// What a table needs when it is not to be asked for everything.
fn refusal(table: &str) -> Option<&'static str> {
    match table {
        "win_hash" => Some("WHERE path"),
        "win_disk_index" => Some("WHERE filename"),
        "win_event_log_data" | "win_event_log_data_optimized" => Some("WHERE source"),
        _ => None,
    }
}

#[test]
fn the_extension_serves_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let socket = PathBuf::from(format!(r"\\.\pipe\evtables-test-{}", std::process::id()));
    let mut double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let ext = Ext::start(&data, &socket);
    assert!(double.wait_table("evtables_status", WAIT), "registered");
    wait_running(&double);

    // Every table of this system is there, and answers.
    let registered = double.tables();
    for table in tables().iter().filter(|table| table.platform != Platform::Linux) {
        assert!(registered.contains(table.name), "{} is missing", table.name);
    }
    assert!(registered.iter().all(|name| !name.starts_with("linux_")));
    for name in &registered {
        match (double.select_all(name), refusal(name)) {
            (Ok(_), None) => {}
            (Err(error), Some(need)) if error.to_string().contains(need) => {}
            (outcome, _) => panic!("{name}: {outcome:?}"),
        }
    }

    // Rows that are true.
    let file = folder.path().join("abc");
    std::fs::write(&file, "abc").unwrap();
    assert_eq!(hash_of(&double, &file)[0]["md5"], "900150983cd24fb0d6963f7d28e17f72");
    let pid = ext.0.id().to_string();
    let processes = double.select_all("win_process_perf").unwrap();
    let own = processes.iter().find(|row| row["pid"] == pid);
    assert!(own.is_some_and(|row| row["name"] == "evtables"), "{processes:?}");
    assert_eq!(double.select_all("win_mem_perf").unwrap().len(), 1);

    // What cannot be collected is told with its reason; everything else goes on.
    let hooks = until("hooks", || {
        let hooks = double.select_all("evtables_hooks").unwrap();
        hooks.iter().any(|row| row["event_table"] == "win_process_events").then_some(hooks)
    });
    for row in hooks.iter().filter(|row| row["state"] == "failed") {
        let reason = row.get("reason").map_or("", String::as_str);
        assert!(reason.contains("error "), "{row:?}");
    }

    // Many at once.
    let answers: Vec<usize> = std::thread::scope(|scope| {
        let ask = || double.select_all("evtables_tables").map(|rows| rows.len());
        let calls: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(ask)).collect();
        calls.into_iter().map(|call| call.join().unwrap().unwrap()).collect()
    });
    assert!(answers.len() == AT_ONCE && answers.iter().all(|rows| *rows > 20), "{answers:?}");

    // osquery's worker comes back, and then the extension does.
    double.kill();
    double.restart().unwrap();
    assert!(double.wait_table("evtables_status", WAIT), "registered again");
    wait_running(&double);
    ext.kill();
    assert!(double.wait_gone("evtables", WAIT));
    let again = Ext::start(&data, &socket);
    assert!(double.wait_table("evtables_status", WAIT), "the next process is registered");
    wait_running(&double);
    assert_eq!(hash_of(&double, &file).len(), 1);
    again.kill();
}
