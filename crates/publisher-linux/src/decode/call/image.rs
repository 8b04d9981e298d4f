// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_image_load_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made, seconds, signed, stat_device};
use crate::record::Call;
use evtables_schema::generated::image_load_events::linux::{Builder, Row};

call_rows!(
    /// Collects rows of images.
    ImageRows,
    image_load_events,
    row
);

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let inode = &call.inode;
    builder.push(&Row {
        action: "IMAGE_LOAD",
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        image_path: Some(&texts.first),
        uid: Some(&texts.account),
        time: context.time(&call.actor),
        process_name: None,
        inode: Some(signed(inode.inode)),
        device: Some(signed(stat_device(inode.dev))),
        size: Some(signed(inode.size)),
        mtime: Some(seconds(inode.mtime_ns)),
        changed_ns: Some(inode.ctime_ns),
        deleted: Some(i32::from(inode.nlink == 0)),
    });
    Made::Row
}
