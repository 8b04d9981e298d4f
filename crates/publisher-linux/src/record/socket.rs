// SPDX-License-Identifier: Apache-2.0
//! Records of sockets, and of packets that were copied.

use super::{Actor, RecordError, Take, take_part};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const AF_INET: u16 = 2;

wire! {
    /// Two ends. Ports are numbers, not network order.
    Ends {
        /// Address here; IPv4 in the first four bytes.
        local: [u8; 16],
        /// Address there.
        remote: [u8; 16],
        /// Port here.
        local_port: u16,
        /// Port there.
        remote_port: u16,
        /// `AF_INET` or `AF_INET6`.
        family: u16,
        /// IP protocol.
        protocol: u16,
    }
}

impl Ends {
    /// Whether the ends are of IPv4.
    #[must_use]
    pub fn is_v4(&self) -> bool {
        self.family == AF_INET
    }

    /// The end on this host.
    #[must_use]
    pub fn local(&self) -> IpAddr {
        self.address(self.local)
    }

    /// The other end.
    #[must_use]
    pub fn remote(&self) -> IpAddr {
        self.address(self.remote)
    }

    fn address(&self, bytes: [u8; 16]) -> IpAddr {
        if self.is_v4() {
            let [a, b, c, d, ..] = bytes;
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        } else {
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
    }
}

wire! {
    /// Behind actor and ends.
    SocketFixed {
        /// Payload that went out, without what was sent again.
        bytes_sent: u64,
        /// Payload that came in.
        bytes_received: u64,
        /// When the connection began (boot clock), of its end.
        began_ns: u64,
        /// `SOCKET_*` of wire_socket_action.
        action: u32,
        /// errno of a connect that failed.
        error: u32,
    }
}

/// What happened to a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Socket {
    /// Whose it is.
    pub actor: Actor,
    /// Ends.
    pub ends: Ends,
    /// Numbers.
    pub fixed: SocketFixed,
}

impl Socket {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut rest = bytes;
        let actor = Actor::open(&mut rest)?;
        let ends = Ends::take(&mut rest).ok_or(RecordError::Short)?;
        let fixed = SocketFixed::take(&mut rest).ok_or(RecordError::Short)?;
        if rest.is_empty() { Ok(Self { actor, ends, fixed }) } else { Err(RecordError::Length) }
    }
}

wire! {
    /// Behind actor and ends.
    PacketFixed {
        /// The socket, as a number that no other has at the time.
        socket: u64,
        /// TCP sequence number of the payload's first byte.
        sequence: u32,
        /// Bytes of the payload.
        payload_size: u32,
        /// Bytes of it in the record.
        payload_len: u16,
        /// 1 when it left, 0 when it came.
        sent: u16,
        /// Always 0.
        reserved: u32,
    }
}

/// A packet. The record may be longer than its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Whose socket it is; pid 0 when that is not known.
    pub actor: Actor,
    /// Ends.
    pub ends: Ends,
    /// Numbers.
    pub fixed: PacketFixed,
    /// Payload, cut at what was copied.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let mut rest = bytes;
        let actor = Actor::open(&mut rest)?;
        let ends = Ends::take(&mut rest).ok_or(RecordError::Short)?;
        let fixed = PacketFixed::take(&mut rest).ok_or(RecordError::Short)?;
        let payload = take_part(&mut rest, fixed.payload_len.into())?;
        Ok(Self { actor, ends, fixed, payload })
    }
}
