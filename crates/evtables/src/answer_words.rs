// SPDX-License-Identifier: Apache-2.0
//! A call's comparisons in words, for `evtables_queries`.

use crate::pack_literals::{Literal, never_is};
use evtables_osquery::{Constraint, Op};
use evtables_schema::TableSpec;

const WORDS_BYTES_MAX: usize = 400;

/// How people write an operator that the store answers.
pub(crate) fn op_word(op: Op) -> Option<&'static str> {
    Some(match op {
        Op::Eq | Op::Is => "=",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Like => "LIKE",
        Op::Glob => "GLOB",
        _ => return None,
    })
}

/// Constraints as people write them, cut to a bounded length.
pub(crate) fn words(table: &TableSpec, constraints: &[&Constraint]) -> String {
    let mut text = String::new();
    for constraint in constraints {
        let name = table.columns.get(constraint.column).map_or("?", |column| column.name);
        if !text.is_empty() {
            text.push_str(", ");
        }
        let op = op_word(constraint.op).unwrap_or("?");
        text.push_str(&format!("{name} {op} {}", constraint.expr));
        if is_cut(&mut text) {
            break;
        }
    }
    text
}

/// Which texts of the comparisons no row can have.
pub(crate) fn never_words(table: &TableSpec, constraints: &[Constraint]) -> String {
    let mut text = String::new();
    for constraint in constraints {
        let literal = match constraint.op {
            Op::Eq | Op::Is => Literal::Equals(constraint.expr.clone()),
            Op::Like => Literal::Like(constraint.expr.clone()),
            _ => continue,
        };
        let Some(column) = table.columns.get(constraint.column) else { continue };
        let Some(never) = never_is(column.name, column.values, &literal) else { continue };
        text.push_str(if text.is_empty() { "" } else { "; " });
        text.push_str(&never);
        if is_cut(&mut text) {
            break;
        }
    }
    text
}

/// Cuts a text that is too long.
fn is_cut(text: &mut String) -> bool {
    if text.len() <= WORDS_BYTES_MAX {
        return false;
    }
    let end = (0..=WORDS_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or(0));
    text.push('…');
    true
}
