// SPDX-License-Identifier: Apache-2.0
//! Text in JSON.

use std::fmt::Write as _;

/// Whether a text cannot stand in JSON as it is. All bytes are looked at, which is quicker than to stop.
pub(crate) fn must_escape(text: &str) -> bool {
    text.bytes().fold(false, |any, c| any | (c < 0x20) | (c == b'"') | (c == b'\\'))
}

/// Writes what stands between the quotes.
pub(crate) fn write_escaped(text: &str, out: &mut String) {
    let mut rest = text;
    if text.bytes().fold(false, |any, c| any | (c < 0x20)) {
        rest = write_controls(text, out);
    }
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest.as_bytes()) {
        let (plain, special) = rest.split_at(at);
        let (special, after) = special.split_at(1);
        out.push_str(plain);
        out.push('\\');
        out.push_str(special);
        rest = after;
    }
    out.push_str(rest);
}

/// Writes a text with control characters in it as far as they go; the rest is given back.
fn write_controls<'t>(text: &'t str, out: &mut String) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|c| c < 0x20 || c == b'"' || c == b'\\') {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(other) => {
                let _ = write!(out, "\\u{:04x}", u32::from(other));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_of_json_gets_the_text_back() {
        for text in ["", "plain", r"C:\Users\é\", "say \"no\"", "a\tb\r\nc\u{1}\\\"é", "\u{7f}😀"]
        {
            let mut out = String::from("\"");
            write_escaped(text, &mut out);
            out.push('"');
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
            assert_eq!(must_escape(text), out.len() != text.len() + 2, "{text}");
        }
    }
}
