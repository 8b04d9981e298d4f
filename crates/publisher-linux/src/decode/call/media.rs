// SPDX-License-Identifier: Apache-2.0
//! Mounts, handed on for `linux_removable_media_events`: whether a medium is meant needs files, which the ring
//! thread never reads.

use super::Texts;
use super::mount::write_source;
use crate::decode::{Context, Made, Rows};
use crate::media::{MountAction, MountCall};
use crate::record::{Call, Record, until_nul};
use evtables_schema::EventBatch;
use evtables_schema::generated::removable_media_events::linux::Builder;

/// `MS_*` of mount(2) with which no file system comes: changed options, a second name, how changes spread.
const MS_MOVE: u64 = 1 << 13;
const NOTHING_NEW: u64 = 1 << 5 | 1 << 12 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20;

/// Hands on mounts and unmounts; its rows are made elsewhere.
#[derive(Default)]
pub(crate) struct MediaRows {
    texts: Texts,
}

impl Rows for MediaRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        if let (Record::Call(call), Some(queue)) = (record, &context.mounts)
            && let Some(action) = action(call)
        {
            self.texts.begin(call);
            write_source(&mut self.texts, call);
            queue.put(mount_call(&self.texts, action, context, call));
        }
        Made::Nothing
    }

    fn rows(&self) -> usize {
        0
    }

    fn finish(&mut self) -> EventBatch {
        Builder::default().finish()
    }
}

fn action(call: &Call<'_>) -> Option<MountAction> {
    match i64::from(call.fixed.call) {
        libc::SYS_mount if call.arg(3) & MS_MOVE != 0 => Some(MountAction::Move),
        libc::SYS_mount if call.arg(3) & NOTHING_NEW != 0 => None,
        libc::SYS_mount => Some(MountAction::Mount),
        libc::SYS_move_mount => Some(MountAction::Move),
        libc::SYS_umount2 => Some(MountAction::Unmount),
        _ => None,
    }
}

fn mount_call(texts: &Texts, action: MountAction, context: &Context, call: &Call<'_>) -> MountCall {
    let fstype = crate::media::lossless(until_nul(call.data));
    MountCall {
        action,
        time_ns: context.time(&call.actor),
        pid: call.actor.pid,
        process_guid: context.guid(&call.actor),
        account: texts.account.clone(),
        target: texts.first.clone(),
        source: Some(texts.second.clone()).filter(|source| !source.is_empty()),
        fstype: Some(fstype).filter(|fstype| action == MountAction::Mount && !fstype.is_empty()),
    }
}
