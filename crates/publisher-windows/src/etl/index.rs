// SPDX-License-Identifier: Apache-2.0
//! Where the buffers of a trace file stand, and the clock value of each one's first record. Reads
//! a few hundred bytes per buffer; finds the next good buffer after a damaged place.

use super::damage::Damages;
use super::header::{self, BUFFER_HEADER_BYTES, BufferHeader, Place};
use super::xpress::{Extent, decompress};
use crate::bytes::u32_at;
use crate::raw::SourceError;
use std::io::{Read, Seek, SeekFrom};

/// Buffers of one file that are read; more are counted as lost (64 GiB of ordinary buffers).
const BUFFERS_MAX: usize = 1 << 20;

/// Bytes of each buffer that the index reads: the header, and enough of a compressed body for
/// the first record's header.
const LOOK_BYTES: usize = BUFFER_HEADER_BYTES + 256;

/// Bytes of a record's header that its clock value needs.
const RECORD_HEADER_BYTES: usize = 96;

/// Bytes that are read at first while a good buffer is sought: it may be near, and often.
const SEEK_BYTES_MIN: usize = 1_024;

/// Bytes that are read at a time when it is not near.
const SEEK_BYTES_MAX: usize = 64 * 1024;

/// One buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Where it begins in the file.
    pub(crate) place: u64,
    /// Clock value of its first record.
    pub(crate) first_clock: i64,
    /// What its header says.
    pub(crate) header: BufferHeader,
    /// Bytes of it that are in the file.
    pub(crate) there: u32,
}

/// Reads `into.len()` bytes at `place`, fewer at the end of the file.
pub(crate) fn read_at<R: Read + Seek>(
    file: &mut R,
    place: u64,
    into: &mut [u8],
) -> Result<usize, SourceError> {
    let fault = |error| SourceError::Read { offset: place, error };
    file.seek(SeekFrom::Start(place)).map_err(fault)?;
    read_full(file, into).map_err(fault)
}

/// Reads `into.len()` bytes, fewer at the end of the input.
///
/// # Errors
/// Those of the input, but for interruptions.
pub fn read_full(input: &mut impl Read, into: &mut [u8]) -> std::io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = into.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// All buffers of the file, in the order of their first records.
pub(crate) fn index<R: Read + Seek>(
    file: &mut R,
    file_bytes: u64,
    damages: &mut Damages,
) -> Result<Vec<Entry>, SourceError> {
    let mut entries = Vec::new();
    let mut look = [0; LOOK_BYTES];
    let mut place = 0;
    let mut last_clock = i64::MIN;
    while place < file_bytes {
        if entries.len() == BUFFERS_MAX {
            damages.add(place, "too_many_buffers");
            break;
        }
        let read = read_at(file, place, &mut look)?;
        let seen = look.get(..read).unwrap_or(&[]);
        let header = match BufferHeader::parse(seen) {
            Ok(header) => header,
            Err(reason) => {
                damages.add(place, reason);
                match next_good(file, place + 1, file_bytes)? {
                    Some(next) => place = next,
                    None => break,
                }
                continue;
            }
        };
        let left = file_bytes - place;
        let there = u32::try_from(left.min(header.stored.into())).unwrap_or(header.stored);
        if header.used as usize > BUFFER_HEADER_BYTES {
            last_clock = first_clock(seen, &header).unwrap_or(last_clock);
            entries.push(Entry { place, first_clock: last_clock, header, there });
        }
        place += u64::from(header.stored);
    }
    // Stable: buffers whose first records share a clock value stay in the order of the file.
    entries.sort_by_key(|entry| entry.first_clock);
    Ok(entries)
}

/// Clock value of the first record of the buffer that `seen` is the beginning of.
fn first_clock(seen: &[u8], header: &BufferHeader) -> Option<i64> {
    let body = seen.get(BUFFER_HEADER_BYTES..)?;
    let room = header.used as usize - BUFFER_HEADER_BYTES;
    let mut unpacked = Vec::new();
    let record = if header.compressed {
        // The look is cut, so a fault at its end says nothing; what came before it is good.
        let _ = decompress(body, &mut unpacked, RECORD_HEADER_BYTES, Extent::Beginning);
        unpacked.as_slice()
    } else {
        body
    };
    match header::peek(record, room) {
        Ok(Place::Record(peeked)) => peeked.clock,
        _ => None,
    }
}

/// The next place from `from` on where a buffer that can be believed begins.
fn next_good<R: Read + Seek>(
    file: &mut R,
    from: u64,
    file_bytes: u64,
) -> Result<Option<u64>, SourceError> {
    let mut window = Vec::new();
    let mut place = from;
    let mut step = SEEK_BYTES_MIN;
    while place < file_bytes {
        window.resize(step + LOOK_BYTES, 0);
        let read = read_at(file, place, &mut window)?;
        let seen = window.get(..read).unwrap_or(&[]);
        for at in 0..seen.len().min(step) {
            let candidate = seen.get(at..).unwrap_or(&[]);
            let here = place + at as u64;
            if can_be_believed(candidate, file_bytes - here) {
                return Ok(Some(here));
            }
        }
        place += step as u64;
        step = (2 * step).min(SEEK_BYTES_MAX);
    }
    Ok(None)
}

/// Stricter than parsing, because any bytes may stand here: both fill marks agree, the buffer fits
/// the file, and its first record has a header.
fn can_be_believed(bytes: &[u8], left: u64) -> bool {
    let (Some(saved), Some(filled)) = (u32_at(bytes, 4), u32_at(bytes, 0x30)) else {
        return false;
    };
    if saved != filled || saved as usize <= BUFFER_HEADER_BYTES {
        return false;
    }
    let Ok(header) = BufferHeader::parse(bytes) else { return false };
    u64::from(header.stored) <= left
        && first_clock(bytes.get(..LOOK_BYTES.min(bytes.len())).unwrap_or(&[]), &header).is_some()
}
