// SPDX-License-Identifier: Apache-2.0
//! The publisher: reads logs in the order of their events, makes rows of them, and hands those over.
//! It waits for the engine instead of dropping, because a file can wait.

use crate::bad::{Bad, UNKNOWN_FORMAT};
use crate::input::{Counted, Unit, units_of};
use crate::mapper::Mapper;
use crate::merge::{Item, Merge, bytes_of, load};
use crate::report::Report;
use crate::trace;
use evtables_schema::generated::event_log_data::windows as event_log;
use evtables_schema::{EventBatch, Platform, TableSpec, event_tables};
use evtables_sdk::{Emitter, HookStatus, LossCount, Outcome, Publisher, PublisherError, Stage};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest time that a paced replay sleeps without a look at its surroundings.
const NAP: Duration = Duration::from_millis(50);
/// Rows wait no longer than this in a paced replay.
const PACED_BATCH: Duration = Duration::from_millis(200);
/// The report that others see is this old at most.
const REPORT_AGE: Duration = Duration::from_millis(200);

/// What is replayed, and how.
#[derive(Debug, Clone)]
pub struct ReplayOptions {
    /// Files, folders, patterns; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// How many times as fast as it happened; `None` is as fast as possible.
    pub pace: Option<f64>,
    /// Whether the first bad record ends it.
    pub strict: bool,
}

/// How far a replay is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read from the disk.
    pub bytes: u64,
    /// Bytes of all inputs; 0 when that is not known.
    pub bytes_total: u64,
    /// Records read.
    pub records: u64,
    /// Event time of the last record, nanoseconds.
    pub time_ns: i64,
    /// Whether it is over.
    pub is_done: bool,
}

#[derive(Debug, Default)]
struct Shared {
    bytes: Arc<AtomicU64>,
    records: AtomicU64,
    time_ns: AtomicU64,
    stop: AtomicBool,
    done: AtomicBool,
    report: Mutex<Report>,
    /// Why it ended early.
    failure: Mutex<Option<String>>,
}

impl Shared {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn fail(&self, why: String) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    fn show(&self, report: &Report) {
        report.clone_into(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Where a replay can be watched from, while the engine owns the publisher.
#[derive(Debug, Clone)]
pub struct ReplayWatch {
    shared: Arc<Shared>,
    bytes_total: u64,
}

impl ReplayWatch {
    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            // Before the counters: what it promises must be in them.
            is_done: self.shared.done.load(Ordering::Acquire),
            bytes: load(&self.shared.bytes),
            bytes_total: self.bytes_total,
            records: load(&self.shared.records),
            time_ns: i64::from_le_bytes(load(&self.shared.time_ns).to_le_bytes()),
        }
    }

    /// The balance so far; final once [`Progress::is_done`].
    #[must_use]
    pub fn report(&self) -> Report {
        self.shared.report.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why it ended before the end, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it early.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }
}

/// Replays recorded logs.
pub struct ReplayPublisher {
    options: ReplayOptions,
    units: Vec<Unit>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl ReplayPublisher {
    /// Finds the inputs; nothing of them is read yet.
    ///
    /// # Errors
    /// Names the path that is not there.
    pub fn new(options: ReplayOptions) -> Result<Self, String> {
        let units = units_of(&options.paths)?;
        Ok(Self { options, units, shared: Arc::default(), thread: None })
    }

    /// Inputs found: files, without a look into archives.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.units.len()
    }

    /// For watching it.
    #[must_use]
    pub fn watch(&self) -> ReplayWatch {
        ReplayWatch { shared: Arc::clone(&self.shared), bytes_total: bytes_of(&self.units) }
    }
}

impl Publisher for ReplayPublisher {
    fn name(&self) -> &'static str {
        "replay"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        event_tables().filter(|table| table.platform == Platform::Windows).collect()
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        let fail = |reason: String| PublisherError { what: "replay logs".into(), reason };
        let mapper = Mapper::new().map_err(fail)?;
        let units = std::mem::take(&mut self.units);
        let (options, shared) = (self.options.clone(), Arc::clone(&self.shared));
        let work = move || {
            let replay = Replay {
                emitter,
                mapper,
                report: Report::default(),
                shown: Instant::now(),
                pacer: options.pace.map(Pacer::new),
                strict: options.strict,
                shared: &shared,
            };
            replay.run(units);
            shared.done.store(true, Ordering::Release);
        };
        let thread = std::thread::Builder::new().name("replay".into()).spawn(work);
        self.thread = Some(thread.map_err(|e| fail(e.to_string()))?);
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        Vec::new()
    }

    fn ledger(&self) -> Vec<LossCount> {
        let report = self.shared.report.lock().unwrap_or_else(PoisonError::into_inner);
        let line = |table, outcome, reason, count| {
            LossCount::new(table, Stage::Decode, outcome, reason, count)
        };
        let log = &event_log::TABLE;
        let mut lines = vec![line(log, Outcome::Seen, "", report.records + report.bad_records())];
        for (reason, count) in &report.bad {
            lines.push(line(log, Outcome::Lost, reason, *count));
        }
        for (name, rows) in &report.rows {
            if let Some(table) = evtables_schema::table(name) {
                lines.push(line(table, Outcome::Seen, "", *rows));
            }
        }
        lines
    }

    fn stop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic was counted where it happened, and the balance says what was read.
            let _ = thread.join();
        }
    }
}

struct Replay<'s> {
    emitter: Emitter,
    mapper: Mapper,
    report: Report,
    shown: Instant,
    pacer: Option<Pacer>,
    strict: bool,
    shared: &'s Shared,
}

impl Replay<'_> {
    fn run(mut self, units: Vec<Unit>) {
        let merge = Merge::new(units, Arc::clone(&self.shared.bytes), || self.shared.is_stopped());
        let _ = merge.run(&mut |item| self.take(item));
        self.flush();
        self.mapper.settle(&mut self.report);
        self.shared.show(&self.report);
    }

    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        match item {
            Item::Coming(block) => self.mapper.look_ahead(block),
            Item::Record(record, is_late) => {
                self.report.late += u64::from(is_late);
                self.wait_for(record.head.time_ns)?;
                let (emitter, mut open) = (&self.emitter, true);
                self.mapper.push(record, &mut self.report, &mut |batch| {
                    open &= emitter.send_waiting(batch);
                });
                self.shared.records.store(self.report.records, Ordering::Relaxed);
                let time = u64::from_le_bytes(record.head.time_ns.to_le_bytes());
                self.shared.time_ns.store(time, Ordering::Relaxed);
                if !open {
                    self.shared.fail("the engine is gone".into());
                    return ControlFlow::Break(());
                }
            }
            Item::Bad(input, bad) => {
                self.report.bad(input, bad);
                if self.strict && bad.reason != UNKNOWN_FORMAT {
                    self.shared.fail(format!("{input}: {}: {}", bad.place, bad.reason));
                    return ControlFlow::Break(());
                }
            }
            Item::Trace(input, file) => self.trace(input, file)?,
            Item::Ended => self.report.inputs += 1,
        }
        if self.report.records.is_multiple_of(256) && self.shown.elapsed() >= REPORT_AGE {
            self.shown = Instant::now();
            self.mapper.settle(&mut self.report);
            self.shared.show(&self.report);
        }
        if self.shared.is_stopped() {
            self.shared.fail("stopped".into());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Reads a trace; other logs wait meanwhile.
    fn trace(&mut self, input: &str, file: File) -> ControlFlow<()> {
        let mut report = std::mem::take(&mut self.report);
        let counted = Counted::new(file, Arc::clone(&self.shared.bytes));
        let before = report.records;
        let mut around = Around { replay: self, events: before, rows: Vec::new() };
        let read = trace::replay(input, counted, &mut report, &mut around);
        for (table, rows) in around.rows {
            report.rows(table, rows);
        }
        self.report = report;
        let open = match read {
            Ok(whole) => whole,
            Err(error) => {
                let bad = Bad::part("unreadable_trace", error);
                self.report.bad(input, &bad);
                if self.strict {
                    self.shared.fail(format!("{input}: {}: {}", bad.place, bad.reason));
                }
                !self.strict
            }
        };
        if open { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// In a paced replay: until the record is due. What was collected goes out meanwhile.
    fn wait_for(&mut self, time_ns: i64) -> ControlFlow<()> {
        while let Some(pacer) = &mut self.pacer
            && let Some(rest) = pacer.rest(time_ns)
        {
            if pacer.is_batch_due() {
                self.flush();
            } else {
                std::thread::sleep(rest.min(NAP));
            }
            if self.shared.is_stopped() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn flush(&mut self) {
        let emitter = &self.emitter;
        self.mapper.flush(&mut |batch| {
            // What is lost here is counted by the emitter.
            emitter.send_waiting(batch);
        });
    }
}

/// The surroundings of a trace.
struct Around<'r, 's> {
    replay: &'r mut Replay<'s>,
    /// Records and events so far.
    events: u64,
    rows: Vec<(&'static TableSpec, usize)>,
}

impl trace::Surroundings for Around<'_, '_> {
    fn read(&mut self, events: usize, time_ns: i64) -> ControlFlow<()> {
        self.replay.wait_for(time_ns)?;
        self.events += events as u64;
        let shared = self.replay.shared;
        shared.records.store(self.events, Ordering::Relaxed);
        let time = u64::from_le_bytes(time_ns.to_le_bytes());
        shared.time_ns.store(time, Ordering::Relaxed);
        if shared.is_stopped() {
            shared.fail("stopped".into());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn batch(&mut self, batch: EventBatch) -> ControlFlow<()> {
        let (table, rows) = (batch.table, batch.rows);
        if !self.replay.emitter.send_waiting(batch) {
            self.replay.shared.fail("the engine is gone".into());
            return ControlFlow::Break(());
        }
        self.rows.push((table, rows));
        ControlFlow::Continue(())
    }
}

/// The clock of a paced replay: it starts with the first record.
struct Pacer {
    factor: f64,
    begun: Option<(Instant, i64)>,
    flushed: Instant,
}

impl Pacer {
    fn new(factor: f64) -> Self {
        Self { factor, begun: None, flushed: Instant::now() }
    }

    /// Time until a record is due; `None` when it is.
    #[allow(clippy::cast_precision_loss)] // a clock for people
    fn rest(&mut self, time_ns: i64) -> Option<Duration> {
        let (begun, first) = *self.begun.get_or_insert((Instant::now(), time_ns));
        let after = (time_ns - first) as f64 / 1e9 / self.factor.max(1e-6);
        let due = Duration::try_from_secs_f64(after.max(0.0)).ok()?;
        due.checked_sub(begun.elapsed()).filter(|rest| !rest.is_zero())
    }

    fn is_batch_due(&mut self) -> bool {
        let is_due = self.flushed.elapsed() >= PACED_BATCH;
        if is_due {
            self.flushed = Instant::now();
        }
        is_due
    }
}
