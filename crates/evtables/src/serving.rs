// SPDX-License-Identifier: Apache-2.0
//! What the tables of extension mode share: the data dir once it is there, cursors, kept rows, the
//! record of calls and the settings in force. Tables are registered before any of it is ready.

use crate::executing::Asker;
use crate::kept::KeptCache;
use crate::second_logger;
use crate::settings::Settings;
use arrow_array::RecordBatch;
use evtables_engine::consumers::{Asking, Calls, Cursors, Run, calls_path, consumers_path};
use evtables_engine::state_tables::Readers;
use evtables_engine::{Command, DataDir, Gap, ScanSpec, SourceError, host};
use evtables_osquery::{CoreVersion, LogQueue, degraded};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a query waits for the data dir at start.
const READY_WAIT: Duration = Duration::from_secs(1);

/// Whether events can be read.
#[derive(Clone)]
enum Stored {
    /// Not yet.
    Starting,
    /// From here.
    Ready(DataDir),
    /// Not, because of this.
    Failed(String),
}

/// One per extension process.
pub(crate) struct Serving {
    stored: Mutex<Stored>,
    changed: Condvar,
    pub(crate) asker: Asker,
    /// Held while a window is chosen: calls of one run that come at once get the same.
    pub(crate) cursors: Mutex<Cursors>,
    pub(crate) calls: Calls,
    pub(crate) kept: KeptCache,
    /// Events of osquery's own tables on their way.
    pub(crate) core_events: Arc<LogQueue>,
    settings: Mutex<(Arc<Settings>, bool)>,
    settings_read: Condvar,
    commands: Mutex<Option<crossbeam_channel::Sender<Command>>>,
    /// Names under which osquery has the tables.
    registered_as: Mutex<BTreeMap<String, String>>,
    /// Why this process only reads; empty when it collects.
    read_only: Mutex<String>,
    calls_path: PathBuf,
}

impl Serving {
    /// Cursors belong to the osquery at `socket`: two that share a data dir do not share them.
    pub(crate) fn new(dir: &Path, socket: &Path) -> Self {
        let digest = Sha256::digest(socket.as_os_str().as_encoded_bytes());
        let reader: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self {
            stored: Mutex::new(Stored::Starting),
            changed: Condvar::new(),
            asker: Asker::new(socket),
            cursors: Mutex::new(Cursors::open(&consumers_path(dir, &reader), host::now_seconds)),
            calls: Calls::default(),
            kept: KeptCache::default(),
            core_events: second_logger::queue(),
            settings: Mutex::new((Arc::new(Settings::standard()), false)),
            settings_read: Condvar::new(),
            commands: Mutex::new(None),
            registered_as: Mutex::new(BTreeMap::new()),
            read_only: Mutex::new(String::new()),
            calls_path: calls_path(dir, &reader),
        }
    }

    /// From now on events are read here; `commands` leads to the collector, when it is ours.
    pub(crate) fn set_ready(
        &self,
        source: DataDir,
        commands: Option<crossbeam_channel::Sender<Command>>,
    ) {
        let names = lock(&self.registered_as).clone();
        if let Some(commands) = &commands {
            // A full channel: the collector says its names at the next registration.
            let _ = commands.try_send(Command::RegisteredAs(names));
            lock(&self.read_only).clear();
        }
        *lock(&self.commands) = commands;
        *lock(&self.stored) = Stored::Ready(source);
        self.changed.notify_all();
    }

    /// Events cannot be read, for a reason that completes "evtables: …".
    pub(crate) fn set_failed(&self, reason: String) {
        *lock(&self.stored) = Stored::Failed(reason);
        self.changed.notify_all();
    }

    /// Says in `evtables_status` why this process collects nothing; whether that is news.
    pub(crate) fn set_read_only(&self, reason: &str) -> bool {
        let mut before = lock(&self.read_only);
        let is_news = *before != reason;
        reason.clone_into(&mut before);
        is_news
    }

    /// Where events are; `None` while the start takes longer than a second.
    pub(crate) fn data_dir(&self) -> Result<Option<DataDir>, SourceError> {
        let stored = lock(&self.stored);
        let waited = self
            .changed
            .wait_timeout_while(stored, READY_WAIT, |stored| matches!(stored, Stored::Starting));
        match &*waited.unwrap_or_else(PoisonError::into_inner).0 {
            Stored::Starting => Ok(None),
            Stored::Ready(source) => Ok(Some(source.clone())),
            Stored::Failed(reason) => Err(SourceError(reason.clone())),
        }
    }

    pub(crate) fn settings(&self) -> Arc<Settings> {
        lock(&self.settings).0.clone()
    }

    /// The settings, after a wait for osquery to be asked for the first time.
    pub(crate) fn settings_once_read(&self, wait: Duration) -> Arc<Settings> {
        let settings = lock(&self.settings);
        let waited = self.settings_read.wait_timeout_while(settings, wait, |(_, read)| !*read);
        waited.unwrap_or_else(PoisonError::into_inner).0.0.clone()
    }

    /// Whether osquery was asked with success.
    pub(crate) fn are_settings_read(&self) -> bool {
        lock(&self.settings).1
    }

    /// What osquery said; the same again counts as said.
    pub(crate) fn set_settings(&self, settings: Settings) {
        *lock(&self.settings) = (Arc::new(settings), true);
        self.settings_read.notify_all();
    }

    /// Who asks, for the cursors.
    pub(crate) fn asking(&self, run: Option<Run>) -> Asking {
        let settings = self.settings();
        Asking { run, life: settings.host.life.clone(), acknowledges: settings.is_logger }
    }

    /// What the osquery that we serve lacks.
    pub(crate) fn degraded(&self) -> Vec<String> {
        let version = self.settings().host.version.clone();
        let Some(core) = CoreVersion::parse(&version) else { return Vec::new() };
        let mut messages: Vec<String> = degraded(core)
            .map(|lack| {
                format!(
                    "osquery {version} lacks {} (since {}): {}",
                    lack.feature, lack.since, lack.meaning
                )
            })
            .collect();
        if core < CoreVersion::OLDEST {
            let oldest = CoreVersion::OLDEST;
            messages
                .push(format!("osquery {version} is older than {oldest}, the oldest supported"));
        }
        messages
    }

    pub(crate) fn set_registered_as(&self, names: BTreeMap<String, String>) {
        lock(&self.registered_as).clone_from(&names);
        self.tell(Command::RegisteredAs(names));
    }

    /// The name under which osquery has a table.
    pub(crate) fn name_in_osquery(&self, table: &str) -> String {
        lock(&self.registered_as).get(table).cloned().unwrap_or_else(|| table.to_owned())
    }

    /// To our collector, if there is one.
    pub(crate) fn tell(&self, command: Command) {
        if let Some(commands) = &*lock(&self.commands)
            && commands.try_send(command).is_err()
        {
            tracing::warn!("the collector does not listen");
        }
    }

    pub(crate) fn gap(&self, gap: Gap) {
        self.tell(Command::Gap(gap));
    }

    /// Rows of a state table: what this process knows itself comes from memory.
    pub(crate) fn scan_state(&self, spec: &ScanSpec) -> Result<RecordBatch, SourceError> {
        let Some(source) = self.data_dir()? else {
            return Err(SourceError("evtables is starting".to_owned()));
        };
        let mut readers = Readers { remark: lock(&self.read_only).clone(), ..Readers::default() };
        if spec.table().name == "evtables_status" {
            readers.degraded = self.degraded();
        }
        match spec.table().name {
            "evtables_consumers" => readers.cursors = lock(&self.cursors).list(),
            "evtables_queries" => readers.calls = self.calls.list(),
            _ => {}
        }
        source.scan_state(spec, Some(readers))
    }

    /// What is due several times a second.
    pub(crate) fn sweep(&self) {
        self.kept.sweep();
    }

    /// Shows the calls to other processes.
    pub(crate) fn save_calls(&self) {
        if let Err(error) = self.calls.save(&self.calls_path) {
            tracing::debug!("failed to write {}: {error}", self.calls_path.display());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
