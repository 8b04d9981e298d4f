// SPDX-License-Identifier: Apache-2.0
//! `dns_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_dns_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `domain_name`.
    pub const DOMAIN_NAME: usize = 3;
    /// Position of `request_type`.
    pub const REQUEST_TYPE: usize = 4;
    /// Position of `request_class`.
    pub const REQUEST_CLASS: usize = 5;
    /// Position of `pid`.
    pub const PID: usize = 6;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 7;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 8;
    /// Position of `time`.
    pub const TIME: usize = 9;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 10;
    /// Position of `eventid`.
    pub const EVENTID: usize = 11;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 12;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 13;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 14;
    /// Position of `protocol`.
    pub const PROTOCOL: usize = 15;
    /// Position of `transaction_id`.
    pub const TRANSACTION_ID: usize = 16;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 17;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 18;
    /// Position of `seq`.
    pub const SEQ: usize = 19;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 20;
    /// Position of `take`.
    pub const TAKE: usize = 21;
    /// Position of `history`.
    pub const HISTORY: usize = 22;

    /// DNS queries that processes of this host sent, with the process.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(4), kind: "dns_events", name: "linux_dns_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "DNS queries that processes of this host sent, with the process.",
        example: "SELECT utc_time, domain_name, request_type, process_name, remote_address FROM linux_dns_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["DNS"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `DNS`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["DNS_LOOKUP"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`DNS_LOOKUP`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "domain_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "query.hostname", sigma: "QueryName", sysmon: "QueryName", description: "Name that was asked." },
            ColumnSpec { id: ColumnId(4), name: "request_type", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "query.type", sigma: "", sysmon: "", description: "Type of the query as a number: 1 = A, 28 = AAAA." },
            ColumnSpec { id: ColumnId(5), name: "request_class", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "query.class", sigma: "", sysmon: "", description: "Class of the query: 1 = IN." },
            ColumnSpec { id: ColumnId(6), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(7), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Server, where it is known." },
            ColumnSpec { id: ColumnId(8), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port of the server." },
            ColumnSpec { id: ColumnId(9), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(11)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 11 = DNS." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process." },
            ColumnSpec { id: ColumnId(12), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(13), name: "protocol", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "IP protocol number: 6 = TCP, 17 = UDP." },
            ColumnSpec { id: ColumnId(14), name: "transaction_id", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Number that the answer repeats." },
            ColumnSpec { id: ColumnId(15), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(16), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Event family: `DNS`.
            pub event_type: &'a str,
            /// `DNS_LOOKUP`.
            pub action: &'a str,
            /// Name that was asked.
            pub domain_name: Option<&'a str>,
            /// Type of the query as a number: 1 = A, 28 = AAAA.
            pub request_type: Option<i32>,
            /// Class of the query: 1 = IN.
            pub request_class: Option<i32>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Server, where it is known.
            pub remote_address: Option<&'a str>,
            /// Port of the server.
            pub remote_port: Option<i32>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process.
            pub process_name: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// IP protocol number: 6 = TCP, 17 = UDP.
            pub protocol: Option<i32>,
            /// Number that the answer repeats.
            pub transaction_id: Option<i32>,
        }
    }
}

/// The table `win_dns_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `domain_name`.
    pub const DOMAIN_NAME: usize = 3;
    /// Position of `request_type`.
    pub const REQUEST_TYPE: usize = 4;
    /// Position of `request_class`.
    pub const REQUEST_CLASS: usize = 5;
    /// Position of `pid`.
    pub const PID: usize = 6;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 7;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 8;
    /// Position of `time`.
    pub const TIME: usize = 9;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 10;
    /// Position of `eventid`.
    pub const EVENTID: usize = 11;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 12;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 13;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 14;
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

    /// DNS look-ups.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(40), kind: "dns_events", name: "win_dns_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "DNS look-ups.",
        example: "SELECT utc_time, domain_name, request_type, process_name FROM win_dns_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["DNS"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `DNS`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["DNS_LOOKUP"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`DNS_LOOKUP`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "domain_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "query.hostname", sigma: "QueryName", sysmon: "QueryName", description: "Name that was asked." },
            ColumnSpec { id: ColumnId(4), name: "request_type", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "query.type", sigma: "", sysmon: "", description: "Type of the query as a number: 1 = A, 28 = AAAA." },
            ColumnSpec { id: ColumnId(5), name: "request_class", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "query.class", sigma: "", sysmon: "", description: "Class of the query: 1 = IN." },
            ColumnSpec { id: ColumnId(6), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(7), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Server, where it is known." },
            ColumnSpec { id: ColumnId(8), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port of the server." },
            ColumnSpec { id: ColumnId(9), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(11)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 11 = DNS." },
            ColumnSpec { id: ColumnId(10), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(11), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process." },
            ColumnSpec { id: ColumnId(12), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
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
            /// Event family: `DNS`.
            pub event_type: &'a str,
            /// `DNS_LOOKUP`.
            pub action: &'a str,
            /// Name that was asked.
            pub domain_name: Option<&'a str>,
            /// Type of the query as a number: 1 = A, 28 = AAAA.
            pub request_type: Option<i32>,
            /// Class of the query: 1 = IN.
            pub request_class: Option<i32>,
            /// Acting process.
            pub pid: Option<i64>,
            /// Server, where it is known.
            pub remote_address: Option<&'a str>,
            /// Port of the server.
            pub remote_port: Option<i32>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process.
            pub process_name: Option<&'a str>,
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
