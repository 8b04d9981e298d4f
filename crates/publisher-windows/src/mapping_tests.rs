// SPDX-License-Identifier: Apache-2.0
//! Every row of the mapping (`mapping_facts`) against what is enabled and decoded: payloads are made from the fields
//! that manifests state, for every version, and for one that nobody knows.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use crate::decode::{DecodeCounts, DecodeSettings, Decoder};
use crate::fields::layouts;
use crate::frame::tests::frame;
use crate::guid::Guid;
use crate::live::tests::{machine, shown};
use crate::mapping_facts::{ENABLED, FACTS, Fact, KERNEL_PROCESS_CLASS, Learns, Rows};
use crate::providers::{KERNEL_FLAGS, PROVIDERS, Provider, feeds};
use crate::raw::{EventClass, Extended, PointerSize, RawEvent, RawEventSink as _};
use crate::recording::describe;
use evtables_tls::samples;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;
/// Process that writes the events.
const HEADER_PID: u32 = 500;

/// Tables of which another event of the same provider has a row only in a special case: a suffix, a pipe.
const ELSEWHERE: [&str; 2] = ["win_pefile_events", "win_named_pipe_events"];

/// What a field says, when the fact does not.
fn number(name: &str) -> u64 {
    match name {
        "ProcessID" | "ProcessId" | "PID" | "TargetProcessId" => 40,
        "ParentProcessID" | "ParentId" => 44,
        "Disposition" => 1,
        "Status" | "ReturnCode" | "Error" | "QueryStatus" | "BaseObject" => 0,
        "dport" => 443,
        "sport" => 50_000,
        "LoggedPayloadSize" | "OriginalPayloadSize" => blob("Payload").len() as u64,
        "QueryType" => 28,
        "Win32StartAddr" => 0x7ff0,
        "CreateOptions" => 0x0100_0000,
        // The same in every event: a key, an object, a request, a connection; or nothing that matters.
        other => other.bytes().fold(1, |sum, byte| sum * 2 % 997 + u64::from(byte)),
    }
}

fn text(name: &str) -> &'static str {
    match name {
        "ImageName" => "\\Device\\HarddiskVolume4\\Windows\\x.exe",
        "ImageFileName" => "x.exe",
        "CommandLine" => "x.exe -a",
        "FileName" => "\\Device\\HarddiskVolume4\\Windows\\f.txt",
        "FilePath" => "\\Device\\HarddiskVolume4\\Windows\\g.txt",
        "RelativeName" => "\\REGISTRY\\MACHINE\\SOFTWARE\\k",
        "ValueName" => "v",
        "QueryName" | "ServerName" => "example.org",
        "QueryResults" => "192.0.2.1;",
        "DnsServerIpAddress" => "192.0.2.53",
        "URI" => "https://example.org/a",
        "Method" => "GET",
        "ObjectName" => "/o",
        "DeviceInstanceId" => "USBSTOR\\Disk\\1",
        _ => "",
    }
}

/// Bytes that are not text.
fn blob(name: &str) -> &'static [u8] {
    static SENT: LazyLock<Vec<u8>> = LazyLock::new(samples::client_hello);
    static FRAME: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let (local, remote) = ([10, 0, 0, 1].into(), [192, 0, 2, 7].into());
        frame((local, 50_000), (remote, 443), 1, 0x18, &samples::client_hello(), 0)
    });
    static RECEIVED: LazyLock<Vec<u8>> = LazyLock::new(samples::server_flight);
    match name {
        "Sent" => &SENT,
        "Received" => &RECEIVED,
        "Fragment" | "Payload" => &FRAME,
        "daddr4" => &[192, 0, 2, 7],
        "saddr4" => &[10, 0, 0, 1],
        "daddr6" => &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7],
        "saddr6" => &[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        "CapturedData" => &[9, 0, 0, 0],
        "Address" => &[2, 0, 1, 0xbb, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0],
        _ => &[],
    }
}

const SYSTEM_SID: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];

/// Appends one field.
fn put(payload: &mut Vec<u8>, field: &str) {
    let (name, kind) = field.split_once(':').unwrap();
    let (kind, said) = kind.split_once('=').map_or((kind, None), |(kind, said)| (kind, Some(said)));
    let number = said.map_or_else(
        || number(name),
        |said| match said.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16).unwrap(),
            None => said.parse().unwrap(),
        },
    );
    let bytes = number.to_le_bytes();
    match kind {
        "u16" => payload.extend_from_slice(&bytes[..2]),
        "u32" => payload.extend_from_slice(&bytes[..4]),
        "u64" | "ptr" => payload.extend_from_slice(&bytes),
        "port" => payload.extend_from_slice(&(number as u16).to_be_bytes()),
        "time" => {
            let time = (machine().boot_ns + 1_000_000_000) / 100 + FILETIME_AT_EPOCH;
            payload.extend_from_slice(&time.to_le_bytes());
        }
        "wide" => {
            payload.extend(text(name).encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
        }
        "ansi" => payload.extend(text(name).bytes().chain([0])),
        "ansi16" => {
            payload.extend_from_slice(&(text(name).len() as u16).to_le_bytes());
            payload.extend_from_slice(text(name).as_bytes());
        }
        "ansi32" => {
            payload.extend_from_slice(&(text(name).len() as u32).to_le_bytes());
            payload.extend_from_slice(text(name).as_bytes());
        }
        "bin16" => {
            payload.extend_from_slice(&(blob(name).len() as u16).to_le_bytes());
            payload.extend_from_slice(blob(name));
        }
        "bin32" => {
            payload.extend_from_slice(&(blob(name).len() as u32).to_le_bytes());
            payload.extend_from_slice(blob(name));
        }
        "raw" => payload.extend_from_slice(blob(name)),
        "ip4" => payload.extend_from_slice(blob(&format!("{name}4"))),
        "ip6" => payload.extend_from_slice(blob(&format!("{name}6"))),
        "guid" => payload.extend_from_slice(&[7; 16]),
        "sid" => payload.extend_from_slice(&SYSTEM_SID),
        "token" => {
            payload.extend_from_slice(&[7; 16]);
            payload.extend_from_slice(&SYSTEM_SID);
        }
        other => panic!("no such type: {other}"),
    }
}

impl Fact {
    fn class(&self) -> EventClass {
        if self.provider == KERNEL_PROCESS_CLASS.0 {
            EventClass::Classic
        } else {
            EventClass::Manifest
        }
    }

    fn guid(&self) -> Guid {
        let text = match self.class() {
            EventClass::Classic => KERNEL_PROCESS_CLASS.1,
            _ => ENABLED.iter().find(|(name, ..)| *name == self.provider).unwrap().1,
        };
        Guid(u128::from_str_radix(&text.replace('-', ""), 16).unwrap())
    }

    fn latest(&self) -> u8 {
        self.versions.last().unwrap().0
    }

    /// A payload of a version; a version that begins with `+` adds to the one before.
    fn payload(&self, version: u8) -> Vec<u8> {
        let mut payload = Vec::new();
        let upto: Vec<_> = self.versions.iter().filter(|(at, _)| *at <= version).collect();
        let first = upto.iter().rposition(|(_, fields)| !fields.starts_with('+')).unwrap();
        for (_, fields) in &upto[first..] {
            for field in fields.trim_start_matches('+').split_whitespace() {
                put(&mut payload, field);
            }
        }
        payload
    }

    /// What the event comes to, after those that must come before it.
    fn decoded(
        &self,
        version: u8,
        more: &[u8],
    ) -> (BTreeMap<&'static str, Vec<String>>, DecodeCounts) {
        let mut decoder = Decoder::new(&DecodeSettings::default());
        let Ok(()) = describe(&machine(), i64::MIN, &mut |event| {
            decoder.event(event);
            Ok::<(), std::convert::Infallible>(())
        });
        let mut time_ns = machine().boot_ns + 1_000_000_000;
        let mut give = |fact: &Fact, version: u8, more: &[u8]| {
            time_ns += 1_000;
            let payload = [&fact.payload(version), more].concat();
            decoder.event(&RawEvent {
                class: fact.class(),
                provider: fact.guid(),
                id: fact.id,
                version,
                // As these providers give it: always the same.
                opcode: 0,
                task: 0,
                level: 4,
                keyword: fact.keywords,
                pid: Some(HEADER_PID),
                tid: Some(1),
                time_ns,
                processor: 0,
                pointer_size: PointerSize::Eight,
                activity: None,
                extended: Extended::default(),
                payload: &payload,
            });
        };
        for id in self.before {
            let before = FACTS.iter().find(|fact| fact.provider == self.provider && fact.id == *id);
            let before = before.unwrap();
            give(before, before.latest(), &[]);
        }
        give(self, version, more);
        let mut batches = Vec::new();
        decoder.finish(&mut batches);
        (shown(&batches), decoder.counts())
    }
}

fn provider(name: &str) -> &'static Provider {
    let full = format!("Microsoft-Windows-{name}");
    PROVIDERS.iter().find(|provider| provider.name == full).unwrap()
}

#[track_caller]
fn assert_gives(
    fact: &Fact,
    what: &str,
    rows: &BTreeMap<&'static str, Vec<String>>,
    counts: &DecodeCounts,
) {
    let id = format!("source_eventid=Int({}) ", fact.id);
    let own: BTreeMap<_, Vec<_>> = rows
        .iter()
        .map(|(table, rows)| (*table, rows.iter().filter(|row| row.contains(&id)).collect()))
        .filter(|(_, rows): &(_, Vec<_>)| !rows.is_empty())
        .collect();
    assert!(counts.left_out.is_empty() && counts.unmapped.is_empty(), "{what}: {counts:?}");
    match fact.gives {
        Learns => assert_eq!(own, BTreeMap::new(), "{what}"),
        Rows(tables, cells) => {
            let (found, wanted): (BTreeSet<_>, BTreeSet<_>) =
                (own.keys().copied().collect(), tables.iter().copied().collect());
            assert_eq!(found, wanted, "{what}");
            for (table, rows) in own {
                assert_eq!(rows.len(), 1, "{what}: {table}");
                for (column, cell) in cells {
                    let row = format!(" {}", rows[0]);
                    assert!(
                        row.contains(&format!(" {column}=Int({cell}) "))
                            || row.contains(&format!(" {column}=Text({cell:?}) ")),
                        "{what}: {table}.{column} is not {cell}: {row}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_enabled_is_what_the_manifests_say() {
    assert_eq!(PROVIDERS.len(), ENABLED.len());
    for (name, guid, session, keywords) in ENABLED {
        let provider = provider(name);
        let found = (provider.guid.to_string(), provider.session, provider.keywords);
        assert_eq!(found, ((*guid).to_owned(), *session, *keywords), "{name}");
    }
    assert_eq!(KERNEL_FLAGS, KERNEL_PROCESS_CLASS.2);
    // Without it data of values stays away.
    assert_eq!(provider("Kernel-Registry").own_filter, 2u32.to_le_bytes());
}

#[test]
fn every_enabled_event_has_one_entry_here_and_every_entry_is_enabled() {
    let mut enabled: Vec<_> =
        PROVIDERS.iter().flat_map(|one| one.ids.iter().map(|id| (one.guid, *id))).collect();
    let manifest = FACTS.iter().filter(|fact| fact.class() == EventClass::Manifest);
    let mut stated: Vec<_> = manifest.map(|fact| (fact.guid(), fact.id)).collect();
    enabled.sort();
    stated.sort();
    assert_eq!(enabled, stated);
}

#[test]
fn keywords_let_every_stated_event_through() {
    for fact in FACTS.iter().filter(|fact| fact.class() == EventClass::Manifest) {
        let asked = provider(fact.provider).keywords;
        // Windows lets an event without keywords through whatever is asked for.
        let through = asked == 0 || fact.keywords == 0 || fact.keywords & asked != 0;
        assert!(through, "{} {}", fact.provider, fact.id);
    }
}

#[test]
fn every_table_is_fed_by_the_stated_events_and_no_other() {
    for one in PROVIDERS {
        let mut stated = BTreeSet::new();
        for fact in FACTS.iter().filter(|fact| fact.guid() == one.guid) {
            if let Rows(tables, _) = fact.gives {
                stated.extend(tables.iter().copied());
            }
        }
        let fed: BTreeSet<_> = feeds(one)
            .iter()
            .map(|table| table.name)
            .filter(|name| !ELSEWHERE.contains(name))
            .collect();
        assert_eq!(fed, stated, "{}", one.name);
    }
}

#[test]
fn the_latest_known_version_is_the_stated_one() {
    for fact in FACTS.iter().filter(|fact| fact.class() == EventClass::Manifest) {
        let row = layouts()
            .find(|row| row.provider == fact.guid() && row.ids.contains(&fact.id))
            .unwrap_or_else(|| panic!("{} {} is not known", fact.provider, fact.id));
        assert_eq!(row.known, fact.latest(), "{} {}", fact.provider, fact.id);
        let versions: Vec<_> = fact.versions.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, (0..=fact.latest()).collect::<Vec<_>>(), "{}", fact.id);
    }
}

#[test]
fn every_version_of_every_event_gives_its_row() {
    for fact in FACTS {
        for (version, _) in fact.versions {
            let what = format!("{} {} version {version}", fact.provider, fact.id);
            let (rows, counts) = fact.decoded(*version, &[]);
            assert_gives(fact, &what, &rows, &counts);
            assert_eq!(counts.newer.len(), 0, "{what}");
        }
    }
}

#[test]
fn a_version_that_is_not_known_is_read_by_what_is_known_and_counted() {
    for fact in FACTS.iter().filter(|fact| fact.class() == EventClass::Manifest) {
        let what = format!("{} {} of a newer version", fact.provider, fact.id);
        let (rows, counts) = fact.decoded(fact.latest() + 1, &[0xee; 12]);
        assert_gives(fact, &what, &rows, &counts);
        let newer: Vec<_> =
            counts.newer.iter().map(|(kind, n)| (kind.provider, kind.id, *n)).collect();
        assert_eq!(newer, [(fact.guid(), fact.id, 1)], "{what}");
    }
}

#[test]
fn suffixes_and_pipes_go_to_their_tables() {
    // The two tables that the list leaves out, by a path each.
    let fact = |id| FACTS.iter().find(|fact| fact.provider == "Kernel-File" && fact.id == id);
    for (id, path, table) in [
        (30, "C:\\a.exe", "win_pefile_events"),
        (12, "\\Device\\NamedPipe\\p", "win_named_pipe_events"),
        (30, "\\Device\\NamedPipe\\p", "win_named_pipe_events"),
    ] {
        let fact = fact(id).unwrap();
        let mut payload = fact.payload(1);
        let name = text("FileName").encode_utf16().count() * 2 + 2;
        payload.truncate(payload.len() - name);
        payload.extend(path.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
        let mut decoder = Decoder::new(&DecodeSettings::default());
        decoder.event(&RawEvent {
            class: EventClass::Manifest,
            provider: fact.guid(),
            id,
            version: 1,
            opcode: 0,
            task: 0,
            level: 4,
            keyword: fact.keywords,
            pid: Some(HEADER_PID),
            tid: None,
            time_ns: 1,
            processor: 0,
            pointer_size: PointerSize::Eight,
            activity: None,
            extended: Extended::default(),
            payload: &payload,
        });
        let mut batches = Vec::new();
        decoder.finish(&mut batches);
        assert_eq!(shown(&batches)[table].len(), 1, "{id} {path}");
    }
}
