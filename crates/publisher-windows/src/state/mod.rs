// SPDX-License-Identifier: Apache-2.0
//! What must be remembered between events so that a row can name its process, its file or its key.
//! Each machine is bounded, counts what it forgets, and stands events that are late, lost, doubled,
//! or about a number that is used again. No machine knows payloads or tables.

pub(crate) mod bounded;
pub(crate) mod dns;
pub(crate) mod files;
pub(crate) mod flows;
pub(crate) mod images;
pub(crate) mod keys;
pub(crate) mod paths;
pub(crate) mod processes;
pub(crate) mod recent;
#[cfg(test)]
mod reuse_tests;

/// One second in nanoseconds.
pub(crate) const SECOND: i64 = 1_000_000_000;
