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
}

impl Report {
    pub(crate) fn row(&mut self, table: &'static TableSpec) {
        *self.rows.entry(table.name).or_default() += 1;
    }

    pub(crate) fn record(&mut self, provider: &str, event_id: i64, is_mapped: bool) {
        self.records += 1;
        if is_mapped {
            self.mapped += 1;
            return;
        }
        // Mostly it is there already, and then nothing is copied.
        let is_known = self.unmapped.len() >= KINDS_MAX;
        let key = if is_known && !self.unmapped.contains_key(&(provider.to_owned(), event_id)) {
            ("(others)".to_owned(), -1)
        } else {
            (provider.to_owned(), event_id)
        };
        *self.unmapped.entry(key).or_default() += 1;
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
        if self.places.len() < SHOWN_MAX {
            self.places.push(format!("{input}: {}: {}", bad.place, bad.reason));
        }
    }

    /// Records that could not be read.
    #[must_use]
    pub fn bad_records(&self) -> u64 {
        self.bad.values().sum()
    }
}
