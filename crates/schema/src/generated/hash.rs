// SPDX-License-Identifier: Apache-2.0
//! `hash`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_hash`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `path`.
    pub const PATH: usize = 0;
    /// Position of `path_ex`.
    pub const PATH_EX: usize = 1;
    /// Position of `md5`.
    pub const MD5: usize = 2;
    /// Position of `sha1`.
    pub const SHA1: usize = 3;
    /// Position of `sha256`.
    pub const SHA256: usize = 4;

    /// Hashes of the files that a query names.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "hash", name: "win_hash",
        class: Class::State, platform: Platform::Windows, required: Some(0), key: Some(0),
        summary: "Hashes of the files that a query names.",
        example: "SELECT p.pid, p.path, h.sha256 FROM processes p JOIN win_hash h ON h.path = p.path;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "TargetFilename", sysmon: "", description: "File, as it was asked for." },
            ColumnSpec { id: ColumnId(1), name: "path_ex", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same file as the system resolves it: links followed, short names made long." },
            ColumnSpec { id: ColumnId(2), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "MD5 in lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(3), name: "sha1", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "SHA-1 in lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(4), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "SHA-256 in lower-case hexadecimal." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// File, as it was asked for.
            pub path: &'a str,
            /// The same file as the system resolves it: links followed, short names made long.
            pub path_ex: Option<&'a str>,
            /// MD5 in lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// SHA-1 in lower-case hexadecimal.
            pub sha1: Option<&'a str>,
            /// SHA-256 in lower-case hexadecimal.
            pub sha256: Option<&'a str>,
        }
    }
}
