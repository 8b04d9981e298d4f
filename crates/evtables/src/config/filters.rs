// SPDX-License-Identifier: Apache-2.0
//! Filters as written: the seed's `plgx_event_filters` and our own `filters` with `lists`.

use super::keys;
use super::walk::{Node, Problems, unknown};
use evtables_filter::rules::{Action, Operator, Rule, Rules, When};
use evtables_schema::spec::From;
use evtables_schema::{ColumnSpec, TableSpec, event_tables};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const LIST_MIB_MAX: u64 = 64;
const LIST_VALUES_MAX: usize = 1_000_000;
const OPERATORS: [&str; 9] =
    ["equals", "prefix", "suffix", "contains", "glob", "regex", "range", "cidr", "in"];

/// Rules by table, as written.
type Written = BTreeMap<&'static str, Vec<Rule>>;
pub(super) type Lists = BTreeMap<String, Arc<Vec<String>>>;

/// The compiled rules of every table that has some.
pub(super) fn read(
    seed: Option<Node<'_>>,
    own: Option<Node<'_>>,
    lists: &Lists,
    problems: &mut Problems,
) -> Vec<Rules> {
    let mut written = Written::new();
    let mut paths: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut add = |table: &'static TableSpec, path: String, rule: Rule| {
        written.entry(table.name).or_default().push(rule);
        paths.entry(table.name).or_default().push(path);
    };
    if let Some(seed) = seed {
        read_seed(&seed, &mut add, problems);
    }
    if let Some(own) = own {
        read_own(&own, lists, &mut add, problems);
    }
    let mut compiled = Vec::new();
    for (name, rules) in written {
        let Some(table) = evtables_schema::table(name) else { continue };
        match Rules::new(table, rules) {
            Ok(rules) => compiled.push(rules),
            Err(error) => {
                let path = paths.get(name).and_then(|paths| paths.get(error.at));
                problems.add(path.map_or(name, String::as_str), &error.reason);
            }
        }
    }
    compiled
}

type Add<'a> = dyn FnMut(&'static TableSpec, String, Rule) + 'a;

/// table → column → include|exclude → values → texts.
fn read_seed(node: &Node<'_>, add: &mut Add<'_>, problems: &mut Problems) {
    for (name, node) in node.entries(problems) {
        let Some(table) = event_table(name, &node, problems) else { continue };
        for (column, node) in node.entries(problems) {
            let Some(at) = column_of(table, column, &node, problems) else { continue };
            let fields = node.object(&["include", "exclude"], problems);
            for action in [Action::Exclude, Action::Include] {
                let Some(node) = fields.get(action.word()) else { continue };
                let Some(values) = node.object(&["values"], problems).get("values") else {
                    problems.add(&node.path, "has no `values`");
                    continue;
                };
                for node in values.items(problems) {
                    let Some(value) = node.plain(problems) else { continue };
                    let when = When::Is(at, Operator::Glob(value.clone()));
                    let name = format!("{column} {} {value}", action.word());
                    add(table, node.path, Rule { name, action, when });
                }
            }
        }
    }
}

/// table → [{name, action, when}].
fn read_own(node: &Node<'_>, lists: &Lists, add: &mut Add<'_>, problems: &mut Problems) {
    for (name, node) in node.entries(problems) {
        let Some(table) = event_table(name, &node, problems) else { continue };
        for (number, node) in node.items(problems).into_iter().enumerate() {
            let fields = node.object(&keys::under("evtables.filters.<table>[]"), problems);
            let name = fields.get("name").and_then(|node| node.text(problems));
            let name = name.map_or_else(|| format!("rule {}", number + 1), str::to_owned);
            let action = match fields.get("action").map(|node| (node.text(problems), node)) {
                Some((Some("exclude"), _)) => Action::Exclude,
                Some((Some("include"), _)) => Action::Include,
                Some((Some(word), node)) => {
                    problems.add(&node.path, unknown("action", word, &["exclude", "include"]));
                    continue;
                }
                Some((None, _)) => continue,
                None => {
                    problems.add(&node.path, "has no `action`");
                    continue;
                }
            };
            let Some(when) = fields.get("when") else {
                problems.add(&node.path, "has no `when`");
                continue;
            };
            if let Some(when) = read_when(table, &when, lists, problems) {
                add(table, node.path, Rule { name, action, when });
            }
        }
    }
}

fn read_when(
    table: &'static TableSpec,
    node: &Node<'_>,
    lists: &Lists,
    problems: &mut Problems,
) -> Option<When> {
    let map = node.map(problems)?;
    let many = |problems: &mut Problems, node: &Node<'_>| {
        let items = node.items(problems);
        let all: Vec<Option<When>> =
            items.iter().map(|node| read_when(table, node, lists, problems)).collect();
        all.into_iter().collect::<Option<Vec<When>>>()
    };
    for word in ["all", "any", "not"] {
        if !map.contains_key(word) {
            continue;
        }
        let fields = node.object(&[word], problems);
        let inner = fields.get(word)?;
        return Some(match word {
            "all" => When::All(many(problems, &inner)?),
            "any" => When::Any(many(problems, &inner)?),
            _ => When::Not(Box::new(read_when(table, &inner, lists, problems)?)),
        });
    }
    let mut known = vec!["column"];
    known.extend(OPERATORS);
    let fields = node.object(&known, problems);
    let Some(column) = fields.get("column") else {
        problems.add(&node.path, "has no `column`, `all`, `any` or `not`");
        return None;
    };
    let name = column.text(problems)?;
    let at = column_of(table, name, &column, problems)?;
    let mut operators = OPERATORS.iter().filter_map(|word| Some((*word, fields.get(word)?)));
    let Some((word, value)) = operators.next() else {
        problems.add(&node.path, format!("has no operator ({})", OPERATORS.join(", ")));
        return None;
    };
    if operators.next().is_some() {
        problems.add(&node.path, "has more than one operator: put them into `all`");
        return None;
    }
    Some(When::Is(at, operator(word, &value, lists, problems)?))
}

fn operator(
    word: &str,
    node: &Node<'_>,
    lists: &Lists,
    problems: &mut Problems,
) -> Option<Operator> {
    Some(match word {
        "equals" => Operator::Equals(node.plain(problems)?),
        "prefix" => Operator::Prefix(node.text(problems)?.to_owned()),
        "suffix" => Operator::Suffix(node.text(problems)?.to_owned()),
        "contains" => Operator::Contains(node.text(problems)?.to_owned()),
        "glob" => Operator::Glob(node.plain(problems)?),
        "regex" => Operator::Regex(node.text(problems)?.to_owned()),
        "range" => {
            let fields = node.object(&["from", "to"], problems);
            let mut bound = |key| match fields.get(key) {
                Some(node) => node.signed(problems).map(Some),
                None => Some(None),
            };
            Operator::Range(bound("from")?, bound("to")?)
        }
        "cidr" => {
            let text = node.text(problems)?;
            let parsed = text.split_once('/').and_then(|(base, bits)| {
                let base: IpAddr = base.parse().ok()?;
                let most = if base.is_ipv4() { 32 } else { 128 };
                Some((base, bits.parse::<u8>().ok().filter(|bits| *bits <= most)?))
            });
            let Some((base, bits)) = parsed else {
                problems.add(&node.path, format!("`{text}` is no network, such as 10.0.0.0/8"));
                return None;
            };
            Operator::Cidr(base, bits)
        }
        _ => match node.value.as_str() {
            Some(name) => match lists.get(name) {
                Some(list) => Operator::In(Arc::clone(list)),
                None => {
                    let known: Vec<&str> = lists.keys().map(String::as_str).collect();
                    problems.add(&node.path, unknown("list", name, &known));
                    return None;
                }
            },
            None => {
                let values: Vec<Option<String>> =
                    node.items(problems).iter().map(|node| node.plain(problems)).collect();
                Operator::In(Arc::new(values.into_iter().collect::<Option<_>>()?))
            }
        },
    })
}

/// name → {values: […]} or {file: path}, a value a line; with the files that were named.
pub(super) fn read_lists(node: Option<Node<'_>>, problems: &mut Problems) -> (Lists, Vec<PathBuf>) {
    let (mut lists, mut files) = (Lists::new(), Vec::new());
    for (name, node) in node.map(|node| node.entries(problems)).unwrap_or_default() {
        let fields = node.object(&keys::under("evtables.lists.<name>"), problems);
        let mut values: Vec<String> = Vec::new();
        if let Some(node) = fields.get("values") {
            values.extend(node.items(problems).iter().filter_map(|node| node.plain(problems)));
        }
        if let Some(node) = fields.get("file")
            && let Some(path) = node.text(problems)
        {
            files.push(PathBuf::from(path));
            match read_list(Path::new(path)) {
                Ok(more) => values.extend(more),
                Err(reason) => problems.add(&node.path, reason),
            }
        }
        if values.len() > LIST_VALUES_MAX {
            problems.add(&node.path, format!("more than {LIST_VALUES_MAX} values"));
            continue;
        }
        lists.insert(name.to_owned(), Arc::new(values));
    }
    (lists, files)
}

fn read_list(path: &Path) -> Result<Vec<String>, String> {
    let text = super::read_text(path, LIST_MIB_MAX)?;
    let values = text.lines().map(str::trim);
    Ok(values.filter(|v| !v.is_empty() && !v.starts_with('#')).map(str::to_owned).collect())
}

pub(super) fn event_table(
    name: &str,
    node: &Node<'_>,
    problems: &mut Problems,
) -> Option<&'static TableSpec> {
    let found = event_tables().find(|table| table.name == name);
    if found.is_none() {
        let known: Vec<&str> = event_tables().map(|table| table.name).collect();
        problems.add(&node.path, unknown("table", name, &known));
    }
    found
}

/// A column that has a value before the store gets the event.
pub(super) fn column_of(
    table: &'static TableSpec,
    name: &str,
    node: &Node<'_>,
    problems: &mut Problems,
) -> Option<usize> {
    let can = |column: &ColumnSpec| {
        matches!(column.from, From::Decode | From::Enrich) && !column.fill.starts_with("hash")
    };
    column_that(table, ("column", name), can, node, problems)
}

/// A column that `can` serve, `what` being such a column in words.
pub(super) fn column_that(
    table: &'static TableSpec,
    (what, name): (&str, &str),
    can: impl Fn(&ColumnSpec) -> bool,
    node: &Node<'_>,
    problems: &mut Problems,
) -> Option<usize> {
    let at = table.column(name).filter(|at| table.columns.get(*at).is_some_and(&can));
    if at.is_none() {
        let columns = table.columns.iter().filter(|column| can(column));
        let known: Vec<&str> = columns.map(|column| column.name).collect();
        problems.add(&node.path, unknown(what, name, &known));
    }
    at
}
