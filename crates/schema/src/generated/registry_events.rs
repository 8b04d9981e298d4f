// SPDX-License-Identifier: Apache-2.0
//! `registry_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_registry_events`.
pub mod windows {
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
    /// Position of `target_name`.
    pub const TARGET_NAME: usize = 5;
    /// Position of `target_new_name`.
    pub const TARGET_NEW_NAME: usize = 6;
    /// Position of `value_type`.
    pub const VALUE_TYPE: usize = 7;
    /// Position of `value_data`.
    pub const VALUE_DATA: usize = 8;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 9;
    /// Position of `time`.
    pub const TIME: usize = 10;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 11;
    /// Position of `eventid`.
    pub const EVENTID: usize = 12;
    /// Position of `target_object`.
    pub const TARGET_OBJECT: usize = 13;
    /// Position of `old_value_type`.
    pub const OLD_VALUE_TYPE: usize = 14;
    /// Position of `old_value_data`.
    pub const OLD_VALUE_DATA: usize = 15;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 16;
    /// Position of `source`.
    pub const SOURCE: usize = 17;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 18;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 19;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 20;
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

    /// Registry keys and values created, set, renamed and deleted.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(38), kind: "registry_events", name: "win_registry_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Registry keys and values created, set, renamed and deleted.",
        example: "SELECT utc_time, action, target_object, value_data, process_name FROM win_registry_events WHERE target_object LIKE '%\\CurrentVersion\\Run\\%' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["REG_CREATE", "REG_SETVALUE", "REG_DELETE", "REG_DELETEVALUE", "REG_RENAME", "REG_CREATE_OR_DELETE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`REG_CREATE`, `REG_SETVALUE`, `REG_DELETE`, `REG_DELETEVALUE`, `REG_RENAME` or `REG_CREATE_OR_DELETE`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(4), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(5), name: "target_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "reg_key.path", sigma: "", sysmon: "", description: "Key, and value name where there is one, in the kernel's form: `\\REGISTRY\\MACHINE\\…` or `\\REGISTRY\\USER\\…`." },
            ColumnSpec { id: ColumnId(6), name: "target_new_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "NewName", sysmon: "NewName", description: "New name after a rename, in the same form." },
            ColumnSpec { id: ColumnId(7), name: "value_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`REG_SZ`, `REG_DWORD`, …" },
            ColumnSpec { id: ColumnId(8), name: "value_data", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "reg_value.data", sigma: "Details", sysmon: "Details", description: "Data of the value as text." },
            ColumnSpec { id: ColumnId(9), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(10), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(13)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 13 = registry." },
            ColumnSpec { id: ColumnId(11), name: "target_object", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "TargetObject", sysmon: "TargetObject", description: "The same as `target_name` in the short form that Sysmon and Sigma use: `HKLM\\…`, `HKU\\…`." },
            ColumnSpec { id: ColumnId(12), name: "old_value_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Type of the value before (Security 4657)." },
            ColumnSpec { id: ColumnId(13), name: "old_value_data", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Data of the value before (Security 4657)." },
            ColumnSpec { id: ColumnId(14), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(15), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(16), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(17), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(18), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(19), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `REG_CREATE`, `REG_SETVALUE`, `REG_DELETE`, `REG_DELETEVALUE`, `REG_RENAME` or `REG_CREATE_OR_DELETE`.
            pub action: &'a str,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// Key, and value name where there is one, in the kernel's form: `\REGISTRY\MACHINE\…` or `\REGISTRY\USER\…`.
            pub target_name: Option<&'a str>,
            /// New name after a rename, in the same form.
            pub target_new_name: Option<&'a str>,
            /// `REG_SZ`, `REG_DWORD`, …
            pub value_type: Option<&'a str>,
            /// Data of the value as text.
            pub value_data: Option<&'a str>,
            /// Account of the acting process, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// The same as `target_name` in the short form that Sysmon and Sigma use: `HKLM\…`, `HKU\…`.
            pub target_object: Option<&'a str>,
            /// Type of the value before (Security 4657).
            pub old_value_type: Option<&'a str>,
            /// Data of the value before (Security 4657).
            pub old_value_data: Option<&'a str>,
            /// Computer that the event happened on, as its record names it.
            pub host_name: Option<&'a str>,
            /// Channel of the record that the row was made of.
            pub source: Option<&'a str>,
            /// Event id of that record.
            pub source_eventid: Option<i32>,
            /// Number of that record in its log.
            pub record_id: Option<i64>,
            /// Rule of the sensor's configuration that let the event through.
            pub rule_name: Option<&'a str>,
        }
    }
}
