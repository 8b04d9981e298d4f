// SPDX-License-Identifier: Apache-2.0
//! Certificates, signatures, timestamps and catalogues for tests, made anew each time: keys come from names, and ECDSA as it is
//! done here (RFC 6979) gives the same signature each time. That what others make is read as well, `fixture` shows.

use crate::hash::Hash;
use crate::pe::Image;
use evtables_tls::der::{INTEGER, OBJECT, OCTETS, SEQUENCE, SET, time};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{Signature, SigningKey};

pub(crate) const CODE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 3];
pub(crate) const TIME: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];
pub(crate) const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(crate) const LIFETIME: &[u8] = crate::ENDS_WITH_ITS_LIFE;
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const EC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const PKCS9: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9];
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];
const MICROSOFT: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37];

/// A value with its tag.
pub(crate) fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let mut out = vec![tag];
    match value.len() {
        short @ 0..0x80 => out.push(u8::try_from(short).unwrap()),
        long => {
            out.push(0x83);
            out.extend(&four(long).to_be_bytes()[1..]);
        }
    }
    out.extend(value);
    out
}

fn four(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

fn object(prefix: &[u8], rest: &[u8]) -> Vec<u8> {
    der(OBJECT, &[prefix, rest])
}

fn algorithm(object: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[&der(OBJECT, &[object])])
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    Hash::Sha256.of(bytes)
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_slice(&digest(name.as_bytes())).unwrap()
}

fn signature(name: &str, signed: &[u8]) -> Vec<u8> {
    let signature: Signature = key(name).sign_prehash(&digest(signed)).unwrap();
    signature.to_der().as_bytes().to_vec()
}

fn name_of(name: &str) -> Vec<u8> {
    let part = der(SEQUENCE, &[&der(OBJECT, &[COMMON_NAME]), &der(12, &[name.as_bytes()])]);
    der(SEQUENCE, &[&der(SET, &[&part])])
}

fn stamp(year: u32) -> Vec<u8> {
    der(24, &[format!("{year}0101000000Z").as_bytes()])
}

/// Its first second.
pub(crate) fn year(year: u32) -> i64 {
    time(24, format!("{year}0101000000Z").as_bytes()).unwrap()
}

/// A certificate to be.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) subject: &'static str,
    pub(crate) issuer: &'static str,
    /// Whose key signs it: else the issuer's.
    pub(crate) signer: Option<&'static str>,
    pub(crate) serial: u8,
    /// Years.
    pub(crate) life: (u32, u32),
    /// Whether it may sign others, and with how many between.
    pub(crate) issues: Option<Option<u8>>,
    /// First byte of the use of its key.
    pub(crate) key_usage: Option<u8>,
    pub(crate) uses: Vec<&'static [u8]>,
    /// Critical extension of these bytes, which nobody knows.
    pub(crate) riddle: bool,
}

/// Of who signs programs.
pub(crate) fn leaf(subject: &'static str, issuer: &'static str) -> Plan {
    Plan {
        subject,
        issuer,
        signer: None,
        serial: 7,
        life: (2020, 2022),
        issues: None,
        key_usage: Some(0x80),
        uses: vec![CODE],
        riddle: false,
    }
}

/// Of who signs certificates.
pub(crate) fn issuer(subject: &'static str, issuer: &'static str) -> Plan {
    Plan {
        life: (2010, 2040),
        issues: Some(None),
        key_usage: Some(4),
        uses: vec![],
        ..leaf(subject, issuer)
    }
}

/// Of who tells the time.
pub(crate) fn teller(subject: &'static str, issuer: &'static str) -> Plan {
    Plan { life: (2010, 2025), uses: vec![TIME], ..leaf(subject, issuer) }
}

fn extension(object: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der(1, &[&[0xff]]) } else { vec![] };
    der(SEQUENCE, &[&der(OBJECT, &[object]), &critical, &der(OCTETS, &[value])])
}

impl Plan {
    pub(crate) fn der(&self) -> Vec<u8> {
        let point = key(self.subject).verifying_key().to_sec1_point(false);
        let key_algorithm = der(SEQUENCE, &[&der(OBJECT, &[EC_KEY]), &der(OBJECT, &[P256])]);
        let info = der(SEQUENCE, &[&key_algorithm, &der(3, &[&[0], point.as_bytes()])]);
        let mut extensions = Vec::new();
        if let Some(between) = self.issues {
            let between = between.map_or(vec![], |most| der(INTEGER, &[&[most]]));
            let value = der(SEQUENCE, &[&der(1, &[&[0xff]]), &between]);
            extensions.push(extension(&[0x55, 0x1d, 19], true, &value));
        }
        if let Some(bits) = self.key_usage {
            extensions.push(extension(&[0x55, 0x1d, 15], true, &der(3, &[&[0, bits]])));
        }
        if !self.uses.is_empty() {
            let uses: Vec<u8> = self.uses.iter().flat_map(|one| der(OBJECT, &[one])).collect();
            extensions.push(extension(&[0x55, 0x1d, 37], true, &der(SEQUENCE, &[&uses])));
        }
        if self.riddle {
            extensions.push(extension(&[0x55, 0x1d, 99], true, b"?"));
        }
        let body = der(
            SEQUENCE,
            &[
                &der(0xa0, &[&der(INTEGER, &[&[2]])]),
                &der(INTEGER, &[&[self.serial]]),
                &algorithm(ECDSA_SHA256),
                &name_of(self.issuer),
                &der(SEQUENCE, &[&stamp(self.life.0), &stamp(self.life.1)]),
                &name_of(self.subject),
                &info,
                &der(0xa3, &[&der(SEQUENCE, &[&extensions.concat()])]),
            ],
        );
        let signature = signature(self.signer.unwrap_or(self.issuer), &body);
        der(SEQUENCE, &[&body, &algorithm(ECDSA_SHA256), &der(3, &[&[0], &signature])])
    }
}

fn attribute(object: &[u8], value: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[object, &der(SET, &[value])])
}

/// A signer's information over contents of a kind; `unsigned` adds to it what is made of its signature.
pub(crate) fn signer_info(
    by: &Plan,
    kind: &[u8],
    content: &[u8],
    more: &[u8],
    unsigned: &dyn Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let attributes = [
        attribute(&object(PKCS9, &[3]), kind),
        attribute(&object(PKCS9, &[4]), &der(OCTETS, &[&digest(content)])),
        more.to_vec(),
    ]
    .concat();
    let signature = signature(by.subject, &der(SET, &[&attributes]));
    let unsigned = unsigned(&signature);
    let unsigned = if unsigned.is_empty() { vec![] } else { der(0xa1, &[&unsigned]) };
    der(
        SEQUENCE,
        &[
            &der(INTEGER, &[&[1]]),
            &der(SEQUENCE, &[&name_of(by.issuer), &der(INTEGER, &[&[by.serial]])]),
            &algorithm(SHA256),
            &der(0xa0, &[&attributes]),
            &algorithm(ECDSA_SHA256),
            &der(OCTETS, &[&signature]),
            &unsigned,
        ],
    )
}

/// Signed data with one signer. `content` stands there with its tag, `value` is it without.
fn signed_data(
    kind: &[u8],
    content: &[u8],
    value: &[u8],
    certificates: &[&Plan],
    unsigned: &dyn Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let info = signer_info(certificates[0], kind, value, &[], unsigned);
    let certificates: Vec<u8> = certificates.iter().flat_map(|plan| plan.der()).collect();
    let data = der(
        SEQUENCE,
        &[
            &der(INTEGER, &[&[1]]),
            &der(SET, &[&algorithm(SHA256)]),
            &der(SEQUENCE, &[kind, &der(0xa0, &[content])]),
            &der(0xa0, &[&certificates]),
            &der(SET, &[&info]),
        ],
    );
    der(SEQUENCE, &[&object(PKCS7, &[2]), &der(0xa0, &[&data])])
}

fn indirect(digest: &[u8]) -> Vec<u8> {
    let what = der(SEQUENCE, &[&object(MICROSOFT, &[2, 1, 15])]);
    [what, der(SEQUENCE, &[&algorithm(SHA256), &der(OCTETS, &[digest])])].concat()
}

/// Signed data of an image, by the first of the certificates.
pub(crate) fn of_image(
    image: &[u8],
    certificates: &[&Plan],
    unsigned: &dyn Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let parsed = Image::parse(image).unwrap();
    let value = indirect(&Hash::Sha256.over(&|update| parsed.digest_parts(update)));
    let kind = object(MICROSOFT, &[2, 1, 4]);
    signed_data(&kind, &der(SEQUENCE, &[&value]), &value, certificates, unsigned)
}

/// Puts signed data into an image that has none.
pub(crate) fn into_image(image: &[u8], data: &[u8]) -> Vec<u8> {
    let padded = data.len().next_multiple_of(8);
    let mut out = image.to_vec();
    out.extend(four(padded + 8).to_le_bytes());
    out.extend([0, 2, 2, 0]);
    out.extend(data);
    out.resize(image.len() + 8 + padded, 0);
    // The fifth entry of the directory of an image of 64 bits.
    let at = 0x40 + 24 + 112 + 4 * 8;
    out[at..at + 4].copy_from_slice(&four(image.len()).to_le_bytes());
    out[at + 4..at + 8].copy_from_slice(&four(padded + 8).to_le_bytes());
    out
}

/// A token over a signature: the attribute.
pub(crate) fn token(signature: &[u8], at: u32, certificates: &[&Plan]) -> Vec<u8> {
    let imprint = der(SEQUENCE, &[&algorithm(SHA256), &der(OCTETS, &[&digest(signature)])]);
    let number = der(INTEGER, &[&[1]]);
    let info =
        der(SEQUENCE, &[&number, &der(OBJECT, &[&[0x2a, 3]]), &imprint, &number, &stamp(at)]);
    let kind = object(PKCS9, &[16, 1, 4]);
    let data = signed_data(&kind, &der(OCTETS, &[&info]), &info, certificates, &|_| vec![]);
    attribute(&object(MICROSOFT, &[3, 3, 1]), &data)
}

/// A countersignature as it was made before: the attribute. Its certificates stand beside the signer's.
pub(crate) fn countersignature(signature: &[u8], at: u32, by: &Plan) -> Vec<u8> {
    let when = attribute(&object(PKCS9, &[5]), &stamp(at));
    let info = signer_info(by, &object(PKCS7, &[1]), signature, &when, &|_| vec![]);
    attribute(&object(PKCS9, &[6]), &info)
}

/// Further signed data: the attribute.
pub(crate) fn nested(data: &[u8]) -> Vec<u8> {
    attribute(&object(MICROSOFT, &[2, 4, 1]), data)
}

/// A catalogue that lists digests: by name, or as an attribute of an entry that is named by something else.
pub(crate) fn catalog(by_name: &[&[u8]], inside: &[&[u8]], certificates: &[&Plan]) -> Vec<u8> {
    let mut entries: Vec<u8> = Vec::new();
    for digest in by_name {
        entries.extend(der(SEQUENCE, &[&der(OCTETS, &[digest]), &der(SET, &[])]));
    }
    for digest in inside {
        let data = attribute(&object(MICROSOFT, &[2, 1, 4]), &der(SEQUENCE, &[&indirect(digest)]));
        let other = attribute(&object(MICROSOFT, &[12, 2, 2]), &der(4, &[b"x"]));
        entries.extend(der(SEQUENCE, &[&der(OCTETS, &[b"6\0A\0"]), &der(SET, &[&other, &data])]));
    }
    let list = [
        der(SEQUENCE, &[&object(MICROSOFT, &[12, 1, 1])]),
        der(OCTETS, &[b"list"]),
        stamp(2020),
        algorithm(&[MICROSOFT, &[12, 1, 3]].concat()),
        der(SEQUENCE, &[&entries]),
    ]
    .concat();
    let kind = object(MICROSOFT, &[10, 1]);
    signed_data(&kind, &der(SEQUENCE, &[&list]), &list, certificates, &|_| vec![])
}
