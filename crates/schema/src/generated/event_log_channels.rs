// SPDX-License-Identifier: Apache-2.0
//! `event_log_channels`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_event_log_channels`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `source`.
    pub const SOURCE: usize = 0;

    /// Names of the event-log channels.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "event_log_channels", name: "win_event_log_channels",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Names of the event-log channels.",
        example: "SELECT source FROM win_event_log_channels WHERE source LIKE '%Sysmon%';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Channel." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Channel.
            pub source: &'a str,
        }
    }
}
