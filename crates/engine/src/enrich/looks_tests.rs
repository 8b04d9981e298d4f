// SPDX-License-Identifier: Apache-2.0
//! Candidates of every kind: what they are, what becomes of their rows.

use super::*;
use evtables_schema::generated::pefile_events::linux::{Builder, Row};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// A row that names this version of the file, or the path alone.
fn row<'a>(path: &'a str, meta: Option<&Metadata>, written: bool) -> Row<'a> {
    let [inode, changed, size] = meta.map(version_of).map_or([None; 3], |v| v.map(Some));
    Row {
        action: "FILE_WRITE",
        target_path: Some(path),
        uid: None,
        time: 1,
        pid: Some(i64::from(std::process::id())),
        process_guid: None,
        process_name: None,
        source_path: None,
        mode: None,
        inode,
        device: meta.map(|_| 7),
        size,
        mtime: meta.map(|meta| meta.mtime()),
        changed_ns: changed,
        elf_written: written.then_some(1),
    }
}

fn looked_at(rows: &[Row<'_>]) -> Looked {
    let mut builder = Builder::default();
    rows.iter().for_each(|row| builder.push(row));
    let batch = builder.finish();
    let looks = Looks::start().unwrap();
    let look = looks.ask(&batch);
    let deadline = Instant::now() + Duration::from_secs(30);
    while !look.is_done() {
        assert!(Instant::now() < deadline, "the answer never came");
        std::thread::yield_now();
    }
    look.take(batch)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn executables_stay_and_others_go() {
    let dir = tempfile::tempdir().unwrap();
    let here = |name: &str| dir.path().join(name);
    let (program, script, gone) = (here("program"), here("script"), here("gone"));
    std::fs::copy("/proc/self/exe", &program).unwrap();
    std::fs::write(&script, "#!/bin/sh\n".repeat(20)).unwrap();
    let meta = std::fs::metadata(&program).unwrap();
    let script_meta = std::fs::metadata(&script).unwrap();
    let looked = looked_at(&[
        row(text(&program), Some(&meta), false),
        row(text(&program), None, false),
        row(text(&script), Some(&script_meta), false),
        row(text(&script), None, false),
        row(text(dir.path()), None, false),
        // The script, where the program is named: another version.
        row(text(&program), Some(&script_meta), false),
        row(text(&gone), None, false),
        row(text(&gone), Some(&meta), true),
    ]);
    assert_eq!((looked.others, looked.gone, looked.unseen), (3, 2, 0));
    let columns = ["target_path", "elf_type", "elf_class", "is_static", "inode", "size", "device"];
    let rows = crate::testing::read(looked.batch.unwrap(), &columns);
    let some = |text: &str| Some(text.to_owned());
    let (inode, size) = (meta.ino().to_string(), meta.len().to_string());
    let own = |device: String| {
        let facts = [text(&program), "pie_executable", "64", "0", &inode, &size, &device];
        facts.map(some).to_vec()
    };
    assert_eq!(rows[0], own("7".to_owned()), "what the row said stays");
    assert_eq!(rows[1], own(meta.dev().to_string()), "what it did not say is learnt");
    let lost = [some(text(&gone)), None, None, None, some(&inode), some(&size), some("7")];
    assert_eq!(rows[2], lost.to_vec(), "gone, but seen to be written");
    assert_eq!(rows.len(), 3);
}

#[test]
fn without_an_answer_rows_are_counted() {
    let mut builder = Builder::default();
    builder.push(&row("/x", None, true));
    let (_answer, answers) = bounded(1);
    let looked = Look::Asked(answers).take(builder.finish());
    assert!(looked.batch.is_none());
    assert_eq!((looked.others, looked.gone, looked.unseen), (0, 0, 1));
}

#[test]
fn a_batch_without_executables_is_gone() {
    let looked = looked_at(&[row("/dev/null", None, false), row("/etc/passwd", None, false)]);
    assert!(looked.batch.is_none());
    assert_eq!((looked.others, looked.gone), (2, 0));
}
