// SPDX-License-Identifier: Apache-2.0
//! Readers of every dialect, alone and through the whole publisher; bad input of every kind.

use crate::bad::Bad;
use crate::evtx_file::{EvtxReader, Input, Memory};
use crate::lines::{JsonLines, XmlEvents};
use crate::mapping::Mappings;
use crate::record::Block;
use crate::{ReplayOptions, ReplayPublisher, Report};
use evtables_schema::{Cell, CellReader, EventBatch};
use evtables_sdk::{Publisher as _, emitter};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// What a reader made of its input: one line per record, and the bad ones.
fn read(
    mut next: impl FnMut(&mut Block, &mut Vec<Bad>) -> std::io::Result<bool>,
) -> (Vec<String>, Vec<Bad>) {
    let (mut lines, mut bad) = (Vec::new(), Vec::new());
    loop {
        let mut block = Block::new(512);
        let more = next(&mut block, &mut bad).unwrap_or(false);
        for record in block.records() {
            let fields: Vec<String> = record.fields().map(|(k, v)| format!("{k}={v}")).collect();
            lines.push(format!(
                "{} {} {} {} {}",
                record.provider(),
                record.head.event_id,
                record.computer(),
                record.head.time_ns / 1_000_000,
                fields.join(" ")
            ));
        }
        if !more {
            return (lines, bad);
        }
    }
}

fn json(text: &str) -> (Vec<String>, Vec<Bad>) {
    let mut reader = JsonLines::new(text.as_bytes());
    read(|block, bad| reader.read(block, bad))
}

fn xml(text: &str) -> (Vec<String>, Vec<Bad>) {
    let mut reader = XmlEvents::new(text.as_bytes());
    read(|block, bad| reader.read(block, bad))
}

/// The same event in every dialect; 2026-11-24 04:10:14.123 UTC.
const SYSMON: &str = "Microsoft-Windows-Sysmon 5 HOST 1795493414123 UtcTime=2026-11-24 04:10:14.123 ProcessId=42 Image=C:\\a \"b\".exe";
const XML: &str = r#"<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon" Guid="{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"/><EventID>5</EventID><Version>3</Version><Level>4</Level><TimeCreated SystemTime="2026-11-24T04:10:15.0000000Z"/><EventRecordID>7</EventRecordID><Correlation/><Execution ProcessID="1" ThreadID="2"/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>HOST</Computer><Security UserID="S-1-5-18"/></System><EventData><Data Name="UtcTime">2026-11-24 04:10:14.123</Data><Data Name="ProcessId">42</Data><Data Name="Image">C:\a &quot;b&#x22;.exe</Data></EventData></Event>"#;
const NXLOG: &str = r#"{"EventTime":"2026-11-23 23:10:15","Hostname":"HOST","EventID":5,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","@timestamp":"2026-11-24T04:10:16.000Z","UtcTime":"2026-11-24 04:10:14.123","ProcessId":"42","Image":"C:\\a \"b\".exe","Message":"x","host":"wec","tags":["t"]}"#;
const FLAT: &str = r#"{"TimeCreated":"2026-11-23T21:10:15Z","Level":"4","Hostname":"HOST","EventID":5,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","UtcTime":"2026-11-24 04:10:14.123","ProcessId":"42","Image":"C:\\a \"b\".exe"}"#;
const BEAT6: &str = r#"{"@timestamp":"2026-11-24T04:10:16.000Z","computer_name":"HOST","event_id":5,"source_name":"Microsoft-Windows-Sysmon","log_name":"Microsoft-Windows-Sysmon/Operational","level":"Information","event_data":{"UtcTime":"2026-11-24 04:10:14.123","ProcessId":"42","Image":"C:\\a \"b\".exe"},"beat":{"name":"x"},"host":{"name":"y"}}"#;
const BEAT8: &str = r#"{"@timestamp":"2026-11-24T04:10:16.000Z","winlog":{"computer_name":"HOST","event_id":"5","provider_name":"Microsoft-Windows-Sysmon","channel":"Microsoft-Windows-Sysmon/Operational","process":{"pid":1,"thread":{"id":2}},"event_data":{"UtcTime":"2026-11-24 04:10:14.123","ProcessId":"42","Image":"C:\\a \"b\".exe"}},"agent":{"type":"winlogbeat"},"event":{"code":"5"}}"#;
const DUMP: &str = "Record 7\n{\n  \"Event\": {\n    \"#attributes\": {\n      \"xmlns\": \"x\"\n    },\n    \"System\": {\n      \"Provider\": {\n        \"#attributes\": {\n          \"Name\": \"Microsoft-Windows-Sysmon\"\n        }\n      },\n      \"EventID\": {\n        \"#attributes\": {\n          \"Qualifiers\": 0\n        },\n        \"#text\": 5\n      },\n      \"TimeCreated\": {\n        \"#attributes\": {\n          \"SystemTime\": \"2026-11-24T04:10:15Z\"\n        }\n      },\n      \"Computer\": \"HOST\"\n    },\n    \"EventData\": {\n      \"UtcTime\": \"2026-11-24 04:10:14.123\",\n      \"ProcessId\": 42,\n      \"Image\": \"C:\\\\a \\\"b\\\".exe\"\n    }\n  }\n}\n";

#[test]
fn one_event_in_every_dialect() {
    for (name, text) in
        [("nxlog", NXLOG), ("flat", FLAT), ("beat 6", BEAT6), ("beat 8", BEAT8), ("dump", DUMP)]
    {
        assert_eq!(json(text), (vec![SYSMON.to_owned()], vec![]), "{name}");
    }
    assert_eq!(xml(XML), (vec![SYSMON.to_owned()], vec![]));
    let events = format!("<?xml version='1.0'?>\n<Events>\n{XML}\n{XML}</Events>");
    assert_eq!(xml(&events).0.len(), 2);
}

#[test]
fn objects_in_lines_arrays_and_over_lines() {
    let pretty = DUMP.strip_prefix("Record 7\n").unwrap();
    let indented = pretty.replace('\n', "\n  ");
    for text in [
        format!("{NXLOG}\n{FLAT}\n"),
        format!("[{NXLOG},{FLAT}]"),
        format!("[\n{NXLOG},\n{FLAT}\n]\n"),
        format!("\u{feff}{NXLOG}\r\n\r\n{FLAT}"),
        format!("{DUMP}{DUMP}"),
        format!("[\n  {indented},\n  {indented}\n]\n"),
    ] {
        let (records, bad) = json(&text);
        assert_eq!((records.len(), bad), (2, vec![]), "{text}");
    }
}

#[test]
fn a_bad_one_costs_itself_alone() {
    let cut = NXLOG.get(..100).unwrap();
    let no_id = NXLOG.replace("\"EventID\":5,", "");
    let no_time = r#"{"EventID":1,"Channel":"x"}"#;
    let text =
        format!("{NXLOG}\n{cut}\n{FLAT}\n{no_id}\nnonsense\n{no_time}\n{{\n{BEAT6}\n{BEAT8}");
    let (records, bad) = json(&text);
    assert_eq!(records.len(), 4);
    let reasons: Vec<(&str, &str)> = bad.iter().map(|b| (b.reason, b.place.as_str())).collect();
    assert_eq!(
        reasons,
        [
            ("bad_json", "line 2"),
            ("no_event_id", "line 4"),
            ("bad_json", "line 5"),
            ("no_time", "line 6"),
            ("bad_json", "line 7"),
        ]
    );
    let cut = XML.replace("<EventID>5", "<EventID>x");
    let (records, bad) = xml(&format!("{XML}{cut}<Event>&bad;</Event>{XML}<Event "));
    assert_eq!(records.len(), 2);
    let reasons: Vec<&str> = bad.iter().map(|b| b.reason).collect();
    assert_eq!(reasons, ["bad_number", "bad_xml", "bad_xml"]);
    let long = format!("{NXLOG}\n{{\"x\":\"{}\"}}\n{FLAT}", "y".repeat(5 << 20));
    let (records, bad) = json(&long);
    assert_eq!((records.len(), bad.len(), bad[0].reason), (2, 1, "too_long"));
}

#[test]
fn clocks_are_corrected_by_the_sensor() {
    let security = r#"{"TimeCreated":"2026-11-23T21:10:20Z","Level":"0","EventID":4688,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","Hostname":"HOST"}"#;
    // Seven hours off: before and after the record that tells so.
    let (records, _) = json(&format!("{security}\n{FLAT}\n{security}\n"));
    assert!(records[0].contains(" 1795493420000 "), "{records:?}");
    assert!(records[2].contains(" 1795493420000 "), "{records:?}");
    // Alone nothing is known.
    assert!(json(security).0[0].contains(" 1795468220000 "));
    // A zoneless time is corrected as well.
    let zoneless = NXLOG.replace("\"@timestamp\":\"2026-11-24T04:10:16.000Z\",", "");
    let other = zoneless.replace("\"UtcTime\":\"2026-11-24 04:10:14.123\",", "");
    let (records, _) = json(&format!("{zoneless}\n{other}\n"));
    assert!(records[1].contains(" 1795493415000 "), "{records:?}");
}

#[test]
fn mapping_files_are_right() {
    let mappings = Mappings::load().unwrap();
    let count = mappings.iter().count();
    assert!(count >= 30, "{count}");
    for mapping in mappings.iter() {
        let positions = evtables_schema::rows::RowBuilder::new(mapping.table);
        for (at, expr) in positions.positions().zip(&mapping.columns) {
            let column = &mapping.table.columns[at];
            assert!(column.null || expr.is_some(), "{}.{}", mapping.table.name, column.name);
        }
    }
}

/// A file of one chunk with these records' bytes of binary XML.
pub(crate) fn evtx_of(records: &[Vec<u8>]) -> Vec<u8> {
    let mut chunk = vec![0; 512];
    for (number, body) in records.iter().enumerate() {
        let size = u32::try_from(body.len() + 28).unwrap();
        chunk.extend([0x2a, 0x2a, 0, 0]);
        chunk.extend(size.to_le_bytes());
        chunk.extend((number as u64 + 1).to_le_bytes());
        chunk.extend(134_399_670_140_000_000_u64.to_le_bytes());
        chunk.extend(body);
        chunk.extend(size.to_le_bytes());
    }
    let free = u32::try_from(chunk.len()).unwrap();
    chunk[..8].copy_from_slice(b"ElfChnk\0");
    chunk[40..44].copy_from_slice(&128_u32.to_le_bytes());
    chunk[48..52].copy_from_slice(&free.to_le_bytes());
    chunk.resize(65_536, 0);
    let mut file = vec![0; 4_096];
    file[..8].copy_from_slice(b"ElfFile\0");
    file[42] = 1;
    let crc = crc32fast::hash(&file[..120]);
    file[124..128].copy_from_slice(&crc.to_le_bytes());
    file.extend(chunk);
    file
}

#[test]
fn damaged_files_say_so() {
    let read_bytes = |bytes: &[u8]| {
        let mut reader = EvtxReader::new(bytes, Memory::default());
        read(|block, bad| reader.read(block, bad))
    };
    let reasons = |bytes: &[u8]| -> Vec<&'static str> {
        read_bytes(bytes).1.iter().map(|bad| bad.reason).collect()
    };
    let whole = evtx_of(&[vec![0x0f, 1, 1, 0, 0x01], vec![0x0f, 1, 1, 0, 0]]);
    assert_eq!(reasons(&whole), ["bad_binxml", "no_event_id"]);
    assert_eq!(reasons(&whole[..100]), ["short_file"]);
    assert_eq!(reasons(&whole[..5_000]), ["short_chunk", "bad_binxml", "no_event_id"]);
    let mut bad_magic = whole.clone();
    bad_magic[4_096] = b'X';
    assert_eq!(reasons(&bad_magic), ["bad_chunk"]);
    let mut bad_size = whole.clone();
    bad_size[4_096 + 512 + 4..4_096 + 512 + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(reasons(&bad_size), ["bad_size", "no_event_id"]);
}

/// A log of which parts can be left out.
struct Skipping<'b>(&'b [u8]);

impl std::io::Read for Skipping<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(out)
    }
}

impl Input for Skipping<'_> {
    fn skip(&mut self, len: usize) -> std::io::Result<bool> {
        let rest = self.0.get(len..);
        self.0 = rest.unwrap_or(self.0);
        Ok(rest.is_some())
    }
}

/// Replays files; rows by table, each as `column=value` of what is not NULL.
pub(crate) fn replay(
    path: &Path,
    strict: bool,
) -> (Report, BTreeMap<String, Vec<String>>, Option<String>) {
    let options = ReplayOptions { paths: vec![path.to_owned()], pace: None, strict };
    let mut publisher = ReplayPublisher::new(options).unwrap();
    let watch = publisher.watch();
    let (emitter, batches) = emitter(4);
    publisher.start(emitter).unwrap();
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // The channel closes when the publisher's thread is done with it.
    for batch in &batches {
        rows.entry(batch.table.name.to_owned()).or_default().extend(lines_of(batch));
    }
    publisher.stop();
    (watch.report(), rows, watch.failure())
}

fn lines_of(batch: EventBatch) -> Vec<String> {
    let table = batch.table;
    // Columns that the store fills are not there yet.
    let there: Vec<_> = (0..table.columns.len())
        .filter_map(|at| Some((&table.columns[at], batch.column(at)?.clone())))
        .collect();
    let arrays = there.iter().map(|(column, array)| (column.name, array.clone()));
    let record = arrow_array::RecordBatch::try_from_iter(arrays).unwrap();
    let mut scratch = String::new();
    (0..batch.rows)
        .map(|row| {
            let mut line = String::new();
            for (column, _) in &there {
                let reader = CellReader::new(table, column, &record);
                match reader.cell(row, &mut scratch) {
                    Cell::Null => {}
                    cell => line.push_str(&format!("{}={cell:?} ", column.name)),
                }
            }
            line
        })
        .collect()
}

#[test]
fn strict_stops_at_the_first_bad_record() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log.json");
    std::fs::write(&path, format!("{NXLOG}\nbad\n{FLAT}\n")).unwrap();
    std::fs::write(dir.path().join("readme.txt"), "no log").unwrap();
    let (report, rows, failure) = replay(dir.path(), false);
    assert_eq!((report.records, report.mapped, report.bad_records(), report.skipped), (2, 2, 1, 1));
    assert_eq!(rows["win_process_events"].len(), 2);
    assert_eq!(failure, None);
    let (report, _, failure) = replay(dir.path(), true);
    assert!(failure.unwrap().ends_with("log.json: line 2: bad_json"));
    assert_eq!(report.bad_records(), 1);
}

#[test]
fn logs_are_merged_by_time() {
    let dir = tempfile::tempdir().unwrap();
    for (name, first) in [("a.json", 0), ("b.json", 1)] {
        let lines: Vec<String> = (0..2_000)
            .map(|n| {
                let (minute, second) = ((n * 2 + first) / 60 % 60, (n * 2 + first) % 60);
                let hour = (n * 2 + first) / 3_600;
                NXLOG.replace(
                    "2026-11-24 04:10:14.123",
                    &format!("2026-11-24 {hour:02}:{minute:02}:{second:02}.000"),
                )
            })
            .collect();
        std::fs::write(dir.path().join(name), lines.join("\n")).unwrap();
    }
    let (report, _, _) = replay(dir.path(), false);
    assert_eq!((report.records, report.late, report.inputs), (4_000, 0, 2));
}

proptest! {
    #[test]
    fn no_bytes_make_the_text_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), cut in 0_usize..700, put in any::<u8>()) {
        let mut reader = JsonLines::new(bytes.as_slice());
        read(|block, bad| reader.read(block, bad));
        let mut reader = XmlEvents::new(bytes.as_slice());
        read(|block, bad| reader.read(block, bad));
        for text in [NXLOG, BEAT8, DUMP, XML] {
            let mut bytes = text.as_bytes().to_vec();
            let at = cut.min(bytes.len() - 1);
            bytes[at] = put;
            let mut reader = JsonLines::new(bytes.as_slice());
            read(|block, bad| reader.read(block, bad));
            let mut reader = XmlEvents::new(bytes.as_slice());
            let (records, bad) = read(|block, bad| reader.read(block, bad));
            prop_assert!(text != XML || records.len() + bad.len() <= 1);
        }
    }

    #[test]
    fn free_space_that_is_left_out_changes_nothing(
        bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..5),
        damages in prop::collection::vec((0_usize..900, any::<u8>()), 0..4),
        cut in 0_usize..300,
    ) {
        let mut file = evtx_of(&bodies);
        let whole = file[4_096..].to_vec();
        for (at, byte) in damages {
            // Heads of the chunk and of its records, mostly.
            file[4_096 + if at < 100 { 48 + at % 4 } else { at }] = byte;
        }
        // One that was never written to, whatever stands in it, and one that the head does not know of.
        file.extend([&[0; 60_000][..], &[1; 5_536]].concat());
        file.extend(whole);
        file.truncate(file.len() - cut);
        let mut reader = EvtxReader::new(file.as_slice(), Memory::default());
        let all = read(|block, bad| reader.read(block, bad));
        let mut reader = EvtxReader::new(Skipping(&file), Memory::default());
        let (records, bad) = read(|block, bad| reader.read(block, bad));
        prop_assert_eq!((records, bad.len()), (all.0, all.1.len()));
    }

    #[test]
    fn no_bytes_make_the_binary_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let file = evtx_of(&[body.clone(), [&[0x0f, 1, 1, 0, 0x0c, 1][..], &body].concat()]);
        let mut reader = EvtxReader::new(file.as_slice(), Memory::default());
        let (records, bad) = read(|block, bad| reader.read(block, bad));
        prop_assert_eq!(records.len() + bad.len(), 2);
    }
}
