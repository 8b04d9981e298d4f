// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_sysctl_events` and `linux_container_events`.

use super::{Texts, call_rows, text};
use crate::decode::{Context, Made, container, signed};
use crate::record::{Call, until_nul};
use evtables_schema::generated::{container_events, sysctl_events};
use evtables_sdk::Outcome;

call_rows!(
    /// Collects rows of settings of the kernel.
    SysctlRows,
    sysctl_events,
    sysctl_row
);
call_rows!(
    /// Collects rows of containers.
    ContainerRows,
    container_events,
    container_row
);

/// Texts of the kernel side end with a NUL; values with a line feed, too.
fn write_value(out: &mut String, bytes: &[u8]) {
    out.clear();
    text::push_lossless(out, until_nul(bytes).trim_ascii_end());
}

fn sysctl_row(
    builder: &mut sysctl_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    write_value(&mut texts.first, call.first.given);
    let name = texts.first.replace('/', ".");
    write_value(&mut texts.second, call.second.given);
    let [new, ..] = &mut texts.own;
    write_value(new, call.data);
    builder.push(&sysctl_events::linux::Row {
        action: "SYSCTL_WRITE",
        name: &name,
        old_value: Some(&texts.second),
        new_value: Some(texts.own(0)),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
    });
    Made::Row
}

fn container_row(
    builder: &mut container_events::linux::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let action = match call.arg(0) {
        1 => "CONTAINER_CREATE",
        2 => "CONTAINER_REMOVE",
        3 => "CONTAINER_ENTER",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    let enters = action == "CONTAINER_ENTER";
    texts.plain_first(call);
    // A container has groups of its own below its group: they are none.
    let path = texts.first.as_str();
    let named = if enters { path } else { path.rsplit('/').next().unwrap_or_default() };
    if container::of_cgroup(named).is_none() {
        return Made::No(Outcome::Filtered, "no_container");
    }
    let Some(container) = container::of_cgroup(path) else {
        return Made::No(Outcome::Filtered, "no_container");
    };
    let start = call.fixed.target_start_ns;
    builder.push(&container_events::linux::Row {
        action,
        container_id: container.id,
        container_runtime: Some(container.runtime).filter(|runtime| !runtime.is_empty()),
        cgroup_path: path,
        cgroup_id: signed(call.arg(1)),
        target_pid: enters.then_some(call.fixed.target_pid.into()),
        target_process_guid: enters.then(|| context.guid_of(start, call.fixed.target_pid)),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
    });
    Made::Row
}
