// SPDX-License-Identifier: Apache-2.0
//! `container_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_container_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 2;
    /// Position of `container_runtime`.
    pub const CONTAINER_RUNTIME: usize = 3;
    /// Position of `cgroup_path`.
    pub const CGROUP_PATH: usize = 4;
    /// Position of `cgroup_id`.
    pub const CGROUP_ID: usize = 5;
    /// Position of `target_pid`.
    pub const TARGET_PID: usize = 6;
    /// Position of `target_process_guid`.
    pub const TARGET_PROCESS_GUID: usize = 7;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 8;
    /// Position of `pid`.
    pub const PID: usize = 9;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 10;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 11;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 12;
    /// Position of `time`.
    pub const TIME: usize = 13;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 14;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 15;
    /// Position of `seq`.
    pub const SEQ: usize = 16;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 17;
    /// Position of `take`.
    pub const TAKE: usize = 18;
    /// Position of `history`.
    pub const HISTORY: usize = 19;

    /// Containers made and removed, and processes that enter one, by their control groups.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(21), kind: "container_events", name: "linux_container_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Containers made and removed, and processes that enter one, by their control groups.",
        example: "SELECT utc_time, action, container_id, container_runtime, target_path FROM linux_container_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["CONTAINER_CREATE", "CONTAINER_REMOVE", "CONTAINER_ENTER"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`CONTAINER_CREATE`, `CONTAINER_REMOVE` or `CONTAINER_ENTER`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Id of the container." },
            ColumnSpec { id: ColumnId(3), name: "container_runtime", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "container.runtime", sigma: "", sysmon: "", description: "`docker`, `podman`, `containerd`, `crio` or `lxc`, where the name tells." },
            ColumnSpec { id: ColumnId(4), name: "cgroup_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its control group." },
            ColumnSpec { id: ColumnId(5), name: "cgroup_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Number of the control group." },
            ColumnSpec { id: ColumnId(6), name: "target_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process that entered." },
            ColumnSpec { id: ColumnId(7), name: "target_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Identity of the process that entered." },
            ColumnSpec { id: ColumnId(8), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "target.path", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Executable of the process that entered." },
            ColumnSpec { id: ColumnId(9), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(12), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(13), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(14), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `CONTAINER_CREATE`, `CONTAINER_REMOVE` or `CONTAINER_ENTER`.
            pub action: &'a str,
            /// Id of the container.
            pub container_id: &'a str,
            /// `docker`, `podman`, `containerd`, `crio` or `lxc`, where the name tells.
            pub container_runtime: Option<&'a str>,
            /// Its control group.
            pub cgroup_path: &'a str,
            /// Number of the control group.
            pub cgroup_id: i64,
            /// Process that entered.
            pub target_pid: Option<i64>,
            /// Identity of the process that entered.
            pub target_process_guid: Option<u128>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
        }
    }
}
