// SPDX-License-Identifier: Apache-2.0
//! The data dir: where its files are, the writer's lock, the format's version, durable renames.
//! Knows nothing of what the files hold.

use crate::disk::{Disk, LockError};
use crate::error::{ErrorKind, Result, StoreError};
use std::any::Any;
use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of everything in the data dir. A newer one is refused.
pub const FORMAT_VERSION: u32 = 1;

/// Ending of files that are being written; left-overs are removed at open.
const TEMPORARY: &str = ".tmp";

/// Paths inside one data dir.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    disk: Arc<dyn Disk>,
}

impl Folder {
    pub(crate) fn new(root: &Path, disk: Arc<dyn Disk>) -> Self {
        Self { root: root.to_owned(), disk }
    }

    pub(crate) fn disk(&self) -> &dyn Disk {
        self.disk.as_ref()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join("manifest.jsonl")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("log")
    }

    pub(crate) fn log(&self, number: u64) -> PathBuf {
        self.logs().join(format!("{number:016}.log"))
    }

    pub(crate) fn filters(&self) -> PathBuf {
        self.root.join("filters")
    }

    pub(crate) fn filter(&self, number: u64) -> PathBuf {
        self.filters().join(format!("{number:016}.bin"))
    }

    pub(crate) fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Path of a file that the manifest names (relative, with `/`).
    pub(crate) fn segment(&self, file: &str) -> PathBuf {
        file.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Creates what is missing, readable by the owner alone: events hold command lines.
    pub(crate) fn create(&self) -> Result<()> {
        let missing = self.root.ancestors().take_while(|path| !self.disk.exists(path)).count();
        for path in [self.root.clone(), self.logs(), self.events(), self.filters()] {
            self.disk.create_dir(&path).map_err(StoreError::io("create", &path))?;
        }
        // Their names must outlive a power loss as long as what is in them.
        for parent in self.root.ancestors().skip(1).take(missing.max(1)) {
            if !parent.as_os_str().is_empty() && self.disk.sync_dir(parent).is_err() && missing > 0
            {
                tracing::warn!(path = %parent.display(), "a new folder may not outlive a power loss");
            }
        }
        self.sync_dir(&self.root)
    }

    /// Numbers of the log files, ascending.
    pub(crate) fn log_numbers(&self) -> Result<Vec<u64>> {
        self.numbers(&self.logs(), ".log")
    }

    /// Numbers of the filter files, ascending; none in a folder of an earlier version.
    pub(crate) fn filter_numbers(&self) -> Result<Vec<u64>> {
        let path = self.filters();
        if self.disk.exists(&path) { self.numbers(&path, ".bin") } else { Ok(Vec::new()) }
    }

    fn numbers(&self, path: &Path, ending: &str) -> Result<Vec<u64>> {
        let names = self.disk.list(path).map_err(StoreError::io("list", path))?;
        let number = |name: &String| name.strip_suffix(ending)?.parse().ok();
        let mut numbers: Vec<u64> = names.iter().filter_map(number).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn entries(&self, path: &Path) -> Result<Vec<String>> {
        match self.disk.list(path) {
            Ok(names) => Ok(names),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(Vec::new()),
            Err(error) => Err(StoreError::io("list", path)(error)),
        }
    }

    /// Creates the folders of a file, durably: also when an earlier attempt failed half-way.
    pub(crate) fn create_parents(&self, path: &Path) -> Result<()> {
        let Some(dir) = path.parent() else { return Ok(()) };
        if !self.disk.exists(dir) {
            self.disk.create_dir(dir).map_err(StoreError::io("create", dir))?;
        }
        for dir in dir.ancestors().skip(1).take_while(|dir| *dir != self.root) {
            self.sync_dir(dir)?;
        }
        Ok(())
    }

    /// Makes new names in a folder durable.
    pub(crate) fn sync_dir(&self, path: &Path) -> Result<()> {
        self.disk.sync_dir(path).map_err(StoreError::io("sync", path))
    }

    /// Renames the synced file at [`temporary`]`(path)` to `path` and syncs its folder.
    pub(crate) fn publish(&self, path: &Path) -> Result<()> {
        let from = temporary(path);
        self.disk.rename(&from, path).map_err(StoreError::io("rename", &from))?;
        path.parent().map_or(Ok(()), |dir| self.sync_dir(dir))
    }

    /// Replaces a file as a whole: after a crash there is the old one or the new one.
    pub(crate) fn write_durably(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let from = temporary(path);
        let mut file = self.disk.create(&from).map_err(StoreError::io("create", &from))?;
        file.append(bytes).map_err(StoreError::io("write", &from))?;
        file.sync().map_err(StoreError::io("sync", &from))?;
        self.publish(path)
    }

    /// Reads a small file.
    pub(crate) fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.disk.open(path)?.read_from(0)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Every file below `events/`, relative to the data dir, with `/`.
    pub(crate) fn event_files(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for table in self.entries(&self.events())? {
            for date in self.entries(&self.events().join(&table))? {
                for file in self.entries(&self.events().join(&table).join(&date))? {
                    found.push(format!("events/{table}/{date}/{file}"));
                }
            }
        }
        Ok(found)
    }

    /// Refuses a data dir of a newer version; writes the version into a new one.
    pub(crate) fn check_format(&self, may_write: MayWrite) -> Result<()> {
        let path = self.root.join("format");
        let text = match self.read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(StoreError::io("read", &path)(error)),
        };
        if text.trim().is_empty() {
            return match may_write {
                MayWrite::Yes => {
                    self.write_durably(&path, format!("{FORMAT_VERSION}\n").as_bytes())
                }
                MayWrite::No => Err(StoreError::from_source(
                    ErrorKind::Io,
                    format!("find an event store in {}", self.root.display()),
                    std::io::Error::from(std::io::ErrorKind::NotFound),
                )),
            };
        }
        match text.trim().parse::<u32>() {
            Ok(version) if version <= FORMAT_VERSION => Ok(()),
            Ok(version) => Err(StoreError::new(
                ErrorKind::Version,
                format!(
                    "open {}: its format is {version}, this program knows up to {FORMAT_VERSION}; \
                     use the newer program that wrote it",
                    self.root.display()
                ),
            )),
            Err(_) => Err(StoreError::new(
                ErrorKind::Corrupt,
                format!("read the format in {}: not a number", path.display()),
            )),
        }
    }
}

/// Whether a missing version may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MayWrite {
    Yes,
    No,
}

/// The writer's lock; given back when dropped or when the process ends.
pub(crate) struct WriterLock(#[expect(dead_code, reason = "held, not read")] Box<dyn Any + Send>);

impl fmt::Debug for WriterLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriterLock")
    }
}

impl WriterLock {
    /// Takes the lock of `folder` and notes our pid in it.
    pub(crate) fn take(folder: &Folder) -> Result<Self> {
        let path = folder.root().join("lock");
        match folder.disk().lock(&path) {
            Ok(lock) => Ok(Self(lock)),
            Err(LockError::Held(text)) => Err(StoreError::new(
                ErrorKind::Locked,
                format!("lock {}: {} writes to it", folder.root().display(), holder(&text)),
            )),
            Err(LockError::Io(error)) => Err(StoreError::io("lock", &path)(error)),
        }
    }
}

/// Who holds the lock, as far as the file says.
fn holder(text: &str) -> String {
    match text.trim().parse::<u32>() {
        Ok(pid) => format!("process {pid}"),
        Err(_) => "another process".to_owned(),
    }
}

/// Replaces a small file of the data dir as a whole: after a crash there is the old one or the new
/// one. For what others keep beside the events; tested by the store's crash tests.
///
/// # Errors
/// [`ErrorKind::Io`]; the old file is still there, unless only the last sync failed.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let root = path.parent().unwrap_or(Path::new("."));
    Folder::new(root, Arc::new(crate::disk::RealDisk)).write_durably(path, bytes)
}

/// The path under which `path` is written before it is renamed.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(TEMPORARY);
    PathBuf::from(name)
}
