// SPDX-License-Identifier: Apache-2.0
//! More load than the budget allows: the collector gives up what is worth least, says so, and takes it back.

use crate::harness::{Collector, assert_table_balanced, binary};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Attributes and files, changed until it is told to stop, at a rate that is no danger to the queues.
const STORM: &str = "
import os, time
while not os.path.exists('stop'):
    time.sleep(0.01)
    for i in range(200):
        fd = os.open('file', os.O_CREAT | os.O_WRONLY)
        os.fchmod(fd, 0o600 | i & 0o77)
        os.close(fd)
        os.unlink('file')
";
/// By value, lowest first.
const TABLES: [&str; 2] = ["linux_file_attr_events", "linux_file_events"];
/// What the collector needs when nothing happens is far less, what the storm costs far more.
const CPU_PERCENT: u32 = 3;

/// What the collector says that it has given up, by its own file: asking by a query would be a load.
fn shed_tables(collector: &Collector) -> String {
    let state = std::fs::read(collector.dir.join("state.json")).unwrap_or_default();
    let state: Value = serde_json::from_slice(&state).unwrap_or_default();
    state["status"]["shed_tables"].as_str().unwrap_or_default().to_owned()
}

fn wait_until(collector: &Collector, what: &str, holds: impl Fn(&str) -> bool) -> String {
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        let shed = shed_tables(collector);
        if holds(&shed) {
            return shed;
        }
        assert!(Instant::now() < deadline, "{what}: `{shed}` after 180 s");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn only(binary: &Path, tables: &[&str]) -> Value {
    let listed = Command::new(binary).args(["tables", "--format", "json"]).output().unwrap();
    let listed: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    let events = listed.iter().filter(|table| {
        table["platform"] == "linux"
            && table["class"] == "event"
            && table["name"] != "linux_process_events"
            && table["name"] != "linux_logger_events"
    });
    let name = |table: &Value| table["name"].as_str().unwrap().to_owned();
    events.map(|table| (name(table), json!(tables.contains(&&*name(table))))).collect()
}

#[test]
fn load_over_the_budget_costs_the_lowest_table_first_until_it_is_over() {
    let Some(binary) = binary("kernel") else { return };
    let config = json!({"evtables": {
        "sources": {"linux": {"tables": only(&binary, &TABLES)}},
        "budgets": {"cpu_percent": CPU_PERCENT},
    }});
    let mut collector = Collector::start_with(&binary, &config);
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let mut storm = Command::new("python3")
        .args(["-S", "-c", STORM])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let shed = wait_until(&collector, "given up", |shed| !shed.is_empty());
    std::fs::write(folder.path().join("stop"), "").unwrap();
    assert!(storm.wait().unwrap().success());
    assert_eq!(shed.split(", ").next(), Some(TABLES[0]), "{shed}");
    wait_until(&collector, "taken back", str::is_empty);
    let again = folder.path().join("again");
    std::fs::write(&again, "").unwrap();
    assert!(Command::new("chmod").arg("600").arg(&again).status().unwrap().success());
    let told = format!(
        "SELECT count(*) FROM linux_file_attr_events WHERE target_path = '{}'",
        again.display()
    );
    collector.wait_for(&told, 1);
    collector.stop();
    for table in TABLES {
        assert_table_balanced(&collector, table);
    }
    let given_up = format!(
        "SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE event_table = '{}' AND outcome = 'filtered' AND reason = 'shed'",
        TABLES[0]
    );
    assert!(collector.number(&given_up) > 0);
}
