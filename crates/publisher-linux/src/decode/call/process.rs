// SPDX-License-Identifier: Apache-2.0
//! Rows about two processes: `linux_process_open_events`, `linux_process_inject_events` and
//! `linux_signal_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made, signed};
use crate::record::Call;
use evtables_schema::generated::{process_open_events, remote_thread_events, signal_events};
use evtables_sdk::Outcome;

/// Requests of ptrace(2).
const PTRACE_ATTACH: u64 = 16;
const PTRACE_SEIZE: u64 = 0x4206;
const FMODE_READ: u64 = 1;
const FMODE_WRITE: u64 = 2;
const PTRACE_POKES: std::ops::RangeInclusive<u64> = 4..=6;

call_rows!(
    /// Collects rows of access to other processes.
    OpenRows,
    process_open_events,
    open_row
);
call_rows!(
    /// Collects rows of writing into other processes.
    InjectRows,
    remote_thread_events,
    inject_row
);
call_rows!(
    /// Collects rows of signals.
    SignalRows,
    signal_events,
    signal_row
);

/// Identity of the process that the record names, where its start is known.
fn target_guid(context: &Context, call: &Call<'_>) -> Option<u128> {
    let start = call.fixed.target_start_ns;
    (start != 0).then(|| context.guid_of(start, call.fixed.target_pid))
}

fn open_row(
    builder: &mut process_open_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let (access, by_name) = match (i64::from(call.fixed.call), call.arg(0)) {
        (libc::SYS_ptrace, PTRACE_ATTACH) => ("ptrace_attach", "READ|WRITE|CONTROL"),
        (libc::SYS_ptrace, PTRACE_SEIZE) => ("ptrace_seize", "READ|WRITE|CONTROL"),
        (libc::SYS_process_vm_readv, _) => ("process_vm_readv", "READ"),
        (libc::SYS_pidfd_getfd, _) => ("pidfd_getfd", "DUPLICATE"),
        // Of /proc/…/mem; what it was opened for, as the kernel has it.
        (libc::SYS_openat, FMODE_READ) => ("proc_mem", "READ"),
        (libc::SYS_openat, FMODE_WRITE) => ("proc_mem", "WRITE"),
        (libc::SYS_openat, _) => ("proc_mem", "READ|WRITE"),
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    builder.push(&process_open_events::linux::Row {
        action: "PROC_OPEN",
        src_pid: Some(call.actor.pid.into()),
        src_process_guid: Some(context.guid(&call.actor)),
        target_pid: Some(call.fixed.target_pid.into()),
        target_process_guid: target_guid(context, call),
        granted_access: Some(access),
        granted_access_value: Some(by_name),
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
    });
    Made::Row
}

fn inject_row(
    builder: &mut remote_thread_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let (action, address, size) = match (i64::from(call.fixed.call), call.arg(0)) {
        (libc::SYS_ptrace, request) if PTRACE_POKES.contains(&request) => {
            ("PTRACE_POKE", Some(call.arg(2)), Some(8))
        }
        (libc::SYS_ptrace, _) => ("PTRACE_SET_REGISTERS", None, None),
        (libc::SYS_process_vm_writev, _) => {
            ("VM_WRITE", None, u64::try_from(call.fixed.result).ok())
        }
        // All that one open of /proc/…/mem has written.
        (libc::SYS_write, _) => ("PROC_MEM_WRITE", None, Some(call.arg(2))),
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    texts.hexadecimal(0, address.unwrap_or(0));
    builder.push(&remote_thread_events::linux::Row {
        action,
        src_pid: Some(call.actor.pid.into()),
        src_process_guid: Some(context.guid(&call.actor)),
        target_pid: Some(call.fixed.target_pid.into()),
        target_process_guid: target_guid(context, call),
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        start_address: address.is_some().then_some(texts.own(0)),
        size: size.map(signed),
    });
    Made::Row
}

fn signal_row(
    builder: &mut signal_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    builder.push(&signal_events::linux::Row {
        action: "SIGNAL_SEND",
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        signal: i32::try_from(call.arg(0)).unwrap_or(0),
        target_pid: Some(call.fixed.target_pid.into()),
        target_process_guid: target_guid(context, call),
        target_path: None,
    });
    Made::Row
}
