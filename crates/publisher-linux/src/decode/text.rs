// SPDX-License-Identifier: Apache-2.0
//! Bytes of the kernel as text: paths, argument lists, base64. Knows nothing of records or rows.
//!
//! Lossless rule: bytes that are not UTF-8 become `\xNN`. A backslash that was there stays as it is, so
//! `\xNN` alone does not say which it was; `argv_base64` does, and is filled whenever a byte was
//! written that way. In the JSON array every backslash is escaped as JSON asks (`"\\xff"`).

use std::fmt::Write;

/// Appends `bytes`, what is not UTF-8 as `\xNN`. True when there was any.
pub(crate) fn push_lossless(out: &mut String, bytes: &[u8]) -> bool {
    let mut escaped = false;
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            escaped = true;
            let written = write!(out, "\\x{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes all text");
        }
    }
    escaped
}

/// The arguments of a list: NUL after each, the last one possibly cut. An empty list has none.
pub(crate) fn arguments(argv: &[u8]) -> impl Iterator<Item = &[u8]> {
    let inner = argv.strip_suffix(&[0]).unwrap_or(argv);
    let limit = if argv.is_empty() { 0 } else { usize::MAX };
    inner.split(|byte| *byte == 0).take(limit)
}

/// Appends the arguments joined by a space, each quoted where a shell would need it.
pub(crate) fn push_cmdline(out: &mut String, argv: &[u8]) {
    for (at, argument) in arguments(argv).enumerate() {
        if at > 0 {
            out.push(' ');
        }
        push_argument(out, argument);
    }
}

/// Appends the exact list as a JSON array. True when a byte was not UTF-8.
pub(crate) fn push_json(out: &mut String, argv: &[u8]) -> bool {
    let mut escaped = false;
    out.push('[');
    for (at, argument) in arguments(argv).enumerate() {
        if at > 0 {
            out.push(',');
        }
        escaped |= push_json_string(out, argument);
    }
    out.push(']');
    escaped
}

fn push_argument(out: &mut String, argument: &[u8]) {
    if !argument.is_empty() && argument.iter().all(|byte| is_plain(*byte)) {
        push_lossless(out, argument);
        return;
    }
    out.push('\'');
    for (at, part) in argument.split(|byte| *byte == b'\'').enumerate() {
        if at > 0 {
            out.push_str("'\\''");
        }
        push_lossless(out, part);
    }
    out.push('\'');
}

/// Bytes that no shell gives a meaning to, wherever they stand.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte)
}

/// Appends a JSON string. True when a byte was not UTF-8.
pub(crate) fn push_json_string(out: &mut String, bytes: &[u8]) -> bool {
    let mut escaped = false;
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        push_json_text(out, chunk.valid());
        for byte in chunk.invalid() {
            escaped = true;
            let written = write!(out, "\\\\x{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes all text");
        }
    }
    out.push('"');
    escaped
}

fn push_json_text(out: &mut String, text: &str) {
    let needs_escape = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    if !text.as_bytes().iter().any(needs_escape) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let written = write!(out, "\\u{:04x}", u32::from(c));
                debug_assert!(written.is_ok(), "a string takes all text");
            }
            c => out.push(c),
        }
    }
}

/// Appends standard base64 with padding.
pub(crate) fn push_base64(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or(0);
            let used = usize::try_from(at).unwrap_or(0) <= group.len();
            let c = DIGITS.get(digit).filter(|_| used).copied().unwrap_or(b'=');
            out.push(char::from(c));
        }
    }
}

/// Appends `path` made absolute against `cwd`, `.`, `..` and empty components resolved by
/// text alone (a `..` behind a symbolic link is not followed).
pub(crate) fn push_absolute(out: &mut Vec<u8>, cwd: &[u8], path: &[u8]) {
    let base: &[u8] = if path.starts_with(b"/") { b"" } else { cwd };
    let mut components: Vec<&[u8]> = Vec::new();
    for component in base.split(|byte| *byte == b'/').chain(path.split(|byte| *byte == b'/')) {
        match component {
            b"" | b"." => {}
            b".." => {
                components.pop();
            }
            name => components.push(name),
        }
    }
    if components.is_empty() {
        out.push(b'/');
    }
    for component in components {
        out.push(b'/');
        out.extend_from_slice(component);
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
