// SPDX-License-Identifier: Apache-2.0
//! A double of osquery's extension manager, for tests: serves core's methods on a socket, checks
//! registrations as core does, pings extensions and drops those that do not answer, and makes table
//! calls exactly as core makes them. It has no SQL: answers to queries are given by the test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::counters::Counters;
use crate::extension::extension_socket;
use crate::manager::{Manager, ManagerError, ManagerOptions};
use crate::message::{ExtensionInfo, OptionInfo, Response, Row, Rows, Status, Uuid};
use crate::server::{Server, ServerError, ServerLimits};
use crate::version::{CoreVersion, VERSION_SQL};
use crate::wire::Limits;

mod context;
mod registrations;
mod service;
#[cfg(test)]
mod tests;

use registrations::Registrations;
use service::ManagerService;
#[cfg(test)]
pub(crate) use service::read_registration;

/// Longest wait for an answer to a ping, as in core.
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// How the double behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubleOptions {
    /// Time between pings of every extension (`--extensions_interval`).
    pub interval: Duration,
    /// For an answer to a call (`--thrift_timeout`).
    pub call_timeout: Duration,
}

impl DoubleOptions {
    /// Pings every 100 ms, so that tests are quick; calls may take 30 s.
    pub const QUICK: DoubleOptions = DoubleOptions {
        interval: Duration::from_millis(100),
        call_timeout: Duration::from_secs(30),
    };
}

/// Why a table call of the double failed: what core would show as the query's error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoubleError {
    /// No extension serves it.
    #[error("no such table: {0}")]
    NoTable(String),
    /// The ping or the call failed.
    #[error("Extension call failed: {0}")]
    Call(#[from] ManagerError),
    /// The table answered with a status that is not 0.
    #[error("{}", .0.message)]
    Status(Status),
}

/// A running double. Dropping it closes its socket without a word to the extensions, like a kill.
#[derive(Debug)]
pub struct ManagerDouble {
    socket: PathBuf,
    options: DoubleOptions,
    shared: Arc<Shared>,
    server: Option<Server>,
    pinger: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    changed: Condvar,
}

/// All that the double knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) registrations: Registrations,
    pub(crate) flags: BTreeMap<String, OptionInfo>,
    pub(crate) answers: BTreeMap<String, Rows>,
    pub(crate) answer_columns: BTreeMap<String, Rows>,
    pub(crate) database: BTreeMap<(String, String), String>,
    pub(crate) config: String,
    pub(crate) logged: Vec<Row>,
    pub(crate) failing_loggers: BTreeSet<String>,
    pub(crate) database_reads: u64,
    pub(crate) database_fails: bool,
    stopping: bool,
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn changed(&self) {
        self.changed.notify_all();
    }

    /// Waits until `done` gives something.
    fn wait<T>(&self, timeout: Duration, mut done: impl FnMut(&State) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + timeout;
        let mut state = self.state();
        loop {
            if let Some(found) = done(&state) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            state =
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl ManagerDouble {
    /// Serves `socket`; knows the names of some core tables and a few flags with their defaults.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn start(socket: &Path, options: DoubleOptions) -> Result<ManagerDouble, ServerError> {
        let shared = Arc::<Shared>::default();
        shared.state().set_defaults();
        let mut double = ManagerDouble {
            socket: socket.to_owned(),
            options,
            shared,
            server: None,
            pinger: None,
        };
        double.set_version(&CoreVersion::TESTED.to_string());
        double.open()?;
        Ok(double)
    }

    /// The socket that extensions are given.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Ends like a killed worker: the socket goes, registrations are forgotten, nobody is told.
    pub fn kill(&mut self) {
        self.close();
        self.shared.state().registrations.clear();
        self.shared.changed();
    }

    /// Sends `shutdown` to every extension, then ends: what a worker does at SIGTERM.
    pub fn terminate(&mut self) {
        for uuid in self.uuids() {
            // An extension that is gone needs no word.
            let _ = self.client(uuid, PING_TIMEOUT).shutdown();
        }
        self.kill();
    }

    /// Serves again after [`ManagerDouble::kill`]; when it still ran, that comes first.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill();
        self.open()
    }

    /// Forgets an extension without telling it, as core does after a failed ping.
    pub fn drop_registration(&self, name: &str) -> bool {
        let dropped = self.shared.state().registrations.drop_named(name);
        self.shared.changed();
        dropped
    }

    /// Adds a table name to those of core.
    pub fn add_core_table(&self, name: &str) {
        self.shared.state().registrations.core_tables.insert(name.to_owned());
    }

    /// Sets a flag.
    pub fn set_option(&self, name: &str, value: &str, default_value: &str, ty: &str) {
        let info = OptionInfo {
            value: value.to_owned(),
            default_value: default_value.to_owned(),
            ty: ty.to_owned(),
        };
        self.shared.state().flags.insert(name.to_owned(), info);
    }

    /// Gives the answer to a SQL text, compared to the letter.
    pub fn set_answer(&self, sql: &str, rows: Rows) {
        self.shared.state().answers.insert(sql.to_owned(), rows);
    }

    /// Sets the version that core says it has; [`CoreVersion::TESTED`](crate::CoreVersion::TESTED) at first.
    pub fn set_version(&self, version: &str) {
        let row = Row::from([("version".to_owned(), version.to_owned())]);
        self.set_answer(VERSION_SQL, vec![row]);
    }

    /// Gives the columns that `getQueryColumns` answers for a SQL text: pairs of name and type.
    pub fn set_answer_columns(&self, sql: &str, columns: &[(&str, &str)]) {
        let row = |(name, ty): &(&str, &str)| Row::from([((*name).to_owned(), (*ty).to_owned())]);
        let rows = columns.iter().map(row).collect();
        self.shared.state().answer_columns.insert(sql.to_owned(), rows);
    }

    /// Sets a value that `call("database", "", {"action":"get", …})` gives.
    pub fn set_database(&self, domain: &str, key: &str, value: &str) {
        self.shared.state().database.insert((domain.to_owned(), key.to_owned()), value.to_owned());
    }

    /// How often the database was asked.
    pub fn database_reads(&self) -> u64 {
        self.shared.state().database_reads
    }

    /// Whether the database refuses what it is asked.
    pub fn set_database_failing(&self, fails: bool) {
        self.shared.state().database_fails = fails;
    }

    /// Takes a value out of the database.
    pub fn clear_database(&self, domain: &str, key: &str) {
        self.shared.state().database.remove(&(domain.to_owned(), key.to_owned()));
    }

    /// Sets the text that `genConfig` gives.
    pub fn set_config(&self, text: &str) {
        text.clone_into(&mut self.shared.state().config);
    }

    /// Requests that the logger got.
    pub fn logged(&self) -> Vec<Row> {
        self.shared.state().logged.clone()
    }

    /// Whether the logger plug-in of this name refuses what it is given.
    pub fn set_logger_failing(&self, name: &str, fails: bool) {
        let mut state = self.shared.state();
        match fails {
            true => state.failing_loggers.insert(name.to_owned()),
            false => state.failing_loggers.remove(name),
        };
    }

    /// Registered extensions.
    pub fn extensions(&self) -> BTreeMap<Uuid, ExtensionInfo> {
        self.shared.state().registrations.infos()
    }

    /// The tables that extensions registered.
    pub fn tables(&self) -> BTreeSet<String> {
        self.shared.state().registrations.table_names()
    }

    /// Route rows of a table, as registered.
    pub fn routes(&self, table: &str) -> Option<Rows> {
        let state = self.shared.state();
        state.registrations.table(table).map(|(_, routes)| routes.clone())
    }

    /// The socket of the extension that serves a table.
    pub fn socket_of(&self, table: &str) -> Option<PathBuf> {
        let uuid = self.shared.state().registrations.table(table)?.0;
        Some(extension_socket(&self.socket, uuid))
    }

    /// Waits until an extension with this name is registered.
    pub fn wait_extension(&self, name: &str, timeout: Duration) -> Option<Uuid> {
        self.shared.wait(timeout, |state| state.registrations.uuid_of(name))
    }

    /// Waits until this table is registered and its extension listens; `false` when that took too long.
    pub fn wait_table(&self, table: &str, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let registered = |state: &State| state.registrations.table(table).map(|(uuid, _)| uuid);
        let Some(uuid) = self.shared.wait(timeout, registered) else { return false };
        // Between the registration and the listening there is a short gap, as with core.
        while Instant::now() < deadline {
            if self.client(uuid, PING_TIMEOUT).ping().is_ok() {
                return true;
            }
            thread::yield_now();
        }
        false
    }

    /// Waits until no extension has this name.
    pub fn wait_gone(&self, name: &str, timeout: Duration) -> bool {
        self.shared
            .wait(timeout, |state| state.registrations.uuid_of(name).is_none().then_some(()))
            .is_some()
    }

    /// Asks a table as core does: a fresh connection for a ping, a fresh one for the call.
    ///
    /// `constraints` are (column, number of the operator, value); `columns_used` are names.
    ///
    /// # Errors
    /// [`DoubleError`], with the text that core would show.
    pub fn generate(
        &self,
        table: &str,
        constraints: &[(&str, u8, &str)],
        columns_used: &[&str],
    ) -> Result<Rows, DoubleError> {
        let routes = self.routes(table).ok_or_else(|| DoubleError::NoTable(table.to_owned()))?;
        let context = context::json(&routes, constraints, columns_used);
        let entries = [("action", "generate".to_owned()), ("context", context)];
        self.table_call(table, entries.map(|(key, value)| (key.to_owned(), value)).into())
    }

    /// Asks a table that uses every column, without constraints.
    ///
    /// # Errors
    /// As [`ManagerDouble::generate`].
    pub fn select_all(&self, table: &str) -> Result<Rows, DoubleError> {
        let routes = self.routes(table).ok_or_else(|| DoubleError::NoTable(table.to_owned()))?;
        self.generate(table, &[], &context::column_names(&routes))
    }

    /// Asks a table for its columns, as core does for a second concurrent query.
    ///
    /// # Errors
    /// As [`ManagerDouble::generate`].
    pub fn columns(&self, table: &str) -> Result<Rows, DoubleError> {
        self.table_call(table, [("action".to_owned(), "columns".to_owned())].into())
    }

    /// Inserts a row as core does; `values` is a JSON array with one entry per column. Gives its number.
    ///
    /// # Errors
    /// [`DoubleError`], with the text that core would show.
    pub fn insert(
        &self,
        table: &str,
        values: &str,
        rowid: Option<i64>,
    ) -> Result<i64, DoubleError> {
        let mut request = vec![("action", "insert".to_owned()), values_entry(values)];
        request.push(("auto_rowid", rowid.is_some().to_string()));
        request.extend(rowid.map(|rowid| ("id", rowid.to_string())));
        let answer = self.change(table, request)?;
        // Core believes its own number, and insists on one otherwise.
        let given = answer.get("id").and_then(|id| id.parse().ok());
        rowid.or(given).ok_or_else(|| failed("SQL logic error"))
    }

    /// Replaces the values of the row with this number.
    ///
    /// # Errors
    /// As [`ManagerDouble::insert`].
    pub fn update(
        &self,
        table: &str,
        rowid: i64,
        values: &str,
        new_rowid: Option<i64>,
    ) -> Result<(), DoubleError> {
        let mut request = vec![("action", "update".to_owned()), ("id", rowid.to_string())];
        request.extend(new_rowid.map(|rowid| ("new_id", rowid.to_string())));
        request.push(values_entry(values));
        self.change(table, request).map(drop)
    }

    /// Deletes the row with this number.
    ///
    /// # Errors
    /// As [`ManagerDouble::insert`].
    pub fn delete(&self, table: &str, rowid: i64) -> Result<(), DoubleError> {
        let request = vec![("action", "delete".to_owned()), ("id", rowid.to_string())];
        self.change(table, request).map(drop)
    }

    fn change(&self, table: &str, mut request: Vec<(&str, String)>) -> Result<Row, DoubleError> {
        let routes = self.routes(table).ok_or_else(|| DoubleError::NoTable(table.to_owned()))?;
        request.push(("context", context::json(&routes, &[], &[])));
        let request = request.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let [answer] = <[Row; 1]>::try_from(self.table_call(table, request)?)
            .map_err(|_| failed("SQL logic error"))?;
        match answer.get("status").map(String::as_str) {
            Some("success") => Ok(answer),
            Some("readonly") => Err(failed(format!("table {table} may not be modified"))),
            Some("constraint") => Err(failed("constraint failed")),
            Some("failure") if answer.contains_key("message") => {
                Err(failed(answer.get("message").cloned().unwrap_or_default()))
            }
            _ => Err(failed("SQL logic error")),
        }
    }

    /// Calls any plug-in of any extension.
    ///
    /// # Errors
    /// [`DoubleError::Call`]; the status is left to the caller.
    pub fn call(
        &self,
        uuid: Uuid,
        registry: &str,
        item: &str,
        request: &Row,
    ) -> Result<Response, DoubleError> {
        self.client(uuid, PING_TIMEOUT).ping()?;
        Ok(self.client(uuid, self.options.call_timeout).call(registry, item, request)?)
    }

    fn table_call(&self, table: &str, request: Row) -> Result<Rows, DoubleError> {
        let found = self.shared.state().registrations.table(table).map(|(uuid, _)| uuid);
        let uuid = found.ok_or_else(|| DoubleError::NoTable(table.to_owned()))?;
        let response = self.call(uuid, "table", table, &request)?;
        if response.status.is_ok() {
            Ok(response.rows)
        } else {
            Err(DoubleError::Status(response.status))
        }
    }

    fn uuids(&self) -> Vec<Uuid> {
        self.extensions().into_keys().collect()
    }

    fn client(&self, uuid: Uuid, timeout: Duration) -> Manager {
        extension_client(&self.socket, uuid, timeout)
    }

    fn open(&mut self) -> Result<(), ServerError> {
        self.shared.state().stopping = false;
        let (shared, socket) = (Arc::clone(&self.shared), self.socket.clone());
        let service = Arc::new(ManagerService { shared, socket });
        let counters = Arc::<Counters>::default();
        self.server = Some(Server::start(&self.socket, service, ServerLimits::CORE, counters)?);
        let (shared, socket, interval) =
            (Arc::clone(&self.shared), self.socket.clone(), self.options.interval);
        let pinger = thread::Builder::new()
            .name("osquery-double".to_owned())
            .spawn(move || ping_all(&shared, &socket, interval))
            .map_err(|source| ServerError { path: self.socket.clone(), source })?;
        self.pinger = Some(pinger);
        Ok(())
    }

    fn close(&mut self) {
        self.shared.state().stopping = true;
        self.shared.changed();
        self.server = None;
        if let Some(pinger) = self.pinger.take() {
            // A panic there was reported by the panic hook.
            let _ = pinger.join();
        }
    }
}

impl Drop for ManagerDouble {
    fn drop(&mut self) {
        self.close();
    }
}

fn values_entry(values: &str) -> (&'static str, String) {
    ("json_value_array", values.to_owned())
}

fn failed(message: impl Into<String>) -> DoubleError {
    DoubleError::Status(Status::failed(message))
}

fn extension_client(socket: &Path, uuid: Uuid, timeout: Duration) -> Manager {
    let options = ManagerOptions {
        connect_timeout: PING_TIMEOUT,
        reply_timeout: timeout,
        reply: Limits::REPLY,
    };
    Manager::new(&extension_socket(socket, uuid), options)
}

/// Drops every extension that does not answer, after one interval of grace.
fn ping_all(shared: &Shared, socket: &Path, interval: Duration) {
    let mut seen = BTreeSet::new();
    while shared.wait(interval, |state| state.stopping.then_some(())).is_none() {
        let known: BTreeSet<Uuid> = shared.state().registrations.infos().into_keys().collect();
        for &uuid in known.intersection(&seen) {
            let answer = extension_client(socket, uuid, PING_TIMEOUT).ping();
            if !answer.is_ok_and(|status| status.is_ok()) {
                shared.state().registrations.drop_uuid(uuid);
                shared.changed();
            }
        }
        seen = known;
    }
}

/// A flag that stops nobody: calls of the double's own service are short.
pub(crate) type Stopping = Arc<AtomicBool>;
