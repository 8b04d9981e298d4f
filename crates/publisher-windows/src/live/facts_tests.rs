// SPDX-License-Identifier: Apache-2.0
//! Rows of images with files of ours behind their paths.

use super::*;
use crate::live::tests::shown;
use evtables_schema::generated::image_load_events::windows::{Builder, Row};
use evtables_sdk::emitter;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../signature/fixture").join(name)
}

fn batch(paths: &[&str]) -> EventBatch {
    let mut builder = Builder::default();
    for path in paths {
        builder.push(&Row { action: "IMAGE_LOAD", image_path: Some(path), ..Row::default() });
    }
    builder.finish()
}

/// Files of a folder by the names that paths end with; how often each was opened.
fn facts_over(dir: &Path, send: &[EventBatch]) -> (Vec<String>, Arc<FactCounts>) {
    let dir = dir.to_owned();
    let open = move |path: &str| File::open(dir.join(path.rsplit('\\').next().unwrap()));
    let (emitter, bus) = emitter(100);
    let counts = Arc::new(FactCounts::default());
    let facts = Facts::start(Arc::new(open), emitter, Arc::clone(&counts)).unwrap();
    for batch in send {
        facts.send(batch.clone());
    }
    drop(facts);
    let rows = shown(&bus.try_iter().collect::<Vec<_>>());
    (rows.into_values().flatten().collect(), counts)
}

fn has(row: &str, cells: &[(&str, &str)]) -> bool {
    cells
        .iter()
        .all(|(name, value)| format!(" {row}").contains(&format!(" {name}=Text({value:?}) ")))
}

#[test]
fn rows_say_who_signed_and_whether_the_file_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["rsa.exe", "ec.exe", "plain.exe"] {
        std::fs::copy(fixture(name), dir.path().join(name)).unwrap();
    }
    let mut changed = std::fs::read(fixture("rsa.exe")).unwrap();
    changed[0x200] = 0x90;
    std::fs::write(dir.path().join("changed.exe"), changed).unwrap();
    std::fs::write(dir.path().join("text.dll"), "no image").unwrap();
    let names = ["rsa.exe", "ec.exe", "plain.exe", "changed.exe", "text.dll", "gone.exe"];
    let paths = names.map(|name| format!("C:\\Windows\\{name}"));
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (rows, counts) = facts_over(dir.path(), &[batch(&paths)]);
    let signer = [
        ("sign_info", "Signed"),
        ("cert_type", "Embedded"),
        ("serial_number", "0BADCAFE"),
        ("pubkey_signhash_algo", "sha256"),
    ];
    assert!(rows[..2].iter().chain([&rows[3]]).all(|row| has(row, &signer)), "{rows:?}");
    assert!(has(&rows[0], &[("signature_status", "Intact"), ("pubkey_length", "2048")]));
    assert!(has(
        &rows[0],
        &[("subject_name", "Evtables rsa"), ("subject_dn", "/C=XX/O=Evtables/CN=Evtables rsa")]
    ));
    assert!(has(&rows[1], &[("signature_status", "NotChecked"), ("issuer_name", "Evtables ec")]));
    assert!(has(&rows[2], &[("signature_status", "Unavailable")]) && !has(&rows[2], &signer[..1]));
    assert!(has(&rows[3], &[("signature_status", "BadDigest"), ("trust_info", "Untrusted")]));
    assert!(rows[4].contains("signature_status=Null"), "{}", rows[4]);
    let text = "9b4bcfb4bb3d3ed7b17a5a4ad1bdb0e4";
    assert!(rows[4].contains("md5=Text(") && !rows[4].contains(text), "{}", rows[4]);
    assert!(rows[5].contains("md5=Null") && rows[5].contains("sha256=Null"), "{}", rows[5]);
    let counted = (counts.known.load(Ordering::Relaxed), counts.unknown.load(Ordering::Relaxed));
    assert_eq!(counted, (5, 1));
}

#[test]
fn a_file_is_read_once_and_again_when_it_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.dll");
    std::fs::write(&file, "abc").unwrap();
    let open_file = file.clone();
    let (emitter, _bus) = emitter(100);
    let counts = Arc::new(FactCounts::default());
    let open: Arc<OpenFile> = Arc::new(move |_: &str| File::open(&open_file));
    let mut worker = Worker::new(open, emitter, counts);
    let soon = Instant::now() + Duration::from_secs(60);
    let first = worker.facts("C:\\a", soon).unwrap();
    assert_eq!(first.md5, "900150983cd24fb0d6963f7d28e17f72");
    let again = worker.facts("C:\\a", soon).unwrap();
    assert!(Arc::ptr_eq(&first, &again), "it was read again");
    std::fs::write(&file, "abcd").unwrap();
    assert_ne!(worker.facts("C:\\a", soon).unwrap().md5, first.md5);
    for elsewhere in ["\\\\server\\share\\a.dll", "\\Device\\HarddiskVolume9\\a.dll", "", "C:"] {
        assert!(worker.facts(elsewhere, soon).is_none(), "{elsewhere}");
    }
    // After its time only what is known is told; and what would be too much at once is not read.
    let late = Instant::now();
    assert!(worker.facts("C:\\a", late).is_some());
    assert!(worker.facts("C:\\b", late).is_none());
    worker.bytes = 3;
    worker.filled = Instant::now();
    assert!(!worker.may_read(BURST_BYTES));
    assert!(worker.may_read(3));
}
