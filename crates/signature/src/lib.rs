// SPDX-License-Identifier: Apache-2.0
//! Signatures of images (Authenticode, PKCS #7, RFC 5652), inside them or in a catalogue: who signed, whether the file is still
//! what was signed, whether the signature is that of the certificate's key, when it was made, and whether the certificate leads
//! to one that the caller trusts. Which catalogue lists a file only Windows knows; whether a certificate was revoked is not
//! asked. Foreign bytes never make it panic.

mod catalog;
mod chain;
mod cms;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod hash;
mod key;
mod pe;
mod rsa;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
mod timestamp;
mod x509;

pub use chain::{Roots, Trust};

use chain::{Judge, Purpose};
use cms::SignedData;
use evtables_tls::Certificate;
use evtables_tls::der::{Der, OBJECT, OCTETS, SEQUENCE};
use hash::Hash;
use key::{Check, Key};
use pe::Image;
use timestamp::Timestamp;
use x509::Cert;

/// Further signatures of a file that stand in the first one.
const NESTED_MAX: usize = 4;

/// 1.3.6.1.4.1.311.2.1.4, 1.3.6.1.4.1.311.2.4.1, 1.3.6.1.4.1.311.10.3.13.
const INDIRECT_DATA: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 4];
const NESTED: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 4, 1];
const ENDS_WITH_ITS_LIFE: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 13];

/// What became of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The file is what was signed, by the key of the certificate, of which this is to be thought.
    Intact(Trust),
    /// The file was changed since.
    BadDigest,
    /// What is signed is not what the signature is of.
    BadSignature,
    /// The file is what the signature names, and its algorithm is none that is checked here.
    NotChecked,
}

impl Verdict {
    /// As a row has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Intact(trust) => trust.word(),
            Self::BadDigest => "BadDigest",
            Self::BadSignature => "BadSignature",
            Self::NotChecked => "NotChecked",
        }
    }

    /// Whether it is to be trusted; `None`: that is not known here.
    #[must_use]
    pub fn is_trusted(self) -> Option<bool> {
        match self {
            Self::Intact(trust) => trust.is_trusted(),
            Self::BadDigest | Self::BadSignature => Some(false),
            Self::NotChecked => None,
        }
    }
}

/// A signature of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What became of it.
    pub verdict: Verdict,
    /// Who signed.
    pub signer: Certificate,
    /// Version of his certificate, 1 to 3.
    pub version: u8,
    /// Certificates in it.
    pub certificates: usize,
    /// Hash of the signature: `sha256`.
    pub hash: &'static str,
    /// Algorithm of the signer's certificate, as Windows shows it: `sha256RSA`.
    pub algorithm: Option<&'static str>,
    /// The signer's key: the bits of a `SubjectPublicKeyInfo`.
    pub key: Vec<u8>,
    /// Bits of the signer's key, when it is of a kind that is checked.
    pub key_bits: Option<usize>,
    /// When it was made, unix time, as a timestamp says that is over it and by its own signer.
    pub signed_at: Option<i64>,
}

/// What an image says of its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// It is no image.
    NoImage,
    /// It has no signature inside; one may stand in a catalogue.
    Not,
    /// It has one that cannot be read.
    Unreadable,
    /// It has one.
    By(Box<Signature>),
}

/// Whom to trust, and when.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Whom.
    pub roots: &'a Roots,
    /// The time now, unix time: what has no timestamp is judged by it.
    pub now: i64,
}

/// The signature inside an image. Of several it is the first, unless that one is intact and another is to be trusted more.
pub fn of(bytes: &[u8], view: View<'_>) -> Signed {
    let Some(image) = Image::parse(bytes) else { return Signed::NoImage };
    let Some(der) = image.signature() else { return Signed::Not };
    match inside(&image, der, view) {
        Some(signature) => Signed::By(Box::new(signature)),
        None => Signed::Unreadable,
    }
}

/// The digests by which catalogues may list an image, SHA-1 and SHA-256; `None`: it is no image.
#[must_use]
pub fn listed_as(image: &[u8]) -> Option<[Vec<u8>; 2]> {
    let image = Image::parse(image)?;
    let of = |hash: Hash| hash.over(&|update| image.listed_parts(update));
    Some([of(Hash::Sha1), of(Hash::Sha256)])
}

/// The signature of a catalogue that lists one of these digests; `None`: it cannot be read, or lists none of them.
#[must_use]
pub fn of_catalog(catalog: &[u8], digests: &[Vec<u8>], view: View<'_>) -> Option<Signature> {
    let data = SignedData::parse(catalog)?;
    (data.kind == catalog::LIST).then_some(())?;
    catalog::lists(data.content, digests)?.then_some(())?;
    signature(&data, view, true)
}

fn inside(image: &Image<'_>, der: &[u8], view: View<'_>) -> Option<Signature> {
    let data = SignedData::parse(der)?;
    let mut best = of_image(image, &data, view)?;
    let nested =
        data.signer.unsigned(NESTED).filter(|_| matches!(best.verdict, Verdict::Intact(_)));
    let mut nested = Der(nested.unwrap_or_default());
    for _ in 0..NESTED_MAX {
        let Some(other) = nested.next_whole() else { break };
        let other = SignedData::parse(other).and_then(|data| of_image(image, &data, view));
        let certificates = best.certificates + other.as_ref().map_or(0, |other| other.certificates);
        if let (Verdict::Intact(known), Some(other)) = (best.verdict, other)
            && matches!(other.verdict, Verdict::Intact(trust) if trust > known)
        {
            best = other;
        }
        best.certificates = certificates;
    }
    Some(best)
}

fn of_image(image: &Image<'_>, data: &SignedData<'_>, view: View<'_>) -> Option<Signature> {
    (data.kind == INDIRECT_DATA).then_some(())?;
    let (hash, digest) = file_digest(data.content)?;
    let same = hash.over(&|update| image.digest_parts(update)) == digest;
    signature(data, view, same)
}

/// What is signed is `same` as what is there.
fn signature(data: &SignedData<'_>, view: View<'_>, same: bool) -> Option<Signature> {
    let certificate = data.signer.certificate(data.certificates.iter())?;
    let key = Key::parse(certificate.key);
    let check = data.signer.verifies(data.kind, data.content, &key);
    let timestamp = match (same, check) {
        (true, Check::Good) => timestamp::of(&data.signer, &data.certificates, view.roots),
        _ => None,
    };
    let verdict = match (same, check) {
        (false, _) => Verdict::BadDigest,
        (true, Check::Bad) => Verdict::BadSignature,
        (true, Check::Unknown) => Verdict::NotChecked,
        (true, Check::Good) => Verdict::Intact(trust(certificate, data, timestamp, view)),
    };
    Some(Signature {
        verdict,
        signer: Certificate::parse(certificate.whole)?,
        version: certificate.version,
        certificates: data.certificates.len(),
        hash: data.signer.hash.word(),
        algorithm: key::algorithm_of(certificate.algorithm).map(|(_, word)| word),
        key: key::key_bits(certificate.key).unwrap_or_default().to_vec(),
        key_bits: key.bits(),
        signed_at: match timestamp {
            Some(Timestamp::At(at, _)) => Some(at),
            Some(Timestamp::Bad) | None => None,
        },
    })
}

/// The chain, at the time that a timestamp proves, else now.
fn trust(
    first: &Cert<'_>,
    data: &SignedData<'_>,
    timestamp: Option<Timestamp>,
    view: View<'_>,
) -> Trust {
    let pool = &data.certificates;
    let judge = |at| Judge { pool, roots: view.roots, purpose: Purpose::Code, at }.of(first);
    let ends = first.extensions.uses.iter().flatten().any(|object| *object == ENDS_WITH_ITS_LIFE);
    match timestamp {
        Some(Timestamp::Bad) => Trust::BadTimestamp,
        Some(Timestamp::At(at, Trust::Trusted)) if !ends => judge(at),
        // Nobody here knows who told the time: it is asked for only when it matters, and proves nothing.
        Some(Timestamp::At(at, teller)) if !ends && teller.is_trusted().is_none() => {
            match (judge(view.now), judge(at)) {
                (Trust::Expired, Trust::Trusted) => teller,
                (Trust::Expired, then) => then,
                (now, _) => now,
            }
        }
        _ => judge(view.now),
    }
}

/// `SpcIndirectDataContent`: the digest of what is signed.
fn file_digest(indirect: &[u8]) -> Option<(Hash, &[u8])> {
    let mut indirect = Der(indirect);
    indirect.expect(SEQUENCE)?;
    let mut info = Der(indirect.expect(SEQUENCE)?);
    let hash = Hash::of_object(Der(info.expect(SEQUENCE)?).expect(OBJECT)?)?;
    Some((hash, info.expect(OCTETS)?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}
