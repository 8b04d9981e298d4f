// SPDX-License-Identifier: Apache-2.0
//! The configuration: key `evtables` and the seed's `plgx_event_filters` of a JSON text, osquery's own
//! or a file. Unknown keys of ours are refused with their path and the nearest right key; the other
//! top-level keys belong to osquery and are left alone. All problems are told, not only the first.

mod filters;
mod keys;
mod limits;
mod shown;
mod text;
mod walk;

use crate::push_items::{self, PushConfig};
use evtables_engine::{Budget, ConfigRow, Configured, FilterSet, Limits, Redactions};
use evtables_publisher_tail::{Follow, LoginFiles};
use evtables_schema::Platform;
use evtables_store::{Retention, TableRetention};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use walk::{Fields, Node, Problems, unknown};

pub(crate) use walk::Problem;

/// State of the rows of a configuration that is not in force.
const REJECTED: &str = "rejected";
const FILE_MIB_MAX: u64 = 16;
const PUSH_ITEMS_MAX: usize = 32;
/// Entries of `sources.tail`.
const TAILS_MAX: usize = 64;

/// Longest text of a row of `evtables_config`, characters.
const SHOWN_CHARS_MAX: usize = 500;

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Whether this operating system's publisher runs.
    pub(crate) sources_enabled: bool,
    /// What the text says of each.
    pub(crate) enabled: Enabled,
    /// How much of an argument list is kept, bytes.
    pub(crate) argv_bytes_max: u32,
    /// Whether filters run in the kernel where they can.
    pub(crate) kernel_filters: bool,
    /// Whether hooks hang on functions of the kernel where it takes them.
    pub(crate) kernel_functions: bool,
    /// Tables of this system that are switched on or off, by name.
    pub(crate) switches: BTreeMap<String, bool>,
    /// How live collection on Windows is done.
    pub(crate) windows: WindowsSource,
    /// Text logs that are followed.
    pub(crate) tail: Vec<Follow>,
    /// Files that logins are written into.
    pub(crate) users: LoginFiles,
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
    /// How many of them.
    pub(crate) limits: Limits,
    /// What of them is not stored as it is.
    pub(crate) redactions: Redactions,
    /// What the collector may use.
    pub(crate) budget: Budget,
    /// Files of lists that it was made of.
    pub(crate) files: Vec<PathBuf>,
    /// What `evtables_config` shows.
    pub(crate) rows: Vec<ConfigRow>,
    /// SHA-256 of the text.
    pub(crate) hash: String,
}

/// What this system's publisher is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sources {
    enabled: bool,
    argv_bytes_max: u32,
    kernel_filters: bool,
    kernel_functions: bool,
    switches: BTreeMap<String, bool>,
    windows: WindowsSource,
    tail: Vec<Follow>,
    users: LoginFiles,
}

/// Which systems' publishers run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Enabled {
    pub(crate) linux: bool,
    pub(crate) windows: bool,
}

#[cfg(windows)]
const HERE: Platform = Platform::Windows;
#[cfg(not(windows))]
const HERE: Platform = Platform::Linux;

/// Live collection on Windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowsSource {
    pub(crate) process_mib: u32,
    pub(crate) file_registry_mib: u32,
    pub(crate) user_mib: u32,
    pub(crate) packets: bool,
    pub(crate) registry_data: bool,
    pub(crate) open_handles: bool,
    pub(crate) image_hashes: bool,
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
        Self::of(&Value::Object(serde_json::Map::new()), &mut Problems::default())
    }

    /// From a file.
    ///
    /// # Errors
    /// The file, and every problem with its path.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        Self::read_file(path)
            .map_err(|problems| format!("failed to read {}: {}", path.display(), listed(&problems)))
    }

    /// The same, with the problems one by one.
    ///
    /// # Errors
    /// Every problem with its path.
    pub(crate) fn read_file(path: &Path) -> Result<Self, Vec<Problem>> {
        match read_text(path, FILE_MIB_MAX) {
            Ok(text) => Self::of_texts(&Texts::read(&[&text])),
            Err(text) => Err(vec![Problem { path: String::new(), text }]),
        }
    }

    /// From text.
    ///
    /// # Errors
    /// Every problem with its path.
    #[cfg(test)]
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        Self::of_texts(&Texts::read(&[text]))
    }

    /// From several texts, as osquery has one per file: keys of later ones join those of earlier ones.
    ///
    /// # Errors
    /// Every problem with its path.
    pub(crate) fn of_texts(texts: &Texts) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut merged = Value::Object(serde_json::Map::new());
        for value in &texts.values {
            match value {
                Ok(Value::Object(map)) => {
                    let ours = map.iter().filter(|(key, _)| is_ours(key));
                    let ours = ours.map(|(key, value)| (key.clone(), value.clone())).collect();
                    merge(&mut merged, Value::Object(ours), 2);
                }
                Ok(other) => {
                    Node::new("", other).map(&mut problems);
                }
                Err(reason) => problems.add("", reason),
            }
        }
        let mut config = Self::of(&merged, &mut problems);
        config.hash.clone_from(&texts.hash);
        let problems = problems.into_list();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// What the collector needs of it.
    pub(crate) fn configured(&self) -> Configured {
        Configured {
            hash: self.hash.clone(),
            filters: self.filters.clone(),
            limits: self.limits.clone(),
            redactions: self.redactions.clone(),
            budget: self.budget,
            rows: self.rows.clone(),
        }
    }

    /// What changes only with a new collector.
    pub(crate) fn sources(&self) -> Sources {
        Sources {
            enabled: self.sources_enabled,
            argv_bytes_max: self.argv_bytes_max,
            kernel_filters: self.kernel_filters,
            kernel_functions: self.kernel_functions,
            switches: self.switches.clone(),
            windows: self.windows,
            tail: self.tail.clone(),
            users: self.users.clone(),
        }
    }

    /// The same, with what is wrong with a newer one.
    pub(crate) fn with_rejected(mut self, problems: &[Problem]) -> Self {
        self.rows.retain(|row| row.state != REJECTED);
        self.rows.extend(problems.iter().map(|problem| ConfigRow {
            key: problem.path.clone(),
            source: "config".into(),
            state: REJECTED.into(),
            error: Some(listed_text(&problem.text)),
            ..ConfigRow::default()
        }));
        self
    }

    fn of(value: &Value, problems: &mut Problems) -> Self {
        let empty = Value::Object(serde_json::Map::new());
        let top = |name: &'static str| Node::new(name, value.get(name).unwrap_or(&empty));
        let own = top("evtables").object(&keys::under("evtables"), problems);
        let sources = part(&own, "evtables.sources", problems);
        let linux = part(&sources, "evtables.sources.linux", problems);
        let windows = part(&sources, "evtables.sources.windows", problems);
        let enabled = Enabled {
            linux: linux.truth("evtables.sources.linux.enabled", problems),
            windows: windows.truth("evtables.sources.windows.enabled", problems),
        };
        let mut tables = switches(&linux, Platform::Linux, problems);
        tables.append(&mut switches(&windows, Platform::Windows, problems));
        let tail = read_tails(sources.get("tail"), problems);
        let users = read_users(&part(&sources, "evtables.sources.users", problems), problems);
        let core = part(&sources, "evtables.sources.osquery", problems);
        let budgets = part(&own, "evtables.budgets", problems);
        let push = part(&own, "evtables.push", problems);
        let argv = linux.number("evtables.sources.linux.argv_bytes_max", problems);
        let seed = value.get("plgx_event_filters").map(|_| top("plgx_event_filters"));
        let (lists, files) = filters::read_lists(own.get("lists"), problems);
        let rules = filters::read(seed, own.get("filters"), &lists, problems);
        let mut config = Self {
            sources_enabled: if HERE == Platform::Windows {
                enabled.windows
            } else {
                enabled.linux
            },
            enabled,
            argv_bytes_max: u32::try_from(argv).unwrap_or(u32::MAX),
            kernel_filters: linux.truth("evtables.sources.linux.kernel_filters", problems),
            kernel_functions: linux.truth("evtables.sources.linux.kernel_functions", problems),
            switches: tables,
            windows: windows_source(&windows, problems),
            tail,
            users,
            retention: retention(&part(&own, "evtables.retention", problems), problems),
            retention_given: own.get("retention").is_some(),
            budgets: Budgets {
                reply_rows: size(budgets.number("evtables.budgets.reply_rows", problems)),
                reply_bytes: size(budgets.number("evtables.budgets.reply_mib", problems)) << 20,
                reply_time: Duration::from_secs(
                    budgets.number("evtables.budgets.reply_seconds", problems),
                ),
            },
            budget: budget(&budgets, problems),
            core_events: core.truth("evtables.sources.osquery.core_events", problems),
            push: push.get("logger").map(|node| logger(&node, problems)).unwrap_or_default(),
            filters: FilterSet::new(rules),
            limits: limits::read(own.get("sample"), own.get("rate"), problems),
            redactions: limits::read_redactions(own.get("redact"), problems),
            files,
            rows: Vec::new(),
            hash: Texts::read(&[]).hash,
        };
        config.rows = shown::rows(value, &config);
        config
    }
}

fn windows_source(source: &Fields<'_>, problems: &mut Problems) -> WindowsSource {
    let mut mib = |key| u32::try_from(source.number(key, problems)).unwrap_or(u32::MAX);
    WindowsSource {
        process_mib: mib("evtables.sources.windows.process_buffers_mib"),
        file_registry_mib: mib("evtables.sources.windows.file_registry_buffers_mib"),
        user_mib: mib("evtables.sources.windows.user_buffers_mib"),
        packets: source.truth("evtables.sources.windows.packets", problems),
        registry_data: source.truth("evtables.sources.windows.registry_data", problems),
        open_handles: source.truth("evtables.sources.windows.open_handles", problems),
        image_hashes: source.truth("evtables.sources.windows.image_hashes", problems),
    }
}

/// Nothing is given up for what is not set.
fn budget(budgets: &Fields<'_>, problems: &mut Problems) -> Budget {
    let mut of = |path: &'static str| Some(budgets.number(path, problems)).filter(|most| *most > 0);
    Budget {
        cpu_percent: of("evtables.budgets.cpu_percent").and_then(|most| u32::try_from(most).ok()),
        memory_bytes: of("evtables.budgets.memory_mib").map(|mib| mib << 20),
    }
}

/// A part of an object by its declared path. One that is missing has the defaults of its keys.
fn part<'v>(of: &Fields<'v>, path: &'static str, problems: &mut Problems) -> Fields<'v> {
    let name = path.rsplit('.').next().unwrap_or(path);
    match of.get(name) {
        Some(node) => node.object(&keys::under(path), problems),
        None => Fields::missing(path),
    }
}

/// Texts of a configuration, each read once.
#[derive(Debug)]
pub(crate) struct Texts {
    /// In order; a text that is no JSON is the reason.
    pub(crate) values: Vec<Result<Value, String>>,
    /// SHA-256 of all.
    hash: String,
}

impl Texts {
    /// Comments and trailing commas are no errors.
    pub(crate) fn read(texts: &[&str]) -> Self {
        let digest = Sha256::digest(texts.join("\n"));
        Self {
            values: texts.iter().map(|text| text::parse(text)).collect(),
            hash: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// Whether a top-level key says something to us; the others are osquery's, and left alone.
fn is_ours(key: &str) -> bool {
    matches!(key, "evtables" | "plgx_event_filters" | "options")
        || keys::SEED_BLOCKS.iter().any(|(block, _)| *block == key)
}

/// JSON as people write configurations: comments and trailing commas are no errors.
///
/// # Errors
/// Line, column and reason.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    text::parse(text)
}

/// A regular file's text; the error names it.
fn read_text(path: &Path, mib_max: u64) -> Result<String, String> {
    let fail = |e: &dyn std::fmt::Display| format!("failed to read {}: {e}", path.display());
    // A device or a pipe may never end.
    if !std::fs::metadata(path).map_err(|e| fail(&e))?.is_file() {
        return Err(fail(&"no regular file"));
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|e| fail(&e))?;
    file.take((mib_max << 20) + 1).read_to_string(&mut text).map_err(|e| fail(&e))?;
    if text.len() as u64 > mib_max << 20 {
        return Err(fail(&format!("larger than {mib_max} MiB")));
    }
    Ok(text)
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

/// The beginning of a text, for a row.
fn listed_text(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
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

/// Tables of a platform that are on or off.
fn switches(
    source: &Fields<'_>,
    platform: Platform,
    problems: &mut Problems,
) -> BTreeMap<String, bool> {
    let Some(node) = source.get("tables") else { return BTreeMap::new() };
    let tables = evtables_schema::event_tables().filter(|table| table.platform == platform);
    let known: Vec<&str> = tables.map(|table| table.name).collect();
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

/// Text logs to follow.
fn read_tails(node: Option<Node<'_>>, problems: &mut Problems) -> Vec<Follow> {
    let mut follows = Vec::new();
    for node in node.map(|node| node.items(problems)).unwrap_or_default() {
        let fields = node.object(&keys::under("evtables.sources.tail[]"), problems);
        let mut text = |name: &str| match fields.get(name) {
            Some(node) => node.text(problems).map(str::to_owned),
            None => {
                problems.add(&node.path, format!("has no `{name}`"));
                None
            }
        };
        let (name, path) = (text("name"), text("path"));
        let mut regex = Vec::new();
        for node in fields.get("regex").map(|node| node.items(problems)).unwrap_or_default() {
            regex.extend(node.text(problems).map(str::to_owned));
        }
        let (Some(name), Some(path)) = (name, path) else { continue };
        let follow = Follow { name, path, regex };
        match follow.check() {
            Ok(()) => follows.push(follow),
            Err((key, reason)) => problems.add(&format!("{}.{key}", node.path), reason),
        }
    }
    if follows.len() > TAILS_MAX {
        problems.add("evtables.sources.tail", format!("more than {TAILS_MAX} entries"));
    }
    follows
}

/// Where logins are written, from the root on or nowhere.
fn read_users(fields: &Fields<'_>, problems: &mut Problems) -> LoginFiles {
    let mut file = |name: &str, standard: &str| {
        let Some(node) = fields.get(name) else { return standard.into() };
        let path = node.text(problems).unwrap_or(standard);
        if !path.is_empty() && !Path::new(path).has_root() {
            problems.add(&node.path, "must be absolute, or empty");
        }
        path.into()
    };
    LoginFiles {
        wtmp: file("wtmp", "/var/log/wtmp"),
        btmp: file("btmp", "/var/log/btmp"),
        utmp: file("utmp", "/run/utmp"),
    }
}

fn retention(fields: &Fields<'_>, problems: &mut Problems) -> Retention {
    let mut limit = |path| Some(fields.number(path, problems)).filter(|number| *number > 0);
    let mut retention = Retention {
        seconds: limit("evtables.retention.seconds"),
        rows_per_table: limit("evtables.retention.rows_per_table"),
        bytes: limit("evtables.retention.bytes"),
        free_bytes_min: limit("evtables.retention.free_bytes_min"),
        tables: BTreeMap::new(),
    };
    for (name, node) in fields.get("tables").map(|node| node.entries(problems)).unwrap_or_default()
    {
        if evtables_schema::table(name).is_none() {
            let known: Vec<&str> = evtables_schema::tables().iter().map(|t| t.name).collect();
            problems.add(&node.path, unknown("table", name, &known));
        }
        let path = "evtables.retention.tables.<table>";
        let fields = node.object(&keys::under(path), problems);
        let mut own = |key| fields.get(key).and_then(|node| node.number(0..=u64::MAX, problems));
        let table = TableRetention { seconds: own("seconds"), rows: own("rows") };
        retention.tables.insert(name.to_owned(), table);
    }
    retention
}

fn logger(node: &Node<'_>, problems: &mut Problems) -> PushConfig {
    let fields = node.object(&keys::under("evtables.push.logger"), problems);
    let rate = fields.number("evtables.push.logger.max_lines_per_second", problems);
    let mut items = Vec::new();
    for node in fields.get("tables").map(|node| node.items(problems)).unwrap_or_default() {
        let Some(name) = node.text(problems) else { continue };
        match push_items::table_item(name) {
            Ok(item) => items.push(item),
            Err(reason) => problems.add(&node.path, reason),
        }
    }
    for (name, node) in fields.get("queries").map(|node| node.entries(problems)).unwrap_or_default()
    {
        let fields = node.object(&keys::under("evtables.push.logger.queries.<name>"), problems);
        let Some(sql) = fields.get("query").and_then(|node| node.text(problems)) else {
            problems.add(&node.path, "has no `query`");
            continue;
        };
        let table = fields.get("table").and_then(|node| node.text(problems));
        match push_items::query_item(name, sql, table) {
            Ok(item) => items.push(item),
            Err(reason) => problems.add(&node.path, reason),
        }
    }
    if items.len() > PUSH_ITEMS_MAX {
        problems.add(&node.path, format!("more than {PUSH_ITEMS_MAX} tables and queries"));
    }
    PushConfig { items, lines_per_second: u32::try_from(rate).unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod seed_tests;
