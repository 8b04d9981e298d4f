// SPDX-License-Identifier: Apache-2.0
//! `evtables_filters`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_filters`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 0;
    /// Position of `rule`.
    pub const RULE: usize = 1;
    /// Position of `action`.
    pub const ACTION: usize = 2;
    /// Position of `runs_in`.
    pub const RUNS_IN: usize = 3;
    /// Position of `hits`.
    pub const HITS: usize = 4;
    /// Position of `bytes_saved`.
    pub const BYTES_SAVED: usize = 5;
    /// Position of `last_hit`.
    pub const LAST_HIT: usize = 6;
    /// Position of `config_version`.
    pub const CONFIG_VERSION: usize = 7;

    /// The filter rules in force, and what each did.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_filters", name: "evtables_filters",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "The filter rules in force, and what each did.",
        example: "SELECT event_table, rule, action, hits, bytes_saved FROM evtables_filters ORDER BY hits DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table." },
            ColumnSpec { id: ColumnId(1), name: "rule", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its name; a value of `plgx_event_filters` is a rule named by its column, action and value." },
            ColumnSpec { id: ColumnId(2), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`exclude`, `include`, `sample` or `rate`." },
            ColumnSpec { id: ColumnId(3), name: "runs_in", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`kernel`, `engine`, or `kernel, engine`: the kernel leaves out what the path of the acting process and the action decide, the engine the rest." },
            ColumnSpec { id: ColumnId(4), name: "hits", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Events that it decided." },
            ColumnSpec { id: ColumnId(5), name: "bytes_saved", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "About how many bytes of memory the events took that it left out." },
            ColumnSpec { id: ColumnId(6), name: "last_hit", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Unix second of its last hit." },
            ColumnSpec { id: ColumnId(7), name: "config_version", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The configuration that it belongs to; `evtables_status` has the one in force." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Table.
            pub event_table: &'a str,
            /// Its name; a value of `plgx_event_filters` is a rule named by its column, action and value.
            pub rule: &'a str,
            /// `exclude`, `include`, `sample` or `rate`.
            pub action: &'a str,
            /// `kernel`, `engine`, or `kernel, engine`: the kernel leaves out what the path of the acting process and the action decide, the engine the rest.
            pub runs_in: &'a str,
            /// Events that it decided.
            pub hits: i64,
            /// About how many bytes of memory the events took that it left out.
            pub bytes_saved: i64,
            /// Unix second of its last hit.
            pub last_hit: Option<i64>,
            /// The configuration that it belongs to; `evtables_status` has the one in force.
            pub config_version: i64,
        }
    }
}
