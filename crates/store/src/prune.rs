// SPDX-License-Identifier: Apache-2.0
//! What a predicate rules out without looking at rows: whole segments by their ranges and filters,
//! pages by their smallest and largest values.

use crate::filter::ValueHash;
use crate::filters::FilterReader;
use crate::folder::Folder;
use crate::manifest::Segment;
use evtables_filter::{Predicate, Values};
use evtables_schema::spec::From as Filler;
use evtables_schema::{ColumnId, Storage};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, RowSelection};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use std::ops::Range;

/// Longer lists of values are not looked up one by one.
const VALUES_MAX: usize = 1_024;

/// A predicate, made ready to rule things out.
#[derive(Debug, Default)]
pub(crate) struct Pruner {
    /// Bounds of integer columns, both ends included.
    ranges: Vec<(&'static str, i64, i64)>,
    /// Columns that must equal one of the values.
    values: Vec<(ColumnId, Vec<ValueHash>)>,
    /// The last 32 bits of the `seq` of wanted event ids.
    event_ids: Option<Vec<u32>>,
}

impl Pruner {
    /// `low` and `high` bound the time.
    pub(crate) fn new(
        predicate: &Predicate,
        time: Option<&'static str>,
        low: i64,
        high: i64,
    ) -> Self {
        let columns = predicate.table().columns;
        let mut pruner = Self::default();
        for (position, low, high) in predicate.int_ranges() {
            let column = columns.get(position);
            let integer = column.filter(|c| matches!(c.storage, Storage::Int32 | Storage::Int64));
            pruner.ranges.extend(integer.map(|column| (column.name, low, high)));
        }
        if (low, high) != (i64::MIN, i64::MAX) {
            pruner.ranges.extend(time.map(|name| (name, low, high)));
        }
        let mut scratch = Vec::new();
        for (position, values) in predicate.equalities() {
            let Some(column) = columns.get(position).filter(|_| values.len() <= VALUES_MAX) else {
                continue;
            };
            let hashes = match values {
                Values::Ids(ids) if column.from == Filler::Store => {
                    let low = |id: u128| u32::try_from(id & 0xffff_ffff).unwrap_or(0);
                    pruner.event_ids = Some(ids.into_iter().map(low).collect());
                    continue;
                }
                Values::Ids(ids) => {
                    ids.into_iter().map(|id| ValueHash::of_id(id.to_be_bytes())).collect()
                }
                Values::Texts(texts) => {
                    let hash = |text: &str| ValueHash::of_text(text.as_bytes(), &mut scratch);
                    texts.into_iter().map(hash).collect()
                }
                Values::Ints(ints) => ints.iter().map(|int| ValueHash::of_int(*int)).collect(),
            };
            pruner.values.push((column.id, hashes));
        }
        pruner
    }

    /// Whether a segment may hold a wanted row, by what the manifest and the filters say.
    pub(crate) fn may_match(
        &self,
        segment: &Segment,
        folder: &Folder,
        filters: &FilterReader,
    ) -> bool {
        let outside = self.ranges.iter().any(|(name, low, high)| {
            segment.ranges.get(*name).is_some_and(|(least, most)| most < low || least > high)
        });
        let in_seq = self.event_ids.as_ref().is_none_or(|ids| {
            ids.iter().any(|low| holds_seq_ending(segment.first_seq, segment.last_seq, *low))
        });
        !outside
            && in_seq
            && self
                .values
                .iter()
                .all(|(column, values)| filters.may_hold(folder, segment, *column, values))
    }

    /// The rows of a file that pages do not rule out; `None` when that is all.
    pub(crate) fn pages(&self, metadata: &ArrowReaderMetadata) -> Option<RowSelection> {
        let file = metadata.metadata();
        let mut kept: Vec<Range<usize>> = Vec::new();
        let mut start = 0_usize;
        for (group, row_group) in file.row_groups().iter().enumerate() {
            let rows = usize::try_from(row_group.num_rows()).ok()?;
            let mut ranges: Vec<_> = std::iter::once(0..rows).collect();
            let index = file.page_index_for_row_group(group);
            for (name, low, high) in &self.ranges {
                let columns = row_group.columns().iter();
                let place =
                    columns.map(|chunk| chunk.column_descr().name()).position(|c| c == *name);
                let bounds = place.and_then(|place| index.column_index(place));
                let pages = place.and_then(|place| index.offset_index(place));
                if let (Some(bounds), Some(pages)) = (bounds, pages) {
                    let first = |page: usize| {
                        let location = pages.page_locations().get(page)?;
                        usize::try_from(location.first_row_index).ok()
                    };
                    let pages = 0..pages.page_locations().len();
                    let wanted = pages.filter(|page| page_may_match(bounds, *page, *low, *high));
                    let wanted =
                        wanted.filter_map(|p| Some(first(p)?..first(p + 1).unwrap_or(rows)));
                    ranges = intersect(&ranges, &joined(wanted));
                }
            }
            kept.extend(ranges.into_iter().map(|range| range.start + start..range.end + start));
            start = start.checked_add(rows)?;
        }
        let kept = joined(kept.into_iter());
        if kept.len() == 1 && kept.first() == Some(&(0..start)) {
            return None;
        }
        Some(RowSelection::from_consecutive_ranges(kept.into_iter(), start))
    }
}

/// Whether a `seq` from `first` to `last` has these last 32 bits.
fn holds_seq_ending(first: u64, last: u64, low: u32) -> bool {
    let here = first & !0xffff_ffff | u64::from(low);
    [Some(here), here.checked_add(1 << 32)]
        .into_iter()
        .flatten()
        .any(|s| (first..=last).contains(&s))
}

fn page_may_match(bounds: &ColumnIndexMetaData, page: usize, low: i64, high: i64) -> bool {
    let bounds = match bounds {
        ColumnIndexMetaData::INT32(index) => {
            let (least, most) = (index.min_value(page), index.max_value(page));
            least.zip(most).map(|(least, most)| (i64::from(*least), i64::from(*most)))
        }
        ColumnIndexMetaData::INT64(index) => {
            let (least, most) = (index.min_value(page), index.max_value(page));
            least.zip(most).map(|(least, most)| (*least, *most))
        }
        _ => return true,
    };
    // A page of NULLs has no bounds, and NULL is in no range.
    bounds.is_some_and(|(least, most)| most >= low && least <= high)
}

/// Neighbouring ranges as one.
fn joined(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut list: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match list.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => list.push(range),
        }
    }
    list
}

fn intersect(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let pairs =
        a.iter().flat_map(|a| b.iter().map(move |b| a.start.max(b.start)..a.end.min(b.end)));
    pairs.filter(|range| !range.is_empty()).collect()
}
