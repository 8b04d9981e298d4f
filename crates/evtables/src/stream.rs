// SPDX-License-Identifier: Apache-2.0
//! The predecessor's stream: the events of all its tables in one, each row a JSON object. A scheduled query
//! has a cursor in each of the tables, as if it named them all; their windows share one reply, so that a busy
//! table leaves room for the quiet ones. Everybody else is given the newest rows.

use crate::answer::{Failure, Reply, Share, executing};
use crate::osquery_table::Face;
use crate::serving::Serving;
use evtables_engine::consumers::{Asking, Call};
use evtables_engine::{DataDir, host};
use evtables_osquery::{
    Attributes, Column, ColumnOptions, ColumnType, Query, RowsWriter, Table, TableError,
};
use evtables_schema::TableSpec;
use evtables_schema::optimized::{STREAM, STREAM_COLUMN, stream_columns, stream_tables};
use evtables_store::rows_between;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

/// The table.
pub(crate) struct Stream {
    columns: [Column; 1],
    serving: Arc<Serving>,
}

impl Stream {
    pub(crate) fn new(serving: Arc<Serving>) -> Self {
        let column = Column::new(STREAM_COLUMN, ColumnType::Text, ColumnOptions::NOCASE);
        Self { columns: [column], serving }
    }
}

impl Table for Stream {
    fn name(&self) -> &str {
        STREAM
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn attributes(&self) -> Attributes {
        Attributes::EVENT_BASED
    }

    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        let begun = Instant::now();
        let mut call = Call { event_table: STREAM.to_owned(), ..Call::default() };
        let outcome = answer(&self.serving, (query, begun), rows, &mut call);
        let outcome = outcome.map_err(|failure| failure.told(STREAM));
        if let Err(error) = &outcome {
            call.remark.clone_from(&error.message);
        }
        call.time = host::now_seconds();
        call.rows_returned = rows.rows() as u64;
        call.bytes = rows.bytes() as u64;
        call.duration_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.serving.calls.push(call);
        outcome
    }
}

fn answer(
    serving: &Arc<Serving>,
    (query, begun): (&Query, Instant),
    rows: &mut RowsWriter,
    call: &mut Call,
) -> Result<(), Failure> {
    let Some(source) = serving.data_dir()? else { return Ok(()) };
    let found = executing(serving, STREAM)?;
    let contested = found.as_ref().is_some_and(|found| found.contested);
    let (consumer, run) = found.map_or((None, None), |found| (Some(found.name), Some(found.run)));
    let asking = serving.asking(run);
    call.consumer = consumer.clone().unwrap_or_default();
    if let Some(consumer) = consumer.clone() {
        tell_unsent(serving, consumer, asking.clone(), rows);
    }
    let tables = by_rows(serving, &source, consumer.as_deref())?;
    let mut parts = tables.len();
    let budgets = serving.settings().config.budgets;
    let mut left = Share { rows: budgets.reply_rows, bytes: budgets.reply_bytes };
    for table in tables {
        let share = Share { rows: (left.rows / parts).max(1), bytes: left.bytes / parts };
        parts -= 1;
        let used = stream_columns(table);
        let face = Face { as_json: true, ..Face::new(table, &used) };
        let before = (rows.rows(), rows.bytes());
        let mut part = Reply::part(serving, table, query, used.clone(), share);
        part.begun = begun;
        match &consumer {
            Some(consumer) => {
                let window = part.window(&source, consumer, &asking, contested)?;
                part.write_window(&source, &face, &window, rows)?;
            }
            None => part.history(&source, &face, None, rows)?,
        }
        call.add(&part.call);
        left.rows = left.rows.saturating_sub(rows.rows() - before.0);
        left.bytes = left.bytes.saturating_sub(rows.bytes() - before.1);
    }
    Ok(())
}

/// When the reply cannot be sent, or the call fails in the middle, all windows are served again.
fn tell_unsent(serving: &Arc<Serving>, consumer: String, asking: Asking, rows: &mut RowsWriter) {
    let serving = Arc::clone(serving);
    rows.on_sent(move |sent| {
        if !sent {
            let mut cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
            for table in stream_tables() {
                cursors.unsent(&consumer, table.name, asking.run);
            }
        }
    });
}

/// The tables, those with the fewest rows to give first: what they leave of the reply is for the others.
fn by_rows(
    serving: &Serving,
    source: &DataDir,
    consumer: Option<&str>,
) -> Result<Vec<&'static TableSpec>, Failure> {
    let mut counted = Vec::new();
    for table in stream_tables() {
        let cursors = serving.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        let from = consumer.and_then(|consumer| cursors.read_through(consumer, table.name));
        drop(cursors);
        counted.push((rows_between(from.unwrap_or(0), source.last_seq(table)?), table));
    }
    counted.sort_by_key(|(rows, _)| *rows);
    Ok(counted.into_iter().map(|(_, table)| table).collect())
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
