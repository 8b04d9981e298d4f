// SPDX-License-Identifier: Apache-2.0
//! From clock values of a trace to UTC. A trace says in its first record which clock it used, how
//! fast it runs, and what time it was when that record was written.

use crate::bytes::{i64_at, u32_at};
use crate::raw::PointerSize;

/// Hundreds of nanoseconds from 1601 to 1970.
const FILETIME_AT_EPOCH: i128 = 116_444_736_000_000_000;

/// Nanoseconds since the unix epoch of a Windows file time; saturates outside of what fits.
#[must_use]
pub fn unix_ns_of_filetime(filetime: i64) -> i64 {
    saturate((i128::from(filetime) - FILETIME_AT_EPOCH) * 100)
}

fn saturate(ns: i128) -> i64 {
    i64::try_from(ns).unwrap_or(if ns < 0 { i64::MIN } else { i64::MAX })
}

/// What the first record of a trace says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceHeader {
    /// Size of the session's buffers, bytes.
    pub buffer_bytes: u32,
    /// Windows build number.
    pub build: u32,
    /// Processors of the machine.
    pub processors: u32,
    /// Width of the machine's pointers.
    pub pointer_size: PointerSize,
    /// Buffers that were written.
    pub buffers_written: u32,
    /// Events that Windows lost while recording.
    pub events_lost: u32,
    /// Buffers that Windows lost while recording.
    pub buffers_lost: u32,
    /// Start of the trace, nanoseconds since the unix epoch.
    pub start_ns: i64,
    /// End of the trace, nanoseconds since the unix epoch; `None` when it was not closed.
    pub end_ns: Option<i64>,
    /// Boot of the machine, nanoseconds since the unix epoch; `None` when it is not said.
    pub boot_ns: Option<i64>,
    /// Clock of the records.
    pub clock: ClockKind,
    /// Clock ticks in a second.
    pub frequency: i64,
}

/// Which clock stamps the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockKind {
    /// The performance counter.
    Counter,
    /// The time of day, as file time.
    SystemTime,
    /// The processor's cycle counter.
    Cycles,
}

impl TraceHeader {
    /// From the payload of the trace's first record.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Option<Self> {
        // The width of pointers is said after 44 bytes, before the first pointer.
        let pointer_size = match u32_at(payload, 44)? {
            4 => PointerSize::Four,
            8 => PointerSize::Eight,
            _ => return None,
        };
        // Two pointers, and the time zone with a gap before what is eight bytes wide.
        let tail = 56 + 2 * pointer_size.bytes() + 176;
        let clock = match u32_at(payload, tail + 24)? {
            2 => ClockKind::SystemTime,
            3 => ClockKind::Cycles,
            _ => ClockKind::Counter,
        };
        let counter = i64_at(payload, tail + 8)?;
        let megahertz = i64::from(u32_at(payload, 52)?);
        let frequency = match clock {
            ClockKind::SystemTime => 10_000_000,
            ClockKind::Cycles => megahertz.saturating_mul(1_000_000),
            ClockKind::Counter => counter,
        };
        let some = |filetime: i64| (filetime > 0).then(|| unix_ns_of_filetime(filetime));
        Some(Self {
            buffer_bytes: u32_at(payload, 0)?,
            build: u32_at(payload, 8)?,
            processors: u32_at(payload, 12)?,
            pointer_size,
            buffers_written: u32_at(payload, 36)?,
            events_lost: u32_at(payload, 48)?,
            buffers_lost: u32_at(payload, tail + 28)?,
            start_ns: unix_ns_of_filetime(i64_at(payload, tail + 16)?),
            end_ns: some(i64_at(payload, 16)?),
            boot_ns: some(i64_at(payload, tail)?),
            clock,
            // A trace without a frequency cannot be converted; ten million ticks a second is what
            // Windows has used since version 10.
            frequency: if frequency > 0 { frequency } else { 10_000_000 },
        })
    }
}

/// Makes UTC of clock values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceClock {
    kind: ClockKind,
    frequency: i64,
    start_clock: i64,
    start_ns: i64,
}

impl TraceClock {
    /// `first_clock` is the clock value of the record that `header` came from.
    #[must_use]
    pub fn new(header: &TraceHeader, first_clock: i64) -> Self {
        Self {
            kind: header.clock,
            frequency: header.frequency,
            start_clock: first_clock,
            start_ns: header.start_ns,
        }
    }

    /// Nanoseconds since the unix epoch.
    #[must_use]
    #[inline]
    pub fn unix_ns(&self, clock: i64) -> i64 {
        if self.kind == ClockKind::SystemTime {
            return unix_ns_of_filetime(clock);
        }
        let ticks = clock.wrapping_sub(self.start_clock);
        if self.frequency == 10_000_000
            && let Some(ns) = ticks.checked_mul(100).and_then(|ns| ns.checked_add(self.start_ns))
        {
            return ns;
        }
        let ns = i128::from(ticks) * 1_000_000_000 / i128::from(self.frequency.max(1));
        saturate(ns + i128::from(self.start_ns))
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
