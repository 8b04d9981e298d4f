// SPDX-License-Identifier: Apache-2.0
//! What became of every event that was handed to the decoder: the four sums add up to all.

use crate::guid::Guid;
use crate::raw::{EventClass, RawEvent};
use std::collections::BTreeMap;

/// Kinds of events that are counted apart.
const KINDS_MAX: usize = 4_096;

/// What an event came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A row, now or when what it waits for has come.
    Row,
    /// It taught us a name, a path, a process; no table has a row for it.
    Learnt,
    /// It could have been a row, and is none for this reason.
    LeftOut(&'static str),
    /// Nothing is known about it.
    Unmapped,
}

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventKind {
    /// How it names itself.
    pub class: EventClass,
    /// Provider or class.
    pub provider: Guid,
    /// Id or type.
    pub id: u16,
}

impl EventKind {
    fn of(event: &RawEvent<'_>) -> Self {
        Self { class: event.class, provider: event.provider, id: event.id }
    }
}

/// Counts since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecodeCounts {
    /// Events handed over.
    pub seen: u64,
    /// Events that are rows.
    pub rows: u64,
    /// Events that only taught something.
    pub learnt: u64,
    /// Events that are no rows, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Events that nothing is known about, by kind.
    pub unmapped: BTreeMap<EventKind, u64>,
    /// The same for kinds beyond the bound.
    pub unmapped_more: u64,
    /// Events of a version newer than known, by kind; they were read by what is known. Each is also
    /// counted above.
    pub newer: BTreeMap<EventKind, u64>,
    /// Entries that the bounded memory had to let go.
    pub forgotten: u64,
}

impl DecodeCounts {
    pub(crate) fn add(&mut self, event: &RawEvent<'_>, outcome: Outcome) {
        self.seen += 1;
        match outcome {
            Outcome::Row => self.rows += 1,
            Outcome::Learnt => self.learnt += 1,
            Outcome::LeftOut(reason) => *self.left_out.entry(reason).or_default() += 1,
            Outcome::Unmapped => {
                if !bump(&mut self.unmapped, EventKind::of(event)) {
                    self.unmapped_more += 1;
                }
            }
        }
    }

    pub(crate) fn newer(&mut self, event: &RawEvent<'_>) {
        bump(&mut self.newer, EventKind::of(event));
    }

    /// Whether every event is in exactly one of the sums.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let left_out: u64 = self.left_out.values().sum();
        let unmapped: u64 = self.unmapped.values().sum::<u64>() + self.unmapped_more;
        self.seen == self.rows + self.learnt + left_out + unmapped
    }
}

/// False when the kind is a new one beyond the bound.
fn bump(counts: &mut BTreeMap<EventKind, u64>, kind: EventKind) -> bool {
    if counts.len() >= KINDS_MAX && !counts.contains_key(&kind) {
        return false;
    }
    *counts.entry(kind).or_default() += 1;
    true
}
