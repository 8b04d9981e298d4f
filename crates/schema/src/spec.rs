// SPDX-License-Identifier: Apache-2.0
//! What a table is: its columns, their types and where their values come from. Filled by generated
//! code (`xtask codegen` from `tables/*.toml`), never by hand.

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::collections::HashMap;
use std::sync::Arc;

/// Number of a table on disk and inside event ids; from `tables.lock`, 1 to 63.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableId(pub u8);

/// Number of a column on disk, unique in its table; from `tables.lock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(pub u16);

/// Whether rows of a table are events with a history, or the state of the engine right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Stored rows, one per event.
    Event,
    /// Rows made when asked; never stored.
    State,
}

/// Where a table has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux only.
    Linux,
    /// Windows only.
    Windows,
    /// Everywhere.
    Any,
}

impl Platform {
    /// The word used in SQL and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Any => "any",
        }
    }
}

/// Type that SQL shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlType {
    /// Text, compared without case.
    Text,
    /// 32-bit integer (osquery wraps larger values).
    Integer,
    /// 64-bit integer.
    BigInt,
    /// 64-bit float.
    Double,
}

impl SqlType {
    /// The word used in SQL and in osquery's column declaration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Integer => "INTEGER",
            Self::BigInt => "BIGINT",
            Self::Double => "DOUBLE",
        }
    }
}

/// How a column is held in batches and segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Dictionary of UTF-8 strings, 32-bit keys.
    Dict,
    /// 32-bit integer.
    Int32,
    /// 64-bit integer.
    Int64,
    /// 64-bit float.
    Float64,
    /// 16 bytes, shown as upper-case UUID text.
    Uuid,
    /// Nanoseconds since the unix epoch, UTC; shown as seconds.
    Time,
    /// Not held: made from the `time` column or constant.
    Virtual(Virtual),
}

/// A column that is made when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Virtual {
    /// `time` as text, `Tue Nov 24 04:10:14 2026 UTC`.
    UtcText,
    /// `time` as ISO 8601 with seven digits of the second, `2026-11-24T04:10:14.1234567Z`.
    IsoText,
    /// `time` in nanoseconds.
    TimeNs,
    /// The same number in every row.
    Const(i64),
    /// Never a value of a row: a hidden column that a query compares with a value, to say how it
    /// wants to be answered. Whoever answers echoes the value, because SQLite checks it again.
    Input,
}

/// Who gives a column its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The publisher's decode function; may be completed by the enricher named in `fill`.
    Decode,
    /// The enricher named in `fill` alone.
    Enrich,
    /// The store, when the row is appended.
    Store,
    /// Nobody: made when read.
    Virtual,
}

/// One column of a table.
#[derive(Debug)]
pub struct ColumnSpec {
    /// Number on disk.
    pub id: ColumnId,
    /// Name in SQL and in segments.
    pub name: &'static str,
    /// Type in SQL.
    pub sql_type: SqlType,
    /// Type in batches and segments.
    pub storage: Storage,
    /// Who fills it.
    pub from: From,
    /// Whether it may be NULL.
    pub null: bool,
    /// What the enrichers put here, `<subject>.<attribute>`; empty when nothing.
    pub fill: &'static str,
    /// Hidden in `SELECT *`.
    pub hidden: bool,
    /// Compared in the store: osquery option INDEX (1).
    pub index: bool,
    /// osquery option ADDITIONAL (4), as core declares `time`.
    pub additional: bool,
    /// Every value that it can ever have; empty means any.
    pub values: &'static [&'static str],
    /// Attribute name in OCSF; empty when there is none.
    pub ocsf: &'static str,
    /// Field name in Sigma; empty when there is none.
    pub sigma: &'static str,
    /// Field name in Sysmon; empty when there is none.
    pub sysmon: &'static str,
    /// One sentence for people.
    pub description: &'static str,
}

impl ColumnSpec {
    /// Whether the column has an array of its own in a stored batch.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        !matches!(self.storage, Storage::Virtual(_))
    }

    /// Arrow type in batches and segments; `None` for virtual columns.
    #[must_use]
    pub fn data_type(&self) -> Option<DataType> {
        Some(match self.storage {
            Storage::Dict => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            Storage::Int32 => DataType::Int32,
            Storage::Int64 => DataType::Int64,
            Storage::Float64 => DataType::Float64,
            Storage::Uuid => DataType::FixedSizeBinary(16),
            Storage::Time => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            Storage::Virtual(_) => return None,
        })
    }

    /// Bits of osquery's column option mask: INDEX 1, ADDITIONAL 4, OPTIMIZED 8, HIDDEN 16, NOCASE 64.
    /// REQUIRED (2) is the table's to say.
    #[must_use]
    pub fn osquery_options(&self) -> u32 {
        let mut bits = 0;
        if self.index {
            bits |= 1 | 8;
        }
        if self.additional {
            bits |= 4 | 8;
        }
        if self.hidden {
            bits |= 16;
        }
        if self.sql_type == SqlType::Text {
            bits |= 64;
        }
        bits
    }
}

/// One table: a kind of event (or of state) on one platform.
#[derive(Debug)]
pub struct TableSpec {
    /// Number on disk; 0 for state tables.
    pub id: TableId,
    /// Kind, the same noun on every platform, for example `process_events`.
    pub kind: &'static str,
    /// Name in SQL.
    pub name: &'static str,
    /// Events or state.
    pub class: Class,
    /// Where it has rows.
    pub platform: Platform,
    /// Position of the column that a query has to compare: rows are made of its values.
    pub required: Option<usize>,
    /// Position of the column that no two rows share, in state tables that have one.
    pub key: Option<usize>,
    /// One sentence for people.
    pub summary: &'static str,
    /// A query worth trying.
    pub example: &'static str,
    /// Columns in the order of SQL.
    pub columns: &'static [ColumnSpec],
}

impl Eq for TableSpec {}

impl PartialEq for TableSpec {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl TableSpec {
    /// Position of a column by its name (without case).
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// Position of the stored time column, if the table has one.
    #[must_use]
    pub fn time_column(&self) -> Option<usize> {
        self.columns.iter().position(|c| c.storage == Storage::Time)
    }

    /// Arrow field of one column; `None` for virtual columns or a position out of range.
    #[must_use]
    pub fn field(&self, position: usize) -> Option<Field> {
        let column = self.columns.get(position)?;
        let field = Field::new(column.name, column.data_type()?, column.null);
        Some(if column.storage == Storage::Uuid {
            // Parquet then writes its own UUID type, which DuckDB and others show as such.
            field.with_metadata(HashMap::from([(
                "ARROW:extension:name".to_owned(),
                "arrow.uuid".to_owned(),
            )]))
        } else {
            field
        })
    }

    /// Arrow schema of the stored columns at `positions` (virtual ones are left out).
    #[must_use]
    pub fn schema_of(&self, positions: impl IntoIterator<Item = usize>) -> SchemaRef {
        let fields: Vec<Field> = positions.into_iter().filter_map(|p| self.field(p)).collect();
        Arc::new(Schema::new(fields))
    }

    /// Arrow schema of all stored columns, in the order of SQL.
    #[must_use]
    pub fn stored_schema(&self) -> SchemaRef {
        self.schema_of(0..self.columns.len())
    }
}
