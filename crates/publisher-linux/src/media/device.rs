// SPDX-License-Identifier: Apache-2.0
//! A disk or partition as sysfs and its first blocks describe it, and whether it is one that people carry
//! around.

use super::filesystem::{self, Found};
use super::lossless;
use super::uevent::Uevent;
use rustix::fs::{FileType, Mode, OFlags};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// Longest text of a file of sysfs.
const TEXT_BYTES_MAX: u64 = 1_024;
/// Devices that another one lies on (an opened LUKS volume), and how deep that is followed.
const BELOW_MAX: usize = 16;
const DEPTH_MAX: usize = 4;
/// A drive for discs without one still has this size, in sectors.
const NO_DISC_SECTORS: u64 = 0x1f_ffff;
const SECTOR_BYTES: u64 = 512;

/// Where the system's own file systems are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Roots {
    pub(super) sys: PathBuf,
    pub(super) dev: PathBuf,
    pub(super) proc: PathBuf,
}

impl Roots {
    pub(super) fn of_this_system() -> Self {
        Self { sys: "/sys".into(), dev: "/dev".into(), proc: "/proc".into() }
    }

    /// The folder of a device.
    pub(super) fn folder(&self, path: &str) -> PathBuf {
        self.sys.join(path.trim_start_matches('/'))
    }
}

/// A removable disk or partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Device {
    /// Path below sysfs.
    pub(super) path: String,
    pub(super) node: String,
    pub(super) numbers: (u32, u32),
    /// `disk` or `partition`.
    pub(super) class: &'static str,
    pub(super) bus: Option<&'static str>,
    pub(super) vendor: Option<String>,
    pub(super) model: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) vendor_ids: Option<String>,
    pub(super) location: Option<String>,
    pub(super) size_bytes: u64,
    pub(super) read_only: bool,
    pub(super) found: Found,
    /// There is a medium in it.
    pub(super) present: bool,
}

impl Device {
    /// As it is now. `None` for one that is not removable, or gone.
    pub(super) fn read(roots: &Roots, event: &Uevent<'_>) -> Option<Self> {
        let class = match event.kind {
            "disk" => "disk",
            "partition" => "partition",
            _ => return None,
        };
        let folder = roots.folder(event.path);
        let disk = if class == "disk" { folder.clone() } else { folder.parent()?.to_owned() };
        let bus = bus(event.path);
        is_removable(roots, event.path, &disk, bus).then_some(())?;
        let numbers = event.numbers?;
        let sectors: u64 = text(&folder.join("size"))?.parse().ok()?;
        let mut device = Self {
            path: event.path.to_owned(),
            node: format!("/dev/{}", event.name),
            numbers,
            class,
            bus,
            size_bytes: sectors.saturating_mul(SECTOR_BYTES),
            read_only: text(&folder.join("ro")).as_deref() == Some("1"),
            present: sectors > 0,
            ..Self::default()
        };
        device.describe(roots, &disk);
        device.look(roots, event.name);
        // Of such a drive the size says nothing: only a read does.
        if event.name.starts_with("sr") && sectors == NO_DISC_SECTORS {
            device.present = device.found.file_system.is_some();
        }
        Some(device)
    }

    /// What the device says of itself, the disk before what it hangs on.
    fn describe(&mut self, roots: &Roots, disk: &Path) {
        let own = disk.join("device");
        let usb = ancestors(roots, disk).find(|folder| folder.join("idVendor").exists());
        let of_usb = |name: &str| text(&usb.as_ref()?.join(name));
        let of_disk = |name: &str| text(&own.join(name));
        self.vendor = of_disk("vendor").or_else(|| of_usb("manufacturer"));
        self.model = of_disk("model").or_else(|| of_disk("name")).or_else(|| of_usb("product"));
        self.serial = of_usb("serial")
            .or_else(|| of_disk("serial"))
            .or_else(|| page_80(&own.join("vpd_pg80")));
        self.vendor_ids = of_usb("idVendor")
            .and_then(|vendor| Some(format!("{vendor}:{}", of_usb("idProduct")?)));
        let place = usb.or_else(|| std::fs::canonicalize(&own).ok());
        self.location = place.and_then(|place| Some(place.file_name()?.to_str()?.to_owned()));
    }

    /// Looks at the first blocks; a device that cannot be read says nothing.
    pub(super) fn look(&mut self, roots: &Roots, name: &str) {
        self.found = Found::default();
        if !self.present {
            return;
        }
        let Some(file) = open(&roots.dev.join(name), self.numbers) else { return };
        self.found = filesystem::identify(&mut |place, len| {
            let mut bytes = vec![0; len];
            let read = file.read_at(&mut bytes, place).ok()?;
            bytes.truncate(read);
            Some(bytes)
        });
    }

    /// Name of its file below /dev.
    pub(super) fn name(&self) -> &str {
        self.node.strip_prefix("/dev/").unwrap_or(&self.node)
    }

    /// Vendor and model.
    pub(super) fn description(&self) -> Option<String> {
        match (&self.vendor, &self.model) {
            (Some(vendor), Some(model)) => Some(format!("{vendor} {model}")),
            (vendor, model) => vendor.clone().or_else(|| model.clone()),
        }
    }
}

/// The file, if it is the device that is meant. Does not wait for a medium.
fn open(path: &Path, numbers: (u32, u32)) -> Option<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    let stat = rustix::fs::fstat(&file).ok()?;
    let same = numbers_of(stat.st_rdev) == numbers;
    (same && FileType::from_raw_mode(stat.st_mode) == FileType::BlockDevice).then(|| file.into())
}

fn numbers_of(device: u64) -> (u32, u32) {
    (rustix::fs::major(device), rustix::fs::minor(device))
}

/// Numbers of the block device that a path leads to.
pub(super) fn numbers_at(path: &str) -> Option<(u32, u32)> {
    let stat = rustix::fs::stat(path).ok()?;
    (FileType::from_raw_mode(stat.st_mode) == FileType::BlockDevice)
        .then(|| numbers_of(stat.st_rdev))
}

/// The devices that one lies on.
pub(super) fn below(roots: &Roots, numbers: (u32, u32)) -> Vec<(u32, u32)> {
    let (mut out, mut turn) = (Vec::new(), vec![numbers]);
    for _ in 0..DEPTH_MAX {
        turn = turn.into_iter().flat_map(|numbers| directly_below(roots, numbers)).collect();
        turn.truncate(BELOW_MAX);
        out.extend_from_slice(&turn);
    }
    out
}

fn directly_below(roots: &Roots, (major, minor): (u32, u32)) -> Vec<(u32, u32)> {
    let folder = roots.sys.join(format!("dev/block/{major}:{minor}/slaves"));
    let entries = std::fs::read_dir(folder).into_iter().flatten().take(BELOW_MAX).flatten();
    let numbers = entries.filter_map(|entry| {
        let text = text(&entry.path().join("dev"))?;
        let (major, minor) = text.split_once(':')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    });
    numbers.collect()
}

/// The kernel says so, or it is plugged into something that people pull things out of.
fn is_removable(roots: &Roots, path: &str, disk: &Path, bus: Option<&str>) -> bool {
    // A floppy drive is asked by its motor.
    if path.contains("/floppy.") {
        return false;
    }
    let says = |folder: &Path, word: &str| text(&folder.join("removable")).as_deref() == Some(word);
    let soldered = || text(&disk.join("device/type")).as_deref() == Some("MMC");
    match bus {
        Some("usb" | "firewire" | "memstick") => true,
        Some("mmc") if !soldered() => true,
        // A device behind a port that leads out of the machine (Thunderbolt).
        _ => says(disk, "1") || ancestors(roots, disk).any(|folder| says(&folder, "removable")),
    }
}

/// The folders above a device, as far as they are devices.
fn ancestors<'a>(roots: &'a Roots, disk: &'a Path) -> impl Iterator<Item = PathBuf> + use<'a> {
    let devices = roots.sys.join("devices");
    let above = disk.ancestors().skip(1);
    above.take_while(move |folder| *folder != devices).map(Path::to_owned)
}

/// What it hangs on, as far as its path says so.
fn bus(path: &str) -> Option<&'static str> {
    let numbered = |part: &str, name: &str| {
        part.strip_prefix(name).is_some_and(|end| {
            end.starts_with(|c: char| c.is_ascii_digit())
                && end.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
    };
    let has = |name: &str| path.split('/').any(|part| part == name);
    let any = |name: &str| path.split('/').any(|part| numbered(part, name));
    // The nearest to the user first: a card reader's disk is at a USB, and a SCSI disk too.
    Some(match () {
        () if any("usb") => "usb",
        () if has("mmc_host") => "mmc",
        () if has("memstick_host") => "memstick",
        () if any("fw") => "firewire",
        () if any("ata") => "ata",
        () if has("nvme") => "nvme",
        () if any("virtio") => "virtio",
        () if any("host") => "scsi",
        () if has("virtual") => "virtual",
        () => return None,
    })
}

/// The serial number page of a SCSI device.
fn page_80(path: &Path) -> Option<String> {
    let bytes = bytes(path)?;
    let len = usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]));
    let text = lossless(bytes.get(4..4 + len)?);
    let text = text.trim_matches([' ', '\0']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// A file of sysfs without what surrounds its text. `None` when there is nothing in it.
fn text(path: &Path) -> Option<String> {
    let text = lossless(&bytes(path)?);
    let text = text.trim_matches([' ', '\n', '\0']);
    (!text.is_empty()).then(|| text.to_owned())
}

fn bytes(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(TEXT_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
