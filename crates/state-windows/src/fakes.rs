// SPDX-License-Identifier: Apache-2.0
//! Sources that say what a test wrote, in the bytes of Windows.

use crate::sources::{
    Accounts, Disks, EventLog, Family, Handles, Hive, Key, Named, Network, Processes, Raw,
    Registry, Service, Services, Value,
};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

/// Keys with their values, by their names as people write them.
#[derive(Default)]
pub(crate) struct FakeRegistry(pub(crate) BTreeMap<String, Vec<Value>>);

pub(crate) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

impl FakeRegistry {
    pub(crate) fn text(mut self, key: &str, name: &str, value: &str) -> Self {
        let value = Value { name: name.into(), kind: 1, data: utf16(value) };
        self.0.entry(key.into()).or_default().push(value);
        self
    }

    pub(crate) fn bytes(mut self, key: &str, name: &str, kind: u32, data: &[u8]) -> Self {
        let value = Value { name: name.into(), kind, data: data.to_vec() };
        self.0.entry(key.into()).or_default().push(value);
        self
    }
}

impl Registry for FakeRegistry {
    fn subkeys(&self, key: &Key) -> Vec<String> {
        let root = match key.hive {
            Hive::Users if key.path.is_empty() => "HKEY_USERS\\".to_owned(),
            _ => format!("{}\\", key.shown()),
        };
        let below = self.0.keys().filter_map(|name| name.strip_prefix(&root));
        let mut names: Vec<String> =
            below.map(|rest| rest.split('\\').next().unwrap().to_owned()).collect();
        names.dedup();
        names
    }

    fn values(&self, key: &Key) -> Vec<Value> {
        self.0.get(&key.shown()).cloned().unwrap_or_default()
    }
}

impl Accounts for FakeRegistry {
    fn account(&self, sid: &str) -> Option<String> {
        (sid == "S-1-5-21-1").then(|| "HOST\\ann".to_owned())
    }
}

pub(crate) struct FakeServices(pub(crate) Vec<Service>);

impl Services for FakeServices {
    fn services(&self) -> Result<Vec<Service>, String> {
        Ok(self.0.clone())
    }
}

/// One process as the kernel writes it, its name behind it.
pub(crate) struct FakeProcess {
    pub(crate) pid: u64,
    pub(crate) name: &'static str,
    pub(crate) created: i64,
    pub(crate) user: i64,
    pub(crate) kernel: i64,
    pub(crate) read_bytes: i64,
    pub(crate) reads: i64,
}

pub(crate) const BASE: u64 = 0x7ff0_0000_1000;

pub(crate) fn process_list(processes: &[FakeProcess]) -> Raw {
    let mut bytes = Vec::new();
    for (at, process) in processes.iter().enumerate() {
        let from = bytes.len();
        let name: Vec<u8> = process.name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut record = vec![0_u8; 256];
        let mut put =
            |offset: usize, data: &[u8]| record[offset..offset + data.len()].copy_from_slice(data);
        put(4, &7_u32.to_le_bytes());
        put(32, &process.created.to_le_bytes());
        put(40, &process.user.to_le_bytes());
        put(48, &process.kernel.to_le_bytes());
        put(56, &u16::try_from(name.len()).unwrap().to_le_bytes());
        put(64, &(BASE + (from + 256) as u64).to_le_bytes());
        put(72, &8_i32.to_le_bytes());
        put(80, &process.pid.to_le_bytes());
        put(88, &1_u64.to_le_bytes());
        put(96, &55_u32.to_le_bytes());
        put(144, &4096_u64.to_le_bytes());
        put(208, &process.reads.to_le_bytes());
        put(232, &process.read_bytes.to_le_bytes());
        record.extend_from_slice(&name);
        record.resize(record.len().next_multiple_of(8), 0);
        if at + 1 < processes.len() {
            let next = u32::try_from(record.len()).unwrap();
            record[..4].copy_from_slice(&next.to_le_bytes());
        }
        bytes.extend_from_slice(&record);
    }
    Raw { bytes, base: BASE }
}

/// Gives one list after the other, and lets time pass when it is told to wait.
pub(crate) struct FakeProcesses {
    pub(crate) lists: Mutex<Vec<Raw>>,
    pub(crate) now: Mutex<i64>,
    pub(crate) waited: Mutex<u32>,
}

impl FakeProcesses {
    pub(crate) fn new(now: i64, lists: Vec<Raw>) -> Self {
        Self { lists: Mutex::new(lists), now: Mutex::new(now), waited: Mutex::new(0) }
    }
}

impl Processes for FakeProcesses {
    fn processes(&self) -> Result<Raw, String> {
        let mut lists = self.lists.lock().unwrap();
        if lists.len() > 1 { Ok(lists.remove(0)) } else { Ok(lists[0].clone()) }
    }

    fn now(&self) -> i64 {
        *self.now.lock().unwrap()
    }

    fn wait(&self, time: Duration) {
        *self.waited.lock().unwrap() += 1;
        *self.now.lock().unwrap() += i64::try_from(time.as_nanos() / 100).unwrap();
    }
}

/// Handles by process and value; process 4 may not be opened, and value 99 never answers.
pub(crate) struct FakeHandles(pub(crate) Vec<(u64, u64, u32, u16)>);

impl Handles for FakeHandles {
    fn handles(&self) -> Result<Raw, String> {
        let mut bytes = (self.0.len() as u64).to_le_bytes().to_vec();
        bytes.extend([0; 8]);
        for (pid, value, access, kind) in &self.0 {
            // Each handle is another object, but those of values that differ by a thousand.
            bytes.extend((0x1000 + value % 1_000).to_le_bytes());
            bytes.extend(pid.to_le_bytes());
            bytes.extend(value.to_le_bytes());
            bytes.extend(access.to_le_bytes());
            bytes.extend(0_u16.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(0_u64.to_le_bytes());
        }
        Ok(Raw { bytes, base: 0 })
    }

    fn name(&self, pid: u32, handle: u64, name: bool) -> Option<Named> {
        if pid == 4 {
            return None;
        }
        let kind = if handle.is_multiple_of(2) { "Key" } else { "File" };
        let stuck = name && handle == 99;
        let name = (name && !stuck).then(|| format!("\\object\\{handle}"));
        Some(Named { kind: Some(kind.into()), name, stuck })
    }
}

pub(crate) struct FakeNetwork {
    pub(crate) v4: Vec<u8>,
    pub(crate) v6: Vec<u8>,
}

impl Network for FakeNetwork {
    fn connections(&self, family: Family) -> Result<Vec<u8>, String> {
        Ok(if family == Family::V4 { self.v4.clone() } else { self.v6.clone() })
    }

    fn traffic(&self, family: Family, row: &[u8]) -> Option<(u64, u64)> {
        // State first, in both forms.
        let whole = row.len() == if family == Family::V4 { 20 } else { 52 };
        (whole && row[0] == 5).then_some((1_000, 2_000))
    }

    fn adapters(&self) -> Vec<(IpAddr, Vec<u8>)> {
        vec![("10.0.0.5".parse().unwrap(), vec![0, 0x1b, 0xfc, 1, 2, 3])]
    }
}

/// A log with these events in one channel; `None` is a service that does not answer.
pub(crate) struct FakeLog {
    pub(crate) channels: Option<Vec<&'static str>>,
    /// `None` cannot be put into XML.
    pub(crate) events: Vec<Option<String>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl EventLog for FakeLog {
    fn channels(&self) -> Result<Vec<String>, String> {
        let channels = self.channels.as_ref().ok_or("failed to list the channels: no service")?;
        Ok(channels.iter().map(|name| (*name).to_owned()).collect())
    }

    fn events(
        &self,
        channel: &str,
        query: &str,
        take: &mut dyn FnMut(Option<String>) -> bool,
    ) -> Result<(), String> {
        self.asked.lock().unwrap().push(format!("{channel} {query}"));
        if channel != "Security" {
            return Err("failed to read it: no such channel".into());
        }
        for event in &self.events {
            if !take(event.clone()) {
                break;
            }
        }
        Ok(())
    }
}

pub(crate) struct FakeDisks(pub(crate) Vec<PathBuf>);

impl Disks for FakeDisks {
    fn roots(&self) -> Vec<PathBuf> {
        self.0.clone()
    }
}
