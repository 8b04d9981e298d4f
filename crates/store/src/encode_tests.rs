// SPDX-License-Identifier: Apache-2.0
//! Encodings against a decoder written from the format's description, and whole segments of random
//! rows against the parquet crate's reader.
#![allow(clippy::cast_possible_truncation)]

use super::*;
use crate::sample::{MIDNIGHT, NOTE, SAMPLE, all, assert_whole, open, options, rows, scan, texts};
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, Int64Array};
use proptest::prelude::*;
use std::sync::Arc;

fn read_varint(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
        shift += 7;
    }
}

fn read_bits(bytes: &[u8], at: usize, width: usize) -> u64 {
    (0..width).fold(0, |value, bit| {
        let place = at + bit;
        value | u64::from(bytes[place / 8] >> (place % 8) & 1) << bit
    })
}

fn read_hybrid(mut bytes: &[u8], width: usize, count: usize) -> Vec<u32> {
    let mut values = Vec::new();
    while values.len() < count {
        let header = read_varint(&mut bytes);
        let many = (header >> 1) as usize;
        if header & 1 == 0 {
            let size = width.div_ceil(8);
            let value = read_bits(bytes, 0, size * 8) as u32;
            bytes = &bytes[size..];
            values.extend(std::iter::repeat_n(value, many));
        } else {
            values.extend((0..many * 8).map(|i| read_bits(bytes, i * width, width) as u32));
            bytes = &bytes[many * width..];
        }
    }
    assert!(bytes.is_empty());
    values.truncate(count);
    values
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn hybrid_reads_back(
        parts in proptest::collection::vec((any::<u32>(), 1_usize..40, any::<bool>()), 0..30),
        width in 0_u32..=32,
    ) {
        let mask = (1_u64 << width).wrapping_sub(1) as u32;
        let mut values = Vec::new();
        for (seed, count, run) in parts {
            values.extend((0..count as u32).map(|i| (if run { seed } else { seed.wrapping_mul(i) }) & mask));
        }
        let mut bytes = Vec::new();
        rle_hybrid(&values, width, &mut bytes);
        prop_assert_eq!(read_hybrid(&bytes, width as usize, values.len()), values);
    }

    #[test]
    fn segments_of_any_values_read_back(
        numbers in proptest::collection::vec(proptest::option::weighted(0.8, any::<i64>()), 1..600),
        narrow in proptest::collection::vec(any::<Option<i32>>(), 600),
        words in proptest::collection::vec(proptest::option::weighted(0.7, "\\PC{0,12}"), 600),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path(), options());
        let count = numbers.len();
        let mut batch = rows(1, count, MIDNIGHT);
        let narrow: Int32Array = narrow.into_iter().take(count).collect();
        let words: Vec<Option<String>> = words.into_iter().take(count).collect();
        let numbers: Int64Array = numbers.into_iter().collect();
        let notes: DictionaryArray<Int32Type> = words.iter().map(|word| word.as_deref()).collect();
        assert!(batch.set_column(2, Arc::new(numbers.clone())));
        assert!(batch.set_column(3, Arc::new(narrow.clone())));
        assert!(batch.set_column(NOTE, Arc::new(notes) as ArrayRef));
        store.append(batch).unwrap();
        store.seal(MIDNIGHT).unwrap();
        let found = scan(&store.reader().snapshot().unwrap(), all()).remove(0);
        prop_assert_eq!(found.column_by_name("pid").unwrap().to_data(), numbers.to_data());
        prop_assert_eq!(found.column_by_name("code").unwrap().to_data(), narrow.to_data());
        prop_assert_eq!(texts(found.column_by_name("note").unwrap()), words);
    }
}

#[test]
fn many_row_groups_and_pages_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for first in (1..=150_000).step_by(1_000) {
        store.append(rows(first, 1_000, MIDNIGHT)).unwrap();
    }
    store.seal(MIDNIGHT).unwrap();
    let batches = scan(&store.reader().snapshot().unwrap(), all());
    assert_whole(&batches);
    assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), 150_000);
    assert!(batches[0].column_by_name("action").unwrap().len() == 8_192);
    assert!(SAMPLE.columns.len() == 10);
}
