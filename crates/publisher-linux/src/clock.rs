// SPDX-License-Identifier: Apache-2.0
//! From the kernel's boot clock, which every record carries, to the wall clock of a row.

use rustix::time::{ClockId, Timespec, clock_gettime};
use std::time::{Duration, Instant};

/// How often the distance of the two clocks is measured, so that steps of the wall clock are followed.
const SAMPLE_EVERY: Duration = Duration::from_secs(1);

/// Distance between boot clock and wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BootClock {
    offset_ns: i64,
    sampled: Instant,
}

impl BootClock {
    pub(crate) fn new() -> Self {
        Self { offset_ns: offset_ns(), sampled: Instant::now() }
    }

    /// Measures again when it is time.
    pub(crate) fn refresh(&mut self, now: Instant) {
        if now.duration_since(self.sampled) >= SAMPLE_EVERY {
            self.offset_ns = offset_ns();
            self.sampled = now;
        }
    }

    /// Nanoseconds since the unix epoch of an instant of the boot clock.
    pub(crate) fn wall_ns(self, boot_ns: u64) -> i64 {
        i64::try_from(boot_ns).unwrap_or(i64::MAX).saturating_add(self.offset_ns)
    }
}

/// Nanoseconds since boot, time asleep included.
pub(crate) fn boot_ns() -> u64 {
    u64::try_from(nanoseconds(clock_gettime(ClockId::Boottime))).unwrap_or(0)
}

/// Nanoseconds since the unix epoch.
pub(crate) fn wall_ns() -> i64 {
    nanoseconds(clock_gettime(ClockId::Realtime))
}

fn offset_ns() -> i64 {
    let before = nanoseconds(clock_gettime(ClockId::Boottime));
    let wall = nanoseconds(clock_gettime(ClockId::Realtime));
    let after = nanoseconds(clock_gettime(ClockId::Boottime));
    wall.saturating_sub(before / 2 + after / 2)
}

fn nanoseconds(time: Timespec) -> i64 {
    time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)
}
