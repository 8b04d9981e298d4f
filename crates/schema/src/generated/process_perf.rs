// SPDX-License-Identifier: Apache-2.0
//! `process_perf`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_process_perf`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `name`.
    pub const NAME: usize = 0;
    /// Position of `pid`.
    pub const PID: usize = 1;
    /// Position of `user_time`.
    pub const USER_TIME: usize = 2;
    /// Position of `privileged_time`.
    pub const PRIVILEGED_TIME: usize = 3;
    /// Position of `processor_time`.
    pub const PROCESSOR_TIME: usize = 4;
    /// Position of `thread_count`.
    pub const THREAD_COUNT: usize = 5;
    /// Position of `working_set`.
    pub const WORKING_SET: usize = 6;
    /// Position of `creating_process_id`.
    pub const CREATING_PROCESS_ID: usize = 7;
    /// Position of `elapsed_time`.
    pub const ELAPSED_TIME: usize = 8;
    /// Position of `handle_count`.
    pub const HANDLE_COUNT: usize = 9;
    /// Position of `io_data_bytes_per_sec`.
    pub const IO_DATA_BYTES_PER_SEC: usize = 10;
    /// Position of `io_read_bytes_per_sec`.
    pub const IO_READ_BYTES_PER_SEC: usize = 11;
    /// Position of `io_read_ops_per_sec`.
    pub const IO_READ_OPS_PER_SEC: usize = 12;
    /// Position of `io_write_bytes_per_sec`.
    pub const IO_WRITE_BYTES_PER_SEC: usize = 13;
    /// Position of `io_write_ops_per_sec`.
    pub const IO_WRITE_OPS_PER_SEC: usize = 14;
    /// Position of `non_paged_pool_bytes`.
    pub const NON_PAGED_POOL_BYTES: usize = 15;
    /// Position of `page_pool_bytes_peak`.
    pub const PAGE_POOL_BYTES_PEAK: usize = 16;
    /// Position of `priority_base`.
    pub const PRIORITY_BASE: usize = 17;
    /// Position of `private_bytes`.
    pub const PRIVATE_BYTES: usize = 18;
    /// Position of `working_set_peak`.
    pub const WORKING_SET_PEAK: usize = 19;

    /// Counters of each process.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "process_perf", name: "win_process_perf",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Counters of each process.",
        example: "SELECT name, pid, working_set, handle_count FROM win_process_perf WHERE pid > 4;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the program file without `.exe`." },
            ColumnSpec { id: ColumnId(1), name: "pid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process." },
            ColumnSpec { id: ColumnId(2), name: "user_time", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Time in its own code, percent of one processor." },
            ColumnSpec { id: ColumnId(3), name: "privileged_time", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Time in the kernel, percent of one processor." },
            ColumnSpec { id: ColumnId(4), name: "processor_time", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Sum of both." },
            ColumnSpec { id: ColumnId(5), name: "thread_count", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Threads." },
            ColumnSpec { id: ColumnId(6), name: "working_set", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of physical memory." },
            ColumnSpec { id: ColumnId(7), name: "creating_process_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process that created it." },
            ColumnSpec { id: ColumnId(8), name: "elapsed_time", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Seconds since it started." },
            ColumnSpec { id: ColumnId(9), name: "handle_count", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Open handles." },
            ColumnSpec { id: ColumnId(10), name: "io_data_bytes_per_sec", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes read and written per second." },
            ColumnSpec { id: ColumnId(11), name: "io_read_bytes_per_sec", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes read per second." },
            ColumnSpec { id: ColumnId(12), name: "io_read_ops_per_sec", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Reads per second." },
            ColumnSpec { id: ColumnId(13), name: "io_write_bytes_per_sec", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes written per second." },
            ColumnSpec { id: ColumnId(14), name: "io_write_ops_per_sec", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Writes per second." },
            ColumnSpec { id: ColumnId(15), name: "non_paged_pool_bytes", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of the non-paged pool." },
            ColumnSpec { id: ColumnId(16), name: "page_pool_bytes_peak", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Most bytes of the paged pool so far." },
            ColumnSpec { id: ColumnId(17), name: "priority_base", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Base priority." },
            ColumnSpec { id: ColumnId(18), name: "private_bytes", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes committed that nobody shares." },
            ColumnSpec { id: ColumnId(19), name: "working_set_peak", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Most bytes of physical memory so far." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the program file without `.exe`.
            pub name: &'a str,
            /// Process.
            pub pid: i32,
            /// Time in its own code, percent of one processor.
            pub user_time: Option<&'a str>,
            /// Time in the kernel, percent of one processor.
            pub privileged_time: Option<&'a str>,
            /// Sum of both.
            pub processor_time: Option<&'a str>,
            /// Threads.
            pub thread_count: Option<i32>,
            /// Bytes of physical memory.
            pub working_set: Option<&'a str>,
            /// Process that created it.
            pub creating_process_id: Option<&'a str>,
            /// Seconds since it started.
            pub elapsed_time: Option<&'a str>,
            /// Open handles.
            pub handle_count: Option<i32>,
            /// Bytes read and written per second.
            pub io_data_bytes_per_sec: Option<&'a str>,
            /// Bytes read per second.
            pub io_read_bytes_per_sec: Option<&'a str>,
            /// Reads per second.
            pub io_read_ops_per_sec: Option<&'a str>,
            /// Bytes written per second.
            pub io_write_bytes_per_sec: Option<&'a str>,
            /// Writes per second.
            pub io_write_ops_per_sec: Option<&'a str>,
            /// Bytes of the non-paged pool.
            pub non_paged_pool_bytes: Option<&'a str>,
            /// Most bytes of the paged pool so far.
            pub page_pool_bytes_peak: Option<&'a str>,
            /// Base priority.
            pub priority_base: Option<&'a str>,
            /// Bytes committed that nobody shares.
            pub private_bytes: Option<&'a str>,
            /// Most bytes of physical memory so far.
            pub working_set_peak: Option<&'a str>,
        }
    }
}
