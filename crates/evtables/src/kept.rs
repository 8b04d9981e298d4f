// SPDX-License-Identifier: Apache-2.0
//! Rows kept in memory for the calls of one query: the window of a run, or, for a join over the
//! history, the rows of all its calls with a hash index. osquery calls once per outer row of a join,
//! and tells nothing of the query's end, so what is kept is dropped after 2 seconds without use.

use evtables_engine::HashIndex;
use evtables_engine::index::{KeptBounds, KeptRows};
use evtables_filter::{Term, Test, Value};
use evtables_schema::{SqlType, TableSpec};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What one query may keep.
pub(crate) const BOUNDS: KeptBounds = KeptBounds { rows_max: 500_000, bytes_max: 32 << 20 };
const KEPT_MAX: usize = 4;
const IDLE: Duration = Duration::from_secs(2);
/// A history that is kept grows stale.
const AGE_MAX: Duration = Duration::from_secs(10);
/// Calls that a later one is compared with.
const RECENT_MAX: usize = 16;
const RECENT_AGE_MAX: Duration = Duration::from_secs(1);

/// Whose rows these are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scope {
    /// All rows of a window.
    Window { consumer: String, from: u64, to: u64 },
    /// Rows of the history that pass `terms`.
    History { terms: Vec<Term> },
}

/// Kept rows with the indexes that were asked for.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) table: &'static TableSpec,
    /// Columns that the batches hold.
    pub(crate) columns: Vec<usize>,
    pub(crate) scope: Scope,
    pub(crate) rows: KeptRows,
    indexes: Mutex<Vec<(usize, Arc<HashIndex>)>>,
    born: Instant,
    used: Mutex<Instant>,
}

impl Kept {
    pub(crate) fn new(
        table: &'static TableSpec,
        columns: Vec<usize>,
        scope: Scope,
        rows: KeptRows,
    ) -> Self {
        let now = Instant::now();
        let (indexes, used) = (Mutex::new(Vec::new()), Mutex::new(now));
        Self { table, columns, scope, rows, indexes, born: now, used }
    }

    /// The same rows for somebody else.
    pub(crate) fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Numbers of the rows whose `column` equals the text of a constraint; `None` when an index
    /// cannot tell.
    pub(crate) fn find(&self, column: usize, text: &str) -> Option<Vec<usize>> {
        let spec = self.table.columns.get(column)?;
        let value = match spec.sql_type {
            SqlType::Text => Value::Text(text.to_owned()),
            _ => Value::Int(text.parse().ok()?),
        };
        let mut indexes = lock(&self.indexes);
        let known = indexes.iter().find(|(at, _)| *at == column).map(|(_, index)| index.clone());
        let index = match known {
            Some(index) => index,
            None => {
                let index = Arc::new(HashIndex::new(self.table, column, &self.rows)?);
                indexes.push((column, index.clone()));
                index
            }
        };
        drop(indexes);
        Some(index.find(&value)?.collect())
    }

    fn is_due(&self) -> bool {
        let stale = matches!(self.scope, Scope::History { .. }) && self.born.elapsed() > AGE_MAX;
        stale || lock(&self.used).elapsed() > IDLE
    }
}

/// The equality of a call that a join varies, if it has just one that an index can answer.
pub(crate) fn equality(table: &TableSpec, terms: &[Term]) -> Option<(usize, String)> {
    terms.iter().find_map(|term| match &term.test {
        Test::In(values) => match values.as_slice() {
            [Value::Text(text)] => {
                let column = table.columns.get(term.column)?;
                HashIndex::can_index(column).then(|| (term.column, text.clone()))
            }
            _ => None,
        },
        _ => None,
    })
}

#[derive(Debug, Clone, PartialEq)]
struct Shape {
    table: &'static str,
    columns: Vec<usize>,
    terms: Vec<Term>,
}

/// The column in which two calls differ, when that is one single equality.
fn differs_in(a: &Shape, b: &Shape) -> Option<usize> {
    if a.table != b.table || a.columns != b.columns || a.terms.len() != b.terms.len() {
        return None;
    }
    let mut differing = a.terms.iter().zip(&b.terms).filter(|(a, b)| a != b);
    let (x, y) = differing.next()?;
    let single = |term: &Term| matches!(&term.test, Test::In(values) if values.len() == 1);
    let one = differing.next().is_none() && x.column == y.column && single(x) && single(y);
    one.then_some(x.column)
}

/// What to do with a call over the history.
#[derive(Debug)]
pub(crate) enum Advice {
    /// The rows are here.
    Use(Arc<Kept>, usize),
    /// The second call of a join: worth keeping, without the equality on this column.
    Keep(usize),
    /// A call like any other.
    Scan,
}

/// All kept rows of this process, at most four queries' worth, and the calls seen last.
#[derive(Debug, Default)]
pub(crate) struct KeptCache {
    kept: Mutex<Vec<Arc<Kept>>>,
    recent: Mutex<Vec<(Shape, Instant)>>,
    refused: Mutex<Vec<(Shape, Instant)>>,
}

impl KeptCache {
    pub(crate) fn window(
        &self,
        table: &TableSpec,
        consumer: &str,
        range: (u64, u64),
    ) -> Option<Arc<Kept>> {
        let is_it = |scope: &Scope| {
            matches!(scope, Scope::Window { consumer: whose, from, to }
                if whose == consumer && (*from, *to) == range)
        };
        self.find(|kept| kept.table == table && is_it(&kept.scope))
    }

    fn find(&self, wanted: impl Fn(&Kept) -> bool) -> Option<Arc<Kept>> {
        let found = lock(&self.kept).iter().find(|kept| !kept.is_due() && wanted(kept)).cloned()?;
        *lock(&found.used) = Instant::now();
        Some(found)
    }

    pub(crate) fn add(&self, kept: Kept) -> Arc<Kept> {
        let kept = Arc::new(kept);
        let mut all = lock(&self.kept);
        if all.len() >= KEPT_MAX {
            let oldest = all.iter().enumerate().min_by_key(|(_, kept)| *lock(&kept.used));
            if let Some(at) = oldest.map(|(at, _)| at) {
                all.remove(at);
            }
        }
        all.push(kept.clone());
        kept
    }

    /// Whether the calls before make it worth keeping rows for this one.
    pub(crate) fn advise(
        &self,
        table: &'static TableSpec,
        columns: &[usize],
        terms: &[Term],
    ) -> Advice {
        for (at, term) in terms.iter().enumerate() {
            let Test::In(values) = &term.test else { continue };
            if values.len() != 1 {
                continue;
            }
            let mut rest = terms.to_vec();
            rest.remove(at);
            let usable = |kept: &Kept| {
                kept.table == table
                    && kept.scope == Scope::History { terms: rest.clone() }
                    && columns.iter().all(|column| kept.columns.contains(column))
            };
            if let Some(kept) = self.find(usable) {
                return Advice::Use(kept, term.column);
            }
        }
        let shape = Shape { table: table.name, columns: columns.to_vec(), terms: terms.to_vec() };
        let fresh = |(_, at): &(Shape, Instant)| at.elapsed() < RECENT_AGE_MAX;
        let mut recent = lock(&self.recent);
        recent.retain(fresh);
        let column = recent.iter().find_map(|(before, _)| differs_in(before, &shape));
        if recent.len() >= RECENT_MAX {
            recent.remove(0);
        }
        recent.push((shape.clone(), Instant::now()));
        drop(recent);
        let mut refused = lock(&self.refused);
        refused.retain(|(_, at)| at.elapsed() < IDLE);
        let hopeless = refused.iter().any(|(other, _)| differs_in(other, &shape).is_some());
        let indexable = |at: usize| table.columns.get(at).is_some_and(HashIndex::can_index);
        match column {
            Some(column) if !hopeless && indexable(column) => Advice::Keep(column),
            _ => Advice::Scan,
        }
    }

    /// The rows did not fit: not tried again for a while.
    pub(crate) fn refuse(&self, table: &'static TableSpec, columns: &[usize], terms: &[Term]) {
        let shape = Shape { table: table.name, columns: columns.to_vec(), terms: terms.to_vec() };
        let mut refused = lock(&self.refused);
        if refused.len() >= RECENT_MAX {
            refused.remove(0);
        }
        refused.push((shape, Instant::now()));
    }

    /// Drops what was not used for a while; called several times a second.
    pub(crate) fn sweep(&self) {
        lock(&self.kept).retain(|kept| !kept.is_due());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
