// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_file_events`.

use super::{
    Context, Made, Rows, account, seconds, signed, stat_device, text, write_argument, write_mode,
    write_path,
};
use crate::record::{Actor, Call, File, Inode, Record, kind};
use evtables_schema::EventBatch;
use evtables_schema::generated::file_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

/// `unlinkat` of a folder.
const AT_REMOVEDIR: u64 = 0x200;

/// Collects rows of files.
#[derive(Default)]
pub(crate) struct FileRows {
    builder: Builder,
    bytes: Vec<u8>,
    path: String,
    source: String,
    account: String,
    mode: String,
}

impl Rows for FileRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        match record {
            Record::File(file) => self.push_file(context, file),
            Record::Call(call) => self.push_call(context, call),
            _ => Made::Nothing,
        }
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

impl FileRows {
    fn push_file(&mut self, context: &Context, file: &File<'_>) -> Made {
        write_path(&mut self.path, &mut self.bytes, file.path, file.path_cut());
        let written = file.actor.kind == kind::FILE_WRITE;
        let action = if written { "FILE_WRITE" } else { "FILE_CREATE" };
        let bytes = written.then(|| signed(file.bytes));
        self.push_row(context, &file.actor, action, false, Some(&file.inode), bytes)
    }

    fn push_call(&mut self, context: &Context, call: &Call<'_>) -> Made {
        let Some(action) = action_of(call) else { return Made::No(Outcome::Lost, "unknown_call") };
        write_argument(&mut self.path, &mut self.bytes, call.first);
        let second = !call.second.given.is_empty();
        self.source.clear();
        if action == "FILE_SYMLINK" {
            // What it points to, as it stands in the link.
            text::push_lossless(&mut self.source, call.second.given);
        } else if second {
            write_argument(&mut self.source, &mut self.bytes, call.second);
        }
        let inode = Some(&call.inode).filter(|inode| inode.inode != 0);
        self.push_row(context, &call.actor, action, second, inode, None)
    }

    fn push_row(
        &mut self,
        context: &Context,
        actor: &Actor,
        action: &'static str,
        source: bool,
        inode: Option<&Inode>,
        bytes_written: Option<i64>,
    ) -> Made {
        account(&mut self.account, actor);
        if let Some(inode) = inode {
            write_mode(&mut self.mode, inode.mode.into());
        }
        self.builder.push(&Row {
            action,
            target_path: Some(&self.path),
            uid: Some(&self.account),
            time: context.time(actor),
            pid: Some(actor.pid.into()),
            process_guid: Some(context.guid(actor)),
            process_name: None,
            source_path: source.then_some(self.source.as_str()),
            file_type: inode.map(|inode| file_type(inode.mode)),
            mode: inode.map(|_| self.mode.as_str()),
            file_uid: inode.map(|inode| inode.uid.into()),
            file_gid: inode.map(|inode| inode.gid.into()),
            inode: inode.map(|inode| signed(inode.inode)),
            device: inode.map(|inode| signed(stat_device(inode.dev))),
            size: inode.map(|inode| signed(inode.size)),
            mtime: inode.map(|inode| seconds(inode.mtime_ns)),
            changed_ns: inode.map(|inode| inode.ctime_ns),
            bytes_written,
        });
        Made::Row
    }
}

/// The action of a call, by its number; `None` for one that is none of ours.
pub(super) fn action_of(call: &Call<'_>) -> Option<&'static str> {
    let number = i64::from(call.fixed.call);
    #[cfg(target_arch = "x86_64")]
    match number {
        libc::SYS_unlink => return Some("FILE_DELETE"),
        libc::SYS_rmdir => return Some("DIR_DELETE"),
        libc::SYS_mkdir => return Some("DIR_CREATE"),
        libc::SYS_mknod => return Some("FILE_CREATE"),
        libc::SYS_rename => return Some("FILE_RENAME"),
        libc::SYS_link => return Some("FILE_LINK"),
        libc::SYS_symlink => return Some("FILE_SYMLINK"),
        _ => {}
    }
    Some(match number {
        libc::SYS_unlinkat if call.arg(2) & AT_REMOVEDIR != 0 => "DIR_DELETE",
        libc::SYS_unlinkat => "FILE_DELETE",
        libc::SYS_mkdirat => "DIR_CREATE",
        libc::SYS_mknodat => "FILE_CREATE",
        libc::SYS_renameat | libc::SYS_renameat2 => "FILE_RENAME",
        libc::SYS_linkat => "FILE_LINK",
        libc::SYS_symlinkat => "FILE_SYMLINK",
        libc::SYS_truncate => "FILE_TRUNCATE",
        _ => return None,
    })
}

/// The word for a file's type.
fn file_type(mode: u32) -> &'static str {
    match mode & libc::S_IFMT {
        libc::S_IFREG => "file",
        libc::S_IFDIR => "directory",
        libc::S_IFLNK => "symlink",
        libc::S_IFIFO => "fifo",
        libc::S_IFSOCK => "socket",
        libc::S_IFCHR => "character_device",
        libc::S_IFBLK => "block_device",
        _ => "unknown",
    }
}
