// SPDX-License-Identifier: Apache-2.0
//! TLS of programs that use WinHTTP: the library records the tokens of its handshakes, which are what goes over the wire.
//! One row per handshake, when the server has answered all that is readable, or has not for a while.

use super::counts::Outcome;
use super::tables::Origin;
use super::{Decoder, origin};
use crate::fields::events::web::{WebTlsReceived, WebTlsSent, WebTlsStart};
use crate::raw::RawEvent;
use crate::state::SECOND;
use crate::state::bounded::Bounded;
use evtables_schema::generated::ssl_events::windows::Row;
use evtables_tls::handshake::{Message, messages};
use evtables_tls::{Exchange, fingerprint};
use std::net::IpAddr;
use std::sync::Arc;

/// Handshakes at once; the oldest has its row when there are more.
const HANDSHAKES_MAX: usize = 512;
/// Bytes of one side that are looked at.
const TOKENS_BYTES_MAX: usize = 64 << 10;
/// A client that has no whole answer for so long has its row with what there is.
const ANSWER_WAIT_NS: i64 = 5 * SECOND;

/// A connection of a process.
type Connection = (Option<u32>, u64);

#[derive(Debug)]
struct Handshake {
    exchange: Exchange,
    /// What the server sent, and where the last token of it begins.
    server: Vec<u8>,
    last_token: usize,
    /// The server has asked for another hello; and whether it came.
    retry: bool,
    retried: bool,
    name: Option<Arc<str>>,
    time_ns: i64,
    origin: Origin,
}

/// Handshakes under way.
#[derive(Debug)]
pub(super) struct Tls {
    open: Bounded<Connection, Handshake>,
    /// Names of servers that connections are about to ask for.
    names: Bounded<Connection, Arc<str>>,
}

impl Tls {
    pub(super) fn new() -> Self {
        Self { open: Bounded::new(HANDSHAKES_MAX), names: Bounded::new(HANDSHAKES_MAX) }
    }

    pub(super) fn forgotten(&self) -> u64 {
        // Handshakes are not forgotten: their rows are pushed before they must go.
        self.names.forgotten()
    }
}

impl Handshake {
    /// Takes a token of the server. One that the library could not use whole comes again with more behind it.
    fn received(&mut self, token: &[u8]) {
        let again = self.server.get(self.last_token..).is_some_and(|last| token.starts_with(last));
        if again {
            self.server.truncate(self.last_token);
        }
        self.last_token = self.server.len();
        let room = TOKENS_BYTES_MAX.saturating_sub(self.server.len());
        self.server.extend_from_slice(token.get(..room.min(token.len())).unwrap_or_default());
        let (found, open) = messages(&self.server);
        self.retry |= found.iter().any(Message::is_retry);
        self.exchange.answer(found, open && self.server.len() < TOKENS_BYTES_MAX);
    }
}

impl Decoder {
    /// The security context of a connection begins (700), a token came in (704), or goes out (705).
    pub(super) fn webio_tls(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            700 => {
                self.note_version(event, &WebTlsStart::LAYOUT);
                let start = WebTlsStart::decode(event);
                let Some(connection) = start.connection else {
                    return Outcome::LeftOut("cut_payload");
                };
                if let Some(name) = Self::text(start.host_name) {
                    self.tls.names.insert((event.pid, connection), name);
                }
                Outcome::Learnt
            }
            704 => {
                self.note_version(event, &WebTlsReceived::LAYOUT);
                let received = WebTlsReceived::decode(event);
                let (Some(connection), Some(length)) = (received.connection, received.data_length)
                else {
                    return Outcome::LeftOut("cut_payload");
                };
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                let token = received.rest.get(..length).unwrap_or(received.rest);
                self.tls_received((event.pid, connection), token)
            }
            _ => {
                self.note_version(event, &WebTlsSent::LAYOUT);
                let sent = WebTlsSent::decode(event);
                let (Some(connection), Some(token)) = (sent.connection, sent.token) else {
                    return Outcome::LeftOut("cut_payload");
                };
                self.tls_sent(event, (event.pid, connection), token)
            }
        }
    }

    fn tls_sent(&mut self, event: &RawEvent<'_>, at: Connection, token: &[u8]) -> Outcome {
        let (found, _) = messages(token);
        let Some(Message::Client(hello)) = found.into_iter().next() else {
            // Keys, and what is encrypted.
            return Outcome::LeftOut("no_hello");
        };
        if let Some(before) = self.tls.open.get_mut(&at)
            && (before.exchange.client == hello || (before.retry && !before.retried))
        {
            // The server asked for another hello: it is the same handshake.
            before.retried = true;
            return Outcome::LeftOut("hello_again");
        }
        // A number used again: nobody answered the one before to its end.
        if let Some(before) = self.tls.open.remove(&at) {
            self.push_handshake(at.0, at.1, &before);
        }
        while self.tls.open.len() >= HANDSHAKES_MAX {
            self.push_oldest_handshake(i64::MAX);
        }
        let handshake = Handshake {
            exchange: Exchange::new(hello),
            server: Vec::new(),
            last_token: 0,
            retry: false,
            retried: false,
            name: self.tls.names.remove(&at),
            time_ns: event.time_ns,
            origin: origin(event),
        };
        self.tls.open.insert(at, handshake);
        Outcome::Row
    }

    fn tls_received(&mut self, at: Connection, token: &[u8]) -> Outcome {
        let Some(handshake) = self.tls.open.get_mut(&at) else {
            return Outcome::LeftOut("no_handshake");
        };
        handshake.received(token);
        if handshake.exchange.complete
            && let Some(done) = self.tls.open.remove(&at)
        {
            self.push_handshake(at.0, at.1, &done);
        }
        Outcome::Learnt
    }

    pub(super) fn settle_handshakes(&mut self, now_ns: i64) {
        while self.push_oldest_handshake(now_ns) {}
    }

    /// Pushes the handshake that waits longest, if it waits long enough.
    fn push_oldest_handshake(&mut self, now_ns: i64) -> bool {
        let due = self
            .tls
            .open
            .oldest()
            .filter(|(_, one)| now_ns >= one.time_ns.saturating_add(ANSWER_WAIT_NS));
        let Some(at) = due.map(|(at, _)| *at) else { return false };
        if let Some(handshake) = self.tls.open.remove(&at) {
            self.push_handshake(at.0, at.1, &handshake);
        }
        true
    }

    fn push_handshake(&mut self, pid: Option<u32>, connection: u64, handshake: &Handshake) {
        let remote = self.web.remote((pid, connection));
        let (name, time_ns) = (handshake.name.as_deref(), handshake.time_ns);
        self.push_tls(pid, remote, &handshake.exchange, name, time_ns, handshake.origin);
    }

    /// The row of a handshake; `name` is that of the server where the client does not say it.
    pub(super) fn push_tls(
        &mut self,
        pid: Option<u32>,
        remote: Option<(IpAddr, u16)>,
        exchange: &Exchange,
        name: Option<&str>,
        time_ns: i64,
        origin: Origin,
    ) {
        let actor = self.actor(pid, time_ns);
        let address = remote.map(|(address, _)| address.to_string());
        let client = &exchange.client;
        let first = exchange.certificates.first();
        self.tables.ssl.push(&Row {
            event_type: "SSL",
            action: "TLS_HANDSHAKE",
            subject_name: exchange.subjects().as_deref(),
            issuer_name: exchange.issuers().as_deref(),
            serial_number: first.map(|first| first.serial.as_str()),
            dns_names: exchange.dns_names().as_deref(),
            ja3_md5: Some(&fingerprint::ja3(client)),
            ja3s_md5: exchange.ja3s().as_deref(),
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            remote_address: address.as_deref(),
            remote_port: remote.map(|(_, port)| port.into()),
            time: time_ns,
            server_name: client.server_name.as_deref().or(name),
            owner_uid: actor.owner(),
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }
}
