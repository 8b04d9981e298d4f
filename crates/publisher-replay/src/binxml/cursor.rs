// SPDX-License-Identifier: Apache-2.0
//! A reader of little-endian numbers that knows its place in the chunk.

use super::{Outcome, Unreadable};

/// A place in a chunk, and where reading from there must end.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
}

impl<'c> Cursor<'c> {
    pub(super) fn new(chunk: &'c [u8], at: usize, len: usize) -> Outcome<Self> {
        let end = at.checked_add(len).filter(|end| *end <= chunk.len());
        Ok(Self { chunk, at, end: end.ok_or(Unreadable("out_of_bounds"))? })
    }

    /// One that stands elsewhere and may read to the end of the chunk.
    pub(super) fn moved(&self, at: usize) -> Outcome<Self> {
        Self::new(self.chunk, at, self.chunk.len().saturating_sub(at))
    }

    /// One that stands a byte before this one, with the same end.
    pub(super) fn back(self) -> Self {
        Self { at: self.at.saturating_sub(1), ..self }
    }

    /// Offset in the chunk.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    #[inline]
    pub(super) fn take(&mut self, len: usize) -> Outcome<&'c [u8]> {
        let to = self.at.checked_add(len).filter(|to| *to <= self.end);
        let to = to.ok_or(Unreadable("out_of_bounds"))?;
        let bytes = self.chunk.get(self.at..to).ok_or(Unreadable("out_of_bounds"))?;
        self.at = to;
        Ok(bytes)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| Unreadable("out_of_bounds"))
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Outcome<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(super) fn u16(&mut self) -> Outcome<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Outcome<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.end
    }
}

#[inline]
pub(super) fn wide(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
