// SPDX-License-Identifier: Apache-2.0
//! Why something in a log could not be made a record. A reason is one word, so that it can be counted.

/// Files that are no logs at all: they are left out, and that is no damage.
pub(crate) const UNKNOWN_FORMAT: &str = "unknown_format";

/// One thing that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    /// One word, for example `bad_json`.
    pub(crate) reason: &'static str,
    /// Where: a line, a record number, a chunk.
    pub(crate) place: String,
    /// Records that it stands for; 0 when it is no record (a damaged head of a file).
    pub(crate) records: u64,
}

impl Bad {
    pub(crate) fn record(reason: &'static str, place: String) -> Self {
        Self { reason, place, records: 1 }
    }

    /// Something other than one record.
    pub(crate) fn part(reason: &'static str, place: String) -> Self {
        Self { reason, place, records: 0 }
    }
}
