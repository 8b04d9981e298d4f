// SPDX-License-Identifier: Apache-2.0
//! Rows to columns: one builder for every table, driven by its spec. Generated code adds a row type
//! per table, so that a forgotten column does not compile; decoders that are tables themselves use
//! [`RowBuilder`] as it is.

use crate::batch::EventBatch;
use crate::columns::{
    BigIntBuilder, DictBuilder, DoubleBuilder, IntBuilder, TimeBuilder, UuidBuilder,
};
use crate::spec::{From as Source, Storage, TableSpec};
use arrow_array::ArrayRef;

/// One value on its way into a column.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Value<'a> {
    /// NULL.
    #[default]
    Null,
    /// Text.
    Text(&'a str),
    /// Integer; nanoseconds for the time column.
    Int(i64),
    /// Float.
    Real(f64),
    /// 128-bit id.
    Uuid(u128),
}

macro_rules! value_from {
    ($($ty:ty: $name:ident => $made:expr),* $(,)?) => {$(
        impl<'a> From<$ty> for Value<'a> {
            fn from($name: $ty) -> Self {
                $made
            }
        }
    )*};
}

value_from! {
    &'a str: text => Self::Text(text),
    i64: number => Self::Int(number),
    i32: number => Self::Int(number.into()),
    f64: number => Self::Real(number),
    u128: id => Self::Uuid(id),
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

enum Column {
    Dict(DictBuilder),
    Int(IntBuilder),
    BigInt(BigIntBuilder),
    Double(DoubleBuilder),
    Uuid(UuidBuilder),
    Time(TimeBuilder),
}

impl Column {
    fn new(storage: Storage) -> Option<Self> {
        Some(match storage {
            Storage::Dict => Self::Dict(DictBuilder::default()),
            Storage::Int32 => Self::Int(IntBuilder::default()),
            Storage::Int64 => Self::BigInt(BigIntBuilder::default()),
            Storage::Float64 => Self::Double(DoubleBuilder::default()),
            Storage::Uuid => Self::Uuid(UuidBuilder::default()),
            Storage::Time => Self::Time(TimeBuilder::default()),
            Storage::Virtual(_) => return None,
        })
    }

    /// A value of another type, or out of the column's range, is NULL.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Dict(column), Value::Text(text)) => column.push(Some(text)),
            (Self::Dict(column), _) => column.push(None),
            (Self::Int(column), Value::Int(number)) => column.push(i32::try_from(number).ok()),
            (Self::Int(column), _) => column.push(None),
            (Self::BigInt(column), Value::Int(number)) => column.push(Some(number)),
            (Self::BigInt(column), _) => column.push(None),
            (Self::Double(column), Value::Real(number)) => column.push(Some(number)),
            (Self::Double(column), _) => column.push(None),
            (Self::Uuid(column), Value::Uuid(id)) => column.push(Some(id)),
            (Self::Uuid(column), _) => column.push(None),
            (Self::Time(column), Value::Int(ns)) => column.push(Some(ns)),
            (Self::Time(column), _) => column.push(None),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Dict(column) => column.finish(),
            Self::Int(column) => column.finish(),
            Self::BigInt(column) => column.finish(),
            Self::Double(column) => column.finish(),
            Self::Uuid(column) => column.finish(),
            Self::Time(column) => column.finish(),
        }
    }
}

/// Collects rows of one table until a batch is taken.
pub struct RowBuilder {
    table: &'static TableSpec,
    rows: usize,
    /// By position in the table; only what a decoder fills.
    columns: Vec<(usize, Column)>,
}

impl RowBuilder {
    /// An empty builder.
    #[must_use]
    pub fn new(table: &'static TableSpec) -> Self {
        let decoded = table.columns.iter().enumerate().filter(|(_, c)| c.from == Source::Decode);
        let columns = decoded.filter_map(|(at, c)| Some((at, Column::new(c.storage)?))).collect();
        Self { table, rows: 0, columns }
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &'static TableSpec {
        self.table
    }

    /// Positions in the table of the values that [`RowBuilder::push`] takes, in its order.
    pub fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().map(|(at, _)| *at)
    }

    /// Rows collected since the last batch was taken.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Appends one row: a value for each decoded column in the table's order. What is missing or of
    /// another type is NULL.
    pub fn push(&mut self, values: &[Value<'_>]) {
        debug_assert_eq!(values.len(), self.columns.len(), "{}", self.table.name);
        self.rows += 1;
        let mut values = values.iter();
        for (_, column) in &mut self.columns {
            column.push(values.next().copied().unwrap_or_default());
        }
    }

    /// Takes what was collected as a batch; the builder is empty again. Columns that others fill are
    /// `None`.
    #[must_use]
    pub fn finish(&mut self) -> EventBatch {
        let mut arrays = vec![None; self.table.columns.len()];
        for (at, column) in &mut self.columns {
            if let Some(slot) = arrays.get_mut(*at) {
                *slot = Some(column.finish());
            }
        }
        let rows = std::mem::take(&mut self.rows);
        #[allow(clippy::expect_used)]
        EventBatch::new(self.table, rows, arrays).expect("columns are made from the table's spec")
    }
}

/// Declares the row type of a table and its builder. Only generated code uses it.
#[macro_export]
#[doc(hidden)]
macro_rules! row {
    ($(#[$doc:meta])* pub struct Row<$life:lifetime> of $table:ident {
        $($(#[$field:meta])* pub $name:ident: $ty:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "testing", derive(Default))]
        pub struct Row<$life> {
            $($(#[$field])* pub $name: $ty,)*
        }

        /// Collects rows.
        pub struct Builder($crate::rows::RowBuilder);

        impl Default for Builder {
            fn default() -> Self {
                Self($crate::rows::RowBuilder::new(&$table))
            }
        }

        impl Builder {
            /// Rows collected since the last batch was taken.
            #[must_use]
            pub fn rows(&self) -> usize {
                self.0.rows()
            }

            /// Appends one row.
            pub fn push(&mut self, row: &Row<'_>) {
                self.0.push(&[$(row.$name.into(),)*]);
            }

            /// Takes what was collected as a batch; the builder is empty again.
            #[must_use]
            pub fn finish(&mut self) -> $crate::EventBatch {
                self.0.finish()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::evtables_gaps::any::TABLE;
    use crate::{Cell, CellReader};
    use arrow_array::RecordBatch;

    #[test]
    fn values_land_in_their_columns() {
        let mut builder = RowBuilder::new(&TABLE);
        let names: Vec<_> = builder.positions().map(|at| TABLE.columns[at].name).collect();
        assert_eq!(
            names,
            ["event_table", "consumer", "cause", "count", "from_time", "to_time", "time"]
        );
        let wrong = Value::Uuid(1);
        let row = [
            Value::Text("t"),
            Value::Null,
            "lost".into(),
            3_i64.into(),
            wrong,
            5.into(),
            7_000_000_000_i64.into(),
        ];
        builder.push(&row);
        let batch = builder.finish();
        assert_eq!((batch.rows, builder.rows()), (1, 0));
        let arrays: Vec<_> = (0..TABLE.columns.len())
            .filter_map(|at| Some((TABLE.columns[at].name, batch.column(at)?.clone())))
            .collect();
        let batch = RecordBatch::try_from_iter(arrays).unwrap();
        let cell = |name: &str| {
            let column = &TABLE.columns[TABLE.column(name).unwrap()];
            let mut scratch = String::new();
            format!("{:?}", CellReader::new(&TABLE, column, &batch).cell(0, &mut scratch))
        };
        assert_eq!(cell("event_table"), format!("{:?}", Cell::Text("t")));
        assert_eq!(cell("consumer"), "Null");
        assert_eq!(cell("count"), "Int(3)");
        assert_eq!(cell("from_time"), "Null");
        assert_eq!(cell("time"), "Int(7)");
    }
}
