// SPDX-License-Identifier: Apache-2.0
//! `services`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_services`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `name`.
    pub const NAME: usize = 0;
    /// Position of `service_type`.
    pub const SERVICE_TYPE: usize = 1;
    /// Position of `display_name`.
    pub const DISPLAY_NAME: usize = 2;
    /// Position of `status`.
    pub const STATUS: usize = 3;
    /// Position of `pid`.
    pub const PID: usize = 4;
    /// Position of `start_type`.
    pub const START_TYPE: usize = 5;
    /// Position of `win32_exit_code`.
    pub const WIN32_EXIT_CODE: usize = 6;
    /// Position of `service_exit_code`.
    pub const SERVICE_EXIT_CODE: usize = 7;
    /// Position of `path`.
    pub const PATH: usize = 8;
    /// Position of `module_path`.
    pub const MODULE_PATH: usize = 9;
    /// Position of `description`.
    pub const DESCRIPTION: usize = 10;
    /// Position of `user_account`.
    pub const USER_ACCOUNT: usize = 11;

    /// Services of Windows, drivers not among them.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "services", name: "win_services",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Services of Windows, drivers not among them.",
        example: "SELECT name, status, path, module_path FROM win_services WHERE start_type = 'AUTO_START' AND user_account = 'LocalSystem';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name." },
            ColumnSpec { id: ColumnId(1), name: "service_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`OWN_PROCESS`, `SHARE_PROCESS`, with `INTERACTIVE` or `USER` where so; a number when it is another." },
            ColumnSpec { id: ColumnId(2), name: "display_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name for people." },
            ColumnSpec { id: ColumnId(3), name: "status", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`RUNNING`, `STOPPED`, `START_PENDING`, `STOP_PENDING`, `PAUSED`, `PAUSE_PENDING`, `CONTINUE_PENDING`." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process; 0 when it does not run." },
            ColumnSpec { id: ColumnId(5), name: "start_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`BOOT_START`, `SYSTEM_START`, `AUTO_START`, `DEMAND_START`, `DISABLED`." },
            ColumnSpec { id: ColumnId(6), name: "win32_exit_code", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Exit code of the last run." },
            ColumnSpec { id: ColumnId(7), name: "service_exit_code", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Exit code of its own, when the first is 1066." },
            ColumnSpec { id: ColumnId(8), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Command line that starts it." },
            ColumnSpec { id: ColumnId(9), name: "module_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "DLL that holds it, for services of svchost." },
            ColumnSpec { id: ColumnId(10), name: "description", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What it says of itself." },
            ColumnSpec { id: ColumnId(11), name: "user_account", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Account that it runs as." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name.
            pub name: &'a str,
            /// `OWN_PROCESS`, `SHARE_PROCESS`, with `INTERACTIVE` or `USER` where so; a number when it is another.
            pub service_type: Option<&'a str>,
            /// Name for people.
            pub display_name: Option<&'a str>,
            /// `RUNNING`, `STOPPED`, `START_PENDING`, `STOP_PENDING`, `PAUSED`, `PAUSE_PENDING`, `CONTINUE_PENDING`.
            pub status: Option<&'a str>,
            /// Process; 0 when it does not run.
            pub pid: Option<i32>,
            /// `BOOT_START`, `SYSTEM_START`, `AUTO_START`, `DEMAND_START`, `DISABLED`.
            pub start_type: Option<&'a str>,
            /// Exit code of the last run.
            pub win32_exit_code: Option<i32>,
            /// Exit code of its own, when the first is 1066.
            pub service_exit_code: Option<i32>,
            /// Command line that starts it.
            pub path: Option<&'a str>,
            /// DLL that holds it, for services of svchost.
            pub module_path: Option<&'a str>,
            /// What it says of itself.
            pub description: Option<&'a str>,
            /// Account that it runs as.
            pub user_account: Option<&'a str>,
        }
    }
}
