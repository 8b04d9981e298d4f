// SPDX-License-Identifier: Apache-2.0
//! SQL over a [`evtables_engine::Source`]: SQLite with one virtual table per event table, result
//! formats, and the interactive shell. Knows nothing of stores, publishers or osquery.

mod complete;
mod database;
mod error;
mod format;
mod plan;
mod reader;
mod run;
mod shell;
mod statement;
#[cfg(test)]
mod testing;
mod vtab;

pub use database::{Activity, Column, Database, Interrupt, QueryCount, RowSink, SqlValue, Unread};
pub use error::{Position, SqlError};
pub use format::{Format, Layout, UnknownFormat};
pub use run::{Screen, Spinner, run};
pub use shell::{Shell, ShellError, ShellOptions};
