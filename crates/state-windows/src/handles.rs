// SPDX-License-Identifier: Apache-2.0
//! `win_process_handles`: the system's list of handles, each with type and name of its object where they
//! can be had.

use crate::bytes::{u16_at, u32_at, u64_at};
use crate::processes::{self, Identities};
use crate::sources::{Handles, Processes};
use crate::wanted;
use evtables_filter::Predicate;
use evtables_schema::generated::process_handles::windows as table;
use evtables_sdk::StateRows;
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// Bytes before the first handle, and of each.
const HEAD_BYTES: usize = 16;
const HANDLE_BYTES: usize = 40;
/// Handles of one call.
const HANDLES_MAX: usize = 1_000_000;
/// Questions for a name that may stay unanswered in one call; then files stay without.
const STUCK_MAX: usize = 8;
const FILE: &str = "File";
const KEY: &str = "Key";
/// How long the names of open keys may take, all together.
const KEYS_TIME_MAX: Duration = Duration::from_secs(5);

/// One handle of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Handle {
    /// Where the object is in the kernel; 0 when that is kept secret.
    pub(crate) object: u64,
    pub(crate) pid: u32,
    pub(crate) value: u64,
    pub(crate) access: u32,
    pub(crate) kind: u16,
}

/// Reads a `SYSTEM_HANDLE_INFORMATION_EX`.
pub(crate) fn read(bytes: &[u8]) -> Vec<Handle> {
    let count = u64_at(bytes, 0).and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let records = bytes.get(HEAD_BYTES..).unwrap_or_default().chunks_exact(HANDLE_BYTES);
    let handle = |record: &[u8]| {
        Some(Handle {
            object: u64_at(record, 0)?,
            pid: u32::try_from(u64_at(record, 8)?).ok()?,
            value: u64_at(record, 16)?,
            access: u32_at(record, 24)?,
            kind: u16_at(record, 30)?,
        })
    };
    records.take(count).filter_map(handle).collect()
}

/// Rights with which pipes and devices are opened that wait while they are asked for their names.
fn may_wait(access: u32) -> bool {
    matches!(access, 0x0012_019f | 0x001a_019f | 0x0012_0189 | 0x0010_0000)
}

/// Calls back with object and path of each registry key that a process has open.
pub(crate) fn open_keys(handles: &dyn Handles, f: &mut dyn FnMut(u64, &str)) -> Result<(), String> {
    let begun = Instant::now();
    let list = read(&handles.handles()?.bytes);
    if list.iter().all(|handle| handle.object == 0) {
        return Err("the system does not say where objects are".to_owned());
    }
    // Types by number: what one handle of a type says holds of all.
    let mut kinds: HashMap<u16, bool> = HashMap::new();
    let (mut closed, mut told) = (HashSet::new(), HashSet::new());
    for handle in &list {
        if begun.elapsed() > KEYS_TIME_MAX {
            return Err(format!("only {} keys within {KEYS_TIME_MAX:?}", told.len()));
        }
        let is_key = kinds.get(&handle.kind).copied();
        if is_key == Some(false) || closed.contains(&handle.pid) || told.contains(&handle.object) {
            continue;
        }
        // Of a type that is not known yet no name is asked for: only keys are sure to tell it at once.
        let Some(named) = handles.name(handle.pid, handle.value, is_key.is_some()) else {
            closed.insert(handle.pid);
            continue;
        };
        let named = match (is_key, named.kind) {
            (None, Some(kind)) => {
                kinds.insert(handle.kind, kind == KEY);
                if kind != KEY {
                    continue;
                }
                handles.name(handle.pid, handle.value, true).unwrap_or_default()
            }
            (_, kind) => crate::sources::Named { kind, ..named },
        };
        if let Some(path) = named.name.filter(|path| path.starts_with('\\')) {
            told.insert(handle.object);
            f(handle.object, &path);
        }
    }
    Ok(())
}

pub(crate) fn rows(
    handles: &dyn Handles,
    processes: &dyn Processes,
    identities: &Identities,
    wanted: &Predicate,
) -> Result<StateRows, String> {
    let pids: Option<HashSet<i64>> =
        wanted::numbers(wanted, table::PID).map(|pids| pids.into_iter().collect());
    let kinds_wanted = wanted::texts(wanted, table::HANDLE_TYPE);
    let guids: HashMap<u32, u128> = processes::read(&processes.processes()?)
        .iter()
        .map(|process| (process.pid, identities.of_process(process)))
        .collect();
    let mut list = read(&handles.handles()?.bytes);
    list.retain(|handle| pids.as_ref().is_none_or(|pids| pids.contains(&handle.pid.into())));
    let mut cut = None;
    if list.len() > HANDLES_MAX {
        cut = Some(format!("handles: {HANDLES_MAX} of {}", list.len()));
        list.truncate(HANDLES_MAX);
    }
    let mut kinds: HashMap<u16, String> = HashMap::new();
    let (mut closed, mut stuck) = (HashSet::new(), 0);
    let mut builder = table::Builder::default();
    for handle in &list {
        let known = kinds.get(&handle.kind).cloned();
        let is_wanted = |kind: &str| {
            kinds_wanted.as_ref().is_none_or(|all| all.iter().any(|k| k.eq_ignore_ascii_case(kind)))
        };
        if known.as_deref().is_some_and(|kind| !is_wanted(kind)) {
            continue;
        }
        // A type is unknown once; only files can keep one waiting.
        let is_safe = known.as_deref().is_some_and(|kind| kind != FILE);
        let ask = is_safe || (!may_wait(handle.access) && stuck < STUCK_MAX);
        let named = match closed.contains(&handle.pid) {
            true => None,
            false => handles.name(handle.pid, handle.value, ask),
        };
        if named.is_none() {
            closed.insert(handle.pid);
        }
        let named = named.unwrap_or_default();
        stuck += usize::from(named.stuck);
        if let Some(kind) = &named.kind {
            kinds.entry(handle.kind).or_insert_with(|| kind.clone());
        }
        builder.push(&table::Row {
            pid: handle.pid.into(),
            process_guid: guids.get(&handle.pid).copied(),
            handle_type: named.kind.or(known).as_deref(),
            object_name: named.name.as_deref(),
            access_mask: handle.access.into(),
        });
    }
    if stuck > 0 {
        cut = cut.or_else(|| Some(format!("names: {stuck} objects did not tell theirs in time")));
    }
    Ok(StateRows { batches: vec![builder.finish()], cut })
}
