// SPDX-License-Identifier: Apache-2.0
//! The JSON context that core sends with `generate`: an entry for every column, sorted by name, and the
//! used columns by name and by bit.

use serde::Serialize;

use crate::message::Rows;

#[derive(Serialize)]
struct Context<'a> {
    constraints: Vec<ConstraintList<'a>>,
    #[serde(rename = "colsUsed")]
    cols_used: &'a [&'a str],
    #[serde(rename = "colsUsedBitset")]
    cols_used_bitset: u64,
}

#[derive(Serialize)]
struct ConstraintList<'a> {
    name: &'a str,
    list: Vec<ConstraintItem<'a>>,
    affinity: &'a str,
}

#[derive(Serialize)]
struct ConstraintItem<'a> {
    op: u8,
    expr: &'a str,
}

/// Names of the columns that `routes` declare, in order.
pub(crate) fn column_names(routes: &Rows) -> Vec<&str> {
    columns(routes).map(|(name, _)| name).collect()
}

/// The context for a table with these route rows; constraints on other columns are passed over, as SQL
/// could not name them.
pub(crate) fn json(
    routes: &Rows,
    constraints: &[(&str, u8, &str)],
    columns_used: &[&str],
) -> String {
    let mut lists: Vec<ConstraintList<'_>> = columns(routes)
        .map(|(name, affinity)| {
            let on_column = constraints.iter().filter(|(column, _, _)| *column == name);
            let list = on_column.map(|&(_, op, expr)| ConstraintItem { op, expr }).collect();
            ConstraintList { name, list, affinity }
        })
        .collect();
    lists.sort_by_key(|list| list.name);
    let bit = |(index, (name, _)): (usize, (&str, &str))| {
        if columns_used.contains(&name) { 1_u64 << index.min(63) } else { 0 }
    };
    let cols_used_bitset = columns(routes).enumerate().map(bit).fold(0, |bits, bit| bits | bit);
    let context = Context { constraints: lists, cols_used: columns_used, cols_used_bitset };
    serde_json::to_string(&context).unwrap_or_default()
}

fn columns(routes: &Rows) -> impl Iterator<Item = (&str, &str)> {
    routes
        .iter()
        .filter(|row| row.get("id").is_some_and(|id| id == "column"))
        .filter_map(|row| Some((row.get("name")?.as_str(), row.get("type")?.as_str())))
}
