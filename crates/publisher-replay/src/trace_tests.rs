// SPDX-License-Identifier: Apache-2.0
//! Traces through the whole publisher: plain, packed, damaged, and beside other logs.

use crate::tests::replay;
use evtables_publisher_windows::etl::writer::{BUFFER_BYTES, EtlWriter};
use evtables_publisher_windows::fields::classes;
use evtables_publisher_windows::{EventClass, Extended, Guid, PointerSize, RawEvent};
use std::io::Write as _;
use std::path::{Path, PathBuf};

const START_NS: i64 = 1_795_493_414_000_000_000;

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn event(class: EventClass, provider: Guid, id: u16, at: i64, payload: &[u8]) -> RawEvent<'_> {
    RawEvent {
        class,
        provider,
        id,
        version: 0,
        opcode: u8::try_from(id).unwrap_or(0),
        task: 0,
        level: 4,
        keyword: 0x10,
        pid: Some(500),
        tid: Some(501),
        time_ns: START_NS + at,
        processor: 0,
        pointer_size: PointerSize::Eight,
        activity: None,
        extended: Extended::default(),
        payload,
    }
}

/// A trace of `starts` processes, and one event that nobody knows.
fn trace(starts: u32) -> Vec<u8> {
    let mut writer = EtlWriter::new(Vec::new(), START_NS, PointerSize::Eight).unwrap();
    let volume = [wide("\\Device\\HarddiskVolume1\\"), wide("C:\\")].concat();
    writer.push(&event(EventClass::Classic, classes::SYSTEM_PATHS, 35, 0, &volume)).unwrap();
    for number in 0..starts {
        let mut payload = (1_000 + number).to_le_bytes().to_vec();
        payload.extend_from_slice(&[0; 8]);
        payload.extend_from_slice(&500u32.to_le_bytes());
        payload.extend_from_slice(&1u32.to_le_bytes());
        payload.extend(wide("\\Device\\HarddiskVolume1\\a.exe"));
        let at = 1_000 + i64::from(number) * 1_000;
        writer
            .push(&event(EventClass::Manifest, classes::KERNEL_PROCESS, 1, at, &payload))
            .unwrap();
    }
    let at = i64::from(starts) * 1_000 + 5_000;
    writer.push(&event(EventClass::Manifest, Guid(77), 9, at, b"?")).unwrap();
    writer.finish().unwrap()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_trace_is_read_plain_and_out_of_archives() {
    let folder = tempfile::tempdir().unwrap();
    let plain = trace(3);
    let inner = zip(&[("a/trace.bin", &plain), ("LogFile.txt", b"said the recorder")]);
    let mut told = Vec::new();
    for (name, bytes) in [
        ("plain.etl", plain.clone()),
        ("no-suffix", plain.clone()),
        ("trace.etl.gz", gzip(&plain)),
        ("trace.zip", inner.clone()),
        ("zip.gz", gzip(&inner)),
    ] {
        let (report, rows, failure) = replay(&write(folder.path(), name, &bytes), true);
        assert_eq!(failure, None, "{name}");
        let traces = &report.traces;
        assert_eq!(
            (traces.traces, traces.events, traces.mapped, traces.learnt),
            (1, 6, 3, 1),
            "{name}"
        );
        // The record that describes the trace, and the stranger.
        assert_eq!(traces.unmapped.values().sum::<u64>(), 2, "{name}");
        assert_eq!(report.rows["win_process_events"], 3, "{name}");
        told.push(rows);
    }
    assert!(told[0]["win_process_events"][0].contains(r#"path=Text("C:\\a.exe")"#), "{told:?}");
    assert!(told.windows(2).all(|two| two[0] == two[1]));
}

#[test]
fn a_damaged_trace_gives_what_is_good_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = trace(2_000);
    assert!(bytes.len() >= 5 * BUFFER_BYTES);
    bytes[2 * BUFFER_BYTES..2 * BUFFER_BYTES + 80].fill(0xdd);
    let (report, rows, failure) = replay(&write(folder.path(), "damaged.etl", &bytes), false);
    assert_eq!(failure, None);
    assert_eq!(report.traces.lost["bad_buffer_header"], 1);
    let place = format!("byte {}: bad_buffer_header", 2 * BUFFER_BYTES);
    assert!(report.places.iter().any(|told| told.ends_with(&place)), "{:?}", report.places);
    let rows = rows["win_process_events"].len();
    assert!((1_000..1_900).contains(&rows), "{rows} rows");
    bytes.truncate(90);
    let (report, _, _) = replay(&write(folder.path(), "cut.etl", &bytes), false);
    assert_eq!(
        (report.traces.traces, report.skipped + report.damaged.values().sum::<u64>()),
        (0, 1)
    );
}

#[test]
fn traces_and_logs_stand_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.etl", &trace(3));
    write(folder.path(), "b.json", br#"{"EventTime":"2026-11-23 23:10:15","Hostname":"HOST","EventID":5,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","UtcTime":"2026-11-24 04:10:14.123","ProcessId":"42","Image":"C:\\a.exe"}"#);
    write(folder.path(), "c.etl", &trace(2));
    let (report, rows, failure) = replay(folder.path(), true);
    assert_eq!(failure, None);
    assert_eq!((report.inputs, report.records, report.traces.traces), (3, 1, 2));
    assert_eq!(rows["win_process_events"].len(), 6);
}

#[test]
fn the_traces_of_the_corpus_are_read_whole() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/etl");
    if !corpus.exists() {
        assert!(std::env::var_os("CI").is_none(), "../shared/corpus/etl is absent in CI");
        eprintln!("skipped: ../shared/corpus/etl absent");
        return;
    }
    let (report, _, failure) = replay(&corpus, false);
    let traces = &report.traces;
    assert_eq!((failure, traces.traces), (None, 4));
    assert_eq!(traces.events, 179_474 + 17_078 + 21 + 4);
    let left_out: u64 = traces.left_out.values().sum();
    let unmapped: u64 = traces.unmapped.values().sum();
    assert_eq!(traces.mapped + traces.learnt + left_out + unmapped, traces.events);
    // Three events were lost while one of them was recorded; nothing here is damaged.
    assert_eq!(traces.lost.iter().collect::<Vec<_>>(), [(&"events_lost_by_windows", &3)]);
    assert_eq!(report.rows["win_process_events"], 34 + 154);
    assert_eq!(report.rows["win_image_load_events"], 67 + 4_863);
}
