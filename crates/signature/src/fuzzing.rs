// SPDX-License-Identifier: Apache-2.0
//! What the fuzz target needs, with what must hold of every answer.

use crate::{Signed, Verdict, of};

/// The image of the tests, signed.
const SIGNED: &[u8] = include_bytes!("../fixture/rsa.exe");

/// Bytes as an image; or, behind a first byte that is odd, put over the signed image at the place that the next two say.
pub fn image(bytes: &[u8]) {
    let Some(([how, low, high], rest)) = bytes.split_first_chunk::<3>() else { return };
    if how & 1 == 0 {
        of(bytes);
        of(rest);
        return;
    }
    let at = usize::from(u16::from_le_bytes([*low, *high])) % SIGNED.len();
    let mut image = SIGNED.to_vec();
    for (place, byte) in image.iter_mut().skip(at).zip(rest) {
        *place = *byte;
    }
    // The section is signed: whatever else was changed, another one is never intact.
    let section = 0x200..0x400;
    if let Signed::By(signature) = of(&image)
        && image.get(section.clone()) != SIGNED.get(section)
    {
        assert_ne!(signature.verdict, Verdict::Intact);
    }
}
