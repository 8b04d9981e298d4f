// SPDX-License-Identifier: Apache-2.0
//! Windows: users, Ctrl-C, parents, and what tells one version of a file from another.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::os::windows::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Where events go.
const DATA_DIR: &str = r"C:\ProgramData\evtables";
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

/// Nobody inherits a process whose parent ended: its number says nothing.
pub(crate) fn parent_id() -> Option<u32> {
    None
}

/// A flag that Ctrl-C and Ctrl-Break set; a second one ends the process at once.
pub(crate) fn stop_flag() -> Result<Arc<AtomicBool>, String> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, 1, Arc::clone(&stop))
            .and_then(|_| flag::register(signal, Arc::clone(&stop)))
            .map_err(|e| format!("failed to catch signals: {e}"))?;
    }
    Ok(stop)
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
