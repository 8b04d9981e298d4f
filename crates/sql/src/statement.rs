// SPDX-License-Identifier: Apache-2.0
//! Where statements end in typed text: only what the shell needs to know of SQL's tokens (strings,
//! quoted names, comments), no grammar.

/// Whether the last thing in `text` that is not blank or comment is a `;` outside of strings.
pub(crate) fn is_complete(text: &str) -> bool {
    scan(text).ends_with_semicolon
}

/// Whether there is nothing but blanks, comments and `;`.
pub(crate) fn is_blank(text: &str) -> bool {
    let end = scan(text);
    !end.has_words && !end.is_open
}

struct End {
    ends_with_semicolon: bool,
    has_words: bool,
    /// Inside a string, a quoted name or a comment in `/*`.
    is_open: bool,
}

fn scan(text: &str) -> End {
    let mut end = End { ends_with_semicolon: false, has_words: false, is_open: false };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let closing = match (c, chars.peek()) {
            ('-', Some('-')) => {
                // A line comment that ends with the text is closed all the same.
                let _ = chars.by_ref().find(|c| *c == '\n');
                continue;
            }
            ('/', Some('*')) => {
                chars.next();
                let mut before = ' ';
                end.is_open = !chars.by_ref().any(|c| {
                    let closed = before == '*' && c == '/';
                    before = c;
                    closed
                });
                continue;
            }
            ('\'' | '"' | '`', _) => Some(c),
            ('[', _) => Some(']'),
            _ => None,
        };
        if let Some(closing) = closing {
            // A doubled quote closes and opens again, which comes to the same.
            end.is_open = !chars.by_ref().any(|c| c == closing);
        }
        if c == ';' {
            end.ends_with_semicolon = true;
        } else if !c.is_whitespace() {
            end.ends_with_semicolon = false;
            end.has_words = true;
        }
    }
    end.ends_with_semicolon &= !end.is_open;
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_seen() {
        for text in ["select 1;", "select ';';", "select 1; -- done", "select 1 /* ; */ ;\n"] {
            assert!(is_complete(text), "{text}");
        }
        for text in [
            "select 1",
            "select ';",
            "select 1 -- ;",
            "select 1 /* ;",
            "select \"a;",
            "select [a;",
            "select 'it''s;",
            "select 1; /* open",
            "select 1; select",
        ] {
            assert!(!is_complete(text), "{text}");
        }
    }

    #[test]
    fn blanks_are_seen() {
        for text in ["", " \n", ";", "-- comment", "/* a */ ; -- b"] {
            assert!(is_blank(text), "{text}");
        }
        for text in ["x", "/* open", "'", "1;"] {
            assert!(!is_blank(text), "{text}");
        }
    }
}
