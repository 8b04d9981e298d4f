// SPDX-License-Identifier: Apache-2.0
//! Whether a signature is that of an RSA key (PKCS #1 v1.5, RFC 8017). Everything in it is public: time tells nothing.

use evtables_tls::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE};
use num_bigint::BigUint;

/// 1.2.840.113549.1.1.1.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const BIT_STRING: u8 = 3;
/// Bytes of a modulus, and of an exponent: what is larger costs more than it tells.
const MODULUS_BYTES_MAX: usize = 1_024;
const EXPONENT_BYTES_MAX: usize = 8;

/// A public key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'a> {
    modulus: &'a [u8],
    exponent: &'a [u8],
}

impl<'a> Key<'a> {
    /// Of the value of a `SubjectPublicKeyInfo`.
    pub(crate) fn parse(info: &'a [u8]) -> Option<Self> {
        let mut info = Der(info);
        (Der(info.expect(SEQUENCE)?).expect(OBJECT)? == RSA).then_some(())?;
        let (unused, bits) = info.expect(BIT_STRING)?.split_first()?;
        let mut key = Der(Der(bits).expect(SEQUENCE)?);
        let modulus = without_zeros(key.expect(INTEGER)?);
        let exponent = without_zeros(key.expect(INTEGER)?);
        let fits = modulus.len() <= MODULUS_BYTES_MAX && exponent.len() <= EXPONENT_BYTES_MAX;
        (*unused == 0 && fits && !modulus.is_empty()).then_some(Self { modulus, exponent })
    }

    pub(crate) fn bits(self) -> usize {
        let zeros = self.modulus.first().map_or(0, |first| first.leading_zeros());
        self.modulus.len() * 8 - usize::try_from(zeros).unwrap_or(0)
    }

    /// Whether the signature is of a hash with these bytes.
    pub(crate) fn verifies(self, hash: &[u8], signature: &[u8]) -> bool {
        if signature.len() > MODULUS_BYTES_MAX {
            return false;
        }
        let number = BigUint::from_bytes_be;
        let modulus = number(self.modulus);
        let opened = number(signature).modpow(&number(self.exponent), &modulus).to_bytes_be();
        // Without its leading zero: 1, 0xff as often as fits, 0, and the hash with its algorithm.
        if opened.len() + 1 != self.modulus.len() || opened.first() != Some(&1) {
            return false;
        }
        let rest = opened.get(1..).unwrap_or_default();
        let padding = rest.iter().take_while(|byte| **byte == 0xff).count();
        let info = rest.get(padding..).and_then(|rest| rest.strip_prefix(&[0]));
        padding >= 8 && info.and_then(digest_of) == Some(hash)
    }
}

/// The hash of a `DigestInfo`, when it ends there.
fn digest_of(info: &[u8]) -> Option<&[u8]> {
    let mut whole = Der(info);
    let mut info = Der(whole.expect(SEQUENCE)?);
    info.expect(SEQUENCE)?;
    let digest = info.expect(OCTETS)?;
    (whole.0.is_empty() && info.0.is_empty()).then_some(digest)
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
