// SPDX-License-Identifier: Apache-2.0
//! Bytes of TCP connections put together from copied segments: in order, without gaps, bounded.

use std::collections::{HashMap, VecDeque};

/// Connections at once; the oldest goes first.
const STREAMS_MAX: usize = 512;
/// Bytes kept of one direction.
const STREAM_BYTES_MAX: usize = 64 << 10;

/// One direction of one socket.
pub(crate) type StreamKey = (u64, bool);

#[derive(Debug, Default)]
struct Stream {
    next: u32,
    bytes: Vec<u8>,
}

/// The directions in work.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    open: HashMap<StreamKey, Stream>,
    order: VecDeque<StreamKey>,
}

impl Streams {
    /// Adds a segment of `size` bytes, of which `payload` was copied; what there is now of this direction.
    /// A segment out of order starts anew.
    pub(crate) fn add(
        &mut self,
        key: StreamKey,
        sequence: u32,
        size: u32,
        payload: &[u8],
    ) -> &mut Vec<u8> {
        if !self.open.contains_key(&key) {
            self.order.push_back(key);
            if self.order.len() > STREAMS_MAX
                && let Some(oldest) = self.order.pop_front()
            {
                self.open.remove(&oldest);
            }
        }
        let stream = self.open.entry(key).or_default();
        let repeated = !stream.bytes.is_empty() && sequence != stream.next;
        if repeated || stream.bytes.len().saturating_add(payload.len()) > STREAM_BYTES_MAX {
            stream.bytes.clear();
        }
        stream.bytes.extend_from_slice(payload);
        stream.next = sequence.wrapping_add(size);
        &mut stream.bytes
    }

    /// What there is of a direction goes; what comes next begins anew.
    pub(crate) fn forget(&mut self, key: StreamKey) {
        if let Some(stream) = self.open.get_mut(&key) {
            stream.bytes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_join_in_order_and_are_bounded() {
        let mut streams = Streams::default();
        assert_eq!(streams.add((1, true), 10, 2, b"ab"), b"ab");
        assert_eq!(streams.add((1, true), 12, 1, b"c"), b"abc");
        assert_eq!(streams.add((1, false), 12, 1, b"x"), b"x", "the other direction");
        assert_eq!(streams.add((1, true), 99, 1, b"d"), b"d", "a gap");
        for cookie in 2..2_000 {
            streams.add((cookie, true), 0, 1, b"y");
        }
        assert_eq!(streams.open.len(), STREAMS_MAX);
        assert_eq!(streams.add((1, true), 100, 1, b"e"), b"e", "was forgotten");
    }
}
