// SPDX-License-Identifier: Apache-2.0
//! Words of the ledger: where a row was counted, and what became of it.
//! Per table `seen = delivered + filtered + lost + pending`.

use evtables_schema::TableSpec;

/// Where something was counted, in the order of an event's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// In the kernel's program.
    Kernel,
    /// Between the kernel and our reader.
    Ring,
    /// Raw record to row.
    Decode,
    /// Filters in user space.
    Filter,
    /// Enrichers.
    Enrich,
    /// Bounded queues.
    Queue,
    /// The event store.
    Store,
}

impl Stage {
    /// The word in `evtables_loss`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Ring => "ring",
            Self::Decode => "decode",
            Self::Filter => "filter",
            Self::Enrich => "enrich",
            Self::Queue => "queue",
            Self::Store => "store",
        }
    }
}

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The hook ran for it.
    Seen,
    /// Handed to the store.
    Delivered,
    /// Left out on purpose.
    Filtered,
    /// Dropped, for the reason given.
    Lost,
    /// Between kernel and store.
    Pending,
    /// Removed by retention; outside the balance.
    Expired,
    /// Stored, but without a column that an enricher should have filled; outside the balance.
    Incomplete,
}

impl Outcome {
    /// The word in `evtables_loss`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Delivered => "delivered",
            Self::Filtered => "filtered",
            Self::Lost => "lost",
            Self::Pending => "pending",
            Self::Expired => "expired",
            Self::Incomplete => "incomplete",
        }
    }
}

/// One line of the ledger. Counts are totals since start, never differences.
#[derive(Debug, Clone, PartialEq)]
pub struct LossCount {
    /// Table.
    pub table: &'static TableSpec,
    /// Where it was counted.
    pub stage: Stage,
    /// What became of the rows.
    pub outcome: Outcome,
    /// One word, for example `ring_full`; empty for `seen`, `delivered` and `pending`.
    pub reason: &'static str,
    /// CPU, where it is counted per CPU.
    pub cpu: Option<u32>,
    /// Rows.
    pub count: u64,
}

impl LossCount {
    /// A line that is not of one CPU.
    #[must_use]
    pub const fn new(
        table: &'static TableSpec,
        stage: Stage,
        outcome: Outcome,
        reason: &'static str,
        count: u64,
    ) -> Self {
        Self { table, stage, outcome, reason, cpu: None, count }
    }
}
