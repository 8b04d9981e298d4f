// SPDX-License-Identifier: Apache-2.0
//! Writers, rotations, truncations and restarts in any order: each line is read once.

use super::*;
use crate::positions::{Head, Position};
use std::fs::{File, OpenOptions};
use std::io::Write as _;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A log that a program writes, and one that follows it.
struct Play {
    _keep: tempfile::TempDir,
    path: PathBuf,
    pattern: String,
    file: File,
    watch: Watch,
    positions: Positions,
    now: Instant,
    written: Vec<String>,
    /// What of a line was written.
    begun: String,
    read: Vec<String>,
    number: u64,
    /// Whether the file that has the name now was looked at.
    seen: bool,
}

impl Play {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let path = keep.path().join("app.log");
        let pattern = keep.path().join("*.log").to_str().unwrap().to_owned();
        let (watch, positions) = (Watch::new(&pattern, Unit::Lines), Positions::default());
        let file = File::create(&path).unwrap();
        let mut play = Self {
            _keep: keep,
            path,
            pattern,
            file,
            watch,
            positions,
            now: Instant::now(),
            written: Vec::new(),
            begun: String::new(),
            read: Vec::new(),
            number: 0,
            seen: false,
        };
        play.look();
        play
    }

    fn write(&mut self, text: &str) {
        self.file.write_all(text.as_bytes()).unwrap();
        self.begun.push_str(text);
        while let Some((line, rest)) = self.begun.split_once('\n') {
            self.written.push(line.to_owned());
            self.begun = rest.to_owned();
        }
    }

    /// Lines and pieces of lines, no two alike.
    fn write_some(&mut self, random: &mut Random) {
        for _ in 0..random.below(6) {
            self.number += 1;
            let filler = "x".repeat(usize::try_from(random.below(300)).unwrap());
            let text = format!("{}{filler}", self.number);
            self.write(&text);
            if random.below(4) > 0 {
                self.write("\n");
            }
        }
    }

    /// A log that is renamed is written no more; what was begun is a line then. Its name was looked at
    /// once: a file that came and went between two looks is nobody's.
    fn rotate(&mut self) {
        if !std::mem::take(&mut self.seen) {
            self.look();
            self.seen = false;
        }
        for at in (1..9).rev() {
            let name = |at: u32| self.path.with_extension(format!("log.{at}"));
            let _ = std::fs::rename(name(at), name(at + 1));
        }
        std::fs::rename(&self.path, self.path.with_extension("log.1")).unwrap();
        self.file = File::create(&self.path).unwrap();
        if !self.begun.is_empty() {
            self.written.push(std::mem::take(&mut self.begun));
        }
    }

    /// Emptied in place, by somebody who copied it before; what was begun goes.
    fn truncate(&mut self) {
        self.read_all();
        self.begun.clear();
        self.file = OpenOptions::new().write(true).truncate(true).open(&self.path).unwrap();
    }

    fn look(&mut self) {
        self.seen = true;
        self.watch.find(&mut self.positions, 100, 0, self.now);
        let read = &mut self.read;
        let mut take = |_: &Path, _: FileId, line: Line<'_>, _: u64| {
            read.push(String::from_utf8(line.bytes.to_vec()).unwrap());
        };
        while self.watch.read(&mut self.positions, 0, self.now, &|| false, &mut take) {}
    }

    fn read_all(&mut self) {
        self.look();
        self.now += LEAVE_AFTER;
        self.look();
    }

    fn restart(&mut self) {
        self.watch = Watch::new(&self.pattern, Unit::Lines);
    }
}

#[test]
fn each_line_is_read_once_whatever_happens_to_the_file() {
    for seed in 0..150 {
        let mut random = Random(seed);
        let mut play = Play::new();
        for _ in 0..60 {
            match random.below(10) {
                0 => play.rotate(),
                1 => play.truncate(),
                2 => play.restart(),
                3 => play.now += LEAVE_AFTER,
                4..=6 => play.look(),
                _ => play.write_some(&mut random),
            }
            // Eight old logs are kept: somebody must have read them by then.
            if random.below(5) == 0 {
                play.read_all();
            }
        }
        play.write("\n");
        play.read_all();
        // Of two files at one time either may be read first.
        play.written.sort();
        play.read.sort();
        let without = |some: &[String], others: &[String]| {
            some.iter().filter(|line| !others.contains(line)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(without(&play.written, &play.read), [""; 0], "lost, seed {seed}");
        assert_eq!(without(&play.read, &play.written), [""; 0], "made up, seed {seed}");
        assert_eq!(play.read.len(), play.written.len(), "seed {seed}");
    }
}

#[test]
fn a_first_start_begins_at_the_end_and_later_files_at_their_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let old = dir.path().join("old.log");
    std::fs::write(&old, "before\nhalf a li").unwrap();
    let mut positions = Positions::default();
    let mut watch = Watch::new(dir.path().join("*.log").to_str().unwrap(), Unit::Lines);
    let now = Instant::now();
    let mut read = Vec::new();
    let mut look = |watch: &mut Watch, positions: &mut Positions| {
        watch.find(positions, 2, 0, now);
        let mut take = |_: &Path, _: FileId, line: Line<'_>, end: u64| {
            read.push((String::from_utf8(line.bytes.to_vec()).unwrap(), end));
        };
        watch.read(positions, 0, now, &|| false, &mut take);
        std::mem::take(&mut read)
    };
    assert_eq!(look(&mut watch, &mut positions), []);
    let mut file = OpenOptions::new().append(true).open(&old).unwrap();
    file.write_all(b"ne\nafter\n").unwrap();
    std::fs::write(dir.path().join("new.log"), "first\n").unwrap();
    std::fs::write(dir.path().join("new.txt"), "of no interest\n").unwrap();
    let mut got = look(&mut watch, &mut positions);
    got.sort();
    assert_eq!(got, [("after".to_owned(), 25), ("first".to_owned(), 6)]);
    // No more than two.
    std::fs::write(dir.path().join("third.log"), "too much\n").unwrap();
    assert_eq!(watch.find(&mut positions, 2, 0, now), 1);
}

/// A file that came after the last positions were written is known by a stored row alone.
#[test]
fn a_place_without_a_head_is_gone_on_from() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.log");
    std::fs::write(&path, "told\nnew\n").unwrap();
    let position = Position { path: path.clone(), offset: 5, head: Head::default(), turn: 0 };
    let start = |_| Start::At(position);
    let mut file = Followed::open(&path, Unit::Lines, start).unwrap().unwrap();
    let mut read = Vec::new();
    file.read(|line, end| read.push((line.bytes.to_vec(), end))).unwrap();
    assert_eq!(read, [(b"new".to_vec(), 9)]);
}

#[test]
fn patterns_lead_to_files() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_str().unwrap().to_owned();
    for path in ["a/x.log", "a/y.txt", "b/x.log", "c/deep/x.log"] {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let found = |pattern: &str| {
        let found = expand(&format!("{root}/{pattern}"));
        found.iter().map(|p| p.strip_prefix(&root).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("*/x.log"), [Path::new("a/x.log"), Path::new("b/x.log")]);
    assert_eq!(found("a/*"), [Path::new("a/x.log"), Path::new("a/y.txt")]);
    assert_eq!(found("no/such"), [Path::new("no/such")], "a path is followed when it comes");
    assert!(matches("/v/*/x.log", "/v/a/x.log") && !matches("/v/*/x.log", "/v/a/b/x.log"));
}
