// SPDX-License-Identifier: Apache-2.0
//! `evtables_config`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_config`.
pub mod any {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `key`.
    pub const KEY: usize = 0;
    /// Position of `value`.
    pub const VALUE: usize = 1;
    /// Position of `source`.
    pub const SOURCE: usize = 2;
    /// Position of `state`.
    pub const STATE: usize = 3;
    /// Position of `error`.
    pub const ERROR: usize = 4;

    /// The configuration in force key by key, what is wrong with a newer one, and keys of other products that have no effect here.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_config", name: "evtables_config",
        class: Class::State, platform: Platform::Any, required: None, key: None,
        summary: "The configuration in force key by key, what is wrong with a newer one, and keys of other products that have no effect here.",
        example: "SELECT key, state, error FROM evtables_config WHERE state <> 'active';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "key", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Path of the key." },
            ColumnSpec { id: ColumnId(1), name: "value", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its value; 0 is no limit." },
            ColumnSpec { id: ColumnId(2), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`default` or `config`." },
            ColumnSpec { id: ColumnId(3), name: "state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`active`; `rejected` (a newer configuration is wrong here: the last good one stays in force); `not_implemented` (a key that is known and has no effect here)." },
            ColumnSpec { id: ColumnId(4), name: "error", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What is wrong, or where the thing is set instead." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Path of the key.
            pub key: &'a str,
            /// Its value; 0 is no limit.
            pub value: &'a str,
            /// `default` or `config`.
            pub source: &'a str,
            /// `active`; `rejected` (a newer configuration is wrong here: the last good one stays in force); `not_implemented` (a key that is known and has no effect here).
            pub state: &'a str,
            /// What is wrong, or where the thing is set instead.
            pub error: Option<&'a str>,
        }
    }
}
