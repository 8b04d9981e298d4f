// SPDX-License-Identifier: Apache-2.0
//! A map that holds so many entries and no more: the one that was put in first goes first.

use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// A bounded map.
#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    map: HashMap<K, (u64, V)>,
    /// Keys by age; entries whose number is not that of the map are stale.
    order: VecDeque<(u64, K)>,
    next: u64,
    entries_max: usize,
    forgotten: u64,
}

impl<K: Hash + Eq + Clone, V> Bounded<K, V> {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self {
            map: HashMap::new(),
            order: VecDeque::new(),
            next: 0,
            entries_max: entries_max.max(1),
            forgotten: 0,
        }
    }

    /// Puts an entry in as the youngest; one with the same key is replaced.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.next += 1;
        self.order.push_back((self.next, key.clone()));
        self.map.insert(key, (self.next, value));
        while self.map.len() > self.entries_max {
            let Some((number, key)) = self.order.pop_front() else { break };
            if self.map.get(&key).is_some_and(|(current, _)| *current == number) {
                self.map.remove(&key);
                self.forgotten += 1;
            }
        }
        if self.order.len() > 2 * self.entries_max.max(16) {
            let map = &self.map;
            self.order
                .retain(|(number, key)| map.get(key).is_some_and(|(current, _)| current == number));
        }
    }

    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.map.get(key).map(|(_, value)| value)
    }

    pub(crate) fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.map.get_mut(key).map(|(_, value)| value)
    }

    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.map.remove(key).map(|(_, value)| value)
    }

    /// The oldest entry.
    pub(crate) fn oldest(&mut self) -> Option<(&K, &V)> {
        while let Some((number, key)) = self.order.front() {
            if self.map.get(key).is_some_and(|(current, _)| current == number) {
                break;
            }
            self.order.pop_front();
        }
        let (_, key) = self.order.front()?;
        self.map.get_key_value(key).map(|(key, (_, value))| (key, value))
    }

    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Entries that had to go.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_youngest_entries_stay(keys in prop::collection::vec(0u8..40, 0..500), max in 1usize..20) {
            let mut bounded = Bounded::new(max);
            for (i, key) in keys.iter().enumerate() {
                if key % 7 == 0 {
                    bounded.remove(key);
                } else {
                    bounded.insert(*key, i);
                }
                prop_assert!(bounded.len() <= max);
                prop_assert!(bounded.order.len() <= 2 * max.max(16));
                if key % 7 != 0 {
                    prop_assert_eq!(bounded.get(key), Some(&i));
                }
                let oldest = bounded.oldest().map(|(key, value)| (*key, *value));
                let least = bounded.map.iter().map(|(k, (_, v))| (*k, *v)).min_by_key(|(_, v)| *v);
                prop_assert_eq!(oldest, least);
            }
        }
    }
}
