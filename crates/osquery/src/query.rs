// SPDX-License-Identifier: Apache-2.0
//! What core asks of a table: constraints and used columns, parsed from the JSON context that comes
//! with `generate`. What cannot be acted on safely (LIMIT, OFFSET, unknown operators) is dropped here.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use serde_json::Value;

use crate::table::Column;

#[cfg(test)]
mod tests;

/// Operator of a constraint, with SQLite's number for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Op {
    /// `=`; several on one column are an IN list.
    Eq,
    /// `>`.
    Gt,
    /// `<=`.
    Le,
    /// `<`.
    Lt,
    /// `>=`.
    Ge,
    /// `MATCH`.
    Match,
    /// `LIKE`.
    Like,
    /// `GLOB`.
    Glob,
    /// `REGEXP`.
    Regexp,
    /// `<>`.
    Ne,
    /// `IS NOT`.
    IsNot,
    /// `NOT NULL`.
    NotNull,
    /// `IS NULL`.
    Null,
    /// `IS`.
    Is,
}

impl Op {
    /// The operator with this number; `None` for those that no table may act on: 73 (LIMIT) and 74
    /// (OFFSET) arrive on the first column even where stopping early would be wrong.
    pub const fn from_code(code: u64) -> Option<Op> {
        Some(match code {
            2 => Op::Eq,
            4 => Op::Gt,
            8 => Op::Le,
            16 => Op::Lt,
            32 => Op::Ge,
            64 => Op::Match,
            65 => Op::Like,
            66 => Op::Glob,
            67 => Op::Regexp,
            68 => Op::Ne,
            69 => Op::IsNot,
            70 => Op::NotNull,
            71 => Op::Null,
            72 => Op::Is,
            _ => return None,
        })
    }

    /// SQLite's number.
    pub const fn code(self) -> u8 {
        match self {
            Op::Eq => 2,
            Op::Gt => 4,
            Op::Le => 8,
            Op::Lt => 16,
            Op::Ge => 32,
            Op::Match => 64,
            Op::Like => 65,
            Op::Glob => 66,
            Op::Regexp => 67,
            Op::Ne => 68,
            Op::IsNot => 69,
            Op::NotNull => 70,
            Op::Null => 71,
            Op::Is => 72,
        }
    }
}

/// One condition on one column. Those on different columns, or with different operators, are joined
/// by AND; several `Eq` on one column by OR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Position of the column in the table's declaration.
    pub column: usize,
    /// Operator.
    pub op: Op,
    /// Right side as text, as it was written in SQL or computed by SQLite.
    pub expr: String,
}

/// One call of `generate`.
#[derive(Debug, Clone)]
pub struct Query {
    constraints: Vec<Constraint>,
    /// By column; empty means all are used.
    used: Vec<bool>,
    cancelled: Arc<AtomicBool>,
}

impl Query {
    /// A query without constraints that uses every column.
    pub fn all() -> Query {
        Query { constraints: Vec::new(), used: Vec::new(), cancelled: Arc::default() }
    }

    /// A query with these constraints that uses every column.
    pub fn with(constraints: Vec<Constraint>) -> Query {
        Query { constraints, ..Query::all() }
    }

    /// All constraints, grouped by column.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The constraints on one column.
    pub fn on(&self, column: usize) -> impl Iterator<Item = &Constraint> {
        self.constraints.iter().filter(move |constraint| constraint.column == column)
    }

    /// The values that the column may have: those of its `Eq` constraints; none when there is none.
    pub fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.on(column)
            .filter(|constraint| constraint.op == Op::Eq)
            .map(|constraint| constraint.expr.as_str())
    }

    /// Whether SQLite will read this column.
    pub fn uses(&self, column: usize) -> bool {
        self.used.is_empty() || self.used.get(column).copied().unwrap_or(false)
    }

    /// Whether the answer is no longer wanted, because the extension stops.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub(crate) fn cancelled_by(mut self, flag: Arc<AtomicBool>) -> Query {
        self.cancelled = flag;
        self
    }
}

/// Why a context could not be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the query context: {0}")]
pub(crate) struct ContextError(serde_json::Error);

/// Reads contexts for one table.
#[derive(Debug)]
pub(crate) struct ContextReader {
    positions: HashMap<String, usize>,
    columns: usize,
}

impl ContextReader {
    pub(crate) fn new(columns: &[Column]) -> ContextReader {
        let positions = columns
            .iter()
            .enumerate()
            .map(|(index, column)| (column.name.to_string(), index))
            .collect();
        ContextReader { positions, columns: columns.len() }
    }

    /// Unknown columns and operators are passed over.
    pub(crate) fn read(&self, json: &str) -> Result<Query, ContextError> {
        let context: Context = serde_json::from_str(json).map_err(ContextError)?;
        let mut constraints = Vec::new();
        for list in context.constraints {
            let Some(&column) = self.positions.get(&list.name) else { continue };
            constraints
                .extend(list.list.into_iter().filter_map(|item| item.into_constraint(column)));
        }
        let used = match (context.cols_used, context.cols_used_bitset) {
            (Some(names), _) => self.used_by_name(&names),
            (None, Some(bits)) => self.used_by_bit(bits),
            (None, None) => Vec::new(),
        };
        Ok(Query { constraints, used, cancelled: Arc::default() })
    }

    fn used_by_name(&self, names: &[String]) -> Vec<bool> {
        let mut used = vec![false; self.columns];
        for name in names {
            if let Some(slot) = self.positions.get(name).and_then(|&index| used.get_mut(index)) {
                *slot = true;
            }
        }
        used
    }

    /// Bit i is column i; bit 63 is "some column from the 63rd on".
    fn used_by_bit(&self, bits: u64) -> Vec<bool> {
        (0..self.columns).map(|index| bits >> index.min(63) & 1 == 1).collect()
    }
}

#[derive(Deserialize)]
struct Context {
    #[serde(default)]
    constraints: Vec<ConstraintList>,
    #[serde(default, rename = "colsUsed")]
    cols_used: Option<Vec<String>>,
    #[serde(default, rename = "colsUsedBitset")]
    cols_used_bitset: Option<u64>,
}

#[derive(Deserialize)]
struct ConstraintList {
    name: String,
    #[serde(default)]
    list: Vec<ConstraintItem>,
}

/// Older cores wrote the operator as text; the value is text in all that were seen.
#[derive(Deserialize)]
struct ConstraintItem {
    op: Value,
    expr: Value,
}

impl ConstraintItem {
    fn into_constraint(self, column: usize) -> Option<Constraint> {
        let code = match &self.op {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        };
        let expr = match self.expr {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(Constraint { column, op: Op::from_code(code?)?, expr })
    }
}
