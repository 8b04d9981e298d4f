// SPDX-License-Identifier: Apache-2.0
//! Files of logins from their beginning to rows, over rotation, torn records, restarts and any bytes.

use super::*;
use crate::positions::FileId;
use crate::utmp::tests::record;
use crossbeam_channel::Receiver;
use evtables_sdk::emitter;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::Instant;

struct Files {
    dir: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self { dir: tempfile::tempdir().unwrap() };
        for name in ["wtmp", "btmp", "utmp"] {
            std::fs::write(files.path(name), "").unwrap();
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.path(name)).unwrap();
        file.write_all(bytes).unwrap();
    }

    fn start(&self, stored: Vec<Stored>) -> (LoginPublisher, Receiver<EventBatch>) {
        let files = LoginFiles {
            wtmp: self.path("wtmp"),
            btmp: self.path("btmp"),
            utmp: self.path("utmp"),
        };
        let positions = self.path("positions");
        let mut publisher = LoginPublisher::new(LoginOptions { files, positions, stored });
        let (sender, bus) = emitter(64);
        let before = std::fs::metadata(self.path("positions")).and_then(|meta| meta.modified());
        publisher.start(sender).unwrap();
        // The first look is over when the positions are written.
        let deadline = Instant::now() + Duration::from_secs(30);
        let now = || std::fs::metadata(self.path("positions")).and_then(|meta| meta.modified());
        while now().is_err() || now().ok() == before.as_ref().ok().copied() {
            assert!(Instant::now() < deadline, "never looked");
            std::thread::yield_now();
        }
        (publisher, bus)
    }
}

/// A row: what happened, who, where, when he had come.
type Told = (String, String, String, Option<i64>);

fn rows_of(batch: &EventBatch) -> Vec<(Told, Stored)> {
    use arrow_array::{Array as _, DictionaryArray, Int64Array, StringArray, types::Int32Type};
    let text = |name: &str, row: usize| {
        let column = batch.column(TABLE.column(name).unwrap()).unwrap();
        let dict: &DictionaryArray<Int32Type> = column.as_any().downcast_ref().unwrap();
        let values: &StringArray = dict.values().as_any().downcast_ref().unwrap();
        dict.key(row).map_or(String::new(), |key| values.value(key).to_owned())
    };
    let number = |name: &str, row: usize| {
        let column = batch.column(TABLE.column(name).unwrap()).unwrap();
        let numbers: &Int64Array = column.as_any().downcast_ref().unwrap();
        numbers.is_valid(row).then(|| numbers.value(row))
    };
    (0..batch.rows)
        .map(|row| {
            let place = Stored {
                path: text("log_path", row).into(),
                file: FileId::parse(&text("file_id", row)).unwrap(),
                end: u64::try_from(number("record_end", row).unwrap()).unwrap(),
                time_ns: number("read_ns", row).unwrap(),
            };
            let told = (
                text("action", row),
                text("user_name", row),
                text("terminal", row),
                number("login_time", row),
            );
            (told, place)
        })
        .collect()
}

/// Waits for so many rows; notes the last place of each file.
fn receive(bus: &Receiver<EventBatch>, wanted: usize, places: &mut Vec<Stored>) -> Vec<Told> {
    let mut told = Vec::new();
    while told.len() < wanted {
        let batch = bus.recv_timeout(Duration::from_secs(30)).expect("rows in time");
        for (row, place) in rows_of(&batch) {
            told.push(row);
            places.retain(|other| other.file != place.file);
            places.push(place);
        }
    }
    told
}

fn told(action: &str, user: &str, terminal: &str, since: Option<i64>) -> Told {
    (action.to_owned(), user.to_owned(), terminal.to_owned(), since)
}

fn sum(publisher: &LoginPublisher, outcome: Outcome) -> u64 {
    let lines = publisher.ledger();
    lines.iter().filter(|line| line.outcome == outcome).map(|line| line.count).sum()
}

#[test]
fn logins_are_told_once_over_rotation_and_restarts() {
    let files = Files::new();
    files.write("utmp", &record(7, 50, ["pts/5", "eve", ""], 900));
    files.write("wtmp", &record(7, 60, ["pts/6", "fay", ""], 910));
    let (mut publisher, bus) = files.start(Vec::new());
    let mut places = Vec::new();
    let ann = record(7, 70, ["pts/0", "ann", "far"], 1_000);
    // Torn: the rest comes later.
    files.write("wtmp", &ann[..100]);
    files.write("btmp", &record(6, 71, ["ssh:notty", "0", "bad.example"], 1_001));
    let failed = told("USER_LOGIN_FAILED", "0", "ssh:notty", None);
    assert_eq!(receive(&bus, 1, &mut places), [failed]);
    files.write("wtmp", &ann[100..]);
    let rows = receive(&bus, 1, &mut places);
    assert_eq!(rows, [told("USER_LOGIN", "ann", "pts/0", None)]);
    // Who was there before leaves, too; a getty is nobody.
    files.write("wtmp", &record(8, 50, ["pts/5", "", ""], 1_002));
    files.write("wtmp", &record(8, 60, ["pts/6", "", ""], 1_003));
    files.write("wtmp", &record(6, 61, ["tty1", "LOGIN", ""], 1_004));
    files.write("wtmp", &record(8, 61, ["tty1", "", ""], 1_005));
    files.write("wtmp", &record(0, 0, ["", "", ""], 0));
    let rows = receive(&bus, 2, &mut places);
    let left = [
        told("USER_LOGOUT", "eve", "pts/5", Some(900)),
        told("USER_LOGOUT", "fay", "pts/6", Some(910)),
    ];
    assert_eq!(rows, left);
    let deadline = Instant::now() + Duration::from_secs(30);
    while sum(&publisher, Outcome::Seen) < 7 {
        assert!(Instant::now() < deadline, "not all is read");
        std::thread::yield_now();
    }
    publisher.stop();
    let ledger = [Outcome::Seen, Outcome::Filtered, Outcome::Lost, Outcome::Pending];
    assert_eq!(ledger.map(|outcome| sum(&publisher, outcome)), [7, 3, 0, 0]);
    // While nobody is there: a logout, a rotation, and a start of the system.
    files.write("wtmp", &record(8, 70, ["pts/0", "", ""], 1_010));
    std::fs::rename(files.path("wtmp"), files.path("wtmp.1")).unwrap();
    files.write("wtmp", &record(1, 0, ["~", "shutdown", "6.1"], 1_011));
    files.write("wtmp", &record(2, 0, ["~", "reboot", "6.1"], 1_012));
    files.write("wtmp", &record(7, 80, ["tty1", "bob", ""], 1_013));
    let (mut publisher, bus) = files.start(places.clone());
    let mut rows = receive(&bus, 4, &mut places);
    rows.sort();
    let wanted = [
        told("SYSTEM_BOOT", "reboot", "~", None),
        told("SYSTEM_SHUTDOWN", "shutdown", "~", None),
        told("USER_LOGIN", "bob", "tty1", None),
        told("USER_LOGOUT", "ann", "pts/0", Some(1_000)),
    ];
    assert_eq!(rows, wanted);
    publisher.stop();
    assert!(bus.try_recv().is_err(), "nothing twice");
}

/// A writer that died, a writer that cuts off what it left, and a file that is emptied.
#[test]
fn torn_records_are_cut_off_or_counted() {
    let files = Files::new();
    let (mut publisher, bus) = files.start(Vec::new());
    let mut places = Vec::new();
    let login = |n: u32| record(7, 1, ["pts/1", &format!("user{n}"), ""], n);
    let user = |n: u32| told("USER_LOGIN", &format!("user{n}"), "pts/1", None);
    files.write("wtmp", &login(1));
    files.write("wtmp", &login(2)[..200]);
    assert_eq!(receive(&bus, 1, &mut places), [user(1)]);
    // As updwtmp(3) does it.
    let file = OpenOptions::new().write(true).open(files.path("wtmp")).unwrap();
    file.set_len(SIZE as u64).unwrap();
    files.write("wtmp", &login(3));
    assert_eq!(receive(&bus, 1, &mut places), [user(3)], "nothing twice");
    file.set_len(0).unwrap();
    files.write("wtmp", &login(4));
    files.write("wtmp", &[0xff; SIZE]);
    files.write("wtmp", &login(5));
    assert_eq!(receive(&bus, 2, &mut places), [user(4), user(5)]);
    // Nobody will write the rest of a renamed one.
    files.write("wtmp", &login(6)[..7]);
    std::fs::rename(files.path("wtmp"), files.path("wtmp.1")).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while sum(&publisher, Outcome::Lost) < 2 {
        assert!(Instant::now() < deadline, "the torn record is not counted");
        std::thread::yield_now();
    }
    publisher.stop();
    let ledger = [Outcome::Seen, Outcome::Filtered, Outcome::Lost, Outcome::Pending];
    assert_eq!(ledger.map(|outcome| sum(&publisher, outcome)), [6, 0, 2, 0]);
}

#[test]
fn without_files_nothing_is_followed() {
    let files = LoginFiles { wtmp: "".into(), btmp: "".into(), utmp: "".into() };
    let options = LoginOptions { files, positions: "/nowhere/x".into(), stored: Vec::new() };
    let mut publisher = LoginPublisher::new(options);
    publisher.start(emitter(1).0).unwrap();
    assert!(publisher.table_states()[0].reason.as_deref().unwrap().contains("sources.users"));
    assert!(publisher.hooks().is_empty());
}
