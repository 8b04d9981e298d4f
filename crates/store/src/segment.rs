// SPDX-License-Identifier: Apache-2.0
//! Reading one segment: only the columns and rows that a scan needs. Knows no manifest; whether the
//! bytes are those that were written is `verify`'s business, here damage is an error like any other.

use crate::catalog::Layout;
use crate::disk::DiskReader;
use crate::error::{ErrorKind, Result, StoreError};
use crate::filters::FilterReader;
use crate::folder::Folder;
use crate::manifest::Segment;
use crate::prune::Pruner;
use crate::scan::RowTest;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use evtables_schema::Storage;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowFilter, RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// Most rows of a batch that a scan gives out.
pub(crate) const BATCH_ROWS_MAX: usize = 8_192;
/// Memory of all footers kept; one of 60 columns has about 80 KB.
const FOOTER_BYTES_MAX: usize = 8 << 20;

/// Footers of segments read lately, and what is known of filters. Segments never change, so there is
/// nothing to invalidate.
#[derive(Debug, Default)]
pub(crate) struct SegmentCache {
    footers: Mutex<Footers>,
    pub(crate) filters: FilterReader,
}

#[derive(Debug, Default)]
struct Footers {
    by_file: BTreeMap<String, (ArrowReaderMetadata, usize)>,
    /// Oldest first.
    order: VecDeque<String>,
    bytes: usize,
}

impl SegmentCache {
    fn get(&self, file: &str) -> Option<ArrowReaderMetadata> {
        let footers = self.footers.lock().unwrap_or_else(PoisonError::into_inner);
        footers.by_file.get(file).map(|(metadata, _)| metadata.clone())
    }

    fn put(&self, file: &str, metadata: ArrowReaderMetadata) {
        let mut footers = self.footers.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = metadata.metadata().memory_size();
        footers.bytes = footers.bytes.saturating_add(bytes);
        if footers.by_file.insert(file.to_owned(), (metadata, bytes)).is_none() {
            footers.order.push_back(file.to_owned());
        }
        while footers.bytes > FOOTER_BYTES_MAX {
            let Some(oldest) = footers.order.pop_front() else { break };
            let gone = footers.by_file.remove(&oldest).map_or(0, |(_, bytes)| bytes);
            footers.bytes = footers.bytes.saturating_sub(gone);
        }
    }
}

/// What is wanted of a segment.
pub(crate) struct SegmentScan<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) segment: &'a Segment,
    /// Names of the stored columns to read.
    pub(crate) columns: Vec<&'static str>,
    /// First and last `seq`.
    pub(crate) seq: (u64, u64),
    /// Rows that do not pass are not decoded further.
    pub(crate) test: Option<Arc<RowTest>>,
    /// Pages that cannot match are not read.
    pub(crate) pruner: &'a Pruner,
}

impl SegmentScan<'_> {
    /// Opens the file for reading.
    pub(crate) fn open(
        self,
        folder: &Folder,
        cache: &SegmentCache,
    ) -> Result<ParquetRecordBatchReader> {
        let path = &folder.segment(&self.segment.file);
        let damaged = |error: ParquetError| {
            StoreError::from_source(ErrorKind::Corrupt, format!("read {}", path.display()), error)
        };
        let file = folder.disk().open(path).map_err(StoreError::io("open", path))?;
        let metadata = match cache.get(&self.segment.file) {
            Some(metadata) => metadata,
            None => {
                let metadata = load(&file, self.layout).map_err(damaged)?;
                cache.put(&self.segment.file, metadata.clone());
                metadata
            }
        };
        let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        if rows != self.segment.rows {
            return Err(StoreError::new(
                ErrorKind::Corrupt,
                format!("read {}: not the rows of the manifest", path.display()),
            ));
        }
        let leaves = |names: &[&str]| {
            let columns = metadata.parquet_schema().columns().iter().enumerate();
            let wanted = columns.filter(|(_, column)| names.contains(&column.name()));
            ProjectionMask::leaves(metadata.parquet_schema(), wanted.map(|(leaf, _)| leaf))
        };
        let projection = leaves(&self.columns);
        let filter = self.test.as_ref().map(|test| {
            let (mask, test) = (leaves(&test.columns), test.clone());
            let predicate = ArrowPredicateFn::new(mask, move |batch| Ok(test.evaluate(&batch)));
            RowFilter::new(vec![Box::new(predicate)])
        });
        let selection = match (self.selection(), self.pruner.pages(&metadata)) {
            (Some(seq), Some(pages)) => Some(seq.intersection(&pages)),
            (one, other) => one.or(other),
        };
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_batch_size(BATCH_ROWS_MAX)
            .with_projection(projection);
        if let Some(selection) = selection {
            builder = builder.with_row_selection(selection);
        }
        if let Some(filter) = filter {
            builder = builder.with_row_filter(filter);
        }
        builder.build().map_err(damaged)
    }

    /// The rows of the `seq` wanted, when those are not all.
    fn selection(&self) -> Option<RowSelection> {
        let segment = self.segment;
        let (first, last) = (self.seq.0.max(segment.first_seq), self.seq.1.min(segment.last_seq));
        if (first, last) == (segment.first_seq, segment.last_seq) {
            return None;
        }
        let place = |seq: u64| usize::try_from(seq.saturating_sub(segment.first_seq)).ok();
        let range = place(first)?..place(last)?.saturating_add(1);
        let rows = usize::try_from(segment.rows).ok()?;
        Some(RowSelection::from_consecutive_ranges([range].into_iter(), rows))
    }
}

/// Reads the footer; text columns are to come as the dictionaries that they are in the file.
pub(crate) fn load(
    file: &DiskReader,
    layout: &Layout,
) -> std::result::Result<ArrowReaderMetadata, ParquetError> {
    let options = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = ArrowReaderMetadata::load(file, options.clone())?;
    let schema = with_dictionaries(metadata.schema(), layout);
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options.with_schema(schema))
}

fn with_dictionaries(schema: &SchemaRef, layout: &Layout) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| {
        let column = layout.columns().find(|column| column.name == field.name());
        let is_text = column.is_some_and(|column| column.storage == Storage::Dict)
            && field.data_type() == &DataType::Utf8;
        if is_text {
            let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(Field::new(field.name(), text, field.is_nullable()))
        } else {
            field.clone()
        }
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
