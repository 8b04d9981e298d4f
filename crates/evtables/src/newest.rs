// SPDX-License-Identifier: Apache-2.0
//! A history that is too large for one reply: its newest rows.

use crate::osquery_table::Face;
use arrow_array::RecordBatch;
use evtables_osquery::{RowsFull, RowsWriter};
use std::collections::VecDeque;

/// The newest rows of a scan that fit a budget of rows and bytes. Memory is bounded by about one
/// batch more than that.
#[derive(Default)]
pub(crate) struct Newest {
    batches: VecDeque<(RecordBatch, Vec<usize>, usize)>,
    rows: usize,
    bytes: usize,
    /// Which budget left rows out.
    pub(crate) cut: Option<&'static str>,
}

impl Newest {
    pub(crate) fn push(
        &mut self,
        batch: RecordBatch,
        face: &Face<'_>,
        (rows_max, bytes_max): (usize, usize),
    ) {
        let sizes = face.sizes(&batch);
        let bytes = sizes.iter().sum();
        self.rows += sizes.len();
        self.bytes += bytes;
        self.batches.push_back((batch, sizes, bytes));
        while let Some((_, sizes, bytes)) = self.batches.front() {
            let (rows, left) = (self.rows - sizes.len(), self.bytes - bytes);
            if self.batches.len() == 1 || (rows < rows_max && left < bytes_max) {
                break;
            }
            self.cut = Some(if rows < rows_max { "bytes" } else { "rows" });
            (self.rows, self.bytes) = (rows, left);
            self.batches.pop_front();
        }
    }

    /// In the order of the store; which budget left rows out, if one did.
    pub(crate) fn write(
        mut self,
        face: &Face<'_>,
        (rows_max, bytes_max): (usize, usize),
        rows: &mut RowsWriter,
    ) -> Result<Option<&'static str>, RowsFull> {
        let (mut over_rows, mut over_bytes) =
            (self.rows.saturating_sub(rows_max), self.bytes.saturating_sub(bytes_max));
        for (batch, sizes, _) in &self.batches {
            let mut skip = 0;
            for size in sizes {
                if over_rows == 0 && over_bytes == 0 {
                    break;
                }
                self.cut.get_or_insert(if over_rows > 0 { "rows" } else { "bytes" });
                over_rows = over_rows.saturating_sub(1);
                over_bytes = over_bytes.saturating_sub(*size);
                skip += 1;
            }
            face.write(batch, skip..sizes.len(), rows)?;
        }
        Ok(self.cut)
    }
}
