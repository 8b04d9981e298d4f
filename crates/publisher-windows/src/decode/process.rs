// SPDX-License-Identifier: Apache-2.0
//! Processes. Their start is told by the manifest provider (path, creator) and by the kernel's
//! class (command line, user), either alone or both; the row waits for the other one, and for the
//! image that says the path when only the kernel's class is there.

use super::counts::Outcome;
use super::tables::Origin;
use super::{Decoder, origin, teller};
use crate::fields::events::process::{
    KernelProcess, KernelProcessCounters, KernelProcessTerminate, ProcessRundown, ProcessStart,
    ProcessStop,
};
use crate::fields::{Ansi, Sid};
use crate::raw::RawEvent;
use crate::state::SECOND;
use crate::state::processes::{Facts, Start};
use evtables_schema::generated::process_events::windows::Row;
use std::collections::VecDeque;
use std::sync::Arc;

/// Rows of starts that wait.
const PENDING_MAX: usize = 8_192;

/// How long the row of a start waits to be completed.
const START_WAIT_NS: i64 = SECOND / 2;

/// The same for a process found running: lists of images are long.
const RUNNING_WAIT_NS: i64 = 5 * SECOND;

/// How much later than its creation a start may be told.
const CREATE_TIME_TRUST_NS: i64 = SECOND;

/// The row of a process that waits.
#[derive(Debug, Clone)]
struct Pending {
    pid: u32,
    guid: u128,
    action: &'static str,
    time_ns: i64,
    deadline_ns: i64,
    creator_pid: Option<u32>,
    origin: Origin,
}

/// Rows that wait.
#[derive(Debug, Default)]
pub(super) struct PendingRows {
    rows: VecDeque<Pending>,
    /// No row is due before.
    next_ns: i64,
}

impl PendingRows {
    fn push(&mut self, row: Pending) {
        self.next_ns =
            if self.rows.is_empty() { row.deadline_ns } else { self.next_ns.min(row.deadline_ns) };
        self.rows.push_back(row);
    }
}

impl Decoder {
    pub(super) fn manifest_process(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            1 => self.manifest_start(event),
            2 => {
                self.note_version(event, &ProcessStop::LAYOUT);
                let stop = ProcessStop::decode(event);
                let Some(pid) = stop.process_id else { return Outcome::LeftOut("cut_payload") };
                self.process_ended(event, pid, stop.exit_code.map(u32::cast_signed))
            }
            _ => self.manifest_running(event),
        }
    }

    fn manifest_start(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &ProcessStart::LAYOUT);
        let start = ProcessStart::decode(event);
        let Some(pid) = start.process_id else { return Outcome::LeftOut("cut_payload") };
        let facts = Facts {
            path: self.path(start.image_name),
            parent_pid: start.parent_process_id,
            session: start.session_id,
            integrity: start.mandatory_label.flatten().and_then(integrity),
            elevation: start.token_elevation_type.and_then(elevation),
            ..Facts::default()
        };
        let created = start.create_time.filter(|created| {
            event.time_ns.abs_diff(*created) <= CREATE_TIME_TRUST_NS.unsigned_abs()
        });
        self.process_started(event, pid, created.unwrap_or(event.time_ns), facts)
    }

    fn manifest_running(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &ProcessRundown::LAYOUT);
        let running = ProcessRundown::decode(event);
        let Some(pid) = running.process_id else { return Outcome::LeftOut("cut_payload") };
        let facts = Facts {
            path: self.path(running.image_name),
            parent_pid: running.parent_process_id,
            session: running.session_id,
            integrity: running.mandatory_label.flatten().and_then(integrity),
            elevation: running.token_elevation_type.and_then(elevation),
            ..Facts::default()
        };
        self.process_running(event, pid, running.create_time, facts)
    }

    pub(super) fn kernel_process(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            1..=4 | 39 => {}
            11 => {
                self.note_version(event, &KernelProcessTerminate::LAYOUT);
                return Outcome::Learnt;
            }
            32 | 33 => {
                self.note_version(event, &KernelProcessCounters::LAYOUT);
                return Outcome::LeftOut("counters");
            }
            _ => return Outcome::Unmapped,
        }
        self.note_version(event, &KernelProcess::LAYOUT);
        let record = KernelProcess::decode(event);
        let Some(pid) = record.process_id else { return Outcome::LeftOut("cut_payload") };
        let facts = Facts {
            name: ansi(record.image_file_name),
            cmdline: Self::text(record.command_line),
            owner: record.user.flatten().map(account),
            parent_pid: record.parent_id,
            session: record.session_id.filter(|session| *session != u32::MAX),
            kernel_record: true,
            ..Facts::default()
        };
        match event.id {
            1 => self.process_started(event, pid, event.time_ns, facts),
            2 => {
                self.processes.touch(pid, event.time_ns).facts_from(facts);
                self.process_ended(event, pid, record.exit_status)
            }
            39 => Outcome::LeftOut("dead_process"),
            _ => self.process_running(event, pid, None, facts),
        }
    }

    fn process_started(
        &mut self,
        event: &RawEvent<'_>,
        pid: u32,
        begin_ns: i64,
        facts: Facts,
    ) -> Outcome {
        let (start, guid) = self.processes.started(pid, begin_ns, teller(event), facts);
        if start == Start::Echo {
            let row = self.pending.rows.iter_mut().find(|row| row.guid == guid);
            if let Some(row) = row {
                row.creator_pid = row.creator_pid.or(event.pid);
            }
            self.settle_process(pid, guid);
            return Outcome::LeftOut("told_twice");
        }
        self.images.process_started(pid);
        self.wait(Pending {
            pid,
            guid,
            action: "PROC_CREATE",
            time_ns: event.time_ns,
            deadline_ns: event.time_ns.saturating_add(START_WAIT_NS),
            creator_pid: event.pid,
            origin: origin(event),
        });
        self.settle_process(pid, guid);
        Outcome::Row
    }

    fn process_running(
        &mut self,
        event: &RawEvent<'_>,
        pid: u32,
        begin_ns: Option<i64>,
        facts: Facts,
    ) -> Outcome {
        self.running_seen = true;
        let (start, guid) = self.processes.running(pid, event.time_ns, begin_ns, facts);
        if start == Start::Echo {
            self.settle_process(pid, guid);
            return Outcome::Learnt;
        }
        self.wait(Pending {
            pid,
            guid,
            action: "PROC_RUNNING",
            time_ns: event.time_ns,
            deadline_ns: event.time_ns.saturating_add(RUNNING_WAIT_NS),
            creator_pid: None,
            origin: origin(event),
        });
        Outcome::Row
    }

    fn process_ended(&mut self, event: &RawEvent<'_>, pid: u32, exit_code: Option<i32>) -> Outcome {
        if !self.processes.ended(pid, event.time_ns) {
            return Outcome::LeftOut("told_twice");
        }
        let guid = self.processes.touch(pid, event.time_ns).guid;
        // Its start comes before its end.
        while let Some(at) = self.pending.rows.iter().position(|row| row.guid == guid) {
            if let Some(row) = self.pending.rows.remove(at) {
                self.push_process(&row, None);
            }
        }
        let row = Pending {
            pid,
            guid,
            action: "PROC_TERMINATE",
            time_ns: event.time_ns,
            deadline_ns: event.time_ns,
            creator_pid: None,
            origin: origin(event),
        };
        self.push_process(&row, exit_code);
        Outcome::Row
    }

    fn wait(&mut self, row: Pending) {
        if self.pending.rows.len() >= PENDING_MAX
            && let Some(oldest) = self.pending.rows.pop_front()
        {
            self.push_process(&oldest, None);
        }
        self.pending.push(row);
    }

    /// Pushes the row of a process if it is complete.
    pub(super) fn settle_process(&mut self, pid: u32, guid: u128) {
        let complete = self
            .processes
            .by_guid(pid, guid)
            .is_some_and(|process| process.facts.path.is_some() && process.facts.kernel_record);
        if !complete {
            return;
        }
        let Some(at) = self.pending.rows.iter().position(|row| row.guid == guid) else { return };
        if let Some(row) = self.pending.rows.remove(at) {
            self.push_process(&row, None);
        }
    }

    pub(super) fn settle_processes(&mut self, now_ns: i64) {
        if self.pending.rows.is_empty() || now_ns < self.pending.next_ns {
            return;
        }
        let rows = std::mem::take(&mut self.pending.rows);
        for row in rows {
            if row.deadline_ns <= now_ns {
                self.push_process(&row, None);
            } else {
                self.pending.push(row);
            }
        }
    }

    fn push_process(&mut self, pending: &Pending, exit_code: Option<i32>) {
        let begin_ns = self.processes.by_guid(pending.pid, pending.guid).map(|p| p.begin_ns);
        let facts = self
            .processes
            .by_guid(pending.pid, pending.guid)
            .map(|p| (p.image().map(Arc::clone), p.facts.clone()));
        let (image, facts) = facts.unwrap_or_default();
        // The parent is who had that number when the process began.
        let at_ns = begin_ns.unwrap_or(pending.time_ns);
        let parent = self.actor(facts.parent_pid, at_ns);
        let parent_cmdline = facts
            .parent_pid
            .and_then(|pid| self.processes.at(pid, at_ns))
            .and_then(|parent| parent.facts.cmdline.clone());
        self.tables.process.push(&Row {
            action: pending.action,
            pid: Some(pending.pid.into()),
            process_guid: Some(pending.guid),
            path: image.as_deref(),
            cmdline: facts.cmdline.as_deref(),
            parent_pid: parent.pid(),
            parent_process_guid: parent.guid,
            parent_path: parent.image(),
            owner_uid: facts.owner.as_deref(),
            time: pending.time_ns,
            sha256: None,
            cwd: None,
            parent_cmdline: parent_cmdline.as_deref(),
            exit_code,
            md5: None,
            hashed: 0,
            sha1: None,
            imphash: None,
            original_file_name: None,
            file_version: None,
            file_description: None,
            product: None,
            company: None,
            signature_status: None,
            trust_info: None,
            subject_name: None,
            integrity_level: facts.integrity,
            token_elevation_type: facts.elevation,
            logon_id: None,
            logon_guid: None,
            terminal_session_id: facts.session.map(i64::from),
            parent_owner_uid: parent.owner(),
            creator_owner_uid: None,
            creator_pid: pending.creator_pid.map(i64::from),
            host_name: self.host_name.as_deref(),
            source: Some(pending.origin.source),
            source_eventid: Some(pending.origin.id.into()),
            record_id: None,
            rule_name: None,
        });
    }
}

impl crate::state::processes::Process {
    fn facts_from(&mut self, facts: Facts) {
        self.facts.complete(facts);
    }
}

fn ansi(text: Option<Ansi<'_>>) -> Option<Arc<str>> {
    let text = text.filter(|text| !text.is_empty())?;
    Some(text.to_string().into())
}

/// Name of an account; its identifier as text when only that machine knows the name.
fn account(sid: Sid<'_>) -> Arc<str> {
    match sid.well_known() {
        Some(name) => name.into(),
        None => sid.to_string().into(),
    }
}

fn integrity(label: Sid<'_>) -> Option<&'static str> {
    let level = label.bytes().last_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes))?;
    Some(match level {
        0..0x1000 => "Untrusted",
        0x1000..0x2000 => "Low",
        0x2000..0x3000 => "Medium",
        0x3000..0x4000 => "High",
        0x4000..0x5000 => "System",
        _ => "Protected",
    })
}

fn elevation(token: u32) -> Option<&'static str> {
    match token {
        1 => Some("Default"),
        2 => Some("Full"),
        3 => Some("Limited"),
        _ => None,
    }
}
