// SPDX-License-Identifier: Apache-2.0
//! Hashes that signatures use.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Hands parts to whoever takes them.
pub(crate) type Give<'a> = dyn Fn(&mut dyn FnMut(&[u8])) + 'a;

/// A hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) fn of_object(object: &[u8]) -> Option<Self> {
        match object {
            [0x2b, 0x0e, 3, 2, 0x1a] => Some(Self::Sha1),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Some(Self::Sha256),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Some(Self::Sha384),
            [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Of parts that `give` hands over.
    pub(crate) fn over(self, give: &Give<'_>) -> Vec<u8> {
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

    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        self.over(&|update| update(bytes))
    }
}
