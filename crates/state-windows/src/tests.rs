// SPDX-License-Identifier: Apache-2.0
//! The portable part: rows out of what sources say, and what queries must say themselves.
#![allow(clippy::panic)]

use super::*;
use crate::fakes::*;
use crate::sources::{Service, ServiceConfig};
use arrow_array::RecordBatch;
use evtables_filter::{Term, Test, Value};
use evtables_schema::{Cell, CellReader};
use proptest::prelude::*;
use std::sync::Mutex;
use std::time::Duration;

/// Rows as texts, NULL as `-`, columns that the store gives left out.
pub(crate) fn texts(table: &'static TableSpec, rows: StateRows) -> Vec<Vec<String>> {
    let mut texts = Vec::new();
    for batch in rows.batches {
        let columns = batch.into_stored_columns();
        let batch = RecordBatch::try_new(table.stored_schema(), columns).unwrap();
        for row in 0..batch.num_rows() {
            let cell = |column| match CellReader::new(table, column, &batch)
                .cell(row, &mut String::new())
            {
                Cell::Null => "-".to_owned(),
                Cell::Int(number) => number.to_string(),
                Cell::Real(number) => number.to_string(),
                Cell::Text(text) => text.to_owned(),
            };
            texts
                .push(table.columns.iter().filter(|column| column.is_stored()).map(cell).collect());
        }
    }
    texts
}

pub(crate) fn wanting(table: &'static TableSpec, terms: &[(usize, Test)]) -> Predicate {
    let terms = terms.iter().map(|(column, test)| Term { column: *column, test: test.clone() });
    Predicate::new(table, terms.collect())
}

pub(crate) fn equal(texts: &[&str]) -> Test {
    Test::In(texts.iter().map(|text| Value::Text((*text).to_owned())).collect())
}

pub(crate) fn host() -> ThisHost {
    ThisHost { name: "HOST".to_owned(), boot_ns: 0 }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn elsewhere_every_table_says_why_it_has_no_rows() {
    let state =
        WindowsState { sources: None, ..WindowsState::new(&host(), |_| Ok((Vec::new(), 0))) };
    assert!(state.unavailable().unwrap().contains("another system"));
    for table in state.tables() {
        assert!(state.rows(&Predicate::all(table)).is_err(), "{}", table.name);
        assert!(table.name.starts_with("win_"));
    }
    let absent: Vec<&str> = state.absent().iter().map(|table| table.name).collect();
    assert!(absent.contains(&"win_msr") && absent.contains(&"win_suspicious_process_scan"));
    assert!(absent.iter().all(|name| evtables_schema::table(name).is_none()));
}

#[test]
fn hashes_are_those_of_the_file() {
    let table = &tables::hash::windows::TABLE;
    let error = hash::rows(&Predicate::all(table)).unwrap_err();
    assert!(error.contains("WHERE path"), "{error}");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("abc");
    std::fs::write(&path, "abc").unwrap();
    let (path, gone) = (path.to_str().unwrap(), dir.path().join("gone"));
    let folder = dir.path().to_str().unwrap();
    let all = equal(&[path, gone.to_str().unwrap(), folder]);
    let rows = hash::rows(&wanting(table, &[(0, all)])).unwrap();
    assert_eq!(rows.cut, None);
    let rows = texts(table, rows);
    assert_eq!(rows.len(), 1, "neither of what is not there, nor of a folder: {rows:?}");
    assert_eq!(rows[0][0], path);
    assert_eq!(
        rows[0][2..],
        [
            "900150983cd24fb0d6963f7d28e17f72",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ]
    );
}

const UNINSTALL: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";
const UNINSTALL_32: &str =
    r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall";
const UNINSTALL_ANN: &str =
    r"HKEY_USERS\S-1-5-21-1\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";

#[test]
fn programs_of_both_views_and_of_users() {
    let registry = FakeRegistry::default()
        .text(&format!("{UNINSTALL}\\{{A-1}}"), "DisplayName", "Editor")
        .text(&format!("{UNINSTALL}\\{{A-1}}"), "DisplayVersion", "1.2")
        .bytes(&format!("{UNINSTALL}\\{{A-1}}"), "Language", 4, &1033_u32.to_le_bytes())
        .text(&format!("{UNINSTALL}\\KB1"), "ParentKeyName", "a patch has no name")
        .text(&format!("{UNINSTALL_32}\\Old"), "DisplayName", "Old one")
        .text(&format!("{UNINSTALL_ANN}\\Own"), "DisplayName", "Own one")
        .text(r"HKEY_USERS\.DEFAULT\SOFTWARE", "x", "nobody");
    let rows = texts(&tables::programs::windows::TABLE, programs::rows(&registry, &registry));
    assert_eq!(
        rows,
        [
            row(&["Editor", "1.2", "-", "-", "1033", "-", "-", "-", "{A-1}"]),
            row(&["Old one", "-", "-", "-", "-", "-", "-", "-", "Old"]),
            row(&["Own one", "-", "-", "-", "-", "-", "-", "-", "Own"]),
        ]
    );
}

#[test]
fn startup_items_with_their_switches() {
    const RUN: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run";
    const OWN: &str = r"HKEY_USERS\S-1-5-21-1\SOFTWARE\Microsoft\Windows\CurrentVersion";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desktop.ini"), "").unwrap();
    std::fs::write(folder.path().join("tool.lnk"), "").unwrap();
    let path = folder.path().to_str().unwrap();
    let registry = FakeRegistry::default()
        .text(RUN, "Agent", r#""C:\Program Files\agent.exe" --quiet"#)
        .text(&format!("{OWN}\\RunOnce"), "Once", r"C:\Users\ann\a b.exe /x")
        .bytes(&format!("{OWN}\\Explorer\\StartupApproved\\Run"), "Once", 3, &[3, 0, 0])
        .text(&format!("{OWN}\\Explorer\\User Shell Folders"), "Startup", path);
    let rows = texts(&tables::startup_items::windows::TABLE, startup::rows(&registry, &registry));
    let ann = r"HOST\ann";
    assert_eq!(
        rows,
        [
            row(&[
                "Agent",
                r"C:\Program Files\agent.exe",
                "--quiet",
                "Startup Item",
                RUN,
                "enabled",
                "SYSTEM"
            ]),
            row(&[
                "Once",
                r"C:\Users\ann\a b.exe",
                "/x",
                "Startup Item",
                &format!("{OWN}\\RunOnce"),
                "disabled",
                ann
            ]),
            row(&[
                "tool.lnk",
                &folder.path().join("tool.lnk").to_string_lossy(),
                "-",
                "Startup Item",
                path,
                "enabled",
                ann
            ]),
        ]
    );
}

#[test]
fn commands_are_split() {
    let split = |text| startup::split(text);
    assert_eq!(split("a.exe"), ("a.exe".into(), None));
    assert_eq!(split(r#"  "C:\x y" -z "#), (r"C:\x y".into(), Some("-z".into())));
    assert_eq!(split("rundll32 a.dll,b"), ("rundll32".into(), Some("a.dll,b".into())));
    assert_eq!(split(r"C:\a.exe.d\b.EXE c"), (r"C:\a.exe.d\b.EXE".into(), Some("c".into())));
    assert_eq!(split(""), (String::new(), None));
}

#[test]
fn variables_are_replaced_where_they_are_known() {
    let known = |name: &str| (name == "X").then(|| "v".to_owned());
    assert_eq!(registry::expand("a%X%b%Y%c%", &known), "avb%Y%c%");
    assert_eq!(registry::expand("100% of %X%", &known), "100% of v");
}

#[test]
fn products_say_their_state() {
    const AV: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Security Center\Provider\Av\{1}";
    const FW: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Security Center\Provider\Fw\{2}";
    let registry = FakeRegistry::default()
        .text(AV, "DISPLAYNAME", "Defender")
        .bytes(AV, "STATE", 4, &0x0006_1110_u32.to_le_bytes())
        .text(FW, "DISPLAYNAME", "Wall")
        .bytes(FW, "STATE", 4, &0x0004_0000_u32.to_le_bytes());
    assert_eq!(
        texts(&tables::epp_table::windows::TABLE, protection::rows(&registry)),
        [
            row(&["Anti-Virus", "Defender", "On", "Out-of-date"]),
            row(&["Firewall", "Wall", "Off", "-"]),
        ]
    );
}

#[test]
fn services_in_words() {
    let services = FakeServices(vec![
        Service {
            name: "Dns".into(),
            display_name: "DNS Client".into(),
            kind: 0x20,
            state: 4,
            pid: 812,
            config: Some(ServiceConfig {
                start_type: 2,
                path: "svchost.exe -k net".into(),
                account: "NetworkService".into(),
                description: String::new(),
            }),
            ..Service::default()
        },
        Service { name: "Shut".into(), kind: 0x4000, state: 77, ..Service::default() },
    ]);
    let key = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Dns\Parameters";
    let registry = FakeRegistry::default().text(key, "ServiceDll", r"C:\dns.dll");
    assert_eq!(
        texts(&tables::services::windows::TABLE, services::rows(&services, &registry).unwrap()),
        [
            row(&[
                "Dns",
                "SHARE_PROCESS",
                "DNS Client",
                "RUNNING",
                "812",
                "AUTO_START",
                "0",
                "0",
                "svchost.exe -k net",
                r"C:\dns.dll",
                "-",
                "NetworkService"
            ]),
            row(&["Shut", "16384", "-", "-", "0", "-", "0", "0", "-", "-", "-", "-"]),
        ]
    );
}

fn process(pid: u64, user: i64, read_bytes: i64) -> FakeProcess {
    let (name, created, reads) = ("Tool.EXE", 200_000_000_000_000_000, read_bytes / 100);
    FakeProcess { pid, name, created, user, kernel: user, read_bytes, reads }
}

#[test]
fn rates_are_those_between_two_looks() {
    let now = 200_000_000_100_000_000;
    let first = process_list(&[process(7, 1_000_000, 1_000)]);
    let second = process_list(&[process(7, 2_250_000, 26_000), process(8, 500_000, 0)]);
    let processes = FakeProcesses::new(now, vec![first, second]);
    let looks = processes::Looks::default();
    let table = &tables::process_perf::windows::TABLE;
    let rows = texts(table, looks.rows(&processes).unwrap());
    assert_eq!(*processes.waited.lock().unwrap(), 1, "there was no look before");
    assert_eq!(rows[0][..10], row(&["Tool", "7", "50", "50", "100", "7", "4096", "1", "10", "55"]));
    assert_eq!(rows[0][10..15], row(&["100000", "100000", "1000", "0", "0"]));
    assert_eq!(rows[1][1..5], row(&["8", "20", "20", "40"]), "from nothing on");
    *processes.now.lock().unwrap() += 10_000_000;
    let rows = texts(table, looks.rows(&processes).unwrap());
    assert_eq!(*processes.waited.lock().unwrap(), 1, "the look before is near enough");
    assert_eq!(rows[0][2], "0");
}

#[test]
fn handles_with_names_where_they_may_be_asked() {
    let handles = FakeHandles(vec![
        (7, 2, 0x20019, 3),
        (7, 5, 0x1, 9),
        (4, 6, 0x3, 3),
        (7, 99, 0x1, 9),
        (7, 101, 0x0012_019f, 9),
    ]);
    let processes = FakeProcesses::new(0, vec![process_list(&[process(7, 0, 0)])]);
    let table = &tables::process_handles::windows::TABLE;
    let identities = processes::Identities::of(&host());
    let all = handles::rows(&handles, &processes, &identities, &Predicate::all(table)).unwrap();
    assert!(all.cut.as_deref().unwrap().contains("1 objects"), "{:?}", all.cut);
    let rows = texts(table, all);
    let guid = rows[0][1].clone();
    assert_eq!(guid.len(), 36);
    assert_eq!(
        rows,
        [
            row(&["7", &guid, "Key", r"\object\2", "131097"]),
            row(&["7", &guid, "File", r"\object\5", "1"]),
            row(&["4", "-", "Key", "-", "3"]),
            row(&["7", &guid, "File", "-", "1"]),
            row(&["7", &guid, "File", "-", "1180063"]),
        ]
    );
    let wanted = wanting(table, &[(0, equal(&["7"])), (2, equal(&["key"]))]);
    let rows = texts(table, handles::rows(&handles, &processes, &identities, &wanted).unwrap());
    // A type is learnt by asking, so the first of each comes along; whoever asked tests again.
    assert!(rows.iter().all(|row| row[0] == "7") && rows.len() <= 2, "{rows:?}");
}

#[test]
fn open_keys_are_told_once_each_with_their_object() {
    // Two handles of one object, a file, a key of a process that may not be opened.
    let handles = FakeHandles(vec![
        (7, 2, 0x20019, 3),
        (7, 1_002, 0x20019, 3),
        (8, 4, 0x20019, 3),
        (7, 5, 0x1, 9),
        (4, 6, 0x3, 3),
    ]);
    let mut told = Vec::new();
    handles::open_keys(&handles, &mut |object, path| told.push((object, path.to_owned()))).unwrap();
    let keys = [(0x1002, r"\object\2".to_owned()), (0x1004, r"\object\4".to_owned())];
    assert_eq!(told, keys);
    struct Hidden;
    impl sources::Handles for Hidden {
        fn handles(&self) -> Result<sources::Raw, String> {
            let mut bytes = [1_u64, 0].map(u64::to_le_bytes).concat();
            bytes.extend([0; 40]);
            Ok(sources::Raw { bytes, base: 0 })
        }
        fn name(&self, _pid: u32, _handle: u64, _name: bool) -> Option<sources::Named> {
            None
        }
    }
    let error = handles::open_keys(&Hidden, &mut |_, _| {}).unwrap_err();
    assert!(error.contains("does not say where objects are"), "{error}");
}

#[test]
fn connections_of_both_families() {
    let mut v4 = 2_u32.to_le_bytes().to_vec();
    let four = |state: u32, port: u16| {
        let mut bytes = state.to_le_bytes().to_vec();
        bytes.extend([10, 0, 0, 5]);
        bytes.extend(port.to_be_bytes().into_iter().chain([0, 0]));
        bytes.extend([93, 184, 216, 34]);
        bytes.extend(443_u16.to_be_bytes().into_iter().chain([0, 0]));
        bytes.extend(77_u32.to_le_bytes());
        bytes
    };
    v4.extend(four(5, 50_000).into_iter().chain(four(2, 445)));
    let mut v6 = 9_u32.to_le_bytes().to_vec();
    let mut six = vec![0; 56];
    six[15] = 1;
    six[20..22].copy_from_slice(&8080_u16.to_be_bytes());
    six[39] = 1;
    six[44..46].copy_from_slice(&9090_u16.to_be_bytes());
    six[48] = 5;
    six[52] = 12;
    v6.extend(six);
    let network = FakeNetwork { v4, v6 };
    let mac = "00-1B-FC-01-02-03";
    assert_eq!(
        texts(&tables::network_stats::windows::TABLE, network::rows(&network).unwrap()),
        [
            row(&[
                "77",
                "CONNECTION ESTABLISHED",
                mac,
                "93.184.216.34",
                "443",
                "10.0.0.5",
                "50000",
                "1000",
                "2000"
            ]),
            row(&["77", "LISTEN", mac, "-", "-", "10.0.0.5", "445", "-", "-"]),
            row(&[
                "12",
                "CONNECTION ESTABLISHED",
                "-",
                "::1",
                "9090",
                "::1",
                "8080",
                "1000",
                "2000"
            ]),
        ]
    );
}

#[test]
fn channels_come_from_the_registry_when_the_service_is_silent() {
    let registry = FakeRegistry::default()
        .text(
            r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels\A/Op",
            "x",
            "",
        )
        .text(r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\EventLog\System", "x", "");
    let log = |channels| FakeLog { channels, events: Vec::new(), asked: Mutex::default() };
    let table = &tables::event_log_channels::windows::TABLE;
    let rows = texts(table, event_log::channels(&log(None), &registry));
    assert_eq!(rows, [row(&["A/Op"]), row(&["System"])]);
    let rows = texts(table, event_log::channels(&log(Some(vec!["Security"])), &registry));
    assert_eq!(rows, [row(&["Security"])]);
}

#[test]
fn events_need_a_channel_and_the_log_is_told_what_it_understands() {
    let table = &tables::event_log_data::windows::TABLE;
    let column = |name: &str| table.column(name).unwrap();
    let log = FakeLog {
        channels: None,
        events: vec![Some("<Event>1</Event>".into()), None, Some("<Event>2</Event>".into())],
        asked: Mutex::default(),
    };
    let registry = FakeRegistry::default();
    let read: ReadEvents = |xml| {
        let mut builder = tables::event_log_data::windows::Builder::default();
        for (at, _) in xml.lines().enumerate() {
            builder.push(&tables::event_log_data::windows::Row {
                time: 5_000_000_000,
                record_id: i64::try_from(at).ok(),
                source: Some("Security"),
                ..Default::default()
            });
        }
        Ok((vec![builder.finish()], 0))
    };
    let host = evtables_schema::HostBoot(1 << 50);
    let ask = |terms: &[(usize, Test)]| {
        event_log::events((&log, &registry), host, read, &wanting(table, terms))
    };
    let error = ask(&[]).unwrap_err();
    assert!(error.contains("WHERE source = 'Security'"), "{error}");
    let source = (column("source"), equal(&["Security"]));
    let answer = ask(std::slice::from_ref(&source)).unwrap();
    assert_eq!(answer.cut.as_deref(), Some("events: 1 could not be read"));
    let rows = texts(table, answer);
    assert_eq!(rows.len(), 2);
    let place = table.columns.iter().filter(|c| c.is_stored()).position(|c| c.name == "eid");
    let ids: Vec<&String> = rows.iter().map(|row| &row[place.unwrap()]).collect();
    assert!(ids[0].len() == 36 && ids[0] != ids[1], "{ids:?}");
    let eventid = (column("eventid"), equal(&["4624", "4625"]));
    let time = (column("time"), Test::Ge(Value::Int(1_795_478_400)));
    ask(&[source, eventid, time]).unwrap();
    assert_eq!(
        *log.asked.lock().unwrap(),
        [
            "Security *",
            "Security *[System[(EventID=4624 or EventID=4625) and TimeCreated[@SystemTime>='2026-11-24T00:00:00.0000000Z']]]",
        ]
    );
    let error = ask(&[(column("source"), equal(&["Nope"]))]).unwrap_err();
    assert!(error.contains("Nope") && error.contains("win_event_log_channels"), "{error}");
}

#[test]
fn files_are_found_by_name_and_folder() {
    let table = &tables::disk_index::windows::TABLE;
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    for folder in [&one, &two] {
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        std::fs::write(folder.join("deep/Evil.txt"), "x").unwrap();
    }
    let disks = FakeDisks(vec![dir.path().to_owned()]);
    let bounds = disk::Bounds { entries: 100, rows: 10, time: Duration::from_secs(60) };
    let find = |terms: &[(usize, Test)]| disk::rows(&disks, bounds, &wanting(table, terms));
    assert!(find(&[]).unwrap_err().contains("filename"));
    let name = (0, Test::Like("%evil%".into()));
    let mut rows = texts(table, find(std::slice::from_ref(&name)).unwrap());
    rows.sort();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0][..2], ["Evil.txt", one.join("deep").join("Evil.txt").to_str().unwrap()]);
    let below = format!("{}{}%", two.display(), std::path::MAIN_SEPARATOR);
    let rows = texts(table, find(&[name.clone(), (1, Test::Like(below))]).unwrap());
    assert_eq!(rows.len(), 1);
    let folder = texts(table, find(&[(0, equal(&["DEEP"]))]).unwrap());
    assert!(folder.len() == 2 && folder.iter().all(|row| row[2] == "1"), "{folder:?}");
    let few = disk::Bounds { entries: 2, ..bounds };
    let cut = disk::rows(&disks, few, &wanting(table, &[name])).unwrap().cut;
    assert!(cut.unwrap().contains("first 2"));
}

proptest! {
    #[test]
    fn bytes_of_the_system_are_not_believed(
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
        base in any::<u64>(),
        near in 0_u64..4_000,
    ) {
        let raw = |base| sources::Raw { bytes: bytes.clone(), base };
        processes::read(&raw(base));
        processes::read(&raw(near));
        prop_assert!(handles::read(&bytes).len() <= bytes.len() / 40);
        for family in [sources::Family::V4, sources::Family::V6] {
            prop_assert!(network::read(family, &bytes).len() <= bytes.len() / 24);
        }
        bytes::utf16(&bytes);
    }

    #[test]
    fn a_damaged_list_of_processes_ends(at in 0_usize..560, byte in any::<u8>()) {
        let mut raw = process_list(&[process(7, 1, 1), process(8, 1, 1)]);
        if let Some(place) = raw.bytes.get_mut(at) {
            *place = byte;
        }
        prop_assert!(processes::read(&raw).len() <= 65_536);
    }
}
