// SPDX-License-Identifier: Apache-2.0
//! The files of one pattern: those that come are opened, those that were renamed or removed are read to
//! their end and let go.

use crate::cut::{Line, Unit};
use crate::followed::{Followed, Start};
use crate::positions::{FileId, Positions};
use evtables_filter::pattern::glob;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

/// Entries of a folder that are looked at.
const ENTRIES_MAX: usize = 4_096;
/// A file without a name is let go when nothing was written for so long.
const LEAVE_AFTER: Duration = Duration::from_secs(5);

/// A line that was read: the file, which file that is, the line, the place behind it.
pub(crate) type Take<'a> = dyn FnMut(&Path, FileId, Line<'_>, u64) + 'a;

/// A pattern, with its files.
pub(crate) struct Watch {
    pattern: String,
    unit: Unit,
    open: Vec<Followed>,
    leaving: Vec<(Followed, Instant)>,
    /// Whether what a restart left behind was looked for.
    resumed: bool,
}

impl Watch {
    pub(crate) fn new(pattern: &str, unit: Unit) -> Self {
        let pattern = pattern.to_owned();
        Self { pattern, unit, open: Vec::new(), leaving: Vec::new(), resumed: false }
    }

    pub(crate) fn files(&self) -> usize {
        self.open.len() + self.leaving.len()
    }

    /// Opens what is new, and lets go what has another name. At most `files_max` files are followed.
    pub(crate) fn find(
        &mut self,
        positions: &mut Positions,
        files_max: usize,
        turn: u64,
        now: Instant,
    ) -> usize {
        let mut stays = Vec::new();
        for file in self.open.drain(..) {
            let named = std::fs::metadata(&file.path).map(|meta| FileId::of(&meta));
            if named.is_ok_and(|id| id == file.id) {
                stays.push(file);
            } else {
                self.leaving.push((file, now));
            }
        }
        self.open = stays;
        if !std::mem::replace(&mut self.resumed, true) {
            self.find_renamed(positions, now);
        }
        let known = !positions.known.insert(self.pattern.clone());
        let mut left_out = 0;
        for path in expand(&self.pattern) {
            if self.open.iter().any(|file| file.path == path) {
                continue;
            }
            let Ok(meta) = std::fs::metadata(&path) else { continue };
            let id = FileId::of(&meta);
            // Another name of a file that is read already.
            if !meta.is_file() || self.has(id) {
                continue;
            }
            if self.files() >= files_max {
                left_out += 1;
                continue;
            }
            let start = |id| match positions.files.get(&id) {
                Some(position) => Start::At(position.clone()),
                None if known => Start::Beginning,
                None => Start::End,
            };
            match Followed::open(&path, self.unit, start) {
                Ok(Some(file)) => self.open.push(file),
                Ok(None) => {}
                Err(error) => tracing::warn!("failed to follow {}: {error}", path.display()),
            }
        }
        self.note(positions, turn);
        left_out
    }

    fn has(&self, id: FileId) -> bool {
        self.open.iter().any(|file| file.id == id)
            || self.leaving.iter().any(|(file, _)| file.id == id)
    }

    /// Files that got another name while nobody looked: read to their end, too.
    fn find_renamed(&mut self, positions: &Positions, now: Instant) {
        for (id, position) in &positions.files {
            let path = position.path.to_string_lossy();
            if !matches(&self.pattern, &path) || self.has(*id) {
                continue;
            }
            let Some(path) = find(&position.path, *id).filter(|path| *path != position.path) else {
                continue;
            };
            // A name that matches is opened as every other.
            if matches(&self.pattern, &path.to_string_lossy()) {
                continue;
            }
            let start = |_| Start::At(position.clone());
            if let Ok(Some(mut file)) = Followed::open(&path, self.unit, start) {
                file.path.clone_from(&position.path);
                self.leaving.push((file, now));
            }
        }
    }

    /// Reads what is new in the files; stops early when `is_full` says so.
    pub(crate) fn read(
        &mut self,
        positions: &mut Positions,
        turn: u64,
        now: Instant,
        is_full: &dyn Fn() -> bool,
        take: &mut Take<'_>,
    ) -> bool {
        let mut more = false;
        let mut read = |file: &mut Followed| {
            if is_full() {
                return true;
            }
            let (path, id) = (file.path.clone(), file.id);
            let result = file.read(|line, end| take(&path, id, line, end));
            result.unwrap_or_else(|error| {
                tracing::warn!("failed to read {}: {error}", path.display());
                false
            })
        };
        // The older ones first.
        for (file, seen) in &mut self.leaving {
            let before = file.offset;
            let has_more = read(file);
            if has_more || file.offset != before {
                *seen = now;
            }
            more |= has_more;
        }
        for file in &mut self.open {
            more |= read(file);
        }
        self.note(positions, turn);
        let is_over = |seen: Instant| now.saturating_duration_since(seen) >= LEAVE_AFTER;
        let mut stays = Vec::new();
        for (mut file, seen) in self.leaving.drain(..) {
            if is_over(seen) && !is_full() {
                let (path, id) = (file.path.clone(), file.id);
                file.finish(|line, end| take(&path, id, line, end));
                positions.files.insert(id, file.position(turn));
            } else {
                stays.push((file, seen));
            }
        }
        self.leaving = stays;
        more
    }

    fn note(&self, positions: &mut Positions, turn: u64) {
        let leaving = self.leaving.iter().map(|(file, _)| file);
        for file in self.open.iter().chain(leaving) {
            positions.files.insert(file.id, file.position(turn));
        }
        positions.bound();
    }
}

/// Where a file is now that had this path: there, or beside it under a longer name.
pub(crate) fn find(path: &Path, id: FileId) -> Option<PathBuf> {
    let same = |path: &Path| {
        std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && FileId::of(&meta) == id)
    };
    if same(path) {
        return Some(path.to_owned());
    }
    let (folder, name) = (path.parent()?, path.file_name()?.to_string_lossy().into_owned());
    let beside = names_of(folder).into_iter().filter(|other| other.starts_with(&name));
    beside.map(|name| folder.join(name)).find(|path| same(path))
}

/// Names in a folder, sorted; the first [`ENTRIES_MAX`] that the system tells.
fn names_of(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .take(ENTRIES_MAX)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    names
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The paths that a pattern leads to; a path without wildcards leads to itself. Wildcards stay inside
/// their component.
pub(crate) fn expand(pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in Path::new(pattern).components() {
        let text = part.as_os_str().to_string_lossy();
        if !matches!(part, Component::Normal(_)) || !is_pattern(&text) {
            found.iter_mut().for_each(|path| path.push(part));
            continue;
        }
        let mut next = Vec::new();
        for folder in &found {
            let names = names_of(folder).into_iter().filter(|name| glob(&text, name));
            next.extend(names.map(|name| folder.join(name)));
            next.truncate(ENTRIES_MAX);
        }
        found = next;
    }
    if is_pattern(pattern) {
        found.retain(|path| path.exists());
    }
    found
}

/// Whether a pattern can lead to a path.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut parts) = (Path::new(pattern).components(), Path::new(path).components());
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some(wanted), Some(part)) => {
                let (wanted, part) =
                    (wanted.as_os_str().to_string_lossy(), part.as_os_str().to_string_lossy());
                if wanted != part && !(is_pattern(&wanted) && glob(&wanted, &part)) {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
