// SPDX-License-Identifier: Apache-2.0
//! Rows about what is put into the kernel: `linux_bpf_events`, `linux_kernel_module_events`, and what is
//! asked of it by prctl: `linux_prctl_events`.

use super::{Texts, call_rows, text};
use crate::decode::{Context, Made, signed};
use crate::record::{Call, until_nul};
use evtables_schema::generated::{bpf_events, kernel_module_events, prctl_events};
use evtables_sdk::Outcome;

/// `enum bpf_prog_type`, by number.
const PROGRAM_TYPES: [&str; 33] = [
    "unspec",
    "socket_filter",
    "kprobe",
    "sched_cls",
    "sched_act",
    "tracepoint",
    "xdp",
    "perf_event",
    "cgroup_skb",
    "cgroup_sock",
    "lwt_in",
    "lwt_out",
    "lwt_xmit",
    "sock_ops",
    "sk_skb",
    "cgroup_device",
    "sk_msg",
    "raw_tracepoint",
    "cgroup_sock_addr",
    "lwt_seg6local",
    "lirc_mode2",
    "sk_reuseport",
    "flow_dissector",
    "cgroup_sysctl",
    "raw_tracepoint_writable",
    "cgroup_sockopt",
    "tracing",
    "struct_ops",
    "ext",
    "lsm",
    "sk_lookup",
    "syscall",
    "netfilter",
];
/// Where `prog_name` stands in the load attributes of bpf(2), and how long it may be.
const PROGRAM_NAME: std::ops::Range<usize> = 48..64;

call_rows!(
    /// Collects rows of BPF.
    BpfRows,
    bpf_events,
    bpf_row
);
call_rows!(
    /// Collects rows of modules.
    ModuleRows,
    kernel_module_events,
    module_row
);
call_rows!(
    /// Collects rows of prctl.
    PrctlRows,
    prctl_events,
    prctl_row
);

fn bpf_row(
    builder: &mut bpf_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let action = match call.arg(0) {
        5 => "BPF_PROG_LOAD",
        8 => "BPF_PROG_ATTACH",
        17 => "BPF_RAW_TRACEPOINT_OPEN",
        28 => "BPF_LINK_CREATE",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    let load = action == "BPF_PROG_LOAD";
    let kind = call.half(0).and_then(|kind| usize::try_from(kind).ok());
    let name = call.data.get(PROGRAM_NAME).unwrap_or_default();
    texts.first.clear();
    text::push_lossless(&mut texts.first, until_nul(name));
    builder.push(&bpf_events::linux::Row {
        action,
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        program_type: kind
            .filter(|_| load)
            .map(|kind| PROGRAM_TYPES.get(kind).copied().unwrap_or("other")),
        program_name: (load && !texts.first.is_empty()).then_some(texts.first.as_str()),
        instructions: call.half(4).filter(|_| load).map(i64::from),
    });
    Made::Row
}

fn module_row(
    builder: &mut kernel_module_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let number = i64::from(call.fixed.call);
    let action = match number {
        libc::SYS_init_module | libc::SYS_finit_module => "MODULE_LOAD",
        libc::SYS_delete_module => "MODULE_UNLOAD",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    texts.plain_second(call);
    let unload = action == "MODULE_UNLOAD";
    let path = (number == libc::SYS_finit_module).then(|| texts.first.clone());
    if unload {
        texts.plain_first(call);
    } else if let Some(path) = &path {
        // The name is that of the file, as modprobe derives it.
        let file = path.rsplit('/').next().unwrap_or_default();
        texts.first = file.split('.').next().unwrap_or_default().replace('-', "_");
    }
    builder.push(&kernel_module_events::linux::Row {
        action,
        module_name: (unload || path.is_some()).then_some(texts.first.as_str()),
        module_path: path.as_deref(),
        parameters: (!unload).then_some(texts.second.as_str()),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
    });
    Made::Row
}

fn prctl_row(
    builder: &mut prctl_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let option = match call.arg(0) {
        1 => "PR_SET_PDEATHSIG",
        4 => "PR_SET_DUMPABLE",
        8 => "PR_SET_KEEPCAPS",
        22 => "PR_SET_SECCOMP",
        24 => "PR_CAPBSET_DROP",
        28 => "PR_SET_SECUREBITS",
        35 => "PR_SET_MM",
        36 => "PR_SET_CHILD_SUBREAPER",
        38 => "PR_SET_NO_NEW_PRIVS",
        47 => "PR_CAP_AMBIENT",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    builder.push(&prctl_events::linux::Row {
        action: "PRCTL",
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        option,
        value: signed(call.arg(1)),
    });
    Made::Row
}
