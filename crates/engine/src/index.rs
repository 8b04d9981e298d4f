// SPDX-License-Identifier: Apache-2.0
//! Rows of one scan kept in memory for the length of one query, and a transient hash index over one
//! of their columns: what turns a nested-loop join over event tables into look-ups. Not a store: it
//! is built by a query, read by it alone and dropped with it.

use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, RecordBatch, StringArray};
use evtables_filter::Value;
use evtables_schema::cells::uuid_value;
use evtables_schema::ids::parse_uuid;
use evtables_schema::{Cell, CellReader, ColumnSpec, Storage, TableSpec, Virtual};
use std::collections::{HashMap, HashSet};

/// How much a query may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptBounds {
    /// Rows.
    pub rows_max: usize,
    /// Bytes of column data, each shared buffer counted once.
    pub bytes_max: usize,
}

impl KeptBounds {
    /// What one cursor may keep: 1,000,000 rows, 64 MiB.
    pub const CURSOR: Self = Self { rows_max: 1_000_000, bytes_max: 64 << 20 };
}

/// The rows do not fit the bounds; whoever collects them has to scan instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more rows than may be kept in memory")]
pub struct KeptFull;

/// Batches of one table, in the order of the scan. Rows are numbered from 0 through all batches.
#[derive(Debug)]
pub struct KeptRows {
    bounds: KeptBounds,
    batches: Vec<RecordBatch>,
    /// Number of the first row of each batch.
    starts: Vec<usize>,
    rows: usize,
    bytes: usize,
    /// Addresses of buffers already counted: batches of one segment share dictionaries.
    buffers: HashSet<usize>,
}

impl KeptRows {
    /// Nothing yet. At most `u32::MAX` rows are kept, whatever `bounds` says.
    #[must_use]
    pub fn new(bounds: KeptBounds) -> Self {
        let rows_max = bounds.rows_max.min(usize::try_from(u32::MAX - 1).unwrap_or(usize::MAX));
        Self {
            bounds: KeptBounds { rows_max, ..bounds },
            batches: Vec::new(),
            starts: Vec::new(),
            rows: 0,
            bytes: 0,
            buffers: HashSet::new(),
        }
    }

    /// Keeps the rows of `batch`; empty ones are skipped.
    ///
    /// # Errors
    /// When the rows would pass the bounds; then nothing of `batch` is kept.
    pub fn push(&mut self, batch: RecordBatch) -> Result<(), KeptFull> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let rows = self.rows.saturating_add(batch.num_rows());
        for column in batch.columns() {
            self.count(column);
        }
        if rows > self.bounds.rows_max || self.bytes > self.bounds.bytes_max {
            return Err(KeptFull);
        }
        self.starts.push(self.rows);
        self.rows = rows;
        self.batches.push(batch);
        Ok(())
    }

    fn count(&mut self, column: &dyn Array) {
        let mut parts = vec![column.to_data()];
        while let Some(data) = parts.pop() {
            let nulls = data.nulls().map(|nulls| nulls.buffer());
            for buffer in data.buffers().iter().chain(nulls) {
                // A slice of a shared buffer keeps the whole of it alive.
                if self.buffers.insert(buffer.data_ptr().addr().get()) {
                    self.bytes = self.bytes.saturating_add(buffer.capacity());
                }
            }
            parts.extend(data.child_data().iter().cloned());
        }
    }

    /// Rows kept.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes of column data kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The batches.
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Position of the batch and of the row in it; `None` for a number out of range.
    #[must_use]
    pub fn locate(&self, row: usize) -> Option<(usize, usize)> {
        if row >= self.rows {
            return None;
        }
        let batch = self.starts.partition_point(|start| *start <= row).checked_sub(1)?;
        Some((batch, row - self.starts.get(batch)?))
    }
}

/// What rows are found by. Text without ASCII case, ids as ids, `time` in seconds.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Int(i64),
    Text(Box<str>),
    Uuid(u128),
}

const NONE: u32 = u32::MAX;

/// Rows of one [`KeptRows`] by the value of one column. Its size is bounded by theirs.
#[derive(Debug)]
pub struct HashIndex {
    storage: Storage,
    /// First and last row with that key.
    ends: HashMap<Key, (u32, u32)>,
    /// Next row with the same key, per row.
    next: Vec<u32>,
}

impl HashIndex {
    /// Whether rows can be found by this column: text, ids, integers and times can, floats and
    /// text that is made when read cannot.
    #[must_use]
    pub fn can_index(column: &ColumnSpec) -> bool {
        !matches!(
            column.storage,
            Storage::Float64
                | Storage::Virtual(
                    Virtual::UtcText | Virtual::IsoText | Virtual::Const(_) | Virtual::Input
                )
        )
    }

    /// Index over the column at position `column`; `None` when it cannot be indexed. NULLs are not
    /// in it: nothing equals them.
    #[must_use]
    pub fn new(table: &TableSpec, column: usize, kept: &KeptRows) -> Option<Self> {
        let spec = table.columns.get(column).filter(|spec| Self::can_index(spec))?;
        let mut index = Self {
            storage: spec.storage,
            ends: HashMap::new(),
            next: Vec::with_capacity(kept.rows()),
        };
        for batch in kept.batches() {
            index.add(table, spec, batch);
        }
        Some(index)
    }

    /// Numbers of the rows whose value equals `value`, in the order of the scan. `None` when the
    /// column cannot tell (a value of another type that SQL may still call equal).
    #[must_use]
    pub fn find(&self, value: &Value) -> Option<Found<'_>> {
        Some(Found { index: self, at: self.first(value)? })
    }

    /// Like [`HashIndex::find`], the first row alone; [`HashIndex::after`] gives the others.
    #[must_use]
    pub fn first(&self, value: &Value) -> Option<Option<usize>> {
        let ends = self.key_of(value)?.and_then(|key| self.ends.get(&key));
        Some(ends.and_then(|(first, _)| usize::try_from(*first).ok()))
    }

    /// The next row with the same value as row `row`.
    #[must_use]
    pub fn after(&self, row: usize) -> Option<usize> {
        self.next.get(row).filter(|next| **next != NONE).and_then(|next| (*next).try_into().ok())
    }

    /// Different values.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.ends.len()
    }

    /// Outer `None`: cannot tell. Inner `None`: equals no row.
    fn key_of(&self, value: &Value) -> Option<Option<Key>> {
        match (self.storage, value) {
            (Storage::Dict, Value::Text(text)) => Some(Some(text_key(text))),
            (Storage::Uuid, Value::Text(text)) => Some(parse_uuid(text).map(Key::Uuid)),
            (Storage::Dict | Storage::Uuid, _) => None,
            (_, Value::Int(number)) => Some(Some(Key::Int(*number))),
            _ => None,
        }
    }

    fn add(&mut self, table: &TableSpec, spec: &ColumnSpec, batch: &RecordBatch) {
        let mut scratch = String::new();
        match CellReader::new(table, spec, batch) {
            CellReader::Dict(array, values) => self.add_dict(array, values),
            CellReader::Uuid(array) => {
                for row in 0..batch.num_rows() {
                    self.link(uuid_value(array, row).map(Key::Uuid));
                }
            }
            reader => {
                for row in 0..batch.num_rows() {
                    self.link(match reader.cell(row, &mut scratch) {
                        Cell::Int(number) => Some(Key::Int(number)),
                        _ => None,
                    });
                }
            }
        }
    }

    fn add_dict(&mut self, array: &DictionaryArray<Int32Type>, values: &StringArray) {
        for row in 0..array.len() {
            self.link(evtables_schema::cells::dict_text(array, values, row).map(text_key));
        }
    }

    /// Appends the next row.
    fn link(&mut self, key: Option<Key>) {
        let row = u32::try_from(self.next.len()).unwrap_or(NONE);
        self.next.push(NONE);
        let Some(key) = key else { return };
        let (_, last) = self.ends.entry(key).or_insert((row, row));
        if *last != row {
            let at = usize::try_from(*last).unwrap_or(usize::MAX);
            if let Some(next) = self.next.get_mut(at) {
                *next = row;
            }
            *last = row;
        }
    }
}

fn text_key(text: &str) -> Key {
    Key::Text(text.to_ascii_lowercase().into_boxed_str())
}

/// Row numbers found by [`HashIndex::find`].
#[derive(Debug, Clone)]
pub struct Found<'a> {
    index: &'a HashIndex,
    at: Option<usize>,
}

impl Iterator for Found<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let row = self.at?;
        self.at = self.index.after(row);
        Some(row)
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
