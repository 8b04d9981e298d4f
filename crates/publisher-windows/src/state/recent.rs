// SPDX-License-Identifier: Apache-2.0
//! The same thing told twice: the kernel's class and the manifest provider both record processes,
//! threads, images, files and connections when a session has both. What one has told, the other
//! does not tell again.

use super::bounded::Bounded;
use std::hash::Hash;

/// Times between two records of one thing that still are one thing.
const SAME_NS: i64 = 50_000_000;

/// Things remembered.
const THINGS_MAX: usize = 4_096;

/// Who told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Teller {
    /// A manifest provider.
    Manifest,
    /// A class of the kernel.
    Kernel,
}

/// What was told lately.
#[derive(Debug)]
pub(crate) struct Recent<K> {
    told: Bounded<K, (Teller, i64)>,
}

impl<K: Hash + Eq + Clone> Recent<K> {
    pub(crate) fn new() -> Self {
        Self { told: Bounded::new(THINGS_MAX) }
    }

    /// True when the other one has just told the same thing.
    pub(crate) fn told(&mut self, key: K, teller: Teller, time_ns: i64) -> bool {
        if let Some((by, at)) = self.told.get(&key)
            && *by != teller
            && time_ns.abs_diff(*at) <= SAME_NS.unsigned_abs()
        {
            // Once: a third record is a new thing.
            self.told.remove(&key);
            return true;
        }
        self.told.insert(key, (teller, time_ns));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_other_ones_echo_is_told_already() {
        let mut recent = Recent::new();
        assert!(!recent.told(1, Teller::Kernel, 0));
        assert!(!recent.told(1, Teller::Kernel, 5), "the same teller means a new thing");
        assert!(recent.told(1, Teller::Manifest, 10));
        assert!(!recent.told(1, Teller::Manifest, 11), "the echo was heard");
        assert!(!recent.told(1, Teller::Kernel, 11 + SAME_NS + 1), "too late for an echo");
    }
}
