// SPDX-License-Identifier: Apache-2.0
//! The event store.

use crate::events::{Event, HOST};
use crate::measure::{Clock, Question, Report, Wanted};
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, StringArray};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_schema::columns::{BigIntBuilder, DictBuilder, IntBuilder, TimeBuilder, UuidBuilder};
use evtables_schema::ids::uuid_text;
use evtables_schema::spec::From as Filler;
use evtables_schema::{
    Class, ColumnId, ColumnSpec, EventBatch, Platform, SqlType, Storage, TableId, TableSpec,
};
use evtables_store::{Options, Retention, ScanRequest, Store, StoreReader};
use std::collections::HashMap;
use std::path::Path;

const fn column(
    id: u16,
    name: &'static str,
    storage: Storage,
    from: Filler,
    index: bool,
) -> ColumnSpec {
    ColumnSpec {
        id: ColumnId(id),
        name,
        sql_type: SqlType::Text,
        storage,
        from,
        null: true,
        fill: "",
        hidden: false,
        index,
        additional: false,
        ocsf: "",
        sigma: "",
        sysmon: "",
        description: "",
        values: &[],
    }
}

const DECODE: Filler = Filler::Decode;

/// The 17 columns.
pub static TABLE: TableSpec = TableSpec {
    id: TableId(62),
    kind: "bench_events",
    name: "bench_events",
    class: Class::Event,
    platform: Platform::Any,
    required: None,
    key: None,
    summary: "",
    example: "",
    columns: &[
        column(1, "action", Storage::Dict, DECODE, true),
        column(2, "eid", Storage::Uuid, Filler::Store, true),
        column(3, "pid", Storage::Int64, DECODE, true),
        column(4, "process_guid", Storage::Uuid, DECODE, true),
        column(5, "path", Storage::Dict, DECODE, true),
        column(6, "cmdline", Storage::Dict, DECODE, true),
        column(7, "parent_pid", Storage::Int64, DECODE, true),
        column(8, "parent_process_guid", Storage::Uuid, DECODE, true),
        column(9, "parent_path", Storage::Dict, DECODE, true),
        column(10, "owner_uid", Storage::Dict, DECODE, true),
        column(11, "time", Storage::Time, DECODE, false),
        column(12, "uid", Storage::Int64, DECODE, true),
        column(13, "cwd", Storage::Dict, DECODE, true),
        column(14, "sha256", Storage::Dict, DECODE, true),
        column(15, "exit_code", Storage::Int32, DECODE, true),
        column(16, "cgroup_path", Storage::Dict, DECODE, true),
        column(17, "seq", Storage::Int64, Filler::Store, true),
    ],
};

const COLUMNS: usize = TABLE.columns.len();
const PATH: usize = 4;
const CMDLINE: usize = 5;
const TIME: usize = 10;
const SHA256: usize = 13;
const GUID: usize = 3;

/// What a publisher fills, event by event.
#[derive(Default)]
struct Builder {
    texts: [DictBuilder; 8],
    ids: [UuidBuilder; 2],
    numbers: [BigIntBuilder; 3],
    time: TimeBuilder,
    exit_code: IntBuilder,
}

impl Builder {
    fn push(&mut self, event: &Event) {
        let texts = [
            event.action,
            &event.path,
            &event.cmdline,
            &event.parent_path,
            event.owner_uid,
            event.cwd,
            &event.sha256,
            &event.cgroup_path,
        ];
        self.texts.iter_mut().zip(texts).for_each(|(builder, text)| builder.push(Some(text)));
        let ids = [event.process_guid, event.parent_process_guid];
        self.ids.iter_mut().zip(ids).for_each(|(builder, id)| builder.push(Some(id)));
        let numbers = [event.pid, event.parent_pid, event.uid];
        self.numbers.iter_mut().zip(numbers).for_each(|(builder, n)| builder.push(Some(n)));
        self.time.push(Some(event.time));
        self.exit_code.push(event.exit_code);
    }

    fn finish(&mut self, rows: usize) -> EventBatch {
        let [action, path, cmdline, parent_path, owner, cwd, sha256, cgroup] = &mut self.texts;
        let [guid, parent_guid] = &mut self.ids;
        let [pid, parent_pid, uid] = &mut self.numbers;
        let columns = vec![
            Some(action.finish()),
            None,
            Some(pid.finish()),
            Some(guid.finish()),
            Some(path.finish()),
            Some(cmdline.finish()),
            Some(parent_pid.finish()),
            Some(parent_guid.finish()),
            Some(parent_path.finish()),
            Some(owner.finish()),
            Some(self.time.finish()),
            Some(uid.finish()),
            Some(cwd.finish()),
            Some(sha256.finish()),
            Some(self.exit_code.finish()),
            Some(cgroup.finish()),
            None,
        ];
        EventBatch::new(&TABLE, rows, columns).expect("the columns are the table's")
    }
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX))
}

/// Writes all events, measures, asks.
pub fn run(dir: &Path, events: impl Iterator<Item = Vec<Event>>, wanted: &Wanted) -> Report {
    let mut report = Report::new("evtables");
    let mut store = Store::open_with(dir, Options::new(HOST), now(), &[&TABLE]).expect("a store");
    let mut builder = Builder::default();
    let (mut build, mut append, mut tick) = (0.0, 0.0, 0.0);
    let mut rows = 0;
    for batch in events {
        let clock = Clock::start();
        batch.iter().for_each(|event| builder.push(event));
        let built = builder.finish(batch.len());
        build += clock.cpu();
        let clock = Clock::start();
        store.append(built).expect("rows are stored");
        append += clock.cpu();
        let clock = Clock::start();
        store.tick(now()).expect("the store is kept");
        tick += clock.cpu();
        rows += batch.len();
    }
    let clock = Clock::start();
    store.seal(now()).expect("the tail is sealed");
    tick += clock.cpu();
    report.written(rows, build + append + tick, dir);
    report.note(format!(
        "of it build {:.3}, log {:.3}, sync and seal {:.3} µs/event",
        build * 1e6 / rows as f64,
        append * 1e6 / rows as f64,
        tick * 1e6 / rows as f64
    ));
    let segments = store.reader().snapshot().expect("a snapshot").tables(now());
    let before = segments.first().map_or(0, |table| table.segments);
    let clock = Clock::start();
    store.compact(now()).expect("segments are compacted");
    let segments = store.reader().snapshot().expect("a snapshot").tables(now());
    let after = segments.first().map_or(0, |table| table.segments);
    report.note(format!(
        "compaction {:.3} µs/event, {before} segments to {after}; {:.1} B/event, peak {:.1} MiB then",
        clock.cpu() * 1e6 / rows as f64,
        crate::measure::bytes_of(dir) as f64 / rows as f64,
        crate::measure::peak_mib(),
    ));
    let reader = store.reader();
    for question in Question::ALL {
        report.ask(question, || answer(&mut store, &reader, question, wanted));
    }
    report
}

fn answer(store: &mut Store, reader: &StoreReader, question: Question, wanted: &Wanted) -> u64 {
    let everything = (0..COLUMNS).collect::<Vec<_>>();
    let equal =
        |column, text: &str| Term { column, test: Test::In(vec![Value::Text(text.to_owned())]) };
    let seconds = |ns: i64| Value::Int(ns / 1_000_000_000);
    match question {
        Question::Last10 => {
            let since = Term { column: TIME, test: Test::Ge(seconds(wanted.last - 9_999_999_999)) };
            count(reader, everything, vec![since])
        }
        Question::Hash => {
            count(reader, vec![2, PATH, CMDLINE, TIME], vec![equal(SHA256, &wanted.sha256)])
        }
        Question::Guid => count(reader, everything, vec![equal(GUID, &uuid_text(wanted.guid))]),
        Question::Like => {
            let like = Term { column: CMDLINE, test: Test::Like(wanted.like.clone()) };
            count(reader, vec![2, CMDLINE, TIME], vec![like])
        }
        Question::Group => groups(reader),
        Question::Full => count(reader, everything, vec![]),
        Question::Expire => {
            let retention =
                Retention { rows_per_table: Some(wanted.rows / 2), ..Retention::default() };
            store.set_retention(retention).expect("the retention is kept");
            store.tick(now()).expect("rows expire");
            count(reader, vec![], vec![])
        }
    }
}

fn scan(reader: &StoreReader, columns: Vec<usize>, terms: Vec<Term>) -> evtables_store::Scan {
    let predicate = Predicate::new(&TABLE, terms);
    assert!(predicate.ignored().is_empty());
    let request = ScanRequest { table: &TABLE, columns, predicate, seq_range: None, now_ns: now() };
    reader.snapshot().expect("a snapshot").scan(request)
}

fn count(reader: &StoreReader, columns: Vec<usize>, terms: Vec<Term>) -> u64 {
    scan(reader, columns, terms).map(|batch| batch.expect("a batch").num_rows() as u64).sum()
}

/// `SELECT path, count(*) … GROUP BY path`: how many groups.
fn groups(reader: &StoreReader) -> u64 {
    let mut groups: HashMap<String, u64> = HashMap::new();
    for batch in scan(reader, vec![PATH], vec![]) {
        let batch = batch.expect("a batch");
        let paths: &DictionaryArray<Int32Type> =
            batch.column(0).as_any().downcast_ref().expect("a dictionary");
        let texts: &StringArray = paths.values().as_any().downcast_ref().expect("texts");
        let mut counts = vec![0_u64; texts.len()];
        paths.keys().iter().flatten().for_each(|key| counts[key as usize] += 1);
        for (text, count) in texts.iter().zip(counts).filter(|(_, count)| *count > 0) {
            *groups.entry(text.unwrap_or("").to_owned()).or_default() += count;
        }
    }
    groups.len() as u64
}
