// SPDX-License-Identifier: Apache-2.0
//! What reviews would otherwise say twice, as tests: generated files are fresh, crates depend along
//! ARCHITECTURE's arrows only, every source names its licence and says what it is.

use crate::spec::Column;
use crate::{check_generated, root};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn generated_files_are_fresh() {
    check_generated(&root()).unwrap();
}

/// Allowed arrows: crate → crates of ours that it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("schema", &[]),
    ("filter", &["schema"]),
    ("sdk", &["filter", "schema"]),
    ("store", &["filter", "schema"]),
    ("engine", &["store", "sdk", "filter", "schema"]),
    ("sql", &["engine", "filter", "schema"]),
    ("osquery", &[]),
    ("tls", &[]),
    ("signature", &["tls"]),
    ("publisher-linux", &["tls", "sdk", "filter", "schema"]),
    ("publisher-replay", &["publisher-windows", "sdk", "filter", "schema"]),
    ("publisher-tail", &["sdk", "filter", "schema"]),
    ("publisher-windows", &["signature", "tls", "sdk", "filter", "schema"]),
    ("state-windows", &["sdk", "filter", "schema"]),
    (
        "evtables",
        &[
            "engine",
            "sql",
            "osquery",
            "publisher-linux",
            "publisher-replay",
            "publisher-tail",
            "publisher-windows",
            "state-windows",
            "sdk",
            "store",
            "filter",
            "schema",
        ],
    ),
];

#[test]
fn crates_follow_the_arrows() {
    let crates = root().join("crates");
    for entry in std::fs::read_dir(&crates).unwrap() {
        let dir = entry.unwrap().path();
        let name = dir.file_name().unwrap().to_str().unwrap().to_owned();
        let (_, allowed) = ARROWS
            .iter()
            .find(|(from, _)| *from == name)
            .unwrap_or_else(|| panic!("crate {name} has no arrows in xtask/src/tidy.rs"));
        let manifest: toml::Table =
            toml::from_str(&std::fs::read_to_string(dir.join("Cargo.toml")).unwrap()).unwrap();
        let Some(dependencies) = manifest.get("dependencies").and_then(|d| d.as_table()) else {
            continue;
        };
        for dependency in dependencies.keys().filter_map(|key| key.strip_prefix("evtables-")) {
            assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|e| e == "rs" || e == "c" || e == "h") {
            out.push(path);
        }
    }
}

#[test]
fn sources_name_their_licence_and_purpose() {
    let mut files = Vec::new();
    for part in ["crates", "xtask", "bench", "fuzz"] {
        if root().join(part).exists() {
            sources(&root().join(part), &mut files);
        }
    }
    assert!(files.len() > 20, "found the sources");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let is_rust = file.extension().is_some_and(|e| e == "rs");
        let is_bpf = file.components().any(|c| c.as_os_str() == "bpf");
        let wanted = if !is_bpf {
            "SPDX-License-Identifier: Apache-2.0"
        } else {
            "SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)"
        };
        let first = text.lines().next().unwrap_or_default();
        assert!(first.contains(wanted), "{}: first line lacks `{wanted}`", file.display());
        if is_rust {
            let second = text.lines().nth(1).unwrap_or_default();
            assert!(second.starts_with("//!"), "{}: no `//!` in the second line", file.display());
        }
        let lines = text.lines().count();
        let generated = file.components().any(|c| c.as_os_str() == "generated");
        assert!(lines <= 1500 || generated, "{}: {lines} lines", file.display());
    }
}

/// Where `unsafe` may stand; each file there says why it is needed, why it is sound, and which test covers it.
const UNSAFE: &[&str] = &[
    "publisher-linux/src/sys/",
    "publisher-windows/src/native/",
    "engine/src/host/windows.rs",
    "evtables/src/memory.rs",
    "evtables/src/system/windows/",
    "state-windows/src/native/",
    "sql/src/vtab.rs",
    "osquery/src/transport/windows/acl.rs",
    "osquery/src/transport/windows/descriptor.rs",
    "osquery/src/transport/windows/pipe.rs",
    "osquery/src/transport/windows/server.rs",
];

#[test]
fn unsafe_stands_in_few_places() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    let allowance = ["allow", "expect"].map(|word| format!("{word}(unsafe_code"));
    let mut found = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        if !allowance.iter().any(|words| text.contains(words)) {
            continue;
        }
        found += 1;
        let name = file.to_str().unwrap().replace('\\', "/");
        assert!(UNSAFE.iter().any(|place| name.contains(place)), "{name} allows unsafe code");
        let said = ["SAFETY:", "Sound:"].iter().any(|word| text.contains(word));
        assert!(said, "{name} says nowhere why its unsafe code is sound");
    }
    assert!(found >= 3, "found {found} places");
}

#[test]
fn no_file_is_named_after_nothing() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    for file in files {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["utils", "util", "common", "misc", "helpers", "imp"].contains(&stem),
            "{}",
            file.display()
        );
    }
}

/// What says that live collection on Windows is meant.
const LIVE_ON_WINDOWS: &[&str] =
    &["event tracing", " ETW", "(ETW", "ive collection", "live session", "`evtables record"];

#[test]
fn pages_on_live_collection_say_that_windows_was_not_there() {
    let mut pages: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/config.md"]
            .map(|page| root().join(page))
            .into();
    for folder in ["docs/guide", "docs/tables"] {
        pages.extend(
            std::fs::read_dir(root().join(folder)).unwrap().map(|page| page.unwrap().path()),
        );
    }
    let mut found = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        if !LIVE_ON_WINDOWS.iter().any(|words| text.contains(words)) {
            continue;
        }
        found += 1;
        let text = text.to_lowercase();
        let is_said =
            text.contains("not exercised on windows by this project") && text.contains("selftest");
        assert!(is_said, "{} does not say so", page.display());
    }
    assert!(found >= 3, "found {found} pages");
}

/// Scenarios of Linux: real actions, in the kernel lane and in the guests of the lane `kernels`.
const SCENARIOS: [&str; 4] = [
    "crates/evtables/tests/kernel.rs",
    "crates/evtables/tests/kernel",
    "crates/publisher-linux/kernels/init",
    "crates/publisher-linux/kernels/scenarios",
];

/// A table that nothing causes, a word or a column that nothing wants, is not known to work.
#[test]
fn every_linux_table_is_caused_by_a_scenario_with_all_its_words_and_columns() {
    let mut text = String::new();
    for place in SCENARIOS.map(|place| root().join(place)) {
        let files = match std::fs::read_dir(&place) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => vec![place],
        };
        files.iter().for_each(|file| text += &std::fs::read_to_string(file).unwrap_or_default());
    }
    let named: BTreeSet<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let mut missing = Vec::new();
    let tables = crate::spec::read(&root().join("tables")).unwrap();
    let tables: Vec<_> =
        tables.iter().filter(|table| table.platform == "linux" && table.class == "event").collect();
    assert!(tables.len() > 25, "{}", tables.len());
    for table in tables {
        let mut want = |word: &str| {
            if !named.contains(word) {
                missing.push(format!("{}: {word}", table.name));
            }
        };
        want(&table.name);
        let stored = |column: &&Column| !column.hidden && !column.store.starts_with("virtual");
        for column in table.columns.iter().filter(stored) {
            want(&column.name);
            if column.name == "action" {
                column.values.iter().for_each(|word| want(word));
            }
        }
    }
    assert!(missing.is_empty(), "in no scenario: {missing:#?}");
}
