// SPDX-License-Identifier: Apache-2.0
//! The unsealed tail: immutable batches in memory, shared with readers by `Arc`. Knows no files.

use crate::catalog::Layout;
use arrow_array::{Array, RecordBatch, TimestampNanosecondArray};
use evtables_schema::TableId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Memory of a batch besides its values: arrays, their buffers and the list around them, per column.
const COLUMN_OVERHEAD_BYTES: usize = 250;
/// Neighbours are joined up to this many rows: a batch of five rows costs as much as one of fifty.
const JOINED_ROWS_MAX: usize = 1_024;

/// Rows of one table that are in the log and not in a segment; `seq` counts up without a hole.
#[derive(Debug)]
pub(crate) struct TailBatch {
    pub(crate) layout: Arc<Layout>,
    /// All stored columns.
    pub(crate) batch: RecordBatch,
    pub(crate) first_seq: u64,
    pub(crate) last_seq: u64,
    /// Smallest and largest event time, nanoseconds.
    pub(crate) min_time: i64,
    pub(crate) max_time: i64,
    /// Memory.
    pub(crate) bytes: usize,
}

impl TailBatch {
    /// `value_bytes` is the memory of the values. `None` for an empty batch or one without times.
    pub(crate) fn new(
        layout: &Arc<Layout>,
        batch: RecordBatch,
        first_seq: u64,
        value_bytes: usize,
    ) -> Option<Self> {
        let rows = u64::try_from(batch.num_rows()).ok().filter(|rows| *rows > 0)?;
        let times = times(layout, &batch)?;
        let (min_time, max_time) = times
            .values()
            .iter()
            .fold((i64::MAX, i64::MIN), |(low, high), time| (low.min(*time), high.max(*time)));
        let bytes = value_bytes + layout.stored.len() * COLUMN_OVERHEAD_BYTES;
        let last_seq = first_seq.checked_add(rows - 1)?;
        let layout = layout.clone();
        Some(Self { layout, batch, first_seq, last_seq, min_time, max_time, bytes })
    }

    pub(crate) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The part behind `seq`: this batch, a slice of it, or nothing.
    pub(crate) fn after(self: &Arc<Self>, seq: u64) -> Option<Arc<Self>> {
        if self.first_seq > seq {
            return Some(self.clone());
        }
        let skipped = usize::try_from(seq.checked_add(1)?.checked_sub(self.first_seq)?).ok()?;
        let left = self.rows().checked_sub(skipped).filter(|left| *left > 0)?;
        let batch = self.batch.slice(skipped, left);
        Self::new(&self.layout, batch, seq + 1, self.bytes).map(Arc::new)
    }

    /// Both as one, when they are neighbours and small enough.
    fn join(&self, next: &Self) -> Option<Self> {
        if self.last_seq.checked_add(1)? != next.first_seq
            || self.rows() + next.rows() > JOINED_ROWS_MAX
        {
            return None;
        }
        let batches = [&self.batch, &next.batch];
        let batch = arrow_select::concat::concat_batches(&self.layout.schema, batches).ok()?;
        let overhead = self.layout.stored.len() * COLUMN_OVERHEAD_BYTES;
        let bytes = self.bytes + next.bytes - 2 * overhead;
        Self::new(&self.layout, batch, self.first_seq, bytes)
    }
}

/// The stored time column of a batch with all stored columns; `None` when a time is missing.
pub(crate) fn times<'a>(
    layout: &Layout,
    batch: &'a RecordBatch,
) -> Option<&'a TimestampNanosecondArray> {
    let array = batch.columns().get(layout.time)?.as_any();
    array.downcast_ref::<TimestampNanosecondArray>().filter(|times| times.null_count() == 0)
}

/// Batches of one table, in the order of `seq`.
pub(crate) type TableTail = Arc<Vec<Arc<TailBatch>>>;

/// The tails of all tables. Cloning costs one pointer per table; what readers hold never changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    tables: BTreeMap<TableId, TableTail>,
    bytes: usize,
}

impl Tail {
    /// Appends; small neighbours of about the same size are joined, so that each row is copied a few
    /// times at most and a table has few batches.
    pub(crate) fn push(&mut self, batch: Arc<TailBatch>) {
        let list = Arc::make_mut(self.tables.entry(batch.layout.spec.id).or_default());
        self.bytes += batch.bytes;
        list.push(batch);
        while let [.., before, last] = list.as_slice() {
            if before.rows() > 2 * last.rows() {
                break;
            }
            let Some(joined) = before.join(last) else { break };
            self.bytes = (self.bytes + joined.bytes).saturating_sub(before.bytes + last.bytes);
            list.truncate(list.len() - 2);
            list.push(Arc::new(joined));
        }
    }

    /// Memory.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    pub(crate) fn table(&self, id: TableId) -> TableTail {
        self.tables.get(&id).cloned().unwrap_or_default()
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &TableTail> {
        self.tables.values()
    }

    /// Rows of the table that has most.
    pub(crate) fn rows_max(&self) -> usize {
        self.tables().map(|list| list.iter().map(|b| b.rows()).sum()).max().unwrap_or(0)
    }

    /// Drops the rows that `sealed` says are in segments (last sealed `seq` per table).
    pub(crate) fn drop_sealed(&mut self, sealed: impl Fn(&'static str) -> u64) {
        let tables = std::mem::take(&mut self.tables);
        self.bytes = 0;
        for (id, list) in tables {
            let kept: Vec<_> = list
                .iter()
                .filter_map(|batch| batch.after(sealed(batch.layout.spec.name)))
                .collect();
            if !kept.is_empty() {
                self.bytes += kept.iter().map(|batch| batch.bytes).sum::<usize>();
                self.tables.insert(id, Arc::new(kept));
            }
        }
    }
}
