// SPDX-License-Identifier: Apache-2.0
//! A workload of append, sync, seal, expire, compact and cursor writes that crashes before every
//! change of the disk and inside every write; what must and must not be there afterwards. And the
//! same with a disk that fails.

use crate::fake_disk::{Crash, Failure, FakeDisk, Image};
use crate::folder::Folder;
use crate::sample::*;
use crate::*;
use evtables_schema::HostBoot;
use std::io::ErrorKind as IoError;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const DIR: &str = "/data/store";
const KEEP: u64 = 60;

fn crash_options(boot: u64) -> Options {
    let retention = Retention { rows_per_table: Some(KEEP), ..Retention::default() };
    Options { retention, host: HostBoot(boot << 32), ..Options::new(HOST) }
}

fn open_on(disk: &FakeDisk, boot: u64) -> crate::Result<Store> {
    Store::open_on(
        Arc::new(disk.clone()),
        Path::new(DIR),
        crash_options(boot),
        MIDNIGHT,
        &[&SAMPLE],
    )
}

fn folder(disk: &FakeDisk) -> Folder {
    Folder::new(Path::new(DIR), Arc::new(disk.clone()))
}

fn cursor_path() -> std::path::PathBuf {
    Path::new(DIR).join("cursors.json")
}

/// What the workload was promised so far.
#[derive(Debug, Default, Clone, Copy)]
struct Promised {
    /// Rows whose append began.
    begun: i64,
    /// Rows whose append returned.
    appended: i64,
    /// Rows whose sync or seal returned.
    durable: i64,
    /// Cursor whose write began.
    cursor_begun: u64,
    /// Cursor whose write returned.
    cursor: u64,
}

struct Workload {
    disk: FakeDisk,
    store: Store,
    promised: Arc<Mutex<Promised>>,
    now: i64,
    failures: usize,
}

impl Workload {
    fn new(disk: FakeDisk, promised: &Arc<Mutex<Promised>>) -> Self {
        let store = open_on(&disk, 1).expect("the store opens");
        Self { disk, store, promised: promised.clone(), now: MIDNIGHT, failures: 0 }
    }

    fn promise(&self, change: impl FnOnce(&mut Promised)) {
        change(&mut self.promised.lock().unwrap());
    }

    fn last(&self) -> i64 {
        self.promised.lock().unwrap().appended
    }

    fn append(&mut self, count: usize) {
        let last = self.last();
        let end = last + i64::try_from(count).unwrap();
        self.promise(|p| p.begun = end);
        match self.store.append(rows(last + 1, count, MIDNIGHT + last * SECOND)) {
            Ok(range) => {
                assert_eq!(range, ((last + 1).unsigned_abs(), end.unsigned_abs()));
                self.promise(|p| p.appended = end);
            }
            Err(_) => {
                self.failures += 1;
                self.promise(|p| p.begun = last);
            }
        }
    }

    /// Notes what holds when `result` is good.
    fn durable(&mut self, result: bool) {
        let last = self.last();
        if result {
            self.promise(|p| p.durable = last);
        } else {
            self.failures += 1;
        }
    }

    fn step(&mut self, number: usize) {
        self.append(1 + number % 4);
        match number % 12 {
            2 | 5 | 8 => {
                let synced = self.store.sync(self.now).is_ok();
                self.durable(synced);
            }
            10 => {
                let sealed = self.store.seal(self.now).is_ok();
                self.durable(sealed);
            }
            11 => {
                self.now += 11 * SECOND;
                self.failures += usize::from(self.store.tick(self.now).is_err());
            }
            6 => {
                let next = self.promised.lock().unwrap().cursor_begun + 1;
                self.promise(|p| p.cursor_begun = next);
                let text = format!("cursor {next}");
                let written = folder(&self.disk).write_durably(&cursor_path(), text.as_bytes());
                if written.is_ok() {
                    self.promise(|p| p.cursor = next);
                }
            }
            _ => {}
        }
        if number % 60 == 59 {
            let compacted = self.store.compact(self.now).is_ok();
            self.durable(compacted);
        }
    }
}

/// What a store holds: first and last `seq` of an unbroken run, and every row whole.
fn held(reader: &StoreReader) -> (i64, i64) {
    let snapshot = reader.snapshot().expect("a snapshot");
    let mut scan = snapshot.scan(all());
    let batches: Vec<_> = scan.by_ref().map(|batch| batch.expect("a batch")).collect();
    let stats = scan.stats();
    assert_eq!((stats.segments_corrupt, stats.segments_gone), (0, 0));
    assert_whole(&batches);
    let found = ints(&batches, "seq");
    let Some((first, last)) = found.first().zip(found.last()) else { return (1, 0) };
    assert_eq!(found, (*first..=*last).collect::<Vec<_>>(), "rows have no hole");
    (*first, *last)
}

/// Opens what a crash left, and checks it.
fn check(image: Image, crash: Crash, promised: &Promised) {
    let disk = FakeDisk::of(image.crash(crash));
    let boot = if crash == Crash::Kill { 1 } else { 2 };
    let mut store = open_on(&disk, boot).expect("opens after a crash");
    let (first, last) = held(&store.reader());
    let least = if crash == Crash::Kill { promised.appended } else { promised.durable };
    assert!(last >= least, "{crash:?}: {last} of {promised:?}");
    assert!(last <= promised.begun, "{crash:?}: {last} of {promised:?}");
    let kept = i64::try_from(KEEP).unwrap();
    assert!(first <= (last - kept + 1).max(1), "{crash:?}: from {first} to {last}");
    let cursor = folder(&disk).read(&cursor_path()).map_or(0, |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        text.strip_prefix("cursor ").unwrap().parse::<u64>().unwrap()
    });
    assert!((promised.cursor..=promised.cursor_begun).contains(&cursor), "{crash:?}: {cursor}");
    let faults = verify_on(&folder(&disk), &[&SAMPLE]).faults;
    assert!(faults.is_empty(), "{crash:?}: {faults:?}");
    // It goes on: no number twice, and what comes now is kept.
    let (next, _) = store.append(rows(last + 1, 2, MIDNIGHT)).expect("appends after a crash");
    let number = last.unsigned_abs() + 1;
    if crash == Crash::Kill {
        assert_eq!(next, number);
    } else {
        assert!(next >= promised.begun.unsigned_abs(), "{crash:?}: {next} was seen by readers");
    }
    store.seal(MIDNIGHT).expect("seals after a crash");
}

fn verify_on(folder: &Folder, tables: &[&'static evtables_schema::TableSpec]) -> Verified {
    crate::verify::verify_folder(folder, tables, &mut |_, _| {}).expect("the manifest is whole")
}

/// Runs `steps` of the workload; each change is a crash point of each kind.
fn crash_everywhere(steps: usize, kinds: &'static [fn(usize) -> Crash]) -> usize {
    let (disk, promised) = (FakeDisk::new(), Arc::<Mutex<Promised>>::default());
    let points = Arc::new(AtomicUsize::new(0));
    let (counted, known) = (points.clone(), promised.clone());
    disk.on_change(move |number, image| {
        let promised = *known.lock().unwrap();
        let point = counted.fetch_add(1, Ordering::Relaxed);
        let kind = kinds[(number + point) % kinds.len()](point);
        check(image.clone(), kind, &promised);
    });
    let mut workload = Workload::new(disk.clone(), &promised);
    for number in 0..steps {
        workload.step(number);
    }
    assert_eq!(workload.failures, 0);
    assert!(disk.changes() > steps);
    points.load(Ordering::Relaxed)
}

#[test]
fn killed_before_and_inside_every_change() {
    let points = crash_everywhere(1_050, &[|_| Crash::Kill]);
    assert!(points >= 3_400, "{points} crash points");
}

#[test]
fn power_lost_before_and_inside_every_change() {
    let points = crash_everywhere(1_050, &[|_| Crash::PowerLoss]);
    assert!(points >= 3_400, "{points} crash points");
}

#[test]
fn power_lost_with_any_part_of_what_was_not_synced() {
    let points = crash_everywhere(1_050, &[|point| Crash::Partly(point as u64)]);
    assert!(points >= 3_400, "{points} crash points");
}

/// One run in which changes fail; afterwards the disk is well again.
fn fail_at(failure: Failure) -> usize {
    let (disk, promised) = (FakeDisk::new(), Arc::<Mutex<Promised>>::default());
    let mut workload = Workload::new(disk.clone(), &promised);
    disk.fail(Some(Failure { from: failure.from + disk.changes(), ..failure }));
    let seen_by_others = StoreReader::open_on(Arc::new(disk.clone()), Path::new(DIR), &[&SAMPLE]);
    let seen_by_others = seen_by_others.expect("a reader");
    for number in 0..72 {
        workload.step(number);
        let last = workload.last();
        if number % 3 != 2 {
            continue;
        }
        assert_eq!(held(&workload.store.reader()).1, last, "{failure:?}");
        assert!(held(&seen_by_others).1 >= promised.lock().unwrap().durable, "{failure:?}");
        // Power may fail at any time, now too.
        let promised = *promised.lock().unwrap();
        if number % 6 == 5 {
            check(disk.image(), Crash::PowerLoss, &promised);
            check(disk.image(), Crash::Kill, &promised);
        }
    }
    disk.fail(None);
    let failures = workload.failures;
    workload.now += 60 * SECOND;
    workload.store.tick(workload.now).expect("a well disk is enough");
    workload.append(3);
    workload.store.compact(workload.now).expect("a well disk is enough");
    workload.promise(|p| p.durable = p.appended);
    assert_eq!(held(&workload.store.reader()).1, workload.last());
    let promised = *promised.lock().unwrap();
    check(disk.image(), Crash::PowerLoss, &promised);
    check(disk.image(), Crash::Kill, &promised);
    failures
}

/// Every `step`th change fails, alone and with the ones after it.
fn fail_everywhere(kind: IoError, count: usize, step: usize) {
    let mut failed = 0;
    for from in (1..300).step_by(step) {
        failed += usize::from(fail_at(Failure { from, count, kind }) > 0);
    }
    assert!(failed > 150 / step, "{failed} runs failed somewhere");
}

#[test]
fn any_change_may_fail_once() {
    fail_everywhere(IoError::Other, 1, 3);
}

#[test]
fn a_disk_may_be_full_for_a_while() {
    fail_everywhere(IoError::StorageFull, 25, 5);
}

#[test]
fn a_disk_may_become_read_only_for_a_while() {
    fail_everywhere(IoError::ReadOnlyFilesystem, 60, 9);
}

#[test]
fn too_little_free_space_drops_the_oldest_and_then_refuses() {
    let disk = FakeDisk::new();
    let retention = Retention { free_bytes_min: Some(1_000_000), ..Retention::default() };
    let options = Options { retention, ..crash_options(1) };
    let mut store =
        Store::open_on(Arc::new(disk.clone()), Path::new(DIR), options, MIDNIGHT, &[&SAMPLE])
            .unwrap();
    for first in [1, 101, 201] {
        store.append(rows(first, 100, MIDNIGHT + first * SECOND)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    disk.set_free(Some(1_000_000));
    store.tick(MIDNIGHT + 20 * SECOND).unwrap();
    assert_eq!(held(&store.reader()), (1, 300));
    disk.set_free(Some(999_000));
    store.tick(MIDNIGHT + 40 * SECOND).unwrap();
    assert_eq!(held(&store.reader()), (101, 300), "one segment is enough");
    assert_eq!(store.append(rows(301, 1, MIDNIGHT)).unwrap_err().kind, ErrorKind::Full);
    disk.set_free(Some(1_100_000));
    store.tick(MIDNIGHT + 41 * SECOND).unwrap();
    store.append(rows(301, 1, MIDNIGHT)).unwrap();
    assert_eq!(held(&store.reader()), (101, 301));
}
