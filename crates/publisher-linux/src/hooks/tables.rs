// SPDX-License-Identifier: Apache-2.0
//! The tables, in the order in which they are loaded.

use super::calls::{
    ACCEPTS, BPFS, CLOSES, ELFS, EXECS, FILE_ATTRS, FILE_PATHS, FILE_TIMES, IDENTITIES, IMAGE_MAPS,
    IMAGES, LOOKED_AT, MEMORIES, MODULES, MOUNTS, NAMESPACES, OPENS, PIPES, PRCTLS,
    PROCESS_INJECTS, PROCESS_OPENS, SPLICES, WRITES,
};
use super::{HookSpec, Place, Planned, Source, TableHooks, Way};
use crate::decode::{
    AttrRows, BpfRows, ContainerRows, CredentialRows, DnsResponseRows, DnsRows, ElfRows, FileRows,
    HttpRows, ImageMapRows, ImageRows, InjectRows, IoUringRows, MemoryRows, ModuleRows, MountRows,
    NamespaceRows, OpenRows, PipeRows, PrctlRows, ProcessRows, Rows, SignalRows, SocketRows,
    SysctlRows, TimestompRows, TlsRows, UserRows,
};
use crate::record::kind;
use evtables_schema::TableSpec;
use evtables_schema::generated as tables;

/// All of them. The first is the one that the others take their process columns from: it is always on.
pub(crate) static TABLES: &[TableHooks] = &[
    PROCESS,
    FILE,
    SOCKET,
    DNS,
    DNS_RESPONSE,
    ATTR,
    TIMESTOMP,
    OPEN,
    INJECT,
    MEMORY,
    IMAGE,
    NAMESPACE,
    MOUNT,
    BPF,
    MODULE,
    PRCTL,
    CREDENTIAL,
    SIGNAL,
    PIPE,
    SYSCTL,
    CONTAINER,
    TLS,
    HTTP,
    IO_URING,
    IMAGE_MAP,
    ELF,
    USER,
];

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
    hooks: WRITTEN,
    plans: FILE_PATHS,
    rows: rows::<FileRows>,
};

/// Written opens from their beginning to their end, and names that change.
const WRITTEN: &[HookSpec] = &[
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
];

/// Executables: candidates come from here, the engine looks whether they are some.
const ELF: TableHooks = TableHooks {
    spec: &tables::pefile_events::linux::TABLE,
    on: true,
    kinds: &[kind::ELF_WRITE, kind::ELF_PATH],
    derived: &[],
    hooks: WRITTEN,
    plans: ELFS,
    rows: rows::<ElfRows>,
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

/// Handshakes: who owns a connection is known from the sockets' hooks, where they are on.
const TLS: TableHooks = TableHooks {
    spec: &tables::ssl_events::linux::TABLE,
    on: true,
    kinds: &[kind::TLS],
    derived: &[],
    hooks: &[PACKET_OUT, PACKET_IN],
    plans: &[],
    rows: rows::<TlsRows>,
};

const HTTP: TableHooks = TableHooks {
    spec: &tables::http_events::linux::TABLE,
    on: true,
    kinds: &[kind::HTTP],
    derived: &[],
    hooks: &[PACKET_OUT, PACKET_IN],
    plans: &[],
    rows: rows::<HttpRows>,
};

/// What it does passes by the hooks of calls.
const IO_URING: TableHooks = TableHooks {
    spec: &tables::io_uring_events::linux::TABLE,
    on: true,
    kinds: &[kind::IO_URING],
    derived: &[],
    hooks: &[needed("io_uring_submit_req", &[Way::trace(Source::Misc, "ring_submitted")])],
    plans: &[],
    rows: rows::<IoUringRows>,
};

const CALLS: &[Way] = &[Way::call(Source::Call, "call_done", Place::Plans)];

/// A table that is filled by plans alone.
const fn planned(
    spec: &'static TableSpec,
    on: bool,
    kinds: &'static [u16],
    plans: &'static [Planned],
    rows: fn() -> Box<dyn Rows>,
) -> TableHooks {
    const CALL: &[HookSpec] = &[needed("system calls", CALLS)];
    TableHooks { spec, on, kinds, derived: &[], hooks: CALL, plans, rows }
}

/// Looks at the file before the call changes it.
const BEFORE: HookSpec =
    optional("before", &[Way::call(Source::Call, "call_before", Place::Begin(LOOKED_AT))]);

const ATTR: TableHooks = TableHooks {
    hooks: &[needed("system calls", CALLS), BEFORE],
    ..planned(
        &tables::file_attr_events::linux::TABLE,
        true,
        &[kind::FILE_ATTR],
        FILE_ATTRS,
        rows::<AttrRows>,
    )
};

const TIMESTOMP: TableHooks = TableHooks {
    hooks: &[needed("system calls", CALLS), BEFORE],
    ..planned(
        &tables::file_timestomp_events::linux::TABLE,
        true,
        &[kind::FILE_TIMES],
        FILE_TIMES,
        rows::<TimestompRows>,
    )
};

const OPEN: TableHooks = planned(
    &tables::process_open_events::linux::TABLE,
    true,
    &[kind::PROCESS_OPEN],
    PROCESS_OPENS,
    rows::<OpenRows>,
);

const INJECT: TableHooks = planned(
    &tables::remote_thread_events::linux::TABLE,
    true,
    &[kind::PROCESS_INJECT],
    PROCESS_INJECTS,
    rows::<InjectRows>,
);

const MEMORY: TableHooks = planned(
    &tables::memory_events::linux::TABLE,
    true,
    &[kind::MEMORY],
    MEMORIES,
    rows::<MemoryRows>,
);

const IMAGE: TableHooks = planned(
    &tables::image_load_events::linux::TABLE,
    true,
    &[kind::IMAGE],
    IMAGES,
    rows::<ImageRows>,
);

/// Off: each start of a program maps some.
const IMAGE_MAP: TableHooks = planned(
    &tables::image_load_process_map::linux::TABLE,
    false,
    &[kind::IMAGE_MAP],
    IMAGE_MAPS,
    rows::<ImageMapRows>,
);

const NAMESPACE: TableHooks = planned(
    &tables::namespace_events::linux::TABLE,
    true,
    &[kind::NAMESPACE],
    NAMESPACES,
    rows::<NamespaceRows>,
);

const MOUNT: TableHooks =
    planned(&tables::mount_events::linux::TABLE, true, &[kind::MOUNT], MOUNTS, rows::<MountRows>);

const BPF: TableHooks =
    planned(&tables::bpf_events::linux::TABLE, true, &[kind::BPF], BPFS, rows::<BpfRows>);

const MODULE: TableHooks = planned(
    &tables::kernel_module_events::linux::TABLE,
    true,
    &[kind::MODULE],
    MODULES,
    rows::<ModuleRows>,
);

/// Off: ordinary programs ask for much.
const PRCTL: TableHooks =
    planned(&tables::prctl_events::linux::TABLE, false, &[kind::PRCTL], PRCTLS, rows::<PrctlRows>);

const CREDENTIAL: TableHooks = TableHooks {
    spec: &tables::credential_events::linux::TABLE,
    on: true,
    kinds: &[kind::CREDENTIAL],
    derived: &[],
    hooks: CHANGES,
    plans: &[],
    rows: rows::<CredentialRows>,
};

const CHANGES: &[HookSpec] = &[
    needed("before", &[Way::call(Source::Call, "identity_before", Place::Begin(IDENTITIES))]),
    needed("after", &[Way::call(Source::Call, "identity_after", Place::End(IDENTITIES))]),
];

/// Who becomes another user; who logs in is known from files (crate `publisher-tail`).
const USER: TableHooks = TableHooks {
    spec: &tables::user_events::linux::TABLE,
    on: true,
    kinds: &[],
    derived: &[kind::CREDENTIAL],
    hooks: CHANGES,
    plans: &[],
    rows: rows::<UserRows>,
};

const SIGNAL: TableHooks = TableHooks {
    spec: &tables::signal_events::linux::TABLE,
    on: true,
    kinds: &[kind::SIGNAL],
    derived: &[],
    hooks: &[needed("signal_generate", &[Way::trace(Source::Call, "signal_sent")])],
    plans: &[],
    rows: rows::<SignalRows>,
};

const PIPE: TableHooks = TableHooks {
    hooks: &[
        needed("system calls", CALLS),
        optional(
            "connect",
            &[Way::call(Source::Socket, "socket_connect", Place::End(&[libc::SYS_connect]))],
        ),
        optional(
            "bind",
            &[Way::call(Source::Socket, "socket_bind", Place::End(&[libc::SYS_bind]))],
        ),
    ],
    ..planned(
        &tables::named_pipe_events::linux::TABLE,
        true,
        &[kind::PIPE],
        PIPES,
        rows::<PipeRows>,
    )
};

const SYSCTL: TableHooks = TableHooks {
    spec: &tables::sysctl_events::linux::TABLE,
    on: true,
    kinds: &[kind::SYSCTL],
    derived: &[],
    hooks: &[needed("sysctl", &[Way::cgroup(Source::Misc, "sysctl_write", "cgroup/sysctl")])],
    plans: &[],
    rows: rows::<SysctlRows>,
};

const CONTAINER: TableHooks = TableHooks {
    spec: &tables::container_events::linux::TABLE,
    on: true,
    kinds: &[kind::CONTAINER],
    derived: &[],
    hooks: &[
        needed("cgroup_mkdir", &[Way::trace(Source::Misc, "control_group_made")]),
        needed("cgroup_rmdir", &[Way::trace(Source::Misc, "control_group_removed")]),
        needed("cgroup_attach_task", &[Way::trace(Source::Misc, "control_group_entered")]),
    ],
    plans: &[],
    rows: rows::<ContainerRows>,
};
