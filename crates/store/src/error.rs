// SPDX-License-Identifier: Apache-2.0
//! What can go wrong in the store. Bad bytes of one segment or one log block are counts, not errors.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// Why an operation on the store failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file system refused.
    Io,
    /// Another process writes to this data dir.
    Locked,
    /// The data dir was written by a newer version.
    Version,
    /// Bytes on disk are not what was written.
    Corrupt,
    /// The caller gave rows that the store does not take.
    Invalid,
    /// Sealing has failed for so long that the unsealed tail is full.
    Full,
    /// The writer changed the store in each of the bounded attempts to read it.
    Busy,
}

/// Failure of the store; its text completes "failed to …".
#[derive(Debug)]
pub struct StoreError {
    /// Why.
    pub kind: ErrorKind,
    /// What was being done, to which file.
    pub context: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// Without an underlying error.
    #[must_use]
    pub fn new(kind: ErrorKind, context: impl Into<String>) -> Self {
        Self { kind, context: context.into(), source: None }
    }

    pub(crate) fn from_source(
        kind: ErrorKind,
        context: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { kind, context: context.into(), source: Some(source.into()) }
    }

    /// For `map_err`: the file system refused to `action` the file at `path`.
    pub(crate) fn io<'a>(
        action: &'a str,
        path: &'a Path,
    ) -> impl FnOnce(std::io::Error) -> Self + 'a {
        move |error| Self::from_source(ErrorKind::Io, format!("{action} {}", path.display()), error)
    }

    /// Whether the file system said that the file does not exist.
    pub(crate) fn is_gone(&self) -> bool {
        let source = self.source.as_ref().and_then(|s| s.downcast_ref::<std::io::Error>());
        source.is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|s| s.as_ref() as &(dyn Error + 'static))
    }
}

/// Result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;
