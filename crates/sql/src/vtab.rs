// SPDX-License-Identifier: Apache-2.0
//! Glue between SQLite's virtual table interface and [`crate::reader`]: the one file of this crate
//! with `unsafe`, which rusqlite's two marker traits need.
#![allow(unsafe_code)]

use crate::database::Activity;
use crate::plan::{Bound, CONSTRAINTS_MAX, Constraint, Op, Operand, Plan, can_push, is_input};
use crate::reader::{ReadError, Reader};
use evtables_engine::Source;
use evtables_engine::index::KeptBounds;
use evtables_schema::{Cell, SqlType, TableSpec, optimized};
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConnection, VTabCursor,
    sqlite3_vtab, sqlite3_vtab_cursor,
};
use rusqlite::{Connection, Error, ffi};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_int};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Column masks remembered per table; statements beyond that read all columns.
const MASKS_MAX: usize = 4096;
/// Values of one IN list that are pushed; longer lists are left to SQLite.
const IN_VALUES_MAX: usize = 100_000;

const MODULE: Module<'static, EventTable> = Module::eponymous_only_module();

/// Registers `table` under its own name, and under its other one.
pub(crate) fn register(
    connection: &Connection,
    source: Arc<dyn Source>,
    table: &'static TableSpec,
    activity: Arc<Activity>,
) -> rusqlite::Result<()> {
    let face = Arc::new(Face { source, table, activity, masks: Mutex::new(vec![u64::MAX]) });
    if let Some(other) = optimized::other_name(table) {
        connection.create_module(other.as_str(), &MODULE, Some(Arc::clone(&face)))?;
    }
    connection.create_module(table.name, &MODULE, Some(face))
}

/// The `CREATE TABLE` text that SQLite learns the columns from.
pub(crate) fn declaration(table: &TableSpec) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let hidden = if column.hidden { " HIDDEN" } else { "" };
            let collate = if column.sql_type == SqlType::Text { " COLLATE NOCASE" } else { "" };
            format!("\"{}\" {}{hidden}{collate}", column.name, column.sql_type.word())
        })
        .collect();
    format!("CREATE TABLE x({})", columns.join(", "))
}

/// What all statements share of a table.
struct Face {
    source: Arc<dyn Source>,
    table: &'static TableSpec,
    activity: Arc<Activity>,
    /// Column masks of plans; the plan's number is the position, 0 is "all columns". SQLite hands
    /// back a number and a text only, and the text is for people.
    masks: Mutex<Vec<u64>>,
}

impl Face {
    fn number_of_mask(&self, mask: u64) -> c_int {
        let mut masks = self.masks.lock().unwrap_or_else(PoisonError::into_inner);
        let at = masks.iter().position(|known| *known == mask).unwrap_or_else(|| {
            if masks.len() >= MASKS_MAX {
                return 0;
            }
            masks.push(mask);
            masks.len() - 1
        });
        c_int::try_from(at).unwrap_or(0)
    }

    fn mask(&self, number: c_int) -> u64 {
        let masks = self.masks.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(number).ok().and_then(|at| masks.get(at).copied()).unwrap_or(u64::MAX)
    }
}

/// One event table as SQLite sees it.
#[repr(C)]
struct EventTable {
    base: sqlite3_vtab,
    face: Arc<Face>,
}

// SAFETY: needed because rusqlite casts `*mut EventTable` to `*mut sqlite3_vtab` and back. Sound
// because the struct is `repr(C)` and its first field is the base class. Every test in
// `database_tests` runs through it.
unsafe impl<'vtab> VTab<'vtab> for EventTable {
    type Aux = Arc<Face>;
    type Cursor = EventCursor<'vtab>;

    fn connect(
        _db: &mut VTabConnection,
        aux: Option<&Self::Aux>,
        _module_name: &[u8],
        _database_name: &[u8],
        _table_name: &[u8],
        _args: &[&[u8]],
    ) -> rusqlite::Result<(Cow<'static, CStr>, Self)> {
        let face = aux.cloned().ok_or_else(|| failure("table without a source"))?;
        let sql = CString::new(declaration(face.table)).map_err(|_| failure("NUL in a name"))?;
        Ok((Cow::Owned(sql), Self { base: sqlite3_vtab::default(), face }))
    }

    fn best_index(&self, info: &mut IndexInfo) -> rusqlite::Result<bool> {
        let mut taken = Vec::new();
        for (at, constraint) in info.constraints().enumerate() {
            let Some(op) = pushed_op(&constraint.operator()) else { continue };
            let Ok(column) = usize::try_from(constraint.column()) else { continue };
            if constraint.is_usable()
                && taken.len() < CONSTRAINTS_MAX
                && can_push(self.face.table, column, op)
                && is_plain_collation(info, at)
            {
                taken.push((at, Constraint { column, op }));
            }
        }
        let mut argument = 0;
        for (at, constraint) in &mut taken {
            argument += 1;
            info.constraint_usage(*at).set_argv_index(argument);
            // No row has a value there: cursors are osquery's, and here every read is one of history.
            info.constraint_usage(*at).set_omit(is_input(self.face.table, constraint.column));
            if constraint.op == Op::Eq && info.is_in_constraint(*at)? {
                info.set_in_constraint(*at, true)?;
                constraint.op = Op::In;
            }
        }
        let plan = Plan(taken.into_iter().map(|(_, constraint)| constraint).collect());
        let (cost, rows) = plan.estimate(self.face.table);
        info.set_estimated_cost(cost);
        info.set_estimated_rows(rows);
        info.set_idx_str(&plan.text(self.face.table));
        info.set_idx_num(self.face.number_of_mask(info.col_used()));
        Ok(true)
    }

    fn open(&'vtab mut self) -> rusqlite::Result<Self::Cursor> {
        let face = Arc::clone(&self.face);
        let reader = Reader::new(
            Arc::clone(&face.source),
            face.table,
            Arc::clone(&face.activity),
            KeptBounds::CURSOR,
        );
        Ok(EventCursor {
            base: sqlite3_vtab_cursor::default(),
            face,
            reader,
            scratch: RefCell::new(String::new()),
            table: PhantomData,
        })
    }
}

fn pushed_op(op: &IndexConstraintOp) -> Option<Op> {
    Some(match op {
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ => Op::Eq,
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LT => Op::Lt,
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LE => Op::Le,
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GT => Op::Gt,
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GE => Op::Ge,
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_LIKE => Op::Like,
        IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_GLOB => Op::Glob,
        _ => return None,
    })
}

/// The source compares without ASCII case, which lets through all that BINARY would.
fn is_plain_collation(info: &IndexInfo, at: usize) -> bool {
    info.collation(at).is_ok_and(|name| {
        name.eq_ignore_ascii_case("BINARY") || name.eq_ignore_ascii_case("NOCASE")
    })
}

/// One FROM term of one running statement.
#[repr(C)]
struct EventCursor<'vtab> {
    base: sqlite3_vtab_cursor,
    face: Arc<Face>,
    reader: Reader,
    /// Where ids and times become text.
    scratch: RefCell<String>,
    table: PhantomData<&'vtab EventTable>,
}

// SAFETY: needed because rusqlite casts `*mut EventCursor` to `*mut sqlite3_vtab_cursor` and back.
// Sound because the struct is `repr(C)` and its first field is the base class. Every test in
// `database_tests` runs through it.
unsafe impl VTabCursor for EventCursor<'_> {
    fn filter(
        &mut self,
        number: c_int,
        text: Option<&str>,
        args: &Filters<'_>,
    ) -> rusqlite::Result<()> {
        let mask = self.face.mask(number);
        let plan = text
            .and_then(|text| self.reader.plan(number, text, mask))
            .ok_or_else(|| failure("plan of another table"))?;
        let mut values = Vec::with_capacity(args.len());
        for (at, part) in self.reader.constraints(plan).iter().enumerate() {
            let operand = operand(args, at, part.op)?;
            let Some(column) = self.face.table.columns.get(part.column) else { continue };
            values.push(Bound::new(column, part.op, operand));
        }
        guarded(|| self.reader.start(plan, values))
    }

    fn next(&mut self) -> rusqlite::Result<()> {
        guarded(|| self.reader.advance())
    }

    fn eof(&self) -> bool {
        self.reader.is_end()
    }

    fn column(&self, context: &mut Context, position: c_int) -> rusqlite::Result<()> {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let mut scratch = self.scratch.borrow_mut();
        self.reader.with_cell(position, &mut scratch, |cell| {
            // SQLite copies text once, into its own row.
            context.set_result(ToSqlOutput::Borrowed(match cell {
                Cell::Null => ValueRef::Null,
                Cell::Int(number) => ValueRef::Integer(number),
                Cell::Real(number) => ValueRef::Real(number),
                Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            }))
        })
    }

    fn rowid(&self) -> rusqlite::Result<i64> {
        Ok(self.reader.row_id())
    }
}

fn operand(args: &Filters<'_>, at: usize, op: Op) -> rusqlite::Result<Operand> {
    if at >= args.len() {
        return Err(failure("fewer values than the plan has"));
    }
    if op != Op::In {
        return Ok(operand_of(args.get::<rusqlite::types::Value>(at)?));
    }
    let mut list = Vec::new();
    let mut values = args.in_values(at)?;
    while let Some(value) = values.next()? {
        if list.len() >= IN_VALUES_MAX {
            return Ok(Operand::Blob);
        }
        list.push(operand_of(value.get::<rusqlite::types::Value>(at)?));
    }
    Ok(Operand::List(list))
}

fn operand_of(value: rusqlite::types::Value) -> Operand {
    use rusqlite::types::Value;
    match value {
        Value::Null => Operand::Null,
        Value::Integer(number) => Operand::Int(number),
        Value::Real(number) => Operand::Real(number),
        Value::Text(text) => Operand::Text(text),
        Value::Blob(_) => Operand::Blob,
    }
}

/// A panic of a source must not cross into C.
fn guarded(step: impl FnOnce() -> Result<(), ReadError>) -> rusqlite::Result<()> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(ReadError::Interrupted)) => {
            Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None))
        }
        Ok(Err(error)) => Err(failure(&error.to_string())),
        Err(_) => Err(failure("internal error while reading (a panic)")),
    }
}

fn failure(message: &str) -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(message.to_owned()))
}
