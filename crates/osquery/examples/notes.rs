// SPDX-License-Identifier: Apache-2.0
//! An extension with a writable table: `notes --socket SOCKET`, then `INSERT INTO notes (text) VALUES ('x')`,
//! UPDATE and DELETE. The notes live as long as the process.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use evtables_osquery::*;

/// More notes than this are refused.
const NOTES_MAX: usize = 1000;

struct Notes {
    columns: [Column; 1],
    by_rowid: Mutex<BTreeMap<i64, String>>,
}

impl Notes {
    /// Changes the notes under their lock.
    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<i64, String>) -> T) -> T {
        change(&mut self.by_rowid.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Table for Notes {
    fn name(&self) -> &str {
        "notes"
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn attributes(&self) -> Attributes {
        Attributes::NONE
    }

    fn generate(&self, _query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        for (rowid, text) in self.change(|notes| notes.clone()) {
            rows.begin_row();
            rows.rowid(rowid);
            rows.text(0, &text);
            rows.end_row()?;
        }
        Ok(())
    }

    fn insert(&self, values: &[Value], rowid: Option<i64>) -> Result<i64, ChangeError> {
        let text = text(values)?;
        self.change(|notes| {
            if notes.len() >= NOTES_MAX {
                return Err(ChangeError::failed("there are too many notes"));
            }
            let next = notes.keys().next_back().map_or(Some(1), |last| last.checked_add(1));
            let rowid = rowid.or(next).ok_or(ChangeError::Constraint)?;
            if notes.contains_key(&rowid) {
                return Err(ChangeError::Constraint);
            }
            notes.insert(rowid, text);
            Ok(rowid)
        })
    }

    fn update(
        &self,
        rowid: i64,
        values: &[Value],
        new_rowid: Option<i64>,
    ) -> Result<(), ChangeError> {
        let text = text(values)?;
        self.change(|notes| {
            if new_rowid.is_some_and(|other| notes.contains_key(&other)) {
                return Err(ChangeError::Constraint);
            }
            notes.remove(&rowid).ok_or_else(|| ChangeError::failed("no such note"))?;
            notes.insert(new_rowid.unwrap_or(rowid), text);
            Ok(())
        })
    }

    fn delete(&self, rowid: i64) -> Result<(), ChangeError> {
        let removed = self.change(|notes| notes.remove(&rowid));
        removed.map(drop).ok_or_else(|| ChangeError::failed("no such note"))
    }
}

fn text(values: &[Value]) -> Result<String, ChangeError> {
    let text = values.first().and_then(Value::as_text).ok_or(ChangeError::Constraint)?;
    Ok(text.to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words = std::env::args();
    let socket =
        words.skip_while(|word| word != "--socket").nth(1).ok_or("--socket PATH is missing")?;
    let columns = [Column::new("text", ColumnType::Text, ColumnOptions::NONE)];
    let notes = Arc::new(Notes { columns, by_rowid: Mutex::default() });
    let (sender, events) = mpsc::channel();
    let owner = Arc::new(move |event| drop(sender.send(event)));
    let options = ExtensionOptions::new(socket, ExtensionInfo::new("notes", "1.0"));
    let _extension = Extension::start(options, vec![notes], vec![], owner)?;
    events.iter().find(|event| *event == ExtensionEvent::ShutdownAsked);
    Ok(())
}
