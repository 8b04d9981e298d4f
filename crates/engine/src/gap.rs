// SPDX-License-Identifier: Apache-2.0
//! A stretch in which events are missing: a row of `evtables_gaps`, made by the engine itself, and those that
//! a full disk did not take yet.

use evtables_schema::EventBatch;
use evtables_schema::generated::evtables_gaps::any::{Builder, Row};

/// Why events are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapCause {
    /// No collector ran.
    NotRunning,
    /// Capture was switched off.
    Disabled,
    /// Events were dropped before the store.
    Lost,
    /// Rows expired before a consumer read them.
    Expired,
}

impl GapCause {
    /// The word of the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotRunning => "not_running",
            Self::Disabled => "disabled",
            Self::Lost => "lost",
            Self::Expired => "expired",
        }
    }
}

/// One gap; times are unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Table; `None` for all.
    pub event_table: Option<String>,
    /// Whose reading has the gap.
    pub consumer: Option<String>,
    /// Why.
    pub cause: GapCause,
    /// Events missing, where known.
    pub count: Option<u64>,
    /// Where it begins.
    pub from_time: Option<i64>,
    /// Where it ends.
    pub to_time: Option<i64>,
}

impl Gap {
    /// As a row whose event time is `now_ns`, nanoseconds.
    #[must_use]
    pub fn batch(&self, now_ns: i64) -> EventBatch {
        let mut builder = Builder::default();
        builder.push(&Row {
            event_table: self.event_table.as_deref(),
            consumer: self.consumer.as_deref(),
            cause: self.cause.word(),
            count: self.count.map(|count| i64::try_from(count).unwrap_or(i64::MAX)),
            from_time: self.from_time,
            to_time: self.to_time,
            time: now_ns,
        });
        builder.finish()
    }
}

/// Most gaps that wait for the store; more become one with others of their cause.
const WAITING_MAX: usize = 256;

/// Gaps that are not in the store yet, oldest first: what makes a gap is often what keeps it out (a full disk).
#[derive(Debug, Default)]
pub(crate) struct Waiting(Vec<Gap>);

impl Waiting {
    /// One more: it prolongs one of the same table, consumer and cause that still waits.
    pub(crate) fn add(&mut self, gap: Gap) {
        let like = |waits: &&mut Gap| {
            waits.cause == gap.cause
                && waits.event_table == gap.event_table
                && waits.consumer == gap.consumer
        };
        if let Some(waits) = self.0.iter_mut().find(like) {
            return waits.prolong(&gap);
        }
        if self.0.len() >= WAITING_MAX
            && let Some(waits) = self.0.iter_mut().find(|waits| waits.cause == gap.cause)
        {
            // Of several tables: of all, as far as a reader can tell.
            waits.event_table.take_if(|table| Some(&*table) != gap.event_table.as_ref());
            waits.consumer.take_if(|consumer| Some(&*consumer) != gap.consumer.as_ref());
            return waits.prolong(&gap);
        }
        self.0.push(gap);
    }

    /// Hands each to the store until it refuses one; that one and the later ones go on waiting.
    pub(crate) fn drain<E>(
        &mut self,
        mut store: impl FnMut(&Gap) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut told = 0;
        let result = self.0.iter().try_for_each(|gap| {
            store(gap)?;
            told += 1;
            Ok(())
        });
        self.0.drain(..told);
        result
    }
}

impl Gap {
    fn prolong(&mut self, by: &Self) {
        self.count = self.count.zip(by.count).map(|(one, other)| one.saturating_add(other));
        self.from_time = self.from_time.zip(by.from_time).map(|(one, other)| one.min(other));
        self.to_time = self.to_time.zip(by.to_time).map(|(one, other)| one.max(other));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(table: &str, count: u64, from_time: i64, to_time: i64) -> Gap {
        Gap {
            event_table: Some(table.to_owned()),
            consumer: None,
            cause: GapCause::Lost,
            count: Some(count),
            from_time: Some(from_time),
            to_time: Some(to_time),
        }
    }

    #[test]
    fn a_gap_that_the_store_refused_is_told_later_with_what_came_since() {
        let mut waiting = Waiting::default();
        waiting.add(lost("a", 5, 10, 11));
        waiting.add(lost("b", 1, 10, 11));
        assert_eq!(
            waiting.drain(|gap| if gap.event_table.as_deref() == Some("b") {
                Err("full")
            } else {
                Ok(())
            }),
            Err("full")
        );
        waiting.add(lost("b", 2, 11, 12));
        waiting.add(lost("a", 7, 11, 12));
        let mut told = Vec::new();
        let stored: Result<(), ()> = waiting.drain(|gap| {
            told.push(gap.clone());
            Ok(())
        });
        assert_eq!((stored, told), (Ok(()), vec![lost("b", 3, 10, 12), lost("a", 7, 11, 12)]));
    }

    #[test]
    fn more_gaps_than_may_wait_lose_their_table_not_their_count() {
        let mut waiting = Waiting::default();
        for number in 0..1_000 {
            waiting.add(lost(&number.to_string(), 1, number, number + 1));
        }
        let (mut gaps, mut count) = (0, 0);
        let stored: Result<(), ()> = waiting.drain(|gap| {
            gaps += 1;
            count += gap.count.unwrap_or(0);
            Ok(())
        });
        assert_eq!((stored, gaps, count), (Ok(()), WAITING_MAX, 1_000));
    }
}
