// SPDX-License-Identifier: Apache-2.0
//! Sampling and rate limits of the configuration, behind the filters. Both count in event time and in the
//! order of the stream, so that a replay leaves out what the live collector did. A key is the hash of
//! its columns' values: no text is kept.

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array,
    Int64Array, StringArray, TimestampNanosecondArray,
};
use evtables_schema::{EventBatch, TableSpec};
use std::collections::{BTreeMap, HashMap};
use twox_hash::XxHash64;

/// Keys of one table that a rate limit tells apart within a second; the others share one limit.
pub const RATE_KEYS_MAX: usize = 65_536;
/// An event that is older than its key's newest by more is no late one: the clock was set back.
const LATE_SECONDS_MAX: i64 = 5;
/// Key of the events whose own key has no place.
const SHARED_KEY: u64 = 0;

/// What is kept of a table beyond its filters, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// By table.
    pub samples: BTreeMap<&'static str, Sample>,
    /// By table.
    pub rates: BTreeMap<&'static str, Rate>,
}

/// One of so many events, or all events of one of so many keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The table.
    pub table: &'static TableSpec,
    /// Columns of the key; none: events are counted off.
    pub per: Vec<usize>,
    /// Of how many one is kept; at least 1.
    pub one_in: u64,
}

/// So many events of a key in a second of event time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The table.
    pub table: &'static TableSpec,
    /// Columns of the key; none: all events of the table.
    pub per: Vec<usize>,
    /// How many are kept.
    pub per_second: u64,
}

fn columns(table: &TableSpec, per: &[usize]) -> String {
    let names = per.iter().filter_map(|at| Some(table.columns.get(*at)?.name));
    let names: Vec<&str> = names.collect();
    if names.is_empty() { String::new() } else { format!(" per {}", names.join(", ")) }
}

impl Sample {
    /// Its name in tables.
    #[must_use]
    pub fn name(&self) -> String {
        format!("one in {}{}", self.one_in, columns(self.table, &self.per))
    }

    /// Whether the events of the key in this row are kept; `None` when events are counted off.
    #[must_use]
    pub fn keeps(&self, batch: &EventBatch, row: usize) -> Option<bool> {
        let key = *keys(batch, &self.per).get(row).filter(|_| !self.per.is_empty())?;
        Some(key.is_multiple_of(self.one_in.max(1)))
    }
}

impl Rate {
    /// Its name in tables.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} per second{}", self.per_second, columns(self.table, &self.per))
    }
}

/// Rows of a batch that stay, and how many went.
#[derive(Debug)]
pub struct Limited {
    /// Rows that stay.
    pub keep: BooleanArray,
    /// Rows that the sample left out.
    pub sampled: u64,
    /// Rows that the rate left out.
    pub rated: u64,
}

/// Limits at work.
#[derive(Debug, Default)]
pub struct Limiting {
    limits: Limits,
    /// Events of a table that was counted off.
    counted: BTreeMap<&'static str, u64>,
    windows: BTreeMap<&'static str, Windows>,
}

impl Limiting {
    /// Nothing was counted yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Which rows of a batch stay; `None` when the table has no limit.
    pub fn judge(&mut self, batch: &EventBatch) -> Option<Limited> {
        let table = batch.table.name;
        let (sample, rate) = (self.limits.samples.get(table), self.limits.rates.get(table));
        if sample.is_none() && rate.is_none() {
            return None;
        }
        let mut keep = vec![true; batch.rows];
        let (mut sampled, mut rated) = (0, 0);
        if let Some(sample) = sample {
            let counted = self.counted.entry(table).or_default();
            for (keep, key) in keep.iter_mut().zip(keys(batch, &sample.per)) {
                let number = if sample.per.is_empty() { *counted } else { key };
                *counted = counted.wrapping_add(1);
                *keep = number.is_multiple_of(sample.one_in.max(1));
                sampled += u64::from(!*keep);
            }
        }
        if let Some(rate) = rate {
            let windows = self.windows.entry(table).or_default();
            let seconds = seconds(batch);
            for ((keep, key), second) in keep.iter_mut().zip(keys(batch, &rate.per)).zip(seconds) {
                if *keep && !windows.admit(key, second, rate.per_second) {
                    *keep = false;
                    rated += 1;
                }
            }
        }
        Some(Limited { keep: keep.into(), sampled, rated })
    }
}

/// What each key had in its newest second.
#[derive(Debug, Default)]
struct Windows {
    by_key: HashMap<u64, (i64, u64)>,
    newest: i64,
    /// The second in which it was last full.
    full_at: Option<i64>,
}

impl Windows {
    fn admit(&mut self, key: u64, second: i64, limit: u64) -> bool {
        if second > self.newest || second < self.newest - LATE_SECONDS_MAX {
            self.newest = second;
        }
        let key = if self.has_place_for(key) { key } else { SHARED_KEY };
        let (at, count) = self.by_key.entry(key).or_insert((second, 0));
        if second > *at || second < *at - LATE_SECONDS_MAX {
            (*at, *count) = (second, 0);
        }
        *count += 1;
        *count <= limit
    }

    /// Makes room when it is full, once a second at most.
    fn has_place_for(&mut self, key: u64) -> bool {
        if self.by_key.len() < RATE_KEYS_MAX || self.by_key.contains_key(&key) {
            return true;
        }
        if self.full_at != Some(self.newest) {
            self.full_at = Some(self.newest);
            let newest = self.newest;
            self.by_key.retain(|_, (at, _)| *at >= newest);
        }
        self.by_key.len() < RATE_KEYS_MAX
    }
}

/// Unix seconds of each row; 0 where there is none.
fn seconds(batch: &EventBatch) -> Vec<i64> {
    let times = batch.table.time_column().and_then(|at| batch.column(at));
    let times = times.and_then(|a| a.as_any().downcast_ref::<TimestampNanosecondArray>());
    let Some(times) = times else { return vec![0; batch.rows] };
    times.iter().map(|time| time.map_or(0, |time| time.div_euclid(1_000_000_000))).collect()
}

/// The key of each row.
fn keys(batch: &EventBatch, per: &[usize]) -> Vec<u64> {
    let mut keys = vec![SHARED_KEY; batch.rows];
    for at in per {
        if let Some(array) = batch.column(*at) {
            mix(&mut keys, array.as_ref());
        }
    }
    keys
}

/// Adds a column to the keys. NULL adds nothing.
fn mix(keys: &mut [u64], array: &dyn Array) {
    let any = array.as_any();
    let mut each = |bytes: &mut dyn FnMut(usize, &mut u64)| {
        for (row, key) in keys.iter_mut().enumerate().filter(|(row, _)| array.is_valid(*row)) {
            bytes(row, key);
        }
    };
    let hash = |key: &mut u64, bytes: &[u8]| *key = XxHash64::oneshot(*key, bytes);
    if let Some(dict) = any.downcast_ref::<DictionaryArray<Int32Type>>() {
        let Some(texts) = dict.values().as_any().downcast_ref::<StringArray>() else { return };
        let hashes: Vec<u64> =
            texts.iter().map(|text| XxHash64::oneshot(0, text.unwrap_or("").as_bytes())).collect();
        each(&mut |row, key| {
            let text = dict.key(row).and_then(|at| hashes.get(at)).copied().unwrap_or(0);
            hash(key, &text.to_le_bytes());
        });
    } else if let Some(numbers) = any.downcast_ref::<Int64Array>() {
        each(&mut |row, key| hash(key, &numbers.value(row).to_le_bytes()));
    } else if let Some(numbers) = any.downcast_ref::<Int32Array>() {
        each(&mut |row, key| hash(key, &i64::from(numbers.value(row)).to_le_bytes()));
    } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        each(&mut |row, key| hash(key, &numbers.value(row).to_le_bytes()));
    } else if let Some(ids) = any.downcast_ref::<FixedSizeBinaryArray>() {
        each(&mut |row, key| hash(key, ids.value(row)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ProcessRow, batch};
    use evtables_schema::generated::process_events::linux as process;

    fn rate(per: &[usize], per_second: u64) -> Limiting {
        let rate = Rate { table: &process::TABLE, per: per.to_vec(), per_second };
        Limiting::new(Limits { rates: [(process::TABLE.name, rate)].into(), ..Limits::default() })
    }

    fn sample(per: &[usize], one_in: u64) -> Limiting {
        let sample = Sample { table: &process::TABLE, per: per.to_vec(), one_in };
        Limiting::new(Limits {
            samples: [(process::TABLE.name, sample)].into(),
            ..Limits::default()
        })
    }

    /// 100 events of each of 10 programs, by turns.
    fn rows() -> EventBatch {
        let row = |n: u128| ProcessRow::exec(n, 0, &format!("/bin/p{}", n % 10), "x");
        batch(&(0..1_000).map(row).collect::<Vec<_>>())
    }

    #[test]
    fn a_rate_holds_per_key_and_second() {
        // All of `rows` are of one second.
        for (per, wanted) in [(&[][..], 7), (&[process::PATH], 70), (&[process::PID], 1_000)] {
            let mut limiting = rate(per, 7);
            let limited = limiting.judge(&rows()).unwrap();
            assert_eq!(limited.keep.true_count(), wanted, "{per:?}");
            assert_eq!((limited.rated, limited.sampled), (1_000 - wanted as u64, 0));
        }
        // The second batch of the same second finds nothing left.
        let mut limiting = rate(&[process::PATH], 50);
        assert_eq!(limiting.judge(&rows()).unwrap().keep.true_count(), 500);
        assert_eq!(limiting.judge(&rows()).unwrap().keep.true_count(), 0);
    }

    #[test]
    fn seconds_are_those_of_events() {
        let mut windows = Windows::default();
        let mut of = |second| (0..5).filter(|_| windows.admit(9, second, 2)).count();
        // A late one belongs to the second before it; a clock that was set back begins anew.
        assert_eq!([of(100), of(101), of(99), of(102), of(50), of(51)], [2, 2, 0, 2, 2, 2]);
    }

    #[test]
    fn keys_are_bounded_and_the_rest_share_one_limit() {
        let mut windows = Windows::default();
        let many = RATE_KEYS_MAX as u64;
        let admitted = (1..=many + 1_000).filter(|key| windows.admit(*key, 5, 1)).count();
        // Of those without a place one, then none.
        assert_eq!(admitted as u64, many + 1);
        assert!(windows.by_key.len() <= RATE_KEYS_MAX + 1);
        let next = (1..=1_000).filter(|key| windows.admit(*key + 2 * many, 6, 1)).count();
        assert_eq!(next, 1_000, "the next second has room");
    }

    #[test]
    fn a_sample_is_every_nth_event_or_whole_keys() {
        let mut limiting = sample(&[], 8);
        let kept: usize = (0..4).map(|_| limiting.judge(&rows()).unwrap().keep.true_count()).sum();
        assert_eq!(kept, 500);
        let mut limiting = sample(&[process::PATH], 3);
        let batch = rows();
        let limited = limiting.judge(&batch).unwrap();
        let kept = limited.keep.true_count();
        assert!(kept > 0 && kept < 1_000 && kept.is_multiple_of(100), "{kept}");
        assert_eq!(limited.sampled, 1_000 - kept as u64);
        for row in 0..batch.rows {
            assert_eq!(limited.keep.value(row), limited.keep.value(row % 10));
            let sample = &limiting.limits().samples[process::TABLE.name];
            assert_eq!(sample.keeps(&batch, row), Some(limited.keep.value(row)));
        }
    }
}
