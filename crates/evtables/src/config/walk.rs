// SPDX-License-Identifier: Apache-2.0
//! Reading a configuration's JSON with every problem noted at its path, so that one look shows them all.

use super::keys;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::ops::RangeInclusive;

/// Problems that are kept; the others are counted.
const PROBLEMS_MAX: usize = 200;
const PATH_BYTES_MAX: usize = 300;

/// Something wrong in a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where: keys with dots, positions in brackets; empty for the whole text.
    pub(crate) path: String,
    /// What, and what would be right.
    pub(crate) text: String,
}

impl Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.is_empty() {
            true => out.write_str(&self.text),
            false => write!(out, "{}: {}", self.path, self.text),
        }
    }
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) list: Vec<Problem>,
    more: usize,
}

impl Problems {
    pub(super) fn add(&mut self, path: &str, text: impl Display) {
        if self.list.len() >= PROBLEMS_MAX {
            self.more += 1;
            return;
        }
        let mut path = path.to_owned();
        if path.len() > PATH_BYTES_MAX {
            let end = (0..=PATH_BYTES_MAX).rev().find(|at| path.is_char_boundary(*at));
            path.truncate(end.unwrap_or(0));
            path.push('…');
        }
        self.list.push(Problem { path, text: text.to_string() });
    }

    pub(super) fn into_list(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let text = format!("and {} more problems", self.more);
            self.list.push(Problem { path: String::new(), text });
        }
        self.list
    }
}

/// A value with its path.
#[derive(Clone)]
pub(super) struct Node<'v> {
    pub(super) path: String,
    pub(super) value: &'v Value,
}

impl<'v> Node<'v> {
    pub(super) fn new(path: impl Into<String>, value: &'v Value) -> Self {
        Self { path: path.into(), value }
    }

    fn wants(&self, what: impl Display, problems: &mut Problems) {
        let is = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        problems.add(&self.path, format!("is {is}, must be {what}"));
    }

    /// An object with whatever keys.
    pub(super) fn map(&self, problems: &mut Problems) -> Option<&'v Map<String, Value>> {
        let map = self.value.as_object();
        if map.is_none() {
            self.wants("an object", problems);
        }
        map
    }

    /// Its entries with their paths.
    pub(super) fn entries(&self, problems: &mut Problems) -> Vec<(&'v str, Node<'v>)> {
        let entries = self.map(problems).into_iter().flatten();
        entries.map(|(key, value)| (key.as_str(), self.child(key, value))).collect()
    }

    /// An object of known keys; others are problems.
    pub(super) fn object(&self, known: &[&str], problems: &mut Problems) -> Fields<'v> {
        for (key, node) in self.entries(problems) {
            if !known.contains(&key) {
                problems.add(&node.path, unknown("key", key, known));
            }
        }
        Fields { path: self.path.clone(), map: self.value.as_object() }
    }

    fn child(&self, key: &str, value: &'v Value) -> Node<'v> {
        let dot = if self.path.is_empty() { "" } else { "." };
        Node::new(format!("{}{dot}{key}", self.path), value)
    }

    pub(super) fn items(&self, problems: &mut Problems) -> Vec<Node<'v>> {
        let Some(items) = self.value.as_array() else {
            self.wants("an array", problems);
            return Vec::new();
        };
        let node = |(at, value)| Node::new(format!("{}[{at}]", self.path), value);
        items.iter().enumerate().map(node).collect()
    }

    pub(super) fn text(&self, problems: &mut Problems) -> Option<&'v str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.wants("text", problems);
        }
        text
    }

    /// Text, or a number as text.
    pub(super) fn plain(&self, problems: &mut Problems) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.wants("text or a number", problems);
                None
            }
        }
    }

    pub(super) fn truth(&self, problems: &mut Problems) -> Option<bool> {
        let truth = self.value.as_bool();
        if truth.is_none() {
            self.wants("true or false", problems);
        }
        truth
    }

    pub(super) fn number(
        &self,
        range: RangeInclusive<u64>,
        problems: &mut Problems,
    ) -> Option<u64> {
        let number = self.value.as_u64().filter(|number| range.contains(number));
        if number.is_none() {
            let what = match *range.end() {
                u64::MAX => format!("a whole number of at least {}", range.start()),
                end => format!("a whole number within {} to {end}", range.start()),
            };
            match self.value {
                Value::Number(number) => {
                    problems.add(&self.path, format!("is {number}, must be {what}"))
                }
                _ => self.wants(what, problems),
            }
        }
        number
    }

    pub(super) fn signed(&self, problems: &mut Problems) -> Option<i64> {
        let number = self.value.as_i64();
        if number.is_none() {
            self.wants("a whole number", problems);
        }
        number
    }
}

/// An object's values by key.
pub(super) struct Fields<'v> {
    path: String,
    map: Option<&'v Map<String, Value>>,
}

impl<'v> Fields<'v> {
    /// Of an object that is not there.
    pub(super) fn missing(path: impl Into<String>) -> Self {
        Self { path: path.into(), map: None }
    }

    pub(super) fn get(&self, key: &str) -> Option<Node<'v>> {
        let value = self.map?.get(key)?;
        let dot = if self.path.is_empty() { "" } else { "." };
        Some(Node::new(format!("{}{dot}{key}", self.path), value))
    }

    /// The last key of a declared path, or its default.
    pub(super) fn truth(&self, path: &'static str, problems: &mut Problems) -> bool {
        self.last(path).and_then(|node| node.truth(problems)).unwrap_or_else(|| keys::truth(path))
    }

    /// The last key of a declared path within its range, or its default.
    pub(super) fn number(&self, path: &'static str, problems: &mut Problems) -> u64 {
        let (default, range) = keys::number(path);
        self.last(path).and_then(|node| node.number(range, problems)).unwrap_or(default)
    }

    fn last(&self, path: &'static str) -> Option<Node<'v>> {
        self.get(path.rsplit('.').next().unwrap_or(path))
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// What to say of a name that is not known.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let near = known.iter().min_by_key(|known| distance(name, known));
    match near.filter(|near| distance(name, near) <= 2 + near.len() / 4) {
        Some(near) => format!("unknown {what}; did you mean {near}?"),
        None if known.len() <= 16 => format!("unknown {what}; there are {}", known.join(", ")),
        None => format!("unknown {what}"),
    }
}

/// Edits between two short names, without case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut before = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            left = (before + usize::from(x != *y)).min(above + 1).min(left + 1);
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let known = ["retention", "budgets", "sources"];
        assert_eq!(unknown("key", "retenton", &known), "unknown key; did you mean retention?");
        assert_eq!(unknown("key", "BUDGET", &known), "unknown key; did you mean budgets?");
        assert_eq!(
            unknown("key", "xyz", &known),
            "unknown key; there are retention, budgets, sources"
        );
        assert_eq!(
            (distance("", "abc"), distance("kitten", "sitting"), distance("a", "a")),
            (3, 3, 0)
        );
    }
}
