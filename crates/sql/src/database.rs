// SPDX-License-Identifier: Apache-2.0
//! A connection over a source: all its tables, read-only, bounded, interruptible.

use crate::error::SqlError;
use crate::vtab;
use evtables_engine::Source;
use evtables_schema::{TableSpec, optimized};
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, InterruptHandle, OpenFlags, Statement};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Text of a query, bytes.
const SQL_BYTES_MAX: i32 = 1 << 20;
/// One value or row, bytes.
const VALUE_BYTES_MAX: i32 = 64 << 20;
/// Nesting of an expression.
const EXPRESSION_DEPTH_MAX: i32 = 200;
/// Memory that SQLite tries to stay under, and above which statements fail. Both are SQLite's own
/// and hold for the process.
const MEMORY_BYTES_SOFT: i64 = 256 << 20;
const MEMORY_BYTES_MAX: i64 = 1 << 30;

/// One value of a result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SqlValue<'a> {
    /// NULL.
    Null,
    /// Integer.
    Int(i64),
    /// Float.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Bytes (also text that is no UTF-8).
    Blob(&'a [u8]),
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
}

/// Where results go: `begin`, any number of `row`s, `end`, for each statement that gives rows.
pub trait RowSink {
    /// A result with these columns begins.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(&mut self, columns: &[Column]) -> io::Result<()>;

    /// One row, with a value per column.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()>;

    /// No further rows of this result. Not called when the statement failed.
    ///
    /// # Errors
    /// When it cannot be written.
    fn end(&mut self) -> io::Result<()>;
}

/// Rows that nobody reads: a query is run for its count, or to see whether it can be.
#[derive(Debug, Clone, Copy)]
pub struct Unread;

impl RowSink for Unread {
    fn begin(&mut self, _: &[Column]) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, _: &[SqlValue<'_>]) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a query did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueryCount {
    /// Statements run.
    pub statements: u64,
    /// Rows given to the sink.
    pub rows: u64,
    /// Rows read from the source.
    pub rows_read: u64,
}

/// Counters of the running query, to be looked at from another thread (a spinner).
#[derive(Debug, Default)]
pub struct Activity {
    rows_read: AtomicU64,
    rows_out: AtomicU64,
    cancelled: AtomicBool,
}

impl Activity {
    /// Rows read from the source by the query so far.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.rows_read.load(Ordering::Relaxed)
    }

    /// Rows given to the sink so far.
    #[must_use]
    pub fn rows_out(&self) -> u64 {
        self.rows_out.load(Ordering::Relaxed)
    }

    pub(crate) fn add_read(&self, rows: usize) {
        self.rows_read.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn reset(&self) {
        self.rows_read.store(0, Ordering::Relaxed);
        self.rows_out.store(0, Ordering::Relaxed);
        self.cancelled.store(false, Ordering::Relaxed);
    }
}

/// Cancels the running query from another thread; it then fails with [`SqlError::Interrupted`].
#[derive(Clone)]
pub struct Interrupt {
    handle: Arc<InterruptHandle>,
    activity: Arc<Activity>,
}

impl Interrupt {
    /// Cancels. Without a running query nothing happens.
    pub fn interrupt(&self) {
        self.activity.cancelled.store(true, Ordering::Relaxed);
        self.handle.interrupt();
    }
}

/// SQL over a source. Each statement sees the rows that are there when it starts.
pub struct Database {
    connection: Connection,
    tables: Vec<&'static TableSpec>,
    activity: Arc<Activity>,
    /// What the authorizer refused last; SQLite itself only says "not authorized".
    refused: Arc<Mutex<Option<String>>>,
}

impl Database {
    /// A connection in memory with every table of `source`.
    ///
    /// # Errors
    /// When SQLite cannot be set up.
    pub fn open(source: Arc<dyn Source>) -> Result<Self, SqlError> {
        let mut tables = source.tables();
        tables.sort_unstable_by_key(|table| table.name);
        tables.dedup();
        let activity = Arc::new(Activity::default());
        let refused = Arc::new(Mutex::new(None));
        let connection = connect(&source, &tables, &activity, &refused)
            .map_err(|error| SqlError::from_sqlite(error, "", &[]))?;
        Ok(Self { connection, tables, activity, refused })
    }

    /// The tables, by name.
    #[must_use]
    pub fn tables(&self) -> &[&'static TableSpec] {
        &self.tables
    }

    /// Counters of the running query.
    #[must_use]
    pub fn activity(&self) -> Arc<Activity> {
        Arc::clone(&self.activity)
    }

    /// The way to cancel queries of this connection.
    #[must_use]
    pub fn interrupt(&self) -> Interrupt {
        Interrupt {
            handle: Arc::new(self.connection.get_interrupt_handle()),
            activity: Arc::clone(&self.activity),
        }
    }

    /// Runs all statements of `sql` in order; the first that fails ends it.
    ///
    /// # Errors
    /// When a statement is wrong, refused, interrupted or fails, or the sink fails.
    pub fn query(&self, sql: &str, sink: &mut dyn RowSink) -> Result<QueryCount, SqlError> {
        self.activity.reset();
        let mut count = QueryCount::default();
        let mut batch = Batch::new(&self.connection, sql);
        while let Some(mut statement) = batch.next().map_err(|error| self.error(error, sql))? {
            count.statements += 1;
            self.run(&mut statement, sql, sink)?;
        }
        count.rows = self.activity.rows_out();
        count.rows_read = self.activity.rows_read();
        Ok(count)
    }

    fn run(
        &self,
        statement: &mut Statement<'_>,
        sql: &str,
        sink: &mut dyn RowSink,
    ) -> Result<(), SqlError> {
        if statement.parameter_count() > 0 {
            return Err(SqlError::Run("parameters (?) have no values here".to_owned()));
        }
        let columns: Vec<Column> =
            statement.column_names().map(|name| Column { name: name.to_owned() }).collect();
        let mut rows = statement.raw_query();
        if !columns.is_empty() {
            sink.begin(&columns)?;
        }
        while let Some(row) = rows.next().map_err(|error| self.error(error, sql))? {
            let mut values = Vec::with_capacity(columns.len());
            for at in 0..columns.len() {
                values.push(value_of(row.get_ref(at).map_err(|error| self.error(error, sql))?));
            }
            self.activity.rows_out.fetch_add(1, Ordering::Relaxed);
            sink.row(&values)?;
        }
        if !columns.is_empty() {
            sink.end()?;
        }
        Ok(())
    }

    fn error(&self, error: rusqlite::Error, sql: &str) -> SqlError {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).take();
        match refused {
            Some(what) if is_denial(&error) => SqlError::Refused(what),
            _ => SqlError::from_sqlite(error, sql, &self.tables),
        }
    }
}

fn value_of(value: ValueRef<'_>) -> SqlValue<'_> {
    match value {
        ValueRef::Null => SqlValue::Null,
        ValueRef::Integer(number) => SqlValue::Int(number),
        ValueRef::Real(number) => SqlValue::Real(number),
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).map_or(SqlValue::Blob(bytes), SqlValue::Text)
        }
        ValueRef::Blob(bytes) => SqlValue::Blob(bytes),
    }
}

fn connect(
    source: &Arc<dyn Source>,
    tables: &[&'static TableSpec],
    activity: &Arc<Activity>,
    refused: &Arc<Mutex<Option<String>>>,
) -> rusqlite::Result<Connection> {
    // Without SQLITE_OPEN_URI no name can mean a file.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_in_memory_with_flags(flags)?;
    connection.execute_batch(&format!(
        "PRAGMA temp_store = MEMORY; PRAGMA soft_heap_limit = {MEMORY_BYTES_SOFT};
         PRAGMA hard_heap_limit = {MEMORY_BYTES_MAX};"
    ))?;
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MAX),
        (Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, EXPRESSION_DEPTH_MAX),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    for table in tables {
        vtab::register(&connection, Arc::clone(source), table, Arc::clone(activity))?;
    }
    if let Some(view) = stream_view(tables) {
        connection.execute_batch(&view)?;
    }
    let refused = Arc::clone(refused);
    connection.authorizer(Some(move |context: AuthContext<'_>| match refusal(&context) {
        None => Authorization::Allow,
        Some(what) => {
            *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(what);
            Authorization::Deny
        }
    }))?;
    Ok(connection)
}

/// The statement that makes the stream of the tables that are there.
fn stream_view(tables: &[&'static TableSpec]) -> Option<String> {
    let parts: Vec<String> = optimized::stream_tables()
        .filter(|table| tables.contains(table))
        .map(|table| {
            let columns = optimized::stream_columns(table);
            let names = columns.iter().filter_map(|at| table.columns.get(*at));
            let pairs: Vec<String> =
                names.map(|column| format!("'{0}', \"{0}\"", column.name)).collect();
            format!("SELECT json_object({}) FROM {}", pairs.join(", "), table.name)
        })
        .collect();
    (!parts.is_empty()).then(|| {
        let (name, column) = (optimized::STREAM, optimized::STREAM_COLUMN);
        format!("CREATE TEMP VIEW {name}({column}) AS {}", parts.join(" UNION ALL "))
    })
}

fn is_denial(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::AuthorizationForStatementDenied)
}

/// Pragmas that only look.
const PRAGMAS: [&str; 9] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "database_list",
    "function_list",
    "collation_list",
    "module_list",
    "pragma_list",
    "compile_options",
];

/// Functions that reach outside or take raw pointers.
const FUNCTIONS: [&str; 5] = ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"];

/// What is not allowed about this step of a statement, if anything: writing is allowed to temporary
/// tables and views alone.
fn refusal(context: &AuthContext<'_>) -> Option<String> {
    let is_temporary = context.database_name == Some("temp");
    match context.action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Recursive
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::DropTempTable { .. }
        | AuthAction::DropTempView { .. }
        | AuthAction::DropTempIndex { .. } => None,
        AuthAction::Function { function_name } => FUNCTIONS
            .iter()
            .any(|name| name.eq_ignore_ascii_case(function_name))
            .then(|| format!("the function {function_name} is not available")),
        AuthAction::Pragma { pragma_name, .. } => {
            (!PRAGMAS.iter().any(|name| name.eq_ignore_ascii_case(pragma_name)))
                .then(|| format!("PRAGMA {pragma_name} is not available"))
        }
        AuthAction::Insert { table_name }
        | AuthAction::Delete { table_name }
        | AuthAction::Update { table_name, .. } => (!is_temporary)
            .then(|| format!("{table_name} is read-only; only temporary tables can be written")),
        AuthAction::AlterTable { database_name, table_name } => (database_name != "temp")
            .then(|| format!("{table_name} is read-only; only temporary tables can be changed")),
        AuthAction::Reindex { .. } | AuthAction::Analyze { .. } if is_temporary => None,
        AuthAction::CreateTable { .. } | AuthAction::CreateIndex { .. } => {
            Some("only temporary tables can be made (CREATE TEMP TABLE)".to_owned())
        }
        AuthAction::CreateView { .. } => {
            Some("only temporary views can be made (CREATE TEMP VIEW)".to_owned())
        }
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => {
            Some("no other databases or files can be reached".to_owned())
        }
        _ => Some("this statement is not available; queries only read".to_owned()),
    }
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
