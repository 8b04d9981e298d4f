// SPDX-License-Identifier: Apache-2.0
//! Many logs as one stream in the order of their events, as far as bounded memory permits.
//!
//! Logs are opened in the order of their first records, at most [`OPEN_MAX`] at a time, each read by a
//! thread of its own, which begins when fewer than [`READ_AHEAD`] others are before it. Up to
//! [`REORDER_BYTES_MAX`] of records wait to be put in order; a record that comes later than that is
//! counted as late, and goes out at once.

use crate::bad::Bad;
use crate::evtx_file::{self, Memory};
use crate::input::{self, Sink, Unit};
use crate::record::{BLOCK_RECORDS_MAX, Block, Record};
use crossbeam_channel::{Receiver, Sender, bounded};
use evtables_publisher_windows::etl::EtlReader;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Logs that are open at the same time.
pub(crate) const OPEN_MAX: usize = 16;
/// Records that wait to be put in order.
pub(crate) const REORDER_BYTES_MAX: usize = 16 << 20;
/// Logs that are read before it is their turn: what they hold is there when it comes.
pub(crate) const READ_AHEAD: usize = 2;
/// Files that stay open from the look at their first record until it is their turn.
const KEPT_OPEN_MAX: usize = 512;
/// Empty blocks that are kept.
const SPARE_MAX: usize = 32;
/// Blocks that a log's thread may be ahead.
const AHEAD_MAX: usize = 2;

/// What a reading thread says.
enum Message {
    Block(Block),
    Bad(String, Bad),
    Trace(String, File),
    Ended,
}

struct Thread {
    out: Sender<Message>,
    /// Blocks that were read to their end, empty again.
    spare: Receiver<Block>,
    memory: Memory,
}

impl Thread {
    fn block(&self) -> Block {
        self.spare.try_recv().unwrap_or_else(|_| Block::new(BLOCK_RECORDS_MAX))
    }
}

impl Sink for Thread {
    fn take(&mut self, block: &mut Block, is_last: bool) -> ControlFlow<()> {
        if block.len() == 0 || !(is_last || block.is_full()) {
            return ControlFlow::Continue(());
        }
        let full = std::mem::replace(block, self.block());
        self.send(Message::Block(full))
    }

    fn bad(&mut self, input: &str, bad: Bad) -> ControlFlow<()> {
        self.send(Message::Bad(input.to_owned(), bad))
    }

    fn new_block(&self) -> Block {
        self.block()
    }

    fn memory(&mut self) -> Option<&mut Memory> {
        Some(&mut self.memory)
    }

    fn ended(&mut self) {
        // The one who would count it is gone: then nobody counts.
        let _ = self.out.send(Message::Ended);
    }

    fn trace(&mut self, input: &str, file: File) -> ControlFlow<()> {
        self.send(Message::Trace(input.to_owned(), file))
    }
}

impl Thread {
    fn send(&mut self, message: Message) -> ControlFlow<()> {
        if self.out.send(message).is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }
}

/// Looks for the first record only.
#[derive(Default)]
struct Probe(Option<i64>);

impl Sink for Probe {
    fn take(&mut self, block: &mut Block, _: bool) -> ControlFlow<()> {
        self.0 = block.times().next();
        if self.0.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn bad(&mut self, _: &str, _: Bad) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn new_block(&self) -> Block {
        Block::new(1)
    }

    fn ended(&mut self) {}

    fn trace(&mut self, _: &str, file: File) -> ControlFlow<()> {
        self.0 = EtlReader::open(file).ok().map(|trace| trace.header().start_ns);
        ControlFlow::Break(())
    }
}

/// Time of the first record of a unit; the earliest of all when it has none, or cannot be read twice.
fn first_time(unit: &Unit) -> (i64, Option<File>) {
    match unit {
        Unit::Stdin => return (i64::MIN, None),
        Unit::File(path, _) => {
            if let Some((time, file)) = evtx_file::first_time(path) {
                return (time, Some(file));
            }
        }
    }
    let mut probe = Probe::default();
    let _ = input::read(unit, None, &Arc::default(), &mut probe);
    (probe.0.unwrap_or(i64::MIN), None)
}

/// What goes out.
pub(crate) enum Item<'a> {
    /// Records that were read, and go out later one by one.
    Coming(&'a Block),
    /// A record; `true` when it is late.
    Record(Record<'a>, bool),
    Bad(&'a str, &'a Bad),
    /// A trace, to be read as a whole.
    Trace(&'a str, File),
    /// An input has been read to its end.
    Ended,
}

/// A block of which records still wait.
struct Waiting {
    block: Block,
    /// Its records stand in the order of their times: only the next of them is in the heap.
    is_sorted: bool,
    /// When its first record arrived; the others did one by one after it.
    arrived: u64,
    left: usize,
    bytes: usize,
    log: usize,
}

/// A log that is open.
struct Log {
    messages: Receiver<Message>,
    bytes: usize,
    is_at_end: bool,
}

/// What a thread has to read: a unit, it as a file when it is open already; and where that goes.
type Job = (Unit, Option<File>, Sender<Message>);

/// Jobs that wait for a thread. Threads wait here for long, so they sleep at once: a channel would have them
/// look again and again at first.
#[derive(Default)]
struct Jobs {
    /// And whether no more come.
    waiting: Mutex<(VecDeque<Job>, bool)>,
    changed: Condvar,
}

impl Jobs {
    fn lock(&self) -> MutexGuard<'_, (VecDeque<Job>, bool)> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, job: Job) {
        self.lock().0.push_back(job);
        self.changed.notify_one();
    }

    /// The next job; `None` when there is none and no more come.
    fn take(&self) -> Option<Job> {
        let idle = |state: &mut (VecDeque<Job>, bool)| state.0.is_empty() && !state.1;
        let waited = self.changed.wait_while(self.lock(), idle);
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.jobs.lock().1 = true;
        self.jobs.changed.notify_all();
    }
}

/// Threads that read logs: as many as there are logs in reading at one time. One that is done takes the
/// next log, so that its memory serves again.
struct Readers {
    /// Bytes read so far.
    count: Arc<AtomicU64>,
    jobs: Arc<Jobs>,
    idle: Arc<AtomicUsize>,
    /// Blocks to be filled again, so that their memory serves for long.
    spent: Sender<Block>,
    spare: Receiver<Block>,
}

impl Readers {
    fn new(count: Arc<AtomicU64>) -> Self {
        let (spent, spare) = bounded(SPARE_MAX);
        Self { count, jobs: Arc::default(), idle: Arc::default(), spent, spare }
    }

    fn read(&self, unit: Unit, file: Option<File>) -> std::io::Result<Log> {
        let (out, messages) = bounded(AHEAD_MAX);
        // Only this thread takes from the idle ones, so that there is one for each job in the queue.
        if self.idle.load(Ordering::Acquire) > 0 {
            self.idle.fetch_sub(1, Ordering::AcqRel);
            self.jobs.put((unit, file, out));
        } else {
            let (count, idle) = (Arc::clone(&self.count), Arc::clone(&self.idle));
            let (jobs, spare) = (Arc::clone(&self.jobs), self.spare.clone());
            std::thread::Builder::new().name("replay-read".into()).spawn(move || {
                read_all((unit, file, out), &jobs, &spare, &count, &idle);
            })?;
        }
        Ok(Log { messages, bytes: 0, is_at_end: false })
    }
}

/// Reads a log, and then whatever comes.
fn read_all(
    first: Job,
    jobs: &Jobs,
    spare: &Receiver<Block>,
    count: &Arc<AtomicU64>,
    idle: &AtomicUsize,
) {
    let mut next = Some(first);
    let mut memory = Memory::default();
    while let Some((unit, file, out)) = next {
        let mut sink = Thread { out, spare: spare.clone(), memory };
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            input::read(&unit, file, count, &mut sink)
        }));
        if read.is_err() {
            let _ = sink.bad(&unit.name(), Bad::part("panic", "the reader gave up".into()));
        }
        memory = std::mem::take(&mut sink.memory);
        // Its end must be seen before it counts as idle.
        drop(sink);
        idle.fetch_add(1, Ordering::AcqRel);
        next = jobs.take();
    }
}

/// Key of a record in the heap: time, order of arrival, block, position.
type Key = Reverse<(i64, u64, u64, usize)>;

/// The logs, being read.
pub(crate) struct Merge {
    /// Not opened yet, last first, by the time of their first record.
    closed: Vec<(i64, Unit, Option<File>)>,
    /// Being read, and not open yet.
    ahead: VecDeque<(i64, Log)>,
    logs: BTreeMap<usize, Log>,
    blocks: BTreeMap<u64, Waiting>,
    /// Blocks that nobody has looked at yet.
    fresh: Vec<u64>,
    heap: BinaryHeap<Key>,
    bad: VecDeque<Message>,
    readers: Readers,
    next_log: usize,
    next_block: u64,
    arrived: u64,
    last: i64,
}

impl Merge {
    /// Over `units`. `count` is the bytes read so far.
    pub(crate) fn new(
        units: Vec<Unit>,
        count: Arc<AtomicU64>,
        is_stopped: impl Fn() -> bool,
    ) -> Self {
        let mut closed = Vec::new();
        let only = units.len() == 1;
        for unit in units {
            if is_stopped() {
                break;
            }
            let (time, file) = if only { (i64::MIN, None) } else { first_time(&unit) };
            closed.push((time, unit, file.filter(|_| closed.len() < KEPT_OPEN_MAX)));
        }
        // Stable: logs that begin together stay in the order of their names.
        closed.sort_by_key(|(time, ..)| *time);
        closed.reverse();
        Self {
            closed,
            ahead: VecDeque::new(),
            logs: BTreeMap::new(),
            blocks: BTreeMap::new(),
            fresh: Vec::new(),
            heap: BinaryHeap::new(),
            bad: VecDeque::new(),
            readers: Readers::new(count),
            next_log: 0,
            next_block: 0,
            arrived: 0,
            last: i64::MIN,
        }
    }

    /// Gives everything to `out` until the end, or until it breaks.
    pub(crate) fn run(
        mut self,
        out: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        loop {
            self.open_due();
            self.fill();
            for message in self.bad.drain(..) {
                match message {
                    Message::Bad(input, bad) => out(Item::Bad(&input, &bad))?,
                    Message::Trace(input, file) => out(Item::Trace(&input, file))?,
                    _ => out(Item::Ended)?,
                }
            }
            for id in self.fresh.drain(..) {
                if let Some(waiting) = self.blocks.get(&id) {
                    out(Item::Coming(&waiting.block))?;
                }
            }
            let is_over = self.drain_ready(out)?.is_none() && self.logs.is_empty();
            if is_over && self.ahead.is_empty() && self.closed.is_empty() {
                return ControlFlow::Continue(());
            }
        }
    }

    fn open_due(&mut self) {
        self.read_ahead();
        while self.logs.len() < OPEN_MAX
            && let Some((time, _)) = self.ahead.front()
        {
            let is_due = self.heap.peek().is_none_or(|Reverse((next, ..))| time <= next);
            if !is_due && !self.logs.is_empty() {
                return;
            }
            let Some((_, log)) = self.ahead.pop_front() else { return };
            self.logs.insert(self.next_log, log);
            self.next_log += 1;
            self.read_ahead();
            self.fill();
        }
    }

    /// Lets the threads of the next logs begin.
    fn read_ahead(&mut self) {
        while self.ahead.len() < READ_AHEAD
            && let Some((time, unit, file)) = self.closed.pop()
        {
            let name = unit.name();
            match self.readers.read(unit, file) {
                Ok(log) => self.ahead.push_back((time, log)),
                Err(error) => {
                    let bad = Bad::part("unreadable_file", error.to_string());
                    self.bad.push_back(Message::Bad(name, bad));
                }
            }
        }
    }

    /// Takes from each open log up to its share of the memory.
    fn fill(&mut self) {
        let share = REORDER_BYTES_MAX / self.logs.len().max(1);
        let mut ended = Vec::new();
        for (number, log) in &mut self.logs {
            while !log.is_at_end && (log.bytes == 0 || log.bytes < share) {
                let Ok(message) = log.messages.recv() else {
                    log.is_at_end = true;
                    break;
                };
                let Message::Block(block) = message else {
                    self.bad.push_back(message);
                    continue;
                };
                let (id, bytes) = (self.next_block, block.bytes());
                self.next_block += 1;
                let (arrived, is_sorted) = (self.arrived, block.times().is_sorted());
                let in_heap = if is_sorted { 1 } else { block.len() };
                for ((time, arrived), at) in block.times().zip(arrived..).zip(0..in_heap) {
                    self.heap.push(Reverse((time, arrived, id, at)));
                }
                self.arrived += block.len() as u64;
                log.bytes += bytes;
                self.fresh.push(id);
                let left = block.len();
                let waiting = Waiting { left, block, is_sorted, arrived, bytes, log: *number };
                self.blocks.insert(id, waiting);
            }
            if log.is_at_end && log.bytes == 0 {
                ended.push(*number);
            }
        }
        for number in ended {
            self.logs.remove(&number);
        }
    }

    /// Gives records out, in order, until a log must be read on or opened. `None` when none was there.
    fn drain_ready(
        &mut self,
        out: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<(), Option<()>> {
        let next = self.ahead.front().filter(|_| self.logs.len() < OPEN_MAX).map(|(time, _)| *time);
        let mut given = None;
        while let Some(Reverse((time, _, id, at))) = self.heap.peek().copied() {
            if given.is_some() && next.is_some_and(|next| next <= time) {
                break;
            }
            let Some(waiting) = self.blocks.get_mut(&id) else {
                self.heap.pop();
                continue;
            };
            given = Some(());
            let after = waiting.block.get(at + 1).filter(|_| waiting.is_sorted);
            if let (Some(after), Some(mut top)) = (after, self.heap.peek_mut()) {
                let arrived = waiting.arrived + at as u64 + 1;
                *top = Reverse((after.head.time_ns, arrived, id, at + 1));
            } else {
                self.heap.pop();
            }
            let is_late = time < self.last;
            self.last = self.last.max(time);
            if let Some(record) = waiting.block.get(at) {
                out(Item::Record(record, is_late))?;
            }
            waiting.left -= 1;
            if waiting.left == 0 {
                let (log, bytes) = (waiting.log, waiting.bytes);
                if let Some(mut waiting) = self.blocks.remove(&id) {
                    waiting.block.clear();
                    let _ = self.readers.spent.try_send(waiting.block);
                }
                if let Some(log) = self.logs.get_mut(&log) {
                    log.bytes -= bytes;
                }
                // Its log may be read on now.
                break;
            }
        }
        ControlFlow::Continue(given)
    }
}

/// Bytes of all units together.
pub(crate) fn bytes_of(units: &[Unit]) -> u64 {
    units.iter().map(Unit::bytes).sum()
}

/// Reads a counter.
pub(crate) fn load(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}
