// SPDX-License-Identifier: Apache-2.0
//! Writing segments: runs of tail batches become Parquet files. Knows no log and no manifest.

use crate::catalog::Layout;
use crate::error::{ErrorKind, Result, StoreError};
use crate::folder::{Folder, create_dir, publish, sync_dir, temporary};
use crate::manifest::{Segment, hex};
use crate::tail::{TableTail, TailBatch, times};
use evtables_schema::spec::From as Filler;
use evtables_schema::time::date_text;
use evtables_schema::{ColumnSpec, Storage};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

/// Most rows of a row group.
const ROW_GROUP_ROWS_MAX: usize = 65_536;
/// Rows of a page: what a look-up has to decode at least.
const PAGE_ROWS_MAX: usize = 8_192;
const PAGE_BYTES_MAX: usize = 256 << 10;
/// Beyond this a column's texts do not repeat enough for a dictionary.
const DICTIONARY_BYTES_MAX: usize = 512 << 10;
const DAY_NS: i64 = 86_400_000_000_000;

/// Rows of one table for one segment: `seq` without a hole, and no row of a later day than the first.
#[derive(Debug)]
pub(crate) struct Run {
    day: i64,
    batches: Vec<Arc<TailBatch>>,
}

/// Cuts a table's tail into runs. A row of an earlier day stays in its place, so that segments never
/// overlap in `seq`.
pub(crate) fn runs(tail: &TableTail) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for batch in tail.iter() {
        for part in by_day(batch) {
            let day = day_of_first(&part);
            match runs.last_mut() {
                Some(run) if day <= run.day && follows(run, &part) => run.batches.push(part),
                _ => runs.push(Run { day, batches: vec![part] }),
            }
        }
    }
    runs
}

fn follows(run: &Run, part: &TailBatch) -> bool {
    run.batches.last().and_then(|last| last.last_seq.checked_add(1)) == Some(part.first_seq)
}

/// Parts of a batch, each beginning where the day first advances.
fn by_day(batch: &Arc<TailBatch>) -> Vec<Arc<TailBatch>> {
    let mut parts = Vec::new();
    let mut rest = batch.clone();
    while rest.min_time.div_euclid(DAY_NS) != rest.max_time.div_euclid(DAY_NS) {
        let day = day_of_first(&rest);
        let later = times(&rest.layout, &rest.batch)
            .and_then(|times| times.values().iter().position(|t| t.div_euclid(DAY_NS) > day));
        let Some(later) = later else { break };
        let seq = rest.first_seq.saturating_add(u64::try_from(later).unwrap_or(0));
        let head = rest.batch.slice(0, later);
        let head = TailBatch::new(&rest.layout, head, rest.first_seq, 0);
        let (Some(head), Some(next)) = (head, rest.after(seq.saturating_sub(1))) else { break };
        parts.push(Arc::new(head));
        rest = next;
    }
    parts.push(rest);
    parts
}

fn day_of_first(batch: &TailBatch) -> i64 {
    let first = times(&batch.layout, &batch.batch).and_then(|t| t.values().first().copied());
    first.unwrap_or(batch.min_time).div_euclid(DAY_NS)
}

/// Writes one run as a segment; durable under its own name when it returns.
pub(crate) fn write(folder: &Folder, run: &Run) -> Result<Segment> {
    let (Some(first), Some(last)) = (run.batches.first(), run.batches.last()) else {
        return Err(StoreError::new(ErrorKind::Invalid, "seal: no rows"));
    };
    let table = first.layout.spec.name;
    let file = format!(
        "events/table={table}/date={}/{:016}-{:016}.parquet",
        date_text(run.day.saturating_mul(DAY_NS)),
        first.first_seq,
        last.last_seq
    );
    let path = folder.segment(&file);
    if let Some(dir) = path.parent().filter(|dir| !dir.exists()) {
        create_dir(dir)?;
        for dir in dir.ancestors().skip(1).take_while(|dir| *dir != folder.root()) {
            sync_dir(dir)?;
        }
    }
    let partial = temporary(&path);
    let (bytes, sha256) = write_file(&partial, run, &first.layout).inspect_err(|_| {
        // What is left is removed here or at the next open.
        let _ = std::fs::remove_file(&partial);
    })?;
    publish(&path)?;
    Ok(Segment {
        table: table.to_owned(),
        file,
        rows: last.last_seq.saturating_sub(first.first_seq).saturating_add(1),
        bytes,
        first_seq: first.first_seq,
        last_seq: last.last_seq,
        min_time: run.batches.iter().map(|b| b.min_time).min().unwrap_or(0),
        max_time: run.batches.iter().map(|b| b.max_time).max().unwrap_or(0),
        sha256,
    })
}

/// Writes and syncs the Parquet file; returns its size and hash.
fn write_file(path: &std::path::Path, run: &Run, layout: &Layout) -> Result<(u64, String)> {
    let parquet = |error: ParquetError| {
        StoreError::from_source(ErrorKind::Io, format!("write {}", path.display()), error)
    };
    let file = File::create(path).map_err(StoreError::io("create", path))?;
    let options = ArrowWriterOptions::new()
        .with_properties(properties(layout))
        // The types follow from the Parquet schema and the table; a copy would cost 10 KB per file.
        .with_skip_arrow_metadata(true);
    let output = HashedFile { file, hash: Sha256::new(), bytes: 0 };
    let mut writer = ArrowWriter::try_new_with_options(output, layout.schema.clone(), options)
        .map_err(parquet)?;
    for batch in &run.batches {
        writer.write(&batch.batch).map_err(parquet)?;
    }
    let output = writer.into_inner().map_err(parquet)?;
    output.file.sync_all().map_err(StoreError::io("sync", path))?;
    Ok((output.bytes, hex(&output.hash.finalize())))
}

fn properties(layout: &Layout) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("evtables ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS_MAX))
        .set_data_page_row_count_limit(PAGE_ROWS_MAX)
        .set_data_page_size_limit(PAGE_BYTES_MAX)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES_MAX)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for column in layout.columns() {
        let path = ColumnPath::from(column.name);
        if column.index || column.storage == Storage::Time {
            builder = builder.set_column_statistics_enabled(path.clone(), EnabledStatistics::Page);
        }
        builder = match encoding(column) {
            Some(encoding) => builder
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, encoding),
            None => builder,
        };
    }
    builder.build()
}

/// `None` is a dictionary. Numbers need no hashing: deltas of what is constant or counts up are tiny.
fn encoding(column: &ColumnSpec) -> Option<Encoding> {
    match column.storage {
        Storage::Int32 | Storage::Int64 | Storage::Time => Some(Encoding::DELTA_BINARY_PACKED),
        Storage::Float64 => Some(Encoding::PLAIN),
        // Event ids are all different.
        Storage::Uuid if column.from == Filler::Store => Some(Encoding::PLAIN),
        Storage::Uuid | Storage::Dict | Storage::Virtual(_) => None,
    }
}

/// A file that knows the hash of what was written to it.
struct HashedFile {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(u64::try_from(written).unwrap_or(0));
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}
