// SPDX-License-Identifier: Apache-2.0
//! `user_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_user_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `user_name`.
    pub const USER_NAME: usize = 2;
    /// Position of `terminal`.
    pub const TERMINAL: usize = 3;
    /// Position of `host`.
    pub const HOST: usize = 4;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 5;
    /// Position of `login_time`.
    pub const LOGIN_TIME: usize = 6;
    /// Position of `exit_status`.
    pub const EXIT_STATUS: usize = 7;
    /// Position of `old_uid`.
    pub const OLD_UID: usize = 8;
    /// Position of `new_uid`.
    pub const NEW_UID: usize = 9;
    /// Position of `old_euid`.
    pub const OLD_EUID: usize = 10;
    /// Position of `new_euid`.
    pub const NEW_EUID: usize = 11;
    /// Position of `method`.
    pub const METHOD: usize = 12;
    /// Position of `pid`.
    pub const PID: usize = 13;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 14;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 15;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 16;
    /// Position of `time`.
    pub const TIME: usize = 17;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 18;
    /// Position of `log_path`.
    pub const LOG_PATH: usize = 19;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 20;
    /// Position of `file_id`.
    pub const FILE_ID: usize = 21;
    /// Position of `record_end`.
    pub const RECORD_END: usize = 22;
    /// Position of `read_ns`.
    pub const READ_NS: usize = 23;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 24;
    /// Position of `seq`.
    pub const SEQ: usize = 25;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 26;
    /// Position of `take`.
    pub const TAKE: usize = 27;
    /// Position of `history`.
    pub const HISTORY: usize = 28;

    /// Users who log in and out, logins that failed, processes that become another user, and starts and ends of the system.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(28), kind: "user_events", name: "linux_user_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Users who log in and out, logins that failed, processes that become another user, and starts and ends of the system.",
        example: "SELECT utc_time, action, user_name, terminal, remote_address, process_name FROM linux_user_events WHERE action = 'USER_LOGIN_FAILED' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["USER_LOGIN", "USER_LOGOUT", "USER_LOGIN_FAILED", "USER_CHANGE", "SYSTEM_BOOT", "SYSTEM_SHUTDOWN", "SYSTEM_RUNLEVEL", "SYSTEM_TIME"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`USER_LOGIN`, `USER_LOGOUT`, `USER_LOGIN_FAILED`, `USER_CHANGE`, `SYSTEM_BOOT`, `SYSTEM_SHUTDOWN`, `SYSTEM_RUNLEVEL` or `SYSTEM_TIME` (the clock was set)." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "user_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "user.name", sigma: "TargetUserName", sysmon: "", description: "Account as the record names it; of a logout that of its login." },
            ColumnSpec { id: ColumnId(3), name: "terminal", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Terminal or service (`pts/0`, `tty1`, `ssh:notty`)." },
            ColumnSpec { id: ColumnId(4), name: "host", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "src_endpoint.hostname", sigma: "", sysmon: "", description: "Where the user came from, as the record says; of the system's starts and ends the kernel's release." },
            ColumnSpec { id: ColumnId(5), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "src_endpoint.ip", sigma: "SourceIp", sysmon: "", description: "Address that the user came from." },
            ColumnSpec { id: ColumnId(6), name: "login_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a logout: when the user had logged in, unix seconds." },
            ColumnSpec { id: ColumnId(7), name: "exit_status", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a logout: exit status of the session's process, or 128 and its signal, where the record holds one." },
            ColumnSpec { id: ColumnId(8), name: "old_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a change: real user before." },
            ColumnSpec { id: ColumnId(9), name: "new_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a change: real user after." },
            ColumnSpec { id: ColumnId(10), name: "old_euid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a change: effective user before." },
            ColumnSpec { id: ColumnId(11), name: "new_euid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a change: effective user after." },
            ColumnSpec { id: ColumnId(12), name: "method", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["SETUID", "SETREUID", "SETRESUID"], ocsf: "", sigma: "", sysmon: "", description: "Of a change: the call (`SETUID`, `SETREUID`, `SETRESUID`)." },
            ColumnSpec { id: ColumnId(13), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process of the session as the record names it; of a change the process that changed." },
            ColumnSpec { id: ColumnId(14), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "process.guid", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of that process, when it is known." },
            ColumnSpec { id: ColumnId(15), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Its executable, with its path." },
            ColumnSpec { id: ColumnId(16), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Of a change: effective account after it; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(17), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(18), name: "log_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "", sysmon: "", description: "File that the record was read from." },
            ColumnSpec { id: ColumnId(19), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(20), name: "file_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device and inode of the file: the same before and after it was renamed." },
            ColumnSpec { id: ColumnId(21), name: "record_end", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Place in the file behind the record, bytes: where reading goes on after a restart." },
            ColumnSpec { id: ColumnId(22), name: "read_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When the record was read, nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(23), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `USER_LOGIN`, `USER_LOGOUT`, `USER_LOGIN_FAILED`, `USER_CHANGE`, `SYSTEM_BOOT`, `SYSTEM_SHUTDOWN`, `SYSTEM_RUNLEVEL` or `SYSTEM_TIME` (the clock was set).
            pub action: &'a str,
            /// Account as the record names it; of a logout that of its login.
            pub user_name: Option<&'a str>,
            /// Terminal or service (`pts/0`, `tty1`, `ssh:notty`).
            pub terminal: Option<&'a str>,
            /// Where the user came from, as the record says; of the system's starts and ends the kernel's release.
            pub host: Option<&'a str>,
            /// Address that the user came from.
            pub remote_address: Option<&'a str>,
            /// Of a logout: when the user had logged in, unix seconds.
            pub login_time: Option<i64>,
            /// Of a logout: exit status of the session's process, or 128 and its signal, where the record holds one.
            pub exit_status: Option<i32>,
            /// Of a change: real user before.
            pub old_uid: Option<i64>,
            /// Of a change: real user after.
            pub new_uid: Option<i64>,
            /// Of a change: effective user before.
            pub old_euid: Option<i64>,
            /// Of a change: effective user after.
            pub new_euid: Option<i64>,
            /// Of a change: the call (`SETUID`, `SETREUID`, `SETRESUID`).
            pub method: Option<&'a str>,
            /// Process of the session as the record names it; of a change the process that changed.
            pub pid: Option<i64>,
            /// Identity of that process, when it is known.
            pub process_guid: Option<u128>,
            /// Its executable, with its path.
            pub process_name: Option<&'a str>,
            /// Of a change: effective account after it; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// File that the record was read from.
            pub log_path: Option<&'a str>,
            /// Device and inode of the file: the same before and after it was renamed.
            pub file_id: Option<&'a str>,
            /// Place in the file behind the record, bytes: where reading goes on after a restart.
            pub record_end: Option<i64>,
            /// When the record was read, nanoseconds since the unix epoch.
            pub read_ns: Option<i64>,
        }
    }
}
