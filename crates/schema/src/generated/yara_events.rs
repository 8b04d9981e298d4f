// SPDX-License-Identifier: Apache-2.0
//! `yara_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_yara_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 0;
    /// Position of `md5`.
    pub const MD5: usize = 1;
    /// Position of `time`.
    pub const TIME: usize = 2;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 3;
    /// Position of `category`.
    pub const CATEGORY: usize = 4;
    /// Position of `action`.
    pub const ACTION: usize = 5;
    /// Position of `matches`.
    pub const MATCHES: usize = 6;
    /// Position of `count`.
    pub const COUNT: usize = 7;
    /// Position of `eid`.
    pub const EID: usize = 8;
    /// Position of `eventid`.
    pub const EVENTID: usize = 9;
    /// Position of `sha256`.
    pub const SHA256: usize = 10;
    /// Position of `pid`.
    pub const PID: usize = 11;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 12;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 13;
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

    /// What YARA rules found in files and processes.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(48), kind: "yara_events", name: "win_yara_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "What YARA rules found in files and processes.",
        example: "SELECT utc_time, target_path, matches, category FROM win_yara_events WHERE count > 0 ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "", sysmon: "", description: "File or process image that was scanned." },
            ColumnSpec { id: ColumnId(1), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(2), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(3), name: "category", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Group of the configuration that asked for the scan." },
            ColumnSpec { id: ColumnId(4), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What made the scan: an action word of the file or process table." },
            ColumnSpec { id: ColumnId(5), name: "matches", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "malware.name", sigma: "", sysmon: "", description: "Rules that matched, joined by `,`; empty when none." },
            ColumnSpec { id: ColumnId(6), name: "count", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rules that matched." },
            ColumnSpec { id: ColumnId(7), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(14)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 14 = YARA." },
            ColumnSpec { id: ColumnId(8), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(9), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(12), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// File or process image that was scanned.
            pub target_path: Option<&'a str>,
            /// MD5 of the file, lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Group of the configuration that asked for the scan.
            pub category: Option<&'a str>,
            /// What made the scan: an action word of the file or process table.
            pub action: Option<&'a str>,
            /// Rules that matched, joined by `,`; empty when none.
            pub matches: Option<&'a str>,
            /// Rules that matched.
            pub count: Option<i32>,
            /// SHA-256 of the file, lower-case hexadecimal.
            pub sha256: Option<&'a str>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
        }
    }
}
