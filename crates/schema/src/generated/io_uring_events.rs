// SPDX-License-Identifier: Apache-2.0
//! `io_uring_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_io_uring_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `operation`.
    pub const OPERATION: usize = 2;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 3;
    /// Position of `source_path`.
    pub const SOURCE_PATH: usize = 4;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 5;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 6;
    /// Position of `pid`.
    pub const PID: usize = 7;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 8;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 9;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 10;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 11;
    /// Position of `time`.
    pub const TIME: usize = 12;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 13;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 14;
    /// Position of `seq`.
    pub const SEQ: usize = 15;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 16;
    /// Position of `take`.
    pub const TAKE: usize = 17;
    /// Position of `history`.
    pub const HISTORY: usize = 18;

    /// What processes do through io_uring: opens, connections, renames and deletes that no system call shows.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(24), kind: "io_uring_events", name: "linux_io_uring_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "What processes do through io_uring: opens, connections, renames and deletes that no system call shows.",
        example: "SELECT utc_time, operation, target_path, remote_address, process_name FROM linux_io_uring_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["IO_URING_SUBMIT"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`IO_URING_SUBMIT`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "operation", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`OPENAT`, `OPENAT2`, `CONNECT`, `ACCEPT`, `SOCKET`, `BIND`, `LISTEN`, `UNLINKAT`, `RENAMEAT`, `MKDIRAT`, `SYMLINKAT`, `LINKAT`, `SETXATTR`, `FSETXATTR` or `URING_CMD`." },
            ColumnSpec { id: ColumnId(3), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "", sysmon: "", description: "The path; of renames and links the new one." },
            ColumnSpec { id: ColumnId(4), name: "source_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of renames and links the old path." },
            ColumnSpec { id: ColumnId(5), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Address that `CONNECT` goes to." },
            ColumnSpec { id: ColumnId(6), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port that `CONNECT` goes to." },
            ColumnSpec { id: ColumnId(7), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(8), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(9), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(10), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(11), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(12), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(13), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `IO_URING_SUBMIT`.
            pub action: &'a str,
            /// `OPENAT`, `OPENAT2`, `CONNECT`, `ACCEPT`, `SOCKET`, `BIND`, `LISTEN`, `UNLINKAT`, `RENAMEAT`, `MKDIRAT`, `SYMLINKAT`, `LINKAT`, `SETXATTR`, `FSETXATTR` or `URING_CMD`.
            pub operation: &'a str,
            /// The path; of renames and links the new one.
            pub target_path: Option<&'a str>,
            /// Of renames and links the old path.
            pub source_path: Option<&'a str>,
            /// Address that `CONNECT` goes to.
            pub remote_address: Option<&'a str>,
            /// Port that `CONNECT` goes to.
            pub remote_port: Option<i32>,
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
