// SPDX-License-Identifier: Apache-2.0
//! What is pushed: tables, and queries over what is new in one, as the configuration names them.

use evtables_schema::{TableSpec, event_tables};

/// What is pushed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PushConfig {
    pub(crate) items: Vec<PushItem>,
    pub(crate) lines_per_second: u32,
}

/// One table, or one query over what is new in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PushItem {
    pub(crate) name: String,
    pub(crate) sql: String,
    /// The table whose new rows the query sees; other tables are seen whole.
    pub(crate) table: &'static TableSpec,
}

/// A whole table.
///
/// # Errors
/// When there is no such event table.
pub(crate) fn table_item(name: &str) -> Result<PushItem, String> {
    let table = event_table(name)?;
    let sql = format!("SELECT * FROM {}", table.name);
    Ok(PushItem { name: name.to_owned(), sql, table })
}

/// A query over what is new in `table`, or in the first event table that it names.
///
/// # Errors
/// When there is no such table, or the query names none.
pub(crate) fn query_item(name: &str, sql: &str, table: Option<&str>) -> Result<PushItem, String> {
    let table = match table {
        Some(table) => event_table(table)?,
        None => {
            let lower = sql.to_ascii_lowercase();
            let mut found: Vec<(usize, &'static TableSpec)> =
                event_tables().filter_map(|table| Some((lower.find(table.name)?, table))).collect();
            // The longest of those at the first place.
            found.sort_by_key(|(at, table)| (*at, std::cmp::Reverse(table.name.len())));
            found.first().ok_or("the query names no event table")?.1
        }
    };
    Ok(PushItem { name: name.to_owned(), sql: sql.to_owned(), table })
}

fn event_table(name: &str) -> Result<&'static TableSpec, String> {
    evtables_schema::event_table(name).ok_or_else(|| format!("no such event table: {name}"))
}
