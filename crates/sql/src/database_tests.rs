// SPDX-License-Identifier: Apache-2.0
//! Tests of queries over an in-memory source: every result is compared with plain SQLite over the
//! same rows; scans are counted; errors and limits are looked at.

use super::*;
use crate::testing::{Dice, HOST, MemorySource, START, event_batches, plain_copy};
use evtables_engine::DataDir;
use evtables_store::{Options, Store};
use rusqlite::types::Value;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl RowSink for Rows {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.iter().map(|column| column.name.clone()).collect();
        Ok(())
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()> {
        let owned = values.iter().map(|value| match value {
            SqlValue::Null => Value::Null,
            SqlValue::Int(number) => Value::Integer(*number),
            SqlValue::Real(number) => Value::Real(*number),
            SqlValue::Text(text) => Value::Text((*text).to_owned()),
            SqlValue::Blob(bytes) => Value::Blob(bytes.to_vec()),
        });
        self.rows.push(owned.collect());
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn open(processes: usize) -> (Arc<MemorySource>, Database) {
    let source = Arc::new(MemorySource::tree(processes, 1));
    let database = Database::open(Arc::clone(&source) as Arc<dyn Source>).unwrap();
    (source, database)
}

fn rows(database: &Database, sql: &str) -> Vec<Vec<Value>> {
    let mut sink = Rows::default();
    database.query(sql, &mut sink).unwrap_or_else(|error| panic!("{error}: {sql}"));
    sink.rows
}

fn error(database: &Database, sql: &str) -> String {
    database.query(sql, &mut Rows::default()).unwrap_err().to_string()
}

fn plain_rows(connection: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let count = statement.column_count();
    let rows = statement
        .query_map([], |row| (0..count).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>())
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn sorted(mut rows: Vec<Vec<Value>>) -> Vec<String> {
    let mut texts: Vec<String> = rows.drain(..).map(|row| format!("{row:?}")).collect();
    texts.sort();
    texts
}

fn plan_of(database: &Database, sql: &str) -> String {
    let plan = rows(database, &format!("EXPLAIN QUERY PLAN {sql}"));
    plan.iter().map(|row| format!("{:?}\n", row[3])).collect()
}

#[test]
fn a_process_tree_joins_in_three_scans() {
    let (source, database) = open(6_667);
    let started = Instant::now();
    let found = rows(
        &database,
        "SELECT p.cmdline, c.cmdline FROM linux_process_events p JOIN linux_process_events c
         ON c.parent_process_guid = p.process_guid AND c.action = 'PROC_CREATE'
         WHERE p.action = 'PROC_CREATE'",
    );
    let elapsed = started.elapsed();
    assert_eq!(found.len(), 6_667);
    let scans = source.take_scans();
    assert!(scans.len() <= 3, "{scans:?}");
    // 0.4 s when it was written, unoptimised; a scan per outer row would take minutes.
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
}

#[test]
fn correlated_subqueries_and_recursion_use_the_index() {
    let (source, database) = open(500);
    let found = rows(
        &database,
        "SELECT p.pid, (SELECT count(*) FROM linux_process_events c
           WHERE c.parent_process_guid = p.process_guid AND c.action = 'PROC_FORK')
         FROM linux_process_events p WHERE p.action = 'PROC_FORK'",
    );
    assert_eq!(found.len(), 500);
    assert!(source.take_scans().len() <= 3);
    let found = rows(
        &database,
        "WITH RECURSIVE tree(guid) AS (
           SELECT process_guid FROM linux_process_events WHERE pid = 100 AND action = 'PROC_CREATE'
           UNION SELECT c.process_guid FROM tree JOIN linux_process_events c
             ON c.parent_process_guid = tree.guid AND c.action = 'PROC_CREATE')
         SELECT count(*) FROM tree",
    );
    assert_eq!(found, [[Value::Integer(500)]]);
    assert!(source.take_scans().len() <= 3);
}

#[test]
fn a_cross_join_scans_twice_per_table() {
    let (source, database) = open(20);
    let sql =
        "SELECT count(*) FROM linux_process_events p, linux_process_events c, evtables_status s";
    assert_eq!(rows(&database, sql), [[Value::Integer(60 * 60 * 2)]]);
    assert!(source.take_scans().len() <= 5);
}

#[test]
fn only_used_columns_are_read() {
    let (source, database) = open(3);
    rows(&database, "SELECT path, utc_time FROM linux_process_events WHERE uid >= 0");
    let scans = source.take_scans();
    assert_eq!(scans[0].table, "linux_process_events");
    assert_eq!(scans[0].columns, ["path", "utc_time", "uid", "seq"]);
    assert_eq!(scans[0].terms, 1);
    // The 64th column and later ones share one bit.
    rows(&database, "SELECT time_ns FROM linux_process_events");
    assert_eq!(source.take_scans()[0].columns, ["time_ns", "seq", "consumer", "take", "history"]);
    rows(&database, "SELECT count(*) FROM linux_process_events");
    assert_eq!(source.take_scans()[0].columns, ["seq"]);
}

#[test]
fn plans_read_well() {
    let (_, database) = open(3);
    let plan = plan_of(
        &database,
        "SELECT 1 FROM linux_process_events WHERE parent_process_guid = 'x' AND time > 5",
    );
    assert!(plan.contains("linux_process_events: parent_process_guid = ?, time > ?"), "{plan}");
    let plan = plan_of(
        &database,
        "SELECT 1 FROM linux_process_events WHERE pid IN (1, 2) AND path LIKE '/bin/%'",
    );
    assert!(plan.contains("pid IN ?") && plan.contains("path LIKE ?"), "{plan}");
    // The constrained side drives, the join is on the inner side.
    let plan = plan_of(
        &database,
        "SELECT 1 FROM linux_process_events c JOIN linux_process_events p
         ON c.parent_process_guid = p.process_guid WHERE p.pid = 100",
    );
    let lines: Vec<&str> = plan.lines().collect();
    assert!(lines[0].contains("SCAN p") && lines[0].contains("pid = ?"), "{plan}");
    assert!(lines[1].contains("SCAN c") && lines[1].contains("parent_process_guid = ?"), "{plan}");
}

const FIXED: &[&str] = &[
    "SELECT pid FROM linux_process_events WHERE pid = '105' OR path = '/BIN/SH'",
    "SELECT pid FROM linux_process_events WHERE comm = 7 OR comm = '07'",
    "SELECT pid FROM linux_process_events WHERE comm = 7.0",
    "SELECT pid FROM linux_process_events WHERE comm = CAST(7 AS INTEGER)",
    "SELECT a.pid, b.pid, b.comm FROM linux_process_events a JOIN linux_process_events b ON b.comm = CAST(a.pid - 98 AS INTEGER)",
    "SELECT a.pid, b.comm FROM linux_process_events a JOIN linux_process_events b ON b.comm = a.pid - 98",
    "SELECT a.seq, b.comm FROM linux_process_events a LEFT JOIN linux_process_events b ON b.comm = a.sid + 6 AND b.seq < 9",
    "SELECT pid FROM linux_process_events WHERE pid < 'abc'",
    "SELECT pid FROM linux_process_events WHERE pid < '-inf'",
    "SELECT pid FROM linux_process_events WHERE pid = NULL OR path IS NULL",
    "SELECT pid FROM linux_process_events WHERE pid IN (100, NULL, '101', 102.0, 'x')",
    "SELECT pid FROM linux_process_events WHERE pid NOT IN (100, 101)",
    "SELECT pid FROM linux_process_events WHERE path LIKE NULL",
    "SELECT pid FROM linux_process_events WHERE path LIKE '%100\\%%' ESCAPE '\\'",
    "SELECT pid FROM linux_process_events WHERE path = '/bin/SH' COLLATE BINARY",
    "SELECT pid FROM linux_process_events WHERE path = '/bin/sh  ' COLLATE RTRIM",
    "SELECT count(*), max(time), min(utc_time), sum(eventid) FROM linux_process_events",
    "SELECT pid, path FROM linux_process_events ORDER BY seq LIMIT 7 OFFSET 5",
    "SELECT pid FROM linux_process_events WHERE action = 'proc_fork' ORDER BY time_ns DESC LIMIT 3",
    "SELECT DISTINCT uid FROM linux_process_events WHERE time BETWEEN 0 AND 99999999999",
    "SELECT path, count(*) FROM linux_process_events GROUP BY path HAVING count(*) > 2",
    "SELECT p.pid, c.pid FROM linux_process_events p LEFT JOIN linux_process_events c ON c.parent_pid = p.pid AND c.path = p.path",
    "SELECT p.pid, s.pid FROM linux_process_events p LEFT JOIN evtables_status s ON s.pid = p.pid - 99",
    "SELECT pid FROM linux_process_events WHERE process_guid IN (SELECT parent_process_guid FROM linux_process_events WHERE uid = 1000)",
    "SELECT pid FROM linux_process_events p WHERE EXISTS (SELECT 1 FROM linux_process_events c WHERE c.parent_pid = p.pid AND (c.uid = p.uid OR c.comm = p.comm))",
    "SELECT p.seq, c.seq FROM linux_process_events p JOIN linux_process_events c ON c.time > p.time AND c.time < p.time + 2 AND c.pid = p.parent_pid",
    "SELECT p.seq, c.seq FROM linux_process_events p JOIN linux_process_events c ON c.pid IN (p.pid, p.parent_pid) AND c.action = p.action",
    "SELECT rowid, seq FROM linux_process_events WHERE rowid = 5 OR pid = 101",
    "SELECT pid FROM linux_process_events WHERE process_guid = lower(process_guid) AND eid > ''",
    "SELECT pid FROM linux_process_events WHERE time_ns >= 1.7954930000e18 AND pid > 100.5 AND pid <= '103.5'",
    "SELECT pid FROM linux_process_events WHERE exit_code = 0 UNION SELECT parent_pid FROM linux_process_events WHERE auid IS NOT NULL",
];

#[test]
fn fixed_queries_equal_plain_sqlite() {
    let (source, database) = open(25);
    let plain = plain_copy(&*source);
    for sql in FIXED {
        assert_eq!(sorted(rows(&database, sql)), sorted(plain_rows(&plain, sql)), "{sql}");
    }
}

/// A comparison of a random column (prefix `of`, for example `p.`) with a random value.
fn comparison(dice: &mut Dice, of: &str) -> String {
    let number =
        *dice.pick(&["100", "105", "112", "'107'", "1000", "0", "NULL", "101.5", "'x'", "-1"]);
    let column = *dice.pick(&["pid", "parent_pid", "uid", "auid", "seq", "tid", "exit_code"]);
    let compare = *dice.pick(&["=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT"]);
    let text = *dice.pick(&["path", "comm", "action", "cwd", "cmdline", "parent_path"]);
    let value = *dice.pick(&["'/BIN/sh'", "'7'", "'proc_fork'", "'/'", "''", "7", "NULL"]);
    let pattern = *dice.pick(&["'%sh%'", "'/%'", "'_'", "'PROC\\_%'", "'%TASK-1%'", "''", "7"]);
    let glob = *dice.pick(&["'*sh'", "'/[a-u]*'", "'?'", "'PROC_[^F]*'", "'*task-1?'"]);
    let second = START + i64::try_from(dice.below(12)).unwrap();
    match dice.below(9) {
        0 => format!("{of}{column} {compare} {number}"),
        1 => format!("{of}{column} BETWEEN 100 AND {number}"),
        2 => format!("{of}{column} IN ({number}, 103, 104, NULL)"),
        3 => format!("{of}{text} {compare} {value}"),
        4 => format!("{of}{text} IN ({value}, '/bin/sh', 'PROC_CREATE')"),
        5 => format!("{of}{text} LIKE {pattern}"),
        6 => format!("{of}{text} GLOB {glob}"),
        7 => format!("{of}time {compare} {second}"),
        _ => format!(
            "{of}process_guid {compare} (SELECT process_guid FROM linux_process_events WHERE pid = {number})"
        ),
    }
}

fn condition(dice: &mut Dice, of: &str, depth: usize) -> String {
    if depth == 0 {
        return comparison(dice, of);
    }
    let (left, right) = (condition(dice, of, depth - 1), condition(dice, of, depth - 1));
    match dice.below(5) {
        0 => format!("({left} OR {right})"),
        1 => format!("NOT ({left})"),
        2 => left,
        _ => format!("({left} AND {right})"),
    }
}

fn random_query(dice: &mut Dice) -> String {
    const TABLE: &str = "linux_process_events";
    let depth = dice.below(3);
    let inner = condition(dice, "c.", 0);
    let on = *dice.pick(&[
        "c.parent_process_guid = p.process_guid",
        "c.parent_pid = p.pid",
        "c.comm = p.comm AND c.time = p.time",
        "c.pid = p.pid AND c.action > p.action",
        "c.seq = p.seq + 1",
        "c.path = p.path AND c.seq < p.seq AND c.seq > p.seq - 9",
    ]);
    match dice.below(6) {
        0..3 => format!("SELECT seq, pid, path FROM {TABLE} WHERE {}", condition(dice, "", depth)),
        3 => format!(
            "SELECT p.seq, c.seq FROM {TABLE} p JOIN {TABLE} c ON {on} AND {inner} WHERE {}",
            condition(dice, "p.", depth)
        ),
        4 => format!(
            "SELECT p.seq, c.seq, c.path FROM {TABLE} p LEFT JOIN {TABLE} c ON {on} AND {inner} WHERE {}",
            condition(dice, "p.", depth)
        ),
        _ => format!(
            "SELECT seq FROM {TABLE} p WHERE {} AND EXISTS (SELECT 1 FROM {TABLE} c WHERE {on} AND {inner}) ORDER BY seq LIMIT 9 OFFSET 2",
            condition(dice, "p.", depth)
        ),
    }
}

#[test]
fn random_queries_equal_plain_sqlite() {
    let (source, database) = open(20);
    let plain = plain_copy(&*source);
    let mut dice = Dice(0x5eed_5eed_5eed_5eed);
    for _ in 0..600 {
        let sql = random_query(&mut dice);
        assert_eq!(sorted(rows(&database, &sql)), sorted(plain_rows(&plain, &sql)), "{sql}");
    }
}

/// Over sealed segments and an unsealed tail, instead of rows in memory.
#[test]
fn queries_over_a_store_equal_plain_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let now = (START + 1_000) * 1_000_000_000;
    let mut store = Store::open(folder.path(), Options::new(HOST), now).unwrap();
    for (at, batch) in event_batches(25, 1, 20).into_iter().enumerate() {
        store.append(batch).unwrap();
        if at == 1 {
            store.seal(now).unwrap();
        }
    }
    store.sync(now).unwrap();
    let source = Arc::new(DataDir::with_reader(folder.path(), store.reader()));
    let plain = plain_copy(&*source);
    let count =
        plain_rows(&plain, "SELECT count(*), count(DISTINCT seq) FROM linux_process_events");
    assert_eq!(count, [[Value::Integer(75), Value::Integer(75)]]);
    let database = Database::open(source).unwrap();
    // The store has no rows of state here.
    for sql in FIXED.iter().filter(|sql| !sql.contains("evtables_status")) {
        assert_eq!(sorted(rows(&database, sql)), sorted(plain_rows(&plain, sql)), "{sql}");
    }
    let mut dice = Dice(0x5709_5709_5709);
    for _ in 0..100 {
        let sql = random_query(&mut dice);
        assert_eq!(sorted(rows(&database, &sql)), sorted(plain_rows(&plain, &sql)), "{sql}");
    }
}

#[test]
fn errors_say_where_and_what_is_near() {
    let (_, database) = open(1);
    for (sql, expected) in [
        ("SELECT * FORM linux_process_events", "syntax error near \"FORM\" at line 1, column 10"),
        ("SELECT 1;\nSELECT\n  FROM x", "syntax error near \"FROM\" at line 3, column 3"),
        ("SELECT (1", "the statement is not complete at line 1, column 10"),
        (
            "SELECT 1 FROM linux_proces_events",
            "no such table: linux_proces_events (nearest: linux_process_events)",
        ),
        (
            "SELECT p.cmdlin FROM linux_process_events p",
            "no such column: p.cmdlin (nearest: cmdline) at line 1, column 8",
        ),
        ("SELECT 1 FROM quite_another", "no such table: quite_another"),
        ("SELECT ?", "parameters (?) have no values here"),
    ] {
        assert_eq!(error(&database, sql), expected, "{sql}");
    }
}

#[test]
fn writing_and_reaching_out_are_refused() {
    let (_, database) = open(1);
    for sql in [
        "INSERT INTO linux_process_events(pid) VALUES (1)",
        "DELETE FROM linux_process_events",
        "UPDATE linux_process_events SET pid = 1",
        "DROP TABLE linux_process_events",
        "CREATE TABLE t(a)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE VIRTUAL TABLE temp.t USING fts5(a)",
        "ATTACH '/tmp/x.db' AS x",
        "VACUUM INTO '/tmp/x.db'",
        "PRAGMA temp_store_directory = '/tmp'",
        "PRAGMA writable_schema = 1",
        "SELECT load_extension('x')",
    ] {
        let error = database.query(sql, &mut Rows::default()).unwrap_err();
        let is_refusal = matches!(error, SqlError::Refused(_) | SqlError::Statement { .. })
            || error.to_string().contains("may not be modified")
            || error.to_string().contains("not authorized");
        assert!(is_refusal, "{sql}: {error:?}");
    }
    assert_eq!(
        error(&database, "INSERT INTO linux_process_events(pid) VALUES (1)"),
        "refused: linux_process_events is read-only; only temporary tables can be written"
    );
}

#[test]
fn temporary_tables_and_views_work() {
    let (_, database) = open(2);
    let found = rows(
        &database,
        "CREATE TEMP TABLE t AS SELECT pid FROM linux_process_events;
         INSERT INTO t VALUES (7); DELETE FROM t WHERE pid = 100;
         CREATE TEMP VIEW v AS SELECT t.pid FROM t JOIN linux_process_events e ON e.pid = t.pid;
         SELECT count(*) FROM v; DROP VIEW v; DROP TABLE t;",
    );
    assert_eq!(found, [[Value::Integer(9)]]);
    let table = evtables_schema::table("linux_process_events").unwrap();
    let shown = table.columns.iter().filter(|column| !column.hidden).count();
    let found = rows(&database, "SELECT name FROM pragma_table_info('linux_process_events')");
    assert_eq!(found.len(), shown);
}

#[test]
fn hidden_columns_are_hidden_and_virtual_ones_made() {
    let (_, database) = open(1);
    let mut sink = Rows::default();
    database.query("SELECT * FROM linux_process_events LIMIT 1", &mut sink).unwrap();
    assert!(sink.columns.contains(&"utc_time".to_owned()));
    assert!(!sink.columns.contains(&"seq".to_owned()));
    let found = rows(
        &database,
        "SELECT utc_time, eventid, time_ns / 1000000000 = time FROM linux_process_events WHERE seq = 1",
    );
    assert_eq!(
        found,
        [[
            Value::Text("Tue Nov 24 04:03:20 2026 UTC".to_owned()),
            Value::Integer(2),
            Value::Integer(1)
        ]]
    );
}

#[test]
fn a_failing_source_is_reported() {
    let (source, database) = open(5);
    source.fails_from.store(0, Ordering::Relaxed);
    assert_eq!(
        error(&database, "SELECT pid FROM linux_process_events"),
        "failed to read linux_process_events: disk on fire"
    );
}

#[test]
fn an_interrupt_ends_a_query_and_the_next_runs() {
    let (_, database) = open(300);
    let interrupt = database.interrupt();
    let activity = database.activity();
    let sql = "SELECT count(*) FROM linux_process_events a, linux_process_events b, linux_process_events c";
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while activity.rows_read() == 0 {
                std::thread::yield_now();
            }
            interrupt.interrupt();
        });
        let result = database.query(sql, &mut Rows::default());
        assert!(matches!(result, Err(SqlError::Interrupted)), "{result:?}");
    });
    assert_eq!(rows(&database, "SELECT 1"), [[Value::Integer(1)]]);
}

#[test]
fn a_failing_sink_ends_the_query() {
    struct Closed;
    impl RowSink for Closed {
        fn begin(&mut self, _columns: &[Column]) -> io::Result<()> {
            Ok(())
        }
        fn row(&mut self, _values: &[SqlValue<'_>]) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn end(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (_, database) = open(5);
    let result = database.query("SELECT pid FROM linux_process_events", &mut Closed);
    assert!(
        matches!(result, Err(SqlError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe)
    );
}
