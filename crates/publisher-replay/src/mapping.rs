// SPDX-License-Identifier: Apache-2.0
//! The mapping files: which records become rows of which table, and how each column is filled.
//!
//! ```text
//! [Microsoft-Windows-Sysmon 12,13 win_registry_events when ne(EventType, 'x')]
//! action = choose(EventType, 'SetValue', 'REG_SETVALUE', 'REG_CREATE_OR_DELETE')
//! pid    = int(ProcessId)
//! ```
//! The stanza `[*]` gives defaults: its lines serve every table that has the column.

use crate::expr::{ARGUMENTS_MAX, Expr};
use crate::functions::FUNCTIONS;
use evtables_schema::TableSpec;
use evtables_schema::rows::RowBuilder;
use std::cell::Cell;
use std::collections::HashMap;

/// Texts of all mapping files.
const FILES: &[(&str, &str)] = &[
    ("defaults.map", include_str!("../mappings/defaults.map")),
    ("sysmon.map", include_str!("../mappings/sysmon.map")),
    ("security.map", include_str!("../mappings/security.map")),
    ("others.map", include_str!("../mappings/others.map")),
];

/// How one kind of record becomes a row.
#[derive(Debug)]
pub(crate) struct Mapping {
    pub(crate) table: &'static TableSpec,
    /// Which records; NULL and 0 are no.
    pub(crate) when: Option<Expr>,
    /// One for each column that a decoder fills, in the order of [`RowBuilder::push`].
    pub(crate) columns: Vec<Option<Expr>>,
}

/// All mappings.
#[derive(Debug, Default)]
pub(crate) struct Mappings {
    all: Vec<Mapping>,
    /// Provider (lower case), event id, positions in `all`.
    by_provider: HashMap<String, HashMap<i64, Vec<usize>>>,
}

impl Mappings {
    /// Those of this program.
    ///
    /// # Errors
    /// File, line and what is wrong there; a test reads them all, so it never happens in the field.
    pub(crate) fn load() -> Result<Self, String> {
        let mut mappings = Self::default();
        let mut defaults = Vec::new();
        for (name, text) in FILES {
            mappings.read(text, &mut defaults).map_err(|what| format!("{name}: {what}"))?;
        }
        Ok(mappings)
    }

    /// Positions of the mappings of a record, by provider and event id.
    pub(crate) fn of(&self, provider: &str, event_id: i64) -> &[usize] {
        let found = self.by_provider.get(&provider.to_ascii_lowercase());
        found.and_then(|ids| ids.get(&event_id)).map_or(&[], Vec::as_slice)
    }

    /// The mappings at these positions, with them.
    pub(crate) fn at<'m>(
        &'m self,
        positions: &'m [usize],
    ) -> impl Iterator<Item = (usize, &'m Mapping)> {
        positions.iter().filter_map(|at| Some((*at, self.all.get(*at)?)))
    }

    /// Every mapping, with its provider and ids.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Mapping> {
        self.all.iter()
    }

    fn read(&mut self, text: &str, defaults: &mut Vec<(String, String)>) -> Result<(), String> {
        let mut stanza: Option<Stanza<'_>> = None;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let fail = |what: String| format!("line {}: {what}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(head) = line.strip_prefix('[') {
                self.close(stanza.take(), defaults).map_err(fail)?;
                let head = head.strip_suffix(']').ok_or_else(|| fail("no `]`".into()))?;
                stanza = Some(Stanza::open(head).map_err(fail)?);
                continue;
            }
            let (column, expr) = line.split_once('=').ok_or_else(|| fail("no `=`".into()))?;
            let open = stanza.as_mut().ok_or_else(|| fail("no stanza is open".into()))?;
            open.lines.push((column.trim(), expr.trim()));
        }
        self.close(stanza, defaults)
    }

    fn close(
        &mut self,
        stanza: Option<Stanza<'_>>,
        defaults: &mut Vec<(String, String)>,
    ) -> Result<(), String> {
        let Some(stanza) = stanza else { return Ok(()) };
        let Some(table) = stanza.table else {
            defaults.extend(stanza.lines.iter().map(|(c, e)| ((*c).to_owned(), (*e).to_owned())));
            return Ok(());
        };
        let mapping = stanza.mapping(table, defaults)?;
        let at = self.all.len();
        self.all.push(mapping);
        let ids = self.by_provider.entry(stanza.provider.to_ascii_lowercase()).or_default();
        for id in stanza.ids {
            ids.entry(id).or_default().push(at);
        }
        Ok(())
    }
}

struct Stanza<'t> {
    provider: &'t str,
    ids: Vec<i64>,
    table: Option<&'static TableSpec>,
    when: Option<&'t str>,
    lines: Vec<(&'t str, &'t str)>,
}

impl<'t> Stanza<'t> {
    fn open(head: &'t str) -> Result<Self, String> {
        if head == "*" {
            return Ok(Self {
                provider: "",
                ids: Vec::new(),
                table: None,
                when: None,
                lines: Vec::new(),
            });
        }
        let (head, when) = match head.split_once(" when ") {
            Some((head, when)) => (head, Some(when)),
            None => (head, None),
        };
        // A provider's name may hold spaces.
        let mut words = head.rsplitn(3, ' ');
        let (Some(table), Some(ids), Some(provider)) = (words.next(), words.next(), words.next())
        else {
            return Err("a stanza is [provider ids table]".into());
        };
        let ids: Result<Vec<i64>, _> = ids.split(',').map(str::parse).collect();
        let ids = ids.map_err(|_| "ids are numbers".to_owned())?;
        let spec = evtables_schema::table(table).ok_or_else(|| format!("no table `{table}`"))?;
        Ok(Self { provider, ids, table: Some(spec), when, lines: Vec::new() })
    }

    fn mapping(
        &self,
        table: &'static TableSpec,
        defaults: &[(String, String)],
    ) -> Result<Mapping, String> {
        let mut lines: HashMap<&str, &str> = HashMap::new();
        for (column, expr) in &self.lines {
            if lines.insert(column, expr).is_some() {
                return Err(format!("`{column}` stands twice"));
            }
        }
        let mut columns = Vec::new();
        for at in RowBuilder::new(table).positions() {
            let Some(spec) = table.columns.get(at) else { continue };
            let own = lines.remove(spec.name);
            let shared = defaults.iter().find(|(name, _)| name == spec.name);
            let expr = own.or(shared.map(|(_, expr)| expr.as_str())).map(parse).transpose()?;
            let texts = expr.as_ref().and_then(Expr::texts).unwrap_or_default();
            if let Some(wrong) =
                texts.iter().find(|t| !spec.values.is_empty() && !spec.values.contains(t))
            {
                return Err(format!("`{}` is never `{wrong}`", spec.name));
            }
            columns.push(expr);
        }
        if let Some(column) = lines.keys().next() {
            return Err(format!("{} has no column `{column}` to fill", table.name));
        }
        Ok(Mapping { table, when: self.when.map(parse).transpose()?, columns })
    }
}

fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { rest: text };
    let expr = parser.expr()?;
    if parser.rest.trim().is_empty() {
        Ok(expr)
    } else {
        Err(format!("what is `{}`?", parser.rest))
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn eat(&mut self, mark: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expr(&mut self) -> Result<Expr, String> {
        if self.eat('\'') {
            let (text, rest) = self.rest.split_once('\'').ok_or("a text does not end")?;
            self.rest = rest;
            return Ok(Expr::Text(text.to_owned()));
        }
        let word = self.word();
        if word.is_empty() {
            return Err(format!("an expression was expected at `{}`", self.rest));
        }
        if let Ok(number) = word.parse::<i64>() {
            return Ok(Expr::Number(number));
        }
        if word == "null" {
            return Ok(Expr::Null);
        }
        if !self.eat('(') {
            let names = word.split('|').map(|name| (name.to_owned(), Cell::new(0))).collect();
            return Ok(Expr::Field(names));
        }
        let mut arguments = Vec::new();
        while !self.eat(')') {
            if !arguments.is_empty() && !self.eat(',') {
                return Err(format!("`,` or `)` was expected at `{}`", self.rest));
            }
            arguments.push(self.expr()?);
        }
        call(word, arguments)
    }

    fn word(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        let is_in = |c: char| c.is_alphanumeric() || matches!(c, '_' | '|' | '-' | '.' | '#');
        let end = self.rest.find(|c| !is_in(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }
}

fn call(name: &str, mut arguments: Vec<Expr>) -> Result<Expr, String> {
    match name {
        "first" => return Ok(Expr::First(arguments)),
        "choose" if !arguments.is_empty() => {
            let value = Box::new(arguments.remove(0));
            let mut texts = Vec::new();
            for argument in arguments {
                let Expr::Text(text) = argument else {
                    return Err("`choose` chooses texts".into());
                };
                texts.push(text);
            }
            let default = if texts.len() % 2 == 1 { texts.pop() } else { None };
            let mut cases = Vec::new();
            let mut texts = texts.into_iter();
            while let (Some(word), Some(then)) = (texts.next(), texts.next()) {
                cases.push((word, then));
            }
            return Ok(Expr::Choose { value, cases, default });
        }
        _ => {}
    }
    let function = FUNCTIONS.iter().find(|function| function.name == name);
    let function = function.ok_or_else(|| format!("no function `{name}`"))?;
    let (least, most) = function.arguments;
    if arguments.len() > ARGUMENTS_MAX || !(least..=most).contains(&arguments.len()) {
        return Err(format!("`{name}` takes {least} to {most} arguments"));
    }
    Ok(Expr::Call(*function, arguments))
}
