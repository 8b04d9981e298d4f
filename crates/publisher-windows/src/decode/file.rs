// SPDX-License-Identifier: Apache-2.0
//! Files and pipes. Opens and names teach which file an object is; a row is made when a file is
//! made, written the first time through a handle, renamed or deleted.

use super::counts::Outcome;
use super::tables::{Actor, Origin};
use super::{Decoder, origin, teller};
use crate::fields::events::file::{
    FileCreate, FileInformation, FileName, FileOperationEnd, FilePath, FileReadWrite, FileSimple,
    KernelFileCreate, KernelFileInformation, KernelFileName, KernelFileOperationEnd,
    KernelFilePath, KernelFileReadWrite, KernelFileSimple,
};
use crate::raw::RawEvent;
use crate::state::files::Opening;
use crate::state::paths::{looks_executable, pipe_name};
use evtables_schema::generated::file_events::windows::Row as FileRow;
use evtables_schema::generated::named_pipe_events::windows::Row as PipeRow;
use evtables_schema::generated::pefile_events::windows::Row as PeRow;
use std::sync::Arc;

/// Disposition of an open that never makes a file.
const DISPOSITION_OPEN: u32 = 1;

/// What the end of an open says when it made the file.
const MADE: u64 = 2;

/// Information that is set to delete a file when its last handle is closed.
const DISPOSITION_CLASSES: [u32; 2] = [13, 64];

/// Information with the times of a file.
const BASIC_CLASS: u32 = 4;

/// An open as both kinds of record tell it.
struct Open {
    irp: u64,
    object: u64,
    options: u32,
    path: Option<Arc<str>>,
}

/// An operation on an open file.
#[derive(Clone, Copy)]
struct Operation {
    irp: u64,
    object: u64,
    key: u64,
}

impl Decoder {
    pub(super) fn manifest_file(&mut self, event: &RawEvent<'_>) -> Outcome {
        let layout = match event.id {
            10 | 11 => &FileName::LAYOUT,
            24 => &FileOperationEnd::LAYOUT,
            _ => &FileCreate::LAYOUT,
        };
        self.note_version(event, layout);
        match event.id {
            10 | 11 => {
                let name = FileName::decode(event);
                self.file_name(name.file_key, self.path(name.file_name), event.id == 10)
            }
            12 | 30 => {
                let open = FileCreate::decode(event);
                let path = self.path(open.file_name);
                let open = opened(open.irp, open.file_object, open.create_options, path);
                open.map_or(Outcome::LeftOut("cut_payload"), |open| {
                    self.file_opened(event, open, event.id == 30)
                })
            }
            13 | 21 => Outcome::LeftOut("no_change"),
            14 => {
                let close = FileSimple::decode(event);
                self.file_closed(close.file_object, event.time_ns)
            }
            15 => Outcome::LeftOut("read"),
            16 => {
                let write = FileReadWrite::decode(event);
                let operation = operation(write.irp, write.file_object, write.file_key);
                self.file_written(event, operation)
            }
            17 | 18 => {
                let set = FileInformation::decode(event);
                let operation = operation(set.irp, set.file_object, set.file_key);
                let value = set.extra_information.unwrap_or(0);
                self.file_information(event, operation, set.info_class, value)
            }
            19 | 29 => Outcome::LeftOut("told_by_path"),
            24 => {
                let end = FileOperationEnd::decode(event);
                self.file_request_ended(event, end.irp, end.extra_information, end.status)
            }
            26..=28 => {
                let change = FilePath::decode(event);
                let operation = operation(change.irp, change.file_object, change.file_key);
                let path = self.path(change.file_path);
                self.file_moved(event, operation, path, event.id)
            }
            20 | 22 | 23 | 25 | 31..=34 => Outcome::LeftOut("no_change"),
            _ => Outcome::Unmapped,
        }
    }

    pub(super) fn kernel_file(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &KernelFileCreate::LAYOUT);
        match event.id {
            36 => {
                let there = KernelFileName::decode(event);
                match (there.file_object, self.path(there.file_name)) {
                    (Some(key), Some(path)) => self.files.seeded(key, &path),
                    _ => return Outcome::LeftOut("cut_payload"),
                }
                Outcome::Learnt
            }
            0 | 32 | 35 => {
                let name = KernelFileName::decode(event);
                self.file_name(name.file_object, self.path(name.file_name), event.id != 35)
            }
            64 => {
                let open = KernelFileCreate::decode(event);
                let path = self.path(open.file_name);
                let open = opened(open.irp, open.file_object, open.create_options, path);
                open.map_or(Outcome::LeftOut("cut_payload"), |open| {
                    self.file_opened(event, open, false)
                })
            }
            66 => {
                let close = KernelFileSimple::decode(event);
                self.file_closed(close.file_object, event.time_ns)
            }
            68 => {
                let write = KernelFileReadWrite::decode(event);
                let operation = operation(write.irp, write.file_object, write.file_key);
                self.file_written(event, operation)
            }
            69 | 70 => {
                let set = KernelFileInformation::decode(event);
                let operation = operation(set.irp, set.file_object, set.file_key);
                let value = set.extra_information.unwrap_or(0);
                self.file_information(event, operation, set.info_class, value)
            }
            76 => {
                let end = KernelFileOperationEnd::decode(event);
                self.file_request_ended(event, end.irp, end.extra_information, end.status)
            }
            79..=81 => {
                let change = KernelFilePath::decode(event);
                let operation = operation(change.irp, change.file_object, change.file_key);
                let path = self.path(change.file_path);
                self.file_moved(event, operation, path, event.id - 53)
            }
            67 => Outcome::LeftOut("read"),
            71 => Outcome::LeftOut("told_by_path"),
            65 | 72..=75 | 77 => Outcome::LeftOut("no_change"),
            _ => Outcome::Unmapped,
        }
    }

    fn file_name(&mut self, key: Option<u64>, path: Option<Arc<str>>, given: bool) -> Outcome {
        match (key, path) {
            (Some(key), Some(path)) if given => self.files.named(key, &path),
            (Some(key), _) if !given => self.files.unnamed(key),
            _ => return Outcome::LeftOut("cut_payload"),
        }
        Outcome::Learnt
    }

    fn file_opened(&mut self, event: &RawEvent<'_>, open: Open, made: bool) -> Outcome {
        let Some(path) = open.path else { return Outcome::LeftOut("no_name") };
        if self.told_requests.told((open.irp, event.id & 0xf), teller(event), event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        self.files.opened(open.object, &path);
        if pipe_name(&path).is_some() {
            let action = if made { "NAMED_PIPE_CREATE" } else { "NAMED_PIPE_CONNECT" };
            self.push_pipe(event, &path, action);
            return Outcome::Row;
        }
        if made {
            self.files.request_ended(open.irp);
            self.push_file(event, event.pid, "FILE_CREATE", &path, event.time_ns);
            return Outcome::Row;
        }
        if open.options >> 24 != DISPOSITION_OPEN {
            let opening = Opening { path, pid: event.pid, time_ns: event.time_ns };
            self.files.opening(open.irp, opening);
        }
        Outcome::Learnt
    }

    fn file_request_ended(
        &mut self,
        event: &RawEvent<'_>,
        irp: Option<u64>,
        information: Option<u64>,
        status: Option<u32>,
    ) -> Outcome {
        let opening = irp.and_then(|irp| self.files.request_ended(irp));
        match opening {
            Some(opening) if status == Some(0) && information == Some(MADE) => {
                self.push_file(event, opening.pid, "FILE_CREATE", &opening.path, opening.time_ns);
                Outcome::Row
            }
            _ => Outcome::LeftOut("request_end"),
        }
    }

    fn file_closed(&mut self, object: Option<u64>, time_ns: i64) -> Outcome {
        if let Some(object) = object {
            self.files.closed(object, time_ns);
        }
        Outcome::Learnt
    }

    fn file_written(&mut self, event: &RawEvent<'_>, on: Option<Operation>) -> Outcome {
        let Some(on) = on else { return Outcome::LeftOut("cut_payload") };
        let Some(path) = self.files.path(on.object, on.key, event.time_ns) else {
            return Outcome::LeftOut("unknown_file");
        };
        if !self.files.first_write(on.object, event.time_ns) {
            return Outcome::LeftOut("written_again");
        }
        if pipe_name(&path).is_some() {
            return Outcome::LeftOut("pipe_data");
        }
        self.push_file(event, event.pid, "FILE_WRITE", &path, event.time_ns);
        Outcome::Row
    }

    fn file_information(
        &mut self,
        event: &RawEvent<'_>,
        on: Option<Operation>,
        class: Option<u32>,
        value: u64,
    ) -> Outcome {
        let (Some(on), Some(class)) = (on, class) else { return Outcome::LeftOut("cut_payload") };
        if class == BASIC_CLASS {
            // The new times are not in the record.
            return Outcome::LeftOut("times_not_told");
        }
        if !DISPOSITION_CLASSES.contains(&class) || value & 1 == 0 {
            return Outcome::LeftOut("no_change");
        }
        if self.delete_paths_seen {
            return Outcome::LeftOut("told_by_path");
        }
        let Some(path) = self.files.path(on.object, on.key, event.time_ns) else {
            return Outcome::LeftOut("unknown_file");
        };
        if self.told_requests.told((on.irp, 0x100), teller(event), event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        self.push_file(event, event.pid, "FILE_DELETE_BY_DISP", &path, event.time_ns);
        Outcome::Row
    }

    /// Deleted (26), renamed (27) or linked (28).
    fn file_moved(
        &mut self,
        event: &RawEvent<'_>,
        on: Option<Operation>,
        path: Option<Arc<str>>,
        what: u16,
    ) -> Outcome {
        let (Some(on), Some(path)) = (on, path) else { return Outcome::LeftOut("cut_payload") };
        if self.told_requests.told((on.irp, what << 4), teller(event), event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        match what {
            26 => {
                self.delete_paths_seen = true;
                self.push_file(event, event.pid, "FILE_DELETE", &path, event.time_ns);
            }
            27 => {
                let old = self.files.renamed(on.object, on.key, &path, event.time_ns);
                let told = match old {
                    Some(old) => format!("{path} [{old}]").into(),
                    None => path,
                };
                self.push_file(event, event.pid, "FILE_RENAME", &told, event.time_ns);
            }
            _ => self.push_file(event, event.pid, "FILE_CREATE", &path, event.time_ns),
        }
        Outcome::Row
    }

    fn push_file(
        &mut self,
        event: &RawEvent<'_>,
        pid: Option<u32>,
        action: &'static str,
        path: &str,
        time_ns: i64,
    ) {
        let actor = self.actor(pid, time_ns);
        let origin = origin(event);
        self.tables.file.push(&FileRow {
            action,
            target_path: Some(path),
            md5: None,
            sha256: None,
            hashed: 0,
            uid: actor.owner(),
            time: time_ns,
            pe_file: None,
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            amsi_is_malware: None,
            byte_stream: None,
            sha1: None,
            imphash: None,
            creation_time: None,
            contents: None,
            archived: None,
            access_mask: None,
            object_type: None,
            handle_id: None,
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
        let new = path.split(" [").next().unwrap_or(path);
        if looks_executable(new) {
            self.push_pe_file(&actor, origin, action, path, time_ns);
        }
    }

    fn push_pe_file(
        &mut self,
        actor: &Actor,
        origin: Origin,
        action: &'static str,
        path: &str,
        time_ns: i64,
    ) {
        self.tables.pe_file.push(&PeRow {
            action,
            target_path: Some(path),
            md5: None,
            hashed: 0,
            uid: actor.owner(),
            time: time_ns,
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            sha256: None,
            sha1: None,
            imphash: None,
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }

    fn push_pipe(&mut self, event: &RawEvent<'_>, path: &str, action: &'static str) {
        let actor = self.actor(event.pid, event.time_ns);
        let origin = origin(event);
        let name = pipe_name(path).unwrap_or(path);
        let target = format!("\\UNKNOWN DRIVE{name}");
        self.tables.pipe.push(&PipeRow {
            action,
            target_path: Some(&target),
            uid: actor.owner(),
            time: event.time_ns,
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            pipe_name: Some(name),
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }
}

fn opened(
    irp: Option<u64>,
    object: Option<u64>,
    options: Option<u32>,
    path: Option<Arc<str>>,
) -> Option<Open> {
    Some(Open { irp: irp?, object: object?, options: options?, path })
}

fn operation(irp: Option<u64>, object: Option<u64>, key: Option<u64>) -> Option<Operation> {
    Some(Operation { irp: irp?, object: object?, key: key? })
}
