// SPDX-License-Identifier: Apache-2.0
//! What became of all records: the balance of a replay. Every record is a row, a record that no table
//! is made for, or a bad one.

use crate::bad::{Bad, UNKNOWN_FORMAT};
use evtables_schema::TableSpec;
use std::collections::BTreeMap;

/// Kinds of records that are counted by provider and id; more are counted together.
const KINDS_MAX: usize = 8_192;
/// Places of bad records that are kept to be shown.
const SHOWN_MAX: usize = 16;

/// The balance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Records read.
    pub records: u64,
    /// Of these, records that became a row of an event table besides their row of the event log.
    pub mapped: u64,
    /// Of these, records that are in the event log only, by provider and event id.
    pub unmapped: BTreeMap<(String, i64), u64>,
    /// Records that could not be read, by reason.
    pub bad: BTreeMap<&'static str, u64>,
    /// Damage that is no record (a head of a file, a chunk), by reason.
    pub damaged: BTreeMap<&'static str, u64>,
    /// Where the first bad ones are.
    pub places: Vec<String>,
    /// Rows by table, without the event log.
    pub rows: BTreeMap<&'static str, u64>,
    /// Records that came after one that happened later.
    pub late: u64,
    /// Files that are no logs.
    pub skipped: u64,
    /// Inputs read to their end: files, and members of archives.
    pub inputs: u64,
    /// What became of the events of traces.
    pub traces: TraceReport,
}

/// The balance of traces: `events` = `mapped` + `learnt` + left out + unmapped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TraceReport {
    /// Traces read.
    pub traces: u64,
    /// Events in them.
    pub events: u64,
    /// Of these, events that are rows.
    pub mapped: u64,
    /// Events that only named a file, a key or a process.
    pub learnt: u64,
    /// Events that are no rows, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Events that nothing is known about, by provider and id.
    pub unmapped: BTreeMap<(String, i64), u64>,
    /// Events of versions newer than known: read by what is known of them.
    pub newer: u64,
    /// Damaged places, and what Windows lost while recording, by reason.
    pub lost: BTreeMap<&'static str, u64>,
    /// Events that came after one that happened later.
    pub late: u64,
    /// Names that the bounded memory had to let go.
    pub forgotten: u64,
}

impl Report {
    pub(crate) fn row(&mut self, table: &'static TableSpec) {
        *self.rows.entry(table.name).or_default() += 1;
    }

    pub(crate) fn rows(&mut self, table: &'static TableSpec, rows: usize) {
        *self.rows.entry(table.name).or_default() += rows as u64;
    }

    /// A place in an input that is worth showing.
    pub(crate) fn place(&mut self, place: String) {
        if self.places.len() < SHOWN_MAX {
            self.places.push(place);
        }
    }

    pub(crate) fn record(&mut self, is_mapped: bool) {
        self.records += 1;
        self.mapped += u64::from(is_mapped);
    }

    /// Counts records that no table is made for; more kinds than the bound are counted together.
    pub(crate) fn unmapped(&mut self, provider: &str, event_id: i64, count: u64) {
        add_kind(&mut self.unmapped, (provider.to_owned(), event_id), count);
    }

    pub(crate) fn bad(&mut self, input: &str, bad: &Bad) {
        if bad.reason == UNKNOWN_FORMAT {
            self.skipped += 1;
            return;
        }
        if bad.records == 0 {
            *self.damaged.entry(bad.reason).or_default() += 1;
        } else {
            *self.bad.entry(bad.reason).or_default() += bad.records;
        }
        self.place(format!("{input}: {}: {}", bad.place, bad.reason));
    }

    /// Counts a kind of event of a trace; more kinds than the bound are counted together.
    pub(crate) fn trace_unmapped(&mut self, provider: String, id: i64, count: u64) {
        add_kind(&mut self.traces.unmapped, (provider, id), count);
    }

    /// Records that could not be read.
    #[must_use]
    pub fn bad_records(&self) -> u64 {
        self.bad.values().sum()
    }
}

fn add_kind(kinds: &mut BTreeMap<(String, i64), u64>, kind: (String, i64), count: u64) {
    let is_full = kinds.len() >= KINDS_MAX && !kinds.contains_key(&kind);
    let kind = if is_full { ("(others)".to_owned(), -1) } else { kind };
    *kinds.entry(kind).or_default() += count;
}
