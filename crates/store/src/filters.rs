// SPDX-License-Identifier: Apache-2.0
//! The filters of all segments, in a few files beside the manifest: a look-up by value reads 32 bytes
//! per segment and opens only segments that can match. Each file begins with 8 bytes of magic; the
//! manifest says where in it the filters of a segment are. A file goes when no segment needs it.
//!
//! Filters are no truth of their own: what cannot be read, or has another checksum than the manifest
//! says, excludes nothing.

use crate::disk::{DiskFile, DiskReader};
use crate::error::{Result, StoreError};
use crate::filter::{BLOCK_BYTES, ValueHash};
use crate::folder::Folder;
use crate::manifest::{FilterPlace, ManifestState, Segment};
use crate::segment_writer::NewSegment;
use evtables_schema::ColumnId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

const MAGIC: &[u8; 8] = b"EVTABFLT";
/// A file that is larger gets no more filters: few segments share one, so that it can go early.
const FILE_BYTES_MAX: u64 = 4 << 20;
/// Files that a reader holds open.
const OPEN_FILES_MAX: usize = 64;
/// Segments whose filters were checked; beyond that all are checked again.
const CHECKED_MAX: usize = 65_536;

/// Appends filters.
#[derive(Debug)]
pub(crate) struct FilterWriter {
    folder: Folder,
    number: u64,
    /// The file and its length, once something was appended.
    file: Option<(Box<dyn DiskFile>, u64)>,
}

impl FilterWriter {
    /// Goes on behind the newest file.
    pub(crate) fn new(folder: &Folder) -> Result<Self> {
        let number = folder.filter_numbers()?.last().copied().unwrap_or(0);
        Ok(Self { folder: folder.clone(), number, file: None })
    }

    /// Writes the filters of new segments and notes in them where they are; durable when it returns.
    pub(crate) fn append(&mut self, new: &mut [NewSegment]) -> Result<()> {
        if new.iter().all(|new| new.filters.is_empty()) {
            return Ok(());
        }
        let (mut file, start) = match self.file.take() {
            Some((file, length)) if length < FILE_BYTES_MAX => (file, length),
            _ => self.begin()?,
        };
        let mut bytes = Vec::new();
        for new in new.iter_mut().filter(|new| !new.filters.is_empty()) {
            let from = bytes.len();
            let mut columns = Vec::new();
            for (id, filter) in new.filters.drain(..) {
                columns.push((id.0, u32::try_from(filter.len()).unwrap_or(0)));
                bytes.extend_from_slice(&filter);
            }
            let crc = crc32fast::hash(bytes.get(from..).unwrap_or_default());
            let at = start.saturating_add(u64::try_from(from).unwrap_or(0));
            new.segment.filters = Some(FilterPlace { number: self.number, at, crc, columns });
        }
        // After a failure the file is left alone and the next one begun.
        let path = self.folder.filter(self.number);
        file.append(&bytes).map_err(StoreError::io("write", &path))?;
        file.sync().map_err(StoreError::io("sync", &path))?;
        let length = start.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
        self.file = Some((file, length));
        Ok(())
    }

    fn begin(&mut self) -> Result<(Box<dyn DiskFile>, u64)> {
        self.number = self.number.saturating_add(1);
        let path = self.folder.filter(self.number);
        let mut file = self.folder.disk().create(&path).map_err(StoreError::io("create", &path))?;
        file.append(MAGIC).map_err(StoreError::io("write", &path))?;
        self.folder.sync_dir(&self.folder.filters())?;
        Ok((file, 8))
    }

    /// Removes files that no segment needs any more. What fails is tried again by the next call.
    pub(crate) fn remove_unused(&self, state: &ManifestState) -> Result<u64> {
        let places = state.segments().filter_map(|segment| segment.filters.as_ref());
        let needed: BTreeSet<u64> = places.map(|place| place.number).collect();
        let mut removed = 0;
        for number in self.folder.filter_numbers()? {
            let current = number == self.number && self.file.is_some();
            if !needed.contains(&number) && !current {
                let path = self.folder.filter(number);
                self.folder.disk().remove(&path).map_err(StoreError::io("remove", &path))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Asks filters; shared by all readers of a store in this process.
#[derive(Debug, Default)]
pub(crate) struct FilterReader(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    files: BTreeMap<u64, Arc<DiskReader>>,
    /// Number of the file and place of filters, and whether their checksum was right.
    checked: BTreeMap<(u64, u64), bool>,
}

impl FilterReader {
    /// Whether a segment may hold a row with one of the values in that column.
    pub(crate) fn may_hold(
        &self,
        folder: &Folder,
        segment: &Segment,
        column: ColumnId,
        values: &[ValueHash],
    ) -> bool {
        let Some(place) = &segment.filters else { return true };
        let mut at = place.at;
        for (id, bytes) in &place.columns {
            if *id == column.0 {
                let Some(file) = self.file(folder, place) else { return true };
                return values.iter().any(|value| in_filter(&file, at, *bytes, *value));
            }
            at = at.saturating_add(u64::from(*bytes));
        }
        true
    }

    /// The file, when the filters at that place are what was written.
    fn file(&self, folder: &Folder, place: &FilterPlace) -> Option<Arc<DiskReader>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match known.files.get(&place.number) {
            Some(file) => file.clone(),
            None => {
                let file = Arc::new(folder.disk().open(&folder.filter(place.number)).ok()?);
                if known.files.len() >= OPEN_FILES_MAX {
                    known.files.pop_first();
                }
                known.files.insert(place.number, file.clone());
                file
            }
        };
        let key = (place.number, place.at);
        let sound = match known.checked.get(&key) {
            Some(sound) => *sound,
            None => {
                let sound = is_sound(&file, place);
                if !sound {
                    tracing::warn!(file = place.number, at = place.at, "filters are damaged");
                }
                if known.checked.len() >= CHECKED_MAX {
                    known.checked.clear();
                }
                known.checked.insert(key, sound);
                sound
            }
        };
        sound.then_some(file)
    }
}

fn is_sound(file: &DiskReader, place: &FilterPlace) -> bool {
    let bytes = place
        .columns
        .iter()
        .try_fold(0_usize, |sum, (_, bytes)| sum.checked_add(usize::try_from(*bytes).ok()?));
    // Nobody writes so much at once; a damaged manifest would say so before.
    let bytes = bytes.filter(|bytes| *bytes <= 1 << 28);
    let found = bytes.and_then(|bytes| file.read_at(place.at, bytes).ok());
    found.is_some_and(|found| crc32fast::hash(&found) == place.crc)
}

fn in_filter(file: &DiskReader, at: u64, bytes: u32, value: ValueHash) -> bool {
    let blocks = usize::try_from(bytes).unwrap_or(0) / BLOCK_BYTES;
    let offset = u64::try_from(value.block(blocks) * BLOCK_BYTES).unwrap_or(0);
    let Ok(block) = file.read_at(at.saturating_add(offset), BLOCK_BYTES) else { return true };
    block.first_chunk().is_none_or(|block| value.may_be_in(block))
}

/// Whether filters lie where the manifest says (for `verify`).
pub(crate) fn verify(folder: &Folder, place: &FilterPlace) -> bool {
    folder.disk().open(&folder.filter(place.number)).is_ok_and(|file| is_sound(&file, place))
}
