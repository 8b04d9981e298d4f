// SPDX-License-Identifier: Apache-2.0
//! Clocks of traces.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;

fn header(clock: ClockKind, frequency: i64) -> TraceHeader {
    TraceHeader {
        buffer_bytes: 65_536,
        build: 19_041,
        processors: 2,
        pointer_size: PointerSize::Eight,
        buffers_written: 1,
        events_lost: 0,
        buffers_lost: 0,
        start_ns: 1_600_000_000_000_000_000,
        end_ns: None,
        boot_ns: None,
        clock,
        frequency,
    }
}

#[test]
fn counters_of_any_frequency_become_utc() {
    for (frequency, tick_ns) in [(10_000_000, 100), (1_000_000_000, 1), (2_500, 400_000)] {
        let clock = TraceClock::new(&header(ClockKind::Counter, frequency), 7_000);
        assert_eq!(clock.unix_ns(7_000), 1_600_000_000_000_000_000);
        assert_eq!(clock.unix_ns(7_003), 1_600_000_000_000_000_000 + 3 * tick_ns);
        assert_eq!(clock.unix_ns(6_999), 1_600_000_000_000_000_000 - tick_ns, "before the start");
    }
}

#[test]
fn system_time_is_taken_as_it_is() {
    let clock = TraceClock::new(&header(ClockKind::SystemTime, 10_000_000), 5);
    assert_eq!(clock.unix_ns(116_444_736_000_000_000), 0);
    assert_eq!(clock.unix_ns(132_404_548_206_236_160), 1_595_981_220_623_616_000);
}

#[test]
fn extremes_saturate() {
    for kind in [ClockKind::Counter, ClockKind::SystemTime, ClockKind::Cycles] {
        for frequency in [1, 3_000_000_000, 10_000_000] {
            let clock = TraceClock::new(&header(kind, frequency), 0);
            let _ = clock.unix_ns(i64::MAX);
            let _ = clock.unix_ns(i64::MIN);
        }
    }
    assert_eq!(unix_ns_of_filetime(i64::MAX), i64::MAX);
    assert_eq!(unix_ns_of_filetime(i64::MIN), i64::MIN);
}
