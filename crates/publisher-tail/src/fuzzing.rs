// SPDX-License-Identifier: Apache-2.0
//! Ways in for fuzz targets.

use crate::cut::{Cutter, LINE_BYTES_MAX};

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
