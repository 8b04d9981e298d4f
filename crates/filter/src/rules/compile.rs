// SPDX-License-Identifier: Apache-2.0
//! Rules into terms per column and trees over them; each term is checked against its column's type.

use super::pattern::{Form, Pattern};
use super::texts::Texts;
use super::{Action, Operator, Rule, Rules, When, position};
use evtables_schema::ids::parse_uuid;
use evtables_schema::{ColumnSpec, Storage, TableSpec};
use regex::RegexBuilder;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// Size of one compiled regular expression, bytes.
const REGEX_BYTES_MAX: usize = 1 << 20;
/// Terms of one table.
const TERMS_MAX: usize = 1_000_000;
const DEPTH_MAX: usize = 32;

/// Why a rule cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rule {rule}: {reason}")]
pub struct RuleError {
    /// Its name.
    pub rule: String,
    /// Its position.
    pub at: usize,
    /// The reason.
    pub reason: String,
}

/// All terms on one column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) position: usize,
    pub(super) texts: Texts,
    numbers: HashMap<i64, Vec<u32>>,
    ranges: Vec<(i64, i64, u32)>,
    networks: Vec<(IpAddr, u8, u32)>,
}

impl Column {
    fn new(position: usize) -> Self {
        Self {
            position,
            texts: Texts::default(),
            numbers: HashMap::new(),
            ranges: Vec::new(),
            networks: Vec::new(),
        }
    }

    /// See [`Rules::networks`].
    pub(super) fn networks(&self) -> Option<Vec<(IpAddr, u8)>> {
        let mut networks: Vec<(IpAddr, u8)> =
            self.networks.iter().map(|(base, bits, _)| (*base, *bits)).collect();
        for text in self.texts.whole_texts()? {
            // What no address is written like matches none.
            if let Ok(address) = text.parse::<IpAddr>()
                && address.to_string() == text
            {
                networks.push((address, if address.is_ipv4() { 32 } else { 128 }));
            }
        }
        Some(networks)
    }

    /// Terms that a text matches, sorted.
    pub(super) fn terms_of_text(&self, text: &str) -> Box<[u32]> {
        let mut terms = Vec::new();
        self.texts.find(text, &mut terms);
        if !self.networks.is_empty()
            && let Ok(address) = text.parse::<IpAddr>()
        {
            let inside =
                self.networks.iter().filter(|(base, bits, _)| covers(*base, *bits, address));
            terms.extend(inside.map(|(_, _, term)| *term));
        }
        sorted(terms)
    }

    /// Terms that a number matches, sorted.
    pub(super) fn terms_of_number(&self, number: i64) -> Box<[u32]> {
        let mut terms = self.numbers.get(&number).cloned().unwrap_or_default();
        let inside = self.ranges.iter().filter(|(low, high, _)| (*low..=*high).contains(&number));
        terms.extend(inside.map(|(_, _, term)| *term));
        if !self.texts.is_empty() {
            self.texts.find(&number.to_string(), &mut terms);
        }
        sorted(terms)
    }
}

fn sorted(mut terms: Vec<u32>) -> Box<[u32]> {
    terms.sort_unstable();
    terms.dedup();
    terms.into()
}

/// Whether a network holds an address; IPv4 addresses inside of IPv6 count as IPv4.
fn covers(base: IpAddr, bits: u8, address: IpAddr) -> bool {
    match (base.to_canonical(), address.to_canonical()) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let shift = 32_u32.saturating_sub(bits.into());
            let cut = |ip: std::net::Ipv4Addr| u32::from(ip).checked_shr(shift).unwrap_or(0);
            cut(base) == cut(address)
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let shift = 128_u32.saturating_sub(bits.into());
            let cut = |ip: std::net::Ipv6Addr| u128::from(ip).checked_shr(shift).unwrap_or(0);
            cut(base) == cut(address)
        }
        _ => false,
    }
}

/// A tree over terms.
#[derive(Debug)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// One of these terms.
    Terms(Vec<u32>),
}

impl Node {
    /// Whether it holds of a row that matches `terms`.
    pub(super) fn is_true(&self, terms: &[u32]) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.is_true(terms)),
            Self::Any(nodes) => nodes.iter().any(|node| node.is_true(terms)),
            Self::Not(node) => !node.is_true(terms),
            Self::Terms(wanted) => wanted.iter().any(|term| terms.contains(term)),
        }
    }
}

pub(super) fn rules(table: &'static TableSpec, rules: Vec<Rule>) -> Result<Rules, RuleError> {
    let mut compiler =
        Compiler { table, columns: BTreeMap::new(), term_columns: Vec::new(), terms: 0 };
    let (mut simple, mut complex) = (Vec::new(), Vec::new());
    for (at, rule) in rules.iter().enumerate() {
        let fail = |reason| RuleError { rule: rule.name.clone(), at, reason };
        let number = u32::try_from(at).map_err(|_| fail("too many rules".to_owned()))?;
        match compiler.node(&rule.when, 0).map_err(fail)? {
            Node::Terms(terms) => {
                simple.resize(position(compiler.terms), None);
                for term in terms {
                    if let Some(slot) = simple.get_mut(position(term)) {
                        *slot = Some(number);
                    }
                }
            }
            node => complex.push((number, node)),
        }
    }
    let term_columns = compiler.term_columns;
    let mut columns: Vec<Column> = compiler.columns.into_values().collect();
    for column in &mut columns {
        let fail = |reason| RuleError { rule: String::new(), at: 0, reason };
        column.texts.finish().map_err(fail)?;
    }
    let has_include = rules.iter().any(|rule| rule.action == Action::Include);
    Ok(Rules { table, rules, columns, term_columns, simple, complex, has_include })
}

struct Compiler {
    table: &'static TableSpec,
    columns: BTreeMap<usize, Column>,
    /// Position of the column of each term.
    term_columns: Vec<u16>,
    /// Terms so far.
    terms: u32,
}

impl Compiler {
    fn node(&mut self, when: &When, depth: usize) -> Result<Node, String> {
        if depth > DEPTH_MAX {
            return Err(format!("nested deeper than {DEPTH_MAX}"));
        }
        let mut many = |all: &[When]| -> Result<Vec<Node>, String> {
            all.iter().map(|when| self.node(when, depth + 1)).collect()
        };
        Ok(match when {
            When::All(all) => Node::All(many(all)?),
            When::Any(any) => {
                let nodes = many(any)?;
                // Alternatives of single terms are one set of terms.
                let mut terms = Vec::new();
                if nodes.iter().all(|node| matches!(node, Node::Terms(_))) {
                    for node in nodes {
                        if let Node::Terms(more) = node {
                            terms.extend(more);
                        }
                    }
                    return Ok(Node::Terms(terms));
                }
                Node::Any(nodes)
            }
            When::Not(not) => Node::Not(Box::new(self.node(not, depth + 1)?)),
            When::Is(column, operator) => Node::Terms(vec![self.term(*column, operator)?]),
        })
    }

    fn term(&mut self, at: usize, operator: &Operator) -> Result<u32, String> {
        let spec = self.table.columns.get(at).ok_or("no such column")?;
        let term = self.terms;
        if position(term) >= TERMS_MAX {
            return Err(format!("more than {TERMS_MAX} terms"));
        }
        let column = self.columns.entry(at).or_insert_with(|| Column::new(at));
        add(column, spec, term, operator).map_err(|reason| format!("{}: {reason}", spec.name))?;
        self.term_columns.push(u16::try_from(at).map_err(|_| "no such column")?);
        self.terms += 1;
        Ok(term)
    }
}

fn add(
    column: &mut Column,
    spec: &ColumnSpec,
    term: u32,
    operator: &Operator,
) -> Result<(), String> {
    let is_number = match spec.storage {
        Storage::Int32 | Storage::Int64 => true,
        Storage::Dict | Storage::Uuid => false,
        _ => return Err("this column cannot be filtered".into()),
    };
    let mut pattern = |form, text: &str| -> Result<(), String> {
        let pattern = Pattern::new(form, text);
        // A number as the seed writes it, "8080", compares by value.
        match pattern.exact().filter(|_| is_number).map(|text| text.trim().parse::<i64>()) {
            Some(Ok(number)) => column.numbers.entry(number).or_default().push(term),
            Some(Err(_)) => return Err(format!("`{text}` is no number")),
            None => column.texts.add_pattern(term, pattern),
        }
        Ok(())
    };
    match operator {
        Operator::Equals(text) => whole(column, spec, term, text)?,
        Operator::In(texts) => {
            for text in texts.iter() {
                whole(column, spec, term, text)?;
            }
        }
        Operator::Prefix(text) => pattern(Form::Prefix, text)?,
        Operator::Suffix(text) => pattern(Form::Suffix, text)?,
        Operator::Contains(text) => pattern(Form::Contains, text)?,
        Operator::Glob(text) => pattern(Form::Glob, text)?,
        Operator::Regex(text) => {
            let mut builder = RegexBuilder::new(text);
            builder.case_insensitive(true).size_limit(REGEX_BYTES_MAX);
            let regex =
                builder.build().map_err(|e| format!("regex: {}", one_line(&e.to_string())))?;
            column.texts.add_regex(term, regex);
        }
        Operator::Range(low, high) => {
            if !is_number {
                return Err("a range needs a number column".into());
            }
            let (low, high) = (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX));
            if low > high {
                return Err(format!("the range {low} to {high} is empty"));
            }
            column.ranges.push((low, high, term));
        }
        Operator::Cidr(base, bits) => {
            let most = if base.is_ipv4() { 32 } else { 128 };
            if spec.storage != Storage::Dict || *bits > most {
                return Err("a network needs a text column, and at most all bits".into());
            }
            column.networks.push((*base, *bits, term));
        }
    }
    Ok(())
}

fn whole(column: &mut Column, spec: &ColumnSpec, term: u32, text: &str) -> Result<(), String> {
    match spec.storage {
        Storage::Int32 | Storage::Int64 => {
            let number = text.trim().parse().map_err(|_| format!("`{text}` is no number"))?;
            column.numbers.entry(number).or_default().push(term);
        }
        Storage::Uuid if parse_uuid(text).is_none() => return Err(format!("`{text}` is no id")),
        _ => column.texts.add_whole(term, text),
    }
    Ok(())
}

/// The last line of a message: the reason, without the drawing.
fn one_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
}
