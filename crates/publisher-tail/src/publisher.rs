// SPDX-License-Identifier: Apache-2.0
//! [`TailPublisher`]: followed files as a source of events. One thread; files can wait, so nothing is
//! dropped when the engine is busy.

use crate::cut::Line;
use crate::positions::{FileId, Position, Positions};
use crate::watch::Watch;
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{
    Emitter, HookState, HookStatus, LossCount, Outcome, Publisher, PublisherError, Stage,
    TableStatus,
};
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::cell::Cell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[cfg(not(windows))]
use evtables_schema::generated::logger_events::linux as face;
#[cfg(windows)]
use evtables_schema::generated::logger_events::windows as face;

/// The table of this system.
pub static TABLE: &TableSpec = &face::TABLE;

/// Rows at which a batch is closed, and batches that wait for room on the bus.
const BATCH_ROWS_MAX: usize = 1_024;
const WAITING_MAX: usize = 16;
/// Files of all patterns together.
const FILES_MAX: usize = 256;
/// Between two looks at files, and at folders.
const READ_EACH: Duration = Duration::from_millis(250);
const FIND_EACH: Duration = Duration::from_secs(1);
/// What is written as a position is this old: its rows are in the store by then.
const SETTLED_AFTER: Duration = Duration::from_secs(3);
const REGEX_BYTES_MAX: usize = 1 << 20;

/// Files to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// What their lines are called.
    pub name: String,
    /// A path, whose parts may be patterns.
    pub path: String,
    /// A line is kept when one of them matches, or when there is none.
    pub regex: Vec<String>,
}

impl Follow {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// Which key is wrong, and why.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        if !Path::new(&self.path).has_root() {
            return Err(("path", "must be absolute".to_owned()));
        }
        self.patterns().map(drop).map_err(|error| ("regex", error))
    }

    fn patterns(&self) -> Result<RegexSet, String> {
        let mut builder = RegexSetBuilder::new(&self.regex);
        builder.size_limit(REGEX_BYTES_MAX).build().map_err(|error| error.to_string())
    }
}

/// A row of the table that is in the store already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// `logger_watch_file`.
    pub path: PathBuf,
    /// `file_id`.
    pub file: FileId,
    /// `line_end`.
    pub line_end: u64,
    /// When it was read.
    pub time_ns: i64,
}

/// How a [`TailPublisher`] works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailOptions {
    /// What is followed; nothing: the table is off.
    pub follows: Vec<Follow>,
    /// The file of positions.
    pub positions: PathBuf,
    /// The last stored row of each file.
    pub stored: Vec<Stored>,
}

#[derive(Debug, Default)]
struct Shared {
    stop: AtomicBool,
    seen: AtomicU64,
    filtered: AtomicU64,
    sent: AtomicU64,
    files: AtomicU64,
    left_out: AtomicU64,
}

/// Fills the table of followed files.
pub struct TailPublisher {
    options: TailOptions,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl TailPublisher {
    /// Nothing is opened before [`Publisher::start`].
    #[must_use]
    pub fn new(options: TailOptions) -> Self {
        Self { options, shared: Arc::default(), thread: None }
    }
}

impl Publisher for TailPublisher {
    fn name(&self) -> &'static str {
        "tail"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![TABLE]
    }

    fn table_states(&self) -> Vec<TableStatus> {
        let off = "no file is followed: evtables.sources.tail names them";
        let reason = self.options.follows.is_empty().then(|| off.to_owned());
        vec![TableStatus { table: TABLE, reason }]
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        if self.options.follows.is_empty() {
            return Ok(());
        }
        let fail = |what: &str, reason: String| PublisherError { what: what.to_owned(), reason };
        let worker = Worker::new(&self.options, Arc::clone(&self.shared), emitter)
            .map_err(|reason| fail("follow files", reason))?;
        let thread = std::thread::Builder::new().name("tail".into()).spawn(move || worker.run());
        self.thread = Some(thread.map_err(|e| fail("start a thread", e.to_string()))?);
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        let (files, left_out) = (
            self.shared.files.load(Ordering::Relaxed),
            self.shared.left_out.load(Ordering::Relaxed),
        );
        let reason = match (files, left_out) {
            (_, 1..) => Some(format!("{left_out} files more than {FILES_MAX} are left out")),
            (0, _) => Some("there is no such file yet".to_owned()),
            _ => None,
        };
        let one = HookStatus {
            hook: "followed files".to_owned(),
            event_table: TABLE.name,
            tier: "A",
            mechanism: "poll",
            state: HookState::Attached,
            error: None,
            reason,
            run_count: None,
            avg_ns: None,
        };
        self.thread.iter().map(|_| one.clone()).collect()
    }

    fn ledger(&self) -> Vec<LossCount> {
        let line = |stage, outcome, reason, count| LossCount {
            table: TABLE,
            stage,
            outcome,
            reason,
            cpu: None,
            count,
        };
        let sent = self.shared.sent.load(Ordering::Relaxed);
        let filtered = self.shared.filtered.load(Ordering::Relaxed);
        let seen = self.shared.seen.load(Ordering::Relaxed);
        vec![
            line(Stage::Decode, Outcome::Filtered, "regex", filtered),
            line(Stage::Decode, Outcome::Pending, "", seen.saturating_sub(sent + filtered)),
            line(Stage::Kernel, Outcome::Seen, "", seen),
        ]
    }

    fn stop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for TailPublisher {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Rows on their way to the bus.
struct Rows {
    builder: face::Builder,
    waiting: VecDeque<EventBatch>,
    text: String,
    file: String,
}

impl Rows {
    fn push(&mut self, name: &str, path: &Path, id: FileId, line: Line<'_>, end: u64) {
        use std::fmt::Write as _;
        self.text.clear();
        for chunk in line.bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                let _ = write!(self.text, "\\x{byte:02x}");
            }
        }
        self.file.clear();
        let _ = write!(self.file, "{id}");
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.builder.push(&face::Row {
            logger_name: Some(name),
            logger_watch_file: path.to_str(),
            log_entry: Some(&self.text),
            time: now_ns(),
            line_size: Some(signed(line.size)),
            line_truncated: Some(line.is_cut().into()),
            file_id: Some(&self.file),
            line_end: Some(signed(end)),
        });
        if self.builder.rows() >= BATCH_ROWS_MAX {
            self.close();
        }
    }

    fn close(&mut self) {
        if self.builder.rows() > 0 {
            self.waiting.push_back(self.builder.finish());
        }
    }
}

fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

struct Worker {
    watches: Vec<(String, Option<RegexSet>, Watch)>,
    positions: Positions,
    file: PathBuf,
    /// Positions whose rows are all sent, with when that was; the newest last.
    settling: VecDeque<(Instant, Positions)>,
    rows: Rows,
    shared: Arc<Shared>,
    emitter: Emitter,
    turn: u64,
}

impl Worker {
    fn new(options: &TailOptions, shared: Arc<Shared>, emitter: Emitter) -> Result<Self, String> {
        let mut positions = Positions::read(&options.positions);
        for row in &options.stored {
            resume(&mut positions, row);
        }
        let mut watches = Vec::new();
        for follow in &options.follows {
            let patterns = follow.patterns()?;
            let patterns = (!patterns.is_empty()).then_some(patterns);
            watches.push((follow.name.clone(), patterns, Watch::new(&follow.path)));
        }
        Ok(Self {
            watches,
            positions,
            file: options.positions.clone(),
            settling: VecDeque::new(),
            rows: Rows {
                builder: face::Builder::default(),
                waiting: VecDeque::new(),
                text: String::new(),
                file: String::new(),
            },
            shared,
            emitter,
            turn: 0,
        })
    }

    fn run(mut self) {
        let mut find_at = Instant::now();
        // A first start begins at the ends of files: that is remembered before anything is read.
        self.find(&mut find_at);
        self.write(&self.positions.clone());
        while !self.shared.stop.load(Ordering::Relaxed) {
            self.find(&mut find_at);
            let more = self.read();
            self.rows.close();
            let all_sent = self.send();
            if all_sent {
                self.settle();
            }
            if !more || !all_sent {
                std::thread::park_timeout(READ_EACH);
            }
        }
        // What the bus has no room for was not taken: its lines are read again.
        if !self.send() {
            let unsent: usize = self.rows.waiting.iter().map(|batch| batch.rows).sum();
            self.shared.seen.fetch_sub(unsent as u64, Ordering::Relaxed);
        }
    }

    fn find(&mut self, at: &mut Instant) {
        let now = Instant::now();
        if now < *at {
            return;
        }
        *at = now + FIND_EACH;
        let (mut files, mut left_out) = (0, 0);
        for (_, _, watch) in &mut self.watches {
            let room = FILES_MAX.saturating_sub(files);
            left_out += watch.find(&mut self.positions, room, self.turn, now);
            files += watch.files();
        }
        self.shared.files.store(files as u64, Ordering::Relaxed);
        self.shared.left_out.store(left_out as u64, Ordering::Relaxed);
    }

    /// `true` when there is more.
    fn read(&mut self) -> bool {
        let (now, mut more) = (Instant::now(), false);
        self.turn += 1;
        let full = Cell::new(self.rows.waiting.len() >= WAITING_MAX);
        for (name, patterns, watch) in &mut self.watches {
            let (rows, shared) = (&mut self.rows, &self.shared);
            let mut take = |path: &Path, id: FileId, line: Line<'_>, end: u64| {
                shared.seen.fetch_add(1, Ordering::Relaxed);
                if patterns.as_ref().is_none_or(|patterns| patterns.is_match(line.bytes)) {
                    rows.push(name, path, id, line, end);
                    full.set(rows.waiting.len() >= WAITING_MAX);
                } else {
                    shared.filtered.fetch_add(1, Ordering::Relaxed);
                }
            };
            more |= watch.read(&mut self.positions, self.turn, now, &|| full.get(), &mut take);
        }
        more
    }

    /// `false` when some must wait.
    fn send(&mut self) -> bool {
        while let Some(batch) = self.rows.waiting.pop_front() {
            let rows = batch.rows as u64;
            if let Err(batch) = self.emitter.offer(batch) {
                self.rows.waiting.push_front(batch);
                return false;
            }
            self.shared.sent.fetch_add(rows, Ordering::Relaxed);
        }
        true
    }

    /// Remembers where reading stands, and writes what has stood for a while.
    fn settle(&mut self) {
        let mut settled = None;
        while let Some((at, _)) = self.settling.front()
            && at.elapsed() >= SETTLED_AFTER
        {
            settled = self.settling.pop_front();
        }
        if let Some((_, positions)) = settled {
            self.write(&positions);
        }
        let due = self.settling.back().is_none_or(|(at, _)| at.elapsed() >= FIND_EACH);
        if due {
            self.positions.saved_ns = now_ns();
            self.settling.push_back((Instant::now(), self.positions.clone()));
        }
    }

    fn write(&self, positions: &Positions) {
        if let Err(error) = positions.write(&self.file) {
            tracing::error!("failed to write {}: {error}", self.file.display());
        }
    }
}

/// A stored row that is younger than the positions says where reading goes on.
fn resume(positions: &mut Positions, row: &Stored) {
    let saved = positions.saved_ns;
    let known = positions.files.get_mut(&row.file);
    match known {
        Some(_) if row.time_ns <= saved => {}
        Some(position) => {
            // Cut off in between: the head is another one than the positions know.
            if row.line_end < position.offset {
                position.head = crate::positions::Head::default();
            }
            position.offset = row.line_end;
        }
        None if row.time_ns <= saved => {}
        None => {
            let (path, offset) = (row.path.clone(), row.line_end);
            let head = crate::positions::Head::default();
            positions.files.insert(row.file, Position { path, offset, head, turn: 0 });
        }
    }
}

#[cfg(test)]
#[path = "publisher_tests.rs"]
mod tests;
