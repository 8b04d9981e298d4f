// SPDX-License-Identifier: Apache-2.0
//! A source in memory for tests: process events of a made-up process tree.

use arrow_array::{ArrayRef, RecordBatch};
use arrow_select::filter::filter_record_batch;
use evtables_engine::{Batches, ScanSpec, Source, SourceError};
use evtables_schema::columns::{BigIntBuilder, UuidBuilder};
use evtables_schema::generated::evtables_status::any::TABLE as STATUS;
use evtables_schema::generated::process_events::linux::{self, Builder, EID, Row, SEQ, TABLE};
use evtables_schema::ids::{HostBoot, event_id, process_guid};
use evtables_schema::{CellReader, EventBatch, Storage, TableSpec};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// First second of the made-up events.
pub(crate) const START: i64 = 1_795_493_000;
pub(crate) const HOST: HostBoot = HostBoot(0x1234_5678_9abc_def0);
const BATCH_ROWS: usize = 1_024;

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Process, parent, action.
type Event = (usize, usize, &'static str);

/// What a scan was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub(crate) table: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) terms: usize,
}

pub(crate) struct MemorySource {
    batches: Vec<RecordBatch>,
    scans: Mutex<Vec<Scan>>,
    /// Scans fail from that one on.
    pub(crate) fails_from: AtomicU64,
}

impl MemorySource {
    /// `processes` processes, each with create, fork and end, in random order.
    pub(crate) fn tree(processes: usize, seed: u64) -> Self {
        let events = shuffled_events(processes, seed);
        let batches =
            events.chunks(BATCH_ROWS).enumerate().map(|(at, c)| batch_of(at * BATCH_ROWS, c));
        Self {
            batches: batches.collect(),
            scans: Mutex::new(Vec::new()),
            fails_from: AtomicU64::new(u64::MAX),
        }
    }

    pub(crate) fn take_scans(&self) -> Vec<Scan> {
        std::mem::take(&mut *self.scans.lock().unwrap())
    }
}

fn shuffled_events(processes: usize, seed: u64) -> Vec<Event> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut events: Vec<Event> = Vec::new();
    for process in 0..processes {
        let parent = if process == 0 { 0 } else { dice.below(process) };
        for action in ["PROC_CREATE", "PROC_FORK", "PROC_TERMINATE"] {
            events.push((process, parent, action));
        }
    }
    for at in (1..events.len()).rev() {
        events.swap(at, dice.below(at + 1));
    }
    events
}

/// The rows of [`MemorySource::tree`] as a publisher sends them, in batches of `rows`.
pub(crate) fn event_batches(processes: usize, seed: u64, rows: usize) -> Vec<EventBatch> {
    let events = shuffled_events(processes, seed);
    events.chunks(rows).enumerate().map(|(at, chunk)| event_batch(at * rows, chunk)).collect()
}

fn guid(process: usize) -> u128 {
    process_guid(HOST, (process as u64 + 1) << 20, u32::try_from(process).unwrap() + 100)
}

/// Time of the row with that `seq`.
fn time_of(number: i64) -> i64 {
    (START + number / 8) * 1_000_000_000 + number * 1_000
}

fn event_batch(first: usize, events: &[Event]) -> EventBatch {
    let mut builder = Builder::default();
    for (at, (process, parent, action)) in events.iter().enumerate() {
        let number = i64::try_from(first + at).unwrap() + 1;
        let path = ["/bin/sh", "/usr/bin/Env", "/opt/üx/100%_a"][process % 3];
        let cmdline = format!("{path} -c task-{process}");
        let exit = (*action == "PROC_TERMINATE").then_some(0);
        builder.push(&Row {
            action,
            pid: i64::try_from(*process).unwrap() + 100,
            process_guid: guid(*process),
            path: (process % 5 != 4).then_some(path),
            cmdline: Some(&cmdline),
            parent_pid: i64::try_from(*parent).unwrap() + 100,
            parent_process_guid: guid(*parent),
            time: time_of(number),
            comm: ["sh", "7", "07"][process % 3],
            cmdline_size: Some(i64::try_from(cmdline.len()).unwrap()),
            cmdline_truncated: Some(0),
            cwd: (process % 2 == 0).then_some("/"),
            tid: 1,
            uid: i64::try_from(process % 4).unwrap() * 1_000,
            auid: (process % 3 == 0).then_some(1_000),
            sid: 1,
            cap_effective: "0000000000000000",
            ns_pid: 1,
            cgroup_id: 1,
            start_time: START,
            exit_code: exit,
            ..Row::default()
        });
    }
    builder.finish()
}

/// As the store would hold it.
fn batch_of(first: usize, events: &[Event]) -> RecordBatch {
    let (mut seq, mut eid) = (BigIntBuilder::default(), UuidBuilder::default());
    for at in 0..events.len() {
        let number = i64::try_from(first + at).unwrap() + 1;
        let id = event_id(HOST, TABLE.id, time_of(number), u64::try_from(number).unwrap());
        seq.push(Some(number));
        eid.push(Some(id));
    }
    let mut batch = event_batch(first, events);
    assert!(batch.set_column(SEQ, seq.finish()) && batch.set_column(EID, eid.finish()));
    RecordBatch::try_new(TABLE.stored_schema(), batch.into_stored_columns()).unwrap()
}

/// Just the stored columns that `spec` asks for: whoever reads others must have asked.
fn projected(spec: &ScanSpec, batch: &RecordBatch) -> RecordBatch {
    let mut names: Vec<&str> = Vec::new();
    for position in &spec.columns {
        let column = &spec.table().columns[*position];
        let name = match column.storage {
            Storage::Virtual(_) => TABLE.columns[linux::TIME].name,
            _ => column.name,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let at: Vec<usize> = names.iter().map(|n| batch.schema_ref().index_of(n).unwrap()).collect();
    batch.project(&at).unwrap()
}

impl Source for MemorySource {
    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![&TABLE, &STATUS]
    }

    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError> {
        let mut scans = self.scans.lock().unwrap();
        let names = spec.columns.iter().map(|at| spec.table().columns[*at].name);
        scans.push(Scan {
            table: spec.table().name,
            columns: names.collect(),
            terms: spec.predicate.terms().count(),
        });
        if scans.len() as u64 > self.fails_from.load(Ordering::Relaxed) {
            return Err(SourceError("disk on fire".to_owned()));
        }
        if spec.table().name == STATUS.name {
            return Ok(Box::new(std::iter::once(Ok(status()))));
        }
        let spec = spec.clone();
        let batches: Vec<_> = self
            .batches
            .iter()
            .map(|batch| {
                let passing = filter_record_batch(batch, &spec.predicate.evaluate(batch)).unwrap();
                Ok(projected(&spec, &passing))
            })
            .collect();
        Ok(Box::new(batches.into_iter()))
    }
}

/// Two rows, most columns absent.
fn status() -> RecordBatch {
    let mut pid = BigIntBuilder::default();
    pid.push(Some(1));
    pid.push(Some(2));
    let column: ArrayRef = pid.finish();
    RecordBatch::try_new(STATUS.schema_of([STATUS.column("pid").unwrap()]), vec![column]).unwrap()
}

/// The same rows in an ordinary table of plain SQLite.
pub(crate) fn plain_copy(source: &dyn Source) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let sql = crate::vtab::declaration(&TABLE)
        .replace("CREATE TABLE x(", "CREATE TABLE linux_process_events(")
        .replace(" HIDDEN", "");
    connection.execute_batch(&sql).unwrap();
    connection.execute_batch("CREATE TABLE evtables_status(pid BIGINT)").unwrap();
    connection.execute_batch("INSERT INTO evtables_status VALUES (1), (2)").unwrap();
    let marks = vec!["?"; TABLE.columns.len()].join(",");
    let mut insert =
        connection.prepare(&format!("INSERT INTO linux_process_events VALUES ({marks})")).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for batch in source.scan(&ScanSpec::all(&TABLE)).unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let values = TABLE.columns.iter().map(|column| {
                let mut scratch = String::new();
                use evtables_schema::Cell;
                use rusqlite::types::Value;
                match CellReader::new(&TABLE, column, &batch).cell(row, &mut scratch) {
                    Cell::Null => Value::Null,
                    Cell::Int(number) => Value::Integer(number),
                    Cell::Real(number) => Value::Real(number),
                    Cell::Text(text) => Value::Text(text.to_owned()),
                }
            });
            insert.execute(rusqlite::params_from_iter(values)).unwrap();
        }
    }
    connection.execute_batch("COMMIT").unwrap();
    drop(insert);
    connection
}
