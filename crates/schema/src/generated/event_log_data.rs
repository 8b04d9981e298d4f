// SPDX-License-Identifier: Apache-2.0
//! `event_log_data`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_event_log_data`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `time`.
    pub const TIME: usize = 0;
    /// Position of `datetime`.
    pub const DATETIME: usize = 1;
    /// Position of `source`.
    pub const SOURCE: usize = 2;
    /// Position of `provider_name`.
    pub const PROVIDER_NAME: usize = 3;
    /// Position of `provider_guid`.
    pub const PROVIDER_GUID: usize = 4;
    /// Position of `eventid`.
    pub const EVENTID: usize = 5;
    /// Position of `task`.
    pub const TASK: usize = 6;
    /// Position of `level`.
    pub const LEVEL: usize = 7;
    /// Position of `keywords`.
    pub const KEYWORDS: usize = 8;
    /// Position of `data`.
    pub const DATA: usize = 9;
    /// Position of `eid`.
    pub const EID: usize = 10;
    /// Position of `version`.
    pub const VERSION: usize = 11;
    /// Position of `opcode`.
    pub const OPCODE: usize = 12;
    /// Position of `pid`.
    pub const PID: usize = 13;
    /// Position of `tid`.
    pub const TID: usize = 14;
    /// Position of `user_sid`.
    pub const USER_SID: usize = 15;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 16;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 17;
    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 18;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 19;
    /// Position of `seq`.
    pub const SEQ: usize = 20;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 21;
    /// Position of `take`.
    pub const TAKE: usize = 22;
    /// Position of `history`.
    pub const HISTORY: usize = 23;

    /// Every record of the event logs, with its data as JSON.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(50), kind: "event_log_data", name: "win_event_log_data",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Every record of the event logs, with its data as JSON.",
        example: "SELECT datetime, source, eventid, data FROM win_event_log_data WHERE source = 'Security' AND eventid = 4624 LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "", sysmon: "", description: "When it was logged, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "datetime", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::IsoText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as ISO 8601 text with a fraction." },
            ColumnSpec { id: ColumnId(1), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel." },
            ColumnSpec { id: ColumnId(2), name: "provider_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_provider", sigma: "Provider_Name", sysmon: "", description: "Who wrote it." },
            ColumnSpec { id: ColumnId(3), name: "provider_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its number." },
            ColumnSpec { id: ColumnId(4), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id." },
            ColumnSpec { id: ColumnId(5), name: "task", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Task." },
            ColumnSpec { id: ColumnId(6), name: "level", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "severity_id", sigma: "", sysmon: "", description: "Level: 1 critical, 2 error, 3 warning, 4 information, 0 always." },
            ColumnSpec { id: ColumnId(7), name: "keywords", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Keyword bits as a signed number." },
            ColumnSpec { id: ColumnId(8), name: "data", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "unmapped", sigma: "", sysmon: "", description: "Named and unnamed data of the record as a JSON object." },
            ColumnSpec { id: ColumnId(9), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(10), name: "version", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Version of the event." },
            ColumnSpec { id: ColumnId(11), name: "opcode", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Opcode." },
            ColumnSpec { id: ColumnId(12), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process that wrote the record." },
            ColumnSpec { id: ColumnId(13), name: "tid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Thread that wrote the record." },
            ColumnSpec { id: ColumnId(14), name: "user_sid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Security id that the record was written under." },
            ColumnSpec { id: ColumnId(15), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "", description: "Number of the record in its log." },
            ColumnSpec { id: ColumnId(16), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that wrote it." },
            ColumnSpec { id: ColumnId(17), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Event table that the record also went to; NULL when it has none." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(18), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// When it was logged, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Channel.
            pub source: Option<&'a str>,
            /// Who wrote it.
            pub provider_name: Option<&'a str>,
            /// Its number.
            pub provider_guid: Option<u128>,
            /// Event id.
            pub eventid: Option<i32>,
            /// Task.
            pub task: Option<i32>,
            /// Level: 1 critical, 2 error, 3 warning, 4 information, 0 always.
            pub level: Option<i32>,
            /// Keyword bits as a signed number.
            pub keywords: Option<i64>,
            /// Named and unnamed data of the record as a JSON object.
            pub data: Option<&'a str>,
            /// Version of the event.
            pub version: Option<i32>,
            /// Opcode.
            pub opcode: Option<i32>,
            /// Process that wrote the record.
            pub pid: Option<i64>,
            /// Thread that wrote the record.
            pub tid: Option<i64>,
            /// Security id that the record was written under.
            pub user_sid: Option<&'a str>,
            /// Number of the record in its log.
            pub record_id: Option<i64>,
            /// Computer that wrote it.
            pub host_name: Option<&'a str>,
            /// Event table that the record also went to; NULL when it has none.
            pub event_table: Option<&'a str>,
        }
    }
}
