// SPDX-License-Identifier: Apache-2.0
//! `remote_thread_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_process_inject_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `eid`.
    pub const EID: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
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
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 8;
    /// Position of `time`.
    pub const TIME: usize = 9;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 10;
    /// Position of `eventid`.
    pub const EVENTID: usize = 11;
    /// Position of `start_address`.
    pub const START_ADDRESS: usize = 12;
    /// Position of `size`.
    pub const SIZE: usize = 13;
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

    /// Processes that write into another one: by ptrace or into its memory.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(9), kind: "remote_thread_events", name: "linux_process_inject_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Processes that write into another one: by ptrace or into its memory.",
        example: "SELECT utc_time, action, src_path, target_path, start_address, size FROM linux_process_inject_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["PTRACE_POKE", "PTRACE_SET_REGISTERS", "VM_WRITE", "PROC_MEM_WRITE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`PTRACE_POKE`, `PTRACE_SET_REGISTERS`, `VM_WRITE`, or `PROC_MEM_WRITE`: once per open of /proc/…/mem, when it is closed." },
            ColumnSpec { id: ColumnId(2), name: "src_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "SourceProcessId", sysmon: "SourceProcessId", description: "Process that wrote." },
            ColumnSpec { id: ColumnId(3), name: "src_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "SourceProcessGuid", sysmon: "SourceProcessGuid", description: "Identity of the process that wrote." },
            ColumnSpec { id: ColumnId(4), name: "target_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.pid", sigma: "TargetProcessId", sysmon: "TargetProcessId", description: "Process that was written to." },
            ColumnSpec { id: ColumnId(5), name: "target_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.uid", sigma: "TargetProcessGuid", sysmon: "TargetProcessGuid", description: "Identity of the process that was written to." },
            ColumnSpec { id: ColumnId(6), name: "src_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "SourceImage", sysmon: "SourceImage", description: "Executable of the process that wrote." },
            ColumnSpec { id: ColumnId(7), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "target.path", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.path", sigma: "TargetImage", sysmon: "TargetImage", description: "Executable of the process that was written to." },
            ColumnSpec { id: ColumnId(8), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "SourceUser", sysmon: "SourceUser", description: "Effective account of the acting process; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(9), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(3)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 3 = remote thread." },
            ColumnSpec { id: ColumnId(10), name: "start_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.start_address", sigma: "StartAddress", sysmon: "StartAddress", description: "Where a poke wrote, hexadecimal text." },
            ColumnSpec { id: ColumnId(11), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes that were written." },
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
            /// `PTRACE_POKE`, `PTRACE_SET_REGISTERS`, `VM_WRITE`, or `PROC_MEM_WRITE`: once per open of /proc/…/mem, when it is closed.
            pub action: &'a str,
            /// Process that wrote.
            pub src_pid: Option<i64>,
            /// Identity of the process that wrote.
            pub src_process_guid: Option<u128>,
            /// Process that was written to.
            pub target_pid: Option<i64>,
            /// Identity of the process that was written to.
            pub target_process_guid: Option<u128>,
            /// Effective account of the acting process; its number when /etc/passwd does not know it.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Where a poke wrote, hexadecimal text.
            pub start_address: Option<&'a str>,
            /// Bytes that were written.
            pub size: Option<i64>,
        }
    }
}

/// The table `win_remote_thread_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `eid`.
    pub const EID: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
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
    /// Position of `function_name`.
    pub const FUNCTION_NAME: usize = 8;
    /// Position of `module_name`.
    pub const MODULE_NAME: usize = 9;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 10;
    /// Position of `time`.
    pub const TIME: usize = 11;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 12;
    /// Position of `eventid`.
    pub const EVENTID: usize = 13;
    /// Position of `target_tid`.
    pub const TARGET_TID: usize = 14;
    /// Position of `start_address`.
    pub const START_ADDRESS: usize = 15;
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

    /// Threads that one process created in another.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(34), kind: "remote_thread_events", name: "win_remote_thread_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Threads that one process created in another.",
        example: "SELECT utc_time, src_path, target_path, module_name, function_name FROM win_remote_thread_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["REMOTE_THREAD_CREATE"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`REMOTE_THREAD_CREATE`." },
            ColumnSpec { id: ColumnId(2), name: "src_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "SourceProcessId", sysmon: "SourceProcessId", description: "Process that created the thread." },
            ColumnSpec { id: ColumnId(3), name: "src_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "SourceProcessGuid", sysmon: "SourceProcessGuid", description: "Identity of the process that created the thread." },
            ColumnSpec { id: ColumnId(4), name: "target_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.pid", sigma: "TargetProcessId", sysmon: "TargetProcessId", description: "Process that the thread runs in." },
            ColumnSpec { id: ColumnId(5), name: "target_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.uid", sigma: "TargetProcessGuid", sysmon: "TargetProcessGuid", description: "Identity of the process that the thread runs in." },
            ColumnSpec { id: ColumnId(6), name: "src_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "SourceImage", sysmon: "SourceImage", description: "Executable of the process that created the thread." },
            ColumnSpec { id: ColumnId(7), name: "target_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.path", sigma: "TargetImage", sysmon: "TargetImage", description: "Executable of the process that the thread runs in." },
            ColumnSpec { id: ColumnId(8), name: "function_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "StartFunction", sysmon: "StartFunction", description: "Exported function at the start address; `Name+0x10` when it lies behind one, `+0x1A2B` (how far inside the module) when nobody knows the functions, as in a replayed trace." },
            ColumnSpec { id: ColumnId(9), name: "module_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.file.path", sigma: "StartModule", sysmon: "StartModule", description: "Module that holds the start address, if one does." },
            ColumnSpec { id: ColumnId(10), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "SourceUser", sysmon: "SourceUser", description: "Account of the process that created the thread, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(11), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(3)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 3 = remote thread." },
            ColumnSpec { id: ColumnId(12), name: "target_tid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "NewThreadId", sysmon: "NewThreadId", description: "The new thread." },
            ColumnSpec { id: ColumnId(13), name: "start_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "module.start_address", sigma: "StartAddress", sysmon: "StartAddress", description: "Start address, hexadecimal text." },
            ColumnSpec { id: ColumnId(14), name: "target_owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "TargetUser", sysmon: "TargetUser", description: "Account of the process that the thread runs in." },
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
            /// `REMOTE_THREAD_CREATE`.
            pub action: &'a str,
            /// Process that created the thread.
            pub src_pid: Option<i64>,
            /// Identity of the process that created the thread.
            pub src_process_guid: Option<u128>,
            /// Process that the thread runs in.
            pub target_pid: Option<i64>,
            /// Identity of the process that the thread runs in.
            pub target_process_guid: Option<u128>,
            /// Executable of the process that created the thread.
            pub src_path: Option<&'a str>,
            /// Executable of the process that the thread runs in.
            pub target_path: Option<&'a str>,
            /// Exported function at the start address; `Name+0x10` when it lies behind one, `+0x1A2B` (how far inside the module) when nobody knows the functions, as in a replayed trace.
            pub function_name: Option<&'a str>,
            /// Module that holds the start address, if one does.
            pub module_name: Option<&'a str>,
            /// Account of the process that created the thread, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// The new thread.
            pub target_tid: Option<i64>,
            /// Start address, hexadecimal text.
            pub start_address: Option<&'a str>,
            /// Account of the process that the thread runs in.
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
