// SPDX-License-Identifier: Apache-2.0
//! Samples, rates and redactions as written.

use super::filters::{column_of, column_that, event_table};
use super::keys;
use super::walk::{Fields, Node, Problems, unknown};
use evtables_engine::redact::same_secret;
use evtables_engine::{Limits, Rate, Redaction, Redactions, Sample};
use evtables_schema::spec::From;
use evtables_schema::{ColumnSpec, Storage, TableSpec};
use std::collections::BTreeMap;

/// Both kinds of limit.
pub(super) fn read(
    samples: Option<Node<'_>>,
    rates: Option<Node<'_>>,
    problems: &mut Problems,
) -> Limits {
    let mut limits = Limits::default();
    for (table, fields) in tables(samples, "evtables.sample.<table>", problems) {
        let one_in = wanted(&fields, "evtables.sample.<table>.one_in", problems);
        let (Some(one_in), Some(per)) = (one_in, columns(table, &fields, problems)) else {
            continue;
        };
        limits.samples.insert(table.name, Sample { table, per, one_in });
    }
    for (table, fields) in tables(rates, "evtables.rate.<table>", problems) {
        let per_second = wanted(&fields, "evtables.rate.<table>.max_per_second", problems);
        let (Some(per_second), Some(per)) = (per_second, columns(table, &fields, problems)) else {
            continue;
        };
        limits.rates.insert(table.name, Rate { table, per, per_second });
    }
    limits
}

fn tables<'v>(
    node: Option<Node<'v>>,
    path: &str,
    problems: &mut Problems,
) -> Vec<(&'static TableSpec, Fields<'v>)> {
    let mut found = Vec::new();
    for (name, node) in node.map(|node| node.entries(problems)).unwrap_or_default() {
        let fields = node.object(&keys::under(path), problems);
        if let Some(table) = event_table(name, &node, problems) {
            found.push((table, fields));
        }
    }
    found
}

fn wanted(fields: &Fields<'_>, path: &'static str, problems: &mut Problems) -> Option<u64> {
    let name = path.rsplit('.').next().unwrap_or(path);
    if fields.get(name).is_none() {
        problems.add(fields.path(), format!("has no `{name}`"));
        return None;
    }
    Some(fields.number(path, problems))
}

fn columns(
    table: &'static TableSpec,
    fields: &Fields<'_>,
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let Some(node) = fields.get("per") else { return Some(Vec::new()) };
    let of = |node: &Node<'_>, problems: &mut Problems| {
        let name = node.text(problems)?;
        column_of(table, name, node, problems)
    };
    let items = node.items(problems);
    let all: Vec<Option<usize>> = items.iter().map(|node| of(node, problems)).collect();
    all.into_iter().collect()
}

/// table → column → word.
pub(super) fn read_redactions(node: Option<Node<'_>>, problems: &mut Problems) -> Redactions {
    let mut redactions = Redactions::new();
    for (name, node) in node.map(|node| node.entries(problems)).unwrap_or_default() {
        let Some(table) = event_table(name, &node, problems) else { continue };
        let mut written = BTreeMap::new();
        for (column, node) in node.entries(problems) {
            let at = text_column(table, column, &node, problems);
            let how = match node.text(problems) {
                Some("drop") => Redaction::Drop,
                Some("keyed_hash") => Redaction::KeyedHash,
                Some(word) => {
                    problems.add(&node.path, unknown("word", word, &["drop", "keyed_hash"]));
                    continue;
                }
                None => continue,
            };
            written.extend(at.map(|at| (at, how)));
        }
        let mut all = BTreeMap::new();
        for (at, how) in &written {
            all.extend(same_secret(table, *at).into_iter().map(|other| (other, *how)));
        }
        all.extend(written);
        redactions.insert(table.name, all);
    }
    redactions
}

fn text_column(
    table: &'static TableSpec,
    name: &str,
    node: &Node<'_>,
    problems: &mut Problems,
) -> Option<usize> {
    let can = |column: &ColumnSpec| {
        column.storage == Storage::Dict && matches!(column.from, From::Decode | From::Enrich)
    };
    column_that(table, ("text column", name), can, node, problems)
}
