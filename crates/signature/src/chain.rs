// SPDX-License-Identifier: Apache-2.0
//! Whether a certificate leads to one that is trusted (RFC 5280, 6): each signed by the next, each allowed to, all alive at the
//! time, the first one for what it was used for. Whether one was revoked is not asked: that takes the network.

use crate::key::Check;
use crate::x509::Cert;
use std::collections::{BTreeMap, BTreeSet};

/// Certificates from the first to the root.
const CHAIN_MAX: usize = 8;
/// Signatures that are checked for one chain.
const CHECKS_MAX: usize = 64;
/// Certificates of a store.
const ROOTS_MAX: usize = 4_096;

/// 1.3.6.1.5.5.7.3.3 and .8; 2.5.29.37.0: everything.
const CODE_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 3];
const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];
const ANY_USE: &[u8] = &[0x55, 0x1d, 37, 0];
/// Bits of a key's use: signatures, signatures that bind, certificates.
const SIGNS: u16 = 0xc000;
const SIGNS_CERTIFICATES: u16 = 0x0400;

/// What became of a chain; the later is the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// A certificate of the chain is one that this machine distrusts.
    Disallowed,
    /// There is a timestamp, and it is not over this signature or not by its signer.
    BadTimestamp,
    /// A certificate is not signed by the next, or the next may not sign it.
    BadChain,
    /// A certificate was made for something else.
    WrongUsage,
    /// A certificate begins after the time.
    NotYetValid,
    /// A certificate ended before the time.
    Expired,
    /// A link of a kind that is not checked here.
    NotChecked,
    /// The next certificate is neither in the signature nor among the trusted ones; all up to there holds.
    Incomplete,
    /// The certificate is its own root, and nobody trusts it here.
    SelfSigned,
    /// The chain is whole and holds; its root is not among the trusted ones.
    UnknownRoot,
    /// The chain holds, up to one that is trusted.
    Trusted,
}

impl Trust {
    /// As a row has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Disallowed => "Disallowed",
            Self::BadTimestamp => "BadTimestamp",
            Self::BadChain => "BadChain",
            Self::WrongUsage => "WrongUsage",
            Self::NotYetValid => "NotYetValid",
            Self::Expired => "Expired",
            Self::NotChecked => "NotChecked",
            Self::Incomplete => "IncompleteChain",
            Self::SelfSigned => "SelfSigned",
            Self::UnknownRoot => "UnknownRoot",
            Self::Trusted => "Valid",
        }
    }

    /// Whether it is to be trusted; `None`: that is not known here.
    #[must_use]
    pub fn is_trusted(self) -> Option<bool> {
        match self {
            Self::Trusted => Some(true),
            Self::NotChecked | Self::Incomplete | Self::UnknownRoot => None,
            Self::Disallowed
            | Self::BadTimestamp
            | Self::BadChain
            | Self::WrongUsage
            | Self::NotYetValid
            | Self::Expired
            | Self::SelfSigned => Some(false),
        }
    }
}

/// Certificates that are trusted without being signed, and those that are never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// By subject.
    trusted: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    distrusted: BTreeSet<Vec<u8>>,
}

impl Roots {
    /// None is known: nothing is trusted.
    #[must_use]
    pub fn none() -> Self {
        Self::new([], [])
    }

    /// These (DER). What is no certificate is passed over; 4,096 of each at most.
    #[must_use]
    pub fn new(
        trusted: impl IntoIterator<Item = Vec<u8>>,
        distrusted: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        let mut roots = Self {
            trusted: BTreeMap::new(),
            distrusted: distrusted.into_iter().take(ROOTS_MAX).collect(),
        };
        for der in trusted.into_iter().take(ROOTS_MAX) {
            if let Some(subject) = Cert::parse(&der).map(|one| one.subject.to_vec()) {
                roots.trusted.entry(subject).or_default().insert(der);
            }
        }
        roots
    }

    /// How many are trusted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.trusted.values().map(BTreeSet::len).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trusted.is_empty()
    }

    fn of_subject(&self, subject: &[u8]) -> impl Iterator<Item = Cert<'_>> {
        self.trusted.get(subject).into_iter().flatten().filter_map(|der| Cert::parse(der))
    }

    fn trusts(&self, one: &Cert<'_>) -> bool {
        self.trusted.get(one.subject).is_some_and(|same| same.contains(one.whole))
    }
}

/// What the first certificate was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Code,
    Time,
}

/// A chain's judge.
pub(crate) struct Judge<'a> {
    /// Certificates that may be in it.
    pub(crate) pool: &'a [Cert<'a>],
    pub(crate) roots: &'a Roots,
    pub(crate) purpose: Purpose,
    /// When all of them have to be alive, unix time.
    pub(crate) at: i64,
}

impl Judge<'_> {
    pub(crate) fn of(&self, first: &Cert<'_>) -> Trust {
        self.above(first, 0, &mut { CHECKS_MAX })
    }

    /// From a certificate with `depth` others below it.
    fn above(&self, one: &Cert<'_>, depth: usize, left: &mut usize) -> Trust {
        if self.roots.distrusted.contains(one.whole) {
            return Trust::Disallowed;
        }
        if let Some(problem) = self.problem(one, depth) {
            return problem;
        }
        if self.roots.trusts(one) {
            return Trust::Trusted;
        }
        if depth >= CHAIN_MAX {
            return Trust::NotChecked;
        }
        // A root by a hash that nobody checks any more is a root nevertheless.
        if one.subject == one.issuer && one.signed_by(one) != Check::Bad {
            return if depth == 0 { Trust::SelfSigned } else { Trust::UnknownRoot };
        }
        let mut best = None;
        let mut bad = false;
        let pool = self.pool.iter().filter(|next| next.subject == one.issuer);
        let others = pool.filter(|next| next.whole != one.whole).cloned();
        for next in self.roots.of_subject(one.issuer).chain(others) {
            let Some(fewer) = left.checked_sub(1) else { return Trust::NotChecked };
            *left = fewer;
            match one.signed_by(&next) {
                Check::Good => best = best.max(Some(self.above(&next, depth + 1, left))),
                Check::Unknown => best = best.max(Some(Trust::NotChecked)),
                Check::Bad => bad = true,
            }
        }
        best.unwrap_or(if bad { Trust::BadChain } else { Trust::Incomplete })
    }

    /// What is wrong with a certificate at its place.
    fn problem(&self, one: &Cert<'_>, depth: usize) -> Option<Trust> {
        let said = &one.extensions;
        if let Some(between) = depth.checked_sub(1) {
            let allowed = said.issuer.is_some_and(|most| most.is_none_or(|most| between <= most));
            let signs = said.key_usage.is_none_or(|bits| bits & SIGNS_CERTIFICATES != 0);
            // Roots of the first version say nothing at all.
            let old_root = one.version < 3 && self.roots.trusts(one);
            if !(allowed && signs || old_root) {
                return Some(Trust::BadChain);
            }
        } else if said.key_usage.is_some_and(|bits| bits & SIGNS == 0) {
            return Some(Trust::WrongUsage);
        }
        let wanted = match self.purpose {
            Purpose::Code => CODE_SIGNING,
            Purpose::Time => TIME_STAMPING,
        };
        let fits = match &said.uses {
            Some(uses) => uses.iter().any(|object| *object == wanted || *object == ANY_USE),
            // Who tells the time is made for that; all else may say nothing.
            None => self.purpose == Purpose::Code || depth > 0,
        };
        if !fits {
            return Some(Trust::WrongUsage);
        }
        if self.at < one.life.0 {
            return Some(Trust::NotYetValid);
        }
        if self.at > one.life.1 {
            return Some(Trust::Expired);
        }
        said.unknown.then_some(Trust::NotChecked)
    }
}
