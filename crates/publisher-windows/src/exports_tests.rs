// SPDX-License-Identifier: Apache-2.0
//! Images made here, with tables of exports that are right, and wrong in every place.
#![allow(clippy::cast_possible_truncation)]

use super::*;
use proptest::prelude::*;
use std::io::Cursor;

/// Where code, and the table, stand in memory.
const CODE: u32 = 0x1000;
const TABLE: u32 = 0x3000;

/// An image that exports these addresses by name; `forwarded` is one that leads elsewhere.
pub(crate) fn image(functions: &[(&str, u32)], forwarded: Option<&str>, is_wide: bool) -> Vec<u8> {
    let count = functions.len() + usize::from(forwarded.is_some());
    let (mut table, mut names) = (vec![0; 40 + count * 10], Vec::new());
    let names_at = TABLE + table.len() as u32;
    let mut put = |at: usize, bytes: &[u8]| table[at..at + bytes.len()].copy_from_slice(bytes);
    put(20, &(count as u32).to_le_bytes());
    put(24, &(count as u32).to_le_bytes());
    for (at, list) in [(28, 0), (32, 4), (36, 8)] {
        put(at, &(TABLE + 40 + list * count as u32).to_le_bytes());
    }
    let forwarded = forwarded.map(|name| (name, names_at));
    for (number, (name, address)) in functions.iter().copied().chain(forwarded).enumerate() {
        // Ordinals stand the other way round.
        let ordinal = count - 1 - number;
        put(40 + 4 * ordinal, &address.to_le_bytes());
        put(40 + 4 * count + 4 * number, &(names_at + names.len() as u32).to_le_bytes());
        put(40 + 8 * count + 2 * number, &(ordinal as u16).to_le_bytes());
        names.extend_from_slice(name.as_bytes());
        names.push(0);
    }
    table.extend_from_slice(&names);
    let optional = if is_wide { 240 } else { 224 };
    let mut file = vec![0; 0x80 + 24 + optional + 2 * 40];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"MZ");
    put(60, &0x80_u32.to_le_bytes());
    put(0x80, b"PE\0\0");
    put(0x86, &2_u16.to_le_bytes());
    put(0x94, &(optional as u16).to_le_bytes());
    let head = 0x98;
    put(head, &(if is_wide { 0x20b_u16 } else { 0x10b }).to_le_bytes());
    let places = head + if is_wide { 112 } else { 96 };
    put(places - 4, &16_u32.to_le_bytes());
    put(places, &TABLE.to_le_bytes());
    put(places + 4, &(table.len() as u32).to_le_bytes());
    let sections = [(CODE, 0x1000, 0x400, 0x200), (TABLE, table.len() as u32, 0x600, 0)];
    for (number, (first, bytes, at, file_bytes)) in sections.into_iter().enumerate() {
        let entry = head + optional + 40 * number;
        let file_bytes = if number == 1 { table.len() as u32 } else { file_bytes };
        for (place, value) in [(8, bytes), (12, first), (16, file_bytes), (20, at)] {
            put(entry + place, &u32::to_le_bytes(value));
        }
    }
    file.resize(0x600, 0);
    file.extend_from_slice(&table);
    file
}

fn read(bytes: &[u8]) -> Option<Exports> {
    Exports::read(&mut Cursor::new(bytes))
}

#[test]
fn the_nearest_function_below_is_found() {
    for is_wide in [false, true] {
        let image = image(
            &[("LoadLibraryA", 0x1200), ("CreateThread", 0x1100), ("?odd@name@@", 0x1ff0)],
            Some("HeapAlloc"),
            is_wide,
        );
        let exports = read(&image).unwrap();
        for (address, wanted) in [
            (0x10ff, None),
            (0x1100, Some(("CreateThread", 0))),
            (0x11ff, Some(("CreateThread", 0xff))),
            (0x1200, Some(("LoadLibraryA", 0))),
            (0x1fff, Some(("?odd@name@@", 15))),
            (0x2000, None),
            (TABLE, None),
            (u32::MAX, None),
        ] {
            assert_eq!(exports.nearest(address), wanted, "{address:x}");
        }
        assert_eq!(exports.functions.len(), 3, "a function of another image is not ours");
        assert!(exports.cost() > 3 * 8);
    }
}

#[test]
fn files_that_are_no_images_have_none() {
    for bytes in [&b""[..], b"MZ", &[0; 4096], b"#!/bin/sh\n"] {
        assert_eq!(read(bytes), None);
    }
    let whole = image(&[("f", 0x1000)], None, true);
    // Without a table, with one that is somewhere else, and with one that is longer than the file.
    for (at, value, functions) in
        [(0x98 + 112, 0, 0), (0x98 + 112, 0x9000, 0), (0x98 + 116, u32::MAX, 1)]
    {
        let mut image = whole.clone();
        image[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
        assert_eq!(read(&image).unwrap().functions.len(), functions, "{at:x} {value:x}");
    }
}

proptest! {
    /// Any bytes in any place: no panic, and nothing outside a section.
    #[test]
    fn damage_is_left_out(
        count in 0usize..40,
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
        is_wide in any::<bool>(),
        address in any::<u32>(),
    ) {
        let names: Vec<String> = (0..count).map(|number| format!("f{number}")).collect();
        let functions: Vec<_> =
            names.iter().zip(0..).map(|(name, at): (_, u32)| (&**name, CODE + at * 16)).collect();
        let mut bytes = image(&functions, Some("elsewhere"), is_wide);
        prop_assert_eq!(read(&bytes).unwrap().functions.len(), count);
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(length.index(bytes.len()));
        }
        if let Some(exports) = read(&bytes) {
            let nearest = exports.nearest(address);
            prop_assert!(nearest.is_none_or(|(name, below)| !name.is_empty() && below <= address));
            prop_assert!(exports.functions.is_sorted());
        }
    }
}
