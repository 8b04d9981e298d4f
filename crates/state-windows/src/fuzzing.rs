// SPDX-License-Identifier: Apache-2.0
//! What the fuzz target needs of the inside, with what must hold of every answer.

use crate::sources::{Family, Raw};
use crate::{bytes, handles, network, processes};

/// Bytes as every list that Windows writes; `base` is where they say that they stood.
pub fn lists(input: &[u8]) {
    let Some((base, list)) = input.split_first_chunk::<8>() else { return };
    // A base near 0 makes pointers that lead into the bytes.
    let base =
        u64::from_le_bytes(*base) & if list.len().is_multiple_of(2) { 0xfff } else { u64::MAX };
    let raw = Raw { bytes: list.to_vec(), base };
    assert!(processes::read(&raw).len() <= list.len().max(1));
    assert!(handles::read(list).len() <= list.len() / 40);
    for family in [Family::V4, Family::V6] {
        assert!(network::read(family, list).len() <= list.len() / 24);
    }
    let text = bytes::utf16(list);
    assert!(text.chars().count() <= list.len());
    bytes::string_at(&raw, 0);
}
