// SPDX-License-Identifier: Apache-2.0
//! What core asks of a writable table: the row that INSERT, UPDATE or DELETE is about, parsed from its
//! request, and the one row by which it is answered. Which tables can be written is said by them.

use serde_json::Value as Json;

use crate::message::{Response, Row};
use crate::table::Table;

#[cfg(test)]
mod tests;

/// A value that SQL gives to a column. Core checks the type against the column's declaration before.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL, or a column that the INSERT does not name.
    Null,
    /// Of an INTEGER, BIGINT or UNSIGNED BIGINT column.
    Integer(i64),
    /// Of a DOUBLE column.
    Double(f64),
    /// Of a TEXT or BLOB column; bytes that are no UTF-8 come as U+FFFD.
    Text(String),
}

impl Value {
    /// The text; `None` for everything else.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The whole number; `None` for everything else.
    pub fn as_integer(&self) -> Option<i64> {
        if let Value::Integer(number) = self { Some(*number) } else { None }
    }
}

/// Why a table did not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The table, or this kind of change, is not open to SQL; core says "table X may not be modified".
    #[error("the table may not be modified")]
    ReadOnly,
    /// A rule of the table; core says "constraint failed", and `INSERT OR IGNORE` goes on.
    #[error("constraint failed")]
    Constraint,
    /// Anything else; the person who wrote the SQL reads the text.
    #[error("{0}")]
    Failed(String),
}

impl ChangeError {
    /// A failure with this text.
    pub fn failed(message: impl Into<String>) -> ChangeError {
        ChangeError::Failed(message.into())
    }
}

/// The three actions, by core's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Insert,
    Update,
    Delete,
}

impl Action {
    pub(crate) fn from_name(name: &str) -> Option<Action> {
        Some(match name {
            "insert" => Action::Insert,
            "update" => Action::Update,
            "delete" => Action::Delete,
            _ => return None,
        })
    }
}

/// Makes the change and gives core's answer: the status of the call is success even when the table
/// refuses, because core reads the row only.
pub(crate) fn answer(table: &dyn Table, action: Action, request: &Row) -> Response {
    let outcome = match action {
        Action::Insert => insert(table, request).map(Some),
        Action::Update => update(table, request).map(|()| None),
        Action::Delete => {
            number(request, "id").and_then(|rowid| table.delete(rowid)).map(|()| None)
        }
    };
    let (status, more) = match outcome {
        Ok(rowid) => ("success", rowid.map(|rowid| ("id", rowid.to_string()))),
        Err(ChangeError::ReadOnly) => ("readonly", None),
        Err(ChangeError::Constraint) => ("constraint", None),
        Err(ChangeError::Failed(message)) => ("failure", Some(("message", message))),
    };
    let entries = [("status", status.to_owned())].into_iter().chain(more);
    Response::ok(vec![entries.map(|(key, value)| (key.to_owned(), value)).collect()])
}

/// Whether the answer says that the table changed.
pub(crate) fn is_success(response: &Response) -> bool {
    let status = response.rows.first().and_then(|row| row.get("status"));
    status.is_some_and(|status| status == "success")
}

fn insert(table: &dyn Table, request: &Row) -> Result<i64, ChangeError> {
    let values = values(table, request)?;
    if request.get("auto_rowid").is_some_and(|auto| auto == "true") {
        let rowid = number(request, "id")?;
        table.insert(&values, Some(rowid))?;
        // SQLite goes on with the number that it gave.
        return Ok(rowid);
    }
    table.insert(&values, None)
}

fn update(table: &dyn Table, request: &Row) -> Result<(), ChangeError> {
    let values = values(table, request)?;
    let new_rowid = match request.contains_key("new_id") {
        true => Some(number(request, "new_id")?),
        false => None,
    };
    table.update(number(request, "id")?, &values, new_rowid)
}

/// One value per declared column, in order.
fn values(table: &dyn Table, request: &Row) -> Result<Vec<Value>, ChangeError> {
    let text = request.get("json_value_array").map(String::as_str).unwrap_or_default();
    let array: Vec<Json> = serde_json::from_str(text)
        .map_err(|error| ChangeError::failed(format!("failed to read the values: {error}")))?;
    let (found, declared) = (array.len(), table.columns().len());
    if found != declared {
        let message = format!("failed to read the values: {found} for {declared} columns");
        return Err(ChangeError::Failed(message));
    }
    array.into_iter().map(value).collect()
}

fn value(json: Json) -> Result<Value, ChangeError> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::String(text) => Value::Text(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Integer(whole),
            (None, Some(double)) => Value::Double(double),
            (None, None) => Value::Null,
        },
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
            return Err(ChangeError::failed("failed to read the values: no SQL value"));
        }
    })
}

fn number(request: &Row, key: &str) -> Result<i64, ChangeError> {
    let text = request.get(key).map(String::as_str).unwrap_or_default();
    text.parse().map_err(|_| ChangeError::failed(format!("failed to read {key}: no number")))
}
