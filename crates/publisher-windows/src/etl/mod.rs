// SPDX-License-Identifier: Apache-2.0
//! Reader of recorded trace files (`.etl`), on any system. Buffers of all processors are merged in
//! the order of their clock values while only those that overlap in time are in memory. No memory
//! is taken per event: payloads are borrowed from the buffers. What is damaged is skipped, and
//! counted with its place and reason.

mod clock;
mod damage;
mod header;
mod index;
pub mod writer;
mod xpress;

pub use clock::{ClockKind, TraceClock, TraceHeader, unix_ns_of_filetime};
pub use damage::{DAMAGE_PLACES_MAX, Damage};
pub use index::read_full;

use crate::raw::{
    Fetched, PointerSize, RawEvent, RawEventSink, RawEventSource, SourceError, SourceLoss,
};
use damage::Damages;
use header::{BUFFER_HEADER_BYTES, Peeked, Place, Surroundings};
use index::{Entry, read_at};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{Read, Seek, SeekFrom};
use xpress::{Extent, decompress};

/// Bytes of unpacked buffers in memory at one time; while it is reached, no further buffer is
/// opened, and its events come late and are counted as out of order.
pub const OPEN_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A trace file that is being read.
pub struct EtlReader<R> {
    file: R,
    header: TraceHeader,
    clock: TraceClock,
    surroundings: Surroundings,
    /// Buffers that were not opened yet, last first.
    waiting: Vec<Entry>,
    runs: Vec<Run>,
    /// Next clock value of each open run, and its position in `runs`.
    order: BinaryHeap<Reverse<(i64, usize)>>,
    /// Positions in `runs` that are free.
    free: Vec<usize>,
    open_bytes: usize,
    packed: Vec<u8>,
    last_clock: i64,
    seen: u64,
    out_of_order: u64,
    damages: Damages,
}

impl<R> std::fmt::Debug for EtlReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EtlReader")
            .field("header", &self.header)
            .field("waiting", &self.waiting.len())
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

/// The records of one buffer, which stand in the order of their clock values.
#[derive(Debug, Default)]
struct Run {
    /// Unpacked, without the buffer's header.
    bytes: Vec<u8>,
    at: usize,
    next: Option<Peeked>,
    /// Clock value of `next`; that of the record before it when it has none.
    clock: i64,
    processor: u16,
    /// Where the buffer begins in the file, and whether places inside it are places in the file.
    place: u64,
    compressed: bool,
}

impl<R: Read + Seek> EtlReader<R> {
    /// Reads the places of all buffers and the header of the trace.
    ///
    /// # Errors
    /// When the file cannot be read, or does not begin like a trace.
    pub fn open(mut file: R) -> Result<Self, SourceError> {
        let fault = |error| SourceError::Read { offset: 0, error };
        let file_bytes = file.seek(SeekFrom::End(0)).map_err(fault)?;
        let mut damages = Damages::default();
        let mut packed = Vec::new();
        let (header, first_clock) = trace_header(&mut file, file_bytes, &mut packed)?;
        let mut waiting = index::index(&mut file, file_bytes, &mut damages)?;
        waiting.reverse();
        Ok(Self {
            file,
            clock: TraceClock::new(&header, first_clock),
            surroundings: Surroundings { processor: 0, pointer_size: header.pointer_size },
            header,
            waiting,
            runs: Vec::new(),
            order: BinaryHeap::new(),
            free: Vec::new(),
            open_bytes: 0,
            packed,
            last_clock: i64::MIN,
            seen: 0,
            out_of_order: 0,
            damages,
        })
    }

    /// What the trace says about itself.
    #[must_use]
    pub fn header(&self) -> &TraceHeader {
        &self.header
    }

    /// The first damaged places (see [`RawEventSource::losses`] for all, by reason).
    #[must_use]
    pub fn damage(&self) -> &[Damage] {
        self.damages.places()
    }

    /// Events that came after a later one.
    #[must_use]
    pub fn out_of_order(&self) -> u64 {
        self.out_of_order
    }

    /// Buffers that are still to be opened, and those that are open.
    #[must_use]
    pub fn buffers_left(&self) -> usize {
        self.waiting.len() + self.order.len()
    }

    /// As many events as the buffers that wait can hold: a record takes 8 bytes, and a packed buffer
    /// may be much shorter than what it unpacks to.
    #[cfg(feature = "fuzzing")]
    pub(crate) fn events_max_for_fuzzing(&self) -> u64 {
        self.waiting.iter().map(|entry| u64::from(entry.header.used) / 8).sum()
    }

    /// Opens every buffer whose first record is due.
    fn open_due(&mut self) -> Result<(), SourceError> {
        while let Some(entry) = self.waiting.last() {
            let earliest = self.order.peek().map(|Reverse((clock, _))| *clock);
            let due = earliest.is_none_or(|earliest| entry.first_clock <= earliest);
            let room = self.open_bytes.saturating_add(entry.header.used as usize) <= OPEN_BYTES_MAX;
            if !due || (!room && earliest.is_some()) {
                return Ok(());
            }
            let entry = *entry;
            self.waiting.pop();
            self.open_run(&entry)?;
        }
        Ok(())
    }

    fn open_run(&mut self, entry: &Entry) -> Result<(), SourceError> {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.runs.push(Run::default());
            self.runs.len() - 1
        });
        let Some(run) = self.runs.get_mut(slot) else { return Ok(()) };
        run.bytes.clear();
        run.at = 0;
        run.clock = entry.first_clock;
        run.processor = entry.header.processor;
        run.place = entry.place;
        run.compressed = entry.header.compressed;
        load(&mut self.file, entry, &mut run.bytes, &mut self.packed, &mut self.damages)?;
        self.open_bytes += run.bytes.len();
        if run.advance(&mut self.damages) {
            self.order.push(Reverse((run.clock, slot)));
        } else {
            self.open_bytes -= run.bytes.len();
            self.free.push(slot);
        }
        Ok(())
    }

    /// Hands over the records of a run up to `limit`. True when the run has more.
    fn drain(
        &mut self,
        slot: usize,
        limit: i64,
        events_max: usize,
        given: &mut usize,
        sink: &mut dyn RawEventSink,
    ) -> bool {
        let Some(run) = self.runs.get_mut(slot) else { return false };
        let surroundings = Surroundings { processor: run.processor, ..self.surroundings };
        while let Some(peeked) = run.next {
            if run.clock > limit || *given >= events_max {
                return true;
            }
            if run.clock < self.last_clock {
                self.out_of_order += 1;
            } else {
                self.last_clock = run.clock;
            }
            let time_ns = self.clock.unix_ns(run.clock);
            let record = run.bytes.get(run.at..).unwrap_or(&[]);
            match header::event(record, &peeked, time_ns, surroundings) {
                Some(event) => {
                    sink.event(&event);
                    self.seen += 1;
                    *given += 1;
                }
                None => self.damages.add(run.here(), "bad_record"),
            }
            run.at += peeked.stride();
            if !run.advance(&mut self.damages) {
                break;
            }
        }
        self.open_bytes -= run.bytes.len();
        self.free.push(slot);
        false
    }
}

impl<R: Read + Seek> RawEventSource for EtlReader<R> {
    fn fetch(
        &mut self,
        events_max: usize,
        sink: &mut dyn RawEventSink,
    ) -> Result<Fetched, SourceError> {
        let mut given = 0;
        while given < events_max {
            self.open_due()?;
            let Some(Reverse((_, slot))) = self.order.pop() else {
                return Ok(if given == 0 { Fetched::End } else { Fetched::Events(given) });
            };
            let next_run = self.order.peek().map_or(i64::MAX, |Reverse((clock, _))| *clock);
            let next_buffer = self.waiting.last().map_or(i64::MAX, |entry| entry.first_clock);
            // The buffer that waits may be overdue (no room); then only the open runs count.
            let clock = self.runs.get(slot).map_or(i64::MIN, |run| run.clock);
            let limit = next_run.min(if next_buffer < clock { i64::MAX } else { next_buffer });
            if self.drain(slot, limit, events_max, &mut given, sink) {
                let clock = self.runs.get(slot).map_or(i64::MAX, |run| run.clock);
                self.order.push(Reverse((clock, slot)));
            }
        }
        Ok(Fetched::Events(given))
    }

    fn seen(&self) -> u64 {
        self.seen
    }

    fn losses(&self) -> Vec<SourceLoss> {
        let mut losses: Vec<SourceLoss> = self.damages.counts().collect();
        let mut windows = |reason, count: u32| {
            if count > 0 {
                losses.push(SourceLoss { reason, count: count.into() });
            }
        };
        windows("events_lost_by_windows", self.header.events_lost);
        windows("buffers_lost_by_windows", self.header.buffers_lost);
        losses
    }
}

impl Run {
    /// Looks at the next record. False when there is none; damage ends the buffer and is counted.
    fn advance(&mut self, damages: &mut Damages) -> bool {
        loop {
            let record = self.bytes.get(self.at..).unwrap_or(&[]);
            match header::peek(record, record.len()) {
                Ok(Place::Record(peeked)) => {
                    self.clock = peeked.clock.unwrap_or(self.clock);
                    self.next = Some(peeked);
                    return true;
                }
                Ok(Place::Other(stride)) => {
                    damages.add(self.here(), "unknown_record");
                    self.at += stride;
                }
                Ok(Place::End) => {
                    self.next = None;
                    return false;
                }
                Err(reason) => {
                    damages.add(self.here(), reason);
                    self.next = None;
                    return false;
                }
            }
        }
    }

    fn here(&self) -> u64 {
        let inside = if self.compressed { 0 } else { (BUFFER_HEADER_BYTES + self.at) as u64 };
        self.place + inside
    }
}

/// Reads and unpacks one buffer.
fn load<R: Read + Seek>(
    file: &mut R,
    entry: &Entry,
    bytes: &mut Vec<u8>,
    packed: &mut Vec<u8>,
    damages: &mut Damages,
) -> Result<(), SourceError> {
    let used = entry.header.used as usize;
    let there = entry.there as usize;
    let body_place = entry.place + BUFFER_HEADER_BYTES as u64;
    let wanted = if entry.header.compressed { entry.header.stored as usize } else { used };
    let body = wanted.min(there).saturating_sub(BUFFER_HEADER_BYTES);
    let room = used.saturating_sub(BUFFER_HEADER_BYTES);
    let into = if entry.header.compressed { &mut *packed } else { &mut *bytes };
    into.resize(body, 0);
    let read = read_at(file, body_place, into)?;
    into.truncate(read);
    if wanted > there || read < body {
        damages.add(entry.place, "buffer_cut");
    }
    if entry.header.compressed
        && let Err(fault) = decompress(packed, bytes, room, Extent::Whole)
    {
        damages.add(entry.place, fault.word());
    }
    Ok(())
}

/// The header of the trace and the clock value of its record: the first record of the first buffer.
fn trace_header<R: Read + Seek>(
    file: &mut R,
    file_bytes: u64,
    packed: &mut Vec<u8>,
) -> Result<(TraceHeader, i64), SourceError> {
    let not = SourceError::NotATrace;
    let mut head = [0; BUFFER_HEADER_BYTES];
    let read = read_at(file, 0, &mut head)?;
    let seen = head.get(..read).unwrap_or(&[]);
    let header = header::BufferHeader::parse(seen)
        .map_err(|_| not("the first bytes are no buffer of a trace"))?;
    let there = u32::try_from(file_bytes.min(header.stored.into())).unwrap_or(header.stored);
    let entry = Entry { place: 0, first_clock: 0, header, there };
    let mut bytes = Vec::new();
    load(file, &entry, &mut bytes, packed, &mut Damages::default())?;
    let Ok(Place::Record(peeked)) = header::peek(&bytes, bytes.len()) else {
        return Err(not("the first buffer holds no record"));
    };
    let surroundings = Surroundings { processor: 0, pointer_size: PointerSize::Eight };
    let record: Option<RawEvent<'_>> = header::event(&bytes, &peeked, 0, surroundings);
    let header = record
        .filter(|event| event.provider == header::class_of_group(0) && event.opcode == 0)
        .and_then(|event| TraceHeader::parse(event.payload))
        .ok_or(not("the first record is no header of a trace"))?;
    Ok((header, peeked.clock.unwrap_or(0)))
}

/// Bytes from the beginning of a file that [`looks_like_trace`] needs.
pub const HEAD_BYTES: usize = BUFFER_HEADER_BYTES + 32;

/// Whether a file that begins with `head` is a trace: a buffer whose first record describes one.
#[must_use]
pub fn looks_like_trace(head: &[u8]) -> bool {
    let Ok(buffer) = header::BufferHeader::parse(head) else { return false };
    let room = (buffer.used as usize).saturating_sub(BUFFER_HEADER_BYTES);
    let record = head.get(BUFFER_HEADER_BYTES..).unwrap_or(&[]);
    // A kernel record of group 0, type 0. No tool compresses the first buffer.
    matches!(header::peek(record, room), Ok(Place::Record(_)))
        && !buffer.compressed
        && matches!(record.get(2), Some(1 | 2))
        && record.get(6..8) == Some(&[0, 0])
}

/// A trace of two buffers: a good first one, and one whose records are `records`.
#[cfg(feature = "fuzzing")]
pub(crate) fn wrapped_for_fuzzing(records: &[u8], packed: bool) -> Vec<u8> {
    let head = writer::trace_header(0, PointerSize::Eight);
    let mut file = writer::small_buffer(&head, head.len(), 0x20);
    let flags = if packed { 0x60 } else { 0x20 };
    let unpacked = if packed { 65_536 } else { records.len() };
    file.extend(writer::small_buffer(records, unpacked, flags));
    file
}

/// What compressed bytes unpack to, whole and as a beginning, as far as they are good.
#[cfg(feature = "fuzzing")]
pub(crate) fn unpacked_for_fuzzing(packed: &[u8], bytes_max: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut whole, mut beginning) = (Vec::new(), Vec::new());
    let _ = decompress(packed, &mut whole, bytes_max, Extent::Whole);
    let _ = decompress(packed, &mut beginning, bytes_max, Extent::Beginning);
    (whole, beginning)
}

#[cfg(test)]
mod tests;
