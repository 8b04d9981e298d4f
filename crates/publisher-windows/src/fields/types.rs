// SPDX-License-Identifier: Apache-2.0
//! Types of fields: how each stands in a payload, and what it becomes. One marker type each, so
//! that a layout is a list of names and types, and reading it is checked by the compiler.

use super::text::{Ansi, Sid, Wide};
use crate::bytes::{guid_at, i64_at, u8_at, u16_at, u32_at, u64_at};
use crate::etl::unix_ns_of_filetime;
use crate::guid::Guid;
use crate::raw::{PointerSize, RawEvent};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A value of any field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Number without sign.
    Unsigned(u64),
    /// Number with sign.
    Signed(i64),
    /// Address in memory.
    Pointer(u64),
    /// Nanoseconds since the unix epoch.
    Time(i64),
    /// Text.
    Wide(Wide<'a>),
    /// Text.
    Ansi(Ansi<'a>),
    /// Security identifier; `None` when the field says that there is none.
    Sid(Option<Sid<'a>>),
    /// Internet address.
    Address(IpAddr),
    /// GUID.
    Guid(Guid),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// A payload and how far it was read.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    payload: &'a [u8],
    at: usize,
    pointer_size: PointerSize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of an event's payload.
    #[must_use]
    pub fn new(event: &RawEvent<'a>) -> Self {
        Self { payload: event.payload, at: 0, pointer_size: event.pointer_size }
    }

    /// What was not read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.payload.get(self.at..).unwrap_or(&[])
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.rest().get(..count)?;
        self.at += count;
        Some(taken)
    }

    fn step<T>(&mut self, count: usize, read: impl Fn(&[u8], usize) -> Option<T>) -> Option<T> {
        let value = read(self.payload, self.at)?;
        self.at += count;
        Some(value)
    }
}

/// How a type stands in a payload.
pub trait FieldType {
    /// What it becomes.
    type Value<'a>: Copy;
    /// The marker as a value, for those that handle all types alike.
    const KIND: Kind;
    /// Reads one; `None` where the payload ends.
    fn read<'a>(cursor: &mut Cursor<'a>) -> Option<Self::Value<'a>>;
    /// The same for those that handle all types alike.
    fn show(value: Self::Value<'_>) -> Value<'_>;
}

macro_rules! field_types {
    ($($(#[$doc:meta])* $name:ident => $value:ty, $show:expr, |$cursor:ident| $read:expr;)*) => {
        /// All types of fields.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl FieldType for $name {
                type Value<'a> = $value;
                const KIND: Kind = Kind::$name;
                #[inline]
                fn read<'a>($cursor: &mut Cursor<'a>) -> Option<$value> {
                    $read
                }
                fn show(value: Self::Value<'_>) -> Value<'_> {
                    $show(value)
                }
            }
        )*
    };
}

field_types! {
    /// 8 bits.
    U8 => u8, |v| Value::Unsigned(u64::from(v)), |c| c.step(1, u8_at);
    /// 16 bits.
    U16 => u16, |v| Value::Unsigned(u64::from(v)), |c| c.step(2, u16_at);
    /// 32 bits.
    U32 => u32, |v| Value::Unsigned(u64::from(v)), |c| c.step(4, u32_at);
    /// 64 bits.
    U64 => u64, Value::Unsigned, |c| c.step(8, u64_at);
    /// 32 bits with sign.
    I32 => i32, |v| Value::Signed(i64::from(v)), |c| c.step(4, u32_at).map(u32::cast_signed);
    /// 64 bits with sign.
    I64 => i64, Value::Signed, |c| c.step(8, i64_at);
    /// 32 or 64 bits, as wide as pointers of the writer.
    Pointer => u64, Value::Pointer, |c| match c.pointer_size {
        PointerSize::Four => c.step(4, u32_at).map(u64::from),
        PointerSize::Eight => c.step(8, u64_at),
    };
    /// File time, 64 bits; becomes nanoseconds since the unix epoch.
    FileTime => i64, Value::Time, |c| c.step(8, i64_at).map(unix_ns_of_filetime);
    /// UTF-16 up to a zero, or to the end of the payload.
    WideZ => Wide<'a>, Value::Wide, |c| wide_z(c);
    /// Text of the code page up to a zero, or to the end of the payload.
    AnsiZ => Ansi<'a>, Value::Ansi, |c| ansi_z(c);
    /// 16-bit count of UTF-16 units, then those.
    Wide16 => Wide<'a>, Value::Wide, |c| {
        let units = c.step(2, u16_at)?;
        Some(Wide::new(c.take(2 * usize::from(units))?))
    };
    /// 16-bit count of bytes, then text of the code page.
    Ansi16 => Ansi<'a>, Value::Ansi, |c| {
        let bytes = c.step(2, u16_at)?;
        Some(Ansi::new(c.take(usize::from(bytes))?))
    };
    /// 32-bit count of bytes, then text of the code page.
    Ansi32 => Ansi<'a>, Value::Ansi, |c| Some(Ansi::new(counted32(c)?));
    /// 16-bit count of bytes, then those.
    Bytes16 => &'a [u8], Value::Bytes, |c| {
        let bytes = c.step(2, u16_at)?;
        c.take(usize::from(bytes))
    };
    /// 32-bit count of bytes, then those.
    Bytes32 => &'a [u8], Value::Bytes, |c| counted32(c);
    /// A security identifier as it is.
    SidField => Option<Sid<'a>>, Value::Sid, |c| {
        let sid = Sid::new(c.rest())?;
        c.take(sid.bytes().len())?;
        Some(Some(sid))
    };
    /// A user of a token as the kernel writes it: two pointers, then the identifier; a 32-bit zero
    /// when there is none.
    TokenUser => Option<Sid<'a>>, Value::Sid, |c| token_user(c);
    /// Internet address of version 4.
    Ip4 => IpAddr, Value::Address, |c| {
        let bytes = c.take(4)?.first_chunk::<4>()?;
        Some(IpAddr::V4(Ipv4Addr::from(*bytes)))
    };
    /// Internet address of version 6.
    Ip6 => IpAddr, Value::Address, |c| {
        let bytes = c.take(16)?.first_chunk::<16>()?;
        Some(IpAddr::V6(Ipv6Addr::from(*bytes)))
    };
    /// 16 bits in network order.
    Port => u16, |v| Value::Unsigned(u64::from(v)), |c| c.step(2, u16_at).map(u16::swap_bytes);
    /// GUID.
    GuidField => Guid, Value::Guid, |c| c.step(16, guid_at);
}

fn counted32<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let bytes = cursor.step(4, u32_at)?;
    cursor.take(usize::try_from(bytes).ok()?)
}

fn wide_z<'a>(cursor: &mut Cursor<'a>) -> Option<Wide<'a>> {
    let rest = cursor.rest();
    if rest.len() < 2 {
        return None;
    }
    let zero = rest.chunks_exact(2).position(|two| two == [0, 0]);
    let length = zero.map_or(rest.len() & !1, |units| 2 * units);
    let text = Wide::new(cursor.take(length)?);
    cursor.at += if zero.is_some() { 2 } else { 0 };
    Some(text)
}

fn ansi_z<'a>(cursor: &mut Cursor<'a>) -> Option<Ansi<'a>> {
    let rest = cursor.rest();
    if rest.is_empty() {
        return None;
    }
    let zero = rest.iter().position(|byte| *byte == 0);
    let text = Ansi::new(cursor.take(zero.unwrap_or(rest.len()))?);
    cursor.at += usize::from(zero.is_some());
    Some(text)
}

#[allow(clippy::option_option)] // the outer is "cut", the inner "none there"
fn token_user<'a>(cursor: &mut Cursor<'a>) -> Option<Option<Sid<'a>>> {
    if u32_at(cursor.rest(), 0)? == 0 {
        cursor.take(4)?;
        return Some(None);
    }
    let pointers = 2 * cursor.pointer_size.bytes();
    let sid = Sid::new(cursor.rest().get(pointers..)?)?;
    cursor.take(pointers + sid.bytes().len())?;
    Some(Some(sid))
}

/// The address and port of a socket address blob (`sockaddr_in`, `sockaddr_in6`).
#[must_use]
pub fn socket_address(bytes: &[u8]) -> Option<(IpAddr, u16)> {
    let port = u16_at(bytes, 2)?.swap_bytes();
    let address = match u16_at(bytes, 0)? {
        2 => IpAddr::V4(Ipv4Addr::from(*bytes.get(4..)?.first_chunk::<4>()?)),
        23 => IpAddr::V6(Ipv6Addr::from(*bytes.get(8..)?.first_chunk::<16>()?)),
        _ => return None,
    };
    Some((address, port))
}
