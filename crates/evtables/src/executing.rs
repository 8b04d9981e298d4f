// SPDX-License-Identifier: Apache-2.0
//! Which scheduled query is running in osquery right now, and which of its runs: asked of osquery's
//! own database while it waits for our rows.
//!
//! What is sure: inside a call that a scheduled query made, the answer is that query and its run,
//! because osquery sets the name before and empties it after the SQL, and waits for us in between.
//! What is not: a live query that asks the same table in those milliseconds gets the same answer. It
//! then sees that run's window instead of the history. It cannot move the cursor: the window belongs
//! to the run, whoever asks first, and only the next run closes it. Nor does a live query pass for a
//! scheduled one whose SQL, as far as the configuration tells, does not name the table.

use evtables_engine::consumers::Run;
use evtables_engine::host;
use evtables_osquery::{Manager, ManagerError, ManagerOptions, Response, Row};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Idle connections kept.
const POOL_MAX: usize = 4;
/// The name changed while we asked: so often again.
const ATTEMPTS_MAX: usize = 2;
const QUERY_NAME_BYTES_MAX: usize = 1_024;
/// So long the name and the start second alone tell a run: no query runs twice within it.
const FRESH: Duration = Duration::from_millis(900);

/// A running scheduled query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Executing {
    /// Its name, packs as `pack_<pack>_<query>`.
    pub(crate) name: String,
    pub(crate) run: Run,
    /// Whether a distributed query is running too: a call may be its.
    pub(crate) contested: bool,
}

/// Asks osquery, over a small pool of connections.
#[derive(Debug)]
pub(crate) struct Asker {
    socket: PathBuf,
    pool: Mutex<Vec<Manager>>,
    /// What was found last, with the texts that show that it is still so.
    last: Mutex<Option<Found>>,
}

#[derive(Debug, Clone)]
struct Found {
    executing: Executing,
    start: String,
    record: String,
    /// When all of it was asked.
    at: Instant,
}

impl Found {
    /// Whether a query of this name that runs now is this run, as far as the name alone tells: a
    /// later run of it would have begun in a later second.
    fn is_by_name(&self, name: &str) -> bool {
        self.executing.name == name && self.executing.run.start == host::now_seconds()
    }

    /// The same by the start second.
    fn is_by_start(&self, name: &str, start: &str) -> bool {
        self.executing.name == name && self.start == start && self.at.elapsed() < FRESH
    }
}

impl Asker {
    pub(crate) fn new(socket: &Path) -> Self {
        Self { socket: socket.to_owned(), pool: Mutex::new(Vec::new()), last: Mutex::new(None) }
    }

    /// Short timeouts: a query waits for this.
    pub(crate) fn manager(&self) -> Manager {
        let options = ManagerOptions {
            connect_timeout: Duration::from_millis(200),
            reply_timeout: Duration::from_millis(500),
            ..ManagerOptions::CORE
        };
        Manager::new(&self.socket, options)
    }

    /// `None` when no scheduled query runs.
    ///
    /// # Errors
    /// When osquery does not say.
    pub(crate) fn executing(&self) -> Result<Option<Executing>, ManagerError> {
        let pooled = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut manager = pooled.unwrap_or_else(|| self.manager());
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let found = match executing(&mut manager, last.as_ref()) {
            Ok(found) => found,
            // A kept connection may belong to a worker that is gone; `call` is not repeated by itself.
            Err(_) => {
                manager = self.manager();
                executing(&mut manager, last.as_ref())?
            }
        };
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&found);
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < POOL_MAX {
            pool.push(manager);
        }
        Ok(found.map(|found| found.executing))
    }
}

/// One or two questions for the later calls of a run (those of a join), six for its first.
fn executing(manager: &mut Manager, last: Option<&Found>) -> Result<Option<Found>, ManagerError> {
    let name_key = ("configurations", "executing_query");
    for _ in 0..ATTEMPTS_MAX {
        let name = get(manager, name_key)?;
        if name.is_empty() || name.len() > QUERY_NAME_BYTES_MAX {
            return Ok(None);
        }
        if let Some(last) = last.filter(|last| last.is_by_name(&name)) {
            return Ok(Some(last.clone()));
        }
        let start = get(manager, ("configurations", &format!("timestamp.{name}")))?;
        if let Some(last) = last.filter(|last| last.is_by_start(&name, &start)) {
            return Ok(Some(last.clone()));
        }
        let record = get(manager, ("query_performance", &name))?;
        let is_same = |last: &&Found| {
            // A record that is not there does not show that a run has ended.
            let told = !record.is_empty() && last.record == record;
            told && last.executing.name == name && last.start == start
        };
        if let Some(last) = last.filter(is_same) {
            return Ok(Some(Found { at: Instant::now(), ..last.clone() }));
        }
        let Ok(seconds) = start.trim().parse() else { return Ok(None) };
        let mut fields = record.split(',').map(|field| field.trim().parse::<i64>().ok());
        let ended = fields.next().flatten().and_then(|count| u64::try_from(count).ok());
        let last_ended = fields.next().flatten().unwrap_or(0);
        // A query that never ended has no record; an osquery that keeps none has none of any query.
        let ended = match ended {
            None if has_keys(manager, "query_performance")? => Some(0),
            ended => ended,
        };
        let contested = has_keys(manager, "distributed_running")?;
        if get(manager, name_key)? == name {
            let run = Run { start: seconds, ended, last_ended };
            let executing = Executing { name, run, contested };
            return Ok(Some(Found { executing, start, record, at: Instant::now() }));
        }
    }
    Ok(None)
}

/// A value of osquery's database; empty when it is not there.
fn get(manager: &mut Manager, (domain, key): (&str, &str)) -> Result<String, ManagerError> {
    let answer = manager.call("database", "", &request("get", domain, &[("key", key)]))?;
    let answer = answered(answer)?;
    Ok(answer.rows.into_iter().next().and_then(|mut row| row.remove("v")).unwrap_or_default())
}

fn has_keys(manager: &mut Manager, domain: &str) -> Result<bool, ManagerError> {
    let more = [("prefix", ""), ("max", "1")];
    let answer = answered(manager.call("database", "", &request("scan", domain, &more))?)?;
    Ok(!answer.rows.is_empty())
}

/// A database that cannot be read says nothing of who asks. One that only lacks the key answers with a row.
fn answered(answer: Response) -> Result<Response, ManagerError> {
    let told = answer.status.is_ok() || !answer.rows.is_empty();
    if told { Ok(answer) } else { Err(ManagerError::Refused(answer.status)) }
}

fn request(action: &str, domain: &str, more: &[(&str, &str)]) -> Row {
    [("action", action), ("domain", domain)]
        .iter()
        .chain(more)
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}
