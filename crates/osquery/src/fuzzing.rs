// SPDX-License-Identifier: Apache-2.0
//! Entries for the fuzz targets: everything that reads a peer's bytes, fed with any bytes, and what must
//! hold of the answers. Not part of the interface.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::change::{ChangeError, Value};
use crate::logger::{LogQueue, LogQueueLimits, LoggerFeatures, LoggerPlugin};
use crate::manager::{ManagerError, read_answer, read_extensions, read_options, read_result};
use crate::message::{CallArguments, Response, Row, Rows, Status, read_rows};
use crate::query::{ContextReader, Query};
use crate::rows::RowsWriter;
use crate::server::{ServerLimits, Service};
use crate::service::{ExtensionService, Items, TableItem};
use crate::table::{Attributes, Column, ColumnOptions, ColumnType, Table, TableError};
use crate::wire::{Head, Kind, Limits, Reader, Type, WireError, Writer};

/// A table that writes back what it is asked.
struct Echo([Column; 3]);

impl Echo {
    fn new() -> Echo {
        let of = |name, ty| Column::new(name, ty, ColumnOptions::INDEX);
        Echo([
            of("text", ColumnType::Text),
            of("integer", ColumnType::Integer),
            of("double", ColumnType::Double),
        ])
    }
}

impl Table for Echo {
    fn name(&self) -> &str {
        "echo"
    }

    fn columns(&self) -> &[Column] {
        &self.0
    }

    fn attributes(&self) -> Attributes {
        Attributes::EVENT_BASED
    }

    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        for constraint in query.constraints() {
            assert!(constraint.column < self.0.len(), "a column of the table");
            rows.begin_row();
            rows.text(0, &constraint.expr);
            rows.integer(1, constraint.op.code().into());
            rows.double(2, constraint.expr.parse().unwrap_or(0.5));
            rows.end_row()?;
        }
        Ok(())
    }

    fn insert(&self, values: &[Value], rowid: Option<i64>) -> Result<i64, ChangeError> {
        assert_eq!(values.len(), self.0.len(), "one value per column");
        Ok(rowid.unwrap_or(1))
    }

    fn delete(&self, _rowid: i64) -> Result<(), ChangeError> {
        Ok(())
    }
}

fn service() -> ExtensionService {
    let queue = LogQueue::new("echo", LoggerFeatures::EVENT, LogQueueLimits::CORE);
    let item = Arc::new(TableItem::new(Arc::new(Echo::new())));
    ExtensionService {
        items: Items {
            tables: [("echo".to_owned(), item)].into(),
            plugins: vec![Arc::new(LoggerPlugin::new(Arc::clone(&queue)))],
        },
        limits: ServerLimits::CORE,
        counters: Arc::default(),
        running: AtomicUsize::new(0),
        on_shutdown: Arc::new(|| {}),
    }
}

/// Serves `bytes` as what core sends on one connection.
///
/// # Panics
/// When an answer is not a message that core could read.
pub fn requests(mut bytes: &[u8]) {
    let service = service();
    let stopping = Arc::default();
    while !bytes.is_empty() {
        let mut reader = Reader::new(&mut bytes, Limits::REQUEST);
        let Ok(head) = reader.head() else { return };
        let Ok(answer) = service.request(&head, &mut reader, &stopping) else { return };
        check_answer(&head, &answer().bytes);
    }
    assert_eq!(service.counters.read().panicked, 0, "a table or plug-in panicked");
}

/// Makes one call of a table or plug-in, whatever it names.
///
/// # Panics
/// As [`requests`].
pub fn call(registry: &str, item: &str, request: Vec<(String, String)>) {
    let mut writer = Writer::message("call", Kind::Call, 0);
    let request = request.into_iter().collect::<Row>();
    CallArguments::write(&mut writer, registry, item, &request);
    requests(&writer.into_bytes());
}

fn check_answer(head: &Head, mut answer: &[u8]) {
    let mut reader = Reader::new(&mut answer, Limits::REPLY);
    let found = reader.head().expect("an answer has a head");
    assert_eq!((&found.method, found.sequence), (&head.method, head.sequence));
    reader.skip(Type::Struct).expect("an answer is whole");
    assert!(answer.is_empty(), "nothing follows an answer");
}

/// Reads `bytes` as core's answer to each of the manager's methods.
///
/// # Panics
/// When bytes behind a whole answer are taken.
pub fn replies(bytes: &[u8]) {
    let refused = [
        reply(bytes, "ping", Type::Struct, Status::read).is_err(),
        reply(bytes, "registerExtension", Type::Struct, Status::read).is_err(),
        reply(bytes, "extensions", Type::Map, read_extensions).is_err(),
        reply(bytes, "options", Type::Map, read_options).is_err(),
        reply(bytes, "query", Type::Struct, Response::read).is_err(),
        reply(bytes, "getQueryColumns", Type::Struct, Response::read).is_err(),
        reply(bytes, "call", Type::Struct, Response::read).is_err(),
    ];
    let read = refused.iter().filter(|refused| !**refused).count();
    assert!(read <= 1, "an answer belongs to one method");
}

fn reply<T>(
    mut bytes: &[u8],
    method: &'static str,
    ty: Type,
    mut read: impl FnMut(&mut Reader<'_>) -> Result<T, WireError>,
) -> Result<T, ManagerError> {
    let mut reader = Reader::new(&mut bytes, Limits::REPLY);
    read_answer(&mut reader, method, &mut |reader| read_result(reader, ty, &mut read))
}

/// Reads `json` as the context of a `generate` call.
///
/// # Panics
/// When a constraint names a column that the table does not have, or its operator does not come back.
pub fn context(json: &str) {
    let columns = Echo::new().0;
    let Ok(query) = ContextReader::new(&columns).read(json) else { return };
    for constraint in query.constraints() {
        assert!(constraint.column < columns.len());
        let again = crate::Op::from_code(constraint.op.code().into());
        assert_eq!(again, Some(constraint.op));
    }
    let used = (0..columns.len() + 70).filter(|column| query.uses(*column)).count();
    assert!(query.uses(columns.len()) || used <= columns.len());
}

/// A value of one cell: text, whole number, number with a fraction, bytes.
pub type Cell = (Option<String>, i64, f64, Vec<u8>);

/// Writes rows of four columns, some of them begun and not ended, and reads them back.
///
/// # Panics
/// When other rows come back.
pub fn rows(cells: Vec<(Cell, bool)>) {
    let mut writer = RowsWriter::new(&["text", "integer", "double", "bytes"]);
    let mut expected = Rows::new();
    for ((text, integer, double, bytes), ended) in cells {
        let mut row = BTreeMap::new();
        writer.begin_row();
        match text {
            Some(text) => {
                writer.text(0, &text);
                row.insert("text".to_owned(), text);
            }
            None => writer.null(0),
        }
        writer.integer(1, integer);
        row.insert("integer".to_owned(), integer.to_string());
        writer.double(2, double);
        writer.blob(3, &bytes);
        row.insert("bytes".to_owned(), String::from_utf8_lossy(&bytes).into_owned());
        if double.is_finite() {
            row.insert("double".to_owned(), double.to_string());
        }
        if ended {
            writer.end_row().expect("far below the bound");
            expected.push(row);
        }
    }
    assert_eq!(writer.rows(), expected.len());
    let list = writer.into_list();
    let mut found = read_rows(&mut Reader::new(&mut &list[..], Limits::REPLY)).expect("a list");
    for row in found.iter_mut().chain(&mut expected) {
        if let Some(double) = row.get_mut("double") {
            let value: f64 = double.parse().expect("a number");
            // One number may be written in several ways.
            *double = format!("{:x}", value.to_bits());
        }
    }
    assert_eq!(found, expected);
}
