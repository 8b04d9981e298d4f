// SPDX-License-Identifier: Apache-2.0
//! The store as its users see it: rows in, rows out, through kills, seals, expiry and second readers.

use crate::sample::*;
use crate::*;
use arrow_array::Array;
use evtables_filter::{Predicate, Term, Test, Value};
use std::fs;
use std::path::{Path, PathBuf};

fn file_names(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(file_names(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    file_names(&dir.join("events"))
}

fn logs(dir: &Path) -> Vec<PathBuf> {
    file_names(&dir.join("log"))
}

fn count_to(last: i64) -> Vec<i64> {
    (1..=last).collect()
}

fn keep_rows(rows: u64) -> Options {
    let retention = Retention { rows_per_table: Some(rows), ..Retention::default() };
    Options { retention, ..options() }
}

fn keep_seconds(seconds: u64) -> Options {
    let retention = Retention { seconds: Some(seconds), ..Retention::default() };
    Options { retention, ..options() }
}

#[test]
fn rows_come_back_from_tail_log_and_segments() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    assert_eq!(store.append(rows(1, 300, MIDNIGHT)).unwrap(), (1, 300));
    assert_eq!(store.append(rows(301, 5, MIDNIGHT)).unwrap(), (301, 305));
    let (inside, outside) = (store.reader(), reader(dir.path()));
    let check = |kind: &str| {
        for reader in [&inside, &outside] {
            let batches = scan(&reader.snapshot().unwrap(), all());
            assert_whole(&batches);
            assert_eq!(ints(&batches, "seq"), count_to(305), "{kind}");
        }
    };
    check("tail");
    assert_eq!(store.seal(MIDNIGHT).unwrap(), 1);
    check("segment");
    assert_eq!(segments(dir.path()).len(), 1);
    assert!(segments(dir.path())[0].ends_with(
        "table=sample_events/date=2026-11-24/0000000000000001-0000000000000305.parquet"
    ));
    assert_eq!(logs(dir.path()).len(), 1);
    store.close().unwrap();
    let store = open(dir.path(), options());
    assert_eq!(store.recovery(), &Recovery::default());
    assert_eq!(seqs(&store.reader()), count_to(305));
}

#[test]
fn reopened_after_close_with_a_tail() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    let eids = |reader: &StoreReader| {
        let batches = scan(&reader.snapshot().unwrap(), all());
        batches[0].column_by_name("eid").unwrap().clone()
    };
    let before = eids(&store.reader());
    store.close().unwrap();
    let mut store = open(dir.path(), options());
    assert_eq!(store.recovery().rows, 10);
    assert_eq!(eids(&store.reader()).to_data(), before.to_data());
    let id = before.as_any().downcast_ref::<arrow_array::FixedSizeBinaryArray>().unwrap();
    let id = evtables_schema::cells::uuid_value(id, 9).unwrap();
    let expected = evtables_schema::ids::event_id(HOST, SAMPLE.id, MIDNIGHT + 9 * SECOND, 10);
    assert_eq!(id, expected);
    assert_eq!(store.append(rows(11, 1, MIDNIGHT)).unwrap(), (11, 11));
}

#[test]
fn second_writer_is_refused_and_told_the_pid() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), options());
    let error = try_open(dir.path(), options()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Locked);
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    drop(store);
    open(dir.path(), options());
}

#[test]
fn newer_format_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path(), options()).close().unwrap();
    fs::write(dir.path().join("format"), "2\n").unwrap();
    assert_eq!(try_open(dir.path(), options()).unwrap_err().kind, ErrorKind::Version);
    let error = StoreReader::open(dir.path()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Version);
}

#[test]
fn reader_of_no_store_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(StoreReader::open(dir.path()).unwrap_err().kind, ErrorKind::Io);
}

#[test]
fn rows_that_cannot_be_stored_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let no_time = evtables_schema::EventBatch::new(&SAMPLE, 2, vec![None; 10]).unwrap();
    assert_eq!(store.append(no_time).unwrap_err().kind, ErrorKind::Invalid);
    assert_eq!(store.append(rows(1, 0, 0)).unwrap_err().kind, ErrorKind::Invalid);
    assert_eq!(store.append(rows(1, 1, MIDNIGHT)).unwrap(), (1, 1));
}

#[test]
fn torn_at_every_byte_of_the_last_block() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 3, MIDNIGHT)).unwrap();
    let log = logs(dir.path()).remove(0);
    let first = fs::read(&log).unwrap().len();
    store.append(rows(4, 2, MIDNIGHT)).unwrap();
    drop(store);
    let whole = fs::read(&log).unwrap();
    for length in 0..whole.len() {
        fs::write(&log, &whole[..length]).unwrap();
        let mut store = open(dir.path(), options());
        let kept = if length < first { 0 } else { 3 };
        assert_eq!(seqs(&store.reader()), count_to(kept), "cut at {length}");
        let kept_bytes = if length < 16 {
            0
        } else if length < first {
            16
        } else {
            first
        };
        assert_eq!(store.recovery().torn_bytes, (length - kept_bytes) as u64);
        store.append(rows(kept + 1, 1, MIDNIGHT)).unwrap();
        drop(store);
        let store = open(dir.path(), options());
        assert_eq!(seqs(&store.reader()), count_to(kept + 1), "after cut at {length}");
    }
}

#[test]
fn flipped_bytes_of_a_block_end_the_log_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 3, MIDNIGHT)).unwrap();
    let log = logs(dir.path()).remove(0);
    let first = fs::read(&log).unwrap().len();
    store.append(rows(4, 2, MIDNIGHT)).unwrap();
    drop(store);
    let whole = fs::read(&log).unwrap();
    for at in first..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        fs::write(&log, &bytes).unwrap();
        assert_eq!(seqs(&open(dir.path(), options()).reader()), count_to(3), "flipped {at}");
    }
}

#[test]
fn killed_between_segment_and_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 100, MIDNIGHT)).unwrap();
    assert_eq!(store.write_tail().unwrap().len(), 1);
    assert_eq!(segments(dir.path()).len(), 1);
    fs::write(segments(dir.path())[0].with_extension("parquet.tmp"), "half").unwrap();
    drop(store);
    let mut store = open(dir.path(), options());
    assert_eq!(store.recovery().files_removed, 2);
    assert_eq!(segments(dir.path()).len(), 0);
    assert_eq!(seqs(&store.reader()), count_to(100));
    store.seal(MIDNIGHT).unwrap();
    assert_eq!(seqs(&store.reader()), count_to(100));
}

#[test]
fn killed_between_manifest_and_new_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 100, MIDNIGHT)).unwrap();
    let log = logs(dir.path()).remove(0);
    let bytes = fs::read(&log).unwrap();
    store.seal(MIDNIGHT).unwrap();
    let newer = logs(dir.path()).remove(0);
    drop(store);
    // Before the new log was made: blocks of sealed rows are skipped.
    fs::remove_file(&newer).unwrap();
    fs::write(&log, &bytes).unwrap();
    let mut store = open(dir.path(), options());
    assert_eq!(store.recovery().rows, 0);
    assert_eq!(seqs(&store.reader()), count_to(100));
    assert_eq!(seqs(&reader(dir.path())), count_to(100));
    store.append(rows(101, 1, MIDNIGHT)).unwrap();
    drop(store);
    // After it was made and before the old one was removed.
    let appended = fs::read(&log).unwrap();
    fs::write(&newer, &bytes[..16]).unwrap();
    let mut store = open(dir.path(), options());
    assert_eq!(fs::read(&log).unwrap(), appended, "it holds a row that is not sealed");
    assert_eq!(seqs(&store.reader()), count_to(101));
    store.seal(MIDNIGHT).unwrap();
    assert_eq!(logs(dir.path()).len(), 1);
    drop(store);
    assert_eq!(seqs(&open(dir.path(), options()).reader()), count_to(101));
}

#[test]
fn killed_between_expire_record_and_unlink() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), keep_rows(10));
    store.append(rows(1, 20, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    let file = segments(dir.path()).remove(0);
    let bytes = fs::read(&file).unwrap();
    store.append(rows(21, 10, MIDNIGHT)).unwrap();
    store.tick(MIDNIGHT + 20 * SECOND).unwrap();
    assert!(!file.exists());
    drop(store);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, bytes).unwrap();
    let store = open(dir.path(), keep_rows(10));
    assert!(!file.exists());
    assert_eq!(seqs(&store.reader()), (21..=30).collect::<Vec<_>>());
    assert_eq!(store.expired()["sample_events"], 20);
}

#[test]
fn seq_is_never_reused_when_everything_expired() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), keep_seconds(60));
    store.append(rows(1, 20, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.tick(MIDNIGHT + DAY).unwrap();
    assert_eq!(segments(dir.path()).len(), 0);
    store.close().unwrap();
    let mut store = open(dir.path(), keep_seconds(60));
    assert_eq!(store.append(rows(21, 1, MIDNIGHT)).unwrap(), (21, 21));
    assert_eq!(store.reader().snapshot().unwrap().last_seq(&SAMPLE), 21);
}

#[test]
fn lost_manifest_does_not_remove_segments() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 20, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.close().unwrap();
    fs::remove_file(dir.path().join("manifest.jsonl")).unwrap();
    assert_eq!(try_open(dir.path(), options()).unwrap_err().kind, ErrorKind::Corrupt);
    assert_eq!(segments(dir.path()).len(), 1);
}

#[test]
fn second_reader_follows_a_live_writer_across_seals() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let outside = reader(dir.path());
    let mut next = 1;
    for round in 0..30 {
        store.append(rows(next, 7, MIDNIGHT)).unwrap();
        next += 7;
        if round % 4 == 3 {
            store.seal(MIDNIGHT).unwrap();
        }
        if round % 3 == 0 {
            assert_eq!(seqs(&outside), count_to(next - 1), "round {round}");
        }
        assert_eq!(seqs(&reader(dir.path())), count_to(next - 1), "round {round}");
    }
    let old = outside.snapshot().unwrap();
    store.append(rows(next, 7, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    assert_eq!(ints(&scan(&old, request(&[SEQ])), "seq"), count_to(next - 1), "a snapshot stays");
}

#[test]
fn concurrent_reader_always_sees_a_prefix_without_holes() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let path = dir.path().to_owned();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let flag = stop.clone();
    let thread = std::thread::spawn(move || {
        let outside = reader(&path);
        let (mut last, mut reads) = (0, 0);
        while !flag.load(std::sync::atomic::Ordering::SeqCst) || reads == 0 {
            match outside.snapshot() {
                Ok(snapshot) => {
                    let found = ints(&scan(&snapshot, request(&[SEQ])), "seq");
                    assert_eq!(found, count_to(i64::try_from(found.len()).unwrap()));
                    assert!(found.len() >= last, "{} rows after {last}", found.len());
                    (last, reads) = (found.len(), reads + 1);
                }
                Err(error) => assert_eq!(error.kind, ErrorKind::Busy),
            }
        }
        outside
    });
    for round in 0..150 {
        store.append(rows(round * 3 + 1, 3, MIDNIGHT)).unwrap();
        if round % 5 == 4 {
            store.seal(MIDNIGHT).unwrap();
        }
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(seqs(&thread.join().unwrap()), count_to(450));
}

#[test]
fn count_is_kept_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), keep_rows(25));
    for first in [1, 11, 21] {
        store.append(rows(first, 10, MIDNIGHT)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    store.append(rows(31, 4, MIDNIGHT)).unwrap();
    for reader in [store.reader(), reader(dir.path())] {
        assert_eq!(seqs(&reader), (10..=34).collect::<Vec<_>>());
        let summary = reader.snapshot().unwrap().tables(MIDNIGHT).remove(0);
        assert_eq!((summary.rows, summary.segments, summary.last_seq), (25, 3, 34));
    }
    store.tick(MIDNIGHT).unwrap();
    assert_eq!(segments(dir.path()).len(), 3, "row 10 is in the first");
    store.append(rows(35, 1, MIDNIGHT)).unwrap();
    store.tick(MIDNIGHT + 10 * SECOND).unwrap();
    assert_eq!(segments(dir.path()).len(), 2);
    assert_eq!(store.expired()["sample_events"], 10);
    assert_eq!(seqs(&store.reader()), (11..=35).collect::<Vec<_>>());
}

#[test]
fn age_is_kept_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), keep_seconds(15));
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.append(rows(11, 10, MIDNIGHT + 10 * SECOND)).unwrap();
    let at = |now_ns| {
        let snapshot = store.reader().snapshot().unwrap();
        let found = scan(&snapshot, ScanRequest { now_ns, ..request(&[SEQ]) });
        ints(&found, "seq")
    };
    assert_eq!(at(MIDNIGHT + 15 * SECOND), count_to(20));
    assert_eq!(at(MIDNIGHT + 15 * SECOND + 1), (2..=20).collect::<Vec<_>>());
    assert_eq!(at(MIDNIGHT + 30 * SECOND), (16..=20).collect::<Vec<_>>());
    assert!(at(MIDNIGHT + 60 * SECOND).is_empty());
    store.tick(MIDNIGHT + 24 * SECOND).unwrap();
    assert_eq!(segments(dir.path()).len(), 1, "row 10 is as old as allowed");
    store.tick(MIDNIGHT + 34 * SECOND).unwrap();
    assert_eq!(segments(dir.path()).len(), 0);
}

#[test]
fn byte_budget_removes_the_oldest() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in [1, 101, 201] {
        store.append(rows(first, 100, MIDNIGHT + first * SECOND)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    let size = |file: &PathBuf| fs::metadata(file).unwrap().len();
    // The record of the new retention takes 250 bytes at most, a third segment much more.
    let bytes = Some(file_names(dir.path()).iter().map(size).sum::<u64>() - 1_000);
    store.set_retention(Retention { bytes, ..Retention::default() }).unwrap();
    store.tick(MIDNIGHT).unwrap();
    assert_eq!(seqs(&store.reader()), (101..=300).collect::<Vec<_>>());
    assert_eq!(seqs(&reader(dir.path())), (101..=300).collect::<Vec<_>>());
}

#[test]
fn a_table_may_have_bounds_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = keep_rows(5);
    let own = TableRetention { seconds: None, rows: Some(8) };
    options.retention.tables.insert("sample_events".to_owned(), own);
    let mut store = open(dir.path(), options);
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    assert_eq!(seqs(&reader(dir.path())), (3..=10).collect::<Vec<_>>());
}

#[test]
fn seal_is_due_by_rows_bytes_and_age() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), Options { seal_rows: 50, ..options() });
    store.append(rows(1, 49, MIDNIGHT)).unwrap();
    store.tick(MIDNIGHT).unwrap();
    assert_eq!(segments(dir.path()).len(), 0);
    store.append(rows(50, 1, MIDNIGHT)).unwrap();
    store.tick(MIDNIGHT).unwrap();
    assert_eq!(segments(dir.path()).len(), 1);
    store.append(rows(51, 1, MIDNIGHT)).unwrap();
    store.tick(MIDNIGHT + SECOND).unwrap();
    store.tick(MIDNIGHT + 899 * SECOND).unwrap();
    assert_eq!(segments(dir.path()).len(), 1);
    store.tick(MIDNIGHT + 901 * SECOND).unwrap();
    assert_eq!(segments(dir.path()).len(), 2);
    store.close().unwrap();
    let mut store = open(dir.path(), Options { seal_bytes: 1, ..options() });
    store.append(rows(52, 1, MIDNIGHT)).unwrap();
    store.tick(MIDNIGHT).unwrap();
    assert_eq!(segments(dir.path()).len(), 3);
    assert_eq!(seqs(&store.reader()), count_to(52));
}

#[test]
fn days_make_segments_and_late_rows_stay_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let times = [-2, -1, 0, 1, -1, 2, 86_400, 3].map(|second| MIDNIGHT + second * SECOND);
    store.append(rows_at(1, &times)).unwrap();
    assert_eq!(store.seal(MIDNIGHT).unwrap(), 3);
    let folders: Vec<String> = segments(dir.path())
        .iter()
        .map(|file| file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(folders, ["date=2026-11-23", "date=2026-11-24", "date=2026-11-25"]);
    let batches = scan(&store.reader().snapshot().unwrap(), all());
    assert_whole(&batches);
    assert_eq!(ints(&batches, "seq"), count_to(8));
}

#[test]
fn projection_gives_what_was_asked_and_what_the_predicate_needs() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 100, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.append(rows(101, 100, MIDNIGHT)).unwrap();
    let even = Term { column: ACTION, test: Test::In(vec![Value::Text("even".to_owned())]) };
    let wanted = ScanRequest {
        predicate: Predicate::new(&SAMPLE, vec![even]),
        ..request(&[UTC_TIME, NOTE])
    };
    let snapshot = store.reader().snapshot().unwrap();
    let mut running = snapshot.scan(wanted.clone());
    let batches: Vec<_> = running.by_ref().map(|batch| batch.unwrap()).collect();
    let names: Vec<_> =
        running.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["action", "time", "note"]);
    let notes: Vec<_> =
        batches.iter().flat_map(|b| texts(b.column_by_name("note").unwrap())).collect();
    let expected: Vec<_> = (1..=200)
        .filter(|pid| pid % 2 == 0)
        .map(|pid| (pid % 5 != 0).then(|| format!("note ünï {pid}")))
        .collect();
    assert_eq!(notes, expected);
    let stats = running.stats();
    assert_eq!((stats.rows_read, stats.rows_returned, stats.segments), (200, 100, 1));
    let nothing = snapshot.scan(request(&[])).map(|batch| batch.unwrap().num_rows());
    assert_eq!(nothing.sum::<usize>(), 200, "rows without columns can be counted");
}

#[test]
fn windows_over_seq_and_time_skip_segments() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in [1, 101, 201] {
        store.append(rows(first, 100, MIDNIGHT + first * SECOND)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    store.append(rows(301, 100, MIDNIGHT + 301 * SECOND)).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let mut window =
        snapshot.scan(ScanRequest { seq_range: Some((150, 310)), ..request(&[SEQ, PID]) });
    let batches: Vec<_> = window.by_ref().map(|batch| batch.unwrap()).collect();
    assert_eq!(ints(&batches, "pid"), (151..=310).collect::<Vec<_>>());
    assert_eq!(window.stats().segments_skipped, 1);
    let seconds = MIDNIGHT / SECOND;
    let in_time = Term {
        column: TIME,
        test: Test::In(vec![Value::Int(seconds + 150), Value::Int(seconds + 151)]),
    };
    let mut by_time = snapshot
        .scan(ScanRequest { predicate: Predicate::new(&SAMPLE, vec![in_time]), ..request(&[SEQ]) });
    let batches: Vec<_> = by_time.by_ref().map(|batch| batch.unwrap()).collect();
    assert_eq!(ints(&batches, "seq"), [150, 151]);
}

#[test]
fn batches_have_8192_rows_at_most() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 20_000, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.append(rows(20_001, 20_000, MIDNIGHT)).unwrap();
    let batches = scan(&store.reader().snapshot().unwrap(), all());
    assert!(batches.iter().all(|batch| batch.num_rows() <= 8192));
    assert_whole(&batches);
    assert_eq!(ints(&batches, "seq"), count_to(40_000));
}

#[test]
fn damaged_segment_is_left_out_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in [1, 101, 201] {
        store.append(rows(first, 100, MIDNIGHT)).unwrap();
        store.seal(MIDNIGHT).unwrap();
    }
    let file = &segments(dir.path())[1];
    let whole = fs::read(file).unwrap();
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        fs::write(file, bytes).unwrap();
        let snapshot = reader(dir.path()).snapshot().unwrap();
        let found: Vec<_> = snapshot.scan(all()).map(|batch| batch.unwrap()).collect();
        let seqs = ints(&found, "seq");
        assert!(
            seqs.starts_with(&count_to(100)) && seqs.ends_with(&(201..=300).collect::<Vec<_>>())
        );
    }
    fs::write(file, &whole[..whole.len() / 2]).unwrap();
    let snapshot = reader(dir.path()).snapshot().unwrap();
    let mut running = snapshot.scan(request(&[SEQ]));
    assert_eq!(running.by_ref().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 200);
    assert_eq!(running.stats().segments_corrupt, 1);
    fs::remove_file(file).unwrap();
    let mut running = snapshot.scan(request(&[SEQ]));
    assert_eq!(running.by_ref().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 200);
    assert_eq!(running.stats().segments_gone, 1);
}

#[test]
fn columns_that_came_later_are_null_in_old_segments() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.append(rows(11, 10, MIDNIGHT)).unwrap();
    store.close().unwrap();
    let store = Store::open_with(dir.path(), options(), MIDNIGHT, &[&LATER]).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let everything = ScanRequest {
        table: &LATER,
        columns: (0..LATER.columns.len()).collect(),
        predicate: Predicate::all(&LATER),
        seq_range: None,
        now_ns: MIDNIGHT,
    };
    let batches = scan(&snapshot, everything);
    assert_eq!(ints(&batches, "pid"), count_to(20));
    for batch in &batches {
        assert_eq!(batch.column_by_name("extra").unwrap().null_count(), batch.num_rows());
        assert!(batch.column_by_name("code").is_none());
    }
}

#[test]
fn ids_are_parquet_uuids_and_texts_plain_strings() {
    use parquet::basic::LogicalType;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    let file = fs::File::open(&segments(dir.path())[0]).unwrap();
    let file = SerializedFileReader::new(file).unwrap();
    let schema = file.metadata().file_metadata().schema_descr();
    let logical = |name: &str| {
        let column = schema.columns().iter().find(|column| column.name() == name).unwrap();
        column.logical_type_ref().cloned()
    };
    assert_eq!(logical("eid"), Some(LogicalType::Uuid));
    assert_eq!(logical("guid"), Some(LogicalType::Uuid));
    assert_eq!(logical("action"), Some(LogicalType::String));
    let row_group = file.metadata().row_group(0);
    let filtered: Vec<&str> = row_group
        .columns()
        .iter()
        .filter(|column| column.bloom_filter_offset().is_some())
        .map(|column| column.column_descr().name())
        .collect();
    assert_eq!(filtered, ["action", "guid", "note"], "texts and ids, not integers nor event ids");
}

#[test]
fn small_batches_are_joined_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in 0..500 {
        store.append(rows(first * 5 + 1, 5, MIDNIGHT)).unwrap();
    }
    let batches = scan(&store.reader().snapshot().unwrap(), all());
    assert!(batches.len() < 20, "{}", batches.len());
    assert_whole(&batches);
    assert_eq!(ints(&batches, "seq"), count_to(2500));
}

#[test]
fn bench_table_goes_through_the_public_face() {
    use evtables_schema::generated::process_events::linux;
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::new(HOST), MIDNIGHT).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let request = ScanRequest {
        table: &linux::TABLE,
        columns: vec![linux::PID, linux::UTC_TIME],
        predicate: Predicate::all(&linux::TABLE),
        seq_range: None,
        now_ns: MIDNIGHT,
    };
    assert_eq!(snapshot.scan(request).count(), 0);
}

#[test]
fn seal_that_fails_keeps_the_tail_and_comes_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), Options { seal_bytes: 30_000, ..options() });
    let obstacle = dir.path().join("events").join("table=sample_events");
    fs::write(&obstacle, "").unwrap();
    let mut next = 1;
    let error = loop {
        match store.append(rows(next, 100, MIDNIGHT)) {
            Ok(_) => next += 100,
            Err(error) => break error,
        }
        let _ = store.tick(MIDNIGHT);
    };
    assert_eq!(error.kind, ErrorKind::Full);
    assert_eq!(store.tick(MIDNIGHT + 2 * SECOND).unwrap_err().kind, ErrorKind::Io);
    assert_eq!(seqs(&store.reader()), count_to(next - 1));
    fs::remove_file(&obstacle).unwrap();
    store.tick(MIDNIGHT + 4 * SECOND).unwrap();
    store.append(rows(next, 100, MIDNIGHT)).unwrap();
    assert_eq!(seqs(&store.reader()), count_to(next + 99));
    assert_eq!(seqs(&reader(dir.path())), count_to(next + 99));
}

#[test]
fn huge_batches_are_split() {
    use arrow_array::types::Int32Type;
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let mut batch = rows(1, 40, MIDNIGHT);
    let texts: Vec<String> =
        (0..40).map(|i| char::from(b'a' + i % 26).to_string().repeat(1 << 20)).collect();
    let notes: arrow_array::DictionaryArray<Int32Type> =
        texts.iter().enumerate().map(|(i, t)| Some(&t[i..])).collect();
    assert!(batch.set_column(NOTE, std::sync::Arc::new(notes)));
    assert_eq!(store.append(batch).unwrap(), (1, 40));
    let batches = scan(&store.reader().snapshot().unwrap(), request(&[SEQ, NOTE]));
    assert!(batches.len() > 1);
    assert_eq!(ints(&batches, "seq"), count_to(40));
    drop(batches);
    drop(store);
    let store = open(dir.path(), options());
    assert_eq!(store.recovery().rows, 40);
}

#[test]
fn another_boot_leaves_a_gap_in_seq() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), keep_rows(15));
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    drop(store);
    let reboot = || Options { host: evtables_schema::HostBoot(7), ..keep_rows(15) };
    let mut store = open(dir.path(), reboot());
    let next = crate::seq::after_boot(11);
    assert_eq!(store.append(rows(1, 10, MIDNIGHT)).unwrap(), (next, next + 9));
    drop(store);
    let mut store = open(dir.path(), reboot());
    let next = i64::try_from(next).unwrap();
    let expected: Vec<i64> = (6..=10).chain(next..next + 10).collect();
    let check = |store: &Store| {
        assert_eq!(seqs(&store.reader()), expected);
        assert_eq!(seqs(&reader(dir.path())), expected);
    };
    check(&store);
    assert_eq!(store.seal(MIDNIGHT).unwrap(), 2, "a segment has no hole");
    check(&store);
    assert_eq!(logs(dir.path()).len(), 1);
}

/// Not a test of its own: the process that [`killed_by_the_system_at_any_moment`] kills.
#[test]
#[ignore = "run as a child process by another test"]
fn child_that_appends() {
    let Ok(dir) = std::env::var("EVTABLES_STORE_CHILD_DIR") else { return };
    let mut store = open(Path::new(&dir), keep_rows(500));
    let mut next = store.reader().snapshot().unwrap().last_seq(&SAMPLE) + 1;
    let mut now = MIDNIGHT;
    loop {
        let first = i64::try_from(next).unwrap();
        next = store.append(rows(first, 3, MIDNIGHT)).unwrap().1 + 1;
        now += SECOND;
        store.tick(now).unwrap();
        if next.is_multiple_of(10) {
            store.seal(now).unwrap();
        }
    }
}

#[test]
fn killed_by_the_system_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path(), keep_rows(500)).close().unwrap();
    let mut seen = 0;
    for round in 0..8 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::child_that_appends", "--ignored", "--quiet"])
            .env("EVTABLES_STORE_CHILD_DIR", dir.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let outside = reader(dir.path());
        let enough = seen + 100 + round * 7;
        while seen < enough {
            assert!(child.try_wait().unwrap().is_none(), "the child ended by itself");
            if let Ok(snapshot) = outside.snapshot() {
                seen = seen.max(snapshot.last_seq(&SAMPLE));
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(dir.path(), keep_rows(500));
        let snapshot = store.reader().snapshot().unwrap();
        assert!(snapshot.last_seq(&SAMPLE) >= seen, "what a reader saw is still there");
        let batches = scan(&snapshot, all());
        assert_whole(&batches);
        let (found, last) =
            (ints(&batches, "seq"), i64::try_from(snapshot.last_seq(&SAMPLE)).unwrap());
        assert_eq!(found, ((last - 499).max(1)..=last).collect::<Vec<_>>());
        seen = snapshot.last_seq(&SAMPLE);
        store.close().unwrap();
        assert_eq!(seqs(&reader(dir.path())), found);
    }
}
