// SPDX-License-Identifier: Apache-2.0
//! The recorded telemetry beside the repository: every file replays, and the balance of each equals
//! what a reader that shares no code with ours counts. Skipped, by name, where the corpus is absent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod shared;

use evtables_publisher_replay::{ReplayOptions, ReplayPublisher, Report};
use evtables_sdk::{Publisher as _, emitter};
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

fn replay(path: &Path) -> Report {
    let options = ReplayOptions { paths: vec![path.to_owned()], pace: None, strict: false };
    let mut publisher = ReplayPublisher::new(options).unwrap();
    let watch = publisher.watch();
    let (emitter, batches) = emitter(4);
    publisher.start(emitter).unwrap();
    let rows: usize = batches.iter().map(|batch| batch.rows).sum();
    publisher.stop();
    assert_eq!(watch.failure(), None, "{}", path.display());
    let report = watch.report();
    // One row of the event log for each record, besides those of other tables.
    let others: u64 = report.rows.values().sum();
    assert_eq!(rows as u64, report.records + others, "{}", path.display());
    report
}

/// Records of an event log by their heads alone: the chunks' magic, then the chain of sizes. After a
/// head that lies, the next place counts where a size stands at both ends of a record.
fn records_by_heads(file: &[u8]) -> u64 {
    let number = |at: usize| {
        file.get(at..at + 4).map_or(0, |b| u32::from_le_bytes(b.try_into().unwrap()) as usize)
    };
    let mut count = 0;
    for chunk in (4_096..file.len()).step_by(65_536) {
        if file.get(chunk..chunk + 8) != Some(b"ElfChnk\0") {
            continue;
        }
        let end = chunk + 65_536;
        let free = chunk + number(chunk + 48);
        let is_whole = |at: usize| {
            let size = number(at + 4);
            number(at) == 0x2a2a && size >= 28 && at + size <= end
        };
        let mut at = chunk + 512;
        while at < end - 28 && at < free {
            count += u64::from(number(at) == 0x2a2a);
            if is_whole(at) {
                at += number(at + 4);
            } else {
                at += 1;
                while at < free
                    && !(is_whole(at) && number(at + number(at + 4) - 4) == number(at + 4))
                {
                    at += 1;
                }
            }
        }
    }
    count
}

fn unpack(archive: &Path, into: &Path) {
    let file = std::fs::File::open(archive).unwrap();
    let mut tar = tar::Archive::new(lzma_rust2::XzReader::new(file, true));
    tar.unpack(into).unwrap();
}

fn files_under(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().is_some_and(|name| name.ends_with(end)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_event_log_balances() {
    let Some(corpus) = shared::corpus() else { return };
    let dir = tempfile::tempdir().unwrap();
    for name in ["evtx-samples.tar.xz", "evtx-to-mitre.tar.xz", "sigma-regression-dev.tar.xz"] {
        unpack(&corpus.join(name), dir.path());
    }
    let files = files_under(dir.path(), ".evtx");
    assert_eq!(files.len(), 440);
    let (mut records, mut bad) = (0, 0);
    for path in &files {
        let report = replay(path);
        let counted = records_by_heads(&std::fs::read(path).unwrap());
        let unmapped: u64 = report.unmapped.values().sum();
        assert_eq!(report.mapped + unmapped, report.records, "{}", path.display());
        assert_eq!(
            report.records + report.bad_records(),
            counted,
            "{}: {report:?}",
            path.display()
        );
        if report.bad_records() > 0 {
            println!("{}: {:?}", path.display(), report.places);
        }
        records += report.records;
        bad += report.bad_records();
    }
    println!("{} files, {records} records, {bad} bad", files.len());
    // Beside the known damage everything is read.
    assert!(records >= 28_700 && bad <= 30, "{records} {bad}");
}

/// Lines of the JSON members that hold something.
fn lines_of(archive: &Path) -> u64 {
    let count = |input: &mut dyn Read| {
        BufReader::new(input)
            .split(b'\n')
            .filter(|l| !l.as_ref().unwrap().trim_ascii().is_empty())
            .count() as u64
    };
    let file = std::fs::File::open(archive).unwrap();
    if archive.extension().is_some_and(|end| end == "zip") {
        let mut zip = zip::ZipArchive::new(file).unwrap();
        let mut lines = 0;
        for at in 0..zip.len() {
            let mut member = zip.by_index(at).unwrap();
            let name = member.name().unwrap().into_owned();
            if !name.contains("__MACOSX") && !name.ends_with('/') {
                lines += count(&mut member);
            }
        }
        return lines;
    }
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut lines = 0;
    for entry in tar.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            lines += count(&mut entry);
        }
    }
    lines
}

#[test]
fn every_recording_balances() {
    let Some(corpus) = shared::corpus() else { return };
    let otrf = corpus.join("otrf");
    let mut files = files_under(&otrf, ".zip");
    files.extend(files_under(&otrf, ".tar.gz"));
    assert_eq!(files.len(), 76);
    let mut records = 0;
    for path in &files {
        let report = replay(path);
        let unmapped: u64 = report.unmapped.values().sum();
        assert_eq!(report.mapped + unmapped, report.records, "{}", path.display());
        assert_eq!(report.records + report.bad_records(), lines_of(path), "{}", path.display());
        assert_eq!(report.bad_records(), 0, "{}: {:?}", path.display(), report.places);
        records += report.records;
    }
    assert_eq!(records, 403_329);
}
