// SPDX-License-Identifier: Apache-2.0
//! Reading single values out of stored batches the way SQL shows them: ids as text, `time` in
//! seconds, virtual columns made on the spot. The one place that knows this; the SQL engine and the
//! osquery reply both read through it.

use crate::ids::write_uuid;
use crate::spec::{ColumnSpec, Storage, TableSpec, Virtual};
use crate::time::{write_iso_text, write_utc_text};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampNanosecondArray,
};

/// One value, as SQL shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// Any integer column.
    Int(i64),
    /// A float column.
    Real(f64),
    /// A text column.
    Text(&'a str),
}

/// A column of one batch, ready to be read by row.
pub enum CellReader<'a> {
    /// The batch does not hold the column.
    Missing,
    /// Dictionary text.
    Dict(&'a DictionaryArray<Int32Type>, &'a StringArray),
    /// 32-bit integers.
    Int32(&'a Int32Array),
    /// 64-bit integers.
    Int64(&'a Int64Array),
    /// Floats.
    Float64(&'a Float64Array),
    /// 16-byte ids.
    Uuid(&'a FixedSizeBinaryArray),
    /// `time`, shown in seconds.
    Seconds(&'a TimestampNanosecondArray),
    /// `time` as text.
    UtcText(&'a TimestampNanosecondArray),
    /// `time` as ISO 8601 text.
    IsoText(&'a TimestampNanosecondArray),
    /// `time` in nanoseconds.
    Nanoseconds(&'a TimestampNanosecondArray),
    /// The same number in each row.
    Const(i64),
}

impl<'a> CellReader<'a> {
    /// Reader of `column` of `table` over a batch that holds (some of) the stored columns by name.
    #[must_use]
    pub fn new(table: &TableSpec, column: &ColumnSpec, batch: &'a RecordBatch) -> Self {
        Self::find(table, column, batch).unwrap_or(Self::Missing)
    }

    fn find(table: &TableSpec, column: &ColumnSpec, batch: &'a RecordBatch) -> Option<Self> {
        let time = || {
            let spec = table.columns.get(table.time_column()?)?;
            batch.column_by_name(spec.name)?.as_any().downcast_ref::<TimestampNanosecondArray>()
        };
        let own = || batch.column_by_name(column.name).map(|array| array.as_any());
        Some(match column.storage {
            Storage::Dict => {
                let array = own()?.downcast_ref::<DictionaryArray<Int32Type>>()?;
                Self::Dict(array, array.values().as_any().downcast_ref()?)
            }
            Storage::Int32 => Self::Int32(own()?.downcast_ref()?),
            Storage::Int64 => Self::Int64(own()?.downcast_ref()?),
            Storage::Float64 => Self::Float64(own()?.downcast_ref()?),
            Storage::Uuid => Self::Uuid(own()?.downcast_ref()?),
            Storage::Time => Self::Seconds(time()?),
            Storage::Virtual(Virtual::UtcText) => Self::UtcText(time()?),
            Storage::Virtual(Virtual::IsoText) => Self::IsoText(time()?),
            Storage::Virtual(Virtual::TimeNs) => Self::Nanoseconds(time()?),
            Storage::Virtual(Virtual::Const(value)) => Self::Const(value),
            Storage::Virtual(Virtual::Input) => return None,
        })
    }

    /// The value of one row; text that has to be made is written to `scratch`, which is cleared first.
    /// A row out of range is NULL.
    #[must_use]
    pub fn cell<'c>(&'c self, row: usize, scratch: &'c mut String) -> Cell<'c> {
        match self {
            Self::Missing => Cell::Null,
            Self::Const(value) => Cell::Int(*value),
            Self::Dict(array, values) => {
                dict_text(array, values, row).map_or(Cell::Null, Cell::Text)
            }
            Self::Int32(array) if is_value(*array, row) => Cell::Int(array.value(row).into()),
            Self::Int64(array) if is_value(*array, row) => Cell::Int(array.value(row)),
            Self::Float64(array) if is_value(*array, row) => Cell::Real(array.value(row)),
            Self::Uuid(array) => {
                let Some(id) = uuid_value(array, row) else { return Cell::Null };
                scratch.clear();
                write_uuid(id, scratch);
                Cell::Text(scratch)
            }
            Self::Seconds(array) if is_value(*array, row) => {
                Cell::Int(array.value(row).div_euclid(1_000_000_000))
            }
            Self::Nanoseconds(array) if is_value(*array, row) => Cell::Int(array.value(row)),
            Self::UtcText(array) if is_value(*array, row) => {
                scratch.clear();
                write_utc_text(array.value(row).div_euclid(1_000_000_000), scratch);
                Cell::Text(scratch)
            }
            Self::IsoText(array) if is_value(*array, row) => {
                scratch.clear();
                write_iso_text(array.value(row), scratch);
                Cell::Text(scratch)
            }
            _ => Cell::Null,
        }
    }
}

fn is_value(array: &dyn Array, row: usize) -> bool {
    row < array.len() && array.is_valid(row)
}

/// Text of a dictionary column; `None` for NULL and out of range.
#[must_use]
pub fn dict_text<'a>(
    array: &DictionaryArray<Int32Type>,
    values: &'a StringArray,
    row: usize,
) -> Option<&'a str> {
    if !is_value(array, row) {
        return None;
    }
    let key = usize::try_from(array.keys().value(row)).ok()?;
    is_value(values, key).then(|| values.value(key))
}

/// Id of a 16-byte column; `None` for NULL and out of range.
#[must_use]
pub fn uuid_value(array: &FixedSizeBinaryArray, row: usize) -> Option<u128> {
    if !is_value(array, row) {
        return None;
    }
    array.value(row).try_into().ok().map(u128::from_be_bytes)
}
