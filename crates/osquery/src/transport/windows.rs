// SPDX-License-Identifier: Apache-2.0
//! Named pipes: connect with a timeout, listen so that nobody but SYSTEM, the administrators and the current
//! user can connect; connect to those alone that SYSTEM, an administrator or the current user serves. The same names
//! as `unix`; all calls of the system are in `pipe`, `acl`, `descriptor` and `server`.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::transport::Accepted;

mod acl;
mod descriptor;
mod pipe;
mod server;
#[cfg(test)]
mod tests;

pub(crate) use acl::current_user;
pub use descriptor::Descriptor;
use pipe::{Event, First, Instance, Pipe, Waiting};

/// Longest name of a pipe, `\\.\pipe\` included, in bytes of UTF-8.
pub(crate) const SOCKET_BYTES_MAX: usize = 256;
/// What every name begins with.
const PREFIX: &str = r"\\.\pipe\";
/// Written at once, so that a peer that takes bytes slowly is not taken for one that takes none.
const WRITE_BYTES: usize = 32 * 1024;
/// Instances that wait for clients at once: what the queue of a listening socket is elsewhere. Clients that find
/// none race for the next one, so there are as many as calls that a server takes.
const INSTANCES_WAITING: usize = 256;
/// Instances made before it is looked for clients again.
const INSTANCES_AT_ONCE: usize = 8;
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

impl Stream {
    /// The process at the other end of a connection that we made.
    pub(crate) fn server_pid(&self) -> Option<u32> {
        server::pid_of(&self.0).ok()
    }

    /// Anybody may make a pipe whose name is free: nothing is said to one that an ordinary user of this machine made.
    fn check_server(&self) -> io::Result<()> {
        let refused = |reason: String| io::Error::new(io::ErrorKind::PermissionDenied, reason);
        let pid = server::pid_of(&self.0)?;
        let server = server::process(pid).map_err(|error| {
            refused(format!("refused: who serves the pipe (process {pid}) is not told: {error}"))
        })?;
        server.distrust(&current_user()?).map_or(Ok(()), |reason| Err(refused(reason)))
    }
}

/// Connects to the pipe at `path`; when all its instances are busy, until `timeout` has passed.
pub(crate) fn connect(path: &Path, timeout: Duration) -> io::Result<Stream> {
    let stream = connect_to_any(path, timeout)?;
    stream.check_server()?;
    Ok(stream)
}

fn connect_to_any(path: &Path, timeout: Duration) -> io::Result<Stream> {
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

/// A listening pipe: instances always wait, so that the name does not go between two clients.
#[derive(Debug)]
pub(crate) struct Listener {
    path: PathBuf,
    acl: Descriptor,
    waiting: Mutex<Queue>,
    /// Set when a client came.
    news: Arc<Event>,
}

#[derive(Debug)]
struct Queue {
    /// Has the name from `bind` on; waits as soon as somebody accepts.
    first: Option<Instance>,
    waiting: VecDeque<Waiting>,
}

impl Listener {
    /// Listens at `path`, which must be a pipe's name that nobody else has.
    pub(crate) fn bind(path: &Path) -> io::Result<Listener> {
        check_name(path)?;
        // Asked for as well, because not every system refuses a second first instance.
        if pipe::exists(path) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        let acl = acl::private()?;
        let first = Some(Instance::create(path, &acl, First::Yes)?);
        let waiting = Mutex::new(Queue { first, waiting: VecDeque::new() });
        Ok(Listener { path: path.to_owned(), acl, waiting, news: Arc::new(Event::new()?) })
    }

    /// Waits for the next connection, or until it is woken.
    pub(crate) fn accept(&self, wake: &Wake) -> io::Result<Accepted> {
        let mut queue = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if wake.pause(Duration::ZERO)? {
                return Ok(Accepted::Woken);
            }
            let grown = self.grow(&mut queue)?;
            // Old news first, then the look: what comes after that is new.
            self.news.unset();
            if let Some(ended) = queue.waiting.iter().position(Waiting::has_ended) {
                return match queue.waiting.remove(ended).map(Waiting::connected).transpose()? {
                    Some(Some(pipe)) => Ok(Accepted::Stream(Stream(pipe))),
                    _ => Ok(Accepted::Nothing),
                };
            }
            if grown == 0 && self.news.wait_or(&wake.0)? {
                return Ok(Accepted::Woken);
            }
        }
    }

    /// Begins some more waits; tells how many. Fewer than wanted are enough, none is an error.
    fn grow(&self, queue: &mut Queue) -> io::Result<usize> {
        let room = INSTANCES_WAITING.saturating_sub(queue.waiting.len()).min(INSTANCES_AT_ONCE);
        for grown in 0..room {
            let next = match queue.first.take() {
                Some(first) => Ok(first),
                None => Instance::create(&self.path, &self.acl, First::No),
            };
            match next {
                Ok(instance) => queue.waiting.push_back(Waiting::begin(instance, &self.news)),
                Err(error) if queue.waiting.is_empty() => return Err(error),
                Err(_) => return Ok(grown),
            }
        }
        Ok(room)
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
