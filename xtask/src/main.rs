// SPDX-License-Identifier: Apache-2.0
//! Chores of the repository: `cargo run -p xtask -- codegen [--check]`.

mod codegen;
mod config_page;
mod spec;
#[cfg(test)]
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["codegen"] => write_generated(&root()),
        ["codegen", "--check"] => check_generated(&root()),
        _ => Err("usage: xtask codegen [--check]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn generated(root: &Path) -> Result<std::collections::BTreeMap<PathBuf, String>, String> {
    let tables = spec::read(&root.join("tables"))?;
    let lock = std::fs::read_to_string(root.join("tables.lock")).unwrap_or_default();
    let mut files = codegen::files(&tables, &lock)?;
    files.insert(config_page::PATH.into(), config_page::text());
    Ok(files)
}

fn write_generated(root: &Path) -> Result<(), String> {
    for (path, text) in generated(root)? {
        let path = root.join(path);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// Fails, naming the first file, when a committed file differs from what the specs give.
fn check_generated(root: &Path) -> Result<(), String> {
    for (path, text) in generated(root)? {
        if std::fs::read_to_string(root.join(&path)).is_ok_and(|old| old == text) {
            continue;
        }
        return Err(format!("{} is stale: run `cargo run -p xtask -- codegen`", path.display()));
    }
    Ok(())
}
