// SPDX-License-Identifier: Apache-2.0
//! The thread of media: takes messages and calls, makes rows, counts what it makes none of. May wait for a
//! device, so nothing waits for it.

use super::mounts::MountCall;
use super::socket::{MESSAGE_BYTES_MAX, Messages, Received, wait};
use super::state::{Scan, State, Told, Untold};
use super::uevent::Uevent;
use super::{TABLE, Tell, face};
use crate::decode::BATCH_ROWS_MAX;
use evtables_sdk::{Emitter, LossCount, Outcome, Stage};
use std::os::fd::{AsFd as _, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Rows wait so long, so that rows of processes go first: the ring is emptied each 250 ms, and a batch closed
/// 200 ms later.
const HOLD: Duration = Duration::from_secs(1);
/// Messages taken before calls get their turn.
const BURST: usize = 256;

/// Nanoseconds of the wall clock.
pub(crate) type Clock = fn() -> i64;

/// Why there is no row, as the ledger says it.
const REASONS: [(Outcome, &str); 8] = [
    (Outcome::Filtered, "not_removable"),
    (Outcome::Filtered, "no_change"),
    (Outcome::Filtered, "not_from_kernel"),
    (Outcome::Filtered, "subtree"),
    (Outcome::Lost, "no_room"),
    (Outcome::Lost, "malformed"),
    (Outcome::Lost, "socket_full"),
    (Outcome::Lost, "panic"),
];
const NOT_FROM_KERNEL: usize = 2;
const SUBTREE: usize = 3;
const MALFORMED: usize = 5;
const SOCKET_FULL: usize = 6;
const PANIC: usize = 7;

fn position(untold: Untold) -> usize {
    match untold {
        Untold::NotRemovable => 0,
        Untold::NoChange => 1,
        Untold::NoRoom => 4,
    }
}

/// What the thread and the publisher tell each other.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) stop: AtomicBool,
    pub(super) ended: Ended,
    /// Calls that found no room.
    pub(super) calls_lost: Arc<AtomicU64>,
    /// errno of a socket that is of no more use; 0: it works.
    pub(super) broken: AtomicI32,
    seen: AtomicU64,
    sent: AtomicU64,
    unmade: [AtomicU64; REASONS.len()],
}

impl Shared {
    /// Downstream first, see `Publisher::ledger`.
    pub(super) fn ledger(&self) -> Vec<LossCount> {
        let line =
            |stage, outcome, reason, count| LossCount::new(TABLE, stage, outcome, reason, count);
        let mut gone = self.sent.load(Ordering::Acquire);
        let mut lines = Vec::new();
        for ((outcome, reason), count) in REASONS.into_iter().zip(&self.unmade) {
            let count = count.load(Ordering::Acquire);
            gone += count;
            lines.push(line(Stage::Decode, outcome, reason, count));
        }
        let calls_lost = self.calls_lost.load(Ordering::Acquire);
        let seen = self.seen.load(Ordering::Acquire);
        lines.push(line(Stage::Decode, Outcome::Lost, "queue_full", calls_lost));
        lines.push(line(Stage::Decode, Outcome::Pending, "", seen.saturating_sub(gone)));
        lines.push(line(Stage::Kernel, Outcome::Seen, "", seen + calls_lost));
        lines
    }
}

/// Whether the thread has ended.
#[derive(Debug, Default)]
pub(super) struct Ended(Mutex<bool>, Condvar);

impl Ended {
    /// Waits; `false` when it had not ended by then.
    pub(super) fn wait(&self, time: Duration) -> bool {
        let ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.1.wait_timeout_while(ended, time, |ended| !*ended);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn tell(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.1.notify_all();
    }
}

pub(super) struct Worker<M> {
    messages: M,
    state: State,
    calls: Receiver<MountCall>,
    bell: Arc<OwnedFd>,
    shared: Arc<Shared>,
    clock: Clock,
    tell: Tell,
    emitter: Emitter,
    builder: face::Builder,
    /// When the first row of the open batch came.
    opened: Option<Instant>,
}

/// What a [`Worker`] is made of.
pub(super) struct Parts<M> {
    pub(super) messages: M,
    pub(super) state: State,
    pub(super) calls: Receiver<MountCall>,
    pub(super) bell: Arc<OwnedFd>,
    pub(super) shared: Arc<Shared>,
    pub(super) clock: Clock,
    pub(super) tell: Tell,
    pub(super) emitter: Emitter,
}

impl<M: Messages> Worker<M> {
    pub(super) fn new(parts: Parts<M>) -> Self {
        let Parts { messages, state, calls, bell, shared, clock, tell, emitter } = parts;
        let (builder, opened) = (face::Builder::default(), None);
        Self { messages, state, calls, bell, shared, clock, tell, emitter, builder, opened }
    }

    pub(super) fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        let lived = catch_unwind(AssertUnwindSafe(|| self.work()));
        if lived.is_err() {
            shared.broken.store(libc::ENOTRECOVERABLE, Ordering::Release);
        }
        drop(self);
        shared.ended.tell();
    }

    fn work(&mut self) {
        self.scan(Scan::First);
        let mut buffer = vec![0; MESSAGE_BYTES_MAX];
        while !self.shared.stop.load(Ordering::Acquire) {
            let more = self.receive(&mut buffer);
            self.take_calls();
            let due =
                self.opened.map(|opened| (opened + HOLD).saturating_duration_since(Instant::now()));
            if due == Some(Duration::ZERO) {
                self.flush();
            } else if !more {
                self.sleep(due);
            }
        }
        self.receive(&mut buffer);
        self.take_calls();
        self.flush();
    }

    fn sleep(&self, time: Option<Duration>) {
        let works = self.shared.broken.load(Ordering::Acquire) == 0;
        wait(works.then(|| self.messages.fd()), self.bell.as_fd(), time);
        // What rang is looked at anyway.
        let _ = rustix::io::read(&self.bell, &mut [0; 8]);
    }

    /// `true` when there may be more.
    fn receive(&mut self, buffer: &mut [u8]) -> bool {
        if self.shared.broken.load(Ordering::Acquire) != 0 {
            return false;
        }
        for _ in 0..BURST {
            match self.messages.receive(buffer) {
                Received::Message(len) => {
                    let message = buffer.get(..len).unwrap_or_default();
                    let taken = catch_unwind(AssertUnwindSafe(|| self.message(message)));
                    if taken.is_err() {
                        self.no_row(PANIC, 1);
                    }
                }
                Received::Foreign => self.no_row(NOT_FROM_KERNEL, 1),
                Received::Lost(count) => {
                    self.no_row(SOCKET_FULL, count);
                    self.scan(Scan::Again);
                }
                Received::Nothing => return false,
                Received::Broken(error) => {
                    self.shared.broken.store(error.raw_os_error(), Ordering::Release);
                    tracing::error!("failed to read uevents: {error}");
                    return false;
                }
            }
        }
        true
    }

    /// Messages on other things than block devices are none of this table.
    fn message(&mut self, bytes: &[u8]) {
        let Some(event) = Uevent::parse(bytes) else { return self.no_row(MALFORMED, 1) };
        if event.subsystem != "block" {
            return;
        }
        if event.path.is_empty() {
            return self.no_row(MALFORMED, 1);
        }
        // Before the device is looked at, which takes as long as the device likes.
        let time = (self.clock)();
        match self.state.event(&event, Instant::now()) {
            Ok(told) => self.appear(&told, time),
            Err(untold) => self.no_row(position(untold), 1),
        }
    }

    fn scan(&mut self, why: Scan) {
        let time = (self.clock)();
        for told in self.state.scan(why, Instant::now()) {
            self.appear(&told, time);
        }
    }

    /// A row of something that happened by itself.
    fn appear(&mut self, told: &Told, time: i64) {
        match self.tell {
            Tell::All => self.row(told, time, None),
            Tell::MountsAlone => self.no_row(SUBTREE, 1),
        }
    }

    fn take_calls(&mut self) {
        while let Ok(call) = self.calls.try_recv() {
            if let Some(told) = self.state.call(&call) {
                self.row(&told, call.time_ns, Some(&call));
            }
        }
    }

    /// Counted as seen first, so that what is pending is never negative.
    fn no_row(&self, reason: usize, count: u64) {
        self.shared.seen.fetch_add(count, Ordering::AcqRel);
        if let Some(unmade) = self.shared.unmade.get(reason) {
            unmade.fetch_add(count, Ordering::AcqRel);
        }
    }

    fn row(&mut self, told: &Told, time: i64, call: Option<&MountCall>) {
        let device = &told.device;
        let file_system = device.found.file_system.as_ref();
        self.shared.seen.fetch_add(1, Ordering::AcqRel);
        self.builder.push(&face::Row {
            action: told.action,
            uid: call.map(|call| call.account.as_str()),
            time,
            pid: call.map(|call| call.pid.into()),
            process_guid: call.map(|call| call.process_guid),
            process_name: None,
            device_id: Some(&device.path),
            device_description: device.description().as_deref(),
            class_name: Some(device.class),
            vendor_ids: device.vendor_ids.as_deref(),
            location: device.location.as_deref(),
            device_node: Some(&device.node),
            device_number: Some(&format!("{}:{}", device.numbers.0, device.numbers.1)),
            bus: device.bus,
            vendor: device.vendor.as_deref(),
            model: device.model.as_deref(),
            serial: device.serial.as_deref(),
            size_bytes: Some(i64::try_from(device.size_bytes).unwrap_or(i64::MAX)),
            read_only: Some(device.read_only.into()),
            partition_table: device.found.partition_table,
            fs_type: told.fstype.as_deref().or(file_system.map(|found| found.kind)),
            fs_label: file_system.and_then(|found| found.label.as_deref()),
            fs_uuid: file_system.and_then(|found| found.uuid.as_deref()),
            mount_point: told.mount_point.as_deref(),
        });
        self.opened.get_or_insert_with(Instant::now);
        if self.builder.rows() >= BATCH_ROWS_MAX {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.opened = None;
        let batch = self.builder.finish();
        let rows = u64::try_from(batch.rows).unwrap_or(0);
        // Before it can be received, so that "pending" never includes what is delivered.
        self.shared.sent.fetch_add(rows, Ordering::AcqRel);
        self.emitter.send(batch);
    }
}
