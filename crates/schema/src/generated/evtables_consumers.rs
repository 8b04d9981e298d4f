// SPDX-License-Identifier: Apache-2.0
//! `evtables_consumers`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_consumers`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `consumer`.
    pub const CONSUMER: usize = 0;
    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 1;
    /// Position of `position`.
    pub const POSITION: usize = 2;
    /// Position of `window_to`.
    pub const WINDOW_TO: usize = 3;
    /// Position of `lag_rows`.
    pub const LAG_ROWS: usize = 4;
    /// Position of `lag_seconds`.
    pub const LAG_SECONDS: usize = 5;
    /// Position of `last_read`.
    pub const LAST_READ: usize = 6;
    /// Position of `oldest_unread`.
    pub const OLDEST_UNREAD: usize = 7;
    /// Position of `expired`.
    pub const EXPIRED: usize = 8;
    /// Position of `state`.
    pub const STATE: usize = 9;
    /// Position of `rows_given`.
    pub const ROWS_GIVEN: usize = 10;
    /// Position of `acknowledged`.
    pub const ACKNOWLEDGED: usize = 11;

    /// Who reads event tables through a cursor, and how far.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_consumers", name: "evtables_consumers",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "Who reads event tables through a cursor, and how far.",
        example: "SELECT consumer, event_table, lag_rows, lag_seconds, state FROM evtables_consumers ORDER BY lag_rows DESC;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "consumer", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the scheduled query, or the name that a query gave in `consumer`." },
            ColumnSpec { id: ColumnId(1), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table." },
            ColumnSpec { id: ColumnId(2), name: "position", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The rows up to this `seq` were delivered." },
            ColumnSpec { id: ColumnId(3), name: "window_to", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The run under way, or the last one, was given the rows after `position` up to this `seq`." },
            ColumnSpec { id: ColumnId(4), name: "lag_rows", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows after `position`." },
            ColumnSpec { id: ColumnId(5), name: "lag_seconds", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Age of the oldest of them." },
            ColumnSpec { id: ColumnId(6), name: "last_read", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Unix second of the last read." },
            ColumnSpec { id: ColumnId(7), name: "oldest_unread", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Event time of the oldest row after `position`, unix seconds." },
            ColumnSpec { id: ColumnId(8), name: "expired", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows that expired before this consumer read them; each loss is a row of `evtables_gaps` too." },
            ColumnSpec { id: ColumnId(9), name: "state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`reading` (a window is open), `again` (the run before did not end: its window was served again), `contested` (a distributed query ran when the window was opened), `unsent` (a reply of the run could not be sent: its window will be served again), `pushing`, `waiting: …` (a push that a logger does not take now, and why) or `idle` (nothing was left)." },
            ColumnSpec { id: ColumnId(10), name: "rows_given", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows in its windows so far, or lines pushed." },
            ColumnSpec { id: ColumnId(11), name: "acknowledged", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when a result line of its last run was seen; NULL where evtables is not a logger of this osquery." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the scheduled query, or the name that a query gave in `consumer`.
            pub consumer: &'a str,
            /// Table.
            pub event_table: &'a str,
            /// The rows up to this `seq` were delivered.
            pub position: i64,
            /// The run under way, or the last one, was given the rows after `position` up to this `seq`.
            pub window_to: Option<i64>,
            /// Rows after `position`.
            pub lag_rows: i64,
            /// Age of the oldest of them.
            pub lag_seconds: Option<i64>,
            /// Unix second of the last read.
            pub last_read: i64,
            /// Event time of the oldest row after `position`, unix seconds.
            pub oldest_unread: Option<i64>,
            /// Rows that expired before this consumer read them; each loss is a row of `evtables_gaps` too.
            pub expired: i64,
            /// `reading` (a window is open), `again` (the run before did not end: its window was served again), `contested` (a distributed query ran when the window was opened), `unsent` (a reply of the run could not be sent: its window will be served again), `pushing`, `waiting: …` (a push that a logger does not take now, and why) or `idle` (nothing was left).
            pub state: &'a str,
            /// Rows in its windows so far, or lines pushed.
            pub rows_given: i64,
            /// 1 when a result line of its last run was seen; NULL where evtables is not a logger of this osquery.
            pub acknowledged: Option<i32>,
        }
    }
}
