// SPDX-License-Identifier: Apache-2.0
//! Numbers and text out of bytes of the system. What lies outside is `None`.

use crate::sources::Raw;

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// A port: two bytes in the order of the network.
pub(crate) fn port_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}

pub(crate) fn i64_at(bytes: &[u8], at: usize) -> Option<i64> {
    array(bytes, at).map(i64::from_le_bytes)
}

/// A counter as SQL has it.
pub(crate) fn count_at(bytes: &[u8], at: usize) -> Option<i64> {
    u64_at(bytes, at).map(|number| i64::try_from(number).unwrap_or(i64::MAX))
}

/// UTF-16 until the end or the first 0.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|unit| unit.unwrap_or('\u{fffd}'))
        .collect()
}

/// The text of a `UNICODE_STRING` that stands at `at` and points into the same bytes.
pub(crate) fn string_at(raw: &Raw, at: usize) -> Option<String> {
    let length = usize::from(u16_at(&raw.bytes, at)?);
    let pointer = u64_at(&raw.bytes, at.checked_add(8)?)?;
    let from = usize::try_from(pointer.checked_sub(raw.base)?).ok()?;
    raw.bytes.get(from..from.checked_add(length)?).map(utf16)
}
