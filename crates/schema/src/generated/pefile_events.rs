// SPDX-License-Identifier: Apache-2.0
//! `pefile_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_elf_file_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 2;
    /// Position of `md5`.
    pub const MD5: usize = 3;
    /// Position of `hashed`.
    pub const HASHED: usize = 4;
    /// Position of `uid`.
    pub const UID: usize = 5;
    /// Position of `time`.
    pub const TIME: usize = 6;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 7;
    /// Position of `pid`.
    pub const PID: usize = 8;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 9;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 10;
    /// Position of `eventid`.
    pub const EVENTID: usize = 11;
    /// Position of `sha256`.
    pub const SHA256: usize = 12;
    /// Position of `source_path`.
    pub const SOURCE_PATH: usize = 13;
    /// Position of `elf_type`.
    pub const ELF_TYPE: usize = 14;
    /// Position of `elf_class`.
    pub const ELF_CLASS: usize = 15;
    /// Position of `machine`.
    pub const MACHINE: usize = 16;
    /// Position of `interpreter`.
    pub const INTERPRETER: usize = 17;
    /// Position of `build_id`.
    pub const BUILD_ID: usize = 18;
    /// Position of `is_static`.
    pub const IS_STATIC: usize = 19;
    /// Position of `is_stripped`.
    pub const IS_STRIPPED: usize = 20;
    /// Position of `mode`.
    pub const MODE: usize = 21;
    /// Position of `inode`.
    pub const INODE: usize = 22;
    /// Position of `device`.
    pub const DEVICE: usize = 23;
    /// Position of `size`.
    pub const SIZE: usize = 24;
    /// Position of `mtime`.
    pub const MTIME: usize = 25;
    /// Position of `changed_ns`.
    pub const CHANGED_NS: usize = 26;
    /// Position of `elf_written`.
    pub const ELF_WRITTEN: usize = 27;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 28;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 29;
    /// Position of `seq`.
    pub const SEQ: usize = 30;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 31;
    /// Position of `take`.
    pub const TAKE: usize = 32;
    /// Position of `history`.
    pub const HISTORY: usize = 33;

    /// ELF files (programs, shared objects, kernel modules) written, put in place or made executable, with what their header says.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(26), kind: "pefile_events", name: "linux_elf_file_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "ELF files (programs, shared objects, kernel modules) written, put in place or made executable, with what their header says.",
        example: "SELECT utc_time, action, target_path, elf_type, is_static, sha256, process_name FROM linux_elf_file_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["FILE_WRITE", "FILE_RENAME", "FILE_LINK", "FILE_CHMOD"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`FILE_WRITE` (once per open), `FILE_RENAME`, `FILE_LINK` or `FILE_CHMOD` (it may be executed now)." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "TargetFilename", sysmon: "TargetFilename", description: "The file; for renames and links the new name." },
            ColumnSpec { id: ColumnId(3), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.md5", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(4), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "hash.done", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, else 0." },
            ColumnSpec { id: ColumnId(5), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(6), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(7), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(8), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(9), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(17)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 17 = PE file." },
            ColumnSpec { id: ColumnId(10), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.sha256", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(11), name: "source_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file_result.path", sigma: "", sysmon: "", description: "The former name after a rename, the linked file of a link." },
            ColumnSpec { id: ColumnId(12), name: "elf_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "elf.type", hidden: false, index: true, additional: false, values: &["executable", "pie_executable", "shared_object", "relocatable", "core", "unknown"], ocsf: "", sigma: "", sysmon: "", description: "`executable`, `pie_executable` (loaded anywhere), `shared_object`, `relocatable` (objects and kernel modules), `core` or `unknown`." },
            ColumnSpec { id: ColumnId(13), name: "elf_class", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "elf.class", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "32 or 64 bits." },
            ColumnSpec { id: ColumnId(14), name: "machine", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "elf.machine", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Processor: `x86_64`, `aarch64`, …; a number for one without a name here." },
            ColumnSpec { id: ColumnId(15), name: "interpreter", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "elf.interpreter", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its loader." },
            ColumnSpec { id: ColumnId(16), name: "build_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "elf.build_id", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Build id, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(17), name: "is_static", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "elf.is_static", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when it is a program without a loader." },
            ColumnSpec { id: ColumnId(18), name: "is_stripped", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "elf.is_stripped", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when it has no table of symbols." },
            ColumnSpec { id: ColumnId(19), name: "mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permission bits, octal: after a write as they were, after a chmod the new ones." },
            ColumnSpec { id: ColumnId(20), name: "inode", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Inode number." },
            ColumnSpec { id: ColumnId(21), name: "device", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device of the file system, encoded as stat's st_dev." },
            ColumnSpec { id: ColumnId(22), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the file in bytes." },
            ColumnSpec { id: ColumnId(23), name: "mtime", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last modification, unix seconds." },
            ColumnSpec { id: ColumnId(24), name: "changed_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last change of the inode, nanoseconds since the unix epoch: which version of the file was read." },
            ColumnSpec { id: ColumnId(25), name: "elf_written", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "elf.written", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when its first write was seen to begin as ELF." },
            ColumnSpec { id: ColumnId(26), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(27), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `FILE_WRITE` (once per open), `FILE_RENAME`, `FILE_LINK` or `FILE_CHMOD` (it may be executed now).
            pub action: &'a str,
            /// The file; for renames and links the new name.
            pub target_path: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// The former name after a rename, the linked file of a link.
            pub source_path: Option<&'a str>,
            /// Permission bits, octal: after a write as they were, after a chmod the new ones.
            pub mode: Option<&'a str>,
            /// Inode number.
            pub inode: Option<i64>,
            /// Device of the file system, encoded as stat's st_dev.
            pub device: Option<i64>,
            /// Size of the file in bytes.
            pub size: Option<i64>,
            /// Last modification, unix seconds.
            pub mtime: Option<i64>,
            /// Last change of the inode, nanoseconds since the unix epoch: which version of the file was read.
            pub changed_ns: Option<i64>,
            /// 1 when its first write was seen to begin as ELF.
            pub elf_written: Option<i32>,
        }
    }
}

/// The table `win_pefile_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 2;
    /// Position of `md5`.
    pub const MD5: usize = 3;
    /// Position of `hashed`.
    pub const HASHED: usize = 4;
    /// Position of `uid`.
    pub const UID: usize = 5;
    /// Position of `time`.
    pub const TIME: usize = 6;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 7;
    /// Position of `pid`.
    pub const PID: usize = 8;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 9;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 10;
    /// Position of `eventid`.
    pub const EVENTID: usize = 11;
    /// Position of `sha256`.
    pub const SHA256: usize = 12;
    /// Position of `sha1`.
    pub const SHA1: usize = 13;
    /// Position of `imphash`.
    pub const IMPHASH: usize = 14;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 15;
    /// Position of `source`.
    pub const SOURCE: usize = 16;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 17;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 18;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 19;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 20;
    /// Position of `seq`.
    pub const SEQ: usize = 21;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 22;
    /// Position of `take`.
    pub const TAKE: usize = 23;
    /// Position of `history`.
    pub const HISTORY: usize = 24;

    /// Files created, written, renamed and deleted that are executable images.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(36), kind: "pefile_events", name: "win_pefile_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Files created, written, renamed and deleted that are executable images.",
        example: "SELECT utc_time, action, target_path, md5, process_name FROM win_pefile_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["FILE_CREATE", "FILE_WRITE", "FILE_RENAME", "FILE_DELETE", "FILE_DELETE_BY_DISP"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`FILE_CREATE`, `FILE_WRITE`, `FILE_RENAME`, `FILE_DELETE` or `FILE_DELETE_BY_DISP`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "TargetFilename", sysmon: "TargetFilename", description: "The file." },
            ColumnSpec { id: ColumnId(3), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(4), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, else 0." },
            ColumnSpec { id: ColumnId(5), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(6), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(7), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(8), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(9), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(17)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 17 = PE file." },
            ColumnSpec { id: ColumnId(10), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(11), name: "sha1", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha1", sigma: "sha1", sysmon: "Hashes", description: "SHA-1 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(12), name: "imphash", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Imphash", sysmon: "Hashes", description: "Hash over the import table of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(13), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(14), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(15), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(16), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(17), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
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
            /// `FILE_CREATE`, `FILE_WRITE`, `FILE_RENAME`, `FILE_DELETE` or `FILE_DELETE_BY_DISP`.
            pub action: &'a str,
            /// The file.
            pub target_path: Option<&'a str>,
            /// MD5 of the file, lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// 1 when hashes are there, else 0.
            pub hashed: i32,
            /// Account of the acting process, `DOMAIN\user`.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// SHA-256 of the file, lower-case hexadecimal.
            pub sha256: Option<&'a str>,
            /// SHA-1 of the file, lower-case hexadecimal.
            pub sha1: Option<&'a str>,
            /// Hash over the import table of the file, lower-case hexadecimal.
            pub imphash: Option<&'a str>,
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
