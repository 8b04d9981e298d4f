// SPDX-License-Identifier: Apache-2.0
//! Which file a row is about, and the columns that say what it is like.

use super::looks::{FileFacts, Signing, hex};
use arrow_array::types::Int32Type;
use arrow_array::{Array as _, DictionaryArray, Int32Array, StringArray};
use evtables_schema::columns::{BigIntBuilder, DictBuilder, IntBuilder};
use evtables_schema::{EventBatch, TableSpec, generated as g};
use evtables_signature::Signature;

/// Where the path stands, and the actions whose file is looked at (none: all).
pub(super) struct About {
    pub(super) path: &'static str,
    actions: &'static [&'static str],
}

/// What rows of the table are about; `None`: no file that is looked at.
pub(super) fn about(table: &TableSpec) -> Option<About> {
    let is = |other: &TableSpec| table.name == other.name;
    if is(&g::image_load_events::windows::TABLE) || is(&g::image_load_process_map::windows::TABLE) {
        return Some(About { path: "image_path", actions: &[] });
    }
    // The image of a process that ends may be another by now.
    is(&g::process_events::windows::TABLE)
        .then_some(About { path: "path", actions: &["PROC_CREATE", "PROC_RUNNING"] })
}

impl About {
    /// Whether the file of such a row is looked at.
    pub(super) fn wants(&self, action: Option<&str>) -> bool {
        self.actions.is_empty() || action.is_some_and(|action| self.actions.contains(&action))
    }
}

/// Texts of a column, by row.
pub(super) struct Texts<'a> {
    pub(super) keys: &'a DictionaryArray<Int32Type>,
    values: &'a StringArray,
}

impl<'a> Texts<'a> {
    pub(super) fn of(batch: &'a EventBatch, column: &str) -> Option<Self> {
        let array = batch.column(batch.table.column(column)?)?;
        let keys: &DictionaryArray<Int32Type> = array.as_any().downcast_ref()?;
        Some(Self { keys, values: keys.values().as_any().downcast_ref()? })
    }

    pub(super) fn at(&self, row: usize) -> Option<&'a str> {
        let key = self.keys.key(row).filter(|key| *key < self.values.len())?;
        self.values.is_valid(key).then(|| self.values.value(key))
    }
}

type Text = fn(&FileFacts) -> Option<String>;

/// Columns of text, by the same names in all tables.
const TEXTS: [(&str, Text); 19] = [
    ("md5", |facts| Some(facts.md5.clone())),
    ("sha1", |facts| Some(facts.sha1.clone())),
    ("sha256", |facts| Some(facts.sha256.clone())),
    ("pe_file", |facts| {
        let image = !matches!(facts.signing, Signing::NoImage);
        Some(if image { "YES" } else { "NO" }.to_owned())
    }),
    ("signature_status", |facts| facts.status().map(str::to_owned)),
    ("sign_info", |facts| match facts.signing {
        Signing::By { .. } => Some("Signed".to_owned()),
        Signing::None { asked: true } => Some("Unsigned".to_owned()),
        Signing::None { asked: false } | Signing::NoImage | Signing::Unreadable => None,
    }),
    ("trust_info", |facts| {
        let trusted = facts.signature()?.verdict.is_trusted()?;
        Some(if trusted { "Trusted" } else { "Untrusted" }.to_owned())
    }),
    ("cert_type", |facts| match &facts.signing {
        Signing::By { catalog: None, .. } => Some("Embedded".to_owned()),
        Signing::By { catalog: Some(_), .. } => Some("Catalog".to_owned()),
        _ => None,
    }),
    ("catalog_path", |facts| match &facts.signing {
        Signing::By { catalog, .. } => catalog.clone(),
        _ => None,
    }),
    ("subject_name", |facts| Some(common_name(&facts.signature()?.signer.subject))),
    ("issuer_name", |facts| Some(common_name(&facts.signature()?.signer.issuer))),
    ("subject_dn", |facts| Some(facts.signature()?.signer.subject.clone())),
    ("issuer_dn", |facts| Some(facts.signature()?.signer.issuer.clone())),
    ("serial_number", |facts| Some(facts.signature()?.signer.serial.clone())),
    ("version", |facts| Some(format!("V{}", facts.signature()?.version))),
    ("pubkey", |facts| Some(hex(&facts.signature()?.key))),
    ("pubkey_length", |facts| Some(facts.signature()?.key_bits?.to_string())),
    ("pubkey_signhash_algo", |facts| Some(facts.signature()?.hash.to_owned())),
    ("signature_algo", |facts| Some(facts.signature()?.algorithm?.to_owned())),
];

/// Sets the columns that the table has.
pub(super) fn put(batch: &mut EventBatch, rows: &[Option<&FileFacts>]) {
    for (name, of) in TEXTS {
        let Some(at) = batch.table.column(name) else { continue };
        let mut builder = DictBuilder::default();
        rows.iter().for_each(|row| builder.push(row.and_then(of).as_deref()));
        batch.set_column(at, builder.finish());
    }
    type Number = fn(&Signature) -> Option<i64>;
    let numbers: [(&str, Number); 2] = [
        ("num_of_certs", |signature| i64::try_from(signature.certificates).ok()),
        ("signing_time", |signature| signature.signed_at),
    ];
    for (name, of) in numbers {
        let Some(at) = batch.table.column(name) else { continue };
        let mut builder = BigIntBuilder::default();
        rows.iter().for_each(|row| builder.push(row.and_then(|row| of(row.signature()?))));
        batch.set_column(at, builder.finish());
    }
    if let Some(at) = batch.table.column("hashed") {
        let old = batch.column(at).and_then(|array| array.as_any().downcast_ref::<Int32Array>());
        let mut builder = IntBuilder::default();
        for (row, facts) in rows.iter().enumerate() {
            let was = old.filter(|old| old.is_valid(row)).map_or(0, |old| old.value(row));
            builder.push(Some(if facts.is_some() { 1 } else { was }));
        }
        batch.set_column(at, builder.finish());
    }
}

impl FileFacts {
    fn signature(&self) -> Option<&Signature> {
        match &self.signing {
            Signing::By { signature, .. } => Some(signature),
            Signing::NoImage | Signing::None { .. } | Signing::Unreadable => None,
        }
    }

    fn status(&self) -> Option<&'static str> {
        match &self.signing {
            Signing::NoImage => None,
            Signing::None { .. } => Some("Unavailable"),
            Signing::Unreadable => Some("Unreadable"),
            Signing::By { signature, .. } => Some(signature.verdict.word()),
        }
    }
}

/// `CN` of a name, else all of it.
fn common_name(name: &str) -> String {
    let own = name.split('/').find_map(|part| part.strip_prefix("CN="));
    own.unwrap_or(name).to_owned()
}
