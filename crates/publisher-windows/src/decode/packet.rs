// SPDX-License-Identifier: Apache-2.0
//! TLS of all programs, out of captured frames: segments of a connection that begins with a handshake are put together until
//! all that is readable was said. One row per handshake. The frames do not say whose they are: the connection that
//! Kernel-Network told of does, before or after. Other frames are left out, counted by reason.

use super::counts::Outcome;
use super::tables::Origin;
use super::{Decoder, origin};
use crate::fields::events::packet::{CapturedFragment, CapturedFrame};
use crate::frame::{End, Link, Segment, segment};
use crate::raw::RawEvent;
use crate::state::SECOND;
use crate::state::bounded::Bounded;
use evtables_tls::Exchange;
use evtables_tls::handshake::{Message, messages};
use evtables_tls::stream::Streams;

/// Handshakes at once; the oldest has its row when there are more.
const HANDSHAKES_MAX: usize = 512;
/// Handshakes that are known to have been told, should their frames come again.
const TOLD_MAX: usize = 4_096;
/// Connections whose process is known.
const OWNERS_MAX: usize = 16_384;
/// A client that has no whole answer, or no known process, for so long has its row with what there is.
const WAIT_NS: i64 = 5 * SECOND;

/// Keywords of a frame of NDIS: what it begins with, whether it begins here, which way it goes.
const ETHERNET: u64 = 0x1;
const IP: u64 = 0x200 | 0x8000;
const START: u64 = 0x4000_0000;
const SENT: u64 = 0x1_0000_0000;
const RECEIVED: u64 = 0x2_0000_0000;

/// Two ends of a connection: source and destination, client and server, or this machine and the other.
type Ends = (End, End);

#[derive(Debug)]
struct Handshake {
    exchange: Exchange,
    /// The server has asked for another hello.
    retry: bool,
    /// Whether the client is this machine, when the capture says.
    is_client_here: Option<bool>,
    time_ns: i64,
    origin: Origin,
}

/// Handshakes under way, by client and server.
#[derive(Debug)]
pub(super) struct Packets {
    streams: Streams<Ends>,
    open: Bounded<Ends, Handshake>,
    /// Sequence of the segment that ended the hello.
    told: Bounded<Ends, u32>,
    /// By this machine's end and the other.
    owners: Bounded<Ends, u32>,
}

impl Packets {
    pub(super) fn new() -> Self {
        Self {
            streams: Streams::default(),
            open: Bounded::new(HANDSHAKES_MAX),
            told: Bounded::new(TOLD_MAX),
            owners: Bounded::new(OWNERS_MAX),
        }
    }

    /// A process has a connection.
    pub(super) fn owned(&mut self, local: End, remote: End, pid: u32) {
        self.owners.insert((local, remote), pid);
    }

    pub(super) fn forgotten(&self) -> u64 {
        // Handshakes are not forgotten: their rows are pushed before they must go.
        self.streams.dropped() + self.owners.forgotten()
    }

    /// Process and far end of a handshake, as far as anybody said.
    fn owner(&self, (client, server): Ends, handshake: &Handshake) -> (Option<u32>, End) {
        let here = self.owners.get(&(client, server)).map(|pid| (Some(*pid), server));
        let there = || self.owners.get(&(server, client)).map(|pid| (Some(*pid), client));
        let far = if handshake.is_client_here == Some(false) { client } else { server };
        match handshake.is_client_here {
            // A connection of this machine with itself is known by both ends: the client's process.
            Some(false) => there().or(here),
            _ => here.or_else(there),
        }
        .unwrap_or((None, far))
    }
}

impl Decoder {
    pub(super) fn captured_fragment(&mut self, event: &RawEvent<'_>) -> Outcome {
        if event.id != 1001 {
            return Outcome::Unmapped;
        }
        self.note_version(event, &CapturedFragment::LAYOUT);
        let Some(frame) = CapturedFragment::decode(event).fragment else {
            return Outcome::LeftOut("cut_payload");
        };
        let has = |bits: u64| event.keyword & bits != 0;
        if !has(START) {
            return Outcome::LeftOut("part_of_frame");
        }
        let link = match (has(ETHERNET), has(IP)) {
            (true, _) => Link::Ethernet,
            (false, true) => Link::Ip,
            (false, false) => return Outcome::LeftOut("other_link"),
        };
        let is_sent = (has(SENT) || has(RECEIVED)).then_some(has(SENT));
        self.frame(event, frame, link, is_sent)
    }

    pub(super) fn captured_frame(&mut self, event: &RawEvent<'_>) -> Outcome {
        if event.id != 160 {
            return Outcome::Unmapped;
        }
        self.note_version(event, &CapturedFrame::LAYOUT);
        let captured = CapturedFrame::decode(event);
        let (Some(kind), Some(size)) = (captured.packet_type, captured.logged_size) else {
            return Outcome::LeftOut("cut_payload");
        };
        let frame = captured.rest.get(..usize::from(size)).unwrap_or(captured.rest);
        let link = match kind {
            1 => Link::Ethernet,
            3 => Link::Ip,
            _ => return Outcome::LeftOut("other_link"),
        };
        // In, out; received, sent; into a place, out of it.
        let is_sent = match captured.direction {
            Some(1 | 3 | 5) => Some(false),
            Some(2 | 4 | 6) => Some(true),
            _ => None,
        };
        self.frame(event, frame, link, is_sent)
    }

    fn frame(
        &mut self,
        event: &RawEvent<'_>,
        frame: &[u8],
        link: Link,
        is_sent: Option<bool>,
    ) -> Outcome {
        let segment = match segment(frame, link) {
            Ok(segment) => segment,
            Err(reason) => return Outcome::LeftOut(reason),
        };
        let key = (segment.source, segment.destination);
        if segment.is_first {
            self.packets.streams.remove(key);
        }
        if segment.payload.is_empty() {
            return Outcome::LeftOut("no_data");
        }
        if self.packets.open.get(&(key.1, key.0)).is_some() {
            return self.server_said(&segment);
        }
        if !self.packets.streams.is_open(key) && !is_hello(segment.payload) {
            return Outcome::LeftOut("no_handshake");
        }
        self.client_said(event, &segment, is_sent)
    }

    fn client_said(
        &mut self,
        event: &RawEvent<'_>,
        segment: &Segment<'_>,
        is_sent: Option<bool>,
    ) -> Outcome {
        let ends = (segment.source, segment.destination);
        let packets = &mut self.packets;
        let Some(bytes) = packets.streams.add_once(ends, segment.sequence, segment.payload) else {
            return Outcome::LeftOut("repeated");
        };
        let (found, is_open) = messages(bytes);
        let hello = match found.into_iter().next() {
            Some(Message::Client(hello)) => hello,
            None if is_open => return Outcome::Learnt,
            _ => {
                packets.streams.remove(ends);
                return Outcome::LeftOut("no_hello");
            }
        };
        packets.streams.remove(ends);
        if packets.told.get(&ends) == Some(&segment.sequence) {
            return Outcome::LeftOut("repeated");
        }
        packets.told.insert(ends, segment.sequence);
        if let Some(before) = packets.open.get_mut(&ends)
            && (before.exchange.client == hello || std::mem::take(&mut before.retry))
        {
            return Outcome::LeftOut("hello_again");
        }
        // Ends used again: nobody answered the one before.
        if let Some(before) = packets.open.remove(&ends) {
            self.push_captured(ends, &before);
        }
        while self.packets.open.len() >= HANDSHAKES_MAX {
            self.push_oldest_captured(i64::MAX);
        }
        let handshake = Handshake {
            exchange: Exchange::new(hello),
            retry: false,
            is_client_here: is_sent,
            time_ns: event.time_ns,
            origin: origin(event),
        };
        self.packets.open.insert(ends, handshake);
        Outcome::Row
    }

    fn server_said(&mut self, segment: &Segment<'_>) -> Outcome {
        let (key, ends) =
            ((segment.source, segment.destination), (segment.destination, segment.source));
        let packets = &mut self.packets;
        let Some(handshake) = packets.open.get_mut(&ends).filter(|one| !one.exchange.complete)
        else {
            return Outcome::LeftOut("no_handshake");
        };
        let Some(bytes) = packets.streams.add_once(key, segment.sequence, segment.payload) else {
            return Outcome::LeftOut("repeated");
        };
        let (found, is_open) = messages(bytes);
        let is_retry = found.iter().any(Message::is_retry);
        handshake.retry |= is_retry;
        handshake.exchange.answer(found, is_open);
        let is_complete = handshake.exchange.complete;
        if is_complete || is_retry {
            // What follows is cipher text, or another answer.
            packets.streams.remove(key);
        }
        // Without a known process it waits for one.
        if is_complete
            && packets.open.get(&ends).is_some_and(|one| packets.owner(ends, one).0.is_some())
            && let Some(done) = packets.open.remove(&ends)
        {
            self.push_captured(ends, &done);
        }
        Outcome::Learnt
    }

    pub(super) fn settle_captured(&mut self, now_ns: i64) {
        while self.push_oldest_captured(now_ns.saturating_sub(WAIT_NS)) {}
    }

    /// Pushes the handshake that waits longest, if it began by then.
    fn push_oldest_captured(&mut self, until_ns: i64) -> bool {
        let due = self.packets.open.oldest().filter(|(_, one)| one.time_ns <= until_ns);
        let Some(ends) = due.map(|(ends, _)| *ends) else { return false };
        if let Some(handshake) = self.packets.open.remove(&ends) {
            self.packets.streams.remove((ends.1, ends.0));
            self.push_captured(ends, &handshake);
        }
        true
    }

    fn push_captured(&mut self, ends: Ends, handshake: &Handshake) {
        let (pid, far) = self.packets.owner(ends, handshake);
        let (time_ns, origin) = (handshake.time_ns, handshake.origin);
        self.push_tls(pid, Some(far), &handshake.exchange, None, time_ns, origin);
    }
}

/// Whether it begins as a record with a client's hello does.
fn is_hello(payload: &[u8]) -> bool {
    matches!(
        payload,
        [22, 3, _, _, _, 1, ..] | [22, 3] | [22, 3, _] | [22, 3, _, _] | [22, 3, _, _, _]
    )
}
