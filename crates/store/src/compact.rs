// SPDX-License-Identifier: Apache-2.0
//! Compaction: small neighbours become one segment, so that a look-up asks few of them. Which ones is
//! decided here; the manifest and the old files are `store`'s.
//!
//! Rows are copied column by column: in memory is one column of one row group. What could be lost in
//! copying is left alone: files that are not what the manifest says (their damage must stay visible)
//! and files with columns that this program does not know.

use crate::catalog::Layout;
use crate::error::{ErrorKind, Result, StoreError};
use crate::folder::Folder;
use crate::manifest::{Segment, hex};
use crate::segment::{self, BATCH_ROWS_MAX};
use crate::segment_writer::{NewSegment, RowGroup, write_segment};
use arrow_array::{ArrayRef, new_null_array};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

/// Segments of so many rows are not compacted further, and groups grow up to here.
pub(crate) const COMPACTED_ROWS_MIN: u64 = 65_536;
/// A group that stays smaller is compacted all the same when it has so many segments.
const GROUP_SEGMENTS_MAX: usize = 16;
/// Files of one group together: a bound on its memory.
const GROUP_BYTES_MAX: u64 = 32 << 20;
/// Rows of a row group.
const ROW_GROUP_ROWS_MAX: u64 = 65_536;

/// How eager compaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Groups that become large enough.
    Timer,
    /// All neighbours.
    Everything,
}

/// Neighbours of one table that should become one segment; `segments` in the order of `seq`.
pub(crate) fn groups(
    segments: &[Arc<Segment>],
    left_alone: &BTreeSet<String>,
    effort: Effort,
) -> Vec<Vec<Arc<Segment>>> {
    let mut found = Vec::new();
    let mut group: Vec<Arc<Segment>> = Vec::new();
    for segment in segments {
        let small = segment.rows < COMPACTED_ROWS_MIN && !left_alone.contains(&segment.file);
        let fits = group.last().is_none_or(|last| are_neighbours(last, segment))
            && bytes(&group).saturating_add(segment.bytes) <= GROUP_BYTES_MAX;
        if !small || !fits {
            finish(&mut group, effort, &mut found);
        }
        if small {
            group.push(segment.clone());
        }
        if rows(&group) >= COMPACTED_ROWS_MIN {
            finish(&mut group, effort, &mut found);
        }
    }
    finish(&mut group, effort, &mut found);
    found
}

fn finish(group: &mut Vec<Arc<Segment>>, effort: Effort, found: &mut Vec<Vec<Arc<Segment>>>) {
    let group = std::mem::take(group);
    let worth = effort == Effort::Everything
        || rows(&group) >= COMPACTED_ROWS_MIN
        || group.len() >= GROUP_SEGMENTS_MAX;
    if group.len() > 1 && worth {
        found.push(group);
    }
}

fn rows(group: &[Arc<Segment>]) -> u64 {
    group.iter().map(|segment| segment.rows).sum()
}

fn bytes(group: &[Arc<Segment>]) -> u64 {
    group.iter().map(|segment| segment.bytes).sum()
}

/// Of the same day, and without a hole in `seq` between them.
fn are_neighbours(before: &Segment, after: &Segment) -> bool {
    let folder = |file: &str| file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    before.last_seq.checked_add(1) == Some(after.first_seq)
        && folder(&before.file) == folder(&after.file)
}

/// Writes the rows of a group as one segment.
pub(crate) fn merge(
    folder: &Folder,
    layout: &Layout,
    group: &[Arc<Segment>],
) -> Result<NewSegment> {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return Err(StoreError::new(ErrorKind::Invalid, "compact: no segments"));
    };
    let folder_of = first.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = format!("{folder_of}/{:016}-{:016}.parquet", first.first_seq, last.last_seq);
    let outline = Segment {
        rows: rows(group),
        first_seq: first.first_seq,
        last_seq: last.last_seq,
        min_time: group.iter().map(|segment| segment.min_time).min().unwrap_or(0),
        max_time: group.iter().map(|segment| segment.max_time).max().unwrap_or(0),
        ..Segment::empty(&first.table, file)
    };
    let mut groups: Vec<Sources<'_>> = Vec::new();
    for segment in group {
        let source = Source::open(folder, layout, segment)?;
        match groups.last_mut() {
            Some(group) if group.rows + segment.rows <= ROW_GROUP_ROWS_MAX => {
                group.rows += segment.rows;
                group.list.push(source);
            }
            _ => groups.push(Sources { rows: segment.rows, layout, folder, list: vec![source] }),
        }
    }
    let groups: Vec<&dyn RowGroup> = groups.iter().map(|group| group as &dyn RowGroup).collect();
    write_segment(folder, layout, outline, &groups)
}

/// SHA-256 of a file, hexadecimal.
pub(crate) fn file_hash(folder: &Folder, file: &str) -> Result<String> {
    let path = folder.segment(file);
    let input = folder.disk().open(&path).map_err(StoreError::io("open", &path))?;
    let mut input = input.read_from(0).map_err(StoreError::io("read", &path))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = input.read(&mut buffer).map_err(StoreError::io("read", &path))?;
        if count == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
    }
}

/// A file whose rows are copied.
struct Source<'a> {
    segment: &'a Segment,
    metadata: ArrowReaderMetadata,
}

/// Files that become one row group.
struct Sources<'a> {
    rows: u64,
    layout: &'a Layout,
    folder: &'a Folder,
    list: Vec<Source<'a>>,
}

impl<'a> Source<'a> {
    fn open(folder: &Folder, layout: &Layout, segment: &'a Segment) -> Result<Self> {
        let path = folder.segment(&segment.file);
        let corrupt = |what: &str| {
            StoreError::new(ErrorKind::Corrupt, format!("compact {}: {what}", path.display()))
        };
        if file_hash(folder, &segment.file)? != segment.sha256 {
            return Err(corrupt("it is not the file of the manifest"));
        }
        let file = folder.disk().open(&path).map_err(StoreError::io("open", &path))?;
        let metadata = segment::load(&file, layout).map_err(|error| corrupt(&error.to_string()))?;
        let known = |name: &str| layout.columns().any(|column| column.name == name);
        if !metadata.parquet_schema().columns().iter().all(|column| known(column.name())) {
            return Err(corrupt("it has columns that this program does not know"));
        }
        Ok(Self { segment, metadata })
    }

    /// One column of it.
    fn column(&self, folder: &Folder, layout: &Layout, place: usize) -> Result<Vec<ArrayRef>> {
        let path = folder.segment(&self.segment.file);
        let failed = |error: ParquetError| {
            StoreError::from_source(ErrorKind::Corrupt, format!("read {}", path.display()), error)
        };
        let field = layout.schema.fields().get(place);
        let field =
            field.ok_or_else(|| StoreError::new(ErrorKind::Invalid, "compact: no column"))?;
        let schema = self.metadata.parquet_schema();
        let leaf = schema.columns().iter().position(|column| column.name() == field.name());
        let Some(leaf) = leaf else {
            let rows = usize::try_from(self.segment.rows).unwrap_or(0);
            return Ok(vec![new_null_array(field.data_type(), rows)]);
        };
        let mask = ProjectionMask::leaves(schema, [leaf]);
        let file = folder.disk().open(&path).map_err(StoreError::io("open", &path))?;
        let reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_batch_size(BATCH_ROWS_MAX)
                .with_projection(mask)
                .build()
                .map_err(failed)?;
        let mut arrays = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|error| failed(error.into()))?;
            arrays.extend(batch.columns().first().cloned());
        }
        Ok(arrays)
    }
}

impl RowGroup for Sources<'_> {
    fn column(&self, place: usize) -> Result<Vec<ArrayRef>> {
        let mut arrays = Vec::new();
        for source in &self.list {
            arrays.extend(source.column(self.folder, self.layout, place)?);
        }
        Ok(arrays)
    }
}
