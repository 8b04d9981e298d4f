// SPDX-License-Identifier: Apache-2.0
//! How a call on an event table is answered.
//!
//! A scheduled query is given the window of its run: the rows since the run before, the same in every
//! call of the run, never cut (the window is chosen so that it fits). Everybody else is given the
//! history: all stored rows that match, and when they pass the reply's budget the newest of them; the
//! cut stands in `evtables_queries`. Comparing `time`, or `history = 1`, means history for everybody,
//! as in osquery's own event tables.
//!
//! A window may let through more than was asked (SQLite checks again), never less. A window whose reply
//! could not be sent is served again.

use crate::answer_words::{never_words, op_word, words};
use crate::executing::Executing;
use crate::kept::{Advice, BOUNDS, Kept, Scope, equality};
use crate::newest::Newest;
use crate::osquery_table::{Face, terms, used_columns};
use crate::serving::Serving;
use arrow_array::RecordBatch;
use evtables_engine::consumers::{Asking, Call, Due, Given};
use evtables_engine::index::{KeptBounds, KeptRows};
use evtables_engine::{DataDir, Gap, GapCause, ScanSpec, SourceError, host};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_osquery::{Constraint, ManagerError, Query, RowsFull, RowsWriter, TableError};
use evtables_schema::{Cell, CellReader, Storage, TableSpec, Virtual};
use evtables_store::{ScanStats, rows_between};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

/// Cells per row that the row budget is meant for: narrower answers may have more rows.
const CELLS_PER_ROW: usize = 16;
/// An index that finds more rows is not worth more than the test of all.
const FOUND_ROWS_MAX: usize = 64;
const CONSUMER_BYTES_MAX: usize = 256;

/// Why a call failed.
pub(crate) enum Failure {
    Source(SourceError),
    Full(RowsFull),
    Stopping,
    Asked(&'static str),
    /// osquery, which is calling, does not say for whom.
    Unsaid(ManagerError),
}

impl Failure {
    /// As osquery is told.
    pub(crate) fn told(self, name: &str) -> TableError {
        match self {
            Self::Source(error) => TableError::new(format!("{name}: {error}")),
            Self::Full(full) => full.into(),
            Self::Stopping => TableError::new("evtables is stopping"),
            Self::Asked(what) => TableError::new(format!("{name}: {what}")),
            Self::Unsaid(error) => TableError::new(format!(
                "{name}: a scheduled query may read it, and osquery does not say whether this is one: {error}"
            )),
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl From<RowsFull> for Failure {
    fn from(full: RowsFull) -> Self {
        Self::Full(full)
    }
}

/// Answers one call on an event table, and records it.
///
/// `name` is the one of its names by which the table was asked.
pub(crate) fn events(
    serving: &Arc<Serving>,
    (table, name): (&'static TableSpec, &str),
    query: &Query,
    rows: &mut RowsWriter,
) -> Result<(), TableError> {
    let begun = Instant::now();
    let mut reply = Reply::new(serving, table, query);
    let outcome = reply.answer(name, rows).map_err(|failure| failure.told(name));
    if let Err(error) = &outcome {
        reply.call.remark.clone_from(&error.message);
    }
    reply.record(rows, begun);
    outcome
}

/// What the input columns say.
#[derive(Debug, Default)]
struct Inputs {
    consumer: Option<String>,
    take: bool,
    history: bool,
    /// Values that the rows have to repeat.
    echoes: Vec<(usize, String)>,
}

impl Inputs {
    fn of(table: &TableSpec, query: &Query) -> Result<Self, Failure> {
        let mut inputs = Self::default();
        for (at, column) in table.columns.iter().enumerate() {
            if column.storage != Storage::Virtual(Virtual::Input) {
                continue;
            }
            let mut values = query.values(at);
            let Some(value) = values.next() else { continue };
            if values.next().is_some() {
                return Err(Failure::Asked("consumer, take and history take one value each"));
            }
            match column.name {
                "consumer" if value.len() > CONSUMER_BYTES_MAX => {
                    return Err(Failure::Asked("the consumer's name is longer than 256 bytes"));
                }
                "consumer" => inputs.consumer = Some(value.to_owned()),
                "take" => inputs.take = value == "1",
                _ => inputs.history = value == "1",
            }
            inputs.echoes.push((at, value.to_owned()));
        }
        if inputs.take && inputs.consumer.is_none() {
            return Err(Failure::Asked("take = 1 needs consumer = '…'"));
        }
        Ok(inputs)
    }
}

/// One call while it is answered.
pub(crate) struct Reply<'a> {
    serving: &'a Arc<Serving>,
    table: &'static TableSpec,
    query: &'a Query,
    used: Vec<usize>,
    terms: Vec<Term>,
    predicate: Predicate,
    pub(crate) call: Call,
    /// Its time is counted from here.
    pub(crate) begun: Instant,
    /// How much it may hold.
    share: Share,
}

/// Rows and bytes of a reply, or of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) rows: usize,
    pub(crate) bytes: usize,
}

/// `seq` and time of the first row.
type FirstRow = (u64, Option<i64>);

/// Rows of one window, in memory when they fit.
pub(crate) struct Window {
    range: (u64, u64),
    kept: Option<Arc<Kept>>,
}

impl<'a> Reply<'a> {
    fn new(serving: &'a Arc<Serving>, table: &'static TableSpec, query: &'a Query) -> Self {
        let terms: Vec<Term> = terms(query.constraints())
            .into_iter()
            .filter(|term| !is_input(table, term.column))
            .collect();
        let predicate = Predicate::new(table, terms.clone());
        let used = used_columns(table, query);
        let call = Call { event_table: table.name.to_owned(), ..Call::default() };
        let begun = Instant::now();
        let budgets = serving.settings().config.budgets;
        let share = Share { rows: budgets.reply_rows, bytes: budgets.reply_bytes };
        Self { serving, table, query, used, terms, predicate, call, begun, share }
    }

    /// For all rows of a table as a part of another's reply to `query`.
    pub(crate) fn part(
        serving: &'a Arc<Serving>,
        table: &'static TableSpec,
        query: &'a Query,
        used: Vec<usize>,
        share: Share,
    ) -> Self {
        let (call, begun) = (Call::default(), Instant::now());
        let (terms, predicate) = (Vec::new(), Predicate::all(table));
        Self { serving, table, query, used, terms, predicate, call, begun, share }
    }

    fn answer(&mut self, name: &str, rows: &mut RowsWriter) -> Result<(), Failure> {
        let inputs = Inputs::of(self.table, self.query)?;
        // Nothing is stored yet and nothing can be missed: cursors stay where they are.
        let Some(source) = self.serving.data_dir()? else { return Ok(()) };
        let (used, echoes) = (self.used.clone(), inputs.echoes.clone());
        let face = Face { echoes: &echoes, ..Face::new(self.table, &used) };
        let time = self.terms.iter().any(|term| self.table.time_column() == Some(term.column));
        if inputs.history || (time && inputs.consumer.is_none()) {
            return self.history(&source, &face, None, rows);
        }
        let executing = if inputs.consumer.is_some() && !inputs.take {
            None
        } else {
            executing(self.serving, name)?
        };
        let consumer = match (inputs.consumer, &executing) {
            (Some(name), _) if inputs.take => name,
            (Some(name), _) => {
                let cursors = self.serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
                let from = cursors.read_through(&name, self.table.name).unwrap_or(0);
                drop(cursors);
                return self.history(&source, &face, Some((from, u64::MAX)), rows);
            }
            (None, Some(found)) => found.name.clone(),
            (None, None) => return self.history(&source, &face, None, rows),
        };
        self.call.consumer.clone_from(&consumer);
        let contested = executing.as_ref().is_some_and(|found| found.contested);
        let asking = self.serving.asking(executing.map(|found| found.run));
        let window = self.window(&source, &consumer, &asking, contested)?;
        let (serving, table) = (Arc::clone(self.serving), self.table.name);
        rows.on_sent(move |sent| {
            if !sent {
                let mut cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
                cursors.unsent(&consumer, table, asking.run);
            }
        });
        self.write_window(&source, &face, &window, rows)
    }

    /// The window of a run, chosen now if this is its first call on the table. The lock over all of
    /// it makes calls that come at once see one window.
    pub(crate) fn window(
        &mut self,
        source: &DataDir,
        consumer: &str,
        asking: &Asking,
        contested: bool,
    ) -> Result<Window, Failure> {
        let table = self.table.name;
        let serving = Arc::clone(self.serving);
        let mut cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        let from = match cursors.due(consumer, table, asking) {
            Due::Fixed(from, to) => {
                drop(cursors);
                let kept = self.serving.kept.window(self.table, consumer, (from, to));
                return match kept {
                    Some(kept) => Ok(Window { range: (from, to), kept: Some(kept) }),
                    None => Ok(self.read_fixed(source, consumer, (from, to))?),
                };
            }
            Due::Open(from) => from,
        };
        let last = source.last_seq(self.table)?;
        let after = from.unwrap_or(0).min(last);
        let (mut window, first, count) = self.read_window(source, consumer, (after, last), true)?;
        let expired = from.map_or(0, |from| {
            rows_between(from, first.map_or(last, |(seq, _)| seq.saturating_sub(1)))
        });
        let oldest = first.map_or(window.range.1, |(seq, _)| seq.saturating_sub(1));
        window.range.0 = window.range.0.max(oldest.min(window.range.1));
        let state = match contested {
            true => "contested",
            false if window.range.0 == window.range.1 => "idle",
            false => "reading",
        };
        let given = Given { rows: count as u64, expired };
        let since = cursors.fix((consumer, table), asking, window.range, given, state);
        drop(cursors);
        if let Some(kept) = window.kept.take() {
            let scope = Scope::Window {
                consumer: consumer.to_owned(),
                from: window.range.0,
                to: window.range.1,
            };
            window.kept =
                Arc::into_inner(kept).map(|kept| self.serving.kept.add(kept.with_scope(scope)));
        }
        if expired > 0 && table != "evtables_gaps" {
            self.serving.gap(Gap {
                event_table: Some(table.to_owned()),
                consumer: Some(consumer.to_owned()),
                cause: GapCause::Expired,
                count: Some(expired),
                from_time: Some(since),
                to_time: first.and_then(|(_, time)| time),
            });
        }
        Ok(window)
    }

    /// The rows of a window that is fixed: all of them, whatever the budget says by now.
    fn read_fixed(
        &mut self,
        source: &DataDir,
        consumer: &str,
        range: (u64, u64),
    ) -> Result<Window, Failure> {
        Ok(self.read_window(source, consumer, range, false)?.0)
    }

    /// Reads the rows after `from`, at most to `last` and, with `choose`, as many as fit the budget;
    /// with the `seq` and the time of the first, and their number. All columns: the other calls of
    /// the run may want others.
    fn read_window(
        &mut self,
        source: &DataDir,
        consumer: &str,
        (from, last): (u64, u64),
        choose: bool,
    ) -> Result<(Window, Option<FirstRow>, usize), Failure> {
        let reply_time = self.serving.settings().config.budgets.reply_time;
        let share = self.share;
        let spec = ScanSpec::all(self.table);
        let face = Face::new(self.table, &spec.columns);
        let rows_max = if choose { share.rows } else { KeptBounds::CURSOR.rows_max };
        let bounds = KeptBounds { rows_max, ..KeptBounds::CURSOR };
        let mut kept = Some(KeptRows::new(bounds));
        let (mut count, mut bytes, mut to, mut first) = (0_usize, 0_usize, last, None);
        let mut scan = source.scan_events(&spec, Some((from, last)))?;
        'scan: for batch in &mut scan {
            let batch = batch.map_err(|e| SourceError(e.to_string()))?;
            self.go_on()?;
            if first.is_none() {
                first = first_row(self.table, &batch);
            }
            if !choose {
                count += batch.num_rows();
                push(&mut kept, batch);
                continue;
            }
            let late = self.begun.elapsed() > reply_time;
            let sizes = face.sizes(&batch);
            for (row, size) in sizes.iter().enumerate() {
                let full = late || count >= share.rows || bytes + size > share.bytes;
                // A single row that is larger than the budget is a window of its own.
                if full && count > 0 {
                    push(&mut kept, batch.slice(0, row));
                    to = seq_of(self.table, &batch, row).unwrap_or(to).saturating_sub(1);
                    break 'scan;
                }
                count += 1;
                bytes += size;
            }
            push(&mut kept, batch);
        }
        self.add_stats(scan.stats());
        let range = (from, to);
        let scope = Scope::Window { consumer: consumer.to_owned(), from, to };
        let kept = kept.map(|rows| Arc::new(Kept::new(self.table, spec.columns, scope, rows)));
        Ok((Window { range, kept }, first, count))
    }

    pub(crate) fn write_window(
        &mut self,
        source: &DataDir,
        face: &Face<'_>,
        window: &Window,
        rows: &mut RowsWriter,
    ) -> Result<(), Failure> {
        let Some(kept) = &window.kept else {
            let spec = self.spec();
            let mut scan = source.scan_events(&spec, Some(window.range))?;
            for batch in &mut scan {
                let batch = batch.map_err(|e| SourceError(e.to_string()))?;
                self.go_on()?;
                face.write(&batch, 0..batch.num_rows(), rows)?;
            }
            self.add_stats(scan.stats());
            return Ok(());
        };
        if let Some((column, text)) = equality(self.table, &self.terms) {
            let found = kept.find(column, &text).filter(|found| found.len() <= FOUND_ROWS_MAX);
            if let Some(found) = found {
                return self.write_found(kept, found, face, rows);
            }
        }
        for batch in kept.rows.batches() {
            self.go_on()?;
            self.call.rows_read += batch.num_rows() as u64;
            let passing = self.predicate.evaluate(batch);
            face.write(batch, passing.values().set_indices(), rows)?;
        }
        Ok(())
    }

    fn write_found(
        &mut self,
        kept: &Kept,
        found: Vec<usize>,
        face: &Face<'_>,
        rows: &mut RowsWriter,
    ) -> Result<(), Failure> {
        self.call.rows_read += found.len() as u64;
        for row in found {
            let Some((at, row)) = kept.rows.locate(row) else { continue };
            let Some(batch) = kept.rows.batches().get(at) else { continue };
            face.write(batch, [row], rows)?;
        }
        Ok(())
    }

    /// All stored rows that match (in `seq_range`, if given): when they are too many, the newest.
    pub(crate) fn history(
        &mut self,
        source: &DataDir,
        face: &Face<'_>,
        seq_range: Option<(u64, u64)>,
        rows: &mut RowsWriter,
    ) -> Result<(), Failure> {
        if seq_range.is_none() {
            match self.serving.kept.advise(self.table, &self.used, &self.terms) {
                Advice::Scan => {}
                Advice::Use(kept, column) => {
                    if self.write_equal(&kept, column, face, rows)? {
                        return Ok(());
                    }
                }
                Advice::Keep(column) => {
                    if let Some(kept) = self.keep(source, column)?
                        && self.write_equal(&kept, column, face, rows)?
                    {
                        return Ok(());
                    }
                }
            }
        }
        let reply_time = self.serving.settings().config.budgets.reply_time;
        let share = self.share;
        let rows_max = match self.used.len() {
            0 => usize::MAX,
            cells => share.rows.max(share.rows.saturating_mul(CELLS_PER_ROW) / cells),
        };
        let mut newest = Newest::default();
        let mut scan = source.scan_events(&self.spec(), seq_range)?;
        let late = self.begun + reply_time;
        for batch in &mut scan {
            let batch = batch.map_err(|e| SourceError(e.to_string()))?;
            self.go_on()?;
            newest.push(batch, face, (rows_max, share.bytes));
            if Instant::now() > late {
                newest.cut = Some("time");
                break;
            }
        }
        self.add_stats(scan.stats());
        let cut = newest.write(face, (rows_max, share.bytes), rows)?;
        self.call.cut = cut.is_some();
        self.call.remark = cut.unwrap_or_default().to_owned();
        Ok(())
    }

    /// Rows of a kept history whose `column` has the value of this call; `false` when the index
    /// cannot tell.
    fn write_equal(
        &mut self,
        kept: &Kept,
        column: usize,
        face: &Face<'_>,
        rows: &mut RowsWriter,
    ) -> Result<bool, Failure> {
        let text = self.terms.iter().find_map(|term| match &term.test {
            Test::In(values) if term.column == column => match values.as_slice() {
                [Value::Text(text)] => Some(text.clone()),
                _ => None,
            },
            _ => None,
        });
        let Some(found) = text.and_then(|text| kept.find(column, &text)) else { return Ok(false) };
        // Also here a reply is bounded; the scan that follows keeps the newest.
        if found.len() > self.share.rows {
            return Ok(false);
        }
        self.write_found(kept, found, face, rows)?;
        Ok(true)
    }

    /// Reads what all calls of a join may want; `None` when that is too much to keep.
    fn keep(&mut self, source: &DataDir, column: usize) -> Result<Option<Arc<Kept>>, Failure> {
        let mut terms = self.terms.clone();
        let is_it = |term: &Term| term.column == column && matches!(term.test, Test::In(_));
        if let Some(at) = terms.iter().position(is_it) {
            terms.remove(at);
        }
        let mut columns = self.used.clone();
        if !columns.contains(&column) {
            columns.push(column);
            columns.sort_unstable();
        }
        let predicate = Predicate::new(self.table, terms.clone());
        let spec = ScanSpec { columns: columns.clone(), predicate };
        let mut kept = KeptRows::new(BOUNDS);
        let mut scan = source.scan_events(&spec, None)?;
        let reply_time = self.serving.settings().config.budgets.reply_time;
        for batch in &mut scan {
            let batch = batch.map_err(|e| SourceError(e.to_string()))?;
            self.go_on()?;
            if kept.push(batch).is_err() || self.begun.elapsed() > reply_time {
                self.serving.kept.refuse(self.table, &self.used, &self.terms);
                return Ok(None);
            }
        }
        self.add_stats(scan.stats());
        let kept = Kept::new(self.table, columns, Scope::History { terms }, kept);
        Ok(Some(self.serving.kept.add(kept)))
    }

    fn spec(&self) -> ScanSpec {
        ScanSpec { columns: self.used.clone(), predicate: self.predicate.clone() }
    }

    fn go_on(&self) -> Result<(), Failure> {
        if self.query.is_cancelled() { Err(Failure::Stopping) } else { Ok(()) }
    }

    fn add_stats(&mut self, stats: ScanStats) {
        self.call.rows_read += stats.rows_read;
        self.call.segments += stats.segments;
        self.call.segments_skipped += stats.segments_skipped;
    }

    fn record(self, rows: &RowsWriter, begun: Instant) {
        let is_answered = |constraint: &&Constraint| {
            self.predicate.terms().any(|term| term.column == constraint.column)
                && op_word(constraint.op).is_some()
                || is_input(self.table, constraint.column)
        };
        let (pushed, ignored): (Vec<_>, Vec<_>) =
            self.query.constraints().iter().partition(is_answered);
        let never = never_words(self.table, self.query.constraints());
        let remarks = [self.call.remark.clone(), never];
        let remarks: Vec<String> = remarks.into_iter().filter(|text| !text.is_empty()).collect();
        self.serving.calls.push(Call {
            time: host::now_seconds(),
            remark: remarks.join("; "),
            pushed: words(self.table, &pushed),
            ignored: words(self.table, &ignored),
            rows_returned: rows.rows() as u64,
            bytes: rows.bytes() as u64,
            duration_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            ..self.call
        });
    }
}

/// The scheduled query that a call on the table of that name may be from.
pub(crate) fn executing(serving: &Serving, name: &str) -> Result<Option<Executing>, Failure> {
    let settings = serving.settings();
    if !settings.cursors {
        return Ok(None);
    }
    let name = serving.name_in_osquery(name);
    match serving.asker.executing() {
        Ok(found) => Ok(found.filter(|found| settings.schedule.takes_cursor(&found.name, &name))),
        // Giving history to a scheduled query would repeat rows; an error costs it one run.
        Err(error) if settings.schedule.has_reader(&name) => Err(Failure::Unsaid(error)),
        Err(_) => Ok(None),
    }
}

/// Pushes, or gives up keeping.
fn push(kept: &mut Option<KeptRows>, batch: RecordBatch) {
    if kept.as_mut().is_some_and(|kept| kept.push(batch).is_err()) {
        *kept = None;
    }
}

fn is_input(table: &TableSpec, column: usize) -> bool {
    table.columns.get(column).is_some_and(|c| c.storage == Storage::Virtual(Virtual::Input))
}

fn number_of(table: &TableSpec, column: usize, batch: &RecordBatch, row: usize) -> Option<i64> {
    let column = table.columns.get(column)?;
    match CellReader::new(table, column, batch).cell(row, &mut String::new()) {
        Cell::Int(number) => Some(number),
        _ => None,
    }
}

fn seq_of(table: &TableSpec, batch: &RecordBatch, row: usize) -> Option<u64> {
    u64::try_from(number_of(table, table.column("seq")?, batch, row)?).ok()
}

/// `seq` and time (seconds) of a batch's first row.
fn first_row(table: &TableSpec, batch: &RecordBatch) -> Option<(u64, Option<i64>)> {
    let time = table.time_column().and_then(|column| number_of(table, column, batch, 0));
    Some((seq_of(table, batch, 0)?, time))
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
