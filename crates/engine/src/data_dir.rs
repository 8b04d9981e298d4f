// SPDX-License-Identifier: Apache-2.0
//! A data dir as a [`Source`]: event tables from the store (live or at rest, this process's or
//! another's), the engine's own tables from the state file.

use crate::host;
use crate::source::{Batches, ScanSpec, Source, SourceError};
use crate::state::State;
use crate::state_tables::{Holding, rows_of};
use arrow_array::RecordBatch;
use arrow_select::filter::filter_record_batch;
use evtables_schema::{Class, TableSpec, tables};
use evtables_store::{ScanRequest, StoreError, StoreReader};
use std::path::{Path, PathBuf};

/// Reads one data dir; every scan is as fresh as the moment it begins.
#[derive(Clone)]
pub struct DataDir {
    dir: PathBuf,
    reader: StoreReader,
}

impl DataDir {
    /// Opens a data dir for reading, beside a collector that may be writing it.
    ///
    /// # Errors
    /// When it is no data dir, or of a newer version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self { dir: dir.to_owned(), reader: StoreReader::open(dir)? })
    }

    /// Over the reader of a store that this process writes.
    #[must_use]
    pub fn with_reader(dir: &Path, reader: StoreReader) -> Self {
        Self { dir: dir.to_owned(), reader }
    }

    /// The state that the collector wrote last.
    ///
    /// # Errors
    /// When the state file is there and cannot be read.
    pub fn state(&self) -> std::io::Result<Option<State>> {
        State::read(&self.dir)
    }

    fn state_rows(&self, spec: &ScanSpec) -> Result<RecordBatch, SourceError> {
        let table = spec.table();
        let fail = |what: &dyn std::fmt::Display| SourceError(what.to_string());
        let state = self.state().map_err(|e| fail(&format!("state file: {e}")))?;
        let held = match table.name {
            "evtables_tables" => {
                let now = host::now_ns();
                self.reader.snapshot().map_err(|e| fail(&e))?.tables(now)
            }
            _ => Vec::new(),
        };
        let holding = |wanted: &'static TableSpec| {
            held.iter().find(|held| held.table == wanted.name).map(|held| Holding {
                rows: held.rows,
                bytes: held.bytes,
                oldest_ns: held.oldest_time,
                newest_ns: held.newest_time,
            })
        };
        let batch = rows_of(table, state.as_ref(), host::now_seconds(), holding)
            .ok_or_else(|| fail(&"nobody makes rows of this table"))?;
        RecordBatch::try_new(table.stored_schema(), batch.into_stored_columns())
            .map_err(|e| fail(&e))
    }
}

impl Source for DataDir {
    fn tables(&self) -> Vec<&'static TableSpec> {
        tables().to_vec()
    }

    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError> {
        if spec.table().class == Class::State {
            let rows = self.state_rows(spec)?;
            let kept = filter_record_batch(&rows, &spec.predicate.evaluate(&rows))
                .map_err(|e| SourceError(e.to_string()))?;
            return Ok(Box::new(std::iter::once(Ok(kept))));
        }
        let snapshot = self.reader.snapshot().map_err(|e| SourceError(e.to_string()))?;
        let scan = snapshot.scan(ScanRequest {
            table: spec.table(),
            columns: spec.columns.clone(),
            predicate: spec.predicate.clone(),
            seq_range: None,
            now_ns: host::now_ns(),
        });
        Ok(Box::new(scan.map(|batch| batch.map_err(|e| SourceError(e.to_string())))))
    }
}
