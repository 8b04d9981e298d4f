// SPDX-License-Identifier: Apache-2.0
//! `evtables_queries`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_queries`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `time`.
    pub const TIME: usize = 0;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 1;
    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 2;
    /// Position of `pushed`.
    pub const PUSHED: usize = 3;
    /// Position of `ignored`.
    pub const IGNORED: usize = 4;
    /// Position of `rows_read`.
    pub const ROWS_READ: usize = 5;
    /// Position of `rows_returned`.
    pub const ROWS_RETURNED: usize = 6;
    /// Position of `bytes`.
    pub const BYTES: usize = 7;
    /// Position of `segments`.
    pub const SEGMENTS: usize = 8;
    /// Position of `segments_skipped`.
    pub const SEGMENTS_SKIPPED: usize = 9;
    /// Position of `cut`.
    pub const CUT: usize = 10;
    /// Position of `duration_us`.
    pub const DURATION_US: usize = 11;
    /// Position of `remark`.
    pub const REMARK: usize = 12;

    /// The last 1,000 calls that osquery made to event tables, and what each cost.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_queries", name: "evtables_queries",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "The last 1,000 calls that osquery made to event tables, and what each cost.",
        example: "SELECT time, consumer, event_table, pushed, rows_read, rows_returned, duration_us FROM evtables_queries WHERE cut = 1;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Unix second of the call." },
            ColumnSpec { id: ColumnId(1), name: "consumer", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Whose cursor was read; empty for a read of the stored history." },
            ColumnSpec { id: ColumnId(2), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table." },
            ColumnSpec { id: ColumnId(3), name: "pushed", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Comparisons that were answered here." },
            ColumnSpec { id: ColumnId(4), name: "ignored", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Comparisons that were left to SQLite." },
            ColumnSpec { id: ColumnId(5), name: "rows_read", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows tested, or returned untested." },
            ColumnSpec { id: ColumnId(6), name: "rows_returned", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows in the reply." },
            ColumnSpec { id: ColumnId(7), name: "bytes", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the reply." },
            ColumnSpec { id: ColumnId(8), name: "segments", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Segments of the table; 0 when the rows of an earlier call were used." },
            ColumnSpec { id: ColumnId(9), name: "segments_skipped", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of them, not opened because no row could match." },
            ColumnSpec { id: ColumnId(10), name: "cut", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when a budget was reached and a part of the rows was left out." },
            ColumnSpec { id: ColumnId(11), name: "duration_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Time taken, microseconds." },
            ColumnSpec { id: ColumnId(12), name: "remark", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Which budget cut it (`rows`, `bytes`: the newest rows were given; `time`: the rows read until then), or why the call failed, or which text of a comparison no row can ever have (a word of an older product, a slip of the pen); empty when all is well." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Unix second of the call.
            pub time: i64,
            /// Whose cursor was read; empty for a read of the stored history.
            pub consumer: &'a str,
            /// Table.
            pub event_table: &'a str,
            /// Comparisons that were answered here.
            pub pushed: &'a str,
            /// Comparisons that were left to SQLite.
            pub ignored: &'a str,
            /// Rows tested, or returned untested.
            pub rows_read: i64,
            /// Rows in the reply.
            pub rows_returned: i64,
            /// Size of the reply.
            pub bytes: i64,
            /// Segments of the table; 0 when the rows of an earlier call were used.
            pub segments: i64,
            /// Of them, not opened because no row could match.
            pub segments_skipped: i64,
            /// 1 when a budget was reached and a part of the rows was left out.
            pub cut: i32,
            /// Time taken, microseconds.
            pub duration_us: i64,
            /// Which budget cut it (`rows`, `bytes`: the newest rows were given; `time`: the rows read until then), or why the call failed, or which text of a comparison no row can ever have (a word of an older product, a slip of the pen); empty when all is well.
            pub remark: &'a str,
        }
    }
}
