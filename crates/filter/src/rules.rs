// SPDX-License-Identifier: Apache-2.0
//! Filters of the configuration: which events are kept. Rules of one table, compiled together.
//!
//! Keep = no exclude rule matches, and (there is no include rule, or one matches). Text compares without
//! case. NULL matches nothing. A text is looked at once per distinct value of a dictionary, by all rules
//! of its column at once, so that a thousand values cost little more than ten; the terms that it matches
//! are then looked up per row.

mod compile;
mod foresight;
mod pattern;
mod set;
mod texts;

pub use compile::RuleError;
pub use foresight::{AHEAD_RULES_MAX, Foresight, Foretold, Known, KnownAhead, Place, Reach};
pub use set::FilterSet;
pub use texts::NAME_END_BYTES_MAX;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Int32Array, Int64Array, StringArray,
};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use compile::{Column, Node};
use evtables_schema::cells::uuid_value;
use evtables_schema::ids::write_uuid;
use evtables_schema::{EventBatch, TableSpec};
use std::net::IpAddr;
use std::sync::Arc;

/// What a rule does with the events that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Drops them.
    Exclude,
    /// Keeps them, and all others of the table go, unless another include rule matches them.
    Include,
}

impl Action {
    /// The word in configuration and tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exclude => "exclude",
            Self::Include => "include",
        }
    }
}

/// A test of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Operator {
    /// The whole value; numbers by value.
    Equals(String),
    /// Its beginning.
    Prefix(String),
    /// Its end.
    Suffix(String),
    /// Any part.
    Contains(String),
    /// The whole value, with `*` for any run of characters and `?` for one.
    Glob(String),
    /// A part that the regular expression matches.
    Regex(String),
    /// A number between the two, inclusive.
    Range(Option<i64>, Option<i64>),
    /// An address in a network.
    Cidr(IpAddr, u8),
    /// One of many whole values.
    In(Arc<Vec<String>>),
}

/// What a rule wants.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// Each of them.
    All(Vec<When>),
    /// One of them.
    Any(Vec<When>),
    /// Not this.
    Not(Box<When>),
    /// A column, by position in its table.
    Is(usize, Operator),
}

/// One rule as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// For tables and messages.
    pub name: String,
    /// What it does.
    pub action: Action,
    /// With which events.
    pub when: When,
}

/// The rules of one table, compiled.
#[derive(Debug)]
pub struct Rules {
    table: &'static TableSpec,
    rules: Vec<Rule>,
    columns: Vec<Column>,
    /// Positions of the columns that the terms are on, by term.
    term_columns: Vec<u16>,
    /// Rules of one term, by term: what most rules are.
    simple: Vec<Option<u32>>,
    /// All other rules.
    complex: Vec<(u32, Node)>,
    has_include: bool,
}

/// What the rules say of a batch.
#[derive(Debug)]
pub struct Verdict {
    /// Rows that are kept.
    pub keep: BooleanArray,
    /// Rules that decided, with the rows that they decided. A row is counted with the first exclude rule
    /// that matches it, else with the first include rule.
    pub hits: Vec<(usize, u64)>,
    /// Rows that no include rule wanted.
    pub unwanted: u64,
}

/// Which of a table's rules match a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Whether it is kept.
    pub keep: bool,
    /// Positions of the rules that match.
    pub matching: Vec<usize>,
    /// Whether it goes because no include rule matches.
    pub unwanted: bool,
}

impl Rules {
    /// Compiles rules; their order decides only which of them is counted.
    ///
    /// # Errors
    /// The first rule that cannot be, and why.
    pub fn new(table: &'static TableSpec, rules: Vec<Rule>) -> Result<Self, RuleError> {
        compile::rules(table, rules)
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &'static TableSpec {
        self.table
    }

    /// The rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Judges a batch of the table.
    #[must_use]
    pub fn judge(&self, batch: &EventBatch) -> Verdict {
        let matched: Vec<Matched<'_>> =
            self.columns.iter().map(|column| Matched::new(column, batch)).collect();
        let mut keep = BooleanBufferBuilder::new(batch.rows);
        let mut counts = vec![0_u64; self.rules.len()];
        let mut unwanted = 0;
        if self.is_indifferent(&matched) {
            return Verdict { keep: all(batch.rows), hits: Vec::new(), unwanted: 0 };
        }
        let mut terms = Vec::new();
        for row in 0..batch.rows {
            terms.clear();
            matched.iter().for_each(|column| column.terms_of(row, &mut terms));
            let (excluded, included) = self.first_of(&terms);
            let kept = excluded.is_none() && (included.is_some() || !self.has_include);
            keep.append(kept);
            match excluded.or(included) {
                Some(rule) => {
                    if let Some(count) = counts.get_mut(rule) {
                        *count += 1;
                    }
                }
                None if !kept => unwanted += 1,
                None => {}
            }
        }
        let hits = counts.into_iter().enumerate().filter(|(_, count)| *count > 0).collect();
        Verdict { keep: BooleanArray::new(keep.finish(), None), hits, unwanted }
    }

    /// Which rules match one row, all of them.
    #[must_use]
    pub fn explain(&self, batch: &EventBatch, row: usize) -> Explained {
        let mut terms = Vec::new();
        for column in &self.columns {
            Matched::new(column, batch).terms_of(row, &mut terms);
        }
        let mut matching: Vec<usize> = self.matching(&terms).collect();
        matching.sort_unstable();
        let is = |action| matching.iter().any(|rule| self.action(*rule) == Some(action));
        let (excluded, included) = (is(Action::Exclude), is(Action::Include));
        let unwanted = !excluded && self.has_include && !included;
        Explained { keep: !excluded && !unwanted, matching, unwanted }
    }

    /// Whether no row of the batch can match anything, and nothing has to match.
    fn is_indifferent(&self, matched: &[Matched<'_>]) -> bool {
        !self.has_include
            && self.complex.is_empty()
            && matched.iter().all(|column| matches!(column, Matched::Nothing))
    }

    /// Whether any rule looks at this column.
    #[must_use]
    pub fn looks_at(&self, column: usize) -> bool {
        self.on(column).is_some()
    }

    /// Networks that tell apart all addresses that the rules tell apart, single addresses among them; `None`
    /// when a rule looks at the text of this column in another way.
    #[must_use]
    pub fn networks(&self, column: usize) -> Option<Vec<(IpAddr, u8)>> {
        self.on(column).map_or_else(|| Some(Vec::new()), Column::networks)
    }

    /// Ends of paths in lower case that tell apart what the rules ask of the ends of this column: of at most
    /// [`NAME_END_BYTES_MAX`] bytes of ASCII, with no slash but as the first byte.
    #[must_use]
    pub fn name_ends(&self, column: usize) -> Vec<String> {
        self.on(column).map(|column| column.texts.name_ends()).unwrap_or_default()
    }

    /// What the kernel side of Linux knows of a path in this column; `None` where it does not look.
    #[must_use]
    pub fn place<'a>(&self, column: usize, path: &'a str) -> Option<Place<'a>> {
        let (folder, name) = path.split_at_checked(path.rfind('/')?)?;
        let from = name.len().saturating_sub(NAME_END_BYTES_MAX);
        let lower = name.get(from..).filter(|end| end.is_ascii())?.to_ascii_lowercase();
        let ends = self.name_ends(column);
        let lens = ends.iter().filter(|end| lower.ends_with(end.as_str())).map(String::len);
        let end = lens.max().and_then(|len| name.get(name.len() - len..));
        Some(Place { folder, end })
    }

    /// The numbers from 0 to `last` in runs that no rule tells apart by this column: the first of each.
    #[must_use]
    pub fn runs(&self, column: usize, last: u16) -> Vec<u16> {
        let mut runs = vec![0];
        let Some(column) = self.on(column) else { return runs };
        let mut before = column.terms_of_number(0);
        for number in 1..=last {
            let terms = column.terms_of_number(number.into());
            if terms != before {
                runs.push(number);
                before = terms;
            }
        }
        runs
    }

    fn on(&self, column: usize) -> Option<&Column> {
        self.columns.iter().find(|one| one.position == column)
    }

    /// Whether a term is on one of these columns.
    fn is_on(&self, term: usize, columns: &[usize]) -> bool {
        self.term_columns.get(term).is_some_and(|at| columns.contains(&usize::from(*at)))
    }

    fn action(&self, rule: usize) -> Option<Action> {
        self.rules.get(rule).map(|rule| rule.action)
    }

    fn matching<'a>(&'a self, terms: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
        let simple = terms.iter().filter_map(|term| *self.simple.get(position(*term))?);
        let complex =
            self.complex.iter().filter(|(_, node)| node.is_true(terms)).map(|(rule, _)| *rule);
        simple.chain(complex).map(position)
    }

    /// The first exclude and the first include rule that match.
    fn first_of(&self, terms: &[u32]) -> (Option<usize>, Option<usize>) {
        let (mut excluded, mut included) = (None::<usize>, None::<usize>);
        for rule in self.matching(terms) {
            let first = match self.action(rule) {
                Some(Action::Exclude) => &mut excluded,
                _ => &mut included,
            };
            *first = Some(first.map_or(rule, |before| before.min(rule)));
        }
        (excluded, included)
    }
}

fn position(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn all(rows: usize) -> BooleanArray {
    BooleanArray::new(BooleanBuffer::new_set(rows), None)
}

/// The terms that the values of one column of a batch match.
enum Matched<'a> {
    /// None of them does.
    Nothing,
    /// By distinct text.
    Dict(&'a DictionaryArray<Int32Type>, Vec<Box<[u32]>>),
    /// By row.
    Rows(Vec<Box<[u32]>>),
}

impl<'a> Matched<'a> {
    fn new(column: &Column, batch: &'a EventBatch) -> Self {
        let Some(array) = batch.column(column.position) else { return Self::Nothing };
        let any = array.as_any();
        if let Some(dict) = any.downcast_ref::<DictionaryArray<Int32Type>>() {
            let Some(values) = dict.values().as_any().downcast_ref::<StringArray>() else {
                return Self::Nothing;
            };
            let of = |at: usize| match values.is_valid(at) {
                true => column.terms_of_text(values.value(at)),
                false => Box::default(),
            };
            let terms: Vec<Box<[u32]>> = (0..values.len()).map(of).collect();
            return match terms.iter().all(|terms| terms.is_empty()) {
                true => Self::Nothing,
                false => Self::Dict(dict, terms),
            };
        }
        let rows = 0..array.len();
        let terms: Vec<Box<[u32]>> = if let Some(numbers) = any.downcast_ref::<Int64Array>() {
            rows.map(|row| match numbers.is_valid(row) {
                true => column.terms_of_number(numbers.value(row)),
                false => Box::default(),
            })
            .collect()
        } else if let Some(numbers) = any.downcast_ref::<Int32Array>() {
            rows.map(|row| match numbers.is_valid(row) {
                true => column.terms_of_number(numbers.value(row).into()),
                false => Box::default(),
            })
            .collect()
        } else if let Some(ids) = any.downcast_ref::<FixedSizeBinaryArray>() {
            let mut text = String::new();
            rows.map(|row| match uuid_value(ids, row) {
                Some(id) => {
                    text.clear();
                    write_uuid(id, &mut text);
                    column.terms_of_text(&text)
                }
                None => Box::default(),
            })
            .collect()
        } else {
            return Self::Nothing;
        };
        if terms.iter().all(|terms| terms.is_empty()) { Self::Nothing } else { Self::Rows(terms) }
    }

    fn terms_of(&self, row: usize, out: &mut Vec<u32>) {
        let terms = match self {
            Self::Nothing => None,
            Self::Dict(dict, terms) => {
                dict.key(row).and_then(|key| terms.get(key)).filter(|_| dict.is_valid(row))
            }
            Self::Rows(terms) => terms.get(row),
        };
        out.extend(terms.into_iter().flat_map(|terms| terms.iter().copied()));
    }
}

#[cfg(test)]
mod tests;
