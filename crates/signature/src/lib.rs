// SPDX-License-Identifier: Apache-2.0
//! Signatures inside images (Authenticode, PKCS #7, RFC 5652): who signed, whether the file is still what was signed, and
//! whether the signature is that of the certificate's key (RSA). Whether the certificate is to be trusted, and signatures that
//! stand in catalogues, only Windows knows: neither is judged here. Foreign bytes never make it panic.

#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod pe;
mod rsa;
#[cfg(test)]
mod tests;

use evtables_tls::Certificate;
use evtables_tls::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE, SET};
use pe::Image;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Certificates of one signature.
const CERTIFICATES_MAX: usize = 32;
/// Attributes of one signer.
const ATTRIBUTES_MAX: usize = 64;
/// Tags of `[0]`: explicit contents, certificates, signed attributes.
const CONTEXT_0: u8 = 0xa0;

/// 1.2.840.113549.1.7.2, 1.3.6.1.4.1.311.2.1.4, 1.2.840.113549.1.9.4.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const INDIRECT_DATA: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 4];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];

/// What became of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The file is what was signed, by the key of the certificate. Whether to trust that is not judged.
    Intact,
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
            Self::Intact => "Intact",
            Self::BadDigest => "BadDigest",
            Self::BadSignature => "BadSignature",
            Self::NotChecked => "NotChecked",
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
    /// Certificates in it.
    pub certificates: usize,
    /// Hash of the signature: `sha256`.
    pub hash: &'static str,
    /// Bits of the signer's key, when it is one of RSA.
    pub key_bits: Option<usize>,
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

/// The first signature of an image.
pub fn of(bytes: &[u8]) -> Signed {
    let Some(image) = Image::parse(bytes) else { return Signed::NoImage };
    let Some(der) = image.signature() else { return Signed::Not };
    match read(&image, der) {
        Some(signature) => Signed::By(Box::new(signature)),
        None => Signed::Unreadable,
    }
}

/// Hands parts to whoever takes them.
type Give<'a> = dyn Fn(&mut dyn FnMut(&[u8])) + 'a;

/// A hash that signatures use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn of_object(object: &[u8]) -> Option<Self> {
        match object {
            [0x2b, 0x0e, 3, 2, 0x1a] => Some(Self::Sha1),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Some(Self::Sha256),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Some(Self::Sha384),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Some(Self::Sha512),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Of parts that `give` hands over.
    fn over(self, give: &Give<'_>) -> Vec<u8> {
        fn run<D: Digest>(give: &Give<'_>) -> Vec<u8> {
            let mut digest = D::new();
            give(&mut |part| digest.update(part));
            digest.finalize().to_vec()
        }
        match self {
            Self::Sha1 => run::<Sha1>(give),
            Self::Sha256 => run::<Sha256>(give),
            Self::Sha384 => run::<Sha384>(give),
            Self::Sha512 => run::<Sha512>(give),
        }
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        self.over(&|update| update(bytes))
    }
}

/// The part of a signer's information that is looked at.
struct Signer<'a> {
    issuer: &'a [u8],
    serial: &'a [u8],
    hash: Hash,
    /// Signed attributes, with their tag and length.
    attributes: Option<&'a [u8]>,
    signature: &'a [u8],
}

fn read(image: &Image<'_>, der: &[u8]) -> Option<Signature> {
    let mut outer = Der(Der(der).expect(SEQUENCE)?);
    (outer.expect(OBJECT)? == SIGNED_DATA).then_some(())?;
    let mut data = Der(Der(outer.expect(CONTEXT_0)?).expect(SEQUENCE)?);
    data.expect(INTEGER)?;
    data.expect(SET)?;
    let mut contents = Der(data.expect(SEQUENCE)?);
    (contents.expect(OBJECT)? == INDIRECT_DATA).then_some(())?;
    let indirect = Der(contents.expect(CONTEXT_0)?).expect(SEQUENCE)?;
    let (file_hash, file_digest) = file_digest(indirect)?;
    let mut certificates = Vec::new();
    let mut signers = None;
    while let Some((tag, value)) = data.next() {
        match tag {
            CONTEXT_0 => {
                let mut all = Der(value);
                while let Some(one) =
                    all.next_whole().filter(|_| certificates.len() < CERTIFICATES_MAX)
                {
                    certificates.push(one);
                }
            }
            SET => signers = Some(value),
            _ => {}
        }
    }
    let signer = read_signer(Der(signers?).expect(SEQUENCE)?)?;
    let (found, key) = certificates.iter().find_map(|whole| {
        let key = key_of(whole, &signer)?;
        Some((Certificate::parse(whole)?, key))
    })?;
    let same = file_hash.over(&|update| image.digest_parts(update)) == file_digest;
    let verdict = if same { verdict(&signer, indirect, key) } else { Verdict::BadDigest };
    Some(Signature {
        verdict,
        signer: found,
        certificates: certificates.len(),
        hash: signer.hash.word(),
        key_bits: key.map(rsa::Key::bits),
    })
}

/// `SpcIndirectDataContent`: what is signed, and its digest.
fn file_digest(indirect: &[u8]) -> Option<(Hash, &[u8])> {
    let mut indirect = Der(indirect);
    indirect.expect(SEQUENCE)?;
    let mut info = Der(indirect.expect(SEQUENCE)?);
    let hash = Hash::of_object(Der(info.expect(SEQUENCE)?).expect(OBJECT)?)?;
    Some((hash, info.expect(OCTETS)?))
}

fn read_signer(value: &[u8]) -> Option<Signer<'_>> {
    let mut info = Der(value);
    info.expect(INTEGER)?;
    let mut identity = Der(info.expect(SEQUENCE)?);
    let issuer = identity.expect(SEQUENCE)?;
    let serial = identity.expect(INTEGER)?;
    let hash = Hash::of_object(Der(info.expect(SEQUENCE)?).expect(OBJECT)?)?;
    let mut attributes = None;
    if info.0.first() == Some(&CONTEXT_0) {
        attributes = info.next_whole();
    }
    info.expect(SEQUENCE)?;
    Some(Signer { issuer, serial, hash, attributes, signature: info.expect(OCTETS)? })
}

/// The key of a certificate, when it is the signer's: inside `None` when it is none of RSA.
#[allow(clippy::option_option)] // the outer is "another's", the inner "of another kind"
fn key_of<'a>(certificate: &'a [u8], signer: &Signer<'_>) -> Option<Option<rsa::Key<'a>>> {
    let mut body = Der(Der(Der(certificate).expect(SEQUENCE)?).expect(SEQUENCE)?);
    body.optional(CONTEXT_0);
    let serial = body.expect(INTEGER)?;
    body.expect(SEQUENCE)?;
    let issuer = body.expect(SEQUENCE)?;
    if (serial, issuer) != (signer.serial, signer.issuer) {
        return None;
    }
    body.expect(SEQUENCE)?;
    body.expect(SEQUENCE)?;
    Some(body.expect(SEQUENCE).and_then(rsa::Key::parse))
}

/// The signature over the attributes, which hold the digest of the contents.
fn verdict(signer: &Signer<'_>, contents: &[u8], key: Option<rsa::Key<'_>>) -> Verdict {
    let Some(attributes) = signer.attributes else { return Verdict::NotChecked };
    let wanted = signer.hash.of(contents);
    if message_digest(attributes) != Some(&wanted) {
        return Verdict::BadSignature;
    }
    let Some(key) = key else { return Verdict::NotChecked };
    // They are signed as the set that they are, not as the field in which they stand.
    let mut set = attributes.to_vec();
    if let Some(tag) = set.first_mut() {
        *tag = SET;
    }
    if key.verifies(&signer.hash.of(&set), signer.signature) {
        Verdict::Intact
    } else {
        Verdict::BadSignature
    }
}

fn message_digest(attributes: &[u8]) -> Option<&[u8]> {
    let mut all = Der(Der(attributes).expect(CONTEXT_0)?);
    for _ in 0..ATTRIBUTES_MAX {
        let mut attribute = Der(all.expect(SEQUENCE)?);
        if attribute.expect(OBJECT)? == MESSAGE_DIGEST {
            return Der(attribute.expect(SET)?).expect(OCTETS);
        }
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}
