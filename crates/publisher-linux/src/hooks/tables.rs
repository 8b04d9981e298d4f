// SPDX-License-Identifier: Apache-2.0
//! The tables, in the order in which they are loaded.

use super::calls::{
    ACCEPTS, BPFS, CLOSES, ELF_LINKS, ELF_MODES, ELF_RENAMES, EXECS, FILE_ATTRS, FILE_REST,
    FILE_TIMES, IDENTITIES, IMAGE_MAPS, IMAGES, LINKS, LOOKED_AT, MEMORIES, MKDIRS, MODULES,
    MOUNTS, NAMESPACES, OPENS, PIPES, PRCTLS, PROCESS_INJECTS, PROCESS_OPENS, RENAMES, SPLICES,
    SYMLINKS, UNLINKS, WRITES,
};
use super::{Function, HookSpec, Place, Planned, Source, TableHooks, Way};
use crate::decode::{
    AttrRows, BpfRows, ContainerRows, CredentialRows, DnsResponseRows, DnsRows, ElfRows, FileRows,
    HttpRows, ImageMapRows, ImageRows, InjectRows, IoUringRows, MediaRows, MemoryRows, ModuleRows,
    MountRows, NamespaceRows, OpenRows, PipeRows, PrctlRows, ProcessRows, Rows, SignalRows,
    SocketRows, SysctlRows, TimestompRows, TlsRows, UserRows,
};
use crate::record::kind;
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
    MEDIA,
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
    rows: rows::<ProcessRows>,
};

const FILE: TableHooks = TableHooks {
    spec: &tables::file_events::linux::TABLE,
    on: true,
    kinds: &[kind::FILE_CREATE, kind::FILE_WRITE, kind::FILE_PATH],
    derived: &[],
    hooks: &[
        OPENED,
        WRITTEN,
        SPLICED,
        CLOSED,
        CLOSED_RANGE,
        EXECUTED,
        ENDED,
        needed("unlink, rmdir", &[UNLINKED, planned(UNLINKS)]),
        needed("mkdir", &[MADE, planned(MKDIRS)]),
        needed("rename", &[RENAMED, planned(RENAMES)]),
        needed("link", &[LINKED, planned(LINKS)]),
        needed("symlink", &[POINTED, planned(SYMLINKS)]),
        needed("mknod, truncate", &[planned(FILE_REST)]),
        optional("open by io_uring", &[OPENED_BY_RING]),
    ],
    rows: rows::<FileRows>,
};

/// Executables: candidates come from here, the engine looks whether they are some.
const ELF: TableHooks = TableHooks {
    spec: &tables::pefile_events::linux::TABLE,
    on: true,
    kinds: &[kind::ELF_WRITE, kind::ELF_PATH],
    derived: &[],
    hooks: &[
        OPENED,
        WRITTEN,
        SPLICED,
        CLOSED,
        CLOSED_RANGE,
        EXECUTED,
        ENDED,
        needed("rename", &[RENAMED, planned(ELF_RENAMES)]),
        needed("link", &[LINKED, planned(ELF_LINKS)]),
        needed("chmod", &[planned(ELF_MODES)]),
    ],
    rows: rows::<ElfRows>,
};

// Written opens from their beginning to their end.
const OPENED: HookSpec = needed("open", &[Way::call(Source::File, "file_open", Place::End(OPENS))]);
const WRITTEN: HookSpec =
    needed("write", &[Way::call(Source::File, "file_write", Place::End(WRITES))]);
const SPLICED: HookSpec =
    needed("splice", &[Way::call(Source::File, "file_splice", Place::End(SPLICES))]);
const CLOSED: HookSpec =
    needed("close", &[Way::call(Source::File, "file_close", Place::Begin(CLOSES))]);
const CLOSED_RANGE: HookSpec = needed(
    "close_range",
    &[Way::call(Source::File, "file_close_range", Place::Begin(&[libc::SYS_close_range]))],
);
const EXECUTED: HookSpec =
    needed("execve", &[Way::call(Source::File, "file_exec", Place::Begin(EXECS))]);
const ENDED: HookSpec = needed("sched_process_exit", &[Way::trace(Source::File, "file_exit")]);

// Names that change. A table that takes one of them by its functions must have all kinds of record that the
// program sends (bpf/function.bpf.c) from there: a test compares.
const UNLINKED: Way = Way::functions(
    "unlink_done",
    &["unlink_begun", "rmdir_begun", "rmdir_done"],
    &[of("vfs_unlink", &[("dentry", 1)]), of("vfs_rmdir", &[("dentry", 1)])],
);
const MADE: Way =
    Way::functions("mkdir_done", &["mkdir_begun"], &[of("vfs_mkdir", &[("dentry", 1)])]);
const RENAMED: Way = Way::functions(
    "rename_done",
    &["rename_begun"],
    &[of("vfs_rename", &[("renamedata", 0), ("dentry", 3)])],
);
const LINKED: Way =
    Way::functions("link_done", &["link_begun"], &[of("vfs_link", &[("dentry", 2)])]);
const POINTED: Way =
    Way::functions("symlink_done", &["symlink_begun"], &[of("vfs_symlink", &[("dentry", 1)])]);

const OPENED_BY_RING: Way = Way::functions(
    "open_done",
    &[],
    &[Function { name: "do_filp_open", takes: &[("open_flags", 2)], has_owner: false }],
);

const fn of(name: &'static str, takes: &'static [(&'static str, usize)]) -> Function {
    Function { name, takes, has_owner: true }
}

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
    rows: rows::<DnsRows>,
};

const DNS_RESPONSE: TableHooks = TableHooks {
    spec: &tables::dns_response_events::linux::TABLE,
    on: true,
    kinds: &[kind::DNS_ANSWER],
    derived: &[],
    hooks: &[PACKET_IN, PACKET_OUT],
    rows: rows::<DnsResponseRows>,
};

/// Handshakes: who owns a connection is known from the sockets' hooks, where they are on.
const TLS: TableHooks = TableHooks {
    spec: &tables::ssl_events::linux::TABLE,
    on: true,
    kinds: &[kind::TLS],
    derived: &[],
    hooks: &[PACKET_OUT, PACKET_IN],
    rows: rows::<TlsRows>,
};

const HTTP: TableHooks = TableHooks {
    spec: &tables::http_events::linux::TABLE,
    on: true,
    kinds: &[kind::HTTP],
    derived: &[],
    hooks: &[PACKET_OUT, PACKET_IN],
    rows: rows::<HttpRows>,
};

/// What it does passes by the hooks of calls.
const IO_URING: TableHooks = TableHooks {
    spec: &tables::io_uring_events::linux::TABLE,
    on: true,
    kinds: &[kind::IO_URING],
    derived: &[],
    hooks: &[needed("io_uring_submit_req", &[Way::trace(Source::Misc, "ring_submitted")])],
    rows: rows::<IoUringRows>,
};

/// A program that does what plans say.
const fn planned(plans: &'static [Planned]) -> Way {
    Way::call(Source::Call, "call_done", Place::Plans(plans))
}

/// Looks at the file before the call changes it.
const BEFORE: HookSpec =
    optional("before", &[Way::call(Source::Call, "call_before", Place::Begin(LOOKED_AT))]);

const ATTR: TableHooks = TableHooks {
    spec: &tables::file_attr_events::linux::TABLE,
    on: true,
    kinds: &[kind::FILE_ATTR],
    derived: &[],
    hooks: &[needed("system calls", &[planned(FILE_ATTRS)]), BEFORE],
    rows: rows::<AttrRows>,
};

const TIMESTOMP: TableHooks = TableHooks {
    spec: &tables::file_timestomp_events::linux::TABLE,
    on: true,
    kinds: &[kind::FILE_TIMES],
    derived: &[],
    hooks: &[needed("system calls", &[planned(FILE_TIMES)]), BEFORE],
    rows: rows::<TimestompRows>,
};

const OPEN: TableHooks = TableHooks {
    spec: &tables::process_open_events::linux::TABLE,
    on: true,
    kinds: &[kind::PROCESS_OPEN],
    derived: &[],
    hooks: &[needed("system calls", &[planned(PROCESS_OPENS)]), optional("open", OPENED.ways)],
    rows: rows::<OpenRows>,
};

const INJECT: TableHooks = TableHooks {
    spec: &tables::remote_thread_events::linux::TABLE,
    on: true,
    kinds: &[kind::PROCESS_INJECT],
    derived: &[],
    hooks: &[
        needed("system calls", &[planned(PROCESS_INJECTS)]),
        optional("write", WRITTEN.ways),
        optional("close", CLOSED.ways),
        optional("close_range", CLOSED_RANGE.ways),
        optional("execve", EXECUTED.ways),
        optional("sched_process_exit", ENDED.ways),
    ],
    rows: rows::<InjectRows>,
};

const MEMORY: TableHooks = TableHooks {
    spec: &tables::memory_events::linux::TABLE,
    on: true,
    kinds: &[kind::MEMORY],
    derived: &[],
    hooks: &[needed("system calls", &[planned(MEMORIES)])],
    rows: rows::<MemoryRows>,
};

const IMAGE: TableHooks = TableHooks {
    spec: &tables::image_load_events::linux::TABLE,
    on: true,
    kinds: &[kind::IMAGE],
    derived: &[],
    hooks: &[needed("system calls", &[planned(IMAGES)])],
    rows: rows::<ImageRows>,
};

/// Off: each start of a program maps some.
const IMAGE_MAP: TableHooks = TableHooks {
    spec: &tables::image_load_process_map::linux::TABLE,
    on: false,
    kinds: &[kind::IMAGE_MAP],
    derived: &[],
    hooks: &[needed("system calls", &[planned(IMAGE_MAPS)])],
    rows: rows::<ImageMapRows>,
};

const NAMESPACE: TableHooks = TableHooks {
    spec: &tables::namespace_events::linux::TABLE,
    on: true,
    kinds: &[kind::NAMESPACE],
    derived: &[],
    hooks: &[needed("system calls", &[planned(NAMESPACES)])],
    rows: rows::<NamespaceRows>,
};

const MOUNT: TableHooks = TableHooks {
    spec: &tables::mount_events::linux::TABLE,
    on: true,
    kinds: &[kind::MOUNT],
    derived: &[],
    hooks: &[needed("system calls", &[planned(MOUNTS)])],
    rows: rows::<MountRows>,
};

const BPF: TableHooks = TableHooks {
    spec: &tables::bpf_events::linux::TABLE,
    on: true,
    kinds: &[kind::BPF],
    derived: &[],
    hooks: &[needed("system calls", &[planned(BPFS)])],
    rows: rows::<BpfRows>,
};

const MODULE: TableHooks = TableHooks {
    spec: &tables::kernel_module_events::linux::TABLE,
    on: true,
    kinds: &[kind::MODULE],
    derived: &[],
    hooks: &[needed("system calls", &[planned(MODULES)])],
    rows: rows::<ModuleRows>,
};

/// Off: ordinary programs ask for much.
const PRCTL: TableHooks = TableHooks {
    spec: &tables::prctl_events::linux::TABLE,
    on: false,
    kinds: &[kind::PRCTL],
    derived: &[],
    hooks: &[needed("system calls", &[planned(PRCTLS)])],
    rows: rows::<PrctlRows>,
};

const CREDENTIAL: TableHooks = TableHooks {
    spec: &tables::credential_events::linux::TABLE,
    on: true,
    kinds: &[kind::CREDENTIAL],
    derived: &[],
    hooks: CHANGES,
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
    rows: rows::<UserRows>,
};

/// Media that come and go are known without a hook (crate::media); these are their mounts.
const MEDIA: TableHooks = TableHooks {
    spec: &tables::removable_media_events::linux::TABLE,
    on: true,
    kinds: &[],
    derived: &[kind::MOUNT],
    hooks: &[optional("system calls", &[planned(MOUNTS)])],
    rows: rows::<MediaRows>,
};

const SIGNAL: TableHooks = TableHooks {
    spec: &tables::signal_events::linux::TABLE,
    on: true,
    kinds: &[kind::SIGNAL],
    derived: &[],
    hooks: &[needed("signal_generate", &[Way::trace(Source::Call, "signal_sent")])],
    rows: rows::<SignalRows>,
};

const PIPE: TableHooks = TableHooks {
    spec: &tables::named_pipe_events::linux::TABLE,
    on: true,
    kinds: &[kind::PIPE],
    derived: &[],
    hooks: &[
        needed("system calls", &[planned(PIPES)]),
        optional(
            "connect",
            &[Way::call(Source::Socket, "socket_connect", Place::End(&[libc::SYS_connect]))],
        ),
        optional(
            "bind",
            &[Way::call(Source::Socket, "socket_bind", Place::End(&[libc::SYS_bind]))],
        ),
    ],
    rows: rows::<PipeRows>,
};

const SYSCTL: TableHooks = TableHooks {
    spec: &tables::sysctl_events::linux::TABLE,
    on: true,
    kinds: &[kind::SYSCTL],
    derived: &[],
    hooks: &[needed("sysctl", &[Way::cgroup(Source::Misc, "sysctl_write", "cgroup/sysctl")])],
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
    rows: rows::<ContainerRows>,
};
