// SPDX-License-Identifier: Apache-2.0
//! Writes the rows of a table straight into the reply that goes to core: no map per row, column
//! names encoded once. It knows the shape of a row on the wire, and nothing of queries.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::message::Status;
use crate::table::{Column, ColumnType};
use crate::wire::{Kind, Type, Writer, length};

#[cfg(test)]
mod tests;

/// Bytes of a reply that core always takes: its Thrift refuses somewhere above 100 MiB.
pub const REPLY_BYTES_MAX: usize = 96 << 20;

/// The key under which core looks for a row's number.
const ROWID: &str = "rowid";

/// The reply is full: the row that did not fit was taken back. Pass it on with `?`; core gets an
/// error, never a cut answer. Stop earlier by looking at [`RowsWriter::bytes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("rows are over the reply's bound of {bytes_max} bytes")]
pub struct RowsFull {
    /// The bound in bytes.
    pub bytes_max: usize,
}

/// Encoder of `list<map<string,string>>`.
///
/// ```
/// # use evtables_osquery::RowsWriter;
/// let mut rows = RowsWriter::new(&["pid", "path"]);
/// rows.begin_row();
/// rows.integer(0, 1);
/// rows.text(1, "/sbin/init");
/// rows.end_row()?;
/// assert_eq!(rows.rows(), 1);
/// # Ok::<(), evtables_osquery::RowsFull>(())
/// ```
///
/// A column is named by its position. Each is written at most once per row; those left out are
/// NULL in numeric columns and empty in text columns, which is all that the interface can say.
#[derive(Debug)]
pub struct RowsWriter {
    columns: Arc<ColumnKeys>,
    buffer: Vec<u8>,
    /// Where the count of rows stands.
    count_at: usize,
    rows: u32,
    row: RowState,
    narrowed: u64,
    bytes_max: usize,
    full: bool,
    sent: OnSent,
}

#[derive(Debug, Clone, Copy)]
struct RowState {
    /// Where the row began.
    at: usize,
    cells: u32,
}

impl RowsWriter {
    /// For columns of these names, all taken as wide as they come.
    pub fn new(columns: &[&str]) -> RowsWriter {
        let keys = columns.iter().map(|name| ColumnKey::new(name, ColumnType::Text)).collect();
        RowsWriter::start(Arc::new(ColumnKeys(keys)), Vec::new(), REPLY_BYTES_MAX)
    }

    /// A successful reply to `call` whose rows are to follow.
    pub(crate) fn reply(
        columns: Arc<ColumnKeys>,
        method: &str,
        sequence: i32,
        bytes_max: usize,
    ) -> RowsWriter {
        let mut writer = Writer::message(method, Kind::Reply, sequence);
        writer.field(Type::Struct, 0);
        writer.field(Type::Struct, 1);
        Status::ok().write(&mut writer);
        writer.field(Type::List, 2);
        RowsWriter::start(columns, writer.into_bytes(), bytes_max)
    }

    fn start(columns: Arc<ColumnKeys>, mut buffer: Vec<u8>, bytes_max: usize) -> RowsWriter {
        buffer.push(Type::Map.code());
        let count_at = buffer.len();
        buffer.extend_from_slice(&[0; 4]);
        let row = RowState { at: buffer.len(), cells: 0 };
        let sent = OnSent::default();
        let (rows, narrowed, full) = (0, 0, false);
        RowsWriter { columns, buffer, count_at, rows, row, narrowed, bytes_max, full, sent }
    }

    /// Rows finished so far.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// Bytes of the reply so far.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }

    /// Values that did not fit their INTEGER column (core would wrap them) and became NULL.
    pub fn narrowed(&self) -> u64 {
        self.narrowed
    }

    /// Calls `told` once: with `true` when the whole reply was handed to the peer's socket, with
    /// `false` when the call failed or the reply could not be sent. It takes the place of one given
    /// before; that one is told `false`.
    pub fn on_sent(&mut self, told: impl FnOnce(bool) + Send + 'static) {
        self.sent = OnSent(Some(Box::new(told)));
    }

    /// Starts a row; one that was begun and not ended is taken back.
    pub fn begin_row(&mut self) {
        self.buffer.truncate(self.row.at);
        self.row.cells = 0;
        self.buffer.extend_from_slice(&[Type::Text.code(), Type::Text.code(), 0, 0, 0, 0]);
    }

    /// Text, as it is.
    pub fn text(&mut self, column: usize, text: &str) {
        self.blob(column, text.as_bytes());
    }

    /// Bytes, as they are.
    pub fn blob(&mut self, column: usize, bytes: &[u8]) {
        let Some(key) = self.columns.0.get(column) else {
            debug_assert!(false, "no column {column}");
            return;
        };
        if bytes.len() > self.bytes_max {
            self.full = true;
            return;
        }
        self.buffer.reserve(key.encoded.len() + 4 + bytes.len());
        self.buffer.extend_from_slice(&key.encoded);
        self.buffer.extend_from_slice(&length(bytes.len()).to_be_bytes());
        self.buffer.extend_from_slice(bytes);
        self.row.cells += 1;
    }

    /// A whole number. In an INTEGER column one outside 32 bits becomes NULL and is counted.
    pub fn integer(&mut self, column: usize, value: i64) {
        if i32::try_from(value).is_err() && self.columns.0.get(column).is_some_and(|key| key.narrow)
        {
            self.narrowed += 1;
            return;
        }
        self.formatted(column, format_args!("{value}"));
    }

    /// A whole number without sign; core reads one above 2^63 - 1 as NULL.
    pub fn unsigned(&mut self, column: usize, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.integer(column, value),
            Err(_) => self.narrowed += 1,
        }
    }

    /// A number with a fraction; one that is not finite becomes NULL.
    pub fn double(&mut self, column: usize, value: f64) {
        if !value.is_finite() {
            return;
        }
        let size = value.abs();
        if size != 0.0 && !(1e-5..1e16).contains(&size) {
            self.formatted(column, format_args!("{value:e}"));
        } else {
            self.formatted(column, format_args!("{value}"));
        }
    }

    /// Number of the row, by which UPDATE and DELETE name it; without one SQLite counts rows from 0.
    pub fn rowid(&mut self, rowid: i64) {
        let mut cell = Writer::default();
        cell.text(ROWID);
        cell.text(&rowid.to_string());
        self.buffer.extend_from_slice(&cell.into_bytes());
        self.row.cells += 1;
    }

    /// NULL: the key is left out, which core reads as NULL in numeric columns and as "" in text.
    pub fn null(&mut self, column: usize) {
        debug_assert!(column < self.columns.0.len(), "no column {column}");
    }

    /// Finishes the row.
    ///
    /// # Errors
    /// [`RowsFull`] when the reply has no room for it, and for every row after that.
    pub fn end_row(&mut self) -> Result<(), RowsFull> {
        // Two bytes end the structs around the rows.
        if self.full
            || self.buffer.len() + 2 > self.bytes_max
            || self.rows == i32::MAX.unsigned_abs()
        {
            self.buffer.truncate(self.row.at);
            self.full = true;
            return Err(RowsFull { bytes_max: self.bytes_max });
        }
        patch(&mut self.buffer, self.row.at + 2, self.row.cells);
        self.rows += 1;
        self.row = RowState { at: self.buffer.len(), cells: 0 };
        Ok(())
    }

    /// Whether a row was refused.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Ends the reply that [`RowsWriter::reply`] began.
    pub(crate) fn finish(mut self) -> (Vec<u8>, OnSent) {
        self.end_list();
        // Ends of Response and of the result.
        self.buffer.extend_from_slice(&[0, 0]);
        (self.buffer, self.sent)
    }

    /// The list alone, as it stands on the wire.
    pub fn into_list(mut self) -> Vec<u8> {
        self.end_list();
        self.buffer
    }

    fn end_list(&mut self) {
        self.buffer.truncate(self.row.at);
        patch(&mut self.buffer, self.count_at, self.rows);
    }

    /// Writes a value whose length is known only afterwards.
    fn formatted(&mut self, column: usize, value: std::fmt::Arguments<'_>) {
        let Some(key) = self.columns.0.get(column) else {
            debug_assert!(false, "no column {column}");
            return;
        };
        self.buffer.extend_from_slice(&key.encoded);
        let length_at = self.buffer.len();
        self.buffer.extend_from_slice(&[0; 4]);
        // Writing to memory cannot fail.
        let _ = self.buffer.write_fmt(value);
        let written = length(self.buffer.len() - length_at - 4);
        patch(&mut self.buffer, length_at, written);
        self.row.cells += 1;
    }
}

/// Who is to be told whether a reply was sent; dropped untold, it was not.
#[derive(Default)]
pub(crate) struct OnSent(Option<Box<dyn FnOnce(bool) + Send>>);

impl OnSent {
    pub(crate) fn sent(mut self) {
        self.tell(true);
    }

    /// A panic ends here: this may run while another one unwinds, which would end the process.
    fn tell(&mut self, sent: bool) {
        let Some(told) = self.0.take() else { return };
        if catch_unwind(AssertUnwindSafe(|| told(sent))).is_err() {
            tracing::error!("a table panicked when it was told whether its reply was sent");
        }
    }
}

impl Drop for OnSent {
    fn drop(&mut self) {
        self.tell(false);
    }
}

impl std::fmt::Debug for OnSent {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("OnSent").field(&self.0.is_some()).finish()
    }
}

fn patch(buffer: &mut [u8], at: usize, value: u32) {
    if let Some(place) = buffer.get_mut(at..at + 4) {
        place.copy_from_slice(&value.to_be_bytes());
    }
}

/// The columns of a table, ready to be written.
#[derive(Debug)]
pub(crate) struct ColumnKeys(Vec<ColumnKey>);

impl ColumnKeys {
    pub(crate) fn new(columns: &[Column]) -> ColumnKeys {
        ColumnKeys(columns.iter().map(|column| ColumnKey::new(&column.name, column.ty)).collect())
    }
}

#[derive(Debug)]
struct ColumnKey {
    /// Length and name, as they stand on the wire.
    encoded: Box<[u8]>,
    /// Whether core keeps 32 bits only.
    narrow: bool,
}

impl ColumnKey {
    fn new(name: &str, ty: ColumnType) -> ColumnKey {
        let mut writer = Writer::default();
        writer.text(name);
        ColumnKey { encoded: writer.into_bytes().into(), narrow: ty == ColumnType::Integer }
    }
}
