// SPDX-License-Identifier: Apache-2.0
//! What the store needs to know of each event table, prepared once: the stored columns, where `seq`,
//! `eid` and `time` are among them, and their Arrow schema.

use arrow_schema::{Field, Schema, SchemaRef};
use evtables_schema::spec::From as Filler;
use evtables_schema::{Class, ColumnSpec, Storage, TableId, TableSpec};
use std::sync::Arc;

/// One event table as the store holds it.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The table.
    pub(crate) spec: &'static TableSpec,
    /// Positions in `spec.columns` of the stored columns, ascending.
    pub(crate) stored: Vec<usize>,
    /// Schema of all stored columns.
    pub(crate) schema: SchemaRef,
    /// Place of `seq` among the stored columns.
    pub(crate) seq: usize,
    /// Place of `time` among the stored columns.
    pub(crate) time: usize,
    /// Place of `eid` among the stored columns.
    pub(crate) eid: Option<usize>,
}

impl Layout {
    /// `None` for a table that the store cannot hold: a state table, or one without `time` or `seq`.
    pub(crate) fn new(spec: &'static TableSpec) -> Option<Self> {
        if spec.class != Class::Event {
            return None;
        }
        let stored: Vec<usize> = (0..spec.columns.len())
            .filter(|position| spec.columns.get(*position).is_some_and(ColumnSpec::is_stored))
            .collect();
        let place = |wanted: &dyn Fn(&ColumnSpec) -> bool| {
            stored.iter().position(|at| spec.columns.get(*at).is_some_and(wanted))
        };
        let seq = place(&is_seq)?;
        let time = place(&|column| column.storage == Storage::Time)?;
        let eid = place(&|column| column.from == Filler::Store && column.storage == Storage::Uuid);
        let schema = schema_of(spec, stored.iter().copied());
        Some(Self { spec, stored, schema, seq, time, eid })
    }

    /// Stored columns in order.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static ColumnSpec> + '_ {
        self.stored.iter().filter_map(|position| self.spec.columns.get(*position))
    }
}

/// Whether a column is the table's `seq`.
pub(crate) fn is_seq(column: &ColumnSpec) -> bool {
    column.from == Filler::Store && column.storage == Storage::Int64
}

/// Schema of stored columns in batches that the store hands out and in segments. All but `time` and
/// what the store fills may be NULL there, whatever the spec says: rows written before a column
/// existed have none.
pub(crate) fn schema_of(
    spec: &'static TableSpec,
    positions: impl IntoIterator<Item = usize>,
) -> SchemaRef {
    let fields: Vec<Field> = positions
        .into_iter()
        .filter_map(|position| {
            let column = spec.columns.get(position)?;
            let never_null = column.from == Filler::Store || column.storage == Storage::Time;
            Some(spec.field(position)?.with_nullable(!never_null))
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// All tables that the store can hold.
#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    layouts: Arc<[Arc<Layout>]>,
}

impl Catalog {
    pub(crate) fn new(tables: &[&'static TableSpec]) -> Self {
        let layouts = tables.iter().filter_map(|spec| Layout::new(spec)).map(Arc::new);
        Self { layouts: layouts.collect() }
    }

    pub(crate) fn by_id(&self, id: TableId) -> Option<&Arc<Layout>> {
        self.layouts.iter().find(|layout| layout.spec.id == id)
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<&Arc<Layout>> {
        self.layouts.iter().find(|layout| layout.spec.name == name)
    }
}
