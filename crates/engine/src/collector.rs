// SPDX-License-Identifier: Apache-2.0
//! The collector: publishers on one side, the event store on the other, one engine thread between.
//!
//! The thread takes batches from the bounded bus (256 batches), enriches them in order, holds at most
//! 64 of them while files are looked at and hashed (each 500 ms at most), appends them to the store and, each
//! second, writes the state file. Stopping drains all of it.

use crate::enrich::looks::Look;
use crate::enrich::{Hashes, Looks, ProcessTree, Users};
use crate::filters::{FilterSet, Filtering};
use crate::gap::{Gap, GapCause, Waiting};
use crate::host;
use crate::limits::Limits;
use crate::redact::{Redactions, Redactor};
use crate::shed::{Budget, Shedding, Use};
use crate::state::{ConfigRow, FilterState, Hook, Loss, State, Status, TableState};
use arrow_array::Array as _;
use crossbeam_channel::{Receiver, TryRecvError, bounded};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{
    Emitter, Enricher, LossCount, Outcome, Publisher, PublisherError, RuleCount, Stage,
    TableStatus, emitter,
};
use evtables_store::{Retention, Store, StoreError, StoreReader};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const BUS_BATCHES_MAX: usize = 256;
/// The same for replayed events, whose source can wait: memory is worth more than a long queue.
const REPLAY_BATCHES_MAX: usize = 8;
const HELD_BATCHES_MAX: usize = 64;
const HOLD_MAX: Duration = Duration::from_millis(500);
const HOLD_STEP: Duration = Duration::from_millis(5);
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Commands that wait for the engine thread.
const COMMANDS_MAX: usize = 256;
/// A pause of capture that is no longer than this is no gap, seconds.
const GAP_SECONDS_MIN: i64 = 2;

/// The mode of a collector that is fed from recordings.
pub const REPLAY: &str = "replay";

/// What a collector is started with.
#[derive(Debug, Clone)]
pub struct CollectorOptions {
    /// The data dir.
    pub data_dir: PathBuf,
    /// Word for `evtables_status`: `run`, `extension` or [`REPLAY`].
    pub mode: &'static str,
    /// The configuration in force from the first event on.
    pub configured: Configured,
    /// Options of the store.
    pub store: evtables_store::Options,
}

/// Name of the remark about tables that are given up.
const SHED_REMARK: &str = "shed";

/// What a configuration means to the collector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured {
    /// SHA-256 of its text.
    pub hash: String,
    /// Which events are kept.
    pub filters: FilterSet,
    /// How many of them.
    pub limits: Limits,
    /// What of them is not stored as it is.
    pub redactions: Redactions,
    /// What the collector may use.
    pub budget: Budget,
    /// What `evtables_config` shows.
    pub rows: Vec<ConfigRow>,
}

/// Why a collector could not start.
#[derive(Debug, thiserror::Error)]
pub enum CollectorError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A publisher refused.
    #[error("failed to {0}")]
    Publisher(#[from] PublisherError),
    /// The operating system refused a thread.
    #[error("failed to start a thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// What a running collector can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Keep so much from now on.
    Retain(Retention),
    /// Record a gap.
    Gap(Gap),
    /// A remark for `evtables_status` under this name; empty text takes it back.
    Remark(&'static str, String),
    /// Names under which osquery has the tables, by table.
    RegisteredAs(BTreeMap<String, String>),
    /// What osquery lacks, and what follows.
    Degraded(Vec<String>),
    /// Another configuration, from the next batch on.
    Configure(Box<Configured>),
}

/// A running collector. Dropping it without [`Collector::stop`] leaves the threads to the process's end.
pub struct Collector {
    thread: JoinHandle<Result<(), StoreError>>,
    stop: crossbeam_channel::Sender<()>,
    commands: crossbeam_channel::Sender<Command>,
    reader: StoreReader,
}

impl Collector {
    /// Opens the store and starts the publishers.
    ///
    /// # Errors
    /// When the data dir is in use or unusable, or a publisher can deliver nothing.
    pub fn start(
        options: CollectorOptions,
        mut publishers: Vec<Box<dyn Publisher>>,
    ) -> Result<Self, CollectorError> {
        let store = Store::open(&options.data_dir, options.store.clone(), host::now_ns())?;
        // What the collector before this one left; without it there is no gap to tell of.
        let before = State::read(&options.data_dir).ok().flatten();
        let reader = store.reader();
        let replays = options.mode == REPLAY;
        let (emitter, bus) = emitter(if replays { REPLAY_BATCHES_MAX } else { BUS_BATCHES_MAX });
        let hashes = Hashes::start()?;
        let looks = Looks::start()?;
        for publisher in &mut publishers {
            publisher.filter(&options.configured.filters);
            publisher.start(emitter.clone())?;
        }
        let (stop, stopped) = bounded(1);
        let (commands, commanded) = bounded(COMMANDS_MAX);
        let mut engine = Engine {
            started: host::now_seconds(),
            filtering: Filtering::new(
                options.configured.filters.clone(),
                options.configured.limits.clone(),
            ),
            redactor: Arc::default(),
            options,
            publishers,
            emitter,
            store,
            tree: ProcessTree::default(),
            users: Users::new("/etc/passwd".into()),
            hashes,
            looks,
            held: VecDeque::new(),
            tables: BTreeMap::new(),
            pulse: Pulse { at: Instant::now(), cpu_ns: host::cpu_ns(), rows: 0 },
            message: String::new(),
            remarks: BTreeMap::new(),
            registered_as: BTreeMap::new(),
            degraded: Vec::new(),
            captured_until: before.as_ref().map_or(0, |state| state.captured_until),
            lost_before: BTreeMap::new(),
            waiting_gaps: Waiting::default(),
            shedding: Shedding::default(),
        };
        engine.redact();
        engine.tell_of_pause(before.as_ref());
        engine.write_state("running");
        let thread = std::thread::Builder::new()
            .name("engine".into())
            .spawn(move || engine.run(&bus, &stopped, &commanded))?;
        Ok(Self { thread, stop, commands, reader })
    }

    /// Reads the store that the collector writes.
    #[must_use]
    pub fn reader(&self) -> StoreReader {
        self.reader.clone()
    }

    /// Tells the engine thread something; it is done within 100 ms. `false` when it is gone, or 256
    /// commands wait already.
    pub fn tell(&self, command: Command) -> bool {
        self.commands.try_send(command).is_ok()
    }

    /// For telling it from other threads.
    #[must_use]
    pub fn commands(&self) -> crossbeam_channel::Sender<Command> {
        self.commands.clone()
    }

    /// Whether the engine thread is still there (it ends early only when the store is lost).
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Detaches the publishers, stores what is on its way, closes the store. Within 2 seconds.
    ///
    /// # Errors
    /// When the store could not be closed cleanly, or the engine thread had died.
    pub fn stop(self) -> Result<(), String> {
        // A full or closed channel means that it is stopping already.
        let _ = self.stop.try_send(());
        match self.thread.join() {
            Ok(result) => result.map_err(|e| e.to_string()),
            Err(_) => Err("the engine thread panicked".into()),
        }
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct TableCount {
    delivered: u64,
    lost: u64,
    /// Rows of which nobody found out in time whether they are wanted.
    unseen: u64,
    /// Values that should be there and are not.
    nulls: u64,
    /// `delivered` at the last heartbeat.
    before: u64,
    per_second: f64,
}

struct Pulse {
    at: Instant,
    cpu_ns: i64,
    rows: u64,
}

/// A batch that waits until its files were looked at and hashed; it is redacted by the configuration that judged it.
struct Held {
    batch: EventBatch,
    look: Look,
    deadline: Instant,
    redactor: Arc<Redactor>,
}

struct Engine {
    started: i64,
    options: CollectorOptions,
    publishers: Vec<Box<dyn Publisher>>,
    emitter: Emitter,
    store: Store,
    tree: ProcessTree,
    users: Users,
    hashes: Hashes,
    looks: Looks,
    filtering: Filtering,
    redactor: Arc<Redactor>,
    held: VecDeque<Held>,
    tables: BTreeMap<&'static str, (&'static TableSpec, TableCount)>,
    pulse: Pulse,
    message: String,
    /// What others said about this process, by their name.
    remarks: BTreeMap<&'static str, String>,
    registered_as: BTreeMap<String, String>,
    degraded: Vec<String>,
    captured_until: i64,
    /// Lost events per table that gaps were written for.
    lost_before: BTreeMap<&'static str, u64>,
    waiting_gaps: Waiting,
    shedding: Shedding,
}

impl Engine {
    fn run(
        mut self,
        bus: &Receiver<EventBatch>,
        stop: &Receiver<()>,
        commands: &Receiver<Command>,
    ) -> Result<(), StoreError> {
        loop {
            let received = self.take(bus, stop);
            while let Ok(command) = commands.try_recv() {
                self.obey(command);
            }
            self.release(false);
            self.tick();
            if !received {
                break;
            }
        }
        self.write_state("stopping");
        for publisher in &mut self.publishers {
            publisher.stop();
        }
        // Everything that the publishers sent is in the bus now.
        while let Ok(batch) = bus.try_recv() {
            self.accept(batch);
            if self.held.len() >= HELD_BATCHES_MAX {
                self.release(true);
            }
        }
        self.release(true);
        self.write_state("stopped");
        self.store.close()
    }

    /// Takes what is on the bus, waiting at most until something else is due. `false` when it must stop,
    /// or no publisher can ever send again.
    fn take(&mut self, bus: &Receiver<EventBatch>, stop: &Receiver<()>) -> bool {
        if self.held.len() >= HELD_BATCHES_MAX {
            self.hashes.wait(HOLD_STEP);
            return matches!(stop.try_recv(), Err(TryRecvError::Empty));
        }
        let wait = if self.held.is_empty() { self.until_due() } else { HOLD_STEP };
        crossbeam_channel::select_biased! {
            recv(stop) -> _ => false,
            recv(bus) -> batch => batch.map(|batch| self.accept(batch)).is_ok(),
            default(wait) => true,
        }
    }

    /// Time until the heartbeat or the store's next duty.
    fn until_due(&self) -> Duration {
        HEARTBEAT.saturating_sub(self.pulse.at.elapsed()).min(Duration::from_millis(100))
    }

    fn accept(&mut self, mut batch: EventBatch) {
        // In front of all work; the publishers that can leave it out themselves.
        if self.shedding.shed().contains(&batch.table.name) {
            self.filtering.shed(&batch);
            return;
        }
        self.tree.enrich(&mut batch);
        self.users.enrich(&mut batch);
        // Behind the enrichers: they learn from every event, and rules see what they fill.
        let Some(batch) = self.filtering.judge(batch) else { return };
        let (deadline, redactor) = (Instant::now() + HOLD_MAX, Arc::clone(&self.redactor));
        let look = self.looks.ask(&batch);
        self.held.push_back(Held { batch, look, deadline, redactor });
    }

    /// Stores held batches whose hashes are decided or whose time is up, in order; with `all`, waits for
    /// the others.
    fn release(&mut self, all: bool) {
        while self.look(all)
            && let Some(Held { batch, deadline, .. }) = self.held.front()
        {
            while !self.hashes.ready(batch) && Instant::now() < *deadline {
                if !all {
                    return;
                }
                self.hashes.wait(HOLD_STEP);
            }
            let Some(Held { mut batch, redactor, .. }) = self.held.pop_front() else { return };
            self.hashes.fill(&mut batch);
            redactor.apply(&mut batch);
            self.append(batch);
        }
    }

    /// Takes what was found of the files of the first batch, which goes when no row is left. `false` when
    /// it still has time.
    fn look(&mut self, all: bool) -> bool {
        while let Some(Held { look, deadline, .. }) = self.held.front() {
            if matches!(look, Look::None) {
                return true;
            }
            while !look.is_done() && Instant::now() < *deadline {
                if !all {
                    return false;
                }
                std::thread::sleep(HOLD_STEP);
            }
            let Some(Held { batch, look, deadline, redactor }) = self.held.pop_front() else {
                return true;
            };
            let table = batch.table;
            let looked = look.take(batch);
            self.filtering.note_left_out(table, "no_elf", looked.others);
            self.filtering.note_left_out(table, "gone", looked.gone);
            if looked.unseen > 0 {
                let (_, count) =
                    self.tables.entry(table.name).or_insert((table, TableCount::default()));
                count.unseen += looked.unseen;
            }
            if let Some(batch) = looked.batch {
                self.held.push_front(Held { batch, look: Look::None, deadline, redactor });
            }
        }
        true
    }

    fn append(&mut self, batch: EventBatch) {
        let (table, rows) = (batch.table, batch.rows as u64);
        let (_, count) = self.tables.entry(table.name).or_insert((table, TableCount::default()));
        count.nulls += missing_values(&batch);
        match self.store.append(batch) {
            Ok(_) => count.delivered += rows,
            Err(error) => {
                count.lost += rows;
                self.complain(&format!("failed to store events: {error}"));
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Retain(retention) => {
                if let Err(error) = self.store.set_retention(retention) {
                    self.complain(&format!("failed to change the retention: {error}"));
                }
            }
            Command::Gap(gap) => self.write_gap(gap),
            Command::Remark(name, text) => {
                if text.is_empty() {
                    self.remarks.remove(name);
                } else {
                    self.remarks.insert(name, text);
                }
            }
            Command::RegisteredAs(names) => self.registered_as = names,
            Command::Degraded(degraded) => self.degraded = degraded,
            Command::Configure(configured) => {
                let before = &self.options.configured;
                let others = before.filters != configured.filters;
                let redacts = before.redactions != configured.redactions;
                // What is wrong with a newer one changes rows alone.
                if others || redacts || before.limits != configured.limits {
                    let limits = configured.limits.clone();
                    self.filtering.change(configured.filters.clone(), limits);
                }
                if others {
                    for publisher in &mut self.publishers {
                        publisher.filter(&configured.filters);
                    }
                }
                self.options.configured = *configured;
                if redacts {
                    self.redact();
                }
            }
        }
    }

    /// Takes the redactions of the configuration in force.
    fn redact(&mut self) {
        let columns = self.options.configured.redactions.clone();
        let (redactor, error) = Redactor::new(columns, &self.options.data_dir);
        self.redactor = Arc::new(redactor);
        if let Some(error) = error {
            self.complain(&format!(
                "failed to get the key of redaction: {error}; texts are dropped"
            ));
        }
    }

    /// Outside the ledger: a gap is no event that was seen.
    fn write_gap(&mut self, gap: Gap) {
        self.waiting_gaps.add(gap);
        self.write_gaps();
    }

    /// Stores what can be stored of the gaps; the rest is tried again at the next heartbeat.
    fn write_gaps(&mut self) {
        let (store, now) = (&mut self.store, host::now_ns());
        let stored = self.waiting_gaps.drain(|gap| store.append(gap.batch(now)).map(drop));
        if let Err(error) = stored {
            self.complain(&format!("failed to store a gap, which waits: {error}"));
        }
    }

    /// The time since somebody captured last is a gap, if we capture again.
    fn tell_of_pause(&mut self, before: Option<&State>) {
        let Some(before) = before.filter(|state| state.captured_until > 0) else { return };
        let pause = self.started - before.captured_until;
        // Between two replays nothing was missed.
        let captures = !self.publishers.is_empty() && self.options.mode != REPLAY;
        if !captures || pause < GAP_SECONDS_MIN {
            return;
        }
        let ran_on = before.status.heartbeat - before.captured_until > GAP_SECONDS_MIN;
        self.write_gap(Gap {
            event_table: None,
            consumer: None,
            cause: if ran_on { GapCause::Disabled } else { GapCause::NotRunning },
            count: None,
            from_time: Some(before.captured_until),
            to_time: Some(self.started),
        });
    }

    /// What was lost since the last heartbeat is a gap, per table. What a replay cannot read happened at
    /// another time than now: the ledger counts it.
    fn tell_of_losses(&mut self, lines: &[LossCount], since: i64) {
        if self.options.mode == REPLAY {
            return;
        }
        let mut lost: BTreeMap<&'static str, u64> = BTreeMap::new();
        for line in lines.iter().filter(|line| line.outcome == Outcome::Lost) {
            *lost.entry(line.table.name).or_default() += line.count;
        }
        for (table, count) in lost {
            let before = self.lost_before.insert(table, count).unwrap_or(0);
            if count > before {
                self.write_gap(Gap {
                    event_table: Some(table.to_owned()),
                    consumer: None,
                    cause: GapCause::Lost,
                    count: Some(count - before),
                    from_time: Some(since),
                    to_time: Some(host::now_seconds()),
                });
            }
        }
    }

    fn messages(&self) -> String {
        let own = Some(&self.message).filter(|message| !message.is_empty());
        let all: Vec<&str> =
            own.into_iter().chain(self.remarks.values()).map(String::as_str).collect();
        all.join("; ")
    }

    /// Says a thing in the log once and keeps it for `evtables_status`.
    fn complain(&mut self, message: &str) {
        if self.message != message {
            tracing::error!("{message}");
            message.clone_into(&mut self.message);
        }
    }

    fn tick(&mut self) {
        if let Err(error) = self.store.tick(host::now_ns()) {
            self.complain(&format!("failed to keep the store: {error}"));
        }
        if self.pulse.at.elapsed() >= HEARTBEAT {
            self.write_state("running");
        }
    }

    fn write_state(&mut self, word: &str) {
        let state = self.state(word);
        if let Err(error) = state.write(&self.options.data_dir) {
            self.complain(&format!("failed to write the state file: {error}"));
        }
    }

    fn state(&mut self, word: &str) -> State {
        let elapsed = self.pulse.at.elapsed();
        let seconds = elapsed.as_secs_f64().max(0.001);
        let lines = self.ledger();
        let now = host::now_seconds();
        self.write_gaps();
        self.tell_of_losses(&lines, now - i64::try_from(elapsed.as_secs()).unwrap_or(0) - 1);
        if !self.publishers.is_empty() {
            self.captured_until = now;
        }
        let mut rows = 0;
        #[allow(clippy::cast_precision_loss)] // rates for people
        for (_, count) in self.tables.values_mut() {
            count.per_second = (count.delivered - count.before) as f64 / seconds;
            count.before = count.delivered;
            rows += count.delivered;
        }
        let cpu_ns = host::cpu_ns();
        #[allow(clippy::cast_precision_loss)]
        let (cpu_percent, per_second) = (
            (cpu_ns - self.pulse.cpu_ns) as f64 / seconds / 1e7,
            (rows - self.pulse.rows) as f64 / seconds,
        );
        self.pulse = Pulse { at: Instant::now(), cpu_ns, rows };
        let memory_bytes = host::rss_bytes();
        self.shed(Use { cpu_percent, memory_bytes: u64::try_from(memory_bytes).unwrap_or(0) });
        State {
            status: Status {
                pid: std::process::id(),
                version: env!("CARGO_PKG_VERSION").into(),
                start_time: self.started,
                heartbeat: now,
                mode: self.options.mode.into(),
                config_version: self.filtering.version(),
                config_hash: self.options.configured.hash.clone(),
                state: word.into(),
                rss_bytes: memory_bytes,
                cpu_percent,
                events_per_second: per_second,
                shed_tables: self.shedding.shed().join(", "),
                message: self.messages(),
            },
            hooks: self.hooks(),
            loss: lines.into_iter().map(loss_row).collect(),
            tables: self.table_states(),
            captured_until: self.captured_until,
            degraded: self.degraded.clone(),
            filters: self.filter_states(now),
            config: self.options.configured.rows.clone(),
        }
    }

    /// Gives tables up, or takes them back, by what was used since the last heartbeat. A replay gives up nothing.
    fn shed(&mut self, used: Use) {
        let rates = self.tables.iter();
        let rates =
            rates.map(|(name, (table, count))| (*name, (table.kind, count.per_second))).collect();
        let budget = match self.options.mode {
            REPLAY => Budget::default(),
            _ => self.options.configured.budget,
        };
        if !self.shedding.beat(budget, used, &rates) {
            return;
        }
        let shed = self.shedding.shed();
        for publisher in &mut self.publishers {
            publisher.shed(shed);
        }
        tracing::warn!(
            cpu_percent = used.cpu_percent,
            memory_bytes = used.memory_bytes,
            shed = shed.join(", "),
            "over or under the budget: the tables that are given up have changed"
        );
        if shed.is_empty() {
            self.remarks.remove(SHED_REMARK);
        } else {
            let text = format!("over budget: no events of {}", shed.join(", "));
            self.remarks.insert(SHED_REMARK, text);
        }
    }

    fn filter_states(&mut self, now: i64) -> Vec<FilterState> {
        let early: Vec<RuleCount> =
            self.publishers.iter().flat_map(|publisher| publisher.rule_counts()).collect();
        self.filtering.note_early(&early, now);
        self.filtering.states(&early)
    }

    fn hooks(&self) -> Vec<Hook> {
        let hooks = self.publishers.iter().flat_map(|publisher| publisher.hooks());
        hooks
            .map(|hook| Hook {
                hook: hook.hook,
                event_table: hook.event_table.into(),
                tier: hook.tier.into(),
                mechanism: hook.mechanism.into(),
                state: hook.state.word().into(),
                error: hook.error,
                reason: hook.reason,
                run_count: hook.run_count,
                avg_ns: hook.avg_ns,
            })
            .collect()
    }

    fn table_states(&self) -> Vec<TableState> {
        let states = self.publishers.iter().flat_map(|publisher| publisher.table_states());
        let gaps = evtables_schema::table("evtables_gaps");
        let gaps = gaps.map(|table| TableStatus { table, reason: None });
        // A table that several publishers fill is on when one of them fills it.
        let mut told: Vec<TableStatus> = Vec::new();
        for state in states.chain(gaps) {
            match told.iter_mut().find(|other| other.table == state.table) {
                Some(other) => other.reason = other.reason.take().and(state.reason),
                None => told.push(state),
            }
        }
        told.into_iter()
            .map(|TableStatus { table, reason }| TableState {
                name: table.name.into(),
                state: if reason.is_none() { "on".into() } else { "off".into() },
                reason,
                registered_as: self.registered_as.get(table.name).cloned(),
                events_per_second: self.tables.get(table.name).map_or(0.0, |(_, c)| c.per_second),
            })
            .collect()
    }

    /// All stages, read from the store's end to the kernel's, so that no row is counted twice.
    fn ledger(&self) -> Vec<LossCount> {
        let line = LossCount::new;
        let mut lines = Vec::new();
        for (table, count) in self.tables.values() {
            lines.push(line(table, Stage::Store, Outcome::Delivered, "", count.delivered));
            lines.push(line(table, Stage::Store, Outcome::Lost, "write_failed", count.lost));
            lines.push(line(table, Stage::Enrich, Outcome::Lost, "not_looked_at", count.unseen));
            lines.push(line(table, Stage::Store, Outcome::Incomplete, "null", count.nulls));
        }
        for (table, reason, count) in self.filtering.filtered() {
            lines.push(line(table, Stage::Filter, Outcome::Filtered, reason, count));
        }
        for (name, expired) in self.store.expired() {
            if let Some(table) = evtables_schema::table(&name) {
                lines.push(line(table, Stage::Store, Outcome::Expired, "retention", expired));
            }
        }
        for (table, count) in self.emitter.counts() {
            let (delivered, lost) = self
                .tables
                .get(table.name)
                .map_or((0, 0), |(_, c)| (c.delivered, c.lost + c.unseen));
            let filtered = self.filtering.filtered_of(table);
            let done = count.overflow + delivered + lost + filtered;
            let pending = count.offered.saturating_sub(done);
            lines.push(line(table, Stage::Queue, Outcome::Lost, "overflow", count.overflow));
            lines.push(line(table, Stage::Queue, Outcome::Pending, "", pending));
            if table.columns.iter().any(|column| column.fill == "hash.done") {
                let unhashed = self.hashes.unhashed().load(Ordering::Relaxed);
                lines.push(line(table, Stage::Enrich, Outcome::Incomplete, "no_hash", unhashed));
            }
        }
        lines.extend(self.publishers.iter().flat_map(|publisher| publisher.ledger()));
        lines
    }
}

/// NULLs in columns that are never NULL, by who made the batch.
fn missing_values(batch: &EventBatch) -> u64 {
    let columns = batch.table.columns.iter().enumerate();
    let wanted = columns.filter(|(_, column)| !column.null && column.is_stored());
    wanted.filter_map(|(at, _)| batch.column(at)).map(|array| array.null_count() as u64).sum()
}

fn loss_row(line: LossCount) -> Loss {
    Loss {
        event_table: line.table.name.into(),
        stage: line.stage.word().into(),
        outcome: line.outcome.word().into(),
        reason: line.reason.into(),
        cpu: line.cpu,
        count: line.count,
    }
}

#[cfg(test)]
#[path = "collector_tests.rs"]
mod tests;
