// SPDX-License-Identifier: Apache-2.0
//! The counters of the kernel side: `struct wire_counts` of wire.h, per kind and CPU.

use libbpf_rs::{MapCore, MapFlags, MapHandle};

/// Totals of one kind over all CPUs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KernelCounts {
    /// The hook ran for it.
    pub seen: u64,
    /// Left out: outside the watched subtree.
    pub subtree: u64,
    /// Left out: done by the collector itself.
    pub own: u64,
    /// Left out by a filter.
    pub rule: u64,
    /// Put into the ring.
    pub submitted: u64,
    /// Lost: no room in the ring.
    pub ring_full: u64,
    /// Lost: larger than the whole ring.
    pub oversize: u64,
    /// Lost: a written file was closed where no hook is.
    pub unseen_close: u64,
    /// Lost: a bounded map was full.
    pub no_room: u64,
}

impl std::ops::AddAssign for KernelCounts {
    fn add_assign(&mut self, other: Self) {
        self.seen += other.seen;
        self.subtree += other.subtree;
        self.own += other.own;
        self.rule += other.rule;
        self.submitted += other.submitted;
        self.ring_full += other.ring_full;
        self.oversize += other.oversize;
        self.unseen_close += other.unseen_close;
        self.no_room += other.no_room;
    }
}

/// Counts of some kinds together, one entry per CPU.
pub(crate) fn counts_by_cpu(map: &MapHandle, kinds: &[u16]) -> Vec<KernelCounts> {
    let mut total = Vec::new();
    for kind in kinds {
        let counts = counts_of(map, *kind);
        total.resize(counts.len().max(total.len()), KernelCounts::default());
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    total
}

/// Over all CPUs.
pub(crate) fn sum(counts: &[KernelCounts]) -> KernelCounts {
    let mut total = KernelCounts::default();
    for count in counts {
        total += *count;
    }
    total
}

fn counts_of(map: &MapHandle, kind: u16) -> Vec<KernelCounts> {
    let Ok(Some(values)) = map.lookup_percpu(&u32::from(kind).to_ne_bytes(), MapFlags::ANY) else {
        return Vec::new();
    };
    let of_cpu = |value: Vec<u8>| {
        let mut words = value
            .chunks_exact(8)
            .map(|word| word.first_chunk().map_or(0, |bytes| u64::from_ne_bytes(*bytes)));
        let mut next = || words.next().unwrap_or(0);
        KernelCounts {
            seen: next(),
            subtree: next(),
            own: next(),
            rule: next(),
            submitted: next(),
            ring_full: next(),
            oversize: next(),
            unseen_close: next(),
            no_room: next(),
        }
    };
    values.into_iter().map(of_cpu).collect()
}
