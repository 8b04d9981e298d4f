// SPDX-License-Identifier: Apache-2.0
//! The running system between publishers and queries: bus, enrichers, store thread, ledger, state
//! tables, and the one face that queries read through ([`source::Source`]).

pub mod collector;
pub mod consumers;
pub mod data_dir;
pub mod enrich;
pub mod filters;
pub mod gap;
pub mod host;
pub mod index;
pub mod limits;
pub mod redact;
mod shed;
pub mod source;
pub mod state;
pub mod state_tables;
#[cfg(test)]
#[allow(clippy::cast_possible_truncation)] // small numbers of tests
mod testing;

pub use collector::{Collector, CollectorError, CollectorOptions, Command, Configured, REPLAY};
pub use data_dir::{DataDir, FirstRow};
pub use filters::FilterSet;
pub use gap::{Gap, GapCause};
pub use index::HashIndex;
pub use limits::{Limits, Rate, Sample};
pub use redact::{Redaction, Redactions};
pub use shed::Budget;
pub use source::{Batches, ScanSpec, Source, SourceError};
pub use state::ConfigRow;
