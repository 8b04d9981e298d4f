// SPDX-License-Identifier: Apache-2.0
//! Rows that the traces give, and that every event is accounted for.

use super::traces::{corpus, net, read_all};
use evtables_publisher_windows::recording::{Machine, Recording};
use evtables_publisher_windows::{
    DecodeCounts, DecodeSettings, Decoder, PointerSize, RawEventSink,
};
use evtables_schema::{Cell, CellReader, EventBatch};
use std::collections::BTreeMap;

/// Rows as name → value, by table.
pub(crate) type Rows = BTreeMap<&'static str, Vec<BTreeMap<&'static str, String>>>;

fn add(batch: &EventBatch, rows: &mut Rows) {
    let arrays: Vec<_> = (0..batch.table.columns.len())
        .filter_map(|at| Some((batch.table.columns[at].name, batch.column(at)?.clone())))
        .collect();
    let record = arrow_array::RecordBatch::try_from_iter(arrays).unwrap();
    for row in 0..batch.rows {
        let mut cells = BTreeMap::new();
        for column in batch.table.columns.iter().filter(|column| {
            batch.table.column(column.name).is_some_and(|at| batch.column(at).is_some())
        }) {
            let mut scratch = String::new();
            let text = match CellReader::new(batch.table, column, &record).cell(row, &mut scratch) {
                Cell::Null => continue,
                Cell::Int(number) => number.to_string(),
                Cell::Real(number) => number.to_string(),
                Cell::Text(text) => text.to_owned(),
            };
            cells.insert(column.name, text);
        }
        rows.entry(batch.table.name).or_default().push(cells);
    }
}

pub(crate) fn decode(bytes: &[u8]) -> (Rows, DecodeCounts) {
    let mut decoder = Decoder::new(&DecodeSettings::default());
    let mut batches = Vec::new();
    let reader = read_all(bytes, |event| {
        decoder.event(event);
        decoder.take_full(&mut batches);
    });
    decoder.finish(&mut batches);
    let counts = decoder.counts();
    assert!(counts.adds_up(), "{counts:?}");
    assert_eq!(counts.seen, evtables_publisher_windows::RawEventSource::seen(&reader));
    let mut rows = Rows::new();
    for batch in &batches {
        add(batch, &mut rows);
    }
    (rows, counts)
}

fn actions(rows: &Rows, table: &str) -> BTreeMap<String, usize> {
    let mut actions = BTreeMap::new();
    for row in rows.get(table).into_iter().flatten() {
        *actions.entry(row["action"].clone()).or_default() += 1;
    }
    actions
}

fn count(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// One row's cells by name, `-` where there is none.
fn cells(row: &BTreeMap<&'static str, String>, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| row.get(name).map_or("-", String::as_str).to_owned()).collect()
}

/// The trace as a recording of ours.
fn recorded(bytes: &[u8]) -> Vec<u8> {
    let machine = Machine {
        host_name: String::new(),
        boot_ns: 0,
        pointer_size: PointerSize::Eight,
        windows_directory: String::new(),
        volumes: Vec::new(),
    };
    let mut recording = None;
    read_all(bytes, |event| {
        recording
            .get_or_insert_with(|| Recording::new(Vec::new(), event.time_ns, &machine).unwrap())
            .event(event);
    });
    let recording = recording.unwrap();
    // Nine packed lists of methods are as large as a buffer.
    assert!(recording.counts().too_large < 10, "{:?}", recording.counts());
    recording.finish().unwrap()
}

#[test]
fn a_recording_gives_the_same_rows() {
    for bytes in [net(), corpus("ShutdownPerfDiagLogger.etl")].into_iter().flatten() {
        let (mut rows, mut counts) = decode(&bytes);
        let (mut again, mut counted) = decode(&recorded(&bytes));
        // Events of one instant on several processors may change places.
        for table in rows.values_mut().chain(again.values_mut()) {
            table.sort();
        }
        assert_eq!(rows.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
        for (table, rows) in &rows {
            assert_eq!(rows.len(), again[table].len(), "{table}");
            let other = rows.iter().zip(&again[table]).find(|(a, b)| a != b);
            assert_eq!(other, None, "{table}");
        }
        counts.unmapped.clear();
        counted.unmapped.clear();
        assert_eq!((counts.rows, counts.left_out), (counted.rows, counted.left_out));
    }
}

#[test]
fn the_network_trace_gives_its_rows() {
    let Some(bytes) = net() else { return };
    let (rows, counts) = decode(&bytes);
    let running = [("PROC_CREATE", 1), ("PROC_RUNNING", 32), ("PROC_TERMINATE", 1)];
    assert_eq!(actions(&rows, "win_process_events"), count(&running));
    let images = [("IMAGE_LOAD", 35), ("IMAGE_UNLOAD", 32)];
    assert_eq!(actions(&rows, "win_image_load_events"), count(&images));
    assert_eq!(rows["win_image_load_process_map"].len(), 1_763 + 35);
    let flows = [("SOCKET_ACCEPT", 14), ("SOCKET_CONNECT", 4)];
    assert_eq!(actions(&rows, "win_socket_events"), count(&flows));
    let created = rows["win_process_events"].iter().find(|row| row["action"] == "PROC_CREATE");
    let test = "\\\\clrmain\\public\\PerfInvestigations\\20-07-28.TestTraces\\Test.x64.exe";
    assert_eq!(
        cells(
            created.unwrap(),
            &[
                "pid",
                "path",
                "cmdline",
                "parent_pid",
                "parent_path",
                "creator_pid",
                "terminal_session_id",
                "owner_uid"
            ]
        ),
        [
            "3676",
            test,
            "Test.x64.exe",
            "3508",
            "C:\\Windows\\System32\\cmd.exe",
            "3508",
            "1",
            "S-1-5-21-2935914779-1618742390-1451969622-1001"
        ]
    );
    // All that the kernel knows by a path has it: the others are no programs.
    let bare: Vec<_> = rows["win_process_events"]
        .iter()
        .filter(|row| !row["path"].contains('\\'))
        .map(|row| row["path"].as_str())
        .collect();
    assert_eq!(bare, ["Idle", "System"]);
    assert_eq!((counts.left_out["data"], counts.left_out["told_twice"]), (490, 2));
    let unmapped: u64 = counts.unmapped.values().sum();
    assert_eq!(counts.rows + counts.learnt + unmapped, 179_474 - 1_907);
}

#[test]
fn the_shutdown_trace_gives_its_rows() {
    let Some(bytes) = corpus("ShutdownPerfDiagLogger.etl") else { return };
    let (rows, counts) = decode(&bytes);
    let running = [("PROC_RUNNING", 94), ("PROC_TERMINATE", 60)];
    assert_eq!(actions(&rows, "win_process_events"), count(&running));
    let with_cmdline =
        rows["win_process_events"].iter().filter(|row| row.contains_key("cmdline")).count();
    assert_eq!(with_cmdline, 154 - 4);
    // At the end of a session csrss.exe tells programs so by a thread in each.
    let threads = &rows["win_remote_thread_events"];
    assert_eq!(threads.len(), 35);
    assert!(threads.iter().all(|row| row["src_path"].ends_with("\\csrss.exe")
        && row["module_name"].ends_with("\\KernelBase.dll")
        && row["function_name"].starts_with("+0x")));
    assert_eq!(counts.left_out["own_thread"], 315);
    assert_eq!(counts.unmapped.values().sum::<u64>(), 11);
}
