// SPDX-License-Identifier: Apache-2.0
//! [`LinuxPublisher`]: hooks, ring, decoder and snapshot put together behind `sdk::Publisher`.

use crate::clock;
use crate::decode::{Arguments, BATCH_ROWS_MAX, Decoder, TABLE};
use crate::load::{
    Constants, Hook, KernelCounts, LoadError, ProcessHooks, SnapshotIterator, kernel_counts,
};
use crate::record::{RecordError, parse};
use crate::ring::{Drain, Sink};
use crate::snapshot::{self, Pass};
use crate::sys::ProgramCount;
use evtables_schema::{HostBoot, TableSpec};
use evtables_sdk::{
    Emitter, HookState, HookStatus, LossCount, Outcome, Publisher, PublisherError, Stage,
};
use libbpf_rs::{MapCore, MapFlags, MapHandle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Age at which a batch is closed.
const BATCH_AGE_MAX: Duration = Duration::from_millis(200);
/// Numbers of the kinds in wire.h that go through the ring.
const RING_KINDS: [u32; 3] = [1, 2, 3];

/// How a [`LinuxPublisher`] works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinuxOptions {
    /// Goes into every process guid.
    pub host: HostBoot,
    /// Watch only this process and all that come from it. Others are counted as filtered, and nothing of
    /// them is read (the processes above it are named in the snapshot, without arguments).
    pub subtree: Option<u32>,
    /// Size of the ring; brought to a power of two between 4 KiB and 256 MiB.
    pub ring_bytes: u32,
    /// Longest argument list kept whole; between 8 and 128 KiB.
    pub argv_bytes_max: u32,
}

impl LinuxOptions {
    /// The whole host, a ring of 8 MiB, arguments up to 32 KiB.
    #[must_use]
    pub fn new(host: HostBoot) -> Self {
        Self { host, subtree: None, ring_bytes: 8 << 20, argv_bytes_max: 32 << 10 }
    }
}

/// What happened to records on our side.
#[derive(Debug, Default)]
struct Counts {
    received: AtomicU64,
    emitted: AtomicU64,
    record_errors: [AtomicU64; RecordError::ALL.len()],
    panics: AtomicU64,
    /// Rows of the start-up snapshot.
    running: AtomicU64,
}

/// Fills `linux_process_events` from the kernel.
pub struct LinuxPublisher {
    options: LinuxOptions,
    counts: Arc<Counts>,
    hooks: Option<ProcessHooks>,
    snapshot: Option<Hook>,
    counters: Option<MapHandle>,
    drain: Option<Drain>,
}

impl LinuxPublisher {
    /// Nothing is loaded before [`Publisher::start`].
    #[must_use]
    pub fn new(options: LinuxOptions) -> Self {
        Self {
            options,
            counts: Arc::default(),
            hooks: None,
            snapshot: None,
            counters: None,
            drain: None,
        }
    }

    /// The kernel's own counters over exec, fork and exit. Zero before the start.
    #[must_use]
    pub fn kernel_counts(&self) -> KernelCounts {
        sum(&self.counts_by_cpu())
    }

    fn counts_by_cpu(&self) -> Vec<KernelCounts> {
        self.counters.as_ref().map(counts_by_cpu).unwrap_or_default()
    }

    fn start_hooks(&mut self, emitter: &Emitter) -> Result<(), StartError> {
        let options = self.options;
        let root = options.subtree;
        let constants = Constants::new(options.ring_bytes, options.argv_bytes_max, root.is_some());
        let mut hooks = ProcessHooks::load(constants)?;
        let counters = hooks.map("counts")?;
        let subtree = root.map(|root| Subtree::new(&hooks, root)).transpose()?;
        let attached_ns = clock::boot_ns();
        hooks.attach()?;
        // From here on what the kernel submits waits in the ring.
        let ring = hooks.map("ring")?;
        self.hooks = Some(hooks);
        self.counters = Some(hooks_counters(&counters)?);
        self.take_snapshot(emitter, subtree.as_ref(), attached_ns, constants);
        let sink = RowSink {
            decoder: Decoder::new(options.host, page_bytes()),
            emitter: emitter.clone(),
            counts: Arc::clone(&self.counts),
            counters,
            opened: None,
        };
        self.drain = Some(Drain::start(ring, sink).map_err(|error| StartError {
            what: "start to read the ring".to_owned(),
            reason: error.to_string(),
        })?);
        Ok(())
    }

    /// A snapshot that fails leaves a failed hook behind; events come all the same.
    fn take_snapshot(
        &mut self,
        emitter: &Emitter,
        subtree: Option<&Subtree>,
        attached_ns: u64,
        constants: Constants,
    ) {
        let taken = SnapshotIterator::load().and_then(|iterator| {
            let pass = match subtree {
                Some(subtree) => subtree.seed(&iterator)?,
                None => Pass::read(&iterator)?,
            };
            self.emit_running(emitter, &pass, attached_ns, constants);
            Ok(())
        });
        let mut hook = Hook { name: "iter/task", state: HookState::Off, error: None, reason: None };
        match taken {
            Ok(()) => hook.reason = Some("done: read once at start".to_owned()),
            Err(error) => {
                hook.state = HookState::Failed;
                hook.error = error.error;
                hook.reason = Some(error.to_string());
            }
        }
        self.snapshot = Some(hook);
    }

    fn emit_running(&self, emitter: &Emitter, pass: &Pass, attached_ns: u64, constants: Constants) {
        let members = self.options.subtree.map(|root| (pass.subtree(root), pass.above(root)));
        let mut decoder = Decoder::new(self.options.host, page_bytes());
        let limit = u64::from(constants.argv_bytes_max);
        let ticks = rustix::param::clock_ticks_per_second();
        // Younger ones have a row of their fork.
        for exec in pass.processes().filter(|exec| exec.process.start_ns < attached_ns) {
            let pid = exec.process.pid;
            let (mine, above) = members.as_ref().map_or((true, false), |(subtree, above)| {
                (subtree.contains(&pid), above.contains(&pid))
            });
            if !mine && !above {
                continue;
            }
            let wanted = mine && !exec.kernel_thread();
            let bytes = wanted.then(|| snapshot::arguments(&exec, limit, ticks)).flatten();
            let arguments = bytes.as_deref().map(|bytes| {
                let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                let size = len.max(exec.image.argv_size.into());
                Arguments { bytes, size, cut: len >= limit && size > len }
            });
            self.counts.running.fetch_add(1, Ordering::Relaxed);
            decoder.push_running(&exec, arguments);
            if decoder.rows() >= BATCH_ROWS_MAX {
                emit(&mut decoder, emitter, &self.counts);
            }
        }
        emit(&mut decoder, emitter, &self.counts);
    }
}

fn page_bytes() -> u64 {
    u64::try_from(rustix::param::page_size()).unwrap_or(4_096)
}

/// A second handle, so that the ledger can be read while the ring thread has its own.
fn hooks_counters(counters: &MapHandle) -> Result<MapHandle, LoadError> {
    MapHandle::try_from(counters).map_err(|error| LoadError {
        what: "open the counters",
        reason: error.to_string(),
        error: None,
    })
}

struct StartError {
    what: String,
    reason: String,
}

impl From<LoadError> for StartError {
    fn from(error: LoadError) -> Self {
        let help = match error.error {
            Some(libc::EPERM) => "; run as root, or with CAP_BPF and CAP_PERFMON",
            Some(libc::ESRCH | libc::ENOENT) => "; the kernel needs BTF (/sys/kernel/btf/vmlinux)",
            _ => "",
        };
        Self { what: error.what.to_owned(), reason: format!("{}{help}", error.reason) }
    }
}

/// The kernel's map of watched processes.
struct Subtree {
    map: MapHandle,
    root: u32,
}

impl Subtree {
    /// With the root in it: what it starts from now on is watched.
    fn new(hooks: &ProcessHooks, root: u32) -> Result<Self, LoadError> {
        let subtree = Self { map: hooks.map("subtree")?, root };
        subtree.insert(root)?;
        Ok(subtree)
    }

    /// Adds the descendants that live already. Twice, for those that were born of one not yet added.
    fn seed(&self, iterator: &SnapshotIterator) -> Result<Pass, LoadError> {
        let first = Pass::read(iterator)?.subtree(self.root);
        for pid in &first {
            self.insert(*pid)?;
        }
        let pass = Pass::read(iterator)?;
        let second = pass.subtree(self.root);
        for pid in second.difference(&first) {
            self.insert(*pid)?;
        }
        // Ended in between: their number may be given to a stranger.
        for pid in first.difference(&second) {
            let _ = self.map.delete(&pid.to_ne_bytes());
        }
        Ok(pass)
    }

    fn insert(&self, pid: u32) -> Result<(), LoadError> {
        let inserted = self.map.update(&pid.to_ne_bytes(), &[1], MapFlags::ANY);
        inserted.map_err(|error| LoadError {
            what: "fill the subtree map",
            reason: error.to_string(),
            error: None,
        })
    }
}

/// Makes rows on the ring thread.
struct RowSink {
    decoder: Decoder,
    emitter: Emitter,
    counts: Arc<Counts>,
    counters: MapHandle,
    /// When the first row of the open batch came.
    opened: Option<Instant>,
}

impl Sink for RowSink {
    fn record(&mut self, bytes: &[u8]) {
        self.counts.received.fetch_add(1, Ordering::Relaxed);
        match parse(bytes) {
            Ok(record) => self.decoder.push(&record),
            Err(error) => {
                let all = RecordError::ALL.iter().zip(&self.counts.record_errors);
                for (_, count) in all.filter(|(kind, _)| **kind == error) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        if self.decoder.rows() >= BATCH_ROWS_MAX {
            self.flush();
        }
    }

    fn panicked(&mut self) {
        self.counts.panics.fetch_add(1, Ordering::Relaxed);
    }

    fn turn(&mut self, now: Instant) -> Option<Instant> {
        self.decoder.clock.refresh(now);
        if self.decoder.rows() == 0 {
            self.opened = None;
            return None;
        }
        let due = *self.opened.get_or_insert(now) + BATCH_AGE_MAX;
        if now >= due {
            self.flush();
            return None;
        }
        Some(due)
    }

    fn complete(&self) -> bool {
        self.counts.received.load(Ordering::Relaxed)
            >= sum(&counts_by_cpu(&self.counters)).submitted
    }

    fn end(&mut self) {
        self.flush();
    }
}

impl RowSink {
    fn flush(&mut self) {
        self.opened = None;
        emit(&mut self.decoder, &self.emitter, &self.counts);
    }
}

/// Counted before it can be received, so that "pending" never includes what is delivered.
fn emit(decoder: &mut Decoder, emitter: &Emitter, counts: &Counts) {
    let batch = decoder.finish();
    counts.emitted.fetch_add(u64::try_from(batch.rows).unwrap_or(0), Ordering::Relaxed);
    emitter.send(batch);
}

/// Counts of all kinds, one entry per CPU.
fn counts_by_cpu(map: &MapHandle) -> Vec<KernelCounts> {
    let mut total = Vec::new();
    for kind in RING_KINDS {
        let counts = kernel_counts(map, kind);
        total.resize(counts.len().max(total.len()), KernelCounts::default());
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    total
}

fn sum(counts: &[KernelCounts]) -> KernelCounts {
    let mut total = KernelCounts::default();
    for count in counts {
        total += *count;
    }
    total
}

impl Publisher for LinuxPublisher {
    fn name(&self) -> &'static str {
        "linux"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![TABLE]
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        if self.hooks.is_some() {
            return Err(PublisherError {
                what: "start the linux publisher".to_owned(),
                reason: "it was started before; make a new one".to_owned(),
            });
        }
        self.start_hooks(&emitter).map_err(|StartError { what, reason }| {
            self.stop();
            PublisherError { what, reason }
        })
    }

    fn hooks(&self) -> Vec<HookStatus> {
        let hooks = self.hooks.iter().flat_map(ProcessHooks::hooks);
        let hooks = hooks.map(|(hook, count)| hook_status(hook, "tp_btf", count));
        hooks.chain(self.snapshot.clone().map(|hook| hook_status(hook, "iter", None))).collect()
    }

    fn ledger(&self) -> Vec<LossCount> {
        // Downstream first: see the trait.
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let emitted = load(&self.counts.emitted);
        let panics = load(&self.counts.panics);
        let errors = self.counts.record_errors.each_ref().map(load);
        let running = load(&self.counts.running);
        let by_cpu = self.counts_by_cpu();
        let kernel = sum(&by_cpu);
        let missed: u64 = self
            .hooks
            .iter()
            .flat_map(ProcessHooks::hooks)
            .filter_map(|(_, count)| Some(count?.recursion_misses))
            .sum();
        let decode_lost = panics + errors.iter().sum::<u64>();
        let pending = (kernel.submitted + running).saturating_sub(emitted + decode_lost);
        let line = |stage, outcome, reason, count| LossCount {
            table: TABLE,
            stage,
            outcome,
            reason,
            cpu: None,
            count,
        };
        let mut lines = vec![
            line(Stage::Kernel, Outcome::Seen, "", missed + running),
            line(Stage::Kernel, Outcome::Lost, "recursion", missed),
            line(Stage::Decode, Outcome::Lost, "panic", panics),
            line(Stage::Decode, Outcome::Pending, "", pending),
        ];
        for (cpu, count) in (0..).zip(&by_cpu) {
            let line = |stage, outcome, reason, count| LossCount {
                cpu: Some(cpu),
                ..line(stage, outcome, reason, count)
            };
            lines.push(line(Stage::Kernel, Outcome::Seen, "", count.seen));
            lines.push(line(Stage::Kernel, Outcome::Filtered, "subtree", count.filtered));
            lines.push(line(Stage::Ring, Outcome::Lost, "ring_full", count.ring_full));
            lines.push(line(Stage::Ring, Outcome::Lost, "oversize", count.oversize));
        }
        for (kind, count) in RecordError::ALL.into_iter().zip(errors) {
            lines.push(line(Stage::Decode, Outcome::Lost, kind.reason(), count));
        }
        lines
    }

    fn stop(&mut self) {
        if let Some(hooks) = &mut self.hooks {
            hooks.detach();
        }
        if let Some(drain) = self.drain.take() {
            drain.stop();
        }
    }
}

impl Drop for LinuxPublisher {
    fn drop(&mut self) {
        self.stop();
    }
}

fn hook_status(hook: Hook, mechanism: &'static str, count: Option<ProgramCount>) -> HookStatus {
    let count = count.filter(|count| count.runs > 0);
    HookStatus {
        hook: hook.name.to_owned(),
        event_table: TABLE.name,
        tier: "A",
        mechanism,
        state: hook.state,
        error: hook.error,
        reason: hook.reason,
        run_count: count.map(|count| count.runs),
        avg_ns: count.and_then(|count| count.run_ns.checked_div(count.runs)),
    }
}
