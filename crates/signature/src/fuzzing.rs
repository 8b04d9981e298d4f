// SPDX-License-Identifier: Apache-2.0
//! What the fuzz target needs, with what must hold of every answer.

use crate::{Roots, Signed, Trust, Verdict, View, listed_as, of, of_catalog};

/// Images of the tests, signed: by a certificate that is its own root; twice, by a chain up to `ROOT`, with timestamps.
const ALONE: &[u8] = include_bytes!("../fixture/rsa.exe");
const CHAIN: &[u8] = include_bytes!("../fixture/dual.exe");
const ROOT: &[u8] = include_bytes!("../fixture/root.der");
/// 2100-01-01.
const NOW: i64 = 4_102_444_800;

/// Bytes as an image and as a catalogue; or, behind a first byte that is odd, put over a signed image at the place that the next two
/// say (over the chain when its second bit is set).
pub fn image(bytes: &[u8]) {
    let Some(([how, low, high], rest)) = bytes.split_first_chunk::<3>() else { return };
    let roots = Roots::new([ROOT.to_vec()], []);
    let view = View { roots: &roots, now: NOW };
    if how & 1 == 0 {
        for bytes in [bytes, rest] {
            of(bytes, view);
            let _ = of_catalog(bytes, &listed_as(ALONE).unwrap_or_default(), view);
            let _ = Roots::new([bytes.to_vec()], []);
        }
        return;
    }
    let signed = if how & 2 == 0 { ALONE } else { CHAIN };
    let at = usize::from(u16::from_le_bytes([*low, *high])) % signed.len();
    let mut image = signed.to_vec();
    for (place, byte) in image.iter_mut().skip(at).zip(rest) {
        *place = *byte;
    }
    // The section is signed: whatever else was changed, another one is never intact.
    let section = 0x200..0x400;
    if let Signed::By(signature) = of(&image, view) {
        if image.get(section.clone()) != signed.get(section) {
            assert!(!matches!(signature.verdict, Verdict::Intact(_)));
        }
        let trusted = signature.verdict == Verdict::Intact(Trust::Trusted);
        assert!(!trusted || signed == CHAIN, "nobody trusts who signs for himself");
    }
}
