// SPDX-License-Identifier: Apache-2.0
//! The part of a certificate (RFC 5280) that a chain is judged by. How its names read is `evtables_tls`' work. Foreign bytes:
//! what does not add up is `None`, never a panic.

use crate::key::{Check, Key, algorithm_of, bit_string};
use evtables_tls::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE, time};

const BOOLEAN: u8 = 1;
const BIT_STRING: u8 = 3;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// Extensions of one certificate, and uses in it.
const EXTENSIONS_MAX: usize = 64;
const USES_MAX: usize = 32;

/// 2.5.29.*: use of the key, constraints of an issuer, what the certificate is for, policies, alternative names, and identifiers of keys.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const EXTENDED_USAGE: &[u8] = &[0x55, 0x1d, 37];
/// Critical ones that may be passed over: they forbid nothing that is asked here.
const PASSED_OVER: [&[u8]; 4] =
    [&[0x55, 0x1d, 17], &[0x55, 0x1d, 32], &[0x55, 0x1d, 14], &[0x55, 0x1d, 35]];

/// A certificate.
#[derive(Debug, Clone)]
pub(crate) struct Cert<'a> {
    pub(crate) whole: &'a [u8],
    /// What is signed of it, with tag and length.
    body: &'a [u8],
    /// 1 to 3.
    pub(crate) version: u8,
    pub(crate) serial: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
    /// First and last second of its life.
    pub(crate) life: (i64, i64),
    /// Value of its `SubjectPublicKeyInfo`.
    pub(crate) key: &'a [u8],
    pub(crate) algorithm: &'a [u8],
    signature: &'a [u8],
    pub(crate) extensions: Extensions<'a>,
}

/// What its extensions say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extensions<'a> {
    /// Whether it may sign certificates, and how many may stand between it and the last.
    pub(crate) issuer: Option<Option<usize>>,
    /// First two bytes of the use of its key, the first bit is the highest.
    pub(crate) key_usage: Option<u16>,
    /// Object identifiers of what it is for; `None`: everything.
    pub(crate) uses: Option<Vec<&'a [u8]>>,
    /// One that must be understood and is not.
    pub(crate) unknown: bool,
}

impl<'a> Cert<'a> {
    pub(crate) fn parse(whole: &'a [u8]) -> Option<Self> {
        let mut outer = Der(Der(whole).expect(SEQUENCE)?);
        let body = outer.next_whole()?;
        let algorithm = outer.expect(SEQUENCE)?;
        let signature = bit_string(outer.expect(BIT_STRING)?)?;
        let mut fields = Der(Der(body).expect(SEQUENCE)?);
        let mut version = 1;
        if fields.0.first() == Some(&VERSION) {
            let number = Der(fields.expect(VERSION)?).expect(INTEGER)?;
            version = number.last()?.checked_add(1)?;
        }
        let serial = fields.expect(INTEGER)?;
        // The algorithm stands twice, and once of it is signed.
        (fields.expect(SEQUENCE)? == algorithm).then_some(())?;
        let issuer = fields.expect(SEQUENCE)?;
        let mut life = Der(fields.expect(SEQUENCE)?);
        let ((first, from), (last, until)) = (life.next()?, life.next()?);
        let life = (time(first, from)?, time(last, until)?);
        let subject = fields.expect(SEQUENCE)?;
        let key = fields.expect(SEQUENCE)?;
        let mut extensions = Extensions::default();
        while let Some((tag, value)) = fields.next() {
            if tag == EXTENSIONS {
                extensions = Extensions::parse(Der(value).expect(SEQUENCE)?)?;
            }
        }
        Some(Self {
            whole,
            body,
            version,
            serial,
            issuer,
            subject,
            life,
            key,
            algorithm,
            signature,
            extensions,
        })
    }

    /// Whether the key of `issuer` signed it.
    pub(crate) fn signed_by(&self, issuer: &Cert<'_>) -> Check {
        match algorithm_of(self.algorithm) {
            Some((hash, _)) => {
                Key::parse(issuer.key).verifies(self.algorithm, hash, self.body, self.signature)
            }
            None => Check::Unknown,
        }
    }
}

impl<'a> Extensions<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let mut found = Self::default();
        let mut all = Der(value);
        for _ in 0..EXTENSIONS_MAX {
            let Some(extension) = all.expect(SEQUENCE) else { return Some(found) };
            let mut extension = Der(extension);
            let object = extension.expect(OBJECT)?;
            let mut critical = false;
            if extension.0.first() == Some(&BOOLEAN) {
                critical = extension.expect(BOOLEAN)? != [0];
            }
            let value = extension.expect(OCTETS)?;
            match object {
                KEY_USAGE => found.key_usage = Some(key_usage(Der(value).expect(BIT_STRING)?)?),
                BASIC_CONSTRAINTS => found.issuer = constraints(Der(value).expect(SEQUENCE)?)?,
                EXTENDED_USAGE => {
                    let mut uses = Der(Der(value).expect(SEQUENCE)?);
                    let all = std::iter::from_fn(|| uses.expect(OBJECT)).take(USES_MAX);
                    found.uses = Some(all.collect());
                }
                other => found.unknown |= critical && !PASSED_OVER.contains(&other),
            }
        }
        // More than anybody needs: some of them were not read.
        found.unknown |= !all.0.is_empty();
        Some(found)
    }
}

fn key_usage(bits: &[u8]) -> Option<u16> {
    let (_, bits) = bits.split_first()?;
    let byte = |at: usize| u16::from(bits.get(at).copied().unwrap_or(0));
    Some(byte(0) << 8 | byte(1))
}

/// Inside `None`: not an issuer.
#[allow(clippy::option_option)] // the outermost is "unreadable", the next "no issuer", the inner "no limit"
fn constraints(value: &[u8]) -> Option<Option<Option<usize>>> {
    let mut fields = Der(value);
    if fields.0.first() != Some(&BOOLEAN) || fields.expect(BOOLEAN)? == [0] {
        return Some(None);
    }
    let Some((tag, length)) = fields.next() else { return Some(Some(None)) };
    let [length] = length else { return None };
    (tag == INTEGER).then_some(Some(Some(usize::from(*length))))
}
