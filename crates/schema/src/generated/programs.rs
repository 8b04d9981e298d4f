// SPDX-License-Identifier: Apache-2.0
//! `programs`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_programs`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `name`.
    pub const NAME: usize = 0;
    /// Position of `version`.
    pub const VERSION: usize = 1;
    /// Position of `install_location`.
    pub const INSTALL_LOCATION: usize = 2;
    /// Position of `install_source`.
    pub const INSTALL_SOURCE: usize = 3;
    /// Position of `language`.
    pub const LANGUAGE: usize = 4;
    /// Position of `publisher`.
    pub const PUBLISHER: usize = 5;
    /// Position of `uninstall_string`.
    pub const UNINSTALL_STRING: usize = 6;
    /// Position of `install_date`.
    pub const INSTALL_DATE: usize = 7;
    /// Position of `identifying_number`.
    pub const IDENTIFYING_NUMBER: usize = 8;

    /// Installed programs, as the list of the control panel has them.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "programs", name: "win_programs",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Installed programs, as the list of the control panel has them.",
        example: "SELECT name, version, publisher, install_date FROM win_programs WHERE publisher NOT LIKE 'Microsoft%';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name." },
            ColumnSpec { id: ColumnId(1), name: "version", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Version." },
            ColumnSpec { id: ColumnId(2), name: "install_location", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Folder." },
            ColumnSpec { id: ColumnId(3), name: "install_source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Folder that it was installed from." },
            ColumnSpec { id: ColumnId(4), name: "language", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Number of its language." },
            ColumnSpec { id: ColumnId(5), name: "publisher", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Publisher." },
            ColumnSpec { id: ColumnId(6), name: "uninstall_string", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Command that removes it." },
            ColumnSpec { id: ColumnId(7), name: "install_date", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Day of installation, as the installer wrote it." },
            ColumnSpec { id: ColumnId(8), name: "identifying_number", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Name of its key: a product code for packages of Windows Installer." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Name.
            pub name: &'a str,
            /// Version.
            pub version: Option<&'a str>,
            /// Folder.
            pub install_location: Option<&'a str>,
            /// Folder that it was installed from.
            pub install_source: Option<&'a str>,
            /// Number of its language.
            pub language: Option<&'a str>,
            /// Publisher.
            pub publisher: Option<&'a str>,
            /// Command that removes it.
            pub uninstall_string: Option<&'a str>,
            /// Day of installation, as the installer wrote it.
            pub install_date: Option<&'a str>,
            /// Name of its key: a product code for packages of Windows Installer.
            pub identifying_number: Option<&'a str>,
        }
    }
}
