// SPDX-License-Identifier: Apache-2.0
//! All text terms of one column, looked for in one pass: whole values in a hash map, patterns by their
//! longest literal in one Aho-Corasick automaton and then checked one by one, the few without a literal
//! and the regular expressions always.

use super::foresight::Place;
use super::pattern::{Pattern, lower};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// A literal shorter than this is in too many texts to be worth looking for.
const LITERAL_BYTES_MIN: usize = 2;

/// Bytes of an end of a path that is told apart from others (`NAME_END` of publisher-linux).
pub const NAME_END_BYTES_MAX: usize = 32;

/// Terms by number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    whole: HashMap<String, Vec<u32>>,
    patterns: Vec<(u32, Pattern)>,
    regexes: Vec<(u32, Regex)>,
    /// Positions in `patterns`, by literal of the automaton.
    by_literal: Vec<Vec<u32>>,
    automaton: Option<AhoCorasick>,
    /// Positions in `patterns` that are always checked.
    always: Vec<u32>,
}

impl Texts {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.patterns.is_empty() && self.regexes.is_empty()
    }

    /// The whole values, in lower case; `None` when there are patterns too.
    pub(super) fn whole_texts(&self) -> Option<impl Iterator<Item = &str>> {
        let only = self.patterns.is_empty() && self.regexes.is_empty();
        only.then(|| self.whole.keys().map(String::as_str))
    }

    /// How many are looked at for a place.
    pub(super) fn len(&self) -> usize {
        self.whole.len() + self.patterns.len() + self.regexes.len()
    }

    /// See [`super::Rules::name_ends`].
    pub(super) fn name_ends(&self) -> Vec<String> {
        let whole =
            self.whole.keys().filter_map(|text| Some(text.get(text.rfind('/')?..)?.to_owned()));
        let patterns = self.patterns.iter().filter_map(|(_, pattern)| pattern.suffix());
        let ends: BTreeSet<String> =
            whole.chain(patterns).filter(|text| is_name_end(text)).collect();
        ends.into_iter().collect()
    }

    /// Appends the terms that every path of a place matches, and those that some may.
    pub(super) fn find_place(&self, place: Place<'_>, out: &mut Vec<u32>, open: &mut Vec<u32>) {
        let folder = lower(place.folder);
        let end = place.end.map(lower);
        for (text, terms) in &self.whole {
            // What has no slash is no absolute path.
            let Some((before, name)) = text.rfind('/').and_then(|at| text.split_at_checked(at))
            else {
                continue;
            };
            match before == folder {
                true if !is_name_end(name) => open.extend(terms),
                true if end.as_deref() == Some(name) => out.extend(terms),
                _ => {}
            }
        }
        let begin = folder + "/";
        for (term, pattern) in &self.patterns {
            let holds = match pattern.suffix().filter(|suffix| is_name_end(suffix)) {
                Some(suffix) => Some(end.as_ref().is_some_and(|end| end.ends_with(&suffix))),
                None => pattern.begins(&begin),
            };
            match holds {
                Some(true) => out.push(*term),
                Some(false) => {}
                None => open.push(*term),
            }
        }
        open.extend(self.regexes.iter().map(|(term, _)| *term));
    }

    pub(super) fn add_whole(&mut self, term: u32, text: &str) {
        self.whole.entry(lower(text)).or_default().push(term);
    }

    pub(super) fn add_pattern(&mut self, term: u32, pattern: Pattern) {
        match pattern.exact() {
            Some(text) => self.whole.entry(text).or_default().push(term),
            None => self.patterns.push((term, pattern)),
        }
    }

    pub(super) fn add_regex(&mut self, term: u32, regex: Regex) {
        self.regexes.push((term, regex));
    }

    /// Builds the automaton; to be called once all terms are there.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        let mut literals: HashMap<String, Vec<u32>> = HashMap::new();
        for (at, (_, pattern)) in (0_u32..).zip(&self.patterns) {
            let literal = pattern.literal();
            match literal.len() >= LITERAL_BYTES_MIN {
                true => literals.entry(literal).or_default().push(at),
                false => self.always.push(at),
            }
        }
        if literals.is_empty() {
            return Ok(());
        }
        let (literals, owners): (Vec<String>, Vec<Vec<u32>>) = literals.into_iter().unzip();
        self.automaton = Some(AhoCorasick::new(&literals).map_err(|e| e.to_string())?);
        self.by_literal = owners;
        Ok(())
    }

    /// Appends the terms that a text matches.
    pub(super) fn find(&self, text: &str, out: &mut Vec<u32>) {
        for (term, regex) in &self.regexes {
            if regex.is_match(text) {
                out.push(*term);
            }
        }
        if self.whole.is_empty() && self.patterns.is_empty() {
            return;
        }
        let is_lower = text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let text = if is_lower { Cow::Borrowed(text) } else { Cow::Owned(lower(text)) };
        if let Some(terms) = self.whole.get(&*text) {
            out.extend(terms);
        }
        for at in &self.always {
            self.check(*at, &text, out);
        }
        let Some(automaton) = &self.automaton else { return };
        let mut seen: Vec<u32> = Vec::new();
        for found in automaton.find_overlapping_iter(&*text) {
            let Some(owners) = self.by_literal.get(found.pattern().as_usize()) else { continue };
            let literal = found.pattern().as_u32();
            if seen.contains(&literal) {
                continue;
            }
            seen.push(literal);
            for at in owners {
                self.check(*at, &text, out);
            }
        }
    }

    fn check(&self, at: u32, text: &str, out: &mut Vec<u32>) {
        let pattern = usize::try_from(at).ok().and_then(|at| self.patterns.get(at));
        if let Some((term, pattern)) = pattern
            && pattern.matches(text)
        {
            out.push(*term);
        }
    }
}

/// Whether an end of a path can be told apart from others by the bytes of its name.
fn is_name_end(text: &str) -> bool {
    let inner = text.strip_prefix('/').unwrap_or(text);
    (1..=NAME_END_BYTES_MAX).contains(&text.len()) && text.is_ascii() && !inner.contains('/')
}
