// SPDX-License-Identifier: Apache-2.0
//! What an event is: tables, columns, ids, batches. Pure: no files, no clock, no threads.
//!
//! The tables themselves are generated from `tables/*.toml` by `cargo run -p xtask -- codegen`
//! into [`generated`]; a test fails when they are stale.

pub mod batch;
pub mod cells;
pub mod columns;
#[rustfmt::skip]
pub mod generated;
pub mod ids;
pub mod optimized;
pub mod rows;
pub mod spec;
pub mod time;

pub use batch::EventBatch;
pub use cells::{Cell, CellReader};
pub use ids::HostBoot;
pub use spec::{
    Class, ColumnId, ColumnSpec, Platform, SqlType, Storage, TableId, TableSpec, Virtual,
};

/// Every table of every platform, in the order of `tables.lock`.
#[must_use]
pub fn tables() -> &'static [&'static TableSpec] {
    generated::TABLES
}

/// The table of that name (without case).
#[must_use]
pub fn table(name: &str) -> Option<&'static TableSpec> {
    tables().iter().copied().find(|table| table.name.eq_ignore_ascii_case(name))
}

/// The tables that hold events.
pub fn event_tables() -> impl Iterator<Item = &'static TableSpec> {
    tables().iter().copied().filter(|table| table.class == Class::Event)
}

/// The event table of that name (without case).
#[must_use]
pub fn event_table(name: &str) -> Option<&'static TableSpec> {
    table(name).filter(|table| table.class == Class::Event)
}

/// The event table with that number.
#[must_use]
pub fn table_by_id(id: TableId) -> Option<&'static TableSpec> {
    event_tables().find(|table| table.id == id)
}
