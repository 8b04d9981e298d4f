// SPDX-License-Identifier: Apache-2.0
//! What the images of rows are like: hashes, and who signed them. A thread of its own reads the files; rows wait for it a
//! moment, and go without what is not known by then, counted. Only live rows pass here: those of recordings speak of
//! files of another machine.

use crate::state::bounded::Bounded;
use arrow_array::types::Int32Type;
use arrow_array::{Array as _, DictionaryArray, StringArray};
use evtables_schema::columns::{BigIntBuilder, DictBuilder};
use evtables_schema::{EventBatch, TableSpec, generated as g};
use evtables_sdk::Emitter;
use evtables_signature::{Signed, Verdict};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

/// Files that are remembered.
const CACHE_MAX: usize = 16_384;
/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Bytes that are read per second, and at once after a rest.
const BYTES_PER_SECOND: u64 = 32 << 20;
const BURST_BYTES: u64 = 128 << 20;
/// Batches that wait.
const BATCHES_MAX: usize = 64;
/// How long a batch waits for its files.
const BATCH_WAIT: Duration = Duration::from_millis(500);

/// Opens the file of a path.
pub type OpenFile = dyn Fn(&str) -> io::Result<File> + Send + Sync;

/// Rows that passed.
#[derive(Debug, Default)]
pub(crate) struct FactCounts {
    /// With what their file is like.
    pub(crate) known: AtomicU64,
    /// Without: it could not be read, is too large, or not within the time.
    pub(crate) unknown: AtomicU64,
}

/// The near side; dropping it sends on what waits.
pub(crate) struct Facts {
    batches: Option<SyncSender<(Instant, EventBatch)>>,
    thread: Option<JoinHandle<()>>,
    emitter: Emitter,
    counts: Arc<FactCounts>,
}

impl Facts {
    /// Starts the thread; it sends to `emitter`.
    pub(crate) fn start(
        open: Arc<OpenFile>,
        emitter: Emitter,
        counts: Arc<FactCounts>,
    ) -> io::Result<Self> {
        let (batches, queue) = sync_channel(BATCHES_MAX);
        let (to, own) = (emitter.clone(), Arc::clone(&counts));
        let thread = std::thread::Builder::new().name("image facts".into());
        let thread = thread.spawn(move || Worker::new(open, to, own).run(&queue))?;
        Ok(Self { batches: Some(batches), thread: Some(thread), emitter, counts })
    }

    /// Sends a batch on, by way of the thread; at once when too many wait.
    pub(crate) fn send(&self, batch: EventBatch) {
        let Some(batches) = &self.batches else { return };
        if let Err(TrySendError::Full((_, batch)) | TrySendError::Disconnected((_, batch))) =
            batches.try_send((Instant::now(), batch))
        {
            let rows = u64::try_from(batch.rows).unwrap_or(0);
            self.counts.unknown.fetch_add(rows, Ordering::Relaxed);
            self.emitter.send(batch);
        }
    }
}

impl Drop for Facts {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Whether rows of the table name images.
pub(crate) fn is_of_images(table: &TableSpec) -> bool {
    table.name == g::image_load_events::windows::TABLE.name
        || table.name == g::image_load_process_map::windows::TABLE.name
}

/// A version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    bytes: u64,
    changed: SystemTime,
}

impl Version {
    fn of(meta: &Metadata) -> Option<Self> {
        let whole = meta.is_file() && meta.len() <= FILE_BYTES_MAX;
        whole.then_some(())?;
        Some(Self { bytes: meta.len(), changed: meta.modified().ok()? })
    }
}

/// What is known of one.
#[derive(Debug)]
struct FileFacts {
    md5: String,
    sha1: String,
    sha256: String,
    signed: Signed,
}

struct Worker {
    open: Arc<OpenFile>,
    emitter: Emitter,
    counts: Arc<FactCounts>,
    cache: Bounded<String, (Version, Arc<FileFacts>)>,
    /// Bytes that may be read, and since when.
    bytes: u64,
    filled: Instant,
}

impl Worker {
    fn new(open: Arc<OpenFile>, emitter: Emitter, counts: Arc<FactCounts>) -> Self {
        let cache = Bounded::new(CACHE_MAX);
        Self { open, emitter, counts, cache, bytes: BURST_BYTES, filled: Instant::now() }
    }

    fn run(mut self, queue: &Receiver<(Instant, EventBatch)>) {
        while let Ok((came, mut batch)) = queue.recv() {
            self.fill(&mut batch, came + BATCH_WAIT);
            self.emitter.send(batch);
        }
    }

    fn fill(&mut self, batch: &mut EventBatch, until: Instant) {
        let path = batch.table.column("image_path").and_then(|at| batch.column(at)).cloned();
        let Some(path) = path.as_ref().and_then(|array| array.as_any().downcast_ref()) else {
            return;
        };
        let path: &DictionaryArray<Int32Type> = path;
        let Some(texts) = path.values().as_any().downcast_ref::<StringArray>() else { return };
        let found: Vec<Option<Arc<FileFacts>>> =
            (0..texts.len()).map(|at| self.facts(texts.value(at), until)).collect();
        let rows: Vec<Option<&FileFacts>> = (0..path.len())
            .map(|row| path.key(row).and_then(|key| found.get(key)?.as_deref()))
            .collect();
        let known = u64::try_from(rows.iter().flatten().count()).unwrap_or(0);
        let all = u64::try_from(rows.len()).unwrap_or(0);
        self.counts.known.fetch_add(known, Ordering::Relaxed);
        self.counts.unknown.fetch_add(all.saturating_sub(known), Ordering::Relaxed);
        put(batch, &rows);
    }

    fn facts(&mut self, path: &str, until: Instant) -> Option<Arc<FileFacts>> {
        if !is_local(path) {
            return None;
        }
        let mut file = (self.open)(path).ok()?;
        let version = Version::of(&file.metadata().ok()?)?;
        if let Some((known, facts)) = self.cache.get(path)
            && *known == version
        {
            return Some(Arc::clone(facts));
        }
        if Instant::now() >= until || !self.may_read(version.bytes) {
            return None;
        }
        let mut bytes = Vec::new();
        file.by_ref().take(FILE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
        // Changed while it was read: it is neither version.
        if Version::of(&file.metadata().ok()?) != Some(version) {
            return None;
        }
        let facts = Arc::new(FileFacts {
            md5: hex(&Md5::digest(&bytes)),
            sha1: hex(&Sha1::digest(&bytes)),
            sha256: hex(&Sha256::digest(&bytes)),
            signed: evtables_signature::of(&bytes),
        });
        self.cache.insert(path.to_owned(), (version, Arc::clone(&facts)));
        Some(facts)
    }

    /// Whether so many bytes may be read now.
    fn may_read(&mut self, bytes: u64) -> bool {
        let passed = u64::try_from(self.filled.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.filled = Instant::now();
        let more = passed.saturating_mul(BYTES_PER_SECOND / 1_000);
        self.bytes = self.bytes.saturating_add(more).min(BURST_BYTES);
        let may = bytes <= self.bytes;
        self.bytes -= if may { bytes } else { 0 };
        may
    }
}

/// Whether a path begins with a drive letter. Others may lead to another machine, which would learn who asks.
pub(super) fn is_local(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic())
}

/// Sets the columns that the table has.
fn put(batch: &mut EventBatch, rows: &[Option<&FileFacts>]) {
    type Text = fn(&FileFacts) -> Option<String>;
    let columns: [(&str, Text); 14] = [
        ("md5", |facts| Some(facts.md5.clone())),
        ("sha1", |facts| Some(facts.sha1.clone())),
        ("sha256", |facts| Some(facts.sha256.clone())),
        ("signature_status", |facts| facts.status().map(str::to_owned)),
        ("sign_info", |facts| facts.signature().map(|_| "Signed".to_owned())),
        ("trust_info", |facts| {
            let broken = matches!(facts.status(), Some("BadDigest" | "BadSignature"));
            broken.then(|| "Untrusted".to_owned())
        }),
        ("cert_type", |facts| facts.signature().map(|_| "Embedded".to_owned())),
        ("subject_name", |facts| facts.signature().map(|one| common_name(&one.signer.subject))),
        ("issuer_name", |facts| facts.signature().map(|one| common_name(&one.signer.issuer))),
        ("subject_dn", |facts| facts.signature().map(|one| one.signer.subject.clone())),
        ("issuer_dn", |facts| facts.signature().map(|one| one.signer.issuer.clone())),
        ("serial_number", |facts| facts.signature().map(|one| one.signer.serial.clone())),
        ("pubkey_length", |facts| Some(facts.signature()?.key_bits?.to_string())),
        ("pubkey_signhash_algo", |facts| facts.signature().map(|one| one.hash.to_owned())),
    ];
    for (name, of) in columns {
        let Some(at) = batch.table.column(name) else { continue };
        let mut builder = DictBuilder::default();
        rows.iter().for_each(|row| builder.push(row.and_then(of).as_deref()));
        batch.set_column(at, builder.finish());
    }
    if let Some(at) = batch.table.column("num_of_certs") {
        let mut builder = BigIntBuilder::default();
        for row in rows {
            let signature = row.and_then(|facts| facts.signature());
            builder.push(signature.and_then(|one| i64::try_from(one.certificates).ok()));
        }
        batch.set_column(at, builder.finish());
    }
}

impl FileFacts {
    fn signature(&self) -> Option<&evtables_signature::Signature> {
        match &self.signed {
            Signed::By(signature) => Some(signature),
            Signed::NoImage | Signed::Not | Signed::Unreadable => None,
        }
    }

    fn status(&self) -> Option<&'static str> {
        match &self.signed {
            Signed::NoImage => None,
            // A catalogue may have one: nobody asked.
            Signed::Not => Some("Unavailable"),
            Signed::Unreadable => Some("Unreadable"),
            Signed::By(signature) => Some(Verdict::word(signature.verdict)),
        }
    }
}

/// `CN` of a name, else all of it.
fn common_name(name: &str) -> String {
    let own = name.split('/').find_map(|part| part.strip_prefix("CN="));
    own.unwrap_or(name).to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A text takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
