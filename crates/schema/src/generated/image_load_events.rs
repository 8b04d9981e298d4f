// SPDX-License-Identifier: Apache-2.0
//! `image_load_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_image_load_events`.
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
    /// Position of `image_path`.
    pub const IMAGE_PATH: usize = 4;
    /// Position of `md5`.
    pub const MD5: usize = 5;
    /// Position of `uid`.
    pub const UID: usize = 6;
    /// Position of `time`.
    pub const TIME: usize = 7;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 8;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 9;
    /// Position of `eventid`.
    pub const EVENTID: usize = 10;
    /// Position of `sha256`.
    pub const SHA256: usize = 11;
    /// Position of `hashed`.
    pub const HASHED: usize = 12;
    /// Position of `inode`.
    pub const INODE: usize = 13;
    /// Position of `device`.
    pub const DEVICE: usize = 14;
    /// Position of `size`.
    pub const SIZE: usize = 15;
    /// Position of `mtime`.
    pub const MTIME: usize = 16;
    /// Position of `changed_ns`.
    pub const CHANGED_NS: usize = 17;
    /// Position of `deleted`.
    pub const DELETED: usize = 18;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 19;
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

    /// Files mapped to be executed: the first load of each version of a shared object, with its hash.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(18), kind: "image_load_events", name: "linux_image_load_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Files mapped to be executed: the first load of each version of a shared object, with its hash.",
        example: "SELECT utc_time, image_path, sha256, process_name FROM linux_image_load_events WHERE image_path NOT LIKE '/usr/lib/%' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["IMAGE_LOAD"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`IMAGE_LOAD`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process that loaded it." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of that process." },
            ColumnSpec { id: ColumnId(4), name: "image_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.file.path", sigma: "ImageLoaded", sysmon: "ImageLoaded", description: "The image." },
            ColumnSpec { id: ColumnId(5), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.md5", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(6), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(8), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the process." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(6)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 6 = image load." },
            ColumnSpec { id: ColumnId(9), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.sha256", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(10), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "hash.done", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, else 0." },
            ColumnSpec { id: ColumnId(11), name: "inode", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Inode number." },
            ColumnSpec { id: ColumnId(12), name: "device", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device of the file system, encoded as stat's st_dev." },
            ColumnSpec { id: ColumnId(13), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the file in bytes." },
            ColumnSpec { id: ColumnId(14), name: "mtime", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last modification, unix seconds." },
            ColumnSpec { id: ColumnId(15), name: "changed_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last change of the inode, nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(16), name: "deleted", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the file had no name left." },
            ColumnSpec { id: ColumnId(17), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
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
            /// `IMAGE_LOAD`.
            pub action: &'a str,
            /// Process that loaded it.
            pub pid: Option<i64>,
            /// Identity of that process.
            pub process_guid: Option<u128>,
            /// The image.
            pub image_path: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Executable of the process.
            pub process_name: Option<&'a str>,
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
            /// 1 when the file had no name left.
            pub deleted: Option<i32>,
        }
    }
}

/// The table `win_image_load_events`.
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
    /// Position of `image_path`.
    pub const IMAGE_PATH: usize = 4;
    /// Position of `md5`.
    pub const MD5: usize = 5;
    /// Position of `uid`.
    pub const UID: usize = 6;
    /// Position of `time`.
    pub const TIME: usize = 7;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 8;
    /// Position of `sign_info`.
    pub const SIGN_INFO: usize = 9;
    /// Position of `trust_info`.
    pub const TRUST_INFO: usize = 10;
    /// Position of `num_of_certs`.
    pub const NUM_OF_CERTS: usize = 11;
    /// Position of `cert_type`.
    pub const CERT_TYPE: usize = 12;
    /// Position of `version`.
    pub const VERSION: usize = 13;
    /// Position of `pubkey`.
    pub const PUBKEY: usize = 14;
    /// Position of `pubkey_length`.
    pub const PUBKEY_LENGTH: usize = 15;
    /// Position of `pubkey_signhash_algo`.
    pub const PUBKEY_SIGNHASH_ALGO: usize = 16;
    /// Position of `issuer_name`.
    pub const ISSUER_NAME: usize = 17;
    /// Position of `subject_name`.
    pub const SUBJECT_NAME: usize = 18;
    /// Position of `serial_number`.
    pub const SERIAL_NUMBER: usize = 19;
    /// Position of `signature_algo`.
    pub const SIGNATURE_ALGO: usize = 20;
    /// Position of `subject_dn`.
    pub const SUBJECT_DN: usize = 21;
    /// Position of `issuer_dn`.
    pub const ISSUER_DN: usize = 22;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 23;
    /// Position of `eventid`.
    pub const EVENTID: usize = 24;
    /// Position of `signature_status`.
    pub const SIGNATURE_STATUS: usize = 25;
    /// Position of `sha1`.
    pub const SHA1: usize = 26;
    /// Position of `sha256`.
    pub const SHA256: usize = 27;
    /// Position of `imphash`.
    pub const IMPHASH: usize = 28;
    /// Position of `original_file_name`.
    pub const ORIGINAL_FILE_NAME: usize = 29;
    /// Position of `file_version`.
    pub const FILE_VERSION: usize = 30;
    /// Position of `file_description`.
    pub const FILE_DESCRIPTION: usize = 31;
    /// Position of `product`.
    pub const PRODUCT: usize = 32;
    /// Position of `company`.
    pub const COMPANY: usize = 33;
    /// Position of `signing_time`.
    pub const SIGNING_TIME: usize = 34;
    /// Position of `catalog_path`.
    pub const CATALOG_PATH: usize = 35;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 36;
    /// Position of `source`.
    pub const SOURCE: usize = 37;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 38;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 39;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 40;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 41;
    /// Position of `seq`.
    pub const SEQ: usize = 42;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 43;
    /// Position of `take`.
    pub const TAKE: usize = 44;
    /// Position of `history`.
    pub const HISTORY: usize = 45;

    /// Images (programs, libraries, drivers) loaded, with their signatures.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(44), kind: "image_load_events", name: "win_image_load_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Images (programs, libraries, drivers) loaded, with their signatures.",
        example: "SELECT utc_time, image_path, sign_info, trust_info, process_name FROM win_image_load_events WHERE sign_info = 'Unsigned' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["IMAGE_LOAD", "IMAGE_UNLOAD"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`IMAGE_LOAD` or `IMAGE_UNLOAD`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process that loaded it." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of that process." },
            ColumnSpec { id: ColumnId(4), name: "image_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.file.path", sigma: "ImageLoaded", sysmon: "ImageLoaded", description: "The image." },
            ColumnSpec { id: ColumnId(5), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(6), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(7), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(8), name: "sign_info", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["Signed", "Unsigned"], ocsf: "", sigma: "Signed", sysmon: "Signed", description: "`Signed` or `Unsigned` (neither inside nor in a catalogue); NULL when not both were looked at." },
            ColumnSpec { id: ColumnId(9), name: "trust_info", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["Trusted", "Untrusted"], ocsf: "", sigma: "", sysmon: "", description: "`Trusted`: the signature holds and leads to a root that this machine trusts. `Untrusted`: it does not hold. NULL: not known." },
            ColumnSpec { id: ColumnId(10), name: "num_of_certs", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Certificates on the file." },
            ColumnSpec { id: ColumnId(11), name: "cert_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["Catalog", "Embedded"], ocsf: "", sigma: "", sysmon: "", description: "`Catalog` or `Embedded`." },
            ColumnSpec { id: ColumnId(12), name: "version", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Certificate version." },
            ColumnSpec { id: ColumnId(13), name: "pubkey", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Public key of the certificate, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(14), name: "pubkey_length", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Length of the public key in bits." },
            ColumnSpec { id: ColumnId(15), name: "pubkey_signhash_algo", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Hash algorithm of the signature." },
            ColumnSpec { id: ColumnId(16), name: "issuer_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Issuer of the certificate." },
            ColumnSpec { id: ColumnId(17), name: "subject_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.file.signature.certificate.subject", sigma: "Signature", sysmon: "Signature", description: "Signer." },
            ColumnSpec { id: ColumnId(18), name: "serial_number", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Serial number of the certificate." },
            ColumnSpec { id: ColumnId(19), name: "signature_algo", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Algorithm of the signature on the certificate: `sha256RSA`, `sha384ECDSA`, …" },
            ColumnSpec { id: ColumnId(20), name: "subject_dn", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Full name of the signer." },
            ColumnSpec { id: ColumnId(21), name: "issuer_dn", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Full name of the issuer." },
            ColumnSpec { id: ColumnId(22), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the process." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(6)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 6 = image load." },
            ColumnSpec { id: ColumnId(23), name: "signature_status", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "SignatureStatus", sysmon: "SignatureStatus", description: "Verdict on the signature: `Valid`, `Expired`, `BadDigest`, `Unavailable`, …; of recordings as the sensor wrote it." },
            ColumnSpec { id: ColumnId(24), name: "sha1", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha1", sigma: "sha1", sysmon: "Hashes", description: "SHA-1 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(25), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(26), name: "imphash", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Imphash", sysmon: "Hashes", description: "Hash over the import table of the image, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(27), name: "original_file_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "OriginalFileName", sysmon: "OriginalFileName", description: "File name in the version resource of the image: survives renaming." },
            ColumnSpec { id: ColumnId(28), name: "file_version", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "FileVersion", sysmon: "FileVersion", description: "File version of the image." },
            ColumnSpec { id: ColumnId(29), name: "file_description", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Description", sysmon: "Description", description: "Description in the version resource of the image." },
            ColumnSpec { id: ColumnId(30), name: "product", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Product", sysmon: "Product", description: "Product that the image says it belongs to." },
            ColumnSpec { id: ColumnId(31), name: "company", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Company", sysmon: "Company", description: "Company that the image says it is from." },
            ColumnSpec { id: ColumnId(38), name: "signing_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When the image was signed, unix seconds, as a timestamp over the signature says; NULL without one." },
            ColumnSpec { id: ColumnId(39), name: "catalog_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The catalogue that signs the image, when the signature does not stand inside it." },
            ColumnSpec { id: ColumnId(32), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(33), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(34), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(35), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(36), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(37), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `IMAGE_LOAD` or `IMAGE_UNLOAD`.
            pub action: &'a str,
            /// Process that loaded it.
            pub pid: Option<i64>,
            /// Identity of that process.
            pub process_guid: Option<u128>,
            /// The image.
            pub image_path: Option<&'a str>,
            /// MD5 of the image, lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// Account of the acting process, `DOMAIN\user`.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// `Signed` or `Unsigned` (neither inside nor in a catalogue); NULL when not both were looked at.
            pub sign_info: Option<&'a str>,
            /// `Trusted`: the signature holds and leads to a root that this machine trusts. `Untrusted`: it does not hold. NULL: not known.
            pub trust_info: Option<&'a str>,
            /// Certificates on the file.
            pub num_of_certs: Option<i64>,
            /// `Catalog` or `Embedded`.
            pub cert_type: Option<&'a str>,
            /// Certificate version.
            pub version: Option<&'a str>,
            /// Public key of the certificate, lower-case hexadecimal.
            pub pubkey: Option<&'a str>,
            /// Length of the public key in bits.
            pub pubkey_length: Option<&'a str>,
            /// Hash algorithm of the signature.
            pub pubkey_signhash_algo: Option<&'a str>,
            /// Issuer of the certificate.
            pub issuer_name: Option<&'a str>,
            /// Signer.
            pub subject_name: Option<&'a str>,
            /// Serial number of the certificate.
            pub serial_number: Option<&'a str>,
            /// Algorithm of the signature on the certificate: `sha256RSA`, `sha384ECDSA`, …
            pub signature_algo: Option<&'a str>,
            /// Full name of the signer.
            pub subject_dn: Option<&'a str>,
            /// Full name of the issuer.
            pub issuer_dn: Option<&'a str>,
            /// Executable of the process.
            pub process_name: Option<&'a str>,
            /// Verdict on the signature: `Valid`, `Expired`, `BadDigest`, `Unavailable`, …; of recordings as the sensor wrote it.
            pub signature_status: Option<&'a str>,
            /// SHA-1 of the image, lower-case hexadecimal.
            pub sha1: Option<&'a str>,
            /// SHA-256 of the image, lower-case hexadecimal.
            pub sha256: Option<&'a str>,
            /// Hash over the import table of the image, lower-case hexadecimal.
            pub imphash: Option<&'a str>,
            /// File name in the version resource of the image: survives renaming.
            pub original_file_name: Option<&'a str>,
            /// File version of the image.
            pub file_version: Option<&'a str>,
            /// Description in the version resource of the image.
            pub file_description: Option<&'a str>,
            /// Product that the image says it belongs to.
            pub product: Option<&'a str>,
            /// Company that the image says it is from.
            pub company: Option<&'a str>,
            /// When the image was signed, unix seconds, as a timestamp over the signature says; NULL without one.
            pub signing_time: Option<i64>,
            /// The catalogue that signs the image, when the signature does not stand inside it.
            pub catalog_path: Option<&'a str>,
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
