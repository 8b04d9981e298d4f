// SPDX-License-Identifier: Apache-2.0
//! Column builders that generated table builders are made of.

use arrow_array::builder::{
    FixedSizeBinaryBuilder, Float64Builder, Int32Builder, Int64Builder, StringDictionaryBuilder,
    TimestampNanosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef};
use std::sync::Arc;

/// Builder of a dictionary text column. Text beyond what a batch may hold is NULL (never reached:
/// batches close at 1,024 rows).
#[derive(Default)]
pub struct DictBuilder(StringDictionaryBuilder<Int32Type>);

impl DictBuilder {
    /// Appends one value.
    pub fn push(&mut self, value: Option<&str>) {
        match value {
            Some(text) => {
                if self.0.append(text).is_err() {
                    self.0.append_null();
                }
            }
            None => self.0.append_null(),
        }
    }

    /// Takes the column; the builder is empty again.
    pub fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// Builder of a 16-byte id column.
#[derive(Debug)]
pub struct UuidBuilder(FixedSizeBinaryBuilder);

impl Default for UuidBuilder {
    fn default() -> Self {
        Self(FixedSizeBinaryBuilder::new(16))
    }
}

impl UuidBuilder {
    /// Appends one value.
    pub fn push(&mut self, value: Option<u128>) {
        match value {
            Some(id) => {
                let appended = self.0.append_value(id.to_be_bytes());
                debug_assert!(appended.is_ok(), "16 bytes always fit");
            }
            None => self.0.append_null(),
        }
    }

    /// Takes the column; the builder is empty again.
    pub fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// Builder of the `time` column (nanoseconds, UTC).
#[derive(Debug)]
pub struct TimeBuilder(TimestampNanosecondBuilder);

impl Default for TimeBuilder {
    fn default() -> Self {
        Self(TimestampNanosecondBuilder::new().with_timezone("UTC"))
    }
}

impl TimeBuilder {
    /// Appends one value, nanoseconds since the unix epoch.
    pub fn push(&mut self, value: Option<i64>) {
        self.0.append_option(value);
    }

    /// Takes the column; the builder is empty again.
    pub fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

macro_rules! number_builder {
    ($(#[$doc:meta])* $name:ident, $inner:ident, $value:ty) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub struct $name($inner);

        impl $name {
            /// Appends one value.
            pub fn push(&mut self, value: Option<$value>) {
                self.0.append_option(value);
            }

            /// Takes the column; the builder is empty again.
            pub fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
        }
    };
}

number_builder!(
    /// Builder of a 32-bit integer column.
    IntBuilder, Int32Builder, i32
);
number_builder!(
    /// Builder of a 64-bit integer column.
    BigIntBuilder, Int64Builder, i64
);
number_builder!(
    /// Builder of a float column.
    DoubleBuilder, Float64Builder, f64
);

/// Rows of a finished column set (all have the same length).
#[must_use]
pub fn rows_of(columns: &[Option<ArrayRef>]) -> usize {
    columns.iter().flatten().map(|array| array.len()).next().unwrap_or(0)
}
