// SPDX-License-Identifier: Apache-2.0
//! Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

use crate::spec::TableSpec;

#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_columns;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_consumers;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_gaps;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_hooks;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_loss;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_queries;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_status;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_tables;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod process_events;

/// Every table.
pub static TABLES: &[&TableSpec] = &[
    &evtables_columns::any::TABLE,
    &evtables_consumers::any::TABLE,
    &evtables_gaps::any::TABLE,
    &evtables_hooks::any::TABLE,
    &evtables_loss::any::TABLE,
    &evtables_queries::any::TABLE,
    &evtables_status::any::TABLE,
    &evtables_tables::any::TABLE,
    &process_events::linux::TABLE,
];
