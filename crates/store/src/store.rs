// SPDX-License-Identifier: Apache-2.0
//! The writer of a data dir: append, sync, seal, expire. All calls come from one thread; readers
//! share the tail through a mutex that is never held across a file operation.

use crate::catalog::{Catalog, Layout};
use crate::codec::{self, CodecError};
use crate::compact::{self, Effort};
use crate::disk::{Disk, RealDisk};
use crate::error::{ErrorKind, Result, StoreError};
use crate::filters::FilterWriter;
use crate::folder::{Folder, MayWrite, WriterLock};
use crate::log::{LogWriter, PAYLOAD_BYTES_MAX};
use crate::manifest::{Compaction, Expiry, Manifest, ManifestState, Record, Segment};
use crate::reader::{Live, StoreReader};
use crate::recovery::{self, Recovery};
use crate::retention::{Retention, oldest, outside};
use crate::seal;
use crate::segment_writer::NewSegment;
use crate::tail::{Tail, TailBatch};
use crate::undead::Undead;
use arrow_array::ArrayRef;
use evtables_schema::{EventBatch, HostBoot, TableId, TableSpec};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Log blocks are split so that a payload has about this many bytes at most.
const PAYLOAD_BYTES_SPLIT: usize = 16 << 20;
/// A tail that cannot be sealed may grow to this many times `seal_bytes`.
const TAIL_GROWTH_MAX: usize = 4;
/// How often the retention runs.
const RETENTION_INTERVAL: Duration = Duration::from_secs(10);
/// How often small segments are looked for.
const COMPACTION_INTERVAL: Duration = Duration::from_secs(10);
/// Two ticks are never so far apart, unless the clock was set or the machine slept.
const CLOCK_JUMP: Duration = Duration::from_secs(30 * 60);
/// How long a clock that jumped ahead must go on before it is believed.
const CLOCK_TRUST: Duration = Duration::from_secs(10 * 60);
/// Expired files that one tick unlinks at most, so that it stays short.
const UNLINKS_PER_TICK: usize = 8;
/// After a failed seal, the next attempt.
const SEAL_RETRY: Duration = Duration::from_secs(2);

/// How a store behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Time between syncs of the log: what is older survives power loss.
    pub flush_interval: Duration,
    /// Seal when a table's tail has so many rows.
    pub seal_rows: usize,
    /// Seal when the tails of all tables have this much memory, bytes.
    pub seal_bytes: usize,
    /// Seal when the tail is so old.
    pub seal_age: Duration,
    /// What is kept.
    pub retention: Retention,
    /// For event ids.
    pub host: HostBoot,
}

impl Options {
    /// Flush each second; seal at 65,536 rows, 8 MiB or 15 minutes; keep everything.
    #[must_use]
    pub fn new(host: HostBoot) -> Self {
        Self {
            flush_interval: Duration::from_secs(1),
            seal_rows: 65_536,
            seal_bytes: 8 << 20,
            seal_age: Duration::from_secs(15 * 60),
            retention: Retention::default(),
            host,
        }
    }
}

/// The one writer of a data dir.
#[derive(Debug)]
pub struct Store {
    folder: Folder,
    catalog: Catalog,
    options: Options,
    manifest: Manifest,
    log: LogWriter,
    live: Arc<Live>,
    filters: FilterWriter,
    next_seq: BTreeMap<TableId, u64>,
    /// Of tables that never had a row.
    first_seq: u64,
    recovery: Recovery,
    synced_ns: i64,
    /// When the oldest row of the tail was seen by a tick.
    tail_since_ns: Option<i64>,
    seal_failed_ns: Option<i64>,
    retained_ns: i64,
    compacted_ns: i64,
    /// Time of the last tick.
    ticked_ns: i64,
    /// When the clock jumped ahead, while it is not trusted yet.
    clock_suspect_ns: Option<i64>,
    /// A sync of the log failed: the tail must be sealed, which writes it again.
    log_suspect: bool,
    /// Segments that a failed write to the manifest may have listed: they go when it was written again.
    orphans: Vec<String>,
    /// The disk has less free space than it must keep.
    disk_low: bool,
    /// Files that compaction must not touch.
    left_alone: BTreeSet<String>,
    /// Files that no record lists any more and that are still to be unlinked.
    undead: Undead,
    _lock: WriterLock,
}

impl Store {
    /// Opens or creates the data dir and takes its lock; `now_ns` is the time, nanoseconds since the
    /// unix epoch. Whatever state a killed writer left is put in order.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] when another process writes to it, [`ErrorKind::Version`] when a newer
    /// version wrote it, [`ErrorKind::Corrupt`] when the manifest's chain is broken in the middle.
    pub fn open(dir: &Path, options: Options, now_ns: i64) -> Result<Self> {
        Self::open_with(dir, options, now_ns, evtables_schema::tables())
    }

    /// As [`Store::open`], for event tables of the caller's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(
        dir: &Path,
        options: Options,
        now_ns: i64,
        tables: &[&'static TableSpec],
    ) -> Result<Self> {
        Self::open_on(Arc::new(RealDisk), dir, options, now_ns, tables)
    }

    pub(crate) fn open_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        options: Options,
        now_ns: i64,
        tables: &[&'static TableSpec],
    ) -> Result<Self> {
        let folder = Folder::new(dir, disk);
        folder.create()?;
        let lock = WriterLock::take(&folder)?;
        folder.check_format(MayWrite::Yes)?;
        let catalog = Catalog::new(tables);
        let recovered = recovery::run(&folder, &catalog, &options.retention, options.host)?;
        let tail_since_ns = (!recovered.tail.is_empty()).then_some(now_ns);
        let state = recovered.manifest.state().clone();
        let first_seq = state.first_seq.max(1);
        Ok(Self {
            first_seq,
            live: Arc::new(Live::new(folder.clone(), catalog.clone(), state, recovered.tail)),
            folder,
            catalog,
            options,
            filters: recovered.filters,
            manifest: recovered.manifest,
            log: recovered.log,
            next_seq: recovered.next_seq,
            recovery: recovered.report,
            synced_ns: now_ns,
            tail_since_ns,
            seal_failed_ns: None,
            // The first tick expires what became too old meanwhile.
            retained_ns: i64::MIN,
            compacted_ns: now_ns,
            ticked_ns: i64::MIN,
            clock_suspect_ns: None,
            log_suspect: false,
            orphans: Vec::new(),
            disk_low: false,
            left_alone: BTreeSet::new(),
            undead: Undead::default(),
            _lock: lock,
        })
    }

    /// What opening found and repaired.
    #[must_use]
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Gives the rows their `seq` and `eid`, writes them to the log (not synced) and shows them to
    /// readers. Returns the first and last `seq`.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for a table or rows that cannot be stored, [`ErrorKind::Full`] when
    /// sealing has failed for long, [`ErrorKind::Io`]. Nothing is stored then, unless a batch of more
    /// than 16 MiB was split and failed in the middle.
    pub fn append(&mut self, batch: EventBatch) -> Result<(u64, u64)> {
        let invalid = |what: &str, table: &str| {
            StoreError::new(ErrorKind::Invalid, format!("append to {table}: {what}"))
        };
        let (spec, rows) = (batch.table, batch.rows);
        let layout = self.catalog.by_id(spec.id).filter(|layout| layout.spec == spec).cloned();
        let layout = layout.ok_or_else(|| invalid("not a stored table", spec.name))?;
        if rows == 0 || rows > codec::BLOCK_ROWS_MAX {
            return Err(invalid("no rows, or too many", spec.name));
        }
        if self.disk_low {
            return Err(StoreError::new(
                ErrorKind::Full,
                format!("append to {}: too little space is free on the disk", spec.name),
            ));
        }
        if self.live.tail_bytes() > self.options.seal_bytes.saturating_mul(TAIL_GROWTH_MAX) {
            return Err(StoreError::new(
                ErrorKind::Full,
                format!("append to {}: the tail is full and cannot be sealed", spec.name),
            ));
        }
        let arrays = batch.into_stored_columns();
        let first = self.next_seq.get(&spec.id).copied().unwrap_or(self.first_seq);
        self.append_part(&layout, arrays, rows)?;
        let next = self.next_seq.get(&spec.id).copied().unwrap_or(first);
        Ok((first, next.saturating_sub(1)))
    }

    fn append_part(
        &mut self,
        layout: &Arc<Layout>,
        arrays: Vec<ArrayRef>,
        rows: usize,
    ) -> Result<()> {
        let table = layout.spec.id;
        let invalid = |CodecError(what)| {
            let context = format!("append to {}: {what}", layout.spec.name);
            StoreError::new(ErrorKind::Invalid, context)
        };
        let first = self.next_seq.get(&table).copied().unwrap_or(self.first_seq);
        let payload = codec::encode(layout, &arrays).map_err(invalid)?;
        if payload.len() > PAYLOAD_BYTES_SPLIT && rows > 1 {
            let half = rows / 2;
            let part = |from, count| arrays.iter().map(|a| a.slice(from, count)).collect();
            self.append_part(layout, part(0, half), half)?;
            return self.append_part(layout, part(half, rows - half), rows - half);
        }
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(invalid(CodecError("a row is too large")));
        }
        // The tail holds slices of what was logged: exactly sized, and just what a restart would read.
        let decoded =
            codec::decode(layout, rows, first, self.options.host, &payload).map_err(invalid)?;
        let batch = TailBatch::new(layout, decoded, first, payload.len())
            .ok_or_else(|| invalid(CodecError("a row has no time")))?;
        let logged = self.log.append(table, first, rows, &payload);
        self.log_suspect |= self.log.is_broken();
        logged?;
        self.next_seq.insert(table, batch.last_seq.saturating_add(1));
        self.live.push(batch);
        Ok(())
    }

    /// Does what is due: sync, seal, expire. Call it at least each flush interval.
    ///
    /// # Errors
    /// The first failure; the others were tried all the same, and all are tried again.
    pub fn tick(&mut self, now_ns: i64) -> Result<()> {
        let mut result = Ok(());
        if self.log.unsynced()
            && !self.log_suspect
            && is_due(now_ns, self.synced_ns, self.options.flush_interval)
        {
            result = self.sync(now_ns);
        }
        if self.must_seal(now_ns) {
            let sealed = self.seal(now_ns);
            self.seal_failed_ns = sealed.is_err().then_some(now_ns);
            result = result.and(sealed.map(|_| ()));
        }
        self.watch_clock(now_ns);
        if is_due(now_ns, self.retained_ns, RETENTION_INTERVAL) {
            result = result.and(self.expire(now_ns));
        }
        if is_due(now_ns, self.compacted_ns, COMPACTION_INTERVAL) {
            // A group per tick, so that no tick takes long.
            let merged = self.compact_one(Effort::Timer);
            if !matches!(merged, Ok(Some(_))) {
                self.compacted_ns = now_ns;
            }
            result = result.and(merged.map(|_| ()));
        }
        // Space is wanted at once; otherwise a tick stays short, and rows are cut when read.
        self.bury(if self.disk_low { usize::MAX } else { UNLINKS_PER_TICK });
        result.and(self.checkpoint())
    }

    fn checkpoint(&mut self) -> Result<()> {
        if self.manifest.checkpoint()? {
            self.live.sealed(self.manifest.state().clone());
        }
        Ok(())
    }

    /// A clock that jumped ahead would make everything too old at once. Files are unlinked by age
    /// only when the new time has stood for a while; rows are cut when they are read all the same.
    fn watch_clock(&mut self, now_ns: i64) {
        let jump = i64::try_from(CLOCK_JUMP.as_nanos()).unwrap_or(i64::MAX);
        if self.ticked_ns != i64::MIN && now_ns.saturating_sub(self.ticked_ns) > jump {
            self.clock_suspect_ns = Some(now_ns);
        }
        let trusted = |since: &i64| now_ns < *since || is_due(now_ns, *since, CLOCK_TRUST);
        if self.clock_suspect_ns.as_ref().is_some_and(trusted) {
            self.clock_suspect_ns = None;
        }
        self.ticked_ns = now_ns;
        let low = self.options.retention.free_bytes_min.zip(self.free_bytes());
        self.disk_low = low.is_some_and(|(least, free)| free < least);
    }

    /// Makes everything appended so far durable.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub fn sync(&mut self, now_ns: i64) -> Result<()> {
        if self.log_suspect {
            return Err(StoreError::new(
                ErrorKind::Io,
                "sync the log: an earlier sync failed, rows are durable with the next seal",
            ));
        }
        if let Err(error) = self.log.sync() {
            // A later sync would succeed without having written what this one lost.
            self.log_suspect = true;
            return Err(error);
        }
        self.synced_ns = now_ns;
        Ok(())
    }

    fn must_seal(&mut self, now_ns: i64) -> bool {
        let (rows, bytes) = self.live.tail_size();
        if rows == 0 {
            self.tail_since_ns = None;
            return self.log_suspect && self.may_try_seal(now_ns);
        }
        let since = *self.tail_since_ns.get_or_insert(now_ns);
        let due = self.log_suspect
            || rows >= self.options.seal_rows
            || bytes >= self.options.seal_bytes
            || is_due(now_ns, since, self.options.seal_age);
        due && self.may_try_seal(now_ns)
    }

    fn may_try_seal(&self, now_ns: i64) -> bool {
        self.seal_failed_ns.is_none_or(|failed| is_due(now_ns, failed, SEAL_RETRY))
    }

    /// Seals the tails of all tables now, begins a new log and removes the old ones. Returns how many
    /// segments were written.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]; the tail stays as it was and is sealed by a later call.
    pub fn seal(&mut self, now_ns: i64) -> Result<usize> {
        let tail = self.live.tail();
        if tail.is_empty() && !self.log_suspect {
            return Ok(0);
        }
        let mut segments = self.write_segments(&tail)?;
        let count = segments.len();
        if let Err(error) = self.filters.append(&mut segments) {
            self.discard(&segments);
            return Err(error);
        }
        self.manifest
            .append(segments.into_iter().map(|new| Record::Seal(new.segment)).collect())?;
        self.live.sealed(self.manifest.state().clone());
        self.tail_since_ns = None;
        let old = self.log.number();
        self.log = self.log.next()?;
        self.log_suspect = false;
        self.synced_ns = now_ns;
        for number in self.folder.log_numbers()? {
            if number <= old {
                let path = self.folder.log(number);
                self.folder.disk().remove(&path).map_err(StoreError::io("remove", &path))?;
            }
        }
        Ok(count)
    }

    /// The first half of a seal: after a kill here, the files are removed at the next open.
    fn write_segments(&self, tail: &Tail) -> Result<Vec<NewSegment>> {
        let mut segments: Vec<NewSegment> = Vec::new();
        for run in tail.tables().flat_map(seal::runs) {
            match seal::write(&self.folder, &run) {
                Ok(segment) => segments.push(segment),
                Err(error) => {
                    // Other engines would read the rows twice after the next attempt.
                    for segment in segments {
                        let _ =
                            self.folder.disk().remove(&self.folder.segment(&segment.segment.file));
                    }
                    return Err(error);
                }
            }
        }
        Ok(segments)
    }

    /// Removes segments that will be written again: other engines would read their rows twice.
    fn discard(&self, segments: &[NewSegment]) {
        for new in segments {
            let _ = self.folder.disk().remove(&self.folder.segment(&new.segment.file));
        }
    }

    /// A seal that is killed after its first half.
    #[cfg(test)]
    pub(crate) fn write_tail(&self) -> Result<Vec<NewSegment>> {
        self.write_segments(&self.live.tail())
    }

    /// Unlinks segments that are outside the retention as a whole.
    fn expire(&mut self, now_ns: i64) -> Result<()> {
        self.retained_ns = now_ns;
        let state = self.manifest.state().clone();
        let gone = self.expired_segments(&state, now_ns);
        if !gone.is_empty() {
            let expiry = |segment: &Arc<Segment>| {
                Record::Expire(Expiry {
                    table: segment.table.clone(),
                    file: segment.file.clone(),
                    through_seq: segment.last_seq,
                    rows: segment.rows,
                })
            };
            self.list(gone.iter().map(expiry).collect(), Vec::new())?;
            self.live.sealed(self.manifest.state().clone());
            gone.iter().for_each(|segment| self.undead.push(segment.file.clone(), segment.bytes));
        }
        Ok(())
    }

    fn expired_segments(&self, state: &ManifestState, now_ns: i64) -> Vec<Arc<Segment>> {
        let retention = &self.options.retention;
        let tail = self.live.tail();
        let mut gone: Vec<Arc<Segment>> = Vec::new();
        for (name, table) in &state.tables {
            let unsealed = self.catalog.by_name(name).map(|l| tail.table(l.spec.id));
            let unsealed = unsealed.unwrap_or_default();
            let mut cut = retention.cut(name, &table.segments, &unsealed, now_ns);
            if self.clock_suspect_ns.is_some() {
                cut.min_time = i64::MIN;
            }
            gone.extend(outside(table, cut).cloned());
        }
        let mut done: BTreeSet<String> = gone.iter().map(|s| s.file.clone()).collect();
        let freed = gone.iter().map(|s| s.disk_bytes()).sum::<u64>();
        if let Some(bytes) = retention.bytes {
            let excess = self.disk_bytes(state).saturating_sub(freed).saturating_sub(bytes);
            let over = oldest(state, &done, excess);
            done.extend(over.iter().map(|s| s.file.clone()));
            gone.extend(over);
        }
        if let (Some(least), Some(free)) = (retention.free_bytes_min, self.free_bytes()) {
            let freed = gone.iter().map(|s| s.disk_bytes()).sum::<u64>();
            let soon_free = free.saturating_add(freed).saturating_add(self.undead.bytes());
            let missing = least.saturating_sub(soon_free);
            gone.extend(oldest(state, &done, missing));
        }
        gone
    }

    /// Bytes of everything in the data dir that is the store's.
    fn disk_bytes(&self, state: &ManifestState) -> u64 {
        let other = self.log.length().saturating_add(self.manifest.bytes());
        state.segments().fold(other, |sum, segment| sum.saturating_add(segment.disk_bytes()))
    }

    fn free_bytes(&self) -> Option<u64> {
        self.folder.disk().free(self.folder.root())
    }

    /// Merges one group of small segments, if there is one worth it; returns its rows.
    fn compact_one(&mut self, effort: Effort) -> Result<Option<u64>> {
        let state = self.manifest.state().clone();
        for (name, table) in &state.tables {
            let Some(layout) = self.catalog.by_name(name).cloned() else { continue };
            let groups = compact::groups(&table.segments, &self.left_alone, effort);
            let Some(group) = groups.first() else { continue };
            match compact::merge(&self.folder, &layout, group) {
                Ok(new) => {
                    let rows = new.segment.rows;
                    self.replace(group, new)?;
                    return Ok(Some(rows));
                }
                Err(error) if error.kind == ErrorKind::Corrupt => {
                    tracing::warn!(%error, "segments are left as they are");
                    self.left_alone.extend(group.iter().map(|segment| segment.file.clone()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Lists the merged segment in place of the old ones and unlinks these.
    fn replace(&mut self, group: &[Arc<Segment>], new: NewSegment) -> Result<()> {
        let mut new = [new];
        if let Err(error) = self.filters.append(&mut new) {
            // Not listed, so that other engines must not see it beside the others.
            self.discard(&new);
            return Err(error);
        }
        let [NewSegment { segment, .. }] = new;
        let file = segment.file.clone();
        let replaces = group.iter().map(|segment| segment.file.clone()).collect();
        let compaction = Compaction { segment, replaces };
        self.list(vec![Record::Compact(compaction)], vec![file])?;
        self.live.sealed(self.manifest.state().clone());
        // At once: other engines would read their rows twice.
        group.iter().for_each(|old| self.undead.push_first(old.file.clone(), old.bytes));
        self.bury(group.len());
        Ok(())
    }

    /// Appends records that list `files`. When that fails, the records may be there all the same, and
    /// after a crash they count: the files stay until the manifest was written without them.
    fn list(&mut self, records: Vec<Record>, files: Vec<String>) -> Result<()> {
        if let Err(error) = self.manifest.append(records) {
            self.orphans.extend(files);
            return Err(error);
        }
        let state = self.manifest.state();
        let listed: BTreeSet<&str> = state.segments().map(|s| s.file.as_str()).collect();
        let orphans = std::mem::take(&mut self.orphans);
        for file in orphans.into_iter().filter(|file| !listed.contains(file.as_str())) {
            self.undead.push_first(file, 0);
        }
        Ok(())
    }

    /// Unlinks files that no record lists, at most `files_max`; what fails is tried again later.
    fn bury(&mut self, files_max: usize) {
        if self.undead.is_empty() {
            return;
        }
        self.undead.bury(&self.folder, files_max);
        // A file of filters may serve segments that are gone and others.
        if let Err(error) = self.filters.remove_unused(self.manifest.state()) {
            tracing::debug!(%error, "filters are removed later");
        }
    }

    /// Seals, expires and merges everything that can be, now. Returns how many segments were merged
    /// from others.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]; what was done so far stays.
    pub fn compact(&mut self, now_ns: i64) -> Result<usize> {
        self.compact_with(now_ns, &mut |_| {})
    }

    /// As [`Store::compact`]; `progress` hears how many rows were merged so far.
    ///
    /// # Errors
    /// As [`Store::compact`].
    pub fn compact_with(&mut self, now_ns: i64, progress: &mut dyn FnMut(u64)) -> Result<usize> {
        self.seal(now_ns)?;
        self.expire(now_ns)?;
        let (mut merged, mut rows) = (0_usize, 0_u64);
        while let Some(more) = self.compact_one(Effort::Everything)? {
            merged += 1;
            rows = rows.saturating_add(more);
            progress(rows);
        }
        self.bury(usize::MAX);
        self.checkpoint()?;
        Ok(merged)
    }

    /// Changes what is kept, from the next tick on.
    ///
    /// # Errors
    /// [`ErrorKind::Io`]; the old bounds hold then.
    pub fn set_retention(&mut self, retention: Retention) -> Result<()> {
        if self.manifest.state().retention.as_ref() != Some(&retention) {
            self.list(vec![Record::Retention(retention.clone())], Vec::new())?;
            self.live.sealed(self.manifest.state().clone());
        }
        self.options.retention = retention;
        self.retained_ns = i64::MIN;
        Ok(())
    }

    /// Rows per table that were unlinked because of the retention, since the data dir was created.
    #[must_use]
    pub fn expired(&self) -> BTreeMap<String, u64> {
        let tables = &self.manifest.state().tables;
        tables.iter().map(|(name, table)| (name.clone(), table.expired_rows)).collect()
    }

    /// A reader inside this process: sees appended rows at once, without reading the log.
    #[must_use]
    pub fn reader(&self) -> StoreReader {
        StoreReader::live(self.live.clone())
    }

    /// Syncs and gives the lock back. The tail stays in the log.
    ///
    /// # Errors
    /// [`ErrorKind::Io`].
    pub fn close(mut self) -> Result<()> {
        self.log.sync()
    }
}

/// Whether `interval` has passed; a clock that was set back makes everything due.
fn is_due(now_ns: i64, last_ns: i64, interval: Duration) -> bool {
    let interval = i64::try_from(interval.as_nanos()).unwrap_or(i64::MAX);
    now_ns < last_ns || now_ns.saturating_sub(last_ns) >= interval
}
