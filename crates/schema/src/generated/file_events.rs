// SPDX-License-Identifier: Apache-2.0
//! `file_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_file_events`.
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
    /// Position of `sha256`.
    pub const SHA256: usize = 4;
    /// Position of `hashed`.
    pub const HASHED: usize = 5;
    /// Position of `uid`.
    pub const UID: usize = 6;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 7;
    /// Position of `time`.
    pub const TIME: usize = 8;
    /// Position of `pid`.
    pub const PID: usize = 9;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 10;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 11;
    /// Position of `eventid`.
    pub const EVENTID: usize = 12;
    /// Position of `source_path`.
    pub const SOURCE_PATH: usize = 13;
    /// Position of `file_type`.
    pub const FILE_TYPE: usize = 14;
    /// Position of `mode`.
    pub const MODE: usize = 15;
    /// Position of `file_uid`.
    pub const FILE_UID: usize = 16;
    /// Position of `file_gid`.
    pub const FILE_GID: usize = 17;
    /// Position of `inode`.
    pub const INODE: usize = 18;
    /// Position of `device`.
    pub const DEVICE: usize = 19;
    /// Position of `size`.
    pub const SIZE: usize = 20;
    /// Position of `mtime`.
    pub const MTIME: usize = 21;
    /// Position of `changed_ns`.
    pub const CHANGED_NS: usize = 22;
    /// Position of `bytes_written`.
    pub const BYTES_WRITTEN: usize = 23;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 24;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 25;
    /// Position of `seq`.
    pub const SEQ: usize = 26;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 27;
    /// Position of `take`.
    pub const TAKE: usize = 28;
    /// Position of `history`.
    pub const HISTORY: usize = 29;

    /// Files and folders created, written, renamed, linked and deleted, by whom, with both names and hashes.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(2), kind: "file_events", name: "linux_file_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Files and folders created, written, renamed, linked and deleted, by whom, with both names and hashes.",
        example: "SELECT utc_time, action, target_path, source_path, process_name, uid FROM linux_file_events WHERE action = 'FILE_WRITE' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["FILE_CREATE", "FILE_WRITE", "FILE_RENAME", "FILE_DELETE", "FILE_LINK", "FILE_SYMLINK", "FILE_TRUNCATE", "DIR_CREATE", "DIR_DELETE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`FILE_CREATE`, `FILE_WRITE` (once per open), `FILE_RENAME`, `FILE_DELETE`, `FILE_LINK`, `FILE_SYMLINK`, `FILE_TRUNCATE` (by name), `DIR_CREATE` or `DIR_DELETE`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "TargetFilename", sysmon: "TargetFilename", description: "The file or folder; for renames and links the new name." },
            ColumnSpec { id: ColumnId(3), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.md5", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the file after a `FILE_WRITE`, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(4), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.sha256", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the file after a `FILE_WRITE`, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(5), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "hash.done", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, 0 when they could not be had, NULL for rows that are not hashed." },
            ColumnSpec { id: ColumnId(6), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When it happened as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(8), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(9), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(10), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(1)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 1 = file." },
            ColumnSpec { id: ColumnId(11), name: "source_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file_result.path", sigma: "SourceFilename", sysmon: "", description: "The former name after a rename, the linked file of a link, what a symbolic link holds." },
            ColumnSpec { id: ColumnId(12), name: "file_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["file", "directory", "symlink", "fifo", "socket", "character_device", "block_device", "unknown"], ocsf: "file.type", sigma: "", sysmon: "", description: "`file`, `fifo`, …: of `FILE_CREATE` by open, and of `FILE_WRITE`." },
            ColumnSpec { id: ColumnId(13), name: "mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permission bits, octal." },
            ColumnSpec { id: ColumnId(14), name: "file_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.owner.uid", sigma: "", sysmon: "", description: "Owner of the file." },
            ColumnSpec { id: ColumnId(15), name: "file_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Group of the file." },
            ColumnSpec { id: ColumnId(16), name: "inode", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Inode number." },
            ColumnSpec { id: ColumnId(17), name: "device", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device of the file system, encoded as stat's st_dev." },
            ColumnSpec { id: ColumnId(18), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.size", sigma: "", sysmon: "", description: "Size of the file in bytes." },
            ColumnSpec { id: ColumnId(19), name: "mtime", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "file.modified_time", sigma: "", sysmon: "", description: "Last modification, unix seconds." },
            ColumnSpec { id: ColumnId(20), name: "changed_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last change of the inode, nanoseconds since the unix epoch: which version of the file was hashed." },
            ColumnSpec { id: ColumnId(21), name: "bytes_written", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes that this open wrote." },
            ColumnSpec { id: ColumnId(22), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
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
            /// `FILE_CREATE`, `FILE_WRITE` (once per open), `FILE_RENAME`, `FILE_DELETE`, `FILE_LINK`, `FILE_SYMLINK`, `FILE_TRUNCATE` (by name), `DIR_CREATE` or `DIR_DELETE`.
            pub action: &'a str,
            /// The file or folder; for renames and links the new name.
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
            /// The former name after a rename, the linked file of a link, what a symbolic link holds.
            pub source_path: Option<&'a str>,
            /// `file`, `fifo`, …: of `FILE_CREATE` by open, and of `FILE_WRITE`.
            pub file_type: Option<&'a str>,
            /// Permission bits, octal.
            pub mode: Option<&'a str>,
            /// Owner of the file.
            pub file_uid: Option<i64>,
            /// Group of the file.
            pub file_gid: Option<i64>,
            /// Inode number.
            pub inode: Option<i64>,
            /// Device of the file system, encoded as stat's st_dev.
            pub device: Option<i64>,
            /// Size of the file in bytes.
            pub size: Option<i64>,
            /// Last modification, unix seconds.
            pub mtime: Option<i64>,
            /// Last change of the inode, nanoseconds since the unix epoch: which version of the file was hashed.
            pub changed_ns: Option<i64>,
            /// Bytes that this open wrote.
            pub bytes_written: Option<i64>,
        }
    }
}

/// The table `win_file_events`.
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
    /// Position of `sha256`.
    pub const SHA256: usize = 4;
    /// Position of `hashed`.
    pub const HASHED: usize = 5;
    /// Position of `uid`.
    pub const UID: usize = 6;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 7;
    /// Position of `time`.
    pub const TIME: usize = 8;
    /// Position of `pe_file`.
    pub const PE_FILE: usize = 9;
    /// Position of `pid`.
    pub const PID: usize = 10;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 11;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 12;
    /// Position of `amsi_is_malware`.
    pub const AMSI_IS_MALWARE: usize = 13;
    /// Position of `byte_stream`.
    pub const BYTE_STREAM: usize = 14;
    /// Position of `eventid`.
    pub const EVENTID: usize = 15;
    /// Position of `sha1`.
    pub const SHA1: usize = 16;
    /// Position of `imphash`.
    pub const IMPHASH: usize = 17;
    /// Position of `creation_time`.
    pub const CREATION_TIME: usize = 18;
    /// Position of `contents`.
    pub const CONTENTS: usize = 19;
    /// Position of `archived`.
    pub const ARCHIVED: usize = 20;
    /// Position of `access_mask`.
    pub const ACCESS_MASK: usize = 21;
    /// Position of `object_type`.
    pub const OBJECT_TYPE: usize = 22;
    /// Position of `handle_id`.
    pub const HANDLE_ID: usize = 23;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 24;
    /// Position of `source`.
    pub const SOURCE: usize = 25;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 26;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 27;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 28;
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

    /// Files created, written, renamed and deleted.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(35), kind: "file_events", name: "win_file_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Files created, written, renamed and deleted.",
        example: "SELECT utc_time, action, target_path, process_name FROM win_file_events WHERE action = 'FILE_CREATE' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["FILE_CREATE", "FILE_WRITE", "FILE_RENAME", "FILE_DELETE", "FILE_DELETE_BY_DISP", "FILE_ACCESS"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`FILE_CREATE`, `FILE_WRITE`, `FILE_RENAME`, `FILE_DELETE`, `FILE_DELETE_BY_DISP` or `FILE_ACCESS`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "TargetFilename", sysmon: "TargetFilename", description: "The file. A rename is the new path followed by the old one in square brackets." },
            ColumnSpec { id: ColumnId(3), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(4), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(5), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, else 0." },
            ColumnSpec { id: ColumnId(6), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When it happened as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(8), name: "pe_file", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["YES", "NO"], ocsf: "", sigma: "", sysmon: "", description: "`YES` when the file is an executable image, `NO` when it is not, NULL when nobody looked." },
            ColumnSpec { id: ColumnId(9), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(12), name: "amsi_is_malware", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["YES", "NO"], ocsf: "", sigma: "", sysmon: "", description: "`YES` when the antimalware scan of the written bytes said so." },
            ColumnSpec { id: ColumnId(13), name: "byte_stream", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "First bytes that were written, base64." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(1)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 1 = file." },
            ColumnSpec { id: ColumnId(14), name: "sha1", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha1", sigma: "sha1", sysmon: "Hashes", description: "SHA-1 of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(15), name: "imphash", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Imphash", sysmon: "Hashes", description: "Hash over the import table of the file, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(16), name: "creation_time", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "CreationUtcTime", sysmon: "CreationUtcTime", description: "Creation time of the file as recorded, text." },
            ColumnSpec { id: ColumnId(17), name: "contents", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Contents", sysmon: "Contents", description: "Text of an alternate data stream, where the sensor kept it." },
            ColumnSpec { id: ColumnId(18), name: "archived", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Archived", sysmon: "Archived", description: "`true` when the sensor kept a copy of the deleted file." },
            ColumnSpec { id: ColumnId(19), name: "access_mask", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "AccessMask", sysmon: "", description: "Rights that were used, hexadecimal text (Security 4656, 4663)." },
            ColumnSpec { id: ColumnId(20), name: "object_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "ObjectType", sysmon: "", description: "Type of object in Security records: `File`." },
            ColumnSpec { id: ColumnId(21), name: "handle_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "HandleId", sysmon: "", description: "Handle in Security records, hexadecimal text: joins 4656, 4663, 4660 and 4658." },
            ColumnSpec { id: ColumnId(22), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(23), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(24), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(25), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(26), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
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
            /// `FILE_CREATE`, `FILE_WRITE`, `FILE_RENAME`, `FILE_DELETE`, `FILE_DELETE_BY_DISP` or `FILE_ACCESS`.
            pub action: &'a str,
            /// The file. A rename is the new path followed by the old one in square brackets.
            pub target_path: Option<&'a str>,
            /// MD5 of the file, lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// SHA-256 of the file, lower-case hexadecimal.
            pub sha256: Option<&'a str>,
            /// 1 when hashes are there, else 0.
            pub hashed: i32,
            /// Account of the acting process, `DOMAIN\user`.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// `YES` when the file is an executable image, `NO` when it is not, NULL when nobody looked.
            pub pe_file: Option<&'a str>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// `YES` when the antimalware scan of the written bytes said so.
            pub amsi_is_malware: Option<&'a str>,
            /// First bytes that were written, base64.
            pub byte_stream: Option<&'a str>,
            /// SHA-1 of the file, lower-case hexadecimal.
            pub sha1: Option<&'a str>,
            /// Hash over the import table of the file, lower-case hexadecimal.
            pub imphash: Option<&'a str>,
            /// Creation time of the file as recorded, text.
            pub creation_time: Option<&'a str>,
            /// Text of an alternate data stream, where the sensor kept it.
            pub contents: Option<&'a str>,
            /// `true` when the sensor kept a copy of the deleted file.
            pub archived: Option<&'a str>,
            /// Rights that were used, hexadecimal text (Security 4656, 4663).
            pub access_mask: Option<&'a str>,
            /// Type of object in Security records: `File`.
            pub object_type: Option<&'a str>,
            /// Handle in Security records, hexadecimal text: joins 4656, 4663, 4660 and 4658.
            pub handle_id: Option<&'a str>,
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
