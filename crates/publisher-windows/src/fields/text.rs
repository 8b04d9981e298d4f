// SPDX-License-Identifier: Apache-2.0
//! Texts and identifiers as they stand in payloads, borrowed, and how they are shown.

use std::fmt::{self, Display, Write};

/// UTF-16 text (little-endian), not converted yet.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Wide<'a>(&'a [u8]);

impl<'a> Wide<'a> {
    /// From bytes without the terminator; an odd last byte is left out.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.get(..bytes.len() & !1).unwrap_or(&[]))
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    fn units(self) -> impl Iterator<Item = u16> + 'a {
        self.0.chunks_exact(2).map(|two| match two {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        })
    }

    /// Appends the text to `out`; what is no UTF-16 becomes U+FFFD.
    pub fn push_to(self, out: &mut String) {
        out.reserve(self.0.len() / 2);
        // Nearly all text of Windows is ASCII: one byte of each unit, as long as that lasts.
        let ascii = self.0.chunks_exact(2).take_while(|two| matches!(two, [low, 0] if *low < 0x80));
        let mut plain = 0;
        for two in ascii {
            out.push(two.first().map_or(' ', |low| char::from(*low)));
            plain += 2;
        }
        let rest = Self(self.0.get(plain..).unwrap_or(&[]));
        out.extend(char::decode_utf16(rest.units()).map(|unit| unit.unwrap_or('\u{fffd}')));
    }
}

impl Display for Wide<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        char::decode_utf16(self.units())
            .try_for_each(|unit| f.write_char(unit.unwrap_or('\u{fffd}')))
    }
}

impl fmt::Debug for Wide<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// Text in the machine's code page, which a trace does not name.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Ansi<'a>(&'a [u8]);

impl<'a> Ansi<'a> {
    /// From bytes without the terminator.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// Appends the text to `out`; bytes beyond ASCII that are not UTF-8 are written `\xNN`.
    pub fn push_to(self, out: &mut String) {
        let written = write!(out, "{self}");
        debug_assert!(written.is_ok(), "a string takes all text");
    }
}

impl Display for Ansi<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Ansi<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// Sub-authorities that an identifier may have.
const SUB_AUTHORITIES_MAX: usize = 15;

/// A security identifier.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sid<'a>(&'a [u8]);

impl<'a> Sid<'a> {
    /// From the beginning of `bytes`; `None` when there stands none.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let count = usize::from(*bytes.get(1)?);
        if *bytes.first()? != 1 || count > SUB_AUTHORITIES_MAX {
            return None;
        }
        bytes.get(..8 + 4 * count).map(Self)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// The name of an account that every Windows has, in the form of Security events.
    #[must_use]
    pub fn well_known(self) -> Option<&'static str> {
        let authority = self.0.get(2..8)?;
        let first = crate::bytes::u32_at(self.0, 8)?;
        if self.0.len() != 12 || authority != [0, 0, 0, 0, 0, 5] {
            return None;
        }
        match first {
            18 => Some("NT AUTHORITY\\SYSTEM"),
            19 => Some("NT AUTHORITY\\LOCAL SERVICE"),
            20 => Some("NT AUTHORITY\\NETWORK SERVICE"),
            7 => Some("NT AUTHORITY\\ANONYMOUS LOGON"),
            _ => None,
        }
    }
}

impl Display for Sid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = self.0.get(2..8).unwrap_or(&[]);
        let authority = authority.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        write!(f, "S-1-{authority}")?;
        let mut at = 8;
        while let Some(sub) = crate::bytes::u32_at(self.0, at) {
            write!(f, "-{sub}")?;
            at += 4;
        }
        Ok(())
    }
}

impl fmt::Debug for Sid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
