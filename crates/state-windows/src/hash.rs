// SPDX-License-Identifier: Apache-2.0
//! `win_hash`: hashes of the files that a query names.

use crate::wanted;
use evtables_filter::Predicate;
use evtables_schema::generated::hash::windows as table;
use evtables_sdk::StateRows;
use md5::{Digest as _, Md5};
use sha1::Sha1;
use sha2::Sha256;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 512 << 20;
/// Files of one call.
const FILES_MAX: usize = 10_000;
/// Time of one call.
const TIME_MAX: Duration = Duration::from_secs(60);
const PIECE: usize = 64 << 10;

pub(crate) fn rows(wanted: &Predicate) -> Result<StateRows, String> {
    let Some(paths) = wanted::texts(wanted, table::PATH) else {
        return Err("name a file: WHERE path = '…', or join a table that has paths".to_owned());
    };
    let mut builder = table::Builder::default();
    let (begun, mut cut) = (Instant::now(), None);
    for (at, path) in paths.iter().enumerate() {
        if at >= FILES_MAX || begun.elapsed() > TIME_MAX {
            cut = Some(format!("files: {at} of {} were hashed", paths.len()));
            break;
        }
        let Some(hashes) = hashes(Path::new(path)) else { continue };
        builder.push(&table::Row {
            path,
            path_ex: resolved(Path::new(path)).as_deref(),
            md5: Some(&hashes.0),
            sha1: Some(&hashes.1),
            sha256: Some(&hashes.2),
        });
    }
    Ok(StateRows { batches: vec![builder.finish()], cut })
}

/// MD5, SHA-1 and SHA-256 of a file; `None` when it cannot be read, or not within the bounds.
fn hashes(path: &Path) -> Option<(String, String, String)> {
    // A pipe or a device would be opened, and waited for.
    let meta = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    if meta.len() > FILE_BYTES_MAX {
        tracing::debug!("{} has {} bytes: not hashed", path.display(), meta.len());
        return None;
    }
    let mut file = File::open(path).ok()?.take(FILE_BYTES_MAX);
    let (mut md5, mut sha1, mut sha256) = (Md5::new(), Sha1::new(), Sha256::new());
    let mut piece = vec![0; PIECE];
    loop {
        let count = file.read(&mut piece).ok()?;
        let read = piece.get(..count).filter(|read| !read.is_empty());
        let Some(read) = read else { break };
        md5.update(read);
        sha1.update(read);
        sha256.update(read);
    }
    Some((hex(&md5.finalize()), hex(&sha1.finalize()), hex(&sha256.finalize())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A text takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The path behind links, without the mark of long paths.
fn resolved(path: &Path) -> Option<String> {
    let path = std::fs::canonicalize(path).ok()?;
    let text = path.to_string_lossy();
    let text = match text.strip_prefix(r"\\?\UNC\") {
        Some(share) => format!(r"\\{share}"),
        None => text.strip_prefix(r"\\?\").unwrap_or(&text).to_owned(),
    };
    Some(text)
}
