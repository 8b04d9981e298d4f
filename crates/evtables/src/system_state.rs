// SPDX-License-Identifier: Apache-2.0
//! Tables of what the operating system is like: who makes their rows, and where they are served.

use evtables_publisher_replay::event_log_rows;
use evtables_schema::generated::event_log_channels::windows as event_log_channels;
use evtables_schema::{Class, TableSpec};
use evtables_sdk::StateSource;
use evtables_state_windows::WindowsState;
use std::sync::{Arc, OnceLock};

/// Who makes the rows, one for the process.
pub(crate) fn system_state() -> Arc<dyn StateSource> {
    static STATE: OnceLock<Arc<WindowsState>> = OnceLock::new();
    Arc::<WindowsState>::clone(STATE.get_or_init(|| Arc::new(WindowsState::new(event_log_rows))))
}

/// Whether a table has rows on its own system only, and not over what a replay stored.
pub(crate) fn is_of_system(table: &'static TableSpec) -> bool {
    table.class == Class::State
        && table != &event_log_channels::TABLE
        && system_state().tables().contains(&table)
}
