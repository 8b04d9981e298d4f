// SPDX-License-Identifier: Apache-2.0
//! What the first blocks of a disk or partition say: which file system, its label, its identity as blkid(8)
//! writes it; and whether it is divided. Reads through a function, a few kilobytes in all.

/// Blocks read at most, and bytes of each.
const READS_MAX: usize = 8;
const READ_BYTES: usize = 4_096;
const SECTOR: usize = 512;

/// A file system that was recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileSystem {
    /// As mount(8) names it.
    pub(crate) kind: &'static str,
    pub(crate) label: Option<String>,
    pub(crate) uuid: Option<String>,
}

/// All that the first blocks say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) file_system: Option<FileSystem>,
    /// `gpt` or `dos`.
    pub(crate) partition_table: Option<&'static str>,
}

/// Looks. `read` gives up to so many bytes from a place on, or nothing.
pub(crate) fn identify(read: &mut dyn FnMut(u64, usize) -> Option<Vec<u8>>) -> Found {
    let mut blocks = Blocks { read, left: READS_MAX };
    let Some(first) = blocks.at(0) else { return Found::default() };
    let probes = [luks, xfs, ext, exfat, ntfs, fat, btrfs, iso];
    let file_system = probes.iter().find_map(|probe| probe(&first, &mut blocks));
    let divided = !file_system.as_ref().is_some_and(|found| BOOT_SECTORS.contains(&found.kind));
    Found { file_system, partition_table: partition_table(&first).filter(|_| divided) }
}

/// Their first sector looks like one that divides a disk.
const BOOT_SECTORS: [&str; 3] = ["vfat", "exfat", "ntfs"];

struct Blocks<'a> {
    read: &'a mut dyn FnMut(u64, usize) -> Option<Vec<u8>>,
    left: usize,
}

impl Blocks<'_> {
    fn at(&mut self, place: u64) -> Option<Block> {
        self.left = self.left.checked_sub(1)?;
        let mut bytes = (self.read)(place, READ_BYTES)?;
        bytes.truncate(READ_BYTES);
        Some(Block(bytes))
    }
}

/// Bytes, numbers of which are little-endian.
struct Block(Vec<u8>);

impl Block {
    fn bytes(&self, at: usize, len: usize) -> Option<&[u8]> {
        self.0.get(at..at.checked_add(len)?)
    }

    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes(at, N)?.try_into().ok()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn short(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    fn half(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    fn word(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }

    fn has(&self, at: usize, magic: &[u8]) -> bool {
        self.bytes(at, magic.len()) == Some(magic)
    }
}

fn found(kind: &'static str, label: Option<String>, uuid: Option<String>) -> Option<FileSystem> {
    Some(FileSystem { kind, label, uuid })
}

/// Text up to a NUL, spaces at its end left out; what is not UTF-8 as `\xNN`.
fn text(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let mut out = String::new();
    for chunk in bytes.get(..end)?.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    (!out.is_empty()).then_some(out)
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk());
    let units = units.map(|pair| u16::from_le_bytes(*pair)).take_while(|unit| *unit != 0);
    let out: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
    (!out.is_empty()).then_some(out)
}

fn uuid(bytes: Option<[u8; 16]>) -> Option<String> {
    let bytes = bytes.filter(|bytes| bytes.iter().any(|byte| *byte != 0))?;
    let mut out = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    Some(out)
}

/// Number of a volume of DOS and its heirs.
fn serial(number: Option<u32>) -> Option<String> {
    let number = number.filter(|number| *number != 0)?;
    Some(format!("{:04X}-{:04X}", number >> 16, number & 0xffff))
}

fn luks(first: &Block, _: &mut Blocks<'_>) -> Option<FileSystem> {
    let version = first.has(0, b"LUKS\xba\xbe").then(|| first.array(6).map(u16::from_be_bytes))?;
    let label = if version == Some(2) { first.bytes(24, 48).and_then(text) } else { None };
    found("crypto_LUKS", label, first.bytes(168, 40).and_then(text))
}

fn xfs(first: &Block, _: &mut Blocks<'_>) -> Option<FileSystem> {
    first.has(0, b"XFSB").then_some(())?;
    found("xfs", first.bytes(108, 12).and_then(text), uuid(first.array(32)))
}

/// Which of the three: by features that the older ones do not know.
fn ext(first: &Block, _: &mut Blocks<'_>) -> Option<FileSystem> {
    const SUPER: usize = 1_024;
    const JOURNAL: u32 = 4;
    const JOURNAL_DEVICE: u32 = 8;
    const OLD_INCOMPATIBLE: u32 = 2 | 4 | 0x10;
    const OLD_READ_ONLY: u32 = 7;
    first.has(SUPER + 56, b"\x53\xef").then_some(())?;
    let compatible = first.half(SUPER + 92)?;
    let incompatible = first.half(SUPER + 96)?;
    let read_only = first.half(SUPER + 100)?;
    let kind = if incompatible & JOURNAL_DEVICE != 0 {
        "jbd"
    } else if incompatible & !OLD_INCOMPATIBLE != 0 || read_only & !OLD_READ_ONLY != 0 {
        "ext4"
    } else if compatible & JOURNAL != 0 {
        "ext3"
    } else {
        "ext2"
    };
    found(kind, first.bytes(SUPER + 120, 16).and_then(text), uuid(first.array(SUPER + 104)))
}

fn exfat(first: &Block, blocks: &mut Blocks<'_>) -> Option<FileSystem> {
    first.has(3, b"EXFAT   ").then_some(())?;
    let (heap, root) = (u64::from(first.half(88)?), u64::from(first.half(96)?));
    let (sector, cluster) = (u32::from(first.byte(108)?), u32::from(first.byte(109)?));
    let place = (root.checked_sub(2).filter(|_| sector <= 12 && cluster <= 25))
        .and_then(|root| Some(heap.checked_add(root << cluster)? << sector));
    let label = place.and_then(|place| exfat_label(&blocks.at(place)?));
    found("exfat", label, serial(first.half(100)))
}

fn exfat_label(folder: &Block) -> Option<String> {
    let entries = folder.0.chunks_exact(32);
    let mut entries = entries.take_while(|entry| entry.first() != Some(&0));
    let entry = entries.find(|entry| entry.first() == Some(&0x83))?;
    let units = usize::from(*entry.get(1)?).min(11);
    utf16(entry.get(2..2 + units * 2)?)
}

fn ntfs(first: &Block, blocks: &mut Blocks<'_>) -> Option<FileSystem> {
    first.has(3, b"NTFS    ").then_some(())?;
    let label = ntfs_label(first, blocks);
    let number = first.word(72).filter(|number| *number != 0);
    found("ntfs", label, number.map(|number| format!("{number:016X}")))
}

/// The name stands in the fourth record of the table of files.
fn ntfs_label(first: &Block, blocks: &mut Blocks<'_>) -> Option<String> {
    let per_cluster = first.byte(13)?;
    // Above 128 it is the exponent of 2, negated.
    let sectors = match per_cluster {
        0..=128 => u64::from(per_cluster),
        _ => 1_u64.checked_shl(u32::from(per_cluster.wrapping_neg()))?,
    };
    let cluster = u64::from(first.short(11)?).checked_mul(sectors)?;
    let record = match first.byte(64)? {
        clusters @ 1..=127 => cluster.checked_mul(clusters.into())?,
        exponent => 1_u64.checked_shl(u32::from(exponent.wrapping_neg()))?,
    };
    let table = first.word(48)?.checked_mul(cluster)?;
    let size = usize::try_from(record).ok().filter(|size| (256..=READ_BYTES).contains(size))?;
    let mut block = blocks.at(table.checked_add(record.checked_mul(3)?)?)?;
    block.0.truncate(size);
    (block.has(0, b"FILE") && ntfs_mend(&mut block).is_some()).then_some(())?;
    let mut at = usize::from(block.short(20)?);
    loop {
        let (kind, len) = (block.half(at)?, usize::try_from(block.half(at + 4)?).ok()?);
        match kind {
            0x60 if block.byte(at + 8)? == 0 => {
                let len = usize::try_from(block.half(at + 16)?).ok()?;
                let start = at.checked_add(block.short(at + 20)?.into())?;
                return utf16(block.bytes(start, len)?);
            }
            0xffff_ffff => return None,
            _ => at = at.checked_add(len).filter(|_| len >= 16)?,
        }
    }
}

/// Puts back the last two bytes of each sector, which a list at the beginning holds.
fn ntfs_mend(block: &mut Block) -> Option<()> {
    let (list, count) = (usize::from(block.short(4)?), usize::from(block.short(6)?));
    let mark: [u8; 2] = block.array(list)?;
    for sector in 1..count {
        let bytes: [u8; 2] = block.array(list + sector * 2)?;
        let end = (sector * SECTOR).checked_sub(2)?;
        let place = block.0.get_mut(end..end + 2)?;
        if place != mark {
            return None;
        }
        place.copy_from_slice(&bytes);
    }
    Some(())
}

fn fat(first: &Block, blocks: &mut Blocks<'_>) -> Option<FileSystem> {
    let sector = first.short(11).filter(|size| matches!(size, 512 | 1_024 | 2_048 | 4_096))?;
    let cluster = first.byte(13).filter(|sectors| sectors.is_power_of_two())?;
    let reserved = first.short(14).filter(|sectors| *sectors > 0)?;
    let tables = first.byte(16).filter(|tables| matches!(tables, 1 | 2))?;
    let plausible = first.has(510, b"\x55\xaa")
        && matches!(first.byte(0)?, 0xeb | 0xe9)
        && first.byte(21)? >= 0xf0;
    plausible.then_some(())?;
    let (entries, small) = (first.short(17)?, first.short(22)?);
    let large = small == 0 && entries == 0;
    let table = if large { first.half(36)? } else { small.into() };
    let folder = u64::from(table) * u64::from(tables) + u64::from(reserved);
    let (signature, len) = if large { (66, READ_BYTES) } else { (38, usize::from(entries) * 32) };
    let folder = match first.half(44) {
        Some(root) if large => folder + u64::from(root.checked_sub(2)?) * u64::from(cluster),
        _ => folder,
    };
    let in_folder = blocks.at(folder * u64::from(sector)).and_then(|mut block| {
        block.0.truncate(len);
        fat_label(&block)
    });
    let extended = matches!(first.byte(signature)?, 0x28 | 0x29);
    let named = || first.bytes(signature + 5, 11).and_then(text).filter(|name| name != "NO NAME");
    let label = in_folder.or_else(|| named().filter(|_| extended));
    found("vfat", label, serial(first.half(signature + 1).filter(|_| extended)))
}

/// The entry of the root folder that is neither file nor folder nor part of a long name.
fn fat_label(folder: &Block) -> Option<String> {
    let entries = folder.0.chunks_exact(32);
    let mut entries = entries.take_while(|entry| entry.first() != Some(&0));
    let entry = entries.find(|entry| {
        let kind = entry.get(11).copied().unwrap_or(0);
        entry.first() != Some(&0xe5) && kind & 0x08 != 0 && kind & 0x3f != 0x0f
    })?;
    text(entry.get(..11)?)
}

fn btrfs(_: &Block, blocks: &mut Blocks<'_>) -> Option<FileSystem> {
    let block = blocks.at(65_536)?;
    block.has(64, b"_BHRfS_M").then_some(())?;
    found("btrfs", block.bytes(299, 256).and_then(text), uuid(block.array(32)))
}

fn iso(_: &Block, blocks: &mut Blocks<'_>) -> Option<FileSystem> {
    let block = blocks.at(32_768)?;
    block.has(0, b"\x01CD001").then_some(())?;
    let changed = iso_time(&block, 830).or_else(|| iso_time(&block, 813));
    found("iso9660", block.bytes(40, 32).and_then(text), changed)
}

/// `YYYY-MM-DD-hh-mm-ss-cc`.
fn iso_time(block: &Block, at: usize) -> Option<String> {
    let digits = block.bytes(at, 16)?;
    let set = digits.iter().all(u8::is_ascii_digit) && digits.iter().any(|digit| *digit != b'0');
    let digits = std::str::from_utf8(digits).ok().filter(|_| set)?;
    let part = |range| digits.get(range);
    let mut out = part(0..4)?.to_owned();
    for at in (4..16).step_by(2) {
        out.push('-');
        out.push_str(part(at..at + 2)?);
    }
    Some(out)
}

fn partition_table(first: &Block) -> Option<&'static str> {
    if first.has(SECTOR, b"EFI PART") {
        return Some("gpt");
    }
    const TABLE: usize = 446;
    const ENTRY: usize = 16;
    let entry = |at: usize, place: usize| first.byte(TABLE + at * ENTRY + place);
    let marks = (0..4).all(|at| matches!(entry(at, 0), Some(0 | 0x80)));
    let used = (0..4).any(|at| entry(at, 4).is_some_and(|kind| kind != 0));
    (first.has(510, b"\x55\xaa") && marks && used).then_some("dos")
}

#[cfg(test)]
#[path = "filesystem_tests.rs"]
mod tests;
