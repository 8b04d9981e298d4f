// SPDX-License-Identifier: Apache-2.0
//! Opening a data dir in whatever state a killed writer left it.
//!
//! What holds at each moment of the writer's life: a block leaves the log only after the manifest line
//! of its segment is durable; a segment's file is durable before its line; a file is unlinked only
//! after its expire line. So unlisted files are left-overs, and blocks that are sealed are skipped.

use crate::catalog::Catalog;
use crate::error::{ErrorKind, Result, StoreError};
use crate::filters::FilterWriter;
use crate::folder::Folder;
use crate::log::{self, BootHash, LogRead, LogWriter};
use crate::manifest::{Manifest, ManifestState, Record};
use crate::retention::Retention;
use crate::seq;
use crate::tail::Tail;
use evtables_schema::{HostBoot, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// What opening a data dir found and repaired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Rows read back from the log.
    pub rows: u64,
    /// Bytes of torn or damaged blocks cut off the log.
    pub torn_bytes: u64,
    /// Whole blocks of tables or encodings that this program does not know; their rows are lost.
    pub unknown_blocks: u64,
    /// Bytes of a torn line cut off the manifest.
    pub manifest_torn_bytes: u64,
    /// Files removed that no record names.
    pub files_removed: u64,
}

/// An open data dir.
pub(crate) struct Recovered {
    pub(crate) manifest: Manifest,
    pub(crate) log: LogWriter,
    pub(crate) tail: Tail,
    pub(crate) next_seq: BTreeMap<TableId, u64>,
    pub(crate) filters: FilterWriter,
    pub(crate) report: Recovery,
}

pub(crate) fn run(
    folder: &Folder,
    catalog: &Catalog,
    retention: &Retention,
    host: HostBoot,
) -> Result<Recovered> {
    let files = folder.event_files()?;
    if !folder.disk().exists(&folder.manifest())
        && files.iter().any(|file| file.ends_with(".parquet"))
    {
        // Removing "left-overs" would remove everything.
        return Err(StoreError::new(
            ErrorKind::Corrupt,
            format!("open {}: it has segments but no manifest", folder.root().display()),
        ));
    }
    let (mut manifest, manifest_torn_bytes) = Manifest::open(folder)?;
    if manifest.state().retention.as_ref() != Some(retention) {
        manifest.append(vec![Record::Retention(retention.clone())])?;
    }
    let mut report = Recovery { manifest_torn_bytes, ..Recovery::default() };
    report.files_removed = remove_unlisted(folder, manifest.state(), &files)?;
    let filters = FilterWriter::new(folder)?;
    report.files_removed += filters.remove_unused(manifest.state())?;
    let mut replay = Replay { tail: Tail::default(), next_seq: BTreeMap::new(), report };
    for layout in manifest.state().tables.keys().filter_map(|name| catalog.by_name(name)) {
        let sealed = manifest.state().sealed_through(layout.spec.name);
        replay.next_seq.insert(layout.spec.id, sealed.saturating_add(1));
    }
    let log = replay.logs(folder, catalog, host.into(), &mut manifest)?;
    let Replay { tail, next_seq, report } = replay;
    if report.torn_bytes > 0 || report.unknown_blocks > 0 || manifest_torn_bytes > 0 {
        tracing::warn!(?report, "the store was not closed; its log was cut to what is whole");
    }
    Ok(Recovered { manifest, log, tail, next_seq, filters, report })
}

fn remove_unlisted(folder: &Folder, state: &ManifestState, files: &[String]) -> Result<u64> {
    let listed: BTreeSet<&str> = state.segments().map(|segment| segment.file.as_str()).collect();
    let mut removed = 0;
    for file in files.iter().filter(|file| !listed.contains(file.as_str())) {
        // Files that are not ours stay.
        if !file.ends_with(".parquet") && !file.ends_with(".parquet.tmp") {
            continue;
        }
        let path = folder.segment(file);
        folder.disk().remove(&path).map_err(StoreError::io("remove", &path))?;
        removed += 1;
    }
    Ok(removed)
}

struct Replay {
    tail: Tail,
    next_seq: BTreeMap<TableId, u64>,
    report: Recovery,
}

impl Replay {
    /// Reads all logs; goes on with the newest, or with a new one in a new boot.
    fn logs(
        &mut self,
        folder: &Folder,
        catalog: &Catalog,
        boot: BootHash,
        manifest: &mut Manifest,
    ) -> Result<LogWriter> {
        let numbers = folder.log_numbers()?;
        let (mut tidy, mut sealed) = (Vec::new(), Vec::new());
        let (mut newest, mut written_by) = (None, None);
        for number in &numbers {
            let read = log::read(folder, *number, 0, catalog)?;
            // A file whose header is torn was begun, and nothing was written to it.
            written_by = read.boot.or(written_by);
            newest = Some((*number, read.end));
            let (unknown, torn, end) = (!read.unknown.is_empty(), read.torn_bytes, read.end);
            if self.take(read) || unknown {
                tidy.push((*number, torn > 0, end));
            } else {
                sealed.push(*number);
            }
        }
        self.tidy(folder, &tidy, &sealed, newest.map(|(number, _)| number))?;
        let Some((newest, end)) = newest else {
            return LogWriter::create(folder, 1, boot);
        };
        let mut log = LogWriter::resume(folder, newest, boot, end)?;
        if written_by.is_some_and(|written_by| written_by != boot) {
            // Also tables of which nothing is left may have had rows that readers saw.
            let first_seq = seq::after_boot(manifest.state().first_seq.max(1));
            manifest.append(vec![Record::Boot { first_seq }])?;
            log = log.next()?;
            for next in self.next_seq.values_mut() {
                *next = seq::after_boot(*next);
            }
        }
        if self.tail.is_empty() {
            let left = numbers.iter().filter(|n| **n == newest || !sealed.contains(*n));
            for number in left.filter(|number| **number < log.number()) {
                let path = folder.log(*number);
                folder.disk().remove(&path).map_err(StoreError::io("remove", &path))?;
            }
        }
        Ok(log)
    }

    /// Removes older logs that hold nothing any more, and cuts the torn ends of the others.
    fn tidy(
        &self,
        folder: &Folder,
        kept: &[(u64, bool, u64)],
        sealed: &[u64],
        newest: Option<u64>,
    ) -> Result<()> {
        for number in sealed.iter().filter(|number| Some(**number) != newest) {
            let path = folder.log(*number);
            folder.disk().remove(&path).map_err(StoreError::io("remove", &path))?;
        }
        for (number, torn, end) in kept.iter().filter(|(number, ..)| Some(*number) != newest) {
            if *torn {
                let path = folder.log(*number);
                let file = folder.disk().append(&path);
                let cut = file.and_then(|mut file| file.cut(*end));
                cut.map_err(StoreError::io("cut", &path))?;
            }
        }
        Ok(())
    }

    /// Takes the rows that are in no segment; whether there were any.
    fn take(&mut self, read: LogRead) -> bool {
        let before = self.report.rows;
        self.report.torn_bytes = self.report.torn_bytes.saturating_add(read.torn_bytes);
        for batch in read.batches {
            let next = self.next_seq.entry(batch.layout.spec.id).or_insert(1);
            let Some(batch) = batch.after(next.saturating_sub(1)) else { continue };
            *next = batch.last_seq.saturating_add(1);
            let rows = u64::try_from(batch.rows()).unwrap_or(0);
            self.report.rows = self.report.rows.saturating_add(rows);
            self.tail.push(batch);
        }
        for unknown in read.unknown {
            let next = self.next_seq.entry(unknown.table).or_insert(1);
            *next = (*next).max(unknown.last_seq.saturating_add(1));
            self.report.unknown_blocks = self.report.unknown_blocks.saturating_add(1);
        }
        self.report.rows > before
    }
}
