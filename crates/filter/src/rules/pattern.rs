// SPDX-License-Identifier: Apache-2.0
//! One pattern over a whole text in lower case: literals, `?` and `*`.

/// A step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any run of characters, also none.
    Any,
}

/// A compiled pattern. All that it is compared with is in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    steps: Vec<Step>,
}

/// What a pattern comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Prefix,
    Suffix,
    Contains,
    Glob,
}

impl Pattern {
    pub(super) fn new(form: Form, text: &str) -> Self {
        let lower = lower(text);
        let literal = lower.chars().map(Step::Char);
        let mut steps: Vec<Step> = match form {
            Form::Prefix => literal.chain([Step::Any]).collect(),
            Form::Suffix => [Step::Any].into_iter().chain(literal).collect(),
            Form::Contains => [Step::Any].into_iter().chain(literal).chain([Step::Any]).collect(),
            Form::Glob => lower
                .chars()
                .map(|c| match c {
                    '*' => Step::Any,
                    '?' => Step::One,
                    c => Step::Char(c),
                })
                .collect(),
        };
        steps.dedup_by(|a, b| *a == Step::Any && *b == Step::Any);
        Self { steps }
    }

    /// The text that is the only one to match, if the pattern is one.
    pub(super) fn exact(&self) -> Option<String> {
        self.steps
            .iter()
            .map(|step| match step {
                Step::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    }

    /// The longest literal in it; empty when it has none.
    pub(super) fn literal(&self) -> String {
        let runs = self.steps.split(|step| !matches!(step, Step::Char(_)));
        let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
        longest
            .iter()
            .filter_map(|step| match step {
                Step::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    }

    /// The literal that it ends with, if it asks for nothing else.
    pub(super) fn suffix(&self) -> Option<String> {
        let (first, rest) = self.steps.split_first()?;
        let rest = Self { steps: rest.to_vec() };
        rest.exact().filter(|text| *first == Step::Any && !text.is_empty())
    }

    /// Whether all texts match that begin so, in lower case; `None` when it depends on how they go on.
    pub(super) fn begins(&self, text: &str) -> Option<bool> {
        let mut steps = self.steps.iter();
        let mut rest = text.chars();
        let differs = loop {
            match (steps.next(), rest.next()) {
                (Some(Step::Char(wanted)), Some(c)) if *wanted == c => {}
                (Some(Step::Char(_)), Some(_)) => break true,
                // Nothing of it is left for what follows.
                (None, Some(_)) => break true,
                _ => break false,
            }
        };
        if differs {
            return Some(false);
        }
        (self.steps.last() == Some(&Step::Any) && self.matches(text)).then_some(true)
    }

    /// Whether a text in lower case matches: greedy with one remembered `*`, so at worst text × pattern.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text.chars());
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let step = self.steps.get(at);
            if step == Some(&Step::Any) {
                at += 1;
                if at == self.steps.len() {
                    return true;
                }
                retry = Some((at, rest.clone()));
                continue;
            }
            let before = rest.clone();
            match (step, rest.next()) {
                (None, None) => return true,
                (Some(Step::One), Some(_)) => at += 1,
                (Some(Step::Char(wanted)), Some(c)) if *wanted == c => at += 1,
                (Some(_), None) if before.as_str().is_empty() && retry.is_none() => return false,
                _ => {
                    let Some((after, from)) = &mut retry else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    (at, rest) = (*after, from.clone());
                }
            }
        }
    }
}

/// How texts are compared: by simple lower case of each character.
pub(super) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(|c| {
            let mut all = c.to_lowercase();
            // A character that becomes several stays itself: lengths stay comparable with `?`.
            match (all.next(), all.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        })
        .collect()
}
