// SPDX-License-Identifier: Apache-2.0
//! The book of cursors: per (consumer, table) the `seq` up to which rows were delivered, and the
//! window `(position, window_to]` of the run under way.
//!
//! A run is told from another by its start second and by how many runs had ended when it began. A
//! window is fixed at the run's first call; all calls of the run get it; it is closed by the first
//! call of a later run, and only if the run that had it has ended and all its replies were sent: else
//! that later run is given the same window again. So a row is delivered by exactly one run that ended,
//! whatever died in between, as long as the count of ended runs is right. Where the host's result
//! lines are seen here too, a run that ended in a life of the host that is over, without a line, is
//! served again as well. The book is written to disk before a new window is used.

use super::calls::Call;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Cursors kept; beyond that the one that was read least recently is dropped.
pub const CONSUMERS_MAX: usize = 1_024;
/// A cursor that nobody used for so long is dropped.
pub const UNSEEN_SECONDS_MAX: i64 = 7 * 86_400;
const FILE_BYTES_MAX: u64 = 4 << 20;
/// How often the time of an idle cursor is written.
const LAST_READ_SECONDS: i64 = 3_600;
/// Books of one data dir that a reader looks into.
const FILES_MAX: usize = 16;

/// One execution of a consumer's query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Unix second of its start.
    pub start: i64,
    /// Runs that had ended when it began; `None` when the host keeps no such record.
    pub ended: Option<u64>,
    /// Unix second at which the last of them ended; 0 when unknown.
    pub last_ended: i64,
}

impl Run {
    fn is(self, other: Self) -> bool {
        (self.start, self.ended) == (other.start, other.ended)
    }

    /// Whether this run had ended when `later` began.
    fn had_ended(self, later: Self) -> bool {
        match (self.ended, later.ended) {
            (Some(before), Some(now)) if now > before => true,
            // The host began to count anew: its clock has to tell.
            (Some(before), Some(now)) if now < before => later.last_ended >= self.start,
            (Some(_), Some(_)) => false,
            // Without a record a run counts as ended.
            _ => true,
        }
    }
}

/// Who asks, as far as the host tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The run; `None` for an explicit take, which closes the window before it.
    pub run: Option<Run>,
    /// Which life of the host this is: another word after each of its restarts; empty when unknown.
    pub life: String,
    /// Whether the host's result lines are seen here ([`Cursors::acknowledge`]).
    pub acknowledges: bool,
}

/// What a new window holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// Rows in it.
    pub rows: u64,
    /// Rows before it that expired unread.
    pub expired: u64,
}

/// How far one consumer is in one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Name of the scheduled query, or the explicit name.
    pub consumer: String,
    /// Table.
    pub event_table: String,
    /// Rows up to this `seq` were delivered.
    pub position: u64,
    /// End of the last window.
    pub window_to: Option<u64>,
    /// The run that has the window.
    pub run: Option<Run>,
    /// Unix second.
    pub last_read: i64,
    /// Rows that expired unread.
    pub expired: u64,
    /// Word of `evtables_consumers`.
    pub state: String,
    /// Rows given in windows so far.
    #[serde(default)]
    pub rows: u64,
    /// A reply of the run could not be sent.
    #[serde(default)]
    pub unsent: bool,
    /// Life of the host in which the window was fixed.
    #[serde(default)]
    pub life: String,
    /// Whether a result line of the run was seen; `None` where none would be.
    #[serde(default)]
    pub acknowledged: Option<bool>,
}

impl Cursor {
    fn new(consumer: &str, table: &str, position: u64) -> Self {
        Self {
            consumer: consumer.to_owned(),
            event_table: table.to_owned(),
            position,
            window_to: None,
            run: None,
            last_read: 0,
            expired: 0,
            state: String::new(),
            rows: 0,
            unsent: false,
            life: String::new(),
            acknowledged: None,
        }
    }

    /// The window is this run's; of its replies and lines nothing is known yet.
    fn give_to(&mut self, asking: &Asking, now: i64, state: &str) {
        self.run = asking.run;
        self.last_read = now;
        self.unsent = false;
        self.life.clone_from(&asking.life);
        self.acknowledged = asking.acknowledges.then_some(false);
        state.clone_into(&mut self.state);
    }

    fn count(&mut self, given: Given) {
        self.rows = self.rows.saturating_add(given.rows);
        self.expired = self.expired.saturating_add(given.expired);
    }

    /// Whether `before`, which has the window, delivered it, as seen by the later run `now`.
    fn delivered(&self, before: Run, now: Run, asking: &Asking) -> bool {
        let unseen = self.acknowledged == Some(false) && self.life != asking.life;
        before.had_ended(now) && !self.unsent && !unseen
    }
}

/// What a call has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The window `(from, to]` is fixed already.
    Fixed(u64, u64),
    /// A window has to be chosen, beginning after this `seq`; `None` for a new cursor, which begins
    /// at the oldest row.
    Open(Option<u64>),
}

/// All cursors of one host process, with their file.
#[derive(Debug)]
pub struct Cursors {
    path: PathBuf,
    list: BTreeMap<(String, String), Cursor>,
    now: fn() -> i64,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    cursors: Vec<Cursor>,
}

/// The file of the cursors that `reader` (a short name, safe in a path) owns.
#[must_use]
pub fn consumers_path(dir: &Path, reader: &str) -> PathBuf {
    dir.join(format!("consumers-{reader}.json"))
}

/// The file of the calls that `reader` got.
#[must_use]
pub fn calls_path(dir: &Path, reader: &str) -> PathBuf {
    dir.join(format!("queries-{reader}.json"))
}

impl Cursors {
    /// Reads the book; one that cannot be read is put aside as `….bad` and a new one begun.
    /// `now` gives unix seconds.
    #[must_use]
    pub fn open(path: &Path, now: fn() -> i64) -> Self {
        let mut book = Self { path: path.to_owned(), list: BTreeMap::new(), now };
        match read_file(path) {
            Ok(cursors) => {
                for cursor in cursors {
                    let key = (cursor.consumer.clone(), cursor.event_table.clone());
                    book.list.insert(key, cursor);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::error!("failed to read {}: {error}; cursors begin anew", path.display());
                // The new book takes its place in any case.
                let _ = std::fs::rename(path, path.with_extension("json.bad"));
            }
        }
        book.forget_unseen();
        book
    }

    fn forget_unseen(&mut self) {
        let now = (self.now)();
        self.list.retain(|_, cursor| now - cursor.last_read <= UNSEEN_SECONDS_MAX);
        while self.list.len() > CONSUMERS_MAX {
            let oldest = self.list.iter().min_by_key(|(_, cursor)| cursor.last_read);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            self.list.remove(&key);
        }
    }

    /// What the first or a later call of a run has to do.
    pub fn due(&mut self, consumer: &str, table: &str, asking: &Asking) -> Due {
        let Some(cursor) = self.list.get_mut(&(consumer.to_owned(), table.to_owned())) else {
            return Due::Open(None);
        };
        let Some(to) = cursor.window_to else { return Due::Open(Some(cursor.position)) };
        let (before, now) = match (cursor.run, asking.run) {
            (Some(before), Some(now)) => (before, now),
            _ if cursor.unsent => return Due::Open(Some(cursor.position)),
            _ => return Due::Open(Some(to)),
        };
        if before.is(now) {
            return Due::Fixed(cursor.position, to);
        }
        if cursor.delivered(before, now, asking) {
            return Due::Open(Some(to));
        }
        cursor.give_to(asking, (self.now)(), "again");
        let window = Due::Fixed(cursor.position, to);
        self.save();
        window
    }

    /// Fixes the window `(from, to]` of a run, and writes the book. Returns the unix second of the
    /// consumer's last read before; 0 for a new cursor.
    pub fn fix(
        &mut self,
        (consumer, table): (&str, &str),
        asking: &Asking,
        (from, to): (u64, u64),
        given: Given,
        state: &str,
    ) -> i64 {
        let now = (self.now)();
        let cursor = self.cursor(consumer, table, from);
        let last_read = cursor.last_read;
        cursor.position = from;
        cursor.window_to = Some(to);
        cursor.count(given);
        cursor.give_to(asking, now, state);
        self.forget_unseen();
        self.save();
        last_read
    }

    fn cursor(&mut self, consumer: &str, table: &str, position: u64) -> &mut Cursor {
        let key = (consumer.to_owned(), table.to_owned());
        self.list.entry(key).or_insert_with(|| Cursor::new(consumer, table, position))
    }

    /// Notes that a reply of the window's run could not be sent: the window is served again. Nothing
    /// happens when another run has the window by now.
    pub fn unsent(&mut self, consumer: &str, table: &str, run: Option<Run>) {
        let key = (consumer.to_owned(), table.to_owned());
        let Some(cursor) = self.list.get_mut(&key).filter(|cursor| cursor.run == run) else {
            return;
        };
        cursor.unsent = true;
        "unsent".clone_into(&mut cursor.state);
        self.save();
    }

    /// Notes that a result line of the consumer's last run was seen; whether there is such a consumer.
    pub fn acknowledge(&mut self, consumer: &str) -> bool {
        let (mut found, mut changed) = (false, false);
        for cursor in self.list.values_mut().filter(|cursor| cursor.consumer == consumer) {
            found = true;
            changed |= cursor.acknowledged == Some(false);
            cursor.acknowledged = cursor.acknowledged.map(|_| true);
        }
        if changed {
            self.save();
        }
        found
    }

    /// Moves a cursor without windows: rows up to `to` were delivered. A new one begins at `from`.
    /// Returns the unix second of its last move before; 0 for a new cursor.
    pub fn advance(
        &mut self,
        (consumer, table): (&str, &str),
        (from, to): (u64, u64),
        given: Given,
        state: &str,
    ) -> i64 {
        let now = (self.now)();
        let cursor = self.cursor(consumer, table, from);
        let last_read = cursor.last_read;
        let before = cursor.clone();
        cursor.position = cursor.position.max(to);
        cursor.count(given);
        state.clone_into(&mut cursor.state);
        // The time alone is written now and then, so that the cursor is not dropped as unseen.
        if *cursor != before || now - last_read > LAST_READ_SECONDS {
            cursor.last_read = now;
            self.forget_unseen();
            self.save();
        }
        last_read
    }

    /// End of what the consumer was given so far; `None` when there is no such cursor.
    #[must_use]
    pub fn read_through(&self, consumer: &str, table: &str) -> Option<u64> {
        let cursor = self.list.get(&(consumer.to_owned(), table.to_owned()))?;
        Some(cursor.window_to.unwrap_or(cursor.position))
    }

    /// All cursors.
    #[must_use]
    pub fn list(&self) -> Vec<Cursor> {
        self.list.values().cloned().collect()
    }

    /// By rename, synced, so that after a power loss there is the old book or the new one. Without
    /// a writable disk cursors live in memory alone.
    fn save(&self) {
        let file = File { version: 1, cursors: self.list() };
        if let Err(error) = write_json(&self.path, &file) {
            tracing::warn!("failed to write {}: {error}", self.path.display());
        }
    }
}

/// Replaces the file as a whole, durably.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    evtables_store::write_durably(path, &serde_json::to_vec(value)?).map_err(io::Error::other)
}

fn read_file(path: &Path) -> io::Result<Vec<Cursor>> {
    let file: File = serde_json::from_slice(&read_bounded(path)?)?;
    if file.version != 1 {
        return Err(io::Error::other(format!("version {} is not known", file.version)));
    }
    Ok(file.cursors)
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > FILE_BYTES_MAX {
        return Err(io::Error::other("larger than 4 MiB"));
    }
    std::fs::read(path)
}

/// Files of a data dir whose names begin and end so, at most 16.
fn files_of(dir: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(prefix) && name.ends_with(".json")
        })
        .collect();
    files.sort();
    files.truncate(FILES_MAX);
    files
}

/// The cursors of all books in a data dir; what cannot be read is left out.
#[must_use]
pub fn read_cursors(dir: &Path) -> Vec<Cursor> {
    let books = files_of(dir, "consumers-").into_iter();
    books.filter_map(|path| read_file(&path).ok()).flatten().collect()
}

/// The calls that all readers of a data dir recorded; what cannot be read is left out.
#[must_use]
pub fn read_calls(dir: &Path) -> Vec<Call> {
    let records = files_of(dir, "queries-").into_iter();
    records
        .filter_map(|path| serde_json::from_slice::<Vec<Call>>(&read_bounded(&path).ok()?).ok())
        .flatten()
        .collect()
}
