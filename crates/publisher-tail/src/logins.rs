// SPDX-License-Identifier: Apache-2.0
//! [`LoginPublisher`]: records of wtmp and btmp as rows of `linux_user_events`. What the kernel tells of
//! users that change is not made here.

use crate::cut::Unit;
use crate::positions::Positions;
use crate::publisher::{set, set_lossless, signed};
use crate::utmp::{Fault, Kind, Record, SIZE};
use crate::watch::{Watch, find};
use crate::worker::{Piece, Reader, Shared, Stored, Taken, Worker, now_ns, positions};
use evtables_schema::generated::user_events::linux::{Builder, Row, TABLE};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{
    Emitter, HookStatus, LossCount, Outcome, Publisher, PublisherError, TableStatus,
};
use std::collections::HashMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

/// Terminals whose login is remembered.
const SESSIONS_MAX: usize = 4_096;
/// Of a file that is asked who is logged in.
const KNOWN_BYTES_MAX: u64 = (SIZE as u64) << 12;

/// Where logins are written; an empty path: nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginFiles {
    /// Logins, logouts, starts and ends of the system.
    pub wtmp: PathBuf,
    /// Failed logins.
    pub btmp: PathBuf,
    /// Who is logged in now: read once, for who logs out later.
    pub utmp: PathBuf,
}

impl LoginFiles {
    /// Whether nothing is followed.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.wtmp.as_os_str().is_empty() && self.btmp.as_os_str().is_empty()
    }
}

/// How a [`LoginPublisher`] works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginOptions {
    /// What is followed.
    pub files: LoginFiles,
    /// The file of positions.
    pub positions: PathBuf,
    /// The last stored row of each file.
    pub stored: Vec<Stored>,
}

/// Fills the table of users, as far as files tell of them.
pub struct LoginPublisher {
    options: LoginOptions,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl LoginPublisher {
    /// The table, and its hidden columns that say where a row came from: file, which file, the place
    /// behind it, when it was read.
    pub const TABLE: &'static TableSpec = &TABLE;
    /// See [`LoginPublisher::TABLE`].
    pub const PLACE: [&'static str; 4] = ["log_path", "file_id", "record_end", "read_ns"];

    /// Nothing is opened before [`Publisher::start`].
    #[must_use]
    pub fn new(options: LoginOptions) -> Self {
        Self { options, shared: Arc::default(), thread: None }
    }
}

impl Publisher for LoginPublisher {
    fn name(&self) -> &'static str {
        "logins"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![&TABLE]
    }

    fn table_states(&self) -> Vec<TableStatus> {
        let off = "no file of logins is followed: evtables.sources.users names them";
        let reason = self.options.files.is_none().then(|| off.to_owned());
        vec![TableStatus { table: &TABLE, reason }]
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        let files = &self.options.files;
        if files.is_none() {
            return Ok(());
        }
        let file = self.options.positions.clone();
        let positions = positions(&file, &self.options.stored);
        let mut reader = Records::default();
        reader.remember(&files.utmp, u64::MAX);
        for (path, until) in told(&positions, &files.wtmp) {
            reader.remember(&path, until);
        }
        let mut watches = Vec::new();
        for (path, source) in [(&files.wtmp, Source::Wtmp), (&files.btmp, Source::Btmp)] {
            if let Some(path) = path.to_str().filter(|path| !path.is_empty()) {
                watches.push(Watch::new(path, Unit::Records(SIZE)));
                reader.sources.push(source);
            }
        }
        let shared = Arc::clone(&self.shared);
        let worker = Worker::new(reader, watches, positions, file, shared, emitter);
        let thread = std::thread::Builder::new().name("logins".into()).spawn(move || worker.run());
        self.thread = Some(thread.map_err(|error| PublisherError {
            what: "start a thread".to_owned(),
            reason: error.to_string(),
        })?);
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        self.thread.iter().map(|_| self.shared.hook("wtmp, btmp", &TABLE)).collect()
    }

    fn ledger(&self) -> Vec<LossCount> {
        self.shared.ledger::<Records>(&TABLE)
    }

    fn stop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for LoginPublisher {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What of a file was told before, or never will be: the files that had its name, and up to where.
fn told(positions: &Positions, path: &Path) -> Vec<(PathBuf, u64)> {
    let known = positions.files.iter().filter(|(_, position)| position.path == path);
    let known = known.filter_map(|(id, position)| Some((find(path, *id)?, position.offset)));
    if path.to_str().is_some_and(|path| positions.known.contains(path)) {
        known.collect()
    } else {
        vec![(path.to_owned(), u64::MAX)]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Wtmp,
    Btmp,
}

/// Who is at a terminal.
#[derive(Debug)]
struct Session {
    /// Nobody yet, where a login is waited for.
    user: Option<String>,
    host: String,
    address: Option<std::net::IpAddr>,
    time_ns: i64,
    pid: u32,
}

/// Records to rows.
#[derive(Default)]
struct Records {
    /// By position of the watch.
    sources: Vec<Source>,
    sessions: HashMap<Vec<u8>, Session>,
    builder: Builder,
    texts: Texts,
}

/// Texts of the row in work; kept to reuse their memory.
#[derive(Default)]
struct Texts {
    user: String,
    terminal: String,
    host: String,
    address: String,
    file: String,
}

impl Reader for Records {
    const REASONS: &'static [(Outcome, &'static str)] = &[
        (Outcome::Filtered, "no_event"),
        (Outcome::Lost, "record_torn"),
        (Outcome::Lost, "record_kind"),
    ];
    // The ring is emptied each 250 ms, and a batch closed 200 ms later.
    const HOLD: Duration = Duration::from_secs(1);

    fn take(&mut self, piece: &Piece<'_>) -> Taken {
        let record = match Record::parse(piece.line.bytes) {
            Ok(record) => record,
            Err(Fault::Torn) => return Taken::No(1),
            Err(Fault::Kind) => return Taken::No(2),
        };
        let source = self.sources.get(piece.watch).copied().unwrap_or(Source::Wtmp);
        let left = if source == Source::Wtmp { self.keep(&record) } else { None };
        let Some(action) = action(source, &record, left.as_ref()) else { return Taken::No(0) };
        self.push(piece, action, &record, left.as_ref());
        Taken::Row
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

/// What happened; nothing, when it is no event that a person asks for.
fn action(source: Source, record: &Record<'_>, left: Option<&Session>) -> Option<&'static str> {
    Some(match (source, record.kind) {
        (_, Kind::Empty) => return None,
        (Source::Btmp, _) => "USER_LOGIN_FAILED",
        (_, Kind::RunLevel) if record.user == b"shutdown" => "SYSTEM_SHUTDOWN",
        (_, Kind::RunLevel) => "SYSTEM_RUNLEVEL",
        (_, Kind::Boot) => "SYSTEM_BOOT",
        (_, Kind::NewTime) => "SYSTEM_TIME",
        (_, Kind::User) => "USER_LOGIN",
        // The end of a getty is nobody's logout.
        (_, Kind::Dead) if left.is_some_and(|session| session.user.is_none()) => return None,
        (_, Kind::Dead) => "USER_LOGOUT",
        (_, Kind::OldTime | Kind::Waiting) => return None,
    })
}

impl Records {
    /// Remembers who is at which terminal; returns who left.
    fn keep(&mut self, record: &Record<'_>) -> Option<Session> {
        match record.kind {
            // Who was there is not any more, whether or not it was told.
            Kind::Boot => self.sessions.retain(|_, known| known.time_ns > record.time_ns),
            Kind::User | Kind::Waiting => {
                let known = self.sessions.get(record.terminal);
                let newer = known.is_none_or(|known| known.time_ns <= record.time_ns);
                let room = self.sessions.len() < SESSIONS_MAX || known.is_some();
                if newer && room {
                    let (mut user, mut host) = (String::new(), String::new());
                    set_lossless(&mut user, record.user);
                    set_lossless(&mut host, record.host);
                    let session = Session {
                        user: (record.kind == Kind::User).then_some(user),
                        host,
                        address: record.address,
                        time_ns: record.time_ns,
                        pid: record.pid,
                    };
                    self.sessions.insert(record.terminal.to_vec(), session);
                }
            }
            Kind::Dead => {
                let known = self.sessions.get(record.terminal);
                if known.is_some_and(|known| known.time_ns <= record.time_ns) {
                    return self.sessions.remove(record.terminal);
                }
            }
            _ => {}
        }
        None
    }

    /// Takes in the end of a file up to a place, without telling of it.
    fn remember(&mut self, path: &Path, until: u64) {
        let Ok(meta) = std::fs::metadata(path) else { return };
        if !meta.is_file() {
            return;
        }
        let until = until.min(meta.len());
        let size = SIZE as u64;
        let from = until.saturating_sub(KNOWN_BYTES_MAX).div_ceil(size) * size;
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).and_then(|mut file| {
            file.seek(SeekFrom::Start(from))?;
            file.take(until.saturating_sub(from)).read_to_end(&mut bytes)
        });
        if let Err(error) = read {
            tracing::warn!("failed to read who is logged in from {}: {error}", path.display());
        }
        for bytes in bytes.chunks_exact(SIZE) {
            if let Ok(record) = Record::parse(bytes) {
                // The one who leaves is told of already.
                drop(self.keep(&record));
            }
        }
    }

    fn push(
        &mut self,
        piece: &Piece<'_>,
        action: &str,
        record: &Record<'_>,
        left: Option<&Session>,
    ) {
        let texts = &mut self.texts;
        set_lossless(&mut texts.user, record.user);
        set_lossless(&mut texts.terminal, record.terminal);
        set_lossless(&mut texts.host, record.host);
        if let Some(session) = left {
            if texts.user.is_empty() {
                texts.user.push_str(session.user.as_deref().unwrap_or_default());
            }
            if texts.host.is_empty() {
                texts.host.push_str(&session.host);
            }
        }
        texts.address.clear();
        if let Some(address) = record.address.or(left.and_then(|session| session.address)) {
            set(&mut texts.address, address);
        }
        set(&mut texts.file, piece.id);
        let some = |text: &'_ String| !text.is_empty();
        let pid = Some(record.pid).filter(|pid| *pid > 0).or(left.map(|session| session.pid));
        let (signal, code) = record.ended;
        let exit_status = match (action, signal, code) {
            ("USER_LOGOUT", 1.., _) => Some(128 + i32::from(signal)),
            ("USER_LOGOUT", _, 1..) => Some(i32::from(code)),
            _ => None,
        };
        self.builder.push(&Row {
            action,
            user_name: some(&texts.user).then_some(&texts.user),
            terminal: some(&texts.terminal).then_some(&texts.terminal),
            host: some(&texts.host).then_some(&texts.host),
            remote_address: some(&texts.address).then_some(&texts.address),
            login_time: left
                .filter(|session| session.user.is_some())
                .map(|session| session.time_ns.div_euclid(1_000_000_000)),
            exit_status,
            pid: pid.filter(|pid| *pid > 0).map(i64::from),
            time: record.time_ns,
            log_path: piece.path.to_str(),
            file_id: Some(&texts.file),
            record_end: Some(signed(piece.end)),
            read_ns: Some(now_ns()),
            old_uid: None,
            new_uid: None,
            old_euid: None,
            new_euid: None,
            method: None,
            process_guid: None,
            process_name: None,
            owner_uid: None,
        });
    }
}

// Windows has no such files.
#[cfg(test)]
#[cfg(unix)]
#[path = "logins_tests.rs"]
mod tests;
