// SPDX-License-Identifier: Apache-2.0
//! The unpacker against a packer, the examples of the format, and damage.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;
use proptest::prelude::*;

/// A plain greedy compressor, for tests: hash of three bytes to the last place that had them.
pub(in crate::etl) fn compress(source: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last: std::collections::HashMap<[u8; 3], usize> = std::collections::HashMap::new();
    let (mut flags, mut flag_count, mut flags_at) = (0u32, 0, 0);
    out.extend_from_slice(&[0; 4]);
    let mut half: Option<usize> = None;
    let mut at = 0;
    while at < source.len() {
        if flag_count == 32 {
            out[flags_at..flags_at + 4].copy_from_slice(&flags.to_le_bytes());
            flags_at = out.len();
            out.extend_from_slice(&[0; 4]);
            (flags, flag_count) = (0, 0);
        }
        let key = source.get(at..at + 3).map(|three| [three[0], three[1], three[2]]);
        let back = key.and_then(|key| last.get(&key).copied()).filter(|from| at - from <= 8_192);
        flag_count += 1;
        let Some(from) = back else {
            flags <<= 1;
            out.push(source[at]);
            if let Some(key) = key {
                last.insert(key, at);
            }
            at += 1;
            continue;
        };
        flags = flags << 1 | 1;
        let length =
            (0..source.len() - at).take_while(|i| source[from + i] == source[at + i]).count();
        put_match(&mut out, &mut half, at - from, length);
        for i in at..at + length {
            if let Some(three) = source.get(i..i + 3) {
                last.insert([three[0], three[1], three[2]], i);
            }
        }
        at += length;
    }
    flags =
        flags.checked_shl(32 - flag_count).unwrap_or(0) | ((1u64 << (32 - flag_count)) - 1) as u32;
    out[flags_at..flags_at + 4].copy_from_slice(&flags.to_le_bytes());
    out
}

fn put_match(out: &mut Vec<u8>, half: &mut Option<usize>, offset: usize, length: usize) {
    let rest = length - 3;
    let word = ((offset - 1) << 3 | rest.min(7)) as u16;
    out.extend_from_slice(&word.to_le_bytes());
    if rest < 7 {
        return;
    }
    let nibble = (rest - 7).min(15) as u8;
    match half.take() {
        Some(at) => out[at] |= nibble << 4,
        None => {
            *half = Some(out.len());
            out.push(nibble);
        }
    }
    if nibble == 15 {
        let long = rest - 7 - 15;
        out.push(long.min(255) as u8);
        if long >= 255 {
            if rest > 65_535 {
                out.extend_from_slice(&[0, 0]);
                out.extend_from_slice(&(rest as u32).to_le_bytes());
            } else {
                out.extend_from_slice(&(rest as u16).to_le_bytes());
            }
        }
    }
}

fn unpacked(source: &[u8], bytes_max: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    decompress(source, &mut out, bytes_max, Extent::Whole).map(|()| out)
}

#[test]
fn the_examples_of_the_format_unpack() {
    // MS-XCA 3.1: the alphabet has no repetition; "abc" a hundred times is one long match.
    let alphabet = hex("3f000000 6162636465666768696a6b6c6d6e6f707172737475767778797a");
    assert_eq!(unpacked(&alphabet, 100).unwrap(), b"abcdefghijklmnopqrstuvwxyz");
    let repeated = hex("ffffff1f 616263 1700 0fff 2601");
    assert_eq!(unpacked(&repeated, 1_000).unwrap(), b"abc".repeat(100));
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
    digits
        .chunks(2)
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn more_than_fits_is_a_fault_and_a_beginning_is_not() {
    let packed = compress(&vec![7; 4_096]);
    assert_eq!(unpacked(&packed, 4_096).unwrap().len(), 4_096);
    let mut out = Vec::new();
    decompress(&packed, &mut out, 96, Extent::Beginning).unwrap();
    assert_eq!(out, [7; 96]);
}

#[test]
fn a_match_before_the_beginning_is_refused() {
    assert_eq!(unpacked(&hex("ffffffff 0800"), 100), Err(Fault::BadOffset));
    let mut out = b"other buffer".to_vec();
    let fault = decompress(&hex("ffffffff 0800"), &mut out, 100, Extent::Whole);
    assert_eq!(fault, Err(Fault::BadOffset), "what stood in the vector before is no past");
}

#[test]
fn runs_use_every_form_of_length() {
    for length in [4, 9, 10, 11, 24, 25, 26, 280, 281, 282, 65_538, 65_539, 65_540, 70_000] {
        let source = vec![b'x'; length];
        assert!(unpacked(&compress(&source), length).unwrap() == source, "{length}");
    }
}

proptest! {
    #[test]
    fn what_is_packed_unpacks(
        words in prop::collection::vec((0u8..6, 1usize..400), 0..200),
    ) {
        let source: Vec<u8> =
            words.iter().flat_map(|(byte, count)| vec![*byte; *count / 7 + 1]).collect();
        prop_assert_eq!(unpacked(&compress(&source), source.len()).unwrap(), source);
    }

    #[test]
    fn any_bytes_end_within_bounds(bytes in prop::collection::vec(any::<u8>(), 0..2_000), max in 0usize..3_000) {
        let mut out = Vec::new();
        let _ = decompress(&bytes, &mut out, max, Extent::Whole);
        prop_assert!(out.len() <= max);
    }
}
