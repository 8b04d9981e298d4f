// SPDX-License-Identifier: Apache-2.0
//! `credential_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_credential_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `pid`.
    pub const PID: usize = 2;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 3;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 4;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 5;
    /// Position of `time`.
    pub const TIME: usize = 6;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 7;
    /// Position of `old_uid`.
    pub const OLD_UID: usize = 8;
    /// Position of `new_uid`.
    pub const NEW_UID: usize = 9;
    /// Position of `old_euid`.
    pub const OLD_EUID: usize = 10;
    /// Position of `new_euid`.
    pub const NEW_EUID: usize = 11;
    /// Position of `old_gid`.
    pub const OLD_GID: usize = 12;
    /// Position of `new_gid`.
    pub const NEW_GID: usize = 13;
    /// Position of `old_egid`.
    pub const OLD_EGID: usize = 14;
    /// Position of `new_egid`.
    pub const NEW_EGID: usize = 15;
    /// Position of `old_cap_effective`.
    pub const OLD_CAP_EFFECTIVE: usize = 16;
    /// Position of `new_cap_effective`.
    pub const NEW_CAP_EFFECTIVE: usize = 17;
    /// Position of `old_cap_permitted`.
    pub const OLD_CAP_PERMITTED: usize = 18;
    /// Position of `new_cap_permitted`.
    pub const NEW_CAP_PERMITTED: usize = 19;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 20;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 21;
    /// Position of `seq`.
    pub const SEQ: usize = 22;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 23;
    /// Position of `take`.
    pub const TAKE: usize = 24;
    /// Position of `history`.
    pub const HISTORY: usize = 25;

    /// Processes that change who they are: users, groups and capabilities, before and after.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(16), kind: "credential_events", name: "linux_credential_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Processes that change who they are: users, groups and capabilities, before and after.",
        example: "SELECT utc_time, action, process_name, old_euid, new_euid FROM linux_credential_events WHERE new_euid = 0 ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["SETUID", "SETGID", "SETREUID", "SETREGID", "SETRESUID", "SETRESGID", "SETFSUID", "SETFSGID", "CAPSET"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`SETUID`, `SETGID`, `SETREUID`, `SETREGID`, `SETRESUID`, `SETRESGID`, `SETFSUID`, `SETFSGID` or `CAPSET`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(4), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(5), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(6), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(7), name: "old_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Real user before." },
            ColumnSpec { id: ColumnId(8), name: "new_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Real user after." },
            ColumnSpec { id: ColumnId(9), name: "old_euid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective user before." },
            ColumnSpec { id: ColumnId(10), name: "new_euid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective user after." },
            ColumnSpec { id: ColumnId(11), name: "old_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Real group before." },
            ColumnSpec { id: ColumnId(12), name: "new_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Real group after." },
            ColumnSpec { id: ColumnId(13), name: "old_egid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective group before." },
            ColumnSpec { id: ColumnId(14), name: "new_egid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective group after." },
            ColumnSpec { id: ColumnId(15), name: "old_cap_effective", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective capabilities before, hexadecimal." },
            ColumnSpec { id: ColumnId(16), name: "new_cap_effective", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective capabilities after, hexadecimal." },
            ColumnSpec { id: ColumnId(17), name: "old_cap_permitted", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permitted capabilities before, hexadecimal." },
            ColumnSpec { id: ColumnId(18), name: "new_cap_permitted", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permitted capabilities after, hexadecimal." },
            ColumnSpec { id: ColumnId(19), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(20), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `SETUID`, `SETGID`, `SETREUID`, `SETREGID`, `SETRESUID`, `SETRESGID`, `SETFSUID`, `SETFSGID` or `CAPSET`.
            pub action: &'a str,
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
            /// Real user before.
            pub old_uid: Option<i64>,
            /// Real user after.
            pub new_uid: Option<i64>,
            /// Effective user before.
            pub old_euid: Option<i64>,
            /// Effective user after.
            pub new_euid: Option<i64>,
            /// Real group before.
            pub old_gid: Option<i64>,
            /// Real group after.
            pub new_gid: Option<i64>,
            /// Effective group before.
            pub old_egid: Option<i64>,
            /// Effective group after.
            pub new_egid: Option<i64>,
            /// Effective capabilities before, hexadecimal.
            pub old_cap_effective: Option<&'a str>,
            /// Effective capabilities after, hexadecimal.
            pub new_cap_effective: Option<&'a str>,
            /// Permitted capabilities before, hexadecimal.
            pub old_cap_permitted: Option<&'a str>,
            /// Permitted capabilities after, hexadecimal.
            pub new_cap_permitted: Option<&'a str>,
        }
    }
}
