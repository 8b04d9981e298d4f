// SPDX-License-Identifier: Apache-2.0
//! `evtables_loss`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_loss`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 0;
    /// Position of `stage`.
    pub const STAGE: usize = 1;
    /// Position of `outcome`.
    pub const OUTCOME: usize = 2;
    /// Position of `reason`.
    pub const REASON: usize = 3;
    /// Position of `cpu`.
    pub const CPU: usize = 4;
    /// Position of `count`.
    pub const COUNT: usize = 5;

    /// The ledger: per table, seen = delivered + filtered + lost + pending.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_loss", name: "evtables_loss",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "The ledger: per table, seen = delivered + filtered + lost + pending.",
        example: "SELECT event_table, outcome, sum(count) AS count FROM evtables_loss GROUP BY event_table, outcome;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table." },
            ColumnSpec { id: ColumnId(1), name: "stage", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`kernel`, `ring`, `decode`, `filter`, `enrich`, `queue` or `store`." },
            ColumnSpec { id: ColumnId(2), name: "outcome", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`seen`, `delivered`, `filtered`, `lost`, `pending`; outside the balance `expired` and `incomplete` (stored without a hash or another value that should be there)." },
            ColumnSpec { id: ColumnId(3), name: "reason", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What happened, one word." },
            ColumnSpec { id: ColumnId(4), name: "cpu", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "CPU, where it is counted per CPU." },
            ColumnSpec { id: ColumnId(5), name: "count", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Events since the collector started." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Table.
            pub event_table: &'a str,
            /// `kernel`, `ring`, `decode`, `filter`, `enrich`, `queue` or `store`.
            pub stage: &'a str,
            /// `seen`, `delivered`, `filtered`, `lost`, `pending`; outside the balance `expired` and `incomplete` (stored without a hash or another value that should be there).
            pub outcome: &'a str,
            /// What happened, one word.
            pub reason: &'a str,
            /// CPU, where it is counted per CPU.
            pub cpu: Option<i32>,
            /// Events since the collector started.
            pub count: i64,
        }
    }
}
