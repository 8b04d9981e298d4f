// SPDX-License-Identifier: Apache-2.0
//! What the files of rows are like: hashes, and who signed them. A thread of its own reads the files; rows wait for it a
//! moment, and go without what is not known by then, counted. Only live rows pass here: those of recordings speak of
//! files of another machine.

use super::Files;
use super::authority::Authority;
use super::detour::Detour;
use super::fill::{Texts, about, put};
use super::looks::{FileFacts, Looks};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::Emitter;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Rows that passed.
#[derive(Debug, Default)]
pub(crate) struct FactCounts {
    /// With what their file is like.
    pub(crate) known: AtomicU64,
    /// Without, by table: it could not be read, is too large, or not within the time.
    unknown: Mutex<BTreeMap<&'static str, u64>>,
    /// Why less is known of signatures than could be.
    trouble: Mutex<Option<String>>,
}

impl FactCounts {
    /// Rows of a table whose file should have been looked at and was not.
    pub(crate) fn unknown(&self, table: &TableSpec) -> u64 {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.get(table.name).copied().unwrap_or(0)
    }

    fn add_unknown(&self, table: &'static TableSpec, rows: usize) {
        let rows = u64::try_from(rows).unwrap_or(0);
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        *unknown.entry(table.name).or_default() += rows;
    }

    /// What a person should know of a table's files.
    pub(crate) fn remark(&self, table: &TableSpec) -> Option<String> {
        about(table)?;
        let unknown = self.unknown(table);
        let rows = (unknown > 0).then(|| {
            format!("{unknown} rows have no hash: their file could not be read, or not in time")
        });
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let all: Vec<String> = rows.into_iter().chain(trouble).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

/// The near side; dropping it sends on what waits.
pub(crate) struct Facts {
    detour: Detour,
    counts: Arc<FactCounts>,
}

impl Facts {
    /// Starts the thread; it sends to `emitter`.
    pub(crate) fn start(
        files: Files,
        authority: Option<Arc<dyn Authority>>,
        emitter: Emitter,
        counts: Arc<FactCounts>,
    ) -> io::Result<Self> {
        let wait = files.wait;
        let mut worker =
            Worker { looks: Looks::new(files.open, authority), counts: Arc::clone(&counts) };
        let work = move |batch: &mut EventBatch, came| worker.fill(batch, came + wait);
        Ok(Self { detour: Detour::start("file facts", emitter, work)?, counts })
    }

    /// Sends a batch on, by way of the thread; at once when too many wait.
    pub(crate) fn send(&self, batch: EventBatch) {
        self.detour.send(batch, |batch| {
            self.counts.add_unknown(batch.table, wanted(batch).len());
        });
    }
}

/// Whether rows of the table are about files that are looked at.
pub(crate) fn is_of_files(table: &TableSpec) -> bool {
    about(table).is_some()
}

/// Rows whose file is looked at.
fn wanted(batch: &EventBatch) -> Vec<usize> {
    let Some(about) = about(batch.table) else { return Vec::new() };
    let (paths, actions) = (Texts::of(batch, about.path), Texts::of(batch, "action"));
    let action = |row| actions.as_ref().and_then(|actions| actions.at(row));
    let rows = (0..batch.rows).filter(|row| about.wants(action(*row)));
    rows.filter(|row| paths.as_ref().is_some_and(|paths| paths.at(*row).is_some())).collect()
}

struct Worker {
    looks: Looks,
    counts: Arc<FactCounts>,
}

impl Worker {
    fn fill(&mut self, batch: &mut EventBatch, until: Instant) {
        let wanted = wanted(batch);
        let Some(path) = about(batch.table).and_then(|about| Texts::of(batch, about.path)) else {
            return;
        };
        let mut found: HashMap<&str, Option<Arc<FileFacts>>> = HashMap::new();
        let mut rows: Vec<Option<Arc<FileFacts>>> = vec![None; batch.rows];
        for row in &wanted {
            let (Some(text), Some(facts)) = (path.at(*row), rows.get_mut(*row)) else { continue };
            *facts = found.entry(text).or_insert_with(|| self.looks.of(text, until)).clone();
        }
        let known = rows.iter().flatten().count();
        self.counts.known.fetch_add(u64::try_from(known).unwrap_or(0), Ordering::Relaxed);
        self.counts.add_unknown(batch.table, wanted.len() - known);
        *self.counts.trouble.lock().unwrap_or_else(PoisonError::into_inner) = self.looks.trouble();
        drop(found);
        let rows: Vec<Option<&FileFacts>> = rows.iter().map(Option::as_deref).collect();
        put(batch, &rows);
    }
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
