// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_ssl_events`: one per handshake, made of the first segments of both sides.

pub(crate) mod certificate;
mod fingerprint;
pub(crate) mod handshake;
#[cfg(test)]
mod samples;

use super::stream::Streams;
use super::{Context, Made, Rows, account};
use crate::record::{Actor, Ends, Packet, Record, kind};
use certificate::Certificate;
use evtables_schema::EventBatch;
use evtables_schema::generated::ssl_events::linux::{Builder, Row};
use evtables_sdk::Outcome;
use handshake::{ClientHello, Message, ServerHello, messages};
use std::collections::HashMap;

/// Handshakes at once; beyond it a new one takes the place of the oldest.
const HANDSHAKES_MAX: usize = 512;
/// A client that has no answer for so long has its row without one.
const ANSWER_NS_MAX: u64 = 5_000_000_000;
/// Handshake message that ends a server's flight (TLS 1.2).
const SERVER_HELLO_DONE: u8 = 14;
const TLS_1_3: u16 = 0x0304;

/// What both sides have said.
struct Handshake {
    actor: Actor,
    ends: Ends,
    client_here: bool,
    client: ClientHello,
    server: Option<ServerHello>,
    certificates: Vec<Certificate>,
    /// Nothing that is readable will follow.
    complete: bool,
}

impl Handshake {
    /// Takes over what the server has said so far.
    fn answer(&mut self, found: Vec<Message>, open: bool) {
        for message in found.into_iter().filter(|message| !is_retry(message)) {
            match message {
                Message::Server(hello) => {
                    self.complete |= hello.chosen >= TLS_1_3;
                    self.server = Some(hello);
                }
                Message::Certificates(chain) => {
                    self.certificates =
                        chain.iter().filter_map(|der| Certificate::parse(der)).collect();
                }
                Message::Other(SERVER_HELLO_DONE) => self.complete = true,
                Message::Client(_) | Message::Other(_) => {}
            }
        }
        // A session that is taken up again has no certificate: the server changes to cipher text.
        self.complete |= !open && self.server.is_some();
    }

    fn version(&self) -> String {
        let version = self.server.as_ref().map_or(self.client.newest(), |server| server.chosen);
        match version {
            0x0300 => "SSL 3.0".to_owned(),
            0x0301..=0x0304 => format!("TLS 1.{}", version - 0x0301),
            other => format!("{other:04X}"),
        }
    }
}

fn is_retry(message: &Message) -> bool {
    matches!(message, Message::Server(hello) if hello.retry)
}

/// Collects rows of handshakes.
#[derive(Default)]
pub(crate) struct TlsRows {
    builder: Builder,
    streams: Streams,
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
            let again = known.is_some_and(|known| known.client == *hello);
            let evicted = if again { None } else { self.make_room() };
            if !again {
                let handshake = Handshake {
                    actor: packet.actor,
                    ends: packet.ends,
                    client_here: sent,
                    client: hello.clone(),
                    server: None,
                    certificates: Vec::new(),
                    complete: false,
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
        let retries = found.iter().any(is_retry);
        handshake.answer(found, open);
        let complete = handshake.complete;
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
        let (actor, ends, client) = (&handshake.actor, &handshake.ends, &handshake.client);
        let known = actor.pid != 0;
        account(&mut self.account, actor);
        let chain = &handshake.certificates;
        let joined = |texts: Vec<&str>| (!texts.is_empty()).then(|| texts.join(","));
        let first = chain.first();
        let names = first.map(|first| first.names.iter().map(String::as_str).collect());
        let server = handshake.server.as_ref();
        let alpn: Vec<_> = client.alpn.iter().map(|name| String::from_utf8_lossy(name)).collect();
        self.builder.push(&Row {
            event_type: "SSL",
            action: "TLS_HANDSHAKE",
            subject_name: joined(chain.iter().map(|one| one.subject.as_str()).collect()).as_deref(),
            issuer_name: joined(chain.iter().map(|one| one.issuer.as_str()).collect()).as_deref(),
            serial_number: first.map(|first| first.serial.as_str()),
            dns_names: names.and_then(joined).as_deref(),
            ja3_md5: Some(&fingerprint::ja3(client)),
            ja3s_md5: server.map(fingerprint::ja3s).as_deref(),
            pid: known.then_some(actor.pid.into()),
            process_guid: known.then(|| context.guid(actor)),
            process_name: None,
            remote_address: Some(&ends.remote().to_string()),
            remote_port: Some(ends.remote_port.into()),
            time: context.time(actor),
            server_name: client.server_name.as_deref(),
            owner_uid: known.then_some(self.account.as_str()),
            role: Some(if handshake.client_here { "client" } else { "server" }),
            version: Some(&handshake.version()),
            cipher: server.map(|server| format!("{:04X}", server.cipher)).as_deref(),
            alpn: (!alpn.is_empty()).then(|| alpn.join(",")).as_deref(),
            ja4: Some(&fingerprint::ja4(client)),
            not_after: first.and_then(|first| first.not_after),
        });
    }
}

#[cfg(test)]
mod tests;
