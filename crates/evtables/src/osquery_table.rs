// SPDX-License-Identifier: Apache-2.0
//! A table of the engine as osquery sees it: constraints in, rows out, straight from the batches.

use evtables_engine::{ScanSpec, Source};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_osquery::{
    Attributes, Column, ColumnOptions, ColumnType, Constraint, Op, Query, RowsWriter, Table,
    TableError,
};
use evtables_schema::{Cell, CellReader, Class, ColumnSpec, SqlType, TableSpec};
use std::sync::Arc;

/// One table over a source.
pub(crate) struct OsqueryTable {
    spec: &'static TableSpec,
    columns: Vec<Column>,
    source: Arc<dyn Source>,
}

impl OsqueryTable {
    pub(crate) fn new(spec: &'static TableSpec, source: Arc<dyn Source>) -> Self {
        Self { spec, columns: spec.columns.iter().map(declared).collect(), source }
    }
}

fn declared(column: &ColumnSpec) -> Column {
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
    Column::new(column.name, ty, options)
}

impl Table for OsqueryTable {
    fn name(&self) -> &str {
        self.spec.name
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
        let used: Vec<usize> = (0..self.spec.columns.len()).filter(|at| query.uses(*at)).collect();
        let scan = ScanSpec {
            columns: used.clone(),
            predicate: Predicate::new(self.spec, terms(query.constraints())),
        };
        let fail =
            |e: evtables_engine::SourceError| TableError::new(format!("{}: {e}", self.spec.name));
        for batch in self.source.scan(&scan).map_err(fail)? {
            let batch = batch.map_err(fail)?;
            if query.is_cancelled() {
                return Err(TableError::new("evtables is stopping"));
            }
            let readers: Vec<(usize, CellReader<'_>)> = used
                .iter()
                .filter_map(|at| Some((*at, self.spec.columns.get(*at)?)))
                .map(|(at, column)| (at, CellReader::new(self.spec, column, &batch)))
                .collect();
            let mut scratch = String::new();
            for row in 0..batch.num_rows() {
                rows.begin_row();
                for (at, reader) in &readers {
                    match reader.cell(row, &mut scratch) {
                        Cell::Null => rows.null(*at),
                        Cell::Int(value) => rows.integer(*at, value),
                        Cell::Real(value) => rows.double(*at, value),
                        Cell::Text(text) => rows.text(*at, text),
                    }
                }
                rows.end_row()?;
            }
        }
        Ok(())
    }
}

/// Constraints as terms: several `=` on one column are one list; what the filter does not know
/// (REGEXP, <>, …) is left to SQLite.
fn terms(constraints: &[Constraint]) -> Vec<Term> {
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
            |name: &str| declared(&table.columns[table.column(name).unwrap()]).options.bits();
        assert_eq!(bits("pid"), 9);
        assert_eq!(bits("path"), 73);
        assert_eq!(bits("time"), 12);
        assert_eq!(bits("seq"), 25);
    }
}
