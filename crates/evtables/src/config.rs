// SPDX-License-Identifier: Apache-2.0
//! The configuration: key `evtables` and the seed's `plgx_event_filters` of a JSON text, osquery's own
//! or a file. Unknown keys of ours are refused with their path and the nearest right key; the other
//! top-level keys belong to osquery and are left alone. All problems are told, not only the first.

mod filters;
mod text;
mod walk;

use crate::push::{self, PushConfig};
use evtables_engine::{ConfigRow, Configured, FilterSet};
use evtables_schema::Platform;
use evtables_store::{Retention, TableRetention};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use walk::{Fields, Node, Problems, unknown};

pub(crate) use walk::Problem;

/// State of the rows of a configuration that is not in force.
const REJECTED: &str = "rejected";
const FILE_MIB_MAX: u64 = 16;
/// Largest part of an argument list that is kept, bytes.
const ARGV_BYTES: (u64, u64) = (8 << 10, 128 << 10);
/// osquery refuses answers above 100 MiB.
const REPLY_MIB_MAX: u64 = 90;
const PUSH_LINES_MAX: u64 = 100_000;
const PUSH_ITEMS_MAX: usize = 32;
/// osquery gives up after 300 s by default.
const REPLY_SECONDS_MAX: u64 = 240;

/// Options of the seed that mean something here already, and those that do not.
const SEED_OPTIONS: [(&str, &str); 8] = [
    ("custom_plgx_EnableSSL", "evtables.sources.linux.tables"),
    ("custom_plgx_EnableHttp", "evtables.sources.linux.tables"),
    ("custom_plgx_EnableDns", "evtables.sources.linux.tables"),
    ("custom_plgx_EnableWatcher", "evtables watches its own budgets"),
    ("custom_plgx_MemoryLimit", "evtables watches its own budgets"),
    ("custom_plgx_EnableLogging", "evtables logs to standard error"),
    ("custom_plgx_LogLevel", "evtables logs to standard error; --verbose for more"),
    ("custom_plgx_LogFileName", "evtables logs to standard error"),
];
/// Top-level blocks of the seed that have no effect here.
const SEED_BLOCKS: [&str; 5] =
    ["win_logger_plugin", "win_include_paths", "win_exclude_paths", "plgx_event_control", "yara"];

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Whether this operating system's publisher runs.
    pub(crate) sources_enabled: bool,
    /// How much of an argument list is kept, bytes.
    pub(crate) argv_bytes_max: u32,
    /// Whether filters run in the kernel where they can.
    pub(crate) kernel_filters: bool,
    /// Tables of this system that are switched on or off, by name.
    pub(crate) switches: BTreeMap<String, bool>,
    /// What the store keeps.
    pub(crate) retention: Retention,
    /// Whether the text says something about it: then osquery's flags do not.
    pub(crate) retention_given: bool,
    /// How large an answer to osquery may be.
    pub(crate) budgets: Budgets,
    /// Whether events of osquery's own tables are taken where we are its logger.
    pub(crate) core_events: bool,
    /// What is sent through osquery's logger at once.
    pub(crate) push: PushConfig,
    /// Which events are kept.
    pub(crate) filters: FilterSet,
    /// What `evtables_config` shows.
    pub(crate) rows: Vec<ConfigRow>,
    /// SHA-256 of the text.
    pub(crate) hash: String,
}

/// Bounds of one answer to osquery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budgets {
    pub(crate) reply_rows: usize,
    pub(crate) reply_bytes: usize,
    pub(crate) reply_time: Duration,
}

impl Config {
    /// The defaults of `evtables run`.
    pub(crate) fn standard() -> Self {
        let mut problems = Problems::default();
        Self::of(&Value::Null, "", &mut problems)
    }

    /// From a file.
    ///
    /// # Errors
    /// The file, and every problem with its path.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        Self::parse(&read_text(path, FILE_MIB_MAX)?)
            .map_err(|problems| format!("failed to read {}: {}", path.display(), listed(&problems)))
    }

    /// From text.
    ///
    /// # Errors
    /// Every problem with its path.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::parse_all(&[text])
    }

    /// From several texts, as osquery has one per file: keys of later ones join those of earlier ones.
    ///
    /// # Errors
    /// Every problem with its path.
    pub(crate) fn parse_all(texts: &[&str]) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut merged = Value::Null;
        for text in texts {
            match text::parse(text) {
                Ok(value) => merge(&mut merged, value, 2),
                Err(reason) => problems.add("", reason),
            }
        }
        let config = Self::of(&merged, &texts.join("\n"), &mut problems);
        let problems = problems.into_list();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// What the collector needs of it.
    pub(crate) fn configured(&self) -> Configured {
        Configured {
            hash: self.hash.clone(),
            filters: self.filters.clone(),
            rows: self.rows.clone(),
        }
    }

    /// The same, with what is wrong with a newer one.
    pub(crate) fn with_rejected(mut self, problems: &[Problem]) -> Self {
        self.rows.retain(|row| row.state != REJECTED);
        self.rows.extend(problems.iter().map(|problem| ConfigRow {
            key: problem.path.clone(),
            source: "config".into(),
            state: REJECTED.into(),
            error: Some(problem.text.clone()),
            ..ConfigRow::default()
        }));
        self
    }

    fn of(value: &Value, text: &str, problems: &mut Problems) -> Self {
        let empty = Value::Object(serde_json::Map::new());
        let value = if value.is_null() { &empty } else { value };
        let top = Node::new("", value);
        let part = |name: &str| value.get(name).map(|value| Node::new(name, value));
        if value.as_object().is_none() {
            top.map(problems);
        }
        let own = part("evtables").unwrap_or_else(|| Node::new("evtables", &empty));
        let known = ["sources", "filters", "lists", "retention", "budgets", "push"];
        let own = own.object(&known, problems);
        let section = |name: &str, known: &[&str], problems: &mut Problems| match own.get(name) {
            Some(node) => node.object(known, problems),
            None => Node::new(format!("evtables.{name}"), &empty).object(known, problems),
        };
        let sources = section("sources", &["linux", "osquery"], problems);
        let linux = sources.get("linux").unwrap_or_else(|| Node::new("", &empty));
        let linux =
            linux.object(&["enabled", "argv_bytes_max", "kernel_filters", "tables"], problems);
        let core = sources.get("osquery").unwrap_or_else(|| Node::new("", &empty));
        let core = core.object(&["core_events"], problems);
        let budgets = section("budgets", &["reply_rows", "reply_mib", "reply_seconds"], problems);
        let push = section("push", &["logger"], problems);
        let argv = linux.number("argv_bytes_max", 32 << 10, ARGV_BYTES.0..=ARGV_BYTES.1, problems);
        let rules = filters::read(
            part("plgx_event_filters"),
            own.get("filters"),
            own.get("lists"),
            problems,
        );
        let mut config = Self {
            sources_enabled: linux.truth("enabled", true, problems),
            argv_bytes_max: u32::try_from(argv).unwrap_or(u32::MAX),
            kernel_filters: linux.truth("kernel_filters", true, problems),
            switches: switches(&linux, problems),
            retention: retention(own.get("retention"), problems),
            retention_given: own.get("retention").is_some(),
            budgets: Budgets {
                reply_rows: size(budgets.number("reply_rows", 10_000, 1..=u64::MAX, problems)),
                reply_bytes: size(budgets.number("reply_mib", 8, 1..=REPLY_MIB_MAX, problems))
                    << 20,
                reply_time: Duration::from_secs(budgets.number(
                    "reply_seconds",
                    5,
                    1..=REPLY_SECONDS_MAX,
                    problems,
                )),
            },
            core_events: core.truth("core_events", false, problems),
            push: push.get("logger").map(|node| logger(&node, problems)).unwrap_or_default(),
            filters: FilterSet::new(rules),
            rows: Vec::new(),
            hash: Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        config.rows = rows(value, &config);
        config
    }
}

/// JSON as people write configurations: comments and trailing commas are no errors.
///
/// # Errors
/// Line, column and reason.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    text::parse(text)
}

/// A file's text; the error names it.
fn read_text(path: &Path, mib_max: u64) -> Result<String, String> {
    let fail = |e: &dyn std::fmt::Display| format!("failed to read {}: {e}", path.display());
    if std::fs::metadata(path).map_err(|e| fail(&e))?.len() > mib_max << 20 {
        return Err(fail(&format!("larger than {mib_max} MiB")));
    }
    std::fs::read_to_string(path).map_err(|e| fail(&e))
}

/// Problems on one line, the first of them.
pub(crate) fn listed(problems: &[Problem]) -> String {
    const SHOWN_MAX: usize = 20;
    let shown: Vec<String> = problems.iter().take(SHOWN_MAX).map(Problem::to_string).collect();
    match problems.len().saturating_sub(SHOWN_MAX) {
        0 => shown.join("; "),
        more => format!("{}; and {more} more", shown.join("; ")),
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Objects join their keys down to `depth`; everything else is replaced.
fn merge(into: &mut Value, value: Value, depth: usize) {
    match (into, value) {
        (Value::Object(into), Value::Object(more)) if depth > 0 => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value, depth - 1);
            }
        }
        (into, value) => *into = value,
    }
}

fn switches(linux: &Fields<'_>, problems: &mut Problems) -> BTreeMap<String, bool> {
    let Some(node) = linux.get("tables") else { return BTreeMap::new() };
    let linux_tables = evtables_schema::event_tables().filter(|t| t.platform == Platform::Linux);
    let known: Vec<&str> = linux_tables.map(|table| table.name).collect();
    let mut switches = BTreeMap::new();
    for (name, node) in node.entries(problems) {
        if !known.contains(&name) {
            problems.add(&node.path, unknown("table", name, &known));
        }
        let Some(on) = node.truth(problems) else { continue };
        if !on && name == "linux_process_events" {
            problems.add(&node.path, "cannot be off: the other tables know processes from it; filter it, or set sources.linux.enabled to false");
        }
        switches.insert(name.to_owned(), on);
    }
    switches
}

fn retention(node: Option<Node<'_>>, problems: &mut Problems) -> Retention {
    let empty = Value::Object(serde_json::Map::new());
    let node = node.unwrap_or_else(|| Node::new("", &empty));
    let fields =
        node.object(&["seconds", "rows_per_table", "bytes", "free_bytes_min", "tables"], problems);
    let mut limit = |name, default| {
        let number = fields.number(name, default, 0..=u64::MAX, problems);
        Some(number).filter(|number| *number > 0)
    };
    let mut retention = Retention {
        seconds: limit("seconds", 86_400),
        rows_per_table: limit("rows_per_table", 1_000_000),
        bytes: limit("bytes", 1 << 30),
        free_bytes_min: limit("free_bytes_min", 64 << 20),
        tables: BTreeMap::new(),
    };
    for (name, node) in fields.get("tables").map(|node| node.entries(problems)).unwrap_or_default()
    {
        if evtables_schema::table(name).is_none() {
            let known: Vec<&str> = evtables_schema::tables().iter().map(|t| t.name).collect();
            problems.add(&node.path, unknown("table", name, &known));
        }
        let fields = node.object(&["seconds", "rows"], problems);
        let mut own = |key| fields.get(key).and_then(|node| node.number(0..=u64::MAX, problems));
        let table = TableRetention { seconds: own("seconds"), rows: own("rows") };
        retention.tables.insert(name.to_owned(), table);
    }
    retention
}

fn logger(node: &Node<'_>, problems: &mut Problems) -> PushConfig {
    let fields = node.object(&["tables", "queries", "max_lines_per_second"], problems);
    let rate = fields.number("max_lines_per_second", 200, 1..=PUSH_LINES_MAX, problems);
    let mut items = Vec::new();
    for node in fields.get("tables").map(|node| node.items(problems)).unwrap_or_default() {
        let Some(name) = node.text(problems) else { continue };
        match push::table_item(name) {
            Ok(item) => items.push(item),
            Err(reason) => problems.add(&node.path, reason),
        }
    }
    for (name, node) in fields.get("queries").map(|node| node.entries(problems)).unwrap_or_default()
    {
        let fields = node.object(&["query", "table"], problems);
        let Some(sql) = fields.get("query").and_then(|node| node.text(problems)) else {
            problems.add(&node.path, "has no `query`");
            continue;
        };
        let table = fields.get("table").and_then(|node| node.text(problems));
        match push::query_item(name, sql, table) {
            Ok(item) => items.push(item),
            Err(reason) => problems.add(&node.path, reason),
        }
    }
    if items.len() > PUSH_ITEMS_MAX {
        problems.add(&node.path, format!("more than {PUSH_ITEMS_MAX} tables and queries"));
    }
    PushConfig { items, lines_per_second: u32::try_from(rate).unwrap_or(u32::MAX) }
}

/// What is in force, and what of the seed's keys has no effect.
fn rows(value: &Value, config: &Config) -> Vec<ConfigRow> {
    let mut rows = Vec::new();
    let mut add = |key: &str, value: String, given: bool, state: &str, error: Option<String>| {
        let source = if given { "config" } else { "default" };
        rows.push(ConfigRow {
            key: key.into(),
            value,
            source: source.into(),
            state: state.into(),
            error,
        });
    };
    let given = |path: &str| path.split('.').try_fold(value, |value, key| value.get(key)).is_some();
    let limit = |limit: Option<u64>| limit.unwrap_or(0).to_string();
    let settings = [
        ("evtables.sources.linux.enabled", config.sources_enabled.to_string()),
        ("evtables.sources.linux.argv_bytes_max", config.argv_bytes_max.to_string()),
        ("evtables.sources.linux.kernel_filters", config.kernel_filters.to_string()),
        ("evtables.sources.osquery.core_events", config.core_events.to_string()),
        ("evtables.retention.seconds", limit(config.retention.seconds)),
        ("evtables.retention.rows_per_table", limit(config.retention.rows_per_table)),
        ("evtables.retention.bytes", limit(config.retention.bytes)),
        ("evtables.retention.free_bytes_min", limit(config.retention.free_bytes_min)),
        ("evtables.budgets.reply_rows", config.budgets.reply_rows.to_string()),
        ("evtables.budgets.reply_mib", (config.budgets.reply_bytes >> 20).to_string()),
        ("evtables.budgets.reply_seconds", config.budgets.reply_time.as_secs().to_string()),
    ];
    for (key, value) in settings {
        add(key, value, given(key), "active", None);
    }
    for (name, on) in &config.switches {
        add(&format!("evtables.sources.linux.tables.{name}"), on.to_string(), true, "active", None);
    }
    for item in &config.push.items {
        add(&format!("evtables.push.logger.{}", item.name), item.sql.clone(), true, "active", None);
    }
    for rules in config.filters.all() {
        let key = format!("filters of {}", rules.table().name);
        add(&key, format!("{} rules", rules.rules().len()), true, "active", None);
    }
    for block in SEED_BLOCKS.iter().filter(|block| given(block)) {
        let why = "a block of the seed that has no effect here";
        add(block, String::new(), true, "not_implemented", Some(why.into()));
    }
    let options = value.get("options").and_then(Value::as_object);
    for (name, value) in options.into_iter().flatten() {
        if !name.starts_with("custom_plgx_") {
            continue;
        }
        let hint = SEED_OPTIONS.iter().find(|(option, _)| option == name);
        let why = hint.map_or("an option of the seed that has no effect here", |(_, hint)| hint);
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        add(&format!("options.{name}"), value, true, "not_implemented", Some(why.into()));
    }
    rows
}

#[cfg(test)]
mod tests;
