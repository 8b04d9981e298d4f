// SPDX-License-Identifier: Apache-2.0
//! An extension at work: registers its tables, serves them on the socket of its uuid, looks each
//! interval whether core still knows it, and registers again when not. It never gives up and never
//! ends the process: what a shutdown request or a lost core means is decided by its [`Owner`].

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::counters::{Counters, ServerCounters};
use crate::manager::{Interrupt, Manager, ManagerError, ManagerOptions};
use crate::message::{ExtensionInfo, Uuid};
use crate::server::{Server, ServerError, ServerLimits};
use crate::service::{ExtensionService, Items, TableItem};
use crate::table::{Plugin, Table};
use crate::transport;
use crate::wire::WireError;

#[cfg(test)]
mod tests;

/// The question that tells which table names are taken.
pub(crate) const TABLE_NAMES_SQL: &str = "SELECT name FROM osquery_registry WHERE registry='table'";
/// First pause after a failed try; it doubles up to `back_off_max`.
const BACK_OFF_FIRST: Duration = Duration::from_millis(100);
/// For the farewell to core when we stop.
const FAREWELL_TIMEOUT: Duration = Duration::from_millis(150);
/// Longest path of core's socket: ours is longer by the dot and the uuid.
const SOCKET_BYTES_MAX: usize = transport::SOCKET_BYTES_MAX - ".65535".len();

/// How an extension runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionOptions {
    /// Core's socket (`--socket`).
    pub manager_socket: PathBuf,
    /// Who we are.
    pub info: ExtensionInfo,
    /// How often we look whether core still knows us (`--interval`).
    pub interval: Duration,
    /// Longest pause between tries to register.
    pub back_off_max: Duration,
    /// For asking core.
    pub manager: ManagerOptions,
    /// For being asked by core.
    pub server: ServerLimits,
}

impl ExtensionOptions {
    /// Looks every 3 s, tries again after 5 s at most.
    pub fn new(manager_socket: impl Into<PathBuf>, info: ExtensionInfo) -> ExtensionOptions {
        ExtensionOptions {
            manager_socket: manager_socket.into(),
            info,
            interval: Duration::from_secs(3),
            back_off_max: Duration::from_secs(5),
            manager: ManagerOptions::CORE,
            server: ServerLimits::CORE,
        }
    }
}

/// What an extension tells its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtensionEvent {
    /// Core knows us and we serve; also after every new registration.
    Registered(Report),
    /// A try to register failed; the next follows by itself.
    Waiting {
        /// Why.
        reason: String,
    },
    /// Core dropped us or is gone; we try to register again.
    Lost {
        /// Why.
        reason: String,
    },
    /// Core sent `shutdown`. A killed worker sends it too, while the watcher lives on.
    ShutdownAsked,
}

/// The one that an extension works for. Called from the extension's threads: be quick.
pub trait Owner: Send + Sync {
    /// Something happened.
    fn event(&self, event: ExtensionEvent);

    /// Another name for a table whose name is taken by core or by another extension; `None` leaves
    /// the table out.
    fn other_name(&self, table: &str) -> Option<String> {
        let _ = table;
        None
    }
}

/// A function that takes the events; taken table names are left out.
impl<F: Fn(ExtensionEvent) + Send + Sync> Owner for F {
    fn event(&self, event: ExtensionEvent) {
        self(event);
    }
}

/// Outcome of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Our number.
    pub uuid: Uuid,
    /// The socket that we serve.
    pub socket: PathBuf,
    /// One entry per table, in the order given.
    pub tables: Vec<TableReport>,
}

/// What became of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReport {
    /// The table's own name.
    pub name: String,
    /// The name under which core knows it; `None` when it was left out.
    pub registered_as: Option<String>,
}

/// Why an extension could not start at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtensionError {
    /// Core would refuse everything because of this table.
    #[error("failed to declare table {table}: {reason}")]
    Table {
        /// The table.
        table: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No room for the uuid in the path of a socket.
    #[error("failed to use the socket {path}: longer than {SOCKET_BYTES_MAX} bytes")]
    SocketPath {
        /// Core's socket.
        path: PathBuf,
    },
    /// No thread.
    #[error("failed to start a thread: {0}")]
    Thread(std::io::Error),
}

/// A running extension. Dropping it stops it.
#[derive(Debug)]
pub struct Extension {
    shared: Arc<Shared>,
    interrupt: Interrupt,
    watcher: Option<JoinHandle<()>>,
}

impl Extension {
    /// Starts to register and serve, in its own threads. Core need not be there yet.
    ///
    /// # Errors
    /// [`ExtensionError`] for what no waiting can mend.
    pub fn start(
        options: ExtensionOptions,
        tables: Vec<Arc<dyn Table>>,
        plugins: Vec<Arc<dyn Plugin>>,
        owner: Arc<dyn Owner>,
    ) -> Result<Extension, ExtensionError> {
        check_tables(&tables)?;
        if options.manager_socket.as_os_str().len() > SOCKET_BYTES_MAX {
            return Err(ExtensionError::SocketPath { path: options.manager_socket });
        }
        let shared = Arc::<Shared>::default();
        let manager = Manager::new(&options.manager_socket, options.manager);
        let interrupt = manager.interrupt_handle();
        let tables = tables.into_iter().map(NamedTable::new).collect();
        let owner = GuardedOwner(owner);
        let shutdown_to = owner.clone();
        let watch = Watch {
            on_shutdown: Arc::new(move || shutdown_to.tell(ExtensionEvent::ShutdownAsked)),
            options,
            tables,
            plugins,
            owner,
            manager,
            taken: BTreeSet::new(),
            shared: Arc::clone(&shared),
        };
        let watcher = thread::Builder::new()
            .name("osquery-extension".to_owned())
            .spawn(move || watch.run())
            .map_err(ExtensionError::Thread)?;
        Ok(Extension { shared, interrupt, watcher: Some(watcher) })
    }

    /// The registration in force, if any.
    pub fn report(&self) -> Option<Report> {
        self.shared.state().report.clone()
    }

    /// Waits until core knows us; `None` when that took longer than `timeout`.
    pub fn wait_registered(&self, timeout: Duration) -> Option<Report> {
        let deadline = Instant::now() + timeout;
        let mut state = self.shared.state();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if state.report.is_some() || left.is_zero() {
                return state.report.clone();
            }
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// What was served since the start, over all registrations.
    pub fn counters(&self) -> ServerCounters {
        self.shared.counters.read()
    }

    /// Takes leave of core, stops serving and removes the socket; returns within some 300 ms.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.state().stopping = true;
        self.shared.changed.notify_all();
        self.interrupt.interrupt();
        if let Some(watcher) = self.watcher.take() {
            // A panic there was reported by the panic hook; its server stopped with it.
            let _ = watcher.join();
        }
    }
}

impl Drop for Extension {
    fn drop(&mut self) {
        self.end();
    }
}

/// Path of the socket on which the extension with this number listens.
pub fn extension_socket(manager_socket: &Path, uuid: Uuid) -> PathBuf {
    let mut path = manager_socket.as_os_str().to_owned();
    path.push(format!(".{uuid}"));
    path.into()
}

fn check_tables(tables: &[Arc<dyn Table>]) -> Result<(), ExtensionError> {
    let mut names = HashSet::new();
    for table in tables {
        let wrong = |reason| Err(ExtensionError::Table { table: table.name().to_owned(), reason });
        if table.columns().is_empty() {
            return wrong("it has no columns");
        }
        let mut columns = HashSet::new();
        if !table.columns().iter().all(|column| columns.insert(&column.name)) {
            return wrong("a column stands there twice");
        }
        if !names.insert(table.name()) {
            return wrong("it stands there twice");
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct State {
    stopping: bool,
    report: Option<Report>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_report(&self, report: Option<Report>) {
        self.state().report = report;
        self.changed.notify_all();
    }

    /// Waits; `false` when the extension stops.
    fn pause(&self, time: Duration) -> bool {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, time, |state| !state.stopping);
        !waited.unwrap_or_else(PoisonError::into_inner).0.stopping
    }

    fn stopping(&self) -> bool {
        self.state().stopping
    }
}

/// The owner, whose panics end here.
#[derive(Clone)]
struct GuardedOwner(Arc<dyn Owner>);

impl GuardedOwner {
    fn tell(&self, event: ExtensionEvent) {
        if catch_unwind(AssertUnwindSafe(|| self.0.event(event))).is_err() {
            tracing::error!("the owner of the extension panicked at an event");
        }
    }

    fn other_name(&self, table: &str) -> Option<String> {
        catch_unwind(AssertUnwindSafe(|| self.0.other_name(table))).unwrap_or_else(|_| {
            tracing::error!(table, "the owner of the extension panicked at a taken name");
            None
        })
    }
}

struct NamedTable {
    name: String,
    item: Arc<TableItem>,
}

impl NamedTable {
    fn new(table: Arc<dyn Table>) -> NamedTable {
        NamedTable { name: table.name().to_owned(), item: Arc::new(TableItem::new(table)) }
    }
}

/// Why a try to register failed.
#[derive(Debug, thiserror::Error)]
enum RegisterError {
    #[error(transparent)]
    Manager(#[from] ManagerError),
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error("core still knows an extension named {0}")]
    NameTaken(String),
    #[error("a table or plug-in panicked while it was declared")]
    Panicked,
}

/// The thread that registers and looks after the registration.
struct Watch {
    options: ExtensionOptions,
    tables: Vec<NamedTable>,
    plugins: Vec<Arc<dyn Plugin>>,
    owner: GuardedOwner,
    on_shutdown: Arc<dyn Fn() + Send + Sync>,
    manager: Manager,
    /// Names that core or others have.
    taken: BTreeSet<String>,
    shared: Arc<Shared>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Watch").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Watch {
    fn run(mut self) {
        let mut back_off = BACK_OFF_FIRST;
        while !self.shared.stopping() {
            let registered = catch_unwind(AssertUnwindSafe(|| self.register()));
            match registered.unwrap_or(Err(RegisterError::Panicked)) {
                Ok((server, report)) => {
                    back_off = BACK_OFF_FIRST;
                    let uuid = report.uuid;
                    self.shared.set_report(Some(report.clone()));
                    self.owner.tell(ExtensionEvent::Registered(report));
                    let lost = self.hold(uuid);
                    self.shared.set_report(None);
                    match lost {
                        Some(reason) => self.owner.tell(ExtensionEvent::Lost { reason }),
                        None => self.farewell(uuid),
                    }
                    drop(server);
                }
                Err(_) if self.shared.stopping() => return,
                Err(error) => {
                    self.owner.tell(ExtensionEvent::Waiting { reason: error.to_string() });
                    self.shared.pause(back_off);
                    back_off = (back_off * 2).min(self.options.back_off_max);
                }
            }
        }
    }

    /// One registration, with as many tables as core takes.
    fn register(&mut self) -> Result<(Server, Report), RegisterError> {
        let name = &self.options.info.name;
        if self.manager.extensions()?.values().any(|info| info.name == *name) {
            return Err(RegisterError::NameTaken(name.clone()));
        }
        self.taken = match self.manager.query(TABLE_NAMES_SQL) {
            Ok(rows) => rows.into_iter().filter_map(|mut row| row.remove("name")).collect(),
            // Without the list, refusals tell the names one by one.
            Err(ManagerError::Refused(_)) => BTreeSet::new(),
            Err(error) => return Err(error.into()),
        };
        // Every refusal that leads to a new try takes one name away.
        loop {
            let (items, tables) = self.choose_names();
            match self.manager.register(&self.options.info, &items.registry()) {
                Ok(uuid) => return self.serve(uuid, items, tables),
                Err(ManagerError::Refused(status)) => match conflicting_item(&status.message) {
                    Some(item)
                        if items.tables.contains_key(item)
                            && self.taken.insert(item.to_owned()) => {}
                    _ => return Err(ManagerError::Refused(status).into()),
                },
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn choose_names(&self) -> (Items, Vec<TableReport>) {
        let mut items = Items { plugins: self.plugins.clone(), ..Items::default() };
        let mut reports = Vec::with_capacity(self.tables.len());
        // Own names first: another table's substitute must not take them.
        let own: HashSet<&str> = self.tables.iter().map(|table| table.name.as_str()).collect();
        for table in &self.tables {
            let registered_as = if self.taken.contains(&table.name) {
                self.owner.other_name(&table.name).filter(|other| {
                    let free = !self.taken.contains(other) && !own.contains(other.as_str());
                    free && !items.tables.contains_key(other)
                })
            } else {
                Some(table.name.clone())
            };
            if let Some(name) = &registered_as {
                items.tables.insert(name.clone(), Arc::clone(&table.item));
            }
            reports.push(TableReport { name: table.name.clone(), registered_as });
        }
        (items, reports)
    }

    /// Core may call at once, so nothing stands between the answer with the uuid and the listening.
    fn serve(
        &mut self,
        uuid: Uuid,
        items: Items,
        tables: Vec<TableReport>,
    ) -> Result<(Server, Report), RegisterError> {
        let socket = extension_socket(&self.options.manager_socket, uuid);
        let service = Arc::new(ExtensionService {
            items,
            limits: self.options.server,
            counters: Arc::clone(&self.shared.counters),
            running: AtomicUsize::new(0),
            on_shutdown: Arc::clone(&self.on_shutdown),
        });
        let counters = Arc::clone(&self.shared.counters);
        match Server::start(&socket, service, self.options.server, counters) {
            Ok(server) => Ok((server, Report { uuid, socket, tables })),
            Err(error) => {
                // Core would drop us by itself at its next ping; this is only sooner.
                let _ = self.manager.deregister(uuid);
                Err(error.into())
            }
        }
    }

    /// Returns why the registration is lost, or `None` when the extension stops.
    fn hold(&mut self, uuid: Uuid) -> Option<String> {
        while self.shared.pause(self.options.interval) {
            match self.manager.extensions() {
                Ok(known)
                    if known.get(&uuid).is_some_and(|info| info.name == self.options.info.name) => {
                }
                Ok(_) => return Some("core no longer knows the extension".to_owned()),
                Err(ManagerError::Interrupted) => return None,
                // A busy core still knows us.
                Err(ManagerError::Wire { source: WireError::TimedOut, .. }) => {}
                Err(error) => return Some(error.to_string()),
            }
        }
        None
    }

    fn farewell(&self, uuid: Uuid) {
        let options = ManagerOptions {
            connect_timeout: FAREWELL_TIMEOUT,
            reply_timeout: FAREWELL_TIMEOUT,
            reply: self.options.manager.reply,
        };
        // Core may be gone already, or be about to drop us.
        let _ = Manager::new(&self.options.manager_socket, options).deregister(uuid);
    }
}

/// The name in "Registry item X conflicts with another item of the same name."
fn conflicting_item(message: &str) -> Option<&str> {
    message.split_once("Registry item ")?.1.split_once(" conflicts ").map(|(item, _)| item)
}
