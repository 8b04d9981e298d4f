// SPDX-License-Identifier: Apache-2.0
//! Errors of queries as one line for people: what is wrong, where, and the nearest right name.

use evtables_schema::TableSpec;
use std::fmt;

/// A place in the text of a query, counted from 1 in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Position {
    /// Of a byte offset; an offset past the end is the end.
    pub(crate) fn of(sql: &str, offset: usize) -> Self {
        let before = sql.get(..offset.min(sql.len())).unwrap_or(sql);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_text = before.get(line_start..).unwrap_or("");
        Self { line: before.matches('\n').count() + 1, column: line_text.chars().count() + 1 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a query failed; its text is one line.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The text is no SQL, or names something that does not exist.
    #[error("{message}{}", at(*position))]
    Statement {
        /// What is wrong, with the nearest right name where there is one.
        message: String,
        /// Where, when SQLite knows.
        position: Option<Position>,
    },
    /// The statement would write or reach outside; says what.
    #[error("refused: {0}")]
    Refused(String),
    /// [`crate::Interrupt`] was called.
    #[error("interrupted")]
    Interrupted,
    /// Running it failed: the source could not be read, or memory ran out.
    #[error("{0}")]
    Run(String),
    /// Writing the result failed.
    #[error("failed to write the result: {0}")]
    Output(#[from] std::io::Error),
}

fn at(position: Option<Position>) -> String {
    position.map_or_else(String::new, |position| format!(" at {position}"))
}

impl SqlError {
    /// From SQLite's error while preparing or running a part of `sql`.
    pub(crate) fn from_sqlite(
        error: rusqlite::Error,
        sql: &str,
        tables: &[&'static TableSpec],
    ) -> Self {
        match error {
            rusqlite::Error::SqlInputError { msg, sql: rest, offset, .. } => {
                let start = sql.len().saturating_sub(rest.len());
                let offset = usize::try_from(offset).ok().map(|offset| start + offset);
                Self::Statement {
                    message: worded(&msg, sql, tables),
                    position: offset.map(|offset| Position::of(sql, offset)),
                }
            }
            rusqlite::Error::SqliteFailure(code, message) => {
                if code.code == rusqlite::ErrorCode::OperationInterrupted {
                    return Self::Interrupted;
                }
                let message = message.unwrap_or_else(|| code.to_string());
                if message == "incomplete input" {
                    let position = Some(Position::of(sql, sql.trim_end().len()));
                    return Self::Statement { message: worded(&message, sql, tables), position };
                }
                if message.starts_with("no such ") {
                    return Self::Statement {
                        message: worded(&message, sql, tables),
                        position: None,
                    };
                }
                Self::Run(one_line(&message))
            }
            other => Self::Run(one_line(&other.to_string())),
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// SQLite's message, put our way.
fn worded(message: &str, sql: &str, tables: &[&'static TableSpec]) -> String {
    let message = one_line(message);
    if let Some(near) = message.strip_suffix(": syntax error").and_then(|m| m.strip_prefix("near "))
    {
        return format!("syntax error near {near}");
    }
    if message == "incomplete input" {
        return "the statement is not complete".to_owned();
    }
    if let Some(name) = message.strip_prefix("no such table: ") {
        let bare = name.rsplit('.').next().unwrap_or(name);
        return with_nearest(&message, bare, tables.iter().map(|table| table.name));
    }
    if let Some(name) = message.strip_prefix("no such column: ") {
        let bare = name.rsplit('.').next().unwrap_or(name);
        let lower = sql.to_ascii_lowercase();
        let columns = tables
            .iter()
            .filter(|table| lower.contains(table.name))
            .flat_map(|table| table.columns.iter().map(|column| column.name));
        return with_nearest(&message, bare, columns);
    }
    message
}

fn with_nearest<'a>(message: &str, name: &str, names: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, names) {
        Some(nearest) => format!("{message} (nearest: {nearest})"),
        None => message.to_owned(),
    }
}

/// The name that the fewest edits lead to, when they are fewer than a third of its letters (at
/// least two).
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const NAME_MAX: usize = 128;
    if name.len() > NAME_MAX {
        return None;
    }
    let most = (name.chars().count() / 3).max(2);
    names
        .map(|other| (edits(name, other), other))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, other)| other)
}

/// Levenshtein distance without ASCII case.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (deleted, a) in from.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(deleted + 1);
        for ((b, above), diagonal) in to.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or(usize::MAX);
            let changed = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            next.push(changed.min(above + 1).min(left.saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_lines() {
        assert_eq!(Position::of("SELECT 1", 7), Position { line: 1, column: 8 });
        assert_eq!(Position::of("ä\nSELÄCT x", 10), Position { line: 2, column: 7 });
        assert_eq!(Position::of("x", 99), Position { line: 1, column: 2 });
    }

    #[test]
    fn nearest_names_are_near() {
        let names = ["linux_process_events", "linux_dns_events", "evtables_loss"];
        let near = |name: &str| nearest(name, names.into_iter());
        assert_eq!(near("linux_proces_events"), Some("linux_process_events"));
        assert_eq!(near("LINUX_DNS_EVENT"), Some("linux_dns_events"));
        assert_eq!(near("users"), None);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
