// SPDX-License-Identifier: Apache-2.0
//! Live collection: sessions of Windows' tracing facility as a [`crate::RawEventSource`], and a publisher over it.
//! Everything but the calls into Windows ([`Tracing`], implemented in `native/`) is portable, so that tests
//! drive it with tracing of their own. Not exercised on Windows by this project: `evtables selftest` tells.

mod authority;
mod detour;
mod facts;
mod fill;
mod functions;
mod looks;
mod mailbox;
mod publisher;
mod record;
mod seeds;
mod sessions;
mod settings;
#[cfg(test)]
pub(crate) mod tests;

pub use authority::{Authority, CATALOGS_MAX};
pub use looks::OpenFile;
pub use mailbox::MAILBOX_BYTES_MAX;
pub use publisher::{Files, WindowsOptions, WindowsPublisher};
pub use record::record;
pub use seeds::{OpenKeys, Seeded};
pub use sessions::{LiveSource, SessionState, SessionStatus, Sessions};
pub use settings::LiveSettings;

use crate::providers::{Provider, Session, SessionBuffers};
use crate::raw::RawEvent;
use std::fmt;

/// A call of the tracing facility that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceError {
    /// Which one.
    pub call: &'static str,
    /// Number of the error.
    pub code: u32,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.code {
            5 => "access is denied: run as an administrator, on a system that has event tracing",
            87 => "this system does not know what was asked for",
            120 => "this system has no event tracing",
            183 => "a session of this name is there already",
            1450 => "there are too many sessions: `logman query -ets` lists them",
            _ => "",
        };
        write!(f, "{}: error {}", self.call, self.code)?;
        if reason.is_empty() { Ok(()) } else { write!(f, ", {reason}") }
    }
}

/// What a session lost since it was started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionLosses {
    /// Events for which there was no room.
    pub events: u64,
    /// Buffers that were not delivered; nobody knows how many events were in them.
    pub buffers: u64,
}

/// A session that was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// What the system calls it.
    pub handle: u64,
    /// Why the kernel's own groups are not in it, if they were asked for.
    pub without_kernel: Option<TraceError>,
}

/// Takes the events of one session.
pub trait Receiver {
    /// The session is open: events follow.
    fn opened(&mut self);
    /// One event. Must not block.
    fn event(&mut self, event: &RawEvent<'_>);
}

/// The tracing facility of a system. Called by several threads at once.
pub trait Tracing: Send + Sync {
    /// Starts a session with its buffers and modes.
    ///
    /// # Errors
    /// What the system says.
    fn start(&self, session: Session, buffers: SessionBuffers) -> Result<Started, TraceError>;

    /// Stops the session of that name, whoever started it; none is no error.
    ///
    /// # Errors
    /// What the system says.
    fn stop(&self, session: Session) -> Result<(), TraceError>;

    /// Enables a provider with its keywords and filters, and asks it for what is there already.
    ///
    /// # Errors
    /// What the system says.
    fn enable(&self, started: Started, provider: &Provider) -> Result<(), TraceError>;

    /// What the session lost.
    ///
    /// # Errors
    /// What the system says.
    fn losses(&self, session: Session) -> Result<SessionLosses, TraceError>;

    /// Delivers the session's events until it is stopped.
    ///
    /// # Errors
    /// What the system says.
    fn process(&self, session: Session, receiver: &mut dyn Receiver) -> Result<(), TraceError>;
}
