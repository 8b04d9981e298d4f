// SPDX-License-Identifier: Apache-2.0
//! What is replayed: files, folders, patterns, standard input; archives are looked into. What a file
//! is, is seen by its first bytes, never by its name.

use crate::bad::{Bad, UNKNOWN_FORMAT};
use crate::evtx_file::{self, EvtxReader, Input, Memory};
use crate::lines::{JsonLines, XmlEvents};
use crate::record::Block;
use crate::utf16::Utf16;
use evtables_publisher_windows::etl::looks_like_trace;
use flate2::bufread::MultiGzDecoder;
use std::fs::{DirEntry, File, FileType};
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Archives in archives.
const DEPTH_MAX: u32 = 4;
/// Bytes by which a kind is recognised.
const PEEK: usize = 1_024;
const BUFFER: usize = 64 << 10;
/// Bytes of a packed trace that go to a temporary file.
const SPOOL_BYTES_MAX: u64 = 16 << 30;
/// Files of one replay.
const FILES_MAX: usize = 1_000_000;

/// One file to read, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A path, and the length as it was found.
    File(PathBuf, u64),
    Stdin,
}

impl Unit {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path, _) => path.display().to_string(),
            Self::Stdin => "(standard input)".to_owned(),
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::File(_, bytes) => *bytes,
            Self::Stdin => 0,
        }
    }
}

/// All files under `paths` in the order of their names; `-` is standard input.
///
/// # Errors
/// Names the path that is not there, or a pattern that meets nothing.
pub(crate) fn units_of(paths: &[PathBuf]) -> Result<Vec<Unit>, String> {
    let mut units = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            units.push(Unit::Stdin);
        } else if path.exists() {
            walk(path, &mut units)?;
        } else {
            let found = matches(path);
            if found.is_empty() {
                return Err(format!("{}: no such file", path.display()));
            }
            for path in found {
                walk(&path, &mut units)?;
            }
        }
    }
    Ok(units)
}

fn walk(path: &Path, units: &mut Vec<Unit>) -> Result<(), String> {
    let meta = path.metadata().map_err(|e| format!("{}: {e}", path.display()))?;
    // A file with its length, or a folder.
    let mut open = vec![(path.to_owned(), (!meta.is_dir()).then_some(meta.len()))];
    while let Some((path, file)) = open.pop() {
        if let Some(bytes) = file {
            if units.len() >= FILES_MAX {
                return Err(format!("more than {FILES_MAX} files"));
            }
            units.push(Unit::File(path, bytes));
            continue;
        }
        let entries = std::fs::read_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut children: Vec<_> = entries.filter_map(Result::ok).filter_map(child).collect();
        children.sort_unstable_by(|(one, _), (other, _)| one.file_name().cmp(&other.file_name()));
        open.extend(children.into_iter().rev());
    }
    Ok(())
}

fn child(entry: DirEntry) -> Option<(PathBuf, Option<u64>)> {
    let path = entry.path();
    let kind = entry.file_type();
    if kind.as_ref().is_ok_and(FileType::is_dir) {
        return Some((path, None));
    }
    // A link into a folder may lead round in a circle.
    let is_link = kind.is_ok_and(|kind| kind.is_symlink());
    let meta = if is_link { path.metadata() } else { entry.metadata() };
    match meta {
        Ok(meta) if is_link && !meta.is_file() => None,
        Ok(meta) => Some((path, Some(meta.len()))),
        // That it cannot be read is said when it is its turn.
        Err(_) => (!is_link).then_some((path, Some(0))),
    }
}

/// Paths that a pattern with `*` and `?` in its components meets, sorted.
fn matches(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let name = component.as_os_str();
        let text = name.to_string_lossy();
        if !text.contains(['*', '?']) {
            found.iter_mut().for_each(|path| path.push(name));
            continue;
        }
        let mut next = Vec::new();
        for folder in &found {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
            let met =
                names.filter(|name| meets(text.as_bytes(), name.to_string_lossy().as_bytes()));
            next.extend(met.map(|name| folder.join(name)));
        }
        next.sort();
        found = next;
    }
    found.retain(|path| path.exists());
    found
}

/// Whether a name meets a pattern of `*` (any run) and `?` (one byte).
fn meets(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            meets(rest, name) || name.split_first().is_some_and(|(_, tail)| meets(pattern, tail))
        }
        (Some((b'?', rest)), Some((_, tail))) => meets(rest, tail),
        (Some((c, rest)), Some((d, tail))) => c == d && meets(rest, tail),
        _ => false,
    }
}

/// Where records go. Breaking ends the reading.
pub(crate) trait Sink {
    /// Takes the records of a block out of it, when it is full or `is_last`.
    fn take(&mut self, block: &mut Block, is_last: bool) -> ControlFlow<()>;
    fn bad(&mut self, input: &str, bad: Bad) -> ControlFlow<()>;
    /// An empty block.
    fn new_block(&self) -> Block;
    /// Memory for the reader of logs, when more logs may come.
    fn memory(&mut self) -> Option<&mut Memory> {
        None
    }
    /// An input has been read to its end.
    fn ended(&mut self);
    /// An input is a trace: it is read by whoever takes it, because it must be sought in.
    fn trace(&mut self, input: &str, file: File) -> ControlFlow<()>;
}

/// Reads a unit to its end; `file` is it when it is open already. `count` counts the bytes taken from
/// the disk.
pub(crate) fn read(
    unit: &Unit,
    file: Option<File>,
    count: &Arc<AtomicU64>,
    sink: &mut dyn Sink,
) -> ControlFlow<()> {
    let name = unit.name();
    match unit {
        Unit::File(path, _) => match file.map_or_else(|| File::open(path), Ok) {
            Ok(file) => read_file(file, &name, count, sink),
            Err(error) => sink.bad(&name, Bad::part("unreadable_file", error.to_string())),
        },
        Unit::Stdin => {
            let input = Counted { input: io::stdin(), count: Arc::clone(count) };
            Reading { sink }.stream(Box::new(input), &name, 0)
        }
    }
}

fn read_file(
    mut file: File,
    name: &str,
    count: &Arc<AtomicU64>,
    sink: &mut dyn Sink,
) -> ControlFlow<()> {
    let mut head = Vec::with_capacity(PEEK);
    if let Err(error) = file.by_ref().take(PEEK as u64).read_to_end(&mut head) {
        return sink.bad(name, Bad::part("unreadable_file", error.to_string()));
    }
    let is_packed = head.starts_with(b"PK\x03\x04");
    // What cannot be sought in, a pipe with a name, is read on from here.
    let is_at_start = (is_packed || looks_like_trace(&head)) && io::Seek::rewind(&mut file).is_ok();
    if is_at_start && !is_packed {
        sink.trace(name, file)?;
        sink.ended();
        return ControlFlow::Continue(());
    }
    if head.starts_with(evtx_file::MAGIC)
        && let Ok(left) = file.metadata().map(|meta| meta.len())
        && io::Seek::rewind(&mut file).is_ok()
    {
        let log = LogFile { file, left, count: Arc::clone(count) };
        return Reading { sink }.evtx(log, name);
    }
    if !is_at_start {
        count.fetch_add(head.len() as u64, Ordering::Relaxed);
        let input = Counted { input: file, count: Arc::clone(count) };
        return Reading { sink }.peeked(Peeked::of(head, Box::new(input)), name, 0);
    }
    // With a file at hand the directory of the archive is the truth.
    let file = Counted { input: file, count: Arc::clone(count) };
    let mut archive = match zip::ZipArchive::new(file) {
        Ok(archive) => archive,
        Err(error) => return sink.bad(name, Bad::part("bad_archive", error.to_string())),
    };
    for at in 0..archive.len() {
        match archive.by_index(at) {
            Ok(member) => {
                let inner = member_name(member.name());
                if !is_junk(&inner, member.is_dir()) {
                    Reading { sink }.stream(Box::new(member), &format!("{name}/{inner}"), 1)?;
                }
            }
            Err(error) => sink.bad(name, Bad::part("bad_archive", error.to_string()))?,
        }
    }
    ControlFlow::Continue(())
}

/// A name that cannot be read is no reason not to read the member.
fn member_name(name: zip::result::ZipResult<std::borrow::Cow<'_, str>>) -> String {
    name.map_or_else(|_| "?".to_owned(), std::borrow::Cow::into_owned)
}

/// Members that are no logs: folders, and what macOS adds.
fn is_junk(name: &str, is_folder: bool) -> bool {
    is_folder
        || name.ends_with('/')
        || name.split('/').any(|part| part == "__MACOSX" || part.starts_with("._"))
}

struct Reading<'s> {
    sink: &'s mut dyn Sink,
}

impl Reading<'_> {
    /// Reads whatever comes, by its first bytes.
    fn stream(&mut self, input: Box<dyn Read + '_>, name: &str, depth: u32) -> ControlFlow<()> {
        if depth > DEPTH_MAX {
            return self.sink.bad(name, Bad::part("too_deep", "archives in archives".into()));
        }
        self.peeked(Peeked::new(input), name, depth)
    }

    fn peeked(&mut self, mut input: Peeked<'_>, name: &str, depth: u32) -> ControlFlow<()> {
        let head = match input.head() {
            Ok(head) => head.to_vec(),
            Err(error) => {
                return self.sink.bad(name, Bad::part("unreadable_file", error.to_string()));
            }
        };
        if head.is_empty() {
            self.sink.ended();
            return ControlFlow::Continue(());
        }
        if head.starts_with(evtx_file::MAGIC) {
            // Chunks are larger than a buffer is worth.
            return self.evtx(input, name);
        }
        let input = BufReader::with_capacity(BUFFER, input);
        if looks_like_trace(&head) {
            self.spool(input, name)
        } else if head.starts_with(b"\x1f\x8b") {
            self.stream(Box::new(MultiGzDecoder::new(input)), name, depth + 1)
        } else if head.starts_with(b"\xfd7zXZ\0") {
            self.stream(Box::new(lzma_rust2::XzReader::new(input, true)), name, depth + 1)
        } else if head.starts_with(b"PK\x03\x04") {
            self.zip(input, name, depth)
        } else if head.get(257..262) == Some(b"ustar") {
            self.tar(input, name, depth)
        } else if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            self.text(BufReader::new(Utf16::new(input)), name)
        } else {
            self.text(input, name)
        }
    }

    fn zip(&mut self, mut input: impl Read, name: &str, depth: u32) -> ControlFlow<()> {
        loop {
            match zip::read::read_zipfile_from_stream(&mut input) {
                Ok(Some(member)) => {
                    let inner = member_name(member.name());
                    if !is_junk(&inner, member.is_dir()) {
                        self.stream(Box::new(member), &format!("{name}/{inner}"), depth + 1)?;
                    }
                }
                Ok(None) => return ControlFlow::Continue(()),
                Err(error) => {
                    return self.sink.bad(name, Bad::part("bad_archive", error.to_string()));
                }
            }
        }
    }

    fn tar(&mut self, input: impl Read, name: &str, depth: u32) -> ControlFlow<()> {
        let mut archive = tar::Archive::new(input);
        let fail = |error: io::Error| Bad::part("bad_archive", error.to_string());
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.sink.bad(name, fail(error)),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                // What follows a broken head of a member cannot be found.
                Err(error) => return self.sink.bad(name, fail(error)),
            };
            let inner = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if !entry.header().entry_type().is_file() || is_junk(&inner, false) {
                continue;
            }
            self.stream(Box::new(entry), &format!("{name}/{inner}"), depth + 1)?;
        }
        ControlFlow::Continue(())
    }

    /// A trace from where one cannot seek: through a file without a name.
    fn spool(&mut self, input: impl Read, name: &str) -> ControlFlow<()> {
        match spooled(input) {
            Ok(file) => {
                self.sink.trace(name, file)?;
                self.sink.ended();
                ControlFlow::Continue(())
            }
            Err(error) => self.sink.bad(name, Bad::part("unreadable_trace", error.to_string())),
        }
    }

    fn evtx(&mut self, input: impl Input, name: &str) -> ControlFlow<()> {
        let mut reader =
            EvtxReader::new(input, self.sink.memory().map(std::mem::take).unwrap_or_default());
        let drained = self.drain(name, |block, bad| reader.read(block, bad));
        if let Some(memory) = self.sink.memory() {
            *memory = reader.into_memory();
        }
        drained
    }

    fn text(&mut self, mut input: impl BufRead, name: &str) -> ControlFlow<()> {
        let first = loop {
            let got = match input.fill_buf() {
                Ok(got) => got,
                Err(error) => {
                    return self.sink.bad(name, Bad::part("unreadable_file", error.to_string()));
                }
            };
            let skipped = got.iter().take_while(|c| c.is_ascii_whitespace() || **c >= 0x80).count();
            match got.get(skipped) {
                Some(c) => break *c,
                None if got.is_empty() => {
                    self.sink.ended();
                    return ControlFlow::Continue(());
                }
                None => input.consume(skipped),
            }
        };
        match first {
            b'<' => {
                let mut reader = XmlEvents::new(input);
                self.drain(name, |block, bad| reader.read(block, bad))
            }
            // `evtx_dump` writes `Record 1` above each object.
            b'{' | b'[' | b'R' => {
                let mut reader = JsonLines::new(input);
                self.drain(name, |block, bad| reader.read(block, bad))
            }
            _ => {
                self.sink.bad(name, Bad::part(UNKNOWN_FORMAT, "neither EVTX, XML nor JSON".into()))
            }
        }
    }

    /// Reads piece by piece. A piece may end in the middle of a block.
    fn drain(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Block, &mut Vec<Bad>) -> io::Result<bool>,
    ) -> ControlFlow<()> {
        let mut block = self.sink.new_block();
        let mut bad = Vec::new();
        loop {
            let more = read(&mut block, &mut bad);
            for bad in bad.drain(..) {
                self.sink.bad(name, bad)?;
            }
            let is_last = !matches!(more, Ok(true));
            self.sink.take(&mut block, is_last)?;
            match more {
                Ok(true) => {}
                Ok(false) => {
                    self.sink.ended();
                    return ControlFlow::Continue(());
                }
                Err(error) => return self.sink.bad(name, Bad::part("cut_off", error.to_string())),
            }
        }
    }
}

/// Copies `input` into a temporary file; more than [`SPOOL_BYTES_MAX`] is an error.
fn spooled(input: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let copied = io::copy(&mut input.take(SPOOL_BYTES_MAX + 1), &mut file)?;
    if copied > SPOOL_BYTES_MAX {
        return Err(io::Error::other("larger than 16 GiB"));
    }
    io::Seek::rewind(&mut file)?;
    Ok(file)
}

/// A reader whose first bytes can be looked at.
struct Peeked<'r> {
    input: Box<dyn Read + 'r>,
    head: Vec<u8>,
    at: usize,
    is_read: bool,
}

impl<'r> Peeked<'r> {
    fn new(input: Box<dyn Read + 'r>) -> Self {
        Self { input, head: Vec::new(), at: 0, is_read: false }
    }

    /// One whose head has been read already.
    fn of(head: Vec<u8>, input: Box<dyn Read + 'r>) -> Self {
        Self { input, head, at: 0, is_read: true }
    }

    fn head(&mut self) -> io::Result<&[u8]> {
        if !self.is_read {
            self.is_read = true;
            self.input.by_ref().take(PEEK as u64).read_to_end(&mut self.head)?;
        }
        Ok(&self.head)
    }
}

impl Read for Peeked<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.head.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return self.input.read(out);
        }
        let got = rest.len().min(out.len());
        let (Some(from), Some(to)) = (rest.get(..got), out.get_mut(..got)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.at += got;
        Ok(got)
    }
}

impl Input for Peeked<'_> {}

/// A log in a file of its own.
struct LogFile {
    file: File,
    /// Bytes that follow, as far as is known.
    left: u64,
    count: Arc<AtomicU64>,
}

impl LogFile {
    fn passed(&mut self, bytes: u64) {
        self.left = self.left.saturating_sub(bytes);
        self.count.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Read for LogFile {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(out)?;
        self.passed(got as u64);
        Ok(got)
    }
}

impl Input for LogFile {
    fn skip(&mut self, len: usize) -> io::Result<bool> {
        let bytes = len as u64;
        let is_there = bytes <= self.left;
        if is_there {
            io::Seek::seek_relative(&mut self.file, i64::try_from(bytes).unwrap_or(i64::MAX))?;
            self.passed(bytes);
        }
        Ok(is_there)
    }
}

/// Counts the bytes that were read.
pub(crate) struct Counted<R> {
    input: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    pub(crate) fn new(input: R, count: Arc<AtomicU64>) -> Self {
        Self { input, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(out)?;
        self.count.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

impl<R: io::Seek> io::Seek for Counted<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_meet_names() {
        for (pattern, name, is_met) in [
            ("*.evtx", "a.evtx", true),
            ("*.evtx", ".evtx", true),
            ("*.evtx", "a.evt", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xxaxxb", true),
            ("", "", true),
        ] {
            assert_eq!(meets(pattern.as_bytes(), name.as_bytes()), is_met, "{pattern} {name}");
        }
    }

    #[test]
    fn folders_and_patterns_become_files_in_order() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        for name in ["b.json", "a.json", "sub/c.json"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let names = |paths: &[PathBuf]| -> Vec<String> {
            let units = units_of(paths).unwrap();
            let short = |unit: &Unit| unit.name().rsplit('/').next().unwrap().to_owned();
            units.iter().map(short).collect()
        };
        assert_eq!(names(&[dir.path().to_owned()]), ["a.json", "b.json", "c.json"]);
        assert_eq!(names(&[dir.path().join("*.json")]), ["a.json", "b.json"]);
        assert_eq!(names(&[dir.path().join("s?b/*")]), ["c.json"]);
        assert!(units_of(&[dir.path().join("*.evtx")]).unwrap_err().contains("no such file"));
    }
}
