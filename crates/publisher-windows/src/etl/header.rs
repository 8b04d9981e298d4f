// SPDX-License-Identifier: Apache-2.0
//! Headers of buffers and of the records inside them, in all the shapes that ETW writes. Foreign
//! bytes: everything here answers with a value or a reason, and reads nothing beyond.

use crate::bytes::{guid_at, i64_at, u8_at, u16_at, u32_at, u64_at};
use crate::guid::Guid;
use crate::raw::{EventClass, Extended, PointerSize, RawEvent};

/// Bytes of a buffer's header.
pub(crate) const BUFFER_HEADER_BYTES: usize = 72;

/// Largest buffer that is believed (Windows allows 16 MiB since version 10).
pub(crate) const BUFFER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Flag of a buffer whose records are compressed.
const BUFFER_COMPRESSED: u16 = 0x40;
/// All flags that are known.
const BUFFER_FLAGS_KNOWN: u16 = 0x1ff;
/// All types that are known are below.
const BUFFER_TYPES: u16 = 16;

/// Header of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BufferHeader {
    /// Bytes in the file, header and all.
    pub(crate) stored: u32,
    /// Bytes when unpacked, header and all, up to where records stand.
    pub(crate) used: u32,
    /// Whether the records are compressed.
    pub(crate) compressed: bool,
    /// Processor that filled it.
    pub(crate) processor: u16,
}

impl BufferHeader {
    /// From the first 72 bytes of a buffer.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let cut = "buffer_cut";
        let stored = u32_at(bytes, 0).ok_or(cut)?;
        let saved = u32_at(bytes, 4).ok_or(cut)?;
        let filled = u32_at(bytes, 0x30).ok_or(cut)?;
        let flags = u16_at(bytes, 0x34).ok_or(cut)?;
        let buffer_type = u16_at(bytes, 0x36).ok_or(cut)?;
        let used = if filled == 0 || filled == u32::MAX { saved } else { filled };
        let limit = BUFFER_BYTES_MAX as u64;
        let compressed = flags & BUFFER_COMPRESSED != 0;
        let bad = u64::from(stored) > limit
            || u64::from(used) > limit
            || (stored as usize) < BUFFER_HEADER_BYTES
            || (used as usize) < BUFFER_HEADER_BYTES
            || (!compressed && used > stored)
            || flags & !BUFFER_FLAGS_KNOWN != 0
            || buffer_type >= BUFFER_TYPES;
        if bad {
            return Err("bad_buffer_header");
        }
        // Windows 8 and later keep a 16-bit index where there was a number and an alignment.
        let processor = if flags & 0x20 != 0 {
            u16_at(bytes, 0x28).ok_or(cut)?
        } else {
            u16::from(u8_at(bytes, 0x28).ok_or(cut)?)
        };
        Ok(Self { stored, used, compressed, processor })
    }
}

/// Shape of a record's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Kernel event with times: 32 bytes.
    System,
    /// Kernel event without times: 24 bytes.
    Compact,
    /// Kernel event with a time stamp alone: 16 bytes.
    PerfInfo,
    /// Event of a manifest provider: 80 bytes.
    Event,
    /// Event of a classic class: 48 bytes.
    Full,
    /// The same with instance numbers: 72 bytes.
    Instance,
    /// Bare record: 16 bytes.
    Timed,
    /// Software trace message: 8 bytes and what its flags name.
    Message,
}

/// The beginning of a record: enough to put it in order and to step over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peeked {
    shape: Shape,
    /// Width of pointers, where the header says it.
    pointer: Option<PointerSize>,
    /// Bytes of the record without padding.
    size: usize,
    /// Clock value; `None` for messages without one.
    pub(crate) clock: Option<i64>,
}

impl Peeked {
    /// Bytes to the next record.
    pub(crate) fn stride(&self) -> usize {
        self.size.saturating_add(7) & !7
    }
}

/// What stands at the place of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A record.
    Record(Peeked),
    /// A record of a kind that carries no event; it can be stepped over.
    Other(usize),
    /// The unused rest of the buffer.
    End,
}

/// What a record's header cannot say by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings {
    /// Processor of the buffer.
    pub(crate) processor: u16,
    /// Width of pointers of the machine.
    pub(crate) pointer_size: PointerSize,
}

/// Looks at the record at the beginning of `bytes`; `room` is how far it may reach.
#[inline]
pub(crate) fn peek(bytes: &[u8], room: usize) -> Result<Place, &'static str> {
    if bytes.len() < 8 {
        return Ok(Place::End);
    }
    let (Some(first), Some(second)) = (u32_at(bytes, 0), u32_at(bytes, 4)) else {
        return Ok(Place::End);
    };
    if first == u32::MAX || first == 0 {
        return Ok(Place::End);
    }
    let low = |word: u32| (word & 0xffff) as usize;
    let marker = first >> 24;
    if marker & 0xc0 == 0xc0 {
        let four = Some(PointerSize::Four);
        let eight = Some(PointerSize::Eight);
        let (shape, pointer, size, clock_at, header) = match first >> 16 & 0xff {
            1 => (Shape::System, four, low(second), 16, 32),
            2 => (Shape::System, eight, low(second), 16, 32),
            3 => (Shape::Compact, four, low(second), 16, 24),
            4 => (Shape::Compact, eight, low(second), 16, 24),
            16 => (Shape::PerfInfo, four, low(second), 8, 16),
            17 => (Shape::PerfInfo, eight, low(second), 8, 16),
            18 => (Shape::Event, four, low(first), 16, 80),
            19 => (Shape::Event, eight, low(first), 16, 80),
            10 => (Shape::Full, four, low(first), 16, 48),
            20 => (Shape::Full, eight, low(first), 16, 48),
            11 => (Shape::Instance, four, low(first), 16, 72),
            21 => (Shape::Instance, eight, low(first), 16, 72),
            12 => (Shape::Timed, None, low(first), 8, 16),
            // Errors and nodes of the management interface: sizes, but no events.
            13 | 14 => return other(low(first), room),
            _ => return Err("unknown_record_header"),
        };
        if size < header || size > room {
            return Err("bad_record_size");
        }
        return Ok(Place::Record(Peeked { shape, pointer, size, clock: i64_at(bytes, clock_at) }));
    }
    if marker & 0x90 == 0x90 {
        return peek_message(bytes, low(first), room);
    }
    Err("unknown_record_header")
}

fn other(size: usize, room: usize) -> Result<Place, &'static str> {
    if size < 8 || size > room {
        return Err("bad_record_size");
    }
    Ok(Place::Other((size + 7) & !7))
}

/// Where the optional parts of a message's header stand.
struct MessageParts {
    guid: Option<usize>,
    clock: Option<usize>,
    ids: Option<usize>,
    header: usize,
}

impl MessageParts {
    fn of(flags: u16) -> Self {
        let mut at = 8;
        let mut take = |bit: u16, bytes: usize| {
            let here = (flags & bit != 0).then_some(at);
            if here.is_some() {
                at += bytes;
            }
            here
        };
        let _sequence = take(0x1, 4);
        // A message has its group's GUID or the number of a component, never both.
        let guid = take(0x2, 16);
        let component = if guid.is_none() { take(0x4, 4) } else { None };
        let _ = component;
        let clock = if flags & 0x18 != 0 { take(0x18, 8) } else { None };
        let ids = take(0x20, 8);
        Self { guid, clock, ids, header: at }
    }
}

fn peek_message(bytes: &[u8], size: usize, room: usize) -> Result<Place, &'static str> {
    let flags = u16_at(bytes, 6).ok_or("bad_record_size")?;
    let parts = MessageParts::of(flags);
    if size < parts.header || size > room {
        return Err("bad_record_size");
    }
    let pointer = match flags & 0xc0 {
        0x40 => Some(PointerSize::Four),
        0x80 => Some(PointerSize::Eight),
        _ => None,
    };
    let clock = parts.clock.and_then(|at| i64_at(bytes, at));
    Ok(Place::Record(Peeked { shape: Shape::Message, pointer, size, clock }))
}

/// The event of a record that was peeked at. `time_ns` is its clock value made UTC.
#[inline]
pub(crate) fn event<'a>(
    bytes: &'a [u8],
    peeked: &Peeked,
    time_ns: i64,
    surroundings: Surroundings,
) -> Option<RawEvent<'a>> {
    let record = bytes.get(..peeked.size)?;
    let mut event = RawEvent {
        class: EventClass::Classic,
        provider: Guid::ZERO,
        id: 0,
        version: 0,
        opcode: 0,
        task: 0,
        level: 0,
        keyword: 0,
        pid: None,
        tid: None,
        time_ns,
        processor: surroundings.processor,
        pointer_size: peeked.pointer.unwrap_or(surroundings.pointer_size),
        activity: None,
        extended: Extended::default(),
        payload: &[],
    };
    match peeked.shape {
        Shape::System => kernel(record, &mut event, 32, true)?,
        Shape::Compact => kernel(record, &mut event, 24, true)?,
        Shape::PerfInfo => kernel(record, &mut event, 16, false)?,
        Shape::Event => manifest(record, &mut event)?,
        Shape::Full => classic(record, &mut event, 48)?,
        Shape::Instance => classic(record, &mut event, 72)?,
        Shape::Timed => {
            event.class = EventClass::Trace;
            event.id = (u32_at(record, 4)? & 0xffff) as u16;
            event.payload = record.get(16..)?;
        }
        Shape::Message => message(record, &mut event)?,
    }
    Some(event)
}

/// Ids of all ones stand for "unknown".
fn known(id: u32) -> Option<u32> {
    (id != u32::MAX).then_some(id)
}

fn kernel<'a>(record: &'a [u8], event: &mut RawEvent<'a>, header: usize, ids: bool) -> Option<()> {
    event.version = u8_at(record, 0)?;
    let event_type = u8_at(record, 6)?;
    event.id = event_type.into();
    event.opcode = event_type;
    event.provider = match (u8_at(record, 7)?, event_type) {
        // Loads of images are recorded in the group of processes.
        (0x03, 10) => crate::fields::classes::IMAGE,
        (group, _) => class_of_group(group),
    };
    if ids {
        event.tid = known(u32_at(record, 8)?);
        event.pid = known(u32_at(record, 12)?);
    }
    event.payload = record.get(header..)?;
    Some(())
}

fn classic<'a>(record: &'a [u8], event: &mut RawEvent<'a>, header: usize) -> Option<()> {
    event.opcode = u8_at(record, 4)?;
    event.id = event.opcode.into();
    event.level = u8_at(record, 5)?;
    event.version = u8_at(record, 6)?;
    event.tid = known(u32_at(record, 8)?);
    event.pid = known(u32_at(record, 12)?);
    event.provider = guid_at(record, 24)?;
    event.payload = record.get(header..)?;
    Some(())
}

/// Flags of an event header.
const EXTENDED_INFO: u16 = 0x1;
const POINTER_FOUR: u16 = 0x20;
const POINTER_EIGHT: u16 = 0x40;
const CLASSIC_HEADER: u16 = 0x100;

fn manifest<'a>(record: &'a [u8], event: &mut RawEvent<'a>) -> Option<()> {
    let flags = u16_at(record, 4)?;
    event.class =
        if flags & CLASSIC_HEADER != 0 { EventClass::Classic } else { EventClass::Manifest };
    event.tid = known(u32_at(record, 8)?);
    event.pid = known(u32_at(record, 12)?);
    event.provider = guid_at(record, 24)?;
    event.id = u16_at(record, 40)?;
    event.version = u8_at(record, 42)?;
    event.level = u8_at(record, 44)?;
    event.opcode = u8_at(record, 45)?;
    event.task = u16_at(record, 46)?;
    event.keyword = u64_at(record, 48)?;
    event.activity = guid_at(record, 64).filter(|guid| *guid != Guid::ZERO);
    if event.class == EventClass::Classic {
        event.id = event.opcode.into();
    }
    if flags & POINTER_FOUR != 0 {
        event.pointer_size = PointerSize::Four;
    } else if flags & POINTER_EIGHT != 0 {
        event.pointer_size = PointerSize::Eight;
    }
    let mut at = 80;
    if flags & EXTENDED_INFO != 0 {
        at = extended(record, at, &mut event.extended)?;
    }
    event.payload = record.get(at..)?;
    Some(())
}

/// Reads the chain of items between header and payload; returns where the payload begins.
fn extended<'a>(record: &'a [u8], begin: usize, into: &mut Extended<'a>) -> Option<usize> {
    let mut at = begin;
    loop {
        let size = usize::from(u16_at(record, at)?);
        let item_type = u16_at(record, at + 2)?;
        let more = u16_at(record, at + 4)? & 1 != 0;
        let length = usize::from(u16_at(record, at + 6)?);
        if size < 8 + length {
            return None;
        }
        into.take(item_type, record.get(at + 8..at + 8 + length)?);
        at += size;
        if !more {
            return (at <= record.len()).then_some(at);
        }
    }
}

impl<'a> Extended<'a> {
    /// Takes an item by its number; the live path and files use the same numbers. Unknown ones are
    /// left out.
    pub fn take(&mut self, item_type: u16, data: &'a [u8]) {
        match item_type {
            1 => self.related_activity = guid_at(data, 0),
            2 => self.sid = Some(data),
            5 | 6 => self.stack = Some(data),
            0xb => self.schema = Some(data),
            0xc => self.provider_traits = Some(data),
            0xd => self.process_start_key = u64_at(data, 0),
            _ => {}
        }
    }
}

fn message<'a>(record: &'a [u8], event: &mut RawEvent<'a>) -> Option<()> {
    let parts = MessageParts::of(u16_at(record, 6)?);
    event.class = EventClass::Message;
    event.id = u16_at(record, 4)?;
    if let Some(at) = parts.guid {
        event.provider = guid_at(record, at)?;
    }
    if let Some(at) = parts.ids {
        event.tid = known(u32_at(record, at)?);
        event.pid = known(u32_at(record, at + 4)?);
    }
    event.payload = record.get(parts.header..)?;
    Some(())
}

/// The class of a kernel event's group, as consumers of ETW see it; zero with the group in the
/// lowest byte where no class is known.
pub(crate) fn class_of_group(group: u8) -> Guid {
    use crate::fields::classes as class;
    match group {
        0x00 => class::EVENT_TRACE,
        0x01 => class::DISK_IO,
        0x02 => class::PAGE_FAULT,
        0x03 => class::PROCESS,
        0x04 => class::FILE_IO,
        0x05 => class::THREAD,
        0x06 => class::TCP_IP,
        0x07 => class::JOB,
        0x08 => class::UDP_IP,
        0x09 => class::REGISTRY,
        0x0a => class::DEBUG_PRINT,
        0x0b => class::SYSTEM_CONFIG,
        0x0d => class::POOL,
        0x0f => class::PERF_INFO,
        0x10 => class::HEAP,
        0x11 => class::OBJECT,
        0x12 => class::POWER,
        0x14 => class::IMAGE,
        0x17 => class::CRITICAL_SECTION,
        0x18 => class::STACK_WALK,
        0x1a => class::ALPC,
        0x1b => class::SPLIT_IO,
        0x1c => class::THREAD_POOL,
        other => Guid(other as u128),
    }
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
