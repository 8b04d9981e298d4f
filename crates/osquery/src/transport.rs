// SPDX-License-Identifier: Apache-2.0
//! Local connections: Unix sockets, or named pipes on Windows, with the same names for both, and a
//! connection that reads through a buffer until a deadline. It knows bytes only.
//!
//! Each system has `connect`, `Listener` (open to us and the administrators only), `Stream` (reads and writes
//! with a timeout, and ends at once when another thread closes it), and a `Waker` that ends `accept`.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

#[cfg(windows)]
pub use system::Descriptor;
#[cfg(windows)]
pub(crate) use system::current_user;
pub(crate) use system::{Listener, SOCKET_BYTES_MAX, Stream, Wake, Waker, connect, waker};
#[cfg(test)]
pub(crate) use system::{exists_for_test, socket_for_test};

#[cfg(test)]
mod tests;

/// Bytes read from a socket at once.
const BUFFER_BYTES: usize = 8 * 1024;
/// Bytes sent between two looks at the clock.
const SEND_BYTES: usize = 256 * 1024;

/// What `Listener::accept` waited for.
#[derive(Debug)]
pub(crate) enum Accepted {
    Stream(Stream),
    Woken,
    /// A signal came, or the peer went away again.
    Nothing,
}

/// Who serves a pipe. A socket's folder says as much where there are sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(windows), allow(dead_code))]
pub(crate) struct ServerProcess {
    pub(crate) pid: u32,
    /// SID of its user, in words.
    pub(crate) user: String,
    /// Whether it acts as an administrator.
    pub(crate) is_elevated: bool,
}

/// SID of SYSTEM.
#[cfg_attr(not(windows), allow(dead_code))]
const SYSTEM: &str = "S-1-5-18";

#[cfg_attr(not(windows), allow(dead_code))]
impl ServerProcess {
    /// Why nothing is to be said to it, by a process of the user `ours`.
    pub(crate) fn distrust(&self, ours: &str) -> Option<String> {
        let is_trusted = self.user == SYSTEM || self.is_elevated || self.user == ours;
        (!is_trusted).then(|| {
            let Self { pid, user, .. } = self;
            format!(
                "refused: the pipe is served by process {pid} of the user {user}, who is neither SYSTEM nor \
                 an administrator nor the user of this process"
            )
        })
    }
}

/// A connection that reads through a buffer and until a deadline.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Arc<Stream>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    deadline: Option<Instant>,
}

impl Connection {
    pub(crate) fn new(stream: Arc<Stream>) -> Connection {
        Connection {
            stream,
            buffer: vec![0; BUFFER_BYTES].into(),
            start: 0,
            end: 0,
            deadline: None,
        }
    }

    /// Whole reads, not single ones, must end by then.
    pub(crate) fn read_until(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// Waits until a byte can be read; `false` when the peer closed.
    pub(crate) fn wait(&mut self) -> io::Result<bool> {
        if self.start < self.end {
            return Ok(true);
        }
        self.fill()
    }

    /// Whether nothing came and the peer did not close, as it must be between two requests of ours.
    pub(crate) fn is_quiet(&self) -> bool {
        self.start == self.end && self.stream.is_quiet()
    }

    /// Sends everything; fails when the peer takes nothing for `pause`, or not all within about `whole`.
    pub(crate) fn send(
        &mut self,
        bytes: &[u8],
        pause: Duration,
        whole: Duration,
    ) -> io::Result<()> {
        let deadline = Instant::now() + whole;
        for piece in bytes.chunks(SEND_BYTES) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.stream.write_within(piece, Some(pause.min(left)))?;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<bool> {
        loop {
            let left = match self.deadline {
                None => None,
                Some(deadline) => match deadline.saturating_duration_since(Instant::now()) {
                    Duration::ZERO => return Err(io::ErrorKind::TimedOut.into()),
                    left => Some(left),
                },
            };
            match self.stream.read_within(&mut self.buffer, left) {
                Ok(count) => {
                    (self.start, self.end) = (0, count);
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Read for Connection {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && !self.fill()? {
            return Ok(0);
        }
        let ready = self.buffer.get(self.start..self.end).unwrap_or_default();
        let count = ready.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.start += count;
        Ok(count)
    }
}

/// How long a test waits for bytes of a bare stream.
#[cfg(test)]
const TEST_TIMEOUT: Duration = Duration::from_secs(20);

#[cfg(test)]
impl Read for &Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.read_within(into, Some(TEST_TIMEOUT))
    }
}

#[cfg(test)]
impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.read_within(into, Some(TEST_TIMEOUT))
    }
}

#[cfg(test)]
impl io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_within(bytes, Some(TEST_TIMEOUT)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
