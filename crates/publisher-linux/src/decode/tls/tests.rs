// SPDX-License-Identifier: Apache-2.0
//! Tests of the joining of both sides into handshakes.

use super::*;
use crate::record::socket::PacketFixed;
use evtables_tls::samples;

const SERVER_HELLO_RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// Feeds segments of one connection after the other.
#[derive(Default)]
struct Wire {
    rows: TlsRows,
    next: HashMap<(u64, bool), u32>,
    now_ns: u64,
}

impl Wire {
    fn segment(&mut self, socket: u64, sent: bool, payload: &[u8]) -> Option<Handshake> {
        let size = u32::try_from(payload.len()).unwrap();
        let next = self.next.entry((socket, sent)).or_insert(7);
        let sequence = *next;
        *next += size;
        let actor = Actor {
            kind: kind::TLS,
            flags: 0,
            len: 0,
            cpu: 0,
            tid: 0,
            time_ns: self.now_ns,
            start_ns: 0,
            // Known to the one that sends.
            pid: if sent { 5 } else { 0 },
            euid: 0,
        };
        let ends = Ends {
            local: [0; 16],
            remote: [0; 16],
            local_port: 1,
            remote_port: 443,
            family: 2,
            protocol: 6,
        };
        let payload_len = u16::try_from(size).unwrap();
        let fixed = PacketFixed {
            socket,
            sequence,
            payload_size: size,
            payload_len,
            sent: sent.into(),
            reserved: 0,
        };
        self.rows.add(&Packet { actor, ends, fixed, payload })
    }
}

fn hello_of(version: [u8; 2], random: [u8; 32]) -> Vec<u8> {
    let extension = [0, 43, 0, 2, version[0], version[1]];
    let body = [&[3, 3][..], &random, &[0, 0x13, 1, 0], &[0, 6], &extension].concat();
    let len = u8::try_from(body.len()).unwrap();
    samples::record(&[&[2, 0, 0, len][..], &body].concat())
}

#[test]
fn both_sides_join_once_wherever_they_are_cut() {
    let (client, server) = (samples::client_hello(), samples::server_flight());
    for client_here in [true, false] {
        for cut in 1..server.len() {
            let mut wire = Wire::default();
            let (first, rest) = client.split_at(cut % client.len());
            assert!(wire.segment(1, client_here, first).is_none());
            assert!(wire.segment(1, client_here, rest).is_none());
            let (first, rest) = server.split_at(cut);
            assert!(wire.segment(1, !client_here, first).is_none(), "{cut}");
            let handshake = wire.segment(1, !client_here, rest).unwrap();
            assert_eq!(handshake.client_here, client_here);
            assert_eq!(handshake.exchange.version(), "TLS 1.2");
            // What both send next is of no hello.
            assert!(wire.segment(1, client_here, &samples::record(&[16, 0, 0, 1, 1])).is_none());
            assert!(wire.segment(1, !client_here, &[20, 3, 3, 0, 1, 1]).is_none());
            assert!(wire.rows.open.is_empty());
        }
    }
}

#[test]
fn the_actor_is_the_one_that_is_known() {
    let mut wire = Wire::default();
    wire.segment(1, false, &samples::client_hello());
    let handshake = wire.segment(1, true, &samples::server_flight()).unwrap();
    assert_eq!(handshake.actor.pid, 5);
}

#[test]
fn a_version_that_encrypts_and_a_second_hello() {
    let mut wire = Wire::default();
    wire.segment(1, true, &samples::client_hello());
    let mut retry = hello_of([3, 4], SERVER_HELLO_RETRY);
    retry.extend_from_slice(&[20, 3, 3, 0, 1, 1]);
    assert!(wire.segment(1, false, &retry).is_none());
    assert!(wire.segment(1, true, &samples::client_hello()).is_none());
    let handshake = wire.segment(1, false, &hello_of([3, 4], [1; 32])).unwrap();
    assert_eq!(handshake.exchange.version(), "TLS 1.3");
    // A session that is taken up again: no certificate, then cipher text.
    wire.segment(2, true, &samples::client_hello());
    let mut resumed = hello_of([3, 3], [1; 32]);
    resumed.extend_from_slice(&[20, 3, 3, 0, 1, 1]);
    assert_eq!(wire.segment(2, false, &resumed).unwrap().exchange.version(), "TLS 1.2");
}

#[test]
fn clients_without_an_answer_are_told_and_bounded() {
    let mut wire = Wire::default();
    for socket in 0..600 {
        wire.now_ns += 1;
        let told = wire.segment(socket, true, &samples::client_hello());
        assert_eq!(told.is_some(), socket >= 512, "{socket}");
    }
    assert_eq!(wire.rows.open.len(), HANDSHAKES_MAX);
    assert!(wire.rows.unanswered(wire.now_ns).is_none());
    let told = wire.rows.unanswered(wire.now_ns + ANSWER_NS_MAX + 1).unwrap();
    assert!(told.exchange.server.is_none());
    assert_eq!(told.exchange.version(), "TLS 1.3");
}
