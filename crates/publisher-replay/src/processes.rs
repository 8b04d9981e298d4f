// SPDX-License-Identifier: Apache-2.0
//! What later records need of earlier ones: who has which pid on which host, what a handle was opened
//! on, which server a name was asked of, which drive a volume is. Everything is bounded; at the bound
//! the older half is forgotten.

use crate::time::SECOND;
use evtables_schema::HostBoot;
use evtables_schema::ids::process_guid;
use std::collections::HashMap;

/// Processes that are remembered.
const PROCESSES_MAX: usize = 65_536;
/// Process numbers whose coming starts are remembered, and how many of each.
const COMING_MAX: usize = 16_384;
const COMING_OF_A_PID_MAX: usize = 8;
/// Open handles that are remembered.
const HANDLES_MAX: usize = 16_384;
/// Names whose server is remembered.
const SERVERS_MAX: usize = 4_096;
/// Hosts, and volumes of hosts.
const HOSTS_MAX: usize = 4_096;
/// Two sensors that tell of a start within this time tell of the same one.
const SAME_START: i64 = 2 * SECOND;
/// An answer comes within this time.
const ANSWER: i64 = 30 * SECOND;

#[derive(Debug)]
struct Process {
    guid: u128,
    start_ns: i64,
    /// The guid is the sensor's own.
    is_sensor: bool,
    ended: bool,
    path: Option<Box<str>>,
}

/// A map that forgets its older half when it is full.
#[derive(Debug)]
struct Memory<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    half: usize,
}

impl<K: std::hash::Hash + Eq, V> Memory<K, V> {
    fn new(max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), half: max / 2 }
    }

    fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }

    fn get(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.young.get_mut(key).or_else(|| self.old.get_mut(key))
    }
}

/// A host by its number here.
type Host = u32;
/// Host, process and handle.
type Handle = (Host, i64, i64);
/// Kind and name of an object.
type Object = (Box<str>, Box<str>);
/// Host, name and type of a query.
type Query = (Host, Box<str>, Option<i64>);
/// Address of a server, and when it was asked.
type Asked = (Box<str>, i64);

/// The memory.
#[derive(Debug)]
pub(crate) struct Processes {
    hosts: HashMap<Box<str>, Host>,
    /// The host of the last record: mostly that of the next one too.
    last: (Box<str>, Host),
    processes: Memory<(Host, i64), Process>,
    /// Time and guid of starts that a sensor tells of in records that were read, and are not out yet.
    coming: Memory<(Host, i64), Vec<(i64, u128)>>,
    handles: Memory<Handle, Object>,
    servers: Memory<Query, Asked>,
    drives: HashMap<(Host, Box<str>), Box<str>>,
}

impl Processes {
    pub(crate) fn new() -> Self {
        Self {
            hosts: HashMap::new(),
            last: (Box::default(), Host::MAX),
            processes: Memory::new(PROCESSES_MAX),
            coming: Memory::new(COMING_MAX),
            handles: Memory::new(HANDLES_MAX),
            servers: Memory::new(SERVERS_MAX),
            drives: HashMap::new(),
        }
    }

    /// Hosts beyond the bound share one number.
    fn host(&mut self, name: &str) -> Host {
        if *self.last.0 == *name && self.last.1 != Host::MAX {
            return self.last.1;
        }
        let key: Box<str> = name.to_ascii_lowercase().into();
        let next = Host::try_from(self.hosts.len()).unwrap_or(Host::MAX);
        let number = if self.hosts.len() < HOSTS_MAX {
            *self.hosts.entry(key).or_insert(next)
        } else {
            self.hosts.get(&key).copied().unwrap_or(next)
        };
        self.last = (name.into(), number);
        number
    }

    fn derive(host: &str, pid: i64, start_ns: i64) -> u128 {
        let host = HostBoot::new(&host.to_ascii_lowercase(), "");
        let start = u64::try_from(start_ns).unwrap_or(0);
        process_guid(host, start, u32::try_from(pid).unwrap_or(u32::MAX))
    }

    /// A sensor tells of a start in a record that comes later.
    pub(crate) fn will_start(&mut self, host: &str, pid: i64, at: i64, guid: u128) {
        let key = (self.host(host), pid);
        match self.coming.get_mut(&key) {
            Some(starts) if starts.len() < COMING_OF_A_PID_MAX => starts.push((at, guid)),
            Some(_) => {}
            None => self.coming.insert(key, vec![(at, guid)]),
        }
    }

    /// The guid that a sensor gave, or is about to give, to the start of that time.
    fn sensor_guid(&self, key: (Host, i64), now: i64) -> Option<u128> {
        let known = self.processes.get(&key).filter(|known| known.is_sensor);
        let coming = self.coming.get(&key).into_iter().flatten().copied();
        let starts = known.map(|known| (known.start_ns, known.guid)).into_iter().chain(coming);
        let near = starts.map(|(at, guid)| (now.saturating_sub(at).saturating_abs(), guid));
        near.filter(|(apart, _)| *apart <= SAME_START).min().map(|(_, guid)| guid)
    }

    /// A process has started; gives its guid. Without one of a sensor it is derived, unless a sensor
    /// tells of the same start.
    pub(crate) fn start(
        &mut self,
        host: &str,
        pid: i64,
        now: i64,
        sensor: Option<u128>,
        path: Option<&str>,
    ) -> u128 {
        let key = (self.host(host), pid);
        let known = match sensor {
            Some(guid) => {
                if let Some(starts) = self.coming.get_mut(&key) {
                    starts.retain(|(_, other)| *other != guid);
                }
                None
            }
            None => self.sensor_guid(key, now),
        };
        if let Some(guid) = known
            && let Some(process) = self.processes.get_mut(&key)
            && process.guid == guid
        {
            process.path = path.map(Into::into).or(process.path.take());
            return guid;
        }
        let guid = sensor.or(known).unwrap_or_else(|| Self::derive(host, pid, now));
        let process = Process {
            guid,
            start_ns: now,
            is_sensor: sensor.or(known).is_some(),
            ended: false,
            path: path.map(Into::into),
        };
        self.processes.insert(key, process);
        guid
    }

    /// Guid of the process that has a pid now. One that was never seen to start counts from now.
    pub(crate) fn living(&mut self, host: &str, pid: i64, now: i64) -> u128 {
        let key = (self.host(host), pid);
        match self.processes.get(&key) {
            Some(known) if !known.ended || (now - known.start_ns).abs() <= SAME_START => known.guid,
            _ => self.start(host, pid, now, None, None),
        }
    }

    /// A process has ended; gives its guid.
    pub(crate) fn end(&mut self, host: &str, pid: i64, now: i64) -> u128 {
        let guid = self.living(host, pid, now);
        let key = (self.host(host), pid);
        if let Some(process) = self.processes.get_mut(&key) {
            process.ended = true;
        }
        guid
    }

    /// Executable of the process that has a pid.
    pub(crate) fn path(&mut self, host: &str, pid: i64) -> Option<&str> {
        let key = (self.host(host), pid);
        self.processes.get(&key)?.path.as_deref()
    }

    /// A path of the kernel (`\device\harddiskvolume2\x`) with a drive's letter. Which drive a volume
    /// is follows from a process whose path is known in both forms; until then it is not changed.
    pub(crate) fn dos_path(&mut self, host: &str, path: &str, pid: Option<i64>) -> Option<String> {
        const DEVICE: &str = "\\device\\harddiskvolume";
        let head = path.get(..DEVICE.len())?;
        if !head.eq_ignore_ascii_case(DEVICE) {
            return None;
        }
        let end = DEVICE.len() + path.get(DEVICE.len()..)?.find('\\')?;
        let (volume, tail) = path.split_at_checked(end)?;
        let key = (self.host(host), volume.to_ascii_lowercase().into());
        if let Some(drive) = self.drives.get(&key) {
            return Some(format!("{drive}{tail}"));
        }
        let known = self.path(host, pid?)?;
        let (drive, same) = known.split_at_checked(2)?;
        if !drive.ends_with(':') || !same.eq_ignore_ascii_case(tail) {
            return None;
        }
        let drive: Box<str> = drive.into();
        let made = format!("{drive}{tail}");
        if self.drives.len() < HOSTS_MAX {
            self.drives.insert(key, drive);
        }
        Some(made)
    }

    /// A handle was opened on a named object.
    pub(crate) fn open_handle(
        &mut self,
        host: &str,
        (pid, handle): (i64, i64),
        kind: &str,
        name: &str,
    ) {
        let key = (self.host(host), pid, handle);
        self.handles.insert(key, (kind.into(), name.into()));
    }

    /// Name of the object of that kind that a handle was opened on.
    pub(crate) fn handle(
        &mut self,
        host: &str,
        (pid, handle): (i64, i64),
        kind: &str,
    ) -> Option<&str> {
        let key = (self.host(host), pid, handle);
        let (known, name) = self.handles.get(&key)?;
        known.eq_ignore_ascii_case(kind).then_some(name)
    }

    /// A name was asked of a server.
    pub(crate) fn ask(
        &mut self,
        host: &str,
        name: &str,
        kind: Option<i64>,
        server: &str,
        now: i64,
    ) {
        let key = (self.host(host), name.to_ascii_lowercase().into(), kind);
        self.servers.insert(key, (server.into(), now));
    }

    /// The server that a name was asked of just now.
    pub(crate) fn server(
        &mut self,
        host: &str,
        name: &str,
        kind: Option<i64>,
        now: i64,
    ) -> Option<&str> {
        let key = (self.host(host), name.to_ascii_lowercase().into(), kind);
        let (server, asked) = self.servers.get(&key)?;
        ((now - asked).abs() <= ANSWER).then_some(server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_is_a_process_until_it_ends() {
        let mut all = Processes::new();
        let first = all.living("H", 7, 0);
        assert_eq!(all.living("h", 7, 5 * SECOND), first, "hosts compare without case");
        assert_ne!(all.living("other", 7, 0), first);
        assert_eq!(all.end("h", 7, 6 * SECOND), first);
        let second = all.start("h", 7, 60 * SECOND, None, Some("C:\\a.exe"));
        assert_ne!(second, first);
        assert_eq!(all.path("h", 7), Some("C:\\a.exe"));
        // The sensor's own guid wins over a derived one, whichever comes first.
        assert_eq!(all.start("h", 8, 100 * SECOND, Some(42), None), 42);
        assert_eq!(all.start("h", 8, 101 * SECOND, None, None), 42);
        assert_ne!(all.start("h", 8, 110 * SECOND, None, None), 42);
    }

    #[test]
    fn a_sensors_guid_is_known_before_its_record_is_out() {
        let mut all = Processes::new();
        all.will_start("h", 8, 101 * SECOND, 42);
        all.will_start("H", 8, 102 * SECOND, 43);
        assert_eq!(all.start("h", 8, 100 * SECOND, None, Some("C:\\a.exe")), 42, "the nearer one");
        assert_eq!(all.living("h", 8, 100 * SECOND), 42, "also for what it does before that");
        assert_eq!(all.start("h", 8, 101 * SECOND, Some(42), None), 42);
        all.end("h", 8, 101 * SECOND + 1);
        assert_eq!(all.start("h", 8, 102 * SECOND + 1, None, None), 43);
        assert_ne!(all.start("other", 8, 102 * SECOND, None, None), 43);
        assert_eq!(all.start("h", 8, 102 * SECOND, Some(43), None), 43);
        assert!(all.coming.get(&(0, 8)).is_some_and(Vec::is_empty), "what is out is not coming");
        for at in 0..100 {
            all.will_start("h", 9, at, 1);
        }
        assert_eq!(all.coming.get(&(0, 9)).map(Vec::len), Some(COMING_OF_A_PID_MAX));
    }

    #[test]
    fn volumes_become_drives_by_evidence() {
        let mut all = Processes::new();
        let path = "\\device\\harddiskvolume2\\windows\\a.exe";
        assert_eq!(all.dos_path("h", path, Some(7)), None);
        all.start("h", 7, 0, None, Some("C:\\Windows\\A.exe"));
        assert_eq!(all.dos_path("h", path, Some(7)).as_deref(), Some("C:\\windows\\a.exe"));
        let other = "\\Device\\HarddiskVolume2\\b.exe";
        assert_eq!(all.dos_path("h", other, None).as_deref(), Some("C:\\b.exe"));
        assert_eq!(all.dos_path("other", other, None), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut all = Processes::new();
        for pid in 0..200_000 {
            all.living("h", pid, 0);
        }
        assert!(all.processes.young.len() + all.processes.old.len() <= PROCESSES_MAX);
    }
}
