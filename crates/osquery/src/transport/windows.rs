// SPDX-License-Identifier: Apache-2.0
//! Named pipes: connect with a timeout, listen so that nobody but SYSTEM, the administrators and the current
//! user can connect. The same names as `unix`; all calls of the system are in `pipe`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::transport::Accepted;

mod pipe;
#[cfg(test)]
mod tests;

use pipe::{Acl, Connected, Event, First, Pipe};

/// Longest name of a pipe, `\\.\pipe\` included, in bytes of UTF-8.
pub(crate) const SOCKET_BYTES_MAX: usize = 256;
/// What every name begins with.
const PREFIX: &str = r"\\.\pipe\";
/// Written at once, so that a peer that takes bytes slowly is not taken for one that takes none.
const WRITE_BYTES: usize = 32 * 1024;
/// One wait for a free instance; the system's own wait may miss one that comes and goes.
const CONNECT_WAIT: Duration = Duration::from_millis(50);

/// One end of a connection; may be used from several threads.
#[derive(Debug)]
pub(crate) struct Stream(Pipe);

impl Stream {
    /// What can be read now, after `timeout` at most; 0 when either side closed.
    pub(crate) fn read_within(
        &self,
        into: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<usize> {
        self.0.read(into, timeout)
    }

    /// Sends everything; fails when the peer takes nothing for `timeout`.
    pub(crate) fn write_within(&self, bytes: &[u8], timeout: Option<Duration>) -> io::Result<()> {
        for mut piece in bytes.chunks(WRITE_BYTES) {
            while !piece.is_empty() {
                match self.0.write(piece, timeout)? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    count => piece = piece.get(count..).unwrap_or_default(),
                }
            }
        }
        Ok(())
    }

    /// Whether nothing came and the peer did not close.
    pub(crate) fn is_quiet(&self) -> bool {
        self.0.is_quiet()
    }

    /// Ends every read and write of ours, now and later; as the listener's side also those of the peer,
    /// which then loses what it had not read.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

/// Connects to the pipe at `path`; when all its instances are busy, until `timeout` has passed.
pub(crate) fn connect(path: &Path, timeout: Duration) -> io::Result<Stream> {
    check_name(path)?;
    let deadline = Instant::now() + timeout;
    loop {
        match Pipe::open(path) {
            Err(error) if pipe::is_busy(&error) => {}
            outcome => return outcome.map(Stream),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match pipe::wait_free(path, left.min(CONNECT_WAIT)) {
            Err(error) if error.kind() != io::ErrorKind::TimedOut => return Err(error),
            _ => {}
        }
    }
}

/// A listening pipe: one instance always waits, so that the name does not go between two clients.
#[derive(Debug)]
pub(crate) struct Listener {
    path: PathBuf,
    acl: Acl,
    waiting: Mutex<Pipe>,
}

impl Listener {
    /// Listens at `path`, which must be a pipe's name that nobody else has.
    pub(crate) fn bind(path: &Path) -> io::Result<Listener> {
        check_name(path)?;
        // Asked for as well, because not every system refuses a second first instance.
        if pipe::exists(path) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        let acl = Acl::private()?;
        let waiting = Mutex::new(Pipe::create(path, &acl, First::Yes)?);
        Ok(Listener { path: path.to_owned(), acl, waiting })
    }

    /// Waits for the next connection, or until it is woken.
    pub(crate) fn accept(&self, wake: &Wake) -> io::Result<Accepted> {
        let mut waiting = self.waiting();
        let connected = waiting.wait_for_client(&wake.0)?;
        if connected == Connected::Woken {
            return Ok(Accepted::Woken);
        }
        let next = Pipe::create(&self.path, &self.acl, First::No)?;
        let pipe = std::mem::replace(&mut *waiting, next);
        Ok(match connected {
            Connected::Yes => Accepted::Stream(Stream(pipe)),
            _ => Accepted::Nothing,
        })
    }

    fn waiting(&self) -> MutexGuard<'_, Pipe> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the waits of a [`Wake`] from another thread.
#[derive(Debug)]
pub(crate) struct Waker(Arc<Event>);

/// The other end of a [`Waker`].
#[derive(Debug)]
pub(crate) struct Wake(Arc<Event>);

pub(crate) fn waker() -> io::Result<(Waker, Wake)> {
    let event = Arc::new(Event::new()?);
    Ok((Waker(Arc::clone(&event)), Wake(event)))
}

impl Waker {
    /// For good: every later wait ends at once.
    pub(crate) fn wake(&self) {
        self.0.set();
    }
}

impl Wake {
    /// Waits until it is woken, `timeout` at most; tells whether it was.
    pub(crate) fn pause(&self, timeout: Duration) -> io::Result<bool> {
        self.0.wait(timeout)
    }
}

fn check_name(path: &Path) -> io::Result<()> {
    let name = path.to_str().and_then(|name| name.strip_prefix(PREFIX)).unwrap_or_default();
    let is_pipe = !name.is_empty() && !name.contains(['\\', '\0']);
    if is_pipe && PREFIX.len() + name.len() <= SOCKET_BYTES_MAX {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, r"no name of a pipe (\\.\pipe\NAME)"))
    }
}

/// Where a test may listen.
#[cfg(test)]
pub(crate) fn socket_for_test(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    let folder = folder.path().file_name().unwrap_or_default().to_string_lossy();
    format!("{PREFIX}evtables-test-{folder}-{name}").into()
}

/// Whether something is left at the path.
#[cfg(test)]
pub(crate) fn exists_for_test(path: &Path) -> bool {
    pipe::exists(path)
}
