// SPDX-License-Identifier: Apache-2.0
//! Account names (`fill = "user.name"`): the row's `uid` looked up in /etc/passwd, without glibc's
//! NSS (the binary is static). The file is looked at again when its modification time changes, at
//! most once a second.

use arrow_array::{Array, Int64Array};
use evtables_schema::EventBatch;
use evtables_schema::columns::DictBuilder;
use evtables_sdk::Enricher;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

const FILE_BYTES_MAX: u64 = 16 << 20;

/// The enricher.
#[derive(Debug)]
pub struct Users {
    file: PathBuf,
    modified: Option<SystemTime>,
    looked: Option<Instant>,
    names: HashMap<i64, Arc<str>>,
}

impl Users {
    /// Over a file in passwd(5) format.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { file, modified: None, looked: None, names: HashMap::new() }
    }

    fn refresh(&mut self) {
        if self.looked.is_some_and(|at| at.elapsed() < Duration::from_secs(1)) {
            return;
        }
        self.looked = Some(Instant::now());
        let Ok(meta) = std::fs::metadata(&self.file) else { return };
        let modified = meta.modified().ok();
        if modified == self.modified && modified.is_some() || meta.len() > FILE_BYTES_MAX {
            return;
        }
        let Ok(bytes) = std::fs::read(&self.file) else { return };
        self.names = parse(&String::from_utf8_lossy(&bytes));
        self.modified = modified;
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

impl Enricher for Users {
    fn name(&self) -> &'static str {
        "user"
    }

    fn enrich(&mut self, batch: &mut EventBatch) {
        let Some(position) = batch.table.columns.iter().position(|c| c.fill == "user.name") else {
            return;
        };
        let Some(uids) = batch.table.column("uid").and_then(|uid| batch.column(uid)) else {
            return;
        };
        let Some(uids) = uids.as_any().downcast_ref::<Int64Array>() else { return };
        self.refresh();
        let mut builder = DictBuilder::default();
        for row in 0..batch.rows {
            let name = uids.is_valid(row).then(|| self.names.get(&uids.value(row))).flatten();
            builder.push(name.map(|name| &**name));
        }
        batch.set_column(position, builder.finish());
    }
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
