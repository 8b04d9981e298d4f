// SPDX-License-Identifier: Apache-2.0
//! Who is who: the tree of processes by `process_guid`, learned from process events, and the columns
//! that follow from it (`fill = "process.*"`, `"parent.*"` and `"target.*"` in the specs) in every table.
//! `process.guid` is for rows that others wrote down, who know a process by its number alone: it is the last
//! process with that number that had started by then.
//!
//! Bounds: 65,536 living and 8,192 ended processes, 16 MiB of text; beyond the text bound new command
//! lines are kept with 128 bytes only. Ancestors looked for in vain: 65,536.

use arrow_array::{Array, RecordBatch};
use arrow_schema::Schema;
use evtables_schema::cells::{dict_text, uuid_value};
use evtables_schema::columns::{DictBuilder, UuidBuilder};
use evtables_schema::generated::process_events::linux as process;
use evtables_schema::ids::pid_of;
use evtables_schema::{Cell, CellReader, EventBatch, TableSpec};
use evtables_sdk::Enricher;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

const LIVING_MAX: usize = 65_536;
const ENDED_MAX: usize = 8_192;
const TEXT_BYTES_MAX: usize = 16 << 20;
const CMDLINE_BYTES_MAX: usize = 2_048;
const CMDLINE_BYTES_CROWDED: usize = 128;
const ANCESTORS_MAX: usize = 16;
/// Unknown processes at which a chain ended, remembered so that it grows when they become known.
const MISSING_MAX: usize = 65_536;
/// Programs that a process ran before, kept for rows that come late.
const FORMER_MAX: usize = 4;

/// What is known of one process.
#[derive(Debug, Clone, Default)]
struct Node {
    parent: u128,
    /// When it started, unix seconds; 0 when no row said it.
    started: i64,
    path: Option<Arc<str>>,
    cmdline: Option<Arc<str>>,
    cgroup_path: Option<Arc<str>>,
    container_id: Option<Arc<str>>,
    container_runtime: Option<Arc<str>>,
    /// What this process's children have as ancestors, and the epoch it was made in.
    chain: Option<(Arc<str>, u64)>,
    has_children: bool,
    ended: bool,
    /// What it ran before, oldest first, with the time of the exec that ended it.
    former: Vec<Former>,
}

/// A program that a process ran until it started another one.
#[derive(Debug, Clone)]
struct Former {
    until: i64,
    path: Option<Arc<str>>,
    cmdline: Option<Arc<str>>,
}

impl Node {
    fn attribute(&self, attribute: Attribute) -> Option<&Arc<str>> {
        match attribute {
            Attribute::Path => self.path.as_ref(),
            Attribute::Cmdline => self.cmdline.as_ref(),
            Attribute::CgroupPath => self.cgroup_path.as_ref(),
            Attribute::ContainerId => self.container_id.as_ref(),
            Attribute::ContainerRuntime => self.container_runtime.as_ref(),
            Attribute::Ancestors => None,
        }
    }

    /// As it was at `time`: batches of other tables come after the process rows of the same moment.
    fn attribute_at(&self, attribute: Attribute, time: Option<i64>) -> Option<&Arc<str>> {
        let then = self.former.iter().find(|former| time.is_some_and(|time| time < former.until));
        match (then, attribute) {
            (Some(former), Attribute::Path) => former.path.as_ref(),
            (Some(former), Attribute::Cmdline) => former.cmdline.as_ref(),
            _ => self.attribute(attribute),
        }
    }

    fn become_former(&mut self, until: Option<i64>) {
        let Some(until) = until.filter(|_| self.path.is_some()) else { return };
        if self.former.len() >= FORMER_MAX {
            self.former.remove(0);
        }
        self.former.push(Former { until, path: self.path.clone(), cmdline: self.cmdline.clone() });
    }

    fn text_bytes(&self) -> usize {
        self.cmdline.as_ref().map_or(0, |text| text.len())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attribute {
    Path,
    Cmdline,
    CgroupPath,
    ContainerId,
    ContainerRuntime,
    Ancestors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Process,
    Parent,
    Target,
}

/// The enricher.
#[derive(Debug, Default)]
pub struct ProcessTree {
    nodes: HashMap<u128, Node>,
    /// The last process that had a number.
    numbers: HashMap<u32, u128>,
    ended: VecDeque<u128>,
    text_bytes: usize,
    /// Grows when a process that has children changes its executable or becomes known after them: chains
    /// made before are stale.
    epoch: u64,
    /// Where chains ended because nothing was known of the process.
    missing: HashSet<u128>,
}

impl Enricher for ProcessTree {
    fn name(&self) -> &'static str {
        "process"
    }

    fn enrich(&mut self, batch: &mut EventBatch) {
        let mut fills = fills_of(batch.table);
        let mut guids = guids_of(batch.table);
        if fills.is_empty() && guids.is_none() {
            return;
        }
        let learns = batch.table.kind == process::TABLE.kind;
        let Some(record) = record_of(batch) else { return };
        let view = View::new(batch.table, &record);
        for row in 0..batch.rows {
            let mut ids = view.ids(row);
            if learns {
                self.learn(&view, row, ids);
            }
            if let Some((_, guids)) = &mut guids {
                ids.0 = ids.0.or_else(|| self.numbered(&view, row));
                guids.push(ids.0);
            }
            for fill in &mut fills {
                self.fill(fill, &view, row, ids);
            }
        }
        for mut fill in fills {
            batch.set_column(fill.position, fill.builder.finish());
        }
        if let Some((position, mut guids)) = guids {
            batch.set_column(position, guids.finish());
        }
    }
}

/// The column of identities that follow from a number.
fn guids_of(table: &'static TableSpec) -> Option<(usize, UuidBuilder)> {
    let position = table.columns.iter().position(|column| column.fill == "process.guid")?;
    Some((position, UuidBuilder::default()))
}

struct Fill {
    position: usize,
    subject: Subject,
    attribute: Attribute,
    builder: DictBuilder,
}

/// Columns of `table` that the tree fills.
fn fills_of(table: &'static TableSpec) -> Vec<Fill> {
    let fill = |(position, column): (usize, &evtables_schema::ColumnSpec)| {
        let (subject, attribute) = column.fill.split_once('.')?;
        let subject = match subject {
            "process" => Subject::Process,
            "parent" => Subject::Parent,
            "target" => Subject::Target,
            _ => return None,
        };
        let attribute = match attribute {
            "path" => Attribute::Path,
            "cmdline" => Attribute::Cmdline,
            "cgroup_path" => Attribute::CgroupPath,
            "container_id" => Attribute::ContainerId,
            "container_runtime" => Attribute::ContainerRuntime,
            "ancestors" => Attribute::Ancestors,
            _ => return None,
        };
        Some(Fill { position, subject, attribute, builder: DictBuilder::default() })
    };
    table.columns.iter().enumerate().filter_map(fill).collect()
}

/// A batch as a record that cells can be read from; NULLs may be anywhere.
fn record_of(batch: &EventBatch) -> Option<RecordBatch> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for position in 0..batch.table.columns.len() {
        if let Some(array) = batch.column(position) {
            fields.push(batch.table.field(position)?.with_nullable(true));
            arrays.push(Arc::clone(array));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).ok()
}

/// The columns of a batch, ready to be read by position.
struct View<'a> {
    readers: Vec<CellReader<'a>>,
    guid: Option<usize>,
    parent_guid: Option<usize>,
    target_guid: Option<usize>,
    pid: Option<usize>,
    started: Option<usize>,
    time: Option<usize>,
}

impl<'a> View<'a> {
    fn new(table: &'static TableSpec, record: &'a RecordBatch) -> Self {
        Self {
            readers: table.columns.iter().map(|c| CellReader::new(table, c, record)).collect(),
            guid: table.column("process_guid").or_else(|| table.column("src_process_guid")),
            target_guid: table.column("target_process_guid"),
            pid: table.column("pid"),
            started: table.column("start_time"),
            parent_guid: table.column("parent_process_guid"),
            time: table.time_column(),
        }
    }

    fn uuid(&self, position: Option<usize>, row: usize) -> Option<u128> {
        match self.readers.get(position?)? {
            CellReader::Uuid(array) => uuid_value(array, row),
            _ => None,
        }
    }

    /// Nanoseconds since the unix epoch.
    fn time(&self, row: usize) -> Option<i64> {
        match self.readers.get(self.time?)? {
            CellReader::Seconds(array) if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    fn number(&self, position: Option<usize>, row: usize) -> Option<i64> {
        match self.readers.get(position?)?.cell(row, &mut String::new()) {
            Cell::Int(value) => Some(value),
            _ => None,
        }
    }

    fn ids(&self, row: usize) -> (Option<u128>, Option<u128>) {
        (self.uuid(self.guid, row), self.uuid(self.parent_guid, row))
    }

    /// Text of a dictionary column; `None` for NULL and for columns nobody filled.
    fn text(&self, position: usize, row: usize) -> Option<&'a str> {
        match self.readers.get(position)? {
            CellReader::Dict(array, values) => dict_text(array, values, row),
            _ => None,
        }
    }
}

impl ProcessTree {
    fn learn(&mut self, view: &View<'_>, row: usize, ids: (Option<u128>, Option<u128>)) {
        let (Some(guid), Some(parent)) = ids else { return };
        let action = view.text(process::ACTION, row).and_then(Action::of);
        match action {
            Some(Action::Fork) => {
                let mut node = self.nodes.get(&parent).cloned().unwrap_or_default();
                node.chain = None;
                node.has_children = false;
                node.ended = false;
                node.former.clear();
                self.adopt(parent);
                node.started = view.number(view.started, row).unwrap_or(0);
                self.describe(&mut node, view, row);
                self.insert(guid, Node { parent, ..node });
            }
            Some(Action::Exec | Action::Running) => {
                let mut node = self.nodes.get(&guid).cloned().unwrap_or_default();
                if let Some(Action::Exec) = action {
                    node.become_former(view.time(row));
                }
                self.describe(&mut node, view, row);
                node.started = view.number(view.started, row).unwrap_or(node.started);
                node.parent = parent;
                node.chain = None;
                if node.has_children {
                    self.epoch += 1;
                }
                self.adopt(parent);
                self.insert(guid, node);
            }
            Some(Action::Exit) => self.end(guid),
            None => {}
        }
    }

    fn adopt(&mut self, parent: u128) {
        if let Some(node) = self.nodes.get_mut(&parent) {
            node.has_children = true;
        }
    }

    /// Takes over what the row itself says of the process.
    fn describe(&self, node: &mut Node, view: &View<'_>, row: usize) {
        let cut = if self.text_bytes > TEXT_BYTES_MAX {
            CMDLINE_BYTES_CROWDED
        } else {
            CMDLINE_BYTES_MAX
        };
        let text = |position, slot: &mut Option<Arc<str>>| {
            let Some(text) = view.text(position, row).map(|text| prefix(text, cut)) else { return };
            // What does not change keeps sharing the parent's allocation.
            if slot.as_deref() != Some(text) {
                *slot = Some(Arc::from(text));
            }
        };
        text(process::PATH, &mut node.path);
        text(process::CMDLINE, &mut node.cmdline);
        text(process::CGROUP_PATH, &mut node.cgroup_path);
        text(process::CONTAINER_ID, &mut node.container_id);
        text(process::CONTAINER_RUNTIME, &mut node.container_runtime);
    }

    fn insert(&mut self, guid: u128, node: Node) {
        if !self.nodes.contains_key(&guid) && self.nodes.len() >= LIVING_MAX + ENDED_MAX {
            return;
        }
        if self.missing.remove(&guid) {
            self.epoch += 1;
        }
        self.text_bytes += node.text_bytes();
        self.numbers.insert(pid_of(guid), guid);
        if let Some(old) = self.nodes.insert(guid, node) {
            self.text_bytes = self.text_bytes.saturating_sub(old.text_bytes());
        }
    }

    fn end(&mut self, guid: u128) {
        let Some(node) = self.nodes.get_mut(&guid) else { return };
        if std::mem::replace(&mut node.ended, true) {
            return;
        }
        self.ended.push_back(guid);
        if self.ended.len() > ENDED_MAX {
            let oldest = self.ended.pop_front();
            if let Some(old) = oldest.and_then(|guid| self.nodes.remove(&guid)) {
                self.text_bytes = self.text_bytes.saturating_sub(old.text_bytes());
            }
            if let Some(guid) = oldest
                && self.numbers.get(&pid_of(guid)) == Some(&guid)
            {
                self.numbers.remove(&pid_of(guid));
            }
        }
    }

    /// The process that a row names by its number: one that started later is another one.
    fn numbered(&self, view: &View<'_>, row: usize) -> Option<u128> {
        let pid = u32::try_from(view.number(view.pid, row)?).ok()?;
        let guid = *self.numbers.get(&pid)?;
        let started = self.nodes.get(&guid)?.started;
        (view.time(row)? >= started.saturating_mul(1_000_000_000)).then_some(guid)
    }

    fn fill(
        &mut self,
        fill: &mut Fill,
        view: &View<'_>,
        row: usize,
        ids: (Option<u128>, Option<u128>),
    ) {
        if let Some(own) = view.text(fill.position, row) {
            fill.builder.push(Some(own));
            return;
        }
        let subject = match fill.subject {
            Subject::Process => ids.0,
            Subject::Target => view.uuid(view.target_guid, row),
            Subject::Parent => ids.1.or_else(|| Some(self.nodes.get(&ids.0?)?.parent)),
        };
        let value = match (subject, fill.attribute) {
            (Some(guid), Attribute::Ancestors) => self.chain(guid),
            (Some(guid), attribute) => {
                let node = self.nodes.get(&guid);
                node.and_then(|node| node.attribute_at(attribute, view.time(row))).cloned()
            }
            (None, _) => None,
        };
        fill.builder.push(value.as_deref());
    }

    /// Executables of `guid` and its ancestors as a JSON array.
    fn chain(&mut self, guid: u128) -> Option<Arc<str>> {
        let node = self.nodes.get(&guid)?;
        if let Some((chain, epoch)) = &node.chain
            && *epoch == self.epoch
        {
            return Some(Arc::clone(chain));
        }
        let mut names: Vec<&str> = Vec::new();
        let mut at = guid;
        let mut missing = None;
        while names.len() < ANCESTORS_MAX {
            let Some(node) = self.nodes.get(&at) else {
                missing = Some(at);
                break;
            };
            names.push(node.path.as_deref().unwrap_or(""));
            at = node.parent;
        }
        let chain: Arc<str> = serde_json::to_string(&names).ok()?.into();
        // At the bound an incomplete chain is made anew each time.
        let kept = missing.is_none_or(|missing| self.remember_missing(missing));
        let epoch = self.epoch;
        if let Some(node) = self.nodes.get_mut(&guid).filter(|_| kept) {
            node.chain = Some((Arc::clone(&chain), epoch));
        }
        Some(chain)
    }

    /// Whether the arrival of `guid` will be noticed.
    fn remember_missing(&mut self, guid: u128) -> bool {
        if self.missing.len() >= MISSING_MAX && !self.missing.contains(&guid) {
            return false;
        }
        self.missing.insert(guid);
        true
    }
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Exec,
    Fork,
    Exit,
    Running,
}

impl Action {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "PROC_CREATE" => Self::Exec,
            "PROC_FORK" => Self::Fork,
            "PROC_TERMINATE" => Self::Exit,
            "PROC_RUNNING" => Self::Running,
            _ => return None,
        })
    }
}

/// The longest prefix of at most `bytes_max` bytes that ends between characters.
fn prefix(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
#[path = "process_tree_tests.rs"]
mod tests;
