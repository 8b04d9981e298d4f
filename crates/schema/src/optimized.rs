// SPDX-License-Identifier: Apache-2.0
//! Names by which packs and servers of the predecessor read events that are new to them: `<table>_optimized`
//! for each event table of Windows, and one stream of all those tables with a row as JSON. Here every event
//! table is read so by a schedule: these are other names of the same.

use crate::event_tables;
use crate::spec::{ColumnSpec, Platform, Storage, TableSpec, Virtual};

/// Name of the stream.
pub const STREAM: &str = "windows_events_table_optimized";
/// Its one column.
pub const STREAM_COLUMN: &str = "data";
const SUFFIX: &str = "_optimized";

/// Tables with the predecessor's class numbers: those that its stream has, by name.
pub fn stream_tables() -> impl Iterator<Item = &'static TableSpec> {
    let has_class = |column: &ColumnSpec| {
        column.name == "eventid" && matches!(column.storage, Storage::Virtual(Virtual::Const(_)))
    };
    event_tables().filter(move |table| {
        table.platform == Platform::Windows && table.columns.iter().any(has_class)
    })
}

/// The table's other name, when it has one.
#[must_use]
pub fn other_name(table: &TableSpec) -> Option<String> {
    stream_tables().find(|known| *known == table).map(|table| format!("{}{SUFFIX}", table.name))
}

/// The table whose other name that is (without case).
#[must_use]
pub fn table_of(other_name: &str) -> Option<&'static TableSpec> {
    let lower = other_name.to_ascii_lowercase();
    let name = lower.strip_suffix(SUFFIX)?;
    stream_tables().find(|table| table.name == name)
}

/// Positions of the columns that a row of the stream has as keys: those of `SELECT *`.
#[must_use]
pub fn stream_columns(table: &TableSpec) -> Vec<usize> {
    let shown = table.columns.iter().enumerate().filter(|(_, column)| !column.hidden);
    shown.map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_event_tables_of_the_predecessor_have_another_name() {
        let names: Vec<&str> = stream_tables().map(|table| table.name).collect();
        assert_eq!(names.len(), 18, "{names:?}");
        for table in stream_tables() {
            assert_eq!(table_of(&other_name(table).unwrap()), Some(table));
        }
        assert_eq!(table_of("WIN_DNS_EVENTS_OPTIMIZED").unwrap().name, "win_dns_events");
        for other in [STREAM, "win_dns_events", "linux_dns_events_optimized", "_optimized"] {
            assert_eq!(table_of(other), None, "{other}");
        }
        assert_eq!(other_name(crate::table("win_event_log_data").unwrap()), None);
    }
}
