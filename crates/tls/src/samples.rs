// SPDX-License-Identifier: Apache-2.0
//! Handshakes made by hand, for tests.
#![allow(clippy::unwrap_used)] // Test code.

fn u16(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_be_bytes()
}

fn long(bytes: &[u8]) -> Vec<u8> {
    [&u16(bytes.len())[..], bytes].concat()
}

fn short(bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(bytes.len()).unwrap()][..], bytes].concat()
}

fn wide(bytes: &[u8]) -> Vec<u8> {
    [&[0], &u16(bytes.len())[..], bytes].concat()
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &long(body)].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &wide(body)].concat()
}

/// A record of a handshake.
#[must_use]
pub fn record(body: &[u8]) -> Vec<u8> {
    [&[22, 3, 1][..], &long(body)].concat()
}

/// A client that offers TLS 1.3 to `www.example.test`.
#[must_use]
pub fn client_hello() -> Vec<u8> {
    let name = [&[0][..], &long(b"www.example.test")].concat();
    let protocols = [short(b"h2"), short(b"http/1.1")].concat();
    let extensions = [
        extension(0x2a2a, b""),
        extension(0, &long(&name)),
        extension(10, &long(&[0, 29, 0, 23])),
        extension(11, &short(&[0])),
        extension(13, &long(&[4, 3, 8, 4])),
        extension(16, &long(&protocols)),
        extension(43, &short(&[0x3a, 0x3a, 3, 4, 3, 3])),
    ]
    .concat();
    let body = [
        &[3, 3][..],
        &[7; 32],
        &short(&[9; 32]),
        &long(&[0x1a, 0x1a, 0x13, 1, 0x13, 2, 0xc0, 0x2f]),
        &short(&[0]),
        &long(&extensions),
    ]
    .concat();
    record(&message(1, &body))
}

/// Hello, certificates and end of a TLS 1.2 server, over three records that end anywhere.
#[must_use]
pub fn server_flight() -> Vec<u8> {
    let extensions = [extension(65_281, &[0]), extension(16, &long(&short(b"h2")))].concat();
    let hello = [&[3, 3][..], &[7; 32], &short(b""), &[0xc0, 0x2f, 0], &long(&extensions)].concat();
    let chain = [wide(b"first"), wide(b"second")].concat();
    let all = [message(2, &hello), message(11, &wide(&chain)), message(14, b"")].concat();
    let (first, rest) = all.split_at(30);
    let (second, third) = rest.split_at(40);
    [record(first), record(second), record(third)].concat()
}
