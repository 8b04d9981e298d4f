// SPDX-License-Identifier: Apache-2.0
//! Little-endian numbers at a place in foreign bytes; `None` where the bytes end.

use crate::guid::Guid;

macro_rules! number_at {
    ($name:ident, $type:ty, $size:literal) => {
        #[inline]
        pub(crate) fn $name(bytes: &[u8], at: usize) -> Option<$type> {
            Some(<$type>::from_le_bytes(*bytes.get(at..)?.first_chunk::<$size>()?))
        }
    };
}

number_at!(u16_at, u16, 2);
number_at!(u32_at, u32, 4);
number_at!(u64_at, u64, 8);
number_at!(i64_at, i64, 8);

#[inline]
pub(crate) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

#[inline]
pub(crate) fn guid_at(bytes: &[u8], at: usize) -> Option<Guid> {
    Some(Guid::from_le_bytes(*bytes.get(at..)?.first_chunk::<16>()?))
}
