// SPDX-License-Identifier: Apache-2.0
//! What of a WHERE clause is asked of the source: which constraints a column can answer, what that
//! is worth to SQLite's planner, how the plan reads in `EXPLAIN QUERY PLAN`, and how the values
//! that SQLite passes become terms. Pure; the glue to SQLite is in `vtab`.

use evtables_filter::{Test, Value};
use evtables_schema::{Class, ColumnSpec, SqlType, Storage, TableSpec, Virtual};

/// Constraints taken per table of a statement; SQLite checks the others alone.
pub(crate) const CONSTRAINTS_MAX: usize = 64;

/// A comparison that can be pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    In,
    Lt,
    Le,
    Gt,
    Ge,
    Like,
    Glob,
}

impl Op {
    const ALL: [Self; 8] =
        [Self::Eq, Self::In, Self::Lt, Self::Le, Self::Gt, Self::Ge, Self::Like, Self::Glob];

    fn word(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::In => "IN",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Like => "LIKE",
            Self::Glob => "GLOB",
        }
    }
}

/// One pushed comparison; its value comes when the statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Constraint {
    /// Position of the column.
    pub(crate) column: usize,
    pub(crate) op: Op,
}

/// Whether the source can answer `op` on this column. A table without `seq` and key has no stable
/// row number, which SQLite needs to join the parts of an OR, so nothing is pushed there.
pub(crate) fn can_push(table: &TableSpec, position: usize, op: Op) -> bool {
    let Some(column) = table.columns.get(position) else { return false };
    if !(column.index || column.additional)
        || (table.column("seq").is_none() && table.key.is_none())
    {
        return false;
    }
    match column.storage {
        Storage::Dict => matches!(op, Op::Eq | Op::In | Op::Like | Op::Glob),
        Storage::Uuid => matches!(op, Op::Eq | Op::In),
        Storage::Int32 | Storage::Int64 | Storage::Time | Storage::Virtual(Virtual::TimeNs) => {
            !matches!(op, Op::Like | Op::Glob)
        }
        Storage::Float64 => matches!(op, Op::Lt | Op::Le | Op::Gt | Op::Ge),
        Storage::Virtual(Virtual::Input) => op == Op::Eq,
        Storage::Virtual(Virtual::UtcText | Virtual::IsoText | Virtual::Const(_)) => false,
    }
}

/// Whether the column is an input: compared with, never a value of a row.
pub(crate) fn is_input(table: &TableSpec, position: usize) -> bool {
    table.columns.get(position).is_some_and(|c| c.storage == Storage::Virtual(Virtual::Input))
}

/// The pushed constraints of one table of a statement, in the order of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan(pub(crate) Vec<Constraint>);

impl Plan {
    /// As people read it: `linux_process_events: parent_process_guid = ?, time > ?`.
    pub(crate) fn text(&self, table: &TableSpec) -> String {
        let parts: Vec<String> = self
            .0
            .iter()
            .filter_map(|part| {
                let column = table.columns.get(part.column)?;
                Some(format!("{} {} ?", column.name, part.op.word()))
            })
            .collect();
        let parts = if parts.is_empty() { ALL_ROWS.to_owned() } else { parts.join(", ") };
        format!("{}: {parts}", table.name)
    }

    /// From [`Plan::text`].
    pub(crate) fn parse(table: &TableSpec, text: &str) -> Option<Self> {
        let parts = text.strip_prefix(table.name)?.strip_prefix(": ")?;
        if parts == ALL_ROWS {
            return Some(Self(Vec::new()));
        }
        let constraint = |part: &str| {
            let mut words = part.split(' ');
            let column = table.column(words.next()?)?;
            let word = words.next()?;
            let op = Op::ALL.into_iter().find(|op| op.word() == word)?;
            Some(Constraint { column, op })
        };
        parts.split(", ").map(constraint).collect::<Option<_>>().map(Self)
    }

    /// How many rows one call is likely to give, and what it costs in row reads. The figures only
    /// have to rank plans: an equality on an id before one on text or numbers, that before ranges,
    /// those before a full scan; and a call costs more than the rows it gives.
    pub(crate) fn estimate(&self, table: &TableSpec) -> (f64, i64) {
        let all: f64 = match table.class {
            Class::Event => 1_000_000.0,
            Class::State => 1_000.0,
        };
        let mut share = 1.0;
        for part in &self.0 {
            share *= match (part.op, table.columns.get(part.column).map(|c| c.storage)) {
                (Op::Eq, Some(Storage::Uuid)) => 0.000_01,
                (Op::Eq, Some(Storage::Time | Storage::Virtual(_))) => 0.001,
                (Op::Eq, _) => 0.01,
                (Op::In, Some(Storage::Uuid)) => 0.000_1,
                (Op::In, _) => 0.05,
                (Op::Like | Op::Glob, _) => 0.4,
                (Op::Lt | Op::Le | Op::Gt | Op::Ge, _) => 0.3,
            };
        }
        let rows = (all * share).max(1.0);
        let asked = |at| self.0.iter().any(|c| c.column == at && matches!(c.op, Op::Eq | Op::In));
        if table.required.is_some_and(|at| !asked(at)) {
            return (IMPOSSIBLE, 1_000_000);
        }
        #[allow(clippy::cast_possible_truncation)] // at most 1,000,000
        (rows + 20.0, rows as i64)
    }
}

/// Cost of a plan that the source refuses: any other is better.
const IMPOSSIBLE: f64 = 1e15;
const ALL_ROWS: &str = "all rows";

/// A value that SQLite compares a column with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    /// Bytes, or text that is no UTF-8.
    Blob,
    /// All values of an IN.
    List(Vec<Operand>),
}

/// What a constraint asks for, once its value is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    /// No row can pass.
    Nothing,
    /// This is asked of the source.
    Test(Test),
    /// The source could answer otherwise than SQLite: left to SQLite.
    Unknown,
}

impl Bound {
    pub(crate) fn new(column: &ColumnSpec, op: Op, operand: Operand) -> Self {
        if operand == Operand::Null {
            return Self::Nothing;
        }
        let test = match (op, operand) {
            (Op::In | Op::Eq, Operand::List(list)) => {
                let values = list.into_iter().filter(|item| *item != Operand::Null);
                values
                    .map(|item| comparable(column, item).filter(is_exact))
                    .collect::<Option<_>>()
                    .map(Test::In)
            }
            (Op::Like, Operand::Text(pattern)) => Some(Test::Like(pattern)),
            (Op::Glob, Operand::Text(pattern)) => Some(Test::Glob(pattern)),
            (Op::Like | Op::Glob, _) => None,
            (op, operand) => comparable(column, operand).and_then(|value| match op {
                Op::Eq | Op::In => is_exact(&value).then(|| Test::In(vec![value])),
                Op::Lt => Some(Test::Lt(value)),
                Op::Le => Some(Test::Le(value)),
                Op::Gt => Some(Test::Gt(value)),
                Op::Ge => Some(Test::Ge(value)),
                Op::Like | Op::Glob => None,
            }),
        };
        test.map_or(Self::Unknown, Self::Test)
    }

    /// The value of an equality.
    pub(crate) fn equal_to(&self) -> Option<&Value> {
        match self {
            Self::Test(Test::In(values)) => match values.as_slice() {
                [value] => Some(value),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The value as the column's own type, or `None` when SQLite's rules for mixed types apply: a
/// number may equal text ('007' = 7) when the other side is a number column, and text that is no
/// number is greater than all numbers.
fn comparable(column: &ColumnSpec, operand: Operand) -> Option<Value> {
    match (column.sql_type, operand) {
        (SqlType::Text, Operand::Text(text)) => Some(Value::Text(text)),
        (SqlType::Text, _) => None,
        (_, Operand::Int(number)) => Some(Value::Int(number)),
        (_, Operand::Real(number)) => Some(Value::Real(number)),
        (_, Operand::Text(text)) => number_of_text(&text),
        (_, Operand::Null | Operand::Blob | Operand::List(_)) => None,
    }
}

/// SQLite's own reading of text next to a number column; anything unusual is left to SQLite.
fn number_of_text(text: &str) -> Option<Value> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let plain = |c: u8| c.is_ascii_digit() || matches!(c, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(plain) {
        return None;
    }
    if let Ok(number) = text.parse() {
        return Some(Value::Int(number));
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Real)
}

/// Beyond 2^53 a float stands for several integers.
fn is_exact(value: &Value) -> bool {
    !matches!(value, Value::Real(number) if number.abs() >= 9.0e15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use evtables_schema::generated::process_events::linux::TABLE;

    fn constraint(name: &str, op: Op) -> Constraint {
        Constraint { column: TABLE.column(name).unwrap(), op }
    }

    fn bound(name: &str, op: Op, operand: Operand) -> Bound {
        Bound::new(&TABLE.columns[TABLE.column(name).unwrap()], op, operand)
    }

    #[test]
    fn plans_read_well_and_round_trip() {
        let plan =
            Plan(vec![constraint("parent_process_guid", Op::Eq), constraint("time", Op::Gt)]);
        let text = plan.text(&TABLE);
        assert_eq!(text, "linux_process_events: parent_process_guid = ?, time > ?");
        assert_eq!(Plan::parse(&TABLE, &text), Some(plan));
        let all = Plan(vec![]);
        assert_eq!(all.text(&TABLE), "linux_process_events: all rows");
        assert_eq!(Plan::parse(&TABLE, &all.text(&TABLE)), Some(all));
        assert_eq!(Plan::parse(&TABLE, "linux_process_events: nothing = ?"), None);
        for op in Op::ALL {
            let plan = Plan(vec![constraint("path", op)]);
            assert_eq!(Plan::parse(&TABLE, &plan.text(&TABLE)), Some(plan));
        }
    }

    #[test]
    fn only_declared_columns_are_pushed() {
        let can = |name: &str, op| can_push(&TABLE, TABLE.column(name).unwrap(), op);
        assert!(can("pid", Op::Lt) && can("time", Op::Ge) && can("path", Op::Glob));
        assert!(!can("utc_time", Op::Eq) && !can("tid", Op::Eq) && !can("path", Op::Lt));
        assert!(!can("eid", Op::Like));
        let state = evtables_schema::table("evtables_status").unwrap();
        assert!(!can_push(state, 0, Op::Eq));
    }

    #[test]
    fn narrower_plans_are_cheaper() {
        let cost = |parts: &[Constraint]| Plan(parts.to_vec()).estimate(&TABLE).0;
        let (guid, action, time) = (
            constraint("process_guid", Op::Eq),
            constraint("action", Op::Eq),
            constraint("time", Op::Gt),
        );
        assert!(cost(&[guid]) < cost(&[action]));
        assert!(cost(&[action, time]) < cost(&[action]));
        assert!(cost(&[action]) < cost(&[time]));
        assert!(cost(&[time]) < cost(&[]));
    }

    #[test]
    fn values_follow_sqlite_or_are_left_out() {
        let text = |text: &str| Operand::Text(text.to_owned());
        let equals = |value| Bound::Test(Test::In(vec![value]));
        assert_eq!(bound("pid", Op::Eq, text(" 42 ")), equals(Value::Int(42)));
        assert_eq!(bound("pid", Op::Eq, text("4e1")), equals(Value::Real(40.0)));
        assert_eq!(bound("pid", Op::Lt, text("-inf")), Bound::Unknown);
        assert_eq!(bound("pid", Op::Lt, text("\u{a0}5")), Bound::Unknown);
        assert_eq!(bound("pid", Op::Eq, Operand::Real(1e16)), Bound::Unknown);
        assert_eq!(bound("path", Op::Eq, Operand::Int(7)), Bound::Unknown);
        assert_eq!(bound("path", Op::Eq, Operand::Null), Bound::Nothing);
        assert_eq!(bound("path", Op::Like, Operand::Null), Bound::Nothing);
        let list = Operand::List(vec![Operand::Null, Operand::Int(1)]);
        assert_eq!(bound("pid", Op::In, list), equals(Value::Int(1)));
        let list = Operand::List(vec![Operand::Blob, Operand::Int(1)]);
        assert_eq!(bound("pid", Op::In, list), Bound::Unknown);
    }
}
