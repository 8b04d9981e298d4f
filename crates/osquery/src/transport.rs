// SPDX-License-Identifier: Apache-2.0
//! Unix sockets: connect with a timeout, listen so that nobody but us and root can connect, read with
//! a deadline. It knows bytes only.

use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::Mode;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

#[cfg(test)]
mod tests;

/// Bytes read from a socket at once.
const BUFFER_BYTES: usize = 8 * 1024;
/// Pause between tries to connect to a socket whose queue is full.
const CONNECT_PAUSE: Duration = Duration::from_millis(5);
/// Connections that may wait for `accept`.
const BACKLOG: i32 = 512;

/// A connection that reads through a buffer and until a deadline.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Arc<UnixStream>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    deadline: Option<Instant>,
}

impl Connection {
    pub(crate) fn new(stream: Arc<UnixStream>) -> Connection {
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
        let mut fds = [PollFd::from_borrowed_fd(self.stream.as_fd(), PollFlags::IN)];
        self.start == self.end && poll(&mut fds, Some(&Timespec::default())) == Ok(0)
    }

    /// Sends everything; fails when the peer takes nothing for `timeout`.
    pub(crate) fn send(&mut self, bytes: &[u8], timeout: Duration) -> io::Result<()> {
        self.stream.set_write_timeout(Some(timeout))?;
        (&*self.stream).write_all(bytes)
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
            self.stream.set_read_timeout(left)?;
            match (&*self.stream).read(&mut self.buffer) {
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

/// Connects to the socket at `path`; a full queue is tried again until `timeout` has passed.
pub(crate) fn connect(path: &Path, timeout: Duration) -> io::Result<UnixStream> {
    let address = SocketAddrUnix::new(path)?;
    let deadline = Instant::now() + timeout;
    loop {
        let socket = rustix::net::socket_with(
            AddressFamily::UNIX,
            SocketType::STREAM,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            None,
        )?;
        match rustix::net::connect(&socket, &address) {
            Ok(()) => {
                let stream = UnixStream::from(socket);
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
            Err(rustix::io::Errno::AGAIN) if Instant::now() < deadline => {
                std::thread::sleep(CONNECT_PAUSE)
            }
            Err(rustix::io::Errno::AGAIN) => return Err(io::ErrorKind::TimedOut.into()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A listening socket; its file goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: UnixListener,
    path: PathBuf,
    /// Device and inode of the file, so that nobody else's is unlinked.
    file: (u64, u64),
}

impl Listener {
    /// Listens at `path`, mode 0700; a socket file that a dead process left there is replaced.
    pub(crate) fn bind(path: &Path) -> io::Result<Listener> {
        let address = SocketAddrUnix::new(path)?;
        remove_stale(path)?;
        let socket = private_socket()?;
        rustix::net::bind(&socket, &address)?;
        let metadata = fs::symlink_metadata(path)?;
        let file = (metadata.dev(), metadata.ino());
        // From here on the file goes with the listener, also when the rest fails.
        let listener =
            Listener { listener: UnixListener::from(socket), path: path.to_owned(), file };
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        rustix::net::listen(&listener.listener, BACKLOG)?;
        Ok(listener)
    }

    /// The next connection; `None` when there was none although one was announced.
    pub(crate) fn accept(&self) -> io::Result<Option<UnixStream>> {
        match self.listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                Ok(Some(stream))
            }
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                ) =>
            {
                Ok(None)
            }
            // The peer went between its connect and our accept.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let ours = fs::symlink_metadata(&self.path)
            .is_ok_and(|found| (found.dev(), found.ino()) == self.file);
        if ours {
            // Nothing is left to do when it cannot be unlinked: the next bind replaces it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A socket whose file is private from its first moment: Linux takes the mode of the socket's own inode.
fn private_socket() -> io::Result<OwnedFd> {
    let socket = rustix::net::socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
        None,
    )?;
    // Elsewhere this may be refused; the file's mode is set before `listen` anyway.
    let _ = rustix::fs::fchmod(&socket, Mode::RWXU);
    Ok(socket)
}

fn remove_stale(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => Err(io::ErrorKind::AlreadyExists.into()),
        Ok(_) => match connect(path, Duration::ZERO) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
            // Someone listens, or may not be asked.
            _ => Err(io::ErrorKind::AddrInUse.into()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Where a test may listen.
#[cfg(test)]
pub(crate) fn socket_for_test(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

/// Ends a wait in [`wait_for_connection`] from another thread.
#[derive(Debug)]
pub(crate) struct Waker(UnixStream);

/// The other end of a [`Waker`].
#[derive(Debug)]
pub(crate) struct Wake(UnixStream);

pub(crate) fn waker() -> io::Result<(Waker, Wake)> {
    let (waker, wake) = UnixStream::pair()?;
    Ok((Waker(waker), Wake(wake)))
}

impl Waker {
    /// For good: every later wait ends at once.
    pub(crate) fn wake(&self) {
        // An error means that the other end is gone, so nobody waits.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ready {
    Connection,
    Woken,
    /// Time passed or a signal came.
    Neither,
}

/// Waits for a connection, the waker, or `timeout`; without a listener for the latter two.
pub(crate) fn wait_for_connection(
    listener: Option<&Listener>,
    wake: &Wake,
    timeout: Option<Duration>,
) -> io::Result<Ready> {
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    let mut fds = vec![PollFd::from_borrowed_fd(wake.0.as_fd(), PollFlags::IN)];
    fds.extend(
        listener.map(|listener| PollFd::from_borrowed_fd(listener.listener.as_fd(), PollFlags::IN)),
    );
    match poll(&mut fds, timeout.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
    Ok(match (ready.next(), ready.next()) {
        (Some(true), _) => Ready::Woken,
        (_, Some(true)) => Ready::Connection,
        _ => Ready::Neither,
    })
}
