// SPDX-License-Identifier: Apache-2.0
//! Which process a number meant at a time. A number is used again; ends and starts are lost; a
//! record may come a little before the start of its process, or after its end. So each number has
//! a few generations, and a look-up takes the one whose life holds the time, or is nearest to it.

use super::SECOND;
use super::bounded::Bounded;
use super::recent::Teller;
use evtables_schema::ids::{HostBoot, process_guid};
use std::sync::Arc;

/// Numbers that are remembered.
const PIDS_MAX: usize = 65_536;

/// Generations of one number.
const GENERATIONS_MAX: usize = 4;

/// Records of a process come so much before its start is told, or after its end; beyond it the number means somebody
/// of whom nothing was told.
pub(crate) const LATE_NS: i64 = 10 * SECOND;

/// Two records of one start, by the kernel's class and the manifest provider, are so close.
const SAME_START_NS: i64 = SECOND / 10;

/// A process, as far as it is known.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) guid: u128,
    /// Start, or the first record that names it.
    pub(crate) begin_ns: i64,
    /// Whether its start was recorded, not only its life.
    pub(crate) start_seen: bool,
    /// Who told the start.
    told_by: Option<Teller>,
    pub(crate) end_ns: Option<i64>,
    pub(crate) end_told: bool,
    /// Whether a thread of it was seen to begin since its start.
    pub(crate) thread_seen: bool,
    pub(crate) facts: Facts,
}

/// What records say about a process; each may be missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Executable with its path.
    pub(crate) path: Option<Arc<str>>,
    /// Its bare name.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) cmdline: Option<Arc<str>>,
    pub(crate) owner: Option<Arc<str>>,
    pub(crate) parent_pid: Option<u32>,
    pub(crate) session: Option<u32>,
    pub(crate) integrity: Option<&'static str>,
    pub(crate) elevation: Option<&'static str>,
    /// Whether the record with the command line was among them.
    pub(crate) kernel_record: bool,
}

impl Facts {
    /// Takes what is missing from `more`.
    pub(crate) fn complete(&mut self, more: Facts) {
        self.path = self.path.take().or(more.path);
        self.name = self.name.take().or(more.name);
        self.cmdline = self.cmdline.take().or(more.cmdline);
        self.owner = self.owner.take().or(more.owner);
        self.parent_pid = self.parent_pid.or(more.parent_pid);
        self.session = self.session.or(more.session);
        self.integrity = self.integrity.or(more.integrity);
        self.elevation = self.elevation.or(more.elevation);
        self.kernel_record |= more.kernel_record;
    }
}

impl Process {
    /// The executable: its path, or at least its name.
    pub(crate) fn image(&self) -> Option<&Arc<str>> {
        self.facts.path.as_ref().or(self.facts.name.as_ref())
    }

    /// How far `time_ns` is from the life of the process.
    fn distance(&self, time_ns: i64) -> u64 {
        if time_ns < self.begin_ns {
            self.begin_ns.abs_diff(time_ns)
        } else {
            self.end_ns.map_or(0, |end| if time_ns > end { time_ns.abs_diff(end) } else { 0 })
        }
    }
}

/// What a record of a start came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// A new process.
    New,
    /// The second record of a start that is known.
    Echo,
}

/// All processes.
#[derive(Debug)]
pub(crate) struct Processes {
    host: HostBoot,
    boot_ns: i64,
    pids: Bounded<u32, Vec<Process>>,
}

impl Processes {
    /// `boot_ns` is when the machine was booted, or any time before the first record.
    pub(crate) fn new(host: HostBoot, boot_ns: i64) -> Self {
        Self { host, boot_ns, pids: Bounded::new(PIDS_MAX) }
    }

    fn create(&self, pid: u32, begin_ns: i64) -> Process {
        let since_boot = u64::try_from(begin_ns.saturating_sub(self.boot_ns)).unwrap_or(0);
        Process {
            pid,
            guid: process_guid(self.host, since_boot, pid),
            begin_ns,
            start_seen: false,
            told_by: None,
            end_ns: None,
            end_told: false,
            thread_seen: false,
            facts: Facts::default(),
        }
    }

    /// The process that `pid` meant at `time_ns`.
    pub(crate) fn at(&self, pid: u32, time_ns: i64) -> Option<&Process> {
        let generations = self.pids.get(&pid)?;
        // Of two that are equally near, the later one.
        let nearest = generations.iter().rev().min_by_key(|process| process.distance(time_ns))?;
        (nearest.distance(time_ns) <= LATE_NS.unsigned_abs()).then_some(nearest)
    }

    /// The same, to be changed; a process that nothing is known of begins with this record.
    pub(crate) fn touch(&mut self, pid: u32, time_ns: i64) -> &mut Process {
        let known = self.at(pid, time_ns).map(|process| process.guid);
        let guid = match known {
            Some(guid) => guid,
            None => {
                let process = self.create(pid, time_ns);
                let guid = process.guid;
                self.push(process);
                guid
            }
        };
        #[allow(clippy::expect_used)]
        self.by_guid(pid, guid).expect("it was there or was put there")
    }

    /// A process by its number and identity, while it is remembered.
    pub(crate) fn by_guid(&mut self, pid: u32, guid: u128) -> Option<&mut Process> {
        self.pids.get_mut(&pid)?.iter_mut().rev().find(|process| process.guid == guid)
    }

    fn push(&mut self, process: Process) {
        match self.pids.get_mut(&process.pid) {
            Some(generations) => {
                if generations.len() == GENERATIONS_MAX {
                    generations.remove(0);
                }
                let at = generations.partition_point(|other| other.begin_ns <= process.begin_ns);
                generations.insert(at, process);
            }
            None => self.pids.insert(process.pid, vec![process]),
        }
    }

    /// A process started at `time_ns`; its predecessor under the same number has ended by then.
    pub(crate) fn started(
        &mut self,
        pid: u32,
        time_ns: i64,
        teller: Teller,
        facts: Facts,
    ) -> (Start, u128) {
        if let Some(generations) = self.pids.get_mut(&pid) {
            let echo = generations.iter_mut().find(|process| {
                process.start_seen
                    && process.told_by != Some(teller)
                    && process.begin_ns.abs_diff(time_ns) <= SAME_START_NS.unsigned_abs()
            });
            if let Some(process) = echo {
                process.told_by = None;
                process.facts.complete(facts);
                return (Start::Echo, process.guid);
            }
            // Whoever lived under this number has ended without a record.
            for process in generations.iter_mut().filter(|process| process.begin_ns < time_ns) {
                process.end_ns = Some(process.end_ns.map_or(time_ns, |end| end.min(time_ns)));
            }
        }
        let mut process = self.create(pid, time_ns);
        process.start_seen = true;
        process.told_by = Some(teller);
        process.facts = facts;
        let guid = process.guid;
        self.push(process);
        (Start::New, guid)
    }

    /// A process was found running at `time_ns`. [`Start::New`] when it was not known before.
    pub(crate) fn running(
        &mut self,
        pid: u32,
        time_ns: i64,
        begin_ns: Option<i64>,
        facts: Facts,
    ) -> (Start, u128) {
        let alive = self.at(pid, time_ns).filter(|process| process.distance(time_ns) == 0);
        // An earlier start than the first record: what the number meant before is the same process.
        let guid = alive.map(|process| process.guid);
        if let Some(process) = guid.and_then(|guid| self.by_guid(pid, guid)) {
            let known = process.start_seen
                || process.told_by.is_some()
                || process.facts.parent_pid.is_some();
            process.facts.complete(facts);
            return (if known { Start::Echo } else { Start::New }, process.guid);
        }
        let mut process = self.create(pid, begin_ns.unwrap_or(time_ns).min(time_ns));
        process.facts = facts;
        let guid = process.guid;
        self.push(process);
        (Start::New, guid)
    }

    /// The process ended at `time_ns`. False when its end was told before.
    pub(crate) fn ended(&mut self, pid: u32, time_ns: i64) -> bool {
        let process = self.touch(pid, time_ns);
        if process.end_told {
            return false;
        }
        process.end_told = true;
        process.end_ns = Some(time_ns.max(process.begin_ns));
        true
    }

    /// Whether no process was ever named.
    pub(crate) fn is_empty(&self) -> bool {
        self.pids.len() == 0
    }

    /// Numbers that had to be forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.pids.forgotten()
    }
}

#[cfg(test)]
#[path = "processes_tests.rs"]
mod tests;
