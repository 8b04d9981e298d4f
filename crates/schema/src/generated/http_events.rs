// SPDX-License-Identifier: Apache-2.0
//! `http_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_http_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `url`.
    pub const URL: usize = 3;
    /// Position of `pid`.
    pub const PID: usize = 4;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 5;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 6;
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
    /// Position of `method`.
    pub const METHOD: usize = 12;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 13;
    /// Position of `role`.
    pub const ROLE: usize = 14;
    /// Position of `host`.
    pub const HOST: usize = 15;
    /// Position of `user_agent`.
    pub const USER_AGENT: usize = 16;
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

    /// Plain HTTP/1 requests that processes of this host sent or received.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(23), kind: "http_events", name: "linux_http_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Plain HTTP/1 requests that processes of this host sent or received.",
        example: "SELECT utc_time, method, url, role, process_name, remote_address FROM linux_http_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["HTTP"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `HTTP`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["HTTP_REQUEST"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`HTTP_REQUEST`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "url", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_request.url.url_string", sigma: "", sysmon: "", description: "Address that was asked for." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(5), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(6), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(7), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Address of the other side." },
            ColumnSpec { id: ColumnId(8), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port of the other side." },
            ColumnSpec { id: ColumnId(9), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(8)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 8 = HTTP." },
            ColumnSpec { id: ColumnId(10), name: "method", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_request.http_method", sigma: "", sysmon: "", description: "Method, for example `GET`." },
            ColumnSpec { id: ColumnId(11), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(12), name: "role", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`client` or `server`: which of the two the acting process is." },
            ColumnSpec { id: ColumnId(13), name: "host", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_request.url.hostname", sigma: "", sysmon: "", description: "Host that the request names." },
            ColumnSpec { id: ColumnId(14), name: "user_agent", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_request.user_agent", sigma: "", sysmon: "", description: "Program that asks, as it calls itself." },
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
            /// Event family: `HTTP`.
            pub event_type: &'a str,
            /// `HTTP_REQUEST`.
            pub action: &'a str,
            /// Address that was asked for.
            pub url: Option<&'a str>,
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
            /// Method, for example `GET`.
            pub method: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// `client` or `server`: which of the two the acting process is.
            pub role: Option<&'a str>,
            /// Host that the request names.
            pub host: Option<&'a str>,
            /// Program that asks, as it calls itself.
            pub user_agent: Option<&'a str>,
        }
    }
}

/// The table `win_http_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `url`.
    pub const URL: usize = 3;
    /// Position of `pid`.
    pub const PID: usize = 4;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 5;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 6;
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
    /// Position of `method`.
    pub const METHOD: usize = 12;
    /// Position of `status`.
    pub const STATUS: usize = 13;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 14;
    /// Position of `job_name`.
    pub const JOB_NAME: usize = 15;
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

    /// HTTP requests.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(42), kind: "http_events", name: "win_http_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "HTTP requests.",
        example: "SELECT utc_time, url, process_name, remote_address FROM win_http_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["HTTP"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `HTTP`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["HTTP_REQUEST"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`HTTP_REQUEST`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "url", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_request.url.url_string", sigma: "", sysmon: "", description: "Address that was asked for." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(5), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(6), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(7), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "", sysmon: "", description: "Address of the server." },
            ColumnSpec { id: ColumnId(8), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "", sysmon: "", description: "Port of the server." },
            ColumnSpec { id: ColumnId(9), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(8)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 8 = HTTP." },
            ColumnSpec { id: ColumnId(10), name: "method", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_request.http_method", sigma: "", sysmon: "", description: "Method, for example `GET`." },
            ColumnSpec { id: ColumnId(11), name: "status", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "http_response.code", sigma: "", sysmon: "", description: "Status of the answer, where it is known." },
            ColumnSpec { id: ColumnId(12), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(13), name: "job_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the transfer job (BITS)." },
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
            /// Event family: `HTTP`.
            pub event_type: &'a str,
            /// `HTTP_REQUEST`.
            pub action: &'a str,
            /// Address that was asked for.
            pub url: Option<&'a str>,
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
            /// Method, for example `GET`.
            pub method: Option<&'a str>,
            /// Status of the answer, where it is known.
            pub status: Option<i32>,
            /// Account of the acting process, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
            /// Name of the transfer job (BITS).
            pub job_name: Option<&'a str>,
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
