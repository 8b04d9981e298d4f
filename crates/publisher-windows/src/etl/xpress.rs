// SPDX-License-Identifier: Apache-2.0
//! The plain LZ77 variant of XPRESS (MS-XCA 2.4), as ETW compresses buffers: 32 flags at a time,
//! literals and matches of at least three bytes, up to 8 KiB back. Not the Huffman variant.

/// Why compressed bytes are wrong. What was written before the fault is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// They end inside a symbol.
    CutShort,
    /// A match points before the beginning.
    BadOffset,
    /// A long form of a short length.
    BadLength,
    /// They hold more than the buffer may.
    TooLong,
}

impl Fault {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::CutShort => "compressed_cut",
            Self::BadOffset => "compressed_offset",
            Self::BadLength => "compressed_length",
            Self::TooLong => "compressed_long",
        }
    }
}

/// Appends what `source` holds to `out`, at most `bytes_max` bytes, and stops there when `partial`
/// is wanted. Input that ends between symbols is complete.
pub(crate) fn decompress(
    source: &[u8],
    out: &mut Vec<u8>,
    bytes_max: usize,
    extent: Extent,
) -> Result<(), Fault> {
    let begin = out.len();
    let end = begin.saturating_add(bytes_max);
    let mut input = Input { bytes: source, at: 0, half: None };
    loop {
        let Some(flags) = input.flags() else { return Ok(()) };
        if flags == 0 && copy_literals(&mut input, out, end) {
            continue;
        }
        for bit in (0..32).rev() {
            if input.at == source.len() {
                return Ok(());
            }
            if out.len() >= end {
                return if extent == Extent::Beginning { Ok(()) } else { Err(Fault::TooLong) };
            }
            if flags >> bit & 1 == 0 {
                out.push(input.byte()?);
            } else {
                let (offset, length) = input.matched()?;
                copy_match(out, begin, end, offset, length)?;
            }
        }
    }
}

/// How much is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it: more than fits is a fault.
    Whole,
    /// Only as much as fits.
    Beginning,
}

/// 32 literals in a row, the most common group in a buffer of numbers.
fn copy_literals(input: &mut Input<'_>, out: &mut Vec<u8>, end: usize) -> bool {
    if end.saturating_sub(out.len()) < 32 {
        return false;
    }
    let Some(group) = input.bytes.get(input.at..).and_then(|rest| rest.first_chunk::<32>()) else {
        return false;
    };
    out.extend_from_slice(group);
    input.at += 32;
    true
}

fn copy_match(
    out: &mut Vec<u8>,
    begin: usize,
    end: usize,
    offset: usize,
    length: usize,
) -> Result<(), Fault> {
    let here = out.len();
    if offset > here - begin {
        return Err(Fault::BadOffset);
    }
    // More than the room: the beginning of the match is still good.
    let length = length.min(end - here);
    let from = here - offset;
    if offset >= length {
        out.extend_from_within(from..from + length);
    } else if offset == 1 {
        let byte = out.last().copied().unwrap_or(0);
        out.resize(here + length, byte);
    } else {
        // The match overlaps itself: what is copied doubles each time.
        let mut left = length;
        let mut period = offset;
        while left > 0 {
            let take = period.min(left);
            out.extend_from_within(from..from + take);
            left -= take;
            period += take;
        }
    }
    Ok(())
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the byte stands whose upper half is the next short length.
    half: Option<usize>,
}

impl Input<'_> {
    fn flags(&mut self) -> Option<u32> {
        let flags = crate::bytes::u32_at(self.bytes, self.at)?;
        self.at += 4;
        Some(flags)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = *self.bytes.get(self.at).ok_or(Fault::CutShort)?;
        self.at += 1;
        Ok(byte)
    }

    fn two(&mut self) -> Result<usize, Fault> {
        let two = crate::bytes::u16_at(self.bytes, self.at).ok_or(Fault::CutShort)?;
        self.at += 2;
        Ok(usize::from(two))
    }

    /// Offset and length of a match.
    fn matched(&mut self) -> Result<(usize, usize), Fault> {
        let word = self.two()?;
        let offset = (word >> 3) + 1;
        let mut length = word & 7;
        if length == 7 {
            length = 7 + self.long_length()?;
        }
        Ok((offset, length + 3))
    }

    /// Length beyond 7: half a byte, then a byte, then two, then four.
    fn long_length(&mut self) -> Result<usize, Fault> {
        let half = match self.half.take() {
            Some(at) => usize::from(*self.bytes.get(at).ok_or(Fault::CutShort)? >> 4),
            None => {
                self.half = Some(self.at);
                usize::from(self.byte()? & 15)
            }
        };
        if half < 15 {
            return Ok(half);
        }
        let byte = usize::from(self.byte()?);
        if byte < 255 {
            return Ok(15 + byte);
        }
        let mut whole = self.two()?;
        if whole == 0 {
            let low = self.two()?;
            whole = self.two()? << 16 | low;
        }
        // The long forms hold the whole length without the 3 that every match has; what a shorter
        // form could have said is not allowed.
        if whole < 22 {
            return Err(Fault::BadLength);
        }
        Ok(whole - 7)
    }
}

#[cfg(test)]
#[path = "xpress_tests.rs"]
pub(in crate::etl) mod tests;
