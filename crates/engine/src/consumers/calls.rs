// SPDX-License-Identifier: Apache-2.0
//! The last calls that a host made, each with what it cost: rows of `evtables_queries`.

use super::cursors::write_json;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Calls kept.
pub const CALLS_MAX: usize = 1_000;

/// Row of `evtables_queries`; fields as its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Call {
    pub time: i64,
    pub consumer: String,
    pub event_table: String,
    pub pushed: String,
    pub ignored: String,
    pub rows_read: u64,
    pub rows_returned: u64,
    pub bytes: u64,
    pub segments: u64,
    pub segments_skipped: u64,
    pub cut: bool,
    pub duration_us: u64,
    #[serde(default)]
    pub remark: String,
}

impl Call {
    /// Adds what a part of the call cost.
    pub fn add(&mut self, part: &Self) {
        self.rows_read += part.rows_read;
        self.segments += part.segments;
        self.segments_skipped += part.segments_skipped;
        if part.cut {
            self.cut = true;
            self.remark.clone_from(&part.remark);
        }
    }
}

/// A ring of the last [`CALLS_MAX`] calls.
#[derive(Debug, Default)]
pub struct Calls {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    ring: VecDeque<Call>,
    unsaved: bool,
}

impl Calls {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a call.
    pub fn push(&self, call: Call) {
        let mut state = self.state();
        if state.ring.len() >= CALLS_MAX {
            state.ring.pop_front();
        }
        state.ring.push_back(call);
        state.unsaved = true;
    }

    /// The calls, oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<Call> {
        self.state().ring.iter().cloned().collect()
    }

    /// Writes them for other processes, when there are new ones.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        if !std::mem::take(&mut self.state().unsaved) {
            return Ok(());
        }
        write_json(path, &self.list())
    }
}
