// SPDX-License-Identifier: Apache-2.0
//! The chain, torn ends, damage in the middle.

use super::*;
use proptest::prelude::*;

fn segment(first: u64, last: u64) -> Segment {
    Segment {
        table: "sample_events".to_owned(),
        file: format!("events/table=sample_events/date=2026-11-24/{first}-{last}.parquet"),
        rows: last - first + 1,
        bytes: 100,
        first_seq: first,
        last_seq: last,
        min_time: 5,
        max_time: 9,
        sha256: GENESIS.to_owned(),
        ..Segment::empty("", String::new())
    }
}

fn around(path: &Path) -> Folder {
    Folder::new(path.parent().unwrap(), Arc::new(crate::disk::RealDisk))
}

fn written(path: &Path, segments: u64) {
    let (mut manifest, torn) = Manifest::open(&around(path)).unwrap();
    assert_eq!(torn, 0);
    for at in 0..segments {
        manifest.append(vec![Record::Seal(segment(at * 10 + 1, at * 10 + 10))]).unwrap();
    }
}

fn temporary() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("manifest.jsonl");
    (dir, path)
}

#[test]
fn lines_are_chained_and_read_back() {
    let (_dir, path) = temporary();
    written(&path, 2);
    let (mut manifest, _) = Manifest::open(&around(&path)).unwrap();
    let gone = segment(1, 10);
    let expiry = Expiry { table: gone.table, file: gone.file, through_seq: 10, rows: 10 };
    manifest.append(vec![Record::Expire(expiry), Record::Retention(Retention::default())]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with(&format!(r#"{{"prev":"{GENESIS}","record":"seal","table":"#)));
    for pair in lines.windows(2) {
        let prev = hex(&Sha256::digest(pair[0].as_bytes()));
        assert!(pair[1].starts_with(&format!(r#"{{"prev":"{prev}""#)), "{}", pair[1]);
    }
    let mut reader = ManifestReader::new(&around(&path));
    assert_eq!(reader.refresh().unwrap(), Refreshed::Grown);
    assert_eq!(reader.refresh().unwrap(), Refreshed::Same);
    let table = &reader.state().tables["sample_events"];
    assert_eq!((table.sealed_through, table.expired_rows, table.segments.len()), (20, 10, 1));
    assert_eq!(reader.state().retention, Some(Retention::default()));
}

#[test]
fn a_torn_end_is_cut_at_every_byte() {
    let (_dir, path) = temporary();
    written(&path, 2);
    let whole = std::fs::read(&path).unwrap();
    let one = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for length in one..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let (mut manifest, torn) = Manifest::open(&around(&path)).unwrap();
        assert_eq!(torn, (length - one) as u64);
        assert_eq!(manifest.state().sealed_through("sample_events"), 10);
        manifest.append(vec![Record::Seal(segment(11, 20))]).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn damage_in_the_middle_is_an_error() {
    let (_dir, path) = temporary();
    written(&path, 3);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap() / 2;
    bytes[at] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(Manifest::open(&around(&path)).unwrap_err().kind, ErrorKind::Corrupt);
}

#[test]
fn records_of_a_newer_version_are_refused() {
    let (_dir, path) = temporary();
    std::fs::write(&path, format!("{{\"prev\":\"{GENESIS}\",\"record\":\"merge\",\"x\":1}}\n"))
        .unwrap();
    assert_eq!(Manifest::open(&around(&path)).unwrap_err().kind, ErrorKind::Version);
}

#[test]
fn paths_outside_the_store_are_refused() {
    assert!(is_segment_path("events/table=a/date=2026-11-24/1-2.parquet"));
    for file in [
        "../x/date=1/a.parquet",
        "events/table=a/date=../../x.parquet",
        "events/table=a/date=1/..\\x.parquet",
        "/etc/table=a/date=1/a.parquet",
        "events/table=a/date=1/a.txt",
        "events/table=a/../a.parquet",
    ] {
        assert!(!is_segment_path(file), "{file}");
    }
}

#[test]
fn a_reader_sees_a_new_manifest_in_place_of_the_old() {
    let (_dir, path) = temporary();
    written(&path, 3);
    let mut reader = ManifestReader::new(&around(&path));
    reader.refresh().unwrap();
    std::fs::remove_file(&path).unwrap();
    written(&path, 1);
    assert_eq!(reader.refresh().unwrap(), Refreshed::Replaced);
    assert_eq!(reader.state().sealed_through("sample_events"), 10);
}

#[test]
fn history_is_folded_away_and_the_chain_goes_on() {
    let (_dir, path) = temporary();
    let (mut manifest, _) = Manifest::open(&around(&path)).unwrap();
    let mut reader = ManifestReader::new(&around(&path));
    let (mut written, mut largest, mut last) = (0, 0, String::new());
    for at in 0..500 {
        let new = segment(at * 10 + 1, at * 10 + 10);
        let expiry = Expiry {
            table: new.table.clone(),
            file: new.file.clone(),
            through_seq: new.last_seq,
            rows: 10,
        };
        let keep = at % 100 == 7;
        manifest.append(vec![Record::Seal(new)]).unwrap();
        if !keep {
            manifest.append(vec![Record::Expire(expiry)]).unwrap();
        }
        let before = manifest.chain.hash.clone();
        if manifest.checkpoint().unwrap() {
            written += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            let start = format!(r#"{{"prev":"{before}","record":"checkpoint""#);
            assert!(text.starts_with(&start), "{}", &text[..200]);
            last = before;
        }
        largest = largest.max(std::fs::metadata(&path).unwrap().len());
        if at % 9 == 0 {
            reader.refresh().unwrap();
            let table = &reader.state().tables["sample_events"];
            assert_eq!(table.sealed_through, at * 10 + 10);
        }
    }
    assert!(written > 5 && largest < 64 << 10 && !last.is_empty(), "{written} {largest}");
    reader.refresh().unwrap();
    for state in
        [manifest.state(), reader.state(), Manifest::open(&around(&path)).unwrap().0.state()]
    {
        let table = &state.tables["sample_events"];
        assert_eq!(
            (table.sealed_through, table.expired_rows, table.segments.len()),
            (5_000, 4_950, 5)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn garbage_never_panics(text in "\\PC{0,200}", tail in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (_dir, path) = temporary();
        written(&path, 1);
        let mut bytes = std::fs::read(&path).unwrap();
        let whole = bytes.len();
        bytes.extend_from_slice(text.as_bytes());
        bytes.extend_from_slice(&tail);
        std::fs::write(&path, &bytes).unwrap();
        let (manifest, torn) = Manifest::open(&around(&path)).unwrap();
        prop_assert_eq!(torn, (bytes.len() - whole) as u64);
        prop_assert_eq!(manifest.state().sealed_through("sample_events"), 10);
    }
}
