// SPDX-License-Identifier: Apache-2.0
//! A logger plug-in: what core logs, as typed entries, put into a bounded queue of the owner at once,
//! because core waits with its publishers' locks held. What is done with the entries is the owner's.
//!
//! A site names it beside its own logger: `--logger_plugin=filesystem,NAME`. Core then sends `init` and
//! asks for the features; with [`LoggerFeatures::EVENT`] it sends every row of its event tables, too.

use std::collections::VecDeque;
use std::ops::BitOr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::message::{Response, Row, Status, Uuid};
use crate::table::Plugin;

#[cfg(test)]
mod tests;

/// Status lines of one request that are read.
const STATUS_LINES_MAX: usize = 4096;

/// What core shall send beside results and snapshots: the bits that answer `features`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggerFeatures(i32);

impl LoggerFeatures {
    /// Results and snapshots only.
    pub const NONE: LoggerFeatures = LoggerFeatures(0);
    /// Core's own status lines.
    pub const STATUS: LoggerFeatures = LoggerFeatures(1);
    /// Rows of core's event tables, the moment that core stores them.
    pub const EVENT: LoggerFeatures = LoggerFeatures(2);

    /// The bits as core reads them.
    pub const fn bits(self) -> i32 {
        self.0
    }
}

impl BitOr for LoggerFeatures {
    type Output = LoggerFeatures;

    fn bitor(self, other: LoggerFeatures) -> LoggerFeatures {
        LoggerFeatures(self.0 | other.0)
    }
}

/// One thing that core logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEntry {
    /// Core starts to log here; also after each new registration.
    Init {
        /// `osqueryd` or `osqueryi`.
        process: String,
        /// What core said before.
        lines: Vec<StatusLine>,
    },
    /// A result line: JSON, with `name`, `action`, `columns`, ….
    Result {
        /// The line.
        line: String,
        /// `event` for results of queries; empty when core does not say it.
        category: String,
    },
    /// A snapshot line: JSON.
    Snapshot(String),
    /// A row of one of core's event tables: JSON, without the table's name.
    Event(String),
    /// Status lines.
    Status(Vec<StatusLine>),
}

impl LogEntry {
    /// Bytes of its texts.
    pub fn bytes(&self) -> usize {
        let of_lines =
            |lines: &[StatusLine]| -> usize { lines.iter().map(StatusLine::bytes).sum() };
        match self {
            LogEntry::Init { process, lines } => process.len() + of_lines(lines),
            LogEntry::Result { line, category } => line.len() + category.len(),
            LogEntry::Snapshot(line) | LogEntry::Event(line) => line.len(),
            LogEntry::Status(lines) => of_lines(lines),
        }
    }
}

/// A line of core's status log. What is missing in the JSON is empty or 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct StatusLine {
    /// 0 info, 1 warning, 2 error, 3 fatal.
    #[serde(rename = "s")]
    pub severity: i64,
    /// File of core's source.
    #[serde(rename = "f")]
    pub file: String,
    /// Line there.
    #[serde(rename = "i")]
    pub line: u64,
    /// The text.
    #[serde(rename = "m")]
    pub message: String,
    /// Identifier of the host.
    #[serde(rename = "h")]
    pub host: String,
    /// Time in words.
    #[serde(rename = "c")]
    pub calendar_time: String,
    /// Time in seconds since 1970.
    #[serde(rename = "u")]
    pub unix_time: u64,
}

impl StatusLine {
    fn bytes(&self) -> usize {
        self.file.len() + self.message.len() + self.host.len() + self.calendar_time.len()
    }
}

/// The queue has no room: the entry is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log queue is full")]
pub struct LogFull;

/// Takes what core logs. Called with core waiting: put the entry aside and return.
/// [`LogQueue`] does that.
pub trait Logger: Send + Sync {
    /// Its name in `--logger_plugin`.
    fn name(&self) -> &str;

    /// What it wants to be sent.
    fn features(&self) -> LoggerFeatures;

    /// Takes an entry.
    ///
    /// # Errors
    /// [`LogFull`] when there is no room; core may write a warning and does not send it again.
    fn log(&self, entry: LogEntry) -> Result<(), LogFull>;
}

/// A [`Logger`] as a plug-in to be given to [`Extension::start`](crate::Extension::start).
#[derive(Debug)]
pub struct LoggerPlugin<L>(Arc<L>);

impl<L: Logger> LoggerPlugin<L> {
    /// The plug-in of this logger.
    pub fn new(logger: Arc<L>) -> LoggerPlugin<L> {
        LoggerPlugin(logger)
    }
}

impl<L: Logger> Plugin for LoggerPlugin<L> {
    fn registry(&self) -> &str {
        "logger"
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn call(&self, request: &Row) -> Response {
        if let Some(entry) = entry(request) {
            return match self.0.log(entry) {
                Ok(()) => Response::ok(Vec::new()),
                Err(full) => Response::failed(full.to_string()),
            };
        }
        if request.get("action").is_some_and(|action| action == "features") {
            let code = self.0.features().bits();
            let status = Status { code, message: "OK".to_owned(), uuid: Uuid(0) };
            return Response { status, rows: Vec::new() };
        }
        Response::failed("unsupported call to a logger")
    }
}

/// The entry that a request carries, looked for in core's order; `None` for other requests.
fn entry(request: &Row) -> Option<LogEntry> {
    let text = |key: &str| request.get(key).cloned();
    let lines = || status_lines(request.get("log").map(String::as_str).unwrap_or_default());
    if let Some(line) = text("string") {
        return Some(LogEntry::Result { line, category: text("category").unwrap_or_default() });
    }
    if let Some(line) = text("snapshot") {
        return Some(LogEntry::Snapshot(line));
    }
    if let Some(process) = text("init") {
        return Some(LogEntry::Init { process, lines: lines() });
    }
    if request.contains_key("status") {
        return Some(LogEntry::Status(lines()));
    }
    text("event").map(LogEntry::Event)
}

/// The lines of `log`; none when it cannot be read, since nobody could act on that.
fn status_lines(json: &str) -> Vec<StatusLine> {
    let mut lines: Vec<StatusLine> = serde_json::from_str(json).unwrap_or_default();
    lines.truncate(STATUS_LINES_MAX);
    lines
}

/// Bounds of a [`LogQueue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogQueueLimits {
    /// Entries that wait.
    pub entries_max: usize,
    /// Bytes of their texts.
    pub bytes_max: usize,
}

impl LogQueueLimits {
    /// 16,384 entries, 16 MiB.
    pub const CORE: LogQueueLimits = LogQueueLimits { entries_max: 16_384, bytes_max: 16 << 20 };
}

/// What a [`LogQueue`] took and dropped since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogQueueCounters {
    /// Entries taken.
    pub taken: u64,
    /// Entries dropped because the queue was full.
    pub dropped: u64,
    /// Most bytes that waited at once.
    pub bytes_peak: usize,
}

/// A bounded queue between core's calls and the owner's thread.
#[derive(Debug)]
pub struct LogQueue {
    name: String,
    features: LoggerFeatures,
    limits: LogQueueLimits,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    entries: VecDeque<LogEntry>,
    bytes: usize,
    counters: LogQueueCounters,
}

impl LogQueue {
    /// An empty queue; give it to [`LoggerPlugin::new`] and keep the other `Arc`.
    pub fn new(
        name: impl Into<String>,
        features: LoggerFeatures,
        limits: LogQueueLimits,
    ) -> Arc<LogQueue> {
        let (waiting, changed) = (Mutex::default(), Condvar::new());
        Arc::new(LogQueue { name: name.into(), features, limits, waiting, changed })
    }

    /// All entries that wait, oldest first; waits for the first one, `timeout` at most.
    pub fn take(&self, timeout: Duration) -> Vec<LogEntry> {
        let deadline = Instant::now() + timeout;
        let mut waiting = self.waiting();
        while waiting.entries.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Vec::new();
            }
            waiting =
                self.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.bytes = 0;
        waiting.entries.drain(..).collect()
    }

    /// What was taken and dropped.
    pub fn counters(&self) -> LogQueueCounters {
        self.waiting().counters
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Logger for LogQueue {
    fn name(&self) -> &str {
        &self.name
    }

    fn features(&self) -> LoggerFeatures {
        self.features
    }

    fn log(&self, entry: LogEntry) -> Result<(), LogFull> {
        let mut waiting = self.waiting();
        let bytes = waiting.bytes.saturating_add(entry.bytes());
        if waiting.entries.len() >= self.limits.entries_max || bytes > self.limits.bytes_max {
            waiting.counters.dropped += 1;
            return Err(LogFull);
        }
        waiting.entries.push_back(entry);
        waiting.bytes = bytes;
        waiting.counters.taken += 1;
        waiting.counters.bytes_peak = waiting.counters.bytes_peak.max(bytes);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }
}
