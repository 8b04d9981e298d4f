// SPDX-License-Identifier: Apache-2.0
//! The processes that run at start-up: records of the task iterator, with the arguments from
//! /proc (the only place where /proc is read). Never on the ring thread.

use crate::load::{LoadError, SnapshotIterator};
use crate::record::{Exec, Record, parse, split_first};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;

/// Processes in a snapshot at most; Linux's own limit is four million, of 300 bytes each here.
const SNAPSHOT_BYTES_MAX: u64 = 1 << 30;
/// Generations followed from a process up to the first one.
const GENERATIONS_MAX: usize = 1_024;

/// Raw records of one pass over all processes, by their start, so that parents come first. The kernel's own order is by
/// pid, and pids start again at its bound.
pub(crate) struct Pass(Vec<u8>);

impl Pass {
    pub(crate) fn read(iterator: &SnapshotIterator) -> Result<Self, LoadError> {
        let mut bytes = Vec::new();
        let read = iterator.pass()?.take(SNAPSHOT_BYTES_MAX).read_to_end(&mut bytes);
        read.map_err(|error| LoadError {
            what: "read the task iterator",
            reason: error.to_string(),
            error: error.raw_os_error(),
        })?;
        Ok(Self::of(&bytes))
    }

    fn of(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let all = std::iter::from_fn(|| {
            let (record, after) = split_first(rest)?;
            rest = after;
            Some(record)
        });
        let mut processes: Vec<(u64, &[u8])> = all
            .filter_map(|record| match parse(record) {
                Ok(Record::Running(exec)) => Some((exec.process.start_ns, record)),
                _ => None,
            })
            .collect();
        processes.sort_by_key(|(start_ns, _)| *start_ns);
        Self(processes.into_iter().flat_map(|(_, record)| record).copied().collect())
    }

    /// The processes.
    pub(crate) fn processes(&self) -> impl Iterator<Item = Exec<'_>> {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            loop {
                let (record, after) = split_first(rest)?;
                rest = after;
                if let Ok(Record::Running(exec)) = parse(record) {
                    return Some(exec);
                }
            }
        })
    }

    fn parents(&self) -> HashMap<u32, u32> {
        self.processes().map(|exec| (exec.process.pid, exec.process.parent_pid)).collect()
    }

    /// `root` and every process below it.
    pub(crate) fn subtree(&self, root: u32) -> HashSet<u32> {
        let parents = self.parents();
        let below = |pid: &u32| ancestors(&parents, *pid).any(|ancestor| ancestor == root);
        parents.keys().copied().filter(|pid| *pid == root || below(pid)).collect()
    }

    /// The processes above `root`.
    pub(crate) fn above(&self, root: u32) -> HashSet<u32> {
        ancestors(&self.parents(), root).collect()
    }
}

fn ancestors(parents: &HashMap<u32, u32>, pid: u32) -> impl Iterator<Item = u32> {
    let mut at = pid;
    std::iter::from_fn(move || {
        at = *parents.get(&at)?;
        (at != 0).then_some(at)
    })
    .take(GENERATIONS_MAX)
}

/// The argument bytes of a process as they are now, at most `limit`. `None` when it is gone or its pid
/// belongs to another one meanwhile.
pub(crate) fn arguments(exec: &Exec<'_>, limit: u64, ticks_per_second: u64) -> Option<Vec<u8>> {
    let pid = exec.process.pid;
    let mut bytes = Vec::new();
    File::open(format!("/proc/{pid}/cmdline")).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let start = start_ticks(&stat)?;
    let expected = u128::from(exec.process.start_ns) * u128::from(ticks_per_second) / 1_000_000_000;
    (u128::from(start) == expected).then_some(bytes)
}

/// Field 22 of /proc/PID/stat. The name in field 2 may hold anything, so count behind its last parenthesis.
fn start_ticks(stat: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(stat);
    let (_, after) = text.rsplit_once(')')?;
    after.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::exec_record;
    use crate::record::{Process, kind};

    fn running(pid: u32, start_ns: u64) -> Vec<u8> {
        let mut bytes = exec_record([b""; 7], 0);
        let mut offset = 0;
        for (name, size) in Process::FIELDS {
            let value = match *name {
                "kind" => kind::RUNNING.into(),
                "pid" => pid.into(),
                "start_ns" => start_ns,
                _ => 0,
            };
            if value > 0 {
                bytes[offset..offset + size].copy_from_slice(&value.to_le_bytes()[..*size]);
            }
            offset += size;
        }
        bytes
    }

    #[test]
    fn parents_come_first_when_numbers_start_again() {
        let pass = Pass::of(&[running(2, 30), running(3, 40), running(32_700, 20)].concat());
        let pids: Vec<u32> = pass.processes().map(|exec| exec.process.pid).collect();
        assert_eq!(pids, [32_700, 2, 3]);
    }

    #[test]
    fn start_is_found_behind_a_hostile_name() {
        let stat = b"7 (a) R 1) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 99 1";
        assert_eq!(start_ticks(stat), Some(4711));
        assert_eq!(start_ticks(b""), None);
    }

    #[test]
    fn circles_end() {
        let parents = HashMap::from([(2, 3), (3, 2), (9, 1), (1, 0)]);
        assert_eq!(ancestors(&parents, 2).count(), GENERATIONS_MAX);
        assert_eq!(ancestors(&parents, 9).collect::<Vec<_>>(), [1]);
    }
}
