// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_mount_events`.

use super::{Texts, call_rows, text, write_argument};
use crate::decode::{Context, Made};
use crate::record::{Call, until_nul};
use evtables_schema::generated::mount_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

/// `MS_*` of mount(2), and what they are called.
const FLAGS: [(u64, &str); 11] = [
    (1, "ro"),
    (2, "nosuid"),
    (4, "nodev"),
    (8, "noexec"),
    (32, "remount"),
    (1_024, "noatime"),
    (4_096, "bind"),
    (8_192, "move"),
    (16_384, "rec"),
    (1 << 18, "private"),
    (1 << 20, "shared"),
];

/// What is mounted or moved: as the caller named it, of calls that take a path the whole path.
pub(super) fn write_source(texts: &mut Texts, call: &Call<'_>) {
    if i64::from(call.fixed.call) == libc::SYS_mount {
        return texts.plain_second(call);
    }
    texts.second.clear();
    if !call.second.given.is_empty() {
        write_argument(&mut texts.second, &mut texts.bytes, call.second);
    }
}

call_rows!(
    /// Collects rows of mounts.
    MountRows,
    mount_events,
    row
);

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let number = i64::from(call.fixed.call);
    let action = match number {
        libc::SYS_mount => "MOUNT",
        libc::SYS_umount2 => "UMOUNT",
        libc::SYS_move_mount => "MOUNT_MOVE",
        libc::SYS_pivot_root => "PIVOT_ROOT",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    let mount = number == libc::SYS_mount;
    write_source(texts, call);
    let [fstype, flags, ..] = &mut texts.own;
    fstype.clear();
    text::push_lossless(fstype, until_nul(call.data));
    flags.clear();
    for (_, word) in FLAGS.iter().filter(|(bit, _)| mount && call.arg(3) & bit != 0) {
        if !flags.is_empty() {
            flags.push(',');
        }
        flags.push_str(word);
    }
    builder.push(&Row {
        action,
        target_path: Some(&texts.first),
        source: (!texts.second.is_empty()).then_some(texts.second.as_str()),
        fstype: (mount && !texts.own(0).is_empty()).then_some(texts.own(0)),
        flags: mount.then_some(texts.own(1)),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
    });
    Made::Row
}
