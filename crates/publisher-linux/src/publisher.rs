// SPDX-License-Identifier: Apache-2.0
//! [`LinuxPublisher`]: hooks, ring, rows and snapshot put together behind `sdk::Publisher`.

use crate::clock;
use crate::decode::{Arguments, BATCH_ROWS_MAX, Context, ProcessRows, Rows};
use crate::hooks::{TABLES, TableHooks};
use crate::load::{
    Constants, Hook, Kernel, KernelCounts, LoadError, SnapshotIterator, counts_by_cpu, sum,
};
use crate::media::{self, Media, MountQueue, Tell};
use crate::record::{RecordError, kind};
use crate::ring::Drain;
use crate::rules::KernelRules;
use crate::sink::{Counts, RowSink};
use crate::snapshot::{self, Pass};
use crate::sys::ProgramCount;
use evtables_schema::{HostBoot, TableSpec};
use evtables_sdk::rules::FilterSet;
use evtables_sdk::{
    Emitter, HookState, HookStatus, LossCount, Outcome, Publisher, PublisherError, RuleCount,
    Stage, TableStatus,
};
use libbpf_rs::{MapCore, MapFlags, MapHandle};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a [`LinuxPublisher`] works.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Whether rules of the configuration run in the kernel where they can.
    pub kernel_rules: bool,
    /// Whether hooks may hang on functions of the kernel, where it takes them (tier B).
    pub kernel_functions: bool,
    /// Tables switched on or off by name; the others are as [`LinuxPublisher::switchable`] says.
    pub switches: BTreeMap<String, bool>,
}

impl LinuxOptions {
    /// The whole host, a ring of 8 MiB, arguments up to 32 KiB, the tables that are on by themselves.
    #[must_use]
    pub fn new(host: HostBoot) -> Self {
        Self {
            host,
            subtree: None,
            ring_bytes: 8 << 20,
            argv_bytes_max: 32 << 10,
            kernel_rules: true,
            kernel_functions: true,
            switches: BTreeMap::new(),
        }
    }
}

/// Fills the `linux_*` tables from the kernel.
pub struct LinuxPublisher {
    options: LinuxOptions,
    /// Tables that are on, the process table first.
    tables: Vec<&'static TableHooks>,
    counts: Arc<Counts>,
    filters: FilterSet,
    rules: Option<Arc<KernelRules>>,
    kernel: Option<Kernel>,
    snapshot: Option<Hook>,
    counters: Option<MapHandle>,
    drain: Option<Drain>,
    media: Option<Media>,
}

impl LinuxPublisher {
    /// Nothing is loaded before [`Publisher::start`].
    #[must_use]
    pub fn new(options: LinuxOptions) -> Self {
        let on = |(at, table): (usize, &&'static TableHooks)| {
            at == 0 || options.switches.get(table.spec.name).copied().unwrap_or(table.on)
        };
        let tables: Vec<_> =
            TABLES.iter().enumerate().filter(|e| on((e.0, &e.1))).map(|e| e.1).collect();
        Self {
            options,
            counts: Arc::new(Counts::new(TABLES.len())),
            tables,
            filters: FilterSet::default(),
            rules: None,
            kernel: None,
            snapshot: None,
            counters: None,
            drain: None,
            media: None,
        }
    }

    /// Tables that a configuration can switch, and whether each is on by itself. The process table is not
    /// among them: the others take their process columns from it.
    #[must_use]
    pub fn switchable() -> Vec<(&'static TableSpec, bool)> {
        TABLES.iter().skip(1).map(|table| (table.spec, table.on)).collect()
    }

    /// The kernel's own counters over exec, fork and exit. Zero before the start.
    #[must_use]
    pub fn kernel_counts(&self) -> KernelCounts {
        let counts = self
            .counters
            .as_ref()
            .map(|map| counts_by_cpu(map, &[kind::EXEC, kind::FORK, kind::EXIT]));
        sum(&counts.unwrap_or_default())
    }

    fn start_hooks(&mut self, emitter: &Emitter) -> Result<(), StartError> {
        let options = &self.options;
        let root = options.subtree;
        // Our own writing would feed on itself; unless it is us who are to be watched.
        let own = Some(std::process::id()).filter(|own| root != Some(*own)).unwrap_or(0);
        let constants =
            Constants::new(options.ring_bytes, options.argv_bytes_max, root.is_some(), own);
        let kinds = self.tables.iter().flat_map(|table| table.kinds.iter().chain(table.derived));
        let constants =
            Constants { kinds_on: kinds.fold(0, |bits, kind| bits | 1 << kind), ..constants };
        let mut kernel = Kernel::load(&self.tables, constants, options.kernel_functions)?;
        let counters = kernel.map("counts")?;
        let living = kernel.map("living")?;
        let subtree = root.map(|root| Subtree::new(&kernel, root)).transpose()?;
        let rules = KernelRules::new(&kernel, constants.secret, self.tables.clone())?;
        let rules = Arc::new(rules);
        if self.options.kernel_rules {
            rules.change(&self.filters, || None);
        }
        self.rules = Some(Arc::clone(&rules));
        let attached_ns = clock::boot_ns();
        kernel.attach()?;
        // From here on what the kernel submits waits in the ring.
        let ring = kernel.map("ring")?;
        self.kernel = Some(kernel);
        self.counters = Some(hooks_counters(&counters)?);
        self.take_snapshot(emitter, subtree.as_ref(), &living, attached_ns, constants);
        let mounts = self.watch_media(emitter);
        let context = Context { mounts, ..Context::new(self.options.host, page_bytes()) };
        let sink = RowSink::new(
            &self.tables,
            context,
            emitter.clone(),
            Arc::clone(&self.counts),
            counters,
            rules,
        );
        self.drain = Some(Drain::start(ring, sink).map_err(|error| StartError {
            what: "start to read the ring".to_owned(),
            reason: error.to_string(),
        })?);
        Ok(())
    }

    /// Starts to watch media when their table is on; returns where mounts are put for it.
    fn watch_media(&mut self, emitter: &Emitter) -> Option<MountQueue> {
        self.tables.iter().find(|table| table.spec == media::TABLE)?;
        let media = self.media.insert(Media::new());
        let tell = if self.options.subtree.is_some() { Tell::MountsAlone } else { Tell::All };
        media.start(clock::wall_ns, tell, emitter.clone());
        media.reason().is_none().then(|| media.queue())
    }

    /// A snapshot that fails leaves a failed hook behind; events come all the same.
    fn take_snapshot(
        &mut self,
        emitter: &Emitter,
        subtree: Option<&Subtree>,
        living: &MapHandle,
        attached_ns: u64,
        constants: Constants,
    ) {
        let taken = SnapshotIterator::load().and_then(|iterator| {
            let pass = match subtree {
                Some(subtree) => subtree.seed(&iterator)?,
                None => Pass::read(&iterator)?,
            };
            self.rules.iter().for_each(|rules| rules.see(&pass));
            for exec in pass.processes() {
                let process = exec.process;
                // Younger ones are there already.
                let key = process.pid.to_ne_bytes();
                let _ = living.update(&key, &process.start_ns.to_ne_bytes(), MapFlags::NO_EXIST);
            }
            self.emit_running(emitter, &pass, attached_ns, constants);
            Ok(())
        });
        let mut hook = Hook {
            name: "iter/task",
            table: self.tables.first().map_or("", |table| table.spec.name),
            state: HookState::Off,
            way: None,
            error: None,
            reason: None,
        };
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
        let context = Context::new(self.options.host, page_bytes());
        let mut rows = ProcessRows::default();
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
            rows.push_running(&context, &exec, arguments);
            if rows.rows() >= BATCH_ROWS_MAX {
                self.counts.emit(0, rows.finish(), emitter);
            }
        }
        self.counts.emit(0, rows.finish(), emitter);
    }

    /// The part of the ledger of one table. Downstream first: see the trait.
    fn ledger_of(&self, at: usize, table: &'static TableHooks, lines: &mut Vec<LossCount>) {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let Some(counts) = self.counts.tables.get(at) else { return };
        let line = |stage, outcome, reason, count| {
            LossCount::new(table.spec, stage, outcome, reason, count)
        };
        let emitted = load(&counts.emitted);
        let panics = load(&counts.panics);
        let errors = counts.record_errors.each_ref().map(load);
        let dropped = counts.dropped();
        let made = load(&counts.derived) + if at == 0 { load(&self.counts.running) } else { 0 };
        let by_cpu =
            self.counters.as_ref().map(|map| counts_by_cpu(map, table.kinds)).unwrap_or_default();
        let missed = self.missed(table);
        let gone =
            panics + errors.iter().sum::<u64>() + dropped.iter().map(|(_, n)| n).sum::<u64>();
        let pending = (sum(&by_cpu).submitted + made).saturating_sub(emitted + gone);
        lines.push(line(Stage::Kernel, Outcome::Seen, "", missed + made));
        lines.push(line(Stage::Kernel, Outcome::Lost, "recursion", missed));
        lines.push(line(Stage::Decode, Outcome::Lost, "panic", panics));
        lines.push(line(Stage::Decode, Outcome::Pending, "", pending));
        for ((outcome, reason), count) in dropped {
            lines.push(line(Stage::Decode, outcome, reason, count));
        }
        for (error, count) in RecordError::ALL.into_iter().zip(errors) {
            lines.push(line(Stage::Decode, Outcome::Lost, error.reason(), count));
        }
        for (cpu, count) in (0..).zip(&by_cpu) {
            let line = |stage, outcome, reason, count| LossCount {
                cpu: Some(cpu),
                ..line(stage, outcome, reason, count)
            };
            lines.push(line(Stage::Kernel, Outcome::Seen, "", count.seen));
            lines.push(line(Stage::Kernel, Outcome::Filtered, "subtree", count.subtree));
            lines.push(line(Stage::Kernel, Outcome::Filtered, "own", count.own));
            lines.push(line(Stage::Kernel, Outcome::Filtered, "rule", count.rule));
            lines.push(line(Stage::Kernel, Outcome::Lost, "unseen_close", count.unseen_close));
            lines.push(line(Stage::Kernel, Outcome::Lost, "no_room", count.no_room));
            lines.push(line(Stage::Ring, Outcome::Lost, "ring_full", count.ring_full));
            lines.push(line(Stage::Ring, Outcome::Lost, "oversize", count.oversize));
        }
    }

    /// Runs of the table's own programs that the kernel skipped.
    fn missed(&self, table: &TableHooks) -> u64 {
        let hooks = self.kernel.iter().flat_map(Kernel::hooks);
        let own = hooks.filter(|(hook, _)| hook.table == table.spec.name);
        own.filter_map(|(_, count)| Some(count?.recursion_misses)).sum()
    }

    /// Position of a table in [`TABLES`].
    fn position(table: &TableHooks) -> usize {
        TABLES.iter().position(|other| other.spec == table.spec).unwrap_or(0)
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

pub(crate) struct StartError {
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
    fn new(kernel: &Kernel, root: u32) -> Result<Self, LoadError> {
        let subtree = Self { map: kernel.map("subtree")?, root };
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

impl Publisher for LinuxPublisher {
    fn name(&self) -> &'static str {
        "linux"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        TABLES.iter().map(|table| table.spec).collect()
    }

    fn table_states(&self) -> Vec<TableStatus> {
        let state = |table: &'static TableHooks| {
            let on = self.tables.iter().any(|other| other.spec == table.spec);
            let refusal = self.kernel.as_ref().and_then(|kernel| kernel.refusal(table));
            let reason = match (on, refusal) {
                (false, _) => Some(format!(
                    "switched off; evtables.sources.linux.tables.{} turns it on",
                    table.spec.name
                )),
                (true, _) if table.spec == media::TABLE => {
                    self.media.as_ref().and_then(Media::reason)
                }
                (true, refusal) => refusal,
            };
            TableStatus { table: table.spec, reason }
        };
        TABLES.iter().map(state).collect()
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        if self.kernel.is_some() {
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

    fn filter(&mut self, filters: &FilterSet) {
        self.filters = filters.clone();
        if let Some(rules) = self.rules.as_ref().filter(|_| self.options.kernel_rules) {
            rules.change(filters, processes);
        }
    }

    fn shed(&mut self, tables: &[&str]) {
        // The process table is never among them: the others take their process columns from it.
        let wanted = TABLES.iter().enumerate().skip(1);
        let wanted = wanted.filter(|(_, table)| tables.contains(&table.spec.name));
        let bits = wanted.fold(0_u64, |bits, (at, _)| bits | 1 << at);
        self.counts.shed.store(bits, Ordering::Relaxed);
    }

    fn rule_counts(&self) -> Vec<RuleCount> {
        let Some(rules) = &self.rules else { return Vec::new() };
        rules.refresh(processes);
        rules.counts()
    }

    fn hooks(&self) -> Vec<HookStatus> {
        let hooks = self.kernel.iter().flat_map(Kernel::hooks);
        let hooks = hooks.map(|(hook, count)| hook_status(hook, count));
        let snapshot = self.snapshot.clone().map(|hook| hook_status(hook, None));
        hooks.chain(snapshot).chain(self.media.as_ref().map(Media::hook)).collect()
    }

    fn ledger(&self) -> Vec<LossCount> {
        let mut lines = Vec::new();
        for table in &self.tables {
            self.ledger_of(Self::position(table), table, &mut lines);
        }
        lines.extend(self.media.iter().flat_map(Media::ledger));
        lines
    }

    fn stop(&mut self) {
        if let Some(kernel) = &mut self.kernel {
            kernel.detach();
        }
        if let Some(drain) = self.drain.take() {
            drain.stop();
        }
        if let Some(media) = &mut self.media {
            media.stop();
        }
    }
}

impl Drop for LinuxPublisher {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Those that run now, if the kernel lets us read them.
fn processes() -> Option<Pass> {
    Pass::read(&SnapshotIterator::load().ok()?).ok()
}

fn hook_status(hook: Hook, count: Option<ProgramCount>) -> HookStatus {
    let count = count.filter(|count| count.runs > 0);
    HookStatus {
        hook: hook.name.to_owned(),
        event_table: hook.table,
        tier: hook.way.map_or("A", |way| way.tier),
        mechanism: hook.way.map_or("iter", |way| way.mechanism),
        state: hook.state,
        error: hook.error,
        reason: hook.reason,
        run_count: count.map(|count| count.runs),
        avg_ns: count.and_then(|count| count.run_ns.checked_div(count.runs)),
    }
}
