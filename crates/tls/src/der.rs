// SPDX-License-Identifier: Apache-2.0
//! Values of DER (X.690), one after the other. Foreign bytes: what does not add up is `None`, never a panic.

/// Tag of a number.
pub const INTEGER: u8 = 2;
/// Tag of bytes.
pub const OCTETS: u8 = 4;
/// Tag of an identifier.
pub const OBJECT: u8 = 6;
/// Tag of a sequence.
pub const SEQUENCE: u8 = 0x30;
/// Tag of a set.
pub const SET: u8 = 0x31;

/// A value with its tag, at the front of the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Der<'a>(pub &'a [u8]);

impl<'a> Der<'a> {
    /// The next value, with its tag.
    #[allow(clippy::should_implement_trait)] // it may be asked again after `None`
    pub fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (len, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            // Up to four bytes of length.
            0x81..=0x84 => {
                let (len, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (len.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some((*tag, value))
    }

    /// The next value, when it has this tag; it is stepped over all the same.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    /// Steps over a value of this tag, if it is one.
    pub fn optional(&mut self, tag: u8) {
        if self.0.first() == Some(&tag) {
            self.next();
        }
    }

    /// The next value with its tag and length.
    pub fn next_whole(&mut self) -> Option<&'a [u8]> {
        let before = self.0;
        self.next()?;
        before.get(..before.len() - self.0.len())
    }
}
