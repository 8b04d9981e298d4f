// SPDX-License-Identifier: Apache-2.0
//! What a source of events and an enricher promise.

use crate::emitter::Emitter;
use crate::ledger::LossCount;
use evtables_filter::rules::{FilterSet, Reach};
use evtables_schema::{EventBatch, TableSpec};

/// Why a publisher cannot run: completes "failed to …", and names the mend.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {reason}")]
pub struct PublisherError {
    /// What failed, for example `load the eBPF programs`.
    pub what: String,
    /// Why, and what helps.
    pub reason: String,
}

/// Whether a hook works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookState {
    /// Delivers events.
    Attached,
    /// Was tried and refused.
    Failed,
    /// Not wanted or not needed.
    Off,
}

impl HookState {
    /// The word in `evtables_hooks`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::Failed => "failed",
            Self::Off => "off",
        }
    }
}

/// One row of `evtables_hooks`.
#[derive(Debug, Clone)]
pub struct HookStatus {
    /// Name of the hook.
    pub hook: String,
    /// Name of the table that it feeds.
    pub event_table: &'static str,
    /// `A` or `B`.
    pub tier: &'static str,
    /// `tp_btf`, `iter`, …
    pub mechanism: &'static str,
    /// Whether it works.
    pub state: HookState,
    /// errno of the failure.
    pub error: Option<i32>,
    /// Why it failed or is off.
    pub reason: Option<String>,
    /// Runs, when the kernel keeps statistics.
    pub run_count: Option<u64>,
    /// Mean time of a run in nanoseconds, when the kernel keeps statistics.
    pub avg_ns: Option<u64>,
}

/// Whether a publisher fills a table.
#[derive(Debug, Clone)]
pub struct TableStatus {
    /// The table.
    pub table: &'static TableSpec,
    /// Why it delivers nothing; `None` when it delivers.
    pub reason: Option<String>,
}

/// What a source did with one rule of the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleCount {
    /// The table.
    pub table: &'static TableSpec,
    /// Position of the rule; `None` stands for "no include rule matches".
    pub rule: Option<usize>,
    /// How much of it the source can decide.
    pub reach: Reach,
    /// Events left out by it before there were rows of them, since the filters were put in force.
    pub hits: u64,
}

/// A source of events. It owns its threads; nothing in it waits for the engine.
pub trait Publisher: Send {
    /// One word, for logs.
    fn name(&self) -> &'static str;

    /// Tables that it fills.
    fn tables(&self) -> Vec<&'static TableSpec>;

    /// Whether each of them is filled, and why not. Unless said otherwise: all are.
    fn table_states(&self) -> Vec<TableStatus> {
        self.tables().into_iter().map(|table| TableStatus { table, reason: None }).collect()
    }

    /// Starts to deliver into `emitter` and returns at once; events may arrive before it returns.
    ///
    /// # Errors
    /// When no event can be delivered at all; single hooks that fail stand in [`Publisher::hooks`].
    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError>;

    /// Filters in force from now on; called before the start and at each change. A source may leave out
    /// what they are certain to leave out, and counts it in its ledger; all else is judged later.
    fn filter(&mut self, _filters: &FilterSet) {}

    /// Tables, by name, whose events are given up from now on, because the collector is over its budget. A source
    /// may leave them out early, and counts them in its ledger as filtered, `shed`; the others go by themselves.
    fn shed(&mut self, _tables: &[&str]) {}

    /// Rules of the filters in force that the source runs itself.
    fn rule_counts(&self) -> Vec<RuleCount> {
        Vec::new()
    }

    /// State of every hook.
    fn hooks(&self) -> Vec<HookStatus>;

    /// The publisher's part of the ledger: seen, filtered, lost, and what is pending inside it.
    /// Counters downstream are read first, so that a row in flight is never counted twice.
    fn ledger(&self) -> Vec<LossCount>;

    /// Detaches every hook, delivers what was already taken, ends the threads. Within 1 second.
    fn stop(&mut self);
}

/// Adds columns to batches. Called by one thread, in the order of events.
pub trait Enricher: Send {
    /// One word: the subject of the `fill` marks in the specs that it serves.
    fn name(&self) -> &'static str;

    /// Learns from the batch and fills what it can; must not block on a file or the network.
    fn enrich(&mut self, batch: &mut EventBatch);
}
