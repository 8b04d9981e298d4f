// SPDX-License-Identifier: Apache-2.0
//! What an ELF file says of itself: header, loader, build id, symbols. Reads a few bounded pieces of the
//! file, trusts none of its numbers. Knows nothing of rows; uses nothing of this crate, so that a fuzz
//! target can take it as it is.

/// Segments and sections that are looked at; files have a dozen and some dozens.
const SEGMENTS_MAX: u16 = 64;
const SECTIONS_MAX: u16 = 1_024;
/// Longest name of a loader, and bytes of notes and of the dynamic section that are read.
const INTERPRETER_MAX: u64 = 4_096;
const NOTES_BYTES_MAX: u64 = 4_096;
const DYNAMIC_BYTES_MAX: u64 = 16 << 10;
/// Longest build id that is told.
const BUILD_ID_MAX: usize = 64;

/// The file: bytes at a place. Fewer than asked for at its end.
pub trait Pieces {
    /// At most `len` bytes from `from` on; empty when they cannot be read.
    fn piece(&mut self, from: u64, len: u64) -> Vec<u8>;
}

/// The facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elf {
    /// `executable`, `pie_executable`, `shared_object`, `relocatable`, `core` or `unknown`.
    pub elf_type: &'static str,
    /// 32 or 64.
    pub class: i32,
    /// Processor.
    pub machine: String,
    /// The loader's path.
    pub interpreter: Option<String>,
    /// Lower-case hexadecimal.
    pub build_id: Option<String>,
    /// A program without a loader.
    pub is_static: bool,
    /// No table of symbols.
    pub is_stripped: bool,
}

/// Reads numbers as the file writes them.
#[derive(Clone, Copy)]
struct Layout {
    wide: bool,
    big: bool,
}

impl Layout {
    fn bytes<const N: usize>(self, of: &[u8], at: usize) -> Option<[u8; N]> {
        let mut bytes: [u8; N] = *of.get(at..)?.first_chunk()?;
        if self.big {
            bytes.reverse();
        }
        Some(bytes)
    }

    fn half(self, of: &[u8], at: usize) -> Option<u16> {
        self.bytes(of, at).map(u16::from_le_bytes)
    }

    fn word(self, of: &[u8], at: usize) -> Option<u32> {
        self.bytes(of, at).map(u32::from_le_bytes)
    }

    fn long(self, of: &[u8], at: usize) -> Option<u64> {
        self.bytes(of, at).map(u64::from_le_bytes)
    }

    /// A number as wide as the class, at its place in each of them.
    fn size(self, of: &[u8], narrow_at: usize, wide_at: usize) -> Option<u64> {
        if self.wide { self.long(of, wide_at) } else { self.word(of, narrow_at).map(u64::from) }
    }
}

/// What the segments say.
#[derive(Default)]
struct Segments {
    interpreter: Option<String>,
    build_id: Option<String>,
    dynamic: bool,
    pie: bool,
}

/// The facts; `None` when it is no ELF file.
pub fn parse(file: &mut impl Pieces) -> Option<Elf> {
    let head = file.piece(0, 64);
    let (magic, rest) = head.split_first_chunk()?;
    if magic != b"\x7fELF" {
        return None;
    }
    let (wide, big) = match rest {
        [1, 1, ..] => (false, false),
        [1, 2, ..] => (false, true),
        [2, 1, ..] => (true, false),
        [2, 2, ..] => (true, true),
        _ => return None,
    };
    let layout = Layout { wide, big };
    let (kind, machine) = (layout.half(&head, 16)?, layout.half(&head, 18)?);
    let segments = segments(file, layout, &head).unwrap_or_default();
    let linked = segments.interpreter.is_some();
    let program = match kind {
        2 => true,
        3 => linked || segments.pie,
        _ => false,
    };
    Some(Elf {
        elf_type: match kind {
            1 => "relocatable",
            2 => "executable",
            3 if program => "pie_executable",
            3 => "shared_object",
            4 => "core",
            _ => "unknown",
        },
        class: if wide { 64 } else { 32 },
        machine: machine_name(machine),
        is_static: program && !linked,
        is_stripped: !has_symbols(file, layout, &head).unwrap_or(false),
        interpreter: segments.interpreter,
        build_id: segments.build_id,
    })
}

fn machine_name(machine: u16) -> String {
    let known = match machine {
        3 => "i386",
        8 => "mips",
        20 => "powerpc",
        21 => "powerpc64",
        22 => "s390",
        40 => "arm",
        43 => "sparc64",
        62 => "x86_64",
        183 => "aarch64",
        243 => "riscv",
        247 => "bpf",
        258 => "loongarch",
        _ => return machine.to_string(),
    };
    known.to_owned()
}

/// A table of the file: entries of one size, of which at most `most` are read.
fn table(
    file: &mut impl Pieces,
    from: u64,
    entry: u16,
    count: u16,
    most: u16,
) -> Option<(Vec<u8>, usize)> {
    if from == 0 || entry == 0 {
        return None;
    }
    let bytes = u64::from(entry) * u64::from(count.min(most));
    // Entries of a strange size are not read whole.
    Some((file.piece(from, bytes.min(256 << 10)), usize::from(entry)))
}

fn segments(file: &mut impl Pieces, layout: Layout, head: &[u8]) -> Option<Segments> {
    let from = layout.size(head, 28, 32)?;
    let at = if layout.wide { 54 } else { 42 };
    let (entry, count) = (layout.half(head, at)?, layout.half(head, at + 2)?);
    let (entries, entry) = table(file, from, entry, count, SEGMENTS_MAX)?;
    let mut found = Segments::default();
    for segment in entries.chunks_exact(entry) {
        let Some(kind) = layout.word(segment, 0) else { break };
        let (Some(from), Some(len)) = (layout.size(segment, 4, 8), layout.size(segment, 16, 32))
        else {
            break;
        };
        match kind {
            2 => {
                found.dynamic = true;
                let dynamic = file.piece(from, len.min(DYNAMIC_BYTES_MAX));
                found.pie |= is_pie(layout, &dynamic);
            }
            3 if found.interpreter.is_none() => {
                let name = file.piece(from, len.min(INTERPRETER_MAX));
                let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                found.interpreter = Some(String::from_utf8_lossy(name).into_owned());
            }
            4 if found.build_id.is_none() => {
                let notes = file.piece(from, len.min(NOTES_BYTES_MAX));
                found.build_id = build_id(layout, &notes);
            }
            _ => {}
        }
    }
    Some(found)
}

/// Whether the dynamic section's second flags say that it is a program.
fn is_pie(layout: Layout, dynamic: &[u8]) -> bool {
    const FLAGS_1: u64 = 0x6fff_fffb;
    const PIE: u64 = 0x0800_0000;
    let entries = dynamic.chunks_exact(if layout.wide { 16 } else { 8 });
    let mut flags = entries
        .filter_map(|entry| Some((layout.size(entry, 0, 0)?, layout.size(entry, 4, 8)?)))
        .take_while(|(tag, _)| *tag != 0)
        .filter(|(tag, _)| *tag == FLAGS_1);
    flags.any(|(_, flags)| flags & PIE != 0)
}

/// The build id among notes: GNU's note 3.
fn build_id(layout: Layout, notes: &[u8]) -> Option<String> {
    use std::fmt::Write as _;
    let padded = |len: u32| usize::try_from(len).ok()?.checked_next_multiple_of(4);
    let mut rest = notes;
    loop {
        let (name, len, kind) =
            (layout.word(rest, 0)?, layout.word(rest, 4)?, layout.word(rest, 8)?);
        let owner = rest.get(12..)?;
        let behind = owner.get(padded(name)?..)?;
        if kind == 3 && owner.starts_with(b"GNU\0") {
            let id = behind.get(..usize::try_from(len).ok()?)?;
            let mut text = String::new();
            for byte in id.iter().take(BUILD_ID_MAX) {
                let _ = write!(text, "{byte:02x}");
            }
            return Some(text);
        }
        rest = behind.get(padded(len)?..)?;
    }
}

/// Whether a section is the table of symbols.
fn has_symbols(file: &mut impl Pieces, layout: Layout, head: &[u8]) -> Option<bool> {
    const SYMBOLS: u32 = 2;
    let from = layout.size(head, 32, 40)?;
    let at = if layout.wide { 58 } else { 46 };
    let (entry, count) = (layout.half(head, at)?, layout.half(head, at + 2)?);
    let (entries, entry) = table(file, from, entry, count, SECTIONS_MAX)?;
    Some(entries.chunks_exact(entry).any(|section| layout.word(section, 4) == Some(SYMBOLS)))
}

#[cfg(test)]
#[path = "elf_tests.rs"]
mod tests;
