// SPDX-License-Identifier: Apache-2.0
//! The tables, in the order in which they are loaded.

use super::calls::{ACCEPTS, CLOSES, EXECS, FILE_PATHS, OPENS, SPLICES, WRITES};
use super::{HookSpec, Place, Source, TableHooks, Way};
use crate::decode::{DnsResponseRows, DnsRows, FileRows, ProcessRows, Rows, SocketRows};
use crate::record::kind;
use evtables_schema::generated as tables;

/// All of them. The first is the one that the others take their process columns from: it is always on.
pub(crate) static TABLES: &[TableHooks] = &[PROCESS, FILE, SOCKET, DNS, DNS_RESPONSE];

fn rows<T: Rows + Default + 'static>() -> Box<dyn Rows> {
    Box::new(T::default())
}

const fn needed(name: &'static str, ways: &'static [Way]) -> HookSpec {
    HookSpec { name, needed: true, ways }
}

const fn optional(name: &'static str, ways: &'static [Way]) -> HookSpec {
    HookSpec { name, needed: false, ways }
}

const PROCESS: TableHooks = TableHooks {
    spec: &tables::process_events::linux::TABLE,
    on: true,
    kinds: &[kind::EXEC, kind::FORK, kind::EXIT],
    derived: &[],
    hooks: &[
        needed("sched_process_exec", &[Way::trace(Source::Process, "process_exec")]),
        needed("sched_process_fork", &[Way::trace(Source::Process, "process_fork")]),
        needed("sched_process_exit", &[Way::trace(Source::Process, "process_exit")]),
    ],
    plans: &[],
    rows: rows::<ProcessRows>,
};

const FILE: TableHooks = TableHooks {
    spec: &tables::file_events::linux::TABLE,
    on: true,
    kinds: &[kind::FILE_CREATE, kind::FILE_WRITE, kind::FILE_PATH],
    derived: &[],
    hooks: &[
        needed("open", &[Way::call(Source::File, "file_open", Place::End(OPENS))]),
        needed("write", &[Way::call(Source::File, "file_write", Place::End(WRITES))]),
        needed("splice", &[Way::call(Source::File, "file_splice", Place::End(SPLICES))]),
        needed("close", &[Way::call(Source::File, "file_close", Place::Begin(CLOSES))]),
        needed(
            "close_range",
            &[Way::call(Source::File, "file_close_range", Place::Begin(&[libc::SYS_close_range]))],
        ),
        needed("execve", &[Way::call(Source::File, "file_exec", Place::Begin(EXECS))]),
        needed("sched_process_exit", &[Way::trace(Source::File, "file_exit")]),
        needed("unlink, rename, …", &[Way::call(Source::Call, "call_done", Place::Plans)]),
    ],
    plans: FILE_PATHS,
    rows: rows::<FileRows>,
};

const SOCKET: TableHooks = TableHooks {
    spec: &tables::socket_events::linux::TABLE,
    on: true,
    kinds: &[kind::SOCKET],
    derived: &[],
    hooks: &[
        needed("inet_sock_set_state", &[Way::trace(Source::Socket, "socket_state")]),
        needed(
            "connect",
            &[Way::call(Source::Socket, "socket_connect", Place::End(&[libc::SYS_connect]))],
        ),
        needed("accept", &[Way::call(Source::Socket, "socket_accept", Place::End(ACCEPTS))]),
        needed("bind", &[Way::call(Source::Socket, "socket_bind", Place::End(&[libc::SYS_bind]))]),
        optional("egress", PACKET_OUT.ways),
        optional("ingress", PACKET_IN.ways),
    ],
    plans: &[],
    rows: rows::<SocketRows>,
};

const PACKET_OUT: HookSpec =
    needed("egress", &[Way::cgroup(Source::Packet, "packet_out", "cgroup_skb/egress")]);
const PACKET_IN: HookSpec =
    needed("ingress", &[Way::cgroup(Source::Packet, "packet_in", "cgroup_skb/ingress")]);
const DNS: TableHooks = TableHooks {
    spec: &tables::dns_events::linux::TABLE,
    on: true,
    kinds: &[kind::DNS_QUERY],
    derived: &[],
    hooks: &[PACKET_OUT],
    plans: &[],
    rows: rows::<DnsRows>,
};

const DNS_RESPONSE: TableHooks = TableHooks {
    spec: &tables::dns_response_events::linux::TABLE,
    on: true,
    kinds: &[kind::DNS_ANSWER],
    derived: &[],
    hooks: &[PACKET_IN, PACKET_OUT],
    plans: &[],
    rows: rows::<DnsResponseRows>,
};
