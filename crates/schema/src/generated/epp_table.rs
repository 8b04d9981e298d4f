// SPDX-License-Identifier: Apache-2.0
//! `epp_table`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_epp_table`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `product_type`.
    pub const PRODUCT_TYPE: usize = 0;
    /// Position of `product_name`.
    pub const PRODUCT_NAME: usize = 1;
    /// Position of `product_state`.
    pub const PRODUCT_STATE: usize = 2;
    /// Position of `product_signatures`.
    pub const PRODUCT_SIGNATURES: usize = 3;

    /// Products that protect this machine, as the Security Center knows them.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "epp_table", name: "win_epp_table",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Products that protect this machine, as the Security Center knows them.",
        example: "SELECT product_type, product_name FROM win_epp_table WHERE product_state <> 'On';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "product_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`Anti-Virus`, `Firewall` or `Anti-Spyware`." },
            ColumnSpec { id: ColumnId(1), name: "product_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name." },
            ColumnSpec { id: ColumnId(2), name: "product_state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`On`, `Off`, `Snoozed` or `Expired`." },
            ColumnSpec { id: ColumnId(3), name: "product_signatures", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`Up-to-date` or `Out-of-date`." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `Anti-Virus`, `Firewall` or `Anti-Spyware`.
            pub product_type: &'a str,
            /// Name.
            pub product_name: &'a str,
            /// `On`, `Off`, `Snoozed` or `Expired`.
            pub product_state: Option<&'a str>,
            /// `Up-to-date` or `Out-of-date`.
            pub product_signatures: Option<&'a str>,
        }
    }
}
