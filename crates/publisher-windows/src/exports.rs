// SPDX-License-Identifier: Apache-2.0
//! Names of the functions that an image exports (PE, 32 and 64 bits), and which of them an address belongs to. Reads only
//! the heads and the table of exports. Foreign bytes: what does not add up is left out, never a panic; bounded.

use crate::bytes::{u16_at, u32_at};
use std::io::{Read, Seek, SeekFrom};

/// Sections of one image.
const SECTIONS_MAX: u16 = 96;
/// Names that are read.
const NAMES_MAX: u32 = 65_536;
/// Bytes of the table of exports, its names included.
const TABLE_BYTES_MAX: u32 = 4 << 20;
/// Bytes of all names and addresses; lists that overlap could make much out of little.
pub(crate) const COST_BYTES_MAX: usize = 4 << 20;
/// Longest name, bytes.
const NAME_BYTES_MAX: usize = 512;
/// Bytes of the optional head that are looked at: up to the place of the exports.
const OPTIONAL_BYTES: usize = 120;

/// A part of the image in memory, and where the file has it.
#[derive(Debug, Clone, Copy)]
struct Section {
    first: u32,
    bytes: u32,
    file: u32,
    file_bytes: u32,
}

impl Section {
    fn holds(&self, address: u32) -> bool {
        address.checked_sub(self.first).is_some_and(|offset| offset < self.bytes)
    }
}

/// What an image exports by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Exports {
    /// Address relative to the image, number of its section, name; in this order.
    functions: Vec<(u32, u16, Box<str>)>,
    sections: Vec<(u32, u32)>,
}

impl Exports {
    /// Of an image file; none for a file that is no image, or has no table of exports.
    pub(crate) fn read(file: &mut (impl Read + Seek)) -> Option<Self> {
        let (sections, table) = heads(file)?;
        let ranges = sections.iter().map(|one| (one.first, one.bytes)).collect();
        let mut exports = Self { functions: Vec::new(), sections: ranges };
        let Some((first, bytes)) = table else { return Some(exports) };
        let Some(bytes) = read_image(file, &sections, first, bytes) else { return Some(exports) };
        let table = Table { first, bytes };
        exports.functions = table.functions(&sections);
        exports.functions.sort_unstable();
        exports.functions.dedup_by_key(|(address, ..)| *address);
        Some(exports)
    }

    /// The exported function at an address relative to the image, or the nearest below it in the same section, and how far
    /// below.
    pub(crate) fn nearest(&self, address: u32) -> Option<(&str, u32)> {
        let at = self.functions.partition_point(|(start, ..)| *start <= address);
        let (start, section, name) = self.functions.get(at.checked_sub(1)?)?;
        let (first, bytes) = self.sections.get(usize::from(*section))?;
        let inside = address.checked_sub(*first).is_some_and(|offset| offset < *bytes);
        inside.then(|| (&**name, address - start))
    }

    /// Bytes that it takes, about.
    pub(crate) fn cost(&self) -> usize {
        self.functions.iter().map(cost_of).sum()
    }
}

fn cost_of((.., name): &(u32, u16, Box<str>)) -> usize {
    size_of::<(u32, u16, Box<str>)>() + name.len()
}

/// Place and size of a part of the image.
type Range = (u32, u32);

/// Sections, and where the table of exports is.
fn heads(file: &mut (impl Read + Seek)) -> Option<(Vec<Section>, Option<Range>)> {
    let dos = read_at(file, 0, 64)?;
    (dos.get(..2)? == b"MZ").then_some(())?;
    let pe = u64::from(u32_at(&dos, 60)?);
    let head = read_at(file, pe, 24 + OPTIONAL_BYTES)?;
    (head.get(..4)? == b"PE\0\0").then_some(())?;
    let (count, optional) = (u16_at(&head, 6)?, u16_at(&head, 20)?);
    let places = match u16_at(&head, 24)? {
        0x10b => 24 + 96,
        0x20b => 24 + 112,
        _ => return None,
    };
    let is_there = usize::from(optional) >= places - 24 + 8 && u32_at(&head, places - 4)? > 0;
    let range = |at| Some((u32_at(&head, at)?, u32_at(&head, at + 4)?));
    let table = if is_there { range(places) } else { None };
    let at = pe.checked_add(24 + u64::from(optional))?;
    let count = count.min(SECTIONS_MAX);
    let bytes = read_at(file, at, usize::from(count) * 40)?;
    let sections = bytes.chunks_exact(40).filter_map(|entry| {
        let (file, file_bytes) = (u32_at(entry, 20)?, u32_at(entry, 16)?);
        // Without a size in memory it is that of the file.
        let bytes = u32_at(entry, 8).filter(|bytes| *bytes > 0).unwrap_or(file_bytes);
        Some(Section { first: u32_at(entry, 12)?, bytes, file, file_bytes })
    });
    Some((sections.collect(), table.filter(|(first, bytes)| *first > 0 && *bytes >= 40)))
}

/// The table of exports, as it stands in memory.
struct Table {
    first: u32,
    bytes: Vec<u8>,
}

impl Table {
    fn functions(&self, sections: &[Section]) -> Vec<(u32, u16, Box<str>)> {
        let head = |at| u32_at(&self.bytes, at).unwrap_or(0);
        let (functions, names, ordinals) = (head(28), head(32), head(36));
        let (all, mut cost) = (0..head(24).min(NAMES_MAX), 0_usize);
        all.map_while(|number| {
            let name = self.u32(names, number, 4)?;
            let ordinal =
                self.offset(ordinals, number, 2).and_then(|at| u16_at(&self.bytes, at))?;
            Some((name, ordinal))
        })
        .filter_map(|(name, ordinal)| {
            let address = self.u32(functions, ordinal.into(), 4)?;
            // One that stands inside the table is the name of another image's function.
            let offset = address.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
            offset.is_none_or(|offset| offset >= self.bytes.len()).then_some(())?;
            let section = sections.iter().position(|section| section.holds(address))?;
            Some((address, u16::try_from(section).ok()?, self.name(name)?))
        })
        .take_while(|function| {
            cost = cost.saturating_add(cost_of(function));
            cost <= COST_BYTES_MAX
        })
        .collect()
    }

    /// Where an entry of a list stands in our bytes.
    fn offset(&self, list: u32, number: u32, size: u32) -> Option<usize> {
        let at = list.checked_sub(self.first)?.checked_add(number.checked_mul(size)?)?;
        usize::try_from(at).ok()
    }

    fn u32(&self, list: u32, number: u32, size: u32) -> Option<u32> {
        u32_at(&self.bytes, self.offset(list, number, size)?)
    }

    /// Text that ends in 0 and can be shown.
    fn name(&self, address: u32) -> Option<Box<str>> {
        let rest = self.bytes.get(self.offset(address, 0, 0)?..)?;
        let rest = rest.get(..rest.len().min(NAME_BYTES_MAX))?;
        let name = rest.get(..rest.iter().position(|byte| *byte == 0)?)?;
        let is_shown = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
        is_shown.then(|| String::from_utf8_lossy(name).into())
    }
}

/// Bytes of the image from an address on, as far as the file has them.
fn read_image(
    file: &mut (impl Read + Seek),
    sections: &[Section],
    first: u32,
    bytes: u32,
) -> Option<Vec<u8>> {
    let section = sections.iter().find(|section| section.holds(first))?;
    let offset = first.checked_sub(section.first)?;
    let there = section.file_bytes.checked_sub(offset)?;
    let bytes = bytes.min(there).min(TABLE_BYTES_MAX);
    read_at(file, u64::from(section.file) + u64::from(offset), usize::try_from(bytes).ok()?)
}

/// As many bytes as asked for, or fewer at the end of the file.
fn read_at(file: &mut (impl Read + Seek), at: u64, bytes: usize) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut read = Vec::new();
    file.take(u64::try_from(bytes).ok()?).read_to_end(&mut read).ok()?;
    Some(read)
}

#[cfg(test)]
#[path = "exports_tests.rs"]
pub(crate) mod tests;
