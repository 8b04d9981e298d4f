// SPDX-License-Identifier: Apache-2.0
//! State of a Windows machine as tables, made when a query asks. Everything but the calls themselves is
//! portable and tested with bytes in the form of Windows; the calls are in `native`. It stores nothing and
//! knows nothing of events.

mod bytes;
mod disk;
mod event_log;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod handles;
mod hash;
mod memory;
#[cfg(windows)]
mod native;
#[cfg(not(windows))]
#[path = "elsewhere.rs"]
mod native;
mod network;
mod processes;
mod programs;
mod protection;
mod registry;
mod services;
mod sources;
mod startup;
mod wanted;

#[cfg(test)]
mod fakes;
#[cfg(all(test, windows))]
mod live_tests;
#[cfg(test)]
mod tests;

use evtables_filter::Predicate;
use evtables_schema::generated as tables;
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{AbsentTable, StateRows, StateSource};
use sources::Sources;

/// What identities of processes are made of: the same here as where their events come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThisHost {
    /// Name of the computer.
    pub name: String,
    /// When it was booted, nanoseconds since the unix epoch.
    pub boot_ns: i64,
}

/// Reads events as XML into rows of `win_event_log_data`; also how many could not be read.
pub type ReadEvents = fn(&str) -> Result<(Vec<EventBatch>, usize), String>;

static TABLES: &[&TableSpec] = &[
    &tables::disk_index::windows::TABLE,
    &tables::epp_table::windows::TABLE,
    &tables::event_log_channels::windows::TABLE,
    &tables::event_log_data::windows::TABLE,
    &tables::hash::windows::TABLE,
    &tables::mem_perf::windows::TABLE,
    &tables::network_stats::windows::TABLE,
    &tables::process_handles::windows::TABLE,
    &tables::process_perf::windows::TABLE,
    &tables::programs::windows::TABLE,
    &tables::services::windows::TABLE,
    &tables::startup_items::windows::TABLE,
];

/// Tables of the predecessor that need more than a process may ask.
static ABSENT: &[AbsentTable] = &[
    AbsentTable {
        name: "win_msr",
        summary: "Model-specific registers of the processor.",
        reason: "only a kernel driver can read them, and evtables has none",
    },
    AbsentTable {
        name: "win_suspicious_process_scan",
        summary: "Implants, hooks and hollowing found in the memory of processes.",
        reason: "it was made by a third party's memory scanner, which is no part of evtables",
    },
    AbsentTable {
        name: "win_suspicious_process_dump",
        summary: "Dumps of what the memory scan found.",
        reason: "it was made by a third party's memory scanner, which is no part of evtables",
    },
    AbsentTable {
        name: "win_yara",
        summary: "Files that match YARA rules, scanned on demand.",
        reason: "osquery's own table yara scans on demand",
    },
];

/// The state of this machine; on another system than Windows it says only why it has no rows.
pub struct WindowsState {
    sources: Option<Sources>,
    looks: processes::Looks,
    identities: processes::Identities,
    read_events: ReadEvents,
}

impl WindowsState {
    /// Asks this system. `read_events` is publisher-replay's reader of event XML.
    #[must_use]
    pub fn new(host: &ThisHost, read_events: ReadEvents) -> Self {
        Self {
            sources: native::sources(),
            looks: processes::Looks::default(),
            identities: processes::Identities::of(host),
            read_events,
        }
    }

    /// Calls back with the object and the kernel's path of each registry key that a process has open.
    ///
    /// # Errors
    /// Why they cannot be listed, or not all of them; what was called back with is good.
    pub fn open_keys(&self, f: &mut dyn FnMut(u64, &str)) -> Result<(), String> {
        match &self.sources {
            Some(from) => handles::open_keys(&*from.handles, f),
            None => Err(self.unavailable().unwrap_or_default().to_owned()),
        }
    }
}

impl StateSource for WindowsState {
    fn tables(&self) -> &[&'static TableSpec] {
        TABLES
    }

    fn unavailable(&self) -> Option<&'static str> {
        match self.sources {
            Some(_) => None,
            None => Some("it is made by asking Windows, and this is another system"),
        }
    }

    fn absent(&self) -> &'static [AbsentTable] {
        ABSENT
    }

    fn rows(&self, wanted: &Predicate) -> Result<StateRows, String> {
        let Some(from) = &self.sources else {
            return Err(self.unavailable().unwrap_or_default().to_owned());
        };
        let registry = &*from.registry;
        match wanted.table().kind {
            "disk_index" => disk::rows(&*from.disks, disk::Bounds::CALL, wanted),
            "epp_table" => Ok(protection::rows(registry)),
            "event_log_channels" => Ok(event_log::channels(&*from.event_log, registry)),
            "event_log_data" => {
                let host = self.identities.host();
                event_log::events((&*from.event_log, registry), host, self.read_events, wanted)
            }
            "hash" => hash::rows(wanted),
            "mem_perf" => memory::rows(&*from.memory),
            "network_stats" => network::rows(&*from.network),
            "process_handles" => {
                handles::rows(&*from.handles, &*from.processes, &self.identities, wanted)
            }
            "process_perf" => self.looks.rows(&*from.processes),
            "programs" => Ok(programs::rows(registry, &*from.accounts)),
            "services" => services::rows(&*from.services, registry),
            "startup_items" => Ok(startup::rows(registry, &*from.accounts)),
            other => Err(format!("nobody makes rows of {other}")),
        }
    }
}
