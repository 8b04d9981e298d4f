// SPDX-License-Identifier: Apache-2.0
//! `file_attr_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_file_attr_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 2;
    /// Position of `pid`.
    pub const PID: usize = 3;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 4;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 5;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 6;
    /// Position of `time`.
    pub const TIME: usize = 7;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 8;
    /// Position of `old_mode`.
    pub const OLD_MODE: usize = 9;
    /// Position of `new_mode`.
    pub const NEW_MODE: usize = 10;
    /// Position of `setid_added`.
    pub const SETID_ADDED: usize = 11;
    /// Position of `old_uid`.
    pub const OLD_UID: usize = 12;
    /// Position of `new_uid`.
    pub const NEW_UID: usize = 13;
    /// Position of `old_gid`.
    pub const OLD_GID: usize = 14;
    /// Position of `new_gid`.
    pub const NEW_GID: usize = 15;
    /// Position of `xattr_name`.
    pub const XATTR_NAME: usize = 16;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 17;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 18;
    /// Position of `seq`.
    pub const SEQ: usize = 19;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 20;
    /// Position of `take`.
    pub const TAKE: usize = 21;
    /// Position of `history`.
    pub const HISTORY: usize = 22;

    /// Mode, owner and extended attributes of files changed, by whom.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(6), kind: "file_attr_events", name: "linux_file_attr_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Mode, owner and extended attributes of files changed, by whom.",
        example: "SELECT utc_time, action, target_path, new_mode, process_name FROM linux_file_attr_events WHERE setid_added = 1 ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["FILE_CHMOD", "FILE_CHOWN", "FILE_SETXATTR", "FILE_REMOVEXATTR"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`FILE_CHMOD`, `FILE_CHOWN`, `FILE_SETXATTR` or `FILE_REMOVEXATTR`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "TargetFilename", sysmon: "", description: "The file, as the kernel resolved an open one, else the argument made absolute." },
            ColumnSpec { id: ColumnId(3), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(4), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(5), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(6), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(8), name: "old_mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permission bits before, octal, where they are known." },
            ColumnSpec { id: ColumnId(9), name: "new_mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permission bits after, octal." },
            ColumnSpec { id: ColumnId(10), name: "setid_added", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the set-user-ID or set-group-ID bit came that was not known to be there." },
            ColumnSpec { id: ColumnId(11), name: "old_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Owner before, where it is known." },
            ColumnSpec { id: ColumnId(12), name: "new_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Owner after, when it was changed." },
            ColumnSpec { id: ColumnId(13), name: "old_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Group before, where it is known." },
            ColumnSpec { id: ColumnId(14), name: "new_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Group after, when it was changed." },
            ColumnSpec { id: ColumnId(15), name: "xattr_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the extended attribute." },
            ColumnSpec { id: ColumnId(16), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(17), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `FILE_CHMOD`, `FILE_CHOWN`, `FILE_SETXATTR` or `FILE_REMOVEXATTR`.
            pub action: &'a str,
            /// The file, as the kernel resolved an open one, else the argument made absolute.
            pub target_path: Option<&'a str>,
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
            /// Permission bits before, octal, where they are known.
            pub old_mode: Option<&'a str>,
            /// Permission bits after, octal.
            pub new_mode: Option<&'a str>,
            /// 1 when the set-user-ID or set-group-ID bit came that was not known to be there.
            pub setid_added: Option<i32>,
            /// Owner before, where it is known.
            pub old_uid: Option<i64>,
            /// Owner after, when it was changed.
            pub new_uid: Option<i64>,
            /// Group before, where it is known.
            pub old_gid: Option<i64>,
            /// Group after, when it was changed.
            pub new_gid: Option<i64>,
            /// Name of the extended attribute.
            pub xattr_name: Option<&'a str>,
        }
    }
}
