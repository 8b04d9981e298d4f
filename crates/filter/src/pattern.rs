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
