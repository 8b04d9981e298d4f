// SPDX-License-Identifier: Apache-2.0
//! Captured frames taken apart as far as a segment of TCP: Ethernet with tags, IP of version 4 and 6. Foreign bytes: what does
//! not add up has a reason, never a panic. A frame may be cut; what is behind the datagram's end is not read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a frame begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Ethernet,
    /// Nothing: a datagram.
    Ip,
}

/// An address and a port.
pub(crate) type End = (IpAddr, u16);

/// One segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment<'a> {
    pub(crate) source: End,
    pub(crate) destination: End,
    pub(crate) sequence: u32,
    /// It opens a direction: what was known of that is of another connection.
    pub(crate) is_first: bool,
    pub(crate) payload: &'a [u8],
}

const TYPE_IP4: u16 = 0x0800;
const TYPE_IP6: u16 = 0x86dd;
/// Tags of virtual networks, and of those inside those.
const TYPE_TAGS: [u16; 2] = [0x8100, 0x88a8];
const TAGS_MAX: usize = 2;
const TCP: u8 = 6;
/// Heads of version 6 that lead to another: hop by hop, routing, destination.
const HEADS: [u8; 3] = [0, 43, 60];
const HEADS_MAX: usize = 4;
const FRAGMENT: u8 = 44;
const SYN: u8 = 2;

/// The segment in a frame, or why there is none.
pub(crate) fn segment(frame: &[u8], link: Link) -> Result<Segment<'_>, &'static str> {
    let datagram = match link {
        Link::Ip => frame,
        Link::Ethernet => datagram(frame)?,
    };
    match datagram.first().map(|first| first >> 4) {
        Some(4) => ip4(datagram),
        Some(6) => ip6(datagram),
        _ => Err("no_ip"),
    }
}

fn datagram(frame: &[u8]) -> Result<&[u8], &'static str> {
    let mut at = 12;
    for _ in 0..=TAGS_MAX {
        match u16_at(frame, at).ok_or("cut_frame")? {
            TYPE_IP4 | TYPE_IP6 => return frame.get(at + 2..).ok_or("cut_frame"),
            tag if TYPE_TAGS.contains(&tag) => at += 4,
            _ => return Err("no_ip"),
        }
    }
    Err("no_ip")
}

fn ip4(datagram: &[u8]) -> Result<Segment<'_>, &'static str> {
    let head: &[u8; 20] = datagram.first_chunk().ok_or("cut_frame")?;
    let [first, _, length_1, length_2, _, _, fragment_1, fragment_2, _, protocol, _, _, ends @ ..] =
        *head;
    let [a, b, c, d, e, f, g, h] = ends;
    if protocol != TCP {
        return Err("no_tcp");
    }
    // Another one follows, or came before.
    if u16::from_be_bytes([fragment_1, fragment_2]) & 0x3fff != 0 {
        return Err("fragment");
    }
    let head_bytes = usize::from(first & 0xf) * 4;
    let length = usize::from(u16::from_be_bytes([length_1, length_2]));
    // What the card shall cut into datagrams later has no length yet.
    let length = if length == 0 { datagram.len() } else { length.min(datagram.len()) };
    let body = datagram.get(head_bytes.max(20)..length).ok_or("cut_frame")?;
    let (source, destination) = (Ipv4Addr::new(a, b, c, d), Ipv4Addr::new(e, f, g, h));
    tcp(source.into(), destination.into(), body)
}

fn ip6(datagram: &[u8]) -> Result<Segment<'_>, &'static str> {
    let head: &[u8; 40] = datagram.first_chunk().ok_or("cut_frame")?;
    let length = usize::from(u16_at(head, 4).ok_or("cut_frame")?);
    let (Some(source), Some(destination)) = (address(head, 8), address(head, 24)) else {
        return Err("cut_frame");
    };
    let length = if length == 0 { datagram.len() } else { (40 + length).min(datagram.len()) };
    let mut body = datagram.get(40..length).ok_or("cut_frame")?;
    let mut next = *head.get(6).ok_or("cut_frame")?;
    for _ in 0..HEADS_MAX {
        if !HEADS.contains(&next) {
            break;
        }
        let [following, eights, ..] = *body else { return Err("cut_frame") };
        next = following;
        body = body.get((usize::from(eights) + 1) * 8..).ok_or("cut_frame")?;
    }
    match next {
        TCP => tcp(source.into(), destination.into(), body),
        FRAGMENT => Err("fragment"),
        _ => Err("no_tcp"),
    }
}

fn tcp(source: IpAddr, destination: IpAddr, body: &[u8]) -> Result<Segment<'_>, &'static str> {
    let head: &[u8; 20] = body.first_chunk().ok_or("cut_frame")?;
    let [s1, s2, d1, d2, a, b, c, d, _, _, _, _, words, flags, ..] = *head;
    let head_bytes = usize::from(words >> 4) * 4;
    if head_bytes < 20 {
        return Err("bad_frame");
    }
    let (sequence, is_first) = (u32::from_be_bytes([a, b, c, d]), flags & SYN != 0);
    Ok(Segment {
        source: (source, u16::from_be_bytes([s1, s2])),
        destination: (destination, u16::from_be_bytes([d1, d2])),
        // What opens a direction takes a number itself.
        sequence: sequence.wrapping_add(u32::from(is_first)),
        is_first,
        payload: body.get(head_bytes..).ok_or("cut_frame")?,
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

fn address(bytes: &[u8], at: usize) -> Option<Ipv6Addr> {
    bytes.get(at..)?.first_chunk::<16>().map(|bytes| Ipv6Addr::from(*bytes))
}

#[cfg(test)]
#[path = "frame_tests.rs"]
pub(crate) mod tests;
