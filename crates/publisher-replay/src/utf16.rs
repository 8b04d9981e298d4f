// SPDX-License-Identifier: Apache-2.0
//! UTF-16 text with a byte order mark as a reader of UTF-8: the Event Viewer saves XML so.

use std::io::{self, Read};

/// Reads UTF-8 of UTF-16.
pub(crate) struct Utf16<R> {
    input: R,
    big_endian: Option<bool>,
    /// A unit that waits for its second half.
    high: Option<u16>,
    out: Vec<u8>,
    at: usize,
}

impl<R: Read> Utf16<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, big_endian: None, high: None, out: Vec::new(), at: 0 }
    }

    /// `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let mut bytes = Vec::new();
        self.input.by_ref().take(32 << 10).read_to_end(&mut bytes)?;
        let mut rest = bytes.as_slice();
        let big = match self.big_endian {
            Some(big) => big,
            None => {
                let big = rest.starts_with(&[0xfe, 0xff]);
                rest = rest.get(2..).unwrap_or_default();
                *self.big_endian.insert(big)
            }
        };
        self.out.clear();
        self.at = 0;
        let units = rest.chunks_exact(2).filter_map(|pair| {
            let pair = pair.try_into().ok()?;
            Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
        });
        let mut units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
        if !bytes.is_empty() {
            self.high = units.pop_if(|unit| (0xd800..0xdc00).contains(unit));
        }
        let mut utf8 = [0; 4];
        for c in char::decode_utf16(units) {
            self.out.extend_from_slice(c.unwrap_or('\u{fffd}').encode_utf8(&mut utf8).as_bytes());
        }
        Ok(!bytes.is_empty() || !self.out.is_empty())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.out.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let mut rest = self.out.get(self.at..).unwrap_or_default();
        let got = rest.read(out)?;
        self.at += got;
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_and_pairs_across_pieces() {
        let text = "é😀x".repeat(20_000);
        for big in [false, true] {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let order = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let bytes: Vec<u8> = units.flat_map(order).collect();
            let mut out = String::new();
            Utf16::new(bytes.as_slice()).read_to_string(&mut out).unwrap();
            assert!(out == text);
        }
        let mut out = String::new();
        Utf16::new(&[0xff, 0xfe, 0x00, 0xd8][..]).read_to_string(&mut out).unwrap();
        assert_eq!(out, "\u{fffd}");
    }
}
