// SPDX-License-Identifier: Apache-2.0
//! Tests of the reader of DNS messages.

use super::*;
use proptest::prelude::*;

/// An answer to `www.example.org A`: a CNAME by pointer, two addresses.
fn answer() -> Vec<u8> {
    let mut out = vec![0x12, 0x34, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0];
    out.extend(b"\x03www\x07example\x03org\0\0\x01\0\x01");
    out.extend(b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x06\x03cdn\xc0\x10");
    out.extend(b"\x03cdn\xc0\x10\0\x01\0\x01\0\0\0\x05\0\x04\x7f\0\0\x02");
    out.extend(b"\xc0\x0c\0\x1c\0\x01\0\0\0\x05\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01");
    out
}

#[test]
fn an_answer_is_read() {
    let message = Message::parse(&answer()).unwrap();
    assert!(message.response && message.code == 0 && message.id == 0x1234);
    let question = message.question.unwrap();
    assert_eq!((question.name.as_str(), question.kind, question.class), ("www.example.org", 1, 1));
    let got: Vec<_> =
        message.answers.iter().map(|a| (a.name.as_str(), a.kind, a.ttl, a.data.as_str())).collect();
    assert_eq!(
        got,
        [
            ("www.example.org", 5, 60, "cdn.example.org"),
            ("cdn.example.org", 1, 5, "127.0.0.2"),
            ("www.example.org", 28, 5, "::1"),
        ]
    );
}

#[test]
fn damage_keeps_what_was_whole() {
    let whole = answer();
    let cut = Message::parse(&whole[..whole.len() - 1]).unwrap();
    assert_eq!(cut.answers.len(), 2);
    assert_eq!(Message::parse(b""), None);
    assert_eq!(Message::parse(&[0; 12]), None, "neither question nor answer");
    // A name that points at itself.
    let mut looped = whole[..12].to_vec();
    looped.extend(b"\xc0\x0c\0\x01\0\x01");
    assert_eq!(Message::parse(&looped), None);
}

#[test]
fn labels_are_escaped() {
    let mut out = String::new();
    push_label(&mut out, b"a.b\\ \xff");
    assert_eq!(out, "a\\.b\\\\\\032\\255");
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Message::parse(&bytes);
    }

    #[test]
    fn flipped_bytes_are_survived(at in 0_usize..100, value: u8) {
        let mut bytes = answer();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        let _ = Message::parse(&bytes);
    }
}
