// SPDX-License-Identifier: Apache-2.0
//! What a file is like: hashes, whether it is an image, and who signed it, inside or in a catalogue. Each version of a file is
//! read once while it is remembered; reading has a limit. Knows no row.

use super::authority::{Authority, CATALOGS_MAX};
use crate::state::bounded::Bounded;
use evtables_signature::{Roots, Signature, Signed, View};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// Files that are remembered.
const CACHE_MAX: usize = 16_384;
/// Largest file that is read, and largest catalogue.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Bytes that are read per second, and at once after a rest.
const BYTES_PER_SECOND: u64 = 32 << 20;
const BURST_BYTES: u64 = 128 << 20;
/// How long what the machine trusts is taken to stay.
const ROOTS_FOR: Duration = Duration::from_secs(600);

/// Opens the file of a path.
pub type OpenFile = dyn Fn(&str) -> io::Result<File> + Send + Sync;

/// A version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    bytes: u64,
    changed: SystemTime,
}

impl Version {
    pub(super) fn of(meta: &Metadata) -> Option<Self> {
        meta.is_file().then_some(())?;
        Some(Self { bytes: meta.len(), changed: meta.modified().ok()? })
    }
}

/// What is known of a file's signature.
#[derive(Debug)]
pub(super) enum Signing {
    /// It is no image.
    NoImage,
    /// There is none inside, and none in a catalogue; or nobody could be asked for catalogues.
    None { asked: bool },
    /// There is one that cannot be read.
    Unreadable,
    /// There is one, in this catalogue when it does not stand inside.
    By { signature: Box<Signature>, catalog: Option<String> },
}

/// What is known of a version of a file.
#[derive(Debug)]
pub(super) struct FileFacts {
    pub(super) md5: String,
    pub(super) sha1: String,
    pub(super) sha256: String,
    pub(super) signing: Signing,
}

/// Who looks at files.
pub(super) struct Looks {
    open: Arc<OpenFile>,
    authority: Option<Arc<dyn Authority>>,
    /// What the authority trusts, and since when.
    roots: Roots,
    roots_at: Option<Instant>,
    /// Why the authority says less than it could.
    roots_trouble: Option<String>,
    catalogs_trouble: Option<String>,
    cache: Bounded<String, (Version, Arc<FileFacts>)>,
    /// Bytes that may be read, and since when.
    pub(super) bytes: u64,
    pub(super) filled: Instant,
}

impl Looks {
    pub(super) fn new(open: Arc<OpenFile>, authority: Option<Arc<dyn Authority>>) -> Self {
        Self {
            open,
            authority,
            roots: Roots::none(),
            roots_at: None,
            roots_trouble: None,
            catalogs_trouble: None,
            cache: Bounded::new(CACHE_MAX),
            bytes: BURST_BYTES,
            filled: Instant::now(),
        }
    }

    /// Why less is known of signatures than could be.
    pub(super) fn trouble(&self) -> Option<String> {
        let both = [&self.roots_trouble, &self.catalogs_trouble];
        let all: Vec<&str> = both.into_iter().flatten().map(String::as_str).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// Of the file that a path leads to now; read before `until`, or known already.
    pub(super) fn of(&mut self, path: &str, until: Instant) -> Option<Arc<FileFacts>> {
        if !is_local(path) {
            return None;
        }
        self.renew_roots();
        let file = (self.open)(path).ok()?;
        let version = Version::of(&file.metadata().ok()?)?;
        if let Some((known, facts)) = self.cache.get(path)
            && *known == version
        {
            return Some(Arc::clone(facts));
        }
        if Instant::now() >= until {
            return None;
        }
        let bytes = self.read(file, version)?;
        let facts = Arc::new(FileFacts {
            md5: hex(&Md5::digest(&bytes)),
            sha1: hex(&Sha1::digest(&bytes)),
            sha256: hex(&Sha256::digest(&bytes)),
            signing: self.signing(&bytes),
        });
        self.cache.insert(path.to_owned(), (version, Arc::clone(&facts)));
        Some(facts)
    }

    fn read(&mut self, mut file: File, version: Version) -> Option<Vec<u8>> {
        (version.bytes <= FILE_BYTES_MAX && self.may_read(version.bytes)).then_some(())?;
        let mut bytes = Vec::new();
        file.by_ref().take(FILE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
        // Changed while it was read: it is neither version.
        (Version::of(&file.metadata().ok()?) == Some(version)).then_some(bytes)
    }

    /// Whether so many bytes may be read now.
    pub(super) fn may_read(&mut self, bytes: u64) -> bool {
        let passed = u64::try_from(self.filled.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.filled = Instant::now();
        let more = passed.saturating_mul(BYTES_PER_SECOND / 1_000);
        self.bytes = self.bytes.saturating_add(more).min(BURST_BYTES);
        let may = bytes <= self.bytes;
        self.bytes -= if may { bytes } else { 0 };
        may
    }

    /// What was judged by other roots is judged again.
    fn renew_roots(&mut self) {
        if self.roots_at.is_some_and(|at| at.elapsed() < ROOTS_FOR) {
            return;
        }
        let Some(authority) = &self.authority else { return };
        self.roots_at = Some(Instant::now());
        let (roots, trouble) = match authority.roots() {
            Ok(roots) => (roots, None),
            Err(error) => {
                (Roots::none(), Some(format!("whom this machine trusts is not known: {error}")))
            }
        };
        self.roots_trouble = trouble;
        if roots != self.roots {
            self.roots = roots;
            self.cache = Bounded::new(CACHE_MAX);
        }
    }

    fn signing(&mut self, bytes: &[u8]) -> Signing {
        match evtables_signature::of(bytes, self.view()) {
            Signed::NoImage => Signing::NoImage,
            Signed::Unreadable => Signing::Unreadable,
            Signed::By(signature) => Signing::By { signature, catalog: None },
            Signed::Not => self.listed(bytes),
        }
    }

    fn view(&self) -> View<'_> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        View { roots: &self.roots, now }
    }

    /// The signature of a catalogue that lists the image: the first that can be read.
    fn listed(&mut self, image: &[u8]) -> Signing {
        let (Some(authority), Some(digests)) =
            (self.authority.clone(), evtables_signature::listed_as(image))
        else {
            return Signing::None { asked: false };
        };
        // Newer catalogues list by SHA-256.
        for digest in digests.iter().rev() {
            let paths = match authority.catalogs(digest) {
                Ok(paths) => paths,
                Err(error) => {
                    self.catalogs_trouble = Some(format!("catalogues cannot be asked: {error}"));
                    return Signing::None { asked: false };
                }
            };
            self.catalogs_trouble = None;
            for path in paths.into_iter().take(CATALOGS_MAX) {
                // One that lists the image and cannot be read leaves it open who signed.
                let Some(catalog) = self.catalog(&path) else {
                    return Signing::None { asked: false };
                };
                let signature = evtables_signature::of_catalog(&catalog, &digests, self.view());
                if let Some(signature) = signature {
                    return Signing::By { signature: Box::new(signature), catalog: Some(path) };
                }
            }
        }
        Signing::None { asked: true }
    }

    fn catalog(&mut self, path: &str) -> Option<Vec<u8>> {
        let file = is_local(path).then(|| (self.open)(path).ok()).flatten()?;
        let version = Version::of(&file.metadata().ok()?)?;
        self.read(file, version)
    }
}

/// Whether a path begins with a drive letter. Others may lead to another machine, which would learn who asks.
pub(super) fn is_local(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A text takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
