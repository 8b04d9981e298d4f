// SPDX-License-Identifier: Apache-2.0
//! Catalogues: signed lists of digests of files, which stand beside the files that they sign. Which catalogue lists a file only
//! Windows knows; what is in one is read here. Foreign bytes: what does not add up is `None`, never a panic.

use crate::file_digest;
use evtables_tls::der::{Der, OBJECT, OCTETS, SEQUENCE, SET};

/// 1.3.6.1.4.1.311.10.1, 1.3.6.1.4.1.311.12.1.1, 1.3.6.1.4.1.311.2.1.4.
pub(crate) const LIST: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 1];
const OF_FILES: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 12, 1, 1];
const INDIRECT_DATA: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 4];
/// Entries of one catalogue, and attributes of an entry.
const ENTRIES_MAX: usize = 1_000_000;
const ATTRIBUTES_MAX: usize = 64;

/// Whether the list (the value that is signed) has an entry for one of these digests.
pub(crate) fn lists(list: &[u8], digests: &[Vec<u8>]) -> Option<bool> {
    let mut fields = Der(list);
    (Der(fields.expect(SEQUENCE)?).expect(OBJECT)? == OF_FILES).then_some(())?;
    // Its identifier, its time and the kind of its entries, of which the first two may be left out.
    let mut entries = None;
    let mut sequences = 0;
    while let Some((tag, value)) = fields.next() {
        if tag == SEQUENCE {
            sequences += 1;
            entries = (sequences == 2).then_some(value);
            if entries.is_some() {
                break;
            }
        }
    }
    let mut entries = Der(entries?);
    let mut found = false;
    for _ in 0..ENTRIES_MAX {
        let Some(entry) = entries.expect(SEQUENCE) else { return Some(found) };
        found = found || is_of(entry, digests).unwrap_or(false);
    }
    Some(found)
}

/// An entry is named by the digest itself, or has it among its attributes.
fn is_of(entry: &[u8], digests: &[Vec<u8>]) -> Option<bool> {
    let mut entry = Der(entry);
    let name = entry.expect(OCTETS)?;
    if digests.iter().any(|digest| digest == name) {
        return Some(true);
    }
    let mut attributes = Der(entry.expect(SET)?);
    for _ in 0..ATTRIBUTES_MAX {
        let mut attribute = Der(attributes.expect(SEQUENCE)?);
        if attribute.expect(OBJECT)? == INDIRECT_DATA {
            let (_, digest) = file_digest(Der(attribute.expect(SET)?).expect(SEQUENCE)?)?;
            return Some(digests.iter().any(|known| known == digest));
        }
    }
    None
}
