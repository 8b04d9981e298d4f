// SPDX-License-Identifier: Apache-2.0
//! `evtables_hooks`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_hooks`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `hook`.
    pub const HOOK: usize = 0;
    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 1;
    /// Position of `tier`.
    pub const TIER: usize = 2;
    /// Position of `mechanism`.
    pub const MECHANISM: usize = 3;
    /// Position of `state`.
    pub const STATE: usize = 4;
    /// Position of `error`.
    pub const ERROR: usize = 5;
    /// Position of `reason`.
    pub const REASON: usize = 6;
    /// Position of `run_count`.
    pub const RUN_COUNT: usize = 7;
    /// Position of `avg_ns`.
    pub const AVG_NS: usize = 8;

    /// Each place in the operating system where events are taken, and whether it works.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_hooks", name: "evtables_hooks",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "Each place in the operating system where events are taken, and whether it works.",
        example: "SELECT hook, state, reason FROM evtables_hooks WHERE state <> 'attached';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "hook", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the hook." },
            ColumnSpec { id: ColumnId(1), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table that it feeds." },
            ColumnSpec { id: ColumnId(2), name: "tier", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`A` (tracepoints, loads everywhere) or `B` (function hooks)." },
            ColumnSpec { id: ColumnId(3), name: "mechanism", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`tp_btf`, `fexit`, `iter`, …" },
            ColumnSpec { id: ColumnId(4), name: "state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`attached`, `failed` or `off`." },
            ColumnSpec { id: ColumnId(5), name: "error", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "errno of that." },
            ColumnSpec { id: ColumnId(6), name: "reason", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Why it failed or is off; of one that is attached, why not by a better way." },
            ColumnSpec { id: ColumnId(7), name: "run_count", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Runs of the program, when the kernel keeps statistics." },
            ColumnSpec { id: ColumnId(8), name: "avg_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Mean time of a run, when the kernel keeps statistics." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the hook.
            pub hook: &'a str,
            /// Table that it feeds.
            pub event_table: &'a str,
            /// `A` (tracepoints, loads everywhere) or `B` (function hooks).
            pub tier: &'a str,
            /// `tp_btf`, `fexit`, `iter`, …
            pub mechanism: &'a str,
            /// `attached`, `failed` or `off`.
            pub state: &'a str,
            /// errno of that.
            pub error: Option<i32>,
            /// Why it failed or is off; of one that is attached, why not by a better way.
            pub reason: Option<&'a str>,
            /// Runs of the program, when the kernel keeps statistics.
            pub run_count: Option<i64>,
            /// Mean time of a run, when the kernel keeps statistics.
            pub avg_ns: Option<i64>,
        }
    }
}
