// SPDX-License-Identifier: Apache-2.0
//! What a table is to this crate: a name, columns, attributes, and a function that answers a query.
//! How it is told to core (route rows) is here too; how core's questions arrive is in `query`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::BitOr;

use crate::change::{ChangeError, Value};
use crate::message::{Response, Row, Rows};
use crate::query::Query;
use crate::rows::{RowsFull, RowsWriter};

/// A table that an extension serves. Core calls it from many threads at once.
pub trait Table: Send + Sync {
    /// Its name in SQL.
    fn name(&self) -> &str;

    /// Its columns, at least one, always the same.
    fn columns(&self) -> &[Column];

    /// What the scheduler must know of it.
    fn attributes(&self) -> Attributes;

    /// Other names of the table in SQL; none by default.
    fn aliases(&self) -> &[Cow<'static, str>] {
        &[]
    }

    /// Other names of its columns; none by default. Core shows them as hidden columns.
    fn column_aliases(&self) -> &[ColumnAlias] {
        &[]
    }

    /// Writes the rows that answer `query`. Constraints may be ignored, all or in part: SQLite
    /// filters again. Look at [`Query::is_cancelled`] now and then in a long one.
    ///
    /// # Errors
    /// A [`TableError`] becomes the error of the SQL query; rows written before are dropped.
    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError>;

    /// Adds a row. `values` has one entry per column, in order. `rowid` is given when SQLite chose it;
    /// else the table chooses. Returns the row's number: a writable table must write the same number
    /// by [`RowsWriter::rowid`] in `generate`, since UPDATE and DELETE name rows by it.
    ///
    /// # Errors
    /// [`ChangeError`]; by default that the table may not be modified.
    fn insert(&self, values: &[Value], rowid: Option<i64>) -> Result<i64, ChangeError> {
        let _ = (values, rowid);
        Err(ChangeError::ReadOnly)
    }

    /// Replaces all values of a row, and its number where `new_rowid` is given.
    ///
    /// # Errors
    /// [`ChangeError`]; by default that the table may not be modified.
    fn update(
        &self,
        rowid: i64,
        values: &[Value],
        new_rowid: Option<i64>,
    ) -> Result<(), ChangeError> {
        let _ = (rowid, values, new_rowid);
        Err(ChangeError::ReadOnly)
    }

    /// Takes a row away.
    ///
    /// # Errors
    /// [`ChangeError`]; by default that the table may not be modified.
    fn delete(&self, rowid: i64) -> Result<(), ChangeError> {
        let _ = rowid;
        Err(ChangeError::ReadOnly)
    }
}

/// Why a table could not answer; the text is what the person who asked reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TableError {
    /// Completes "failed to …" or stands alone.
    pub message: String,
}

impl TableError {
    /// An error with this text.
    pub fn new(message: impl Into<String>) -> TableError {
        TableError { message: message.into() }
    }
}

impl From<RowsFull> for TableError {
    fn from(full: RowsFull) -> Self {
        TableError::new(full.to_string())
    }
}

/// A plug-in of another registry (`logger`, `config`, …), answered request by request.
pub trait Plugin: Send + Sync {
    /// Which registry it belongs to.
    fn registry(&self) -> &str;

    /// Its name there.
    fn name(&self) -> &str;

    /// Route rows that it registers; most have none.
    fn routes(&self) -> Rows {
        Rows::new()
    }

    /// Answers one request. Core may be waiting with locks held: be quick.
    fn call(&self, request: &Row) -> Response;
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in SQL.
    pub name: Cow<'static, str>,
    /// Its type.
    pub ty: ColumnType,
    /// What core does with constraints on it.
    pub options: ColumnOptions,
}

impl Column {
    /// A column from its three parts.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        ty: ColumnType,
        options: ColumnOptions,
    ) -> Column {
        Column { name: name.into(), ty, options }
    }
}

/// Another name of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnAlias {
    /// The other name.
    pub name: Cow<'static, str>,
    /// The column's own name.
    pub target: Cow<'static, str>,
}

/// Types that core knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text; never NULL.
    Text,
    /// 32 bits with sign.
    Integer,
    /// 64 bits with sign.
    BigInt,
    /// 64 bits with sign too, in fact: what is above 2^63 - 1 is NULL.
    UnsignedBigInt,
    /// A double.
    Double,
    /// Bytes.
    Blob,
}

impl ColumnType {
    /// The exact word that core expects.
    pub const fn name(self) -> &'static str {
        match self {
            ColumnType::Text => "TEXT",
            ColumnType::Integer => "INTEGER",
            ColumnType::BigInt => "BIGINT",
            ColumnType::UnsignedBigInt => "UNSIGNED BIGINT",
            ColumnType::Double => "DOUBLE",
            ColumnType::Blob => "BLOB",
        }
    }
}

/// Bits that tell core how to treat a column.
///
/// Declare every column whose constraints you use as `INDEX | OPTIMIZED`: then an IN list comes in
/// one call. OPTIMIZED alone costs full scans in joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnOptions(u32);

impl ColumnOptions {
    /// Nothing said; core then treats it as an index unless told otherwise by a flag.
    pub const NONE: ColumnOptions = ColumnOptions(0);
    /// Constraints narrow the scan.
    pub const INDEX: ColumnOptions = ColumnOptions(1);
    /// Without a constraint the query fails.
    pub const REQUIRED: ColumnOptions = ColumnOptions(2);
    /// A constraint changes the answer.
    pub const ADDITIONAL: ColumnOptions = ColumnOptions(4);
    /// IN lists come in one call.
    pub const OPTIMIZED: ColumnOptions = ColumnOptions(8);
    /// Not in `SELECT *`.
    pub const HIDDEN: ColumnOptions = ColumnOptions(16);
    /// Text compares byte by byte.
    pub const BINARY: ColumnOptions = ColumnOptions(32);
    /// Text compares without case; the table must do so as well.
    pub const NOCASE: ColumnOptions = ColumnOptions(64);
    /// Text compares without blanks at its end; the table must do so as well.
    pub const RTRIM: ColumnOptions = ColumnOptions(128);

    /// Any bits, such as a version collation (256 and up) of a newer core.
    pub const fn from_bits(bits: u32) -> ColumnOptions {
        ColumnOptions(bits)
    }

    /// The bits as core reads them.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: ColumnOptions) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets of bits; the `const` form of `|`.
    pub const fn union(self, other: ColumnOptions) -> ColumnOptions {
        ColumnOptions(self.0 | other.0)
    }
}

impl BitOr for ColumnOptions {
    type Output = ColumnOptions;

    fn bitor(self, other: ColumnOptions) -> ColumnOptions {
        self.union(other)
    }
}

/// Bits that describe a whole table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes(u32);

impl Attributes {
    /// A plain table.
    pub const NONE: Attributes = Attributes(0);
    /// About osquery itself.
    pub const UTILITY: Attributes = Attributes(1);
    /// Answers may be cached between schedule steps.
    pub const CACHEABLE: Attributes = Attributes(2);
    /// Rows are events: the scheduler logs them as added, without a diff.
    pub const EVENT_BASED: Attributes = Attributes(4);
    /// About users; core suggests a join with `users`.
    pub const USER_BASED: Attributes = Attributes(8);

    /// Any bits, such as one of a newer core.
    pub const fn from_bits(bits: u32) -> Attributes {
        Attributes(bits)
    }

    /// The bits as core reads them.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

impl BitOr for Attributes {
    type Output = Attributes;

    fn bitor(self, other: Attributes) -> Attributes {
        Attributes(self.0 | other.0)
    }
}

/// The rows by which a table is declared, at registration and in the answer to the action `columns`.
pub(crate) fn route_rows(table: &dyn Table) -> Rows {
    let mut rows: Rows = table.columns().iter().map(column_row).collect();
    rows.extend(table.aliases().iter().map(|alias| row(&[("id", "alias"), ("alias", alias)])));
    rows.extend(table.column_aliases().iter().map(|alias| {
        row(&[("id", "columnAlias"), ("name", &alias.name), ("target", &alias.target)])
    }));
    let attributes = table.attributes().bits();
    if attributes != 0 {
        rows.push(row(&[("id", "attributes"), ("attributes", &attributes.to_string())]));
    }
    rows
}

fn column_row(column: &Column) -> Row {
    row(&[
        ("id", "column"),
        ("name", &column.name),
        ("type", column.ty.name()),
        ("op", &column.options.bits().to_string()),
    ])
}

fn row(entries: &[(&str, &str)]) -> Row {
    entries
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect::<BTreeMap<_, _>>()
}
