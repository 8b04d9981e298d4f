// SPDX-License-Identifier: Apache-2.0
//! Who reads event tables, and how far: cursors that survive restarts, and the record of calls.
//! Knows nothing of osquery: a consumer is a name, a run is what the caller says it is.

mod calls;
mod cursors;

pub use calls::{CALLS_MAX, Call, Calls};
pub use cursors::{
    Asking, CONSUMERS_MAX, Cursor, Cursors, Due, Given, Run, UNSEEN_SECONDS_MAX, calls_path,
    consumers_path, read_calls, read_cursors,
};

#[cfg(test)]
mod tests;
