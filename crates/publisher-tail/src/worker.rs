// SPDX-License-Identifier: Apache-2.0
//! The thread that follows files for a publisher: looks, hands over what is new, sends the rows, remembers
//! where reading stands. What a piece of a file means is the publisher's ([`Reader`]).

use crate::cut::Line;
use crate::positions::{FileId, Head, Position, Positions};
use crate::watch::Watch;
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{Emitter, HookState, HookStatus, LossCount, Outcome, Stage};
use std::cell::Cell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Rows at which a batch is closed, and batches that wait for room on the bus.
const BATCH_ROWS_MAX: usize = 1_024;
const WAITING_MAX: usize = 16;
/// Files of all patterns together.
pub(crate) const FILES_MAX: usize = 256;
/// Between two looks at files, and at folders.
const READ_EACH: Duration = Duration::from_millis(250);
const FIND_EACH: Duration = Duration::from_secs(1);
/// What is written as a position is this old: its rows are in the store by then.
const SETTLED_AFTER: Duration = Duration::from_secs(3);

/// A row that is in the store already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The file that it was made of.
    pub path: PathBuf,
    /// Which file that is.
    pub file: FileId,
    /// Place behind what it was made of.
    pub end: u64,
    /// When that was read.
    pub time_ns: i64,
}

/// A whole line or record, and where it stood.
pub(crate) struct Piece<'a> {
    /// Position among the reader's watches.
    pub(crate) watch: usize,
    pub(crate) path: &'a Path,
    pub(crate) id: FileId,
    pub(crate) line: Line<'a>,
    /// The place behind it.
    pub(crate) end: u64,
}

/// What became of a piece.
pub(crate) enum Taken {
    Row,
    /// None was made, for the reason at this position of [`Reader::REASONS`].
    No(usize),
}

/// Makes rows of what is read.
pub(crate) trait Reader: Send + 'static {
    /// Why a piece has no row, as the ledger says it: at most [`REASONS_MAX`].
    const REASONS: &'static [(Outcome, &'static str)];
    /// Rows wait so long before they are sent, so that process rows of the same moment go first.
    const HOLD: Duration;

    fn take(&mut self, piece: &Piece<'_>) -> Taken;
    /// Rows of the open batch.
    fn rows(&self) -> usize;
    fn finish(&mut self) -> EventBatch;
}

pub(crate) const REASONS_MAX: usize = 4;

/// What the thread tells the publisher.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) stop: AtomicBool,
    pub(crate) seen: AtomicU64,
    pub(crate) sent: AtomicU64,
    unmade: [AtomicU64; REASONS_MAX],
    files: AtomicU64,
    left_out: AtomicU64,
}

impl Shared {
    /// The part of the ledger of the table that `R` fills. Downstream first, see `Publisher::ledger`.
    pub(crate) fn ledger<R: Reader>(&self, table: &'static TableSpec) -> Vec<LossCount> {
        let line =
            |stage, outcome, reason, count| LossCount::new(table, stage, outcome, reason, count);
        let sent = self.sent.load(Ordering::Relaxed);
        let mut lines = Vec::new();
        let mut unmade = 0;
        for ((outcome, reason), count) in R::REASONS.iter().zip(&self.unmade) {
            let count = count.load(Ordering::Relaxed);
            unmade += count;
            lines.push(line(Stage::Decode, *outcome, reason, count));
        }
        let seen = self.seen.load(Ordering::Relaxed);
        let pending = seen.saturating_sub(sent + unmade);
        lines.push(line(Stage::Decode, Outcome::Pending, "", pending));
        lines.push(line(Stage::Kernel, Outcome::Seen, "", seen));
        lines
    }

    /// The row of `evtables_hooks`.
    pub(crate) fn hook(&self, name: &str, table: &'static TableSpec) -> HookStatus {
        let (files, left_out) =
            (self.files.load(Ordering::Relaxed), self.left_out.load(Ordering::Relaxed));
        let reason = match (files, left_out) {
            (_, 1..) => Some(format!("{left_out} files more than {FILES_MAX} are left out")),
            (0, _) => Some("there is no such file yet".to_owned()),
            _ => None,
        };
        HookStatus {
            hook: name.to_owned(),
            event_table: table.name,
            tier: "A",
            mechanism: "poll",
            state: HookState::Attached,
            error: None,
            reason,
            run_count: None,
            avg_ns: None,
        }
    }
}

/// Nanoseconds since the unix epoch.
pub(crate) fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Positions that are written when all rows before them have been sent for a while.
struct Settling {
    /// Rows made until then.
    rows: u64,
    sent: Option<Instant>,
    taken: Instant,
    positions: Positions,
}

pub(crate) struct Worker<R> {
    reader: R,
    watches: Vec<Watch>,
    positions: Positions,
    file: PathBuf,
    /// The newest last.
    settling: VecDeque<Settling>,
    /// Batches for the bus, with when they were closed.
    waiting: VecDeque<(Instant, EventBatch)>,
    /// Rows of all batches that were closed.
    closed: u64,
    shared: Arc<Shared>,
    emitter: Emitter,
    turn: u64,
}

impl<R: Reader> Worker<R> {
    /// Goes on from `positions`, which are kept in `file`.
    pub(crate) fn new(
        reader: R,
        watches: Vec<Watch>,
        positions: Positions,
        file: PathBuf,
        shared: Arc<Shared>,
        emitter: Emitter,
    ) -> Self {
        Self {
            reader,
            watches,
            positions,
            file,
            settling: VecDeque::new(),
            waiting: VecDeque::new(),
            closed: 0,
            shared,
            emitter,
            turn: 0,
        }
    }

    pub(crate) fn run(mut self) {
        let mut find_at = Instant::now();
        // A first start begins at the ends of files: that is remembered before anything is read.
        self.find(&mut find_at);
        self.write(&self.positions.clone());
        while !self.shared.stop.load(Ordering::Relaxed) {
            self.find(&mut find_at);
            let more = self.read();
            self.close();
            let full = !self.send(R::HOLD);
            self.settle();
            if !more || full {
                std::thread::park_timeout(READ_EACH);
            }
        }
        // What the bus has no room for was not taken: it is read again.
        if !self.send(Duration::ZERO) {
            let unsent: usize = self.waiting.iter().map(|(_, batch)| batch.rows).sum();
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
        for watch in &mut self.watches {
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
        let full = Cell::new(self.waiting.len() >= WAITING_MAX);
        for (at, watch) in self.watches.iter_mut().enumerate() {
            let (reader, shared) = (&mut self.reader, &self.shared);
            let (waiting, closed) = (&mut self.waiting, &mut self.closed);
            let mut take = |path: &Path, id: FileId, line: Line<'_>, end: u64| {
                shared.seen.fetch_add(1, Ordering::Relaxed);
                if let Taken::No(reason) = reader.take(&Piece { watch: at, path, id, line, end }) {
                    shared.unmade.get(reason).map(|count| count.fetch_add(1, Ordering::Relaxed));
                }
                if reader.rows() >= BATCH_ROWS_MAX {
                    close(reader, waiting, closed);
                    full.set(waiting.len() >= WAITING_MAX);
                }
            };
            more |= watch.read(&mut self.positions, self.turn, now, &|| full.get(), &mut take);
        }
        more
    }

    fn close(&mut self) {
        if self.reader.rows() > 0 {
            close(&mut self.reader, &mut self.waiting, &mut self.closed);
        }
    }

    /// Sends what has waited for `hold`; `false` when the bus has no room.
    fn send(&mut self, hold: Duration) -> bool {
        while let Some((at, batch)) = self.waiting.pop_front() {
            if at.elapsed() < hold {
                self.waiting.push_front((at, batch));
                return true;
            }
            let rows = batch.rows as u64;
            if let Err(batch) = self.emitter.offer(batch) {
                self.waiting.push_front((at, batch));
                return false;
            }
            self.shared.sent.fetch_add(rows, Ordering::Relaxed);
        }
        true
    }

    /// Remembers where reading stands, and writes what has stood for a while.
    fn settle(&mut self) {
        let now = Instant::now();
        let sent = self.shared.sent.load(Ordering::Relaxed);
        for settling in self.settling.iter_mut().filter(|settling| settling.rows <= sent) {
            settling.sent.get_or_insert(now);
        }
        let mut settled = None;
        while let Some(Settling { sent: Some(at), .. }) = self.settling.front()
            && now.saturating_duration_since(*at) >= SETTLED_AFTER
        {
            settled = self.settling.pop_front();
        }
        if let Some(settled) = settled {
            self.write(&settled.positions);
        }
        // Those of a bus that is full for long are no more than these.
        let room = self.settling.len() < WAITING_MAX;
        let due = self.settling.back().is_none_or(|last| last.taken.elapsed() >= FIND_EACH);
        if due && room {
            self.positions.saved_ns = now_ns();
            let positions = self.positions.clone();
            self.settling.push_back(Settling {
                rows: self.closed,
                sent: None,
                taken: now,
                positions,
            });
        }
    }

    fn write(&self, positions: &Positions) {
        if let Err(error) = positions.write(&self.file) {
            tracing::error!("failed to write {}: {error}", self.file.display());
        }
    }
}

fn close<R: Reader>(
    reader: &mut R,
    waiting: &mut VecDeque<(Instant, EventBatch)>,
    closed: &mut u64,
) {
    let batch = reader.finish();
    *closed += batch.rows as u64;
    waiting.push_back((Instant::now(), batch));
}

/// Positions of a file, and what stored rows know better.
pub(crate) fn positions(file: &Path, stored: &[Stored]) -> Positions {
    let mut positions = Positions::read(file);
    stored.iter().for_each(|row| resume(&mut positions, row));
    positions
}

/// A stored row that is younger than the positions says where reading goes on.
fn resume(positions: &mut Positions, row: &Stored) {
    let saved = positions.saved_ns;
    let known = positions.files.get_mut(&row.file);
    match known {
        Some(_) if row.time_ns <= saved => {}
        Some(position) => {
            // Cut off in between: the head is another one than the positions know.
            if row.end < position.offset {
                position.head = Head::default();
            }
            position.offset = row.end;
        }
        None if row.time_ns <= saved => {}
        None => {
            let (path, offset) = (row.path.clone(), row.end);
            let head = Head::default();
            positions.files.insert(row.file, Position { path, offset, head, turn: 0 });
        }
    }
}
