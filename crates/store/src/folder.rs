// SPDX-License-Identifier: Apache-2.0
//! The data dir: where its files are, the writer's lock, the format's version, durable renames.
//! Knows nothing of what the files hold.

use crate::error::{ErrorKind, Result, StoreError};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Version of everything in the data dir. A newer one is refused.
pub const FORMAT_VERSION: u32 = 1;

/// Ending of files that are being written; left-overs are removed at open.
const TEMPORARY: &str = ".tmp";

/// Paths inside one data dir.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
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

    pub(crate) fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Path of a file that the manifest names (relative, with `/`).
    pub(crate) fn segment(&self, file: &str) -> PathBuf {
        file.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Creates what is missing, readable by the owner alone: events hold command lines.
    pub(crate) fn create(&self) -> Result<()> {
        for path in [self.root.clone(), self.logs(), self.events()] {
            create_dir(&path)?;
        }
        Ok(())
    }

    /// Numbers of the log files, ascending.
    pub(crate) fn log_numbers(&self) -> Result<Vec<u64>> {
        let path = self.logs();
        let mut numbers = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(StoreError::io("list", &path))? {
            let entry = entry.map_err(StoreError::io("list", &path))?;
            let name = entry.file_name();
            let number: Option<u64> =
                name.to_str().and_then(|name| name.strip_suffix(".log")?.parse().ok());
            numbers.extend(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Every file below `events/`, relative to the data dir, with `/`.
    pub(crate) fn event_files(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for table in entries(&self.events())? {
            for date in entries(&self.events().join(&table))? {
                for file in entries(&self.events().join(&table).join(&date))? {
                    found.push(format!("events/{table}/{date}/{file}"));
                }
            }
        }
        Ok(found)
    }

    /// Refuses a data dir of a newer version; writes the version into a new one.
    pub(crate) fn check_format(&self, may_write: MayWrite) -> Result<()> {
        let path = self.root.join("format");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(StoreError::io("read", &path)(error)),
        };
        if text.trim().is_empty() {
            return match may_write {
                MayWrite::Yes => write_durably(&path, format!("{FORMAT_VERSION}\n").as_bytes()),
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
#[derive(Debug)]
pub(crate) struct WriterLock(#[expect(dead_code, reason = "held, not read")] File);

impl WriterLock {
    /// Takes the lock of `folder` and notes our pid in it.
    pub(crate) fn take(folder: &Folder) -> Result<Self> {
        let path = folder.root().join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::new(
                    ErrorKind::Locked,
                    format!("lock {}: {} writes to it", folder.root().display(), holder(&mut file)),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
        }
        file.set_len(0).map_err(StoreError::io("write", &path))?;
        file.rewind().map_err(StoreError::io("write", &path))?;
        writeln!(file, "{}", std::process::id()).map_err(StoreError::io("write", &path))?;
        Ok(Self(file))
    }
}

/// Who holds the lock, as far as the file says.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(32).read_to_string(&mut text);
    match (read, text.trim().parse::<u32>()) {
        (Ok(_), Ok(pid)) => format!("process {pid}"),
        _ => "another process".to_owned(),
    }
}

fn entries(path: &Path) -> Result<Vec<String>> {
    let list = match std::fs::read_dir(path) {
        Ok(list) => list,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io("list", path)(error)),
    };
    let mut names = Vec::new();
    for entry in list {
        let entry = entry.map_err(StoreError::io("list", path))?;
        names.extend(entry.file_name().to_str().map(str::to_owned));
    }
    Ok(names)
}

/// Creates a folder and its parents.
pub(crate) fn create_dir(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    private(&mut builder);
    builder.create(path).map_err(StoreError::io("create", path))
}

/// The path under which `path` is written before it is renamed.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(TEMPORARY);
    PathBuf::from(name)
}

/// Renames the synced file at [`temporary`]`(path)` to `path` and syncs its folder.
pub(crate) fn publish(path: &Path) -> Result<()> {
    let from = temporary(path);
    std::fs::rename(&from, path).map_err(StoreError::io("rename", &from))?;
    path.parent().map_or(Ok(()), sync_dir)
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let from = temporary(path);
    let mut file = File::create(&from).map_err(StoreError::io("create", &from))?;
    file.write_all(bytes).map_err(StoreError::io("write", &from))?;
    file.sync_all().map_err(StoreError::io("sync", &from))?;
    publish(path)
}

/// Makes new names in a folder durable.
#[cfg(unix)]
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(StoreError::io("sync", path))
}

/// Windows journals names by itself and cannot open a folder as a file.
#[cfg(not(unix))]
pub(crate) fn sync_dir(_path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn private(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt as _;
    builder.mode(0o700);
}

#[cfg(not(unix))]
fn private(_builder: &mut DirBuilder) {}
