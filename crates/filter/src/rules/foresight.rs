// SPDX-License-Identifier: Apache-2.0
//! What some columns alone say of events: the verdict of [`Rules`] on all events that have certain texts
//! in certain columns, whatever stands in the others. A source that knows those texts before it makes
//! events can leave out early what would be left out anyway.
//!
//! Three-valued: a term on any other column is open, and a rule is decided only when it is so for every
//! value of the open ones.

use super::compile::Node;
use super::{Action, Operator, Rules, When, position};

/// What is certain of events before they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foretold {
    /// It depends on the other columns, or they are kept.
    Open,
    /// This exclude rule matches: the first of those that are decided.
    Excluded(usize),
    /// No include rule matches.
    Unwanted,
}

/// A value of a column, as a source knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// NULL.
    Null,
    /// Of a text column.
    Text(&'a str),
    /// Of a number column.
    Number(i64),
    /// Of a text column of absolute paths.
    Place(Place<'a>),
}

/// What is known of an absolute path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// All before the last slash.
    pub folder: &'a str,
    /// The longest of [`Rules::name_ends`] that the path ends with; where there is none, it ends with none of them.
    pub end: Option<&'a str>,
}

impl<'a> From<Option<&'a str>> for Known<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// Where a rule can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By the known columns alone.
    Whole,
    /// By the known columns alone for some events.
    Part,
    /// Never by the known columns alone.
    None,
}

/// Rules of a table that the kernel side of Linux can leave out events by: the first ones.
pub const AHEAD_RULES_MAX: usize = 62;

/// Columns that the kernel side of Linux knows before it makes a row, as far as rules look at them in a way
/// that it can follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAhead {
    /// Of the acting program: its path, its container, the account that it acts as.
    pub program: Vec<usize>,
    /// What is done.
    pub action: Option<usize>,
    /// Of the socket that it is done to: remote address and port, local port, family, protocol. Empty where
    /// no rule looks at them, and for tables of other things.
    pub ends: Vec<usize>,
    /// The path of the file that it is done to, of which a [`Place`] is known; only where rules look at it.
    pub place: Option<usize>,
}

/// Tests of a column of paths, beyond which no place is judged ahead: each is looked at by itself.
const PLACE_TERMS_MAX: usize = 4_096;

impl KnownAhead {
    /// Of the rules' table; `None` when its rows do not name the acting process, or are what it is learned from.
    #[must_use]
    pub fn new(rules: &Rules) -> Option<Self> {
        let table = rules.table;
        if table.kind == "process_events" {
            return None;
        }
        let filled = |fill| table.columns.iter().position(|column| column.fill == fill);
        let path = filled("process.path")?;
        let (container, user) = (filled("process.container_id"), filled("user.name"));
        let program = [Some(path), container, user].into_iter().flatten().collect();
        let mut ends = Vec::new();
        if table.kind == "socket_events" {
            let names = ["remote_address", "remote_port", "local_port", "family", "protocol"];
            ends.extend(names.iter().filter_map(|name| table.column(name)));
            let address = table.column("remote_address");
            ends.retain(|at| address != Some(*at) || rules.networks(*at).is_some());
            if !ends.iter().any(|at| rules.looks_at(*at)) {
                ends.clear();
            }
        }
        let of_files = matches!(table.kind, "file_events" | "pefile_events");
        let place = table.column("target_path").filter(|at| {
            of_files && rules.on(*at).is_some_and(|on| on.texts.len() <= PLACE_TERMS_MAX)
        });
        Some(Self { program, action: table.column("action"), ends, place })
    }
}

/// The view of the rules of one table through some of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foresight {
    /// Positions of the columns that are known.
    columns: Vec<usize>,
    /// That of the columns of which only a [`Place`] is known.
    place: Option<usize>,
    /// An include rule of single terms has one on another column.
    include_is_open: bool,
}

impl Foresight {
    /// Through these columns.
    #[must_use]
    pub fn new(rules: &Rules, columns: Vec<usize>) -> Self {
        let known = |term: usize| rules.is_on(term, &columns);
        let mut terms = rules.simple.iter().enumerate();
        let include_is_open = terms.any(|(term, rule)| {
            let rule = rule.and_then(|rule| rules.action(position(rule)));
            rule == Some(Action::Include) && !known(term)
        });
        Self { columns, place: None, include_is_open }
    }

    /// The same with the place of a path, which is the last column then.
    #[must_use]
    pub fn with_place(rules: &Rules, mut columns: Vec<usize>, place: usize) -> Self {
        columns.push(place);
        Self { place: Some(place), ..Self::new(rules, columns) }
    }

    /// What is certain of all events that have these values in the known columns, in their order.
    #[must_use]
    pub fn foretell(&self, rules: &Rules, values: &[Known<'_>]) -> Foretold {
        let (mut terms, mut open) = (Vec::new(), Vec::new());
        for (at, value) in self.columns.iter().zip(values) {
            let Some(column) = rules.on(*at) else { continue };
            match value {
                Known::Null => {}
                Known::Text(text) => terms.extend(column.terms_of_text(text)),
                Known::Number(number) => terms.extend(column.terms_of_number(*number)),
                Known::Place(place) => column.texts.find_place(*place, &mut terms, &mut open),
            }
        }
        let of_rule = |term: &u32| *rules.simple.get(position(*term))?;
        let mut excluded = None::<usize>;
        let mut include_is_open = self.include_is_open;
        let mut note = |rule: u32, holds: Option<bool>| {
            let rule = position(rule);
            match (rules.action(rule), holds) {
                (Some(Action::Exclude), Some(true)) => {
                    excluded = Some(excluded.map_or(rule, |before| before.min(rule)));
                }
                (Some(Action::Include), None | Some(true)) => include_is_open = true,
                _ => {}
            }
        };
        terms.iter().filter_map(of_rule).for_each(|rule| note(rule, Some(true)));
        open.iter().filter_map(of_rule).for_each(|rule| note(rule, None));
        for (rule, node) in &rules.complex {
            note(*rule, self.holds(rules, node, &terms, &open));
        }
        match excluded {
            Some(rule) => Foretold::Excluded(rule),
            None if rules.has_include && !include_is_open => Foretold::Unwanted,
            None => Foretold::Open,
        }
    }

    /// `None` when it depends on other columns.
    fn holds(&self, rules: &Rules, node: &Node, terms: &[u32], open: &[u32]) -> Option<bool> {
        match node {
            Node::All(nodes) => {
                let mut all = Some(true);
                for node in nodes {
                    match self.holds(rules, node, terms, open) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => all = None,
                    }
                }
                all
            }
            Node::Any(nodes) => {
                let mut any = Some(false);
                for node in nodes {
                    match self.holds(rules, node, terms, open) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => any = None,
                    }
                }
                any
            }
            Node::Not(node) => self.holds(rules, node, terms, open).map(|holds| !holds),
            Node::Terms(wanted) => {
                if wanted.iter().any(|term| terms.contains(term)) {
                    return Some(true);
                }
                let known = |term: &u32| {
                    rules.is_on(position(*term), &self.columns) && !open.contains(term)
                };
                wanted.iter().all(known).then_some(false)
            }
        }
    }

    /// Where the rules are decided, in their order. An include rule is decided when all of them are: only
    /// then is it certain that none matches.
    #[must_use]
    pub fn reach(&self, rules: &Rules) -> Vec<Reach> {
        let whole = |when: &When| !self.outcomes(when).open;
        let includes = || rules.rules().iter().filter(|rule| rule.action == Action::Include);
        let can_miss = includes().all(|rule| self.outcomes(&rule.when).no);
        let includes_whole = includes().all(|rule| whole(&rule.when));
        let of = |rule: &super::Rule| match rule.action {
            Action::Exclude if whole(&rule.when) => Reach::Whole,
            Action::Exclude if self.outcomes(&rule.when).yes => Reach::Part,
            Action::Include if includes_whole => Reach::Whole,
            Action::Include if can_miss => Reach::Part,
            _ => Reach::None,
        };
        rules.rules().iter().map(of).collect()
    }

    /// What a condition may come to when only the known columns are looked at.
    fn outcomes(&self, when: &When) -> Outcomes {
        let many = |all: &[When]| -> Vec<Outcomes> {
            all.iter().map(|when| self.outcomes(when)).collect()
        };
        match when {
            When::All(all) => {
                let all = many(all);
                Outcomes {
                    yes: all.iter().all(|one| one.yes),
                    no: all.iter().any(|one| one.no),
                    open: all.iter().any(|one| one.open),
                }
            }
            When::Any(any) => {
                let any = many(any);
                Outcomes {
                    yes: any.iter().any(|one| one.yes),
                    no: any.iter().all(|one| one.no),
                    open: any.iter().any(|one| one.open),
                }
            }
            When::Not(not) => {
                let Outcomes { yes, no, open } = self.outcomes(not);
                Outcomes { yes: no, no: yes, open }
            }
            When::Is(column, Operator::Regex(_)) if self.place == Some(*column) => {
                Outcomes { yes: false, no: false, open: true }
            }
            When::Is(column, _) if self.place == Some(*column) => {
                Outcomes { yes: true, no: true, open: true }
            }
            When::Is(column, _) => {
                let known = self.columns.contains(column);
                Outcomes { yes: known, no: known, open: !known }
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Outcomes {
    yes: bool,
    no: bool,
    open: bool,
}
