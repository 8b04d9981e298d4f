// SPDX-License-Identifier: Apache-2.0
//! `.evtx` files: chunks of 64 KiB, each whole in itself, with records in them. They are read in
//! sequence, so that an archive member or standard input serves as well as a file.
//!
//! Records are found by their heads; each is read by [`ChunkReader`], and one that it does not
//! understand by crate `evtx`. What neither can read is a bad record.

use crate::bad::Bad;
use crate::binxml::{ChunkReader, Spare, Unreadable};
use crate::finish;
use crate::record::Block;
use crate::xml;
use evtables_publisher_windows::etl::read_full;
use std::fs::File;
use std::io::{Read, Seek as _};
use std::path::Path;
use std::sync::Arc;

pub(crate) const MAGIC: &[u8] = b"ElfFile\0";
const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";
const RECORD_MAGIC: &[u8] = &[0x2a, 0x2a, 0, 0];
const FILE_HEAD: usize = 4_096;
/// Bytes of a chunk.
pub(crate) const CHUNK: usize = 65_536;
const CHUNK_HEAD: usize = 512;
const RECORD_HEAD: usize = 24;

/// When the first record of a log was written, by the heads alone, and the log at its beginning. `None`
/// when the file is no log, or a damaged one.
pub(crate) fn first_time(path: &Path) -> Option<(i64, File)> {
    let mut head = [0; FILE_HEAD + CHUNK_HEAD + RECORD_HEAD];
    let mut file = File::open(path).ok()?;
    file.read_exact(&mut head).ok()?;
    file.rewind().ok()?;
    let is_log = head.starts_with(MAGIC)
        && head.get(FILE_HEAD..)?.starts_with(CHUNK_MAGIC)
        && head.get(FILE_HEAD + CHUNK_HEAD..)?.starts_with(RECORD_MAGIC);
    let steps = u64_at(&head, FILE_HEAD + CHUNK_HEAD + 16).filter(|_| is_log)?;
    Some((crate::time::of_filetime(steps)?, file))
}

/// Bytes of a log from its beginning to its end.
pub(crate) trait Input: Read {
    /// Goes on behind the next `len` bytes, if this can be done without reading them and they are there.
    fn skip(&mut self, _len: usize) -> std::io::Result<bool> {
        Ok(false)
    }
}

impl Input for &[u8] {}

/// Memory that serves one log after the other.
#[derive(Default)]
pub(crate) struct Memory {
    /// Of one chunk's length as soon as it was needed.
    chunk: Vec<u8>,
    spare: Spare,
}

/// Reads a log chunk by chunk.
pub(crate) struct EvtxReader<R> {
    input: R,
    memory: Memory,
    /// Bytes of the chunk in `memory` that are there.
    filled: usize,
    /// Chunks that were written to, if the head of the file can be believed.
    used: Option<u64>,
    number: u64,
    ended: bool,
}

impl<R: Input> EvtxReader<R> {
    /// `input` stands at the first byte of the file.
    pub(crate) fn new(input: R, mut memory: Memory) -> Self {
        memory.chunk.resize(CHUNK, 0);
        Self { input, memory, filled: 0, used: None, number: 0, ended: false }
    }

    /// Gives the memory back.
    pub(crate) fn into_memory(self) -> Memory {
        self.memory
    }

    /// Reads the next chunk into `block`. `false` at the end.
    pub(crate) fn read(&mut self, block: &mut Block, bad: &mut Vec<Bad>) -> std::io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.number == 0 {
            self.fill(FILE_HEAD)?;
            if self.filled < FILE_HEAD {
                bad.push(Bad::part("short_file", format!("{} bytes", self.filled)));
                self.ended = true;
                return Ok(false);
            }
            self.used = used_chunks(self.filled());
        }
        self.filled = 0;
        let len = self.next_chunk()?;
        if self.filled == 0 {
            self.ended = true;
            return Ok(false);
        }
        let place = format!("chunk {}", self.number);
        self.number += 1;
        if is_zero(self.filled()) {
            return Ok(true);
        }
        if self.filled < len {
            // What is there of it can still hold records.
            bad.push(Bad::part("short_chunk", place.clone()));
            self.memory.chunk.get_mut(self.filled..).unwrap_or_default().fill(0);
            self.filled = len;
            self.ended = true;
        }
        if !self.filled().starts_with(CHUNK_MAGIC) {
            bad.push(Bad::part("bad_chunk", place));
            return Ok(true);
        }
        let chunk = self.memory.chunk.get(..len).unwrap_or_default();
        read_chunk(chunk, &mut self.memory.spare, block, bad);
        Ok(true)
    }

    fn filled(&self) -> &[u8] {
        self.memory.chunk.get(..self.filled).unwrap_or_default()
    }

    /// Reads the next chunk, as far as it is there and must be looked at: chunks that were never written to and
    /// the free space of sound ones, more than half of most logs, are left out if the input can do that. Gives the
    /// length that the chunk should have.
    fn next_chunk(&mut self) -> std::io::Result<usize> {
        self.fill(CHUNK_HEAD)?;
        let is_beyond = self.used.is_some_and(|used| self.number >= used);
        if is_beyond && self.filled == CHUNK_HEAD && is_zero(self.filled()) {
            if !self.input.skip(CHUNK - CHUNK_HEAD)? {
                self.fill(CHUNK)?;
                self.filled = CHUNK_HEAD;
            }
            return Ok(CHUNK_HEAD);
        }
        if let Some(free) = free_of(self.filled()) {
            self.fill(free)?;
            let is_sound = self.filled == free && ends_at(self.filled(), free);
            if is_sound && self.input.skip(CHUNK - free)? {
                return Ok(free);
            }
        }
        self.fill(CHUNK)?;
        Ok(CHUNK)
    }

    /// Reads on until `len` bytes of the chunk are there, fewer at the end of the file.
    fn fill(&mut self, len: usize) -> std::io::Result<()> {
        let rest = self.memory.chunk.get_mut(self.filled..len).unwrap_or_default();
        self.filled += read_full(&mut self.input, rest)?;
        Ok(())
    }
}

/// How many chunks of a file were written to. `None` when its head is damaged, or was not brought up to date.
fn used_chunks(head: &[u8]) -> Option<u64> {
    let is_whole = u32_at(head, 124)? == usize::try_from(crc32fast::hash(head.get(..120)?)).ok()?;
    let is_dirty = u32_at(head, 120)? & 1 != 0;
    let count = u16::from_le_bytes(head.get(42..44)?.try_into().ok()?);
    (is_whole && !is_dirty).then_some(count.into())
}

/// Where the free space of a chunk begins, if its head is one.
fn free_of(chunk: &[u8]) -> Option<usize> {
    let free = u32_at(chunk, 48).filter(|_| chunk.starts_with(CHUNK_MAGIC))?;
    (CHUNK_HEAD..=CHUNK).contains(&free).then_some(free)
}

/// Whether the chain of records leads from the head of a chunk right to `end`.
fn ends_at(chunk: &[u8], end: usize) -> bool {
    let mut at = CHUNK_HEAD;
    while at < end {
        match u32_at(chunk, at + 4) {
            Some(size) if size >= RECORD_HEAD + 4 => at += size,
            _ => return false,
        }
    }
    at == end
}

/// Whether there are only zeros.
fn is_zero(bytes: &[u8]) -> bool {
    let (lines, rest) = bytes.as_chunks::<64>();
    // Line by line: whole ones are looked at at once.
    let is_zero = |line: &[u8]| line.iter().fold(0, |all, byte| all | byte) == 0;
    lines.iter().all(|line| is_zero(line)) && is_zero(rest)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn read_chunk(chunk: &[u8], spare: &mut Spare, block: &mut Block, bad: &mut Vec<Bad>) {
    let mut reader = ChunkReader::new(chunk, spare);
    let mut other = None;
    // Where free space begins; a head that lies about it does not keep records from being read.
    let free = free_of(chunk).unwrap_or(CHUNK);
    let mut at = CHUNK_HEAD;
    while at + RECORD_HEAD + 4 <= chunk.len() && at < free {
        let head = (chunk.get(at..at + 4), u32_at(chunk, at + 4), u64_at(chunk, at + 8));
        let (Some(magic), Some(size), Some(id)) = head else { break };
        let fits = size >= RECORD_HEAD + 4 && at + size <= chunk.len();
        if magic != RECORD_MAGIC || !fits {
            bad.push(if magic == RECORD_MAGIC {
                Bad::record("bad_size", format!("record {id}"))
            } else {
                Bad::part("bad_chain", format!("after record head at {at}"))
            });
            let Some(next) = next_record(chunk, at + 4, free) else { break };
            at = next;
            continue;
        }
        let steps = u64_at(chunk, at + 16).unwrap_or(0);
        let body = (at + RECORD_HEAD, size - RECORD_HEAD - 4);
        if let Err(reason) = read_record(&mut reader, &mut other, chunk, (id, steps), body, block) {
            bad.push(Bad::record(reason, format!("record {id}")));
        }
        if block.is_probe() && block.is_full() {
            break;
        }
        at += size;
    }
}

/// Where the chain of records goes on after damage: the next head whose size stands at both ends.
fn next_record(chunk: &[u8], from: usize, free: usize) -> Option<usize> {
    let space = chunk.get(from..free)?;
    let heads = memchr::memmem::find_iter(space, RECORD_MAGIC).map(|found| from + found);
    heads.into_iter().find(|at| {
        let Some(size) = u32_at(chunk, at + 4) else { return false };
        size >= RECORD_HEAD + 4
            && at + size <= chunk.len()
            && u32_at(chunk, at + size - 4) == Some(size)
    })
}

fn read_record(
    reader: &mut ChunkReader<'_, '_>,
    other: &mut Option<Other>,
    chunk: &[u8],
    (id, steps): (u64, u64),
    (at, len): (usize, usize),
    block: &mut Block,
) -> Result<(), &'static str> {
    let mut draft = block.draft();
    draft.head.event_id = -1;
    draft.head.time_ns = crate::time::of_filetime(steps).unwrap_or(0);
    draft.head.record_id = i64::try_from(id).ok();
    match reader.read(at, len, &mut draft) {
        Ok(()) => return finish::commit(draft),
        Err(Unreadable(_)) => drop(draft),
    }
    let text = other.get_or_insert_with(|| Other::of(chunk)).xml(id)?;
    let mut draft = block.draft();
    draft.head.event_id = -1;
    xml::read(text, &mut draft)?;
    finish::commit(draft)
}

/// Records of a chunk as XML by crate `evtx`.
struct Other(Vec<(u64, Result<String, &'static str>)>);

impl Other {
    fn of(chunk: &[u8]) -> Self {
        let mut out = Vec::new();
        let settings = Arc::new(evtx::ParserSettings::new().indent(false));
        let mut chunk = chunk.to_vec();
        // Its free space may have been left out.
        chunk.resize(CHUNK, 0);
        if let Ok(mut data) = evtx::EvtxChunkData::new(chunk, false)
            && let Ok(mut chunk) = data.parse(settings)
        {
            for record in chunk.iter() {
                let Ok(record) = record else { continue };
                let id = record.event_record_id;
                out.push((id, record.into_xml().map(|xml| xml.data).map_err(|_| "bad_binxml")));
            }
        }
        Self(out)
    }

    fn xml(&self, id: u64) -> Result<&str, &'static str> {
        let found = self.0.iter().find(|(number, _)| *number == id);
        match found {
            Some((_, Ok(xml))) => Ok(xml),
            Some((_, Err(reason))) => Err(reason),
            None => Err("bad_binxml"),
        }
    }
}
