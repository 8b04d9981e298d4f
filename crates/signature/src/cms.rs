// SPDX-License-Identifier: Apache-2.0
//! Signed data (PKCS #7, RFC 5652): what is signed, by whom, with which certificates. Foreign bytes: what does not add up is
//! `None`, never a panic.

use crate::hash::Hash;
use crate::key::{Check, Key};
use crate::x509::Cert;
use evtables_tls::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE, SET};

/// Certificates of one signature.
const CERTIFICATES_MAX: usize = 32;
/// Attributes of one signer.
const ATTRIBUTES_MAX: usize = 64;
/// Tags of `[0]` (explicit contents, certificates, signed attributes) and `[1]` (attributes that are not signed).
const CONTEXT_0: u8 = 0xa0;
const CONTEXT_1: u8 = 0xa1;

/// 1.2.840.113549.1.7.2, 1.2.840.113549.1.9.3 and .4.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];

/// Something that is signed.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    /// Object identifier of what is signed.
    pub(crate) kind: &'a [u8],
    /// It, without tag and length: that is what the digest is over.
    pub(crate) content: &'a [u8],
    pub(crate) certificates: Vec<Cert<'a>>,
    pub(crate) signer: Signer<'a>,
}

/// The part of a signer's information that is looked at.
#[derive(Debug)]
pub(crate) struct Signer<'a> {
    issuer: &'a [u8],
    serial: &'a [u8],
    pub(crate) hash: Hash,
    algorithm: &'a [u8],
    /// Signed attributes, with their tag and length.
    attributes: Option<&'a [u8]>,
    unsigned: &'a [u8],
    pub(crate) signature: &'a [u8],
}

impl<'a> SignedData<'a> {
    /// Of a `ContentInfo`.
    pub(crate) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut outer = Der(Der(der).expect(SEQUENCE)?);
        (outer.expect(OBJECT)? == SIGNED_DATA).then_some(())?;
        let mut data = Der(Der(outer.expect(CONTEXT_0)?).expect(SEQUENCE)?);
        data.expect(INTEGER)?;
        data.expect(SET)?;
        let mut contents = Der(data.expect(SEQUENCE)?);
        let kind = contents.expect(OBJECT)?;
        let (_, content) = Der(contents.expect(CONTEXT_0)?).next()?;
        let mut certificates = Vec::new();
        let mut signers = None;
        while let Some((tag, value)) = data.next() {
            match tag {
                CONTEXT_0 => {
                    let mut all = Der(value);
                    while certificates.len() < CERTIFICATES_MAX
                        && let Some(one) = all.next_whole()
                    {
                        certificates.extend(Cert::parse(one));
                    }
                }
                SET => signers = Some(value),
                _ => {}
            }
        }
        let signer = Signer::parse(Der(signers?).expect(SEQUENCE)?)?;
        Some(Self { kind, content, certificates, signer })
    }
}

impl<'a> Signer<'a> {
    /// Of the value of a `SignerInfo`.
    pub(crate) fn parse(value: &'a [u8]) -> Option<Self> {
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
        let algorithm = info.expect(SEQUENCE)?;
        let signature = info.expect(OCTETS)?;
        let unsigned = info.expect(CONTEXT_1).unwrap_or_default();
        Some(Self { issuer, serial, hash, algorithm, attributes, unsigned, signature })
    }

    /// Its certificate.
    pub(crate) fn certificate<'c>(
        &self,
        mut certificates: impl Iterator<Item = &'c Cert<'c>>,
    ) -> Option<&'c Cert<'c>> {
        certificates.find(|one| (one.serial, one.issuer) == (self.serial, self.issuer))
    }

    /// Values of a signed attribute.
    pub(crate) fn attribute(&self, object: &[u8]) -> Option<&'a [u8]> {
        attribute(Der(self.attributes?).expect(CONTEXT_0)?, object)
    }

    /// Values of an attribute that is not signed.
    pub(crate) fn unsigned(&self, object: &[u8]) -> Option<&'a [u8]> {
        attribute(self.unsigned, object)
    }

    /// Whether the signature is over contents of this kind, by this key.
    pub(crate) fn verifies(&self, kind: &[u8], content: &[u8], key: &Key<'_>) -> Check {
        let Some(attributes) = self.attributes else {
            return key.verifies(self.algorithm, self.hash, content, self.signature);
        };
        let named = self.attribute(CONTENT_TYPE).map(|value| Der(value).expect(OBJECT));
        let digest = self.attribute(MESSAGE_DIGEST).and_then(|value| Der(value).expect(OCTETS));
        if digest != Some(&self.hash.of(content)) || named.is_some_and(|named| named != Some(kind))
        {
            return Check::Bad;
        }
        // They are signed as the set that they are, not as the field in which they stand.
        let mut set = attributes.to_vec();
        if let Some(tag) = set.first_mut() {
            *tag = SET;
        }
        key.verifies(self.algorithm, self.hash, &set, self.signature)
    }
}

fn attribute<'a>(attributes: &'a [u8], object: &[u8]) -> Option<&'a [u8]> {
    let mut all = Der(attributes);
    for _ in 0..ATTRIBUTES_MAX {
        let mut attribute = Der(all.expect(SEQUENCE)?);
        if attribute.expect(OBJECT)? == object {
            return attribute.expect(SET);
        }
    }
    None
}
