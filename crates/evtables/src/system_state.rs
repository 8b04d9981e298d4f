// SPDX-License-Identifier: Apache-2.0
//! Tables of what the operating system is like: who makes their rows, and where they are served.

use evtables_publisher_replay::event_log_rows;
use evtables_schema::generated::event_log_channels::windows as event_log_channels;
use evtables_schema::{Class, TableSpec};
use evtables_sdk::StateSource;
use evtables_state_windows::{ThisHost, WindowsState};
use std::sync::{Arc, OnceLock};

/// Who makes the rows, one for the process.
pub(crate) fn system_state() -> Arc<dyn StateSource> {
    windows_state()
}

fn windows_state() -> Arc<WindowsState> {
    static STATE: OnceLock<Arc<WindowsState>> = OnceLock::new();
    Arc::<WindowsState>::clone(
        STATE.get_or_init(|| Arc::new(WindowsState::new(&this_host(), event_log_rows))),
    )
}

/// What live events make identities of, too.
#[cfg(windows)]
fn this_host() -> ThisHost {
    use evtables_engine::host;
    ThisHost { name: host::host_name(), boot_ns: host::boot_ns() }
}

/// Nobody asks: these tables have no rows here.
#[cfg(not(windows))]
fn this_host() -> ThisHost {
    ThisHost { name: String::new(), boot_ns: 0 }
}

/// Registry keys that processes have open, for live collection.
#[cfg(all(windows, feature = "os-publishers"))]
#[derive(Debug)]
pub(crate) struct OpenKeys;

#[cfg(all(windows, feature = "os-publishers"))]
impl evtables_publisher_windows::live::OpenKeys for OpenKeys {
    fn each(&self, f: &mut dyn FnMut(u64, &str)) -> Result<(), String> {
        windows_state().open_keys(f)
    }
}

/// Whether a table has rows on its own system only, and not over what a replay stored.
pub(crate) fn is_of_system(table: &'static TableSpec) -> bool {
    table.class == Class::State
        && table != &event_log_channels::TABLE
        && system_state().tables().contains(&table)
}
