// SPDX-License-Identifier: Apache-2.0
//! Looks at files whether they are executables (`fill = "elf.*"`), by a worker thread beside the path:
//! batches of tables with such columns hold candidates, of which those stay that are.
//!
//! A row names a version of its file (device, inode, times, size), or only a path: then what is there now
//! is looked at, and the row learns which version that was. Only heads are read, nothing is hashed here.
//! Bounds: 64 batches waiting (the engine holds no more), pieces of a file as in [`super::elf`].

use super::elf::{self, Elf, Pieces};
use arrow_array::types::Int32Type;
use arrow_array::{Array as _, BooleanArray, DictionaryArray, Int32Array, Int64Array};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};
use evtables_schema::cells::dict_text;
use evtables_schema::columns::{DictBuilder, IntBuilder};
use evtables_schema::{EventBatch, TableSpec};
use std::fs::{File, Metadata};
use std::io::{Read as _, Seek as _, SeekFrom};

const WAITING_MAX: usize = 64;

/// A file to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    path: String,
    pid: i64,
    /// Inode, change time and size; `None`: whatever is there. No device: stacked file systems show others.
    version: Option<[i64; 3]>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// With device, inode, change time, size and modification time.
    Elf(Box<Elf>, [i64; 5]),
    Other,
    /// Not there any more, or another version.
    Gone,
}

struct Request {
    candidates: Vec<Candidate>,
    answer: Sender<Vec<Found>>,
}

/// The near side; dropping it ends the worker.
pub(crate) struct Looks {
    requests: Sender<Request>,
}

/// A look that is under way, or done with.
pub(crate) enum Look {
    /// Nothing to look at in this table.
    None,
    /// Asked for.
    Asked(Receiver<Vec<Found>>),
    /// The worker is not to be had: nothing is known of the rows.
    Refused,
}

/// The rows of a batch after the look, and those that are gone from it.
#[derive(Debug)]
pub(crate) struct Looked {
    /// `None`: no row is left.
    pub(crate) batch: Option<EventBatch>,
    /// Files that are no executables.
    pub(crate) others: u64,
    /// Files that were gone.
    pub(crate) gone: u64,
    /// Rows that nobody looked at in time.
    pub(crate) unseen: u64,
}

/// Whether somebody must look at the files of this table.
pub(crate) fn is_looked_at(table: &TableSpec) -> bool {
    table.columns.iter().any(|column| column.fill == "elf.type")
}

impl Looks {
    pub(crate) fn start() -> std::io::Result<Self> {
        let (requests, queue) = bounded::<Request>(WAITING_MAX);
        std::thread::Builder::new().name("look".into()).spawn(move || {
            for request in queue {
                let found = request.candidates.iter().map(look).collect();
                // Nobody waits any more when the time was up.
                let _ = request.answer.try_send(found);
            }
        })?;
        Ok(Self { requests })
    }

    /// Asks for the batch; never blocks.
    pub(crate) fn ask(&self, batch: &EventBatch) -> Look {
        if !is_looked_at(batch.table) {
            return Look::None;
        }
        let (answer, answers) = bounded(1);
        let request = Request { candidates: candidates(batch), answer };
        match self.requests.try_send(request) {
            Ok(()) => Look::Asked(answers),
            Err(_) => Look::Refused,
        }
    }
}

impl Look {
    /// Whether the answer is there, or will never be.
    pub(crate) fn is_done(&self) -> bool {
        match self {
            Self::None | Self::Refused => true,
            Self::Asked(answers) => !answers.is_empty(),
        }
    }

    /// The batch with what was found; without an answer no row stays.
    pub(crate) fn take(self, batch: EventBatch) -> Looked {
        let answers = match self {
            Self::None => return Looked { batch: Some(batch), others: 0, gone: 0, unseen: 0 },
            Self::Refused => Err(TryRecvError::Disconnected),
            Self::Asked(answers) => answers.try_recv(),
        };
        let rows = batch.rows;
        match answers {
            Ok(found) if found.len() == rows => fill(batch, &found),
            _ => Looked { batch: None, others: 0, gone: 0, unseen: rows as u64 },
        }
    }
}

fn ints<'a>(batch: &'a EventBatch, name: &str) -> Option<&'a Int64Array> {
    batch.column(batch.table.column(name)?)?.as_any().downcast_ref()
}

fn value(array: Option<&Int64Array>, row: usize) -> Option<i64> {
    array.filter(|array| array.is_valid(row)).map(|array| array.value(row))
}

fn candidates(batch: &EventBatch) -> Vec<Candidate> {
    let paths = batch.table.column("target_path").and_then(|at| batch.column(at));
    let paths: Option<&DictionaryArray<Int32Type>> =
        paths.and_then(|array| array.as_any().downcast_ref());
    let values = paths.and_then(|paths| paths.values().as_any().downcast_ref());
    let version = ["inode", "changed_ns", "size"].map(|name| ints(batch, name));
    let pids = ints(batch, "pid");
    let of = |row: usize| Candidate {
        path: paths
            .zip(values)
            .and_then(|(paths, values)| dict_text(paths, values, row))
            .unwrap_or_default()
            .to_owned(),
        pid: value(pids, row).unwrap_or(0),
        version: match version.map(|array| value(array, row)) {
            [Some(inode), Some(changed), Some(size)] => Some([inode, changed, size]),
            _ => None,
        },
    };
    (0..batch.rows).map(of).collect()
}

impl Pieces for File {
    fn piece(&mut self, from: u64, len: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.seek(SeekFrom::Start(from)).is_ok() {
            // What came before an error is what there is.
            let _ = self.take(len).read_to_end(&mut bytes);
        }
        bytes
    }
}

/// In a container the path is looked up below the process's root.
fn look(candidate: &Candidate) -> Found {
    let below = format!("/proc/{}/root{}", candidate.pid, candidate.path);
    for path in [candidate.path.as_str(), below.as_str()] {
        // Not opened before it is known to be a file: a pipe would wait for its other end.
        let Ok(meta) = std::fs::metadata(path) else { continue };
        if !meta.is_file() {
            if candidate.version.is_none() {
                return Found::Other;
            }
            continue;
        }
        if candidate.version.is_some_and(|version| version != version_of(&meta)) {
            continue;
        }
        let Ok(mut file) = File::open(path) else { continue };
        let Ok(opened) = file.metadata() else { continue };
        if !opened.is_file() || version_of(&opened) != version_of(&meta) {
            continue;
        }
        let Some(elf) = elf::parse(&mut file) else { return Found::Other };
        let [inode, changed, size] = version_of(&opened);
        let [device, modified] = place_of(&opened);
        return Found::Elf(Box::new(elf), [device, inode, changed, size, modified]);
    }
    Found::Gone
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Inode, change time and size.
#[cfg(unix)]
fn version_of(meta: &Metadata) -> [i64; 3] {
    use std::os::unix::fs::MetadataExt as _;
    let changed = meta.ctime().saturating_mul(1_000_000_000).saturating_add(meta.ctime_nsec());
    [signed(meta.ino()), changed, signed(meta.len())]
}

/// Device and modification time.
#[cfg(unix)]
fn place_of(meta: &Metadata) -> [i64; 2] {
    use std::os::unix::fs::MetadataExt as _;
    [signed(meta.dev()), meta.mtime()]
}

/// No table of another system is looked at.
#[cfg(not(unix))]
fn version_of(meta: &Metadata) -> [i64; 3] {
    [0, 0, signed(meta.len())]
}

/// The same.
#[cfg(not(unix))]
fn place_of(_meta: &Metadata) -> [i64; 2] {
    [0, 0]
}

/// Fills the columns, and keeps the rows of executables, with those that were seen to be written as one.
fn fill(mut batch: EventBatch, found: &[Found]) -> Looked {
    let written = batch.table.columns.iter().position(|column| column.fill == "elf.written");
    let written: Option<&Int32Array> =
        written.and_then(|at| batch.column(at)?.as_any().downcast_ref());
    let is_written =
        |row: usize| written.is_some_and(|array| array.is_valid(row) && array.value(row) == 1);
    let keep: Vec<bool> = found
        .iter()
        .enumerate()
        .map(|(row, found)| match found {
            Found::Elf(..) => true,
            Found::Other => false,
            Found::Gone => is_written(row),
        })
        .collect();
    let others = found.iter().filter(|found| **found == Found::Other).count() as u64;
    let kept = keep.iter().filter(|keep| **keep).count();
    let gone = (batch.rows - kept) as u64 - others;
    if kept == 0 {
        return Looked { batch: None, others, gone, unseen: 0 };
    }
    set_facts(&mut batch, found);
    set_versions(&mut batch, found);
    let batch = if kept == batch.rows {
        Some(batch)
    } else {
        // Arrays of a batch always fit each other: kept whole rather than lost.
        Some(crate::filters::passing(&batch, &BooleanArray::from(keep)).unwrap_or(batch))
    };
    Looked { batch, others, gone, unseen: 0 }
}

fn elf_of(found: &Found) -> Option<&Elf> {
    match found {
        Found::Elf(elf, _) => Some(elf),
        _ => None,
    }
}

fn set_facts(batch: &mut EventBatch, found: &[Found]) {
    let texts = |f: &dyn Fn(&Elf) -> Option<&str>| {
        let mut builder = DictBuilder::default();
        found.iter().for_each(|found| builder.push(elf_of(found).and_then(f)));
        builder.finish()
    };
    let numbers = |f: &dyn Fn(&Elf) -> i32| {
        let mut builder = IntBuilder::default();
        found.iter().for_each(|found| builder.push(elf_of(found).map(f)));
        builder.finish()
    };
    let filled = [
        ("elf.type", texts(&|elf| Some(elf.elf_type))),
        ("elf.class", numbers(&|elf| elf.class)),
        ("elf.machine", texts(&|elf| Some(&elf.machine))),
        ("elf.interpreter", texts(&|elf| elf.interpreter.as_deref())),
        ("elf.build_id", texts(&|elf| elf.build_id.as_deref())),
        ("elf.is_static", numbers(&|elf| elf.is_static.into())),
        ("elf.is_stripped", numbers(&|elf| elf.is_stripped.into())),
    ];
    for (fill, array) in filled {
        if let Some(at) = batch.table.columns.iter().position(|column| column.fill == fill) {
            batch.set_column(at, array);
        }
    }
}

/// Rows that named a path alone learn which version was looked at: then its hash can be made.
fn set_versions(batch: &mut EventBatch, found: &[Found]) {
    for (place, name) in ["device", "inode", "changed_ns", "size", "mtime"].into_iter().enumerate()
    {
        let old = ints(batch, name);
        let values: Int64Array = found
            .iter()
            .enumerate()
            .map(|(row, found)| {
                value(old, row).or(match found {
                    Found::Elf(_, version) => version.get(place).copied(),
                    _ => None,
                })
            })
            .collect();
        if let Some(at) = batch.table.column(name) {
            batch.set_column(at, std::sync::Arc::new(values));
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
#[path = "looks_tests.rs"]
mod tests;
