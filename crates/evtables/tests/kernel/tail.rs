// SPDX-License-Identifier: Apache-2.0
//! Followed text logs, from the file to SQL: each line once, over rotation, kills and restarts.

use crate::harness::{Collector, assert_table_balanced, binary, text};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

struct Log {
    collector: Collector,
    path: PathBuf,
    _keep: tempfile::TempDir,
}

impl Log {
    fn start() -> Option<Self> {
        let binary = binary("kernel")?;
        let keep = tempfile::tempdir().unwrap();
        let path = keep.path().join("app.log");
        std::fs::write(&path, "ERROR before the first start\n").unwrap();
        let tail = serde_json::json!([{
            "name": "app", "path": keep.path().join("*.log"), "regex": ["^ERROR", "^WARN"]
        }]);
        let config = serde_json::json!({"evtables": {"sources": {"tail": tail}}});
        let log = Self { collector: Collector::start_with(&binary, &config), path, _keep: keep };
        let off =
            "SELECT count(*) FROM evtables_hooks WHERE hook = 'followed files' AND reason IS NULL";
        log.collector.wait_for(off, 1);
        Some(log)
    }

    fn write(&self, lines: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
    }

    fn rotate(&self, to: &str) {
        std::fs::rename(&self.path, Path::new(&self.path).with_extension(to)).unwrap();
    }

    fn wait_for(&self, wanted: i64) {
        self.collector.wait_for("SELECT count(*) FROM linux_logger_events", wanted);
    }

    fn run(&mut self) {
        let config = self.collector.dir.with_file_name("config.json");
        self.collector.run(&["--config", config.to_str().unwrap()]);
    }
}

#[test]
fn followed_logs_are_told_once_over_kills_and_rotation() {
    let Some(mut log) = Log::start() else { return };
    log.write("ERROR 1\nINFO of no interest\nWARN 2 ");
    log.wait_for(1);
    log.collector.kill();
    // The rest of a line, and a rotation, while nobody looks.
    log.write("with its end\n");
    log.write("ERROR 3\n");
    log.rotate("log.1");
    log.write("ERROR 4\nERROR without an end");
    log.run();
    log.wait_for(4);
    log.rotate("log.2");
    log.write("WARN 5\n");
    log.wait_for(6);
    log.collector.stop();
    log.write("ERROR 6\n");
    log.run();
    log.wait_for(7);
    log.collector.stop();
    let rows = log.collector.query(
        "SELECT logger_name, logger_watch_file, log_entry, line_size FROM linux_logger_events ORDER BY log_entry",
    );
    let lines: Vec<String> = rows.iter().map(|row| text(row, "log_entry")).collect();
    assert_eq!(
        lines,
        [
            "ERROR 1",
            "ERROR 3",
            "ERROR 4",
            "ERROR 6",
            "ERROR without an end",
            "WARN 2 with its end",
            "WARN 5",
        ]
    );
    assert_eq!(rows[0]["line_size"].as_i64(), Some(8));
    let path = log.path.to_str().unwrap();
    assert!(rows.iter().all(|row| row["logger_name"] == "app" && row["logger_watch_file"] == path));
    let lost = "SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE outcome = 'lost' AND event_table = 'linux_logger_events'";
    assert_eq!(log.collector.number(lost), 0);
}

#[test]
fn lines_that_no_pattern_wants_are_counted() {
    let Some(mut log) = Log::start() else { return };
    let lines: String =
        (0..20_000).map(|n| format!("{} {n}\n", ["ERROR", "INFO"][n % 2])).collect();
    log.write(&lines);
    log.write(&format!("ERROR {}\n", "x".repeat(70_000)));
    log.wait_for(10_001);
    log.collector.stop();
    assert_table_balanced(&log.collector, "linux_logger_events");
    let filtered = "SELECT sum(count) FROM evtables_loss WHERE event_table = 'linux_logger_events' AND reason = 'regex'";
    assert_eq!(log.collector.number(filtered), 10_000);
    let different = "SELECT count(DISTINCT log_entry) FROM linux_logger_events";
    assert_eq!(log.collector.number(different), 10_001);
    // Only the long one is cut, and its size is the true one.
    let cut = "SELECT line_size FROM linux_logger_events WHERE line_truncated = 1";
    let cut = log.collector.query(cut);
    assert_eq!(cut.iter().map(|row| row["line_size"].as_i64()).collect::<Vec<_>>(), [Some(70_007)]);
}
