// SPDX-License-Identifier: Apache-2.0
//! Tests of `fingerprint`: texts worked out by hand, hashes by other programs.

use super::*;
use crate::handshake::{Message, messages};
use crate::samples;

fn sample() -> ClientHello {
    let (found, _) = messages(&samples::client_hello());
    let Some(Message::Client(hello)) = found.into_iter().next() else { panic!() };
    hello
}

#[test]
fn ja3_leaves_grease_out() {
    assert_eq!(ja3_text(&sample()), "771,4865-4866-49199,0-10-11-13-16-43,29-23,0");
    // Published for this text by the method's authors.
    let known = ClientHello {
        version: 769,
        ciphers: vec![47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
        extensions: vec![0, 10, 11],
        groups: vec![23, 24, 25],
        point_formats: vec![0],
        ..ClientHello::default()
    };
    assert_eq!(ja3(&known), "ada70206e40642a3e4461f35503241d5");
    let bare = ClientHello { ciphers: vec![4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99], ..known };
    let bare = ClientHello { extensions: vec![], groups: vec![], point_formats: vec![], ..bare };
    assert_eq!(ja3(&bare), "de350869b8c85de67a350c8d186f11e6");
}

#[test]
fn ja3s_is_of_what_was_chosen() {
    let hello = ServerHello {
        version: 769,
        cipher: 47,
        extensions: vec![65_281, 0, 11, 35, 5, 16],
        ..ServerHello::default()
    };
    assert_eq!(ja3s(&hello), "836ce314215654b5b1f85f97c73e506f");
}

#[test]
fn ja4_sorts_and_counts() {
    // 3 ciphers, 6 extensions, ALPN h2; hashes of `1301,1302,c02f` and `000a,000b,000d,002b_0403,0804`.
    let ciphers = hex(&Sha256::digest("1301,1302,c02f"));
    let rest = hex(&Sha256::digest("000a,000b,000d,002b_0403,0804"));
    assert_eq!(ja4(&sample()), format!("t13d0306h2_{}_{}", &ciphers[..12], &rest[..12]));
    // Published with the method: a browser's hello.
    let browser = ClientHello {
        version: 0x0303,
        versions: vec![0x0304, 0x0303],
        ciphers: vec![
            0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
            0x009c, 0x009d, 0x002f, 0x0035,
        ],
        extensions: vec![
            0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012,
            0x002b, 0xff01, 0x000b, 0x000a, 0x0015,
        ],
        signatures: vec![0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
        alpn: vec![b"h2".to_vec()],
        ..ClientHello::default()
    };
    assert_eq!(ja4(&browser), "t13d1516h2_8daaf6152771_e5627efa2ab1");
    let nothing = ClientHello { version: 0x0301, ..ClientHello::default() };
    assert_eq!(ja4(&nothing), "t10i000000_000000000000_000000000000");
    let odd = ClientHello { alpn: vec![vec![0xab, 0x01]], ..nothing };
    assert!(ja4(&odd).starts_with("t10i0000a1_"));
}
