// SPDX-License-Identifier: Apache-2.0
//! The tables, in the order in which they are loaded.

use super::calls::{CLOSES, EXECS, FILE_PATHS, OPENS, SPLICES, WRITES};
use super::{HookSpec, Place, Source, TableHooks, Way};
use crate::decode::{FileRows, ProcessRows, Rows};
use crate::record::kind;
use evtables_schema::generated as tables;

/// All of them. The first is the one that the others take their process columns from: it is always on.
pub(crate) static TABLES: &[TableHooks] = &[PROCESS, FILE];

fn rows<T: Rows + Default + 'static>() -> Box<dyn Rows> {
    Box::new(T::default())
}

const fn needed(name: &'static str, ways: &'static [Way]) -> HookSpec {
    HookSpec { name, needed: true, ways }
}

const PROCESS: TableHooks = TableHooks {
    spec: &tables::process_events::linux::TABLE,
    on: true,
    kinds: &[kind::EXEC, kind::FORK, kind::EXIT],
    derived: &[],
    hooks: &[
        needed("sched_process_exec", &[Way::trace(Source::Process, "process_exec")]),
        needed("sched_process_fork", &[Way::trace(Source::Process, "process_fork")]),
        needed("sched_process_exit", &[Way::trace(Source::Process, "process_exit")]),
    ],
    plans: &[],
    rows: rows::<ProcessRows>,
};

const FILE: TableHooks = TableHooks {
    spec: &tables::file_events::linux::TABLE,
    on: true,
    kinds: &[kind::FILE_CREATE, kind::FILE_WRITE, kind::FILE_PATH],
    derived: &[],
    hooks: &[
        needed("open", &[Way::call(Source::File, "file_open", Place::End(OPENS))]),
        needed("write", &[Way::call(Source::File, "file_write", Place::End(WRITES))]),
        needed("splice", &[Way::call(Source::File, "file_splice", Place::End(SPLICES))]),
        needed("close", &[Way::call(Source::File, "file_close", Place::Begin(CLOSES))]),
        needed(
            "close_range",
            &[Way::call(Source::File, "file_close_range", Place::Begin(&[libc::SYS_close_range]))],
        ),
        needed("execve", &[Way::call(Source::File, "file_exec", Place::Begin(EXECS))]),
        needed("sched_process_exit", &[Way::trace(Source::File, "file_exit")]),
        needed("unlink, rename, …", &[Way::call(Source::Call, "call_done", Place::Plans)]),
    ],
    plans: FILE_PATHS,
    rows: rows::<FileRows>,
};
