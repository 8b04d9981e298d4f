// SPDX-License-Identifier: Apache-2.0
//! The socket that the kernel sends its messages on devices to, and how many of them had no room.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// Room for messages that wait; the kernel doubles it.
const ROOM_BYTES: usize = 2 << 20;
/// Longer than any message of the kernel (4 KiB).
pub(super) const MESSAGE_BYTES_MAX: usize = 8 << 10;
/// The group of the kernel's own messages; udev's are another.
const GROUP: u32 = 1;

/// What one read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Received {
    /// So many bytes, sent by the kernel.
    Message(usize),
    /// Sent by somebody else.
    Foreign,
    /// So many messages had no room.
    Lost(u64),
    /// Nothing for now.
    Nothing,
    /// The socket is of no more use.
    Broken(Errno),
}

/// A source of messages.
pub(super) trait Messages: Send {
    fn receive(&mut self, into: &mut [u8]) -> Received;
    /// Readable when there is something.
    fn fd(&self) -> BorrowedFd<'_>;
}

/// The kernel's.
pub(super) struct Socket {
    fd: OwnedFd,
    /// Messages that had no room so far, as the kernel counts them.
    dropped: u64,
}

impl Socket {
    pub(super) fn open() -> Result<Self, Errno> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let kind = SocketType::DGRAM;
        let protocol = Some(KOBJECT_UEVENT);
        let fd = rustix::net::socket_with(AddressFamily::NETLINK, kind, flags, protocol)?;
        // The first needs a privilege; with less room more is counted as lost.
        if rustix::net::sockopt::set_socket_recv_buffer_size_force(&fd, ROOM_BYTES).is_err() {
            let _ = rustix::net::sockopt::set_socket_recv_buffer_size(&fd, ROOM_BYTES);
        }
        rustix::net::bind(&fd, &SocketAddrNetlink::new(0, GROUP))?;
        Ok(Self { fd, dropped: 0 })
    }

    /// Messages dropped since the last time: at least the one that the error stands for.
    fn newly_dropped(&mut self) -> u64 {
        let list = std::fs::read("/proc/self/net/netlink").unwrap_or_default();
        let inode = rustix::fs::fstat(&self.fd).map_or(0, |stat| stat.st_ino);
        let before = self.dropped;
        self.dropped = dropped(&list, inode).unwrap_or(0).max(before + 1);
        self.dropped - before
    }
}

impl Messages for Socket {
    fn receive(&mut self, into: &mut [u8]) -> Received {
        match rustix::net::recvfrom(&self.fd, into, RecvFlags::DONTWAIT) {
            Ok((bytes, _, from)) => {
                let from = from.and_then(|from| SocketAddrNetlink::try_from(from).ok());
                match from {
                    Some(from) if from.pid() == 0 => Received::Message(bytes),
                    _ => Received::Foreign,
                }
            }
            Err(Errno::NOBUFS) => Received::Lost(self.newly_dropped()),
            Err(Errno::AGAIN | Errno::INTR) => Received::Nothing,
            Err(error) => Received::Broken(error),
        }
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Of the kernel's list of netlink sockets: the drops of the one with this inode.
pub(super) fn dropped(list: &[u8], inode: u64) -> Option<u64> {
    let text = String::from_utf8_lossy(list);
    text.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().rev();
        let own = fields.next()?.parse() == Ok(inode);
        let drops = fields.next()?.parse().ok()?;
        own.then_some(drops)
    })
}

/// Sleeps until one of both is readable, or time is up.
pub(super) fn wait(messages: Option<BorrowedFd<'_>>, bell: BorrowedFd<'_>, time: Option<Duration>) {
    let both = [Some(bell), messages].into_iter().flatten();
    let mut fds: Vec<_> = both.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
    let time = time.and_then(|time| Timespec::try_from(time).ok());
    // Interrupted or not: the loop looks at everything anyway.
    let _ = poll(&mut fds, time.as_ref());
}
