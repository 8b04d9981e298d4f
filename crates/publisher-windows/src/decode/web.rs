// SPDX-License-Identifier: Apache-2.0
//! Requests of programs that use WinHTTP or WinINet. A request of WinHTTP waits for the connection
//! that it gets, which says the address of the server.

use super::counts::Outcome;
use super::tables::Origin;
use super::{Decoder, origin};
use crate::fields::events::web::{
    InetConnect, InetRequest, WebConnect, WebRequestConnection, WebRequestCreate,
};
use crate::fields::socket_address;
use crate::raw::RawEvent;
use crate::state::SECOND;
use crate::state::bounded::Bounded;
use evtables_schema::generated::http_events::windows::Row;
use std::net::IpAddr;

/// Requests, connections and handles that are remembered, of each.
const HANDLES_MAX: usize = 4_096;

/// How long a request waits for its connection.
const WAIT_NS: i64 = 2 * SECOND;

/// A number of a process.
type Handle = (Option<u32>, u64);

#[derive(Debug, Clone)]
struct Request {
    method: String,
    url: String,
    time_ns: i64,
    origin: Origin,
}

/// What requests are waited for.
#[derive(Debug)]
pub(super) struct Web {
    waiting: Bounded<Handle, Request>,
    connections: Bounded<Handle, (IpAddr, u16)>,
    /// Scheme, server and port of WinINet's handles.
    servers: Bounded<Handle, String>,
}

impl Web {
    pub(super) fn new() -> Self {
        Self {
            waiting: Bounded::new(HANDLES_MAX),
            connections: Bounded::new(HANDLES_MAX),
            servers: Bounded::new(HANDLES_MAX),
        }
    }

    /// Where a connection of a process leads.
    pub(super) fn remote(&self, connection: (Option<u32>, u64)) -> Option<(IpAddr, u16)> {
        self.connections.get(&connection).copied()
    }

    pub(super) fn forgotten(&self) -> u64 {
        // Requests are not forgotten: they are pushed before they must go.
        self.connections.forgotten() + self.servers.forgotten()
    }
}

impl Decoder {
    pub(super) fn webio(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            17 => self.web_request(event),
            104 => {
                self.note_version(event, &WebRequestConnection::LAYOUT);
                let joined = WebRequestConnection::decode(event);
                let (Some(request), Some(connection)) = (joined.request, joined.connection) else {
                    return Outcome::LeftOut("cut_payload");
                };
                let remote = self.web.remote((event.pid, connection));
                if let Some(found) = self.web.waiting.remove(&(event.pid, request)) {
                    self.push_request(event.pid, &found, remote);
                }
                Outcome::Learnt
            }
            201 => {
                self.note_version(event, &WebConnect::LAYOUT);
                let connect = WebConnect::decode(event);
                let remote = connect.address.and_then(socket_address);
                if let (Some(connection), Some(remote)) = (connect.connection, remote) {
                    self.web.connections.insert((event.pid, connection), remote);
                }
                Outcome::Learnt
            }
            18 | 202 => Outcome::LeftOut("failed"),
            700 | 704 | 705 => self.webio_tls(event),
            100 | 101 | 200 | 701..=703 => Outcome::LeftOut("no_table"),
            _ => Outcome::Unmapped,
        }
    }

    fn web_request(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &WebRequestCreate::LAYOUT);
        let create = WebRequestCreate::decode(event);
        let (Some(handle), Some(url)) = (create.request, Self::text(create.uri)) else {
            return Outcome::LeftOut("cut_payload");
        };
        let request = Request {
            method: create.method.map(|method| method.to_string()).unwrap_or_default(),
            url: url.to_string(),
            time_ns: event.time_ns,
            origin: origin(event),
        };
        // A number used again: the one before got no connection that was seen.
        if let Some(before) = self.web.waiting.remove(&(event.pid, handle)) {
            self.push_request(event.pid, &before, None);
        }
        while self.web.waiting.len() >= HANDLES_MAX {
            self.push_oldest_request(i64::MAX);
        }
        self.web.waiting.insert((event.pid, handle), request);
        Outcome::Row
    }

    pub(super) fn wininet(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            103 => {
                self.note_version(event, &InetConnect::LAYOUT);
                let connect = InetConnect::decode(event);
                let (Some(handle), Some(server), Some(port)) =
                    (connect.connection, connect.server_name, connect.server_port)
                else {
                    return Outcome::LeftOut("cut_payload");
                };
                let scheme = if port == 443 { "https" } else { "http" };
                let shown = if matches!(port, 0 | 80 | 443) {
                    format!("{scheme}://{server}")
                } else {
                    format!("{scheme}://{server}:{port}")
                };
                self.web.servers.insert((event.pid, handle), shown);
                Outcome::Learnt
            }
            104 => {
                self.note_version(event, &InetRequest::LAYOUT);
                let request = InetRequest::decode(event);
                let (Some(parent), Some(object)) = (request.parent, request.object_name) else {
                    return Outcome::LeftOut("cut_payload");
                };
                let Some(server) = self.web.servers.get(&(event.pid, parent)) else {
                    return Outcome::LeftOut("unknown_server");
                };
                let request = Request {
                    method: request.verb.map(|verb| verb.to_string()).unwrap_or_default(),
                    url: format!("{server}{object}"),
                    time_ns: event.time_ns,
                    origin: origin(event),
                };
                self.push_request(event.pid, &request, None);
                Outcome::Row
            }
            105 | 108 | 203 => Outcome::LeftOut("told_by_request"),
            _ => Outcome::Unmapped,
        }
    }

    pub(super) fn settle_requests(&mut self, now_ns: i64) {
        while self.push_oldest_request(now_ns) {}
    }

    /// Pushes the request that waits longest, if it waits long enough.
    fn push_oldest_request(&mut self, now_ns: i64) -> bool {
        let due = self
            .web
            .waiting
            .oldest()
            .filter(|(_, request)| now_ns >= request.time_ns.saturating_add(WAIT_NS));
        let Some(handle) = due.map(|(handle, _)| *handle) else { return false };
        if let Some(request) = self.web.waiting.remove(&handle) {
            self.push_request(handle.0, &request, None);
        }
        true
    }

    fn push_request(&mut self, pid: Option<u32>, request: &Request, remote: Option<(IpAddr, u16)>) {
        let actor = self.actor(pid, request.time_ns);
        let address = remote.map(|(address, _)| address.to_string());
        self.tables.http.push(&Row {
            event_type: "HTTP",
            action: "HTTP_REQUEST",
            url: Some(&request.url),
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            remote_address: address.as_deref(),
            remote_port: remote.map(|(_, port)| port.into()),
            time: request.time_ns,
            method: (!request.method.is_empty()).then_some(request.method.as_str()),
            status: None,
            owner_uid: actor.owner(),
            job_name: None,
            host_name: self.host_name.as_deref(),
            source: Some(request.origin.source),
            source_eventid: Some(request.origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }
}
