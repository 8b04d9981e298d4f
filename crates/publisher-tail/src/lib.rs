// SPDX-License-Identifier: Apache-2.0
//! Events that others write into files: lines of text logs (`linux_logger_events`, `win_logger_events`), and
//! records of logins (`linux_user_events`).
//! Portable, without a kernel's help: files are looked at several times a second.
//!
//! | file | holds |
//! |---|---|
//! | `cut.rs` | bytes to lines or records |
//! | `followed.rs` | one file: its identity, where reading goes on, truncation |
//! | `watch.rs` | all files of a pattern: which come, which leave by rotation |
//! | `positions.rs` | where reading goes on after a restart |
//! | `worker.rs` | the thread that does it, for any kind of content |
//! | `publisher.rs` | text logs as `sdk::Publisher` |
//! | `utmp.rs` | a record of utmp, wtmp or btmp |
//! | `logins.rs` | logins as `sdk::Publisher` |
//!
//! No line or record is read twice or lost over a restart: a row says where its line ends, so the last rows in the
//! store say where reading goes on; the file of positions (written behind the store on purpose) says it
//! where rows do not.

mod cut;
mod followed;
mod logins;
mod positions;
mod publisher;
mod utmp;
mod watch;
mod worker;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

pub use logins::{LoginFiles, LoginOptions, LoginPublisher};
pub use positions::{FileId, Positions};
pub use publisher::{Follow, TABLE, TailOptions, TailPublisher};
pub use worker::Stored;
