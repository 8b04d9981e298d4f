// SPDX-License-Identifier: Apache-2.0
//! The part of Thrift's binary protocol that osquery speaks: message heads, structs, maps, lists,
//! strings and integers, read with a bound on everything and written into one buffer.
//!
//! It is not a Thrift library: no compact protocol, no framing, no code generation. What the
//! structs of osquery look like is said in `message`.

use std::io::{self, Read};

#[cfg(test)]
mod tests;

/// First two bytes of a strict message head.
const VERSION: u32 = 0x8001_0000;
const VERSION_MASK: u32 = 0xffff_0000;
/// Longest method name that is read; osquery's longest has 19 bytes.
const METHOD_BYTES_MAX: u32 = 128;
/// A string is allocated in steps of this size, so a false length costs no memory.
const STRING_STEP_BYTES: usize = 64 * 1024;

/// What a peer may make us read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message, head included.
    pub message_bytes_max: u64,
    /// Bytes of one string.
    pub string_bytes_max: u32,
    /// Entries of one map, list or set.
    pub items_max: u32,
    /// Structs and containers inside each other.
    pub depth_max: u32,
}

impl Limits {
    /// For requests that core sends to an extension: an IN list is the only big thing in them.
    pub const REQUEST: Limits = Limits {
        message_bytes_max: 16 << 20,
        string_bytes_max: 16 << 20,
        items_max: 1 << 20,
        depth_max: 16,
    };

    /// For what core answers: a query's rows come as one message.
    pub const REPLY: Limits = Limits {
        message_bytes_max: 128 << 20,
        string_bytes_max: 100 << 20,
        items_max: 4 << 20,
        depth_max: 16,
    };
}

/// Why a message could not be read or sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The peer closed the connection between two messages: the normal end.
    #[error("connection closed")]
    Closed,
    /// The bytes end inside a message.
    #[error("message ends early")]
    Truncated,
    /// The peer was silent for too long.
    #[error("timed out")]
    TimedOut,
    /// Any other error of the socket.
    #[error("socket error: {0}")]
    Io(io::Error),
    /// Not a head of the binary protocol.
    #[error("no message of the binary protocol: first word {0:#010x}")]
    Version(u32),
    /// A length, count or the whole message is over its bound.
    #[error("{what} of {size} is over the bound of {max}")]
    TooLarge {
        /// What was measured: string, items, message.
        what: &'static str,
        /// Its size in bytes or entries.
        size: u64,
        /// The bound.
        max: u64,
    },
    /// A length or count below zero.
    #[error("{what} has the negative size {size}")]
    Negative {
        /// What was measured.
        what: &'static str,
        /// The size as sent.
        size: i32,
    },
    /// Structs and containers too deep inside each other.
    #[error("nested deeper than {0}")]
    TooDeep(u32),
    /// A type byte that the protocol does not know, or no type that may stand there.
    #[error("type {0} cannot stand here")]
    Type(u8),
    /// A method name that is not UTF-8: the answer could not repeat it.
    #[error("method name is not text")]
    Method,
    /// A message kind that does not fit the role: a reply where a request must be, and so on.
    #[error("message kind {0} cannot stand here")]
    Kind(u8),
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => WireError::Truncated,
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => WireError::TimedOut,
            _ => WireError::Io(error),
        }
    }
}

/// Types of fields and elements, by their number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Byte,
    Double,
    I16,
    I32,
    I64,
    Text,
    Struct,
    Map,
    Set,
    List,
    Uuid,
}

impl Type {
    pub(crate) fn from_code(code: u8) -> Option<Type> {
        Some(match code {
            2 => Type::Bool,
            3 => Type::Byte,
            4 => Type::Double,
            6 => Type::I16,
            8 => Type::I32,
            10 => Type::I64,
            11 => Type::Text,
            12 => Type::Struct,
            13 => Type::Map,
            14 => Type::Set,
            15 => Type::List,
            16 => Type::Uuid,
            _ => return None,
        })
    }

    pub(crate) const fn code(self) -> u8 {
        match self {
            Type::Bool => 2,
            Type::Byte => 3,
            Type::Double => 4,
            Type::I16 => 6,
            Type::I32 => 8,
            Type::I64 => 10,
            Type::Text => 11,
            Type::Struct => 12,
            Type::Map => 13,
            Type::Set => 14,
            Type::List => 15,
            Type::Uuid => 16,
        }
    }

    /// Fewest bytes that one value takes; never 0, so counts are bounded by bytes.
    const fn bytes_min(self) -> u64 {
        match self {
            Type::Bool | Type::Byte | Type::Struct => 1,
            Type::I16 => 2,
            Type::I32 | Type::Text => 4,
            Type::Set | Type::List => 5,
            Type::Map => 6,
            Type::Double | Type::I64 => 8,
            Type::Uuid => 16,
        }
    }
}

/// Kinds of messages, by their number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Call = 1,
    Reply = 2,
    Exception = 3,
    Oneway = 4,
}

impl Kind {
    fn from_code(code: u8) -> Result<Kind, WireError> {
        match code {
            1 => Ok(Kind::Call),
            2 => Ok(Kind::Reply),
            3 => Ok(Kind::Exception),
            4 => Ok(Kind::Oneway),
            other => Err(WireError::Kind(other)),
        }
    }

    const fn code(self) -> u32 {
        match self {
            Kind::Call => 1,
            Kind::Reply => 2,
            Kind::Exception => 3,
            Kind::Oneway => 4,
        }
    }
}

/// Head of a message: which method, which kind, which sequence number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) kind: Kind,
    pub(crate) sequence: i32,
}

/// Reads one message after the other from `source`; the limits hold per message.
pub(crate) struct Reader<'a> {
    source: &'a mut dyn Read,
    limits: Limits,
    bytes_left: u64,
    depth_left: u32,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a mut dyn Read, limits: Limits) -> Self {
        Reader {
            source,
            limits,
            bytes_left: limits.message_bytes_max,
            depth_left: limits.depth_max,
        }
    }

    /// Reads the head of the next message, strict or old form.
    pub(crate) fn head(&mut self) -> Result<Head, WireError> {
        self.bytes_left = self.limits.message_bytes_max;
        self.depth_left = self.limits.depth_max;
        let first = self.first_word()?;
        if first & 0x8000_0000 == 0 {
            let method = self.method(first).map_err(|error| match error {
                WireError::TooLarge { .. } | WireError::Method => WireError::Version(first),
                other => other,
            })?;
            let kind = Kind::from_code(self.byte()?)?;
            return Ok(Head { method, kind, sequence: self.i32()? });
        }
        if first & VERSION_MASK != VERSION {
            return Err(WireError::Version(first));
        }
        let kind = Kind::from_code(first.to_be_bytes()[3])?;
        let length = self.size("method name")?;
        Ok(Head { method: self.method(length)?, kind, sequence: self.i32()? })
    }

    fn first_word(&mut self) -> Result<u32, WireError> {
        let mut first = [0_u8; 1];
        loop {
            match self.source.read(&mut first) {
                Ok(0) => return Err(WireError::Closed),
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.spend(1)?;
        let [b, c, d] = self.array::<3>()?;
        Ok(u32::from_be_bytes([first[0], b, c, d]))
    }

    fn method(&mut self, length: u32) -> Result<String, WireError> {
        if length > METHOD_BYTES_MAX {
            return Err(too_large("method name", u64::from(length), u64::from(METHOD_BYTES_MAX)));
        }
        String::from_utf8(self.bytes_of(length)?).map_err(|_| WireError::Method)
    }

    /// Reads a struct: `field` gets each field's id and type, and answers whether it read the value;
    /// what it left is skipped.
    pub(crate) fn fields(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, Type) -> Result<Taken, WireError>,
    ) -> Result<(), WireError> {
        self.enter()?;
        while let Some((id, ty)) = self.field()? {
            match field(self, id, ty)? {
                Taken::Yes => {}
                Taken::No => self.skip(ty)?,
            }
        }
        self.leave();
        Ok(())
    }

    fn field(&mut self) -> Result<Option<(i16, Type)>, WireError> {
        let code = self.byte()?;
        if code == 0 {
            return Ok(None);
        }
        let ty = Type::from_code(code).ok_or(WireError::Type(code))?;
        Ok(Some((i16::from_be_bytes(self.array()?), ty)))
    }

    /// Reads a map whose keys are text: `entry` gets each key and must read the value of type `value`.
    pub(crate) fn map(
        &mut self,
        value: Type,
        mut entry: impl FnMut(&mut Self, String) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.entries(Type::Text, value, |reader| {
            let key = reader.text()?;
            entry(reader, key)
        })
    }

    /// Reads a map whose keys are `i64`.
    pub(crate) fn number_map(
        &mut self,
        value: Type,
        mut entry: impl FnMut(&mut Self, i64) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.entries(Type::I64, value, |reader| {
            let key = reader.i64()?;
            entry(reader, key)
        })
    }

    /// Reads a map of any types.
    #[cfg(test)]
    pub(crate) fn any_map(
        &mut self,
        mut entry: impl FnMut(&mut Self, Type, Type) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        let (key, value) = (self.byte()?, self.byte()?);
        for _ in 0..self.count(2)? {
            let of = |code| Type::from_code(code).ok_or(WireError::Type(code));
            entry(self, of(key)?, of(value)?)?;
        }
        Ok(())
    }

    fn entries(
        &mut self,
        key: Type,
        value: Type,
        mut entry: impl FnMut(&mut Self) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.enter()?;
        let (found_key, found_value) = (self.byte()?, self.byte()?);
        let count = self.count(key.bytes_min() + value.bytes_min())?;
        if count > 0 {
            expect_type(key, found_key)?;
            expect_type(value, found_value)?;
        }
        for _ in 0..count {
            entry(self)?;
        }
        self.leave();
        Ok(())
    }

    /// Reads a list: `element` is called once per element and must read it.
    pub(crate) fn list(
        &mut self,
        ty: Type,
        mut element: impl FnMut(&mut Self) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.enter()?;
        let found = self.byte()?;
        let count = self.count(ty.bytes_min())?;
        if count > 0 {
            expect_type(ty, found)?;
        }
        for _ in 0..count {
            element(self)?;
        }
        self.leave();
        Ok(())
    }

    /// Text; bytes that are no UTF-8 become U+FFFD.
    pub(crate) fn text(&mut self) -> Result<String, WireError> {
        let length = self.size("string")?;
        self.text_of(length)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, WireError> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, WireError> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    /// Passes over one value of type `ty`.
    pub(crate) fn skip(&mut self, ty: Type) -> Result<(), WireError> {
        match ty {
            Type::Bool | Type::Byte => self.array::<1>().map(drop),
            Type::I16 => self.array::<2>().map(drop),
            Type::I32 => self.array::<4>().map(drop),
            Type::I64 | Type::Double => self.array::<8>().map(drop),
            Type::Uuid => self.array::<16>().map(drop),
            Type::Text => {
                let length = self.size("string")?;
                self.skip_bytes(length)
            }
            Type::Struct => self.fields(|_, _, _| Ok(Taken::No)),
            Type::Map => self.skip_items(2),
            Type::List | Type::Set => self.skip_items(1),
        }
    }

    /// Passes over a container whose entries are made of `parts` (2 in a map) values each.
    fn skip_items(&mut self, parts: usize) -> Result<(), WireError> {
        self.enter()?;
        let mut types = [None; 2];
        let mut code = 0;
        for slot in types.iter_mut().take(parts) {
            code = self.byte()?;
            *slot = Type::from_code(code);
        }
        let bytes_min = types.iter().flatten().map(|ty| ty.bytes_min()).sum::<u64>().max(1);
        let count = self.count(bytes_min)?;
        if count > 0 && types.iter().flatten().count() < parts {
            return Err(WireError::Type(code));
        }
        for _ in 0..count {
            for ty in types.iter().flatten() {
                self.skip(*ty)?;
            }
        }
        self.leave();
        Ok(())
    }

    fn skip_bytes(&mut self, length: u32) -> Result<(), WireError> {
        self.check_string(length)?;
        let skipped = io::copy(&mut (&mut *self.source).take(u64::from(length)), &mut io::sink())?;
        if skipped < u64::from(length) { Err(WireError::Truncated) } else { Ok(()) }
    }

    fn text_of(&mut self, length: u32) -> Result<String, WireError> {
        Ok(String::from_utf8(self.bytes_of(length)?)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    fn bytes_of(&mut self, length: u32) -> Result<Vec<u8>, WireError> {
        self.check_string(length)?;
        let length = length as usize;
        let mut bytes = Vec::with_capacity(length.min(STRING_STEP_BYTES));
        (&mut *self.source).take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(WireError::Truncated);
        }
        Ok(bytes)
    }

    fn check_string(&mut self, length: u32) -> Result<(), WireError> {
        if length > self.limits.string_bytes_max {
            return Err(too_large(
                "string",
                u64::from(length),
                u64::from(self.limits.string_bytes_max),
            ));
        }
        self.spend(u64::from(length))
    }

    fn size(&mut self, what: &'static str) -> Result<u32, WireError> {
        let size = self.i32()?;
        u32::try_from(size).map_err(|_| WireError::Negative { what, size })
    }

    /// A count of entries, each of which takes at least `bytes_min`: more than the message can
    /// still hold is refused before the first is read.
    fn count(&mut self, bytes_min: u64) -> Result<u32, WireError> {
        let count = self.size("items")?;
        let max = u64::from(self.limits.items_max).min(self.bytes_left / bytes_min);
        if u64::from(count) > max {
            return Err(too_large("items", u64::from(count), max));
        }
        Ok(count)
    }

    fn byte(&mut self) -> Result<u8, WireError> {
        Ok(self.array::<1>()?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        self.spend(N as u64)?;
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn spend(&mut self, bytes: u64) -> Result<(), WireError> {
        let max = self.limits.message_bytes_max;
        self.bytes_left = self.bytes_left.checked_sub(bytes).ok_or_else(|| {
            too_large("message", (max - self.bytes_left).saturating_add(bytes), max)
        })?;
        Ok(())
    }

    fn enter(&mut self) -> Result<(), WireError> {
        self.depth_left =
            self.depth_left.checked_sub(1).ok_or(WireError::TooDeep(self.limits.depth_max))?;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth_left += 1;
    }
}

/// Whether a field's value was read by the one who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    Yes,
    No,
}

fn expect_type(wanted: Type, found: u8) -> Result<(), WireError> {
    if wanted.code() == found { Ok(()) } else { Err(WireError::Type(found)) }
}

fn too_large(what: &'static str, size: u64, max: u64) -> WireError {
    WireError::TooLarge { what, size, max }
}

/// Appends a message to a buffer. Lengths above `i32::MAX` cannot be said on the wire; strings and
/// lists are cut there (callers bound them far below).
#[derive(Debug, Default)]
pub(crate) struct Writer {
    buffer: Vec<u8>,
}

impl Writer {
    pub(crate) fn message(method: &str, kind: Kind, sequence: i32) -> Writer {
        let mut writer = Writer::default();
        writer.raw(&(VERSION | kind.code()).to_be_bytes());
        writer.text(method);
        writer.i32(sequence);
        writer
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    pub(crate) fn field(&mut self, ty: Type, id: i16) {
        self.buffer.push(ty.code());
        self.raw(&id.to_be_bytes());
    }

    pub(crate) fn stop(&mut self) {
        self.buffer.push(0);
    }

    pub(crate) fn text_field(&mut self, id: i16, text: &str) {
        self.field(Type::Text, id);
        self.text(text);
    }

    /// Head of a map from text to `value`.
    pub(crate) fn map(&mut self, value: Type, count: usize) {
        self.map_of(Type::Text, value, count);
    }

    pub(crate) fn map_of(&mut self, key: Type, value: Type, count: usize) {
        self.buffer.push(key.code());
        self.buffer.push(value.code());
        self.raw(&length(count).to_be_bytes());
    }

    pub(crate) fn list(&mut self, ty: Type, count: usize) {
        self.buffer.push(ty.code());
        self.raw(&length(count).to_be_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        let count = length(text.len());
        self.raw(&count.to_be_bytes());
        self.raw(text.as_bytes().get(..count as usize).unwrap_or_default());
    }

    pub(crate) fn i32(&mut self, value: i32) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.raw(&value.to_be_bytes());
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }
}

/// A length as the wire says it: an `i32` that is not negative.
pub(crate) fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).min(i32::MAX.unsigned_abs())
}
