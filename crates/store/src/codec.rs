// SPDX-License-Identifier: Apache-2.0
//! The columnar encoding inside log blocks. Every section begins at a multiple of 8 bytes, so that a
//! decoded batch is made of slices of one buffer; the unsealed tail holds just these.
//!
//! ```text
//! payload  u16 columns, 6 zero bytes, then per column:
//! column   u16 id, u8 storage, u8 flags (1 null bitmap, 2 all NULL), u32 length of the body
//! body     [null bitmap] then values: 4, 8 or 16 bytes each, little-endian; ids big-endian
//!          text: i32 keys, u32 values, u32 bytes, i32 offsets (values + 1), UTF-8 bytes
//! ```
//! `seq` and event ids are not in the payload: `seq` counts up from the block's first, and an event id
//! is made of the row's time, its `seq`, the table and the boot that the file's header names. Columns that the table no longer
//! has are skipped, columns that the payload does not have become NULL.

use crate::catalog::Layout;
use arrow_array::types::{
    ArrowPrimitiveType, Float64Type, Int32Type, Int64Type, TimestampNanosecondType,
};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, Int64Array, PrimitiveArray,
    RecordBatch, StringArray, new_null_array,
};
use arrow_buffer::{
    BooleanBuffer, Buffer, MutableBuffer, NullBuffer, OffsetBuffer, ScalarBuffer, ToByteSlice,
};
use arrow_schema::DataType;
use evtables_schema::ids::event_id;
use evtables_schema::spec::From as Filler;
use evtables_schema::{ColumnSpec, HostBoot, Storage};
use std::sync::Arc;

/// Sections begin at multiples of this.
const ALIGNMENT: usize = 8;
const HAS_NULLS: u8 = 1;
const ALL_NULL: u8 = 2;
/// Most rows in a block; more are refused before anything is allocated for them.
pub(crate) const BLOCK_ROWS_MAX: usize = 1 << 20;

/// Why bytes are not a payload, or arrays not those of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CodecError(pub(crate) &'static str);

type CodecResult<T> = Result<T, CodecError>;

/// Encodes all stored columns (in the layout's order, `rows` values each).
pub(crate) fn encode(layout: &Layout, arrays: &[ArrayRef]) -> CodecResult<Buffer> {
    let columns = layout.columns().filter(|column| is_logged(column)).count();
    let count = u16::try_from(columns).map_err(|_| CodecError("too many columns"))?;
    let mut out = MutableBuffer::with_capacity(encoded_bytes(arrays));
    out.extend_from_slice(&count.to_le_bytes());
    pad(&mut out);
    for (column, array) in layout.columns().zip(arrays).filter(|(column, _)| is_logged(column)) {
        encode_column(column, array, &mut out)?;
    }
    Ok(out.into())
}

/// A close upper estimate, so that the buffer is allocated once.
fn encoded_bytes(arrays: &[ArrayRef]) -> usize {
    let bytes = |array: &ArrayRef| {
        let all_null = array.null_count() == array.len();
        let body = if all_null { 0 } else { array.to_data().get_slice_memory_size().unwrap_or(0) };
        body + 6 * ALIGNMENT
    };
    ALIGNMENT + arrays.iter().map(bytes).sum::<usize>()
}

fn encode_column(
    column: &ColumnSpec,
    array: &ArrayRef,
    out: &mut MutableBuffer,
) -> CodecResult<()> {
    let start = out.len();
    let dictionary = match column.storage {
        Storage::Dict => Some(compact(downcast(array)?)?),
        _ => None,
    };
    let nulls = dictionary.as_ref().map_or_else(|| array.nulls(), Array::nulls);
    let null_count = nulls.map_or(0, NullBuffer::null_count);
    let flags = match null_count {
        0 => 0,
        n if n == array.len() => ALL_NULL,
        _ => HAS_NULLS,
    };
    out.extend_from_slice(&column.id.0.to_le_bytes());
    out.extend_from_slice(&[storage_tag(column.storage), flags]);
    out.extend_from_slice(&[0_u8; 4]);
    if flags != ALL_NULL {
        if let (HAS_NULLS, Some(nulls)) = (flags, nulls) {
            // The buffer may be longer than the bits.
            let bits = nulls.inner().sliced();
            let bytes = bits.as_slice().get(..array.len().div_ceil(8));
            section(bytes.ok_or(CodecError("null bitmap too short"))?, out);
        }
        match dictionary {
            Some(dictionary) => encode_dictionary(&dictionary, out)?,
            None => encode_values(column.storage, array, out)?,
        }
    }
    let body = u32::try_from(out.len() - start - ALIGNMENT);
    let body = body.map_err(|_| CodecError("column too large"))?.to_le_bytes();
    let slot = out.as_slice_mut().get_mut(start + 4..start + 8);
    slot.ok_or(CodecError("no column header"))?.copy_from_slice(&body);
    Ok(())
}

fn encode_values(storage: Storage, array: &ArrayRef, out: &mut MutableBuffer) -> CodecResult<()> {
    match storage {
        Storage::Int32 => section(values::<Int32Type>(array)?, out),
        Storage::Int64 => section(values::<Int64Type>(array)?, out),
        Storage::Float64 => section(values::<Float64Type>(array)?, out),
        Storage::Time => section(values::<TimestampNanosecondType>(array)?, out),
        Storage::Uuid => {
            let ids: &FixedSizeBinaryArray = downcast(array)?;
            // The values of a slice are already cut to it.
            let bytes = ids.values().as_slice().get(..ids.len() * 16);
            section(bytes.ok_or(CodecError("id column too short"))?, out);
        }
        Storage::Dict | Storage::Virtual(_) => return Err(CodecError("not a plain column")),
    }
    Ok(())
}

fn encode_dictionary(
    array: &DictionaryArray<Int32Type>,
    out: &mut MutableBuffer,
) -> CodecResult<()> {
    let texts: &StringArray = downcast(array.values())?;
    let bytes = texts.values().as_slice();
    let count = u32::try_from(texts.len()).map_err(|_| CodecError("too many texts"))?;
    let length = u32::try_from(bytes.len()).map_err(|_| CodecError("too much text"))?;
    section(array.keys().values().as_ref().to_byte_slice(), out);
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    section(texts.offsets().as_ref().to_byte_slice(), out);
    section(bytes, out);
    Ok(())
}

/// A dictionary that can be written as it is: values from offset 0, none NULL, none that no row uses.
/// Batches that a filter thinned out carry the texts of all rows; those would be logged and kept.
fn compact(array: &DictionaryArray<Int32Type>) -> CodecResult<DictionaryArray<Int32Type>> {
    let texts: &StringArray = downcast(array.values())?;
    let offsets = texts.offsets();
    let (start, end) = (offsets.first(), usize::try_from(offsets.last()).ok());
    let whole = start == 0 && end == Some(texts.values().len());
    if whole && texts.null_count() == 0 && texts.len() <= array.len() {
        return Ok(array.clone());
    }
    let mut places: Vec<Option<i32>> = vec![None; texts.len()];
    let mut kept: Vec<&str> = Vec::new();
    let mut keys: Vec<Option<i32>> = Vec::with_capacity(array.len());
    for key in array.keys() {
        let Some(old) = key.and_then(|key| usize::try_from(key).ok()) else {
            keys.push(None);
            continue;
        };
        if texts.is_null(old) {
            keys.push(None);
            continue;
        }
        let place = places.get_mut(old).ok_or(CodecError("dictionary key out of range"))?;
        if place.is_none() {
            *place = i32::try_from(kept.len()).ok();
            kept.push(texts.value(old));
        }
        keys.push(*place);
    }
    let keys = keys.into_iter().collect::<PrimitiveArray<Int32Type>>();
    DictionaryArray::try_new(keys, Arc::new(StringArray::from_iter_values(kept)))
        .map_err(|_| CodecError("dictionary does not fit"))
}

/// Decodes a payload into all stored columns of `layout`, in its order. Never panics, whatever the
/// bytes are.
pub(crate) fn decode(
    layout: &Layout,
    rows: usize,
    first_seq: u64,
    host: HostBoot,
    payload: &Buffer,
) -> CodecResult<RecordBatch> {
    if rows == 0 || rows > BLOCK_ROWS_MAX {
        return Err(CodecError("row count out of range"));
    }
    if payload.as_ptr().align_offset(ALIGNMENT) != 0 {
        return Err(CodecError("buffer is not aligned"));
    }
    let mut columns: Vec<Option<ArrayRef>> = vec![None; layout.stored.len()];
    let mut input = Input { bytes: payload, at: 0 };
    let count = input.u16()?;
    input.skip_to_alignment();
    for _ in 0..count {
        let id = input.u16()?;
        let [tag, flags] = input.array::<2>()?;
        let body = input.u32()?;
        let body = input.take(body)?;
        let known = layout.columns().position(|column| column.id.0 == id && is_logged(column));
        let Some((place, column)) = known.and_then(|at| Some((at, layout.columns().nth(at)?)))
        else {
            continue;
        };
        if storage_tag(column.storage) != tag {
            return Err(CodecError("column has another storage type"));
        }
        if let Some(slot) = columns.get_mut(place) {
            *slot = decode_column(column, flags, rows, &body)?;
        }
    }
    if let Some(slot) = columns.get_mut(layout.seq) {
        *slot = Some(seq_array(first_seq, rows)?);
    }
    if let Some(place) = layout.eid {
        let times = columns.get(layout.time).and_then(Option::as_ref);
        let ids = event_ids(layout, times.ok_or(CodecError("no times"))?, first_seq, host)?;
        if let Some(slot) = columns.get_mut(place) {
            *slot = Some(ids);
        }
    }
    let mut nulls = Nulls { rows, made: Vec::new() };
    let arrays = columns
        .into_iter()
        .zip(layout.schema.fields())
        .map(|(array, field)| array.unwrap_or_else(|| nulls.array(field.data_type())))
        .collect();
    RecordBatch::try_new(layout.schema.clone(), arrays)
        .map_err(|_| CodecError("columns do not fit the table"))
}

/// Columns without a value, one array for all of a type: most tables have many.
struct Nulls {
    rows: usize,
    made: Vec<ArrayRef>,
}

impl Nulls {
    fn array(&mut self, data_type: &DataType) -> ArrayRef {
        if let Some(made) = self.made.iter().find(|made| made.data_type() == data_type) {
            return made.clone();
        }
        let array = new_null_array(data_type, self.rows);
        self.made.push(array.clone());
        array
    }
}

/// Whether a column is written into blocks: what the store fills is made again from what is there.
fn is_logged(column: &ColumnSpec) -> bool {
    column.from != Filler::Store
}

/// Only the first 24 bits of the host go into event ids, so the header of a log file is enough.
fn event_ids(
    layout: &Layout,
    times: &ArrayRef,
    first_seq: u64,
    host: HostBoot,
) -> CodecResult<ArrayRef> {
    let times: &PrimitiveArray<TimestampNanosecondType> = downcast(times)?;
    if times.null_count() > 0 {
        return Err(CodecError("a row has no time"));
    }
    let mut ids = MutableBuffer::with_capacity(times.len() * 16);
    for (time, seq) in times.values().iter().zip(first_seq..) {
        ids.extend_from_slice(&event_id(host, layout.spec.id, *time, seq).to_be_bytes());
    }
    let ids = FixedSizeBinaryArray::try_new(16, ids.into(), None);
    Ok(Arc::new(ids.map_err(|_| CodecError("event ids do not fit"))?))
}

/// `first_seq`, `first_seq` + 1, … as stored.
pub(crate) fn seq_array(first_seq: u64, rows: usize) -> CodecResult<ArrayRef> {
    let first = i64::try_from(first_seq).map_err(|_| CodecError("seq out of range"))?;
    let count = i64::try_from(rows).map_err(|_| CodecError("row count out of range"))?;
    let end = first.checked_add(count).ok_or(CodecError("seq out of range"))?;
    Ok(Arc::new(Int64Array::from_iter_values(first..end)))
}

fn decode_column(
    column: &ColumnSpec,
    flags: u8,
    rows: usize,
    body: &Buffer,
) -> CodecResult<Option<ArrayRef>> {
    let mut input = Input { bytes: body, at: 0 };
    let nulls = match flags {
        0 => None,
        ALL_NULL => return Ok(None),
        HAS_NULLS => {
            let bits = input.take(rows.div_ceil(8))?;
            Some(NullBuffer::new(BooleanBuffer::new(bits, 0, rows)))
        }
        _ => return Err(CodecError("unknown column flags")),
    };
    let array: ArrayRef = match column.storage {
        Storage::Int32 => Arc::new(numbers::<Int32Type>(&mut input, rows, nulls)?),
        Storage::Int64 => Arc::new(numbers::<Int64Type>(&mut input, rows, nulls)?),
        Storage::Float64 => Arc::new(numbers::<Float64Type>(&mut input, rows, nulls)?),
        Storage::Time => {
            let times = numbers::<TimestampNanosecondType>(&mut input, rows, nulls)?;
            Arc::new(times.with_timezone("UTC"))
        }
        Storage::Uuid => {
            let ids = FixedSizeBinaryArray::try_new(16, input.take(rows * 16)?, nulls);
            Arc::new(ids.map_err(|_| CodecError("id column does not fit"))?)
        }
        Storage::Dict => Arc::new(decode_dictionary(&mut input, rows, nulls)?),
        Storage::Virtual(_) => return Err(CodecError("virtual column in a block")),
    };
    Ok(Some(array))
}

fn numbers<T: ArrowPrimitiveType>(
    input: &mut Input<'_>,
    rows: usize,
    nulls: Option<NullBuffer>,
) -> CodecResult<PrimitiveArray<T>> {
    let bytes = input.take(rows * size_of::<T::Native>())?;
    PrimitiveArray::try_new(ScalarBuffer::new(bytes, 0, rows), nulls)
        .map_err(|_| CodecError("number column does not fit"))
}

fn decode_dictionary(
    input: &mut Input<'_>,
    rows: usize,
    nulls: Option<NullBuffer>,
) -> CodecResult<DictionaryArray<Int32Type>> {
    let keys = numbers::<Int32Type>(input, rows, nulls)?;
    let count = input.u32()?;
    let length = input.u32()?;
    let offset_count = count.checked_add(1).ok_or(CodecError("too many texts"))?;
    let bytes = offset_count.checked_mul(4).ok_or(CodecError("too many texts"))?;
    let offsets = ScalarBuffer::<i32>::new(input.take(bytes)?, 0, offset_count);
    let ascending = offsets.windows(2).all(|pair| pair.first() <= pair.last());
    if !ascending || offsets.first().is_none_or(|first| *first < 0) {
        return Err(CodecError("text offsets do not ascend"));
    }
    let text = input.take(length)?;
    let texts = StringArray::try_new(OffsetBuffer::new(offsets), text, None)
        .map_err(|_| CodecError("text is not UTF-8"))?;
    DictionaryArray::try_new(keys, Arc::new(texts))
        .map_err(|_| CodecError("dictionary key out of range"))
}

/// Reads sections; every length is checked against what is left.
struct Input<'a> {
    bytes: &'a Buffer,
    at: usize,
}

impl Input<'_> {
    fn array<const N: usize>(&mut self) -> CodecResult<[u8; N]> {
        let bytes = self.at.checked_add(N).and_then(|end| self.bytes.get(self.at..end));
        let array = bytes.and_then(|b| b.try_into().ok()).ok_or(CodecError("ends too early"))?;
        self.at += N;
        Ok(array)
    }

    fn u16(&mut self) -> CodecResult<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> CodecResult<usize> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| CodecError("too large"))
    }

    /// One section, without its padding.
    fn take(&mut self, length: usize) -> CodecResult<Buffer> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or(CodecError("ends too early"))?;
        let section = self.bytes.slice_with_length(self.at, length);
        self.at = end;
        self.skip_to_alignment();
        Ok(section)
    }

    fn skip_to_alignment(&mut self) {
        self.at = self.at.next_multiple_of(ALIGNMENT).min(self.bytes.len());
    }
}

fn section(bytes: &[u8], out: &mut MutableBuffer) {
    out.extend_from_slice(bytes);
    pad(out);
}

fn pad(out: &mut MutableBuffer) {
    out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
}

/// Just the values: the buffer under them may be longer.
fn values<T: ArrowPrimitiveType>(array: &ArrayRef) -> CodecResult<&[u8]> {
    Ok(downcast::<PrimitiveArray<T>>(array)?.values().as_ref().to_byte_slice())
}

fn downcast<T: 'static>(array: &ArrayRef) -> CodecResult<&T> {
    array.as_any().downcast_ref().ok_or(CodecError("array of another type"))
}

/// Number of a storage word on disk.
fn storage_tag(storage: Storage) -> u8 {
    match storage {
        Storage::Dict => 1,
        Storage::Int32 => 2,
        Storage::Int64 => 3,
        Storage::Float64 => 4,
        Storage::Uuid => 5,
        Storage::Time => 6,
        Storage::Virtual(_) => 0,
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
