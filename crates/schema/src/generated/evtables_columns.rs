// SPDX-License-Identifier: Apache-2.0
//! `evtables_columns`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_columns`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 0;
    /// Position of `name`.
    pub const NAME: usize = 1;
    /// Position of `type`.
    pub const TYPE: usize = 2;
    /// Position of `pushed`.
    pub const PUSHED: usize = 3;
    /// Position of `ocsf`.
    pub const OCSF: usize = 4;
    /// Position of `sigma`.
    pub const SIGMA: usize = 5;
    /// Position of `sysmon`.
    pub const SYSMON: usize = 6;
    /// Position of `description`.
    pub const DESCRIPTION: usize = 7;

    /// Every column of every table, with its name in other schemas.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_columns", name: "evtables_columns",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "Every column of every table, with its name in other schemas.",
        example: "SELECT event_table, name, sigma FROM evtables_columns WHERE sigma <> '';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Table." },
            ColumnSpec { id: ColumnId(1), name: "name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Column." },
            ColumnSpec { id: ColumnId(2), name: "type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`TEXT`, `INTEGER`, `BIGINT` or `DOUBLE`." },
            ColumnSpec { id: ColumnId(3), name: "pushed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when a comparison with this column is answered by the store instead of by SQLite alone." },
            ColumnSpec { id: ColumnId(4), name: "ocsf", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Attribute of the Open Cybersecurity Schema Framework." },
            ColumnSpec { id: ColumnId(5), name: "sigma", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Field of Sigma rules." },
            ColumnSpec { id: ColumnId(6), name: "sysmon", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Field of Sysmon." },
            ColumnSpec { id: ColumnId(7), name: "description", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What it holds." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Table.
            pub event_table: &'a str,
            /// Column.
            pub name: &'a str,
            /// `TEXT`, `INTEGER`, `BIGINT` or `DOUBLE`.
            pub r#type: &'a str,
            /// 1 when a comparison with this column is answered by the store instead of by SQLite alone.
            pub pushed: i32,
            /// Attribute of the Open Cybersecurity Schema Framework.
            pub ocsf: Option<&'a str>,
            /// Field of Sigma rules.
            pub sigma: Option<&'a str>,
            /// Field of Sysmon.
            pub sysmon: Option<&'a str>,
            /// What it holds.
            pub description: &'a str,
        }
    }
}
