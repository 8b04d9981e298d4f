// SPDX-License-Identifier: Apache-2.0
//! Bytes of TCP connections put together from copied segments: in order, without gaps, bounded.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// Directions of connections at once; the oldest goes first.
pub const STREAMS_MAX: usize = 512;
/// Bytes kept of one direction.
const STREAM_BYTES_MAX: usize = 64 << 10;

#[derive(Debug, Default)]
struct Stream {
    next: u32,
    bytes: Vec<u8>,
}

/// The directions in work, by what the caller knows each by.
#[derive(Debug)]
pub struct Streams<K> {
    open: HashMap<K, Stream>,
    order: VecDeque<K>,
    dropped: u64,
}

impl<K> Default for Streams<K> {
    fn default() -> Self {
        Self { open: HashMap::new(), order: VecDeque::new(), dropped: 0 }
    }
}

impl<K: Hash + Eq + Copy> Streams<K> {
    /// Adds a segment of `size` bytes, of which `payload` was copied; what there is now of this direction.
    /// A segment out of order starts anew.
    pub fn add(&mut self, key: K, sequence: u32, size: u32, payload: &[u8]) -> &mut Vec<u8> {
        if !self.open.contains_key(&key) {
            self.order.push_back(key);
            if self.order.len() > STREAMS_MAX
                && let Some(oldest) = self.order.pop_front()
                && let Some(stream) = self.open.remove(&oldest)
            {
                self.dropped += u64::from(!stream.bytes.is_empty());
            }
        }
        let stream = self.open.entry(key).or_default();
        let is_apart = !stream.bytes.is_empty() && sequence != stream.next;
        if is_apart || stream.bytes.len().saturating_add(payload.len()) > STREAM_BYTES_MAX {
            self.dropped += 1;
            stream.bytes.clear();
        }
        stream.bytes.extend_from_slice(payload);
        stream.next = sequence.wrapping_add(size);
        &mut stream.bytes
    }

    /// The same of whole segments that may come more than once, as a capture at several places shows them: what is there
    /// already is left out. `None` when nothing is new.
    pub fn add_once(&mut self, key: K, sequence: u32, payload: &[u8]) -> Option<&mut Vec<u8>> {
        let mut new = (sequence, payload);
        if let Some(stream) = self.open.get(&key) {
            let again = usize::try_from(stream.next.wrapping_sub(sequence)).unwrap_or(usize::MAX);
            if again <= stream.bytes.len() {
                new = (stream.next, payload.get(again..).unwrap_or_default());
            }
        }
        if new.1.is_empty() {
            return None;
        }
        let size = u32::try_from(new.1.len()).unwrap_or(u32::MAX);
        Some(self.add(key, new.0, size, new.1))
    }

    /// Whether there is something of a direction.
    #[must_use]
    pub fn is_open(&self, key: K) -> bool {
        self.open.contains_key(&key)
    }

    /// What there is of a direction goes; what comes next begins anew.
    pub fn forget(&mut self, key: K) {
        if let Some(stream) = self.open.get_mut(&key) {
            stream.bytes.clear();
        }
    }

    /// Nothing more of a direction is wanted.
    pub fn remove(&mut self, key: K) {
        if self.open.remove(&key).is_some() {
            self.order.retain(|other| *other != key);
        }
    }

    /// Beginnings that were given up: for others, for a gap behind them, or because they are too long.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn segments_join_in_order_and_are_bounded() {
        let mut streams = Streams::default();
        assert_eq!(streams.add((1, true), 10, 2, b"ab"), b"ab");
        assert_eq!(streams.add((1, true), 12, 1, b"c"), b"abc");
        assert_eq!(streams.add((1, false), 12, 1, b"x"), b"x", "the other direction");
        assert_eq!(streams.dropped(), 0);
        assert_eq!(streams.add((1, true), 99, 1, b"d"), b"d", "a gap");
        assert_eq!(streams.dropped(), 1);
        for cookie in 2..2_000 {
            streams.add((cookie, true), 0, 1, b"y");
        }
        assert_eq!(streams.open.len(), STREAMS_MAX);
        assert_eq!(streams.dropped(), 1 + 2 + 1_998 - 512, "each that went had bytes");
        assert_eq!(streams.add((1, true), 100, 1, b"e"), b"e", "was forgotten");
        assert_eq!(streams.add_once((1, true), 100, b"e"), None, "came already");
        assert_eq!(streams.add_once((1, true), 100, b"ef").unwrap(), b"ef", "half of it is new");
        assert_eq!(
            streams.add_once((1, true), 90, b"z").unwrap(),
            b"z",
            "before all that is there"
        );
        streams.remove((1, true));
        assert!(!streams.is_open((1, true)) && streams.order.len() == streams.open.len());
    }

    proptest! {
        /// Segments of a text that come again and overlap, but leave no gap, give the text.
        #[test]
        fn repeated_segments_give_the_text_once(
            text in prop::collection::vec(any::<u8>(), 1..400),
            steps in prop::collection::vec((0usize..60, 1usize..60), 1..200),
            first in any::<u32>(),
        ) {
            let mut streams = Streams::default();
            let (mut end, mut all) = (0, Vec::new());
            for (back, length) in steps {
                let from = end - back.min(end);
                let to = (from + length).min(text.len());
                let sequence = first.wrapping_add(u32::try_from(from).unwrap());
                if let Some(bytes) = streams.add_once(7, sequence, &text[from..to]) {
                    all.clone_from(bytes);
                }
                end = end.max(to);
                prop_assert_eq!(&all, &text[..end]);
            }
            prop_assert_eq!(streams.dropped(), 0);
        }
    }
}
