// SPDX-License-Identifier: Apache-2.0
//! A table of the engine as osquery sees it: constraints in, rows out, straight from the batches.
//! Event tables are read through a cursor when a scheduled query asks, else as history; see `answer`.

use crate::answer;
use crate::serving::Serving;
use arrow_array::RecordBatch;
use evtables_engine::consumers::Call;
use evtables_engine::{DataDir, ScanSpec, SourceError, host};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_osquery::{
    Attributes, Column, ColumnOptions, ColumnType, Constraint, Op, Query, RowsFull, RowsWriter,
    Table, TableError,
};
use evtables_schema::{Cell, CellReader, Class, SqlType, Storage, TableSpec, Virtual};
use evtables_sdk::StateSource;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

/// One table, by one of its names.
pub(crate) struct OsqueryTable {
    name: String,
    spec: &'static TableSpec,
    columns: Vec<Column>,
    serving: Arc<Serving>,
}

impl OsqueryTable {
    pub(crate) fn new(spec: &'static TableSpec, serving: Arc<Serving>) -> Self {
        let columns = (0..spec.columns.len()).filter_map(|at| declared(spec, at)).collect();
        Self { name: spec.name.to_owned(), spec, columns, serving }
    }

    /// The same by another name.
    pub(crate) fn named(self, name: String) -> Self {
        Self { name, ..self }
    }
}

fn declared(table: &TableSpec, position: usize) -> Option<Column> {
    let column = table.columns.get(position)?;
    let ty = match column.sql_type {
        SqlType::Text => ColumnType::Text,
        SqlType::Integer => ColumnType::Integer,
        SqlType::BigInt => ColumnType::BigInt,
        SqlType::Double => ColumnType::Double,
    };
    let bits = column.osquery_options();
    let options = [
        ColumnOptions::INDEX,
        ColumnOptions::ADDITIONAL,
        ColumnOptions::OPTIMIZED,
        ColumnOptions::HIDDEN,
        ColumnOptions::NOCASE,
    ]
    .into_iter()
    .filter(|option| bits & option.bits() != 0)
    .fold(ColumnOptions::NONE, ColumnOptions::union);
    let options = match table.required == Some(position) {
        true => options.union(ColumnOptions::REQUIRED),
        false => options,
    };
    Some(Column::new(column.name, ty, options))
}

impl Table for OsqueryTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn attributes(&self) -> Attributes {
        match self.spec.class {
            Class::Event => Attributes::EVENT_BASED,
            Class::State => Attributes::NONE,
        }
    }

    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        let fail = |e: SourceError| TableError::new(format!("{}: {e}", self.name));
        let system = match self.serving.data_dir().map_err(fail)? {
            Some(source) => source.system_of(self.spec).cloned().map(|system| (source, system)),
            None => None,
        };
        if let Some((source, system)) = system {
            return self.ask_system(&source, &*system, query, rows);
        }
        if self.spec.class == Class::Event {
            return answer::events(&self.serving, (self.spec, &self.name), query, rows);
        }
        let used = used_columns(self.spec, query);
        let predicate = Predicate::new(self.spec, terms(query.constraints()));
        let batch = self
            .serving
            .scan_state(&ScanSpec { columns: used.clone(), predicate })
            .map_err(fail)?;
        let face = Face::new(self.spec, &used);
        face.write(&batch, 0..batch.num_rows(), rows)?;
        Ok(())
    }
}

impl OsqueryTable {
    /// Rows that are made now by asking the operating system. The call is recorded as those on event
    /// tables are: it may be cut.
    fn ask_system(
        &self,
        source: &DataDir,
        system: &dyn StateSource,
        query: &Query,
        rows: &mut RowsWriter,
    ) -> Result<(), TableError> {
        let begun = Instant::now();
        let used = used_columns(self.spec, query);
        let predicate = Predicate::new(self.spec, terms(query.constraints()));
        let spec = ScanSpec { columns: used.clone(), predicate };
        let (read, outcome) = match source.scan_system(system, &spec) {
            Ok((batch, cut)) => {
                let history = self.echoes(query);
                let face = Face { echoes: &history, ..Face::new(self.spec, &used) };
                let written = face.write(&batch, 0..batch.num_rows(), rows);
                let outcome = written.map(|()| cut).map_err(TableError::from);
                (batch.num_rows(), outcome)
            }
            Err(error) => (0, Err(TableError::new(format!("{}: {error}", self.name)))),
        };
        let remark = match &outcome {
            Ok(cut) => cut.clone().unwrap_or_default(),
            Err(error) => error.message.clone(),
        };
        self.serving.calls.push(Call {
            time: host::now_seconds(),
            event_table: self.spec.name.to_owned(),
            rows_read: read as u64,
            rows_returned: rows.rows() as u64,
            bytes: rows.bytes() as u64,
            cut: matches!(outcome, Ok(Some(_))),
            duration_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            remark,
            ..Call::default()
        });
        outcome.map(|_| ())
    }

    /// Values of input columns, which mean nothing to the system.
    fn echoes(&self, query: &Query) -> Vec<(usize, String)> {
        let inputs = self.spec.columns.iter().enumerate();
        let inputs = inputs.filter(|(_, c)| c.storage == Storage::Virtual(Virtual::Input));
        inputs.filter_map(|(at, _)| Some((at, query.values(at).next()?.to_owned()))).collect()
    }
}

/// Positions of the columns that SQLite will read.
pub(crate) fn used_columns(table: &TableSpec, query: &Query) -> Vec<usize> {
    (0..table.columns.len()).filter(|at| query.uses(*at)).collect()
}

/// What a reply shows of a table.
pub(crate) struct Face<'a> {
    pub(crate) table: &'static TableSpec,
    pub(crate) used: &'a [usize],
    /// Values of input columns: SQLite checks them in each row.
    pub(crate) echoes: &'a [(usize, String)],
    /// A row is one text, a JSON object with the columns as keys.
    pub(crate) as_json: bool,
}

impl<'a> Face<'a> {
    /// These columns as they are.
    pub(crate) fn new(table: &'static TableSpec, used: &'a [usize]) -> Self {
        Self { table, used, echoes: &[], as_json: false }
    }

    fn readers<'b>(&self, batch: &'b RecordBatch) -> Vec<(usize, CellReader<'b>)> {
        self.used
            .iter()
            .filter_map(|at| Some((*at, self.table.columns.get(*at)?)))
            .filter(|(_, column)| column.storage != Storage::Virtual(Virtual::Input))
            .map(|(at, column)| (at, CellReader::new(self.table, column, batch)))
            .collect()
    }

    /// Writes these rows of a batch.
    pub(crate) fn write(
        &self,
        batch: &RecordBatch,
        wanted: impl IntoIterator<Item = usize>,
        rows: &mut RowsWriter,
    ) -> Result<(), RowsFull> {
        if self.as_json {
            return self.write_json(batch, wanted, rows);
        }
        let readers = self.readers(batch);
        let mut scratch = String::new();
        for row in wanted {
            rows.begin_row();
            for (at, reader) in &readers {
                match reader.cell(row, &mut scratch) {
                    Cell::Null => rows.null(*at),
                    Cell::Int(value) => rows.integer(*at, value),
                    Cell::Real(value) => rows.double(*at, value),
                    Cell::Text(text) => rows.text(*at, text),
                }
            }
            for (at, value) in self.echoes {
                rows.text(*at, value);
            }
            rows.end_row()?;
        }
        Ok(())
    }

    fn write_json(
        &self,
        batch: &RecordBatch,
        wanted: impl IntoIterator<Item = usize>,
        rows: &mut RowsWriter,
    ) -> Result<(), RowsFull> {
        let readers = self.readers(batch);
        let name = |at: &usize| self.table.columns.get(*at).map_or("", |column| column.name);
        let (mut text, mut scratch) = (String::new(), String::new());
        for row in wanted {
            text.clear();
            for (at, reader) in &readers {
                let value = match reader.cell(row, &mut scratch) {
                    Cell::Null => serde_json::Value::Null,
                    Cell::Int(value) => value.into(),
                    Cell::Real(value) => value.into(),
                    Cell::Text(text) => text.into(),
                };
                let joint = if text.is_empty() { '{' } else { ',' };
                // A text takes everything.
                let _ = write!(text, "{joint}\"{}\":{value}", name(at));
            }
            text.push('}');
            rows.begin_row();
            rows.text(0, &text);
            rows.end_row()?;
        }
        Ok(())
    }

    /// About how many bytes each row takes in a reply.
    pub(crate) fn sizes(&self, batch: &RecordBatch) -> Vec<usize> {
        // Type bytes and the count of a row; length words of a cell; digits of a number.
        const ROW: usize = 6;
        const CELL: usize = 8;
        const NUMBER: usize = 12;
        let readers = self.readers(batch);
        let name = |at: usize| self.table.columns.get(at).map_or(0, |column| column.name.len());
        let mut scratch = String::new();
        (0..batch.num_rows())
            .map(|row| {
                let cells = readers.iter().map(|(at, reader)| {
                    let value = match reader.cell(row, &mut scratch) {
                        Cell::Null => return 0,
                        Cell::Int(_) | Cell::Real(_) => NUMBER,
                        Cell::Text(text) if self.as_json => text.len() + escapes(text),
                        Cell::Text(text) => text.len(),
                    };
                    CELL + name(*at) + value
                });
                ROW + cells.sum::<usize>()
            })
            .collect()
    }
}

/// Bytes that a text is longer by in JSON, nearly.
fn escapes(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// Constraints as terms: several `=` on one column are one list; what the filter does not know
/// (REGEXP, <>, …) is left to SQLite.
pub(crate) fn terms(constraints: &[Constraint]) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for constraint in constraints {
        let value = || match constraint.expr.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Text(constraint.expr.clone()),
        };
        let test = match constraint.op {
            Op::Eq | Op::Is => {
                // Values of one column stay text: the filter reads them by the column's type.
                let value = Value::Text(constraint.expr.clone());
                let list = terms.iter_mut().find_map(|term| match &mut term.test {
                    Test::In(values) if term.column == constraint.column => Some(values),
                    _ => None,
                });
                match list {
                    Some(values) => {
                        values.push(value);
                        continue;
                    }
                    None => Test::In(vec![value]),
                }
            }
            Op::Gt => Test::Gt(value()),
            Op::Ge => Test::Ge(value()),
            Op::Lt => Test::Lt(value()),
            Op::Le => Test::Le(value()),
            Op::Like => Test::Like(constraint.expr.clone()),
            Op::Glob => Test::Glob(constraint.expr.clone()),
            _ => continue,
        };
        terms.push(Term { column: constraint.column, test });
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constraint(column: usize, op: Op, expr: &str) -> Constraint {
        Constraint { column, op, expr: expr.into() }
    }

    #[test]
    fn several_equals_are_one_list() {
        let got = terms(&[
            constraint(1, Op::Eq, "a"),
            constraint(2, Op::Gt, "5"),
            constraint(1, Op::Eq, "b"),
            constraint(2, Op::Regexp, "x"),
        ]);
        let text = |v: &str| Value::Text(v.into());
        assert_eq!(
            got,
            [
                Term { column: 1, test: Test::In(vec![text("a"), text("b")]) },
                Term { column: 2, test: Test::Gt(Value::Int(5)) },
            ]
        );
    }

    #[test]
    fn options_are_those_of_the_contract() {
        let table = evtables_schema::table("linux_process_events").unwrap();
        let bits =
            |name: &str| declared(table, table.column(name).unwrap()).unwrap().options.bits();
        assert_eq!(bits("pid"), 9);
        assert_eq!(bits("path"), 73);
        assert_eq!(bits("time"), 12);
        assert_eq!(bits("seq"), 25);
        let table = evtables_schema::table("win_hash").unwrap();
        assert_eq!(declared(table, 0).unwrap().options.bits(), 75, "required");
    }
}
