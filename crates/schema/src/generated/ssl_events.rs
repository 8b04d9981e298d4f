// SPDX-License-Identifier: Apache-2.0
//! `ssl_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_ssl_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `subject_name`.
    pub const SUBJECT_NAME: usize = 3;
    /// Position of `issuer_name`.
    pub const ISSUER_NAME: usize = 4;
    /// Position of `serial_number`.
    pub const SERIAL_NUMBER: usize = 5;
    /// Position of `dns_names`.
    pub const DNS_NAMES: usize = 6;
    /// Position of `ja3_md5`.
    pub const JA3_MD5: usize = 7;
    /// Position of `ja3s_md5`.
    pub const JA3S_MD5: usize = 8;
    /// Position of `pid`.
    pub const PID: usize = 9;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 10;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 11;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 12;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 13;
    /// Position of `time`.
    pub const TIME: usize = 14;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 15;
    /// Position of `eventid`.
    pub const EVENTID: usize = 16;
    /// Position of `server_name`.
    pub const SERVER_NAME: usize = 17;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 18;
    /// Position of `role`.
    pub const ROLE: usize = 19;
    /// Position of `version`.
    pub const VERSION: usize = 20;
    /// Position of `cipher`.
    pub const CIPHER: usize = 21;
    /// Position of `alpn`.
    pub const ALPN: usize = 22;
    /// Position of `ja4`.
    pub const JA4: usize = 23;
    /// Position of `not_after`.
    pub const NOT_AFTER: usize = 24;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 25;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 26;
    /// Position of `seq`.
    pub const SEQ: usize = 27;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 28;
    /// Position of `take`.
    pub const TAKE: usize = 29;
    /// Position of `history`.
    pub const HISTORY: usize = 30;

    /// TLS handshakes over TCP: names, versions, fingerprints, and certificates where they are not encrypted.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(22), kind: "ssl_events", name: "linux_ssl_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "TLS handshakes over TCP: names, versions, fingerprints, and certificates where they are not encrypted.",
        example: "SELECT utc_time, server_name, version, ja4, subject_name, process_name, remote_address FROM linux_ssl_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["SSL"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `SSL`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["TLS_HANDSHAKE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`TLS_HANDSHAKE`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "subject_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.subject", sigma: "", sysmon: "", description: "Subjects of the certificate chain, joined by `,`." },
            ColumnSpec { id: ColumnId(4), name: "issuer_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.issuer", sigma: "", sysmon: "", description: "Issuers of the certificate chain, joined by `,`." },
            ColumnSpec { id: ColumnId(5), name: "serial_number", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.serial_number", sigma: "", sysmon: "", description: "Serial number of the first certificate." },
            ColumnSpec { id: ColumnId(6), name: "dns_names", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.sans", sigma: "", sysmon: "", description: "Names that the certificate is for, each with `DNS:` before it." },
            ColumnSpec { id: ColumnId(7), name: "ja3_md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.ja3_hash", sigma: "", sysmon: "", description: "Fingerprint of the client." },
            ColumnSpec { id: ColumnId(8), name: "ja3s_md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.ja3s_hash", sigma: "", sysmon: "", description: "Fingerprint of the server." },
            ColumnSpec { id: ColumnId(9), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(12), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Address of the other side." },
            ColumnSpec { id: ColumnId(13), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port of the other side." },
            ColumnSpec { id: ColumnId(14), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(9)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 9 = SSL." },
            ColumnSpec { id: ColumnId(15), name: "server_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.sni", sigma: "", sysmon: "", description: "Name that the client asked for." },
            ColumnSpec { id: ColumnId(16), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(17), name: "role", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`client` or `server`: which of the two the acting process is." },
            ColumnSpec { id: ColumnId(18), name: "version", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.version", sigma: "", sysmon: "", description: "Version that the server chose, else the newest that the client offers, for example `TLS 1.3`." },
            ColumnSpec { id: ColumnId(19), name: "cipher", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.cipher", sigma: "", sysmon: "", description: "Cipher suite that the server chose, four hexadecimal digits." },
            ColumnSpec { id: ColumnId(20), name: "alpn", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.alpn", sigma: "", sysmon: "", description: "Protocols that the client offers, joined by `,`." },
            ColumnSpec { id: ColumnId(21), name: "ja4", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Fingerprint of the client, as JA4." },
            ColumnSpec { id: ColumnId(22), name: "not_after", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.expiration_time", sigma: "", sysmon: "", description: "Last second of the first certificate's life, unix seconds." },
            ColumnSpec { id: ColumnId(23), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(24), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Event family: `SSL`.
            pub event_type: &'a str,
            /// `TLS_HANDSHAKE`.
            pub action: &'a str,
            /// Subjects of the certificate chain, joined by `,`.
            pub subject_name: Option<&'a str>,
            /// Issuers of the certificate chain, joined by `,`.
            pub issuer_name: Option<&'a str>,
            /// Serial number of the first certificate.
            pub serial_number: Option<&'a str>,
            /// Names that the certificate is for, each with `DNS:` before it.
            pub dns_names: Option<&'a str>,
            /// Fingerprint of the client.
            pub ja3_md5: Option<&'a str>,
            /// Fingerprint of the server.
            pub ja3s_md5: Option<&'a str>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// Address of the other side.
            pub remote_address: Option<&'a str>,
            /// Port of the other side.
            pub remote_port: Option<i32>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Name that the client asked for.
            pub server_name: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// `client` or `server`: which of the two the acting process is.
            pub role: Option<&'a str>,
            /// Version that the server chose, else the newest that the client offers, for example `TLS 1.3`.
            pub version: Option<&'a str>,
            /// Cipher suite that the server chose, four hexadecimal digits.
            pub cipher: Option<&'a str>,
            /// Protocols that the client offers, joined by `,`.
            pub alpn: Option<&'a str>,
            /// Fingerprint of the client, as JA4.
            pub ja4: Option<&'a str>,
            /// Last second of the first certificate's life, unix seconds.
            pub not_after: Option<i64>,
        }
    }
}

/// The table `win_ssl_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `subject_name`.
    pub const SUBJECT_NAME: usize = 3;
    /// Position of `issuer_name`.
    pub const ISSUER_NAME: usize = 4;
    /// Position of `serial_number`.
    pub const SERIAL_NUMBER: usize = 5;
    /// Position of `dns_names`.
    pub const DNS_NAMES: usize = 6;
    /// Position of `ja3_md5`.
    pub const JA3_MD5: usize = 7;
    /// Position of `ja3s_md5`.
    pub const JA3S_MD5: usize = 8;
    /// Position of `pid`.
    pub const PID: usize = 9;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 10;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 11;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 12;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 13;
    /// Position of `time`.
    pub const TIME: usize = 14;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 15;
    /// Position of `eventid`.
    pub const EVENTID: usize = 16;
    /// Position of `server_name`.
    pub const SERVER_NAME: usize = 17;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 18;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 19;
    /// Position of `source`.
    pub const SOURCE: usize = 20;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 21;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 22;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 23;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 24;
    /// Position of `seq`.
    pub const SEQ: usize = 25;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 26;
    /// Position of `take`.
    pub const TAKE: usize = 27;
    /// Position of `history`.
    pub const HISTORY: usize = 28;

    /// TLS sessions: certificates and fingerprints.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(43), kind: "ssl_events", name: "win_ssl_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "TLS sessions: certificates and fingerprints.",
        example: "SELECT utc_time, subject_name, issuer_name, ja3_md5, process_name FROM win_ssl_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["SSL"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `SSL`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["TLS_HANDSHAKE", "TLS_CERTIFICATE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`TLS_HANDSHAKE` or `TLS_CERTIFICATE`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "subject_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.subject", sigma: "", sysmon: "", description: "Subjects of the certificate chain, joined by `,`." },
            ColumnSpec { id: ColumnId(4), name: "issuer_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.issuer", sigma: "", sysmon: "", description: "Issuers of the certificate chain, joined by `,`." },
            ColumnSpec { id: ColumnId(5), name: "serial_number", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.certificate.serial_number", sigma: "", sysmon: "", description: "Serial number of the first certificate." },
            ColumnSpec { id: ColumnId(6), name: "dns_names", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.sans", sigma: "", sysmon: "", description: "Names that the certificate is for, each with `DNS:` before it." },
            ColumnSpec { id: ColumnId(7), name: "ja3_md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.ja3_hash", sigma: "", sysmon: "", description: "Fingerprint of the client." },
            ColumnSpec { id: ColumnId(8), name: "ja3s_md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.ja3s_hash", sigma: "", sysmon: "", description: "Fingerprint of the server." },
            ColumnSpec { id: ColumnId(9), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(12), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Address of the server." },
            ColumnSpec { id: ColumnId(13), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port of the server." },
            ColumnSpec { id: ColumnId(14), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(9)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 9 = SSL." },
            ColumnSpec { id: ColumnId(15), name: "server_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "tls.sni", sigma: "", sysmon: "", description: "Name that the client asked for." },
            ColumnSpec { id: ColumnId(16), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(17), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(18), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(19), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(20), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(21), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(22), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Event family: `SSL`.
            pub event_type: &'a str,
            /// `TLS_HANDSHAKE` or `TLS_CERTIFICATE`.
            pub action: &'a str,
            /// Subjects of the certificate chain, joined by `,`.
            pub subject_name: Option<&'a str>,
            /// Issuers of the certificate chain, joined by `,`.
            pub issuer_name: Option<&'a str>,
            /// Serial number of the first certificate.
            pub serial_number: Option<&'a str>,
            /// Names that the certificate is for, each with `DNS:` before it.
            pub dns_names: Option<&'a str>,
            /// Fingerprint of the client.
            pub ja3_md5: Option<&'a str>,
            /// Fingerprint of the server.
            pub ja3s_md5: Option<&'a str>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// Address of the server.
            pub remote_address: Option<&'a str>,
            /// Port of the server.
            pub remote_port: Option<i32>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Name that the client asked for.
            pub server_name: Option<&'a str>,
            /// Account of the acting process, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
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
