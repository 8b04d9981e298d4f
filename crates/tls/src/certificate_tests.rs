// SPDX-License-Identifier: Apache-2.0
//! Tests of `certificate`: one that OpenSSL made, whole, cut and damaged.

use super::*;
use proptest::prelude::*;

/// `openssl req -x509 -newkey ed25519 -subj /C=XX/O=Evtables/CN=leaf.example.test -set_serial 0x0BADCAFE
/// -addext subjectAltName=DNS:leaf.example.test,DNS:*.example.test,IP:127.0.0.9,IP:::1 -days 36500 -outform DER`
const DER: &[u8] = include_bytes!("leaf.der");

#[test]
fn a_certificate_says_who_it_is_for() {
    let certificate = Certificate::parse(DER).unwrap();
    assert_eq!(certificate.subject, "/C=XX/O=Evtables/CN=leaf.example.test");
    assert_eq!(certificate.issuer, certificate.subject);
    assert_eq!(certificate.serial, "0BADCAFE");
    let names = ["DNS:leaf.example.test", "DNS:*.example.test", "IP:127.0.0.9", "IP:::1"];
    assert_eq!(certificate.names, names);
    assert!(certificate.not_after.unwrap() > 4_000_000_000);
}

#[test]
fn times_of_both_forms() {
    assert_eq!(time(23, b"700101000000Z"), Some(0));
    assert_eq!(time(23, b"491231235959Z"), Some(2_524_607_999));
    assert_eq!(time(24, b"20000229120000Z"), Some(951_825_600));
    for wrong in [&b"20000229120000"[..], b"2000022912000Z", b"20001329120000Z", b"2000", b"Z"] {
        assert_eq!(time(24, wrong), None);
    }
}

#[test]
fn cut_certificates_are_none() {
    assert!((0..DER.len()).all(|end| Certificate::parse(&DER[..end]).is_none()));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        Certificate::parse(&bytes);
    }

    #[test]
    fn damaged_certificates_are_read_without_a_panic(at: usize, value: u8) {
        let mut bytes = DER.to_vec();
        let at = at % bytes.len();
        bytes[at] = value;
        Certificate::parse(&bytes);
    }
}
