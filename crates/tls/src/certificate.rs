// SPDX-License-Identifier: Apache-2.0
//! What a certificate says (RFC 5280, DER): subject, issuer, serial number, names, end. Signatures are
//! not looked at. Foreign bytes: what does not add up is `None`, never a panic.

use crate::der::{Der, INTEGER, OBJECT, OCTETS, SEQUENCE, time};
use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Tags.
const WIDE_STRING: u8 = 30;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// Names of one certificate.
const NAMES_MAX: usize = 256;
/// Parts of one subject.
const PARTS_MAX: usize = 64;
/// 2.5.29.17.
const ALTERNATIVE_NAMES: [u8; 3] = [0x55, 0x1d, 0x11];

/// One certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Upper-case hexadecimal.
    pub serial: String,
    /// `/C=XX/O=…/CN=…`.
    pub subject: String,
    /// The same of who signed it.
    pub issuer: String,
    /// `DNS:name` and `IP:address`.
    pub names: Vec<String>,
    /// Last second of its life, unix time.
    pub not_after: Option<i64>,
}

impl Certificate {
    /// Of the DER of one.
    pub fn parse(der: &[u8]) -> Option<Self> {
        let mut outer = Der(Der(der).expect(SEQUENCE)?);
        let mut body = Der(outer.expect(SEQUENCE)?);
        body.optional(VERSION);
        let serial = hex(body.expect(INTEGER)?);
        body.expect(SEQUENCE)?;
        let issuer = name(body.expect(SEQUENCE)?);
        let mut validity = Der(body.expect(SEQUENCE)?);
        validity.next()?;
        let (tag, end) = validity.next()?;
        let subject = name(body.expect(SEQUENCE)?);
        let mut certificate =
            Self { serial, subject, issuer, names: Vec::new(), not_after: time(tag, end) };
        while let Some((tag, value)) = body.next() {
            if tag == EXTENSIONS {
                certificate.read_extensions(value);
            }
        }
        Some(certificate)
    }

    fn read_extensions(&mut self, value: &[u8]) {
        let Some(all) = Der(value).expect(SEQUENCE) else { return };
        let mut all = Der(all);
        while let Some((SEQUENCE, extension)) = all.next() {
            let mut extension = Der(extension);
            if extension.expect(OBJECT) != Some(&ALTERNATIVE_NAMES) {
                continue;
            }
            // Whether it is critical may stand between.
            while let Some((tag, value)) = extension.next() {
                if tag == OCTETS {
                    self.read_names(value);
                }
            }
        }
    }

    fn read_names(&mut self, value: &[u8]) {
        let Some(names) = Der(value).expect(SEQUENCE) else { return };
        let mut names = Der(names);
        while let Some((tag, value)) = names.next() {
            if self.names.len() >= NAMES_MAX {
                return;
            }
            match tag {
                DNS_NAME => self.names.push(format!("DNS:{}", String::from_utf8_lossy(value))),
                IP_ADDRESS => self.names.extend(address(value)),
                _ => {}
            }
        }
    }
}

fn address(value: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(value) {
        return Some(format!("IP:{}", Ipv4Addr::from(four)));
    }
    <[u8; 16]>::try_from(value).ok().map(|sixteen| format!("IP:{}", Ipv6Addr::from(sixteen)))
}

fn hex(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(bytes);
    let mut out = String::new();
    for byte in bytes {
        let written = write!(out, "{byte:02X}");
        debug_assert!(written.is_ok(), "a string takes all text");
    }
    out
}

/// One line, as OpenSSL writes it: `/C=XX/O=…`.
fn name(value: &[u8]) -> String {
    let mut out = String::new();
    let mut parts = Der(value);
    for _ in 0..PARTS_MAX {
        let Some((_, set)) = parts.next() else { break };
        let mut set = Der(set);
        while let Some((SEQUENCE, pair)) = set.next() {
            let mut pair = Der(pair);
            let (Some(kind), Some((tag, text))) = (pair.expect(OBJECT), pair.next()) else {
                continue;
            };
            let text = if tag == WIDE_STRING {
                wide(text)
            } else {
                String::from_utf8_lossy(text).into_owned()
            };
            let written = write!(out, "/{}={text}", kind_name(kind));
            debug_assert!(written.is_ok(), "a string takes all text");
        }
    }
    out
}

fn wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk());
    char::decode_utf16(units.map(|pair| u16::from_be_bytes(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn kind_name(object: &[u8]) -> String {
    let word = match object {
        [0x55, 4, 3] => "CN",
        [0x55, 4, 4] => "SN",
        [0x55, 4, 5] => "serialNumber",
        [0x55, 4, 6] => "C",
        [0x55, 4, 7] => "L",
        [0x55, 4, 8] => "ST",
        [0x55, 4, 9] => "street",
        [0x55, 4, 10] => "O",
        [0x55, 4, 11] => "OU",
        [0x55, 4, 12] => "title",
        [0x55, 4, 42] => "GN",
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1] => "emailAddress",
        [9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1] => "UID",
        [9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25] => "DC",
        other => return hex(other),
    };
    word.to_owned()
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
