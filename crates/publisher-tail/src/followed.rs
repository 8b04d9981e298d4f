// SPDX-License-Identifier: Apache-2.0
//! One file that is read on as it grows. Its position is always at the beginning of a line (or record), so
//! that a line is taken as a whole or not at all.

use crate::cut::{Cutter, Line, Unit};
use crate::positions::{FileId, Head, Position};
use std::fs::File;
use std::io::{Read as _, Result, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// More than one record of logins: its time tells it from others.
const HEAD_BYTES: u64 = 512;
const READ_BYTES: u64 = 64 << 10;
/// Of one file in one turn; the others have theirs in between.
const TURN_BYTES_MAX: u64 = 256 << 10;

/// The file.
pub(crate) struct Followed {
    pub(crate) path: PathBuf,
    pub(crate) id: FileId,
    file: File,
    /// Behind the last whole line.
    pub(crate) offset: u64,
    head: Head,
    unit: Unit,
    cutter: Cutter,
    /// The line in hand began before reading did.
    skips: bool,
}

/// Where reading begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    Beginning,
    /// With what is written from now on.
    End,
    /// Where it was, if it is still the same file, else at the beginning.
    At(Position),
}

impl Followed {
    /// Opens it; `None` for what is no file.
    pub(crate) fn open(
        path: &Path,
        unit: Unit,
        start: impl FnOnce(FileId) -> Start,
    ) -> Result<Option<Self>> {
        // Not opened before it is known to be a file: a pipe would wait for its other end.
        if !std::fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Ok(None);
        }
        let mut followed = Self {
            path: path.to_owned(),
            id: FileId::of(&meta),
            file,
            offset: 0,
            head: Head::default(),
            unit,
            cutter: Cutter::new(unit),
            skips: false,
        };
        match start(followed.id) {
            Start::Beginning => {}
            Start::End => match unit {
                Unit::Lines => {
                    followed.offset = meta.len();
                    let last = followed.bytes(meta.len().saturating_sub(1), 1)?;
                    followed.skips = last.last().is_some_and(|byte| *byte != b'\n');
                }
                Unit::Records(_) => followed.offset = followed.whole(meta.len()),
            },
            Start::At(position) => {
                let same = position.offset <= meta.len()
                    && followed.head_of(position.head.len)? == position.head;
                if same {
                    followed.offset = position.offset;
                }
            }
        }
        followed.learn_head(followed.whole(meta.len()))?;
        Ok(Some(followed))
    }

    /// Where reading would go on.
    pub(crate) fn position(&self, turn: u64) -> Position {
        Position { path: self.path.clone(), offset: self.offset, head: self.head, turn }
    }

    fn bytes(&mut self, from: u64, len: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(from))?;
        (&mut self.file).take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn head_of(&mut self, len: u64) -> Result<Head> {
        let bytes = self.bytes(0, len.min(HEAD_BYTES))?;
        Ok(Head::of(&bytes))
    }

    /// The head grows with the file until it is whole. A torn record is not part of it.
    fn learn_head(&mut self, len: u64) -> Result<()> {
        if self.head.len < HEAD_BYTES && self.head.len < len {
            self.head = self.head_of(len)?;
        }
        Ok(())
    }

    /// Up to where a file of this length can be read: of records whole ones only, because writers cut off
    /// a torn one before they write the next.
    fn whole(&self, len: u64) -> u64 {
        match self.unit {
            Unit::Lines => len,
            Unit::Records(size) => {
                let behind = len.saturating_sub(self.offset);
                len - behind.checked_rem(size as u64).unwrap_or(0).min(len)
            }
        }
    }

    /// Reads what is new, and calls `f` for each line with the place behind it. `true` when there is more.
    pub(crate) fn read(&mut self, mut f: impl FnMut(Line<'_>, u64)) -> Result<bool> {
        let len = self.file.metadata()?.len();
        let read_to = self.offset + self.cutter.unfinished();
        // Shorter, or another beginning: it was cut off and is written anew, perhaps to the same length.
        if len < read_to || self.head_of(self.head.len)? != self.head {
            self.offset = 0;
            self.head = Head::default();
            self.cutter.clear();
            self.skips = false;
        }
        let len = self.whole(len);
        self.learn_head(len)?;
        let mut at = self.offset + self.cutter.unfinished();
        let until = len.min(at.saturating_add(TURN_BYTES_MAX));
        while at < until {
            let bytes = self.bytes(at, READ_BYTES.min(until - at))?;
            if bytes.is_empty() {
                break;
            }
            at += bytes.len() as u64;
            let (offset, skips) = (&mut self.offset, &mut self.skips);
            self.cutter.push(&bytes, |line| {
                *offset += line.size;
                if !std::mem::take(skips) {
                    f(line, *offset);
                }
            });
        }
        Ok(at < len)
    }

    /// The last line, or the torn record, of a file that nobody will write any more.
    pub(crate) fn finish(&mut self, mut f: impl FnMut(Line<'_>, u64)) {
        if let Unit::Records(size) = self.unit {
            let rest = self.bytes(self.offset, size as u64).unwrap_or_default();
            self.cutter.clear();
            if !rest.is_empty() {
                self.offset += rest.len() as u64;
                f(Line { bytes: &rest, size: rest.len() as u64 }, self.offset);
            }
            return;
        }
        let (offset, skips) = (&mut self.offset, &mut self.skips);
        self.cutter.take_rest(|line| {
            *offset += line.size;
            if !std::mem::take(skips) {
                f(line, *offset);
            }
        });
    }
}
