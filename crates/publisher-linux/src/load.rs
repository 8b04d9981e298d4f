// SPDX-License-Identifier: Apache-2.0
//! Opens the BPF objects, sets their constants and sizes, loads and attaches them, and keeps for each
//! hook whether that worked. The only valid probe of a hook is to load it, so a load that
//! fails as a whole is tried again program by program.

use crate::sys::{self, ProgramCount};
use evtables_sdk::HookState;
use libbpf_rs::{Link, MapCore, MapFlags, MapHandle, Object, ObjectBuilder, OpenObject};
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

const PROCESS_OBJECT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/process.bpf.o"));
const SNAPSHOT_OBJECT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/snapshot.bpf.o"));

/// What each program is called in bpf/process.bpf.c, and the tracepoint that it hangs on.
const PROGRAMS: [(&str, &str); 3] = [
    ("process_exec", "sched_process_exec"),
    ("process_fork", "sched_process_fork"),
    ("process_exit", "sched_process_exit"),
];

/// Room for all parts of a record but argv: PARTS_MAX of wire.h.
const PARTS_BYTES_MAX: u32 = 32_768;
/// What stands before them: struct scratch of parts.h.
const SCRATCH_HEAD_BYTES: u32 = 272;

/// Bounds of `argv_bytes_max`. Below the lower one, the scratch value would be too small for a path.
const ARGV_BYTES: std::ops::RangeInclusive<u32> = 8_192..=131_072;
/// Bounds of `ring_bytes`: a power of two of whole pages.
const RING_BYTES: std::ops::RangeInclusive<u32> = 4_096..=(256 << 20);

/// Constants of the kernel side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Constants {
    /// Size of the ring, bytes.
    pub(crate) ring_bytes: u32,
    /// Pending bytes from which the reader is woken.
    pub(crate) wake_bytes: u32,
    /// Longest argv in a record.
    pub(crate) argv_bytes_max: u32,
    /// Only processes in the map `subtree`.
    pub(crate) subtree_only: bool,
}

impl Constants {
    /// Brings sizes to what the kernel takes.
    pub(crate) fn new(ring_bytes: u32, argv_bytes_max: u32, subtree_only: bool) -> Self {
        let ring_bytes =
            ring_bytes.clamp(*RING_BYTES.start(), *RING_BYTES.end()).next_power_of_two();
        Self {
            ring_bytes,
            wake_bytes: ring_bytes / 8,
            argv_bytes_max: argv_bytes_max.clamp(*ARGV_BYTES.start(), *ARGV_BYTES.end()),
            subtree_only,
        }
    }

    fn scratch_bytes(self) -> u32 {
        SCRATCH_HEAD_BYTES + PARTS_BYTES_MAX + self.argv_bytes_max
    }
}

/// How far one hook came.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    /// Name of the tracepoint or iterator.
    pub(crate) name: &'static str,
    /// Whether it works.
    pub(crate) state: HookState,
    /// errno of the failure.
    pub(crate) error: Option<i32>,
    /// What the kernel or libbpf said.
    pub(crate) reason: Option<String>,
}

/// Why nothing could be loaded.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}: {reason}")]
pub(crate) struct LoadError {
    /// The step.
    pub what: &'static str,
    /// What the kernel or libbpf said.
    pub reason: String,
    /// errno, when there is one.
    pub error: Option<i32>,
}

impl LoadError {
    fn new(what: &'static str, error: &libbpf_rs::Error) -> Self {
        Self { what, reason: reason_of(error), error: errno_of(error) }
    }
}

/// Totals of one kind over all CPUs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KernelCounts {
    /// The hook ran for it.
    pub seen: u64,
    /// Left out by the kernel's filter.
    pub filtered: u64,
    /// Put into the ring.
    pub submitted: u64,
    /// Lost: no room in the ring.
    pub ring_full: u64,
    /// Lost: larger than the whole ring.
    pub oversize: u64,
}

impl std::ops::AddAssign for KernelCounts {
    fn add_assign(&mut self, other: Self) {
        self.seen += other.seen;
        self.filtered += other.filtered;
        self.submitted += other.submitted;
        self.ring_full += other.ring_full;
        self.oversize += other.oversize;
    }
}

/// The loaded hooks of the process family.
pub(crate) struct ProcessHooks {
    object: Object,
    links: Vec<(usize, Link)>,
    hooks: Vec<Hook>,
}

impl ProcessHooks {
    /// Loads what this kernel takes. Nothing is attached yet.
    pub(crate) fn load(constants: Constants) -> Result<Self, LoadError> {
        let names: Vec<&str> = PROGRAMS.iter().map(|(program, _)| *program).collect();
        let mut hooks: Vec<Hook> = PROGRAMS
            .iter()
            .map(|(_, name)| Hook { name, state: HookState::Off, error: None, reason: None })
            .collect();
        let first = match load_programs(constants, &names) {
            Ok(object) => return Ok(Self { object, links: Vec::new(), hooks }),
            Err(error) => error,
        };
        let mut loadable = Vec::new();
        for ((program, _), hook) in PROGRAMS.iter().zip(&mut hooks) {
            match load_programs(constants, &[*program]) {
                Ok(_) => loadable.push(*program),
                Err(error) => fail(hook, error),
            }
        }
        if loadable.is_empty() {
            return Err(first);
        }
        let object = load_programs(constants, &loadable)?;
        Ok(Self { object, links: Vec::new(), hooks })
    }

    /// Attaches what is loaded. An error when nothing could be attached.
    pub(crate) fn attach(&mut self) -> Result<(), LoadError> {
        for program in self.object.progs_mut() {
            let position =
                PROGRAMS.iter().position(|(name, _)| program.name().to_str() == Some(*name));
            let Some((position, hook)) =
                position.and_then(|at| Some((at, self.hooks.get_mut(at)?)))
            else {
                continue;
            };
            if hook.state == HookState::Failed {
                continue;
            }
            match program.attach() {
                Ok(link) => {
                    hook.state = HookState::Attached;
                    self.links.push((position, link));
                }
                Err(error) => fail(hook, LoadError::new("attach", &error)),
            }
        }
        if self.links.is_empty() {
            let reason = self.hooks.iter().find_map(|hook| hook.reason.clone());
            return Err(LoadError {
                what: "attach the process hooks",
                reason: reason.unwrap_or_default(),
                error: self.hooks.iter().find_map(|hook| hook.error),
            });
        }
        Ok(())
    }

    /// Detaches every hook; maps and counters stay.
    pub(crate) fn detach(&mut self) {
        self.links.clear();
        for hook in &mut self.hooks {
            if hook.state == HookState::Attached {
                hook.state = HookState::Off;
                hook.reason = Some("stopped".to_owned());
            }
        }
    }

    /// State of each hook, with the kernel's own counters.
    pub(crate) fn hooks(&self) -> Vec<(Hook, Option<ProgramCount>)> {
        let count_of = |at: usize| {
            let name = PROGRAMS.get(at)?.0;
            let program =
                self.object.progs().find(|program| program.name().to_str() == Some(name))?;
            sys::program_count(program.as_fd())
        };
        self.hooks.iter().enumerate().map(|(at, hook)| (hook.clone(), count_of(at))).collect()
    }

    /// A handle of its own on a map of the object.
    pub(crate) fn map(&self, name: &str) -> Result<MapHandle, LoadError> {
        let map = self.object.maps().find(|map| map.name().to_str() == Some(name));
        let missing = || LoadError {
            what: "find a map",
            reason: format!("no map {name} in the object"),
            error: None,
        };
        MapHandle::try_from(&map.ok_or_else(missing)?)
            .map_err(|error| LoadError::new("open a map", &error))
    }
}

/// The iterator over running processes; loaded only while it is read.
pub(crate) struct SnapshotIterator {
    _object: Object,
    link: Link,
}

impl SnapshotIterator {
    pub(crate) fn load() -> Result<Self, LoadError> {
        let object = quietly(|| open("evt_snapshot", SNAPSHOT_OBJECT)?.load())
            .map_err(|error| LoadError::new("load the task iterator", &error))?;
        let link = object
            .progs_mut()
            .next()
            .ok_or_else(|| LoadError {
                what: "load the task iterator",
                reason: "the object is empty".to_owned(),
                error: None,
            })?
            .attach()
            .map_err(|error| LoadError::new("attach the task iterator", &error))?;
        Ok(Self { _object: object, link })
    }

    /// A new pass over all processes.
    pub(crate) fn pass(&self) -> Result<libbpf_rs::Iter, LoadError> {
        libbpf_rs::Iter::new(&self.link)
            .map_err(|error| LoadError::new("start the task iterator", &error))
    }
}

/// Counts of one kind, by its number in wire.h, from the map `counts`: one entry per CPU.
pub(crate) fn kernel_counts(map: &MapHandle, kind: u32) -> Vec<KernelCounts> {
    let Ok(Some(values)) = map.lookup_percpu(&kind.to_ne_bytes(), MapFlags::ANY) else {
        return Vec::new();
    };
    let of_cpu = |value: Vec<u8>| {
        let mut words = value
            .chunks_exact(8)
            .map(|word| word.first_chunk().map_or(0, |bytes| u64::from_ne_bytes(*bytes)));
        let mut next = || words.next().unwrap_or(0);
        KernelCounts {
            seen: next(),
            filtered: next(),
            submitted: next(),
            ring_full: next(),
            oversize: next(),
        }
    };
    values.into_iter().map(of_cpu).collect()
}

fn fail(hook: &mut Hook, error: LoadError) {
    hook.state = HookState::Failed;
    hook.error = error.error;
    hook.reason = Some(error.reason);
}

fn open(name: &str, object: &[u8]) -> libbpf_rs::Result<OpenObject> {
    ObjectBuilder::default().name(name)?.open_memory(object)
}

fn load_programs(constants: Constants, programs: &[&str]) -> Result<Object, LoadError> {
    quietly(|| {
        let mut object = open("evt_process", PROCESS_OBJECT)?;
        for mut program in object.progs_mut() {
            let wanted = program.name().to_str().is_some_and(|name| programs.contains(&name));
            program.set_autoload(wanted);
        }
        set_maps(&mut object, constants)?;
        object.load()
    })
    .map_err(|error| LoadError::new("load the process hooks", &error))
}

fn set_maps(object: &mut OpenObject, constants: Constants) -> libbpf_rs::Result<()> {
    let slots = cpu_slots()?;
    for mut map in object.maps_mut() {
        let name = map.name().to_string_lossy().into_owned();
        match name.as_str() {
            "ring" => map.set_max_entries(constants.ring_bytes)?,
            "scratch" => {
                map.set_value_size(constants.scratch_bytes())?;
                map.set_max_entries(slots)?;
            }
            // In the order of their declaration: four 32-bit words.
            name if name.ends_with(".rodata") => {
                let words = [
                    constants.argv_bytes_max,
                    constants.ring_bytes,
                    constants.wake_bytes,
                    u32::from(constants.subtree_only),
                ];
                if let Some(value) = map.initial_value_mut() {
                    let targets = value.chunks_exact_mut(4);
                    for (target, word) in targets.zip(words) {
                        target.copy_from_slice(&word.to_ne_bytes());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// One more than the highest CPU number that may ever be used; numbers may have holes.
fn cpu_slots() -> libbpf_rs::Result<u32> {
    let ranges = std::fs::read_to_string("/sys/devices/system/cpu/possible").unwrap_or_default();
    if let Some(last) = highest_cpu(&ranges) {
        return Ok(last.saturating_add(1));
    }
    Ok(u32::try_from(libbpf_rs::num_possible_cpus()?).unwrap_or(u32::MAX))
}

/// From the kernel's list form, for example `0-3,8-11`.
fn highest_cpu(ranges: &str) -> Option<u32> {
    let numbers = ranges.trim().split([',', '-']).map(str::parse::<u32>);
    numbers.collect::<Result<Vec<_>, _>>().ok()?.into_iter().max()
}

/// The last words of libbpf before a failure, so that a refusal can be explained.
static LIBBPF_WORDS: Mutex<String> = Mutex::new(String::new());
const LIBBPF_WORDS_BYTES_MAX: usize = 8_192;

fn keep_words(_: libbpf_rs::PrintLevel, message: String) {
    let mut words = LIBBPF_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if words.len() + message.len() <= LIBBPF_WORDS_BYTES_MAX {
        words.push_str(&message);
    }
}

/// Runs `action` with libbpf's messages kept instead of printed.
fn quietly<T>(action: impl FnOnce() -> T) -> T {
    LIBBPF_WORDS.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let before = libbpf_rs::set_print(Some((libbpf_rs::PrintLevel::Warn, keep_words)));
    let result = action();
    libbpf_rs::set_print(before);
    result
}

/// One line: the error, then the verifier's last complaint, when there is one.
fn reason_of(error: &libbpf_rs::Error) -> String {
    let words = LIBBPF_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    tracing::debug!(words = words.as_str(), "libbpf");
    let is_frame = |line: &&str| {
        let line = line.trim();
        line.is_empty() || line.starts_with("libbpf:") || line.starts_with("--")
    };
    let said =
        words.lines().filter(|line| !is_frame(line)).rfind(|line| !line.contains("processed"));
    match said {
        Some(said) => format!("{error} ({})", said.trim()),
        None => error.to_string(),
    }
}

/// The errno inside; libbpf-rs shows it only as text.
fn errno_of(error: &libbpf_rs::Error) -> Option<i32> {
    let text = format!("{error:?}");
    let (_, after) = text.split_once("os error ")?;
    after.split(')').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_brought_within_bounds() {
        let small = Constants::new(1, 1, false);
        assert_eq!((small.ring_bytes, small.argv_bytes_max), (4_096, 8_192));
        let odd = Constants::new(5_000, 40_000, true);
        assert_eq!((odd.ring_bytes, odd.wake_bytes, odd.argv_bytes_max), (8_192, 1_024, 40_000));
        let large = Constants::new(u32::MAX, u32::MAX, true);
        assert_eq!((large.ring_bytes, large.argv_bytes_max), (256 << 20, 131_072));
    }

    #[test]
    fn cpu_numbers_may_have_holes() {
        assert_eq!(highest_cpu("0-1\n"), Some(1));
        assert_eq!(highest_cpu("0-3,8-11"), Some(11));
        assert_eq!(highest_cpu("0"), Some(0));
        assert_eq!(highest_cpu(""), None);
    }

    #[test]
    fn scratch_is_as_large_as_wire_h_needs() {
        let header = include_str!("../bpf/wire.h");
        assert!(header.contains(&format!("#define PARTS_MAX {PARTS_BYTES_MAX}")));
        // struct scratch: two words, three pointers, struct wire_exec.
        let exec = crate::record::Process::SIZE + crate::record::Image::SIZE;
        assert_eq!(usize::try_from(SCRATCH_HEAD_BYTES), Ok(8 + 24 + exec));
    }
}
