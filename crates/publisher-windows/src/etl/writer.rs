// SPDX-License-Identifier: Apache-2.0
//! Writer of trace files: what [`super::EtlReader`] reads, other tools read too. One buffer per
//! processor is open at a time. Times are exact to the nanosecond, because the trace's clock is
//! declared to tick so.

use super::header::BUFFER_HEADER_BYTES;
use crate::raw::{EventClass, PointerSize, RawEvent};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Bytes of a buffer.
pub const BUFFER_BYTES: usize = 64 * 1024;

/// Largest record: what the size field of its header holds, and one buffer has room for.
pub const RECORD_BYTES_MAX: usize = BUFFER_BYTES - BUFFER_HEADER_BYTES - 8;

/// Hundreds of nanoseconds from 1601 to 1970.
const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;

/// Whether an event was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It stands in the trace.
    Whole,
    /// It is larger than a record can be, and was left out.
    TooLarge,
}

/// A trace file that is being written.
#[derive(Debug)]
pub struct EtlWriter<W: Write> {
    out: W,
    start_ns: i64,
    /// Records of each processor's open buffer.
    open: BTreeMap<u16, Vec<u8>>,
    sequence: u64,
}

impl<W: Write> EtlWriter<W> {
    /// Begins a trace of a machine whose pointers are `pointer_size` wide.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn new(out: W, start_ns: i64, pointer_size: PointerSize) -> io::Result<Self> {
        let mut writer = Self { out, start_ns, open: BTreeMap::new(), sequence: 0 };
        let record = trace_header(start_ns, pointer_size);
        writer.buffer(0, &record)?;
        Ok(writer)
    }

    /// Appends one event; events of one processor in the order of time.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn push(&mut self, event: &RawEvent<'_>) -> io::Result<Written> {
        let record = record(event, event.time_ns.wrapping_sub(self.start_ns));
        let Some(record) = record else { return Ok(Written::TooLarge) };
        let open = self.open.entry(event.processor).or_default();
        if open.len() + record.len() > BUFFER_BYTES - BUFFER_HEADER_BYTES {
            let full = std::mem::take(open);
            self.buffer(event.processor, &full)?;
        }
        self.open.entry(event.processor).or_default().extend_from_slice(&record);
        Ok(Written::Whole)
    }

    /// Writes all open buffers.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn finish(mut self) -> io::Result<W> {
        for (processor, records) in std::mem::take(&mut self.open) {
            if !records.is_empty() {
                self.buffer(processor, &records)?;
            }
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn buffer(&mut self, processor: u16, records: &[u8]) -> io::Result<()> {
        let buffer = buffer(processor, self.sequence, records);
        self.sequence += 1;
        self.out.write_all(&buffer)
    }
}

fn low32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// One buffer of plain records, filled up to its size.
pub(crate) fn buffer(processor: u16, sequence: u64, records: &[u8]) -> Vec<u8> {
    let used = low32(BUFFER_HEADER_BYTES + records.len());
    let mut buffer = buffer_header(low32(BUFFER_BYTES), used, processor, sequence, 0x20);
    buffer.extend_from_slice(records);
    buffer.resize(BUFFER_BYTES, 0xff);
    buffer
}

/// One buffer without unused bytes.
#[cfg(feature = "fuzzing")]
pub(crate) fn small_buffer(records: &[u8], unpacked: usize, flags: u16) -> Vec<u8> {
    let stored = low32(BUFFER_HEADER_BYTES + records.len());
    let used = low32(BUFFER_HEADER_BYTES + unpacked);
    let mut buffer = buffer_header(stored, used, 0, 0, flags);
    buffer.extend_from_slice(records);
    buffer
}

/// The 72 bytes before the records.
pub(crate) fn buffer_header(
    stored: u32,
    used: u32,
    processor: u16,
    sequence: u64,
    flags: u16,
) -> Vec<u8> {
    let mut header = Vec::with_capacity(BUFFER_BYTES);
    header.extend_from_slice(&stored.to_le_bytes());
    header.extend_from_slice(&used.to_le_bytes());
    header.extend_from_slice(&used.to_le_bytes());
    header.resize(0x18, 0);
    header.extend_from_slice(&sequence.to_le_bytes());
    header.resize(0x28, 0);
    header.extend_from_slice(&processor.to_le_bytes());
    header.resize(0x2c, 0);
    header.extend_from_slice(&3u32.to_le_bytes());
    header.extend_from_slice(&used.to_le_bytes());
    header.extend_from_slice(&flags.to_le_bytes());
    header.resize(BUFFER_HEADER_BYTES, 0);
    header
}

/// The first record: a kernel record of group 0, type 0.
pub(crate) fn trace_header(start_ns: i64, pointer_size: PointerSize) -> Vec<u8> {
    let filetime = start_ns.div_euclid(100).saturating_add(FILETIME_AT_EPOCH);
    let mut payload = Vec::with_capacity(288);
    for number in [low32(BUFFER_BYTES), 0x0502_000a, 0, 1] {
        payload.extend_from_slice(&number.to_le_bytes());
    }
    payload.extend_from_slice(&0i64.to_le_bytes());
    for number in [156_250, 0, 1, 0, 1, low32(pointer_size.bytes()), 0, 0] {
        payload.extend_from_slice(&u32::to_le_bytes(number));
    }
    payload.resize(payload.len() + 2 * pointer_size.bytes() + 172, 0);
    payload.resize(payload.len().next_multiple_of(8), 0);
    payload.extend_from_slice(&0i64.to_le_bytes());
    payload.extend_from_slice(&1_000_000_000i64.to_le_bytes());
    payload.extend_from_slice(&filetime.to_le_bytes());
    payload.extend_from_slice(&1u32.to_le_bytes());
    payload.extend_from_slice(&0u32.to_le_bytes());
    // Two empty names.
    payload.extend_from_slice(&[0; 4]);
    // The start is a multiple of 100 ns; the record stands where that is.
    let clock = -start_ns.rem_euclid(100);
    let kind = if pointer_size == PointerSize::Eight { 2 } else { 1 };
    let mut record = vec![2, 0, kind, 0xc0];
    record.extend_from_slice(&u32::to_le_bytes(low32(32 + payload.len())));
    record.resize(16, 0);
    record.extend_from_slice(&clock.to_le_bytes());
    record.resize(32, 0);
    record.extend_from_slice(&payload);
    padded(record)
}

fn padded(mut record: Vec<u8>) -> Vec<u8> {
    record.resize(record.len().next_multiple_of(8), 0);
    record
}

fn ids(record: &mut Vec<u8>, event: &RawEvent<'_>) {
    record.extend_from_slice(&event.tid.unwrap_or(u32::MAX).to_le_bytes());
    record.extend_from_slice(&event.pid.unwrap_or(u32::MAX).to_le_bytes());
}

/// The bytes of an event with its padding; `None` when it is too large.
pub(crate) fn record(event: &RawEvent<'_>, clock: i64) -> Option<Vec<u8>> {
    let mut record = match event.class {
        EventClass::Manifest => manifest(event, clock),
        EventClass::Classic => classic(event, clock),
        EventClass::Message => message(event, clock),
        EventClass::Trace => {
            let mut record = vec![0, 0, 12, 0xc0];
            record.extend_from_slice(&u32::from(event.id).to_le_bytes());
            record.extend_from_slice(&clock.to_le_bytes());
            record
        }
    };
    record.extend_from_slice(event.payload);
    let size = u16::try_from(record.len()).ok().filter(|_| record.len() <= RECORD_BYTES_MAX)?;
    record.get_mut(..2)?.copy_from_slice(&size.to_le_bytes());
    Some(padded(record))
}

fn eight(event: &RawEvent<'_>) -> bool {
    event.pointer_size == PointerSize::Eight
}

fn manifest(event: &RawEvent<'_>, clock: i64) -> Vec<u8> {
    let extended = extended(event);
    let flags: u16 = u16::from(!extended.is_empty()) | if eight(event) { 0x40 } else { 0x20 };
    let mut record = vec![0, 0, if eight(event) { 19 } else { 18 }, 0xc0];
    record.extend_from_slice(&flags.to_le_bytes());
    record.extend_from_slice(&[0, 0]);
    ids(&mut record, event);
    record.extend_from_slice(&clock.to_le_bytes());
    record.extend_from_slice(&event.provider.to_le_bytes());
    record.extend_from_slice(&event.id.to_le_bytes());
    record.extend_from_slice(&[event.version, 0, event.level, event.opcode]);
    record.extend_from_slice(&event.task.to_le_bytes());
    record.extend_from_slice(&event.keyword.to_le_bytes());
    record.extend_from_slice(&[0; 8]);
    record.extend_from_slice(&event.activity.unwrap_or_default().to_le_bytes());
    record.extend_from_slice(&extended);
    record
}

fn extended(event: &RawEvent<'_>) -> Vec<u8> {
    let of = &event.extended;
    let activity = of.related_activity.map(crate::Guid::to_le_bytes);
    let start_key = of.process_start_key.map(u64::to_le_bytes);
    let stack_type = if eight(event) { 6 } else { 5 };
    let items: [(u16, Option<&[u8]>); 6] = [
        (1, activity.as_ref().map(<[u8; 16]>::as_slice)),
        (2, of.sid),
        (0xc, of.provider_traits),
        (0xb, of.schema),
        (0xd, start_key.as_ref().map(<[u8; 8]>::as_slice)),
        (stack_type, of.stack),
    ];
    let mut left = items.iter().filter(|(_, data)| data.is_some()).count();
    let mut bytes = Vec::new();
    for (item_type, data) in items {
        let Some(data) = data else { continue };
        left -= 1;
        let Ok(length) = u16::try_from(data.len()) else { continue };
        let total = length.saturating_add(8).checked_next_multiple_of(8).unwrap_or(0xfff8);
        let end = bytes.len() + usize::from(total);
        for number in [total, item_type, u16::from(left > 0), length] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(data);
        bytes.resize(end, 0);
    }
    bytes
}

fn classic(event: &RawEvent<'_>, clock: i64) -> Vec<u8> {
    let mut record = vec![0, 0, if eight(event) { 20 } else { 10 }, 0xc0];
    record.extend_from_slice(&[event.opcode, event.level]);
    record.extend_from_slice(&u16::from(event.version).to_le_bytes());
    ids(&mut record, event);
    record.extend_from_slice(&clock.to_le_bytes());
    record.extend_from_slice(&event.provider.to_le_bytes());
    record.extend_from_slice(&[0; 8]);
    record
}

fn message(event: &RawEvent<'_>, clock: i64) -> Vec<u8> {
    let flags: u16 = 0x2 | 0x8 | 0x20 | if eight(event) { 0x80 } else { 0x40 };
    let mut record = vec![0, 0, 0, 0x90];
    record.extend_from_slice(&event.id.to_le_bytes());
    record.extend_from_slice(&flags.to_le_bytes());
    record.extend_from_slice(&event.provider.to_le_bytes());
    record.extend_from_slice(&clock.to_le_bytes());
    ids(&mut record, event);
    record
}
