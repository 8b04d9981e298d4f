// SPDX-License-Identifier: Apache-2.0
//! The publisher from start to stop, and again: rows, ledger, and what a kill leaves behind.

use super::*;
use crate::positions::FileId;
use arrow_array::{Array as _, DictionaryArray, Int64Array, StringArray, types::Int32Type};
use evtables_sdk::emitter;
use std::io::Write as _;
use std::time::Instant;

struct Log {
    dir: tempfile::TempDir,
}

impl Log {
    fn new() -> Self {
        let log = Self { dir: tempfile::tempdir().unwrap() };
        log.write("before\n");
        log
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("app.log")
    }

    fn write(&self, text: &str) {
        let mut file =
            std::fs::OpenOptions::new().create(true).append(true).open(self.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn publisher(&self, stored: Vec<Stored>) -> TailPublisher {
        let follow = Follow {
            name: "app".to_owned(),
            path: self.path().to_str().unwrap().to_owned(),
            regex: vec!["^keep".to_owned()],
        };
        follow.check().unwrap();
        let positions = self.dir.path().join("tail.json");
        TailPublisher::new(TailOptions { follows: vec![follow], positions, stored })
    }
}

/// Rows of a batch: the line, and what a store would know of it.
fn rows_of(batch: &EventBatch) -> Vec<(String, Stored)> {
    let text = |name: &str, row: usize| {
        let column = batch.column(TABLE.column(name).unwrap()).unwrap();
        let dict: &DictionaryArray<Int32Type> = column.as_any().downcast_ref().unwrap();
        let values: &StringArray = dict.values().as_any().downcast_ref().unwrap();
        values.value(dict.key(row).unwrap()).to_owned()
    };
    let number = |name: &str, row: usize| {
        let column = batch.column(TABLE.column(name).unwrap()).unwrap();
        column.as_any().downcast_ref::<Int64Array>().unwrap().value(row)
    };
    (0..batch.rows)
        .map(|row| {
            let stored = Stored {
                path: text("logger_watch_file", row).into(),
                file: FileId::parse(&text("file_id", row)).unwrap(),
                end: u64::try_from(number("line_end", row)).unwrap(),
                time_ns: now_ns(),
            };
            (text("log_entry", row), stored)
        })
        .collect()
}

fn sum(publisher: &TailPublisher, outcome: Outcome) -> u64 {
    let lines = publisher.ledger();
    lines.iter().filter(|line| line.outcome == outcome).map(|line| line.count).sum()
}

/// Waits for so many rows.
fn receive(bus: &crossbeam_channel::Receiver<EventBatch>, wanted: usize) -> Vec<(String, Stored)> {
    let mut rows = Vec::new();
    while rows.len() < wanted {
        let batch = bus.recv_timeout(Duration::from_secs(30)).expect("rows in time");
        rows.extend(rows_of(&batch));
    }
    rows
}

fn texts(rows: &[(String, Stored)]) -> Vec<&str> {
    rows.iter().map(|(text, _)| text.as_str()).collect()
}

#[test]
fn lines_are_delivered_once_over_restarts_and_kills() {
    let log = Log::new();
    let mut publisher = log.publisher(Vec::new());
    let (sender, bus) = emitter(8);
    publisher.start(sender).unwrap();
    // The first look is over when the positions are there.
    let deadline = Instant::now() + Duration::from_secs(30);
    while !log.dir.path().join("tail.json").exists() {
        assert!(Instant::now() < deadline, "never looked");
        std::thread::yield_now();
    }
    log.write("keep 1\nleave\nkeep \u{fc}\n");
    let first = receive(&bus, 2);
    assert_eq!(texts(&first), ["keep 1", "keep \u{fc}"]);
    publisher.stop();
    assert_eq!(
        [Outcome::Seen, Outcome::Filtered, Outcome::Pending].map(|o| sum(&publisher, o)),
        [3, 1, 0]
    );
    // Written while nobody was there. The file of positions knows nothing of all this yet; the rows do.
    log.write("keep 3\n");
    let stored = first.into_iter().map(|(_, stored)| stored).collect();
    let mut publisher = log.publisher(stored);
    let (sender, bus) = emitter(8);
    publisher.start(sender).unwrap();
    assert_eq!(texts(&receive(&bus, 1)), ["keep 3"]);
    publisher.stop();
    assert!(bus.try_recv().is_err(), "nothing twice");
}

#[test]
fn what_the_bus_has_no_room_for_is_read_again() {
    let log = Log::new();
    let mut publisher = log.publisher(Vec::new());
    // Nobody takes the one batch that fits.
    let (sender, bus) = emitter(1);
    publisher.start(sender).unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !log.dir.path().join("tail.json").exists() {
        assert!(Instant::now() < deadline, "never looked");
        std::thread::yield_now();
    }
    let lines: String = (0..3_000).map(|n| format!("keep {n}\n")).collect();
    log.write(&lines);
    while sum(&publisher, Outcome::Seen) < 3_000 {
        assert!(Instant::now() < deadline, "never read");
        std::thread::yield_now();
    }
    publisher.stop();
    let (seen, sent) =
        (sum(&publisher, Outcome::Seen), publisher.shared.sent.load(Ordering::Relaxed));
    assert_eq!((seen, sum(&publisher, Outcome::Pending)), (sent, 0));
    assert!(sent < 3_000);
    let first = receive(&bus, usize::try_from(sent).unwrap());
    let stored = first.iter().map(|(_, stored)| stored.clone()).collect();
    let mut publisher = log.publisher(stored);
    let (sender, bus) = emitter(64);
    publisher.start(sender).unwrap();
    let rest = receive(&bus, 3_000 - first.len());
    publisher.stop();
    let all: Vec<&str> = texts(&first).into_iter().chain(texts(&rest)).collect();
    let wanted: Vec<String> = (0..3_000).map(|n| format!("keep {n}")).collect();
    assert_eq!(all, wanted);
}

#[test]
fn wrong_follows_are_told() {
    let follow = |path: &str, regex: &str| Follow {
        name: "x".to_owned(),
        path: path.to_owned(),
        regex: vec![regex.to_owned()],
    };
    assert_eq!(follow("var/log", "x").check().unwrap_err().0, "path");
    assert_eq!(follow("/var/log/x", "(").check().unwrap_err().0, "regex");
    assert_eq!(follow("/var/log/x", "a{1000}{1000}").check().unwrap_err().0, "regex");
}

#[test]
fn without_files_the_table_is_off() {
    let options =
        TailOptions { follows: Vec::new(), positions: "/nowhere/x".into(), stored: Vec::new() };
    let mut publisher = TailPublisher::new(options);
    publisher.start(emitter(1).0).unwrap();
    assert!(publisher.table_states()[0].reason.as_deref().unwrap().contains("sources.tail"));
    assert!(publisher.hooks().is_empty());
    publisher.stop();
}
