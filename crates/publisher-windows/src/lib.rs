// SPDX-License-Identifier: Apache-2.0
//! Events of Windows' tracing facility (ETW) as rows of the `win_*` tables. All of it is portable:
//! [`raw`] is one traced event and the contract of its sources, [`etl`] reads and writes trace files,
//! [`fields`] takes payloads apart, [`decode`] makes rows of them, [`recording`] keeps events for
//! another machine, [`rights`] names the bits of access masks, [`providers`] says what a live collection enables, and [`live`]
//! keeps its sessions. Calls into Windows stand in `native` alone.

mod bytes;
pub mod decode;
pub mod etl;
mod exports;
pub mod fields;
mod frame;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod guid;
pub mod live;
#[cfg(test)]
mod mapping_facts;
#[cfg(test)]
mod mapping_tests;
#[cfg(windows)]
pub mod native;
pub mod providers;
pub mod raw;
pub mod recording;
pub mod rights;
mod state;

pub use decode::{DecodeCounts, DecodeSettings, Decoder};
pub use guid::Guid;
pub use raw::{
    EventClass, Extended, Fetched, PointerSize, RawEvent, RawEventSink, RawEventSource, SourceError,
};
