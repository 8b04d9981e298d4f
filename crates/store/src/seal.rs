// SPDX-License-Identifier: Apache-2.0
//! Sealing: which rows of the tail become one segment. Knows no log and no manifest.

use crate::error::{ErrorKind, Result, StoreError};
use crate::folder::Folder;
use crate::manifest::Segment;
use crate::segment_writer::{NewSegment, RowGroup, write_segment};
use crate::tail::{TableTail, TailBatch, times};
use arrow_array::ArrayRef;
use evtables_schema::time::date_text;
use std::sync::Arc;

/// Most rows of a row group.
const ROW_GROUP_ROWS_MAX: usize = 65_536;
const DAY_NS: i64 = 86_400_000_000_000;

/// Rows of one table for one segment: `seq` without a hole, and no row of a later day than the first.
#[derive(Debug)]
pub(crate) struct Run {
    day: i64,
    batches: Vec<Arc<TailBatch>>,
}

/// Cuts a table's tail into runs. A row of an earlier day stays in its place, so that segments never
/// overlap in `seq`.
pub(crate) fn runs(tail: &TableTail) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for batch in tail.iter() {
        for part in by_day(batch) {
            let day = day_of_first(&part);
            match runs.last_mut() {
                Some(run) if day <= run.day && follows(run, &part) => run.batches.push(part),
                _ => runs.push(Run { day, batches: vec![part] }),
            }
        }
    }
    runs
}

fn follows(run: &Run, part: &TailBatch) -> bool {
    run.batches.last().and_then(|last| last.last_seq.checked_add(1)) == Some(part.first_seq)
}

/// Parts of a batch, each beginning where the day first advances.
fn by_day(batch: &Arc<TailBatch>) -> Vec<Arc<TailBatch>> {
    let mut parts = Vec::new();
    let mut rest = batch.clone();
    while rest.min_time.div_euclid(DAY_NS) != rest.max_time.div_euclid(DAY_NS) {
        let day = day_of_first(&rest);
        let later = times(&rest.layout, &rest.batch)
            .and_then(|times| times.values().iter().position(|t| t.div_euclid(DAY_NS) > day));
        let Some(later) = later else { break };
        let seq = rest.first_seq.saturating_add(u64::try_from(later).unwrap_or(0));
        let head = rest.batch.slice(0, later);
        let head = TailBatch::new(&rest.layout, head, rest.first_seq, 0);
        let (Some(head), Some(next)) = (head, rest.after(seq.saturating_sub(1))) else { break };
        parts.push(Arc::new(head));
        rest = next;
    }
    parts.push(rest);
    parts
}

fn day_of_first(batch: &TailBatch) -> i64 {
    let first = times(&batch.layout, &batch.batch).and_then(|t| t.values().first().copied());
    first.unwrap_or(batch.min_time).div_euclid(DAY_NS)
}

/// Path of a segment in the data dir.
pub(crate) fn file_name(table: &str, day: i64, first_seq: u64, last_seq: u64) -> String {
    format!(
        "events/table={table}/date={}/{first_seq:016}-{last_seq:016}.parquet",
        date_text(day.saturating_mul(DAY_NS)),
    )
}

/// Writes one run as a segment; durable under its own name when it returns.
pub(crate) fn write(folder: &Folder, run: &Run) -> Result<NewSegment> {
    let (Some(first), Some(last)) = (run.batches.first(), run.batches.last()) else {
        return Err(StoreError::new(ErrorKind::Invalid, "seal: no rows"));
    };
    let table = first.layout.spec.name;
    let file = file_name(table, run.day, first.first_seq, last.last_seq);
    let groups = run.groups();
    let groups: Vec<&dyn RowGroup> = groups.iter().map(|group| group as &dyn RowGroup).collect();
    let outline = Segment {
        rows: last.last_seq.saturating_sub(first.first_seq).saturating_add(1),
        first_seq: first.first_seq,
        last_seq: last.last_seq,
        min_time: run.batches.iter().map(|b| b.min_time).min().unwrap_or(0),
        max_time: run.batches.iter().map(|b| b.max_time).max().unwrap_or(0),
        ..Segment::empty(table, file)
    };
    write_segment(folder, &first.layout, outline, &groups)
}

impl Run {
    /// Batches for each row group.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for batch in &self.batches {
            match groups.last_mut() {
                Some(group) if group.rows + batch.rows() <= ROW_GROUP_ROWS_MAX => {
                    group.rows += batch.rows();
                    group.batches.push(batch);
                }
                _ => groups.push(Group { rows: batch.rows(), batches: vec![batch] }),
            }
        }
        groups
    }
}

struct Group<'a> {
    rows: usize,
    batches: Vec<&'a Arc<TailBatch>>,
}

impl RowGroup for Group<'_> {
    fn column(&self, place: usize) -> Result<Vec<ArrayRef>> {
        Ok(self.batches.iter().filter_map(|b| b.batch.columns().get(place).cloned()).collect())
    }
}
