// SPDX-License-Identifier: Apache-2.0
//! For tests: a table with a column of every storage type, the same table of a later version, rows.

use crate::{Options, ScanRequest, Snapshot, Store, StoreReader};
use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    TimestampNanosecondArray,
};
use evtables_filter::Predicate;
use evtables_schema::spec::From as Filler;
use evtables_schema::{
    Class, ColumnId, ColumnSpec, EventBatch, HostBoot, Platform, SqlType, Storage, TableId,
    TableSpec, Virtual,
};
use std::path::Path;
use std::sync::Arc;

pub(crate) const SECOND: i64 = 1_000_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
/// 2026-11-24 00:00:00 UTC.
pub(crate) const MIDNIGHT: i64 = 1_795_478_400 * SECOND;
pub(crate) const HOST: HostBoot = HostBoot(0x0123_4567_89ab_cdef);

const fn column(id: u16, name: &'static str, storage: Storage, from: Filler) -> ColumnSpec {
    ColumnSpec {
        id: ColumnId(id),
        name,
        sql_type: SqlType::Text,
        storage,
        from,
        null: true,
        fill: "",
        hidden: false,
        index: true,
        additional: false,
        values: &[],
        ocsf: "",
        sigma: "",
        sysmon: "",
        description: "",
    }
}

const fn table(columns: &'static [ColumnSpec]) -> TableSpec {
    TableSpec {
        id: TableId(60),
        kind: "sample_events",
        name: "sample_events",
        class: Class::Event,
        platform: Platform::Any,
        required: None,
        key: None,
        summary: "",
        example: "",
        columns,
    }
}

pub(crate) const ACTION: usize = 0;
pub(crate) const PID: usize = 2;
pub(crate) const TIME: usize = 6;
pub(crate) const UTC_TIME: usize = 7;
pub(crate) const NOTE: usize = 8;
pub(crate) const SEQ: usize = 9;

pub(crate) static SAMPLE: TableSpec = table(&[
    column(1, "action", Storage::Dict, Filler::Decode),
    column(2, "eid", Storage::Uuid, Filler::Store),
    column(3, "pid", Storage::Int64, Filler::Decode),
    column(4, "code", Storage::Int32, Filler::Decode),
    column(5, "score", Storage::Float64, Filler::Decode),
    column(6, "guid", Storage::Uuid, Filler::Decode),
    column(7, "time", Storage::Time, Filler::Decode),
    column(9999, "utc_time", Storage::Virtual(Virtual::UtcText), Filler::Virtual),
    column(8, "note", Storage::Dict, Filler::Decode),
    column(9, "seq", Storage::Int64, Filler::Store),
]);

/// A later version: `code` is gone, `extra` is new, the order is another.
pub(crate) static LATER: TableSpec = table(&[
    column(2, "eid", Storage::Uuid, Filler::Store),
    column(1, "action", Storage::Dict, Filler::Decode),
    column(10, "extra", Storage::Int64, Filler::Decode),
    column(3, "pid", Storage::Int64, Filler::Decode),
    column(7, "time", Storage::Time, Filler::Decode),
    column(8, "note", Storage::Dict, Filler::Decode),
    column(9, "seq", Storage::Int64, Filler::Store),
]);

/// Rows with the given times; row `i` of all rows ever made has pid `first + i`.
pub(crate) fn rows_at(first: i64, times: &[i64]) -> EventBatch {
    let pids: Vec<i64> = (first..).take(times.len()).collect();
    let mut guids = FixedSizeBinaryBuilder::new(16);
    for pid in &pids {
        match pid % 3 {
            0 => guids.append_null(),
            _ => guids.append_value(u128::try_from(*pid).unwrap().to_be_bytes()).unwrap(),
        }
    }
    let action = pids.iter().map(|pid| Some(if pid % 2 == 0 { "EVEN" } else { "ODD" }));
    let notes: Vec<Option<String>> =
        pids.iter().map(|pid| (pid % 5 != 0).then(|| format!("note ünï {pid}"))).collect();
    let columns: Vec<Option<ArrayRef>> = vec![
        Some(Arc::new(action.collect::<DictionaryArray<Int32Type>>())),
        None,
        Some(Arc::new(Int64Array::from(pids.clone()))),
        Some(Arc::new(pids.iter().map(|p| i32::try_from(*p % 7).ok()).collect::<Int32Array>())),
        Some(Arc::new(Float64Array::from_iter_values(pids.iter().map(|pid| *pid as f64 / 4.0)))),
        Some(Arc::new(guids.finish())),
        Some(Arc::new(TimestampNanosecondArray::from(times.to_vec()).with_timezone("UTC"))),
        None,
        Some(Arc::new(notes.iter().map(|n| n.as_deref()).collect::<DictionaryArray<Int32Type>>())),
        None,
    ];
    EventBatch::new(&SAMPLE, times.len(), columns).expect("sample columns fit")
}

/// `count` rows, one each second from `start`.
pub(crate) fn rows(first: i64, count: usize, start: i64) -> EventBatch {
    let times: Vec<i64> = (0..).take(count).map(|i: i64| start + i * SECOND).collect();
    rows_at(first, &times)
}

pub(crate) fn options() -> Options {
    Options::new(HOST)
}

/// Opens a store that nobody holds. A child process that another test starts at this moment shares
/// our locks between its fork and its exec, so a refusal is looked at again for a while.
pub(crate) fn open(dir: &Path, options: Options) -> Store {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        match try_open(dir, options.clone()) {
            Err(error)
                if error.kind == crate::ErrorKind::Locked
                    && std::time::Instant::now() < deadline =>
            {
                std::thread::yield_now();
            }
            opened => return opened.expect("the store opens"),
        }
    }
}

pub(crate) fn try_open(dir: &Path, options: Options) -> crate::Result<Store> {
    Store::open_with(dir, options, MIDNIGHT, &[&SAMPLE])
}

pub(crate) fn reader(dir: &Path) -> StoreReader {
    StoreReader::open_with(dir, &[&SAMPLE]).expect("the reader opens")
}

pub(crate) fn request(columns: &[usize]) -> ScanRequest {
    ScanRequest {
        table: &SAMPLE,
        columns: columns.to_vec(),
        predicate: Predicate::all(&SAMPLE),
        seq_range: None,
        now_ns: MIDNIGHT,
    }
}

pub(crate) fn all() -> ScanRequest {
    request(&(0..SAMPLE.columns.len()).collect::<Vec<_>>())
}

pub(crate) fn scan(snapshot: &Snapshot, request: ScanRequest) -> Vec<RecordBatch> {
    snapshot.scan(request).map(|batch| batch.expect("a batch")).collect()
}

/// All values of an integer column.
pub(crate) fn ints(batches: &[RecordBatch], name: &str) -> Vec<i64> {
    let column = |batch: &RecordBatch| {
        let array = batch.column_by_name(name).expect("the column").clone();
        array.as_any().downcast_ref::<Int64Array>().expect("integers").values().to_vec()
    };
    batches.iter().flat_map(column).collect()
}

/// The `seq` of all rows that a reader sees.
pub(crate) fn seqs(reader: &StoreReader) -> Vec<i64> {
    let snapshot = reader.snapshot().expect("a snapshot");
    ints(&scan(&snapshot, request(&[SEQ])), "seq")
}

/// Every row of the sample table, `seq` included, is what [`rows`] made with pid = `seq`.
pub(crate) fn assert_whole(batches: &[RecordBatch]) {
    for batch in batches {
        let pids = ints(std::slice::from_ref(batch), "pid");
        assert_eq!(pids, ints(std::slice::from_ref(batch), "seq"));
        let times = batch.column_by_name("time").unwrap().clone();
        let times = times.as_any().downcast_ref::<TimestampNanosecondArray>().unwrap().clone();
        let expected = rows_at(pids[0], times.values());
        for (position, spec) in SAMPLE.columns.iter().enumerate() {
            let Some(expected) = expected.column(position) else { continue };
            let found = batch.column_by_name(spec.name).unwrap();
            match spec.storage {
                Storage::Dict => assert_eq!(texts(found), texts(expected), "{}", spec.name),
                _ => assert_eq!(found, expected, "{}", spec.name),
            }
        }
    }
}

pub(crate) fn texts(array: &ArrayRef) -> Vec<Option<String>> {
    let array = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>().unwrap();
    let values = array.values().as_any().downcast_ref().unwrap();
    (0..array.len())
        .map(|row| evtables_schema::cells::dict_text(array, values, row).map(str::to_owned))
        .collect()
}
