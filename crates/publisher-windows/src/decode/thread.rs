// SPDX-License-Identifier: Apache-2.0
//! Threads that one process starts in another, images, and processes that are opened.

use super::counts::Outcome;
use super::tables::Origin;
use super::{Decoder, origin, teller};
use crate::fields::events::audit::AuditOpenProcess;
use crate::fields::events::process::{ImageLoadUnload, KernelImage, KernelThread, ThreadStartStop};
use crate::raw::{PointerSize, RawEvent};
use crate::rights::{write_mask, write_process_rights};
use crate::state::paths::base_name;
use evtables_schema::generated::image_load_events::windows::Row as ImageRow;
use evtables_schema::generated::image_load_process_map::windows::Row as MapRow;
use evtables_schema::generated::process_open_events::windows::Row as OpenRow;
use evtables_schema::generated::remote_thread_events::windows::Row as ThreadRow;
use std::sync::Arc;

/// Process of the kernel.
const SYSTEM_PID: u32 = 4;

/// Bytes to which the kernel cuts the bare name of a process in old records.
const SHORT_NAME_BYTES: usize = 14;

/// Rights to read (0x10) or write (0x20) the memory of a process: opens without are not recorded.
const MEMORY_RIGHTS: u32 = 0x30;

/// An image that was mapped or unmapped.
struct Image {
    pid: u32,
    base: u64,
    size: u64,
    path: Arc<str>,
}

impl Decoder {
    pub(super) fn manifest_thread(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &ThreadStartStop::LAYOUT);
        if event.id != 3 {
            return Outcome::LeftOut("thread_end");
        }
        let thread = ThreadStartStop::decode(event);
        match (thread.process_id, thread.thread_id) {
            (Some(pid), Some(tid)) => {
                self.thread_started(event, pid, tid, thread.win32_start_address)
            }
            _ => Outcome::LeftOut("cut_payload"),
        }
    }

    pub(super) fn kernel_thread(&mut self, event: &RawEvent<'_>) -> Outcome {
        if !matches!(event.id, 1..=4) {
            return Outcome::Unmapped;
        }
        self.note_version(event, &KernelThread::LAYOUT);
        match event.id {
            1 => {}
            2 => return Outcome::LeftOut("thread_end"),
            _ => return Outcome::LeftOut("thread_running"),
        }
        let thread = KernelThread::decode(event);
        match (thread.process_id, thread.thread_id) {
            (Some(pid), Some(tid)) => {
                self.thread_started(event, pid, tid, thread.win32_start_address)
            }
            _ => Outcome::LeftOut("cut_payload"),
        }
    }

    /// A row when the thread runs in another process than the one that made it, and is not the
    /// first one of a new process, which its parent makes.
    fn thread_started(
        &mut self,
        event: &RawEvent<'_>,
        target_pid: u32,
        tid: u32,
        start: Option<u64>,
    ) -> Outcome {
        let known = self.processes.at(target_pid, event.time_ns).is_some();
        let target = self.processes.touch(target_pid, event.time_ns);
        let first = !std::mem::replace(&mut target.thread_seen, true);
        let fresh = target.start_seen || (!known && self.running_seen);
        let Some(source_pid) = event.pid else { return Outcome::LeftOut("unknown_creator") };
        let own = source_pid == target_pid;
        let kernel = [source_pid, target_pid].iter().any(|pid| matches!(*pid, 0 | SYSTEM_PID));
        if own || kernel || (first && fresh) {
            return Outcome::LeftOut("own_thread");
        }
        if self.told_threads.told((target_pid, tid), teller(event), event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        let module = start.and_then(|start| self.images.holding(target_pid, start));
        let (module, offset) =
            module.map(|(path, offset)| (Arc::clone(path), format!("+0x{offset:X}"))).unzip();
        let source = self.actor(Some(source_pid), event.time_ns);
        let target = self.actor(Some(target_pid), event.time_ns);
        let origin = origin(event);
        let address = start.map(|start| format!("0x{start:X}"));
        self.tables.remote_thread.push(&ThreadRow {
            action: "REMOTE_THREAD_CREATE",
            src_pid: source.pid(),
            src_process_guid: source.guid,
            target_pid: target.pid(),
            target_process_guid: target.guid,
            src_path: source.image(),
            target_path: target.image(),
            // Whoever has the file puts a name in its place (`live/functions.rs`).
            function_name: offset.as_deref(),
            module_name: module.as_deref(),
            owner_uid: source.owner(),
            time: event.time_ns,
            target_tid: Some(tid.into()),
            start_address: address.as_deref(),
            target_owner_uid: target.owner(),
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
        Outcome::Row
    }

    pub(super) fn manifest_image(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &ImageLoadUnload::LAYOUT);
        let image = ImageLoadUnload::decode(event);
        let action = if event.id == 5 { "IMAGE_LOAD" } else { "IMAGE_UNLOAD" };
        let path = self.path(image.image_name);
        let image = self.image(image.process_id, image.image_base, image.image_size, path);
        image.map_or(Outcome::LeftOut("cut_payload"), |image| {
            self.image_moved(event, &image, action)
        })
    }

    pub(super) fn kernel_image(&mut self, event: &RawEvent<'_>) -> Outcome {
        if !matches!(event.id, 2 | 3 | 4 | 10) {
            return Outcome::Unmapped;
        }
        self.note_version(event, &KernelImage::LAYOUT);
        let record = KernelImage::decode(event);
        let path = self.path(record.file_name);
        let image = self.image(record.process_id, record.image_base, record.image_size, path);
        let Some(image) = image else { return Outcome::LeftOut("cut_payload") };
        match event.id {
            10 => self.image_moved(event, &image, "IMAGE_LOAD"),
            2 => self.image_moved(event, &image, "IMAGE_UNLOAD"),
            3 => {
                self.learn_image(&image, event.time_ns);
                self.push_map(event, &image);
                Outcome::Row
            }
            // What is there at the end was mapped before.
            _ => {
                self.learn_image(&image, event.time_ns);
                Outcome::Learnt
            }
        }
    }

    fn image(
        &self,
        pid: Option<u32>,
        base: Option<u64>,
        size: Option<u64>,
        path: Option<Arc<str>>,
    ) -> Option<Image> {
        Some(Image { pid: pid?, base: base?, size: size?, path: path? })
    }

    fn image_moved(
        &mut self,
        event: &RawEvent<'_>,
        image: &Image,
        action: &'static str,
    ) -> Outcome {
        let load = action == "IMAGE_LOAD";
        let key = (image.pid, image.base, u16::from(load));
        if self.told_images.told(key, teller(event), event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        if load {
            self.learn_image(image, event.time_ns);
            self.push_map(event, image);
        } else {
            self.images.unmapped(image.pid, image.base);
        }
        self.push_image(event, image, action);
        Outcome::Row
    }

    /// Remembers where the image is, and the path of the process when it is its executable.
    fn learn_image(&mut self, image: &Image, time_ns: i64) {
        self.images.mapped(image.pid, image.base, image.size, &image.path);
        let process = self.processes.touch(image.pid, time_ns);
        if process.facts.path.is_none()
            && process.facts.name.as_deref().is_some_and(|name| is_named(&image.path, name))
        {
            process.facts.path = Some(Arc::clone(&image.path));
            let guid = process.guid;
            self.settle_process(image.pid, guid);
        }
    }

    fn push_map(&mut self, event: &RawEvent<'_>, image: &Image) {
        let actor = self.actor(Some(image.pid), event.time_ns);
        let Origin { source, id } = origin(event);
        let kernel = in_kernel(image, event.pointer_size);
        let (size, base) = (image.size.to_string(), format!("0x{:x}", image.base));
        self.tables.image_map.push(&MapRow {
            pid: actor.pid(),
            process_guid: actor.guid,
            image_size: Some(&size),
            image_path: Some(&image.path),
            md5: None,
            image_memory_mode: Some(if kernel { "Kernel" } else { "User" }),
            image_base: Some(&base),
            time: event.time_ns,
            process_name: actor.image(),
            host_name: self.host_name.as_deref(),
            source: Some(source),
            source_eventid: Some(id.into()),
            record_id: None,
            rule_name: None,
        });
    }

    fn push_image(&mut self, event: &RawEvent<'_>, image: &Image, action: &'static str) {
        let actor = self.actor(Some(image.pid), event.time_ns);
        let Origin { source, id } = origin(event);
        self.tables.image.push(&ImageRow {
            action,
            pid: actor.pid(),
            process_guid: actor.guid,
            image_path: Some(&image.path),
            md5: None,
            uid: actor.owner(),
            time: event.time_ns,
            sign_info: None,
            trust_info: None,
            num_of_certs: None,
            cert_type: None,
            version: None,
            pubkey: None,
            pubkey_length: None,
            pubkey_signhash_algo: None,
            issuer_name: None,
            subject_name: None,
            serial_number: None,
            signature_algo: None,
            subject_dn: None,
            issuer_dn: None,
            process_name: actor.image(),
            signature_status: None,
            sha1: None,
            sha256: None,
            imphash: None,
            original_file_name: None,
            file_version: None,
            file_description: None,
            product: None,
            company: None,
            signing_time: None,
            catalog_path: None,
            host_name: self.host_name.as_deref(),
            source: Some(source),
            source_eventid: Some(id.into()),
            record_id: None,
            rule_name: None,
        });
    }

    pub(super) fn audit(&mut self, event: &RawEvent<'_>) -> Outcome {
        if event.id != 5 {
            return if matches!(event.id, 1..=8) {
                Outcome::LeftOut("no_table")
            } else {
                Outcome::Unmapped
            };
        }
        self.note_version(event, &AuditOpenProcess::LAYOUT);
        let open = AuditOpenProcess::decode(event);
        let (Some(target), Some(access), Some(code)) =
            (open.target_process_id, open.desired_access, open.return_code)
        else {
            return Outcome::LeftOut("cut_payload");
        };
        if code != 0 {
            return Outcome::LeftOut("failed");
        }
        if access & MEMORY_RIGHTS == 0 {
            return Outcome::LeftOut("no_memory_rights");
        }
        let source = self.actor(event.pid, event.time_ns);
        let target = self.actor(Some(target), event.time_ns);
        let Origin { source: provider, id } = origin(event);
        let (mut names, mut mask) = (String::new(), String::new());
        // A text takes everything.
        let _ = write_process_rights(access.into(), &mut names);
        let _ = write_mask(access.into(), &mut mask);
        self.tables.process_open.push(&OpenRow {
            action: "PROC_OPEN",
            src_pid: source.pid(),
            src_process_guid: source.guid,
            target_pid: target.pid(),
            target_process_guid: target.guid,
            src_path: source.image(),
            target_path: target.image(),
            granted_access: Some(&names),
            granted_access_value: Some(&mask),
            owner_uid: source.owner(),
            time: event.time_ns,
            call_trace: None,
            src_tid: event.tid.map(i64::from),
            target_owner_uid: target.owner(),
            host_name: self.host_name.as_deref(),
            source: Some(provider),
            source_eventid: Some(id.into()),
            record_id: None,
            rule_name: None,
        });
        Outcome::Row
    }
}

/// Whether the file of `path` has the bare name of a process, which may be cut.
fn is_named(path: &str, name: &str) -> bool {
    let file = base_name(path);
    file.eq_ignore_ascii_case(name)
        || (name.len() >= SHORT_NAME_BYTES
            && file.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)))
}

fn in_kernel(image: &Image, pointer_size: PointerSize) -> bool {
    let lowest = match pointer_size {
        PointerSize::Four => 0x8000_0000,
        PointerSize::Eight => 0xffff_8000_0000_0000,
    };
    image.base >= lowest
}
