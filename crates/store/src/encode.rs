// SPDX-License-Identifier: Apache-2.0
//! Parquet's encodings of values inside a page, as far as segments use them: the RLE/bit-packing
//! hybrid and DELTA_BINARY_PACKED, and the thrift compact fields of a page header. Pure; reading is
//! the parquet crate's.

/// A run is written as one from so many equal values on.
const RUN_MIN: usize = 16;
/// Values of a bit-packed group.
const GROUP: usize = 8;
/// Values of a block of deltas, and of its four miniblocks.
const DELTA_BLOCK: usize = 128;
const DELTA_MINIBLOCK: usize = 32;

/// Unsigned LEB128.
pub(crate) fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(low_byte(value) | 0x80);
        value >>= 7;
    }
    out.push(low_byte(value));
}

fn low_byte(value: u64) -> u8 {
    let [byte, ..] = value.to_le_bytes();
    byte
}

/// Signed as unsigned: small amounts are small numbers.
pub(crate) fn zigzag(value: i64) -> u64 {
    value.cast_unsigned().wrapping_shl(1) ^ (value >> 63).cast_unsigned()
}

/// Bits that the largest value needs.
pub(crate) fn bit_width(largest: u32) -> u32 {
    u32::BITS - largest.leading_zeros()
}

fn count(values: usize) -> u64 {
    u64::try_from(values).unwrap_or(u64::MAX)
}

/// Values of `width` bits each (at most 32), as runs and bit-packed groups.
pub(crate) fn rle_hybrid(values: &[u32], width: u32, out: &mut Vec<u8>) {
    // `pending` begins with `literals` values that are no run and are not written yet.
    let (mut rest, mut pending, mut literals) = (values, values, 0);
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|value| *value == first).count();
        if run >= RUN_MIN {
            bit_packed(pending.get(..literals).unwrap_or_default(), width, out);
            rle_run(*first, run, width, out);
            rest = rest.get(run..).unwrap_or_default();
            (pending, literals) = (rest, 0);
        } else {
            let step = GROUP.min(rest.len());
            literals += step;
            rest = rest.get(step..).unwrap_or_default();
        }
    }
    bit_packed(pending.get(..literals).unwrap_or_default(), width, out);
}

/// `run` times the same value.
pub(crate) fn rle_run(value: u32, run: usize, width: u32, out: &mut Vec<u8>) {
    varint(count(run) << 1, out);
    let bytes = usize::try_from(width.div_ceil(8)).unwrap_or(4);
    out.extend(value.to_le_bytes().iter().take(bytes));
}

fn bit_packed(values: &[u32], width: u32, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(GROUP);
    varint(count(groups) << 1 | 1, out);
    let end = out.len() + groups * usize::try_from(width).unwrap_or(32);
    let (mut bits, mut filled) = (0_u64, 0);
    for value in values {
        bits |= u64::from(*value) << filled;
        filled += width;
        if filled >= 32 {
            let [a, b, c, d, ..] = bits.to_le_bytes();
            out.extend_from_slice(&[a, b, c, d]);
            bits >>= 32;
            filled -= 32;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes());
    out.resize(end, 0);
}

/// Size of the integers that deltas wrap around at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    Bits32,
    Bits64,
}

impl Width {
    /// `later - earlier`, wrapped.
    #[allow(clippy::cast_possible_truncation)] // wrapping is what the encoding asks for
    fn delta(self, earlier: i64, later: i64) -> i64 {
        match self {
            Self::Bits32 => i64::from((later as i32).wrapping_sub(earlier as i32)),
            Self::Bits64 => later.wrapping_sub(earlier),
        }
    }

    fn above(self, least: i64, delta: i64) -> u64 {
        let above = delta.wrapping_sub(least).cast_unsigned();
        match self {
            Self::Bits32 => above & u64::from(u32::MAX),
            Self::Bits64 => above,
        }
    }
}

/// DELTA_BINARY_PACKED.
pub(crate) fn deltas(values: &[i64], width: Width, out: &mut Vec<u8>) {
    let (block, miniblocks) = (count(DELTA_BLOCK), count(DELTA_BLOCK / DELTA_MINIBLOCK));
    for header in [block, miniblocks, count(values.len())] {
        varint(header, out);
    }
    let Some((first, rest)) = values.split_first() else {
        return varint(0, out);
    };
    varint(zigzag(*first), out);
    let mut before = *first;
    let mut block = [0_i64; DELTA_BLOCK];
    for chunk in rest.chunks(DELTA_BLOCK) {
        for (slot, value) in block.iter_mut().zip(chunk) {
            *slot = width.delta(before, *value);
            before = *value;
        }
        delta_block(block.get(..chunk.len()).unwrap_or_default(), width, out);
    }
}

fn delta_block(deltas: &[i64], width: Width, out: &mut Vec<u8>) {
    let least = deltas.iter().copied().min().unwrap_or(0);
    varint(zigzag(least), out);
    let widths = out.len();
    out.extend_from_slice(&[0; DELTA_BLOCK / DELTA_MINIBLOCK]);
    for (at, part) in deltas.chunks(DELTA_MINIBLOCK).enumerate() {
        let all = part.iter().fold(0, |all, delta| all | width.above(least, *delta));
        let bits = u64::BITS - all.leading_zeros();
        if let Some(slot) = out.get_mut(widths + at) {
            *slot = low_byte(u64::from(bits));
        }
        let end = out.len() + usize::try_from(bits).unwrap_or(64) * DELTA_MINIBLOCK / 8;
        if bits > 0 {
            pack_miniblock(part, least, width, bits, out);
        }
        out.resize(end, 0);
    }
}

fn pack_miniblock(part: &[i64], least: i64, width: Width, bits: u32, out: &mut Vec<u8>) {
    let (mut acc, mut filled) = (0_u128, 0);
    for delta in part {
        acc |= u128::from(width.above(least, *delta)) << filled;
        filled += bits;
        if filled >= 64 {
            let [a, b, c, d, e, f, g, h, ..] = acc.to_le_bytes();
            out.extend_from_slice(&[a, b, c, d, e, f, g, h]);
            acc >>= 64;
            filled -= 64;
        }
    }
    let left = usize::try_from(filled.div_ceil(8)).unwrap_or(0);
    out.extend(acc.to_le_bytes().iter().take(left));
}

/// Writes the fields of thrift compact structs: 32-bit integers and structs are all that a page
/// header has.
pub(crate) struct ThriftWriter<'a> {
    out: &'a mut Vec<u8>,
    last: u8,
}

impl<'a> ThriftWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, last: 0 }
    }

    fn field(&mut self, id: u8, kind: u8) {
        // Ids ascend by less than 16.
        self.out.push(id.wrapping_sub(self.last) << 4 | kind);
        self.last = id;
    }

    pub(crate) fn int(&mut self, id: u8, value: i32) {
        self.field(id, 5);
        varint(zigzag(i64::from(value)), self.out);
    }

    pub(crate) fn structure(&mut self, id: u8, fill: impl FnOnce(&mut ThriftWriter<'_>)) {
        self.field(id, 12);
        let mut inner = ThriftWriter::new(self.out);
        fill(&mut inner);
        inner.end();
    }

    pub(crate) fn end(self) {
        self.out.push(0);
    }
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
