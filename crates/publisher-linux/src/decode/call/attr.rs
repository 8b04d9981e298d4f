// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_file_attr_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made, write_mode};
use crate::hooks::FCHMODAT2;
use crate::record::Call;
use evtables_schema::generated::file_attr_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

const SET_ID_BITS: u64 = 0o6000;

call_rows!(
    /// Collects rows of attributes.
    AttrRows,
    file_attr_events,
    row
);

/// What changes, and at which arguments (from 0 on) the new values stand.
#[derive(Clone, Copy)]
enum Change {
    Mode(usize),
    Owner(usize, usize),
    Set,
    Remove,
}

fn change_of(number: i64) -> Option<Change> {
    if let Some(change) = legacy_change_of(number) {
        return Some(change);
    }
    Some(match number {
        libc::SYS_fchmod => Change::Mode(1),
        libc::SYS_fchmodat | FCHMODAT2 => Change::Mode(2),
        libc::SYS_fchown => Change::Owner(1, 2),
        libc::SYS_fchownat => Change::Owner(2, 3),
        libc::SYS_setxattr | libc::SYS_lsetxattr | libc::SYS_fsetxattr => Change::Set,
        libc::SYS_removexattr | libc::SYS_lremovexattr | libc::SYS_fremovexattr => Change::Remove,
        _ => return None,
    })
}

#[cfg(target_arch = "x86_64")]
fn legacy_change_of(number: i64) -> Option<Change> {
    match number {
        libc::SYS_chmod => Some(Change::Mode(1)),
        libc::SYS_chown | libc::SYS_lchown => Some(Change::Owner(1, 2)),
        _ => None,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn legacy_change_of(_: i64) -> Option<Change> {
    None
}

/// At which argument (from 0 on) a new mode stands; `None` for a call that sets none.
pub(crate) fn new_mode_at(call: &Call<'_>) -> Option<usize> {
    match change_of(call.fixed.call.into())? {
        Change::Mode(at) => Some(at),
        _ => None,
    }
}

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let Some(change) = change_of(call.fixed.call.into()) else {
        return Made::No(Outcome::Lost, "unknown_call");
    };
    texts.plain_second(call);
    let before = call.before().filter(|_| call.from_file());
    let modes = [
        before.map(|old| u64::from(old.mode)),
        match change {
            Change::Mode(at) => Some(call.arg(at)),
            _ => None,
        },
    ];
    for (out, mode) in texts.own.iter_mut().zip(modes) {
        write_mode(out, mode.unwrap_or(0));
    }
    // The kernel's "leave it as it is" is -1.
    let id = |value: u64| u32::try_from(value & 0xffff_ffff).ok().filter(|id| *id != u32::MAX);
    let (new_uid, new_gid) = match change {
        Change::Owner(user, group) => (id(call.arg(user)), id(call.arg(group))),
        _ => (None, None),
    };
    let owner = matches!(change, Change::Owner(..));
    let mode = matches!(change, Change::Mode(_));
    let old_bits = before.map_or(0, |old| u64::from(old.mode));
    builder.push(&Row {
        action: match change {
            Change::Mode(_) => "FILE_CHMOD",
            Change::Owner(..) => "FILE_CHOWN",
            Change::Set => "FILE_SETXATTR",
            Change::Remove => "FILE_REMOVEXATTR",
        },
        target_path: Some(&texts.first),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        old_mode: (mode && before.is_some()).then_some(texts.own(0)),
        new_mode: mode.then_some(texts.own(1)),
        setid_added: modes[1].map(|new| i32::from(new & SET_ID_BITS & !old_bits != 0)),
        old_uid: before.filter(|_| owner).map(|old| old.uid.into()),
        new_uid: new_uid.map(i64::from),
        old_gid: before.filter(|_| owner).map(|old| old.gid.into()),
        new_gid: new_gid.map(i64::from),
        xattr_name: (!owner && !mode).then_some(texts.second.as_str()),
    });
    Made::Row
}
