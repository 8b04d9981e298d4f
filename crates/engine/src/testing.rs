// SPDX-License-Identifier: Apache-2.0
//! Process rows for tests of this crate.

use evtables_schema::generated::process_events::linux::{Builder, Row};
use evtables_schema::{Cell, CellReader, EventBatch};

/// The facts that tests vary.
#[derive(Debug, Clone)]
pub(crate) struct ProcessRow {
    pub(crate) action: &'static str,
    pub(crate) guid: u128,
    pub(crate) parent: u128,
    pub(crate) path: Option<String>,
    pub(crate) cmdline: Option<String>,
    /// device, inode, mtime, size
    pub(crate) file: Option<(i64, i64, i64, i64)>,
    pub(crate) uid: i64,
    /// Unix seconds.
    pub(crate) started: i64,
}

impl ProcessRow {
    pub(crate) fn new(action: &'static str, guid: u128, parent: u128) -> Self {
        Self { action, guid, parent, path: None, cmdline: None, file: None, uid: 0, started: 0 }
    }

    pub(crate) fn exec(guid: u128, parent: u128, path: &str, cmdline: &str) -> Self {
        Self {
            path: Some(path.into()),
            cmdline: Some(cmdline.into()),
            ..Self::new("PROC_CREATE", guid, parent)
        }
    }
}

pub(crate) fn batch(rows: &[ProcessRow]) -> EventBatch {
    let mut builder = Builder::default();
    for row in rows {
        builder.push(&Row {
            action: row.action,
            pid: row.guid as i64,
            process_guid: row.guid,
            path: row.path.as_deref(),
            cmdline: row.cmdline.as_deref(),
            parent_pid: row.parent as i64,
            parent_process_guid: row.parent,
            time: 1_700_000_000_000_000_000,
            comm: "x",
            tid: 1,
            uid: row.uid,
            start_time: row.started,
            cap_effective: "0000000000000000",
            ns_pid: 1,
            cgroup_id: 1,
            inode: row.file.map(|f| f.1),
            device: row.file.map(|f| f.0),
            mtime: row.file.map(|f| f.2),
            size: row.file.map(|f| f.3),
            ..Row::default()
        });
    }
    builder.finish()
}

/// Cells of the named columns as text, row by row.
pub(crate) fn read(batch: EventBatch, columns: &[&str]) -> Vec<Vec<Option<String>>> {
    let (table, rows) = (batch.table, batch.rows);
    let schema = std::sync::Arc::new(arrow_schema::Schema::new(
        table
            .stored_schema()
            .fields()
            .iter()
            .map(|f| f.as_ref().clone().with_nullable(true))
            .collect::<Vec<_>>(),
    ));
    let record = arrow_array::RecordBatch::try_new(schema, batch.into_stored_columns()).unwrap();
    (0..rows)
        .map(|row| {
            let cell = |name: &&str| {
                let column = &table.columns[table.column(name).unwrap()];
                let reader = CellReader::new(table, column, &record);
                let mut scratch = String::new();
                match reader.cell(row, &mut scratch) {
                    Cell::Null => None,
                    Cell::Int(v) => Some(v.to_string()),
                    Cell::Real(v) => Some(v.to_string()),
                    Cell::Text(v) => Some(v.to_owned()),
                }
            };
            columns.iter().map(cell).collect()
        })
        .collect()
}
