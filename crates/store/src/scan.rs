// SPDX-License-Identifier: Apache-2.0
//! Reading rows of one table in the order of `seq`: segments, then the tail. What cannot match is
//! skipped whole; a damaged segment is skipped, counted and logged, and the scan goes on.

use crate::catalog::{Layout, schema_of};
use crate::error::{Result, StoreError};
use crate::folder::Folder;
use crate::manifest::Segment;
use crate::prune::Pruner;
use crate::reader::{Snapshot, StoreReader};
use crate::segment::{BATCH_ROWS_MAX, SegmentCache, SegmentScan};
use crate::tail::TailBatch;
use arrow_array::types::TimestampNanosecondType;
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_buffer::BooleanBuffer;
use arrow_schema::SchemaRef;
use arrow_select::filter::filter_record_batch;
use evtables_filter::{Cache, Predicate};
use evtables_schema::{Storage, TableSpec, Virtual};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Newer snapshots that one scan takes because segments were gone.
const REFRESHES_MAX: u32 = 1_000;

/// Which rows of a table, and which columns of them.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// The table.
    pub table: &'static TableSpec,
    /// Positions in `table.columns`; a virtual column means the stored one that it is made of.
    pub columns: Vec<usize>,
    /// Rows that do not pass are left out.
    pub predicate: Predicate,
    /// Rows whose `seq` is in `(from, to]`.
    pub seq_range: Option<(u64, u64)>,
    /// Now, nanoseconds since the unix epoch: rows older than the retention are left out.
    pub now_ns: i64,
}

/// What a scan did so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScanStats {
    /// Segments of the table.
    pub segments: u64,
    /// Of them, not opened because no row could match.
    pub segments_skipped: u64,
    /// Of them, damaged; rows may be missing.
    pub segments_corrupt: u64,
    /// Of them, expired and unlinked since the snapshot.
    pub segments_gone: u64,
    /// Rows that were tested, or returned untested.
    pub rows_read: u64,
    /// Rows returned.
    pub rows_returned: u64,
}

/// Batches of at most 8,192 rows. All have the same columns: those requested and those that the
/// predicate needs, in the table's order.
pub struct Scan {
    layout: Option<Arc<Layout>>,
    folder: Folder,
    cache: Arc<SegmentCache>,
    /// For a newer snapshot, when a segment is gone.
    reader: Option<StoreReader>,
    /// Times that a newer snapshot may still be taken.
    refreshes: u32,
    pruner: Arc<Pruner>,
    /// Schema of the batches.
    schema: SchemaRef,
    /// Wanted `seq`, both ends included.
    seq: (u64, u64),
    tests: Option<Tests>,
    units: VecDeque<Unit>,
    open: Option<(Arc<Segment>, ParquetRecordBatchReader, Tested)>,
    stats: ScanStats,
    rows_tested: Arc<AtomicU64>,
}

enum Unit {
    /// And the wanted `seq` in it, both ends included.
    Segment(Arc<Segment>, (u64, u64)),
    Tail(Arc<TailBatch>),
}

/// Whether the rows that a reader gives were counted by its test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tested {
    Yes,
    No,
}

/// The tests that rows must pass: with the retention's age, and without for runs that are all young.
struct Tests {
    with_age: Arc<RowTest>,
    without_age: Option<Arc<RowTest>>,
    min_time: i64,
}

impl Tests {
    fn new(request: &ScanRequest, layout: &Layout, min_time: i64, count: &Arc<AtomicU64>) -> Self {
        let mut columns: BTreeSet<usize> =
            request.predicate.columns().filter_map(|at| stored_source(request.table, at)).collect();
        let name = |at: &usize| request.table.columns.get(*at).map(|column| column.name);
        let time = layout.stored.get(layout.time).copied();
        let test = |columns: &BTreeSet<usize>, min_time: i64| {
            Arc::new(RowTest {
                predicate: request.predicate.clone(),
                time: time.as_ref().and_then(name).unwrap_or(""),
                min_time,
                columns: columns.iter().filter_map(name).collect(),
                count: count.clone(),
                known: Mutex::default(),
            })
        };
        let without_age = (!request.predicate.is_all()).then(|| test(&columns, i64::MIN));
        columns.extend(time);
        Self { with_age: test(&columns, min_time), without_age, min_time }
    }

    /// The test for rows whose earliest time is `oldest`; `None` when all pass.
    fn of(&self, oldest: i64) -> Option<&Arc<RowTest>> {
        if oldest < self.min_time { Some(&self.with_age) } else { self.without_age.as_ref() }
    }
}

/// Decides which rows of a batch are wanted.
pub(crate) struct RowTest {
    predicate: Predicate,
    /// Name of the time column.
    time: &'static str,
    min_time: i64,
    /// Names of the columns that it reads.
    pub(crate) columns: Vec<&'static str>,
    count: Arc<AtomicU64>,
    known: Mutex<Cache>,
}

impl RowTest {
    /// Never NULL.
    pub(crate) fn evaluate(&self, batch: &RecordBatch) -> BooleanArray {
        let rows = batch.num_rows();
        self.count.fetch_add(u64::try_from(rows).unwrap_or(0), Ordering::Relaxed);
        let mut pass = if self.predicate.is_all() {
            BooleanBuffer::new_set(rows)
        } else {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let found = self.predicate.evaluate_with(batch, &mut known);
            match found.nulls() {
                Some(nulls) => found.values() & nulls.inner(),
                None => found.values().clone(),
            }
        };
        if self.min_time > i64::MIN {
            let times = batch.column_by_name(self.time).map(|array| array.to_data());
            let times = times.map(arrow_array::PrimitiveArray::<TimestampNanosecondType>::from);
            if let Some(times) = times {
                let young = times.values().iter().map(|time| *time >= self.min_time);
                pass = &pass & &young.collect::<BooleanBuffer>();
            }
        }
        BooleanArray::new(pass, None)
    }
}

/// The stored column that a column is read from; `None` for constants and positions out of range.
fn stored_source(table: &TableSpec, position: usize) -> Option<usize> {
    match table.columns.get(position)?.storage {
        Storage::Virtual(Virtual::UtcText | Virtual::IsoText | Virtual::TimeNs) => {
            table.time_column()
        }
        Storage::Virtual(Virtual::Const(_) | Virtual::Input) => None,
        _ => Some(position),
    }
}

impl Scan {
    pub(crate) fn new(snapshot: &Snapshot, request: ScanRequest) -> Self {
        let spec = request.table;
        let wanted: BTreeSet<usize> = request
            .columns
            .iter()
            .copied()
            .chain(request.predicate.columns())
            .filter_map(|position| stored_source(spec, position))
            .collect();
        let rows_tested = Arc::new(AtomicU64::new(0));
        let layout = snapshot.catalog.by_name(spec.name).cloned();
        let mut scan = Self {
            folder: snapshot.folder.clone(),
            cache: snapshot.cache.clone(),
            reader: snapshot.reader.clone(),
            refreshes: REFRESHES_MAX,
            pruner: Arc::default(),
            schema: schema_of(spec, wanted),
            seq: (1, u64::MAX),
            tests: None,
            units: VecDeque::new(),
            open: None,
            stats: ScanStats::default(),
            layout: layout.clone(),
            rows_tested,
        };
        if let Some(layout) = layout {
            scan.plan(snapshot, &request, &layout);
        }
        scan
    }

    /// Decides what to open.
    fn plan(&mut self, snapshot: &Snapshot, request: &ScanRequest, layout: &Layout) {
        let name = layout.spec.name;
        let segments = snapshot.state.tables.get(name).map_or(&[][..], |table| &table.segments);
        let tail = snapshot.tail.table(layout.spec.id);
        let retention = snapshot.state.retention.clone().unwrap_or_default();
        let cut = retention.cut(name, segments, &tail, request.now_ns);
        let (low, high) = request.predicate.time_range();
        let (low, high) = (low.unwrap_or(i64::MIN).max(cut.min_time), high.unwrap_or(i64::MAX));
        let (from, to) = request.seq_range.unwrap_or((0, u64::MAX));
        let (first, last) = request.predicate.seq_range();
        let first = first.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0);
        let last = last.map_or(u64::MAX, |seq| u64::try_from(seq).unwrap_or(0));
        let first = first.max(from.max(cut.through_seq).saturating_add(1));
        self.seq = (first, last.min(to));
        let may_match = |seq: (u64, u64), time: (i64, i64)| {
            seq.0.max(self.seq.0) <= seq.1.min(self.seq.1) && time.0.max(low) <= time.1.min(high)
        };
        self.stats.segments = u64::try_from(segments.len()).unwrap_or(u64::MAX);
        let time = layout.columns().nth(layout.time).map(|column| column.name);
        let pruner = Pruner::new(&request.predicate, time, low, high);
        for s in segments {
            if may_match((s.first_seq, s.last_seq), (s.min_time, s.max_time))
                && pruner.may_match(s, &self.folder, &self.cache.filters)
            {
                self.units.push_back(Unit::Segment(s.clone(), self.seq));
            } else {
                self.stats.segments_skipped += 1;
            }
        }
        for batch in tail.iter() {
            let range = (batch.first_seq, batch.last_seq);
            if may_match(range, (batch.min_time, batch.max_time)) {
                self.units.push_back(Unit::Tail(batch.clone()));
            }
        }
        self.pruner = Arc::new(pruner);
        self.tests = Some(Tests::new(request, layout, cut.min_time, &self.rows_tested));
    }

    /// What was done so far.
    #[must_use]
    pub fn stats(&self) -> ScanStats {
        let tested = self.rows_tested.load(Ordering::Relaxed);
        ScanStats { rows_read: self.stats.rows_read.saturating_add(tested), ..self.stats }
    }

    /// Schema of all batches.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn test_of(&self, oldest: i64) -> Option<Arc<RowTest>> {
        self.tests.as_ref().and_then(|tests| tests.of(oldest)).cloned()
    }

    /// Opens the next unit, or takes it as a whole.
    fn next_unit(&mut self) -> Option<Result<Option<RecordBatch>>> {
        let layout = self.layout.clone()?;
        match self.units.pop_front()? {
            Unit::Tail(batch) => Some(self.tail_batch(&batch).map(Some)),
            Unit::Segment(segment, seq) => {
                self.open_segment(&layout, &segment, seq);
                Some(Ok(None))
            }
        }
    }

    fn open_segment(&mut self, layout: &Layout, segment: &Arc<Segment>, seq: (u64, u64)) {
        let test = self.test_of(segment.min_time);
        let tested = if test.is_some() { Tested::Yes } else { Tested::No };
        let columns = self.schema.fields().iter();
        let columns = columns.filter_map(|field| {
            layout.columns().find(|column| column.name == field.name()).map(|column| column.name)
        });
        let (columns, pruner) = (columns.collect(), &self.pruner);
        let scan = SegmentScan { layout, segment, columns, seq, test, pruner };
        match caught(|| scan.open(&self.folder, &self.cache)) {
            Some(Ok(reader)) => self.open = Some((segment.clone(), reader, tested)),
            Some(Err(error)) if error.is_gone() => self.look_again(layout, segment, seq),
            Some(Err(error)) => self.give_up(segment, &error),
            None => self.give_up(segment, &"the decoder panicked"),
        }
    }

    /// A segment that is gone was compacted, and its rows are in another one, or it expired.
    fn look_again(&mut self, layout: &Layout, gone: &Segment, seq: (u64, u64)) {
        let (first, last) = (seq.0.max(gone.first_seq), seq.1.min(gone.last_seq));
        let again = self.refreshes.checked_sub(1).zip(self.reader.as_ref());
        let newer = again.and_then(|(left, reader)| {
            self.refreshes = left;
            reader.snapshot().ok()
        });
        let table = newer.as_ref().and_then(|newer| newer.state.tables.get(layout.spec.name));
        let segments = table.map_or(&[][..], |table| &table.segments);
        let holding = segments.iter().filter(|s| s.first_seq <= last && s.last_seq >= first);
        let found: Vec<_> = holding.filter(|s| s.file != gone.file).cloned().collect();
        if found.is_empty() {
            self.stats.segments_gone += 1;
        }
        for segment in found.into_iter().rev() {
            self.units.push_front(Unit::Segment(segment, (first, last)));
        }
    }

    fn give_up(&mut self, segment: &Segment, error: &dyn std::fmt::Display) {
        self.stats.segments_corrupt += 1;
        tracing::warn!(file = segment.file, %error, "a segment cannot be read; it is left out");
    }

    /// The next batch of the open segment; `None` at its end.
    fn segment_batch(&mut self) -> Option<RecordBatch> {
        let (segment, mut reader, tested) = self.open.take()?;
        let next = caught(|| reader.next());
        let shaped = match next {
            Some(None) => return None,
            Some(Some(Ok(batch))) => self.shape(&batch).map_err(|error| error.to_string()),
            Some(Some(Err(error))) => Err(error.to_string()),
            None => Err("the decoder panicked".to_owned()),
        };
        match shaped {
            Ok(batch) => {
                if tested == Tested::No {
                    self.stats.rows_read += u64::try_from(batch.num_rows()).unwrap_or(0);
                }
                self.open = Some((segment, reader, tested));
                Some(batch)
            }
            Err(error) => {
                self.give_up(&segment, &error);
                None
            }
        }
    }

    /// The wanted rows of a tail batch, at most as many as fit; the rest goes back to the queue.
    fn tail_batch(&mut self, tail: &Arc<TailBatch>) -> Result<RecordBatch> {
        let first = self.seq.0.max(tail.first_seq);
        let most = u64::try_from(BATCH_ROWS_MAX).unwrap_or(u64::MAX);
        let last = self.seq.1.min(tail.last_seq).min(first.saturating_add(most - 1));
        let place = |seq: u64| usize::try_from(seq.saturating_sub(tail.first_seq)).unwrap_or(0);
        let (from, rows) = (place(first), place(last).saturating_add(1) - place(first));
        let rest = (last < self.seq.1.min(tail.last_seq)).then(|| tail.after(last)).flatten();
        if let Some(rest) = rest {
            self.units.push_front(Unit::Tail(rest));
        }
        let batch = tail.batch.slice(from, rows);
        match self.test_of(tail.min_time) {
            None => {
                self.stats.rows_read += u64::try_from(rows).unwrap_or(0);
                self.shape(&batch)
            }
            Some(test) => {
                let pass = test.evaluate(&batch);
                let batch = self.shape(&batch)?;
                if pass.true_count() == rows {
                    return Ok(batch);
                }
                filter_record_batch(&batch, &pass).map_err(|error| {
                    StoreError::from_source(
                        crate::ErrorKind::Corrupt,
                        format!("filter rows of {}", tail.layout.spec.name),
                        error,
                    )
                })
            }
        }
    }

    /// The batch with just the columns of the scan; those that it lacks are NULL.
    fn shape(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = batch.num_rows();
        let column = |name: &str, data_type| -> ArrayRef {
            let found = batch.column_by_name(name).cloned();
            found.unwrap_or_else(|| new_null_array(data_type, rows))
        };
        let fields = self.schema.fields().iter();
        let columns = fields.map(|field| column(field.name(), field.data_type())).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options).map_err(|error| {
            StoreError::from_source(crate::ErrorKind::Corrupt, "read a batch", error)
        })
    }
}

impl Iterator for Scan {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let batch = match self.segment_batch() {
                Some(batch) => batch,
                None => match self.next_unit()? {
                    Ok(Some(batch)) => batch,
                    Ok(None) => continue,
                    Err(error) => return Some(Err(error)),
                },
            };
            if batch.num_rows() > 0 {
                self.stats.rows_returned += u64::try_from(batch.num_rows()).unwrap_or(0);
                return Some(Ok(batch));
            }
        }
    }
}

/// Runs a decoder on bytes that may be damaged; `None` when it panicked.
fn caught<T>(decode: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(decode)).ok()
}
