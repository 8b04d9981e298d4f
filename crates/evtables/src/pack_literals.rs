// SPDX-License-Identifier: Apache-2.0
//! Literals of a query that no row can ever equal: words of older products, and slips of the pen.
//! Works on the words of the text; what it does not understand it leaves alone.

use evtables_schema::{ColumnSpec, TableSpec};

#[derive(Debug, Clone, PartialEq)]
enum Word {
    Name(String),
    Text(String),
    Mark(String),
}

/// Each comparison of a column that has a fixed set of values with a text that is none of them.
pub(crate) fn never_matching(sql: &str, tables: &[&'static TableSpec]) -> Vec<String> {
    let words = words_of(sql);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Word::Name(name) = word else { continue };
        let columns: Vec<&ColumnSpec> =
            tables.iter().filter_map(|table| table.columns.get(table.column(name)?)).collect();
        // When a table of the query allows any value there, nothing can be said.
        if columns.is_empty() || columns.iter().any(|column| column.values.is_empty()) {
            continue;
        }
        let values: Vec<&str> = columns.iter().flat_map(|column| column.values).copied().collect();
        for literal in compared(&words, at) {
            found.extend(never_is(name, &values, &literal));
        }
    }
    found.dedup();
    found
}

/// A text that a column is compared with.
pub(crate) enum Literal {
    /// For being equal.
    Equals(String),
    /// For being like it.
    Like(String),
}

/// What is wrong when a column that has only these values (any, when there are none) is compared so;
/// `None` when nothing is.
pub(crate) fn never_is(column: &str, values: &[&str], literal: &Literal) -> Option<String> {
    let is_met = |value: &&str| match literal {
        Literal::Equals(text) => value.eq_ignore_ascii_case(text),
        Literal::Like(text) => is_like(text.as_bytes(), value.as_bytes()),
    };
    if values.is_empty() || values.iter().any(is_met) {
        return None;
    }
    let text = literal.text();
    let hint = nearest(text, values)
        .map_or_else(String::new, |value| format!(": did you mean '{value}'?"));
    Some(format!("`{column}` is never '{text}'{hint}"))
}

impl Literal {
    fn text(&self) -> &str {
        match self {
            Self::Equals(text) | Self::Like(text) => text,
        }
    }
}

/// Texts that the name at `at` is compared with for being equal or like.
fn compared(words: &[Word], at: usize) -> Vec<Literal> {
    let name_is =
        |at: usize, name: &str| matches!(words.get(at), Some(Word::Name(word)) if word == name);
    let mark_is =
        |at: usize, mark: &str| matches!(words.get(at), Some(Word::Mark(word)) if word == mark);
    let text = |at: usize| match words.get(at) {
        Some(Word::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let equal = |at: usize| mark_is(at, "=") || mark_is(at, "==") || name_is(at, "is");
    if equal(at + 1) {
        return text(at + 2).map(Literal::Equals).into_iter().collect();
    }
    if name_is(at + 1, "like") {
        return text(at + 2).map(Literal::Like).into_iter().collect();
    }
    if name_is(at + 1, "in") && mark_is(at + 2, "(") {
        let mut found = Vec::new();
        let mut next = at + 3;
        while let Some(literal) = text(next) {
            found.push(Literal::Equals(literal));
            next += if mark_is(next + 1, ",") { 2 } else { 1 };
        }
        return found;
    }
    if at >= 2 && (mark_is(at - 1, "=") || mark_is(at - 1, "==")) {
        return text(at - 2).map(Literal::Equals).into_iter().collect();
    }
    Vec::new()
}

/// Names in lower case, texts, and everything else.
fn words_of(sql: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        if c.is_whitespace() {
            rest = rest.trim_start();
        } else if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
        } else if c == '\'' {
            let (text, after) = quoted(rest.get(1..).unwrap_or_default(), '\'');
            words.push(Word::Text(text));
            rest = after;
        } else if c == '"' || c == '`' {
            let (text, after) = quoted(rest.get(1..).unwrap_or_default(), c);
            words.push(Word::Name(text.to_ascii_lowercase()));
            rest = after;
        } else if is_name(c) {
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            words.push(Word::Name(name.to_ascii_lowercase()));
            rest = after;
        } else {
            let two =
                ["==", "<>", "!=", "<=", ">=", "||"].iter().find(|mark| rest.starts_with(**mark));
            let (mark, after) = rest.split_at(two.map_or(c.len_utf8(), |mark| mark.len()));
            words.push(Word::Mark(mark.to_owned()));
            rest = after;
        }
    }
    words
}

/// Text up to its closing quote, where a doubled one stands for itself; and what follows.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let Some((plain, after)) = rest.split_once(quote) else {
            out.push_str(rest);
            return (out, "");
        };
        out.push_str(plain);
        match after.strip_prefix(quote) {
            Some(more) => {
                out.push(quote);
                rest = more;
            }
            None => return (out, after),
        }
    }
}

/// SQL's LIKE without case.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'%', rest)), _) => {
            is_like(rest, text)
                || text.split_first().is_some_and(|(_, tail)| is_like(pattern, tail))
        }
        (Some((b'_', rest)), Some((_, tail))) => is_like(rest, tail),
        (Some((c, rest)), Some((d, tail))) => c.eq_ignore_ascii_case(d) && is_like(rest, tail),
        _ => false,
    }
}

/// The value that a wrong word most likely means: one that holds it, or is held by it.
fn nearest<'v>(text: &str, values: &[&'v str]) -> Option<&'v str> {
    let lower = text.trim_matches('%').to_ascii_lowercase();
    let is_near = |value: &&&str| {
        let value = value.to_ascii_lowercase();
        !lower.is_empty() && (value.contains(&lower) || lower.contains(&value))
    };
    values.iter().find(is_near).copied()
}
