// SPDX-License-Identifier: Apache-2.0
//! osquery's extension interface for Rust: serve tables to osquery, and ask osquery in turn.
//!
//! An extension is a process that osquery (*core*) starts or that connects to it. It registers its
//! tables over core's socket, gets a number (*uuid*), and from then on answers core's calls on a
//! socket of its own. This crate speaks that protocol (Thrift, binary, in a bounded form of our own) and
//! depends on nothing else of evtables, so it serves any extension.
//!
//! # A table
//!
//! ```
//! use evtables_osquery::{Attributes, Column, ColumnOptions, ColumnType, Query, RowsWriter, Table, TableError};
//!
//! struct Squares {
//!     columns: [Column; 2],
//! }
//!
//! impl Squares {
//!     fn new() -> Squares {
//!         let index = ColumnOptions::INDEX | ColumnOptions::OPTIMIZED;
//!         let columns = [
//!             Column::new("n", ColumnType::Integer, index),
//!             Column::new("square", ColumnType::BigInt, index),
//!         ];
//!         Squares { columns }
//!     }
//! }
//!
//! impl Table for Squares {
//!     fn name(&self) -> &str {
//!         "squares"
//!     }
//!
//!     fn columns(&self) -> &[Column] {
//!         &self.columns
//!     }
//!
//!     fn attributes(&self) -> Attributes {
//!         Attributes::NONE
//!     }
//!
//!     fn generate(&self, _query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
//!         for n in 0..10 {
//!             rows.begin_row();
//!             rows.integer(0, n);
//!             rows.integer(1, n * n);
//!             rows.end_row()?;
//!         }
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # An extension
//!
//! ```no_run
//! # use std::sync::{Arc, mpsc};
//! # use evtables_osquery::{Extension, ExtensionEvent, ExtensionInfo, ExtensionOptions};
//! let (sender, events) = mpsc::channel();
//! let options = ExtensionOptions::new("/var/osquery/osquery.em", ExtensionInfo::new("squares", "1.0"));
//! let extension = Extension::start(options, vec![/* tables */], vec![], Arc::new(move |event| drop(sender.send(event))))?;
//! while let Ok(event) = events.recv() {
//!     if event == ExtensionEvent::ShutdownAsked {
//!         break;
//!     }
//! }
//! extension.stop();
//! # Ok::<(), evtables_osquery::ExtensionError>(())
//! ```
//!
//! [`Extension`] waits for core, registers, and registers again whenever core restarts or drops it (core
//! does so after one failed ping and says nothing). A table whose name is taken is left out, or goes by the
//! name that [`Owner::other_name`] gives; the others are served. The process is never ended from here.
//!
//! A table that takes INSERT, UPDATE and DELETE has the methods of these names too, and writes each row's
//! number by [`RowsWriter::rowid`]; `examples/notes.rs` is one. Core opens only extension tables to them.
//!
//! # Asking core
//!
//! [`Manager`] is the client of core's socket: flags, SQL, and any plug-in of any registry.
//!
//! ```no_run
//! # use evtables_osquery::{Manager, ManagerOptions};
//! let mut manager = Manager::new("/var/osquery/osquery.em".as_ref(), ManagerOptions::CORE);
//! let expiry = manager.options()?.remove("events_expiry");
//! let rows = manager.query("SELECT version FROM osquery_info")?;
//! # Ok::<(), evtables_osquery::ManagerError>(())
//! ```
//!
//! # Older versions of osquery
//!
//! The protocol is that of osquery 4.0 and later; the bytes of 5.23 are compared in the tests. What an older core
//! lacks is told by [`degraded`], from the version that [`Manager::core_version`] asks for.
//!
//! # Being a logger
//!
//! [`LoggerPlugin`] takes what core logs (results, snapshots, status lines, rows of core's own event tables)
//! into a bounded [`LogQueue`] and answers at once; a [`Plugin`] of any other registry is served as well.
//!
//! # Bounds
//!
//! Nothing that a peer sends makes this crate panic, wait without end or allocate without bound: lengths,
//! counts and depth are checked against [`Limits`] before they are believed, connections, threads and
//! calls are bounded by [`ServerLimits`], each read and write has a deadline. Ping is answered whatever
//! tables do. A table that panics answers an error. What happened is counted in [`ServerCounters`].
//!
//! A reply is never cut: above [`REPLY_BYTES_MAX`] (core's own limit is near) the query fails with a
//! message, so tables should stop earlier by themselves.
//!
//! # What the interface cannot do
//!
//! There is no paging, no caller's name in a call, and no NULL in text columns. Core reads an empty value of
//! a numeric column as NULL. LIMIT and OFFSET reach a table as constraints of its first column even where
//! acting on them would be wrong: they are dropped here, as is every unknown operator.
//!
//! # Testing an extension
//!
//! With the feature `double` there is a `ManagerDouble`: a stand-in for core that checks registrations by
//! core's rules and calls tables just as core does.
//!
//! # Windows
//!
//! There the sockets are named pipes (`\\.\pipe\osquery.em`), open to SYSTEM, the administrators and the current
//! user; a pipe that is served by an ordinary user's process is refused. All tests pass under Wine (`./dev test windows`); it was not tried on Windows itself.

mod change;
mod counters;
#[cfg(any(test, feature = "double"))]
mod double;
mod extension;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod logger;
mod manager;
mod message;
#[cfg(test)]
mod probe;
mod query;
#[cfg(test)]
mod recording;
mod rows;
mod server;
mod service;
mod table;
mod transport;
mod version;
mod wire;

pub use change::{ChangeError, Value};
pub use counters::ServerCounters;
#[cfg(any(test, feature = "double"))]
pub use double::{DoubleError, DoubleOptions, ManagerDouble};
pub use extension::{
    Extension, ExtensionError, ExtensionEvent, ExtensionOptions, Owner, Report, TableReport,
    extension_socket,
};
pub use logger::{
    LogEntry, LogFull, LogQueue, LogQueueCounters, LogQueueLimits, Logger, LoggerFeatures,
    LoggerPlugin, StatusLine,
};
pub use manager::{Interrupt, Manager, ManagerError, ManagerOptions};
pub use message::{
    ApplicationError, ExtensionInfo, OptionInfo, Registry, Response, Routes, Row, Rows, Status,
    Uuid,
};
pub use query::{Constraint, Op, Query};
pub use rows::{REPLY_BYTES_MAX, RowsFull, RowsWriter};
pub use server::{ServerError, ServerLimits};
pub use table::{
    Attributes, Column, ColumnAlias, ColumnOptions, ColumnType, Plugin, Table, TableError,
};
#[cfg(windows)]
pub use transport::Descriptor;
pub use version::{CoreVersion, Degraded, FEATURES, degraded};
pub use wire::{Limits, WireError};

/// The process that serves a socket or pipe, as the system tells.
#[must_use]
pub fn server_pid(socket: &std::path::Path) -> Option<u32> {
    transport::connect(socket, std::time::Duration::from_millis(100)).ok()?.server_pid()
}

/// SID of the user that this process runs as, in words.
///
/// # Errors
/// What the system says.
#[cfg(windows)]
pub fn current_user() -> std::io::Result<String> {
    transport::current_user()
}

/// Whether somebody accepts connections at this socket or pipe.
#[must_use]
pub fn is_served(socket: &std::path::Path) -> bool {
    match transport::connect(socket, std::time::Duration::from_millis(100)) {
        Ok(_) => true,
        // Somebody is there, and busy.
        Err(error) => error.kind() == std::io::ErrorKind::TimedOut,
    }
}
