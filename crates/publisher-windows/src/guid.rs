// SPDX-License-Identifier: Apache-2.0
//! 16-byte names of providers, classes and activities, as Windows writes and prints them.

use std::fmt;

/// A GUID, kept as the number that its text shows from left to right.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Guid(pub u128);

impl Guid {
    /// The GUID of all zeros.
    pub const ZERO: Self = Self(0);

    /// From the bytes in a trace: the first three groups are little-endian.
    #[must_use]
    pub const fn from_le_bytes(bytes: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
        Self(u128::from_be_bytes([d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p]))
    }

    /// The bytes in a trace.
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; 16] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = self.0.to_be_bytes();
        [d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p]
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            n >> 96,
            n >> 80 & 0xffff,
            n >> 64 & 0xffff,
            n >> 48 & 0xffff,
            n & 0xffff_ffff_ffff
        )
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree() {
        let guid = Guid(0x22fb_2cd6_0e7b_422b_a0c7_2fad_1fd0_e716);
        assert_eq!(guid.to_string(), "22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");
        assert_eq!(guid.to_le_bytes()[..4], [0xd6, 0x2c, 0xfb, 0x22]);
        assert_eq!(Guid::from_le_bytes(guid.to_le_bytes()), guid);
    }
}
