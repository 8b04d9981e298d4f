// SPDX-License-Identifier: Apache-2.0
//! Which process a connection belongs to, and which datagrams are one flow: a row per flow, not per
//! packet.

use super::SECOND;
use super::bounded::Bounded;
use std::net::IpAddr;

/// Flows that are remembered.
const FLOWS_MAX: usize = 16_384;

/// A flow of datagrams that was silent for so long is a new one.
const IDLE_NS: i64 = 60 * SECOND;

/// Both ends, seen from the machine, and the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Flow {
    /// 6 or 17.
    pub(crate) protocol: u8,
    pub(crate) pid: u32,
    pub(crate) local: (IpAddr, u16),
    pub(crate) remote: (IpAddr, u16),
}

/// Flows of datagrams.
#[derive(Debug)]
pub(crate) struct Flows {
    last: Bounded<Flow, i64>,
}

impl Flows {
    pub(crate) fn new() -> Self {
        Self { last: Bounded::new(FLOWS_MAX) }
    }

    /// True when the packet begins a flow.
    pub(crate) fn begins(&mut self, flow: Flow, time_ns: i64) -> bool {
        match self.last.get_mut(&flow) {
            Some(last) => {
                // A late packet moves nothing back.
                let silent = time_ns.saturating_sub(*last) > IDLE_NS;
                *last = (*last).max(time_ns);
                silent
            }
            None => {
                self.last.insert(flow, time_ns);
                true
            }
        }
    }

    /// Flows that had to be forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.last.forgotten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flow(port: u16) -> Flow {
        let at = |last| IpAddr::from([10, 0, 0, last]);
        Flow { protocol: 17, pid: 4, local: (at(1), 5_353), remote: (at(2), port) }
    }

    #[test]
    fn silence_ends_a_flow() {
        let mut flows = Flows::new();
        assert!(flows.begins(flow(1), 0));
        assert!(!flows.begins(flow(1), 50 * SECOND));
        assert!(!flows.begins(flow(1), 20 * SECOND), "late");
        assert!(!flows.begins(flow(1), 110 * SECOND));
        assert!(flows.begins(flow(1), 171 * SECOND));
        assert!(flows.begins(flow(2), 171 * SECOND));
    }

    proptest! {
        #[test]
        fn each_flow_begins_once_while_it_talks(packets in prop::collection::vec((0u16..20, 0i64..SECOND), 0..400)) {
            let mut flows = Flows::new();
            let mut seen = std::collections::HashSet::new();
            for (port, time) in packets {
                prop_assert_eq!(flows.begins(flow(port), time), seen.insert(port));
            }
        }
    }
}
