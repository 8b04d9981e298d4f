// SPDX-License-Identifier: Apache-2.0
//! SHA-256 and MD5 of executables (`fill = "hash.*"`), by a worker thread beside the path.
//!
//! A file is known by device, inode, modification time and size; what is in the cache costs nothing.
//! Bounds: cache 16,384 files, 256 files waiting, files up to 64 MiB, 32 MiB of reading per second
//! after a burst of 128 MiB. A batch waits at most 500 ms for its hashes (see `collector`); rows
//! whose hash is not there by then get NULL with `hashed` = 0, and are counted.

use crossbeam_channel::{Receiver, Sender, bounded};
use evtables_schema::columns::{DictBuilder, IntBuilder};
use evtables_schema::{Cell, CellReader, EventBatch, Storage};
use md5::Md5;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

const CACHE_MAX: usize = 16_384;
const WAITING_MAX: usize = 256;
/// Paths by which a file is tried.
const PATHS_MAX: usize = 4;
const FILE_BYTES_MAX: u64 = 64 << 20;
const BYTES_PER_SECOND: u64 = 32 << 20;
const BURST_BYTES: u64 = 128 << 20;

/// A version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    device: i64,
    inode: i64,
    mtime: i64,
    size: i64,
    /// Change time in nanoseconds, of rows that know it: files that are written again within a second.
    changed_ns: i64,
}

#[derive(Debug, Clone)]
enum Entry {
    Waiting,
    Done {
        md5: Arc<str>,
        sha256: Arc<str>,
    },
    /// Unreadable, too big or changed since, by these paths. A file that was renamed at once has another.
    Failed {
        tried: Vec<Box<str>>,
    },
}

struct Request {
    key: Key,
    path: String,
    pid: i64,
    /// Paths by which it was not found before.
    tried: Vec<Box<str>>,
}

#[derive(Default)]
struct Cache {
    entries: HashMap<Key, Entry>,
    order: VecDeque<Key>,
}

impl Cache {
    fn set(&mut self, key: Key, entry: Entry) {
        if self.entries.insert(key, entry).is_none() {
            self.order.push_back(key);
            if self.order.len() > CACHE_MAX
                && let Some(oldest) = self.order.pop_front()
            {
                self.entries.remove(&oldest);
            }
        }
    }
}

#[derive(Default)]
struct Shared {
    cache: Mutex<Cache>,
    done: Condvar,
}

/// The enricher's near side; dropping it ends the worker after the file in hand.
pub struct Hashes {
    shared: Arc<Shared>,
    requests: Sender<Request>,
    unhashed: Arc<AtomicU64>,
}

/// Positions of the columns that hashing reads and fills.
struct Columns {
    md5: Option<usize>,
    sha256: Option<usize>,
    done: Option<usize>,
}

impl Hashes {
    /// Starts the worker thread.
    ///
    /// # Errors
    /// When the thread cannot be made.
    pub fn start() -> std::io::Result<Self> {
        let (requests, queue) = bounded(WAITING_MAX);
        let shared = Arc::new(Shared::default());
        let worker = Arc::clone(&shared);
        std::thread::Builder::new().name("hash".into()).spawn(move || work(&worker, &queue))?;
        Ok(Self { shared, requests, unhashed: Arc::default() })
    }

    /// Rows stored without a hash that they should have had.
    #[must_use]
    pub fn unhashed(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.unhashed)
    }

    /// Asks for what the batch needs and says whether all of it is decided. Never blocks.
    pub fn ready(&self, batch: &EventBatch) -> bool {
        if columns_of(batch).is_none() {
            return true;
        }
        let mut all = true;
        let mut asked: (Option<Key>, String) = (None, String::new());
        for_each_file(batch, |key, path, pid| {
            let Some(key) = key.filter(|key| asked.0 != Some(*key) || asked.1 != path) else {
                return;
            };
            asked.0 = Some(key);
            path.clone_into(&mut asked.1);
            let mut cache = self.shared.cache.lock().unwrap_or_else(PoisonError::into_inner);
            let tried = match cache.entries.get(&key) {
                Some(Entry::Waiting) => {
                    all = false;
                    return;
                }
                Some(Entry::Failed { tried })
                    if tried.len() < PATHS_MAX && tried.iter().all(|tried| **tried != *path) =>
                {
                    tried.clone()
                }
                Some(_) => return,
                None => Vec::new(),
            };
            let request = Request { key, path: path.to_owned(), pid, tried };
            if self.requests.try_send(request).is_ok() {
                cache.set(key, Entry::Waiting);
                all = false;
            }
        });
        all
    }

    /// Waits until a hash is done or `timeout` has passed.
    pub fn wait(&self, timeout: Duration) {
        let cache = self.shared.cache.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.shared.done.wait_timeout(cache, timeout));
    }

    /// Fills the columns with what is known now.
    pub fn fill(&self, batch: &mut EventBatch) {
        let Some(columns) = columns_of(batch) else { return };
        let (mut md5, mut sha256) = (DictBuilder::default(), DictBuilder::default());
        let mut done = IntBuilder::default();
        let mut missing = 0;
        {
            let cache = self.shared.cache.lock().unwrap_or_else(PoisonError::into_inner);
            for_each_file(batch, |key, _, _| match key.map(|key| cache.entries.get(&key)) {
                Some(Some(Entry::Done { md5: m, sha256: s })) => {
                    md5.push(Some(m));
                    sha256.push(Some(s));
                    done.push(Some(1));
                }
                other => {
                    md5.push(None);
                    sha256.push(None);
                    done.push(other.map(|_| 0));
                    missing += u64::from(other.is_some());
                }
            });
        }
        self.unhashed.fetch_add(missing, Ordering::Relaxed);
        let filled = [
            (columns.md5, md5.finish()),
            (columns.sha256, sha256.finish()),
            (columns.done, done.finish()),
        ];
        for (position, array) in filled {
            if let Some(position) = position {
                batch.set_column(position, array);
            }
        }
    }
}

fn columns_of(batch: &EventBatch) -> Option<Columns> {
    let find = |fill: &str| batch.table.columns.iter().position(|column| column.fill == fill);
    let columns =
        Columns { md5: find("hash.md5"), sha256: find("hash.sha256"), done: find("hash.done") };
    let known = batch.table.column("inode").and_then(|position| batch.column(position));
    (known.is_some() && (columns.md5.is_some() || columns.sha256.is_some())).then_some(columns)
}

/// Where the path of the file to hash stands, whichever a table has.
const PATH_COLUMNS: [&str; 3] = ["path", "image_path", "target_path"];

/// Calls `f(key, path, pid)` for each row; rows that name no file have no key.
fn for_each_file(batch: &EventBatch, mut f: impl FnMut(Option<Key>, &str, i64)) {
    let ints = |name: &str| {
        let array = batch.table.column(name).and_then(|position| batch.column(position));
        array.and_then(|array| array.as_any().downcast_ref::<arrow_array::Int64Array>())
    };
    let (device, inode, mtime, size, pid) =
        (ints("device"), ints("inode"), ints("mtime"), ints("size"), ints("pid"));
    let changed = ints("changed_ns");
    // Rows of file events are hashed after a write only.
    let written = ints("bytes_written");
    let path = PATH_COLUMNS.iter().find_map(|name| batch.table.column(name)).and_then(|position| {
        debug_assert_eq!(batch.table.columns.get(position)?.storage, Storage::Dict);
        let array = batch.column(position)?.as_any().downcast_ref()?;
        let array: &arrow_array::DictionaryArray<arrow_array::types::Int32Type> = array;
        Some(CellReader::Dict(array, array.values().as_any().downcast_ref()?))
    });
    let mut scratch = String::new();
    for row in 0..batch.rows {
        let value = |array: Option<&arrow_array::Int64Array>| {
            let array = array?;
            arrow_array::Array::is_valid(array, row).then(|| array.value(row))
        };
        let key = || {
            Some(Key {
                device: value(device)?,
                inode: value(inode)?,
                mtime: value(mtime)?,
                size: value(size)?,
                changed_ns: value(changed).unwrap_or(0),
            })
            .filter(|_| written.is_none_or(|written| arrow_array::Array::is_valid(written, row)))
        };
        let text = path.as_ref().map_or(Cell::Null, |path| path.cell(row, &mut scratch));
        match text {
            Cell::Text(text) => f(key(), text, value(pid).unwrap_or(0)),
            _ => f(None, "", 0),
        }
    }
}

fn work(shared: &Shared, queue: &Receiver<Request>) {
    let mut budget = Budget { bytes: BURST_BYTES, filled: Instant::now() };
    while let Ok(request) = queue.recv() {
        budget.spend(u64::try_from(request.key.size).unwrap_or(0).min(FILE_BYTES_MAX));
        let entry = hash(&request).unwrap_or_else(|| {
            let mut tried = request.tried;
            tried.push(request.path.into());
            Entry::Failed { tried }
        });
        shared.cache.lock().unwrap_or_else(PoisonError::into_inner).set(request.key, entry);
        shared.done.notify_all();
    }
}

struct Budget {
    bytes: u64,
    filled: Instant,
}

impl Budget {
    /// Waits until `bytes` may be read.
    fn spend(&mut self, bytes: u64) {
        let passed = u64::try_from(self.filled.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.filled = Instant::now();
        self.bytes = BURST_BYTES
            .min(self.bytes.saturating_add(passed.saturating_mul(BYTES_PER_SECOND / 1000)));
        if bytes > self.bytes {
            let short = bytes - self.bytes;
            std::thread::sleep(Duration::from_millis(short * 1000 / BYTES_PER_SECOND));
            self.filled = Instant::now();
            self.bytes = bytes;
        }
        self.bytes -= bytes;
    }
}

/// Hashes the file, if what the path leads to now is still the version that was run. In a container
/// the path is looked up below the process's root; an unnamed file (memfd) through `/proc/PID/exe`.
fn hash(request: &Request) -> Option<Entry> {
    let candidates = [
        request.path.clone(),
        format!("/proc/{}/root{}", request.pid, request.path),
        format!("/proc/{}/exe", request.pid),
    ];
    let mut file = candidates.iter().find_map(|path| {
        let file = File::open(path).ok()?;
        is_version(&file, request.key).then_some(file)
    })?;
    let (mut sha256, mut md5) = (Sha256::new(), Md5::new());
    let mut buffer = vec![0_u8; 64 << 10];
    let mut total = 0_u64;
    loop {
        let read = file.read(&mut buffer).ok()?;
        let chunk = buffer.get(..read)?;
        if chunk.is_empty() {
            break;
        }
        sha256.update(chunk);
        md5.update(chunk);
        total += read as u64;
        if total > FILE_BYTES_MAX {
            return None;
        }
    }
    // Changed while we read: the hash is of neither version.
    if !is_version(&file, request.key) {
        return None;
    }
    Some(Entry::Done { md5: hex(&md5.finalize()), sha256: hex(&sha256.finalize()) })
}

fn is_version(file: &File, key: Key) -> bool {
    let Ok(meta) = file.metadata() else { return false };
    meta.is_file()
        && meta.len() <= FILE_BYTES_MAX
        && i64::try_from(meta.len()) == Ok(key.size)
        && is_same(&meta, key)
}

#[cfg(unix)]
fn is_same(meta: &std::fs::Metadata, key: Key) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let changed_ns = meta.ctime().saturating_mul(1_000_000_000).saturating_add(meta.ctime_nsec());
    i64::try_from(meta.ino()) == Ok(key.inode)
        && meta.mtime() == key.mtime
        && (key.changed_ns == 0 || changed_ns == key.changed_ns)
}

/// Rows of other systems name no inode, and so ask for no hash.
#[cfg(not(unix))]
fn is_same(_meta: &std::fs::Metadata, _key: Key) -> bool {
    false
}

fn hex(bytes: &[u8]) -> Arc<str> {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.into()
}

#[cfg(test)]
#[cfg(unix)]
#[path = "hashes_tests.rs"]
mod tests;
