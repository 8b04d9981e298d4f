// SPDX-License-Identifier: Apache-2.0
//! DNS messages (RFC 1035): the question and all answers. Foreign bytes: what does not add up is `None`,
//! never a panic, and no loop is followed.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Labels and pointers followed in one name.
const STEPS_MAX: usize = 128;
/// Answers read of one message.
const ANSWERS_MAX: usize = 256;
/// Longest text of one answer's data.
const DATA_TEXT_MAX: usize = 1_024;

/// Types with a reading of their own.
const A: u16 = 1;
const NS: u16 = 2;
const CNAME: u16 = 5;
const PTR: u16 = 12;
const MX: u16 = 15;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const SRV: u16 = 33;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// Name without the last dot; `.` for the root.
    pub(crate) name: String,
    pub(crate) kind: u16,
    pub(crate) class: u16,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) name: String,
    pub(crate) kind: u16,
    pub(crate) ttl: u32,
    /// Address, name or text; hexadecimal of types that are not known.
    pub(crate) data: String,
    pub(crate) address: Option<IpAddr>,
}

/// A message as far as its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) id: u16,
    pub(crate) response: bool,
    pub(crate) code: u8,
    pub(crate) truncated: bool,
    pub(crate) question: Option<Question>,
    pub(crate) answers: Vec<Answer>,
}

impl Message {
    /// Reads a message. What follows the answers is not looked at.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut at = Reader { bytes, at: 0 };
        let id = at.u16()?;
        let flags = at.u16()?;
        let (questions, answers) = (at.u16()?, at.u16()?);
        at.at = 12;
        // Opcodes beyond standard and inverse queries, status, notify and update are none.
        if bytes.len() < 12 || flags >> 11 & 15 > 5 {
            return None;
        }
        let mut question = None;
        for _ in 0..questions {
            let asked = Question { name: at.name()?, kind: at.u16()?, class: at.u16()? };
            question.get_or_insert(asked);
        }
        let mut message = Self {
            id,
            response: flags & 0x8000 != 0,
            code: u8::try_from(flags & 15).unwrap_or(0),
            truncated: flags & 0x200 != 0,
            question,
            answers: Vec::new(),
        };
        for _ in 0..usize::from(answers).min(ANSWERS_MAX) {
            // What is cut keeps what was whole.
            let Some(answer) = at.answer() else { break };
            message.answers.push(answer);
        }
        (message.question.is_some() || !message.answers.is_empty()).then_some(message)
    }
}

/// The word for a type, or `TYPEn`.
pub(crate) fn type_name(kind: u16) -> String {
    let word = match kind {
        A => "A",
        NS => "NS",
        CNAME => "CNAME",
        6 => "SOA",
        PTR => "PTR",
        MX => "MX",
        TXT => "TXT",
        AAAA => "AAAA",
        SRV => "SRV",
        41 => "OPT",
        64 => "SVCB",
        65 => "HTTPS",
        255 => "ANY",
        other => return format!("TYPE{other}"),
    };
    word.to_owned()
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(len)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// A name; pointers lead backwards only.
    fn name(&mut self) -> Option<String> {
        let mut out = String::new();
        let mut walk = *self;
        let mut jumped = false;
        for _ in 0..STEPS_MAX {
            let before = walk.at;
            let len = walk.u8()?;
            match len >> 6 {
                0 if len == 0 => {
                    if !jumped {
                        self.at = walk.at;
                    }
                    if out.is_empty() {
                        out.push('.');
                    }
                    return Some(out);
                }
                0 => {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    push_label(&mut out, walk.take(len.into())?);
                    if out.len() > 4 * 255 {
                        return None;
                    }
                }
                3 => {
                    let target = usize::from(len & 0x3f) << 8 | usize::from(walk.u8()?);
                    if !jumped {
                        self.at = walk.at;
                        jumped = true;
                    }
                    if target >= before {
                        return None;
                    }
                    walk.at = target;
                }
                _ => return None,
            }
        }
        None
    }

    fn answer(&mut self) -> Option<Answer> {
        let name = self.name()?;
        let kind = self.u16()?;
        let _class = self.u16()?;
        let ttl = self.u32()?;
        let len = self.u16()?;
        let start = self.at;
        let bytes = self.take(len.into())?;
        // Names in the data may point into the message.
        let mut inside = Reader { bytes: self.bytes, at: start };
        let address = match kind {
            A => bytes.first_chunk::<4>().map(|b| IpAddr::V4(Ipv4Addr::from(*b))),
            AAAA => bytes.first_chunk::<16>().map(|b| IpAddr::V6(Ipv6Addr::from(*b))),
            _ => None,
        };
        let data = match (kind, address) {
            (_, Some(address)) => address.to_string(),
            (NS | CNAME | PTR, _) => inside.name()?,
            (MX, _) => {
                let preference = inside.u16()?;
                format!("{preference} {}", inside.name()?)
            }
            (SRV, _) => {
                let (priority, weight, port) = (inside.u16()?, inside.u16()?, inside.u16()?);
                format!("{priority} {weight} {port} {}", inside.name()?)
            }
            (TXT, _) => text_data(bytes),
            _ => hexadecimal(bytes),
        };
        Some(Answer { name, kind, ttl, data, address })
    }
}

/// A label as master files write it: what is not a plain character becomes `\DDD`.
fn push_label(out: &mut String, label: &[u8]) {
    for byte in label {
        match byte {
            b'.' | b'\\' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            0x21..=0x7e => out.push(char::from(*byte)),
            other => {
                let written = write!(out, "\\{other:03}");
                debug_assert!(written.is_ok(), "a string takes all text");
            }
        }
    }
}

/// The strings of a TXT record, one after another.
fn text_data(bytes: &[u8]) -> String {
    let mut rest = bytes;
    let mut out = Vec::new();
    while let Some((len, after)) = rest.split_first() {
        let (part, after) = after.split_at(usize::from(*len).min(after.len()));
        out.extend_from_slice(part);
        rest = after;
    }
    out.truncate(DATA_TEXT_MAX);
    let mut text = String::new();
    super::text::push_lossless(&mut text, &out);
    text
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes.iter().take(DATA_TEXT_MAX / 2) {
        let written = write!(out, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes all text");
    }
    out
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
