// SPDX-License-Identifier: Apache-2.0
//! `disk_index`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_disk_index`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `filename`.
    pub const FILENAME: usize = 0;
    /// Position of `path`.
    pub const PATH: usize = 1;
    /// Position of `flags`.
    pub const FLAGS: usize = 2;
    /// Position of `attribs`.
    pub const ATTRIBS: usize = 3;

    /// Files of the local disks by name.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "disk_index", name: "win_disk_index",
        class: Class::State, platform: Platform::Windows, required: None, key: Some(1),
        summary: "Files of the local disks by name.",
        example: "SELECT path FROM win_disk_index WHERE filename LIKE '%mimikatz%';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "filename", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name without folder." },
            ColumnSpec { id: ColumnId(1), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Full path." },
            ColumnSpec { id: ColumnId(2), name: "flags", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 folder, 2 link or other reparse point." },
            ColumnSpec { id: ColumnId(3), name: "attribs", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Attribute bits of the file." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name without folder.
            pub filename: &'a str,
            /// Full path.
            pub path: &'a str,
            /// 1 folder, 2 link or other reparse point.
            pub flags: i64,
            /// Attribute bits of the file.
            pub attribs: i64,
        }
    }
}
