// SPDX-License-Identifier: Apache-2.0
//! Extension mode: the process that osquery starts with `--socket`. Collects, and serves its tables.
//!
//! The tables are registered first and filled when the collector is up. From then on one loop keeps
//! both: it reads osquery's flags each interval, takes over the data dir when another process leaves
//! it, and ends at SIGTERM, when osquery's service stops (Windows), or when osquery is gone for good.

use crate::args::{ExtensionArgs, data_dir};
use crate::config::{Config, Sources};
use crate::core_events::CoreEvents;
use crate::osquery_table::OsqueryTable;
use crate::push::Pusher;
use crate::run;
use crate::second_logger;
use crate::serving::Serving;
use crate::settings::Settings;
use crate::stream::Stream;
use crate::system;
use crate::system_state::{is_of_system, system_state};
use evtables_engine::{Collector, Command, DataDir};
use evtables_osquery::{
    Extension, ExtensionError, ExtensionEvent, ExtensionInfo, ExtensionOptions, Manager, Owner,
    Table,
};
use evtables_schema::{Platform, TableSpec, optimized, tables};
use evtables_sdk::Publisher;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const STEP: Duration = Duration::from_millis(200);
/// Between tries to become the one that collects: while another process does, and after a failure.
const RETRY_BUSY: Duration = Duration::from_secs(1);
const RETRY_FAILED: Duration = Duration::from_secs(60);
/// So long without parent and without osquery's socket: nobody will call us again.
pub(crate) const ORPHANED: Duration = Duration::from_secs(10);
/// Nothing is captured before osquery told its configuration, filters among it; but no longer than this.
const SETTINGS_WAIT: Duration = Duration::from_secs(5);

/// Starts a collector with these settings on this data dir.
pub(crate) type StartCollector =
    dyn Fn(&Path, &Config, Vec<Box<dyn Publisher>>) -> Result<Collector, StartError>;

/// What is captured: changes only with a new collector.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Capture {
    events: bool,
    /// Those of osquery's own tables.
    core: bool,
    sources: Sources,
}

impl Capture {
    fn of(settings: &Settings) -> Self {
        let core = settings.is_logger && settings.config.core_events;
        let sources = settings.config.sources();
        Self { events: settings.capture, core: core && settings.capture, sources }
    }
}

/// Why there is no collector.
pub(crate) enum StartError {
    /// Another process collects into the data dir.
    Busy,
    /// Everything else.
    Failed(String),
}

/// Runs until SIGTERM. `shutdown` from core alone does not end us: a worker that was killed sends it
/// too, and comes back.
pub(crate) fn run(args: &ExtensionArgs, socket: &Path) -> Result<(), String> {
    let dir = match &args.replay {
        Some(dir) => dir.clone(),
        None => data_dir(args.data_dir.as_ref())?,
    };
    let served = if args.replay.is_some() { REPLAYED } else { SERVED };
    let parent = std::env::var_os("OSQUERY_EXTENSION").and_then(|_| system::parent_id());
    let interval = Duration::from_secs(args.interval.max(1));
    let mut host = Host::serve(&dir, socket, interval, served).map_err(|e| e.to_string())?;
    let stop = system::stop_flag()?;
    if let Some(parent) = parent {
        tracing::info!("started by {} (process {parent})", system::image_of(parent));
    }
    system::watch_service(args.service.as_deref(), parent, &stop);
    let (subtree, replays) = (args.subtree, args.replay.is_some());
    let start = move |dir: &Path, config: &Config, more: Vec<Box<dyn Publisher>>| {
        if replays {
            return Err(StartError::Failed("they are a replay".into()));
        }
        run::start_collector(dir, config, (subtree, "extension"), more)
    };
    host.keep(&start, &stop, parent);
    host.stop()
}

/// The extension and what it serves.
pub(crate) struct Host {
    dir: PathBuf,
    socket: PathBuf,
    interval: Duration,
    pub(crate) serving: Arc<Serving>,
    extension: Extension,
    manager: Manager,
    collector: Option<Collector>,
    /// What the collector was started with.
    capture: Capture,
    /// Ends before the collector does.
    pusher: Option<Pusher>,
    retry_at: Instant,
    orphaned_since: Option<Instant>,
    pub(crate) orphaned_after: Duration,
    pub(crate) capture_after: Instant,
}

impl Host {
    /// Registers the tables of these platforms, as soon as osquery is there; they wait for the data dir.
    pub(crate) fn serve(
        dir: &Path,
        socket: &Path,
        interval: Duration,
        served: Served,
    ) -> Result<Self, ExtensionError> {
        let serving = Arc::new(Serving::new(dir, socket));
        let served = tables_of(served, &serving);
        let info = ExtensionInfo::new("evtables", env!("CARGO_PKG_VERSION"));
        let mut options = ExtensionOptions::new(socket, info);
        options.interval = interval;
        let owner = Arc::new(Registrations {
            serving: Arc::clone(&serving),
            socket: socket.to_owned(),
            waiting: Mutex::default(),
        });
        let plugins = vec![second_logger::plugin(&serving)];
        let extension = Extension::start(options, served, plugins, owner)?;
        let manager = serving.asker.manager();
        let serving_settings = serving.settings();
        let pusher = Pusher::start(Arc::clone(&serving), socket);
        let pusher = pusher.map_err(|e| tracing::error!("no push: {e}")).ok();
        Ok(Self {
            dir: dir.to_owned(),
            socket: socket.to_owned(),
            interval,
            serving,
            extension,
            manager,
            collector: None,
            capture: Capture::of(&serving_settings),
            pusher,
            retry_at: Instant::now(),
            orphaned_since: None,
            orphaned_after: ORPHANED,
            capture_after: Instant::now() + SETTINGS_WAIT,
        })
    }

    /// Until told to stop, or until osquery is gone for good.
    pub(crate) fn keep(&mut self, start: &StartCollector, stop: &AtomicBool, parent: Option<u32>) {
        let mut read_at = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            if Instant::now() >= read_at {
                read_at = Instant::now() + self.interval;
                self.read_settings(start);
                self.serving.save_calls();
            }
            if self.collector.as_ref().is_some_and(|collector| !collector.is_running()) {
                tracing::error!("the collector stopped by itself: see the log above");
                self.collector = None;
                self.retry_at = Instant::now() + RETRY_BUSY;
            }
            if self.collector.is_none() && Instant::now() >= self.retry_at && self.may_capture() {
                self.collect(start);
            }
            self.serving.sweep();
            if self.is_orphaned(parent) {
                tracing::warn!("osquery is gone for good; ending");
                return;
            }
            std::thread::park_timeout(STEP);
        }
    }

    /// Takes leave of osquery, then drains and closes the store.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        self.pusher = None;
        self.extension.stop();
        self.serving.save_calls();
        match self.collector {
            Some(collector) => collector.stop().map_err(|e| format!("failed to stop cleanly: {e}")),
            None => Ok(()),
        }
    }

    fn read_settings(&mut self, start: &StartCollector) {
        let before = self.serving.settings();
        let Some(now) = before.read(&mut self.manager) else { return };
        if *before == now {
            self.serving.set_settings(now);
            return;
        }
        if before.remark != now.remark {
            self.serving.tell(Command::Remark("settings", now.remark.clone()));
        }
        if before.retention != now.retention {
            self.serving.tell(Command::Retain(now.retention.clone()));
        }
        if before.config != now.config {
            self.serving.tell(Command::Configure(Box::new(now.config.configured())));
        }
        let capture = Capture::of(&now);
        let versions = (before.host.version.clone(), now.host.version.clone());
        self.serving.set_settings(now);
        if versions.0 != versions.1 {
            self.serving.tell(Command::Degraded(self.serving.degraded()));
        }
        // Sources are attached when a collector starts.
        if self.collector.is_some() && self.capture != capture {
            if let Some(collector) = self.collector.take()
                && let Err(error) = collector.stop()
            {
                tracing::error!("failed to stop cleanly: {error}");
            }
            self.collect(start);
        }
    }

    fn may_capture(&self) -> bool {
        self.serving.are_settings_read() || Instant::now() >= self.capture_after
    }

    fn collect(&mut self, start: &StartCollector) {
        let settings = self.serving.settings();
        let mut config =
            Config { retention: settings.retention.clone(), ..settings.config.clone() };
        config.sources_enabled &= settings.capture;
        self.capture = Capture::of(&settings);
        let core = (self.capture.events && self.capture.core)
            .then(|| CoreEvents::new(Arc::clone(&self.serving.core_events), &self.socket));
        let more = core.into_iter().map(|core| Box::new(core) as Box<dyn Publisher>).collect();
        match start(&self.dir, &config, more) {
            Ok(collector) => {
                let source = DataDir::with_reader(&self.dir, collector.reader());
                let source = source.with_system(system_state());
                self.serving.set_ready(source, Some(collector.commands()));
                self.serving.tell(Command::Remark("settings", settings.remark.clone()));
                self.serving.tell(Command::Degraded(self.serving.degraded()));
                if !self.serving.are_settings_read() {
                    tracing::warn!(
                        "osquery does not tell its configuration: capturing without filters"
                    );
                }
                let off = if settings.capture { "" } else { "disable_events is set: no capture" };
                self.serving.tell(Command::Remark("capture", off.to_owned()));
                self.collector = Some(collector);
            }
            Err(StartError::Busy) => {
                self.retry_at = Instant::now() + RETRY_BUSY;
                self.read_only("another process collects into this data dir; read only here");
            }
            Err(StartError::Failed(reason)) => {
                self.retry_at = Instant::now() + RETRY_FAILED;
                self.read_only(&format!("serving stored events only: {reason}"));
            }
        }
    }

    fn read_only(&self, reason: &str) {
        if !self.serving.set_read_only(reason) {
            return;
        }
        tracing::warn!("{reason}");
        match DataDir::open(&self.dir) {
            Ok(source) => self.serving.set_ready(source.with_system(system_state()), None),
            Err(error) => self.serving.set_failed(format!("{reason}; {error}")),
        }
    }

    /// Our parent, osquery's watcher, died, and no other serves the socket.
    fn is_orphaned(&mut self, parent: Option<u32>) -> bool {
        let alone = parent.is_some()
            && system::parent_id() != parent
            && self.extension.report().is_none()
            && !evtables_osquery::is_served(&self.socket);
        if !alone {
            self.orphaned_since = None;
            return false;
        }
        self.orphaned_since.get_or_insert_with(Instant::now).elapsed() > self.orphaned_after
    }
}

/// The tables of these platforms, by all their names.
fn tables_of(wanted: Served, serving: &Arc<Serving>) -> Vec<Arc<dyn Table>> {
    let platforms = wanted.platforms;
    let mut served: Vec<Arc<dyn Table>> = Vec::new();
    let is_here = |table: &&&'static TableSpec| {
        platforms.contains(&table.platform) && (wanted.is_live || !is_of_system(table))
    };
    for table in tables().iter().filter(is_here) {
        let by_name = || OsqueryTable::new(table, Arc::clone(serving));
        served.push(Arc::new(by_name()));
        if let Some(other) = optimized::other_name(table) {
            served.push(Arc::new(by_name().named(other)));
        }
    }
    if platforms.contains(&Platform::Windows) {
        served.push(Arc::new(Stream::new(Arc::clone(serving))));
    }
    served
}

#[cfg(target_os = "linux")]
const HERE: Platform = Platform::Linux;
#[cfg(not(target_os = "linux"))]
const HERE: Platform = Platform::Windows;
/// Which tables are served.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Served {
    platforms: &'static [Platform],
    /// Whether what this system is like belongs to it.
    is_live: bool,
}

/// Tables that have rows here.
pub(crate) const SERVED: Served = Served { platforms: &[HERE, Platform::Any], is_live: true };
/// The same of a replayed data dir, whatever this system is.
pub(crate) const REPLAYED: Served =
    Served { platforms: &[Platform::Windows, Platform::Any], is_live: false };

/// Takes note of what happens with osquery, and says it in the log.
struct Registrations {
    serving: Arc<Serving>,
    socket: PathBuf,
    /// Why the last try to register failed; empty when it did not.
    waiting: Mutex<String>,
}

impl Registrations {
    /// Whether that is new.
    fn set_waiting(&self, reason: &str) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *waiting != reason;
        reason.clone_into(&mut waiting);
        is_new
    }

    /// Whoever may serve the socket may be another program than osquery: a person should know.
    fn tell_server(&self) {
        let Some(pid) = evtables_osquery::server_pid(&self.socket) else { return };
        let image = system::image_of(pid);
        match is_osquery(&image) {
            true => tracing::info!("osquery is {image} (process {pid})"),
            false => tracing::warn!(
                "the socket is served by {image} (process {pid}), no osquery by its name"
            ),
        }
    }
}

/// By the name of its program.
fn is_osquery(image: &str) -> bool {
    let name = image.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("osquery")
}

impl Owner for Registrations {
    fn event(&self, event: ExtensionEvent) {
        match event {
            ExtensionEvent::Registered(report) => {
                tracing::info!("registered with osquery as {}", report.uuid);
                self.set_waiting("");
                self.tell_server();
                let mut names = std::collections::BTreeMap::new();
                for table in report.tables {
                    match &table.registered_as {
                        Some(name) if *name == table.name => {}
                        Some(name) => {
                            tracing::warn!("{} is served as {name}: its name is taken", table.name);
                        }
                        None => tracing::warn!("{} is left out: its name is taken", table.name),
                    }
                    names.extend(table.registered_as.map(|name| (table.name, name)));
                }
                self.serving.set_registered_as(names);
            }
            ExtensionEvent::Waiting { reason } => {
                // Once, not at each try.
                if self.set_waiting(&reason) {
                    tracing::info!("waiting for osquery: {reason}");
                }
            }
            ExtensionEvent::Lost { reason } => tracing::warn!("osquery dropped us: {reason}"),
            ExtensionEvent::ShutdownAsked => {
                tracing::info!("osquery asked to shut down; still collecting");
            }
        }
    }

    fn other_name(&self, table: &str) -> Option<String> {
        (!table.starts_with("evtables_")).then(|| format!("evtables_{table}"))
    }
}

#[cfg(test)]
#[path = "extension_tests.rs"]
mod tests;
