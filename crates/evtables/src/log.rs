// SPDX-License-Identifier: Apache-2.0
//! Where our own log goes: to stderr, or to a file of bounded size where nobody reads that.
#![cfg_attr(not(windows), allow(dead_code))] // services write files, on Windows alone so far

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tracing::Level;

/// Of the file, and of the one before it.
const BYTES_MAX: u64 = 1 << 20;

fn level(is_verbose: bool) -> Level {
    if is_verbose { Level::DEBUG } else { Level::INFO }
}

/// When stderr is closed, what is logged is lost, and nothing else: telling of it there would panic.
pub(crate) fn to_stderr(is_verbose: bool) {
    tracing_subscriber::fmt()
        .with_max_level(level(is_verbose))
        .with_writer(io::stderr)
        .with_target(false)
        .without_time()
        .log_internal_errors(false)
        .init();
}

/// Each line with its time.
pub(crate) fn to_file(path: &Path, is_verbose: bool) -> Result<(), String> {
    let file = RollingFile::open(path, BYTES_MAX)
        .map_err(|error| format!("failed to write {}: {error}", path.display()))?;
    tracing_subscriber::fmt()
        .with_max_level(level(is_verbose))
        .with_writer(Mutex::new(file))
        .with_target(false)
        .with_ansi(false)
        .log_internal_errors(false)
        .init();
    Ok(())
}

/// Goes on in a new file when this one is full; the one before is kept as `….old`.
struct RollingFile {
    path: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
}

impl RollingFile {
    fn open(path: &Path, bytes_max: u64) -> io::Result<Self> {
        let file = File::options().append(true).create(true).open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, bytes, bytes_max })
    }

    fn roll(&mut self) -> io::Result<()> {
        std::fs::rename(&self.path, self.path.with_extension("old"))?;
        *self = Self::open(&self.path, self.bytes_max)?;
        Ok(())
    }
}

impl Write for RollingFile {
    /// One line a call.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let more = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.bytes > 0 && self.bytes.saturating_add(more) > self.bytes_max {
            self.roll()?;
        }
        self.file.write_all(line)?;
        self.bytes = self.bytes.saturating_add(more);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_is_kept_as_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let mut file = RollingFile::open(&path, 10).unwrap();
        for line in ["one\n", "two\n", "three\n"] {
            file.write_all(line.as_bytes()).unwrap();
        }
        assert_eq!(read(&path), "three\n");
        assert_eq!(read(&path.with_extension("old")), "one\ntwo\n");
        drop(file);
        let mut file = RollingFile::open(&path, 10).unwrap();
        file.write_all(b"a line that is longer\n").unwrap();
        file.write_all(b"x\n").unwrap();
        assert_eq!(read(&path), "x\n");
        assert_eq!(read(&path.with_extension("old")), "a line that is longer\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
