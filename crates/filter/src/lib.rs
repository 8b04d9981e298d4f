// SPDX-License-Identifier: Apache-2.0
//! Predicates over batches: which rows of a table a query wants. Pure.
//!
//! A predicate is a conjunction of terms, each on one column. It may let through more than was asked
//! (SQLite checks again), never less: what cannot be answered exactly or generously is left out.
//! Filters of the configuration are exact: [`rules`].

pub mod pattern;
pub mod rules;
mod term;

pub use term::{Cache, Term, Test, Value, Values};

use arrow_array::{BooleanArray, RecordBatch};
use arrow_buffer::BooleanBuffer;
use evtables_schema::{Storage, TableSpec, Virtual};
use term::Compiled;

/// A conjunction of terms on one table.
#[derive(Debug, Clone)]
pub struct Predicate {
    table: &'static TableSpec,
    terms: Vec<(Term, Compiled)>,
    ignored: Vec<Term>,
}

impl Predicate {
    /// Every row of `table`.
    #[must_use]
    pub fn all(table: &'static TableSpec) -> Self {
        Self::new(table, Vec::new())
    }

    /// From terms; those that this column type cannot answer are left out and listed by
    /// [`Predicate::ignored`].
    #[must_use]
    pub fn new(table: &'static TableSpec, terms: Vec<Term>) -> Self {
        let mut predicate = Self { table, terms: Vec::new(), ignored: Vec::new() };
        for term in terms {
            match Compiled::new(table, &term) {
                Some(compiled) => predicate.terms.push((term, compiled)),
                None => predicate.ignored.push(term),
            }
        }
        predicate
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &'static TableSpec {
        self.table
    }

    /// Whether every row passes.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.terms.is_empty()
    }

    /// Terms that are answered.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().map(|(term, _)| term)
    }

    /// Terms that were left out.
    #[must_use]
    pub fn ignored(&self) -> &[Term] {
        &self.ignored
    }

    /// Positions of the columns that the answered terms look at (virtual ones too).
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.terms.iter().map(|(term, _)| term.column)
    }

    /// Bounds on the stored time, inclusive, nanoseconds since the epoch.
    #[must_use]
    pub fn time_range(&self) -> (Option<i64>, Option<i64>) {
        self.range_of(|storage| {
            matches!(storage, Storage::Time | Storage::Virtual(Virtual::TimeNs))
        })
    }

    /// Bounds on `seq`, inclusive.
    #[must_use]
    pub fn seq_range(&self) -> (Option<i64>, Option<i64>) {
        let seq = self.table.column("seq");
        self.bounds(|term| Some(term.column) == seq)
    }

    fn range_of(&self, wanted: impl Fn(Storage) -> bool) -> (Option<i64>, Option<i64>) {
        self.bounds(|term| {
            self.table.columns.get(term.column).is_some_and(|column| wanted(column.storage))
        })
    }

    fn bounds(&self, wanted: impl Fn(&Term) -> bool) -> (Option<i64>, Option<i64>) {
        let (mut low, mut high) = (None::<i64>, None::<i64>);
        for (_, compiled) in self.terms.iter().filter(|(term, _)| wanted(term)) {
            let Some((from, to)) = compiled.int_bounds() else { continue };
            low = Some(low.map_or(from, |low| low.max(from)));
            high = Some(high.map_or(to, |high| high.min(to)));
        }
        (low.filter(|v| *v != i64::MIN), high.filter(|v| *v != i64::MAX))
    }

    /// Columns that must equal one of some values.
    pub fn equalities(&self) -> impl Iterator<Item = (usize, Values<'_>)> {
        self.terms.iter().filter_map(|(term, compiled)| Some((term.column, compiled.values()?)))
    }

    /// Inclusive bounds of columns that are held as integers (time: nanoseconds).
    pub fn int_ranges(&self) -> impl Iterator<Item = (usize, i64, i64)> + '_ {
        self.terms.iter().filter_map(|(term, compiled)| {
            let (low, high) = compiled.int_bounds()?;
            Some((term.column, low, high))
        })
    }

    /// As [`Predicate::evaluate`]; what is known of a dictionary is kept for the next batch that shares
    /// it.
    #[must_use]
    pub fn evaluate_with(&self, batch: &RecordBatch, cache: &mut Cache) -> BooleanArray {
        let mut pass = BooleanBuffer::new_set(batch.num_rows());
        for (at, (term, compiled)) in self.terms.iter().enumerate() {
            let bits = compiled.evaluate(self.table, term.column, batch, cache.slot(at));
            pass = &pass & &bits;
        }
        BooleanArray::new(pass, None)
    }

    /// Which rows of `batch` pass; a column that the batch lacks counts as NULL, which never passes.
    #[must_use]
    pub fn evaluate(&self, batch: &RecordBatch) -> BooleanArray {
        self.evaluate_with(batch, &mut Cache::default())
    }
}

#[cfg(test)]
mod tests;
