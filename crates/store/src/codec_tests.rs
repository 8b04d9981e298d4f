// SPDX-License-Identifier: Apache-2.0
//! Round trips of every storage type, and bytes that nobody wrote.

use super::*;
use crate::sample::{HOST, LATER, MIDNIGHT, SAMPLE, rows, texts};
use arrow_array::StringArray;
use proptest::prelude::*;

fn layout() -> Layout {
    Layout::new(&SAMPLE).unwrap()
}

fn encoded(first: i64, count: usize) -> (Buffer, Vec<ArrayRef>) {
    let mut arrays = rows(first, count, MIDNIGHT).into_stored_columns();
    let layout = layout();
    arrays[layout.seq] = seq_array(u64::try_from(first).unwrap(), count).unwrap();
    let seq = u64::try_from(first).unwrap();
    arrays[layout.eid.unwrap()] = event_ids(&layout, &arrays[layout.time], seq, HOST).unwrap();
    (encode(&layout, &arrays).unwrap(), arrays)
}

#[test]
fn round_trip_of_every_storage_type() {
    for count in [1, 2, 7, 8, 9, 1000] {
        let (payload, arrays) = encoded(5, count);
        let batch = decode(&layout(), count, 5, HOST, &payload).unwrap();
        for (found, expected) in batch.columns().iter().zip(&arrays) {
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn slices_are_written_without_what_they_leave_out() {
    let (_, arrays) = encoded(1, 1000);
    let sliced: Vec<ArrayRef> = arrays.iter().map(|array| array.slice(501, 20)).collect();
    let payload = encode(&layout(), &sliced).unwrap();
    assert!(payload.len() < 3000, "{}", payload.len());
    let batch = decode(&layout(), 20, 502, HOST, &payload).unwrap();
    for (found, expected) in batch.columns().iter().zip(&sliced) {
        match found.data_type() {
            DataType::Dictionary(..) => assert_eq!(texts(found), texts(expected)),
            _ => assert_eq!(found, expected),
        }
    }
}

#[test]
fn null_texts_in_a_dictionary_become_null_rows() {
    let keys = PrimitiveArray::<Int32Type>::from(vec![0, 1, 1, 0]);
    let array = DictionaryArray::new(keys, Arc::new(StringArray::from(vec![Some("a"), None])));
    let compact: ArrayRef = Arc::new(compact(&array).unwrap());
    assert_eq!(texts(&compact), [Some("a".to_owned()), None, None, Some("a".to_owned())]);
    assert_eq!(compact.null_count(), 2);
}

#[test]
fn another_version_of_the_table_reads_what_it_knows() {
    let (payload, arrays) = encoded(1, 10);
    let later = Layout::new(&LATER).unwrap();
    let batch = decode(&later, 10, 1, HOST, &payload).unwrap();
    let name = |name: &str| batch.column_by_name(name).unwrap();
    assert_eq!(name("pid"), &arrays[2]);
    assert_eq!(texts(name("action")), texts(&arrays[0]));
    assert_eq!(name("extra").null_count(), 10);
    assert!(batch.column_by_name("code").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600), rows in 0_usize..100) {
        let mut buffer = MutableBuffer::with_capacity(bytes.len());
        buffer.extend_from_slice(&bytes);
        let _ = decode(&layout(), rows, 1, HOST, &buffer.into());
    }

    #[test]
    fn damaged_payloads_never_panic(
        count in 1_usize..40,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        read_rows in 1_usize..60,
    ) {
        let (payload, _) = encoded(1, count);
        let mut bytes = MutableBuffer::with_capacity(payload.len());
        bytes.extend_from_slice(payload.as_slice());
        for (at, byte) in damage {
            let at = at.index(payload.len());
            bytes.as_slice_mut()[at] = byte;
        }
        let whole: Buffer = bytes.into();
        let _ = decode(&layout(), count, 1, HOST, &whole);
        let _ = decode(&layout(), read_rows, 1, HOST, &whole);
        let _ = decode(&layout(), count, 1, HOST, &whole.slice_with_length(0, cut.index(whole.len())));
    }
}
