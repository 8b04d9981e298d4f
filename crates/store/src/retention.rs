// SPDX-License-Identifier: Apache-2.0
//! How long rows are kept: an exact logical cut when they are read, and which segments may go. Pure.

use crate::manifest::{ManifestState, Segment, TableSegments};
use crate::tail::TailBatch;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Bounds of what is kept; `None` is no bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Age of a row by its event time, seconds.
    pub seconds: Option<u64>,
    /// Newest rows kept of each table.
    pub rows_per_table: Option<u64>,
    /// Size of the whole store on disk; the oldest segments go first.
    pub bytes: Option<u64>,
    /// Space that the store leaves free on its disk: the oldest segments go first, and when there is
    /// none left, new rows are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_bytes_min: Option<u64>,
    /// Tables with bounds of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, TableRetention>,
}

/// Bounds of one table; what is `None` is as for all tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRetention {
    /// Age of a row by its event time, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Newest rows kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// Rows of a table that count as expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Rows up to this `seq`.
    pub(crate) through_seq: u64,
    /// Rows of an earlier event time, nanoseconds.
    pub(crate) min_time: i64,
}

impl Cut {
    /// Whether a run of rows is expired as a whole.
    pub(crate) fn covers(&self, last_seq: u64, max_time: i64) -> bool {
        last_seq <= self.through_seq || max_time < self.min_time
    }
}

impl Retention {
    /// The cut of one table at `now_ns`.
    pub(crate) fn cut(
        &self,
        table: &str,
        segments: &[Arc<Segment>],
        tail: &[Arc<TailBatch>],
        now_ns: i64,
    ) -> Cut {
        let own = self.tables.get(table);
        let seconds = own.and_then(|own| own.seconds).or(self.seconds);
        let rows = own.and_then(|own| own.rows).or(self.rows_per_table);
        let min_time = seconds.map_or(i64::MIN, |seconds| {
            let ns = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000_000);
            now_ns.saturating_sub(ns)
        });
        Cut { through_seq: rows.map_or(0, |rows| nth_newest(rows, segments, tail)), min_time }
    }
}

/// The `seq` before the newest `rows` rows; 0 when there are no more than that.
fn nth_newest(rows: u64, segments: &[Arc<Segment>], tail: &[Arc<TailBatch>]) -> u64 {
    let tail = tail.iter().rev().map(|batch| (batch.first_seq, batch.last_seq));
    let sealed = segments.iter().rev().map(|segment| (segment.first_seq, segment.last_seq));
    let mut left = rows;
    for (first, last) in tail.chain(sealed) {
        let here = last.saturating_sub(first).saturating_add(1);
        if here > left {
            return last.saturating_sub(left);
        }
        left -= here;
    }
    0
}

/// Segments that hold no row that may still be read.
pub(crate) fn outside(table: &TableSegments, cut: Cut) -> impl Iterator<Item = &Arc<Segment>> {
    table.segments.iter().filter(move |segment| cut.covers(segment.last_seq, segment.max_time))
}

/// The oldest segments of all tables that together have `excess` bytes, `gone` not among them.
pub(crate) fn oldest(
    state: &ManifestState,
    gone: &BTreeSet<String>,
    mut excess: u64,
) -> Vec<Arc<Segment>> {
    let mut segments: Vec<_> = state.segments().filter(|s| !gone.contains(&s.file)).collect();
    segments.sort_by_key(|segment| segment.max_time);
    let mut found = Vec::new();
    for segment in segments {
        if excess == 0 {
            break;
        }
        excess = excess.saturating_sub(segment.disk_bytes());
        found.push(segment.clone());
    }
    found
}
