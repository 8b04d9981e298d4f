// SPDX-License-Identifier: Apache-2.0
//! `win_network_stats`: the system's tables of TCP connections, with bytes where it counts them.

use crate::bytes::{port_at, u32_at};
use crate::sources::{Family, Network};
use evtables_schema::generated::network_stats::windows as table;
use evtables_sdk::StateRows;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Rows of one table.
const ROWS_MAX: usize = 200_000;
/// Connections whose bytes are asked for in one call: each is a question to the system.
const TRAFFIC_MAX: usize = 20_000;
const LISTEN: u32 = 2;

/// One connection or listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connection {
    pub(crate) state: u32,
    pub(crate) local: (IpAddr, u16),
    pub(crate) remote: (IpAddr, u16),
    pub(crate) pid: u32,
    /// As the system wants it back.
    row: Vec<u8>,
}

/// Reads one of the two tables.
pub(crate) fn read(family: Family, bytes: &[u8]) -> Vec<Connection> {
    let count = u32_at(bytes, 0).and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let rows = bytes.get(4..).unwrap_or_default();
    match family {
        Family::V4 => rows.chunks_exact(24).take(count.min(ROWS_MAX)).filter_map(v4).collect(),
        Family::V6 => rows.chunks_exact(56).take(count.min(ROWS_MAX)).filter_map(v6).collect(),
    }
}

/// State, local address and port, remote address and port, process.
fn v4(row: &[u8]) -> Option<Connection> {
    let address = |at: usize| Some(IpAddr::V4(Ipv4Addr::from(u32_at(row, at)?.to_le_bytes())));
    Some(Connection {
        state: u32_at(row, 0)?,
        local: (address(4)?, port_at(row, 8)?),
        remote: (address(12)?, port_at(row, 16)?),
        pid: u32_at(row, 20)?,
        row: row.get(..20)?.to_vec(),
    })
}

/// Local address, scope and port, the same of the other side, state, process.
fn v6(row: &[u8]) -> Option<Connection> {
    let address = |at: usize| {
        let bytes: [u8; 16] = row.get(at..at + 16)?.try_into().ok()?;
        Some(IpAddr::V6(Ipv6Addr::from(bytes)))
    };
    let mut asked = row.get(48..52)?.to_vec();
    asked.extend_from_slice(row.get(..48)?);
    Some(Connection {
        state: u32_at(row, 48)?,
        local: (address(0)?, port_at(row, 20)?),
        remote: (address(24)?, port_at(row, 44)?),
        pid: u32_at(row, 52)?,
        row: asked,
    })
}

pub(crate) fn rows(network: &dyn Network) -> Result<StateRows, String> {
    let adapters: HashMap<IpAddr, String> =
        network.adapters().into_iter().map(|(address, mac)| (address, shown_mac(&mac))).collect();
    let mut builder = table::Builder::default();
    let (mut asked, mut connections) = (0, 0);
    for family in [Family::V4, Family::V6] {
        for connection in read(family, &network.connections(family)?) {
            let is_listener = connection.state == LISTEN;
            connections += usize::from(!is_listener);
            let traffic = match !is_listener && asked < TRAFFIC_MAX {
                true => {
                    asked += 1;
                    network.traffic(family, &connection.row)
                }
                false => None,
            };
            let remote = (!is_listener).then_some(connection.remote);
            let mac = adapters.get(&connection.local.0).filter(|mac| !mac.is_empty());
            let bytes = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            builder.push(&table::Row {
                process_id: connection.pid.into(),
                tcp_connection_state: state(connection.state),
                mac_address: mac.map(String::as_str),
                remote_ip_address: remote.map(|(address, _)| address.to_string()).as_deref(),
                remote_port: remote.map(|(_, port)| port.into()),
                local_ip_address: &connection.local.0.to_string(),
                local_port: connection.local.1.into(),
                incoming_bytes: traffic.map(|(count, _)| bytes(count)),
                outgoing_bytes: traffic.map(|(_, count)| bytes(count)),
            });
        }
    }
    let cut =
        (asked < connections).then(|| format!("bytes: of {asked} of {connections} connections"));
    Ok(StateRows { batches: vec![builder.finish()], cut })
}

fn shown_mac(bytes: &[u8]) -> String {
    bytes.iter().enumerate().fold(String::new(), |mut text, (at, byte)| {
        // A text takes everything.
        let _ = write!(text, "{}{byte:02X}", if at == 0 { "" } else { "-" });
        text
    })
}

fn state(number: u32) -> &'static str {
    match number {
        1 => "CLOSED",
        2 => "LISTEN",
        3 => "SYN-SENT",
        4 => "SYN-RECEIVED",
        5 => "CONNECTION ESTABLISHED",
        6 => "FIN-WAIT-1",
        7 => "FIN-WAIT-2",
        8 => "CLOSE-WAIT",
        9 => "CLOSING",
        10 => "LAST-ACK",
        11 => "TIME-WAIT",
        12 => "DELETE-TCB",
        _ => "UNKNOWN",
    }
}
