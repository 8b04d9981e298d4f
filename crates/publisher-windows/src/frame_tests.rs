// SPDX-License-Identifier: Apache-2.0
//! Frames made here: each kind, and damage in every place.
#![allow(clippy::cast_possible_truncation)]

use super::*;
use proptest::prelude::*;

/// A frame of Ethernet, with as many tags, around a segment.
pub(crate) fn frame(
    source: End,
    destination: End,
    sequence: u32,
    flags: u8,
    payload: &[u8],
    tags: usize,
) -> Vec<u8> {
    let mut frame = vec![0xee; 12];
    (0..tags).for_each(|_| frame.extend_from_slice(&[0x81, 0, 0, 7]));
    let is_4 = source.0.is_ipv4();
    frame.extend_from_slice(&(if is_4 { TYPE_IP4 } else { TYPE_IP6 }).to_be_bytes());
    frame.extend(datagram_of(source, destination, sequence, flags, payload));
    // Short frames are filled up.
    frame.resize(frame.len().max(60), 0);
    frame
}

pub(crate) fn datagram_of(
    source: End,
    destination: End,
    sequence: u32,
    flags: u8,
    payload: &[u8],
) -> Vec<u8> {
    let mut tcp = Vec::new();
    tcp.extend_from_slice(&source.1.to_be_bytes());
    tcp.extend_from_slice(&destination.1.to_be_bytes());
    tcp.extend_from_slice(&sequence.to_be_bytes());
    tcp.extend_from_slice(&[0, 0, 0, 0, 0x60, flags, 0xff, 0xff, 0, 0, 0, 0, 1, 1, 1, 0]);
    tcp.extend_from_slice(payload);
    let mut datagram = Vec::new();
    match (source.0, destination.0) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            datagram.extend_from_slice(&[0x45, 0]);
            datagram.extend_from_slice(&(20 + tcp.len() as u16).to_be_bytes());
            datagram.extend_from_slice(&[0, 1, 0x40, 0, 64, TCP, 0, 0]);
            datagram.extend_from_slice(&from.octets());
            datagram.extend_from_slice(&to.octets());
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            datagram.extend_from_slice(&[0x60, 0, 0, 0]);
            // Options for all on the way come first.
            datagram.extend_from_slice(&(8 + tcp.len() as u16).to_be_bytes());
            datagram.extend_from_slice(&[0, 64]);
            datagram.extend_from_slice(&from.octets());
            datagram.extend_from_slice(&to.octets());
            datagram.extend_from_slice(&[TCP, 0, 1, 4, 0, 0, 0, 0]);
        }
        _ => panic!("ends of two kinds"),
    }
    datagram.extend(tcp);
    datagram
}

fn ends(is_4: bool) -> (End, End) {
    let at = |text: &str, port| (text.parse().unwrap(), port);
    if is_4 {
        (at("10.0.0.1", 50_000), at("192.0.2.7", 443))
    } else {
        (at("fe80::1", 50_000), at("2001:db8::7", 443))
    }
}

#[test]
fn segments_are_found_in_frames() {
    for (is_4, tags) in [(true, 0), (true, 2), (false, 0), (false, 1)] {
        let (source, destination) = ends(is_4);
        let bytes = frame(source, destination, 7, 0x18, b"x", tags);
        let wanted = Segment { source, destination, sequence: 7, is_first: false, payload: b"x" };
        assert_eq!(segment(&bytes, Link::Ethernet), Ok(wanted), "nothing of what fills it up");
        let first = frame(source, destination, u32::MAX, SYN, b"", tags);
        let found = segment(&first, Link::Ethernet).unwrap();
        assert_eq!((found.sequence, found.is_first, found.payload), (0, true, &b""[..]));
        let bare = datagram_of(source, destination, 7, 0x18, b"x");
        assert_eq!(segment(&bare, Link::Ip), Ok(wanted));
    }
}

#[test]
fn other_frames_have_a_reason() {
    let (source, destination) = ends(true);
    let whole = frame(source, destination, 7, 0x18, b"payload", 0);
    let with = |at: usize, byte: u8| {
        let mut frame = whole.clone();
        frame[at] = byte;
        segment(&frame, Link::Ethernet).map(|segment| segment.payload.len())
    };
    assert_eq!(with(0, 0), Ok(7));
    assert_eq!(with(13, 6), Err("no_ip"), "ARP");
    assert_eq!(with(14, 0x55), Err("no_ip"));
    assert_eq!(with(23, 17), Err("no_tcp"));
    assert_eq!(with(20, 0x20), Err("fragment"), "more follow");
    assert_eq!(with(21, 9), Err("fragment"), "some came before");
    assert_eq!(with(46, 0x10), Err("bad_frame"));
    assert_eq!(with(46, 0xf0), Err("cut_frame"));
    // Without a length it goes to the end of the frame.
    let mut large = whole.clone();
    large[16..18].fill(0);
    assert_eq!(segment(&large, Link::Ethernet).unwrap().payload, b"payload");
    let (source, destination) = ends(false);
    let six = frame(source, destination, 7, 0x18, b"payload", 0);
    let mut fragment = six.clone();
    fragment[20] = FRAGMENT;
    assert_eq!(segment(&fragment, Link::Ethernet), Err("fragment"));
    let tags = frame(source, destination, 7, 0x18, b"", 3);
    assert_eq!(segment(&tags, Link::Ethernet), Err("no_ip"), "more tags than there are");
}

proptest! {
    /// Cut or changed anywhere: no panic, and never more than the frame has.
    #[test]
    fn damaged_frames_are_stood(
        is_4 in any::<bool>(),
        tags in 0usize..4,
        payload in prop::collection::vec(any::<u8>(), 0..80),
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let (source, destination) = ends(is_4);
        let mut bytes = frame(source, destination, 1, 0x18, &payload, tags);
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        for link in [Link::Ethernet, Link::Ip] {
            if let Ok(found) = segment(&bytes, link) {
                prop_assert!(found.payload.len() + 40 <= bytes.len());
            }
        }
    }
}
