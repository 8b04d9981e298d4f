// SPDX-License-Identifier: Apache-2.0
//! `evtables_gaps`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_gaps`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `eid`.
    pub const EID: usize = 0;
    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 1;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 2;
    /// Position of `cause`.
    pub const CAUSE: usize = 3;
    /// Position of `count`.
    pub const COUNT: usize = 4;
    /// Position of `from_time`.
    pub const FROM_TIME: usize = 5;
    /// Position of `to_time`.
    pub const TO_TIME: usize = 6;
    /// Position of `time`.
    pub const TIME: usize = 7;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 8;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 9;
    /// Position of `seq`.
    pub const SEQ: usize = 10;
    /// Position of `history`.
    pub const HISTORY: usize = 11;

    /// Stretches in which events are missing, and why: a gap is never silence.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(62), kind: "evtables_gaps", name: "evtables_gaps",
        class: Class::Event, platform: Platform::Any, required: None, key: None,
        summary: "Stretches in which events are missing, and why: a gap is never silence.",
        example: "SELECT utc_time, event_table, consumer, cause, count, from_time, to_time FROM evtables_gaps ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(1), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table; NULL for all of them." },
            ColumnSpec { id: ColumnId(2), name: "consumer", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Whose reading has the gap; NULL when the events were never stored." },
            ColumnSpec { id: ColumnId(3), name: "cause", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`not_running`, `disabled` (capture was switched off), `lost` (events dropped before the store) or `expired` (gone before the consumer read them)." },
            ColumnSpec { id: ColumnId(4), name: "count", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Events missing, where it is known." },
            ColumnSpec { id: ColumnId(5), name: "from_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Where the gap begins, unix seconds." },
            ColumnSpec { id: ColumnId(6), name: "to_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Where it ends, unix seconds." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(8), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Table; NULL for all of them.
            pub event_table: Option<&'a str>,
            /// Whose reading has the gap; NULL when the events were never stored.
            pub consumer: Option<&'a str>,
            /// `not_running`, `disabled` (capture was switched off), `lost` (events dropped before the store) or `expired` (gone before the consumer read them).
            pub cause: &'a str,
            /// Events missing, where it is known.
            pub count: Option<i64>,
            /// Where the gap begins, unix seconds.
            pub from_time: Option<i64>,
            /// Where it ends, unix seconds.
            pub to_time: Option<i64>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
        }
    }
}
