// SPDX-License-Identifier: Apache-2.0
//! One traced event before its payload is understood, and the contract of everything that yields
//! such events: trace files and recordings on any system, live sessions on Windows. Knows nothing
//! of tables, and nothing of what a payload means.

use crate::guid::Guid;

/// How an event names itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventClass {
    /// A manifest (or self-describing) provider: `provider` and `id` name the event.
    Manifest,
    /// A classic class: `provider` is the class, `id` and `opcode` are the event type.
    Classic,
    /// A software trace message (WPP): `provider` is the message group, `id` the message number.
    Message,
    /// A bare timed record without provider or class: `id` is its number.
    Trace,
}

/// Width of pointers in a payload: that of the process, or kernel, that wrote the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerSize {
    /// 32-bit.
    Four,
    /// 64-bit.
    Eight,
}

impl PointerSize {
    /// Bytes of one pointer.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Four => 4,
            Self::Eight => 8,
        }
    }
}

/// What may travel with an event beside its payload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extended<'a> {
    /// Activity that caused this one.
    pub related_activity: Option<Guid>,
    /// Security identifier of the writer, as bytes.
    pub sid: Option<&'a [u8]>,
    /// Description of a self-describing event: its name and the types of its fields.
    pub schema: Option<&'a [u8]>,
    /// Traits of a self-describing provider: its name first.
    pub provider_traits: Option<&'a [u8]>,
    /// Number of the process, unique until the next boot.
    pub process_start_key: Option<u64>,
    /// Call stack: match id and addresses, as bytes.
    pub stack: Option<&'a [u8]>,
}

/// One event. Borrowed: it lives as long as the call that hands it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawEvent<'a> {
    /// How the event names itself.
    pub class: EventClass,
    /// Provider, classic class or message group.
    pub provider: Guid,
    /// Event id, event type or message number.
    pub id: u16,
    /// Version of the payload's layout.
    pub version: u8,
    /// Opcode; equals `id` for classic events.
    pub opcode: u8,
    /// Task of a manifest event, else 0.
    pub task: u16,
    /// Level; 0 when the header has none.
    pub level: u8,
    /// Keyword bits; 0 when the header has none.
    pub keyword: u64,
    /// Process that wrote it; `None` when the header has none, or says that it is unknown.
    pub pid: Option<u32>,
    /// Thread that wrote it.
    pub tid: Option<u32>,
    /// When, nanoseconds since the unix epoch, UTC.
    pub time_ns: i64,
    /// Processor whose buffer held it.
    pub processor: u16,
    /// Width of pointers in the payload.
    pub pointer_size: PointerSize,
    /// Activity id; `None` when absent or zero.
    pub activity: Option<Guid>,
    /// What travels beside the payload.
    pub extended: Extended<'a>,
    /// The payload.
    pub payload: &'a [u8],
}

/// Takes events in the order of a source.
pub trait RawEventSink {
    /// One event. Must not block: a live source calls this on its own thread.
    fn event(&mut self, event: &RawEvent<'_>);
}

impl<F: FnMut(&RawEvent<'_>)> RawEventSink for F {
    fn event(&mut self, event: &RawEvent<'_>) {
        self(event);
    }
}

/// What a call of [`RawEventSource::fetch`] came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// So many events were handed over; there may be more.
    Events(usize),
    /// Nothing is there right now (a live source); ask again.
    Idle,
    /// There is no more.
    End,
}

/// Why a source cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Reading failed.
    #[error("failed to read at byte {offset}: {error}")]
    Read {
        /// Where.
        offset: u64,
        /// Why.
        error: std::io::Error,
    },
    /// The beginning is not that of a trace.
    #[error("failed to open the trace: {0}")]
    NotATrace(&'static str),
}

/// Something counted that did not become an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLoss {
    /// One word, for example `bad_buffer`.
    pub reason: &'static str,
    /// How often.
    pub count: u64,
}

/// A source of raw events: a trace file, a recording, a live session.
pub trait RawEventSource {
    /// Hands at most `events_max` events to `sink`.
    ///
    /// # Errors
    /// When nothing more can be had. Damaged places are no error: they are skipped and counted.
    fn fetch(
        &mut self,
        events_max: usize,
        sink: &mut dyn RawEventSink,
    ) -> Result<Fetched, SourceError>;

    /// Events handed over since the start.
    fn seen(&self) -> u64;

    /// What was lost before it could be handed over, by reason; totals since the start.
    fn losses(&self) -> Vec<SourceLoss>;
}
