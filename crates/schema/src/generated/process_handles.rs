// SPDX-License-Identifier: Apache-2.0
//! `process_handles`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_process_handles`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `pid`.
    pub const PID: usize = 0;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 1;
    /// Position of `handle_type`.
    pub const HANDLE_TYPE: usize = 2;
    /// Position of `object_name`.
    pub const OBJECT_NAME: usize = 3;
    /// Position of `access_mask`.
    pub const ACCESS_MASK: usize = 4;

    /// Open handles of all processes, those of the system among them.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "process_handles", name: "win_process_handles",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Open handles of all processes, those of the system among them.",
        example: "SELECT pid, object_name, access_mask FROM win_process_handles WHERE handle_type = 'File' AND object_name LIKE '%.sqlite';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process that has the handle." },
            ColumnSpec { id: ColumnId(1), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "process.uid", sigma: "", sysmon: "", description: "Identity of that process." },
            ColumnSpec { id: ColumnId(2), name: "handle_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Type of the object, for example `File`, `Key`, `Event`." },
            ColumnSpec { id: ColumnId(3), name: "object_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the object in the system's name space; NULL when it has none or may not be asked." },
            ColumnSpec { id: ColumnId(4), name: "access_mask", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Rights granted when it was opened." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Process that has the handle.
            pub pid: i64,
            /// Identity of that process.
            pub process_guid: Option<u128>,
            /// Type of the object, for example `File`, `Key`, `Event`.
            pub handle_type: Option<&'a str>,
            /// Name of the object in the system's name space; NULL when it has none or may not be asked.
            pub object_name: Option<&'a str>,
            /// Rights granted when it was opened.
            pub access_mask: i64,
        }
    }
}
