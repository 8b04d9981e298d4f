// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_namespace_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made, signed};
use crate::hooks::NAMESPACE_FLAGS;
use crate::record::Call;
use evtables_schema::generated::namespace_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

/// `CLONE_NEW*`.
const KINDS: [(u64, &str); 8] = [
    (0x0002_0000, "mnt"),
    (0x0200_0000, "cgroup"),
    (0x0400_0000, "uts"),
    (0x0800_0000, "ipc"),
    (0x1000_0000, "user"),
    (0x2000_0000, "pid"),
    (0x4000_0000, "net"),
    (0x0000_0080, "time"),
];

call_rows!(
    /// Collects rows of namespaces.
    NamespaceRows,
    namespace_events,
    row
);

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let child = || u32::try_from(call.fixed.result).ok().map(i64::from);
    let (action, flags, child_pid) = match i64::from(call.fixed.call) {
        libc::SYS_unshare => ("NAMESPACE_UNSHARE", call.arg(0), None),
        libc::SYS_setns => ("NAMESPACE_ENTER", call.arg(1), None),
        libc::SYS_clone => ("NAMESPACE_CLONE", call.arg(0) & !0x80, child()),
        libc::SYS_clone3 => ("NAMESPACE_CLONE", call.word(0).unwrap_or(0), child()),
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    let mut kinds = String::new();
    for (_, word) in KINDS.iter().filter(|(bit, _)| flags & NAMESPACE_FLAGS & bit != 0) {
        if !kinds.is_empty() {
            kinds.push(',');
        }
        kinds.push_str(word);
    }
    // The number of a namespace is that of its file.
    let inode = Some(call.inode.inode).filter(|inode| *inode != 0);
    builder.push(&Row {
        action,
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        namespaces: &kinds,
        namespace_inode: inode.map(signed),
        child_pid,
    });
    Made::Row
}
