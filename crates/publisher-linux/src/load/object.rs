// SPDX-License-Identifier: Apache-2.0
//! One BPF object: opens it, sets its constants and sizes, hands it the maps that objects share, loads
//! it. Keeps libbpf's words, so that a refusal can be explained.

use crate::hooks::Source;
use crate::rules::Secret;
use libbpf_rs::{Link, MapCore, MapHandle, Object, ObjectBuilder, OpenObject};
use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

macro_rules! object {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".bpf.o"))
    };
}

impl Source {
    fn object(self) -> (&'static str, &'static [u8]) {
        match self {
            Self::Process => ("evt_process", object!("process")),
            Self::Dispatch => ("evt_dispatch", object!("dispatch")),
            Self::File => ("evt_file", object!("file")),
            Self::Call => ("evt_call", object!("call")),
            Self::Function => ("evt_function", object!("function")),
            Self::Socket => ("evt_socket", object!("socket")),
            Self::Packet => ("evt_packet", object!("packet")),
            Self::Misc => ("evt_misc", object!("misc")),
        }
    }
}

/// Maps that all objects have in common; the first object makes them.
const SHARED_MAPS: [&str; 16] = [
    "ring",
    "counts",
    "subtree",
    "living",
    "flows",
    "users",
    "owners",
    "listeners",
    "programs",
    "judged",
    "classes",
    "acting",
    "name_ends",
    "placed",
    "rules_version",
    "rule_hits",
];

/// Room for all parts of a record but argv: PARTS_MAX of wire.h.
const PARTS_BYTES_MAX: u32 = 32_768;
/// What stands before them: struct scratch of parts.h.
const SCRATCH_HEAD_BYTES: u32 = 296;

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
    /// A process that is never reported but by its life: the collector. 0: none.
    pub(crate) own_pid: u32,
    /// Bits of the kinds whose tables are on.
    pub(crate) kinds_on: u64,
    /// Key of the hash of paths.
    pub(crate) secret: Secret,
}

impl Constants {
    /// Brings sizes to what the kernel takes.
    pub(crate) fn new(
        ring_bytes: u32,
        argv_bytes_max: u32,
        subtree_only: bool,
        own_pid: u32,
    ) -> Self {
        let ring_bytes =
            ring_bytes.clamp(*RING_BYTES.start(), *RING_BYTES.end()).next_power_of_two();
        Self {
            ring_bytes,
            wake_bytes: ring_bytes / 8,
            argv_bytes_max: argv_bytes_max.clamp(*ARGV_BYTES.start(), *ARGV_BYTES.end()),
            subtree_only,
            own_pid,
            kinds_on: u64::MAX,
            secret: Secret::random(),
        }
    }

    /// Size of a scratch value of the process object; the others are as compiled.
    fn scratch_bytes(self) -> u32 {
        SCRATCH_HEAD_BYTES + PARTS_BYTES_MAX + self.argv_bytes_max
    }
}

/// Why nothing could be loaded.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}: {reason}")]
pub(crate) struct LoadError {
    /// The step.
    pub(crate) what: &'static str,
    /// What the kernel or libbpf said.
    pub(crate) reason: String,
    /// errno, when there is one.
    pub(crate) error: Option<i32>,
}

impl LoadError {
    pub(super) fn new(what: &'static str, error: &libbpf_rs::Error) -> Self {
        Self { what, reason: reason_of(error), error: errno_of(error) }
    }
}

/// Loads an object with just these programs, and with the maps that others have made already.
pub(super) fn load(
    source: Source,
    programs: &[&str],
    constants: Constants,
    shared: &BTreeMap<&'static str, MapHandle>,
) -> Result<Object, LoadError> {
    let (name, bytes) = source.object();
    quietly(|| {
        let mut object = open(name, bytes)?;
        for mut program in object.progs_mut() {
            let wanted = program.name().to_str().is_some_and(|name| programs.contains(&name));
            program.set_autoload(wanted);
        }
        set_maps(&mut object, source, constants, shared)?;
        object.load()
    })
    .map_err(|error| LoadError::new("load the hooks", &error))
}

/// The maps of a loaded object that others share.
pub(super) fn shared_maps(
    object: &Object,
) -> impl Iterator<Item = Result<(&'static str, MapHandle), LoadError>> + '_ {
    object.maps().filter_map(|map| {
        let name = SHARED_MAPS.into_iter().find(|name| map.name().to_str() == Some(*name))?;
        let handle = MapHandle::try_from(&map);
        Some(
            handle
                .map(|handle| (name, handle))
                .map_err(|error| LoadError::new("open a map", &error)),
        )
    })
}

fn open(name: &str, object: &[u8]) -> libbpf_rs::Result<OpenObject> {
    ObjectBuilder::default().name(name)?.open_memory(object)
}

fn set_maps(
    object: &mut OpenObject,
    source: Source,
    constants: Constants,
    shared: &BTreeMap<&'static str, MapHandle>,
) -> libbpf_rs::Result<()> {
    let slots = cpu_slots()?;
    for mut map in object.maps_mut() {
        let name = map.name().to_string_lossy().into_owned();
        if let Some(made) = shared.get(name.as_str()) {
            map.reuse_fd(made.as_fd())?;
            continue;
        }
        match name.as_str() {
            "ring" => map.set_max_entries(constants.ring_bytes)?,
            "scratch" => {
                if source == Source::Process {
                    map.set_value_size(constants.scratch_bytes())?;
                }
                map.set_max_entries(slots)?;
            }
            // In the order of their declaration in shared.h: 32-bit words.
            name if name.ends_with(".rodata") => {
                let secret = constants.secret.words();
                let words = [
                    constants.argv_bytes_max,
                    constants.ring_bytes,
                    constants.wake_bytes,
                    u32::from(constants.subtree_only),
                    constants.own_pid,
                    low_word(constants.kinds_on),
                    low_word(constants.kinds_on >> 32),
                ]
                .into_iter()
                .chain(secret);
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

/// The iterator over running processes; loaded only while it is read.
pub(crate) struct SnapshotIterator {
    _object: Object,
    link: Link,
}

impl SnapshotIterator {
    pub(crate) fn load() -> Result<Self, LoadError> {
        let object = quietly(|| open("evt_snapshot", object!("snapshot"))?.load())
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

fn low_word(bits: u64) -> u32 {
    u32::try_from(bits & 0xffff_ffff).unwrap_or(0)
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
        let small = Constants::new(1, 1, false, 0);
        assert_eq!((small.ring_bytes, small.argv_bytes_max), (4_096, 8_192));
        let odd = Constants::new(5_000, 40_000, true, 7);
        assert_eq!((odd.ring_bytes, odd.wake_bytes, odd.argv_bytes_max), (8_192, 1_024, 40_000));
        let large = Constants::new(u32::MAX, u32::MAX, true, 0);
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
        let header = include_str!("../../bpf/wire.h");
        assert!(header.contains(&format!("#define PARTS_MAX {PARTS_BYTES_MAX}")));
        // struct scratch: two words, three pointers, a hash, two words, struct wire_exec.
        let exec =
            crate::record::Process::SIZE + crate::record::Inode::SIZE + crate::record::Image::SIZE;
        assert_eq!(usize::try_from(SCRATCH_HEAD_BYTES), Ok(8 + 24 + 8 + 8 + exec));
    }
}
