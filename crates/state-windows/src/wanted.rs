// SPDX-License-Identifier: Apache-2.0
//! What a query says of a column, for tables whose rows are made of it, or that are cheaper with it.

use evtables_filter::{Predicate, Test, Value};

/// Texts that the column has to equal one of, as they were written; `None` when the query does not say.
pub(crate) fn texts(wanted: &Predicate, column: usize) -> Option<Vec<String>> {
    let mut found: Option<Vec<String>> = None;
    for term in wanted.terms().filter(|term| term.column == column) {
        let Test::In(values) = &term.test else { continue };
        let texts = values.iter().map(|value| match value {
            Value::Text(text) => text.clone(),
            Value::Int(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
        });
        let texts: Vec<String> = texts.collect();
        found = Some(match found {
            None => texts,
            Some(before) => before.into_iter().filter(|text| is_among(text, &texts)).collect(),
        });
    }
    let mut found = found?;
    found.sort();
    found.dedup();
    Some(found)
}

fn is_among(text: &str, texts: &[String]) -> bool {
    texts.iter().any(|other| other.eq_ignore_ascii_case(text))
}

/// Numbers that the column has to equal one of.
pub(crate) fn numbers(wanted: &Predicate, column: usize) -> Option<Vec<i64>> {
    let texts = texts(wanted, column)?;
    Some(texts.iter().filter_map(|text| text.trim().parse().ok()).collect())
}
