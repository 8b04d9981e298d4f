// SPDX-License-Identifier: Apache-2.0
//! Push: rows of chosen tables, or of queries over what is new, sent at once through osquery's own
//! logger (`call logger string`) as result lines, with no new port and no new credential.
//!
//! Each (logger, item) has a cursor of its own, moved when the logger took the lines of a window: a
//! logger that is down delays nobody else, and after a restart the push goes on where it stood. Lines
//! of a window that was not taken whole are sent again (at least once). A logger gets at most
//! `max_lines_per_second`: osquery's TLS logger sends 1,024 lines in 4 seconds by default and drops
//! what is too much, so 200 is ours.

use crate::push_items::{PushConfig, PushItem};
use crate::serving::Serving;
use evtables_engine::consumers::Given;
use evtables_engine::{Batches, DataDir, Gap, GapCause, ScanSpec, Source, SourceError, host};
use evtables_osquery::{Manager, ManagerOptions, Row};
use evtables_schema::{TableSpec, time};
use evtables_sql::{Column, Database, RowSink, SqlValue};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Names of our result lines begin so.
pub(crate) const LINE_PREFIX: &str = "evtables_push_";
const STEP: Duration = Duration::from_millis(100);
/// Rows of a table that one window takes.
const WINDOW_ROWS_MAX: u64 = 1_000;
/// Lines of one window that wait: a query that gives more has failed.
const LINES_MAX: usize = 20_000;
const LINE_BYTES_MAX: usize = 8 << 20;
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// A failing item is tried again then.
const RETRY_FAILED: Duration = Duration::from_secs(60);
/// The longest that one query may take.
const QUERY_TIME_MAX: Duration = Duration::from_secs(5);

/// The thread that pushes. Dropping it ends it within a second, or when osquery lets go of a call.
pub(crate) struct Pusher {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Pusher {
    /// Starts it; it follows the settings of `serving`.
    pub(crate) fn start(serving: Arc<Serving>, socket: &Path) -> io::Result<Self> {
        let stop = Arc::<AtomicBool>::default();
        let mut push = Push {
            serving,
            socket: socket.to_owned(),
            stop: Arc::clone(&stop),
            config: PushConfig::default(),
            loggers: Vec::new(),
            lanes: Vec::new(),
        };
        let thread = std::thread::Builder::new().name("push".into()).spawn(move || push.run())?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Pusher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

struct Push {
    serving: Arc<Serving>,
    socket: PathBuf,
    stop: Arc<AtomicBool>,
    config: PushConfig,
    loggers: Vec<String>,
    lanes: Vec<Lane>,
}

impl Push {
    fn run(&mut self) {
        while !self.stop.load(Ordering::Relaxed) {
            self.follow();
            if !self.lanes.is_empty()
                && let Ok(Some(source)) = self.serving.data_dir()
            {
                for lane in &mut self.lanes {
                    lane.step(&self.serving, &source, &self.stop);
                }
            }
            std::thread::park_timeout(STEP);
        }
    }

    /// Takes over changed settings. Places are in the cursors: all begin anew, at the windows that were
    /// not taken whole.
    fn follow(&mut self) {
        let settings = self.serving.settings();
        if settings.config.push == self.config && settings.loggers == self.loggers {
            return;
        }
        self.config = settings.config.push.clone();
        self.loggers.clone_from(&settings.loggers);
        self.lanes.clear();
        if !self.config.items.is_empty() {
            let lane = |name: &String| Lane::new(name, &self.config, &self.socket);
            self.lanes = self.loggers.iter().map(lane).collect();
        }
    }
}

/// All items on their way to one logger.
struct Lane {
    logger: String,
    manager: Manager,
    lines_per_second: u32,
    /// Lines that may be sent now.
    allowance: f64,
    filled_at: Instant,
    back_off: Duration,
    wait_until: Instant,
    items: Vec<Item>,
    next: usize,
}

struct Item {
    push: PushItem,
    consumer: String,
    /// Lines of the window that is under way, and its end.
    waiting: Option<(VecDeque<String>, u64, u64)>,
    wait_until: Instant,
}

impl Lane {
    fn new(logger: &str, config: &PushConfig, socket: &Path) -> Self {
        let now = Instant::now();
        let item = |push: &PushItem| Item {
            push: push.clone(),
            consumer: format!("push/{logger}/{}", push.name),
            waiting: None,
            wait_until: now,
        };
        let options =
            ManagerOptions { reply_timeout: Duration::from_secs(10), ..ManagerOptions::CORE };
        Self {
            logger: logger.to_owned(),
            manager: Manager::new(socket, options),
            lines_per_second: config.lines_per_second,
            allowance: 0.0,
            filled_at: now,
            back_off: BACK_OFF.0,
            wait_until: now,
            items: config.items.iter().map(item).collect(),
            next: 0,
        }
    }

    /// One turn: every item sends what it may.
    fn step(&mut self, serving: &Serving, source: &DataDir, stop: &AtomicBool) {
        let now = Instant::now();
        let rate = f64::from(self.lines_per_second);
        let earned = now.duration_since(self.filled_at).as_secs_f64() * rate;
        // A second's worth may come at once.
        self.allowance = (self.allowance + earned).min(rate.max(1.0));
        self.filled_at = now;
        if now < self.wait_until {
            return;
        }
        for _ in 0..self.items.len() {
            let at = self.next % self.items.len();
            self.next = at + 1;
            let sent = self.step_item(at, serving, source, stop);
            if let Err(reason) = sent {
                self.wait_until = Instant::now() + self.back_off;
                self.back_off = (self.back_off * 2).min(BACK_OFF.1);
                let Some(item) = self.items.get(at) else { return };
                item.note(serving, &format!("waiting: {reason}"));
                return;
            }
        }
    }

    fn step_item(
        &mut self,
        at: usize,
        serving: &Serving,
        source: &DataDir,
        stop: &AtomicBool,
    ) -> Result<(), String> {
        let Some(item) = self.items.get_mut(at) else { return Ok(()) };
        if Instant::now() < item.wait_until {
            return Ok(());
        }
        if item.waiting.is_none() {
            match item.window(serving, source) {
                Ok(window) => item.waiting = window,
                Err(reason) => {
                    item.wait_until = Instant::now() + RETRY_FAILED;
                    item.note(serving, &format!("failed: {reason}"));
                    tracing::warn!("push {}: {reason}", item.push.name);
                    return Ok(());
                }
            }
        }
        let Some((lines, to, rows)) = &mut item.waiting else { return Ok(()) };
        while self.allowance >= 1.0 && !stop.load(Ordering::Relaxed) {
            let Some(line) = lines.front() else { break };
            send(&mut self.manager, &self.logger, line)?;
            self.back_off = BACK_OFF.0;
            self.allowance -= 1.0;
            lines.pop_front();
            *rows += 1;
        }
        if lines.is_empty() {
            let (to, rows) = (*to, *rows);
            item.waiting = None;
            item.advance(serving, to, Given { rows, expired: 0 }, "pushing");
        }
        Ok(())
    }
}

fn send(manager: &mut Manager, logger: &str, line: &str) -> Result<(), String> {
    let request: Row = [("string".to_owned(), line.to_owned())].into();
    let answer = manager.call("logger", logger, &request).map_err(|e| e.to_string())?;
    match answer.status.is_ok() {
        true => Ok(()),
        false => Err(format!("logger {logger}: {}", answer.status.message)),
    }
}

impl Item {
    fn key(&self) -> (&str, &'static str) {
        (&self.consumer, self.push.table.name)
    }

    fn advance(&self, serving: &Serving, to: u64, given: Given, state: &str) {
        let mut cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        cursors.advance(self.key(), (to, to), given, state);
    }

    /// Changes the state alone.
    fn note(&self, serving: &Serving, state: &str) {
        let mut cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        let at = cursors.read_through(&self.consumer, self.push.table.name).unwrap_or(0);
        cursors.advance(self.key(), (at, at), Given::default(), state);
    }

    /// The lines of the rows that came since the last window; `None` when there are none. A new item
    /// begins with what comes from now on.
    fn window(
        &self,
        serving: &Serving,
        source: &DataDir,
    ) -> Result<Option<(VecDeque<String>, u64, u64)>, String> {
        let table = self.push.table;
        let last = source.last_seq(table).map_err(|e| e.to_string())?;
        let known = {
            let cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
            cursors.read_through(&self.consumer, table.name)
        };
        let Some(from) = known else {
            self.advance(serving, last, Given::default(), "idle");
            return Ok(None);
        };
        if from >= last {
            return Ok(None);
        }
        let found = source.first_after(table, from).map_err(|e| e.to_string())?;
        let Some(first) = found else {
            let expired = evtables_store::rows_between(from, last);
            if expired > 0 {
                self.tell_expired(serving, last + 1, expired, None);
            }
            return Ok(None);
        };
        if first.expired > 0 {
            self.tell_expired(serving, first.seq, first.expired, first.time);
        }
        let to = last.min(first.seq.saturating_add(WINDOW_ROWS_MAX - 1));
        let lines = self.lines(serving, source, (first.seq.saturating_sub(1), to))?;
        Ok(Some((lines, to, 0)))
    }

    fn tell_expired(&self, serving: &Serving, first: u64, expired: u64, time: Option<i64>) {
        let mut cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        let before = first.saturating_sub(1);
        let given = Given { rows: 0, expired };
        let since = cursors.advance(self.key(), (before, before), given, "pushing");
        drop(cursors);
        serving.gap(Gap {
            event_table: Some(self.push.table.name.to_owned()),
            consumer: Some(self.consumer.clone()),
            cause: GapCause::Expired,
            count: Some(expired),
            from_time: Some(since),
            to_time: time,
        });
    }

    fn lines(
        &self,
        serving: &Serving,
        source: &DataDir,
        range: (u64, u64),
    ) -> Result<VecDeque<String>, String> {
        let window = Window { source: source.clone(), table: self.push.table, range };
        let database = Database::open(Arc::new(window)).map_err(|e| e.to_string())?;
        let watch = Watch::start(&database);
        let settings = serving.settings();
        let mut sink = Lines {
            name: format!("{LINE_PREFIX}{}", self.push.name),
            host: settings.host.identifier.clone(),
            now: host::now_seconds(),
            columns: Vec::new(),
            lines: VecDeque::new(),
            bytes: 0,
        };
        let done = database.query(&self.push.sql, &mut sink);
        drop(watch);
        done.map_err(|e| e.to_string())?;
        Ok(sink.lines)
    }
}

/// Interrupts a query that takes too long.
struct Watch {
    done: Arc<Mutex<bool>>,
    changed: Arc<std::sync::Condvar>,
}

impl Watch {
    fn start(database: &Database) -> Self {
        let (done, changed) = (Arc::<Mutex<bool>>::default(), Arc::default());
        let interrupt = database.interrupt();
        let watch = Self { done: Arc::clone(&done), changed: Arc::clone(&changed) };
        let wait = move || {
            let guard = done.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = changed.wait_timeout_while(guard, QUERY_TIME_MAX, |done| !*done);
            if !*waited.unwrap_or_else(PoisonError::into_inner).0 {
                interrupt.interrupt();
            }
        };
        // Without the thread a query is bounded by its rows alone.
        let _ = std::thread::Builder::new().name("push-watch".into()).spawn(wait);
        watch
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

/// A data dir of which one table shows its new rows alone.
struct Window {
    source: DataDir,
    table: &'static TableSpec,
    range: (u64, u64),
}

impl Source for Window {
    fn tables(&self) -> Vec<&'static TableSpec> {
        self.source.tables()
    }

    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError> {
        if spec.table() != self.table {
            return self.source.scan(spec);
        }
        let scan = self.source.scan_events(spec, Some(self.range))?;
        Ok(Box::new(scan.map(|batch| batch.map_err(|e| SourceError(e.to_string())))))
    }
}

/// Rows as osquery's event result lines: all values are text.
struct Lines {
    name: String,
    host: String,
    now: i64,
    columns: Vec<String>,
    lines: VecDeque<String>,
    bytes: usize,
}

impl RowSink for Lines {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.iter().map(|column| column.name.clone()).collect();
        Ok(())
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()> {
        let text = |value: &SqlValue<'_>| match value {
            SqlValue::Null => String::new(),
            SqlValue::Int(number) => number.to_string(),
            SqlValue::Real(number) => number.to_string(),
            SqlValue::Text(text) => (*text).to_owned(),
            SqlValue::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        };
        let columns: Map<String, Value> = self
            .columns
            .iter()
            .zip(values)
            .map(|(name, value)| (name.clone(), Value::String(text(value))))
            .collect();
        let mut calendar = String::new();
        time::write_utc_text(self.now, &mut calendar);
        let line = json!({
            "name": self.name,
            "hostIdentifier": self.host,
            "calendarTime": calendar,
            "unixTime": self.now,
            "epoch": 0,
            "counter": 0,
            "numerics": false,
            "columns": columns,
            "action": "added",
        })
        .to_string();
        self.bytes += line.len();
        if self.lines.len() >= LINES_MAX || self.bytes > LINE_BYTES_MAX {
            return Err(io::Error::other(format!(
                "more than {LINES_MAX} lines or {} MiB of one window",
                LINE_BYTES_MAX >> 20
            )));
        }
        self.lines.push_back(line);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
