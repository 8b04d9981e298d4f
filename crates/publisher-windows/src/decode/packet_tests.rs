// SPDX-License-Identifier: Apache-2.0
//! Handshakes out of captured frames: whose they are, and that frames that come twice, late, cut or never do no harm.

use super::*;
use crate::frame::End;
use crate::frame::tests::{datagram_of, frame};
use evtables_tls::samples::{client_hello, server_flight};

const IN: u16 = 1;
const OUT: u16 = 2;
const FIRST: u8 = 2;
const DATA: u8 = 0x18;

fn here(port: u16) -> End {
    ([10, 0, 0, 1].into(), port)
}

fn there() -> End {
    ([192, 0, 2, 7].into(), 443)
}

/// A frame as PktMon shows it at one place.
fn shown_frame(at: i64, direction: u16, kind: u16, bytes: &[u8]) -> Made {
    let size = bytes.len() as u16;
    let payload = Payload::default().u64(1).u16(1).u16(2).u16(direction).u16(kind);
    let payload = payload.u16(9).u16(1).u16(0).u32(0).u32(0).u16(size).u16(size).bytes(bytes);
    manifest(class::PKTMON, 160, 0, 4, at, payload.bytes(&[0xee; 3]))
}

/// Kernel-Network tells of a connection that a process made (12) or took (15).
fn connected(at: i64, id: u16, pid: u32, local: End, remote: End) -> Made {
    let octets = |end: End| match end.0 {
        std::net::IpAddr::V4(address) => address.octets(),
        std::net::IpAddr::V6(_) => panic!("version 4 here"),
    };
    let payload = Payload::default().u32(pid).u32(0).bytes(&octets(remote)).bytes(&octets(local));
    let payload = payload.bytes(&remote.1.to_be_bytes()).bytes(&local.1.to_be_bytes());
    manifest(class::KERNEL_NETWORK, id, 0, 4, at, payload.bytes(&[0; 28]))
}

/// Both sides of a handshake in segments of so many bytes.
fn talk(at: i64, client: End, server: End, is_client_here: bool, bytes: usize) -> Vec<Made> {
    let mut told = Vec::new();
    let ways = if is_client_here { [OUT, IN] } else { [IN, OUT] };
    for (from, to, way, said) in
        [(client, server, ways[0], client_hello()), (server, client, ways[1], server_flight())]
    {
        let mut sequence = u32::MAX - 9;
        told.push(shown_frame(at, way, 1, &frame(from, to, sequence, FIRST, b"", 0)));
        sequence = sequence.wrapping_add(1);
        for part in said.chunks(bytes) {
            told.push(shown_frame(at, way, 1, &frame(from, to, sequence, DATA, part, 0)));
            sequence = sequence.wrapping_add(part.len() as u32);
        }
    }
    told
}

#[test]
fn handshakes_out_of_frames_say_whose_they_are() {
    for bytes in [7, 50, 1_400] {
        let mut events = vec![connected(1, 12, 500, here(50_000), there())];
        events.extend(talk(2, here(50_000), there(), true, bytes));
        // What follows is cipher text; a copy of the answer comes late.
        events.push(shown_frame(
            3,
            OUT,
            1,
            &frame(here(50_000), there(), 99, DATA, &[23, 3, 3, 0, 1, 1], 0),
        ));
        events.extend(talk(4, here(50_000), there(), true, bytes).split_off(1));
        // The machine is the server; its connection is told of later.
        let client = ([198, 51, 100, 9].into(), 40_000);
        events.extend(talk(5, client, here(443), false, bytes));
        events.push(connected(6, 15, 900, here(443), client));
        let (rows, counts) = decode(&events);
        let told = &rows["win_ssl_events"];
        assert_eq!(told.len(), 2, "{bytes}: {told:?}");
        let cells =
            |row: &Row| ["pid", "remote_address", "remote_port"].map(|name| row[name].clone());
        assert_eq!(cells(&told[0]), ["500", "192.0.2.7", "443"]);
        assert_eq!(cells(&told[1]), ["900", "198.51.100.9", "40000"]);
        for row in told {
            assert_eq!((row["ja3_md5"].len(), row["ja3s_md5"].len()), (32, 32));
            assert_eq!(row["server_name"], "www.example.test");
            assert_eq!(row["source"], "Microsoft-Windows-PktMon");
        }
        assert_eq!(counts.forgotten, 0, "{bytes}");
    }
}

#[test]
fn a_frame_that_is_shown_at_several_places_counts_once() {
    let talk = talk(2, here(50_000), there(), true, 60);
    let mut events = vec![connected(1, 12, 500, here(50_000), there())];
    events.extend(talk.iter().flat_map(|made| [made.clone(), made.clone(), made.clone()]));
    events.extend(talk);
    let (rows, counts) = decode(&events);
    assert_eq!(rows["win_ssl_events"].len(), 1);
    assert!(rows["win_ssl_events"][0].contains_key("ja3s_md5"));
    assert!(counts.left_out["repeated"] > 0 && counts.forgotten == 0, "{counts:?}");
}

#[test]
fn frames_of_ndis_go_by_their_keywords() {
    let hello = frame(here(50_000), there(), 1, DATA, &client_hello(), 1);
    let bare = datagram_of(here(50_001), there(), 1, DATA, &client_hello());
    let settings = DecodeSettings::default();
    let mut decoder = Decoder::new(&settings);
    // Ethernet and whole; mobile, from outside; the end of a frame; wireless.
    for (keyword, bytes) in [
        (0x1_c000_0001, &hello),
        (0x2_c000_0200, &bare),
        (0x1_8000_0001, &hello),
        (0x1_c001_0000, &hello),
    ] {
        let payload = Payload::default().u32(1).u32(1).u32(bytes.len() as u32).bytes(bytes);
        let made = manifest(class::NDIS_CAPTURE, 1001, 0, 4, 1, payload);
        decoder.event(&RawEvent { keyword, ..made.event() });
    }
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    let counts = decoder.counts();
    assert_eq!(counts.left_out, BTreeMap::from([("part_of_frame", 1), ("other_link", 1)]));
    let rows = rows(&batches);
    let told: Vec<_> = rows["win_ssl_events"]
        .iter()
        .map(|row| (&*row["remote_address"], &*row["remote_port"], row.contains_key("pid")))
        .collect();
    assert_eq!(told, [("192.0.2.7", "443", false), ("10.0.0.1", "50001", false)]);
}

#[test]
fn handshakes_under_way_are_bounded_and_none_is_lost() {
    let hello = client_hello();
    let begun: Vec<Made> = (0..2_000)
        .map(|port| {
            shown_frame(port.into(), OUT, 1, &frame(here(port), there(), 1, DATA, &hello, 0))
        })
        .collect();
    let (rows, _) = decode(&begun);
    assert_eq!(rows["win_ssl_events"].len(), 2_000);
    // Beginnings of hellos that never end: the bound lets the oldest go, and says so.
    let halves: Vec<Made> = (0..2_000)
        .map(|port| {
            shown_frame(port.into(), OUT, 1, &frame(here(port), there(), 1, DATA, &hello[..90], 0))
        })
        .collect();
    let (rows, counts) = decode(&halves);
    assert!(!rows.contains_key("win_ssl_events"));
    assert_eq!(counts.forgotten, 2_000 - evtables_tls::stream::STREAMS_MAX as u64);
    // An answer that never comes: the row waits a while, and goes without.
    let late = [begun[0].clone(), shown_frame(6 * SECOND, IN, 2, b"")];
    let (rows, counts) = decode(&late);
    assert_eq!(rows["win_ssl_events"].len(), 1);
    assert_eq!(counts.left_out, BTreeMap::from([("other_link", 1)]));
}

#[test]
fn a_server_that_asks_again_is_one_handshake() {
    let (client, server) = (here(50_000), there());
    let random = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8,
        0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8,
        0x33, 0x9c,
    ];
    let mut retry = vec![22, 3, 3, 0, 44, 2, 0, 0, 40, 3, 3];
    retry.extend_from_slice(&random);
    retry.extend_from_slice(&[0, 0x13, 1, 0, 0, 0]);
    retry[4] = (retry.len() - 5) as u8;
    retry[8] = (retry.len() - 9) as u8;
    let mut second = client_hello();
    // Another offer: a cipher less in its name.
    let at = second.windows(2).position(|pair| pair == [0xc0, 0x2f]).unwrap();
    second[at + 1] = 0x30;
    let said = |at, from, to, way, sequence, bytes: &[u8]| {
        shown_frame(at, way, 1, &frame(from, to, sequence, DATA, bytes, 0))
    };
    let hello = client_hello();
    let (rows, counts) = decode(&[
        connected(1, 12, 500, client, server),
        said(2, client, server, OUT, 1, &hello),
        said(3, server, client, IN, 1, &retry),
        said(4, client, server, OUT, 1 + hello.len() as u32, &second),
        said(5, server, client, IN, 1 + retry.len() as u32, &server_flight()),
    ]);
    let told = &rows["win_ssl_events"];
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains_key("ja3s_md5"));
    assert_eq!(counts.left_out, BTreeMap::from([("hello_again", 1)]));
}

proptest! {
    /// Frames in any order, twice or never: every event is accounted for, and no handshake has two rows.
    #[test]
    fn frames_in_any_order_do_no_harm(
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..80),
        bytes in 5usize..200,
    ) {
        let mut story = talk(2, here(50_000), there(), true, bytes);
        story.extend(talk(3, here(50_001), there(), true, bytes));
        story.push(connected(1, 12, 500, here(50_000), there()));
        let events: Vec<Made> = order.iter().map(|at| story[at.index(story.len())].clone()).collect();
        let (rows, counts) = decode(&events);
        prop_assert_eq!(counts.seen, events.len() as u64);
        let told = rows.get("win_ssl_events").map_or(0, Vec::len);
        prop_assert!(told <= 2, "{} rows", told);
    }
}
