// SPDX-License-Identifier: Apache-2.0
//! Where the signature of an image stands, and the digest that it is over: all of the file but its checksum, the entry of
//! the table of signatures, and that table. Foreign bytes: what does not add up is `None`, never a panic.

use crate::{u16_at, u32_at};
use std::ops::Range;

/// Optional headers of 32 and 64 bits.
const MAGIC_32: u16 = 0x10b;
const MAGIC_64: u16 = 0x20b;
/// Bytes from the optional header to its checksum, and of one entry of its directory.
const CHECKSUM_AT: usize = 64;
const ENTRY_BYTES: usize = 8;
/// Place of the table of signatures in the directory.
const SIGNATURES: usize = 4;
/// What files are filled up with, to a multiple of its length.
const FILLED_TO: [u8; 8] = [0; 8];
/// `WIN_CERT_TYPE_PKCS_SIGNED_DATA`.
const PKCS_SIGNED_DATA: u16 = 2;

/// An image.
#[derive(Debug, Clone)]
pub(crate) struct Image<'a> {
    bytes: &'a [u8],
    checksum: Range<usize>,
    /// Entry of the table of signatures; images may have none.
    entry: Option<Range<usize>>,
    table: Range<usize>,
}

impl<'a> Image<'a> {
    /// `None` when it is no executable image.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(b"MZ") {
            return None;
        }
        let pe = usize::try_from(u32_at(bytes, 0x3c)?).ok()?;
        if bytes.get(pe..pe.checked_add(4)?)? != b"PE\0\0" {
            return None;
        }
        let optional = pe.checked_add(24)?;
        let directory = match u16_at(bytes, optional)? {
            MAGIC_32 => optional.checked_add(96)?,
            MAGIC_64 => optional.checked_add(112)?,
            _ => return None,
        };
        let checksum = optional.checked_add(CHECKSUM_AT)?;
        u32_at(bytes, checksum)?;
        let entries = usize::try_from(u32_at(bytes, directory.checked_sub(4)?)?).ok()?;
        let at = directory.checked_add(SIGNATURES * ENTRY_BYTES)?;
        let mut image = Self {
            bytes,
            checksum: checksum..checksum + 4,
            entry: None,
            table: bytes.len()..bytes.len(),
        };
        if entries <= SIGNATURES {
            return Some(image);
        }
        let start = usize::try_from(u32_at(bytes, at)?).ok()?;
        let length = usize::try_from(u32_at(bytes, at + 4)?).ok()?;
        image.entry = Some(at..at + ENTRY_BYTES);
        let end = start.checked_add(length)?;
        // A table that is not in the file, or over the headers, is none.
        if start > at + ENTRY_BYTES && length > 0 && end <= bytes.len() {
            image.table = start..end;
        }
        Some(image)
    }

    /// Hands the parts that the digest is over to `update`.
    pub(crate) fn digest_parts(&self, update: &mut dyn FnMut(&[u8])) {
        let mut at = 0;
        let left_out = [Some(&self.checksum), self.entry.as_ref(), Some(&self.table)];
        for gap in left_out.into_iter().flatten() {
            update(self.bytes.get(at..gap.start).unwrap_or_default());
            at = gap.end;
        }
        update(self.bytes.get(at..).unwrap_or_default());
    }

    /// The same, as catalogues have it: a file without a signature inside is filled up to a multiple of eight bytes.
    pub(crate) fn listed_parts(&self, update: &mut dyn FnMut(&[u8])) {
        self.digest_parts(update);
        let over = self.bytes.len() % FILLED_TO.len();
        if self.table.is_empty() && over > 0 {
            update(FILLED_TO.get(over..).unwrap_or_default());
        }
    }

    /// The first signature: DER of PKCS #7.
    pub(crate) fn signature(&self) -> Option<&'a [u8]> {
        let table = self.bytes.get(self.table.clone())?;
        let length = usize::try_from(u32_at(table, 0)?).ok()?;
        (u16_at(table, 6)? == PKCS_SIGNED_DATA).then_some(())?;
        table.get(8..length)
    }
}
