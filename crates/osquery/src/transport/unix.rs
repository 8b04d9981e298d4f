// SPDX-License-Identifier: Apache-2.0
//! Unix sockets: connect with a timeout, listen so that nobody but us and root can connect. The same names
//! as `windows`.

use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::Mode;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

use crate::transport::Accepted;

#[cfg(test)]
mod tests;

/// Longest path of a Unix socket in bytes.
pub(crate) const SOCKET_BYTES_MAX: usize = 107;
/// Pause between tries to connect to a socket whose queue is full.
const CONNECT_PAUSE: Duration = Duration::from_millis(5);
/// Connections that may wait for `accept`.
const BACKLOG: i32 = 512;

/// One end of a connection; may be used from several threads.
#[derive(Debug)]
pub(crate) struct Stream(UnixStream);

impl Stream {
    /// What can be read now, after `timeout` at most; 0 when either side closed.
    pub(crate) fn read_within(
        &self,
        into: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<usize> {
        self.0.set_read_timeout(timeout)?;
        (&self.0).read(into)
    }

    /// Sends everything; fails when the peer takes nothing for `timeout`.
    pub(crate) fn write_within(&self, bytes: &[u8], timeout: Option<Duration>) -> io::Result<()> {
        self.0.set_write_timeout(timeout)?;
        (&self.0).write_all(bytes)
    }

    /// The process at the other end of a connection that we made.
    pub(crate) fn server_pid(&self) -> Option<u32> {
        let peer = rustix::net::sockopt::socket_peercred(self.0.as_fd()).ok()?;
        u32::try_from(peer.pid.as_raw_nonzero().get()).ok()
    }

    /// Whether nothing came and the peer did not close.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut fds = [PollFd::from_borrowed_fd(self.0.as_fd(), PollFlags::IN)];
        poll(&mut fds, Some(&Timespec::default())) == Ok(0)
    }

    /// Ends every read and write on both sides, now and later.
    pub(crate) fn close(&self) {
        // It may be closed already, which is what is wanted.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// Connects to the socket at `path`; a full queue is tried again until `timeout` has passed.
pub(crate) fn connect(path: &Path, timeout: Duration) -> io::Result<Stream> {
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
                return Ok(Stream(stream));
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

    /// Waits for the next connection, or until it is woken.
    pub(crate) fn accept(&self, wake: &Wake) -> io::Result<Accepted> {
        let mut fds = [&wake.0.as_fd(), &self.listener.as_fd()]
            .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN));
        match poll(&mut fds, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        match fds.map(|fd| !fd.revents().is_empty()) {
            [true, _] => Ok(Accepted::Woken),
            [_, true] => self.accept_one(),
            _ => Ok(Accepted::Nothing),
        }
    }

    fn accept_one(&self) -> io::Result<Accepted> {
        match self.listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                Ok(Accepted::Stream(Stream(stream)))
            }
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock
                        | io::ErrorKind::Interrupted
                        // The peer went between its connect and our accept.
                        | io::ErrorKind::ConnectionAborted
                ) =>
            {
                Ok(Accepted::Nothing)
            }
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

/// Ends the waits of a [`Wake`] from another thread.
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

impl Wake {
    /// Waits until it is woken, `timeout` at most; tells whether it was.
    pub(crate) fn pause(&self, timeout: Duration) -> io::Result<bool> {
        let timeout = Timespec::try_from(timeout).ok();
        let mut fds = [PollFd::from_borrowed_fd(self.0.as_fd(), PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(count) => Ok(count > 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Where a test may listen.
#[cfg(test)]
pub(crate) fn socket_for_test(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

/// Whether something is left at the path.
#[cfg(test)]
pub(crate) fn exists_for_test(path: &Path) -> bool {
    path.exists()
}
