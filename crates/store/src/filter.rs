// SPDX-License-Identifier: Apache-2.0
//! A split-block bloom filter over the values of one column of one segment. Texts are folded to ASCII
//! lower case, because SQL compares them so. Sized by the true number of distinct values.

use twox_hash::XxHash64;

/// One block: eight words, one bit in each per value.
pub(crate) const BLOCK_BYTES: usize = 32;
/// Bits per distinct value: about one false answer in 150.
const BITS_PER_VALUE: usize = 12;
const SALT: [u32; 8] = [
    0x47b6_137b,
    0x4497_4d91,
    0x8824_ad5b,
    0xa2b7_289d,
    0x7054_95c7,
    0x2df1_424b,
    0x9efc_4947,
    0x5c6b_fb31,
];

/// Hash of a value that a filter may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ValueHash(u64);

impl ValueHash {
    /// Of a text, without ASCII case. `scratch` saves allocations.
    pub(crate) fn of_text(text: &[u8], scratch: &mut Vec<u8>) -> Self {
        if !text.iter().any(u8::is_ascii_uppercase) {
            return Self(XxHash64::oneshot(0, text));
        }
        scratch.clear();
        scratch.extend(text.iter().map(u8::to_ascii_lowercase));
        Self(XxHash64::oneshot(0, scratch))
    }

    /// Of an id.
    pub(crate) fn of_id(id: [u8; 16]) -> Self {
        Self(XxHash64::oneshot(0, &id))
    }

    /// Of an integer.
    pub(crate) fn of_int(value: i64) -> Self {
        Self(XxHash64::oneshot(0, &value.to_le_bytes()))
    }

    /// Which of `blocks` blocks holds it.
    pub(crate) fn block(self, blocks: usize) -> usize {
        let blocks = u64::try_from(blocks).unwrap_or(1);
        usize::try_from(((self.0 >> 32) * blocks) >> 32).unwrap_or(0)
    }

    /// Its bits in the words of the block.
    fn bits(self) -> [u32; 8] {
        let [a, b, c, d, ..] = self.0.to_le_bytes();
        let key = u32::from_le_bytes([a, b, c, d]);
        SALT.map(|salt| 1 << (key.wrapping_mul(salt) >> 27))
    }

    /// Whether the block may hold it.
    pub(crate) fn may_be_in(self, block: &[u8; BLOCK_BYTES]) -> bool {
        let (words, _) = block.as_chunks::<4>();
        words.iter().zip(self.bits()).all(|(word, bit)| u32::from_le_bytes(*word) & bit != 0)
    }
}

/// The filter of some values, as it lies in a file: blocks of 32 bytes.
pub(crate) fn build(hashes: &[ValueHash]) -> Vec<u8> {
    let blocks = (hashes.len() * BITS_PER_VALUE).div_ceil(BLOCK_BYTES * 8).max(1);
    let mut bytes = vec![0; blocks * BLOCK_BYTES];
    let (list, _) = bytes.as_chunks_mut::<BLOCK_BYTES>();
    for hash in hashes {
        let Some(block) = list.get_mut(hash.block(blocks)) else { continue };
        let (words, _) = block.as_chunks_mut::<4>();
        for (word, bit) in words.iter_mut().zip(hash.bits()) {
            *word = (u32::from_le_bytes(*word) | bit).to_le_bytes();
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_put_in_and_little_else() {
        let mut scratch = Vec::new();
        let inside: Vec<ValueHash> = (0..10_000).map(ValueHash::of_int).collect();
        let bytes = build(&inside);
        let blocks = bytes.len() / BLOCK_BYTES;
        let has = |hash: ValueHash| {
            let at = hash.block(blocks) * BLOCK_BYTES;
            hash.may_be_in(bytes[at..at + BLOCK_BYTES].try_into().unwrap())
        };
        assert!(inside.iter().all(|hash| has(*hash)));
        let false_answers =
            (10_000..110_000).filter(|value| has(ValueHash::of_int(*value))).count();
        assert!(false_answers < 1_500, "{false_answers} of 100,000");
        assert_eq!(bytes.len(), 15_008);
        let (upper, lower) = (b"C:\\Users\\Anna".as_slice(), b"c:\\users\\anna".as_slice());
        assert_eq!(
            ValueHash::of_text(upper, &mut scratch),
            ValueHash::of_text(lower, &mut scratch)
        );
        assert_eq!(build(&[]).len(), BLOCK_BYTES);
    }
}
