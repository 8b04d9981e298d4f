// SPDX-License-Identifier: Apache-2.0
//! Whether a signature is that of an RSA key (PKCS #1 v1.5 and PSS, RFC 8017). Everything in it is public: time tells nothing.

use crate::hash::Hash;
use evtables_tls::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE};
use num_bigint::BigUint;

/// 1.2.840.113549.1.1.1, and .8: the function that makes masks.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];
/// Bytes of a modulus, and of an exponent: what is larger costs more than it tells.
const MODULUS_BYTES_MAX: usize = 1_024;
const EXPONENT_BYTES_MAX: usize = 8;
/// Last byte of what PSS signs.
const TRAILER: u8 = 0xbc;

/// A public key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'a> {
    modulus: &'a [u8],
    exponent: &'a [u8],
}

/// Parameters of PSS; masks are made with the same hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pss {
    pub(crate) hash: Hash,
    salt: usize,
}

impl Pss {
    /// Of the value of `RSASSA-PSS-params`. What is left out there means SHA-1 and 20 bytes of salt.
    pub(crate) fn parse(parameters: &[u8]) -> Option<Self> {
        let mut fields = Der(parameters);
        let (mut hash, mut mask, mut salt) = (Hash::Sha1, Hash::Sha1, 20);
        while let Some((tag, value)) = fields.next() {
            match tag {
                0xa0 => hash = hash_of(Der(value).expect(SEQUENCE)?)?,
                0xa1 => {
                    let mut function = Der(Der(value).expect(SEQUENCE)?);
                    (function.expect(OBJECT)? == MGF1).then_some(())?;
                    mask = hash_of(function.expect(SEQUENCE)?)?;
                }
                0xa2 => {
                    let number = without_zeros(Der(value).expect(INTEGER)?);
                    (number.len() <= 2).then_some(())?;
                    salt = number.iter().fold(0, |all, byte| all << 8 | usize::from(*byte));
                }
                _ => {}
            }
        }
        (hash == mask).then_some(Self { hash, salt })
    }
}

impl<'a> Key<'a> {
    /// Of the bits of a key whose algorithm is `object`.
    pub(crate) fn parse(object: &[u8], bits: &'a [u8]) -> Option<Self> {
        (object == RSA).then_some(())?;
        let mut key = Der(Der(bits).expect(SEQUENCE)?);
        let modulus = without_zeros(key.expect(INTEGER)?);
        let exponent = without_zeros(key.expect(INTEGER)?);
        let fits = modulus.len() <= MODULUS_BYTES_MAX && exponent.len() <= EXPONENT_BYTES_MAX;
        (fits && !modulus.is_empty()).then_some(Self { modulus, exponent })
    }

    pub(crate) fn bits(self) -> usize {
        let zeros = self.modulus.first().map_or(0, |first| first.leading_zeros());
        self.modulus.len() * 8 - usize::try_from(zeros).unwrap_or(0)
    }

    /// What was signed, as a number.
    fn opened(self, signature: &[u8]) -> Vec<u8> {
        let number = BigUint::from_bytes_be;
        let modulus = number(self.modulus);
        number(signature).modpow(&number(self.exponent), &modulus).to_bytes_be()
    }

    /// Whether the signature is of a hash with these bytes.
    pub(crate) fn verifies(self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        let opened = self.opened(signature);
        // Without its leading zero: 1, 0xff as often as fits, 0, and the hash with its algorithm.
        if opened.len() + 1 != self.modulus.len() || opened.first() != Some(&1) {
            return false;
        }
        let rest = opened.get(1..).unwrap_or_default();
        let padding = rest.iter().take_while(|byte| **byte == 0xff).count();
        let info = rest.get(padding..).and_then(|rest| rest.strip_prefix(&[0]));
        padding >= 8 && info.and_then(digest_of) == Some((hash, digest))
    }

    /// The same with PSS (RFC 8017, 9.1.2).
    pub(crate) fn verifies_pss(self, pss: &Pss, digest: &[u8], signature: &[u8]) -> bool {
        self.pss(pss, digest, signature).unwrap_or(false)
    }

    fn pss(self, pss: &Pss, digest: &[u8], signature: &[u8]) -> Option<bool> {
        let bits = self.bits().checked_sub(1)?;
        let length = bits.div_ceil(8);
        let opened = self.opened(signature);
        let mut message = vec![0; length.checked_sub(opened.len())?];
        message.extend(opened);
        let (trailer, message) = message.split_last()?;
        let (masked, own) = message.split_at_checked(message.len().checked_sub(digest.len())?)?;
        let mask = mask(pss.hash, own, masked.len());
        let mut block: Vec<u8> = masked.iter().zip(mask).map(|(a, b)| a ^ b).collect();
        // Bits before the number's first one.
        let above = 0xff_u8.checked_shr(u32::try_from(8 * length - bits).ok()?)?;
        let outside = masked.first().is_some_and(|first| first & !above != 0);
        if let Some(first) = block.first_mut() {
            *first &= above;
        }
        let (zeros, rest) = block.split_at_checked(block.len().checked_sub(pss.salt + 1)?)?;
        let (one, salt) = rest.split_first()?;
        let wanted =
            pss.hash.over(&|update| [&[0; 8][..], digest, salt].into_iter().for_each(&mut *update));
        let shape =
            *trailer == TRAILER && !outside && *one == 1 && zeros.iter().all(|byte| *byte == 0);
        Some(shape && wanted == own)
    }
}

/// MGF1.
fn mask(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::new();
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(hash.over(&|update| {
            update(seed);
            update(&counter.to_be_bytes());
        }));
    }
    mask
}

/// The hash of a `DigestInfo`, when it ends there.
fn digest_of(info: &[u8]) -> Option<(Hash, &[u8])> {
    let mut whole = Der(info);
    let mut info = Der(whole.expect(SEQUENCE)?);
    let hash = hash_of(info.expect(SEQUENCE)?)?;
    let digest = info.expect(OCTETS)?;
    (whole.0.is_empty() && info.0.is_empty()).then_some((hash, digest))
}

fn hash_of(algorithm: &[u8]) -> Option<Hash> {
    Hash::of_object(Der(algorithm).expect(OBJECT)?)
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
