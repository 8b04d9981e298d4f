// SPDX-License-Identifier: Apache-2.0
//! Writing a segment: a Parquet file, column by column, so that one column of one row group is all
//! that is in memory beside the rows themselves. Knows neither where rows come from nor the manifest.

use crate::catalog::Layout;
use crate::chunk::ChunkWriter;
use crate::disk::DiskFile;
use crate::error::{ErrorKind, Result, StoreError};
use crate::filter::{self, ValueHash};
use crate::folder::{Folder, temporary};
use crate::manifest::{Segment, hex};
use arrow_array::ArrayRef;
use evtables_schema::spec::From as Filler;
use evtables_schema::{ColumnId, ColumnSpec, Storage};
use parquet::arrow::ArrowSchemaConverter;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaDataPtr;
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use parquet::file::writer::SerializedFileWriter;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Pages reach the file in writes of this size.
const WRITE_BYTES: usize = 256 << 10;

/// The rows of one row group; columns are asked for one after the other.
pub(crate) trait RowGroup {
    /// Arrays of the stored column at `place` of the layout, following each other.
    fn column(&self, place: usize) -> Result<Vec<ArrayRef>>;
}

/// A segment that is durable, but in no manifest yet.
#[derive(Debug)]
pub(crate) struct NewSegment {
    pub(crate) segment: Segment,
    /// Filters of the columns that are looked up by value.
    pub(crate) filters: Vec<(ColumnId, Vec<u8>)>,
}

/// Writes the file that `outline` names and completes it: size, hash, ranges. Durable under its own
/// name when it returns.
pub(crate) fn write_segment(
    folder: &Folder,
    layout: &Layout,
    outline: Segment,
    groups: &[&dyn RowGroup],
) -> Result<NewSegment> {
    let path = folder.segment(&outline.file);
    folder.create_parents(&path)?;
    let partial = temporary(&path);
    let written = write_file(folder, &partial, layout, groups).inspect_err(|_| {
        // What is left is removed here or at the next open.
        let _ = folder.disk().remove(&partial);
    })?;
    folder.publish(&path)?;
    let segment =
        Segment { bytes: written.bytes, sha256: written.sha256, ranges: written.ranges, ..outline };
    Ok(NewSegment { segment, filters: written.filters })
}

struct Written {
    bytes: u64,
    sha256: String,
    ranges: BTreeMap<String, (i64, i64)>,
    filters: Vec<(ColumnId, Vec<u8>)>,
}

fn write_file(
    folder: &Folder,
    path: &Path,
    layout: &Layout,
    groups: &[&dyn RowGroup],
) -> Result<Written> {
    let parquet = |error: ParquetError| {
        StoreError::from_source(ErrorKind::Io, format!("write {}", path.display()), error)
    };
    let file = folder.disk().create(path).map_err(StoreError::io("create", path))?;
    let output = HashedFile { file, hash: Sha256::new(), bytes: 0, buffer: Vec::new() };
    let schema = ArrowSchemaConverter::new().convert(&layout.schema).map_err(parquet)?;
    let properties = WriterProperties::builder()
        .set_created_by(concat!("evtables ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let root = schema.root_schema_ptr();
    let mut writer =
        SerializedFileWriter::new(output, root, Arc::new(properties)).map_err(parquet)?;
    let mut chunks = ChunkWriter::new().map_err(StoreError::io("compress", path))?;
    let mut written = Vec::new();
    let mut hashes: BTreeMap<usize, Vec<ValueHash>> = BTreeMap::new();
    for group in groups {
        let mut row_group = writer.next_row_group().map_err(parquet)?;
        for (place, column) in layout.columns().enumerate() {
            let arrays = group.column(place)?;
            let chunk = chunks.write(column, &schema.column(place), &arrays).map_err(parquet)?;
            let bytes = bytes::Bytes::from(chunk.bytes);
            row_group.append_column(&bytes, chunk.close).map_err(parquet)?;
            if has_filter(column) {
                hashes.entry(place).or_default().extend(chunk.hashes);
            }
        }
        written.push(row_group.close().map_err(parquet)?);
    }
    let ranges = ranges_of(layout, &written);
    let output = writer.into_inner().map_err(parquet)?;
    let (bytes, sha256) = output.finish().map_err(StoreError::io("sync", path))?;
    let mut filters = Vec::new();
    for (place, mut hashes) in hashes {
        if groups.len() > 1 {
            hashes.sort_unstable();
            hashes.dedup();
        }
        let id = layout.columns().nth(place).map(|column| column.id);
        filters.extend(id.map(|id| (id, filter::build(&hashes))));
    }
    Ok(Written { bytes, sha256, ranges, filters })
}

/// Whether single values of a column are looked up. Event ids hold their time, `seq` is a run.
pub(crate) fn has_filter(column: &ColumnSpec) -> bool {
    let kind =
        matches!(column.storage, Storage::Dict | Storage::Uuid | Storage::Int32 | Storage::Int64);
    column.index && kind && column.from != Filler::Store
}

/// Smallest and largest value of the integer columns that are compared.
fn ranges_of(layout: &Layout, groups: &[RowGroupMetaDataPtr]) -> BTreeMap<String, (i64, i64)> {
    let mut ranges = BTreeMap::new();
    for (place, column) in layout.columns().enumerate().filter(|(_, column)| has_filter(column)) {
        for group in groups {
            let statistics = group.columns().get(place).and_then(|chunk| chunk.statistics());
            let bounds = match statistics {
                Some(Statistics::Int32(s)) => s
                    .min_opt()
                    .zip(s.max_opt())
                    .map(|(low, high)| (i64::from(*low), i64::from(*high))),
                Some(Statistics::Int64(s)) => {
                    s.min_opt().zip(s.max_opt()).map(|(low, high)| (*low, *high))
                }
                _ => None,
            };
            if let Some((low, high)) = bounds {
                let range = ranges.entry(column.name.to_owned()).or_insert((low, high));
                *range = (range.0.min(low), range.1.max(high));
            }
        }
    }
    ranges
}

/// A file that knows the hash of what was written to it.
struct HashedFile {
    file: Box<dyn DiskFile>,
    hash: Sha256,
    bytes: u64,
    buffer: Vec<u8>,
}

impl HashedFile {
    fn finish(mut self) -> std::io::Result<(u64, String)> {
        self.flush()?;
        self.file.sync()?;
        Ok((self.bytes, hex(&self.hash.finalize())))
    }
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= WRITE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.append(&self.buffer)?;
        self.hash.update(&self.buffer);
        self.bytes = self.bytes.saturating_add(u64::try_from(self.buffer.len()).unwrap_or(0));
        self.buffer.clear();
        Ok(())
    }
}
