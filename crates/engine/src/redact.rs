// SPDX-License-Identifier: Apache-2.0
//! Redaction: texts that are not to be stored, or only so that equal ones can be told to be equal.
//!
//! The value itself says what was done: `[redacted]`, or `[hmac:…]` with 128 bits of an HMAC-SHA-256. Its
//! key is made once per data dir, stays there (`redact.key`), and is never shown.

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, StringArray};
use evtables_schema::{EventBatch, TableSpec};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What stands in the place of a dropped text.
pub const DROPPED: &str = "[redacted]";
const KEY_BYTES: usize = 32;
const BLOCK_BYTES: usize = 64;
const SHOWN_BYTES: usize = 16;

/// How a text is made away with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redaction {
    /// Nothing of it is kept.
    Drop,
    /// Equal texts stay equal, on this data dir.
    KeyedHash,
}

impl Redaction {
    /// The word in the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::KeyedHash => "keyed_hash",
        }
    }
}

/// Text columns by position, per table.
pub type Redactions = BTreeMap<&'static str, BTreeMap<usize, Redaction>>;

/// Redactions at work.
#[derive(Default)]
pub(crate) struct Redactor {
    columns: Redactions,
    /// Without one, hashes are dropped texts.
    key: Option<[u8; KEY_BYTES]>,
}

impl Redactor {
    /// With the key of the data dir, if a column needs one; the error says why there is none, and texts
    /// are dropped then.
    pub(crate) fn new(columns: Redactions, dir: &Path) -> (Self, Option<io::Error>) {
        let hashes = columns.values().any(|of| of.values().any(|how| *how == Redaction::KeyedHash));
        let (key, error) = match hashes.then(|| key_of(dir)) {
            Some(Ok(key)) => (Some(key), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        (Self { columns, key }, error)
    }

    /// Replaces the texts of a batch.
    pub(crate) fn apply(&self, batch: &mut EventBatch) {
        let Some(columns) = self.columns.get(batch.table.name) else { return };
        for (at, how) in columns {
            let redacted = batch.column(*at).and_then(|array| self.redacted(array, *how));
            if let Some(array) = redacted {
                batch.set_column(*at, array);
            }
        }
    }

    /// `None` for a column without texts. NULL stays NULL.
    fn redacted(&self, array: &ArrayRef, how: Redaction) -> Option<ArrayRef> {
        let dict = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>()?;
        let texts = dict.values().as_any().downcast_ref::<StringArray>()?;
        let texts: StringArray = texts.iter().map(|text| Some(self.mark(text?, how))).collect();
        let array = DictionaryArray::try_new(dict.keys().clone(), Arc::new(texts)).ok()?;
        Some(Arc::new(array))
    }

    fn mark(&self, text: &str, how: Redaction) -> String {
        let Some(key) = self.key.as_ref().filter(|_| how == Redaction::KeyedHash) else {
            return DROPPED.to_owned();
        };
        let mut marked = "[hmac:".to_owned();
        for byte in hmac(key, text.as_bytes()).iter().take(SHOWN_BYTES) {
            // Writing to a String cannot fail.
            let _ = write!(marked, "{byte:02x}");
        }
        marked + "]"
    }
}

/// HMAC-SHA-256 (RFC 2104) with a key of one block at most.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK_BYTES];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

/// The data dir's key, made at first need.
fn key_of(dir: &Path) -> io::Result<[u8; KEY_BYTES]> {
    let path = dir.join("redact.key");
    let mut key = [0; KEY_BYTES];
    match std::fs::read(&path) {
        Ok(bytes) => bytes.try_into().map_err(|_| io::Error::other("redact.key is no key of ours")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            getrandom::fill(&mut key).map_err(io::Error::other)?;
            let temporary = dir.join("redact.key.tmp");
            std::fs::write(&temporary, key)?;
            std::fs::rename(temporary, path)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

/// Columns of the same table that hold the same secret as one that is redacted.
#[must_use]
pub fn same_secret(table: &TableSpec, column: usize) -> Vec<usize> {
    let name = table.columns.get(column).map_or("", |column| column.name);
    let others: &[&str] = match name {
        "cmdline" => &["argv", "argv_base64", "parent_cmdline"],
        _ => &[],
    };
    others.iter().filter_map(|other| table.column(other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ProcessRow, batch, read};
    use evtables_schema::generated::process_events::linux as process;

    fn redactions(how: Redaction) -> Redactions {
        [(process::TABLE.name, [(process::CMDLINE, how)].into())].into()
    }

    #[test]
    fn the_hash_is_that_of_rfc_4231() {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let first = hmac(&[0x0b; 20], b"Hi There");
        assert!(hex(first).starts_with("b0344c61d8db38535ca8afceaf0bf12b"));
        let second = hmac(b"Jefe", b"what do ya want for nothing?");
        assert!(hex(second).starts_with("5bdcc146bf60754e6a042426089575c7"));
    }

    #[test]
    fn texts_go_and_the_rows_say_so() {
        let dir = tempfile::tempdir().unwrap();
        let texts = ["mysql -psecret", "other", "mysql -psecret"];
        let rows: Vec<ProcessRow> =
            texts.iter().map(|text| ProcessRow::exec(1, 0, "/bin/mysql", text)).collect();
        let done = |how| {
            let (redactor, error) = Redactor::new(redactions(how), dir.path());
            assert!(error.is_none());
            let mut batch = batch(&rows);
            redactor.apply(&mut batch);
            let cells = read(batch, &["cmdline", "path"]);
            assert!(cells.iter().all(|row| row[1].as_deref() == Some("/bin/mysql")));
            cells.into_iter().map(|mut row| row.remove(0).unwrap()).collect::<Vec<String>>()
        };
        assert_eq!(done(Redaction::Drop), [DROPPED; 3]);
        let hashes = done(Redaction::KeyedHash);
        assert!(hashes.iter().all(|text| text.starts_with("[hmac:") && text.len() == 39));
        assert_eq!(hashes[0], hashes[2]);
        assert_ne!(hashes[0], hashes[1]);
        assert_eq!(done(Redaction::KeyedHash), hashes, "the key stays");
        std::fs::write(dir.path().join("redact.key"), "short").unwrap();
        let (redactor, error) = Redactor::new(redactions(Redaction::KeyedHash), dir.path());
        assert!(error.is_some());
        let mut batch = batch(&rows);
        redactor.apply(&mut batch);
        assert_eq!(read(batch, &["cmdline"])[0], [Some(DROPPED.to_owned())], "rather nothing");
    }
}
