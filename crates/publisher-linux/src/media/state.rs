// SPDX-License-Identifier: Apache-2.0
//! Which media are there and where they are mounted, and what changes that. Told are changes of presence:
//! drivers repeat themselves.

use super::device::{Device, Roots, below, numbers_at};
use super::mounts::{LIST_BYTES_MAX, MountAction, MountCall, Mounted, parse};
use super::uevent::Uevent;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Removable disks and partitions that are remembered, and their mounts.
const DEVICES_MAX: usize = 4_096;
const MOUNTS_MAX: usize = 4_096;
/// Devices of any kind that a look at all takes in.
const LISTED_MAX: usize = 16_384;
/// Those that are gone: calls on them may still be on their way.
const GONE_MAX: usize = 256;
const GONE_KEPT: Duration = Duration::from_secs(10);

/// A row, without what the table takes from the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) action: &'static str,
    pub(super) device: Arc<Device>,
    pub(super) mount_point: Option<String>,
    pub(super) fstype: Option<String>,
}

/// Why a message has no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untold {
    NotRemovable,
    NoChange,
    NoRoom,
}

/// What [`State::scan`] calls what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// It was there before.
    First,
    /// Messages were lost.
    Again,
}

struct Mount {
    device: Arc<Device>,
    point: String,
    fstype: Option<String>,
}

/// What is known.
pub(super) struct State {
    roots: Roots,
    /// By path below sysfs.
    devices: BTreeMap<String, Arc<Device>>,
    gone: VecDeque<(Instant, Arc<Device>)>,
    /// In the order in which they were made.
    mounts: Vec<Mount>,
}

impl State {
    pub(super) fn new(roots: Roots) -> Self {
        Self { roots, devices: BTreeMap::new(), gone: VecDeque::new(), mounts: Vec::new() }
    }

    /// Looks at all that is there.
    pub(super) fn scan(&mut self, why: Scan, now: Instant) -> Vec<Told> {
        let mut told = Vec::new();
        let mut there = BTreeSet::new();
        for (path, file) in self.listed() {
            let Some(event) = Uevent::of_sysfs(&path, &file) else { continue };
            if let Ok(row) = self.event(&event, now) {
                told.push(row);
            }
            there.insert(path);
        }
        let gone: Vec<String> =
            self.devices.keys().filter(|path| !there.contains(*path)).cloned().collect();
        told.extend(gone.iter().filter_map(|path| self.remove(path, now).ok()));
        if why == Scan::First {
            self.find_mounts();
            for row in &mut told {
                row.action = "MEDIA_PRESENT";
                let mount = self.mounts.iter().find(|mount| mount.device == row.device);
                row.mount_point = mount.map(|mount| mount.point.clone());
                row.fstype = mount.and_then(|mount| mount.fstype.clone());
            }
        }
        told
    }

    /// Paths of all block devices, each with its file `uevent`; disks before their partitions.
    fn listed(&self) -> BTreeMap<String, Vec<u8>> {
        let folder = self.roots.sys.join("class/block");
        let entries = std::fs::read_dir(folder).into_iter().flatten().take(LISTED_MAX).flatten();
        let sys = std::fs::canonicalize(&self.roots.sys).unwrap_or_default();
        let devices = entries.filter_map(|entry| {
            let device = std::fs::canonicalize(entry.path()).ok()?;
            let path = format!("/{}", device.strip_prefix(&sys).ok()?.to_str()?);
            Some((path, std::fs::read(device.join("uevent")).ok()?))
        });
        devices.collect()
    }

    /// A message of the kernel on a block device.
    pub(super) fn event(&mut self, event: &Uevent<'_>, now: Instant) -> Result<Told, Untold> {
        match event.action {
            "remove" if event.on_request => return Err(Untold::NoChange),
            "remove" => return self.remove(event.path, now),
            _ => {}
        }
        let before = self.devices.get(event.path).cloned();
        let Some(device) = Device::read(&self.roots, event) else {
            return Err(if before.is_some() { Untold::NoChange } else { Untold::NotRemovable });
        };
        if before.is_none() && self.devices.len() >= DEVICES_MAX {
            return Err(Untold::NoRoom);
        }
        let device = Arc::new(device);
        self.devices.insert(event.path.to_owned(), Arc::clone(&device));
        match (before.filter(|before| before.present), device.present) {
            (None, true) => Ok(plain("MEDIA_INSERT", device)),
            (Some(before), false) => {
                self.let_go(Arc::clone(&before), now);
                Ok(plain("MEDIA_EJECT", before))
            }
            _ => Err(Untold::NoChange),
        }
    }

    fn remove(&mut self, path: &str, now: Instant) -> Result<Told, Untold> {
        let device = self.devices.remove(path).ok_or(Untold::NotRemovable)?;
        if !device.present {
            return Err(Untold::NoChange);
        }
        self.let_go(Arc::clone(&device), now);
        Ok(plain("MEDIA_EJECT", device))
    }

    fn let_go(&mut self, device: Arc<Device>, now: Instant) {
        let old = |(at, _): &(Instant, _)| now.saturating_duration_since(*at) > GONE_KEPT;
        while self.gone.len() >= GONE_MAX || self.gone.front().is_some_and(old) {
            self.gone.pop_front();
        }
        self.gone.push_back((now, device));
    }

    /// A call that mounts or unmounts; nothing when it is not about a medium.
    pub(super) fn call(&mut self, call: &MountCall) -> Option<Told> {
        match call.action {
            MountAction::Mount => {
                let device = self.device_at(call.source.as_deref()?)?;
                Some(self.mounted(device, call.target.clone(), call.fstype.clone()))
            }
            MountAction::Move => {
                let from = |mount: &&mut Mount| Some(&mount.point) == call.source.as_ref();
                if let Some(mount) = self.mounts.iter_mut().rev().find(from) {
                    mount.point.clone_from(&call.target);
                    return None;
                }
                let Mounted { numbers, point, fstype } = self.listed_at(call)?;
                let device = self.device_of(numbers)?;
                Some(self.mounted(device, point, fstype))
            }
            MountAction::Unmount => {
                let at = self.mounts.iter().rposition(|mount| mount.point == call.target)?;
                let Mount { device, point, fstype } = self.mounts.remove(at);
                let device = self.devices.get(&device.path).cloned().unwrap_or(device);
                Some(Told { fstype, mount_point: Some(point), ..plain("MEDIA_UNMOUNT", device) })
            }
        }
    }

    fn mounted(&mut self, device: Arc<Device>, point: String, fstype: Option<String>) -> Told {
        let device = self.looked_at(device);
        if self.mounts.len() >= MOUNTS_MAX {
            self.mounts.remove(0);
        }
        self.mounts.push(Mount {
            device: Arc::clone(&device),
            point: point.clone(),
            fstype: fstype.clone(),
        });
        Told { mount_point: Some(point), fstype, ..plain("MEDIA_MOUNT", device) }
    }

    /// As it is now: a file system may have been made since.
    fn looked_at(&mut self, device: Arc<Device>) -> Arc<Device> {
        let Some(known) = self.devices.get_mut(&device.path) else { return device };
        let mut newer = Device::clone(known);
        let name = newer.name().to_owned();
        newer.look(&self.roots, &name);
        *known = Arc::new(newer);
        Arc::clone(known)
    }

    /// The medium that a path names, directly or through what lies on it.
    fn device_at(&self, source: &str) -> Option<Arc<Device>> {
        let named = self.any(|device| device.node == source);
        named.or_else(|| self.device_of(numbers_at(source)?))
    }

    fn device_of(&self, numbers: (u32, u32)) -> Option<Arc<Device>> {
        let own = self.any(|device| device.numbers == numbers);
        own.or_else(|| {
            let below = below(&self.roots, numbers);
            self.any(|device| below.contains(&device.numbers))
        })
    }

    fn any(&self, wanted: impl Fn(&Device) -> bool) -> Option<Arc<Device>> {
        let gone = self.gone.iter().rev().map(|(_, device)| device);
        let found = self.devices.values().chain(gone).find(|device| wanted(device));
        found.cloned()
    }

    /// The mount at the call's target, as its process sees it, or we do when it is gone.
    fn listed_at(&self, call: &MountCall) -> Option<Mounted> {
        let of = |process: &str| {
            let list = self.list(process)?;
            let at = parse(&list).filter(|mounted| mounted.point == call.target);
            at.last()
        };
        of(&call.pid.to_string()).or_else(|| of("self"))
    }

    fn list(&self, process: &str) -> Option<Vec<u8>> {
        let file = self.roots.proc.join(Path::new(process)).join("mountinfo");
        let mut bytes = Vec::new();
        File::open(file).ok()?.take(LIST_BYTES_MAX).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn find_mounts(&mut self) {
        let list = self.list("self").unwrap_or_default();
        for Mounted { numbers, point, fstype } in parse(&list).take(MOUNTS_MAX) {
            if let Some(device) = self.device_of(numbers) {
                self.mounts.push(Mount { device, point, fstype });
            }
        }
    }
}

fn plain(action: &'static str, device: Arc<Device>) -> Told {
    Told { action, device, mount_point: None, fstype: None }
}
