// SPDX-License-Identifier: Apache-2.0
//! Where reading goes on after a restart: a small file, replaced as a whole.
//!
//! It is written behind the store: what it says is some seconds old. Rows in the store that are younger
//! say more (see the crate's page).

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// Files whose position is kept; those that were read longest ago go first.
pub(crate) const POSITIONS_MAX: usize = 4_096;
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Which file that is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u64, pub u64);

impl FileId {
    /// Device and inode.
    #[cfg(unix)]
    pub(crate) fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self(meta.dev(), meta.ino())
    }

    /// When it was made: stable Rust tells no number of a file here.
    #[cfg(windows)]
    pub(crate) fn of(meta: &Metadata) -> Self {
        use std::os::windows::fs::MetadataExt as _;
        Self(0, meta.creation_time())
    }

    /// From its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (first, second) = text.split_once(':')?;
        Some(Self(first.parse().ok()?, second.parse().ok()?))
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0, self.1)
    }
}

/// FNV-1a of nothing: it stands in a file, so it must not change with the compiler.
const HASH_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// How a file begins: tells a file from another one that took its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// Bytes that were looked at, at most 512.
    pub(crate) len: u64,
    pub(crate) hash: u64,
}

impl Head {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let hash = bytes.iter().fold(HASH_OF_NOTHING, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { len: bytes.len() as u64, hash }
    }
}

/// That of any file: nothing was looked at.
impl Default for Head {
    fn default() -> Self {
        Self::of(&[])
    }
}

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) path: PathBuf,
    /// Behind the last line that was taken.
    pub(crate) offset: u64,
    pub(crate) head: Head,
    /// Counts up with each reading: the lowest goes when there are too many.
    pub(crate) turn: u64,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Positions {
    /// Patterns that were followed before: files that are new to them are read from their beginning.
    pub(crate) known: BTreeSet<String>,
    pub(crate) files: BTreeMap<FileId, Position>,
    /// When that was so, nanoseconds since the unix epoch.
    pub(crate) saved_ns: i64,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    saved_ns: i64,
    known: BTreeSet<String>,
    files: BTreeMap<String, Position>,
}

impl Positions {
    /// From the file; none when there is none, and when it cannot be read, which is logged.
    pub(crate) fn read(path: &Path) -> Self {
        match std::fs::metadata(path) {
            Ok(meta) if meta.len() > FILE_BYTES_MAX => return Self::complain(path, "too large"),
            Ok(_) => {}
            Err(_) => return Self::default(),
        }
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) => return Self::complain(path, error),
        };
        match serde_json::from_slice::<Stored>(&text) {
            Ok(stored) => {
                let files = stored.files.into_iter();
                let files = files.filter_map(|(id, at)| Some((FileId::parse(&id)?, at)));
                let files = files.take(POSITIONS_MAX).collect();
                Self { known: stored.known, files, saved_ns: stored.saved_ns }
            }
            Err(error) => Self::complain(path, error),
        }
    }

    fn complain(path: &Path, error: impl fmt::Display) -> Self {
        tracing::error!(
            "failed to read the positions of followed files in {}: {error}",
            path.display()
        );
        Self::default()
    }

    /// Replaces the file.
    ///
    /// # Errors
    /// As of the file system.
    pub(crate) fn write(&self, path: &Path) -> std::io::Result<()> {
        let files = self.files.iter().map(|(id, at)| (id.to_string(), at.clone())).collect();
        let stored =
            Stored { version: 1, saved_ns: self.saved_ns, known: self.known.clone(), files };
        let text = serde_json::to_vec(&stored)?;
        let next = path.with_extension("next");
        std::fs::write(&next, text)?;
        std::fs::rename(&next, path)
    }

    /// Forgets those that were read longest ago.
    pub(crate) fn bound(&mut self) {
        while self.files.len() > POSITIONS_MAX {
            let oldest = self.files.iter().min_by_key(|(_, at)| at.turn).map(|(id, _)| *id);
            oldest.map(|id| self.files.remove(&id));
        }
    }
}
