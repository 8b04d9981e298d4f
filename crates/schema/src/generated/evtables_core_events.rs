// SPDX-License-Identifier: Apache-2.0
//! `evtables_core_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_core_events`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `eid`.
    pub const EID: usize = 0;
    /// Position of `core_table`.
    pub const CORE_TABLE: usize = 1;
    /// Position of `core_eid`.
    pub const CORE_EID: usize = 2;
    /// Position of `json`.
    pub const JSON: usize = 3;
    /// Position of `time`.
    pub const TIME: usize = 4;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 5;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 6;
    /// Position of `seq`.
    pub const SEQ: usize = 7;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 8;
    /// Position of `take`.
    pub const TAKE: usize = 9;
    /// Position of `history`.
    pub const HISTORY: usize = 10;

    /// Events of osquery's own event tables, where evtables is one of its loggers and `sources.osquery.core_events` is on.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(61), kind: "evtables_core_events", name: "evtables_core_events",
        class: Class::Event, platform: Platform::Any, required: None, key: None,
        summary: "Events of osquery's own event tables, where evtables is one of its loggers and `sources.osquery.core_events` is on.",
        example: "SELECT utc_time, core_table, json FROM evtables_core_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(1), name: "core_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table of osquery that the row is of; NULL when it was not recognised." },
            ColumnSpec { id: ColumnId(2), name: "core_eid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "osquery's own event id." },
            ColumnSpec { id: ColumnId(3), name: "json", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The row as osquery sent it, a JSON object." },
            ColumnSpec { id: ColumnId(4), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(5), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Table of osquery that the row is of; NULL when it was not recognised.
            pub core_table: Option<&'a str>,
            /// osquery's own event id.
            pub core_eid: Option<&'a str>,
            /// The row as osquery sent it, a JSON object.
            pub json: &'a str,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
        }
    }
}
