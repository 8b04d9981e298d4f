// SPDX-License-Identifier: Apache-2.0
//! Rows of files with files of ours behind their paths.

use super::*;
use crate::live::OpenFile;
use crate::live::tests::shown;
use evtables_schema::generated::image_load_events::windows::{Builder, Row};
use evtables_schema::generated::process_events::windows as process;
use evtables_sdk::emitter;
use evtables_signature::Roots;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

/// Trusts the root of the fixtures, and knows a catalogue at a path for each digest that it is told.
#[derive(Debug, Default)]
struct Told {
    catalogs: Vec<(Vec<u8>, &'static str)>,
    fails: bool,
}

impl Authority for Told {
    fn roots(&self) -> io::Result<Roots> {
        match self.fails {
            true => Err(io::ErrorKind::PermissionDenied.into()),
            false => Ok(Roots::new([std::fs::read(fixture("root.der"))?], [])),
        }
    }

    fn catalogs(&self, digest: &[u8]) -> io::Result<Vec<String>> {
        if self.fails {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let of = self.catalogs.iter().filter(|(listed, _)| listed == digest);
        Ok(of.map(|(_, path)| (*path).to_owned()).collect())
    }
}

/// Files of a folder by the names that paths end with; how often each was opened.
fn facts_over(
    dir: &Path,
    authority: Option<Told>,
    send: &[EventBatch],
) -> (Vec<String>, Arc<FactCounts>) {
    let dir = dir.to_owned();
    let open = move |path: &str| File::open(dir.join(path.rsplit('\\').next().unwrap()));
    let (emitter, bus) = emitter(100);
    let counts = Arc::new(FactCounts::default());
    let authority = authority.map(|told| Arc::new(told) as _);
    let files = Files { open: Arc::new(open), wait: Duration::from_secs(60) };
    let facts = Facts::start(files, authority, emitter, Arc::clone(&counts)).unwrap();
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
    let (rows, counts) = facts_over(dir.path(), None, &[batch(&paths)]);
    let signer = [
        ("sign_info", "Signed"),
        ("cert_type", "Embedded"),
        ("serial_number", "0BADCAFE"),
        ("pubkey_signhash_algo", "sha256"),
    ];
    assert!(rows[..2].iter().chain([&rows[3]]).all(|row| has(row, &signer)), "{rows:?}");
    assert!(has(&rows[0], &[("signature_status", "SelfSigned"), ("pubkey_length", "2048")]));
    assert!(has(
        &rows[0],
        &[("subject_name", "Evtables rsa"), ("subject_dn", "/C=XX/O=Evtables/CN=Evtables rsa")]
    ));
    assert!(has(
        &rows[1],
        &[("signature_status", "SelfSigned"), ("issuer_name", "Evtables ec"), ("version", "V3")]
    ));
    assert!(has(&rows[2], &[("signature_status", "Unavailable")]) && !has(&rows[2], &signer[..1]));
    assert!(has(&rows[3], &[("signature_status", "BadDigest"), ("trust_info", "Untrusted")]));
    assert!(rows[4].contains("signature_status=Null"), "{}", rows[4]);
    let text = "9b4bcfb4bb3d3ed7b17a5a4ad1bdb0e4";
    assert!(rows[4].contains("md5=Text(") && !rows[4].contains(text), "{}", rows[4]);
    assert!(rows[5].contains("md5=Null") && rows[5].contains("sha256=Null"), "{}", rows[5]);
    let table = &evtables_schema::generated::image_load_events::windows::TABLE;
    assert_eq!((counts.known.load(Ordering::Relaxed), counts.unknown(table)), (5, 1));
    assert!(counts.remark(table).unwrap().starts_with("1 rows have no hash"));
}

#[test]
fn rows_say_whether_the_machine_trusts_who_signed() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["chain.exe", "rsa.exe", "plain.exe"] {
        std::fs::copy(fixture(name), dir.path().join(name)).unwrap();
    }
    std::fs::copy(fixture("plain.cat"), dir.path().join("plain.cat")).unwrap();
    let plain = std::fs::read(fixture("plain.exe")).unwrap();
    std::fs::write(dir.path().join("other.exe"), [&plain[..], b"other"].concat()).unwrap();
    let paths =
        ["chain.exe", "rsa.exe", "plain.exe", "other.exe"].map(|name| format!("C:\\{name}"));
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let [_, sha256] = evtables_signature::listed_as(&plain).unwrap();
    let told = Told { catalogs: vec![(sha256, "C:\\Windows\\plain.cat")], fails: false };
    let (rows, counts) = facts_over(dir.path(), Some(told), &[batch(&paths)]);
    let trusted = [("signature_status", "Valid"), ("trust_info", "Trusted")];
    assert!(has(&rows[0], &trusted) && has(&rows[0], &[("cert_type", "Embedded")]), "{}", rows[0]);
    assert!(rows[0].contains("signing_time=Int(17"), "{}", rows[0]);
    assert!(has(&rows[1], &[("signature_status", "SelfSigned"), ("trust_info", "Untrusted")]));
    let listed = [
        ("cert_type", "Catalog"),
        ("sign_info", "Signed"),
        ("catalog_path", "C:\\Windows\\plain.cat"),
    ];
    assert!(has(&rows[2], &listed) && has(&rows[2], &trusted), "{}", rows[2]);
    let unsigned = [("sign_info", "Unsigned"), ("signature_status", "Unavailable")];
    assert!(has(&rows[3], &unsigned), "{}", rows[3]);
    let table = &evtables_schema::generated::image_load_events::windows::TABLE;
    assert_eq!(counts.remark(table), None);
    // A machine that does not say: nothing is trusted, nothing is called unsigned, and the reason is told.
    let told = Told { catalogs: Vec::new(), fails: true };
    let (rows, counts) = facts_over(dir.path(), Some(told), &[batch(&paths)]);
    assert!(has(&rows[0], &[("signature_status", "IncompleteChain")]), "{}", rows[0]);
    assert!(rows[0].contains("trust_info=Null") && rows[3].contains("sign_info=Null"));
    let remark = counts.remark(table).unwrap();
    assert!(remark.contains("whom this machine trusts") && remark.contains("catalogues cannot"));
}

#[test]
fn a_process_that_starts_says_what_its_image_is_like_and_one_that_ends_does_not() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(fixture("chain.exe"), dir.path().join("chain.exe")).unwrap();
    let mut builder = process::Builder::default();
    for (action, path) in [
        ("PROC_CREATE", Some("C:\\chain.exe")),
        ("PROC_TERMINATE", Some("C:\\chain.exe")),
        ("PROC_RUNNING", Some("C:\\gone.exe")),
        ("PROC_RUNNING", None),
    ] {
        builder.push(&process::Row { action, path, ..process::Row::default() });
    }
    let (rows, counts) = facts_over(dir.path(), Some(Told::default()), &[builder.finish()]);
    let known = [("subject_name", "Evtables chain"), ("trust_info", "Trusted")];
    assert!(has(&rows[0], &known) && rows[0].contains("hashed=Int(1)"), "{}", rows[0]);
    for row in &rows[1..] {
        assert!(row.contains("sha256=Null") && row.contains("hashed=Int(0)"), "{row}");
    }
    assert_eq!(counts.unknown(&process::TABLE), 1, "nobody asks for a process that ended");
}

#[test]
fn a_file_is_read_once_and_again_when_it_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.dll");
    std::fs::write(&file, "abc").unwrap();
    let open_file = file.clone();
    let open: Arc<OpenFile> = Arc::new(move |_: &str| File::open(&open_file));
    let mut worker = Looks::new(open, None);
    let soon = Instant::now() + Duration::from_secs(60);
    let first = worker.of("C:\\a", soon).unwrap();
    assert_eq!(first.md5, "900150983cd24fb0d6963f7d28e17f72");
    let again = worker.of("C:\\a", soon).unwrap();
    assert!(Arc::ptr_eq(&first, &again), "it was read again");
    std::fs::write(&file, "abcd").unwrap();
    assert_ne!(worker.of("C:\\a", soon).unwrap().md5, first.md5);
    for elsewhere in ["\\\\server\\share\\a.dll", "\\Device\\HarddiskVolume9\\a.dll", "", "C:"] {
        assert!(worker.of(elsewhere, soon).is_none(), "{elsewhere}");
    }
    // After its time only what is known is told; and what would be too much at once is not read.
    let late = Instant::now();
    assert!(worker.of("C:\\a", late).is_some());
    assert!(worker.of("C:\\b", late).is_none());
    worker.bytes = 3;
    worker.filled = Instant::now();
    assert!(!worker.may_read(128 << 20));
    assert!(worker.may_read(3));
}
