// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_elf_file_events`: candidates, before somebody looked whether they are executables.

use super::{
    Context, Made, Rows, account, call, file, seconds, signed, stat_device, write_argument,
    write_mode, write_path,
};
use crate::record::{Actor, Call, File, Inode, Record};
use evtables_schema::EventBatch;
use evtables_schema::generated::pefile_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

/// Collects rows of files that may be executables.
#[derive(Default)]
pub(crate) struct ElfRows {
    builder: Builder,
    bytes: Vec<u8>,
    path: String,
    source: String,
    account: String,
    mode: String,
}

impl Rows for ElfRows {
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

impl ElfRows {
    fn push_file(&mut self, context: &Context, file: &File<'_>) -> Made {
        write_path(&mut self.path, &mut self.bytes, file.path, file.path_cut());
        write_mode(&mut self.mode, file.inode.mode.into());
        self.push_row(context, &file.actor, "FILE_WRITE", false, Some(&file.inode), file.elf());
        Made::Row
    }

    fn push_call(&mut self, context: &Context, call: &Call<'_>) -> Made {
        let Some((action, mode)) = action_of(call) else {
            return Made::No(Outcome::Lost, "unknown_call");
        };
        if call.from_file() {
            write_path(&mut self.path, &mut self.bytes, call.first.at, call.first.cut);
        } else {
            write_argument(&mut self.path, &mut self.bytes, call.first);
        }
        let second = !call.second.given.is_empty();
        if second {
            write_argument(&mut self.source, &mut self.bytes, call.second);
        }
        self.mode.clear();
        if let Some(at) = mode {
            write_mode(&mut self.mode, call.arg(at));
        }
        let inode = Some(&call.inode).filter(|inode| inode.inode != 0);
        self.push_row(context, &call.actor, action, second, inode, false);
        Made::Row
    }

    fn push_row(
        &mut self,
        context: &Context,
        actor: &Actor,
        action: &'static str,
        source: bool,
        inode: Option<&Inode>,
        elf: bool,
    ) {
        account(&mut self.account, actor);
        self.builder.push(&Row {
            action,
            target_path: Some(&self.path),
            uid: Some(&self.account),
            time: context.time(actor),
            pid: Some(actor.pid.into()),
            process_guid: Some(context.guid(actor)),
            process_name: None,
            source_path: source.then_some(self.source.as_str()),
            mode: (!self.mode.is_empty()).then_some(self.mode.as_str()),
            inode: inode.map(|inode| signed(inode.inode)),
            device: inode.map(|inode| signed(stat_device(inode.dev))),
            size: inode.map(|inode| signed(inode.size)),
            mtime: inode.map(|inode| seconds(inode.mtime_ns)),
            changed_ns: inode.map(|inode| inode.ctime_ns),
            elf_written: elf.then_some(1),
        });
    }
}

/// The action of a call, by its number, and at which argument (from 0 on) a new mode stands; `None` for
/// one that is none of ours.
fn action_of(call: &Call<'_>) -> Option<(&'static str, Option<usize>)> {
    if let Some(at) = call::new_mode_at(call) {
        return Some(("FILE_CHMOD", Some(at)));
    }
    let action = file::action_of(call)?;
    matches!(action, "FILE_RENAME" | "FILE_LINK").then_some((action, None))
}
