// SPDX-License-Identifier: Apache-2.0
//! `evtables install|uninstall|verify`: what both systems have in common, files and osquery's list. Each system's
//! own places and rules are in a file with the same names.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

mod flags;
mod lines;
mod sddl;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

#[cfg(unix)]
pub(crate) use system::broken_rule;
#[cfg(windows)]
pub(crate) use system::untrusted_writer;
pub(crate) use system::{install, uninstall, verify};

use lines::Edited;

const EDITED_BYTES_MAX: u64 = 1 << 20;

fn failed(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> String {
    let what = format!("failed to {what} {}", path.display());
    move |error| format!("{what}: {error}")
}

/// Changes a file of osquery's by rename; it keeps its access and its owner. One that is gone takes its folder along
/// when nothing else is in that.
fn edit(file: &Path, change: impl FnOnce(Option<&[u8]>) -> Edited) -> Result<(), String> {
    let before = match fs::metadata(file) {
        Ok(meta) if meta.len() > EDITED_BYTES_MAX => {
            return Err(format!("failed to read {}: larger than 1 MiB", file.display()));
        }
        Ok(_) => Some(fs::read(file).map_err(failed("read", file))?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed("read", file)(error)),
    };
    let folder = file.parent().ok_or("failed to edit osquery's files: no folder")?;
    let text = match change(before.as_deref()) {
        Edited::Same => return Ok(()),
        Edited::Gone => {
            remove(file, fs::remove_file)?;
            let _ = fs::remove_dir(folder);
            return Ok(());
        }
        Edited::Text(text) => text,
    };
    fs::create_dir_all(folder).map_err(failed("make", folder))?;
    let temporary = file.with_extension("evtables.new");
    let written = write_like(&temporary, &text, before.is_some().then_some(file))
        .map_err(failed("write", &temporary))
        .and_then(|()| fs::rename(&temporary, file).map_err(failed("place", file)));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A new file, with the access of another.
fn write_like(path: &Path, text: &[u8], other: Option<&Path>) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(text)?;
    file.sync_all()?;
    match other {
        Some(other) => system::copy_access(other, path),
        None => Ok(()),
    }
}

/// Has osquery's list name a program.
fn list(file: &Path, line: &str, is_it: impl Fn(&str) -> bool) -> Result<(), String> {
    edit(file, |text| match text {
        Some(text) if lines::has(text, is_it) => Edited::Same,
        text => lines::put(text, &[line.to_owned()]),
    })
}

/// Takes a program out of osquery's list.
fn unlist(file: &Path, is_it: impl Fn(&str) -> bool) -> Result<(), String> {
    edit(file, |text| {
        let count = |lines: &[&str]| usize::from(lines.first().is_some_and(|line| is_it(line)));
        text.map_or(Edited::Same, |text| lines::take(text, count))
    })
}

fn remove(path: &Path, how: fn(PathBuf) -> std::io::Result<()>) -> Result<(), String> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    how(path.to_owned()).map_err(failed("remove", path))
}
