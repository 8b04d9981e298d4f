// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_image_load_events` and `linux_image_load_process_map`.

use super::memory::protection;
use super::{Texts, call_rows};
use crate::decode::{Context, Made, seconds, signed, stat_device};
use crate::record::Call;
use evtables_schema::generated::image_load_events::linux::{Builder, Row};
use evtables_schema::generated::image_load_process_map::linux::{
    Builder as MapBuilder, Row as MapRow,
};

call_rows!(
    /// Collects rows of images.
    ImageRows,
    image_load_events,
    row
);
call_rows!(
    /// Collects rows of mapped images.
    ImageMapRows,
    image_load_process_map,
    map_row
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

fn map_row(
    builder: &mut MapBuilder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let inode = &call.inode;
    texts.hexadecimal(0, call.fixed.result.cast_unsigned());
    let size = call.arg(1).to_string();
    builder.push(&MapRow {
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        image_size: Some(&size),
        image_path: Some(&texts.first),
        image_memory_mode: Some("User"),
        image_base: Some(texts.own(0)),
        time: context.time(&call.actor),
        process_name: None,
        image_offset: Some(signed(call.arg(5))),
        protection: Some(protection(call.arg(2))),
        owner_uid: Some(&texts.account),
        inode: Some(signed(inode.inode)),
        device: Some(signed(stat_device(inode.dev))),
        size: Some(signed(inode.size)),
        mtime: Some(seconds(inode.mtime_ns)),
        changed_ns: Some(inode.ctime_ns),
    });
    Made::Row
}
