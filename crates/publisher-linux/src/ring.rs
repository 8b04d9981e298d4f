// SPDX-License-Identifier: Apache-2.0
//! The thread that empties the ring: sleeps on an edge-triggered epoll with a timer, takes
//! bursts, gives each record to a [`Sink`]. Knows nothing of what the records mean.

use crate::sys;
use libbpf_rs::{MapHandle, RingBuffer, RingBufferBuilder};
use rustix::event::{EventfdFlags, Timespec, epoll, eventfd};
use std::cell::RefCell;
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Sleep while records keep coming, and how far it grows (doubling) when none do.
const WAIT_BUSY: Duration = Duration::from_millis(10);
const WAIT_IDLE: Duration = Duration::from_millis(250);
/// Records taken before the sink gets its turn.
const BURST_RECORDS: usize = 4_096;
/// How long the end waits for records that the kernel says it has submitted.
const END_WAIT: Duration = Duration::from_millis(300);

/// Where records go. Called by the drain thread only.
pub(crate) trait Sink: Send {
    /// One record; must not keep the bytes.
    fn record(&mut self, bytes: &[u8]);
    /// Called when [`Sink::record`] panicked.
    fn panicked(&mut self);
    /// After each burst. Returns when the next turn is due at the latest.
    fn turn(&mut self, now: Instant) -> Option<Instant>;
    /// True when everything that the kernel submitted has arrived. Hooks are detached by then.
    fn complete(&self) -> bool;
    /// Nothing will come any more.
    fn end(&mut self);
}

/// Why the thread could not start.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {reason}")]
pub(crate) struct RingError {
    what: &'static str,
    reason: String,
}

/// A running drain thread.
pub(crate) struct Drain {
    stop: Arc<Stop>,
    thread: JoinHandle<()>,
}

struct Stop {
    flag: AtomicBool,
    bell: OwnedFd,
}

impl Drain {
    /// Starts the thread, which owns `ring` and `sink`.
    pub(crate) fn start(ring: MapHandle, sink: impl Sink + 'static) -> Result<Self, RingError> {
        let failed = |what: &'static str, error: &dyn std::fmt::Display| RingError {
            what,
            reason: error.to_string(),
        };
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
            .map_err(|error| failed("make an eventfd", &error))?;
        let stop = Arc::new(Stop { flag: AtomicBool::new(false), bell });
        let sleeper = epoll::create(epoll::CreateFlags::CLOEXEC)
            .map_err(|error| failed("make an epoll", &error))?;
        // Edge-triggered: level-triggered, the ring would be ready again at once under load.
        let edge = epoll::EventFlags::IN | epoll::EventFlags::ET;
        let zero = epoll::EventData::new_u64(0);
        epoll::add(&sleeper, ring.as_fd(), zero, edge)
            .and_then(|()| epoll::add(&sleeper, &stop.bell, zero, edge))
            .map_err(|error| failed("add to an epoll", &error))?;
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("evtables-ring".to_owned())
            .spawn(move || run(&ring, sink, &seen, &sleeper))
            .map_err(|error| failed("start a thread", &error))?;
        Ok(Self { stop, thread })
    }

    /// Takes what is left and ends the thread. The hooks must be detached.
    pub(crate) fn stop(self) {
        self.stop.flag.store(true, Ordering::Release);
        // A full counter rings as well.
        let _ = rustix::io::write(&self.stop.bell, &1_u64.to_ne_bytes());
        if self.thread.join().is_err() {
            tracing::error!("the ring thread panicked");
        }
    }
}

fn run(map: &MapHandle, sink: impl Sink, stop: &Stop, sleeper: &OwnedFd) {
    restore_priority();
    let sink = RefCell::new(sink);
    let mut builder = RingBufferBuilder::new();
    let ring = builder.add(map, |bytes| {
        // A panic must not cross the C frames of libbpf.
        if catch_unwind(AssertUnwindSafe(|| sink.borrow_mut().record(bytes))).is_err() {
            sink.borrow_mut().panicked();
        }
        0
    });
    let ring = ring.map(|_| ()).and_then(|()| builder.build());
    match ring {
        Ok(ring) => drain(&ring, &sink, stop, sleeper),
        Err(error) => tracing::error!(%error, "failed to map the ring"),
    }
}

fn drain(ring: &RingBuffer<'_>, sink: &RefCell<impl Sink>, stop: &Stop, sleeper: &OwnedFd) {
    let mut wait = WAIT_BUSY;
    while !stop.flag.load(Ordering::Acquire) {
        let taken = ring.consume_raw_n(BURST_RECORDS);
        let now = Instant::now();
        let due = sink.borrow_mut().turn(now);
        if usize::try_from(taken).is_ok_and(|taken| taken >= BURST_RECORDS) {
            continue;
        }
        wait = if taken > 0 { WAIT_BUSY } else { (wait * 2).min(WAIT_IDLE) };
        let until_due = due.map_or(WAIT_IDLE, |due| due.saturating_duration_since(now));
        sleep(sleeper, wait.min(until_due));
    }
    let end = Instant::now() + END_WAIT;
    loop {
        let taken = ring.consume_raw_n(BURST_RECORDS);
        let mut sink = sink.borrow_mut();
        sink.turn(Instant::now());
        if taken <= 0 && (sink.complete() || Instant::now() >= end) {
            sink.end();
            return;
        }
        drop(sink);
        if taken <= 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn sleep(sleeper: &OwnedFd, time: Duration) {
    let timeout = Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(0),
        tv_nsec: i64::from(time.subsec_nanos()),
    };
    let mut events = Vec::with_capacity(2);
    // Interrupted or not: the loop looks at everything anyway.
    let _ = epoll::wait(sleeper, rustix::buffer::spare_capacity(&mut events), Some(&timeout));
}

/// osquery starts extensions at nice 10 and idle I/O; a reader that never runs loses events.
fn restore_priority() {
    if rustix::process::setpriority_process(None, 0).is_err() {
        tracing::debug!("the ring thread keeps its inherited priority");
    }
    sys::restore_io_priority();
}
