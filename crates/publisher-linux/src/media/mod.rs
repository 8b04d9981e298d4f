// SPDX-License-Identifier: Apache-2.0
//! Removable media: the kernel's own messages on block devices, without a program in the kernel, on a thread of
//! its own; mounts and unmounts come from the ring thread. Fills `linux_removable_media_events`.
//!
//! | file | holds |
//! |---|---|
//! | `uevent.rs` | a message of the kernel |
//! | `filesystem.rs` | what the first blocks of a device say |
//! | `device.rs` | a device as sysfs describes it |
//! | `mounts.rs` | mounts, as the ring thread and the kernel tell them |
//! | `state.rs` | what is there, and which rows a change makes |
//! | `socket.rs` | where messages come from, and how many were lost |
//! | `worker.rs` | the thread |

mod device;
mod filesystem;
mod mounts;
mod socket;
mod state;
mod uevent;
mod worker;

use device::Roots;
use evtables_schema::TableSpec;
use evtables_schema::generated::removable_media_events::linux as face;
use evtables_sdk::{Emitter, HookState, HookStatus, LossCount};
use mounts::CALLS_MAX;
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;
use socket::{Messages, Socket};
use state::State;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use worker::{Clock, Parts, Shared, Worker};

pub(crate) use mounts::{MountAction, MountCall, MountQueue};

/// The table.
pub(crate) static TABLE: &TableSpec = &face::TABLE;

/// How long the end waits for the thread: a device that does not answer keeps it in the kernel.
const END_WAIT: Duration = Duration::from_millis(500);

/// Which messages of the kernel are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    All,
    /// What comes and goes by itself belongs to no process: none of the watched ones did it.
    MountsAlone,
}

/// The thread that watches media, or why there is none.
pub(crate) struct Media {
    queue: MountQueue,
    shared: Arc<Shared>,
    calls: Option<Receiver<MountCall>>,
    bell: Option<Arc<OwnedFd>>,
    thread: Option<JoinHandle<()>>,
    failed: Option<(Option<i32>, String)>,
}

impl Media {
    /// Nothing is opened before [`Media::start`]; calls that come until then wait.
    pub(crate) fn new() -> Self {
        let shared = Arc::new(Shared::default());
        let (sender, calls) = sync_channel(CALLS_MAX);
        let (bell, failed) = match eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK) {
            Ok(bell) => (Some(Arc::new(bell)), None),
            Err(error) => (None, Some(failure("make an eventfd", error))),
        };
        let ring = bell.clone();
        let queue = MountQueue::new(
            sender,
            Arc::clone(&shared.calls_lost),
            Arc::new(move || ring_bell(ring.as_deref())),
        );
        Self { queue, shared, calls: Some(calls), bell, thread: None, failed }
    }

    /// Where mounts and unmounts are put.
    pub(crate) fn queue(&self) -> MountQueue {
        self.queue.clone()
    }

    /// Opens the socket and starts the thread. A failure shows in [`Media::reason`].
    pub(crate) fn start(&mut self, clock: Clock, tell: Tell, emitter: Emitter) {
        match Socket::open() {
            Ok(socket) => self.start_with(socket, Roots::of_this_system(), clock, tell, emitter),
            Err(error) => self.failed = Some(failure("open a socket for uevents", error)),
        }
    }

    fn start_with(
        &mut self,
        messages: impl Messages + 'static,
        roots: Roots,
        clock: Clock,
        tell: Tell,
        emitter: Emitter,
    ) {
        let (Some(calls), Some(bell)) = (self.calls.take(), self.bell.clone()) else { return };
        let shared = Arc::clone(&self.shared);
        let state = State::new(roots);
        let parts = Parts { messages, state, calls, bell, shared, clock, tell, emitter };
        let worker = Worker::new(parts);
        let thread = std::thread::Builder::new().name("evtables-media".into());
        match thread.spawn(move || worker.run()) {
            Ok(thread) => self.thread = Some(thread),
            Err(error) => {
                self.failed = Some((error.raw_os_error(), format!("start a thread: {error}")))
            }
        }
    }

    /// Why the table delivers nothing; `None` when it does.
    pub(crate) fn reason(&self) -> Option<String> {
        self.failure().map(|(_, reason)| format!("failed to {reason}"))
    }

    fn failure(&self) -> Option<(Option<i32>, String)> {
        let broken = match self.shared.broken.load(Ordering::Acquire) {
            0 => None,
            error => Some(failure("read uevents", Errno::from_raw_os_error(error))),
        };
        self.failed.clone().or(broken)
    }

    /// The row of `evtables_hooks`.
    pub(crate) fn hook(&self) -> HookStatus {
        let failed = self.failure();
        let (state, reason) = match (&failed, &self.thread) {
            (Some((_, reason)), _) => (HookState::Failed, Some(format!("failed to {reason}"))),
            (None, Some(_)) => (HookState::Attached, None),
            (None, None) => (HookState::Off, Some("stopped".to_owned())),
        };
        HookStatus {
            hook: "uevents".to_owned(),
            event_table: TABLE.name,
            tier: "A",
            mechanism: "netlink",
            state,
            error: failed.and_then(|(error, _)| error),
            reason,
            run_count: None,
            avg_ns: None,
        }
    }

    /// The part of the ledger of the table.
    pub(crate) fn ledger(&self) -> Vec<LossCount> {
        self.shared.ledger()
    }

    /// Tells of what is known and ends the thread. The ring thread must have ended.
    pub(crate) fn stop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        ring_bell(self.bell.as_deref());
        let Some(thread) = self.thread.take() else { return };
        if self.shared.ended.wait(END_WAIT) {
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        } else {
            tracing::warn!("a removable device does not answer: its thread is left behind");
        }
    }
}

fn failure(what: &str, error: Errno) -> (Option<i32>, String) {
    (Some(error.raw_os_error()), format!("{what}: {error}"))
}

fn ring_bell(bell: Option<&OwnedFd>) {
    if let Some(bell) = bell {
        // A full counter rings as well.
        let _ = rustix::io::write(bell, &1_u64.to_ne_bytes());
    }
}

/// Bytes that are not UTF-8 are written `\xNN`.
pub(crate) fn lossless(bytes: &[u8]) -> String {
    let mut out = String::new();
    crate::decode::push_lossless(&mut out, bytes);
    out
}

#[cfg(test)]
mod tests;
