// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_io_uring_events`.

use super::{Texts, call_rows, text};
use crate::decode::{Context, Made};
use crate::record::{Call, until_nul};
use evtables_schema::generated::io_uring_events;
use evtables_sdk::Outcome;
use std::net::IpAddr;

const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

call_rows!(
    /// Collects rows of io_uring.
    IoUringRows,
    io_uring_events,
    ring_row
);

/// `enum io_uring_op`, as far as bpf/misc.bpf.c tells of it.
fn operation(number: u64) -> Option<&'static str> {
    Some(match number {
        13 => "ACCEPT",
        16 => "CONNECT",
        18 => "OPENAT",
        28 => "OPENAT2",
        35 => "RENAMEAT",
        36 => "UNLINKAT",
        37 => "MKDIRAT",
        38 => "SYMLINKAT",
        39 => "LINKAT",
        41 => "FSETXATTR",
        42 => "SETXATTR",
        45 => "SOCKET",
        46 => "URING_CMD",
        56 => "BIND",
        57 => "LISTEN",
        _ => return None,
    })
}

/// Address and port of a `struct sockaddr_in` or `sockaddr_in6`.
fn address(bytes: &[u8]) -> Option<(IpAddr, u16)> {
    let (family, rest) = bytes.split_first_chunk()?;
    let (port, rest) = rest.split_first_chunk()?;
    let address = match u16::from_ne_bytes(*family) {
        AF_INET => IpAddr::from(*rest.first_chunk::<4>()?),
        // Behind the flow.
        AF_INET6 => IpAddr::from(*rest.get(4..)?.first_chunk::<16>()?),
        _ => return None,
    };
    Some((address, u16::from_be_bytes(*port)))
}

fn write_name(out: &mut String, bytes: &[u8]) {
    out.clear();
    text::push_lossless(out, until_nul(bytes));
}

fn ring_row(
    builder: &mut io_uring_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let [number, ..] = call.fixed.args;
    let Some(operation) = operation(number) else {
        return Made::No(Outcome::Lost, "unknown_operation");
    };
    write_name(&mut texts.first, call.first.given);
    write_name(&mut texts.second, call.second.given);
    let remote = if operation == "CONNECT" { address(call.data) } else { None };
    let shown = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    builder.push(&io_uring_events::linux::Row {
        action: "IO_URING_SUBMIT",
        operation,
        target_path: shown(&texts.first).as_deref(),
        source_path: shown(&texts.second).as_deref(),
        remote_address: remote.map(|(address, _)| address.to_string()).as_deref(),
        remote_port: remote.map(|(_, port)| port.into()),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
    });
    Made::Row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_both_families() {
        let mut v4 = AF_INET.to_ne_bytes().to_vec();
        v4.extend_from_slice(&[0x1f, 0x90, 192, 0, 2, 1, 0, 0, 0, 0]);
        assert_eq!(address(&v4), Some((IpAddr::from([192, 0, 2, 1]), 8080)));
        let mut v6 = AF_INET6.to_ne_bytes().to_vec();
        v6.extend_from_slice(&[0, 80, 0, 0, 0, 0]);
        v6.extend_from_slice(&[0; 15]);
        assert_eq!(address(&v6), None, "too short");
        v6.push(1);
        assert_eq!(address(&v6), Some((IpAddr::from(std::net::Ipv6Addr::LOCALHOST), 80)));
        assert_eq!(address(&[1, 0, 0, 0]), None);
    }
}
