// SPDX-License-Identifier: Apache-2.0
//! `image_load_process_map`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_image_load_process_map`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `pid`.
    pub const PID: usize = 0;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 1;
    /// Position of `image_size`.
    pub const IMAGE_SIZE: usize = 2;
    /// Position of `image_path`.
    pub const IMAGE_PATH: usize = 3;
    /// Position of `md5`.
    pub const MD5: usize = 4;
    /// Position of `image_memory_mode`.
    pub const IMAGE_MEMORY_MODE: usize = 5;
    /// Position of `image_base`.
    pub const IMAGE_BASE: usize = 6;
    /// Position of `time`.
    pub const TIME: usize = 7;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 8;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 9;
    /// Position of `eventid`.
    pub const EVENTID: usize = 10;
    /// Position of `eid`.
    pub const EID: usize = 11;
    /// Position of `image_offset`.
    pub const IMAGE_OFFSET: usize = 12;
    /// Position of `protection`.
    pub const PROTECTION: usize = 13;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 14;
    /// Position of `sha256`.
    pub const SHA256: usize = 15;
    /// Position of `hashed`.
    pub const HASHED: usize = 16;
    /// Position of `inode`.
    pub const INODE: usize = 17;
    /// Position of `device`.
    pub const DEVICE: usize = 18;
    /// Position of `size`.
    pub const SIZE: usize = 19;
    /// Position of `mtime`.
    pub const MTIME: usize = 20;
    /// Position of `changed_ns`.
    pub const CHANGED_NS: usize = 21;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 22;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 23;
    /// Position of `seq`.
    pub const SEQ: usize = 24;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 25;
    /// Position of `take`.
    pub const TAKE: usize = 26;
    /// Position of `history`.
    pub const HISTORY: usize = 27;

    /// Every mapping of a file that may be executed: which process, where, which part of the file.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(25), kind: "image_load_process_map", name: "linux_image_load_process_map",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Every mapping of a file that may be executed: which process, where, which part of the file.",
        example: "SELECT utc_time, image_path, image_base, image_size, image_offset, process_name FROM linux_image_load_process_map ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process that mapped it." },
            ColumnSpec { id: ColumnId(1), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of that process." },
            ColumnSpec { id: ColumnId(2), name: "image_size", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size in memory, bytes." },
            ColumnSpec { id: ColumnId(3), name: "image_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.file.path", sigma: "ImageLoaded", sysmon: "ImageLoaded", description: "The image." },
            ColumnSpec { id: ColumnId(4), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.md5", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(5), name: "image_memory_mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["User", "Kernel"], ocsf: "", sigma: "", sysmon: "", description: "`User` or `Kernel`." },
            ColumnSpec { id: ColumnId(6), name: "image_base", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.base_address", sigma: "", sysmon: "", description: "Address of the first byte, hexadecimal text." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(8), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the process." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(7)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 7 = image/process map." },
            ColumnSpec { id: ColumnId(9), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(10), name: "image_offset", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Where in the file the mapping begins, bytes." },
            ColumnSpec { id: ColumnId(11), name: "protection", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`r-x`, …, as in /proc/PID/maps." },
            ColumnSpec { id: ColumnId(12), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "", sysmon: "", description: "Effective account of the process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(13), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.sha256", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "", sysmon: "", description: "SHA-256 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(14), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "hash.done", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, else 0." },
            ColumnSpec { id: ColumnId(15), name: "inode", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Inode number." },
            ColumnSpec { id: ColumnId(16), name: "device", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device of the file system, encoded as stat's st_dev." },
            ColumnSpec { id: ColumnId(17), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the file in bytes." },
            ColumnSpec { id: ColumnId(18), name: "mtime", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last modification, unix seconds." },
            ColumnSpec { id: ColumnId(19), name: "changed_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last change of the inode, nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(20), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(21), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Process that mapped it.
            pub pid: Option<i64>,
            /// Identity of that process.
            pub process_guid: Option<u128>,
            /// Size in memory, bytes.
            pub image_size: Option<&'a str>,
            /// The image.
            pub image_path: Option<&'a str>,
            /// `User` or `Kernel`.
            pub image_memory_mode: Option<&'a str>,
            /// Address of the first byte, hexadecimal text.
            pub image_base: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Executable of the process.
            pub process_name: Option<&'a str>,
            /// Where in the file the mapping begins, bytes.
            pub image_offset: Option<i64>,
            /// `r-x`, …, as in /proc/PID/maps.
            pub protection: Option<&'a str>,
            /// Effective account of the process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// Inode number.
            pub inode: Option<i64>,
            /// Device of the file system, encoded as stat's st_dev.
            pub device: Option<i64>,
            /// Size of the file in bytes.
            pub size: Option<i64>,
            /// Last modification, unix seconds.
            pub mtime: Option<i64>,
            /// Last change of the inode, nanoseconds since the unix epoch.
            pub changed_ns: Option<i64>,
        }
    }
}

/// The table `win_image_load_process_map`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `pid`.
    pub const PID: usize = 0;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 1;
    /// Position of `image_size`.
    pub const IMAGE_SIZE: usize = 2;
    /// Position of `image_path`.
    pub const IMAGE_PATH: usize = 3;
    /// Position of `md5`.
    pub const MD5: usize = 4;
    /// Position of `image_memory_mode`.
    pub const IMAGE_MEMORY_MODE: usize = 5;
    /// Position of `image_base`.
    pub const IMAGE_BASE: usize = 6;
    /// Position of `time`.
    pub const TIME: usize = 7;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 8;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 9;
    /// Position of `eventid`.
    pub const EVENTID: usize = 10;
    /// Position of `eid`.
    pub const EID: usize = 11;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 12;
    /// Position of `source`.
    pub const SOURCE: usize = 13;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 14;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 15;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 16;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 17;
    /// Position of `seq`.
    pub const SEQ: usize = 18;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 19;
    /// Position of `take`.
    pub const TAKE: usize = 20;
    /// Position of `history`.
    pub const HISTORY: usize = 21;

    /// Which process mapped which image, and where.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(45), kind: "image_load_process_map", name: "win_image_load_process_map",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Which process mapped which image, and where.",
        example: "SELECT utc_time, image_path, image_base, image_size, process_name FROM win_image_load_process_map ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process that mapped it." },
            ColumnSpec { id: ColumnId(1), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of that process." },
            ColumnSpec { id: ColumnId(2), name: "image_size", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size in memory, bytes." },
            ColumnSpec { id: ColumnId(3), name: "image_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.file.path", sigma: "ImageLoaded", sysmon: "ImageLoaded", description: "The image." },
            ColumnSpec { id: ColumnId(4), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(5), name: "image_memory_mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["User", "Kernel"], ocsf: "", sigma: "", sysmon: "", description: "`User` or `Kernel`." },
            ColumnSpec { id: ColumnId(6), name: "image_base", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.base_address", sigma: "", sysmon: "", description: "Address of the first byte, hexadecimal text." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(8), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the process." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(7)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 7 = image/process map." },
            ColumnSpec { id: ColumnId(9), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(10), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(11), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(12), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(13), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(14), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(15), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Process that mapped it.
            pub pid: Option<i64>,
            /// Identity of that process.
            pub process_guid: Option<u128>,
            /// Size in memory, bytes.
            pub image_size: Option<&'a str>,
            /// The image.
            pub image_path: Option<&'a str>,
            /// MD5 of the image, lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// `User` or `Kernel`.
            pub image_memory_mode: Option<&'a str>,
            /// Address of the first byte, hexadecimal text.
            pub image_base: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Executable of the process.
            pub process_name: Option<&'a str>,
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
