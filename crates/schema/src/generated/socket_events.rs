// SPDX-License-Identifier: Apache-2.0
//! `socket_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_socket_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `time`.
    pub const TIME: usize = 3;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 4;
    /// Position of `pid`.
    pub const PID: usize = 5;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 6;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 7;
    /// Position of `family`.
    pub const FAMILY: usize = 8;
    /// Position of `protocol`.
    pub const PROTOCOL: usize = 9;
    /// Position of `local_address`.
    pub const LOCAL_ADDRESS: usize = 10;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 11;
    /// Position of `local_port`.
    pub const LOCAL_PORT: usize = 12;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 13;
    /// Position of `eventid`.
    pub const EVENTID: usize = 14;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 15;
    /// Position of `success`.
    pub const SUCCESS: usize = 16;
    /// Position of `error`.
    pub const ERROR: usize = 17;
    /// Position of `bytes_sent`.
    pub const BYTES_SENT: usize = 18;
    /// Position of `bytes_received`.
    pub const BYTES_RECEIVED: usize = 19;
    /// Position of `duration_us`.
    pub const DURATION_US: usize = 20;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 21;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 22;
    /// Position of `seq`.
    pub const SEQ: usize = 23;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 24;
    /// Position of `take`.
    pub const TAKE: usize = 25;
    /// Position of `history`.
    pub const HISTORY: usize = 26;

    /// Sockets of TCP and UDP: connect with its outcome, accept, bind, listen, and the end with bytes and duration.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(3), kind: "socket_events", name: "linux_socket_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Sockets of TCP and UDP: connect with its outcome, accept, bind, listen, and the end with bytes and duration.",
        example: "SELECT utc_time, action, process_name, remote_address, remote_port, bytes_sent FROM linux_socket_events WHERE action = 'SOCKET_CLOSE' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: true, index: true, additional: false, values: &["SOCKET"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `SOCKET`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["SOCKET_CONNECT", "SOCKET_ACCEPT", "SOCKET_LISTEN", "SOCKET_BIND", "SOCKET_CLOSE", "SOCKET_SEND", "SOCKET_RECEIVE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`SOCKET_CONNECT`, `SOCKET_ACCEPT`, `SOCKET_LISTEN`, `SOCKET_BIND`, `SOCKET_CLOSE`, `SOCKET_SEND` or `SOCKET_RECEIVE`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(5), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(6), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(7), name: "family", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["AF_INET", "AF_INET6", "AF_UNIX"], ocsf: "", sigma: "", sysmon: "", description: "`AF_INET` or `AF_INET6`." },
            ColumnSpec { id: ColumnId(8), name: "protocol", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "connection_info.protocol_num", sigma: "Protocol", sysmon: "Protocol", description: "IP protocol number: 6 = TCP, 17 = UDP." },
            ColumnSpec { id: ColumnId(9), name: "local_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "src_endpoint.ip", sigma: "SourceIp", sysmon: "SourceIp", description: "Address on this host." },
            ColumnSpec { id: ColumnId(10), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "DestinationIp", sysmon: "DestinationIp", description: "Address of the other side." },
            ColumnSpec { id: ColumnId(11), name: "local_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "src_endpoint.port", sigma: "SourcePort", sysmon: "SourcePort", description: "Port on this host." },
            ColumnSpec { id: ColumnId(12), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "DestinationPort", sysmon: "DestinationPort", description: "Port of the other side." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(10)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 10 = socket." },
            ColumnSpec { id: ColumnId(13), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(14), name: "success", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the connect succeeded, 0 when it failed." },
            ColumnSpec { id: ColumnId(15), name: "error", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "errno of a connect that failed: 111 = refused, 110 = timed out." },
            ColumnSpec { id: ColumnId(16), name: "bytes_sent", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "traffic.bytes_out", sigma: "", sysmon: "", description: "Payload that was sent, without repetitions (at the end of a TCP connection)." },
            ColumnSpec { id: ColumnId(17), name: "bytes_received", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "traffic.bytes_in", sigma: "", sysmon: "", description: "Payload that was received (at the end of a TCP connection)." },
            ColumnSpec { id: ColumnId(18), name: "duration_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "How long it lasted, microseconds." },
            ColumnSpec { id: ColumnId(19), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(20), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Event family: `SOCKET`.
            pub event_type: &'a str,
            /// `SOCKET_CONNECT`, `SOCKET_ACCEPT`, `SOCKET_LISTEN`, `SOCKET_BIND`, `SOCKET_CLOSE`, `SOCKET_SEND` or `SOCKET_RECEIVE`.
            pub action: &'a str,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// `AF_INET` or `AF_INET6`.
            pub family: Option<&'a str>,
            /// IP protocol number: 6 = TCP, 17 = UDP.
            pub protocol: Option<i32>,
            /// Address on this host.
            pub local_address: Option<&'a str>,
            /// Address of the other side.
            pub remote_address: Option<&'a str>,
            /// Port on this host.
            pub local_port: Option<i32>,
            /// Port of the other side.
            pub remote_port: Option<i32>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// 1 when the connect succeeded, 0 when it failed.
            pub success: Option<i32>,
            /// errno of a connect that failed: 111 = refused, 110 = timed out.
            pub error: Option<i32>,
            /// Payload that was sent, without repetitions (at the end of a TCP connection).
            pub bytes_sent: Option<i64>,
            /// Payload that was received (at the end of a TCP connection).
            pub bytes_received: Option<i64>,
            /// How long it lasted, microseconds.
            pub duration_us: Option<i64>,
        }
    }
}

/// The table `win_socket_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_type`.
    pub const EVENT_TYPE: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `eid`.
    pub const EID: usize = 2;
    /// Position of `time`.
    pub const TIME: usize = 3;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 4;
    /// Position of `pid`.
    pub const PID: usize = 5;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 6;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 7;
    /// Position of `family`.
    pub const FAMILY: usize = 8;
    /// Position of `protocol`.
    pub const PROTOCOL: usize = 9;
    /// Position of `local_address`.
    pub const LOCAL_ADDRESS: usize = 10;
    /// Position of `remote_address`.
    pub const REMOTE_ADDRESS: usize = 11;
    /// Position of `local_port`.
    pub const LOCAL_PORT: usize = 12;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 13;
    /// Position of `eventid`.
    pub const EVENTID: usize = 14;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 15;
    /// Position of `local_host_name`.
    pub const LOCAL_HOST_NAME: usize = 16;
    /// Position of `remote_host_name`.
    pub const REMOTE_HOST_NAME: usize = 17;
    /// Position of `initiated`.
    pub const INITIATED: usize = 18;
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

    /// Network connections: connect, accept, listen, bind, close.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(39), kind: "socket_events", name: "win_socket_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Network connections: connect, accept, listen, bind, close.",
        example: "SELECT utc_time, action, process_name, remote_address, remote_port FROM win_socket_events WHERE remote_port = 445 ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: true, index: true, additional: false, values: &["SOCKET"], ocsf: "", sigma: "", sysmon: "", description: "Event family: `SOCKET`." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["SOCKET_CONNECT", "SOCKET_ACCEPT", "SOCKET_LISTEN", "SOCKET_BIND", "SOCKET_CLOSE", "SOCKET_BLOCKED"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`SOCKET_CONNECT`, `SOCKET_ACCEPT`, `SOCKET_LISTEN`, `SOCKET_BIND`, `SOCKET_CLOSE` or `SOCKET_BLOCKED`." },
            ColumnSpec { id: ColumnId(2), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(3), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Acting process." },
            ColumnSpec { id: ColumnId(5), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the acting process." },
            ColumnSpec { id: ColumnId(6), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Executable of the acting process, with its path." },
            ColumnSpec { id: ColumnId(7), name: "family", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["AF_INET", "AF_INET6", "AF_UNIX"], ocsf: "", sigma: "", sysmon: "", description: "`AF_INET` or `AF_INET6`." },
            ColumnSpec { id: ColumnId(8), name: "protocol", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "connection_info.protocol_num", sigma: "Protocol", sysmon: "Protocol", description: "IP protocol number: 6 = TCP, 17 = UDP." },
            ColumnSpec { id: ColumnId(9), name: "local_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "src_endpoint.ip", sigma: "SourceIp", sysmon: "SourceIp", description: "Address on this host." },
            ColumnSpec { id: ColumnId(10), name: "remote_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.ip", sigma: "DestinationIp", sysmon: "DestinationIp", description: "Address of the other side." },
            ColumnSpec { id: ColumnId(11), name: "local_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "src_endpoint.port", sigma: "SourcePort", sysmon: "SourcePort", description: "Port on this host." },
            ColumnSpec { id: ColumnId(12), name: "remote_port", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.port", sigma: "DestinationPort", sysmon: "DestinationPort", description: "Port of the other side." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(10)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 10 = socket." },
            ColumnSpec { id: ColumnId(13), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(14), name: "local_host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of this host as the sensor saw it." },
            ColumnSpec { id: ColumnId(15), name: "remote_host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "dst_endpoint.hostname", sigma: "DestinationHostname", sysmon: "DestinationHostname", description: "Name of the other side, where the sensor resolved it." },
            ColumnSpec { id: ColumnId(16), name: "initiated", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Initiated", sysmon: "Initiated", description: "1 when this host began the connection, 0 when it was accepted." },
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
            /// Event family: `SOCKET`.
            pub event_type: &'a str,
            /// `SOCKET_CONNECT`, `SOCKET_ACCEPT`, `SOCKET_LISTEN`, `SOCKET_BIND`, `SOCKET_CLOSE` or `SOCKET_BLOCKED`.
            pub action: &'a str,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Acting process.
            pub pid: Option<i64>,
            /// Identity of the acting process.
            pub process_guid: Option<u128>,
            /// Executable of the acting process, with its path.
            pub process_name: Option<&'a str>,
            /// `AF_INET` or `AF_INET6`.
            pub family: Option<&'a str>,
            /// IP protocol number: 6 = TCP, 17 = UDP.
            pub protocol: Option<i32>,
            /// Address on this host.
            pub local_address: Option<&'a str>,
            /// Address of the other side.
            pub remote_address: Option<&'a str>,
            /// Port on this host.
            pub local_port: Option<i32>,
            /// Port of the other side.
            pub remote_port: Option<i32>,
            /// Account of the acting process, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
            /// Name of this host as the sensor saw it.
            pub local_host_name: Option<&'a str>,
            /// Name of the other side, where the sensor resolved it.
            pub remote_host_name: Option<&'a str>,
            /// 1 when this host began the connection, 0 when it was accepted.
            pub initiated: Option<i32>,
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
