// SPDX-License-Identifier: Apache-2.0
//! Damaged places of a trace: counted by reason, and the first ones remembered with their place.

use crate::raw::SourceLoss;
use std::collections::BTreeMap;

/// Places that are remembered.
pub const DAMAGE_PLACES_MAX: usize = 64;

/// One damaged place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Byte in the file; for damage inside a compressed buffer, where that buffer begins.
    pub place: u64,
    /// One word.
    pub reason: &'static str,
}

/// Damage so far.
#[derive(Debug, Default)]
pub(crate) struct Damages {
    places: Vec<Damage>,
    counts: BTreeMap<&'static str, u64>,
}

impl Damages {
    pub(crate) fn add(&mut self, place: u64, reason: &'static str) {
        *self.counts.entry(reason).or_default() += 1;
        if self.places.len() < DAMAGE_PLACES_MAX {
            self.places.push(Damage { place, reason });
        }
    }

    pub(crate) fn places(&self) -> &[Damage] {
        &self.places
    }

    pub(crate) fn counts(&self) -> impl Iterator<Item = SourceLoss> + '_ {
        self.counts.iter().map(|(&reason, &count)| SourceLoss { reason, count })
    }
}
