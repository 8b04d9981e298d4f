// SPDX-License-Identifier: Apache-2.0
//! [`TailPublisher`]: followed files as a source of events. One thread; files can wait, so nothing is
//! dropped when the engine is busy.

use crate::cut::Unit;
use crate::watch::Watch;
use crate::worker::{Piece, Reader, Shared, Stored, Taken, Worker, now_ns, positions};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{
    Emitter, HookStatus, LossCount, Outcome, Publisher, PublisherError, TableStatus,
};
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

#[cfg(not(windows))]
use evtables_schema::generated::logger_events::linux as face;
#[cfg(windows)]
use evtables_schema::generated::logger_events::windows as face;

/// The table of this system.
pub static TABLE: &TableSpec = &face::TABLE;

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
        let (mut reader, mut watches) = (Lines::default(), Vec::new());
        for follow in &self.options.follows {
            let patterns = follow.patterns().map_err(|reason| fail("follow files", reason))?;
            let patterns = (!patterns.is_empty()).then_some(patterns);
            reader.follows.push((follow.name.clone(), patterns));
            watches.push(Watch::new(&follow.path, Unit::Lines));
        }
        let file = self.options.positions.clone();
        let positions = positions(&file, &self.options.stored);
        let shared = Arc::clone(&self.shared);
        let worker = Worker::new(reader, watches, positions, file, shared, emitter);
        let thread = std::thread::Builder::new().name("tail".into()).spawn(move || worker.run());
        self.thread = Some(thread.map_err(|e| fail("start a thread", e.to_string()))?);
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        self.thread.iter().map(|_| self.shared.hook("followed files", TABLE)).collect()
    }

    fn ledger(&self) -> Vec<LossCount> {
        self.shared.ledger::<Lines>(TABLE)
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

/// Lines to rows.
#[derive(Default)]
struct Lines {
    /// By position of the watch: its name, and the patterns that a line must match one of.
    follows: Vec<(String, Option<RegexSet>)>,
    builder: face::Builder,
    text: String,
    file: String,
}

impl Reader for Lines {
    const REASONS: &'static [(Outcome, &'static str)] = &[(Outcome::Filtered, "regex")];
    const HOLD: Duration = Duration::ZERO;

    fn take(&mut self, piece: &Piece<'_>) -> Taken {
        let Some((name, patterns)) = self.follows.get(piece.watch) else { return Taken::No(0) };
        let line = piece.line;
        if patterns.as_ref().is_some_and(|patterns| !patterns.is_match(line.bytes)) {
            return Taken::No(0);
        }
        set_lossless(&mut self.text, line.bytes);
        set(&mut self.file, piece.id);
        self.builder.push(&face::Row {
            logger_name: Some(name),
            logger_watch_file: piece.path.to_str(),
            log_entry: Some(&self.text),
            time: now_ns(),
            line_size: Some(signed(line.size)),
            line_truncated: Some(line.is_cut().into()),
            file_id: Some(&self.file),
            line_end: Some(signed(piece.end)),
        });
        Taken::Row
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

/// SQL has no unsigned integers; sizes of files never reach the end of those that it has.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn set(out: &mut String, value: impl std::fmt::Display) {
    use std::fmt::Write as _;
    out.clear();
    let written = write!(out, "{value}");
    debug_assert!(written.is_ok(), "a string takes all text");
}

/// Bytes that are not UTF-8 are written `\xNN`.
pub(crate) fn set_lossless(out: &mut String, bytes: &[u8]) {
    use std::fmt::Write as _;
    out.clear();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let written = write!(out, "\\x{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes all text");
        }
    }
}

#[cfg(test)]
#[path = "publisher_tests.rs"]
mod tests;
