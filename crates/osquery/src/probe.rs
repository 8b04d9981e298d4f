// SPDX-License-Identifier: Apache-2.0
//! Tables for tests: those of the recording, which answer the same five rows whatever is asked, and one
//! whose answer is a function of the test.

use std::sync::{Arc, Mutex};

use crate::{Attributes, Column, ColumnOptions, ColumnType, Query, RowsWriter, Table, TableError};

type Answer = dyn Fn(&Query, &mut RowsWriter) -> Result<(), TableError> + Send + Sync;

/// A table with the columns of the recording.
pub(crate) struct Probe {
    name: String,
    columns: Vec<Column>,
    attributes: Attributes,
    answer: Box<Answer>,
    pub(crate) asked: Mutex<Vec<Query>>,
}

impl Probe {
    /// The three tables that the recorded extension had.
    pub(crate) fn recorded() -> Vec<Arc<dyn Table>> {
        let indexed = ColumnOptions::INDEX | ColumnOptions::OPTIMIZED;
        vec![
            Arc::new(Probe::new("probe", ColumnOptions::NONE, Attributes::NONE, five_rows)),
            Arc::new(Probe::new("probe_opt", indexed, Attributes::NONE, five_rows)),
            Arc::new(Probe::new(
                "probe_events",
                ColumnOptions::NONE,
                Attributes::EVENT_BASED,
                five_rows,
            )),
        ]
    }

    pub(crate) fn named(name: &str) -> Arc<Probe> {
        Arc::new(Probe::new(name, ColumnOptions::NONE, Attributes::NONE, five_rows))
    }

    pub(crate) fn answering(
        name: &str,
        answer: impl Fn(&Query, &mut RowsWriter) -> Result<(), TableError> + Send + Sync + 'static,
    ) -> Arc<Probe> {
        Arc::new(Probe::new(name, ColumnOptions::NONE, Attributes::NONE, answer))
    }

    fn new(
        name: &str,
        options: ColumnOptions,
        attributes: Attributes,
        answer: impl Fn(&Query, &mut RowsWriter) -> Result<(), TableError> + Send + Sync + 'static,
    ) -> Probe {
        let columns = [
            ("time", ColumnType::BigInt),
            ("pid", ColumnType::Integer),
            ("cmdline", ColumnType::Text),
            ("eid", ColumnType::Text),
            ("score", ColumnType::Double),
        ];
        Probe {
            name: name.to_owned(),
            columns: columns.into_iter().map(|(name, ty)| Column::new(name, ty, options)).collect(),
            attributes,
            answer: Box::new(answer),
            asked: Mutex::default(),
        }
    }
}

impl Table for Probe {
    fn name(&self) -> &str {
        &self.name
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn attributes(&self) -> Attributes {
        self.attributes
    }

    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        self.asked.lock().unwrap().push(query.clone());
        (self.answer)(query, rows)
    }
}

pub(crate) fn five_rows(_query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
    for (index, pid) in [1, 2, 3, 3, 10].into_iter().enumerate() {
        rows.begin_row();
        rows.integer(0, i64::try_from(index).unwrap() + 1);
        rows.integer(1, pid);
        rows.text(2, &format!("cmd x {index}"));
        rows.text(3, &format!("{index:010}"));
        rows.double(4, 0.5);
        rows.end_row()?;
    }
    Ok(())
}
