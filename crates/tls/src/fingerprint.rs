// SPDX-License-Identifier: Apache-2.0
//! Fingerprints of clients and servers: JA3 and JA3S (MD5 of what is offered and chosen, in order), JA4
//! (readable head, then hashes of sorted ciphers and extensions).

use crate::handshake::{ClientHello, ServerHello, is_grease};
use md5::Md5;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Extensions that JA4 counts but does not hash: server name, ALPN.
const APART: [u16; 2] = [0, 16];

fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        let written = write!(out, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes all text");
    }
    out
}

fn dashed<T: ToString>(numbers: impl Iterator<Item = T>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join("-")
}

fn plain(numbers: &[u16]) -> impl Iterator<Item = u16> {
    numbers.iter().copied().filter(|number| !is_grease(*number))
}

/// The text that JA3 hashes.
fn ja3_text(hello: &ClientHello) -> String {
    format!(
        "{},{},{},{},{}",
        hello.version,
        dashed(plain(&hello.ciphers)),
        dashed(plain(&hello.extensions)),
        dashed(plain(&hello.groups)),
        dashed(hello.point_formats.iter()),
    )
}

/// JA3 of a client.
#[must_use]
pub fn ja3(hello: &ClientHello) -> String {
    hex(&Md5::digest(ja3_text(hello)))
}

/// JA3S of a server.
#[must_use]
pub fn ja3s(hello: &ServerHello) -> String {
    let extensions = dashed(hello.extensions.iter());
    hex(&Md5::digest(format!("{},{},{extensions}", hello.version, hello.cipher)))
}

/// JA4 of a client over TCP.
#[must_use]
pub fn ja4(hello: &ClientHello) -> String {
    let version = match hello.newest() {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        _ => "00",
    };
    let name = if hello.extensions.contains(&0) { 'd' } else { 'i' };
    let mut ciphers: Vec<u16> = plain(&hello.ciphers).collect();
    let mut extensions: Vec<u16> = plain(&hello.extensions).collect();
    let counts = (ciphers.len().min(99), extensions.len().min(99));
    extensions.retain(|kind| !APART.contains(kind));
    ciphers.sort_unstable();
    extensions.sort_unstable();
    let mut hashed = commas(extensions.into_iter());
    if !hello.signatures.is_empty() && !hashed.is_empty() {
        hashed.push('_');
        hashed.push_str(&commas(plain(&hello.signatures)));
    }
    let (alpn, ciphers) = (alpn_ends(hello), short_hash(&commas(ciphers.into_iter())));
    format!(
        "t{version}{name}{:02}{:02}{alpn}_{ciphers}_{}",
        counts.0,
        counts.1,
        short_hash(&hashed)
    )
}

fn commas(numbers: impl Iterator<Item = u16>) -> String {
    numbers.map(|number| format!("{number:04x}")).collect::<Vec<_>>().join(",")
}

fn short_hash(text: &str) -> String {
    if text.is_empty() {
        return "0".repeat(12);
    }
    let mut hash = hex(&Sha256::digest(text));
    hash.truncate(12);
    hash
}

/// First and last character of the first protocol; of its hexadecimal form when one is no letter or digit.
fn alpn_ends(hello: &ClientHello) -> String {
    let first = hello.alpn.first().map(Vec::as_slice).unwrap_or_default();
    let (Some(head), Some(tail)) = (first.first(), first.last()) else { return "00".to_owned() };
    if head.is_ascii_alphanumeric() && tail.is_ascii_alphanumeric() {
        return [char::from(*head), char::from(*tail)].iter().collect();
    }
    let digits = hex(first);
    [digits.chars().next(), digits.chars().last()].into_iter().flatten().collect()
}

#[cfg(test)]
#[path = "fingerprint_tests.rs"]
mod tests;
