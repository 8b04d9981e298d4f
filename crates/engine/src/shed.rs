// SPDX-License-Identifier: Apache-2.0
//! Shedding of load: which tables are given up while the collector is over its budget. Decides once per
//! heartbeat by what it is told; clock and meter are the caller's.
//!
//! Lowest value first, one at a time, and back in the other order. What is rare and tells of an attack, and
//! the process table, are never given up.

use std::collections::BTreeMap;

/// Kinds that may be given up, lowest value first: much, and often the same.
const LOWEST_FIRST: [&str; 12] = [
    "prctl_events",
    "named_pipe_events",
    "image_load_events",
    "http_events",
    "file_attr_events",
    "signal_events",
    "ssl_events",
    "registry_events",
    "dns_response_events",
    "dns_events",
    "file_events",
    "socket_events",
];
/// Heartbeats over the budget before a table is given up.
const OVER_BEATS: u32 = 3;
/// Heartbeats well under it before the last one comes back, at first and at most: doubled each time that it had
/// to go again soon.
const CALM_BEATS: u32 = 10;
const CALM_BEATS_MAX: u32 = 640;
/// A table that goes again within so many heartbeats has come back too soon.
const SOON_BEATS: u32 = 60;
/// Well under the budget: percent of it. Memory that was used once is seldom given back.
const CALM_PERCENT: f64 = 80.0;
/// Memory that does not grow by more is no reason to give up more.
const GROWTH_BYTES: u64 = 1 << 20;

/// What the collector may use. Nothing is given up for what is not set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// Percent of one core.
    pub cpu_percent: Option<u32>,
    /// Resident memory.
    pub memory_bytes: Option<u64>,
}

/// What it uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Use {
    /// Percent of one core since the last heartbeat.
    pub(crate) cpu_percent: f64,
    /// Resident memory.
    pub(crate) memory_bytes: u64,
}

/// Which tables are given up.
#[derive(Debug, Default)]
pub(crate) struct Shedding {
    /// In the order in which they were.
    shed: Vec<&'static str>,
    over: u32,
    calm: u32,
    /// Heartbeats since a table came back.
    since_back: Option<u32>,
    calm_wanted: u32,
    /// Memory when a table was given up for it last.
    memory_then: u64,
}

impl Shedding {
    /// Names of the tables that are given up.
    pub(crate) fn shed(&self) -> &[&'static str] {
        &self.shed
    }

    /// One heartbeat. `rates`: events per second by table's name and kind, of those that gave any. Whether
    /// something has changed.
    pub(crate) fn beat(
        &mut self,
        budget: Budget,
        used: Use,
        rates: &BTreeMap<&'static str, (&'static str, f64)>,
    ) -> bool {
        self.since_back = self.since_back.map(|beats| beats.saturating_add(1));
        let cpu = budget.cpu_percent.map_or(0.0, |most| used.cpu_percent / f64::from(most) * 100.0);
        let grown = self.memory_then == 0 || used.memory_bytes > self.memory_then + GROWTH_BYTES;
        let memory_over = budget.memory_bytes.is_some_and(|most| used.memory_bytes > most);
        if cpu > 100.0 || memory_over && grown {
            self.calm = 0;
            self.over += 1;
            if self.over < OVER_BEATS {
                return false;
            }
            self.over = 0;
            self.memory_then = if memory_over { used.memory_bytes } else { self.memory_then };
            return self.give_up(rates);
        }
        self.over = 0;
        if self.shed.is_empty() || cpu > CALM_PERCENT || memory_over {
            self.calm = 0;
            return false;
        }
        self.calm += 1;
        let none = budget == Budget::default();
        if !none && self.calm < self.calm_wanted.max(CALM_BEATS) {
            return false;
        }
        self.calm = 0;
        self.memory_then = 0;
        self.since_back = Some(0);
        self.shed.pop();
        if none {
            self.shed.clear();
        }
        true
    }

    fn give_up(&mut self, rates: &BTreeMap<&'static str, (&'static str, f64)>) -> bool {
        // What gives no events costs nothing.
        let candidates = LOWEST_FIRST.iter().filter_map(|kind| {
            let busy = rates.iter().filter(|(_, (of, rate))| of == kind && *rate > 0.0);
            busy.map(|(name, _)| *name).find(|name| !self.shed.contains(name))
        });
        let Some(name) = candidates.into_iter().next() else { return false };
        self.shed.push(name);
        let soon = self.since_back.is_some_and(|beats| beats <= SOON_BEATS);
        let calm = self.calm_wanted.max(CALM_BEATS);
        self.calm_wanted = if soon { (calm * 2).min(CALM_BEATS_MAX) } else { CALM_BEATS };
        self.since_back = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(
        names: &[(&'static str, &'static str)],
    ) -> BTreeMap<&'static str, (&'static str, f64)> {
        names.iter().map(|(name, kind)| (*name, (*kind, 100.0))).collect()
    }

    fn busy() -> BTreeMap<&'static str, (&'static str, f64)> {
        rates(&[
            ("linux_socket_events", "socket_events"),
            ("linux_image_load_events", "image_load_events"),
            ("linux_process_events", "process_events"),
            ("linux_file_events", "file_events"),
            ("linux_kernel_module_events", "kernel_module_events"),
        ])
    }

    const BUDGET: Budget = Budget { cpu_percent: Some(20), memory_bytes: Some(80 << 20) };

    fn used(cpu_percent: f64, mib: u64) -> Use {
        Use { cpu_percent, memory_bytes: mib << 20 }
    }

    /// Heartbeats until something changes, at most 2,000.
    fn until_change(shedding: &mut Shedding, used: Use) -> Option<u32> {
        (1..=2_000).find(|_| shedding.beat(BUDGET, used, &busy()))
    }

    #[test]
    fn lowest_value_goes_first_and_comes_back_last() {
        let mut shedding = Shedding::default();
        // One bad second is none.
        assert!(!shedding.beat(BUDGET, used(90.0, 40), &busy()));
        assert!(!shedding.beat(BUDGET, used(90.0, 40), &busy()));
        assert!(!shedding.beat(BUDGET, used(10.0, 40), &busy()));
        for _ in 0..3 {
            assert_eq!(until_change(&mut shedding, used(25.0, 40)), Some(OVER_BEATS));
        }
        assert_eq!(
            shedding.shed(),
            ["linux_image_load_events", "linux_file_events", "linux_socket_events"]
        );
        // Processes and rare things stay, whatever happens.
        assert_eq!(until_change(&mut shedding, used(99.0, 40)), None);
        // Within the budget, but not well: as it is.
        assert_eq!(until_change(&mut shedding, used(18.0, 40)), None);
        for left in [2, 1, 0] {
            assert_eq!(until_change(&mut shedding, used(5.0, 40)), Some(CALM_BEATS));
            assert_eq!(shedding.shed().len(), left);
        }
        assert_eq!(until_change(&mut shedding, used(5.0, 40)), None);
    }

    #[test]
    fn what_comes_back_too_soon_waits_longer() {
        let mut shedding = Shedding::default();
        assert_eq!(until_change(&mut shedding, used(30.0, 40)), Some(OVER_BEATS));
        let mut waits = Vec::new();
        for _ in 0..8 {
            waits.push(until_change(&mut shedding, used(2.0, 40)).unwrap());
            assert_eq!(until_change(&mut shedding, used(30.0, 40)), Some(OVER_BEATS));
        }
        assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 640]);
    }

    #[test]
    fn memory_that_stays_is_no_reason_for_more() {
        let mut shedding = Shedding::default();
        assert_eq!(until_change(&mut shedding, used(1.0, 90)), Some(OVER_BEATS));
        assert_eq!(until_change(&mut shedding, used(1.0, 90)), None);
        assert_eq!(until_change(&mut shedding, used(1.0, 95)), Some(OVER_BEATS));
        assert_eq!(shedding.shed().len(), 2);
        assert_eq!(until_change(&mut shedding, used(1.0, 70)), Some(CALM_BEATS));
        assert_eq!(until_change(&mut shedding, used(1.0, 70)), Some(CALM_BEATS));
    }

    #[test]
    fn without_a_budget_nothing_goes_and_all_comes_back() {
        let mut shedding = Shedding::default();
        for _ in 0..100 {
            assert!(!shedding.beat(Budget::default(), used(500.0, 9_000), &busy()));
        }
        for _ in 0..2 {
            assert_eq!(until_change(&mut shedding, used(30.0, 40)), Some(OVER_BEATS));
        }
        assert!(shedding.beat(Budget::default(), used(30.0, 40), &busy()));
        assert_eq!(shedding.shed(), [""; 0]);
        // Quiet tables would save nothing.
        let quiet = rates(&[("linux_process_events", "process_events")]);
        assert!((0..50).all(|_| !shedding.beat(BUDGET, used(90.0, 40), &quiet)));
    }
}
