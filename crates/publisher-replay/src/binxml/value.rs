// SPDX-License-Identifier: Apache-2.0
//! Typed values of binary XML, as Windows writes them in XML.

use super::{Outcome, Unreadable};
use crate::place::Place;
use crate::record::Draft;
use crate::time;
use std::fmt::Write as _;

/// One substitution of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'c> {
    pub(super) kind: u8,
    pub(super) bytes: &'c [u8],
    /// Where its bytes stand in the chunk.
    pub(super) at: usize,
}

/// Puts a typed value into the head, without a detour over text where it is a number.
pub(super) fn put_head(place: Place, value: Value<'_>, draft: &mut Draft<'_>) -> Outcome<()> {
    if let Some(number) = value.number()
        && place.put_number(number, draft)
    {
        return Ok(());
    }
    if let (Place::Time, 0x11) = (place, value.kind) {
        draft.head.time_ns =
            value.bits().and_then(time::of_filetime).ok_or(Unreadable("bad_time"))?;
        return Ok(());
    }
    if let (Place::ProviderGuid, 0x0f) = (place, value.kind) {
        draft.head.provider_guid = value.guid();
        return Ok(());
    }
    let mut readable = Ok(());
    let span = draft.put_with(|out| readable = write_value(value, out));
    readable?;
    place.put_span(span, draft).ok_or(Unreadable("bad_number"))
}

impl Value<'_> {
    /// Up to eight bytes as an unsigned number.
    fn bits(&self) -> Option<u64> {
        if self.bytes.len() > 8 {
            return None;
        }
        Some(self.bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// An integer, 64-bit ones with their sign bit as it is.
    fn number(&self) -> Option<i64> {
        let bits = self.bits()?;
        Some(match self.kind {
            0x03 => i64::from(i8::from_le_bytes([u8::try_from(bits).ok()?])),
            0x05 => i64::from(i16::from_le_bytes(u16::try_from(bits).ok()?.to_le_bytes())),
            0x07 => i64::from(i32::from_le_bytes(u32::try_from(bits).ok()?.to_le_bytes())),
            0x04 | 0x06 | 0x08..=0x0a | 0x10 | 0x14 | 0x15 => {
                i64::from_le_bytes(bits.to_le_bytes())
            }
            _ => return None,
        })
    }

    fn guid(&self) -> Option<u128> {
        let bytes: [u8; 16] = self.bytes.try_into().ok()?;
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        let head = [d, c, b, a, f, e, h, g];
        let mut all = [0; 16];
        all.iter_mut().zip(head.iter().chain(&rest)).for_each(|(to, from)| *to = *from);
        Some(u128::from_be_bytes(all))
    }
}

/// The value as Windows writes it in XML.
pub(super) fn write_value(value: Value<'_>, out: &mut String) -> Outcome<()> {
    let bad = Unreadable("bad_value");
    match value.kind {
        0x00 => {}
        0x01 => write_utf16(value.bytes, out),
        // ANSI text: the code page is not told; Latin-1 is the near of most.
        0x02 => out.extend(value.bytes.iter().take_while(|c| **c != 0).map(|c| char::from(*c))),
        0x03 | 0x05 | 0x07 | 0x09 => {
            let _ = write!(out, "{}", value.number().ok_or(bad)?);
        }
        0x04 | 0x06 | 0x08 | 0x0a => {
            let _ = write!(out, "{}", value.bits().ok_or(bad)?);
        }
        0x10 | 0x14 | 0x15 => {
            let _ = write!(out, "0x{:x}", value.bits().ok_or(bad)?);
        }
        0x0b => {
            let bytes = value.bytes.try_into().map_err(|_| bad)?;
            let _ = write!(out, "{}", f32::from_le_bytes(bytes));
        }
        0x0c => {
            let bytes = value.bytes.try_into().map_err(|_| bad)?;
            let _ = write!(out, "{}", f64::from_le_bytes(bytes));
        }
        0x0d => out.push_str(if value.bits().ok_or(bad)? == 0 { "false" } else { "true" }),
        0x0e => write_hex(value.bytes, out),
        0x0f => {
            out.push('{');
            evtables_schema::ids::write_uuid(value.guid().ok_or(bad)?, out);
            out.push('}');
        }
        0x11 => time::write_filetime(value.bits().ok_or(bad)?, out),
        0x12 => write_systemtime(value.bytes, out).ok_or(bad)?,
        0x13 => write_sid(value.bytes, out).ok_or(bad)?,
        0x81 => {
            for (number, piece) in strings(value.bytes).enumerate() {
                if number > 0 {
                    out.push_str(", ");
                }
                write_utf16(piece, out);
            }
        }
        kind @ (0x83..=0x8a | 0x94 | 0x95) => {
            let step = match kind {
                0x83 | 0x84 => 1,
                0x85 | 0x86 => 2,
                0x87 | 0x88 | 0x94 => 4,
                _ => 8,
            };
            for (number, bytes) in value.bytes.chunks(step).enumerate() {
                if number > 0 {
                    out.push_str(", ");
                }
                write_value(Value { kind: kind & 0x7f, bytes, at: 0 }, out)?;
            }
        }
        _ => return Err(Unreadable("unknown_type")),
    }
    Ok(())
}

/// NUL-ended pieces of an array of strings.
pub(super) fn strings(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.chunks_exact(2).position(|unit| unit == [0, 0]);
        let end = end.map_or(rest.len(), |units| units * 2);
        let piece = rest.get(..end)?;
        rest = rest.get(end + 2..).unwrap_or_default();
        Some(piece)
    })
}

/// UTF-16 text up to its end or the NULs that end it; halves of pairs become U+FFFD.
pub(super) fn write_utf16(bytes: &[u8], out: &mut String) {
    let mut bytes = bytes.get(..bytes.len() & !1).unwrap_or_default();
    while let Some(rest) = bytes.strip_suffix(&[0, 0]) {
        bytes = rest;
    }
    // Nearly all text of logs is ASCII, and that is quick to see and to copy.
    let rest = if bytes.len() <= 64 { ascii::<32>(bytes, out) } else { ascii::<128>(bytes, out) };
    if !rest.is_empty() {
        let units = rest.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair));
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
    }
}

/// Writes text as long as it is ASCII, `N` units at a time, and gives back what is not.
fn ascii<'t, const N: usize>(mut bytes: &'t [u8], out: &mut String) -> &'t [u8] {
    let mut piece = [0; N];
    while !bytes.is_empty() {
        let (part, rest) = bytes.split_at(bytes.len().min(2 * N));
        // As numbers of 16 bits, so that the compiler packs many at a time.
        let mut all = 0;
        for (to, pair) in piece.iter_mut().zip(part.as_chunks::<2>().0) {
            let unit = u16::from_le_bytes(*pair);
            [*to, _] = unit.to_le_bytes();
            all |= unit;
        }
        let text = piece.get(..part.len() / 2).and_then(|piece| std::str::from_utf8(piece).ok());
        let Some(text) = text.filter(|_| all < 0x80) else { break };
        out.push_str(text);
        bytes = rest;
    }
    bytes
}

fn write_hex(bytes: &[u8], out: &mut String) {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'A' - 10 + value });
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
}

fn write_sid(bytes: &[u8], out: &mut String) -> Option<()> {
    let (revision, count) = (bytes.first()?, usize::from(*bytes.get(1)?));
    let authority = bytes.get(2..8)?.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let _ = write!(out, "S-{revision}-{authority}");
    for part in bytes.get(8..8 + count * 4)?.chunks_exact(4) {
        let _ = write!(out, "-{}", u32::from_le_bytes(part.try_into().ok()?));
    }
    Some(())
}

fn write_systemtime(bytes: &[u8], out: &mut String) -> Option<()> {
    let field = |at: usize| -> Option<i64> {
        let pair = bytes.get(at * 2..at * 2 + 2)?;
        Some(u16::from_le_bytes(pair.try_into().ok()?).into())
    };
    let date = (field(0)?, field(1)?, field(3)?);
    let clock = (field(4)?, field(5)?, field(6)?);
    let ns = time::of_fields(date, clock, field(7)? * 1_000_000)?;
    evtables_schema::time::write_iso_text(ns, out);
    Some(())
}
