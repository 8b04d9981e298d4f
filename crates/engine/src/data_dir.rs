// SPDX-License-Identifier: Apache-2.0
//! A data dir as a [`Source`]: event tables from the store (live or at rest, this process's or
//! another's), the engine's own tables from the state file.

use crate::collector::REPLAY;
use crate::consumers::{Cursor, read_calls, read_cursors};
use crate::host;
use crate::source::{Batches, ScanSpec, Source, SourceError};
use crate::state::State;
use crate::state_tables::{Holding, Lag, Readers, rows_of};
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, RecordBatch, StringArray};
use arrow_select::concat::concat_batches;
use arrow_select::filter::filter_record_batch;
use evtables_schema::cells::dict_text;
use evtables_schema::generated::event_log_channels::windows as event_log_channels;
use evtables_schema::generated::event_log_data::windows as event_log_data;
use evtables_schema::{Cell, CellReader, Class, EventBatch, TableSpec, tables};
use evtables_sdk::StateSource;
use evtables_store::{Scan, ScanRequest, StoreError, StoreReader, rows_between};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The first row that somebody has not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstRow {
    /// Its `seq`.
    pub seq: u64,
    /// Its time, unix seconds.
    pub time: Option<i64>,
    /// Rows between it and what was read that are gone.
    pub expired: u64,
}

/// Reads one data dir; every scan is as fresh as the moment it begins.
#[derive(Clone)]
pub struct DataDir {
    dir: PathBuf,
    reader: StoreReader,
    /// Makes rows of what the operating system is like.
    system: Option<Arc<dyn StateSource>>,
}

impl DataDir {
    /// Opens a data dir for reading, beside a collector that may be writing it.
    ///
    /// # Errors
    /// When it is no data dir, or of a newer version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self { dir: dir.to_owned(), reader: StoreReader::open(dir)?, system: None })
    }

    /// Over the reader of a store that this process writes.
    #[must_use]
    pub fn with_reader(dir: &Path, reader: StoreReader) -> Self {
        Self { dir: dir.to_owned(), reader, system: None }
    }

    /// With the tables of this system. Those of a replay stay what the replay stored.
    #[must_use]
    pub fn with_system(mut self, system: Arc<dyn StateSource>) -> Self {
        self.system = Some(system);
        self
    }

    /// Who makes the rows of a table when asked; `None` for what is stored, or the engine's own.
    #[must_use]
    pub fn system_of(&self, table: &TableSpec) -> Option<&Arc<dyn StateSource>> {
        let system = self.system.as_ref().filter(|system| system.tables().contains(&table))?;
        let has_rows_here = || table.class == Class::Event || table == &event_log_channels::TABLE;
        let is_stored = system.unavailable().is_some() || self.is_replay();
        (!(has_rows_here() && is_stored)).then_some(system)
    }

    fn is_replay(&self) -> bool {
        self.state().ok().flatten().is_some_and(|state| state.status.mode == REPLAY)
    }

    /// Rows that the system makes now, and which bound cut them.
    ///
    /// # Errors
    /// When the system does not answer, or the query does not say what the table needs.
    pub fn scan_system(
        &self,
        system: &dyn StateSource,
        spec: &ScanSpec,
    ) -> Result<(RecordBatch, Option<String>), SourceError> {
        if let Some(reason) = system.unavailable() {
            return Err(SourceError(reason.to_owned()));
        }
        let fail = |e: arrow_schema::ArrowError| SourceError(e.to_string());
        let rows = system.rows(&spec.predicate).map_err(SourceError)?;
        let schema = spec.table().stored_schema();
        let made = |batch: EventBatch| {
            RecordBatch::try_new(schema.clone(), batch.into_stored_columns()).map_err(fail)
        };
        let batches: Vec<_> = rows.batches.into_iter().map(made).collect::<Result<_, _>>()?;
        let batch = concat_batches(&schema, &batches).map_err(fail)?;
        let batch = filter_record_batch(&batch, &spec.predicate.evaluate(&batch)).map_err(fail)?;
        Ok((batch, rows.cut))
    }

    /// The state that the collector wrote last.
    ///
    /// # Errors
    /// When the state file is there and cannot be read.
    pub fn state(&self) -> std::io::Result<Option<State>> {
        State::read(&self.dir)
    }

    /// Rows of an event table whose `seq` is in `(from, to]`, with what the scan costs.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn scan_events(
        &self,
        spec: &ScanSpec,
        seq_range: Option<(u64, u64)>,
    ) -> Result<Scan, SourceError> {
        let snapshot = self.reader.snapshot().map_err(|e| SourceError(e.to_string()))?;
        Ok(snapshot.scan(ScanRequest {
            table: spec.table(),
            columns: spec.columns.clone(),
            predicate: spec.predicate.clone(),
            seq_range,
            now_ns: host::now_ns(),
        }))
    }

    /// Largest `seq` given in a table so far.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_seq(&self, table: &TableSpec) -> Result<u64, SourceError> {
        let snapshot = self.reader.snapshot().map_err(|e| SourceError(e.to_string()))?;
        Ok(snapshot.last_seq(table))
    }

    /// The first row after a `seq`; `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn first_after(
        &self,
        table: &'static TableSpec,
        seq: u64,
    ) -> Result<Option<FirstRow>, SourceError> {
        let columns = table.column("seq").into_iter().chain(table.time_column()).collect();
        let spec = ScanSpec { columns, predicate: evtables_filter::Predicate::all(table) };
        let mut scan = self.scan_events(&spec, Some((seq, u64::MAX)))?;
        let Some(batch) = scan.next() else { return Ok(None) };
        let batch = batch.map_err(|e| SourceError(e.to_string()))?;
        let number = |column: Option<usize>| {
            let column = table.columns.get(column?)?;
            match CellReader::new(table, column, &batch).cell(0, &mut String::new()) {
                Cell::Int(number) => Some(number),
                _ => None,
            }
        };
        let first = number(table.column("seq")).and_then(|seq| u64::try_from(seq).ok());
        Ok(first.map(|first| FirstRow {
            seq: first,
            time: number(table.time_column()),
            expired: rows_between(seq, first.saturating_sub(1)),
        }))
    }

    /// How far a cursor is behind.
    fn lag(&self, cursor: &Cursor) -> Lag {
        let Some(table) = evtables_schema::table(&cursor.event_table) else {
            return Lag::default();
        };
        let last = self.last_seq(table).unwrap_or(0);
        let rows = rows_between(cursor.position, last);
        if rows == 0 {
            return Lag::default();
        }
        let first = self.first_after(table, cursor.position).ok().flatten();
        let oldest = first.and_then(|first| first.time);
        Lag { rows, oldest }
    }

    /// Rows of a state table, made now. `readers` are those of this process, if it serves any.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn scan_state(
        &self,
        spec: &ScanSpec,
        readers: Option<Readers>,
    ) -> Result<RecordBatch, SourceError> {
        if let Some(system) = self.system_of(spec.table()) {
            return self.scan_system(&**system, spec).map(|(batch, _)| batch);
        }
        let rows = self.state_rows(spec, readers)?;
        filter_record_batch(&rows, &spec.predicate.evaluate(&rows))
            .map_err(|e| SourceError(e.to_string()))
    }

    /// The channels that stored event-log records came from.
    fn channels(&self) -> Result<RecordBatch, SourceError> {
        let spec = ScanSpec {
            columns: vec![event_log_data::SOURCE],
            predicate: evtables_filter::Predicate::all(&event_log_data::TABLE),
        };
        let mut names = BTreeSet::new();
        for batch in self.scan_events(&spec, None)? {
            let batch = batch.map_err(|e| SourceError(e.to_string()))?;
            let column = batch
                .column_by_name("source")
                .and_then(|column| column.as_any().downcast_ref::<DictionaryArray<Int32Type>>());
            let Some(column) = column else { continue };
            let Some(values) = column.values().as_any().downcast_ref::<StringArray>() else {
                continue;
            };
            // Few channels, many rows: a name is looked at again only when the key changes.
            let mut last = None;
            for row in 0..column.len() {
                let key = column.key(row);
                if key != last {
                    last = key;
                    if let Some(name) = dict_text(column, values, row)
                        && !names.contains(name)
                    {
                        names.insert(name.to_owned());
                    }
                }
            }
        }
        let mut builder = event_log_channels::Builder::default();
        for name in &names {
            builder.push(&event_log_channels::Row { source: name });
        }
        let rows = builder.finish().into_stored_columns();
        RecordBatch::try_new(event_log_channels::TABLE.stored_schema(), rows)
            .map_err(|e| SourceError(e.to_string()))
    }

    fn state_rows(
        &self,
        spec: &ScanSpec,
        readers: Option<Readers>,
    ) -> Result<RecordBatch, SourceError> {
        let table = spec.table();
        if table == &event_log_channels::TABLE {
            return self.channels();
        }
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
        let mut readers = readers.unwrap_or_else(|| match table.name {
            "evtables_consumers" => {
                Readers { cursors: read_cursors(&self.dir), ..Readers::default() }
            }
            "evtables_queries" => Readers { calls: read_calls(&self.dir), ..Readers::default() },
            _ => Readers::default(),
        });
        readers.system.clone_from(&self.system);
        let lag = |cursor: &Cursor| self.lag(cursor);
        let batch = rows_of(table, state.as_ref(), host::now_seconds(), holding, (&readers, &lag))
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
        if spec.table().class == Class::State || self.system_of(spec.table()).is_some() {
            return Ok(Box::new(std::iter::once(self.scan_state(spec, None))));
        }
        let scan = self.scan_events(spec, None)?;
        Ok(Box::new(scan.map(|batch| batch.map_err(|e| SourceError(e.to_string())))))
    }
}
