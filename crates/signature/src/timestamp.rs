// SPDX-License-Identifier: Apache-2.0
//! When a signature was there already: the word of somebody who signed it with the time, as a token (RFC 3161) or as an older
//! countersignature (PKCS #9). What is not read as one is none.

use crate::chain::{Judge, Purpose, Roots, Trust};
use crate::cms::{SignedData, Signer};
use crate::hash::Hash;
use crate::key::{Check, Key};
use crate::x509::Cert;
use evtables_tls::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE, time};

const GENERALIZED_TIME: u8 = 24;
/// 1.3.6.1.4.1.311.3.3.1, 1.2.840.113549.1.9.6 and .5, 1.2.840.113549.1.9.16.1.4, 1.2.840.113549.1.7.1.
const TOKEN: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 3, 3, 1];
const COUNTERSIGNATURE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 6];
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 5];
const TIME_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];

/// What a timestamp says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timestamp {
    /// It is not over this signature, or not by whom it names.
    Bad,
    /// The signature was there then (unix time), says somebody with this chain.
    At(i64, Trust),
}

/// The timestamp of a signer, if there is one. `own` are the certificates beside him.
pub(crate) fn of(signer: &Signer<'_>, own: &[Cert<'_>], roots: &Roots) -> Option<Timestamp> {
    if let Some(token) = signer.unsigned(TOKEN) {
        return token_of(token, signer.signature, own, roots);
    }
    let counter = Signer::parse(Der(signer.unsigned(COUNTERSIGNATURE)?).expect(SEQUENCE)?)?;
    let (tag, text) = Der(counter.attribute(SIGNING_TIME)?).next()?;
    Some(judge(&counter, (DATA, signer.signature), own, time(tag, text)?, roots))
}

fn token_of(token: &[u8], signature: &[u8], own: &[Cert<'_>], roots: &Roots) -> Option<Timestamp> {
    let data = SignedData::parse(token)?;
    let mut info = Der(Der(data.content).expect(SEQUENCE)?);
    info.expect(INTEGER)?;
    info.expect(OBJECT)?;
    let mut imprint = Der(info.expect(SEQUENCE)?);
    let hash = Hash::of_object(Der(imprint.expect(SEQUENCE)?).expect(OBJECT)?)?;
    let imprint = imprint.expect(OCTETS)?;
    info.expect(INTEGER)?;
    let at = time(GENERALIZED_TIME, info.expect(GENERALIZED_TIME)?)?;
    if data.kind != TIME_INFO || hash.of(signature) != imprint {
        return Some(Timestamp::Bad);
    }
    let pool: Vec<Cert<'_>> = data.certificates.iter().chain(own).cloned().collect();
    Some(judge(&data.signer, (data.kind, data.content), &pool, at, roots))
}

/// Whether the teller of time signed this, and who he is.
fn judge(
    teller: &Signer<'_>,
    (kind, content): (&[u8], &[u8]),
    pool: &[Cert<'_>],
    at: i64,
    roots: &Roots,
) -> Timestamp {
    let Some(certificate) = teller.certificate(pool.iter()) else {
        return Timestamp::At(at, Trust::Incomplete);
    };
    match teller.verifies(kind, content, &Key::parse(certificate.key)) {
        Check::Bad => Timestamp::Bad,
        Check::Unknown => Timestamp::At(at, Trust::NotChecked),
        Check::Good => {
            let judge = Judge { pool, roots, purpose: Purpose::Time, at };
            Timestamp::At(at, judge.of(certificate))
        }
    }
}
