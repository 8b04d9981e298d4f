// SPDX-License-Identifier: Apache-2.0
//! The running system between publishers and queries: bus, enrichers, store thread, ledger, state
//! tables, and the one face that queries read through ([`source::Source`]).

pub mod index;
pub mod source;

pub use index::HashIndex;
pub use source::{Batches, ScanSpec, Source, SourceError};
