// SPDX-License-Identifier: Apache-2.0
//! Writes rows of every event table into a data dir: `store_writer DIR ROWS` per table, or
//! `store_writer DIR endless`, which says after each batch which `seq` of all tables it reached, until
//! it is killed. `store_writer DIR ROWS TABLE`: of this table alone, a hundred a second up to now. For
//! the tests in `tests/store` and the bench.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_wrap)]

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array,
    TimestampNanosecondArray,
};
use evtables_schema::spec::From as Filler;
use evtables_schema::{ColumnSpec, EventBatch, HostBoot, Storage, TableSpec, event_tables};
use evtables_store::{Options, Store};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const BATCH: u64 = 500;

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_nanos()).unwrap()
}

/// A number that belongs to a row and a column, the same in every run.
fn mixed(row: u64, column: u64) -> u64 {
    let mut value = (row << 8 ^ column).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value ^= value >> 31;
    value.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 20
}

fn column(spec: &ColumnSpec, first: u64, (start, step): (i64, i64)) -> Option<ArrayRef> {
    if spec.from == Filler::Store {
        return None;
    }
    let id = u64::from(spec.id.0);
    let rows = first..first + BATCH;
    let value = |row: u64| {
        let missing = spec.null && mixed(row, id + 100).is_multiple_of(5);
        (!missing).then(|| mixed(row, id))
    };
    Some(match spec.storage {
        Storage::Dict => {
            let text = |row| value(row).map(|v| format!("{} {}", spec.name, v % (7 + id * 50)));
            let texts: Vec<Option<String>> = rows.map(text).collect();
            Arc::new(texts.iter().map(|t| t.as_deref()).collect::<DictionaryArray<Int32Type>>())
        }
        Storage::Int32 => {
            let numbers = rows.map(|row| value(row).map(|v| i32::try_from(v % 1000).unwrap()));
            Arc::new(numbers.collect::<Int32Array>())
        }
        Storage::Int64 => {
            let numbers = rows.map(|row| value(row).map(|v| (v % 5_000_000) as i64));
            Arc::new(numbers.collect::<Int64Array>())
        }
        Storage::Float64 => {
            Arc::new(rows.map(|row| value(row).map(|v| (v % 100) as f64)).collect::<Float64Array>())
        }
        Storage::Uuid => {
            let ids: Vec<Option<[u8; 16]>> =
                rows.map(|row| value(row).map(|v| u128::from(v % 9000).to_be_bytes())).collect();
            let ids = FixedSizeBinaryArray::try_from_sparse_iter_with_size(ids.into_iter(), 16);
            Arc::new(ids.unwrap())
        }
        Storage::Time => {
            let times = rows.map(|row| start + i64::try_from(row).unwrap() * step);
            Arc::new(TimestampNanosecondArray::from_iter_values(times).with_timezone("UTC"))
        }
        Storage::Virtual(_) => return None,
    })
}

fn batch(spec: &'static TableSpec, first: u64, times: (i64, i64)) -> EventBatch {
    let columns = spec.columns.iter().map(|c| column(c, first, times)).collect();
    EventBatch::new(spec, usize::try_from(BATCH).unwrap(), columns).unwrap()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let rows = args[2].parse::<u64>().unwrap_or(u64::MAX);
    let options = Options {
        flush_interval: Duration::from_millis(100),
        seal_bytes: 1 << 20,
        ..Options::new(HostBoot(0x0123_4567_89ab_cdef))
    };
    let mut store = Store::open(args[1].as_ref(), options, now()).unwrap();
    let one = args.get(3);
    let events: Vec<_> = event_tables().filter(|t| one.is_none_or(|one| t.name == one)).collect();
    let times = match one {
        Some(_) => (now() - i64::try_from(rows).unwrap() * 10_000_000, 10_000_000),
        None => (now(), 1_000_003),
    };
    let mut first = store.reader().snapshot().unwrap().last_seq(events[0]);
    let end = first.saturating_add(rows);
    while first < end {
        // A kill between two tables leaves one of them behind.
        let mut reached = u64::MAX;
        for spec in &events {
            reached = reached.min(store.append(batch(spec, first, times)).unwrap().1);
            // As an engine does it: one round of all tables is more than a tail may hold.
            store.tick(now()).unwrap();
        }
        first += BATCH;
        store.tick(now()).unwrap();
        if rows == u64::MAX {
            println!("{reached}");
        }
    }
    store.close().unwrap();
}
