// SPDX-License-Identifier: Apache-2.0
//! Rows of one table that travel together, column by column, from a publisher to the store.
//! A column that nobody has filled yet is `None`; it becomes NULLs when the batch is stored.

use crate::spec::{Storage, TableSpec};
use arrow_array::{ArrayRef, new_null_array};
use arrow_schema::DataType;

/// Rows of one table; every present column has exactly `rows` values.
#[derive(Debug, Clone)]
pub struct EventBatch {
    /// The table.
    pub table: &'static TableSpec,
    /// How many rows.
    pub rows: usize,
    columns: Vec<Option<ArrayRef>>,
}

impl EventBatch {
    /// From columns in the table's order. Columns of another length or type are refused by `None`.
    #[must_use]
    pub fn new(
        table: &'static TableSpec,
        rows: usize,
        columns: Vec<Option<ArrayRef>>,
    ) -> Option<Self> {
        let fits = columns.len() == table.columns.len()
            && columns.iter().zip(table.columns).all(|(array, spec)| match array {
                Some(array) => {
                    array.len() == rows && spec.data_type().as_ref() == Some(array.data_type())
                }
                None => true,
            });
        fits.then_some(Self { table, rows, columns })
    }

    /// The array of a column, if somebody has filled it.
    #[must_use]
    pub fn column(&self, position: usize) -> Option<&ArrayRef> {
        self.columns.get(position)?.as_ref()
    }

    /// Fills a column. An array of another length or type, or of a column that does not exist, is
    /// refused by `false`.
    pub fn set_column(&mut self, position: usize, array: ArrayRef) -> bool {
        let Some(spec) = self.table.columns.get(position) else { return false };
        let Some(slot) = self.columns.get_mut(position) else { return false };
        if array.len() != self.rows || spec.data_type().as_ref() != Some(array.data_type()) {
            return false;
        }
        *slot = Some(array);
        true
    }

    /// All stored columns in order, missing ones as NULLs.
    #[must_use]
    pub fn into_stored_columns(self) -> Vec<ArrayRef> {
        let rows = self.rows;
        self.columns
            .into_iter()
            .zip(self.table.columns)
            .filter(|(_, spec)| !matches!(spec.storage, Storage::Virtual(_)))
            .map(|(array, spec)| {
                let data_type = spec.data_type().unwrap_or(DataType::Null);
                array.unwrap_or_else(|| new_null_array(&data_type, rows))
            })
            .collect()
    }

    /// Memory of all arrays, bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns.iter().flatten().map(|array| array.get_array_memory_size()).sum()
    }
}
