// SPDX-License-Identifier: Apache-2.0
//! `process_open_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_process_open_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `src_pid`.
    pub const SRC_PID: usize = 2;
    /// Position of `src_process_guid`.
    pub const SRC_PROCESS_GUID: usize = 3;
    /// Position of `target_pid`.
    pub const TARGET_PID: usize = 4;
    /// Position of `target_process_guid`.
    pub const TARGET_PROCESS_GUID: usize = 5;
    /// Position of `src_path`.
    pub const SRC_PATH: usize = 6;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 7;
    /// Position of `granted_access`.
    pub const GRANTED_ACCESS: usize = 8;
    /// Position of `granted_access_value`.
    pub const GRANTED_ACCESS_VALUE: usize = 9;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 10;
    /// Position of `time`.
    pub const TIME: usize = 11;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 12;
    /// Position of `eventid`.
    pub const EVENTID: usize = 13;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 14;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 15;
    /// Position of `seq`.
    pub const SEQ: usize = 16;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 17;
    /// Position of `take`.
    pub const TAKE: usize = 18;
    /// Position of `history`.
    pub const HISTORY: usize = 19;

    /// Processes that get hold of another one: attached by ptrace, its memory read or opened, its files taken.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(8), kind: "process_open_events", name: "linux_process_open_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Processes that get hold of another one: attached by ptrace, its memory read or opened, its files taken.",
        example: "SELECT utc_time, src_path, target_path, granted_access FROM linux_process_open_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["PROC_OPEN"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`PROC_OPEN`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "src_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "SourceProcessId", sysmon: "SourceProcessId", description: "Process that opened." },
            ColumnSpec { id: ColumnId(3), name: "src_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "SourceProcessGUID", sysmon: "SourceProcessGUID", description: "Identity of the process that opened." },
            ColumnSpec { id: ColumnId(4), name: "target_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.pid", sigma: "TargetProcessId", sysmon: "TargetProcessId", description: "Process that was opened." },
            ColumnSpec { id: ColumnId(5), name: "target_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.uid", sigma: "TargetProcessGUID", sysmon: "TargetProcessGUID", description: "Identity of the process that was opened." },
            ColumnSpec { id: ColumnId(6), name: "src_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "SourceImage", sysmon: "SourceImage", description: "Executable of the process that opened." },
            ColumnSpec { id: ColumnId(7), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "target.path", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.path", sigma: "TargetImage", sysmon: "TargetImage", description: "Executable of the process that was opened." },
            ColumnSpec { id: ColumnId(8), name: "granted_access", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["ptrace_attach", "ptrace_seize", "process_vm_readv", "pidfd_getfd", "proc_mem"], ocsf: "requested_permissions", sigma: "", sysmon: "", description: "`ptrace_attach`, `ptrace_seize`, `process_vm_readv`, `pidfd_getfd`, or `proc_mem`: /proc/…/mem was opened." },
            ColumnSpec { id: ColumnId(9), name: "granted_access_value", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "GrantedAccess", sysmon: "GrantedAccess", description: "What that allows: READ, WRITE, CONTROL, DUPLICATE (of an open file), joined by `|`." },
            ColumnSpec { id: ColumnId(10), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "SourceUser", sysmon: "SourceUser", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(11), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(4)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 4 = process open." },
            ColumnSpec { id: ColumnId(12), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(13), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `PROC_OPEN`.
            pub action: &'a str,
            /// Process that opened.
            pub src_pid: Option<i64>,
            /// Identity of the process that opened.
            pub src_process_guid: Option<u128>,
            /// Process that was opened.
            pub target_pid: Option<i64>,
            /// Identity of the process that was opened.
            pub target_process_guid: Option<u128>,
            /// `ptrace_attach`, `ptrace_seize`, `process_vm_readv`, `pidfd_getfd`, or `proc_mem`: /proc/…/mem was opened.
            pub granted_access: Option<&'a str>,
            /// What that allows: READ, WRITE, CONTROL, DUPLICATE (of an open file), joined by `|`.
            pub granted_access_value: Option<&'a str>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
        }
    }
}

/// The table `win_process_open_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `src_pid`.
    pub const SRC_PID: usize = 2;
    /// Position of `src_process_guid`.
    pub const SRC_PROCESS_GUID: usize = 3;
    /// Position of `target_pid`.
    pub const TARGET_PID: usize = 4;
    /// Position of `target_process_guid`.
    pub const TARGET_PROCESS_GUID: usize = 5;
    /// Position of `src_path`.
    pub const SRC_PATH: usize = 6;
    /// Position of `target_path`.
    pub const TARGET_PATH: usize = 7;
    /// Position of `granted_access`.
    pub const GRANTED_ACCESS: usize = 8;
    /// Position of `granted_access_value`.
    pub const GRANTED_ACCESS_VALUE: usize = 9;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 10;
    /// Position of `time`.
    pub const TIME: usize = 11;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 12;
    /// Position of `eventid`.
    pub const EVENTID: usize = 13;
    /// Position of `call_trace`.
    pub const CALL_TRACE: usize = 14;
    /// Position of `src_tid`.
    pub const SRC_TID: usize = 15;
    /// Position of `target_owner_uid`.
    pub const TARGET_OWNER_UID: usize = 16;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 17;
    /// Position of `source`.
    pub const SOURCE: usize = 18;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 19;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 20;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 21;
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

    /// Every time one process opens another with rights on its memory or threads.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(33), kind: "process_open_events", name: "win_process_open_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Every time one process opens another with rights on its memory or threads.",
        example: "SELECT utc_time, src_path, target_path, granted_access FROM win_process_open_events WHERE target_path LIKE '%\\lsass.exe' ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["PROC_OPEN"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`PROC_OPEN`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "src_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "SourceProcessId", sysmon: "SourceProcessId", description: "Process that opened." },
            ColumnSpec { id: ColumnId(3), name: "src_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "SourceProcessGUID", sysmon: "SourceProcessGUID", description: "Identity of the process that opened." },
            ColumnSpec { id: ColumnId(4), name: "target_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.pid", sigma: "TargetProcessId", sysmon: "TargetProcessId", description: "Process that was opened." },
            ColumnSpec { id: ColumnId(5), name: "target_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.uid", sigma: "TargetProcessGUID", sysmon: "TargetProcessGUID", description: "Identity of the process that was opened." },
            ColumnSpec { id: ColumnId(6), name: "src_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "SourceImage", sysmon: "SourceImage", description: "Executable of the process that opened." },
            ColumnSpec { id: ColumnId(7), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.path", sigma: "TargetImage", sysmon: "TargetImage", description: "Executable of the process that was opened." },
            ColumnSpec { id: ColumnId(8), name: "granted_access", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "requested_permissions", sigma: "", sysmon: "", description: "Rights by name, joined by `|`: `PROCESS_VM_READ|PROCESS_QUERY_INFORMATION`; bits without a name as one number." },
            ColumnSpec { id: ColumnId(9), name: "granted_access_value", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "GrantedAccess", sysmon: "GrantedAccess", description: "The same rights as hexadecimal text in lower case without leading zeros: `0x1410`." },
            ColumnSpec { id: ColumnId(10), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "SourceUser", sysmon: "SourceUser", description: "Account of the process that opened, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(11), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(4)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 4 = process open." },
            ColumnSpec { id: ColumnId(12), name: "call_trace", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "CallTrace", sysmon: "CallTrace", description: "Return addresses of the call as `module+offset`, joined by `|`." },
            ColumnSpec { id: ColumnId(13), name: "src_tid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "SourceThreadId", sysmon: "SourceThreadId", description: "Thread that opened." },
            ColumnSpec { id: ColumnId(14), name: "target_owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "TargetUser", sysmon: "TargetUser", description: "Account of the process that was opened." },
            ColumnSpec { id: ColumnId(15), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(16), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(17), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(18), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(19), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
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
            /// `PROC_OPEN`.
            pub action: &'a str,
            /// Process that opened.
            pub src_pid: Option<i64>,
            /// Identity of the process that opened.
            pub src_process_guid: Option<u128>,
            /// Process that was opened.
            pub target_pid: Option<i64>,
            /// Identity of the process that was opened.
            pub target_process_guid: Option<u128>,
            /// Executable of the process that opened.
            pub src_path: Option<&'a str>,
            /// Executable of the process that was opened.
            pub target_path: Option<&'a str>,
            /// Rights by name, joined by `|`: `PROCESS_VM_READ|PROCESS_QUERY_INFORMATION`; bits without a name as one number.
            pub granted_access: Option<&'a str>,
            /// The same rights as hexadecimal text in lower case without leading zeros: `0x1410`.
            pub granted_access_value: Option<&'a str>,
            /// Account of the process that opened, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Return addresses of the call as `module+offset`, joined by `|`.
            pub call_trace: Option<&'a str>,
            /// Thread that opened.
            pub src_tid: Option<i64>,
            /// Account of the process that was opened.
            pub target_owner_uid: Option<&'a str>,
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
