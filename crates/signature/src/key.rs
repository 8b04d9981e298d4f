// SPDX-License-Identifier: Apache-2.0
//! Keys of certificates, and whether a signature is theirs: RSA (PKCS #1 v1.5 and PSS) and ECDSA over P-256 and P-384.
//! Everything in it is public: time tells nothing.

use crate::hash::Hash;
use crate::rsa;
use evtables_tls::der::{Der, OBJECT, SEQUENCE};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;

const BIT_STRING: u8 = 3;
/// Bytes of a signature: what is larger costs more than it tells.
const SIGNATURE_BYTES_MAX: usize = 1_024;

/// 1.2.840.10045.2.1 and the two curves, 1.2.840.10045.3.1.7 and 1.3.132.0.34.
const EC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
/// 1.2.840.113549.1.1.10.
const PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];

/// What became of a signature's check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Good,
    Bad,
    /// The key or the algorithm is of a kind that is not checked here.
    Unknown,
}

impl From<bool> for Check {
    fn from(good: bool) -> Self {
        if good { Self::Good } else { Self::Bad }
    }
}

/// A public key.
#[derive(Debug)]
pub(crate) enum Key<'a> {
    Rsa(rsa::Key<'a>),
    P256(Box<p256::ecdsa::VerifyingKey>),
    P384(Box<p384::ecdsa::VerifyingKey>),
    Other,
}

impl<'a> Key<'a> {
    /// Of the value of a `SubjectPublicKeyInfo`.
    pub(crate) fn parse(info: &'a [u8]) -> Self {
        Self::parsed(info).unwrap_or(Self::Other)
    }

    fn parsed(info: &'a [u8]) -> Option<Self> {
        let mut fields = Der(info);
        let mut algorithm = Der(fields.expect(SEQUENCE)?);
        let object = algorithm.expect(OBJECT)?;
        let bits = key_bits(info)?;
        if object != EC_KEY {
            return rsa::Key::parse(object, bits).map(Self::Rsa);
        }
        match algorithm.expect(OBJECT)? {
            P256 => {
                Some(Self::P256(Box::new(p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok()?)))
            }
            P384 => {
                Some(Self::P384(Box::new(p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok()?)))
            }
            _ => None,
        }
    }

    /// Bits of it, when it is of a kind that is checked here.
    pub(crate) fn bits(&self) -> Option<usize> {
        match self {
            Self::Rsa(key) => Some(key.bits()),
            Self::P256(_) => Some(256),
            Self::P384(_) => Some(384),
            Self::Other => None,
        }
    }

    /// Whether the signature is of what `hash` makes of `signed`; `algorithm` is the value of its `AlgorithmIdentifier`.
    pub(crate) fn verifies(
        &self,
        algorithm: &[u8],
        hash: Hash,
        signed: &[u8],
        signature: &[u8],
    ) -> Check {
        if signature.len() > SIGNATURE_BYTES_MAX {
            return Check::Unknown;
        }
        let digest = hash.of(signed);
        match self {
            Self::Rsa(key) => {
                let mut algorithm = Der(algorithm);
                if algorithm.expect(OBJECT) != Some(PSS) {
                    return key.verifies(hash, &digest, signature).into();
                }
                match rsa::Pss::parse(algorithm.expect(SEQUENCE).unwrap_or_default()) {
                    Some(pss) if pss.hash == hash => {
                        key.verifies_pss(&pss, &digest, signature).into()
                    }
                    _ => Check::Unknown,
                }
            }
            Self::P256(key) => {
                let signature = p256::ecdsa::Signature::from_der(signature);
                signature.is_ok_and(|one| key.verify_prehash(&digest, &one).is_ok()).into()
            }
            // A hash that is too short for the curve is none that the crate checks.
            Self::P384(_) if hash == Hash::Sha1 => Check::Unknown,
            Self::P384(key) => {
                let signature = p384::ecdsa::Signature::from_der(signature);
                signature.is_ok_and(|one| key.verify_prehash(&digest, &one).is_ok()).into()
            }
            Self::Other => Check::Unknown,
        }
    }
}

/// The key's own bytes of the value of a `SubjectPublicKeyInfo`.
pub(crate) fn key_bits(info: &[u8]) -> Option<&[u8]> {
    let mut fields = Der(info);
    fields.expect(SEQUENCE)?;
    bit_string(fields.expect(BIT_STRING)?)
}

/// The bytes of a string of bits that has whole ones.
pub(crate) fn bit_string(value: &[u8]) -> Option<&[u8]> {
    value.split_first().filter(|(unused, _)| **unused == 0).map(|(_, bits)| bits)
}

/// The hash and the name (as Windows shows it) of the signature algorithm of a certificate.
pub(crate) fn algorithm_of(algorithm: &[u8]) -> Option<(Hash, &'static str)> {
    let mut fields = Der(algorithm);
    match fields.expect(OBJECT)? {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last] => match last {
            5 => Some((Hash::Sha1, "sha1RSA")),
            10 => rsa::Pss::parse(fields.expect(SEQUENCE)?).map(|pss| (pss.hash, "RSASSA-PSS")),
            11 => Some((Hash::Sha256, "sha256RSA")),
            12 => Some((Hash::Sha384, "sha384RSA")),
            13 => Some((Hash::Sha512, "sha512RSA")),
            _ => None,
        },
        [0x2b, 0x0e, 3, 2, 0x1d] => Some((Hash::Sha1, "sha1RSA")),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1] => Some((Hash::Sha1, "sha1ECDSA")),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, last] => match last {
            2 => Some((Hash::Sha256, "sha256ECDSA")),
            3 => Some((Hash::Sha384, "sha384ECDSA")),
            4 => Some((Hash::Sha512, "sha512ECDSA")),
            _ => None,
        },
        _ => None,
    }
}
