// SPDX-License-Identifier: Apache-2.0
//! The bounded way into the engine. Sending never blocks: a batch that does not fit is dropped and
//! its rows are counted per table.

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use evtables_schema::{EventBatch, TableSpec};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of one table on their way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmitterCount {
    /// Rows offered by publishers.
    pub offered: u64,
    /// Rows dropped because the queue was full or the engine was gone.
    pub overflow: u64,
}

#[derive(Debug, Default)]
struct Counts(Mutex<BTreeMap<&'static str, (&'static TableSpec, EmitterCount)>>);

impl Counts {
    fn add(&self, table: &'static TableSpec, offered: usize, overflow: usize) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, count) = counts.entry(table.name).or_insert((table, EmitterCount::default()));
        count.offered += offered as u64;
        count.overflow += overflow as u64;
    }

    fn take_back(&self, table: &'static TableSpec, offered: usize) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, count)) = counts.get_mut(table.name) {
            count.offered = count.offered.saturating_sub(offered as u64);
        }
    }
}

/// Where publishers put their batches. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Emitter {
    queue: Sender<EventBatch>,
    counts: Arc<Counts>,
}

impl Emitter {
    /// Hands over a batch; empty ones are ignored. `false` when it was dropped (and counted).
    pub fn send(&self, batch: EventBatch) -> bool {
        if batch.rows == 0 {
            return true;
        }
        let (table, rows) = (batch.table, batch.rows);
        // Counted before it can be received, so that "offered" never lags behind "delivered".
        self.counts.add(table, rows, 0);
        match self.queue.try_send(batch) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.counts.add(table, 0, rows);
                false
            }
        }
    }

    /// Hands over a batch and waits for room: for sources that can wait, as files can. `false` when the
    /// engine is gone (and the rows are counted).
    pub fn send_waiting(&self, batch: EventBatch) -> bool {
        if batch.rows == 0 {
            return true;
        }
        let (table, rows) = (batch.table, batch.rows);
        self.counts.add(table, rows, 0);
        if self.queue.send(batch).is_ok() {
            return true;
        }
        self.counts.add(table, 0, rows);
        false
    }

    /// Hands over a batch when there is room, and gives it back when there is none: for sources that can
    /// wait, and must be able to stop while they do.
    ///
    /// # Errors
    /// The batch; nothing is counted.
    pub fn offer(&self, batch: EventBatch) -> Result<(), EventBatch> {
        if batch.rows == 0 {
            return Ok(());
        }
        let (table, rows) = (batch.table, batch.rows);
        self.counts.add(table, rows, 0);
        self.queue.try_send(batch).map_err(|error| {
            self.counts.take_back(table, rows);
            error.into_inner()
        })
    }

    /// Rows offered and dropped per table since start.
    #[must_use]
    pub fn counts(&self) -> Vec<(&'static TableSpec, EmitterCount)> {
        self.counts.0.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }
}

/// An emitter whose queue holds up to `batches_max` batches, and its receiving end.
#[must_use]
pub fn emitter(batches_max: usize) -> (Emitter, Receiver<EventBatch>) {
    let (queue, receiver) = bounded(batches_max);
    (Emitter { queue, counts: Arc::default() }, receiver)
}

#[cfg(test)]
mod tests {
    use super::*;
    use evtables_schema::generated::evtables_loss::any::{Builder, Row};

    fn batch() -> EventBatch {
        let mut builder = Builder::default();
        for _ in 0..3 {
            builder.push(&Row {
                event_table: "t",
                stage: "ring",
                outcome: "lost",
                reason: "",
                cpu: None,
                count: 1,
            });
        }
        builder.finish()
    }

    #[test]
    fn overflow_is_counted_not_blocking() {
        let (emitter, receiver) = emitter(1);
        assert!(emitter.send(batch()));
        assert!(!emitter.send(batch()));
        assert_eq!(emitter.counts()[0].1, EmitterCount { offered: 6, overflow: 3 });
        assert_eq!(receiver.try_recv().unwrap().rows, 3);
    }

    #[test]
    fn what_has_no_room_is_given_back() {
        let (emitter, receiver) = emitter(1);
        assert!(emitter.offer(batch()).is_ok());
        assert_eq!(emitter.offer(batch()).unwrap_err().rows, 3);
        assert_eq!(emitter.counts()[0].1, EmitterCount { offered: 3, overflow: 0 });
        assert_eq!(receiver.try_recv().unwrap().rows, 3);
        assert!(emitter.offer(batch()).is_ok());
    }

    #[test]
    fn waiting_loses_nothing() {
        let (emitter, receiver) = emitter(1);
        let sender = std::thread::spawn(move || {
            (0..10).for_each(|_| assert!(emitter.send_waiting(batch())));
            emitter
        });
        let rows: usize = receiver.iter().take(10).map(|batch| batch.rows).sum();
        let emitter = sender.join().unwrap();
        assert_eq!((rows, emitter.counts()[0].1), (30, EmitterCount { offered: 30, overflow: 0 }));
        drop(receiver);
        assert!(!emitter.send_waiting(batch()));
        assert_eq!(emitter.counts()[0].1.overflow, 3);
    }
}
