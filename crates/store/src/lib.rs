// SPDX-License-Identifier: Apache-2.0
//! The event store: one write-ahead log for all tables, immutable Parquet segments per table, scan,
//! retention. The only crate that opens event files; knows nothing of SQL, publishers or consumers.
//!
//! ```text
//! lock             the writer's pid; locked while it lives
//! format           version of everything here
//! log/N.log        blocks of rows that are in no segment yet
//! events/table=T/date=YYYY-MM-DD/FIRST-LAST.parquet
//! filters/N.bin    bloom filters of segments
//! manifest.jsonl   which segments exist, hash-chained
//! ```
//! Invariants: `seq` of a table's rows counts up and no number is given twice (after a reboot it goes
//! on 2^20 later: power loss may have taken rows that readers saw); a segment holds a run of them
//! without a hole and never changes; a block leaves the log only when its segment's manifest line is
//! durable. So a reader that sees the manifest and then the log sees every row once.

mod catalog;
mod chunk;
mod codec;
mod compact;
mod disk;
mod encode;
mod error;
mod export;
mod filter;
mod filters;
mod folder;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod log;
mod manifest;
mod prune;
mod reader;
mod recovery;
mod retention;
mod scan;
mod seal;
mod segment;
mod segment_writer;
mod seq;
mod store;
mod tail;
mod undead;
mod verify;

pub use error::{ErrorKind, Result, StoreError};
pub use export::export_parquet;
pub use folder::{FORMAT_VERSION, write_durably};
pub use manifest::{FilterPlace, Segment};
pub use reader::{Snapshot, StoreReader, TableSummary};
pub use recovery::Recovery;
pub use retention::{Retention, TableRetention};
pub use scan::{Scan, ScanRequest, ScanStats};
pub use seq::rows_between;
pub use store::{Options, Store};
pub use verify::{Fault, Verified, verify};

#[cfg(test)]
mod compact_tests;
#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod fake_disk;
#[cfg(test)]
mod pressure_tests;
#[cfg(test)]
mod prune_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verify_tests;
