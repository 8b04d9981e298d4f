// SPDX-License-Identifier: Apache-2.0
//! Processes as the system lists them, and `win_process_perf`: their counters, with rates between two
//! looks.

use crate::ThisHost;
use crate::bytes::{count_at, i64_at, string_at, u32_at, u64_at};
use crate::sources::{Processes, Raw};
use evtables_schema::generated::process_perf::windows as table;
use evtables_schema::ids::{HostBoot, process_guid};
use evtables_sdk::StateRows;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Processes of one look.
const PROCESSES_MAX: usize = 65_536;
/// Bytes of one record, threads aside.
const RECORD_BYTES: usize = 256;
/// 100 nanoseconds in a second.
const SECOND: i64 = 10_000_000;
/// A look that is younger is too near to measure by, one that is older tells of long ago.
const LOOK_MIN: i64 = SECOND / 4;
const LOOK_MAX: i64 = 600 * SECOND;
const PAUSE: Duration = Duration::from_millis(250);

/// One process, numbers as the system has them; times in 100 nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) name: String,
    pub(crate) created: i64,
    user: i64,
    kernel: i64,
    threads: u32,
    handles: u32,
    priority: i32,
    working_set: i64,
    working_set_peak: i64,
    paged_pool_peak: i64,
    non_paged_pool: i64,
    private: i64,
    reads: i64,
    writes: i64,
    read_bytes: i64,
    written_bytes: i64,
}

/// Reads a list of `SYSTEM_PROCESS_INFORMATION`; ends where the bytes make no sense.
pub(crate) fn read(raw: &Raw) -> Vec<Process> {
    let mut processes = Vec::new();
    let mut at = 0_usize;
    while processes.len() < PROCESSES_MAX {
        let Some(process) = read_one(raw, at) else { break };
        processes.push(process);
        let next = u32_at(&raw.bytes, at).and_then(|next| usize::try_from(next).ok());
        match next.filter(|next| *next > 0).and_then(|next| at.checked_add(next)) {
            Some(next) => at = next,
            None => break,
        }
    }
    processes
}

fn read_one(raw: &Raw, at: usize) -> Option<Process> {
    raw.bytes.get(at..at.checked_add(RECORD_BYTES)?)?;
    let bytes = &raw.bytes;
    let count = |offset: usize| count_at(bytes, at + offset);
    let pid = |offset: usize| u32::try_from(u64_at(bytes, at + offset)?).ok();
    let number = |offset: usize| u32_at(bytes, at + offset);
    Some(Process {
        threads: number(4)?,
        created: i64_at(bytes, at + 32)?,
        user: i64_at(bytes, at + 40)?,
        kernel: i64_at(bytes, at + 48)?,
        name: string_at(raw, at + 56).unwrap_or_default(),
        priority: number(72)?.cast_signed(),
        pid: pid(80)?,
        parent: pid(88).unwrap_or(0),
        handles: number(96)?,
        working_set_peak: count(136)?,
        working_set: count(144)?,
        paged_pool_peak: count(152)?,
        non_paged_pool: count(176)?,
        private: count(200)?,
        reads: count(208)?,
        writes: count(216)?,
        read_bytes: count(232)?,
        written_bytes: count(240)?,
    })
}

/// Makes identities of processes as the events' publisher does.
pub(crate) struct Identities {
    host: HostBoot,
    boot_ns: i64,
}

impl Identities {
    pub(crate) fn of(host: &ThisHost) -> Self {
        let boot_ns = host.boot_ns;
        Self { host: HostBoot::new(&host.name, &boot_ns.to_string()), boot_ns }
    }

    pub(crate) fn host(&self) -> HostBoot {
        self.host
    }

    pub(crate) fn of_process(&self, process: &Process) -> u128 {
        let since = unix_ns(process.created).saturating_sub(self.boot_ns);
        process_guid(self.host, u64::try_from(since).unwrap_or(0), process.pid)
    }
}

/// Nanoseconds since 1970 of 100 nanoseconds since 1601.
pub(crate) fn unix_ns(time: i64) -> i64 {
    time.saturating_sub(116_444_736_000_000_000).saturating_mul(100)
}

/// Processes by number and time of their start.
type Found = HashMap<(u32, i64), Process>;

/// The look before, with its time.
#[derive(Default)]
pub(crate) struct Looks(Mutex<Option<(i64, Found)>>);

impl Looks {
    pub(crate) fn rows(&self, processes: &dyn Processes) -> Result<StateRows, String> {
        let mut before = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_near = |at: i64| (LOOK_MIN..=LOOK_MAX).contains(&processes.now().saturating_sub(at));
        let known = before.take().filter(|(at, _)| is_near(*at));
        let (then, earlier) = match known {
            Some(known) => known,
            None => {
                let now = processes.now();
                let found = index(read(&processes.processes()?));
                processes.wait(PAUSE);
                (now, found)
            }
        };
        let now = processes.now();
        let found = read(&processes.processes()?);
        let mut builder = table::Builder::default();
        for process in &found {
            let known = earlier.get(&(process.pid, process.created));
            push(&mut builder, process, known, (then, now));
        }
        *before = Some((now, index(found)));
        Ok(StateRows::all(builder.finish()))
    }
}

fn index(processes: Vec<Process>) -> Found {
    processes.into_iter().map(|process| ((process.pid, process.created), process)).collect()
}

fn push(
    builder: &mut table::Builder,
    process: &Process,
    before: Option<&Process>,
    (then, now): (i64, i64),
) {
    let whole = now.saturating_sub(then).max(1);
    // What began since then is measured from its beginning.
    let began = Process::default();
    let (before, span) = match before {
        Some(before) => (before, whole),
        None => (&began, now.saturating_sub(process.created).clamp(1, whole)),
    };
    let percent = |time: i64| (time.max(0).saturating_mul(100) / span).to_string();
    let rate = |count: i64| {
        let count = i128::from(count.max(0)) * i128::from(SECOND) / i128::from(span);
        count.to_string()
    };
    let (user, kernel) = (process.user - before.user, process.kernel - before.kernel);
    let read = process.read_bytes.saturating_sub(before.read_bytes);
    let written = process.written_bytes.saturating_sub(before.written_bytes);
    let small = |number: u32| i32::try_from(number).ok();
    let elapsed = now.saturating_sub(process.created).max(0) / SECOND;
    let text = |number: i64| number.to_string();
    builder.push(&table::Row {
        name: &shown_name(process),
        pid: process.pid.cast_signed(),
        user_time: Some(&percent(user)),
        privileged_time: Some(&percent(kernel)),
        processor_time: Some(&percent(user.saturating_add(kernel))),
        thread_count: small(process.threads),
        working_set: Some(&text(process.working_set)),
        creating_process_id: Some(&process.parent.to_string()),
        elapsed_time: (process.created > 0).then(|| text(elapsed)).as_deref(),
        handle_count: small(process.handles),
        io_data_bytes_per_sec: Some(&rate(read.saturating_add(written))),
        io_read_bytes_per_sec: Some(&rate(read)),
        io_read_ops_per_sec: Some(&rate(process.reads.saturating_sub(before.reads))),
        io_write_bytes_per_sec: Some(&rate(written)),
        io_write_ops_per_sec: Some(&rate(process.writes.saturating_sub(before.writes))),
        non_paged_pool_bytes: Some(&text(process.non_paged_pool)),
        page_pool_bytes_peak: Some(&text(process.paged_pool_peak)),
        priority_base: Some(&process.priority.to_string()),
        private_bytes: Some(&text(process.private)),
        working_set_peak: Some(&text(process.working_set_peak)),
    });
}

fn shown_name(process: &Process) -> String {
    let name = &process.name;
    match (process.pid, name.len().checked_sub(4).and_then(|at| name.split_at_checked(at))) {
        (0, _) if name.is_empty() => "Idle".to_owned(),
        (_, Some((stem, end))) if end.eq_ignore_ascii_case(".exe") => stem.to_owned(),
        _ => name.clone(),
    }
}
