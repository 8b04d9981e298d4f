// SPDX-License-Identifier: Apache-2.0
//! Account names (`fill = "user.name"`): a number looked up in /etc/passwd, without glibc's NSS (the
//! binary is static). The number is the row's `uid` where that is one, else the text that the decoder
//! left in the column itself, which stays when nobody has that number. The file is looked at again when its modification time changes, at
//! most once a second.

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int64Array, StringArray};
use evtables_schema::EventBatch;
use evtables_schema::cells::dict_text;
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
        let uids = batch.table.column("uid").and_then(|uid| batch.column(uid));
        let uids = uids.and_then(|uids| uids.as_any().downcast_ref::<Int64Array>());
        self.refresh();
        let mut builder = DictBuilder::default();
        if let Some(uids) = uids {
            for row in 0..batch.rows {
                let name = uids.is_valid(row).then(|| self.names.get(&uids.value(row))).flatten();
                builder.push(name.map(|name| &**name));
            }
        } else {
            let Some(given) = batch.column(position).and_then(|array| texts(array)) else { return };
            for row in 0..batch.rows {
                let text = given.get(row).copied().flatten();
                let name = text.and_then(|text| self.names.get(&text.parse().ok()?));
                builder.push(name.map(|name| &**name).or(text));
            }
        }
        batch.set_column(position, builder.finish());
    }
}

/// The values of a dictionary column, row by row.
fn texts(array: &ArrayRef) -> Option<Vec<Option<&str>>> {
    let array: &DictionaryArray<Int32Type> = array.as_any().downcast_ref()?;
    let values: &StringArray = array.values().as_any().downcast_ref()?;
    Some((0..array.len()).map(|row| dict_text(array, values, row)).collect())
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
