// SPDX-License-Identifier: Apache-2.0
//! The thread over a made-up /sys and messages of our own: rows, counts, loss, the end.

use super::socket::{Received, dropped};
use super::*;
use evtables_schema::{Cell, CellReader, EventBatch};
use evtables_sdk::Outcome;
use std::collections::{BTreeMap, VecDeque};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);
const USB: &str = "devices/pci0000:00/usb1/1-2";
const DISK: &str = "devices/pci0000:00/usb1/1-2/1-2:1.0/host3/target3:0:0/3:0:0:0/block/sdb";

/// A /sys with a USB stick of two megabytes in it, with one partition, and a disk that stays.
struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        scene.file("sys/class/block/.keep", "");
        scene.file(&format!("sys/{USB}/idVendor"), "0781\n");
        for (name, text) in
            [("idProduct", "5583\n"), ("serial", "4C53 0001\n"), ("manufacturer", "SanDisk\n")]
        {
            scene.file(&format!("sys/{USB}/{name}"), text);
        }
        let fixed = "devices/pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda";
        scene.block(fixed, "sda", "disk", "8:0", 4_096);
        scene.file(&format!("sys/{fixed}/removable"), "0\n");
        scene
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn block(&self, path: &str, name: &str, kind: &str, numbers: &str, sectors: u64) {
        let (major, minor) = numbers.split_once(':').unwrap();
        self.file(
            &format!("sys/{path}/uevent"),
            &format!("MAJOR={major}\nMINOR={minor}\nDEVNAME={name}\nDEVTYPE={kind}\n"),
        );
        self.file(&format!("sys/{path}/size"), &format!("{sectors}\n"));
        self.file(&format!("sys/{path}/ro"), "0\n");
        let link = self.folder.path().join("sys/class/block").join(name);
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(format!("../../{path}"), link).unwrap();
    }

    fn plug_in(&self) {
        self.block(DISK, "sdb", "disk", "8:16", 4_096);
        self.file(&format!("sys/{DISK}/device/vendor"), "SanDisk \n");
        self.file(&format!("sys/{DISK}/device/model"), "Ultra Fit       \n");
        self.block(&format!("{DISK}/sdb1"), "sdb1", "partition", "8:17", 2_048);
    }

    fn pull_out(&self) {
        std::fs::remove_dir_all(self.folder.path().join("sys").join(DISK)).unwrap();
        for name in ["sdb", "sdb1"] {
            std::fs::remove_file(self.folder.path().join("sys/class/block").join(name)).unwrap();
        }
    }

    fn roots(&self) -> Roots {
        let at = |name: &str| self.folder.path().join(name);
        Roots { sys: at("sys"), dev: at("dev"), proc: at("proc") }
    }
}

fn message(action: &str, path: &str, name: &str, kind: &str, numbers: &str) -> Sent {
    let (major, minor) = numbers.split_once(':').unwrap();
    Sent::Bytes(
        format!(
            "{action}@/{path}\0ACTION={action}\0SUBSYSTEM=block\0MAJOR={major}\0MINOR={minor}\0DEVNAME={name}\0DEVTYPE={kind}\0"
        )
        .into_bytes(),
    )
}

fn of_disk(action: &str) -> Sent {
    message(action, DISK, "sdb", "disk", "8:16")
}

fn of_partition(action: &str) -> Sent {
    message(action, &format!("{DISK}/sdb1"), "sdb1", "partition", "8:17")
}

#[derive(Debug)]
enum Sent {
    Bytes(Vec<u8>),
    Foreign,
    Lost(u64),
    Broken,
}

/// Messages that a test puts in, and how often there were none left when one was asked for.
type Line = Arc<Mutex<(VecDeque<Sent>, u64)>>;

struct Script {
    messages: Line,
    bell: Arc<OwnedFd>,
}

impl Messages for Script {
    fn receive(&mut self, into: &mut [u8]) -> Received {
        let mut line = self.messages.lock().unwrap();
        match line.0.pop_front() {
            Some(Sent::Bytes(bytes)) => {
                into[..bytes.len()].copy_from_slice(&bytes);
                Received::Message(bytes.len())
            }
            Some(Sent::Foreign) => Received::Foreign,
            Some(Sent::Lost(count)) => Received::Lost(count),
            Some(Sent::Broken) => Received::Broken(Errno::IO),
            None => {
                line.1 += 1;
                let _ = rustix::io::read(&self.bell, &mut [0; 8]);
                Received::Nothing
            }
        }
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }
}

/// A running thread and what it emits.
struct Run {
    media: Media,
    messages: Line,
    bell: Arc<OwnedFd>,
    batches: Box<dyn Fn() -> Option<EventBatch>>,
}

impl Run {
    fn start(scene: &Scene, tell: Tell) -> Self {
        let bell = Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK).unwrap());
        let messages = Line::default();
        let script = Script { messages: Arc::clone(&messages), bell: Arc::clone(&bell) };
        let (emitter, receiver) = evtables_sdk::emitter(64);
        let mut media = Media::new();
        media.start_with(script, scene.roots(), || 1_000_000_000, tell, emitter);
        let batches = Box::new(move || receiver.try_recv().ok());
        Self { media, messages, bell, batches }
    }

    /// Puts messages in and waits until all is done that they lead to.
    fn tell(&self, messages: impl IntoIterator<Item = Sent>) {
        let before = {
            let mut line = self.messages.lock().unwrap();
            line.0.extend(messages);
            line.1
        };
        ring_bell(Some(&self.bell));
        let until = Instant::now() + PATIENCE;
        while self.messages.lock().unwrap().1 == before {
            assert!(Instant::now() < until, "messages are not taken");
            std::thread::yield_now();
        }
    }

    /// Ends the thread; its rows.
    fn end(&mut self) -> Vec<BTreeMap<String, String>> {
        self.media.stop();
        let mut rows = Vec::new();
        while let Some(batch) = (self.batches)() {
            rows.extend(cells(&batch));
        }
        rows
    }

    fn counts(&self) -> BTreeMap<(&'static str, &'static str), u64> {
        let lines = self.media.ledger();
        lines.iter().map(|line| ((line.outcome.word(), line.reason), line.count)).collect()
    }

    /// `seen = sent + filtered + lost`, nothing pending.
    fn assert_balanced(&self, rows: usize) {
        let mut left = i64::try_from(rows).unwrap();
        for line in self.media.ledger() {
            let count = i64::try_from(line.count).unwrap();
            left += if line.outcome == Outcome::Seen { -count } else { count };
        }
        assert_eq!((left, self.counts()[&("pending", "")]), (0, 0), "{:?}", self.counts());
    }
}

fn cells(batch: &EventBatch) -> Vec<BTreeMap<String, String>> {
    let arrays = TABLE.columns.iter().enumerate();
    let arrays = arrays.filter_map(|(at, column)| Some((column.name, batch.column(at)?.clone())));
    let record = arrow_array::RecordBatch::try_from_iter(arrays).unwrap();
    let columns = TABLE.columns.iter().filter(|column| !column.hidden);
    let readers: Vec<_> =
        columns.map(|column| (column.name, CellReader::new(TABLE, column, &record))).collect();
    let row = |row: usize| {
        let cell = |(name, reader): &(&str, CellReader<'_>)| {
            let mut text = String::new();
            let value = match reader.cell(row, &mut text) {
                Cell::Text(text) => text.to_owned(),
                Cell::Int(value) => value.to_string(),
                _ => return None,
            };
            Some(((*name).to_owned(), value))
        };
        readers.iter().filter_map(cell).collect()
    };
    (0..batch.rows).map(row).collect()
}

fn words(rows: &[BTreeMap<String, String>]) -> Vec<String> {
    let of =
        |row: &BTreeMap<String, String>, name: &str| row.get(name).cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            format!("{} {} {}", of(row, "action"), of(row, "device_node"), of(row, "mount_point"))
        })
        .map(|text| text.trim_end().to_owned())
        .collect()
}

#[test]
fn a_stick_comes_and_goes() {
    let scene = Scene::new();
    let mut run = Run::start(&scene, Tell::All);
    run.tell([]);
    scene.plug_in();
    run.tell([of_disk("add"), of_disk("change"), of_partition("add")]);
    // `echo remove >uevent` takes nothing away.
    let Sent::Bytes(mut asked) = of_disk("remove") else { unreachable!() };
    asked.extend_from_slice(b"SYNTH_UUID=0\0");
    run.tell([Sent::Bytes(asked)]);
    scene.pull_out();
    run.tell([of_partition("remove"), of_disk("remove"), of_disk("remove")]);
    let rows = run.end();
    let wanted = [
        "MEDIA_INSERT /dev/sdb",
        "MEDIA_INSERT /dev/sdb1",
        "MEDIA_EJECT /dev/sdb1",
        "MEDIA_EJECT /dev/sdb",
    ];
    assert_eq!(words(&rows), wanted);
    for (column, value) in [
        ("device_id", format!("/{DISK}")),
        ("device_description", "SanDisk Ultra Fit".to_owned()),
        ("class_name", "disk".to_owned()),
        ("vendor_ids", "0781:5583".to_owned()),
        ("location", "1-2".to_owned()),
        ("device_number", "8:16".to_owned()),
        ("bus", "usb".to_owned()),
        ("vendor", "SanDisk".to_owned()),
        ("model", "Ultra Fit".to_owned()),
        ("serial", "4C53 0001".to_owned()),
        ("size_bytes", (2 << 20).to_string()),
        ("read_only", "0".to_owned()),
        ("time", "1".to_owned()),
    ] {
        assert_eq!(rows[0].get(column), Some(&value), "{column}");
        assert_eq!(rows[3].get(column), Some(&value), "{column} when it is gone");
    }
    let partition: Vec<_> =
        ["class_name", "size_bytes", "serial", "vendor"].map(|name| rows[1][name].as_str()).into();
    assert_eq!(partition, ["partition", "1048576", "4C53 0001", "SanDisk"]);
    assert_eq!(rows[0].get("pid"), None);
    assert_eq!(run.counts()[&("filtered", "no_change")], 2);
    assert_eq!(run.counts()[&("filtered", "not_removable")], 1);
    run.assert_balanced(rows.len());
}

#[test]
fn what_is_there_at_the_start_is_said_once() {
    let scene = Scene::new();
    scene.plug_in();
    scene.file(
        "proc/self/mountinfo",
        "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n\
         40 22 8:17 / /media/my\\040stick rw,nosuid - vfat /dev/sdb1 rw\n\
         41 22 8:17 /sub /bound rw - vfat /dev/sdb1 rw\n",
    );
    let mut run = Run::start(&scene, Tell::All);
    run.tell([of_disk("add"), of_partition("add")]);
    run.media.queue().put(call(MountAction::Unmount, "/media/my stick", None));
    let rows = run.end();
    let wanted = [
        "MEDIA_PRESENT /dev/sdb",
        "MEDIA_PRESENT /dev/sdb1 /media/my stick",
        "MEDIA_UNMOUNT /dev/sdb1 /media/my stick",
    ];
    assert_eq!(words(&rows), wanted);
    assert_eq!((rows[1]["fs_type"].as_str(), rows[2]["fs_type"].as_str()), ("vfat", "vfat"));
    run.assert_balanced(rows.len());
}

fn call(action: MountAction, target: &str, source: Option<&str>) -> MountCall {
    MountCall {
        action,
        time_ns: 5_000_000_000,
        pid: 77,
        process_guid: 7,
        account: "0".to_owned(),
        target: target.to_owned(),
        source: source.map(str::to_owned),
        fstype: Some("vfat".to_owned()).filter(|_| action == MountAction::Mount),
    }
}

#[test]
fn mounts_lead_to_their_medium() {
    let scene = Scene::new();
    scene.plug_in();
    // What an opened volume lies on.
    scene.file("sys/dev/block/253:0/slaves/sdb1/dev", "8:17\n");
    scene.file(
        "proc/77/mountinfo",
        "50 22 253:0 / /secret rw - ext4 /dev/mapper/secret rw\n50 22 8:1 / /home rw - ext4 /dev/sda1 rw\n",
    );
    let mut run = Run::start(&scene, Tell::MountsAlone);
    let queue = run.media.queue();
    queue.put(call(MountAction::Mount, "/media/a", Some("/dev/sdb1")));
    queue.put(call(MountAction::Mount, "/data", Some("/dev/sda")));
    queue.put(call(MountAction::Mount, "/tmp/x", Some("tmpfs")));
    queue.put(call(MountAction::Move, "/media/b", Some("/media/a")));
    queue.put(call(MountAction::Unmount, "/media/a", None));
    queue.put(call(MountAction::Unmount, "/media/b", None));
    queue.put(call(MountAction::Unmount, "/media/b", None));
    // Made by fsopen and move_mount.
    queue.put(call(MountAction::Move, "/secret", None));
    queue.put(call(MountAction::Move, "/home", None));
    // Pulled out while it is mounted; gone by the time that the call is looked at.
    queue.put(call(MountAction::Mount, "/media/c", Some("/dev/sdb1")));
    run.tell([]);
    wait_for(&run, "seen", 4 + 2);
    scene.pull_out();
    run.tell([of_partition("remove"), of_disk("remove")]);
    queue.put(call(MountAction::Mount, "/media/d", Some("/dev/sdb1")));
    queue.put(call(MountAction::Unmount, "/media/c", None));
    let rows = run.end();
    let wanted = [
        "MEDIA_MOUNT /dev/sdb1 /media/a",
        "MEDIA_UNMOUNT /dev/sdb1 /media/b",
        "MEDIA_MOUNT /dev/sdb1 /secret",
        "MEDIA_MOUNT /dev/sdb1 /media/c",
        "MEDIA_MOUNT /dev/sdb1 /media/d",
        "MEDIA_UNMOUNT /dev/sdb1 /media/c",
    ];
    assert_eq!(words(&rows), wanted);
    let first = ["pid", "uid", "time", "fs_type"].map(|name| rows[0][name].as_str());
    assert_eq!(first, ["77", "0", "5", "vfat"]);
    assert_eq!(rows[2]["fs_type"], "ext4");
    // Both devices, found and gone, belong to no process.
    assert_eq!(run.counts()[&("filtered", "subtree")], 4);
    run.assert_balanced(rows.len());
}

/// Until so many are counted with this outcome.
fn wait_for(run: &Run, outcome: &str, count: u64) {
    let until = Instant::now() + PATIENCE;
    let sum = || -> u64 {
        run.counts().iter().filter(|((word, _), _)| *word == outcome).map(|(_, count)| count).sum()
    };
    while sum() < count {
        assert!(Instant::now() < until, "{:?}", run.counts());
        std::thread::yield_now();
    }
}

#[test]
fn lost_messages_are_counted_and_made_good() {
    let scene = Scene::new();
    scene.plug_in();
    let mut run = Run::start(&scene, Tell::All);
    run.tell([]);
    wait_for(&run, "seen", 2);
    scene.pull_out();
    let other = b"add@/module/dummy\0SUBSYSTEM=module\0".to_vec();
    run.tell([
        Sent::Lost(3),
        Sent::Foreign,
        Sent::Bytes(b"libudev\0".to_vec()),
        Sent::Bytes(other),
        message(
            "add",
            "devices/pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda",
            "sda",
            "disk",
            "8:0",
        ),
    ]);
    let rows = run.end();
    let wanted = [
        "MEDIA_PRESENT /dev/sdb",
        "MEDIA_PRESENT /dev/sdb1",
        "MEDIA_EJECT /dev/sdb",
        "MEDIA_EJECT /dev/sdb1",
    ];
    assert_eq!(words(&rows), wanted);
    let counts = run.counts();
    for (key, count) in [
        (("lost", "socket_full"), 3),
        (("filtered", "not_from_kernel"), 1),
        (("lost", "malformed"), 1),
        (("filtered", "not_removable"), 1),
        (("seen", ""), 4 + 3 + 1 + 1 + 1),
    ] {
        assert_eq!(counts[&key], count, "{key:?}");
    }
    run.assert_balanced(rows.len());
}

#[test]
fn a_card_leaves_its_reader() {
    let scene = Scene::new();
    scene.block(DISK, "sdb", "disk", "8:16", 0);
    let mut run = Run::start(&scene, Tell::All);
    run.tell([of_disk("change")]);
    for sectors in [4_096, 4_096, 0, 0] {
        scene.block(DISK, "sdb", "disk", "8:16", sectors);
        run.tell([of_disk("change")]);
    }
    let rows = run.end();
    assert_eq!(words(&rows), ["MEDIA_INSERT /dev/sdb", "MEDIA_EJECT /dev/sdb"]);
    assert_eq!(rows[1]["size_bytes"], (2 << 20).to_string());
    run.assert_balanced(rows.len());
}

#[test]
fn which_disks_are_removable() {
    let scene = Scene::new();
    let roots = scene.roots();
    let removable = |path: &str, files: &[(&str, &str)]| {
        for (name, text) in files {
            scene.file(&format!("sys/{path}/{name}"), text);
        }
        scene.block(path, "x", "disk", "7:0", 8);
        let path = format!("/{path}");
        let event = uevent::Uevent {
            path: &path,
            kind: "disk",
            name: "x",
            numbers: Some((7, 0)),
            ..uevent::Uevent::default()
        };
        device::Device::read(&roots, &event).map(|device| device.bus)
    };
    let reader = "devices/pci0/mmc_host/mmc0/mmc0:0001/block/mmcblk0";
    assert_eq!(removable(reader, &[("device/type", "SD\n")]), Some(Some("mmc")));
    let soldered = "devices/pci0/mmc_host/mmc1/mmc1:0001/block/mmcblk1";
    assert_eq!(removable(soldered, &[("device/type", "MMC\n")]), None);
    let outside = "devices/pci1/0000:02:00.0/nvme/nvme1/nvme1n1";
    assert_eq!(removable(outside, &[]), None);
    scene.file("sys/devices/pci1/0000:02:00.0/removable", "removable\n");
    assert_eq!(removable(outside, &[]), Some(Some("nvme")));
    let usual = "devices/pseudo_0/adapter0/host0/target0:0:0/0:0:0:0/block/sda";
    assert_eq!(removable(usual, &[("removable", "0\n")]), None);
    assert_eq!(removable(usual, &[("removable", "1\n")]), Some(Some("scsi")));
    let floppy = "devices/platform/floppy.0/block/fd0";
    assert_eq!(removable(floppy, &[("removable", "1\n")]), None);
    assert_eq!(removable("devices/virtual/block/loop0", &[("removable", "0")]), None);
}

#[test]
fn a_socket_that_cannot_be_had_is_said() {
    let mut media = Media::new();
    assert_eq!(media.hook().state, HookState::Off);
    media.failed = Some(failure("open a socket for uevents", Errno::PERM));
    let hook = media.hook();
    assert_eq!((hook.state, hook.error), (HookState::Failed, Some(libc::EPERM)));
    assert_eq!(
        media.reason().unwrap(),
        "failed to open a socket for uevents: Operation not permitted (os error 1)"
    );
    let scene = Scene::new();
    let mut run = Run::start(&scene, Tell::All);
    assert_eq!((run.media.hook().state, run.media.reason()), (HookState::Attached, None));
    // It is not asked again.
    run.messages.lock().unwrap().0.push_back(Sent::Broken);
    ring_bell(Some(&run.bell));
    let until = Instant::now() + PATIENCE;
    while run.media.reason().is_none() {
        assert!(Instant::now() < until);
        std::thread::yield_now();
    }
    assert_eq!(
        (run.media.hook().state, run.media.hook().error),
        (HookState::Failed, Some(libc::EIO))
    );
    run.end();
}

/// The kernel lets everybody listen; nothing is sent here.
#[test]
fn the_kernel_s_socket_opens() {
    let mut socket = Socket::open().unwrap();
    let mut buffer = vec![0; 8 << 10];
    let inode = rustix::fs::fstat(socket.fd()).unwrap().st_ino;
    let list = std::fs::read(Path::new("/proc/self/net/netlink")).unwrap();
    assert_eq!(dropped(&list, inode), Some(0));
    assert_eq!(dropped(&list, 1), None);
    // Whatever other devices do meanwhile is from the kernel.
    assert!(matches!(socket.receive(&mut buffer), Received::Nothing | Received::Message(_)));
}

#[test]
fn calls_that_find_no_room_are_counted() {
    let media = Media::new();
    let queue = media.queue();
    for _ in 0..CALLS_MAX + 2 {
        queue.put(call(MountAction::Mount, "/a", None));
    }
    let lines = media.ledger();
    let count = |outcome| -> u64 {
        lines.iter().filter(|line| line.outcome == outcome).map(|line| line.count).sum()
    };
    assert_eq!((count(Outcome::Seen), count(Outcome::Lost)), (2, 2));
}
