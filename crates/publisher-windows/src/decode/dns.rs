// SPDX-License-Identifier: Apache-2.0
//! Name resolution: the query and its answer, each with the process that asked and the server.

use super::counts::Outcome;
use super::tables::Origin;
use super::{Decoder, origin};
use crate::fields::events::dns::{DnsAnswered, DnsDone, DnsQuery, DnsSentTo};
use crate::raw::RawEvent;
use crate::state::dns::{Asked, Queries, Query};
use evtables_schema::generated::dns_events::windows::Row as QueryRow;
use evtables_schema::generated::dns_response_events::windows::Row as AnswerRow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Port of servers that are told without one.
const DNS_PORT: i32 = 53;

impl Decoder {
    pub(super) fn dns(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            3006 => self.dns_asked(event),
            3008 => self.dns_done(event),
            3010 => {
                self.note_version(event, &DnsSentTo::LAYOUT);
                let sent = DnsSentTo::decode(event);
                let name = Self::text(sent.query_name);
                self.dns_server(event, name, sent.query_type, Self::text(sent.server_address))
            }
            3011 => {
                self.note_version(event, &DnsAnswered::LAYOUT);
                let answered = DnsAnswered::decode(event);
                let name = Self::text(answered.query_name);
                let server = Self::text(answered.server_address);
                self.dns_server(event, name, answered.query_type, server)
            }
            // Told by the cache service about queries that are known already.
            1001 | 3009 | 3016 | 3018 | 3019 | 3020 => Outcome::LeftOut("told_by_query"),
            _ => Outcome::Unmapped,
        }
    }

    fn dns_server(
        &mut self,
        event: &RawEvent<'_>,
        name: Option<Arc<str>>,
        query_type: Option<u32>,
        server: Option<Arc<str>>,
    ) -> Outcome {
        let (Some(name), Some(query_type), Some(server)) = (name, query_type, server) else {
            return Outcome::LeftOut("cut_payload");
        };
        let question = Queries::question(&name, query_type);
        self.queries.sent(&question, &server, event.pid, event.time_ns);
        self.settle_queries(event.time_ns);
        Outcome::Learnt
    }

    fn dns_asked(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &DnsQuery::LAYOUT);
        let asked = DnsQuery::decode(event);
        let (Some(name), Some(query_type)) = (Self::text(asked.query_name), asked.query_type)
        else {
            return Outcome::LeftOut("cut_payload");
        };
        let question = Queries::question(&name, query_type);
        let server = self.queries.server(&question, event.time_ns).cloned();
        let query = Query { question, name, pid: event.pid, time_ns: event.time_ns, server };
        match self.queries.asked(query) {
            Asked::Waits => Outcome::Row,
            Asked::Copy => Outcome::LeftOut("cache_copy"),
        }
    }

    fn dns_done(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &DnsDone::LAYOUT);
        let done = DnsDone::decode(event);
        let (Some(name), Some(query_type)) = (Self::text(done.query_name), done.query_type) else {
            return Outcome::LeftOut("cut_payload");
        };
        let question = Queries::question(&name, query_type);
        if self.queries.is_copy(&question, event.pid, event.time_ns) {
            return Outcome::LeftOut("cache_copy");
        }
        if let Some(query) = self.queries.answered(&question, event.pid) {
            self.push_query(&query);
        }
        let server = self.queries.server(&question, event.time_ns).cloned();
        let answers = Self::text(done.query_results);
        let addresses = answers.as_deref().map(addresses).unwrap_or_default();
        let actor = self.actor(event.pid, event.time_ns);
        let origin = origin(event);
        let (address, port) = server_parts(server.as_deref());
        self.tables.dns_response.push(&AnswerRow {
            event_type: "DNS",
            action: "DNS_RESPONSE",
            domain_name: Some(&name),
            request_type: i32::try_from(query_type).ok(),
            request_class: Some(1),
            resolved_ip: (!addresses.is_empty()).then_some(addresses.as_str()),
            pid: actor.pid(),
            remote_address: address.as_deref(),
            remote_port: port,
            time: event.time_ns,
            process_guid: actor.guid,
            process_name: actor.image(),
            status: done.query_status.map(i64::from),
            answers: answers.as_deref(),
            owner_uid: actor.owner(),
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
        Outcome::Row
    }

    pub(super) fn settle_queries(&mut self, now_ns: i64) {
        if self.queries.is_idle() {
            return;
        }
        if now_ns == i64::MAX {
            let all: Vec<Query> = self.queries.all().collect();
            for query in all {
                self.push_query(&query);
            }
        }
        while let Some(query) = self.queries.due(now_ns) {
            self.push_query(&query);
        }
    }

    fn push_query(&mut self, query: &Query) {
        let actor = self.actor(query.pid, query.time_ns);
        let origin = Origin { source: "Microsoft-Windows-DNS-Client", id: 3006 };
        let (address, port) = server_parts(query.server.as_deref());
        self.tables.dns.push(&QueryRow {
            event_type: "DNS",
            action: "DNS_LOOKUP",
            domain_name: Some(&query.name),
            request_type: i32::try_from(query.question.1).ok(),
            request_class: Some(1),
            pid: actor.pid(),
            remote_address: address.as_deref(),
            remote_port: port,
            time: query.time_ns,
            process_guid: actor.guid,
            process_name: actor.image(),
            owner_uid: actor.owner(),
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }
}

/// Address and port of a server, which is told with or without its port.
fn server_parts(server: Option<&str>) -> (Option<String>, Option<i32>) {
    let Some(server) = server.map(|server| server.trim_end_matches(';')) else {
        return (None, None);
    };
    match server.parse::<SocketAddr>() {
        Ok(both) => (Some(both.ip().to_string()), Some(both.port().into())),
        Err(_) => (Some(server.to_owned()), Some(DNS_PORT)),
    }
}

/// The addresses of an answer, joined by `,`: what is marked as another type is left out.
fn addresses(answers: &str) -> String {
    let parts = answers.split(';').map(str::trim);
    let addresses: Vec<String> = parts
        .filter_map(|part| part.parse::<IpAddr>().ok())
        .map(|address| address.to_canonical().to_string())
        .collect();
    addresses.join(",")
}
