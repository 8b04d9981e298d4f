// SPDX-License-Identifier: Apache-2.0
//! Images that `fixture/make.sh` has signed with the tools of others, as they are and changed, and images that are signed here.

use super::samples::{
    CODE, LIFETIME, Plan, SERVER, catalog, countersignature, into_image, issuer, leaf, nested,
    of_image, teller, token, year,
};
use super::*;
use proptest::prelude::*;

const PLAIN: &[u8] = include_bytes!("../fixture/plain.exe");
const RSA: &[u8] = include_bytes!("../fixture/rsa.exe");
const EC: &[u8] = include_bytes!("../fixture/ec.exe");
const CHAIN: &[u8] = include_bytes!("../fixture/chain.exe");
const DUAL: &[u8] = include_bytes!("../fixture/dual.exe");
const ROOT: &[u8] = include_bytes!("../fixture/root.der");
/// When the fixtures were not made yet, and when the signer's certificate of `CHAIN` has ended long ago.
const BEFORE: u32 = 2020;
const AFTER: u32 = 2100;

fn seen(bytes: &[u8], roots: &Roots, now: i64) -> Signature {
    match of(bytes, View { roots, now }) {
        Signed::By(signature) => *signature,
        other => panic!("{other:?}"),
    }
}

fn signature(bytes: &[u8]) -> Signature {
    seen(bytes, &Roots::none(), year(AFTER))
}

fn is_intact(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Intact(_))
}

#[test]
fn an_image_that_was_not_changed_is_intact_and_names_its_signer() {
    let signature = signature(RSA);
    assert_eq!(signature.verdict, Verdict::Intact(Trust::SelfSigned));
    assert_eq!(signature.signer.subject, "/C=XX/O=Evtables/CN=Evtables rsa");
    assert_eq!(signature.signer.issuer, "/C=XX/O=Evtables/CN=Evtables rsa");
    assert_eq!(signature.signer.serial, "0BADCAFE");
    assert_eq!(
        (signature.certificates, signature.hash, signature.key_bits, signature.version),
        (1, "sha256", Some(2048), 3)
    );
    assert_eq!((signature.algorithm, signature.signed_at), (Some("sha256RSA"), None));
    assert_eq!(signature.key.len(), 270);
}

#[test]
fn a_signature_by_a_curve_is_checked_like_another() {
    let known = signature(EC);
    assert_eq!((known.verdict, known.key_bits), (Verdict::Intact(Trust::SelfSigned), Some(256)));
    let mut changed = EC.to_vec();
    changed[0x200] = 0x90;
    assert_eq!(signature(&changed).verdict, Verdict::BadDigest);
}

#[test]
fn a_chain_that_others_made_holds_up_to_the_root_that_is_known() {
    let roots = Roots::new([ROOT.to_vec()], []);
    // The certificate has ended, and the timestamp says that the signature is older.
    let known = seen(CHAIN, &roots, year(AFTER));
    assert_eq!(known.verdict, Verdict::Intact(Trust::Trusted));
    assert_eq!((known.verdict.word(), known.verdict.is_trusted()), ("Valid", Some(true)));
    assert_eq!((known.hash, known.key_bits), ("sha384", Some(384)));
    let at = known.signed_at.unwrap();
    assert!(at > year(BEFORE) && at < year(AFTER), "{at}");
    // The root is not in the file.
    assert_eq!(signature(CHAIN).verdict, Verdict::Intact(Trust::Incomplete));
    assert_eq!(signature(CHAIN).verdict.is_trusted(), None);
    let distrusted = Roots::new([], [ROOT.to_vec()]);
    assert_eq!(seen(CHAIN, &distrusted, at).verdict, Verdict::Intact(Trust::Incomplete));
    let both = Roots::new([ROOT.to_vec()], [ROOT.to_vec()]);
    assert_eq!(seen(CHAIN, &both, at).verdict, Verdict::Intact(Trust::Disallowed));
    // A second signature by the same signer: no more than the first says.
    let two = seen(DUAL, &roots, year(AFTER));
    assert_eq!((two.verdict, two.hash), (Verdict::Intact(Trust::Trusted), "sha384"));
    assert!(two.certificates > known.certificates);
}

/// A root, an issuer and a signer; what `change` makes of them.
fn chain_of(change: impl Fn(&mut [Plan; 3])) -> Trust {
    let mut plans = [leaf("signer", "issuer"), issuer("issuer", "root"), issuer("root", "root")];
    change(&mut plans);
    let [signer, issuer, root] = &plans;
    let image = into_image(PLAIN, &of_image(PLAIN, &[signer, issuer], &|_| vec![]));
    let roots = Roots::new([root.der()], []);
    match seen(&image, &roots, year(2021)).verdict {
        Verdict::Intact(trust) => trust,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_link_has_to_hold() {
    assert_eq!(chain_of(|_| {}), Trust::Trusted);
    assert_eq!(chain_of(|[signer, ..]| signer.life = (2019, 2020)), Trust::Expired);
    assert_eq!(chain_of(|[signer, ..]| signer.life = (2022, 2023)), Trust::NotYetValid);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.life = (2019, 2020)), Trust::Expired);
    assert_eq!(chain_of(|[.., root]| root.life = (2019, 2020)), Trust::Expired);
    assert_eq!(chain_of(|[signer, ..]| signer.uses = vec![SERVER]), Trust::WrongUsage);
    assert_eq!(chain_of(|[signer, ..]| signer.uses = vec![]), Trust::Trusted);
    assert_eq!(chain_of(|[signer, ..]| signer.key_usage = Some(0x20)), Trust::WrongUsage);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.uses = vec![SERVER]), Trust::WrongUsage);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.uses = vec![SERVER, CODE]), Trust::Trusted);
    // Signed by somebody else under the issuer's name.
    assert_eq!(chain_of(|[signer, ..]| signer.signer = Some("thief")), Trust::BadChain);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.signer = Some("thief")), Trust::BadChain);
    // An issuer that is none.
    assert_eq!(chain_of(|[_, issuer, _]| issuer.issues = None), Trust::BadChain);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.key_usage = Some(0x80)), Trust::BadChain);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.issues = Some(Some(0))), Trust::Trusted);
    assert_eq!(chain_of(|[.., root]| root.issues = Some(Some(0))), Trust::BadChain);
    assert_eq!(chain_of(|[.., root]| root.issues = Some(Some(1))), Trust::Trusted);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.riddle = true), Trust::NotChecked);
    assert_eq!(chain_of(|[_, issuer, _]| issuer.issuer = "elsewhere"), Trust::Incomplete);
}

#[test]
fn the_best_of_several_ways_counts_and_a_ring_ends() {
    let (signer, first) = (leaf("signer", "issuer"), issuer("issuer", "root"));
    let other = Plan { serial: 9, ..issuer("issuer", "gone") };
    let ended = Plan { serial: 8, life: (2010, 2012), ..issuer("issuer", "root") };
    let root = issuer("root", "root");
    let known = Roots::new([root.der()], []);
    let trust = |certificates: &[&Plan], roots: &Roots| {
        let image = into_image(PLAIN, &of_image(PLAIN, certificates, &|_| vec![]));
        seen(&image, roots, year(2021)).verdict
    };
    let all = [&signer, &other, &ended, &first];
    assert_eq!(trust(&all, &known), Verdict::Intact(Trust::Trusted));
    assert_eq!(trust(&all, &Roots::none()), Verdict::Intact(Trust::Incomplete));
    let whole = [&signer, &other, &first, &root];
    assert_eq!(trust(&whole, &Roots::none()), Verdict::Intact(Trust::UnknownRoot));
    // Two that sign each other, and nobody else.
    let (a, b) = (issuer("issuer", "b"), issuer("b", "issuer"));
    assert_eq!(trust(&[&signer, &a, &b], &known), Verdict::Intact(Trust::NotChecked));
    // Many of one name: what is looked at has a bound.
    let many: Vec<Plan> =
        (0..31).map(|serial| Plan { serial, ..issuer("issuer", "issuer") }).collect();
    let many: Vec<&Plan> = [&signer].into_iter().chain(&many).collect();
    assert!(is_intact(trust(&many, &known)));
    // A certificate that is trusted itself needs no other; one that is distrusted has none.
    assert_eq!(trust(&[&signer], &Roots::new([signer.der()], [])), Verdict::Intact(Trust::Trusted));
    let not = Roots::new([root.der()], [signer.der()]);
    assert_eq!(trust(&[&signer, &first], &not), Verdict::Intact(Trust::Disallowed));
}

/// A signer whose certificate lived from 2020 to 2022, seen in 2023, with a timestamp (or two) that `stamp` makes of his signature.
fn stamped(
    signer: &Plan,
    beside: &[&Plan],
    stamp: &dyn Fn(&[u8]) -> Vec<u8>,
    roots: &[&Plan],
) -> Signature {
    let issuer = issuer("issuer", "root");
    let certificates = [&[signer, &issuer], beside].concat();
    let image = into_image(PLAIN, &of_image(PLAIN, &certificates, stamp));
    let roots = Roots::new(roots.iter().map(|plan| plan.der()), []);
    seen(&image, &roots, year(2023))
}

#[test]
fn a_timestamp_tells_when_a_signature_was_there() {
    let (signer, root) = (leaf("signer", "issuer"), issuer("root", "root"));
    let clock = Plan { serial: 3, ..teller("clock", "root") };
    let trusted = |stamp: &dyn Fn(&[u8]) -> Vec<u8>| {
        let seen = stamped(&signer, &[&clock], stamp, &[&root]);
        (seen.verdict, seen.signed_at)
    };
    let intact = Verdict::Intact;
    assert_eq!(trusted(&|_| vec![]), (intact(Trust::Expired), None));
    let in_2021 = Some(year(2021));
    assert_eq!(trusted(&|s| token(s, 2021, &[&clock])), (intact(Trust::Trusted), in_2021));
    assert_eq!(trusted(&|s| countersignature(s, 2021, &clock)), (intact(Trust::Trusted), in_2021));
    // It was signed when the certificate had ended, or had not begun.
    assert_eq!(trusted(&|s| token(s, 2023, &[&clock])).0, intact(Trust::Expired));
    assert_eq!(trusted(&|s| token(s, 2019, &[&clock])).0, intact(Trust::NotYetValid));
    // It is over another signature, or not by whom it names.
    assert_eq!(trusted(&|_| token(b"x", 2021, &[&clock])), (intact(Trust::BadTimestamp), None));
    assert_eq!(trusted(&|_| countersignature(b"x", 2021, &clock)).0, intact(Trust::BadTimestamp));
    // The teller's certificate is for something else, has ended by then, or is his own root: he proves nothing.
    for wrong in [
        Plan { uses: vec![CODE], ..clock.clone() },
        Plan { uses: vec![], ..clock.clone() },
        Plan { life: (2010, 2020), ..clock.clone() },
        Plan { issuer: "clock", ..clock.clone() },
    ] {
        let seen = stamped(&signer, &[], &|s| token(s, 2021, &[&wrong]), &[&root]);
        assert_eq!(seen.verdict, intact(Trust::Expired), "{wrong:?}");
    }
    // Nobody here knows the teller: neither yes nor no.
    let stranger = teller("clock", "elsewhere");
    let seen = stamped(&signer, &[], &|s| token(s, 2021, &[&stranger]), &[&root]);
    assert_eq!(seen.verdict, intact(Trust::Incomplete));
    assert_eq!(seen.verdict.is_trusted(), None);
    let seen = stamped(&signer, &[], &|s| token(s, 2021, &[&clock]), &[]);
    assert_eq!(seen.verdict, intact(Trust::Incomplete));
    // A certificate that says so ends with its life, timestamp or not.
    let strict = Plan { uses: vec![CODE, LIFETIME], ..signer.clone() };
    let seen = stamped(&strict, &[], &|s| token(s, 2021, &[&clock]), &[&root]);
    assert_eq!(seen.verdict, intact(Trust::Expired));
}

#[test]
fn a_changed_timestamp_is_never_believed() {
    let (signer, root) = (leaf("signer", "issuer"), issuer("root", "root"));
    let clock = Plan { serial: 3, ..teller("clock", "root") };
    for makes in [0, 1] {
        let stamp = |s: &[u8]| match makes {
            0 => token(s, 2021, &[&clock]),
            _ => countersignature(s, 2021, &clock),
        };
        let length = stamp(b"").len();
        for at in (0..length).step_by(7) {
            let changed = |s: &[u8]| {
                let mut stamp = stamp(s);
                if let Some(byte) = stamp.get_mut(at) {
                    *byte ^= 0x10;
                }
                stamp
            };
            let seen = stamped(&signer, &[&clock], &changed, &[&root]);
            let untouched = seen.signed_at == Some(year(2021));
            assert!(untouched || seen.verdict != Verdict::Intact(Trust::Trusted), "{at}: {seen:?}");
        }
    }
}

#[test]
fn of_two_signatures_the_one_that_is_trusted_more_is_told() {
    let (old, new) = (leaf("old", "elsewhere"), Plan { serial: 9, ..leaf("new", "root") });
    let roots = Roots::new([issuer("root", "root").der()], []);
    let second = of_image(PLAIN, &[&new], &|_| vec![]);
    let both = |first: &Plan| into_image(PLAIN, &of_image(PLAIN, &[first], &|_| nested(&second)));
    let told = seen(&both(&old), &roots, year(2021));
    assert_eq!(told.verdict, Verdict::Intact(Trust::Trusted));
    assert_eq!((told.signer.subject.as_str(), told.certificates), ("/CN=new", 2));
    // A file that the first one is not of is not saved by the second.
    let mut changed = both(&old);
    changed[0x200] ^= 1;
    assert_eq!(seen(&changed, &roots, year(2021)).verdict, Verdict::BadDigest);
    let other = Plan { serial: 4, ..leaf("other", "root") };
    let told = seen(&both(&other), &roots, year(2021));
    assert_eq!(told.signer.subject, "/CN=other", "the first of two that are trusted alike");
}

#[test]
fn a_catalogue_signs_what_it_lists() {
    let signer = leaf("signer", "root");
    let roots = Roots::new([issuer("root", "root").der()], []);
    let view = View { roots: &roots, now: year(2021) };
    // A file that is filled up: its digest is that of the longer one.
    let odd = [PLAIN, b"xyz"].concat();
    let even = [PLAIN, b"xyz\0\0\0\0\0"].concat();
    let listed = listed_as(&odd).unwrap();
    assert_eq!(listed, listed_as(&even).unwrap());
    assert_ne!(listed, listed_as(PLAIN).unwrap());
    assert_eq!(listed_as(b"text"), None);
    let by_name = catalog(&[b"other", &listed[0]], &[], &[&signer]);
    let inside = catalog(&[b"other"], &[&[7; 32], &listed[1]], &[&signer]);
    for one in [&by_name, &inside] {
        let seen = of_catalog(one, &listed, view).unwrap();
        assert_eq!(seen.verdict, Verdict::Intact(Trust::Trusted));
        assert_eq!(seen.signer.subject, "/CN=signer");
        assert_eq!(of_catalog(one, &listed_as(PLAIN).unwrap(), view), None);
        assert_eq!(of_catalog(one, &[], view), None);
    }
    // Another entry than was signed.
    let mut changed = inside.clone();
    let at = changed.windows(32).position(|window| window == [7; 32]).unwrap();
    changed[at..at + 32].copy_from_slice(&listed_as(PLAIN).unwrap()[1]);
    let seen = of_catalog(&changed, &listed_as(PLAIN).unwrap(), view).unwrap();
    assert_eq!(seen.verdict, Verdict::BadSignature);
    // One that others made.
    let made = include_bytes!("../fixture/plain.cat");
    let known = Roots::new([ROOT.to_vec()], []);
    let view_of_root = View { roots: &known, now: year(AFTER) };
    let seen = of_catalog(made, &listed_as(PLAIN).unwrap(), view_of_root).unwrap();
    assert_eq!(seen.verdict, Verdict::Intact(Trust::Trusted));
    // Signed data of something else is no catalogue.
    assert_eq!(of_catalog(&of_image(PLAIN, &[&signer], &|_| vec![]), &listed, view), None);
}

#[test]
fn what_is_not_signed_says_so() {
    let none = Roots::none();
    let view = View { roots: &none, now: 0 };
    assert_eq!(of(PLAIN, view), Signed::Not);
    assert_eq!(of(b"", view), Signed::NoImage);
    assert_eq!(of(&PLAIN[..0x60], view), Signed::NoImage);
    let mut cut = RSA.to_vec();
    // The table names more bytes than there are.
    cut.truncate(RSA.len() - 8);
    assert_eq!(of(&cut, view), Signed::Not);
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
        assert!(is_intact(signature(&changed).verdict), "{at:#x}");
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
        match of(&changed, View { roots: &Roots::none(), now: 0 }) {
            Signed::By(signature) => assert!(!is_intact(signature.verdict), "{at:#x}"),
            Signed::Unreadable => {}
            other => panic!("{at:#x}: {other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn bytes_are_not_believed(
        fixture in prop::sample::select(vec![RSA, CHAIN, DUAL]),
        at in any::<prop::sample::Index>(),
        put in prop::collection::vec(any::<u8>(), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fixture.to_vec();
        let at = at.index(bytes.len() - put.len());
        bytes[at..at + put.len()].copy_from_slice(&put);
        let changed = bytes != fixture;
        let roots = Roots::new([ROOT.to_vec()], []);
        let view = View { roots: &roots, now: year(AFTER) };
        if let Signed::By(signature) = of(&bytes, view) {
            // Only what is outside the digest, and names nothing, may change and stay.
            prop_assert!(!is_intact(signature.verdict) || !changed || at < 0x200 || at >= PLAIN.len());
            prop_assert!(fixture != RSA || signature.verdict != Verdict::Intact(Trust::Trusted));
        }
        bytes.truncate(cut.index(bytes.len()));
        of(&bytes, view);
    }

    #[test]
    fn catalogues_are_not_believed(
        at in any::<prop::sample::Index>(),
        put in prop::collection::vec(any::<u8>(), 1..8),
    ) {
        let signer = leaf("signer", "root");
        let roots = Roots::new([issuer("root", "root").der()], []);
        let view = View { roots: &roots, now: year(2021) };
        let listed = listed_as(PLAIN).unwrap();
        let mut bytes = catalog(&[&listed[0]], &[&[7; 32]], &[&signer]);
        let at = at.index(bytes.len() - put.len());
        bytes[at..at + put.len()].copy_from_slice(&put);
        // What is listed now and was not when it was signed is not signed.
        let never = [vec![7; 20], put];
        if let Some(signature) = of_catalog(&bytes, &never, view) {
            prop_assert!(!is_intact(signature.verdict));
        }
        let _ = of_catalog(&bytes, &listed, view);
    }
}
