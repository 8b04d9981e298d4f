// SPDX-License-Identifier: Apache-2.0
//! JSON as people write configurations: with comments and trailing commas.

use serde_json::Value;

/// Reads JSON that may have comments (`//` and `#` to the end of a line, `/* */`) and commas before a closing
/// bracket.
///
/// # Errors
/// Line, column and reason.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(&plain(text)).map_err(|e| e.to_string())
}

/// The same text with what JSON does not know replaced by spaces, so that places stay.
fn plain(text: &str) -> String {
    let mut out: Vec<u8> = text.bytes().collect();
    let mut at = 0;
    let (mut comma, mut last) = (None, b' ');
    while let Some(byte) = out.get(at).copied() {
        let next = out.get(at + 1).copied();
        match (byte, next) {
            (b'"', _) => {
                at = after_text(&out, at);
                (comma, last) = (None, byte);
                continue;
            }
            (b'#', _) | (b'/', Some(b'/')) => {
                at = blank(&mut out, at, |rest| rest.first() == Some(&b'\n'));
                continue;
            }
            (b'/', Some(b'*')) => {
                let inside = out.get(at + 2..).unwrap_or_default();
                // One that never ends is left to be the error that it is.
                if let Some(length) = inside.windows(2).position(|pair| pair == b"*/") {
                    let end = at + 2 + length + 2;
                    let rest = out.len() - end;
                    at = blank(&mut out, at, |left| left.len() == rest);
                    continue;
                }
            }
            // After a value; a second one, or one after a bracket, is no mistake of habit.
            (b',', _) => comma = Some(at).filter(|_| !matches!(last, b'[' | b'{' | b',')),
            (b'}' | b']', _) => {
                if let Some(byte) = comma.take().and_then(|comma| out.get_mut(comma)) {
                    *byte = b' ';
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    // Only ASCII was put in the place of whole characters or of parts of comments.
    String::from_utf8_lossy(&out).into_owned()
}

/// Blanks from `at` until `ends`; gives the place of the end. Line ends stay.
fn blank(out: &mut [u8], mut at: usize, ends: impl Fn(&[u8]) -> bool) -> usize {
    while out.get(at..).is_some_and(|rest| !ends(rest) && !rest.is_empty()) {
        if let Some(byte) = out.get_mut(at).filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        at += 1;
    }
    at
}

/// The place behind the text that begins at `at`.
fn after_text(out: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = out.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn comments_and_trailing_commas_are_left_out() {
        let text = "# one\n{ // two\n \"a\": [1, 2, /* three, */ ], \"b\": \"// # /* ,] \\\" \", /**/ }\n# end";
        assert_eq!(parse(text), Ok(json!({"a": [1, 2], "b": "// # /* ,] \" "})));
        assert_eq!(parse("{\"ü\": \"é\", // ü\n}"), Ok(json!({"ü": "é"})));
        assert_eq!(parse("/* a * b **/ 5 /* / */"), Ok(json!(5)));
        for wrong in ["{\"a\": 1,, }", "[,]", "{\"a\" 1}", "/* never", "\"never", "{", "", "[1 2]"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let error = parse("{\n  // x\n  \"a\": x }").unwrap_err();
        assert!(error.contains("line 3 column 8"), "{error}");
    }
}
