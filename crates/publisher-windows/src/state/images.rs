// SPDX-License-Identifier: Apache-2.0
//! Which image holds an address of a process: for the module of a thread's start.

use super::bounded::Bounded;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Processes that are remembered.
const PROCESSES_MAX: usize = 8_192;

/// Images of one process.
const IMAGES_MAX: usize = 2_048;

/// Images by process and address.
#[derive(Debug)]
pub(crate) struct Images {
    /// First address → bytes and path.
    processes: Bounded<u32, BTreeMap<u64, (u64, Arc<str>)>>,
    refused: u64,
}

impl Images {
    pub(crate) fn new() -> Self {
        Self { processes: Bounded::new(PROCESSES_MAX), refused: 0 }
    }

    /// A process begins: what its number had mapped before is gone.
    pub(crate) fn process_started(&mut self, pid: u32) {
        self.processes.remove(&pid);
    }

    /// An image was mapped.
    pub(crate) fn mapped(&mut self, pid: u32, base: u64, size: u64, path: &Arc<str>) {
        if self.processes.get(&pid).is_none() {
            self.processes.insert(pid, BTreeMap::new());
        }
        let Some(images) = self.processes.get_mut(&pid) else { return };
        if images.len() >= IMAGES_MAX && !images.contains_key(&base) {
            self.refused += 1;
            return;
        }
        // Whatever stood where this one stands now was unmapped without a record.
        let end = base.saturating_add(size);
        let overlapped: Vec<u64> = images
            .range(..end)
            .rev()
            .take_while(|(other, (length, _))| {
                other.saturating_add(*length) > base || **other >= base
            })
            .map(|(other, _)| *other)
            .collect();
        for other in overlapped {
            images.remove(&other);
        }
        images.insert(base, (size, Arc::clone(path)));
    }

    /// An image was unmapped.
    pub(crate) fn unmapped(&mut self, pid: u32, base: u64) {
        if let Some(images) = self.processes.get_mut(&pid) {
            images.remove(&base);
        }
    }

    /// The image that holds `address`, and how far inside.
    pub(crate) fn holding(&self, pid: u32, address: u64) -> Option<(&Arc<str>, u64)> {
        let (base, (size, path)) = self.processes.get(&pid)?.range(..=address).next_back()?;
        (address - base < *size).then_some((path, address - base))
    }

    /// Images and processes that had to be forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.processes.forgotten() + self.refused
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_find_their_image() {
        let mut images = Images::new();
        images.mapped(1, 0x1000, 0x1000, &"a".into());
        images.mapped(1, 0x3000, 0x1000, &"b".into());
        let at =
            |images: &Images, address| images.holding(1, address).map(|(path, _)| path.to_string());
        assert_eq!(at(&images, 0x1fff).as_deref(), Some("a"));
        assert_eq!(at(&images, 0x2000), None);
        assert_eq!(at(&images, 0x3000).as_deref(), Some("b"));
        images.mapped(1, 0x1800, 0x2000, &"c".into());
        assert_eq!(at(&images, 0x1000), None, "a was unmapped without a record");
        assert_eq!(at(&images, 0x3000).as_deref(), Some("c"));
        assert_eq!(images.holding(1, 0x3000).unwrap().1, 0x1800, "so far inside");
        images.unmapped(1, 0x1800);
        assert_eq!(at(&images, 0x3000), None);
        images.mapped(1, 0x1000, 0x10, &"d".into());
        images.process_started(1);
        assert_eq!(at(&images, 0x1000), None, "another process of that number");
    }

    proptest! {
        #[test]
        fn the_last_one_mapped_there_is_found(
            steps in prop::collection::vec((0u64..40, 1u64..10, any::<bool>()), 0..80),
            address in 0u64..50,
        ) {
            let mut images = Images::new();
            // What each address holds, told step by step.
            let mut holds: Vec<Option<usize>> = vec![None; 64];
            let mut ranges: std::collections::HashMap<usize, (u64, u64)> = Default::default();
            for (i, (base, size, map)) in steps.into_iter().enumerate() {
                if map {
                    images.mapped(1, base, size, &i.to_string().into());
                    let hit: Vec<usize> = (base..base + size).filter_map(|a| holds[a as usize]).collect();
                    for slot in &mut holds {
                        if slot.is_some_and(|held| hit.contains(&held)) { *slot = None; }
                    }
                    for a in base..base + size { holds[a as usize] = Some(i); }
                    ranges.insert(i, (base, size));
                } else {
                    images.unmapped(1, base);
                    for slot in &mut holds {
                        if slot.is_some_and(|held| ranges[&held].0 == base) { *slot = None; }
                    }
                }
            }
            let want = holds[address as usize].map(|i| i.to_string());
            prop_assert_eq!(images.holding(1, address).map(|(path, _)| path.to_string()), want);
        }
    }
}
