// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_dns_events` and `linux_dns_response_events`: one per message.

mod message;

use super::{Context, Made, Rows, account, text};
use crate::record::{Packet, Record, kind};
use evtables_schema::EventBatch;
use evtables_schema::generated::{dns_events, dns_response_events};
use evtables_sdk::Outcome;
use evtables_tls::stream::Streams;
use message::{Message, type_name};
use std::fmt::Write;

const IPPROTO_TCP: u16 = 6;

/// Messages out of packets.
#[derive(Default)]
struct Messages {
    streams: Streams<(u64, bool)>,
}

impl Messages {
    /// The message that a packet ends. A TCP segment with more than one gives the last.
    fn of(&mut self, packet: &Packet<'_>) -> Result<Message, Made> {
        let fixed = &packet.fixed;
        if packet.ends.protocol != IPPROTO_TCP {
            let message = Message::parse(packet.payload);
            return message.ok_or(Made::No(Outcome::Filtered, "no_dns"));
        }
        let key = (fixed.socket, fixed.sent == 1);
        let bytes = self.streams.add(key, fixed.sequence, fixed.payload_size, packet.payload);
        let mut found = None;
        // Each message stands behind its length.
        while let Some((len, rest)) = bytes.split_first_chunk::<2>() {
            let len = usize::from(u16::from_be_bytes(*len));
            let Some(whole) = rest.get(..len) else { break };
            found = Message::parse(whole).or(found);
            bytes.drain(..len + 2);
        }
        found.ok_or(Made::No(Outcome::Filtered, "part_of_message"))
    }
}

/// Collects rows of queries.
#[derive(Default)]
pub(crate) struct DnsRows {
    builder: dns_events::linux::Builder,
    messages: Messages,
    account: String,
}

impl Rows for DnsRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        let Record::Packet(packet) = record else { return Made::Nothing };
        let message = match self.messages.of(packet) {
            Ok(message) if !message.response => message,
            Ok(_) => return Made::No(Outcome::Filtered, "other_direction"),
            Err(made) => return made,
        };
        let actor = &packet.actor;
        let known = actor.pid != 0;
        account(&mut self.account, actor);
        let question = message.question.as_ref();
        self.builder.push(&dns_events::linux::Row {
            event_type: "DNS",
            action: "DNS_LOOKUP",
            domain_name: question.map(|question| question.name.as_str()),
            request_type: question.map(|question| question.kind.into()),
            request_class: question.map(|question| question.class.into()),
            pid: known.then_some(actor.pid.into()),
            remote_address: Some(&packet.ends.remote().to_string()),
            remote_port: Some(packet.ends.remote_port.into()),
            time: context.time(actor),
            process_guid: known.then(|| context.guid(actor)),
            process_name: None,
            owner_uid: known.then_some(self.account.as_str()),
            protocol: Some(packet.ends.protocol.into()),
            transaction_id: Some(message.id.into()),
        });
        Made::Row
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

/// Collects rows of answers.
#[derive(Default)]
pub(crate) struct DnsResponseRows {
    builder: dns_response_events::linux::Builder,
    messages: Messages,
    account: String,
    addresses: String,
    answers: String,
}

impl Rows for DnsResponseRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        let Record::Packet(packet) = record else { return Made::Nothing };
        debug_assert_eq!(packet.actor.kind, kind::DNS_ANSWER);
        let message = match self.messages.of(packet) {
            Ok(message) if message.response => message,
            Ok(_) => return Made::No(Outcome::Filtered, "other_direction"),
            Err(made) => return made,
        };
        self.write_answers(&message);
        let actor = &packet.actor;
        let known = actor.pid != 0;
        account(&mut self.account, actor);
        let question = message.question.as_ref();
        let first = message.answers.first();
        let name = question.map(|q| q.name.as_str()).or(first.map(|answer| answer.name.as_str()));
        self.builder.push(&dns_response_events::linux::Row {
            event_type: "DNS",
            action: "DNS_RESPONSE",
            domain_name: name,
            request_type: question.map(|question| question.kind.into()),
            request_class: question.map(|question| question.class.into()),
            resolved_ip: (!self.addresses.is_empty()).then_some(self.addresses.as_str()),
            pid: known.then_some(actor.pid.into()),
            remote_address: Some(&packet.ends.remote().to_string()),
            remote_port: Some(packet.ends.remote_port.into()),
            time: context.time(actor),
            process_guid: known.then(|| context.guid(actor)),
            process_name: None,
            status: Some(message.code.into()),
            answers: Some(&self.answers),
            owner_uid: known.then_some(self.account.as_str()),
            protocol: Some(packet.ends.protocol.into()),
            transaction_id: Some(message.id.into()),
            truncated: Some(message.truncated.into()),
        });
        Made::Row
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

impl DnsResponseRows {
    fn write_answers(&mut self, message: &Message) {
        self.addresses.clear();
        self.answers.clear();
        self.answers.push('[');
        for (at, answer) in message.answers.iter().enumerate() {
            if let Some(address) = answer.address {
                let comma = if self.addresses.is_empty() { "" } else { "," };
                let written = write!(self.addresses, "{comma}{address}");
                debug_assert!(written.is_ok(), "a string takes all text");
            }
            self.answers.push_str(if at == 0 { "{\"name\":" } else { ",{\"name\":" });
            text::push_json_string(&mut self.answers, answer.name.as_bytes());
            let kind = type_name(answer.kind);
            let written =
                write!(self.answers, ",\"type\":\"{kind}\",\"ttl\":{},\"data\":", answer.ttl);
            debug_assert!(written.is_ok(), "a string takes all text");
            text::push_json_string(&mut self.answers, answer.data.as_bytes());
            self.answers.push('}');
        }
        self.answers.push(']');
    }
}
