// SPDX-License-Identifier: Apache-2.0
//! What the servers of an extension did, counted since its start; the numbers go on when it registers
//! again under another uuid.

use std::sync::atomic::{AtomicU64, Ordering};

/// One number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        #[derive(Debug, Default)]
        pub(crate) struct Counters {
            $(pub(crate) $name: Counter,)*
        }

        /// A reading of all counters.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct ServerCounters {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Counters {
            pub(crate) fn read(&self) -> ServerCounters {
                ServerCounters { $($name: self.$name.get(),)* }
            }
        }
    };
}

counters! {
    /// Connections accepted.
    connections,
    /// Connections refused: all threads were answering, or the system gave no descriptor or thread.
    refused,
    /// Waiting connections that gave way to a new one.
    evicted,
    /// Connections closed because what came was no request, or was over a bound.
    malformed,
    /// Connections closed because nothing came, or nothing was taken, in time.
    timed_out,
    /// Pings answered.
    pings,
    /// Calls of tables and plug-ins.
    calls,
    /// Calls answered at once with an error because too many were in progress.
    busy,
    /// Calls answered with an error.
    failed,
    /// Tables and plug-ins that panicked; among `failed`.
    panicked,
    /// Replies that were over their bound; among `failed`.
    over_full,
    /// Rows sent.
    rows,
    /// Bytes of replies with rows.
    reply_bytes,
    /// Rows inserted, updated or deleted.
    changes,
    /// Values that did not fit their column and were sent as NULL.
    narrowed,
    /// Answers not ready when the server stopped.
    left_running,
}
