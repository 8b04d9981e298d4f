// SPDX-License-Identifier: Apache-2.0
//! The state of the collector as other processes read it: one JSON file in the data dir, written each
//! second by atomic rename. The engine's own tables (`evtables_*`) are made of it.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// A state whose heartbeat is older does not count as running.
pub const HEARTBEAT_SECONDS_MAX: i64 = 5;
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Everything that the file holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// Row of `evtables_status`.
    pub status: Status,
    /// Rows of `evtables_hooks`.
    pub hooks: Vec<Hook>,
    /// Rows of `evtables_loss`.
    pub loss: Vec<Loss>,
    /// What `evtables_tables` needs to know of each table with events.
    pub tables: Vec<TableState>,
    /// Unix second until which events were captured; 0 when they never were.
    #[serde(default)]
    pub captured_until: i64,
    /// What the osquery beside us lacks, and what follows.
    #[serde(default)]
    pub degraded: Vec<String>,
    /// Rows of `evtables_filters`.
    #[serde(default)]
    pub filters: Vec<FilterState>,
    /// Rows of `evtables_config`.
    #[serde(default)]
    pub config: Vec<ConfigRow>,
}

/// Row of `evtables_filters`; fields as its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct FilterState {
    pub event_table: String,
    pub rule: String,
    pub action: String,
    pub runs_in: String,
    pub hits: u64,
    pub bytes_saved: u64,
    pub last_hit: i64,
    pub config_version: i64,
}

/// Row of `evtables_config`; fields as its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ConfigRow {
    pub key: String,
    pub value: String,
    pub source: String,
    pub state: String,
    pub error: Option<String>,
}

/// Row of `evtables_status`; fields as its columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Status {
    pub pid: u32,
    pub version: String,
    pub start_time: i64,
    pub heartbeat: i64,
    pub mode: String,
    pub config_version: i64,
    pub config_hash: String,
    pub state: String,
    pub rss_bytes: i64,
    pub cpu_percent: f64,
    pub events_per_second: f64,
    pub shed_tables: String,
    pub message: String,
}

/// Row of `evtables_hooks`; fields as its columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Hook {
    pub hook: String,
    pub event_table: String,
    pub tier: String,
    pub mechanism: String,
    pub state: String,
    pub error: Option<i32>,
    pub reason: Option<String>,
    pub run_count: Option<u64>,
    pub avg_ns: Option<u64>,
}

/// Row of `evtables_loss`; fields as its columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Loss {
    pub event_table: String,
    pub stage: String,
    pub outcome: String,
    pub reason: String,
    pub cpu: Option<u32>,
    pub count: u64,
}

/// What the collector knows of one table.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TableState {
    /// Name of the table.
    pub name: String,
    /// `on`, `off` or `unavailable`.
    pub state: String,
    /// Why not on.
    pub reason: Option<String>,
    /// Name that osquery has it under.
    pub registered_as: Option<String>,
    /// Rows stored in the last second.
    pub events_per_second: f64,
}

fn path_in(dir: &Path) -> PathBuf {
    dir.join("state.json")
}

impl State {
    /// Writes the file by rename; a reader sees the old or the new one whole.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        let temporary = dir.join("state.json.tmp");
        std::fs::write(&temporary, serde_json::to_vec(self)?)?;
        std::fs::rename(temporary, path_in(dir))
    }

    /// Reads the file; `None` when there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read or understood.
    pub fn read(dir: &Path) -> io::Result<Option<Self>> {
        let path = path_in(dir);
        match std::fs::metadata(&path) {
            Ok(meta) if meta.len() <= FILE_BYTES_MAX => {}
            Ok(_) => return Err(io::Error::other("state.json is larger than 16 MiB")),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        }
        Ok(Some(serde_json::from_slice(&std::fs::read(path)?)?))
    }

    /// Whether the collector wrote this within the last seconds.
    #[must_use]
    pub fn is_alive(&self, now_seconds: i64) -> bool {
        now_seconds - self.status.heartbeat <= HEARTBEAT_SECONDS_MAX
    }
}
