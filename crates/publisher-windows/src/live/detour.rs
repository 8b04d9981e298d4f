// SPDX-License-Identifier: Apache-2.0
//! A thread that batches pass by on their way to the engine, for work that reads files: the thread of the events must
//! not wait for a disk. What finds too many in front of it goes on as it is.

use evtables_schema::EventBatch;
use evtables_sdk::Emitter;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

/// Batches that wait.
const BATCHES_MAX: usize = 64;

/// The near side; dropping it sends on what waits.
pub(super) struct Detour {
    batches: Option<SyncSender<(Instant, EventBatch)>>,
    thread: Option<JoinHandle<()>>,
    emitter: Emitter,
}

impl Detour {
    /// Starts the thread; it sends to `emitter` what `work` has had, which is told when the batch came.
    pub(super) fn start(
        name: &str,
        emitter: Emitter,
        work: impl FnMut(&mut EventBatch, Instant) + Send + 'static,
    ) -> io::Result<Self> {
        let (batches, queue) = sync_channel(BATCHES_MAX);
        let to = emitter.clone();
        let thread = std::thread::Builder::new().name(name.into());
        let thread = thread.spawn(move || run(&queue, &to, work))?;
        Ok(Self { batches: Some(batches), thread: Some(thread), emitter })
    }

    /// Sends a batch on, by way of the thread; at once when too many wait, which `missed` is told before.
    pub(super) fn send(&self, batch: EventBatch, missed: impl FnOnce(&EventBatch)) {
        let Some(batches) = &self.batches else { return };
        if let Err(TrySendError::Full((_, batch)) | TrySendError::Disconnected((_, batch))) =
            batches.try_send((Instant::now(), batch))
        {
            missed(&batch);
            self.emitter.send(batch);
        }
    }
}

impl Drop for Detour {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(
    queue: &Receiver<(Instant, EventBatch)>,
    emitter: &Emitter,
    mut work: impl FnMut(&mut EventBatch, Instant),
) {
    while let Ok((came, mut batch)) = queue.recv() {
        work(&mut batch, came);
        emitter.send(batch);
    }
}
