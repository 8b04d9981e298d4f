// SPDX-License-Identifier: Apache-2.0
//! `logger_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_logger_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `logger_name`.
    pub const LOGGER_NAME: usize = 0;
    /// Position of `logger_watch_file`.
    pub const LOGGER_WATCH_FILE: usize = 1;
    /// Position of `log_entry`.
    pub const LOG_ENTRY: usize = 2;
    /// Position of `eventid`.
    pub const EVENTID: usize = 3;
    /// Position of `eid`.
    pub const EID: usize = 4;
    /// Position of `time`.
    pub const TIME: usize = 5;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 6;
    /// Position of `line_size`.
    pub const LINE_SIZE: usize = 7;
    /// Position of `line_truncated`.
    pub const LINE_TRUNCATED: usize = 8;
    /// Position of `file_id`.
    pub const FILE_ID: usize = 9;
    /// Position of `line_end`.
    pub const LINE_END: usize = 10;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 11;
    /// Position of `seq`.
    pub const SEQ: usize = 12;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 13;
    /// Position of `take`.
    pub const TAKE: usize = 14;
    /// Position of `history`.
    pub const HISTORY: usize = 15;

    /// New lines of the text logs that are followed.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(27), kind: "logger_events", name: "linux_logger_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "New lines of the text logs that are followed.",
        example: "SELECT utc_time, logger_name, log_entry FROM linux_logger_events WHERE log_entry LIKE '%authentication failure%' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "logger_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the follower in the configuration." },
            ColumnSpec { id: ColumnId(1), name: "logger_watch_file", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "", sysmon: "", description: "File that is followed." },
            ColumnSpec { id: ColumnId(2), name: "log_entry", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "raw_data", sigma: "", sysmon: "", description: "The line." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(15)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 15 = log file." },
            ColumnSpec { id: ColumnId(3), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(4), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(5), name: "line_size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of the line in the file, with its end." },
            ColumnSpec { id: ColumnId(6), name: "line_truncated", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the line was longer than 64 KiB and its rest was left out." },
            ColumnSpec { id: ColumnId(7), name: "file_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device and inode of the file: the same before and after it was renamed." },
            ColumnSpec { id: ColumnId(8), name: "line_end", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Place in the file behind the line, bytes: where reading goes on after a restart." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(9), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the follower in the configuration.
            pub logger_name: Option<&'a str>,
            /// File that is followed.
            pub logger_watch_file: Option<&'a str>,
            /// The line.
            pub log_entry: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Bytes of the line in the file, with its end.
            pub line_size: Option<i64>,
            /// 1 when the line was longer than 64 KiB and its rest was left out.
            pub line_truncated: Option<i32>,
            /// Device and inode of the file: the same before and after it was renamed.
            pub file_id: Option<&'a str>,
            /// Place in the file behind the line, bytes: where reading goes on after a restart.
            pub line_end: Option<i64>,
        }
    }
}

/// The table `win_logger_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `logger_name`.
    pub const LOGGER_NAME: usize = 0;
    /// Position of `logger_watch_file`.
    pub const LOGGER_WATCH_FILE: usize = 1;
    /// Position of `log_entry`.
    pub const LOG_ENTRY: usize = 2;
    /// Position of `eventid`.
    pub const EVENTID: usize = 3;
    /// Position of `eid`.
    pub const EID: usize = 4;
    /// Position of `time`.
    pub const TIME: usize = 5;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 6;
    /// Position of `line_size`.
    pub const LINE_SIZE: usize = 7;
    /// Position of `line_truncated`.
    pub const LINE_TRUNCATED: usize = 8;
    /// Position of `file_id`.
    pub const FILE_ID: usize = 9;
    /// Position of `line_end`.
    pub const LINE_END: usize = 10;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 11;
    /// Position of `seq`.
    pub const SEQ: usize = 12;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 13;
    /// Position of `take`.
    pub const TAKE: usize = 14;
    /// Position of `history`.
    pub const HISTORY: usize = 15;

    /// New lines of the text logs that are followed.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(47), kind: "logger_events", name: "win_logger_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "New lines of the text logs that are followed.",
        example: "SELECT utc_time, logger_name, logger_watch_file, log_entry FROM win_logger_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "logger_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the follower in the configuration." },
            ColumnSpec { id: ColumnId(1), name: "logger_watch_file", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "", sysmon: "", description: "File that is followed." },
            ColumnSpec { id: ColumnId(2), name: "log_entry", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "raw_data", sigma: "", sysmon: "", description: "The line." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(15)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 15 = log file." },
            ColumnSpec { id: ColumnId(3), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(4), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(6), name: "line_size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of the line in the file, with its end." },
            ColumnSpec { id: ColumnId(7), name: "line_truncated", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the line was longer than 64 KiB and its rest was left out." },
            ColumnSpec { id: ColumnId(8), name: "file_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device and inode of the file: the same before and after it was renamed." },
            ColumnSpec { id: ColumnId(9), name: "line_end", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Place in the file behind the line, bytes: where reading goes on after a restart." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(5), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the follower in the configuration.
            pub logger_name: Option<&'a str>,
            /// File that is followed.
            pub logger_watch_file: Option<&'a str>,
            /// The line.
            pub log_entry: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Bytes of the line in the file, with its end.
            pub line_size: Option<i64>,
            /// 1 when the line was longer than 64 KiB and its rest was left out.
            pub line_truncated: Option<i32>,
            /// Device and inode of the file: the same before and after it was renamed.
            pub file_id: Option<&'a str>,
            /// Place in the file behind the line, bytes: where reading goes on after a restart.
            pub line_end: Option<i64>,
        }
    }
}
