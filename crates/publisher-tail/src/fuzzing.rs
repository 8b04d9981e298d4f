// SPDX-License-Identifier: Apache-2.0
//! Ways in for fuzz targets.

use crate::cut::{Cutter, LINE_BYTES_MAX, Unit};
use crate::utmp::{NARROW, Record, WIDE};

/// Cuts bytes into lines in pieces of the given sizes; every byte is of one line, and no line is too long.
pub fn cut(bytes: &[u8], mut size: impl FnMut() -> usize) {
    let (mut cutter, mut rest, mut told) = (Cutter::default(), bytes, 0);
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(size().clamp(1, rest.len()));
        cutter.push(piece, |line| {
            assert!(line.bytes.len() <= LINE_BYTES_MAX && !line.bytes.contains(&b'\n'));
            told += line.size;
        });
        rest = behind;
    }
    cutter.take_rest(|line| told += line.size);
    assert_eq!(told, bytes.len() as u64, "each byte once");
}

/// Reads bytes as records of logins of both layouts, in pieces of the given sizes.
pub fn records(bytes: &[u8], mut size: impl FnMut() -> usize) {
    for layout in [NARROW, WIDE] {
        let (mut cutter, mut rest, mut told) =
            (Cutter::new(Unit::Records(layout.size)), bytes, 0_u64);
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(size().clamp(1, rest.len()));
            cutter.push(piece, |line| {
                told += line.size;
                if let Ok(record) = Record::parse_as(layout, line.bytes) {
                    let texts = [record.terminal, record.user, record.host];
                    assert!(texts.iter().all(|text| !text.contains(&0)));
                    assert!(record.time_ns >= 0);
                }
            });
            rest = behind;
        }
        cutter.take_rest(|line| {
            told += line.size;
            assert!(Record::parse_as(layout, line.bytes).is_err(), "a torn record says nothing");
        });
        assert_eq!(told, bytes.len() as u64, "each byte once");
    }
}
