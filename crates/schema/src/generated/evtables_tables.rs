// SPDX-License-Identifier: Apache-2.0
//! `evtables_tables`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_tables`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `name`.
    pub const NAME: usize = 0;
    /// Position of `registered_as`.
    pub const REGISTERED_AS: usize = 1;
    /// Position of `platform`.
    pub const PLATFORM: usize = 2;
    /// Position of `state`.
    pub const STATE: usize = 3;
    /// Position of `reason`.
    pub const REASON: usize = 4;
    /// Position of `rows`.
    pub const ROWS: usize = 5;
    /// Position of `bytes`.
    pub const BYTES: usize = 6;
    /// Position of `oldest_time`.
    pub const OLDEST_TIME: usize = 7;
    /// Position of `newest_time`.
    pub const NEWEST_TIME: usize = 8;
    /// Position of `events_per_second`.
    pub const EVENTS_PER_SECOND: usize = 9;
    /// Position of `summary`.
    pub const SUMMARY: usize = 10;

    /// The catalogue of tables, with what each holds.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_tables", name: "evtables_tables",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "The catalogue of tables, with what each holds.",
        example: "SELECT name, rows, bytes, oldest_time FROM evtables_tables WHERE rows > 0;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the table." },
            ColumnSpec { id: ColumnId(1), name: "registered_as", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name under which osquery has it." },
            ColumnSpec { id: ColumnId(2), name: "platform", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`linux`, `windows` or `any`." },
            ColumnSpec { id: ColumnId(3), name: "state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`on`, `off`, `unavailable`, or `absent` for a table of the predecessor that evtables does not have." },
            ColumnSpec { id: ColumnId(4), name: "reason", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Why it is off, unavailable or absent." },
            ColumnSpec { id: ColumnId(5), name: "rows", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows that a query can see." },
            ColumnSpec { id: ColumnId(6), name: "bytes", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes on disk." },
            ColumnSpec { id: ColumnId(7), name: "oldest_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Oldest row, unix seconds." },
            ColumnSpec { id: ColumnId(8), name: "newest_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Newest row, unix seconds." },
            ColumnSpec { id: ColumnId(9), name: "events_per_second", sql_type: SqlType::Double, storage: Storage::Float64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows stored in the last second." },
            ColumnSpec { id: ColumnId(10), name: "summary", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What the table holds." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the table.
            pub name: &'a str,
            /// Name under which osquery has it.
            pub registered_as: Option<&'a str>,
            /// `linux`, `windows` or `any`.
            pub platform: &'a str,
            /// `on`, `off`, `unavailable`, or `absent` for a table of the predecessor that evtables does not have.
            pub state: &'a str,
            /// Why it is off, unavailable or absent.
            pub reason: Option<&'a str>,
            /// Rows that a query can see.
            pub rows: Option<i64>,
            /// Bytes on disk.
            pub bytes: Option<i64>,
            /// Oldest row, unix seconds.
            pub oldest_time: Option<i64>,
            /// Newest row, unix seconds.
            pub newest_time: Option<i64>,
            /// Rows stored in the last second.
            pub events_per_second: Option<f64>,
            /// What the table holds.
            pub summary: &'a str,
        }
    }
}
