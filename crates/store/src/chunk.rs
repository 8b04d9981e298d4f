// SPDX-License-Identifier: Apache-2.0
//! One column of one row group as Parquet pages. Ours instead of the parquet crate's because batches
//! come with dictionaries: here each distinct text of a batch is hashed once, not each row; and
//! because every page gets a checksum, so that damage is found when it is read.
//!
//! Texts and ids are dictionaries, integers deltas; pages have 8,192 rows
//! and are compressed by zstd. Knows no file.

use crate::encode::{ThriftWriter, Width, bit_width, deltas, rle_hybrid, rle_run, varint};
use crate::filter::ValueHash;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array,
    StringArray, TimestampNanosecondArray,
};
use evtables_schema::spec::From as Filler;
use evtables_schema::{ColumnSpec, Storage};
use hashbrown::HashMap;
use parquet::basic::{Compression, Encoding, PageType, ZstdLevel};
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, ColumnIndexBuilder, OffsetIndexBuilder, PageEncodingStats,
};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;
use std::hash::Hash;
use std::sync::Arc;
use zstd::bulk::Compressor;

/// Rows of a page: what a look-up has to decode at least.
const PAGE_ROWS: usize = 8_192;
/// Fast, and within a few percent of slower levels on what is encoded already.
const ZSTD_LEVEL: i32 = 1;
/// Longer texts stand in no statistics.
const STATISTICS_TEXT_MAX: usize = 64;
/// Share of false answers of the filters inside files, which other engines use.
const FILE_FILTER_FALSE: f64 = 0.01;
const NEW: u32 = u32::MAX;

type ChunkResult<T> = Result<T, ParquetError>;

/// A column chunk, encoded.
pub(crate) struct Chunk {
    /// Its pages, dictionary first.
    pub(crate) bytes: Vec<u8>,
    /// What the file's footer says of it.
    pub(crate) close: ColumnCloseResult,
    /// Hashes of its distinct values, when the column is one that is looked up by value.
    pub(crate) hashes: Vec<ValueHash>,
}

/// Encodes chunks; keeps its buffers between them.
pub(crate) struct ChunkWriter {
    compressor: Compressor<'static>,
    body: Vec<u8>,
    packed: Vec<u8>,
}

/// Values of a column without NULLs, and where the NULLs are.
struct Rows<T> {
    values: Vec<T>,
    /// 0 or 1 per row; `None` when no row is NULL.
    levels: Option<Vec<u32>>,
    rows: usize,
}

impl<T> Rows<T> {
    fn with_capacity(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), levels: None, rows: 0 }
    }

    fn push(&mut self, value: Option<T>) {
        if value.is_none() && self.levels.is_none() {
            let mut levels = Vec::with_capacity(self.values.capacity());
            levels.resize(self.rows, 1);
            self.levels = Some(levels);
        }
        if let Some(levels) = &mut self.levels {
            levels.push(u32::from(value.is_some()));
        }
        self.values.extend(value);
        self.rows += 1;
    }

    /// Appends values none of which is NULL.
    fn push_all(&mut self, values: impl ExactSizeIterator<Item = T>) {
        let count = values.len();
        self.values.extend(values);
        if let Some(levels) = &mut self.levels {
            levels.resize(self.rows + count, 1);
        }
        self.rows += count;
    }

    fn nulls(&self) -> usize {
        self.rows - self.values.len()
    }

    /// Rows, levels and values of each page.
    fn pages(&self) -> impl Iterator<Item = (usize, Option<&[u32]>, &[T])> {
        let mut left = self.values.as_slice();
        (0..self.rows).step_by(PAGE_ROWS).map(move |first| {
            let rows = PAGE_ROWS.min(self.rows - first);
            let levels = self.levels.as_ref().and_then(|levels| levels.get(first..first + rows));
            let here = levels.map_or(rows, |levels| levels.iter().filter(|l| **l == 1).count());
            let (values, rest) = left.split_at(here.min(left.len()));
            left = rest;
            (rows, levels, values)
        })
    }
}

/// The pages written so far.
struct Pages {
    bytes: Vec<u8>,
    uncompressed: usize,
    data_pages: i32,
    first_data_page: usize,
    offsets: OffsetIndexBuilder,
    optional: bool,
    encoding: Encoding,
}

impl ChunkWriter {
    pub(crate) fn new() -> std::io::Result<Self> {
        let compressor = Compressor::new(ZSTD_LEVEL)?;
        Ok(Self { compressor, body: Vec::new(), packed: Vec::new() })
    }

    /// Encodes the values of one column, given as arrays that follow each other.
    pub(crate) fn write(
        &mut self,
        column: &ColumnSpec,
        descriptor: &ColumnDescPtr,
        arrays: &[ArrayRef],
    ) -> ChunkResult<Chunk> {
        let optional = descriptor.max_def_level() > 0;
        if optional && arrays.iter().all(|array| array.null_count() == array.len()) {
            return self.nothing(column, descriptor, arrays);
        }
        match column.storage {
            Storage::Dict => self.texts(column, descriptor, arrays),
            Storage::Uuid if column.from == Filler::Store => self.event_ids(descriptor, arrays),
            Storage::Uuid => self.ids(column, descriptor, arrays),
            Storage::Float64 => self.floats(descriptor, arrays),
            Storage::Int32 | Storage::Int64 | Storage::Time => {
                self.integers(column, descriptor, arrays)
            }
            Storage::Virtual(_) => Err(misfit("a virtual column")),
        }
    }

    fn nothing(
        &mut self,
        column: &ColumnSpec,
        descriptor: &ColumnDescPtr,
        arrays: &[ArrayRef],
    ) -> ChunkResult<Chunk> {
        let mut rows = Rows::<u32>::with_capacity(0);
        let count = arrays.iter().map(|array| array.len()).sum();
        (rows.rows, rows.levels) = (count, Some(vec![0; count]));
        let mut pages = Pages::new(descriptor, Encoding::PLAIN);
        for (count, levels, _) in rows.pages() {
            self.data_page(&mut pages, count, levels, |_| {})?;
        }
        let nulls = u64::try_from(count).ok();
        let statistics = match column.storage {
            Storage::Int32 => Statistics::int32(None, None, None, nulls, false),
            Storage::Int64 | Storage::Time => Statistics::int64(None, None, None, nulls, false),
            Storage::Float64 => Statistics::double(None, None, None, nulls, false),
            Storage::Uuid => Statistics::fixed_len_byte_array(None, None, None, nulls, false),
            Storage::Dict | Storage::Virtual(_) => {
                Statistics::byte_array(None, None, None, nulls, false)
            }
        };
        pages.close(descriptor, count, None, Some(statistics))
    }

    fn texts(
        &mut self,
        column: &ColumnSpec,
        descriptor: &ColumnDescPtr,
        arrays: &[ArrayRef],
    ) -> ChunkResult<Chunk> {
        let mut distinct = Distinct::<&[u8]>::default();
        let mut keys = Rows::with_capacity(arrays.iter().map(|array| array.len()).sum());
        let mut places: Vec<u32> = Vec::new();
        let mut before: Option<&ArrayRef> = None;
        for array in arrays {
            let array: &DictionaryArray<Int32Type> = downcast(array)?;
            let texts: &StringArray = downcast(array.values())?;
            if !before.is_some_and(|before| Arc::ptr_eq(before, array.values())) {
                places.clear();
                places.resize(texts.len(), NEW);
                before = Some(array.values());
            }
            let mut place = |key: i32| -> Option<u32> {
                let key = usize::try_from(key).ok()?;
                let slot = places.get_mut(key)?;
                if *slot == NEW && texts.is_valid(key) {
                    *slot = distinct.place(texts.value(key).as_bytes());
                }
                Some(*slot).filter(|place| *place != NEW)
            };
            if array.null_count() == 0 && texts.null_count() == 0 {
                let found = array.keys().values().iter().map(|key| place(*key).unwrap_or(0));
                keys.push_all(found);
            } else {
                array.keys().iter().for_each(|key| keys.push(key.and_then(&mut place)));
            }
        }
        let statistics = column.index.then(|| {
            let text = |text: Option<&&[u8]>| text.map(|text| ByteArray::from(text.to_vec()));
            let short = |text: &&[u8]| text.len() <= STATISTICS_TEXT_MAX;
            let (low, high) = (distinct.list.iter().min(), distinct.list.iter().max());
            let known = low.is_some_and(short) && high.is_some_and(short);
            let (low, high) = if known { (text(low), text(high)) } else { (None, None) };
            Statistics::byte_array(low, high, None, u64::try_from(keys.nulls()).ok(), false)
        });
        let mut chunk =
            self.dictionary(descriptor, &keys, &distinct.list, statistics, |text, out| {
                out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
                out.extend_from_slice(text);
            })?;
        if column.index {
            let mut scratch = Vec::new();
            let hash = |text: &&[u8]| ValueHash::of_text(text, &mut scratch);
            chunk.hashes = distinct.list.iter().map(hash).collect();
            chunk.close.bloom_filter = Some(file_filter(&distinct.list)?);
        }
        Ok(chunk)
    }

    fn ids(
        &mut self,
        column: &ColumnSpec,
        descriptor: &ColumnDescPtr,
        arrays: &[ArrayRef],
    ) -> ChunkResult<Chunk> {
        let ids = ids_of(arrays)?;
        let mut distinct = Distinct::<[u8; 16]>::default();
        let mut last = None;
        let place = |id: &[u8; 16]| match last {
            Some((before, place)) if before == *id => place,
            _ => {
                let place = distinct.place(*id);
                last = Some((*id, place));
                place
            }
        };
        let values = ids.values.iter().map(place).collect();
        let keys = Rows { values, levels: ids.levels, rows: ids.rows };
        let bound = |id: Option<&[u8; 16]>| id.map(|id| FixedLenByteArray::from(id.to_vec()));
        let statistics = Statistics::fixed_len_byte_array(
            bound(distinct.list.iter().min()),
            bound(distinct.list.iter().max()),
            None,
            u64::try_from(keys.nulls()).ok(),
            false,
        );
        let list = &distinct.list;
        let mut chunk = self.dictionary(descriptor, &keys, list, Some(statistics), |id, out| {
            out.extend_from_slice(id);
        })?;
        if column.index {
            chunk.hashes = distinct.list.iter().map(|id| ValueHash::of_id(*id)).collect();
            let list: Vec<&[u8]> = distinct.list.iter().map(<[u8; 16]>::as_slice).collect();
            chunk.close.bloom_filter = Some(file_filter(&list)?);
        }
        Ok(chunk)
    }

    /// A dictionary page and pages of places in it.
    fn dictionary<T>(
        &mut self,
        descriptor: &ColumnDescPtr,
        keys: &Rows<u32>,
        distinct: &[T],
        statistics: Option<Statistics>,
        mut plain: impl FnMut(&T, &mut Vec<u8>),
    ) -> ChunkResult<Chunk> {
        let mut pages = Pages::new(descriptor, Encoding::RLE_DICTIONARY);
        self.body.clear();
        distinct.iter().for_each(|value| plain(value, &mut self.body));
        let count = size(distinct.len())?;
        self.page(&mut pages, PageType::DICTIONARY_PAGE, |header| {
            header.structure(7, |header| {
                header.int(1, count);
                header.int(2, encoding_number(Encoding::PLAIN));
            });
        })?;
        pages.first_data_page = pages.bytes.len();
        for (rows, levels, places) in keys.pages() {
            let width = bit_width(places.iter().copied().max().unwrap_or(0));
            self.data_page(&mut pages, rows, levels, |body| {
                varint(u64::from(width), body);
                rle_hybrid(places, width, body);
            })?;
        }
        pages.close(descriptor, keys.rows, Some(0), statistics)
    }

    /// No two are equal, so a dictionary would only add to them. Split by bytes they would be a third
    /// of this, but DuckDB does not read that.
    fn event_ids(&mut self, descriptor: &ColumnDescPtr, arrays: &[ArrayRef]) -> ChunkResult<Chunk> {
        let ids = ids_of(arrays)?;
        let mut pages = Pages::new(descriptor, Encoding::PLAIN);
        for (rows, levels, values) in ids.pages() {
            self.data_page(&mut pages, rows, levels, |body| {
                body.extend_from_slice(values.as_flattened());
            })?;
        }
        pages.close(descriptor, ids.rows, None, None)
    }

    fn floats(&mut self, descriptor: &ColumnDescPtr, arrays: &[ArrayRef]) -> ChunkResult<Chunk> {
        let mut floats = Rows::with_capacity(0);
        for array in arrays {
            downcast::<Float64Array>(array)?.iter().for_each(|value| floats.push(value));
        }
        let mut pages = Pages::new(descriptor, Encoding::PLAIN);
        for (rows, levels, values) in floats.pages() {
            self.data_page(&mut pages, rows, levels, |body| {
                values.iter().for_each(|value| body.extend_from_slice(&value.to_le_bytes()));
            })?;
        }
        pages.close(descriptor, floats.rows, None, None)
    }

    fn integers(
        &mut self,
        column: &ColumnSpec,
        descriptor: &ColumnDescPtr,
        arrays: &[ArrayRef],
    ) -> ChunkResult<Chunk> {
        let integers = integers_of(column.storage, arrays)?;
        let width = match column.storage {
            Storage::Int32 => Width::Bits32,
            _ => Width::Bits64,
        };
        let bytes = |value: i64| match width {
            Width::Bits32 => value.to_le_bytes().iter().take(4).copied().collect(),
            Width::Bits64 => value.to_le_bytes().to_vec(),
        };
        let searched = column.index || column.storage == Storage::Time;
        let mut index = ColumnIndexBuilder::new(descriptor.physical_type());
        let mut pages = Pages::new(descriptor, Encoding::DELTA_BINARY_PACKED);
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for (rows, levels, values) in integers.pages() {
            let least = values.iter().copied().min();
            let most = values.iter().copied().max();
            let nulls = i64::try_from(rows - values.len()).unwrap_or(0);
            match (least, most) {
                (Some(least), Some(most)) => {
                    (low, high) = (low.min(least), high.max(most));
                    index.append(false, bytes(least), bytes(most), nulls, None);
                }
                _ => index.append(true, Vec::new(), Vec::new(), nulls, None),
            }
            self.data_page(&mut pages, rows, levels, |body| deltas(values, width, body))?;
        }
        let nulls = u64::try_from(integers.nulls()).ok();
        #[allow(clippy::cast_possible_truncation)] // they were 32 bits wide
        let statistics = match width {
            Width::Bits32 => {
                Statistics::int32(Some(low as i32), Some(high as i32), None, nulls, false)
            }
            Width::Bits64 => Statistics::int64(Some(low), Some(high), None, nulls, false),
        };
        let mut chunk = pages.close(descriptor, integers.rows, None, Some(statistics))?;
        if searched {
            chunk.close.column_index = Some(index.build()?);
        }
        if column.index && column.from != Filler::Store {
            chunk.hashes = mostly_distinct(&integers.values);
        }
        Ok(chunk)
    }

    fn data_page(
        &mut self,
        pages: &mut Pages,
        rows: usize,
        levels: Option<&[u32]>,
        values: impl FnOnce(&mut Vec<u8>),
    ) -> ChunkResult<()> {
        let (start, count) = (pages.bytes.len(), size(rows)?);
        self.body.clear();
        if pages.optional {
            self.body.extend_from_slice(&[0; 4]);
            match levels {
                Some(levels) => rle_hybrid(levels, 1, &mut self.body),
                None => rle_run(1, rows, 1, &mut self.body),
            }
            let bytes = size(self.body.len() - 4)?.to_le_bytes();
            self.body.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
        }
        values(&mut self.body);
        let encoding = encoding_number(pages.encoding);
        self.page(pages, PageType::DATA_PAGE, |header| {
            header.structure(5, |header| {
                let levels = encoding_number(Encoding::RLE);
                for (id, value) in [(1, count), (2, encoding), (3, levels), (4, levels)] {
                    header.int(id, value);
                }
            });
        })?;
        let offset = i64::try_from(start).unwrap_or(i64::MAX);
        pages.offsets.append_offset_and_size(offset, size(pages.bytes.len() - start)?);
        pages.offsets.append_row_count(i64::from(count));
        pages.data_pages = pages.data_pages.saturating_add(1);
        Ok(())
    }

    /// Compresses `body` and appends it as a page.
    fn page(
        &mut self,
        pages: &mut Pages,
        kind: PageType,
        own: impl FnOnce(&mut ThriftWriter<'_>),
    ) -> ChunkResult<()> {
        let most = zstd::zstd_safe::compress_bound(self.body.len());
        self.packed.clear();
        self.packed.reserve(most);
        let compressed = self.compressor.compress_to_buffer(&self.body, &mut self.packed);
        compressed.map_err(|error| ParquetError::External(Box::new(error)))?;
        let crc = crc32fast::hash(&self.packed).cast_signed();
        let before = pages.bytes.len();
        let mut header = ThriftWriter::new(&mut pages.bytes);
        header.int(1, if kind == PageType::DATA_PAGE { 0 } else { 2 });
        header.int(2, size(self.body.len())?);
        header.int(3, size(self.packed.len())?);
        header.int(4, crc);
        own(&mut header);
        header.end();
        pages.uncompressed += pages.bytes.len() - before + self.body.len();
        pages.bytes.extend_from_slice(&self.packed);
        Ok(())
    }
}

impl Pages {
    fn new(descriptor: &ColumnDescPtr, encoding: Encoding) -> Self {
        Self {
            bytes: Vec::new(),
            uncompressed: 0,
            data_pages: 0,
            first_data_page: 0,
            offsets: OffsetIndexBuilder::new(),
            optional: descriptor.max_def_level() > 0,
            encoding,
        }
    }

    fn close(
        self,
        descriptor: &ColumnDescPtr,
        rows: usize,
        dictionary: Option<i64>,
        statistics: Option<Statistics>,
    ) -> ChunkResult<Chunk> {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let stats = |page_type, encoding, count| PageEncodingStats { page_type, encoding, count };
        let mut page_stats = vec![stats(PageType::DATA_PAGE, self.encoding, self.data_pages)];
        let mut encodings = vec![self.encoding, Encoding::RLE];
        if dictionary.is_some() {
            page_stats.push(stats(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1));
            encodings.push(Encoding::PLAIN);
        }
        let mut metadata = ColumnChunkMetaData::builder(descriptor.clone())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
            .set_encodings(encodings)
            .set_page_encoding_stats(page_stats)
            .set_total_compressed_size(number(self.bytes.len()))
            .set_total_uncompressed_size(number(self.uncompressed))
            .set_num_values(number(rows))
            .set_data_page_offset(number(self.first_data_page))
            .set_dictionary_page_offset(dictionary);
        if let Some(statistics) = statistics {
            metadata = metadata.set_statistics(statistics);
        }
        let close = ColumnCloseResult {
            bytes_written: u64::try_from(self.bytes.len()).unwrap_or(u64::MAX),
            rows_written: u64::try_from(rows).unwrap_or(u64::MAX),
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: Some(self.offsets.build()),
        };
        Ok(Chunk { bytes: self.bytes, close, hashes: Vec::new() })
    }
}

/// The distinct values of a column, in the order of their first appearance.
struct Distinct<K> {
    places: HashMap<K, u32>,
    list: Vec<K>,
}

impl<K> Default for Distinct<K> {
    fn default() -> Self {
        Self { places: HashMap::new(), list: Vec::new() }
    }
}

impl<K: Hash + Eq + Copy> Distinct<K> {
    fn place(&mut self, value: K) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(NEW - 1);
        *self.places.entry(value).or_insert_with(|| {
            self.list.push(value);
            next
        })
    }
}

/// Hashes of the values, most of the repeated ones once: counting them exactly would cost more than
/// the few bits that a repeated one takes.
fn mostly_distinct(values: &[i64]) -> Vec<ValueHash> {
    const SEEN: usize = 4_096;
    let mut seen = vec![None; SEEN];
    let mut hashes = Vec::new();
    for value in values {
        let spread = value.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52;
        let slot = usize::try_from(spread).ok().and_then(|at| seen.get_mut(at));
        if let Some(slot) = slot.filter(|slot| **slot != Some(*value)) {
            *slot = Some(*value);
            hashes.push(ValueHash::of_int(*value));
        }
    }
    hashes
}

fn file_filter(values: &[&[u8]]) -> ChunkResult<Sbbf> {
    let count = u64::try_from(values.len()).unwrap_or(u64::MAX).max(1);
    let mut filter = Sbbf::new_with_ndv_fpp(count, FILE_FILTER_FALSE)?;
    values.iter().for_each(|value| filter.insert(*value));
    Ok(filter)
}

fn ids_of(arrays: &[ArrayRef]) -> ChunkResult<Rows<[u8; 16]>> {
    let mut ids = Rows::with_capacity(arrays.iter().map(|array| array.len()).sum());
    for array in arrays {
        let array: &FixedSizeBinaryArray = downcast(array)?;
        let bytes = array.values().as_slice().get(..array.len() * 16);
        let (list, _) = bytes.ok_or_else(|| misfit("an id column too short"))?.as_chunks::<16>();
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => ids.push_all(list.iter().copied()),
            Some(nulls) => {
                list.iter().zip(nulls).for_each(|(id, valid)| ids.push(valid.then_some(*id)));
            }
        }
    }
    Ok(ids)
}

fn integers_of(storage: Storage, arrays: &[ArrayRef]) -> ChunkResult<Rows<i64>> {
    let mut integers = Rows::with_capacity(arrays.iter().map(|array| array.len()).sum());
    for array in arrays {
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        let mut take = |values: &[i64]| match nulls {
            None => integers.push_all(values.iter().copied()),
            Some(nulls) => {
                let rows = values.iter().zip(nulls);
                rows.for_each(|(value, valid)| integers.push(valid.then_some(*value)));
            }
        };
        match storage {
            Storage::Int32 => {
                let narrow = downcast::<Int32Array>(array)?.values();
                take(&narrow.iter().copied().map(i64::from).collect::<Vec<_>>());
            }
            Storage::Time => take(downcast::<TimestampNanosecondArray>(array)?.values()),
            _ => take(downcast::<Int64Array>(array)?.values()),
        }
    }
    Ok(integers)
}

fn downcast<T: 'static>(array: &ArrayRef) -> ChunkResult<&T> {
    array.as_any().downcast_ref().ok_or_else(|| misfit("an array of another type"))
}

fn misfit(what: &str) -> ParquetError {
    ParquetError::General(format!("{what} where the table has another column"))
}

fn size(n: usize) -> ChunkResult<i32> {
    i32::try_from(n).map_err(|_| ParquetError::General("a page is too large".to_owned()))
}

/// Number of an encoding in page headers.
fn encoding_number(encoding: Encoding) -> i32 {
    match encoding {
        Encoding::RLE => 3,
        Encoding::DELTA_BINARY_PACKED => 5,
        Encoding::RLE_DICTIONARY => 8,
        _ => 0,
    }
}
