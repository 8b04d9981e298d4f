// SPDX-License-Identifier: Apache-2.0
//! Windows: users, the console, parents, services, and what tells one version of a file from another. The calls of
//! the system stand in the files below.

use crate::service_watch::{self, OSQUERYD, Watched};
use process::Process;
use std::os::windows::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

mod access;
mod console;
mod process;
mod service_state;

pub(crate) use access::{access_of, set_access};
pub(crate) use console::stop_flag;
#[cfg(test)]
pub(crate) use process::own_created;
pub(crate) use service_state::words as error_words;

/// Where events go.
const DATA_DIR: &str = r"C:\ProgramData\evtables";
/// Owned by the administrators; they and SYSTEM everything, and nobody else: events are their business alone.
pub(crate) const PRIVATE: &str = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
/// What stands for the whole system.
pub(crate) const ROOT: &str = r"C:\";
/// osquery's configuration.
pub(crate) const OSQUERY_CONF: &str = r"C:\Program Files\osquery\osquery.conf";
/// From 1601 to 1970, in seconds.
const EPOCH_SECONDS: i64 = 11_644_473_600;
const TICKS: i64 = 10_000_000;

/// Whether we may do everything: only those can read the folder of the system's own account.
pub(crate) fn is_administrator() -> bool {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    std::fs::read_dir(PathBuf::from(root).join(r"System32\config")).is_ok()
}

/// Where events of this user go.
pub(crate) fn data_dir() -> Result<PathBuf, String> {
    let all = std::env::var_os("ProgramData").map(|dir| PathBuf::from(dir).join("evtables"));
    Ok(all.unwrap_or_else(|| DATA_DIR.into()))
}

/// A folder for events that nobody else may read; one that is there and is not our own stays as it is.
pub(crate) fn make_private(folder: &Path) -> Result<(), String> {
    let is_ours = data_dir().is_ok_and(|ours| ours == folder);
    access::make_private(folder, is_ours)
        .map_err(|error| format!("failed to make {} private: {error}", folder.display()))
}

/// The process that started us, while it lives: nobody inherits a process whose parent ended, and its number goes to
/// another, which is younger than we.
pub(crate) fn parent_id() -> Option<u32> {
    static OURS: OnceLock<(Option<u32>, u64)> = OnceLock::new();
    let (parent, created) =
        OURS.get_or_init(|| (process::parent_number(), process::own_created().unwrap_or(u64::MAX)));
    let parent = (*parent)?;
    match Process::open(parent) {
        Ok(found) => {
            let is_older = found.created().is_ok_and(|time| time <= *created);
            (is_older && found.is_alive()).then_some(parent)
        }
        // It is there, and may not be asked.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Some(parent),
        Err(_) => None,
    }
}

/// The program that a process runs; empty when that is not told.
pub(crate) fn image_of(pid: u32) -> String {
    Process::open(pid).and_then(|process| process.image()).unwrap_or_default()
}

/// Sets `stop` when the service stops: the one that is named, or osquery's when our parent is it.
pub(crate) fn watch_service(name: Option<&str>, parent: Option<u32>, stop: &Arc<AtomicBool>) {
    let watched = match (name, parent) {
        (Some(name), _) => Watched { name: name.to_owned(), pid: None },
        (None, Some(_)) => Watched { name: OSQUERYD.to_owned(), pid: parent },
        (None, None) => return,
    };
    let open = service_state::ServiceSource::open;
    service_watch::start(watched, open, stop, std::thread::current());
}

/// What tells that a file is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileStamp {
    bytes: u64,
    created: u64,
    /// When it was written: seconds since the unix epoch, and nanoseconds.
    pub(crate) changed: (i64, i64),
}

/// `None` when there is no file.
pub(crate) fn file_stamp(path: &Path) -> Option<FileStamp> {
    let meta = std::fs::metadata(path).ok()?;
    let written = i64::try_from(meta.last_write_time()).ok()?;
    Some(FileStamp {
        bytes: meta.file_size(),
        created: meta.creation_time(),
        changed: (written / TICKS - EPOCH_SECONDS, written % TICKS * 100),
    })
}
