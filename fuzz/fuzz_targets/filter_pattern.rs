// SPDX-License-Identifier: Apache-2.0
//! LIKE and GLOB against slow ones that follow the definition.
#![no_main]

use evtables_filter::pattern::{glob, like};

libfuzzer_sys::fuzz_target!(|parts: (&str, &str)| {
    let (pattern, text) = parts;
    // The slow ones take time by the product.
    if pattern.len() > 64 || text.len() > 256 {
        return;
    }
    let (letters, signs): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    assert_eq!(like(pattern, text), slow_like(&signs, &letters), "{pattern:?} LIKE {text:?}");
    if !pattern.contains('[') {
        assert_eq!(glob(pattern, text), slow_glob(&signs, &letters), "{pattern:?} GLOB {text:?}");
    } else {
        let _ = glob(pattern, text);
    }
});

fn slow_like(pattern: &[char], text: &[char]) -> bool {
    slow(pattern, text, '%', '_', |sign, letter| sign.eq_ignore_ascii_case(&letter))
}

fn slow_glob(pattern: &[char], text: &[char]) -> bool {
    slow(pattern, text, '*', '?', |sign, letter| sign == letter)
}

/// Row by row over the text: which beginnings of the pattern match what was read so far.
fn slow(
    pattern: &[char],
    text: &[char],
    any: char,
    one: char,
    same: impl Fn(char, char) -> bool,
) -> bool {
    let mut row = vec![true];
    for (at, sign) in pattern.iter().enumerate() {
        row.push(row[at] && *sign == any);
    }
    for letter in text {
        let mut next = vec![false];
        for (at, sign) in pattern.iter().enumerate() {
            let matches = if *sign == any {
                next[at] || row[at + 1]
            } else {
                row[at] && (*sign == one || same(*sign, *letter))
            };
            next.push(matches);
        }
        row = next;
    }
    row[pattern.len()]
}
