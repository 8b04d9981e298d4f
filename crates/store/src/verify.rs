// SPDX-License-Identifier: Apache-2.0
//! Whether a data dir is what was written: the manifest's chain, the hash of each segment that it
//! lists, the checksums of filters and of log blocks. Reads everything, changes nothing.

use crate::catalog::Catalog;
use crate::compact::file_hash;
use crate::disk::RealDisk;
use crate::error::Result;
use crate::filters;
use crate::folder::{Folder, MayWrite};
use crate::log;
use crate::manifest::{ManifestReader, Segment};
use evtables_schema::TableSpec;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its bytes are not those that were written.
    Altered,
    /// It is not there.
    Missing,
    /// No record lists it.
    Unlisted,
    /// It ends in the middle of something, as after a power loss; a writer cuts it at its next start.
    Torn,
}

impl Fault {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Unlisted => "unlisted",
            Self::Torn => "torn",
        }
    }
}

/// What [`verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Segments read.
    pub segments: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Rows in them.
    pub rows: u64,
    /// Rows in the log that are in no segment yet.
    pub log_rows: u64,
    /// Hash of the manifest's last line: who notes it elsewhere can tell later that nothing before it
    /// was exchanged.
    pub chain: String,
    /// Faults in the order of tables and `seq`, the first one first; paths relative to the data dir.
    pub faults: Vec<(Fault, String)>,
}

/// Reads the whole store at `dir`; `progress` hears bytes done and bytes in all. A writer may be at
/// work: what it replaces meanwhile is no fault.
///
/// # Errors
/// When there is no store, or one of a newer version; [`crate::ErrorKind::Corrupt`] when the
/// manifest's chain is broken, with the place.
pub fn verify(dir: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Verified> {
    let folder = Folder::new(dir, Arc::new(RealDisk));
    verify_folder(&folder, evtables_schema::tables(), progress)
}

pub(crate) fn verify_folder(
    folder: &Folder,
    tables: &[&'static TableSpec],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified> {
    folder.check_format(MayWrite::No)?;
    let mut manifest = ManifestReader::new(folder);
    manifest.refresh()?;
    let state = manifest.state().clone();
    let total = state.segments().map(|segment| segment.bytes).sum();
    let mut found = Verified { chain: manifest.hash().to_owned(), ..Verified::default() };
    for segment in state.segments() {
        if let Some(fault) = check(folder, segment) {
            // A writer may just have replaced it.
            manifest.refresh()?;
            if manifest.state().segments().any(|listed| listed.file == segment.file) {
                found.faults.push((fault, segment.file.clone()));
            }
        }
        found.segments = found.segments.saturating_add(1);
        found.bytes = found.bytes.saturating_add(segment.bytes);
        found.rows = found.rows.saturating_add(segment.rows);
        progress(found.bytes, total);
        let filters = segment.filters.as_ref().filter(|place| !filters::verify(folder, place));
        let file = filters.map(|place| format!("filters/{:016}.bin", place.number));
        if let Some(file) = file.filter(|file| !found.faults.iter().any(|(_, known)| known == file))
        {
            found.faults.push((Fault::Altered, file));
        }
    }
    // Listed first, so that what a writer makes meanwhile is in the manifest; what it is writing just
    // now has another ending.
    let files = folder.event_files()?;
    manifest.refresh()?;
    let now = manifest.state().clone();
    let listed: BTreeSet<&String> =
        state.segments().chain(now.segments()).map(|segment| &segment.file).collect();
    let unlisted =
        files.into_iter().filter(|file| !listed.contains(file) && !file.ends_with(".tmp"));
    found.faults.extend(unlisted.map(|file| (Fault::Unlisted, file)));
    read_logs(folder, &Catalog::new(tables), &mut found)?;
    Ok(found)
}

fn check(folder: &Folder, segment: &Segment) -> Option<Fault> {
    match file_hash(folder, &segment.file) {
        Ok(hash) if hash == segment.sha256 => None,
        Ok(_) => Some(Fault::Altered),
        Err(error) if error.is_gone() => Some(Fault::Missing),
        Err(_) => Some(Fault::Altered),
    }
}

fn read_logs(folder: &Folder, catalog: &Catalog, found: &mut Verified) -> Result<()> {
    for number in folder.log_numbers()? {
        let read = match log::read(folder, number, 0, catalog) {
            Ok(read) => read,
            Err(error) if error.is_gone() => continue,
            Err(error) => return Err(error),
        };
        let rows: usize = read.batches.iter().map(|batch| batch.rows()).sum();
        found.log_rows = found.log_rows.saturating_add(u64::try_from(rows).unwrap_or(0));
        if read.torn_bytes > 0 {
            found.faults.push((Fault::Torn, format!("log/{number:016}.log")));
        }
    }
    Ok(())
}
