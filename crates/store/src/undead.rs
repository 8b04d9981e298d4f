// SPDX-License-Identifier: Apache-2.0
//! Segment files that no record lists any more, until they are unlinked. After a crash the next open
//! finds and removes them.

use crate::folder::Folder;
use std::collections::VecDeque;
use std::io::ErrorKind;

/// Files that wait to be unlinked, with their bytes; those that other engines must not see first.
#[derive(Debug, Default)]
pub(crate) struct Undead(VecDeque<(String, u64)>);

impl Undead {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes that are free when all are unlinked.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.iter().map(|(_, bytes)| *bytes).sum()
    }

    /// Adds a file behind the others.
    pub(crate) fn push(&mut self, file: String, bytes: u64) {
        self.0.push_back((file, bytes));
    }

    /// Adds a file before the others.
    pub(crate) fn push_first(&mut self, file: String, bytes: u64) {
        self.0.push_front((file, bytes));
    }

    /// Unlinks the first `files_max` files; one that cannot be unlinked goes behind the others.
    pub(crate) fn bury(&mut self, folder: &Folder, files_max: usize) {
        for _ in 0..files_max.min(self.0.len()) {
            let Some((file, bytes)) = self.0.pop_front() else { return };
            let path = folder.segment(&file);
            match folder.disk().remove(&path) {
                // The folder of a day goes with its last segment; others refuse.
                Ok(()) => {
                    let _ = path.parent().map(|day| folder.disk().remove_dir(day));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(_) => self.0.push_back((file, bytes)),
            }
        }
    }
}
