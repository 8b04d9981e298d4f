// SPDX-License-Identifier: Apache-2.0
//! The write-ahead log: one file at a time, blocks of one table's rows each. The only code that knows
//! how a block lies in the file; what is inside its payload is `codec`'s.
//!
//! ```text
//! file    8 bytes magic, u32 version, u32 hash of the boot that wrote it, then blocks
//! block   u32 magic, u32 crc, u32 payload bytes, u32 payload bytes uncompressed,
//!         u8 table, u8 encoding, 2 zero bytes, u32 rows, u64 first seq, payload (LZ4 block)
//! ```
//! Little-endian; the crc covers everything of the block behind it.

use crate::catalog::{Catalog, Layout};
use crate::codec::{self, BLOCK_ROWS_MAX};
use crate::disk::{DiskFile, DiskReader};
use crate::error::{ErrorKind, Result, StoreError};
use crate::folder::Folder;
use crate::tail::TailBatch;
use arrow_buffer::{Buffer, MutableBuffer};
use evtables_schema::{HostBoot, TableId};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

const FILE_MAGIC: &[u8; 8] = b"EVTABLOG";
const FILE_VERSION: u32 = 1;
/// Where the first block of a file begins.
pub(crate) const FILE_HEADER_BYTES: u64 = 16;
const BLOCK_MAGIC: u32 = u32::from_le_bytes(*b"EVB1");
const BLOCK_HEADER_BYTES: usize = 32;
/// The crc covers the block from here on.
const CRC_FROM: usize = 8;
/// Encoding of the payload: LZ4 over `codec`.
const ENCODING_LZ4: u8 = 1;
/// Most bytes of a payload, uncompressed.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 64 << 20;

/// Which boot of which host wrote a log. What a killed writer wrote is still there in the same boot;
/// after another one, power may have failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BootHash([u8; 4]);

impl From<BootHash> for HostBoot {
    /// As much of it as event ids need.
    fn from(hash: BootHash) -> Self {
        Self(u64::from(u32::from_be_bytes(hash.0)) << 32)
    }
}

impl From<HostBoot> for BootHash {
    fn from(host: HostBoot) -> Self {
        let [a, b, c, d, ..] = host.0.to_be_bytes();
        Self([a, b, c, d])
    }
}

/// Appends blocks to the newest log file.
#[derive(Debug)]
pub(crate) struct LogWriter {
    folder: Folder,
    number: u64,
    boot: BootHash,
    file: Box<dyn DiskFile>,
    length: u64,
    unsynced: bool,
    /// A block could not be written, and what was written of it could not be cut off.
    broken: bool,
    scratch: Vec<u8>,
}

impl LogWriter {
    /// Begins the file of that number; durable when it returns.
    pub(crate) fn create(folder: &Folder, number: u64, boot: BootHash) -> Result<Self> {
        let path = folder.log(number);
        let mut file = folder.disk().create(&path).map_err(StoreError::io("create", &path))?;
        let mut header = [0_u8; 16];
        let (magic, rest) = header.split_at_mut(8);
        magic.copy_from_slice(FILE_MAGIC);
        let fields = FILE_VERSION.to_le_bytes().into_iter().chain(boot.0);
        for (slot, byte) in rest.iter_mut().zip(fields) {
            *slot = byte;
        }
        file.append(&header).map_err(StoreError::io("write", &path))?;
        file.sync().map_err(StoreError::io("sync", &path))?;
        folder.sync_dir(&folder.logs())?;
        Ok(Self::with(folder, number, boot, file, FILE_HEADER_BYTES))
    }

    /// Goes on behind the first `length` bytes of an existing file; what follows them is cut off.
    pub(crate) fn resume(
        folder: &Folder,
        number: u64,
        boot: BootHash,
        length: u64,
    ) -> Result<Self> {
        if length < FILE_HEADER_BYTES {
            return Self::create(folder, number, boot);
        }
        let path = folder.log(number);
        let mut file = folder.disk().append(&path).map_err(StoreError::io("open", &path))?;
        file.cut(length).map_err(StoreError::io("cut", &path))?;
        Ok(Self::with(folder, number, boot, file, length))
    }

    fn with(
        folder: &Folder,
        number: u64,
        boot: BootHash,
        file: Box<dyn DiskFile>,
        length: u64,
    ) -> Self {
        let folder = folder.clone();
        Self {
            folder,
            number,
            boot,
            file,
            length,
            unsynced: false,
            broken: false,
            scratch: Vec::new(),
        }
    }

    /// The file after this one.
    pub(crate) fn next(&self) -> Result<Self> {
        Self::create(&self.folder, self.number.saturating_add(1), self.boot)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes in the file.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Whether blocks were written that power loss would take.
    pub(crate) fn unsynced(&self) -> bool {
        self.unsynced
    }

    /// Writes one block with one write; not synced. On failure nothing of it stays in the file.
    pub(crate) fn append(
        &mut self,
        table: TableId,
        first_seq: u64,
        rows: usize,
        payload: &[u8],
    ) -> Result<()> {
        if self.broken {
            self.file.cut(self.length).map_err(self.io("cut"))?;
            self.broken = false;
        }
        let written = self
            .frame(table, first_seq, rows, payload)
            .and_then(|()| self.file.append(&self.scratch).map_err(self.io("write")));
        // A huge batch must not pin its scratch space.
        let bytes = u64::try_from(self.scratch.len()).unwrap_or(u64::MAX);
        self.scratch.shrink_to(1 << 20);
        match written {
            Ok(()) => {
                self.length = self.length.saturating_add(bytes);
                self.unsynced = true;
                Ok(())
            }
            Err(error) => {
                self.broken = self.file.cut(self.length).is_err();
                Err(error)
            }
        }
    }

    /// Whether a torn block may lie in the middle, which would hide all later ones.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Puts header and compressed payload into `scratch`.
    fn frame(&mut self, table: TableId, first_seq: u64, rows: usize, payload: &[u8]) -> Result<()> {
        let invalid = |what| StoreError::new(ErrorKind::Invalid, what);
        if payload.len() > PAYLOAD_BYTES_MAX || rows > BLOCK_ROWS_MAX {
            return Err(invalid("write a log block: batch too large"));
        }
        let number =
            |n: usize| u32::try_from(n).map_err(|_| invalid("write a log block: too large"));
        self.scratch.clear();
        let most = lz4_flex::block::get_maximum_output_size(payload.len());
        self.scratch.resize(BLOCK_HEADER_BYTES + most, 0);
        let (header, body) = self.scratch.split_at_mut(BLOCK_HEADER_BYTES);
        let compressed = lz4_flex::block::compress_into(payload, body).map_err(|error| {
            StoreError::from_source(ErrorKind::Invalid, "compress a log block", error)
        })?;
        let fields = [
            BLOCK_MAGIC.to_le_bytes(),
            [0; 4],
            number(compressed)?.to_le_bytes(),
            number(payload.len())?.to_le_bytes(),
            [table.0, ENCODING_LZ4, 0, 0],
            number(rows)?.to_le_bytes(),
        ];
        let tail = first_seq.to_le_bytes();
        for (slot, byte) in header.iter_mut().zip(fields.iter().flatten().chain(&tail)) {
            *slot = *byte;
        }
        self.scratch.truncate(BLOCK_HEADER_BYTES + compressed);
        let crc = crc32fast::hash(self.scratch.get(CRC_FROM..).unwrap_or_default());
        for (slot, byte) in self.scratch.iter_mut().skip(4).zip(crc.to_le_bytes()) {
            *slot = byte;
        }
        Ok(())
    }

    /// Makes all blocks durable.
    pub(crate) fn sync(&mut self) -> Result<()> {
        if self.unsynced {
            self.file.sync().map_err(self.io("sync"))?;
            self.unsynced = false;
        }
        Ok(())
    }

    fn io(&self, action: &'static str) -> impl FnOnce(std::io::Error) -> StoreError + use<> {
        let path = self.folder.log(self.number);
        move |error| StoreError::io(action, &path)(error)
    }
}

/// What reading a log file, or the rest of one, found.
#[derive(Debug, Default)]
pub(crate) struct LogRead {
    /// Rows, oldest first.
    pub(crate) batches: Vec<Arc<TailBatch>>,
    /// End of the last whole block.
    pub(crate) end: u64,
    /// Bytes behind it.
    pub(crate) torn_bytes: u64,
    /// Who wrote the file, when its header was read.
    pub(crate) boot: Option<BootHash>,
    /// Whole blocks that this program cannot read: of a table or an encoding that it does not know.
    pub(crate) unknown: Vec<UnknownBlock>,
}

/// A whole block whose rows cannot be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownBlock {
    pub(crate) table: TableId,
    pub(crate) last_seq: u64,
}

/// Reads the whole blocks of a log from byte `from` (0 or the `end` of an earlier read).
pub(crate) fn read(folder: &Folder, number: u64, from: u64, catalog: &Catalog) -> Result<LogRead> {
    let path = &folder.log(number);
    let file = folder.disk().open(path).map_err(StoreError::io("open", path))?;
    read_blocks(file, from, path, catalog)
}

/// As [`read`], of any file; `path` is named in errors.
pub(crate) fn read_blocks(
    file: DiskReader,
    from: u64,
    path: &Path,
    catalog: &Catalog,
) -> Result<LogRead> {
    let length = file.length().map_err(StoreError::io("read", path))?;
    let mut found = LogRead { end: from, ..LogRead::default() };
    if length <= from {
        return Ok(found);
    }
    let header = file.read_at(0, 16).unwrap_or_default();
    let boot = match check_file_header(&mut header.as_ref(), path)? {
        Header::Whole(boot) => boot,
        Header::Torn => {
            found.torn_bytes = length.saturating_sub(from);
            return Ok(found);
        }
    };
    found.boot = Some(boot);
    found.end = from.max(FILE_HEADER_BYTES);
    let mut input = file.read_from(found.end).map_err(StoreError::io("read", path))?;
    while let Some(block) = read_block(&mut input, length - found.end) {
        found.end = found.end.saturating_add(block.bytes);
        match block.decode(catalog, boot.into()) {
            Ok(batch) => found.batches.push(Arc::new(batch)),
            Err(unknown) => found.unknown.push(unknown),
        }
    }
    found.torn_bytes = length.saturating_sub(found.end);
    Ok(found)
}

enum Header {
    Whole(BootHash),
    Torn,
}

fn check_file_header(input: &mut impl Read, path: &Path) -> Result<Header> {
    let mut magic = [0_u8; 8];
    let mut version = [0_u8; 4];
    let mut boot = [0_u8; 4];
    let read = input
        .read_exact(&mut magic)
        .and_then(|()| input.read_exact(&mut version))
        .and_then(|()| input.read_exact(&mut boot));
    if read.is_err() || &magic != FILE_MAGIC {
        return Ok(Header::Torn);
    }
    if u32::from_le_bytes(version) > FILE_VERSION {
        return Err(StoreError::new(
            ErrorKind::Version,
            format!("read {}: written by a newer version", path.display()),
        ));
    }
    Ok(Header::Whole(BootHash(boot)))
}

/// A block whose crc is right.
struct Block {
    table: TableId,
    encoding: u8,
    rows: usize,
    first_seq: u64,
    uncompressed: usize,
    payload: Vec<u8>,
    /// In the file, header included.
    bytes: u64,
}

/// The next block, or `None` at the end and at the first that is torn or damaged.
fn read_block(input: &mut impl Read, left: u64) -> Option<Block> {
    let mut header = [0_u8; BLOCK_HEADER_BYTES];
    input.read_exact(&mut header).ok()?;
    let word = |at: usize| Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let size = |at: usize| usize::try_from(word(at)?).ok();
    if word(0)? != BLOCK_MAGIC {
        return None;
    }
    let (length, uncompressed, rows) = (size(8)?, size(12)?, size(20)?);
    let bytes = u64::try_from(BLOCK_HEADER_BYTES.checked_add(length)?).ok()?;
    if bytes > left || uncompressed > PAYLOAD_BYTES_MAX || rows == 0 || rows > BLOCK_ROWS_MAX {
        return None;
    }
    let mut payload = vec![0; length];
    input.read_exact(&mut payload).ok()?;
    let mut crc = crc32fast::Hasher::new();
    crc.update(header.get(CRC_FROM..)?);
    crc.update(&payload);
    if crc.finalize() != word(4)? {
        return None;
    }
    let table = TableId(*header.get(16)?);
    let encoding = *header.get(17)?;
    let first_seq = u64::from_le_bytes(header.get(24..32)?.try_into().ok()?);
    Some(Block { table, encoding, rows, first_seq, uncompressed, payload, bytes })
}

impl Block {
    fn decode(
        &self,
        catalog: &Catalog,
        host: HostBoot,
    ) -> std::result::Result<TailBatch, UnknownBlock> {
        let last_seq = self.first_seq.saturating_add(u64::try_from(self.rows).unwrap_or(0));
        let last_seq = last_seq.saturating_sub(1);
        let unknown = UnknownBlock { table: self.table, last_seq };
        let layout = catalog.by_id(self.table).ok_or(unknown)?;
        self.decode_as(layout, host).ok_or_else(|| {
            tracing::warn!(table = layout.spec.name, last_seq, "a log block cannot be read");
            unknown
        })
    }

    fn decode_as(&self, layout: &Arc<Layout>, host: HostBoot) -> Option<TailBatch> {
        if self.encoding != ENCODING_LZ4 {
            return None;
        }
        let mut payload = MutableBuffer::from_len_zeroed(self.uncompressed);
        let written = lz4_flex::block::decompress_into(&self.payload, payload.as_slice_mut());
        if written.ok()? != self.uncompressed {
            return None;
        }
        let payload: Buffer = payload.into();
        let batch = codec::decode(layout, self.rows, self.first_seq, host, &payload).ok()?;
        TailBatch::new(layout, batch, self.first_seq, payload.len())
    }
}

/// A log file around `block`, whose magic, length and crc are put right.
#[cfg(feature = "fuzzing")]
pub(crate) fn file_around(block: &[u8]) -> Vec<u8> {
    let mut block = block.to_vec();
    block.resize(block.len().max(BLOCK_HEADER_BYTES), 0);
    let put = |block: &mut [u8], at: usize, value: u32| {
        if let Some(place) = block.get_mut(at..at + 4) {
            place.copy_from_slice(&value.to_le_bytes());
        }
    };
    let payload = u32::try_from(block.len() - BLOCK_HEADER_BYTES).unwrap_or(0);
    put(&mut block, 0, BLOCK_MAGIC);
    put(&mut block, 8, payload);
    let crc = crc32fast::hash(block.get(CRC_FROM..).unwrap_or_default());
    put(&mut block, 4, crc);
    let mut file = FILE_MAGIC.to_vec();
    file.extend_from_slice(&FILE_VERSION.to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&block);
    file
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
