// SPDX-License-Identifier: Apache-2.0
//! `evtables_status`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_status`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `pid`.
    pub const PID: usize = 0;
    /// Position of `version`.
    pub const VERSION: usize = 1;
    /// Position of `start_time`.
    pub const START_TIME: usize = 2;
    /// Position of `heartbeat`.
    pub const HEARTBEAT: usize = 3;
    /// Position of `mode`.
    pub const MODE: usize = 4;
    /// Position of `config_version`.
    pub const CONFIG_VERSION: usize = 5;
    /// Position of `config_hash`.
    pub const CONFIG_HASH: usize = 6;
    /// Position of `state`.
    pub const STATE: usize = 7;
    /// Position of `rss_bytes`.
    pub const RSS_BYTES: usize = 8;
    /// Position of `cpu_percent`.
    pub const CPU_PERCENT: usize = 9;
    /// Position of `events_per_second`.
    pub const EVENTS_PER_SECOND: usize = 10;
    /// Position of `shed_tables`.
    pub const SHED_TABLES: usize = 11;
    /// Position of `message`.
    pub const MESSAGE: usize = 12;

    /// The running collector: one row while its heartbeat is younger than 5 seconds, and one per feature that the osquery beside it lacks.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_status", name: "evtables_status",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "The running collector: one row while its heartbeat is younger than 5 seconds, and one per feature that the osquery beside it lacks.",
        example: "SELECT state, mode, events_per_second, rss_bytes FROM evtables_status;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process id of the collector." },
            ColumnSpec { id: ColumnId(1), name: "version", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Version of evtables." },
            ColumnSpec { id: ColumnId(2), name: "start_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When the collector started, unix seconds." },
            ColumnSpec { id: ColumnId(3), name: "heartbeat", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When this state was written, unix seconds." },
            ColumnSpec { id: ColumnId(4), name: "mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`run`, `extension` or `replay`." },
            ColumnSpec { id: ColumnId(5), name: "config_version", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Counts the configurations applied since start; 1 is the first." },
            ColumnSpec { id: ColumnId(6), name: "config_hash", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "SHA-256 of the configuration in force." },
            ColumnSpec { id: ColumnId(7), name: "state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`starting`, `running`, `stopping` or `read_only`; `degraded` in the row of a feature that osquery lacks, whose `message` says what follows." },
            ColumnSpec { id: ColumnId(8), name: "rss_bytes", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Resident memory of the collector." },
            ColumnSpec { id: ColumnId(9), name: "cpu_percent", sql_type: SqlType::Double, storage: Storage::Float64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "CPU of the collector over the last second, percent of one core." },
            ColumnSpec { id: ColumnId(10), name: "events_per_second", sql_type: SqlType::Double, storage: Storage::Float64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rows handed to the store in the last second." },
            ColumnSpec { id: ColumnId(11), name: "shed_tables", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Tables switched off to keep a budget, comma separated." },
            ColumnSpec { id: ColumnId(12), name: "message", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What a person should know; empty when all is well." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Process id of the collector.
            pub pid: i64,
            /// Version of evtables.
            pub version: &'a str,
            /// When the collector started, unix seconds.
            pub start_time: i64,
            /// When this state was written, unix seconds.
            pub heartbeat: i64,
            /// `run`, `extension` or `replay`.
            pub mode: &'a str,
            /// Counts the configurations applied since start; 1 is the first.
            pub config_version: i64,
            /// SHA-256 of the configuration in force.
            pub config_hash: &'a str,
            /// `starting`, `running`, `stopping` or `read_only`; `degraded` in the row of a feature that osquery lacks, whose `message` says what follows.
            pub state: &'a str,
            /// Resident memory of the collector.
            pub rss_bytes: i64,
            /// CPU of the collector over the last second, percent of one core.
            pub cpu_percent: f64,
            /// Rows handed to the store in the last second.
            pub events_per_second: f64,
            /// Tables switched off to keep a budget, comma separated.
            pub shed_tables: &'a str,
            /// What a person should know; empty when all is well.
            pub message: &'a str,
        }
    }
}
