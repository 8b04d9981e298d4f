// SPDX-License-Identifier: Apache-2.0
//! Names of accounts by their numbers, from a file in passwd(5) format, without glibc's NSS (the binary is
//! static). The file is looked at again when its modification time changes, at most once a second.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

const FILE_BYTES_MAX: u64 = 16 << 20;
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The names.
#[derive(Debug)]
pub struct Accounts {
    file: PathBuf,
    modified: Option<SystemTime>,
    looked: Option<Instant>,
    names: HashMap<i64, Arc<str>>,
}

impl Accounts {
    /// Of a file, which is not read yet.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { file, modified: None, looked: None, names: HashMap::new() }
    }

    /// Looks whether the file has changed. True when it has been read.
    pub fn refresh(&mut self) -> bool {
        if self.looked.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return false;
        }
        self.looked = Some(Instant::now());
        let Ok(meta) = std::fs::metadata(&self.file) else { return false };
        let modified = meta.modified().ok();
        if modified == self.modified && modified.is_some() || meta.len() > FILE_BYTES_MAX {
            return false;
        }
        let Ok(bytes) = std::fs::read(&self.file) else { return false };
        self.names = parse(&String::from_utf8_lossy(&bytes));
        self.modified = modified;
        true
    }

    /// The name of the account with this number, if there is one.
    #[must_use]
    pub fn name(&self, uid: i64) -> Option<&Arc<str>> {
        self.names.get(&uid)
    }
}

/// `name:password:uid:…` lines; others are passed over. The first name of a uid wins, as in libc.
fn parse(text: &str) -> HashMap<i64, Arc<str>> {
    let mut names = HashMap::new();
    for line in text.lines() {
        let mut fields = line.split(':');
        let (Some(name), Some(_), Some(uid)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        if let Ok(uid) = uid.parse::<i64>() {
            names.entry(uid).or_insert_with(|| Arc::from(name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwd_lines() {
        let names =
            parse("root:x:0:0:root:/root:/bin/sh\nbroken\n+::::::\ntoor:x:0:0::/:\nann:x:1000:\n");
        assert_eq!(names.get(&0).map(|n| &**n), Some("root"));
        assert_eq!(names.get(&1000).map(|n| &**n), Some("ann"));
        assert_eq!(names.len(), 2);
    }
}
