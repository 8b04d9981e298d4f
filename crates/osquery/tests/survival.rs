// SPDX-License-Identifier: Apache-2.0
//! An extension through what a host does to it: restarts of core, lost registrations, many calls at once, bad
//! peers. After each, threads and descriptors are as many as before. In a program of its own, one test at a time,
//! because others would be counted, too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use evtables_osquery::*;

const LONG: Duration = Duration::from_secs(30);
/// Nothing that ends at once may take longer, even here.
const SHORT: Duration = Duration::from_secs(5);
const ROUNDS: usize = 50;
const CALLS: usize = 200;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A table of `rows` rows with one text of 1,000 bytes each.
struct Numbers {
    name: &'static str,
    columns: [Column; 1],
    rows: usize,
}

impl Numbers {
    fn table(name: &'static str, rows: usize) -> Arc<dyn Table> {
        let columns = [Column::new("text", ColumnType::Text, ColumnOptions::INDEX)];
        Arc::new(Numbers { name, columns, rows })
    }
}

impl Table for Numbers {
    fn name(&self) -> &str {
        self.name
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn attributes(&self) -> Attributes {
        Attributes::EVENT_BASED
    }

    fn generate(&self, _query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        for _ in 0..self.rows {
            rows.begin_row();
            rows.text(0, &"x".repeat(1000));
            rows.end_row()?;
        }
        Ok(())
    }
}

struct Host {
    double: ManagerDouble,
    extension: Extension,
    events: Mutex<Receiver<ExtensionEvent>>,
    _folder: tempfile::TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Host {
    fn start() -> Host {
        let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let socket = socket(folder.path());
        let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
        let options = ExtensionOptions {
            interval: Duration::from_millis(20),
            back_off_max: Duration::from_millis(100),
            ..ExtensionOptions::new(&socket, ExtensionInfo::new("survivor", "1"))
        };
        let (sender, events) = channel();
        let owner = Arc::new(move |event| drop(sender.send(event)));
        let tables = vec![Numbers::table("small", 5), Numbers::table("big", 20_000)];
        let extension = Extension::start(options, tables, Vec::new(), owner).unwrap();
        let events = Mutex::new(events);
        let host = Host { double, extension, events, _folder: folder, _alone: alone };
        host.registered();
        host.answers();
        host
    }

    /// The next registration.
    fn registered(&self) -> Report {
        let events = self.events.lock().unwrap();
        loop {
            if let ExtensionEvent::Registered(report) = events.recv_timeout(LONG).unwrap() {
                return report;
            }
        }
    }

    fn answers(&self) {
        assert!(self.double.wait_table("small", LONG), "the table comes back");
        assert_eq!(self.double.select_all("small").unwrap().len(), 5);
    }

    /// A connection to the extension's own socket.
    fn dial(&self) -> Peer {
        dial(&self.extension.report().unwrap().socket)
    }
}

#[cfg(unix)]
type Peer = std::os::unix::net::UnixStream;
#[cfg(windows)]
type Peer = std::fs::File;

#[cfg(unix)]
fn dial(socket: &Path) -> Peer {
    Peer::connect(socket).unwrap()
}

#[cfg(windows)]
fn dial(socket: &Path) -> Peer {
    const PIPE_BUSY: i32 = 231;
    let start = Instant::now();
    loop {
        match std::fs::OpenOptions::new().read(true).write(true).open(socket) {
            Ok(peer) => return peer,
            Err(error) if error.raw_os_error() == Some(PIPE_BUSY) && start.elapsed() < LONG => {
                thread::yield_now();
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[cfg(unix)]
fn socket(folder: &Path) -> std::path::PathBuf {
    folder.join("em")
}

#[cfg(windows)]
fn socket(folder: &Path) -> std::path::PathBuf {
    let name = folder.file_name().unwrap().to_string_lossy();
    format!(r"\\.\pipe\evtables-survival-{name}").into()
}

/// Threads and descriptors of this process; not counted where there is no /proc.
fn held() -> (usize, usize) {
    let count = |path| std::fs::read_dir(path).map_or(0, Iterator::count);
    (count("/proc/self/task"), count("/proc/self/fd"))
}

/// Waits until no more is held than before.
fn nothing_is_left(before: (usize, usize)) {
    let deadline = Instant::now() + LONG;
    loop {
        let now = held();
        if now.0 <= before.0 && now.1 <= before.1 {
            return;
        }
        assert!(Instant::now() < deadline, "threads, descriptors: {before:?} before, {now:?} now");
        thread::yield_now();
    }
}

/// A `call` of the table's `generate`, as bytes.
fn request(table: &str) -> Vec<u8> {
    let mut bytes = vec![0x80, 0x01, 0x00, 0x01];
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend_from_slice(&u32::try_from(text.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    };
    text(&mut bytes, "call");
    bytes.extend_from_slice(&[0, 0, 0, 0, 11, 0, 1]);
    text(&mut bytes, "table");
    bytes.extend_from_slice(&[11, 0, 2]);
    text(&mut bytes, table);
    bytes.extend_from_slice(&[13, 0, 3, 11, 11, 0, 0, 0, 1]);
    text(&mut bytes, "action");
    text(&mut bytes, "generate");
    bytes.push(0);
    bytes
}

#[test]
fn core_restarts_fifty_times() {
    let mut host = Host::start();
    let before = held();
    let mut last = host.extension.report().unwrap().uuid;
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            host.double.kill();
        } else {
            host.double.terminate();
        }
        host.double.restart().unwrap();
        let report = host.registered();
        assert_ne!(report.uuid, last, "round {round}");
        assert_eq!(host.extension.report().unwrap().uuid, report.uuid);
        last = report.uuid;
        host.answers();
    }
    nothing_is_left(before);
    let Host { extension, double, .. } = host;
    let before_stop = Instant::now();
    extension.stop();
    assert!(before_stop.elapsed() < SHORT);
    assert!(double.extensions().is_empty());
}

#[test]
fn a_registration_is_dropped_fifty_times_while_we_live() {
    let host = Host::start();
    let before = held();
    for round in 0..ROUNDS {
        assert!(host.double.drop_registration("survivor"), "round {round}");
        host.registered();
    }
    host.answers();
    nothing_is_left(before);
}

#[test]
fn core_may_call_before_we_listen() {
    let host = Host::start();
    let before = held();
    let (mut early, mut rows) = (0, 0);
    for _ in 0..ROUNDS {
        host.double.drop_registration("survivor");
        // From the very moment of the registration on, as a scheduled query may.
        host.double.wait_extension("survivor", LONG).unwrap();
        let start = Instant::now();
        loop {
            match host.double.select_all("small") {
                Ok(found) => {
                    assert_eq!(found.len(), 5);
                    rows += 1;
                    break;
                }
                Err(DoubleError::Call(ManagerError::Connect { .. })) => early += 1,
                Err(other) => panic!("{other}"),
            }
            assert!(start.elapsed() < SHORT, "we listen soon after");
        }
        host.registered();
    }
    println!("{early} calls came before we listened");
    assert_eq!(rows, ROUNDS);
    assert_eq!(host.double.extensions().len(), 1);
    nothing_is_left(before);
}

#[test]
fn two_hundred_calls_at_once_are_all_answered() {
    let host = Host::start();
    let before = held();
    let together = Barrier::new(CALLS);
    thread::scope(|scope| {
        for number in 0..CALLS {
            let (host, together) = (&host, &together);
            scope.spawn(move || {
                together.wait();
                let table = if number % 50 == 0 { "big" } else { "small" };
                let rows = host.double.select_all(table).unwrap().len();
                assert_eq!(rows, if table == "big" { 20_000 } else { 5 });
            });
        }
    });
    let counters = host.extension.counters();
    assert_eq!((counters.busy, counters.failed, counters.refused), (0, 0, 0));
    nothing_is_left(before);
}

#[test]
fn bad_peers_keep_nobody_out() {
    let host = Host::start();
    let before = held();
    let mut peers = Vec::new();
    // More than connections may be open: half a message, bytes of no protocol, lengths that nothing follows, silence.
    for number in 0..2 * ServerLimits::CORE.connections_max + 100 {
        let mut peer = host.dial();
        let words: &[u8] = match number % 4 {
            0 => &request("small")[..20],
            1 => b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            2 => &[
                0x80, 1, 0, 1, 0, 0, 0, 4, b'c', b'a', b'l', b'l', 0, 0, 0, 0, 11, 0, 1, 127, 255,
                255, 255,
            ],
            _ => b"",
        };
        // The extension may have closed already.
        let _ = peer.write_all(words);
        peers.push(peer);
        if number % 100 == 0 {
            let start = Instant::now();
            host.answers();
            assert!(start.elapsed() < SHORT, "{:?}", start.elapsed());
        }
    }
    host.answers();
    assert_eq!(host.double.extensions().len(), 1, "every ping was answered");
    let counters = host.extension.counters();
    assert!(counters.malformed >= 200 && counters.evicted > 0, "{counters:?}");
    drop(peers);
    nothing_is_left(before);
}

#[test]
fn a_slow_reader_gets_its_rows_and_stops_nobody() {
    let host = Host::start();
    let before = held();
    let mut slow = host.dial();
    slow.write_all(&request("big")).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let start = Instant::now();
                host.answers();
                assert!(start.elapsed() < SHORT, "{:?}", start.elapsed());
            }
        });
        // 20 MB in small pieces, with the others' calls in between.
        let (mut piece, mut read) = (vec![0; 32 * 1024], 0);
        let wanted = 20_000 * 1_000;
        while read < wanted {
            let count = slow.read(&mut piece).unwrap();
            assert!(count > 0, "{read} bytes came");
            read += count;
            thread::yield_now();
        }
        done.store(true, Ordering::Relaxed);
    });
    drop(slow);
    nothing_is_left(before);
}

#[test]
fn a_name_that_is_taken_meanwhile_costs_that_table_only() {
    let mut host = Host::start();
    host.double.kill();
    host.double.restart().unwrap();
    host.double.add_core_table("small");
    host.double.drop_registration("survivor");
    let left_out = |report: &Report| {
        let names = report.tables.iter().filter(|table| table.registered_as.is_none());
        names.map(|table| table.name.clone()).collect::<Vec<_>>()
    };
    // A registration from before the name was taken may come first.
    while left_out(&host.registered()) != ["small"] {}
    assert!(host.double.wait_table("big", LONG));
    assert_eq!(host.double.select_all("big").unwrap().len(), 20_000);
}
