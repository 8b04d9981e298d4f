// SPDX-License-Identifier: Apache-2.0
//! Column builders that generated table builders are made of.

use arrow_array::builder::{
    FixedSizeBinaryBuilder, Float64Builder, Int32Builder, Int64Builder, TimestampNanosecondBuilder,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher as _;
use std::sync::Arc;

/// Places of a memo: a power of two.
const MEMO: usize = 256;

/// Builder of a dictionary text column. Text beyond what a batch may hold is NULL (never reached:
/// batches close at 1,024 rows).
///
/// Event texts repeat, and mostly those that came a moment ago: a small memo finds them by their
/// length and ends, which is much cheaper than hashing each as a whole.
pub struct DictBuilder {
    bytes: Vec<u8>,
    /// Ends of the texts in `bytes`, with a 0 in front.
    offsets: Vec<i32>,
    keys: Vec<i32>,
    nulls: NullBufferBuilder,
    /// Key of the text seen last for each memo place.
    memo: Box<[i32; MEMO]>,
    places: HashTable<i32>,
    hasher: DefaultHashBuilder,
}

impl Default for DictBuilder {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            offsets: vec![0],
            keys: Vec::new(),
            nulls: NullBufferBuilder::new(0),
            memo: Box::new([-1; MEMO]),
            places: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl DictBuilder {
    /// Appends one value.
    pub fn push(&mut self, value: Option<&str>) {
        match value.and_then(|text| self.key(text)) {
            Some(key) => {
                self.keys.push(key);
                self.nulls.append_non_null();
            }
            None => {
                self.keys.push(0);
                self.nulls.append_null();
            }
        }
    }

    /// The key of a text, given if it is new; `None` when the texts became too many.
    fn key(&mut self, text: &str) -> Option<i32> {
        let memo = memo_place(text.as_bytes());
        let known = self.memo.get(memo).copied().unwrap_or(-1);
        if known >= 0 && text_at(&self.bytes, &self.offsets, known) == Some(text.as_bytes()) {
            return Some(known);
        }
        let key = self.look_up(text)?;
        if let Some(slot) = self.memo.get_mut(memo) {
            *slot = key;
        }
        Some(key)
    }

    fn look_up(&mut self, text: &str) -> Option<i32> {
        let hash = self.hasher.hash_one(text.as_bytes());
        let (bytes, offsets) = (&self.bytes, &self.offsets);
        let same = |key: &i32| text_at(bytes, offsets, *key) == Some(text.as_bytes());
        if let Some(key) = self.places.find(hash, same) {
            return Some(*key);
        }
        let key = i32::try_from(self.offsets.len() - 1).ok()?;
        let end = i32::try_from(self.bytes.len().checked_add(text.len())?).ok()?;
        self.bytes.extend_from_slice(text.as_bytes());
        self.offsets.push(end);
        let (bytes, offsets, hasher) = (&self.bytes, &self.offsets, &self.hasher);
        let again = |key: &i32| hasher.hash_one(text_at(bytes, offsets, *key).unwrap_or_default());
        self.places.insert_unique(hash, key, again);
        Some(key)
    }

    /// Takes the column; the builder is empty again and keeps its table.
    pub fn finish(&mut self) -> ArrayRef {
        let (rows, texts) = (self.keys.len(), self.offsets.len());
        let offsets = std::mem::replace(&mut self.offsets, Vec::with_capacity(texts));
        self.offsets.push(0);
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes.reserve(bytes.len());
        let keys = std::mem::replace(&mut self.keys, Vec::with_capacity(rows));
        self.memo.fill(-1);
        self.places.clear();
        let keys = Int32Array::new(keys.into(), self.nulls.finish());
        let texts = StringArray::new(OffsetBuffer::new(offsets.into()), bytes.into(), None);
        Arc::new(DictionaryArray::new(keys, Arc::new(texts)))
    }
}

fn text_at<'a>(bytes: &'a [u8], offsets: &[i32], key: i32) -> Option<&'a [u8]> {
    let key = usize::try_from(key).ok()?;
    let start = usize::try_from(*offsets.get(key)?).ok()?;
    let end = usize::try_from(*offsets.get(key + 1)?).ok()?;
    bytes.get(start..end)
}

/// Where the memo keeps a text: by its length and both its ends.
fn memo_place(text: &[u8]) -> usize {
    let word = |part: Option<&[u8; 8]>| part.map_or(0, |part| u64::from_le_bytes(*part));
    let ends = if text.len() < 8 {
        text.iter().fold(0, |all, byte| all << 8 | u64::from(*byte))
    } else {
        word(text.first_chunk()) ^ word(text.last_chunk()).rotate_left(29)
    };
    let length = u64::try_from(text.len()).unwrap_or(0);
    let mixed = (ends ^ length.rotate_left(56)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 56).unwrap_or(0)
}

/// Builder of a 16-byte id column.
#[derive(Debug)]
pub struct UuidBuilder(FixedSizeBinaryBuilder);

impl Default for UuidBuilder {
    fn default() -> Self {
        Self(FixedSizeBinaryBuilder::new(16))
    }
}

impl UuidBuilder {
    /// Appends one value.
    pub fn push(&mut self, value: Option<u128>) {
        match value {
            Some(id) => {
                let appended = self.0.append_value(id.to_be_bytes());
                debug_assert!(appended.is_ok(), "16 bytes always fit");
            }
            None => self.0.append_null(),
        }
    }

    /// Takes the column; the builder is empty again.
    pub fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// Builder of the `time` column (nanoseconds, UTC).
#[derive(Debug)]
pub struct TimeBuilder(TimestampNanosecondBuilder);

impl Default for TimeBuilder {
    fn default() -> Self {
        Self(TimestampNanosecondBuilder::new().with_timezone("UTC"))
    }
}

impl TimeBuilder {
    /// Appends one value, nanoseconds since the unix epoch.
    pub fn push(&mut self, value: Option<i64>) {
        self.0.append_option(value);
    }

    /// Takes the column; the builder is empty again.
    pub fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

macro_rules! number_builder {
    ($(#[$doc:meta])* $name:ident, $inner:ident, $value:ty) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub struct $name($inner);

        impl $name {
            /// Appends one value.
            pub fn push(&mut self, value: Option<$value>) {
                self.0.append_option(value);
            }

            /// Takes the column; the builder is empty again.
            pub fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
        }
    };
}

number_builder!(
    /// Builder of a 32-bit integer column.
    IntBuilder, Int32Builder, i32
);
number_builder!(
    /// Builder of a 64-bit integer column.
    BigIntBuilder, Int64Builder, i64
);
number_builder!(
    /// Builder of a float column.
    DoubleBuilder, Float64Builder, f64
);

/// Rows of a finished column set (all have the same length).
#[must_use]
pub fn rows_of(columns: &[Option<ArrayRef>]) -> usize {
    columns.iter().flatten().map(|array| array.len()).next().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int32Type;

    fn texts(array: &ArrayRef) -> Vec<Option<String>> {
        let array = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>().unwrap();
        let typed = array.downcast_dict::<StringArray>().unwrap();
        typed.into_iter().map(|text| text.map(str::to_owned)).collect()
    }

    #[test]
    fn dictionaries_hold_each_text_once_and_give_all_back() {
        let mut builder = DictBuilder::default();
        for round in 0..3 {
            let values: Vec<Option<String>> = (0..5_000)
                .map(|i| match i % 7 {
                    0 => None,
                    1 => Some(String::new()),
                    // Same length, same ends: the memo must not take one for the other.
                    2 => Some(format!("/usr/bin/{:04}/program-long-name", i % 300)),
                    _ => Some(format!("ü{}", i * 31 % (40 + round * 500))),
                })
                .collect();
            values.iter().for_each(|value| builder.push(value.as_deref()));
            let array = builder.finish();
            assert_eq!(texts(&array), values);
            let distinct: std::collections::BTreeSet<_> = values.iter().flatten().collect();
            let array = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>().unwrap();
            assert_eq!(array.values().len(), distinct.len());
        }
        assert_eq!(builder.finish().len(), 0);
    }
}
