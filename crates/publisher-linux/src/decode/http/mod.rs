// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_http_events`: one per request at the beginning of a segment.

pub(crate) mod request;

use super::{Context, Made, Rows, account};
use crate::record::{Ends, Record, kind};
use evtables_schema::EventBatch;
use evtables_schema::generated::http_events::linux::{Builder, Row};
use evtables_sdk::Outcome;
use request::Request;
use std::net::IpAddr;

/// The end that the server has.
fn server_of(ends: &Ends, client_here: bool) -> (IpAddr, u16) {
    match client_here {
        true => (ends.remote(), ends.remote_port),
        false => (ends.local(), ends.local_port),
    }
}

/// Collects rows of requests.
#[derive(Default)]
pub(crate) struct HttpRows {
    builder: Builder,
    account: String,
}

impl Rows for HttpRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        let Record::Packet(packet) = record else { return Made::Nothing };
        debug_assert_eq!(packet.actor.kind, kind::HTTP);
        let Some(request) = Request::parse(packet.payload) else {
            return Made::No(Outcome::Filtered, "no_http");
        };
        let actor = &packet.actor;
        let known = actor.pid != 0;
        account(&mut self.account, actor);
        let client_here = packet.fixed.sent == 1;
        self.builder.push(&Row {
            event_type: "HTTP",
            action: "HTTP_REQUEST",
            url: Some(&request.url(server_of(&packet.ends, client_here))),
            pid: known.then_some(actor.pid.into()),
            process_guid: known.then(|| context.guid(actor)),
            process_name: None,
            remote_address: Some(&packet.ends.remote().to_string()),
            remote_port: Some(packet.ends.remote_port.into()),
            time: context.time(actor),
            method: Some(&request.method),
            owner_uid: known.then_some(self.account.as_str()),
            role: Some(if client_here { "client" } else { "server" }),
            host: request.host.as_deref(),
            user_agent: request.user_agent.as_deref(),
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
