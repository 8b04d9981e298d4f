// SPDX-License-Identifier: Apache-2.0
//! What a query engine sees of evtables: tables that can be scanned. SQL and the osquery extension
//! read through this one face.

use arrow_array::RecordBatch;
use evtables_filter::Predicate;
use evtables_schema::TableSpec;

/// Why a scan failed: completes "failed to read <table>: …".
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);

/// Rows of one table that a query wants.
#[derive(Debug, Clone)]
pub struct ScanSpec {
    /// Positions of the columns wanted, in the table's order. Batches hold at least their stored
    /// columns (a virtual column needs the stored one that it is made of).
    pub columns: Vec<usize>,
    /// Which rows; names the table too.
    pub predicate: Predicate,
}

impl ScanSpec {
    /// Every row of `table` with all its columns.
    #[must_use]
    pub fn all(table: &'static TableSpec) -> Self {
        Self { columns: (0..table.columns.len()).collect(), predicate: Predicate::all(table) }
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &'static TableSpec {
        self.predicate.table()
    }
}

/// Batches in the order of `seq` (event tables), each at most 8,192 rows.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, SourceError>> + Send>;

/// Something that tables can be read from. A scan is a snapshot: rows that come later are not in it.
pub trait Source: Send + Sync {
    /// Tables that can be scanned.
    fn tables(&self) -> Vec<&'static TableSpec>;

    /// Rows of one table.
    ///
    /// # Errors
    /// When the data cannot be opened; later failures come as an item.
    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError>;
}
