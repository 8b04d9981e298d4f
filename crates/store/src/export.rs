// SPDX-License-Identifier: Apache-2.0
//! Rows of one table as one Parquet file, with a schema that says what text and ids are. Knows no
//! command line; CSV and JSON are the business of who asks.

use crate::error::{ErrorKind, Result, StoreError};
use crate::scan::Scan;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::io::Write;

/// Rows of a row group of exported files: a bound on memory.
const ROW_GROUP_ROWS_MAX: usize = 16_384;

/// Writes all rows of `scan` as Parquet; `progress` hears rows written. Returns how many.
///
/// # Errors
/// When a row cannot be read or the output refuses.
pub fn export_parquet(
    scan: &mut Scan,
    output: impl Write + Send,
    progress: &mut dyn FnMut(u64),
) -> Result<u64> {
    let failed = |error: ParquetError| {
        StoreError::from_source(ErrorKind::Io, "write the exported rows", error)
    };
    let properties = WriterProperties::builder()
        .set_created_by(concat!("evtables ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS_MAX))
        .build();
    let mut writer =
        ArrowWriter::try_new(output, scan.schema().clone(), Some(properties)).map_err(failed)?;
    let mut rows = 0_u64;
    for batch in scan.by_ref() {
        let batch = batch?;
        writer.write(&batch).map_err(failed)?;
        rows = rows.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(0));
        progress(rows);
    }
    writer.close().map_err(failed)?;
    Ok(rows)
}
