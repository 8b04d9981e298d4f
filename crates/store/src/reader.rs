// SPDX-License-Identifier: Apache-2.0
//! Reading a store, inside the writing process or in another one. A snapshot is the manifest and the
//! unsealed tail of one moment.
//!
//! Another process sees a moment by this protocol: manifest, logs, manifest again; when it grew or a
//! log is gone, once more. Logs lose blocks only after their seal line, so an unchanged manifest means
//! that all unsealed blocks were seen.

use crate::catalog::Catalog;
use crate::disk::RealDisk;
use crate::error::{ErrorKind, Result, StoreError};
use crate::folder::{Folder, MayWrite};
use crate::log;
use crate::manifest::{ManifestReader, ManifestState, Refreshed, Segment};
use crate::retention::Retention;
use crate::scan::{Scan, ScanRequest};
use crate::segment::SegmentCache;
use crate::tail::{Tail, TailBatch};
use evtables_schema::{TableId, TableSpec};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Attempts to read while the writer seals.
const ATTEMPTS_MAX: usize = 5;

/// The writer's state that readers in its process share.
#[derive(Debug)]
pub(crate) struct Live {
    folder: Folder,
    catalog: Catalog,
    cache: Arc<SegmentCache>,
    shared: Mutex<Shared>,
}

#[derive(Debug, Clone)]
struct Shared {
    state: Arc<ManifestState>,
    tail: Tail,
}

impl Live {
    pub(crate) fn new(
        folder: Folder,
        catalog: Catalog,
        state: Arc<ManifestState>,
        tail: Tail,
    ) -> Self {
        let shared = Mutex::new(Shared { state, tail });
        Self { folder, catalog, cache: Arc::default(), shared }
    }

    /// A poisoned lock is taken all the same: every change is one assignment.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, batch: TailBatch) {
        self.lock().tail.push(Arc::new(batch));
    }

    /// Shows a new manifest, and drops from the tail what it lists.
    pub(crate) fn sealed(&self, state: Arc<ManifestState>) {
        let mut shared = self.lock();
        shared.tail.drop_sealed(|table| state.sealed_through(table));
        shared.state = state;
    }

    pub(crate) fn tail(&self) -> Tail {
        self.lock().tail.clone()
    }

    pub(crate) fn tail_bytes(&self) -> usize {
        self.lock().tail.bytes()
    }

    /// Rows of the largest table, and memory of all.
    pub(crate) fn tail_size(&self) -> (usize, usize) {
        let shared = self.lock();
        (shared.tail.rows_max(), shared.tail.bytes())
    }

    fn snapshot(&self) -> Snapshot {
        let Shared { state, tail } = self.lock().clone();
        let (folder, catalog) = (self.folder.clone(), self.catalog.clone());
        Snapshot { folder, catalog, cache: self.cache.clone(), state, tail, reader: None }
    }
}

/// Reads a store. Cheap to clone; clones share what they know.
#[derive(Debug, Clone)]
pub struct StoreReader(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Live(Arc<Live>),
    Disk(Arc<Mutex<Disk>>),
}

impl StoreReader {
    /// Reads the data dir from any process, without a lock.
    ///
    /// # Errors
    /// When there is no store, or one of a newer version.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::open_with(dir, evtables_schema::tables())
    }

    /// As [`StoreReader::open`], for event tables of the caller's own.
    ///
    /// # Errors
    /// As [`StoreReader::open`].
    pub fn open_with(dir: &Path, tables: &[&'static TableSpec]) -> Result<Self> {
        Self::open_on(Arc::new(RealDisk), dir, tables)
    }

    pub(crate) fn open_on(
        disk: Arc<dyn crate::disk::Disk>,
        dir: &Path,
        tables: &[&'static TableSpec],
    ) -> Result<Self> {
        let folder = Folder::new(dir, disk);
        folder.check_format(MayWrite::No)?;
        Ok(Self(Kind::Disk(Arc::new(Mutex::new(Disk {
            manifest: ManifestReader::new(&folder),
            folder,
            catalog: Catalog::new(tables),
            cache: Arc::default(),
            ends: BTreeMap::new(),
            seen: BTreeMap::new(),
            tail: Tail::default(),
        })))))
    }

    pub(crate) fn live(live: Arc<Live>) -> Self {
        Self(Kind::Live(live))
    }

    /// The store as it is now. Reads only what was added since the last call.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] when the writer changed the store in each of five attempts; else what the
    /// file system or the manifest says.
    pub fn snapshot(&self) -> Result<Snapshot> {
        let mut snapshot = match &self.0 {
            Kind::Live(live) => live.snapshot(),
            Kind::Disk(disk) => disk.lock().unwrap_or_else(PoisonError::into_inner).snapshot()?,
        };
        snapshot.reader = Some(self.clone());
        Ok(snapshot)
    }
}

/// What a reader in another process knows so far.
#[derive(Debug)]
struct Disk {
    folder: Folder,
    catalog: Catalog,
    cache: Arc<SegmentCache>,
    manifest: ManifestReader,
    /// End of the last whole block read, per log.
    ends: BTreeMap<u64, u64>,
    /// Last `seq` in the tail, per table.
    seen: BTreeMap<TableId, u64>,
    tail: Tail,
}

impl Disk {
    fn snapshot(&mut self) -> Result<Snapshot> {
        for _ in 0..ATTEMPTS_MAX {
            if self.refresh_manifest()? == Refreshed::Replaced {
                continue;
            }
            match self.read_logs() {
                Ok(()) => {}
                Err(error) if error.is_gone() => continue,
                Err(error) => return Err(error),
            }
            if self.refresh_manifest()? == Refreshed::Same {
                return Ok(Snapshot {
                    folder: self.folder.clone(),
                    catalog: self.catalog.clone(),
                    cache: self.cache.clone(),
                    state: self.manifest.state().clone(),
                    tail: self.tail.clone(),
                    reader: None,
                });
            }
        }
        Err(StoreError::new(
            ErrorKind::Busy,
            format!("read {}: it changed in each attempt", self.folder.root().display()),
        ))
    }

    fn refresh_manifest(&mut self) -> Result<Refreshed> {
        let refreshed = self.manifest.refresh()?;
        match refreshed {
            Refreshed::Same => {}
            Refreshed::Grown => {
                let state = self.manifest.state().clone();
                self.tail.drop_sealed(|table| state.sealed_through(table));
            }
            Refreshed::Replaced => self.forget(),
        }
        Ok(refreshed)
    }

    fn forget(&mut self) {
        self.ends.clear();
        self.seen.clear();
        self.tail = Tail::default();
    }

    fn read_logs(&mut self) -> Result<()> {
        let numbers = self.folder.log_numbers()?;
        self.ends.retain(|number, _| numbers.contains(number));
        for number in numbers {
            let from = self.ends.get(&number).copied().unwrap_or(0);
            let read = log::read(&self.folder, number, from, &self.catalog)?;
            for batch in read.batches {
                let table = batch.layout.spec;
                let sealed = self.manifest.state().sealed_through(table.name);
                let seen = self.seen.entry(table.id).or_default();
                let Some(batch) = batch.after(sealed.max(*seen)) else { continue };
                *seen = batch.last_seq;
                self.tail.push(batch);
            }
            self.ends.insert(number, read.end);
        }
        Ok(())
    }
}

/// A store at one moment. Segments that expire later may be gone when a scan comes to them.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) folder: Folder,
    pub(crate) catalog: Catalog,
    pub(crate) cache: Arc<SegmentCache>,
    pub(crate) state: Arc<ManifestState>,
    pub(crate) tail: Tail,
    /// Where a newer one comes from.
    pub(crate) reader: Option<StoreReader>,
}

/// What a snapshot holds of one table. Times are nanoseconds since the unix epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSummary {
    /// Name of the table.
    pub table: String,
    /// Rows that are not cut by count, nor in a segment that is too old as a whole.
    pub rows: u64,
    /// Bytes of segments, and memory of the tail.
    pub bytes: u64,
    /// Segments.
    pub segments: u64,
    /// Largest `seq` given so far.
    pub last_seq: u64,
    /// Event time of the oldest of the rows.
    pub oldest_time: Option<i64>,
    /// Event time of the newest.
    pub newest_time: Option<i64>,
}

impl Snapshot {
    /// Starts reading rows of one table.
    #[must_use]
    pub fn scan(&self, request: ScanRequest) -> Scan {
        Scan::new(self, request)
    }

    /// All segments, by table and `seq`.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.state.segments().map(Arc::as_ref)
    }

    /// What is kept.
    #[must_use]
    pub fn retention(&self) -> Option<&Retention> {
        self.state.retention.as_ref()
    }

    /// Bytes of all files of the store.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        let logs = self.folder.log_numbers().unwrap_or_default();
        let paths = logs.into_iter().map(|number| self.folder.log(number));
        let other = paths
            .chain([self.folder.manifest()])
            .filter_map(|path| self.folder.disk().open(&path).and_then(|file| file.length()).ok());
        let segments = self.state.segments().map(|segment| segment.disk_bytes());
        other.chain(segments).fold(0, u64::saturating_add)
    }

    /// Sizes of all tables that have or had rows, by name.
    #[must_use]
    pub fn tables(&self, now_ns: i64) -> Vec<TableSummary> {
        let mut names: Vec<&str> = self.state.tables.keys().map(String::as_str).collect();
        let tail = self.tail.tables().filter_map(|list| Some(list.first()?.layout.spec.name));
        names.extend(tail);
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| self.summary(name, now_ns)).collect()
    }

    /// Largest `seq` given in a table so far; 0 when it never had a row.
    #[must_use]
    pub fn last_seq(&self, table: &TableSpec) -> u64 {
        let tail = self.tail.table(table.id).last().map(|batch| batch.last_seq);
        tail.unwrap_or_else(|| self.state.sealed_through(table.name))
    }

    fn summary(&self, name: &str, now_ns: i64) -> TableSummary {
        let layout = self.catalog.by_name(name);
        let tail = layout.map(|l| self.tail.table(l.spec.id)).unwrap_or_default();
        let segments = self.state.tables.get(name).map_or(&[][..], |t| &t.segments);
        let retention = self.state.retention.clone().unwrap_or_default();
        let cut = retention.cut(name, segments, &tail, now_ns);
        let sealed =
            segments.iter().map(|s| (s.first_seq, s.last_seq, s.min_time, s.max_time, s.bytes));
        let unsealed = tail.iter().map(|b| {
            let bytes = u64::try_from(b.bytes).unwrap_or(0);
            (b.first_seq, b.last_seq, b.min_time, b.max_time, bytes)
        });
        let mut summary = TableSummary {
            table: name.to_owned(),
            rows: 0,
            bytes: 0,
            segments: u64::try_from(segments.len()).unwrap_or(u64::MAX),
            last_seq: tail.last().map_or(self.state.sealed_through(name), |b| b.last_seq),
            oldest_time: None,
            newest_time: None,
        };
        for (first, last, min_time, max_time, bytes) in sealed.chain(unsealed) {
            summary.bytes = summary.bytes.saturating_add(bytes);
            if cut.covers(last, max_time) {
                continue;
            }
            let first = first.max(cut.through_seq.saturating_add(1));
            summary.rows = summary.rows.saturating_add(last.saturating_sub(first) + 1);
            let oldest = min_time.max(cut.min_time);
            summary.oldest_time = Some(summary.oldest_time.map_or(oldest, |t| t.min(oldest)));
            summary.newest_time = Some(summary.newest_time.map_or(max_time, |t| t.max(max_time)));
        }
        summary
    }
}
