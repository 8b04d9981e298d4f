// SPDX-License-Identifier: Apache-2.0
//! `evtables install|uninstall|verify`: what both systems have in common, files and osquery's list. Each system's
//! own places and rules are in a file with the same names.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

mod flags;
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
pub(crate) use system::{install, uninstall, verify};

const LIST_BYTES_MAX: u64 = 1 << 20;

fn failed(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> String {
    let what = format!("failed to {what} {}", path.display());
    move |error| format!("{what}: {error}")
}

/// Changes osquery's list by rename; other lines and comments stay. An empty list is removed.
fn change_list(list: &Path, change: impl FnOnce(&mut Vec<String>)) -> Result<(), String> {
    let text = match fs::metadata(list) {
        Ok(meta) if meta.len() > LIST_BYTES_MAX => {
            return Err(format!("failed to read {}: larger than 1 MiB", list.display()));
        }
        Ok(_) => fs::read_to_string(list).map_err(failed("read", list))?,
        Err(_) => String::new(),
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let folder = list.parent().ok_or("failed to edit osquery's list: no folder")?;
    if lines.is_empty() {
        remove(list, fs::remove_file)?;
        // Goes only when nothing else is in it.
        let _ = fs::remove_dir(folder);
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(failed("make", folder))?;
    let temporary = list.with_extension("load.new");
    let mut file = fs::File::create(&temporary).map_err(failed("write", &temporary))?;
    for line in &lines {
        writeln!(file, "{line}").map_err(failed("write", &temporary))?;
    }
    file.sync_all().map_err(failed("write", &temporary))?;
    fs::rename(&temporary, list).map_err(failed("place", list))
}

fn remove(path: &Path, how: fn(PathBuf) -> std::io::Result<()>) -> Result<(), String> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    how(path.to_owned()).map_err(failed("remove", path))
}
