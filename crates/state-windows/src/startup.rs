// SPDX-License-Identifier: Apache-2.0
//! `win_startup_items`: Run keys and start-up folders, with what the task manager switched off.

use crate::registry::{Values, environment, expand, users};
use crate::sources::{Accounts, Key, Registry};
use evtables_schema::generated::startup_items::windows as table;
use evtables_sdk::StateRows;
use std::path::{Path, PathBuf};

const CURRENT: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion";
const KEYS: [&str; 4] = ["Run", "RunOnce", "RunOnceEx", r"Policies\Explorer\Run"];
const APPROVED: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved";
const FOLDERS: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
/// Files of one folder.
const FILES_MAX: usize = 1_000;
const EVERYBODY: &str = "SYSTEM";

/// Who starts it, and the key that switches are kept under.
struct Place {
    username: String,
    approved: Key,
}

pub(crate) fn rows(registry: &dyn Registry, accounts: &dyn Accounts) -> StateRows {
    let mut builder = table::Builder::default();
    let machine = Place { username: EVERYBODY.to_owned(), approved: Key::machine(APPROVED) };
    let current = Key::machine(CURRENT);
    for (key, switches) in [(current.clone(), "Run"), (current.thirty_two(), "Run32")] {
        keys(&mut builder, registry, &key, (&machine, switches));
    }
    let shared = Values::of(registry, &Key::machine(FOLDERS)).text("Common Startup");
    folder(&mut builder, registry, shared, &machine);
    for user in users(registry, accounts) {
        let approved = Key::user(&user.sid, APPROVED);
        let place = Place { username: user.account, approved };
        keys(&mut builder, registry, &Key::user(&user.sid, CURRENT), (&place, "Run"));
        let own = Values::of(registry, &Key::user(&user.sid, FOLDERS)).text("Startup");
        // `%USERPROFILE%` is that of whoever runs this; only a path of the user's own is looked at.
        folder(&mut builder, registry, own.filter(|path| !path.contains('%')), &place);
    }
    StateRows::all(builder.finish())
}

fn keys(
    builder: &mut table::Builder,
    registry: &dyn Registry,
    current: &Key,
    (place, switches): (&Place, &str),
) {
    let switches = Values::of(registry, &place.approved.below(switches));
    for name in KEYS {
        let key = current.below(name);
        for value in registry.values(&key) {
            let Some(command) = value.text().filter(|text| !text.is_empty()) else { continue };
            let (path, args) = split(&command);
            builder.push(&table::Row {
                name: &value.name,
                path: Some(&path),
                args: args.as_deref(),
                r#type: "Startup Item",
                source: &key.shown(),
                status: status(&switches, &value.name),
                username: Some(&place.username),
            });
        }
    }
}

fn folder(
    builder: &mut table::Builder,
    registry: &dyn Registry,
    path: Option<String>,
    place: &Place,
) {
    let Some(path) = path.map(|path| PathBuf::from(expand(&path, &environment))) else { return };
    let switches = Values::of(registry, &place.approved.below("StartupFolder"));
    for file in files(&path) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        builder.push(&table::Row {
            name: &name,
            path: Some(&file.to_string_lossy()),
            args: None,
            r#type: "Startup Item",
            source: &path.to_string_lossy(),
            status: status(&switches, &name),
            username: Some(&place.username),
        });
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = entries.filter_map(Result::ok).map(|entry| entry.path());
    let is_item = |path: &PathBuf| {
        path.is_file()
            && path.file_name().is_some_and(|name| !name.eq_ignore_ascii_case("desktop.ini"))
    };
    let mut files: Vec<PathBuf> = files.filter(is_item).take(FILES_MAX).collect();
    files.sort();
    files
}

/// What is off has an odd first byte.
fn status(switches: &Values, name: &str) -> &'static str {
    match switches.bytes(name).and_then(<[u8]>::first) {
        Some(first) if first & 1 == 1 => "disabled",
        _ => "enabled",
    }
}

/// Program and arguments of a command line: a quoted program, or all up to `.exe`, or the first word.
pub(crate) fn split(command: &str) -> (String, Option<String>) {
    let command = command.trim();
    let rest = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some((program, after)) = command.strip_prefix('"').and_then(|text| text.split_once('"'))
    {
        return (program.to_owned(), rest(after));
    }
    let end =
        command.to_ascii_lowercase().match_indices(".exe").map(|(at, dot)| at + dot.len()).find(
            |end| {
                command
                    .get(*end..)
                    .is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
            },
        );
    let end = end.or_else(|| command.find(char::is_whitespace)).unwrap_or(command.len());
    let (program, after) = command.split_at(end);
    (program.to_owned(), rest(after))
}
