// SPDX-License-Identifier: Apache-2.0
//! Linux: users, signals, parents, and what tells one version of a file from another.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where events go when the administrator runs us.
const DATA_DIR: &str = "/var/lib/evtables";
/// What stands for the whole system.
pub(crate) const ROOT: &str = "/";
/// osquery's configuration.
pub(crate) const OSQUERY_CONF: &str = "/etc/osquery/osquery.conf";

/// Whether we may do everything.
pub(crate) fn is_administrator() -> bool {
    rustix::process::geteuid().is_root()
}

/// Where events of this user go.
pub(crate) fn data_dir() -> Result<PathBuf, String> {
    if is_administrator() {
        return Ok(DATA_DIR.into());
    }
    match std::env::var_os("HOME") {
        Some(home) => Ok(PathBuf::from(home).join(".local/share/evtables")),
        None => Err("no data dir: HOME is not set; name one with --data-dir".into()),
    }
}

/// Nothing to do: the store makes its folder private.
#[allow(clippy::unnecessary_wraps)] // the face is that of all systems
pub(crate) fn make_private(_folder: &Path) -> Result<(), String> {
    Ok(())
}

/// The process that is our parent now: another one when the first is gone.
pub(crate) fn parent_id() -> Option<u32> {
    u32::try_from(rustix::process::getppid()?.as_raw_nonzero().get()).ok()
}

/// The program that a process runs; empty when that is not told.
pub(crate) fn image_of(pid: u32) -> String {
    let link = std::fs::read_link(format!("/proc/{pid}/exe"));
    link.map(|path| path.display().to_string()).unwrap_or_default()
}

/// Nothing to do: whoever stops osquery's service sends SIGTERM.
pub(crate) fn watch_service(_: Option<&str>, _parent: Option<u32>, _stop: &Arc<AtomicBool>) {}

/// A flag that SIGTERM and SIGINT set; a second signal ends the process at once.
pub(crate) fn stop_flag() -> Result<Arc<AtomicBool>, String> {
    let mut signals =
        Signals::new([SIGTERM, SIGINT]).map_err(|e| format!("failed to catch signals: {e}"))?;
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    let main = std::thread::current();
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for _ in signals.forever() {
                if set.swap(true, Ordering::Relaxed) {
                    std::process::exit(1);
                }
                main.unpark();
            }
        })
        .map_err(|e| format!("failed to start a thread: {e}"))?;
    Ok(flag)
}

/// What tells that a file is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileStamp {
    device: u64,
    inode: u64,
    bytes: u64,
    written: (i64, i64),
    /// When anything about it changed: seconds since the unix epoch, and nanoseconds.
    pub(crate) changed: (i64, i64),
}

/// `None` when there is no file.
pub(crate) fn file_stamp(path: &Path) -> Option<FileStamp> {
    let meta = std::fs::metadata(path).ok()?;
    Some(FileStamp {
        device: meta.dev(),
        inode: meta.ino(),
        bytes: meta.size(),
        written: (meta.mtime(), meta.mtime_nsec()),
        changed: (meta.ctime(), meta.ctime_nsec()),
    })
}
