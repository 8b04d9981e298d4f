// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_ssl_events`: one per handshake, made of the first segments of both sides.

use super::{Context, Made, Rows, account};
use crate::record::{Actor, Ends, Packet, Record, kind};
use evtables_schema::EventBatch;
use evtables_schema::generated::ssl_events::linux::{Builder, Row};
use evtables_sdk::Outcome;
use evtables_tls::handshake::{Message, messages};
use evtables_tls::stream::Streams;
use evtables_tls::{Exchange, fingerprint};
use std::collections::HashMap;

/// Handshakes at once; beyond it a new one takes the place of the oldest.
const HANDSHAKES_MAX: usize = 512;
/// A client that has no answer for so long has its row without one.
const ANSWER_NS_MAX: u64 = 5_000_000_000;

/// What both sides have said.
struct Handshake {
    actor: Actor,
    ends: Ends,
    client_here: bool,
    exchange: Exchange,
}

/// Collects rows of handshakes.
#[derive(Default)]
pub(crate) struct TlsRows {
    builder: Builder,
    streams: Streams<(u64, bool)>,
    /// By socket.
    open: HashMap<u64, Handshake>,
    account: String,
}

impl Rows for TlsRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        let Record::Packet(packet) = record else { return Made::Nothing };
        debug_assert_eq!(packet.actor.kind, kind::TLS);
        let done = self.add(packet).or_else(|| self.unanswered(packet.actor.time_ns));
        match done {
            Some(handshake) => {
                self.push_row(context, &handshake);
                Made::Row
            }
            None => Made::No(Outcome::Filtered, "part_of_handshake"),
        }
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

impl TlsRows {
    /// The handshake that a segment ends.
    fn add(&mut self, packet: &Packet<'_>) -> Option<Handshake> {
        let (fixed, sent) = (&packet.fixed, packet.fixed.sent == 1);
        let key = (fixed.socket, sent);
        let bytes = self.streams.add(key, fixed.sequence, fixed.payload_size, packet.payload);
        let (found, open) = messages(bytes);
        if let Some(Message::Client(hello)) = found.first() {
            // A client that was asked for another hello sends it behind the first.
            let known = self.open.get(&fixed.socket);
            let again = known.is_some_and(|known| known.exchange.client == *hello);
            let evicted = if again { None } else { self.make_room() };
            if !again {
                let handshake = Handshake {
                    actor: packet.actor,
                    ends: packet.ends,
                    client_here: sent,
                    exchange: Exchange::new(hello.clone()),
                };
                self.open.insert(fixed.socket, handshake);
            }
            return evicted;
        }
        let handshake = self.open.get_mut(&fixed.socket)?;
        if handshake.client_here == sent {
            return None;
        }
        if packet.actor.pid != 0 {
            handshake.actor = Actor { time_ns: handshake.actor.time_ns, ..packet.actor };
        }
        let retries = found.iter().any(Message::is_retry);
        handshake.exchange.answer(found, open);
        let complete = handshake.exchange.complete;
        if complete || retries {
            // What follows is cipher text, or another answer.
            self.streams.forget(key);
        }
        if !complete {
            return None;
        }
        self.streams.forget((fixed.socket, !sent));
        self.open.remove(&fixed.socket)
    }

    /// The oldest handshake, when there are too many.
    fn make_room(&mut self) -> Option<Handshake> {
        if self.open.len() < HANDSHAKES_MAX {
            return None;
        }
        let oldest = self.open.iter().min_by_key(|(_, handshake)| handshake.actor.time_ns);
        let socket = oldest.map(|(socket, _)| *socket)?;
        self.open.remove(&socket)
    }

    /// One whose answer is overdue.
    fn unanswered(&mut self, now_ns: u64) -> Option<Handshake> {
        let overdue =
            |handshake: &Handshake| now_ns.saturating_sub(handshake.actor.time_ns) > ANSWER_NS_MAX;
        let socket = self.open.iter().find(|(_, handshake)| overdue(handshake)).map(|(s, _)| *s)?;
        self.open.remove(&socket)
    }

    fn push_row(&mut self, context: &Context, handshake: &Handshake) {
        let (actor, ends, exchange) = (&handshake.actor, &handshake.ends, &handshake.exchange);
        let client = &exchange.client;
        let known = actor.pid != 0;
        account(&mut self.account, actor);
        let first = exchange.certificates.first();
        let server = exchange.server.as_ref();
        let alpn: Vec<_> = client.alpn.iter().map(|name| String::from_utf8_lossy(name)).collect();
        self.builder.push(&Row {
            event_type: "SSL",
            action: "TLS_HANDSHAKE",
            subject_name: exchange.subjects().as_deref(),
            issuer_name: exchange.issuers().as_deref(),
            serial_number: first.map(|first| first.serial.as_str()),
            dns_names: exchange.dns_names().as_deref(),
            ja3_md5: Some(&fingerprint::ja3(client)),
            ja3s_md5: exchange.ja3s().as_deref(),
            pid: known.then_some(actor.pid.into()),
            process_guid: known.then(|| context.guid(actor)),
            process_name: None,
            remote_address: Some(&ends.remote().to_string()),
            remote_port: Some(ends.remote_port.into()),
            time: context.time(actor),
            server_name: client.server_name.as_deref(),
            owner_uid: known.then_some(self.account.as_str()),
            role: Some(if handshake.client_here { "client" } else { "server" }),
            version: Some(&exchange.version()),
            cipher: server.map(|server| format!("{:04X}", server.cipher)).as_deref(),
            alpn: (!alpn.is_empty()).then(|| alpn.join(",")).as_deref(),
            ja4: Some(&fingerprint::ja4(client)),
            not_after: first.and_then(|first| first.not_after),
        });
    }
}

#[cfg(test)]
mod tests;
