// SPDX-License-Identifier: Apache-2.0
//! Images that `fixture/make.sh` has signed, as they are and changed.

use super::*;
use proptest::prelude::*;

const PLAIN: &[u8] = include_bytes!("../fixture/plain.exe");
const RSA: &[u8] = include_bytes!("../fixture/rsa.exe");
const EC: &[u8] = include_bytes!("../fixture/ec.exe");

fn signature(bytes: &[u8]) -> Signature {
    match of(bytes) {
        Signed::By(signature) => *signature,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_image_that_was_not_changed_is_intact_and_names_its_signer() {
    let signature = signature(RSA);
    assert_eq!(signature.verdict, Verdict::Intact);
    assert_eq!(signature.signer.subject, "/C=XX/O=Evtables/CN=Evtables rsa");
    assert_eq!(signature.signer.issuer, "/C=XX/O=Evtables/CN=Evtables rsa");
    assert_eq!(signature.signer.serial, "0BADCAFE");
    assert_eq!(
        (signature.certificates, signature.hash, signature.key_bits),
        (1, "sha256", Some(2048))
    );
}

#[test]
fn a_signature_of_another_kind_of_key_is_not_judged_but_its_file_is() {
    let signature = signature(EC);
    assert_eq!((signature.verdict, signature.key_bits), (Verdict::NotChecked, None));
    let mut changed = EC.to_vec();
    changed[0x200] = 0x90;
    assert_eq!(super::tests::signature(&changed).verdict, Verdict::BadDigest);
}

#[test]
fn what_is_not_signed_says_so() {
    assert_eq!(of(PLAIN), Signed::Not);
    assert_eq!(of(b""), Signed::NoImage);
    assert_eq!(of(&PLAIN[..0x60]), Signed::NoImage);
    let mut cut = RSA.to_vec();
    // The table names more bytes than there are.
    cut.truncate(RSA.len() - 8);
    assert_eq!(of(&cut), Signed::Not);
}

/// Where the signature stands, from the image itself.
fn table() -> std::ops::Range<usize> {
    PLAIN.len()..RSA.len()
}

#[test]
fn a_changed_byte_anywhere_in_the_file_is_seen_and_the_checksum_is_none_of_it() {
    let checksum = 0x40 + 24 + 64;
    for at in 0x200..table().start {
        let mut changed = RSA.to_vec();
        changed[at] ^= 1;
        assert_eq!(signature(&changed).verdict, Verdict::BadDigest, "{at:#x}");
    }
    for at in checksum..checksum + 4 {
        let mut changed = RSA.to_vec();
        changed[at] ^= 1;
        assert_eq!(signature(&changed).verdict, Verdict::Intact, "{at:#x}");
    }
    // What is put behind the signature belongs to the file.
    let longer = [RSA, &[1]].concat();
    assert_eq!(signature(&longer).verdict, Verdict::BadDigest);
}

#[test]
fn a_changed_signature_never_stays_intact() {
    // The last bytes but padding: the signature itself.
    let mut end = table().end;
    while RSA[end - 1] == 0 {
        end -= 1;
    }
    for at in end - 200..end {
        let mut changed = RSA.to_vec();
        changed[at] ^= 0x40;
        match of(&changed) {
            Signed::By(signature) => assert_ne!(signature.verdict, Verdict::Intact, "{at:#x}"),
            Signed::Unreadable => {}
            other => panic!("{at:#x}: {other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn bytes_are_not_believed(
        at in any::<prop::sample::Index>(),
        put in prop::collection::vec(any::<u8>(), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = RSA.to_vec();
        let at = at.index(bytes.len() - put.len());
        bytes[at..at + put.len()].copy_from_slice(&put);
        let changed = bytes != RSA;
        if let Signed::By(signature) = of(&bytes) {
            // Only what is outside the digest, and names nothing, may change and stay.
            prop_assert!(signature.verdict != Verdict::Intact || !changed || at < 0x200 || at >= table().start);
        }
        bytes.truncate(cut.index(bytes.len()));
        of(&bytes);
    }
}
