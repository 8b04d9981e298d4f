// SPDX-License-Identifier: Apache-2.0
//! `startup_items`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_startup_items`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `name`.
    pub const NAME: usize = 0;
    /// Position of `path`.
    pub const PATH: usize = 1;
    /// Position of `args`.
    pub const ARGS: usize = 2;
    /// Position of `type`.
    pub const TYPE: usize = 3;
    /// Position of `source`.
    pub const SOURCE: usize = 4;
    /// Position of `status`.
    pub const STATUS: usize = 5;
    /// Position of `username`.
    pub const USERNAME: usize = 6;

    /// What starts when somebody logs on: Run keys and start-up folders.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "startup_items", name: "win_startup_items",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "What starts when somebody logs on: Run keys and start-up folders.",
        example: "SELECT name, path, args, source, username FROM win_startup_items WHERE status = 'enabled';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of the value, or of the file." },
            ColumnSpec { id: ColumnId(1), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Program." },
            ColumnSpec { id: ColumnId(2), name: "args", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its arguments." },
            ColumnSpec { id: ColumnId(3), name: "type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`Startup Item`." },
            ColumnSpec { id: ColumnId(4), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Key or folder that names it." },
            ColumnSpec { id: ColumnId(5), name: "status", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`enabled`, or `disabled` in the task manager." },
            ColumnSpec { id: ColumnId(6), name: "username", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Account whose log-on starts it; `SYSTEM` for that of anybody." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name of the value, or of the file.
            pub name: &'a str,
            /// Program.
            pub path: Option<&'a str>,
            /// Its arguments.
            pub args: Option<&'a str>,
            /// `Startup Item`.
            pub r#type: &'a str,
            /// Key or folder that names it.
            pub source: &'a str,
            /// `enabled`, or `disabled` in the task manager.
            pub status: &'a str,
            /// Account whose log-on starts it; `SYSTEM` for that of anybody.
            pub username: Option<&'a str>,
        }
    }
}
