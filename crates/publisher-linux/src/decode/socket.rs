// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_socket_events`.

use super::{Context, Made, Rows, account, signed};
use crate::record::Record;
use evtables_schema::EventBatch;
use evtables_schema::generated::socket_events::linux::{Builder, Row};
use evtables_sdk::Outcome;
use std::net::IpAddr;

const IPPROTO_TCP: u16 = 6;

/// By `enum wire_socket_action`, whose first is 1.
pub(crate) const SOCKET_ACTIONS: &[&str] = &[
    "SOCKET_CONNECT",
    "SOCKET_ACCEPT",
    "SOCKET_BIND",
    "SOCKET_LISTEN",
    "SOCKET_CLOSE",
    "SOCKET_SEND",
    "SOCKET_RECEIVE",
];

/// Collects rows of sockets.
#[derive(Default)]
pub(crate) struct SocketRows {
    builder: Builder,
    account: String,
}

impl Rows for SocketRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        let Record::Socket(socket) = record else { return Made::Nothing };
        let (actor, ends, fixed) = (&socket.actor, &socket.ends, &socket.fixed);
        let action = usize::try_from(fixed.action).ok().and_then(|action| action.checked_sub(1));
        let Some(action) = action.and_then(|at| SOCKET_ACTIONS.get(at).copied()) else {
            return Made::No(Outcome::Lost, "unknown_action");
        };
        account(&mut self.account, actor);
        let ended = action == "SOCKET_CLOSE";
        // A listening socket has no other end.
        let connected = ends.remote_port != 0;
        let counted = ended && connected && ends.protocol == IPPROTO_TCP;
        let address = |address: IpAddr, known: bool| known.then(|| address.to_string());
        let local = address(ends.local(), ends.local_port != 0 || !ends.local().is_unspecified());
        let remote = address(ends.remote(), connected);
        let failed = fixed.error != 0;
        self.builder.push(&Row {
            event_type: "SOCKET",
            action,
            time: context.time(actor),
            pid: Some(actor.pid.into()),
            process_guid: Some(context.guid(actor)),
            process_name: None,
            family: Some(if ends.is_v4() { "AF_INET" } else { "AF_INET6" }),
            protocol: Some(ends.protocol.into()),
            local_address: local.as_deref(),
            remote_address: remote.as_deref(),
            local_port: (ends.local_port != 0).then_some(ends.local_port.into()),
            remote_port: connected.then_some(ends.remote_port.into()),
            owner_uid: Some(&self.account),
            success: (action == "SOCKET_CONNECT").then_some(i32::from(!failed)),
            error: failed.then(|| i32::try_from(fixed.error).unwrap_or(i32::MAX)),
            bytes_sent: counted.then(|| signed(fixed.bytes_sent)),
            bytes_received: counted.then(|| signed(fixed.bytes_received)),
            duration_us: ended
                .then(|| signed(actor.time_ns.saturating_sub(fixed.began_ns) / 1_000)),
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
