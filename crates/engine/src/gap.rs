// SPDX-License-Identifier: Apache-2.0
//! A stretch in which events are missing: a row of `evtables_gaps`, made by the engine itself.

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
