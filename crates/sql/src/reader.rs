// SPDX-License-Identifier: Apache-2.0
//! The rows behind one cursor, that is one FROM term of one running statement: scans of the source,
//! and, from the second call of the same plan on, rows kept in memory with a hash index, so that a
//! join does not scan once per outer row. Knows nothing of SQLite.
//!
//! Invariant: a call gives every row that the constraints let through, perhaps more (SQLite checks
//! again), each once.

use crate::database::Activity;
use crate::plan::{Bound, Constraint, Op, Plan};
use arrow_array::RecordBatch;
use evtables_engine::index::{KeptBounds, KeptRows};
use evtables_engine::{Batches, HashIndex, ScanSpec, Source, SourceError};
use evtables_filter::{Predicate, Term};
use evtables_schema::{Cell, CellReader, ColumnSpec, Storage, TableSpec};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

/// Plans of one cursor that are remembered (an OR gives one per branch).
const PLANS_MAX: usize = 8;

/// Why a call failed.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("interrupted")]
    Interrupted,
    #[error("failed to read {0}: {1}")]
    Source(&'static str, SourceError),
}

/// A batch with every wanted column cut out, so that a value is read without looking for its name.
#[derive(Debug)]
struct Cells {
    rows: usize,
    /// By position in the table; each holds the one stored column that it is read from.
    columns: Vec<Option<RecordBatch>>,
}

impl Cells {
    fn new(table: &TableSpec, wanted: &[usize], batch: &RecordBatch) -> Self {
        let time = table.time_column().and_then(|at| table.columns.get(at)).map(|c| c.name);
        let mut columns: Vec<Option<RecordBatch>> = vec![None; table.columns.len()];
        for position in wanted {
            let Some(spec) = table.columns.get(*position) else { continue };
            let name = match spec.storage {
                Storage::Virtual(_) => time,
                _ => Some(spec.name),
            };
            let at = name.and_then(|name| batch.schema_ref().index_of(name).ok());
            if let Some(slot) = columns.get_mut(*position) {
                // A constant column is read from no array at all.
                let at: Vec<usize> = at.into_iter().collect();
                *slot = batch.project(&at).ok();
            }
        }
        Self { rows: batch.num_rows(), columns }
    }

    fn with_cell<R>(
        &self,
        table: &TableSpec,
        column: &ColumnSpec,
        (position, row): (usize, usize),
        scratch: &mut String,
        give: impl FnOnce(Cell<'_>) -> R,
    ) -> R {
        match self.columns.get(position) {
            Some(Some(batch)) => give(CellReader::new(table, column, batch).cell(row, scratch)),
            _ => give(Cell::Null),
        }
    }
}

/// Rows of one plan kept in memory.
#[derive(Debug)]
struct Kept {
    rows: KeptRows,
    cells: Vec<Cells>,
    /// Position of the constraint whose column is indexed.
    index: Option<(usize, HashIndex)>,
}

/// What is known of the calls of one plan.
struct Calls {
    number: i32,
    text: String,
    plan: Plan,
    columns: Vec<usize>,
    /// Values of the first call.
    first: Option<Vec<Bound>>,
    /// Bit per constraint whose value has been another one in some call. Only grows, so rows are
    /// read again at most once per constraint.
    varying: u64,
    /// `None`: not read yet, or refused for these `varying`.
    kept: Option<Kept>,
    refused: bool,
}

/// Where the cursor stands.
enum Place {
    End,
    Scan {
        calls: usize,
        batches: Batches,
        cells: Option<Cells>,
        row: usize,
        before: usize,
    },
    /// All kept rows of that plan.
    All {
        calls: usize,
        row: usize,
    },
    /// Kept rows found by the index.
    Found {
        calls: usize,
        row: Option<usize>,
    },
}

/// Rows of one table for one cursor.
pub(crate) struct Reader {
    source: Arc<dyn Source>,
    table: &'static TableSpec,
    activity: Arc<Activity>,
    bounds: KeptBounds,
    plans: Vec<Calls>,
    place: Place,
    seq: Option<usize>,
}

impl Reader {
    pub(crate) fn new(
        source: Arc<dyn Source>,
        table: &'static TableSpec,
        activity: Arc<Activity>,
        bounds: KeptBounds,
    ) -> Self {
        let seq = table.column("seq");
        Self { source, table, activity, bounds, plans: Vec::new(), place: Place::End, seq }
    }

    /// Constraints of a plan by its text; values follow in [`Reader::start`]. `columns_used` is
    /// SQLite's mask (bit 63 stands for all from the 64th on). The plan's handle, `None` for a text
    /// that is no plan.
    pub(crate) fn plan(&mut self, number: i32, text: &str, columns_used: u64) -> Option<usize> {
        let known = |calls: &Calls| calls.number == number && calls.text == text;
        if let Some(at) = self.plans.iter().position(known) {
            return Some(at);
        }
        let plan = Plan::parse(self.table, text)?;
        let columns = self.columns_of(&plan, columns_used);
        if self.plans.len() >= PLANS_MAX {
            self.place = Place::End;
            self.plans.remove(0);
        }
        self.plans.push(Calls {
            number,
            text: text.to_owned(),
            plan,
            columns,
            first: None,
            varying: 0,
            kept: None,
            refused: false,
        });
        self.plans.len().checked_sub(1)
    }

    /// Columns read for a plan: those used, those compared, and `seq` or the key as row number.
    fn columns_of(&self, plan: &Plan, used: u64) -> Vec<usize> {
        let is_used = |at: usize| used & (1_u64 << at.min(63)) != 0;
        let is_compared = |at: usize| plan.0.iter().any(|part| part.column == at);
        (0..self.table.columns.len())
            .filter(|at| {
                is_used(*at) || is_compared(*at) || Some(*at) == self.seq.or(self.table.key)
            })
            .collect()
    }

    pub(crate) fn constraints(&self, plan: usize) -> &[Constraint] {
        self.plans.get(plan).map_or(&[], |calls| &calls.plan.0)
    }

    /// Goes before the first row of a call and then to it. `values` are those of the constraints.
    pub(crate) fn start(&mut self, plan: usize, values: Vec<Bound>) -> Result<(), ReadError> {
        self.place = Place::End;
        if values.contains(&Bound::Nothing) {
            return Ok(());
        }
        let Some(calls) = self.plans.get_mut(plan) else { return Ok(()) };
        let Some(first) = &calls.first else {
            let terms = terms_of(&calls.plan, &values, 0);
            calls.first = Some(values);
            return self.scan(plan, terms);
        };
        let differing = (0_u32..64)
            .zip(first.iter().zip(&values))
            .filter(|(_, (first, value))| first != value)
            .fold(calls.varying, |bits, (at, _)| bits | 1 << at);
        let settled = calls.kept.is_some() || calls.refused;
        if !settled || differing != calls.varying {
            calls.varying = differing;
            self.keep(plan)?;
        }
        self.start_kept(plan, &values)
    }

    fn start_kept(&mut self, plan: usize, values: &[Bound]) -> Result<(), ReadError> {
        let Some(calls) = self.plans.get(plan) else { return Ok(()) };
        let Some(kept) = &calls.kept else {
            let terms = terms_of(&calls.plan, values, 0);
            return self.scan(plan, terms);
        };
        let found = kept.index.as_ref().and_then(|(constraint, index)| {
            index.first(values.get(*constraint).and_then(Bound::equal_to)?)
        });
        self.place = match found {
            Some(row) => Place::Found { calls: plan, row },
            None => Place::All { calls: plan, row: 0 },
        };
        Ok(())
    }

    /// Reads all rows that match what does not vary, if they fit, and indexes what does.
    fn keep(&mut self, plan: usize) -> Result<(), ReadError> {
        let bounds = self.bounds_left(plan);
        let Some(calls) = self.plans.get_mut(plan) else { return Ok(()) };
        calls.kept = None;
        calls.refused = true;
        let first = calls.first.as_deref().unwrap_or(&[]);
        let terms = terms_of(&calls.plan, first, calls.varying);
        let indexed = indexed_constraint(self.table, &calls.plan, calls.varying);
        let columns = calls.columns.clone();
        let mut rows = KeptRows::new(bounds);
        let mut cells = Vec::new();
        // A source that makes rows of the values that vary refuses; then each call asks for its own.
        let Ok(batches) = self.batches(columns.clone(), terms) else { return Ok(()) };
        for batch in batches {
            let batch = match self.received(batch) {
                Err(ReadError::Source(..)) => return Ok(()),
                received => received?,
            };
            if batch.num_rows() > 0 {
                cells.push(Cells::new(self.table, &columns, &batch));
            }
            if rows.push(batch).is_err() {
                return Ok(());
            }
        }
        let index = indexed.and_then(|(at, column)| {
            HashIndex::new(self.table, column, &rows).map(|index| (at, index))
        });
        if let Some(calls) = self.plans.get_mut(plan) {
            calls.kept = Some(Kept { rows, cells, index });
            calls.refused = false;
        }
        Ok(())
    }

    /// The cursor's bounds less what its other plans keep.
    fn bounds_left(&self, plan: usize) -> KeptBounds {
        let others = self.plans.iter().enumerate().filter(|(at, _)| *at != plan);
        others.filter_map(|(_, calls)| calls.kept.as_ref()).fold(self.bounds, |left, kept| {
            KeptBounds {
                rows_max: left.rows_max.saturating_sub(kept.rows.rows()),
                bytes_max: left.bytes_max.saturating_sub(kept.rows.bytes()),
            }
        })
    }

    fn batches(&self, columns: Vec<usize>, terms: Vec<Term>) -> Result<Batches, ReadError> {
        let predicate = Predicate::new(self.table, terms);
        self.source
            .scan(&ScanSpec { columns, predicate })
            .map_err(|error| ReadError::Source(self.table.name, error))
    }

    /// Counts a batch; between batches is also where an interrupt is seen.
    fn received(&self, batch: Result<RecordBatch, SourceError>) -> Result<RecordBatch, ReadError> {
        if self.activity.is_cancelled() {
            return Err(ReadError::Interrupted);
        }
        let batch = batch.map_err(|error| ReadError::Source(self.table.name, error))?;
        self.activity.add_read(batch.num_rows());
        Ok(batch)
    }

    fn scan(&mut self, plan: usize, terms: Vec<Term>) -> Result<(), ReadError> {
        let batches = self.batches(self.columns(plan).to_vec(), terms)?;
        self.place = Place::Scan { calls: plan, batches, cells: None, row: 0, before: 0 };
        self.load()
    }

    /// Loads batches until the row exists or the scan ends.
    fn load(&mut self) -> Result<(), ReadError> {
        let mut place = std::mem::replace(&mut self.place, Place::End);
        if let Place::Scan { calls, batches, cells, row, before } = &mut place {
            while cells.as_ref().is_none_or(|cells| *row >= cells.rows) {
                *before = before.saturating_add(cells.take().map_or(0, |cells| cells.rows));
                let Some(batch) = batches.next() else { return Ok(()) };
                let batch = self.received(batch)?;
                *cells = Some(Cells::new(self.table, self.columns(*calls), &batch));
                *row = 0;
            }
        }
        self.place = place;
        Ok(())
    }

    fn columns(&self, plan: usize) -> &[usize] {
        self.plans.get(plan).map_or(&[], |calls| &calls.columns)
    }

    /// To the next row.
    pub(crate) fn advance(&mut self) -> Result<(), ReadError> {
        match &mut self.place {
            Place::End => Ok(()),
            Place::Scan { row, .. } => {
                *row = row.saturating_add(1);
                self.load()
            }
            Place::All { row, .. } => {
                *row = row.saturating_add(1);
                Ok(())
            }
            Place::Found { calls, row } => {
                let kept = self.plans.get(*calls).and_then(|calls| calls.kept.as_ref());
                let index = kept.and_then(|kept| kept.index.as_ref());
                *row = index.zip(*row).and_then(|((_, index), row)| index.after(row));
                Ok(())
            }
        }
    }

    /// Whether the cursor stands on no row.
    pub(crate) fn is_end(&self) -> bool {
        self.current().is_none()
    }

    /// The batch, the row in it, and the row's number in the scan.
    fn current(&self) -> Option<(&Cells, usize, usize)> {
        let (calls, number) = match &self.place {
            Place::End => return None,
            Place::Scan { cells, row, before, .. } => {
                return cells.as_ref().map(|cells| (cells, *row, before.saturating_add(*row)));
            }
            Place::All { calls, row } => (*calls, *row),
            Place::Found { calls, row } => (*calls, (*row)?),
        };
        let kept = self.plans.get(calls)?.kept.as_ref()?;
        let (batch, row) = kept.rows.locate(number)?;
        Some((kept.cells.get(batch)?, row, number))
    }

    /// Gives the value of a column of the current row; NULL where there is none.
    pub(crate) fn with_cell<R>(
        &self,
        position: usize,
        scratch: &mut String,
        give: impl FnOnce(Cell<'_>) -> R,
    ) -> R {
        match (self.current(), self.table.columns.get(position)) {
            (Some((cells, row, _)), Some(column)) => {
                cells.with_cell(self.table, column, (position, row), scratch, give)
            }
            _ => give(Cell::Null),
        }
    }

    /// `seq`, or what stands for the key, or the row's number in the scan where the table has neither.
    pub(crate) fn row_id(&self) -> i64 {
        let mut scratch = String::new();
        let seq = self.seq.and_then(|seq| {
            self.with_cell(seq, &mut scratch, |cell| match cell {
                Cell::Int(number) => Some(number),
                _ => None,
            })
        });
        let number = || self.current().and_then(|(_, _, number)| i64::try_from(number).ok());
        seq.or_else(|| self.key_hash()).or_else(number).unwrap_or(0)
    }

    /// The key of the current row as a number, for tables that have one.
    fn key_hash(&self) -> Option<i64> {
        self.with_cell(self.table.key?, &mut String::new(), |cell| match cell {
            Cell::Text(text) => {
                let mut hasher = DefaultHasher::new();
                text.hash(&mut hasher);
                Some(hasher.finish().cast_signed())
            }
            _ => None,
        })
    }
}

/// The terms of all constraints but those of `left_out` (bit per constraint).
fn terms_of(plan: &Plan, values: &[Bound], left_out: u64) -> Vec<Term> {
    (0_u32..64)
        .zip(plan.0.iter().zip(values))
        .filter(|(at, _)| left_out & (1 << at) == 0)
        .filter_map(|(_, (part, value))| match value {
            Bound::Test(test) => Some(Term { column: part.column, test: test.clone() }),
            Bound::Nothing | Bound::Unknown => None,
        })
        .collect()
}

/// The equality to index among those that vary: ids before text before numbers before times.
fn indexed_constraint(table: &TableSpec, plan: &Plan, varying: u64) -> Option<(usize, usize)> {
    let rank = |storage| match storage {
        Storage::Uuid => 0,
        Storage::Dict => 1,
        Storage::Int32 | Storage::Int64 => 2,
        Storage::Float64 | Storage::Time | Storage::Virtual(_) => 3,
    };
    (0_u32..64)
        .zip(plan.0.iter().enumerate())
        .filter(|(bit, (_, part))| varying & (1 << bit) != 0 && part.op == Op::Eq)
        .filter_map(|(_, (at, part))| {
            let column = table.columns.get(part.column)?;
            HashIndex::can_index(column).then_some((rank(column.storage), at, part.column))
        })
        .min()
        .map(|(_, at, column)| (at, column))
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
