// SPDX-License-Identifier: Apache-2.0
//! Connections: a row when one is made, accepted or closed; datagrams are one row per flow.

use super::counts::Outcome;
use super::{Decoder, origin, teller};
use crate::fields::events::network::{
    KernelTcpConnect, KernelTcpConnect6, KernelTcpOther, KernelTcpOther6, KernelUdp, KernelUdp6,
    TcpConnect, TcpConnect6, TcpOther, TcpOther6, Udp, Udp6,
};
use crate::raw::RawEvent;
use crate::state::flows::Flow;
use evtables_schema::generated::socket_events::windows::Row;
use std::net::IpAddr;

const TCP: u8 = 6;
const UDP: u8 = 17;

/// What a record says of a packet or connection.
struct Ends {
    pid: u32,
    d: (IpAddr, u16),
    s: (IpAddr, u16),
}

macro_rules! ends {
    ($decoder:ident, $event:ident, $layout:ident) => {{
        $decoder.note_version($event, &$layout::LAYOUT);
        let record = $layout::decode($event);
        ends(record.process_id, record.daddr.zip(record.dport), record.saddr.zip(record.sport))
    }};
}

fn ends(pid: Option<u32>, d: Option<(IpAddr, u16)>, s: Option<(IpAddr, u16)>) -> Option<Ends> {
    Some(Ends { pid: pid?, d: d?, s: s? })
}

impl Decoder {
    pub(super) fn manifest_network(&mut self, event: &RawEvent<'_>) -> Outcome {
        let ends = match event.id {
            12 | 15 => ends!(self, event, TcpConnect),
            28 | 31 => ends!(self, event, TcpConnect6),
            13 => ends!(self, event, TcpOther),
            29 => ends!(self, event, TcpOther6),
            42 | 43 => ends!(self, event, Udp),
            58 | 59 => ends!(self, event, Udp6),
            10 | 11 | 14 | 16 | 18 | 26 | 27 | 30 | 32 | 34 => return Outcome::LeftOut("data"),
            17 | 49 => return Outcome::LeftOut("failed"),
            _ => return Outcome::Unmapped,
        };
        let Some(ends) = ends else { return Outcome::LeftOut("cut_payload") };
        match event.id {
            42 | 58 => self.datagram(event, &ends, true),
            43 | 59 => self.datagram(event, &ends, false),
            id => self.connection(event, &ends, id & 0xf),
        }
    }

    pub(super) fn kernel_tcp(&mut self, event: &RawEvent<'_>) -> Outcome {
        let ends = match event.id {
            12 | 15 => ends!(self, event, KernelTcpConnect),
            28 | 31 => ends!(self, event, KernelTcpConnect6),
            13 => ends!(self, event, KernelTcpOther),
            29 => ends!(self, event, KernelTcpOther6),
            10 | 11 | 14 | 16 | 18 | 26 | 27 | 30 | 32 | 34 => return Outcome::LeftOut("data"),
            17 => return Outcome::LeftOut("failed"),
            _ => return Outcome::Unmapped,
        };
        let Some(ends) = ends else { return Outcome::LeftOut("cut_payload") };
        self.connection(event, &ends, event.id & 0xf)
    }

    pub(super) fn kernel_udp(&mut self, event: &RawEvent<'_>) -> Outcome {
        let ends = match event.id {
            10 | 11 => ends!(self, event, KernelUdp),
            26 | 27 => ends!(self, event, KernelUdp6),
            17 => return Outcome::LeftOut("failed"),
            _ => return Outcome::Unmapped,
        };
        let Some(ends) = ends else { return Outcome::LeftOut("cut_payload") };
        self.datagram(event, &ends, matches!(event.id, 10 | 26))
    }

    /// `what` is the id of version 4 or 6, whose lowest four bits are the same: 12 connect, 15
    /// accept, 13 disconnect.
    fn connection(&mut self, event: &RawEvent<'_>, ends: &Ends, what: u16) -> Outcome {
        let flow = Flow { protocol: TCP, pid: ends.pid, local: ends.s, remote: ends.d };
        if self.told_flows.told((flow, what), teller(event), event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        let (action, initiated) = match what {
            12 => ("SOCKET_CONNECT", Some(1)),
            15 => ("SOCKET_ACCEPT", Some(0)),
            _ => ("SOCKET_CLOSE", None),
        };
        if initiated.is_some() {
            self.packets.owned(flow.local, flow.remote, flow.pid);
        }
        self.push_socket(event, &flow, action, initiated);
        Outcome::Row
    }

    /// Sent: s is this machine. Received: the record holds the packet's own ends, so d is.
    fn datagram(&mut self, event: &RawEvent<'_>, ends: &Ends, sent: bool) -> Outcome {
        let (local, remote) = if sent { (ends.s, ends.d) } else { (ends.d, ends.s) };
        let flow = Flow { protocol: UDP, pid: ends.pid, local, remote };
        if !self.flows.begins(flow, event.time_ns) {
            return Outcome::LeftOut("same_flow");
        }
        let (action, initiated) = if sent { ("SOCKET_CONNECT", 1) } else { ("SOCKET_ACCEPT", 0) };
        self.push_socket(event, &flow, action, Some(initiated));
        Outcome::Row
    }

    fn push_socket(
        &mut self,
        event: &RawEvent<'_>,
        flow: &Flow,
        action: &'static str,
        initiated: Option<i32>,
    ) {
        let actor = self.actor(Some(flow.pid), event.time_ns);
        let origin = origin(event);
        let (local, remote) = (flow.local.0.to_string(), flow.remote.0.to_string());
        self.tables.socket.push(&Row {
            event_type: "SOCKET",
            action,
            time: event.time_ns,
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            family: Some(if flow.local.0.is_ipv4() { "AF_INET" } else { "AF_INET6" }),
            protocol: Some(flow.protocol.into()),
            local_address: Some(&local),
            remote_address: Some(&remote),
            local_port: Some(flow.local.1.into()),
            remote_port: Some(flow.remote.1.into()),
            owner_uid: actor.owner(),
            local_host_name: None,
            remote_host_name: None,
            initiated,
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }
}
