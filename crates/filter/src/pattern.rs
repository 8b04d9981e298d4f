// SPDX-License-Identifier: Apache-2.0
//! SQL's LIKE and GLOB as SQLite defines them, without backtracking blow-up: both run in
//! O(text × pattern) at worst.

/// `text LIKE pattern`: `%` any run, `_` one character, ASCII letters without case.
#[must_use]
pub fn like(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    wildcard(&pattern, &text, '%', |p, rest| match p.first()? {
        '_' => rest.first().map(|_| 1),
        c => rest.first().filter(|t| t.eq_ignore_ascii_case(c)).map(|_| 1),
    })
}

/// A LIKE pattern made ready for many texts: those of literal parts between `%` are searched for,
/// without looking at single characters.
#[derive(Debug, Clone)]
pub struct Like(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Parts {
        /// What the text begins with, lower case; empty after a leading `%`.
        start: Vec<u8>,
        /// What follows in this order, anywhere.
        middle: Vec<Part>,
        /// What it ends with; `None` when the pattern has no `%` and `start` is all.
        end: Option<Vec<u8>>,
    },
    /// With `_`.
    General(String),
}

/// A literal that is searched for without case.
#[derive(Debug, Clone)]
struct Part {
    /// Lower case, not empty.
    lower: Vec<u8>,
    /// Its rarest byte in both cases, and where it is.
    first: (u8, u8),
    at: usize,
}

impl Like {
    /// Compiles a pattern.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        if pattern.contains('_') {
            return Self(Kind::General(pattern.to_owned()));
        }
        let lower = pattern.to_ascii_lowercase().into_bytes();
        let mut parts: Vec<&[u8]> = lower.split(|byte| *byte == b'%').collect();
        let end = if parts.len() > 1 { parts.pop().map(<[u8]>::to_vec) } else { None };
        let start = parts.first().map(|part| part.to_vec()).unwrap_or_default();
        let middle = parts.iter().skip(1).filter(|part| !part.is_empty());
        Self(Kind::Parts { start, middle: middle.map(|part| Part::new(part)).collect(), end })
    }

    /// Whether a text matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (start, middle, end) = match &self.0 {
            Kind::General(pattern) => return like(pattern, text),
            Kind::Parts { start, middle, end } => (start, middle, end),
        };
        let text = text.as_bytes();
        let begins = text.get(..start.len()).is_some_and(|part| part.eq_ignore_ascii_case(start));
        let Some(end) = end else { return begins && text.len() == start.len() };
        let Some(last) = text.len().checked_sub(end.len()).filter(|last| *last >= start.len())
        else {
            return false;
        };
        let ends = text.get(last..).is_some_and(|part| part.eq_ignore_ascii_case(end));
        if !begins || !ends {
            return false;
        }
        let mut rest = text.get(start.len()..last).unwrap_or_default();
        middle.iter().all(|part| match part.find(rest) {
            Some(at) => {
                rest = rest.get(at + part.lower.len()..).unwrap_or_default();
                true
            }
            None => false,
        })
    }
}

impl Part {
    fn new(lower: &[u8]) -> Self {
        let commonness = |byte: u8| match byte {
            b'e' | b'a' | b'/' | b' ' | b'-' | b'.' => 3,
            b'a'..=b'z' => 2,
            b'0'..=b'9' => 1,
            _ => 0,
        };
        let rarest = lower.iter().enumerate().min_by_key(|(_, byte)| commonness(**byte));
        let (at, byte) = rarest.map_or((0, 0), |(at, byte)| (at, *byte));
        Self { lower: lower.to_vec(), first: (byte, byte.to_ascii_uppercase()), at }
    }

    /// The first place of the literal.
    fn find(&self, text: &[u8]) -> Option<usize> {
        let (lower, upper) = self.first;
        let last = text.len().checked_sub(self.lower.len())?;
        let here = |at: usize| {
            text.get(at..at + self.lower.len()).is_some_and(|p| p.eq_ignore_ascii_case(&self.lower))
        };
        let mut from = self.at;
        while let Some(rest) = text.get(from..=last + self.at) {
            let found = if lower == upper {
                memchr::memchr(lower, rest)
            } else {
                memchr::memchr2(lower, upper, rest)
            };
            let at = from + found? - self.at;
            if here(at) {
                return Some(at);
            }
            from = at + self.at + 1;
        }
        None
    }
}

/// `text GLOB pattern`: `*` any run, `?` one character, `[a-z]`, `[^a-z]`; with case.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    wildcard(&pattern, &text, '*', |p, rest| match p.first()? {
        '?' => rest.first().map(|_| 1),
        '[' => class(p, *rest.first()?),
        c => rest.first().filter(|t| *t == c).map(|_| 1),
    })
}

/// Greedy match with one remembered star: `step(pattern from here, text from here)` says how many
/// pattern characters one text character uses up, or `None`.
fn wildcard(
    pattern: &[char],
    text: &[char],
    star: char,
    step: impl Fn(&[char], &[char]) -> Option<usize>,
) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&star) {
            retry = Some((p + 1, t));
            p += 1;
            continue;
        }
        if t == text.len() {
            return pattern.get(p..).is_some_and(<[char]>::is_empty);
        }
        let used = step(pattern.get(p..).unwrap_or(&[]), text.get(t..).unwrap_or(&[]));
        match (used, retry) {
            (Some(used), _) => {
                p += used;
                t += 1;
            }
            (None, Some((after_star, from))) => {
                p = after_star;
                t = from + 1;
                retry = Some((after_star, from + 1));
            }
            (None, None) => return false,
        }
    }
}

/// Length of the class at the start of `pattern` when it holds `c`.
fn class(pattern: &[char], c: char) -> Option<usize> {
    let mut at = 1;
    let negated = pattern.get(at) == Some(&'^');
    if negated {
        at += 1;
    }
    let first = at;
    let mut found = false;
    loop {
        let low = *pattern.get(at)?;
        if low == ']' && at > first {
            break;
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(high)) if *high != ']' => {
                found |= (low..=*high).contains(&c);
                at += 3;
            }
            _ => {
                found |= low == c;
                at += 1;
            }
        }
    }
    (found != negated).then_some(at + 1)
}
