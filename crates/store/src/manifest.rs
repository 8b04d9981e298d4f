// SPDX-License-Identifier: Apache-2.0
//! The manifest: which segments exist. An append-only file of JSON lines, each with the hash of the
//! line before it; a seal record holds the hash of its file, so the chain covers the events too.
//! Knows nothing of what is inside segments.

use crate::disk::{DiskFile, DiskReader};
use crate::error::{ErrorKind, Result, StoreError};
use crate::folder::Folder;
use crate::retention::Retention;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A manifest is written anew from this size on, when it became four times what it was then.
const CHECKPOINT_BYTES_MIN: u64 = if cfg!(test) { 16 << 10 } else { 4 << 20 };
/// `prev` of the first line.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One sealed Parquet file. Times are nanoseconds since the unix epoch, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Name of its table.
    pub table: String,
    /// Path relative to the data dir, with `/`.
    pub file: String,
    /// Rows; their `seq` has no hole.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// `seq` of its first row.
    pub first_seq: u64,
    /// `seq` of its last row.
    pub last_seq: u64,
    /// Smallest event time.
    pub min_time: i64,
    /// Largest event time.
    pub max_time: i64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Smallest and largest value of the integer columns that are compared, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<String, (i64, i64)>,
    /// Where the filters of its columns are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<FilterPlace>,
}

/// Filters of one segment inside a file of `filters/`: one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterPlace {
    /// Number of the file.
    pub number: u64,
    /// Where the first begins.
    pub at: u64,
    /// CRC-32 of all of them.
    pub crc: u32,
    /// Number of each column and size of its filter in bytes, in the order of the file.
    pub columns: Vec<(u16, u32)>,
}

impl Segment {
    /// Bytes on disk: the file and its filters.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        let filters = self.filters.iter().flat_map(|place| &place.columns);
        filters.fold(self.bytes, |sum, (_, bytes)| sum.saturating_add(u64::from(*bytes)))
    }

    /// One of which only the name is known yet.
    pub(crate) fn empty(table: &str, file: String) -> Self {
        Self {
            table: table.to_owned(),
            file,
            rows: 0,
            bytes: 0,
            first_seq: 0,
            last_seq: 0,
            min_time: 0,
            max_time: 0,
            sha256: String::new(),
            ranges: BTreeMap::new(),
            filters: None,
        }
    }
}

/// A segment whose rows are all outside the retention; the file may be gone already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Expiry {
    pub(crate) table: String,
    pub(crate) file: String,
    pub(crate) through_seq: u64,
    pub(crate) rows: u64,
}

/// A segment that holds the rows of others; their files may be gone already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Compaction {
    #[serde(flatten)]
    pub(crate) segment: Segment,
    /// Files of the others.
    pub(crate) replaces: Vec<String>,
}

/// What a manifest said before it was written anew; its segments follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    pub(crate) first_seq: u64,
    pub(crate) tables: BTreeMap<String, Past>,
    pub(crate) retention: Option<Retention>,
}

/// What is left of segments that are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Past {
    pub(crate) sealed_through: u64,
    pub(crate) expired_rows: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub(crate) enum Record {
    Seal(Segment),
    Compact(Compaction),
    Expire(Expiry),
    Retention(Retention),
    Checkpoint(Checkpoint),
    /// Another boot began: tables that have no row get this `seq` first.
    Boot {
        first_seq: u64,
    },
    /// Of a newer version.
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) prev: String,
    #[serde(flatten)]
    pub(crate) record: Record,
}

/// What the manifest says of one table.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableSegments {
    /// In the order of `seq`.
    pub(crate) segments: Vec<Arc<Segment>>,
    /// Last `seq` that is or was in a segment.
    pub(crate) sealed_through: u64,
    /// Rows of segments that expired, since the store began.
    pub(crate) expired_rows: u64,
}

/// The manifest, read.
#[derive(Debug, Clone, Default)]
pub(crate) struct ManifestState {
    pub(crate) tables: BTreeMap<String, TableSegments>,
    pub(crate) retention: Option<Retention>,
    /// First `seq` of tables that never had a row; 0 stands for 1.
    pub(crate) first_seq: u64,
}

impl ManifestState {
    pub(crate) fn sealed_through(&self, table: &str) -> u64 {
        self.tables.get(table).map_or(0, |t| t.sealed_through)
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &Arc<Segment>> {
        self.tables.values().flat_map(|table| &table.segments)
    }

    fn insert(&mut self, segment: Segment) {
        let table = self.tables.entry(segment.table.clone()).or_default();
        table.sealed_through = table.sealed_through.max(segment.last_seq);
        let place = table.segments.partition_point(|s| s.first_seq < segment.first_seq);
        table.segments.insert(place, Arc::new(segment));
    }

    fn apply(&mut self, record: Record) {
        match record {
            Record::Seal(segment) => self.insert(segment),
            Record::Compact(Compaction { segment, replaces }) => {
                let table = self.tables.entry(segment.table.clone()).or_default();
                let gone: BTreeSet<&String> = replaces.iter().collect();
                table.segments.retain(|segment| !gone.contains(&segment.file));
                self.insert(segment);
            }
            Record::Expire(expiry) => {
                let table = self.tables.entry(expiry.table).or_default();
                table.sealed_through = table.sealed_through.max(expiry.through_seq);
                table.expired_rows = table.expired_rows.saturating_add(expiry.rows);
                table.segments.retain(|segment| segment.file != expiry.file);
            }
            Record::Retention(retention) => self.retention = Some(retention),
            Record::Checkpoint(checkpoint) => {
                self.first_seq = checkpoint.first_seq;
                self.retention = checkpoint.retention;
                for (name, past) in checkpoint.tables {
                    let table = self.tables.entry(name).or_default();
                    table.sealed_through = past.sealed_through;
                    table.expired_rows = past.expired_rows;
                }
            }
            Record::Boot { first_seq } => self.first_seq = self.first_seq.max(first_seq),
            Record::Unknown => {}
        }
    }
}

/// Where the chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Where the last whole line begins.
    last: u64,
    /// End of the last whole line.
    pub(crate) bytes: u64,
    pub(crate) hash: String,
}

impl Chain {
    pub(crate) fn new() -> Self {
        Self { last: 0, bytes: 0, hash: GENESIS.to_owned() }
    }

    /// Whether the last line read is still there.
    fn ends_in(&self, file: &DiskReader) -> bool {
        let length = self.bytes.saturating_sub(self.last).saturating_sub(1);
        if self.bytes == 0 {
            return true;
        }
        let line =
            usize::try_from(length).ok().and_then(|length| file.read_at(self.last, length).ok());
        line.is_some_and(|line| hex(&Sha256::digest(&line)) == self.hash)
    }

    /// Behind one more line (without its end).
    fn advance(&mut self, line: &[u8]) {
        self.hash = hex(&Sha256::digest(line));
        self.last = self.bytes;
        let bytes = u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(1);
    }
}

/// Reads the manifest as it grows.
#[derive(Debug)]
pub(crate) struct ManifestReader {
    folder: Folder,
    path: PathBuf,
    chain: Chain,
    state: Arc<ManifestState>,
}

/// What [`ManifestReader::refresh`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refreshed {
    Same,
    Grown,
    /// The file is another one; everything known of the store is void.
    Replaced,
}

impl ManifestReader {
    pub(crate) fn new(folder: &Folder) -> Self {
        let (folder, path) = (folder.clone(), folder.manifest());
        Self { folder, path, chain: Chain::new(), state: Arc::default() }
    }

    pub(crate) fn state(&self) -> &Arc<ManifestState> {
        &self.state
    }

    /// Hash of the last line read.
    pub(crate) fn hash(&self) -> &str {
        &self.chain.hash
    }

    /// Reads the lines that were added since. A torn end is left alone.
    pub(crate) fn refresh(&mut self) -> Result<Refreshed> {
        match self.read_on() {
            Ok(Refreshed::Replaced) => {}
            Err(error) if error.kind == ErrorKind::Corrupt && self.chain.bytes > 0 => {}
            other => return other,
        }
        *self = Self::new(&self.folder);
        self.read_on()?;
        Ok(Refreshed::Replaced)
    }

    fn read_on(&mut self) -> Result<Refreshed> {
        let file = self.folder.disk().open(&self.path);
        let file = file.map_err(StoreError::io("open", &self.path))?;
        let length = file.length().map_err(StoreError::io("read", &self.path))?;
        // A record that the writer could not make durable may have been seen; another one is there now.
        if length < self.chain.bytes || !self.chain.ends_in(&file) {
            return Ok(Refreshed::Replaced);
        }
        if length == self.chain.bytes {
            return Ok(Refreshed::Same);
        }
        let mut bytes = Vec::new();
        file.read_from(self.chain.bytes)
            .map_err(StoreError::io("read", &self.path))?
            .take(length - self.chain.bytes)
            .read_to_end(&mut bytes)
            .map_err(StoreError::io("read", &self.path))?;
        let before = self.chain.bytes;
        let (chain, state) = (&mut self.chain, Arc::make_mut(&mut self.state));
        parse(&bytes, chain, state, &self.path)?;
        Ok(if chain.bytes == before { Refreshed::Same } else { Refreshed::Grown })
    }
}

/// Appends to the manifest.
#[derive(Debug)]
pub(crate) struct Manifest {
    folder: Folder,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    chain: Chain,
    state: Arc<ManifestState>,
    /// Bytes of a failed write may lie behind the chain's end.
    uncut: bool,
    /// Size after the last checkpoint of this process.
    base_bytes: u64,
    /// A checkpoint failed half-way: which file has the name must be found out.
    unsure: bool,
}

impl Manifest {
    /// Opens or creates it; a torn end is cut off. Returns how many bytes that were.
    pub(crate) fn open(folder: &Folder) -> Result<(Self, u64)> {
        let path = &folder.manifest();
        let disk = folder.disk();
        let file = if disk.exists(path) { disk.append(path) } else { disk.create(path) };
        let file = file.map_err(StoreError::io("open", path))?;
        let length = file.length().map_err(StoreError::io("read", path))?;
        let mut reader = ManifestReader::new(folder);
        reader.read_on()?;
        let ManifestReader { chain, state, .. } = reader;
        let torn = length.saturating_sub(chain.bytes);
        let mut manifest = Self {
            folder: folder.clone(),
            path: path.to_owned(),
            file,
            chain,
            state,
            uncut: torn > 0,
            base_bytes: 0,
            unsure: false,
        };
        manifest.cut()?;
        if length == 0 {
            manifest.file.sync().map_err(StoreError::io("sync", path))?;
            folder.sync_dir(folder.root())?;
        }
        Ok((manifest, torn))
    }

    pub(crate) fn state(&self) -> &Arc<ManifestState> {
        &self.state
    }

    /// Size of the file.
    pub(crate) fn bytes(&self) -> u64 {
        self.chain.bytes
    }

    /// Appends all of `records` with one write; durable when it returns.
    pub(crate) fn append(&mut self, records: Vec<Record>) -> Result<()> {
        if self.unsure {
            self.folder.sync_dir(self.folder.root())?;
            *self = Self::open(&self.folder)?.0;
        }
        self.cut()?;
        let (mut chain, mut state) = (self.chain.clone(), (*self.state).clone());
        let text = lines(records, &mut chain, &mut state)?;
        self.uncut = true;
        self.file.append(&text).map_err(StoreError::io("write", &self.path))?;
        self.file.sync().map_err(StoreError::io("sync", &self.path))?;
        self.uncut = false;
        self.chain = chain;
        self.state = Arc::new(state);
        Ok(())
    }

    /// Writes the manifest anew when most of it is history: one line that takes the chain on and says
    /// what was, then the segments that there are. By rename, so that there is always a whole one.
    pub(crate) fn checkpoint(&mut self) -> Result<bool> {
        let due = self.chain.bytes > CHECKPOINT_BYTES_MIN.max(self.base_bytes.saturating_mul(4));
        if !due || self.unsure || self.uncut {
            return Ok(false);
        }
        let tables = self.state.tables.iter().map(|(name, table)| {
            let past =
                Past { sealed_through: table.sealed_through, expired_rows: table.expired_rows };
            (name.clone(), past)
        });
        let checkpoint = Record::Checkpoint(Checkpoint {
            first_seq: self.state.first_seq,
            tables: tables.collect(),
            retention: self.state.retention.clone(),
        });
        let segments = self.state.segments().map(|segment| Record::Seal((**segment).clone()));
        let records = std::iter::once(checkpoint).chain(segments).collect();
        let mut chain = Chain { last: 0, bytes: 0, hash: self.chain.hash.clone() };
        let mut state = ManifestState::default();
        let text = lines(records, &mut chain, &mut state)?;
        self.unsure = true;
        self.folder.write_durably(&self.path, &text)?;
        let file = self.folder.disk().append(&self.path);
        self.file = file.map_err(StoreError::io("open", &self.path))?;
        self.unsure = false;
        self.base_bytes = chain.bytes;
        self.chain = chain;
        self.state = Arc::new(state);
        Ok(true)
    }

    fn cut(&mut self) -> Result<()> {
        if self.uncut {
            self.file.cut(self.chain.bytes).map_err(StoreError::io("cut", &self.path))?;
            self.uncut = false;
        }
        Ok(())
    }
}

/// Records as lines that go on behind `chain`; applied to `state`.
fn lines(records: Vec<Record>, chain: &mut Chain, state: &mut ManifestState) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    for record in records {
        let line = Line { prev: chain.hash.clone(), record };
        let bytes = serde_json::to_vec(&line).map_err(|error| {
            StoreError::from_source(ErrorKind::Invalid, "write the manifest", error)
        })?;
        chain.advance(&bytes);
        text.extend_from_slice(&bytes);
        text.push(b'\n');
        state.apply(line.record);
    }
    Ok(text)
}

/// Applies whole lines and advances `chain` behind them. Lines that do not fit are a torn end, unless
/// one that is a record comes after them: then the file is damaged.
pub(crate) fn parse(
    bytes: &[u8],
    chain: &mut Chain,
    state: &mut ManifestState,
    path: &Path,
) -> Result<()> {
    let mut torn = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else { break };
        let record =
            serde_json::from_slice::<Line>(line).ok().filter(|line| is_sound(&line.record));
        let Some(Line { prev, record }) = record else {
            torn = true;
            continue;
        };
        if chain.bytes == 0 && matches!(record, Record::Checkpoint(_)) {
            // It takes on the chain of the file that it replaced.
            chain.hash.clone_from(&prev);
        }
        if torn || prev != chain.hash {
            return Err(StoreError::new(
                ErrorKind::Corrupt,
                format!("read {}: broken chain after byte {}", path.display(), chain.bytes),
            ));
        }
        if record == Record::Unknown {
            return Err(StoreError::new(
                ErrorKind::Version,
                format!("read {}: it has records of a newer version", path.display()),
            ));
        }
        chain.advance(line);
        state.apply(record);
    }
    Ok(())
}

/// Whether paths and numbers of a record can be used: files are opened and unlinked by them.
fn is_sound(record: &Record) -> bool {
    match record {
        Record::Seal(segment) => is_sound_segment(segment),
        Record::Compact(compaction) => {
            is_sound_segment(&compaction.segment)
                && compaction.replaces.iter().all(|file| is_segment_path(file))
        }
        Record::Expire(expiry) => is_segment_path(&expiry.file),
        Record::Retention(_) | Record::Checkpoint(_) | Record::Boot { .. } | Record::Unknown => {
            true
        }
    }
}

fn is_sound_segment(segment: &Segment) -> bool {
    is_segment_path(&segment.file)
        && (1..=segment.last_seq).contains(&segment.first_seq)
        && segment.last_seq - segment.first_seq + 1 == segment.rows
}

fn is_segment_path(file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    let plain = |part: &&str| !part.contains(['\\', '\0', ':']) && *part != "..";
    match parts.as_slice() {
        ["events", table, date, name] => {
            table.starts_with("table=")
                && date.starts_with("date=")
                && name.ends_with(".parquet")
                && parts.iter().all(plain)
        }
        _ => false,
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 0xf] {
            text.extend(char::from_digit(nibble.into(), 16));
        }
        text
    })
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
