// SPDX-License-Identifier: Apache-2.0
//! [`WindowsPublisher`]: sessions, decoder and counts put together behind `sdk::Publisher`. Where there is no
//! event tracing it starts all the same, and says why no table is filled.

use super::authority::Authority;
use super::facts::{FactCounts, Facts, is_of_files};
use super::functions::{Functions, is_of_threads};
use super::looks::OpenFile;
use super::seeds::{OpenKeys, Seeded, seed};
use super::sessions::{COUNT, LiveSource, SessionState, SessionStatus, Sessions};
use super::{LiveSettings, SessionLosses, Tracing};
use crate::decode::{DecodeSettings, Decoder, tables};
use crate::fields::classes;
use crate::guid::Guid;
use crate::providers::{PROVIDERS, Provider, Session, feeds};
use crate::raw::{Fetched, RawEvent, RawEventSink as _, RawEventSource as _};
use crate::recording::{Machine, describe};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{
    Emitter, HookState, HookStatus, LossCount, Outcome, Publisher, PublisherError, Stage,
    TableStatus,
};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Why a table has no rows that nobody wants.
const OFF: &str = "switched off in evtables.sources.windows.tables";
/// Why nobody looks at frames of the network.
const NO_PACKETS: &str = "not asked for in evtables.sources.windows.packets";
/// Events between two looks at the clock.
const EVENTS_AT_ONCE: usize = 4_096;
/// How long rows wait for their files.
const FILES_WAIT: Duration = Duration::from_millis(500);
/// While nothing comes.
const PAUSE: Duration = Duration::from_millis(20);
/// Rows wait no longer than this for their batch to be full.
const BATCH_AGE_MAX: Duration = Duration::from_millis(200);
/// Between two questions what sessions lost.
const LOSSES_EACH: Duration = Duration::from_secs(1);

/// How a [`WindowsPublisher`] works.
#[derive(Debug, Clone)]
pub struct WindowsOptions {
    /// Name, boot and volumes of this machine.
    pub machine: Machine,
    /// Process whose events are left out: this one, which else would tell of its own writing.
    pub own_pid: Option<u32>,
    /// When no event came for so long, time is taken to go on as the clock does, so that rows that wait for
    /// a record that does not come are delivered; `None`: only events move time.
    pub quiet: Option<Duration>,
    /// Who lists the registry keys that are open already; nobody knows their names without.
    pub keys: Option<Arc<dyn OpenKeys>>,
    /// Opens the files of rows, to hash them and to look at their signatures; `None`: nobody looks.
    pub files: Option<Files>,
    /// Opens the modules in which threads of other processes begin, to name the functions there; `None`: nobody looks.
    pub modules: Option<Files>,
    /// Who is asked whom to trust, and for catalogues; `None`: nobody is trusted, and no catalogue known.
    pub authority: Option<Arc<dyn Authority>>,
    /// What the configuration says.
    pub settings: LiveSettings,
}

/// How files are opened.
#[derive(Clone)]
pub struct Files {
    /// Opens one.
    pub open: Arc<OpenFile>,
    /// How long a batch of rows waits for its files.
    pub wait: Duration,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Files")
    }
}

impl WindowsOptions {
    /// This machine, without this process.
    #[must_use]
    pub fn new(machine: Machine) -> Self {
        let own_pid = Some(std::process::id());
        let open: Arc<OpenFile> = Arc::new(|path: &str| std::fs::File::open(path));
        let files = Files { open, wait: FILES_WAIT };
        Self {
            machine,
            own_pid,
            quiet: Some(Duration::from_millis(500)),
            keys: None,
            files: Some(files.clone()),
            modules: Some(files),
            authority: None,
            settings: LiveSettings::standard(),
        }
    }
}

/// What the decoder's thread counts.
#[derive(Debug, Default)]
struct Counts {
    rows: BTreeMap<&'static str, u64>,
    /// Events by provider.
    events: BTreeMap<Guid, u64>,
    newer: BTreeMap<Guid, u64>,
    panics: u64,
    /// What the last look at open files and keys came to.
    seeded: Seeded,
}

/// Fills the `win_*` tables from live sessions.
pub struct WindowsPublisher {
    tracing: Arc<dyn Tracing>,
    options: WindowsOptions,
    sessions: Option<Arc<Mutex<Sessions>>>,
    counts: Arc<Mutex<Counts>>,
    facts: Arc<FactCounts>,
    ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for WindowsPublisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WindowsPublisher").field("options", &self.options).finish_non_exhaustive()
    }
}

impl WindowsPublisher {
    /// Over this tracing, not started.
    #[must_use]
    pub fn new(tracing: Arc<dyn Tracing>, options: WindowsOptions) -> Self {
        Self {
            tracing,
            options,
            sessions: None,
            counts: Arc::default(),
            facts: Arc::default(),
            ending: Arc::default(),
            thread: None,
        }
    }

    fn status(&self) -> Option<[(Session, SessionStatus); COUNT]> {
        let sessions = self.sessions.as_ref()?;
        Some(sessions.lock().unwrap_or_else(PoisonError::into_inner).status())
    }
}

impl Publisher for WindowsPublisher {
    fn name(&self) -> &'static str {
        "windows"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        tables()
    }

    fn table_states(&self) -> Vec<TableStatus> {
        let hooks = self.hooks();
        let state = |table: &'static TableSpec| {
            let own = || hooks.iter().filter(|hook| hook.event_table == table.name);
            let delivers = own().any(|hook| hook.state == HookState::Attached);
            let reason = own().find_map(|hook| hook.reason.clone()).filter(|_| !delivers);
            let reason =
                if self.options.settings.wants(table) { reason } else { Some(OFF.to_owned()) };
            TableStatus { table, reason }
        };
        tables().into_iter().map(state).collect()
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        let failed = |error: std::io::Error| PublisherError {
            what: "start a thread".into(),
            reason: error.to_string(),
        };
        let sessions = Sessions::start(
            Arc::clone(&self.tracing),
            &self.options.settings,
            self.options.own_pid,
        );
        let sessions = sessions.map_err(failed)?;
        let mut source = sessions.source();
        if self.options.settings.open_handles {
            source.hold();
        }
        let sessions = Arc::new(Mutex::new(sessions));
        let facts = match &self.options.files {
            Some(files) => {
                let counts = Arc::clone(&self.facts);
                let authority = self.options.authority.clone();
                let facts = Facts::start(files.clone(), authority, emitter.clone(), counts);
                Some(facts.map_err(failed)?)
            }
            None => None,
        };
        let functions = match &self.options.modules {
            Some(Files { open, .. }) => {
                Some(Functions::start(Arc::clone(open), emitter.clone()).map_err(failed)?)
            }
            None => None,
        };
        let work = Work {
            facts,
            functions,
            source,
            decoder: Decoder::new(&DecodeSettings {
                host_name: Some(self.options.machine.host_name.clone()),
                boot_ns: Some(self.options.machine.boot_ns),
            }),
            emitter,
            tracing: Arc::clone(&self.tracing),
            keys: self.options.keys.clone(),
            settings: self.options.settings.clone(),
            counts: Arc::clone(&self.counts),
            quiet: self.options.quiet,
            event_ns: None,
            event_at: Instant::now(),
        };
        let (machine, ending) = (self.options.machine.clone(), Arc::clone(&self.ending));
        let polled = Arc::clone(&sessions);
        let thread = std::thread::Builder::new().name("decode".into());
        let thread =
            thread.spawn(move || work.until(&machine, &ending, &polled)).map_err(failed)?;
        self.thread = Some(thread);
        self.sessions = Some(sessions);
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        let status = self.status();
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hooks = Vec::new();
        for provider in PROVIDERS {
            let (state, error, reason) = match self.options.settings.provider(provider) {
                Some(_) => provider_state(provider, status.as_ref(), &counts),
                None if provider.is_capture() => {
                    (HookState::Off, None, Some(NO_PACKETS.to_owned()))
                }
                None => (HookState::Off, None, Some(OFF.to_owned())),
            };
            for table in feeds(provider) {
                let (state, error, reason) = if self.options.settings.wants(table) {
                    (state, error, reason.clone())
                } else {
                    (HookState::Off, None, Some(OFF.to_owned()))
                };
                let attached = state == HookState::Attached;
                let remark = self.facts.remark(table).filter(|_| attached);
                let reason: Vec<String> = reason.into_iter().chain(remark).collect();
                let reason = (!reason.is_empty()).then(|| reason.join("; "));
                hooks.push(HookStatus {
                    hook: provider.name.to_owned(),
                    event_table: table.name,
                    tier: "A",
                    mechanism: "etw",
                    state,
                    error: error.and_then(|code| i32::try_from(code).ok()),
                    reason,
                    run_count: counts.events.get(&provider.guid).copied(),
                    avg_ns: None,
                });
            }
        }
        hooks
    }

    fn ledger(&self) -> Vec<LossCount> {
        let status = self.status();
        let sessions = self.sessions.as_ref();
        let dropped = sessions
            .map(|sessions| sessions.lock().unwrap_or_else(PoisonError::into_inner).dropped());
        let (dropped, dropped_more) = dropped.unwrap_or_default();
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = Vec::new();
        for table in tables() {
            let line = |stage, outcome, reason, count| {
                LossCount::new(table, stage, outcome, reason, count)
            };
            // What was lost before it was looked at may have been of any table of its session or provider.
            let of_sessions =
                status.iter().flatten().filter(|(session, _)| feeds_from(*session, table));
            let (mut losses, mut ended) = (SessionLosses::default(), 0);
            for (_, status) in of_sessions {
                losses.events += status.losses.events;
                losses.buffers += status.losses.buffers;
                ended += status.ended;
            }
            let kinds = dropped.iter().filter(|((provider, _), _)| may_be(table, *provider));
            let full = kinds.map(|(_, count)| count).sum::<u64>() + dropped_more;
            let rows = counts.rows.get(table.name).copied().unwrap_or(0);
            let lost = [
                (Stage::Ring, "events_lost", losses.events),
                (Stage::Ring, "buffers_lost", losses.buffers),
                (Stage::Ring, "session_ended", ended),
                (Stage::Queue, "queue_full", full),
                (Stage::Decode, "panic", counts.panics),
            ];
            let seen = rows + lost.iter().map(|(_, _, count)| count).sum::<u64>();
            lines.push(line(Stage::Decode, Outcome::Seen, "", seen));
            lines.extend(
                lost.into_iter()
                    .filter(|(_, _, count)| *count > 0)
                    .map(|(stage, reason, count)| line(stage, Outcome::Lost, reason, count)),
            );
            let unknown = self.facts.unknown(table);
            if unknown > 0 {
                lines.push(line(Stage::Enrich, Outcome::Incomplete, "no_hash", unknown));
            }
        }
        lines
    }

    fn stop(&mut self) {
        if let Some(sessions) = &self.sessions {
            sessions.lock().unwrap_or_else(PoisonError::into_inner).stop();
        }
        self.ending.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

impl Drop for WindowsPublisher {
    fn drop(&mut self) {
        self.stop();
    }
}

fn feeds_from(session: Session, table: &TableSpec) -> bool {
    let own = PROVIDERS.iter().filter(|provider| provider.session == session);
    own.into_iter().any(|provider| feeds(provider).iter().any(|fed| fed.name == table.name))
}

/// Whether an event of that kind can become a row of the table.
fn may_be(table: &TableSpec, provider: Guid) -> bool {
    let of = PROVIDERS.iter().find(|known| known.guid == provider);
    // Classes of the kernel tell of processes.
    of.map_or(table.name == "win_process_events", |of| {
        feeds(of).iter().any(|fed| fed.name == table.name)
    })
}

/// A provider's state, the number of its error, and what a person should know.
fn provider_state(
    provider: &Provider,
    status: Option<&[(Session, SessionStatus); COUNT]>,
    counts: &Counts,
) -> (HookState, Option<u32>, Option<String>) {
    let status = status.into_iter().flatten().find(|(session, _)| *session == provider.session);
    let Some((session, status)) = status else {
        return (HookState::Off, None, Some("not started".to_owned()));
    };
    match status.state {
        SessionState::Failed(error) => {
            let reason = format!("event tracing is unavailable ({}): {error}", session.name());
            return (HookState::Failed, Some(error.code), Some(reason));
        }
        SessionState::Starting => {
            return (HookState::Off, None, Some(format!("{} is being opened", session.name())));
        }
        SessionState::Unwanted => return (HookState::Off, None, Some(OFF.to_owned())),
        SessionState::Stopped => {
            return (HookState::Off, None, Some(format!("{} was stopped", session.name())));
        }
        SessionState::Open => {}
    }
    if let Some(error) = status.refused.get(&provider.guid) {
        return (HookState::Failed, Some(error.code), Some(error.to_string()));
    }
    let mut remarks = Vec::new();
    if let Some(error) = status.without_kernel
        && provider.session == Session::Process
    {
        remarks.push(format!("no command lines: {error}"));
    }
    remarks.extend(lost(*session, status));
    let seeded = &counts.seeded;
    if let (classes::KERNEL_FILE, Some(error)) = (provider.guid, seeded.files_error) {
        remarks.push(format!("files that were open before have no names: {error}"));
    }
    if let (classes::KERNEL_REGISTRY, Some(error)) = (provider.guid, &seeded.keys_error) {
        remarks.push(format!("keys that were open before have no names: {error}"));
    }
    if let Some(newer) = counts.newer.get(&provider.guid) {
        remarks
            .push(format!("{newer} events of a version newer than known, read by what is known"));
    }
    (HookState::Attached, None, (!remarks.is_empty()).then(|| remarks.join("; ")))
}

/// What a session lost, once, with the tables that each loss stands in the ledger of: of one of them, nobody knows which.
fn lost(session: Session, status: &SessionStatus) -> Option<String> {
    let SessionLosses { events, buffers } = status.losses;
    if events + buffers + status.ended == 0 {
        return None;
    }
    let of: Vec<&str> = tables()
        .into_iter()
        .filter(|table| feeds_from(session, table))
        .map(|table| table.name)
        .collect();
    Some(format!(
        "{} lost {events} events and {buffers} buffers and was ended {} times, each counted for all of {} though it is of one",
        session.name(),
        status.ended,
        of.join(", ")
    ))
}

/// The decoder's thread.
struct Work {
    source: LiveSource,
    decoder: Decoder,
    emitter: Emitter,
    tracing: Arc<dyn Tracing>,
    keys: Option<Arc<dyn OpenKeys>>,
    settings: LiveSettings,
    facts: Option<Facts>,
    functions: Option<Functions>,
    counts: Arc<Mutex<Counts>>,
    quiet: Option<Duration>,
    /// Time of the last event, and when it came.
    event_ns: Option<i64>,
    event_at: Instant,
}

impl Work {
    fn until(mut self, machine: &Machine, ending: &AtomicBool, sessions: &Mutex<Sessions>) {
        let decoder = &mut self.decoder;
        // Before all events: it moves no time.
        let Ok(()) = describe(machine, i64::MIN, &mut |event| {
            decoder.event(event);
            Ok::<(), std::convert::Infallible>(())
        });
        let mut batches = Vec::new();
        let (mut taken_at, mut polled_at) = (Instant::now(), Instant::now());
        loop {
            let last = ending.load(Ordering::Acquire);
            if last {
                self.source.release();
            } else {
                self.seed();
            }
            while self.fetch() {
                self.decoder.take_full(&mut batches);
                self.send(&mut batches);
                if polled_at.elapsed() >= LOSSES_EACH {
                    break;
                }
            }
            if polled_at.elapsed() >= LOSSES_EACH && !last {
                polled_at = Instant::now();
                // While somebody stops them there is nothing to be asked.
                if let Ok(sessions) = sessions.try_lock() {
                    sessions.poll_losses();
                }
                self.note();
            }
            if last && !self.fetch() {
                break;
            }
            if taken_at.elapsed() >= BATCH_AGE_MAX {
                taken_at = Instant::now();
                self.tick();
                self.decoder.take_all(&mut batches);
                self.send(&mut batches);
            }
            if !last {
                std::thread::park_timeout(PAUSE);
            }
        }
        self.decoder.finish(&mut batches);
        self.send(&mut batches);
        self.note();
    }

    /// Each time that the session of files and registry is opened, before its events are read: what is open already.
    fn seed(&mut self) {
        if !self.source.opened() {
            return;
        }
        let decoder = &mut self.decoder;
        // Before all events: it moves no time.
        let seeded = seed(&self.tracing, self.keys.as_deref(), i64::MIN, &mut |event| {
            decoder.event(event);
        });
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).seeded = seeded;
    }

    /// Whether there was something.
    fn fetch(&mut self) -> bool {
        let (decoder, event_ns) = (&mut self.decoder, &mut self.event_ns);
        let counts = Arc::clone(&self.counts);
        let mut events: BTreeMap<Guid, u64> = BTreeMap::new();
        let mut panics = 0;
        let fetched = self.source.fetch(EVENTS_AT_ONCE, &mut |event: &RawEvent<'_>| {
            *events.entry(event.provider).or_default() += 1;
            *event_ns = Some(event.time_ns);
            let decoded = catch_unwind(AssertUnwindSafe(|| decoder.event(event)));
            panics += u64::from(decoded.is_err());
        });
        let came = matches!(fetched, Ok(Fetched::Events(_)));
        if came {
            self.event_at = Instant::now();
            let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts.panics += panics;
            for (provider, count) in events {
                *counts.events.entry(provider).or_default() += count;
            }
        }
        came
    }

    /// Time goes on though no event comes.
    fn tick(&mut self) {
        let (Some(quiet), Some(event_ns)) = (self.quiet, self.event_ns) else { return };
        let silent = self.event_at.elapsed();
        if silent >= quiet {
            let silent = i64::try_from(silent.as_nanos()).unwrap_or(i64::MAX);
            self.decoder.tick(event_ns.saturating_add(silent));
        }
    }

    fn send(&mut self, batches: &mut Vec<EventBatch>) {
        for batch in batches.drain(..).filter(|batch| self.settings.wants(batch.table)) {
            let rows = u64::try_from(batch.rows).unwrap_or(0);
            {
                // Before it can be received, so that "seen" never lags behind "delivered".
                let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
                *counts.rows.entry(batch.table.name).or_default() += rows;
            }
            match (&self.facts, &self.functions) {
                (Some(facts), _) if is_of_files(batch.table) => facts.send(batch),
                (_, Some(functions)) if is_of_threads(batch.table) => functions.send(batch),
                _ => drop(self.emitter.send(batch)),
            }
        }
    }

    fn note(&mut self) {
        let mut newer = BTreeMap::new();
        for (kind, count) in &self.decoder.counts().newer {
            *newer.entry(kind.provider).or_default() += count;
        }
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).newer = newer;
    }
}
