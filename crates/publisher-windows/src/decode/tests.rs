// SPDX-License-Identifier: Apache-2.0
//! Rows of synthesised events, table by table; and that any events in any order are accounted for.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;
use crate::fields::layouts;
use crate::guid::Guid;
use crate::raw::{Extended, PointerSize};
use arrow_array::RecordBatch;
use evtables_schema::{Cell, CellReader};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[path = "packet_tests.rs"]
mod packet_tests;

const SECOND: i64 = 1_000_000_000;
const BOOT_NS: i64 = 1_700_000_000 * SECOND;
const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;

/// A payload that is put together.
#[derive(Default, Clone)]
struct Payload(Vec<u8>);

impl Payload {
    fn u16(mut self, value: u16) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }
    fn u32(mut self, value: u32) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }
    fn u64(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }
    fn bytes(mut self, value: &[u8]) -> Self {
        self.0.extend_from_slice(value);
        self
    }
    fn wide(mut self, text: &str) -> Self {
        self.0.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        self.0.extend_from_slice(&[0, 0]);
        self
    }
    fn ansi(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).bytes(&[0])
    }
    fn ansi16(self, text: &str) -> Self {
        self.u16(text.len() as u16).bytes(text.as_bytes())
    }
    /// Nanoseconds since boot as file time.
    fn time(self, since_boot_ns: i64) -> Self {
        let filetime = (BOOT_NS + since_boot_ns) / 100 + FILETIME_AT_EPOCH;
        self.u64(filetime.cast_unsigned())
    }
}

#[derive(Clone)]
struct Made {
    class: EventClass,
    provider: Guid,
    id: u16,
    version: u8,
    pid: Option<u32>,
    since_boot_ns: i64,
    payload: Vec<u8>,
}

impl Made {
    fn event(&self) -> RawEvent<'_> {
        RawEvent {
            class: self.class,
            provider: self.provider,
            id: self.id,
            version: self.version,
            opcode: 0,
            task: 0,
            level: 0,
            keyword: 0,
            pid: self.pid,
            tid: self.pid.map(|pid| pid + 1),
            time_ns: BOOT_NS + self.since_boot_ns,
            processor: 0,
            pointer_size: PointerSize::Eight,
            activity: None,
            extended: Extended::default(),
            payload: &self.payload,
        }
    }
}

fn manifest(provider: Guid, id: u16, version: u8, pid: u32, time: i64, payload: Payload) -> Made {
    let class = EventClass::Manifest;
    Made { class, provider, id, version, pid: Some(pid), since_boot_ns: time, payload: payload.0 }
}

fn kernel(provider: Guid, id: u16, version: u8, pid: u32, time: i64, payload: Payload) -> Made {
    let class = EventClass::Classic;
    Made { class, provider, id, version, pid: Some(pid), since_boot_ns: time, payload: payload.0 }
}

type Row = BTreeMap<&'static str, String>;
type Rows = BTreeMap<&'static str, Vec<Row>>;

fn rows(batches: &[EventBatch]) -> Rows {
    let mut rows = Rows::new();
    for batch in batches {
        let present = |name: &str| batch.column(batch.table.column(name).unwrap()).cloned();
        let arrays: Vec<_> =
            batch.table.columns.iter().filter_map(|c| Some((c.name, present(c.name)?))).collect();
        let record = RecordBatch::try_from_iter(arrays).unwrap();
        for row in 0..batch.rows {
            let mut cells = Row::new();
            for column in batch.table.columns.iter().filter(|c| present(c.name).is_some()) {
                let mut scratch = String::new();
                match CellReader::new(batch.table, column, &record).cell(row, &mut scratch) {
                    Cell::Int(number) => cells.insert(column.name, number.to_string()),
                    Cell::Text(text) => cells.insert(column.name, text.to_owned()),
                    _ => None,
                };
            }
            rows.entry(batch.table.name).or_default().push(cells);
        }
    }
    rows
}

fn decode(events: &[Made]) -> (Rows, DecodeCounts) {
    let settings = DecodeSettings { host_name: Some("HOST".to_owned()), boot_ns: Some(BOOT_NS) };
    let mut decoder = Decoder::new(&settings);
    for event in events {
        decoder.event(&event.event());
    }
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    let counts = decoder.counts();
    assert!(counts.adds_up(), "{counts:?}");
    (rows(&batches), counts)
}

/// The only row of a table: its cells but those that every row of this test has alike.
#[track_caller]
fn only(rows: &Rows, table: &str) -> Vec<String> {
    let rows = &rows[table];
    assert_eq!(rows.len(), 1, "{rows:?}");
    shown(&rows[0])
}

fn shown(row: &Row) -> Vec<String> {
    let alike = ["host_name", "hashed", "event_type", "time", "source", "request_class"];
    row.iter().filter(|(name, _)| !alike.contains(name)).map(|(n, v)| format!("{n}={v}")).collect()
}

fn guid(pid: u32, since_boot_ns: u64) -> String {
    let host = HostBoot::new("HOST", &BOOT_NS.to_string());
    let id = evtables_schema::ids::process_guid(host, since_boot_ns, pid);
    evtables_schema::ids::uuid_text(id)
}

fn volume() -> Made {
    let payload = Payload::default().wide("\\Device\\HarddiskVolume2\\").wide("C:\\");
    kernel(class::SYSTEM_PATHS, 35, 0, 0, 0, payload)
}

const SYSTEM_SID: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];
const HIGH_LABEL: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 16, 0, 0x30, 0, 0];

fn start(creator: u32, pid: u32, parent: u32, at: i64, path: &str) -> Made {
    let payload = Payload::default()
        .u32(pid)
        .u64(77)
        .time(at)
        .u32(parent)
        .u64(78)
        .u32(1)
        .u32(0)
        .u32(2)
        .u32(1)
        .bytes(&HIGH_LABEL)
        .wide(path);
    manifest(class::KERNEL_PROCESS, 1, 3, creator, at + 200, payload)
}

fn kernel_start(id: u16, pid: u32, parent: u32, at: i64, name: &str, cmdline: &str) -> Made {
    let payload = Payload::default()
        .u64(0xffff_0000)
        .u32(pid)
        .u32(parent)
        .u32(1)
        .u32(259)
        .u64(0)
        .u32(0)
        .u64(1)
        .u64(0)
        .bytes(&SYSTEM_SID)
        .ansi(name)
        .wide(cmdline)
        .wide("")
        .wide("");
    kernel(class::PROCESS, id, 4, parent, at, payload)
}

fn image(id: u16, pid: u32, base: u64, at: i64, path: &str) -> Made {
    let payload =
        Payload::default().u64(base).u64(0x1000).u32(pid).u32(0).u32(0).u64(base).wide(path);
    manifest(class::KERNEL_PROCESS, id, 0, pid, at, payload)
}

#[test]
fn a_process_start_told_by_both_is_one_row() {
    let (rows, counts) = decode(&[
        volume(),
        kernel_start(3, 500, 4, SECOND, "explorer.exe", "explorer.exe /x"),
        start(600, 900, 500, 10 * SECOND, "\\Device\\HarddiskVolume2\\Windows\\cmd.exe"),
        kernel_start(1, 900, 500, 10 * SECOND + 300, "cmd.exe", "cmd.exe /c dir"),
    ]);
    let all = &rows["win_process_events"];
    let created = all.iter().find(|row| row["action"] == "PROC_CREATE").unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(
        shown(created),
        [
            "action=PROC_CREATE",
            "cmdline=cmd.exe /c dir",
            "creator_pid=600",
            "integrity_level=High",
            "owner_uid=NT AUTHORITY\\SYSTEM",
            "parent_cmdline=explorer.exe /x",
            "parent_owner_uid=NT AUTHORITY\\SYSTEM",
            "parent_path=explorer.exe",
            "parent_pid=500",
            &format!("parent_process_guid={}", guid(500, SECOND.unsigned_abs())),
            "path=C:\\Windows\\cmd.exe",
            "pid=900",
            &format!("process_guid={}", guid(900, 10 * SECOND.unsigned_abs())),
            "source_eventid=1",
            "terminal_session_id=1",
            "token_elevation_type=Full",
        ]
    );
    assert_eq!(created["time"], (BOOT_NS / SECOND + 10).to_string());
    assert_eq!(created["source"], "Microsoft-Windows-Kernel-Process");
    assert_eq!(created["host_name"], "HOST");
    assert_eq!(counts.left_out, BTreeMap::from([("told_twice", 1)]));
}

#[test]
fn the_kernels_record_alone_gets_its_path_from_the_image() {
    let (rows, _) = decode(&[
        volume(),
        kernel_start(1, 900, 500, SECOND, "a-long-name.ex", "x"),
        image(5, 900, 0x1000, SECOND + 5, "\\Device\\HarddiskVolume2\\Temp\\a-long-name.exe"),
        kernel_start(2, 900, 500, 3 * SECOND, "a-long-name.ex", "x"),
    ]);
    let rows = &rows["win_process_events"];
    let actions: Vec<_> = rows.iter().map(|row| (&*row["action"], &*row["path"])).collect();
    let path = "C:\\Temp\\a-long-name.exe";
    assert_eq!(actions, [("PROC_CREATE", path), ("PROC_TERMINATE", path)]);
    assert_eq!(rows[1]["exit_code"], "259");
    assert_eq!(rows[0]["process_guid"], rows[1]["process_guid"]);
}

#[test]
fn a_start_without_its_other_record_does_not_wait_for_ever() {
    let start = start(500, 900, 500, SECOND, "\\Device\\HarddiskVolume9\\a.exe");
    let settings = DecodeSettings::default();
    let mut decoder = Decoder::new(&settings);
    let mut batches = Vec::new();
    decoder.event(&start.event());
    decoder.take_all(&mut batches);
    assert_eq!(batches.len(), 0);
    let mut later = volume();
    later.since_boot_ns = SECOND + SECOND / 2 + 300;
    decoder.event(&later.event());
    decoder.take_all(&mut batches);
    let rows = rows(&batches);
    let row = &rows["win_process_events"][0];
    assert_eq!(row["path"], "\\Device\\HarddiskVolume9\\a.exe", "no drive is known for it");
    assert_eq!(row.get("cmdline"), None);
}

#[test]
fn an_end_never_comes_before_its_start() {
    let stop = Payload::default().u32(900).time(0).time(0).u32(5).u32(2).u32(0).u64(0).u64(0);
    let (rows, _) = decode(&[
        start(500, 900, 500, SECOND, "\\a.exe"),
        manifest(class::KERNEL_PROCESS, 2, 0, 900, SECOND + 1_000, stop.ansi("a.exe")),
        start(500, 900, 500, 2 * SECOND, "\\b.exe"),
    ]);
    let told: Vec<_> = rows["win_process_events"]
        .iter()
        .map(|row| (&*row["action"], &*row["path"], row.get("exit_code").map(String::as_str)))
        .collect();
    assert_eq!(
        told,
        [
            ("PROC_CREATE", "\\a.exe", None),
            ("PROC_TERMINATE", "\\a.exe", Some("5")),
            ("PROC_CREATE", "\\b.exe", None)
        ]
    );
}

fn thread(creator: u32, pid: u32, at: i64, address: u64) -> Made {
    let payload = Payload::default()
        .u32(pid)
        .u32(at as u32)
        .u64(0)
        .u64(0)
        .u64(0)
        .u64(0)
        .u64(0)
        .u64(address)
        .u64(0)
        .u32(0);
    manifest(class::KERNEL_PROCESS, 3, 1, creator, at, payload)
}

#[test]
fn only_threads_in_other_processes_are_rows() {
    let (rows, counts) = decode(&[
        kernel_start(3, 500, 4, 0, "evil.exe", "evil"),
        kernel_start(3, 700, 4, 0, "victim.exe", "victim"),
        image(5, 700, 0x7000_0000, 5, "C:\\Windows\\System32\\ntdll.dll"),
        start(500, 900, 500, SECOND, "\\new.exe"),
        thread(500, 900, SECOND + 10, 0x1000),
        thread(900, 900, SECOND + 20, 0x1000),
        thread(4, 700, SECOND + 30, 0x1000),
        thread(500, 700, SECOND + 40, 0x7000_0010),
        thread(500, 1_234, SECOND + 50, 0x1000),
    ]);
    assert_eq!(
        only(&rows, "win_remote_thread_events"),
        [
            "action=REMOTE_THREAD_CREATE",
            "function_name=+0x10",
            "module_name=C:\\Windows\\System32\\ntdll.dll",
            "owner_uid=NT AUTHORITY\\SYSTEM",
            "source_eventid=3",
            "src_path=evil.exe",
            "src_pid=500",
            &format!("src_process_guid={}", guid(500, 0)),
            "start_address=0x70000010",
            "target_owner_uid=NT AUTHORITY\\SYSTEM",
            "target_path=victim.exe",
            "target_pid=700",
            &format!("target_process_guid={}", guid(700, 0)),
            &format!("target_tid={}", (SECOND + 40) as u32),
        ]
    );
    // The first thread of a new process, its own, one of the kernel's, and one of a process whose
    // start was lost.
    assert_eq!(counts.left_out["own_thread"], 4);
}

#[test]
fn opens_with_memory_rights_are_rows() {
    let open = |access, code| {
        let payload = Payload::default().u32(700).u32(access).u32(code);
        manifest(class::KERNEL_AUDIT_API, 5, 0, 500, SECOND, payload)
    };
    let (rows, counts) = decode(&[open(0x1410, 0), open(0x1000, 0), open(0x1410, 5)]);
    assert_eq!(
        only(&rows, "win_process_open_events"),
        [
            "action=PROC_OPEN",
            "granted_access=PROCESS_VM_READ|PROCESS_QUERY_INFORMATION|PROCESS_QUERY_LIMITED_INFORMATION",
            "granted_access_value=0x1410",
            "source_eventid=5",
            "src_pid=500",
            &format!("src_process_guid={}", guid(500, SECOND.unsigned_abs())),
            "src_tid=501",
            "target_pid=700",
            &format!("target_process_guid={}", guid(700, SECOND.unsigned_abs())),
        ]
    );
    assert_eq!(counts.left_out, BTreeMap::from([("failed", 1), ("no_memory_rights", 1)]));
}

fn file(id: u16, at: i64, payload: Payload) -> Made {
    manifest(class::KERNEL_FILE, id, 1, 500, at, payload)
}

fn create(id: u16, at: i64, irp: u64, object: u64, disposition: u32, path: &str) -> Made {
    let payload =
        Payload::default().u64(irp).u64(object).u32(9).u32(disposition << 24).u32(0).u32(0);
    file(id, at, payload.wide(path))
}

fn write(at: i64, object: u64, key: u64) -> Made {
    file(16, at, Payload::default().u64(0).u64(1).u64(object).u64(key).u32(9).u32(4).u32(0).u32(0))
}

fn moved(id: u16, at: i64, object: u64, key: u64, path: &str) -> Made {
    let payload = Payload::default().u64(at as u64).u64(object).u64(key).u64(0).u32(9).u32(10);
    file(id, at, payload.wide(path))
}

#[test]
fn files_made_written_renamed_and_deleted() {
    let c = "\\Device\\HarddiskVolume2";
    let (rows, counts) = decode(&[
        volume(),
        create(12, 1, 1, 0xa, 2, &format!("{c}\\made.txt")),
        file(24, 2, Payload::default().u64(1).u64(2).u32(0)),
        create(12, 3, 2, 0xb, 3, &format!("{c}\\there.txt")),
        file(24, 4, Payload::default().u64(2).u64(1).u32(0)),
        create(30, 5, 3, 0xc, 2, &format!("{c}\\new.dll")),
        write(6, 0xc, 0xcc),
        write(7, 0xc, 0xcc),
        write(8, 0xff, 0xcc),
        write(9, 0xfe, 0xfe),
        moved(27, 10, 0xc, 0xcc, &format!("{c}\\moved.dll")),
        moved(26, 11, 0xa, 0xaa, &format!("{c}\\made.txt")),
        create(12, 12, 9, 0xd, 1, &format!("{c}\\read.txt")),
    ]);
    let told: Vec<_> =
        rows["win_file_events"].iter().map(|row| (&*row["action"], &*row["target_path"])).collect();
    assert_eq!(
        told,
        [
            ("FILE_CREATE", "C:\\made.txt"),
            ("FILE_CREATE", "C:\\new.dll"),
            ("FILE_WRITE", "C:\\new.dll"),
            ("FILE_WRITE", "C:\\new.dll"),
            ("FILE_RENAME", "C:\\moved.dll [C:\\new.dll]"),
            ("FILE_DELETE", "C:\\made.txt"),
        ]
    );
    let executables: Vec<_> = rows["win_pefile_events"].iter().map(|row| &*row["action"]).collect();
    assert_eq!(executables, ["FILE_CREATE", "FILE_WRITE", "FILE_WRITE", "FILE_RENAME"]);
    assert_eq!((counts.left_out["written_again"], counts.left_out["unknown_file"]), (1, 1));
    assert_eq!(
        shown(&rows["win_file_events"][0]),
        [
            "action=FILE_CREATE",
            "pid=500",
            &format!("process_guid={}", guid(500, 1)),
            "source_eventid=24",
            "target_path=C:\\made.txt",
        ]
    );
}

#[test]
fn deletions_without_a_path_are_found_by_the_object() {
    let set = |class, value| {
        let payload = Payload::default().u64(5).u64(0xa).u64(0xaa).u64(value).u32(9).u32(class);
        file(18, 9, payload)
    };
    let (rows, _) = decode(&[create(12, 1, 1, 0xa, 1, "C:\\x"), set(13, 1), set(13, 0), set(4, 0)]);
    assert_eq!(rows["win_file_events"].len(), 1);
    assert_eq!(rows["win_file_events"][0]["action"], "FILE_DELETE_BY_DISP");
}

#[test]
fn pipes_are_not_files() {
    let (rows, _) =
        decode(&[create(12, 1, 1, 0xa, 1, "\\Device\\NamedPipe\\lsass"), write(2, 0xa, 0)]);
    assert_eq!(
        only(&rows, "win_named_pipe_events"),
        [
            "action=NAMED_PIPE_CONNECT",
            "pid=500",
            "pipe_name=\\lsass",
            &format!("process_guid={}", guid(500, 1)),
            "source_eventid=12",
            "target_path=\\UNKNOWN DRIVE\\lsass",
        ]
    );
    assert!(!rows.contains_key("win_file_events"));
}

fn registry(id: u16, at: i64, payload: Payload) -> Made {
    manifest(class::KERNEL_REGISTRY, id, 0, 500, at, payload)
}

#[test]
fn registry_changes_name_their_key() {
    let run = "Software\\Microsoft\\Windows\\CurrentVersion\\Run";
    let open = |id, at, base, object, disposition, relative: &str| {
        let payload = Payload::default()
            .u64(base)
            .u64(object)
            .u32(0)
            .u32(disposition)
            .wide("")
            .wide(relative);
        registry(id, at, payload)
    };
    let set = |at, kind, data: &[u8]| {
        let payload = Payload::default()
            .u64(0x20)
            .u32(0)
            .u32(kind)
            .u32(data.len() as u32)
            .wide("")
            .wide("evil")
            .u16(data.len() as u16)
            .bytes(data)
            .u32(4)
            .u32(4)
            .u16(4)
            .bytes(&[7, 0, 0, 0]);
        registry(5, at, payload)
    };
    let path: Vec<u8> = "C:\\e.exe\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let object = |id, status| registry(id, 9, Payload::default().u64(0x20).u32(status).wide(""));
    let delete = Payload::default().u64(0x20).u32(0).wide("").wide("evil");
    let (rows, counts) = decode(&[
        open(2, 1, 0, 0x10, 2, "\\REGISTRY\\MACHINE"),
        open(1, 2, 0x10, 0x20, 1, run),
        set(3, 1, &path),
        set(4, 4, &[1, 0, 0, 0]),
        set(5, 11, &[2, 0, 0, 0, 1, 0, 0, 0]),
        registry(6, 6, delete),
        object(3, 0),
        object(3, 0xc000_0022),
        object(13, 0),
        registry(3, 10, Payload::default().u64(0x99).u32(0).wide("")),
    ]);
    let told: Vec<_> = rows["win_registry_events"]
        .iter()
        .map(|row| {
            (&*row["action"], &*row["target_object"], row.get("value_data").map_or("", |v| v))
        })
        .collect();
    let key = format!("HKLM\\{run}");
    let value = format!("{key}\\evil");
    assert_eq!(
        told,
        [
            ("REG_CREATE", &*key, ""),
            ("REG_SETVALUE", &*value, "C:\\e.exe"),
            ("REG_SETVALUE", &*value, "DWORD (0x00000001)"),
            ("REG_SETVALUE", &*value, "QWORD (0x00000001-0x00000002)"),
            ("REG_DELETEVALUE", &*value, ""),
            ("REG_DELETE", &*key, ""),
        ]
    );
    assert_eq!(
        shown(&rows["win_registry_events"][1]),
        [
            "action=REG_SETVALUE",
            "old_value_data=DWORD (0x00000007)",
            "old_value_type=REG_DWORD",
            "owner_uid=",
            "pid=500",
            &format!("process_guid={}", guid(500, 1)),
            "source_eventid=5",
            &format!("target_name=\\REGISTRY\\MACHINE\\{run}\\evil"),
            &format!("target_object=HKLM\\{run}\\evil"),
            "value_data=C:\\e.exe",
            "value_type=REG_SZ",
        ]
        .into_iter()
        .filter(|cell| *cell != "owner_uid=")
        .collect::<Vec<_>>()
    );
    assert_eq!((counts.left_out["failed"], counts.left_out["unknown_key"]), (1, 1));
}

fn ends(pid: u32, d: &[u8], s: &[u8], dport: u16, sport: u16) -> Payload {
    let payload = Payload::default().u32(pid).u32(0).bytes(d).bytes(s);
    payload.u16(dport.swap_bytes()).u16(sport.swap_bytes()).bytes(&[0; 40])
}

#[test]
fn connections_and_flows() {
    let (here, there) = ([10, 0, 0, 1], [192, 0, 2, 7]);
    let (here6, there6) = ([0xfe; 16], [0x20; 16]);
    let net = |id, at, payload| manifest(class::KERNEL_NETWORK, id, 0, 4, at, payload);
    let (rows, counts) = decode(&[
        net(12, 1, ends(500, &there, &here, 443, 50_000)),
        kernel(class::TCP_IP, 12, 2, 4, 2, ends(500, &there, &here, 443, 50_000)),
        net(31, 3, ends(500, &there6, &here6, 50_001, 445)),
        net(13, 4, ends(500, &there, &here, 443, 50_000)),
        net(10, 5, ends(500, &there, &here, 443, 50_000)),
        net(42, 6, ends(500, &there, &here, 53, 50_002)),
        net(43, 7, ends(500, &here, &there, 50_002, 53)),
        net(43, 8, ends(500, &here, &there, 137, 137)),
    ]);
    let told: Vec<_> = rows["win_socket_events"]
        .iter()
        .map(|row| {
            let end = |address, port| format!("{}:{}", row[address], row[port]);
            let (local, remote) =
                (end("local_address", "local_port"), end("remote_address", "remote_port"));
            format!("{} {} {} {local} {remote}", row["action"], row["family"], row["protocol"])
        })
        .collect();
    assert_eq!(
        told,
        [
            "SOCKET_CONNECT AF_INET 6 10.0.0.1:50000 192.0.2.7:443",
            "SOCKET_ACCEPT AF_INET6 6 fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe:445 2020:2020:2020:2020:2020:2020:2020:2020:50001",
            "SOCKET_CLOSE AF_INET 6 10.0.0.1:50000 192.0.2.7:443",
            "SOCKET_CONNECT AF_INET 17 10.0.0.1:50002 192.0.2.7:53",
            "SOCKET_ACCEPT AF_INET 17 10.0.0.1:137 192.0.2.7:137",
        ]
    );
    let left_out = BTreeMap::from([("told_twice", 1), ("data", 1), ("same_flow", 1)]);
    assert_eq!(counts.left_out, left_out);
    assert_eq!(rows["win_socket_events"][0]["pid"], "500", "that of the payload, not the header");
}

#[test]
fn queries_get_the_server_of_the_cache_service() {
    let dns = |id, pid, at, payload| manifest(class::DNS_CLIENT, id, 0, pid, at, payload);
    let query = || Payload::default().wide("Example.org").u32(28).u64(0);
    let (rows, counts) = decode(&[
        dns(3006, 500, 1, query().wide("").u32(0).u32(0).u32(0).u32(0)),
        dns(3010, 1_000, 2, Payload::default().wide("example.org").u32(28).wide("192.0.2.53")),
        dns(3006, 1_000, 3, query().wide("").u32(0).u32(0).u32(0).u32(0)),
        dns(3008, 500, 4, query().u32(0).wide("type: 5 a.example;::ffff:192.0.2.1;2001:db8::1;")),
        dns(3008, 1_000, 5, query().u32(0).wide("::ffff:192.0.2.1;")),
    ]);
    assert_eq!(
        only(&rows, "win_dns_events"),
        [
            "action=DNS_LOOKUP",
            "domain_name=Example.org",
            "pid=500",
            &format!("process_guid={}", guid(500, 1)),
            "remote_address=192.0.2.53",
            "remote_port=53",
            "request_type=28",
            "source_eventid=3006",
        ]
    );
    assert_eq!(
        only(&rows, "win_dns_response_events"),
        [
            "action=DNS_RESPONSE",
            "answers=type: 5 a.example;::ffff:192.0.2.1;2001:db8::1;",
            "domain_name=Example.org",
            "pid=500",
            &format!("process_guid={}", guid(500, 1)),
            "remote_address=192.0.2.53",
            "remote_port=53",
            "request_type=28",
            "resolved_ip=192.0.2.1,2001:db8::1",
            "source_eventid=3008",
            "status=0",
        ]
    );
    assert_eq!(counts.left_out, BTreeMap::from([("cache_copy", 2)]));
}

#[test]
fn requests_of_both_libraries() {
    let webio = |id, at, payload| manifest(class::WEBIO, id, 0, 500, at, payload);
    let request = |handle, uri: &str| {
        let payload = Payload::default().u64(handle).u64(1).u64(2).u64(3).ansi("POST").wide(uri);
        payload.u16(1).u16(1).u32(0)
    };
    let address = [2, 0, 0x01, 0xbb, 192, 0, 2, 9, 0, 0, 0, 0, 0, 0, 0, 0];
    let connect = Payload::default().u64(0x77).u64(5).u32(16).bytes(&address).u64(0).u64(0).u32(0);
    let inet = |id, at, payload| manifest(class::WININET, id, 0, 500, at, payload);
    let server = Payload::default().u64(0x10).u64(1).ansi16("example.org").u32(8080).ansi16("");
    let get = Payload::default().u64(0x11).u64(0x10).ansi16("GET").ansi16("/a?b=c");
    let (rows, _) = decode(&[
        webio(17, 1, request(0x50, "https://example.org/x")),
        webio(201, 2, connect),
        webio(104, 3, Payload::default().u64(0x50).u64(0).u64(0x77)),
        webio(17, 4, request(0x51, "https://example.org/lost")),
        inet(103, 5, server.u32(0)),
        inet(104, 6, get.ansi16("HTTP/1.1").u32(0).ansi16("").u32(0)),
    ]);
    let told: Vec<_> = rows["win_http_events"]
        .iter()
        .map(|row| (&*row["method"], &*row["url"], row.get("remote_address").map_or("", |v| v)))
        .collect();
    assert_eq!(
        told,
        [
            ("POST", "https://example.org/x", "192.0.2.9"),
            ("GET", "http://example.org:8080/a?b=c", ""),
            ("POST", "https://example.org/lost", ""),
        ]
    );
    assert_eq!(rows["win_http_events"][0]["remote_port"], "443");
}

#[test]
fn handshakes_of_winhttp_from_its_tokens() {
    use evtables_tls::samples::{client_hello, server_flight};
    let webio = |id, at, payload| manifest(class::WEBIO, id, 0, 500, at, payload);
    let head = |connection| Payload::default().u64(connection).u64(1).u64(2);
    let sent = |at, connection, token: &[u8]| {
        webio(705, at, head(connection).u64(3).u32(token.len() as u32).bytes(token))
    };
    // The buffer is longer than what is in it.
    let received = |at, connection, token: &[u8]| {
        let payload = head(connection).u64(3).u32(token.len() as u32).u32(9).bytes(token);
        webio(704, at, payload.bytes(&[0xee; 3]))
    };
    let start =
        |at, connection| webio(700, at, head(connection).u64(4).u64(5).wide("www.example.test"));
    let address = [2, 0, 0x01, 0xbb, 192, 0, 2, 9, 0, 0, 0, 0, 0, 0, 0, 0];
    let connect = Payload::default().u64(0x77).u64(5).u32(16).bytes(&address).u64(0).u64(0).u32(0);
    let flight = server_flight();
    let (rows, counts) = decode(&[
        webio(201, 1, connect),
        start(2, 0x77),
        sent(3, 0x77, &client_hello()),
        // A token that is not whole comes again with more behind it.
        received(4, 0x77, &flight[..20]),
        received(5, 0x77, &flight[..50]),
        received(6, 0x77, &flight),
        // Keys of the client, and what is encrypted.
        sent(7, 0x77, &[22, 3, 3, 0, 5, 16, 0, 0, 1, 1]),
        received(8, 0x77, &[20, 3, 3, 0, 1, 1]),
        // Nobody answers; the number is used again, and nobody answers again.
        sent(9, 0x78, &client_hello()),
        sent(10, 0x78, &client_hello()),
        // Another token of a connection whose beginning was lost.
        received(11, 0x79, &flight),
    ]);
    let told = &rows["win_ssl_events"];
    assert_eq!(told.len(), 2, "{told:?}");
    let (whole, silent) = (&told[0], &told[1]);
    assert_eq!(whole["server_name"], "www.example.test");
    assert_eq!((&*whole["remote_address"], &*whole["remote_port"]), ("192.0.2.9", "443"));
    assert_eq!((whole["ja3_md5"].len(), whole["ja3s_md5"].len()), (32, 32));
    assert_eq!((&*whole["pid"], &*whole["action"]), ("500", "TLS_HANDSHAKE"));
    assert_eq!(silent["ja3_md5"], whole["ja3_md5"]);
    assert!(!silent.contains_key("ja3s_md5") && !silent.contains_key("remote_address"));
    let left_out = BTreeMap::from([("no_hello", 1), ("hello_again", 1), ("no_handshake", 2)]);
    assert_eq!(counts.left_out, left_out);
}

#[test]
fn removable_disks() {
    let pnp = |id, payload| manifest(class::KERNEL_PNP, id, 0, 4, 1, payload);
    let started = |device: &str| {
        let payload = Payload::default().wide(device).wide("disk.inf").bytes(&[0; 16]);
        payload.wide("disk").wide("").wide("").u32(0).u32(0)
    };
    let disk = "USBSTOR\\Disk&Ven_X&Prod_Y\\1";
    let (rows, _) = decode(&[
        pnp(410, started(disk)),
        pnp(410, started("PCI\\VEN_8086")),
        pnp(420, Payload::default().wide(disk).bytes(&[0; 16]).u32(0).u32(0)),
    ]);
    let told: Vec<_> = rows["win_removable_media_events"]
        .iter()
        .map(|row| (&*row["action"], &*row["device_id"]))
        .collect();
    assert_eq!(told, [("MEDIA_INSERT", disk), ("MEDIA_EJECT", disk)]);
}

#[test]
fn images_tell_load_and_map() {
    let (rows, counts) = decode(&[
        image(5, 500, 0x1000, 1, "C:\\a.dll"),
        image(5, 4, 0xffff_f800_0000_0000, 2, "C:\\drv.sys"),
        image(6, 500, 0x1000, 3, "C:\\a.dll"),
    ]);
    let told: Vec<_> = rows["win_image_load_events"]
        .iter()
        .map(|row| (&*row["action"], &*row["image_path"], &*row["pid"]))
        .collect();
    let loads = [("IMAGE_LOAD", "C:\\a.dll", "500"), ("IMAGE_LOAD", "C:\\drv.sys", "4")];
    assert_eq!(told[..2], loads);
    assert_eq!(told[2], ("IMAGE_UNLOAD", "C:\\a.dll", "500"));
    let map: Vec<_> = rows["win_image_load_process_map"]
        .iter()
        .map(|row| (&*row["image_base"], &*row["image_size"], &*row["image_memory_mode"]))
        .collect();
    assert_eq!(map, [("0x1000", "4096", "User"), ("0xfffff80000000000", "4096", "Kernel")]);
    assert_eq!(counts.rows, 3);
}

#[test]
fn newer_versions_are_read_and_counted() {
    let mut newer = start(500, 900, 500, SECOND, "\\a.exe");
    newer.version = 9;
    newer
        .payload
        .extend(Payload::default().u32(0).u32(0).wide("").wide("").u32(0).u32(0).u16(0).u64(5).0);
    let (rows, counts) = decode(&[newer]);
    assert_eq!(rows["win_process_events"][0]["path"], "\\a.exe");
    let kind = EventKind { class: EventClass::Manifest, provider: class::KERNEL_PROCESS, id: 1 };
    assert_eq!(counts.newer, BTreeMap::from([(kind, 1)]));
}

#[test]
fn unknown_events_are_counted_by_kind() {
    let unknown = manifest(Guid(99), 5, 0, 1, 1, Payload::default());
    let (rows, counts) = decode(&[unknown.clone(), unknown, volume()]);
    assert!(rows.is_empty());
    let kind = EventKind { class: EventClass::Manifest, provider: Guid(99), id: 5 };
    assert_eq!((counts.unmapped, counts.learnt), (BTreeMap::from([(kind, 2)]), 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Any known event with any payload, in any order of time, is accounted for.
    #[test]
    fn any_events_are_accounted_for(
        events in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..6, prop::option::of(0u32..6), -3i64..30,
             prop::collection::vec(prop_oneof![0u8..4, any::<u8>()], 0..150)),
            0..200),
    ) {
        let rows: Vec<_> = layouts().collect();
        let mut time = 0;
        let events: Vec<Made> = events
            .into_iter()
            .map(|(row, id, version, pid, step, payload)| {
                let row = rows[row.index(rows.len())];
                time += step * SECOND / 20;
                let id = row.ids[id.index(row.ids.len())];
                Made { class: row.class, provider: row.provider, id, version, pid, since_boot_ns: time, payload }
            })
            .collect();
        let (_, counts) = decode(&events);
        prop_assert_eq!(counts.seen, events.len() as u64);
    }

    /// The story of `files_made…` and of processes with losses and swaps: never more rows than
    /// events, and every process row names a process.
    #[test]
    fn lost_and_late_events_do_no_harm(order in prop::collection::vec(any::<prop::sample::Index>(), 0..60)) {
        let story = [
            volume(),
            start(500, 900, 500, SECOND, "\\Device\\HarddiskVolume2\\a.exe"),
            kernel_start(1, 900, 500, SECOND + 300, "a.exe", "a"),
            image(5, 900, 0x1000, SECOND + 400, "C:\\a.exe"),
            thread(500, 900, SECOND + 500, 0x1000),
            create(12, SECOND + 600, 1, 0xa, 2, "C:\\f"),
            write(SECOND + 700, 0xa, 0xaa),
            file(24, SECOND + 800, Payload::default().u64(1).u64(2).u32(0)),
            moved(27, SECOND + 900, 0xa, 0xaa, "C:\\g"),
            kernel_start(2, 900, 500, 2 * SECOND, "a.exe", "a"),
            start(500, 900, 500, 3 * SECOND, "\\Device\\HarddiskVolume2\\b.exe"),
        ];
        let events: Vec<Made> = order.iter().map(|at| story[at.index(story.len())].clone()).collect();
        let (rows, counts) = decode(&events);
        let made: usize = rows.values().map(Vec::len).sum();
        prop_assert!(made <= 2 * events.len());
        prop_assert!(counts.rows as usize <= events.len());
        for row in rows.get("win_process_events").into_iter().flatten() {
            prop_assert!(row.contains_key("process_guid") && row["pid"] == "900");
        }
    }
}
