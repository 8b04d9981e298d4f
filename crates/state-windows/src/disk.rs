// SPDX-License-Identifier: Apache-2.0
//! `win_disk_index`: files by name. The folders are walked when a query asks, and only below the folder
//! that it names, if it names one; links are not followed.

use crate::sources::Disks;
use arrow_array::{BooleanArray, RecordBatch};
use evtables_filter::{Predicate, Test, Value};
use evtables_schema::generated::disk_index::windows as table;
use evtables_sdk::StateRows;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Bounds of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Entries looked at.
    pub(crate) entries: usize,
    /// Rows given.
    pub(crate) rows: usize,
    pub(crate) time: Duration,
}

impl Bounds {
    pub(crate) const CALL: Self =
        Self { entries: 2_000_000, rows: 100_000, time: Duration::from_secs(30) };
}

/// Entries tested at once.
const TESTED: usize = 1_024;
const FOLDER: i64 = 1;
const LINK: i64 = 2;

struct Entry {
    name: String,
    path: String,
    flags: i64,
    attributes: i64,
}

pub(crate) fn rows(
    disks: &dyn Disks,
    bounds: Bounds,
    wanted: &Predicate,
) -> Result<StateRows, String> {
    let is_compared = |column| wanted.terms().any(|term| term.column == column);
    if !is_compared(table::FILENAME) && !is_compared(table::PATH) {
        return Err("compare filename or path: WHERE filename LIKE '%…%'".to_owned());
    }
    let mut walk = Walk { wanted, bounds, kept: Vec::new(), waiting: Vec::new(), seen: 0 };
    let begun = Instant::now();
    let mut folders = begin(wanted, disks);
    let mut cut = None;
    'walk: while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() && !meta.is_symlink() {
                folders.push(entry.path());
            }
            walk.push(&entry.path(), &meta)?;
            if walk.is_full() || begun.elapsed() > bounds.time {
                cut = Some(format!("files: the first {} were looked at", walk.seen));
                break 'walk;
            }
        }
    }
    walk.test()?;
    Ok(StateRows { batches: vec![batch(&walk.kept)], cut })
}

struct Walk<'a> {
    wanted: &'a Predicate,
    bounds: Bounds,
    kept: Vec<Entry>,
    waiting: Vec<Entry>,
    seen: usize,
}

impl Walk<'_> {
    fn push(&mut self, path: &Path, meta: &Metadata) -> Result<(), String> {
        self.seen += 1;
        let is_link = meta.is_symlink();
        let flags = if meta.is_dir() { FOLDER } else { 0 } + if is_link { LINK } else { 0 };
        self.waiting.push(Entry {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.to_string_lossy().into_owned(),
            flags,
            attributes: attributes(meta),
        });
        if self.waiting.len() >= TESTED { self.test() } else { Ok(()) }
    }

    fn is_full(&self) -> bool {
        self.seen >= self.bounds.entries || self.kept.len() >= self.bounds.rows
    }

    /// Keeps those of the waiting that the query wants.
    fn test(&mut self) -> Result<(), String> {
        let waiting = std::mem::take(&mut self.waiting);
        let columns = batch(&waiting).into_stored_columns();
        let rows = RecordBatch::try_new(table::TABLE.stored_schema(), columns)
            .map_err(|error| error.to_string())?;
        let passed: BooleanArray = self.wanted.evaluate(&rows);
        let kept = waiting.into_iter().zip(passed.iter());
        self.kept.extend(kept.filter(|(_, passed)| *passed == Some(true)).map(|(entry, _)| entry));
        Ok(())
    }
}

fn batch(entries: &[Entry]) -> evtables_schema::EventBatch {
    let mut builder = table::Builder::default();
    for entry in entries {
        builder.push(&table::Row {
            filename: &entry.name,
            path: &entry.path,
            flags: entry.flags,
            attribs: entry.attributes,
        });
    }
    builder.finish()
}

/// Folders to begin in: those of the paths compared, else all disks.
fn begin(wanted: &Predicate, disks: &dyn Disks) -> Vec<PathBuf> {
    for term in wanted.terms().filter(|term| term.column == table::PATH) {
        let starts: Option<Vec<PathBuf>> = match &term.test {
            Test::In(values) => values
                .iter()
                .map(|value| match value {
                    Value::Text(text) => folder_of(text),
                    _ => None,
                })
                .collect(),
            Test::Like(pattern) => {
                folder_of(pattern.split(['%', '_']).next().unwrap_or("")).map(|one| vec![one])
            }
            Test::Glob(pattern) => {
                folder_of(pattern.split(['*', '?', '[']).next().unwrap_or("")).map(|one| vec![one])
            }
            _ => None,
        };
        if let Some(mut starts) = starts {
            starts.sort();
            starts.dedup();
            return starts;
        }
    }
    disks.roots()
}

/// The folder that a text which a path begins with surely lies in; `None` when it names no root.
fn folder_of(prefix: &str) -> Option<PathBuf> {
    let end = prefix.rfind(['/', '\\'])?;
    let folder = Path::new(prefix.get(..=end)?);
    // `\x` means another place on each drive.
    folder.is_absolute().then(|| folder.to_owned())
}

#[cfg(windows)]
fn attributes(meta: &Metadata) -> i64 {
    std::os::windows::fs::MetadataExt::file_attributes(meta).into()
}

/// What Windows would say of it.
#[cfg(not(windows))]
fn attributes(meta: &Metadata) -> i64 {
    match (meta.is_symlink(), meta.is_dir()) {
        (true, _) => 0x400,
        (false, true) => 0x10,
        (false, false) => 0x80,
    }
}
