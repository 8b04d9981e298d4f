// SPDX-License-Identifier: Apache-2.0
//! Account names (`fill = "user.name"`): a number looked up in /etc/passwd ([`Accounts`]). The number is the row's
//! `uid` where that is one, else the text that the decoder left in the column itself, which stays when nobody has
//! that number.

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int64Array, StringArray};
use evtables_schema::EventBatch;
use evtables_schema::cells::dict_text;
use evtables_schema::columns::DictBuilder;
use evtables_sdk::{Accounts, Enricher};
use std::path::PathBuf;

/// The enricher.
#[derive(Debug)]
pub struct Users {
    accounts: Accounts,
}

impl Users {
    /// Over a file in passwd(5) format.
    #[must_use]
    pub fn new(file: PathBuf) -> Self {
        Self { accounts: Accounts::new(file) }
    }
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
        self.accounts.refresh();
        let mut builder = DictBuilder::default();
        if let Some(uids) = uids {
            for row in 0..batch.rows {
                let name =
                    uids.is_valid(row).then(|| self.accounts.name(uids.value(row))).flatten();
                builder.push(name.map(|name| &**name));
            }
        } else {
            let Some(given) = batch.column(position).and_then(|array| texts(array)) else { return };
            for row in 0..batch.rows {
                let text = given.get(row).copied().flatten();
                let name = text.and_then(|text| self.accounts.name(text.parse().ok()?));
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
