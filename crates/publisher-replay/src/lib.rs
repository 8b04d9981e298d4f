// SPDX-License-Identifier: Apache-2.0
//! Recorded Windows telemetry as events: EVTX, event XML and the JSON of collectors, packed or not,
//! become rows of the `win_*` tables on any operating system.
//!
//! The way of a record: [`input`] finds what a file is and hands it to a reader (`evtx_file`, `xml`,
//! `json`), which makes neutral records (`record`); [`merge`] puts the records of all logs in order;
//! [`mapper`] makes rows of them by the mapping files in `mappings/`. Traces (`.etl`) are read and decoded
//! by publisher-windows ([`trace`]). It knows nothing of the store.

mod bad;
mod binxml;
mod data;
mod event_log;
mod evtx_file;
mod expr;
mod finish;
mod functions;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod input;
mod json;
mod json_keys;
mod lines;
mod mapper;
mod mapping;
mod merge;
mod place;
mod processes;
mod publisher;
mod record;
mod report;
mod time;
mod trace;
mod utf16;
mod xml;

#[cfg(test)]
#[allow(clippy::cast_possible_truncation)] // small numbers of tests
mod tests;
#[cfg(test)]
mod trace_tests;

pub use event_log::event_log_rows;
pub use publisher::{Progress, ReplayOptions, ReplayPublisher, ReplayWatch};
pub use report::{Report, TraceReport};
