// SPDX-License-Identifier: Apache-2.0
//! `mem_perf`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_mem_perf`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `physical_memory_load`.
    pub const PHYSICAL_MEMORY_LOAD: usize = 0;
    /// Position of `total_physical`.
    pub const TOTAL_PHYSICAL: usize = 1;
    /// Position of `available_physical`.
    pub const AVAILABLE_PHYSICAL: usize = 2;
    /// Position of `total_pagefile`.
    pub const TOTAL_PAGEFILE: usize = 3;
    /// Position of `available_pagefile`.
    pub const AVAILABLE_PAGEFILE: usize = 4;
    /// Position of `total_virtual`.
    pub const TOTAL_VIRTUAL: usize = 5;
    /// Position of `available_virtual`.
    pub const AVAILABLE_VIRTUAL: usize = 6;
    /// Position of `available_extended_memory`.
    pub const AVAILABLE_EXTENDED_MEMORY: usize = 7;

    /// Memory of this machine: one row.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "mem_perf", name: "win_mem_perf",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "Memory of this machine: one row.",
        example: "SELECT physical_memory_load, available_physical FROM win_mem_perf;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "physical_memory_load", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Share of the physical memory in use, percent." },
            ColumnSpec { id: ColumnId(1), name: "total_physical", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of physical memory." },
            ColumnSpec { id: ColumnId(2), name: "available_physical", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of it that are free." },
            ColumnSpec { id: ColumnId(3), name: "total_pagefile", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes that can be committed." },
            ColumnSpec { id: ColumnId(4), name: "available_pagefile", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of them that are free." },
            ColumnSpec { id: ColumnId(5), name: "total_virtual", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of address space of this process." },
            ColumnSpec { id: ColumnId(6), name: "available_virtual", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes of it that are free." },
            ColumnSpec { id: ColumnId(7), name: "available_extended_memory", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Always 0 (Windows keeps the field)." },
        ],
    };
}
