// SPDX-License-Identifier: Apache-2.0
//! The reference page of all configuration keys, made of the list that the parser asks.

#[path = "../../crates/evtables/src/config/keys.rs"]
#[allow(dead_code)] // the parser's questions
mod keys;

use keys::{KEYS, Key, Kind, SEED_BLOCKS, SEED_OPTIONS};
use std::fmt::Write as _;

/// Where it stands.
pub(crate) const PATH: &str = "docs/config.md";

const HEAD: &str = "<!-- made by `cargo run -p xtask -- codegen` from crates/evtables/src/config/keys.rs -->
# Keys of the configuration

evtables reads its keys from osquery's own configuration, or from the file of `evtables run --config FILE`. Comments (`//`, `#`, `/* */`) and trailing commas are no errors. An unknown key under `evtables` or
`plgx_event_filters` is an error that names its path and the nearest right key; all other top-level keys are osquery's and left alone. What is in force stands in the table `evtables_config`.
[How filters work](guide/filters.md), [starter configurations](guide/starters.md).

In paths `<table>`, `<name>` and `<column>` stand for any name, `[]` for each element of an array.
";

const TAIL: &str = "
## Keys of the PolyLogyx extension

`plgx_event_filters` works as it did. These have no effect here; when they are given, `evtables_config` has a row with `state = 'not_implemented'`.

| key | instead |
|---|---|
";

/// The page.
pub(crate) fn text() -> String {
    let mut page = HEAD.to_owned();
    let mut section = "";
    for key in KEYS {
        let of = section_of(key.path);
        if of != section {
            section = of;
            let _ = write!(
                page,
                "\n## `{of}`\n\n| key | value | default | what it does | example |\n|---|---|---|---|---|\n"
            );
        }
        page.push_str(&row(key));
    }
    page.push_str(TAIL);
    for (block, instead) in SEED_BLOCKS {
        let _ = writeln!(page, "| `{block}` | {instead} |");
    }
    for (option, instead) in SEED_OPTIONS {
        let _ = writeln!(page, "| `options.{option}` | {instead} |");
    }
    page
}

/// `evtables.x` of a key, or its whole path.
fn section_of(path: &'static str) -> &'static str {
    let dots = path.match_indices('.').nth(1).map_or(path.len(), |(at, _)| at);
    path.get(..dots).unwrap_or(path)
}

fn row(key: &Key) -> String {
    let (value, default) = match &key.kind {
        Kind::Part => ("an object".to_owned(), String::new()),
        Kind::Truth { default } => ("true or false".to_owned(), default.to_string()),
        Kind::Number { default, least, most } => {
            let value = match *most {
                u64::MAX => format!("a whole number of at least {least}"),
                most => format!("a whole number within {least} to {most}"),
            };
            (value, default.map_or_else(String::new, |default| default.to_string()))
        }
        Kind::Other(shape) => ((*shape).to_owned(), String::new()),
    };
    let example = match key.example {
        "" => String::new(),
        example => format!("`{}`", example.replace('|', "\\|")),
    };
    format!("| `{}` | {value} | {default} | {} | {example} |\n", key.path, key.does)
}
