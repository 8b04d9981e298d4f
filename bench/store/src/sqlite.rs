// SPDX-License-Identifier: Apache-2.0
//! SQLite in WAL mode, one transaction per batch; an index on time, and with more indexes.

use crate::events::Event;
use crate::measure::{Clock, Question, Report, Wanted};
use rusqlite::{Connection, params};
use std::path::Path;

const SCHEMA: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE events(seq INTEGER PRIMARY KEY, action TEXT, eid BLOB, pid INTEGER, process_guid BLOB, path TEXT, cmdline TEXT,
  parent_pid INTEGER, parent_process_guid BLOB, parent_path TEXT, owner_uid TEXT, time INTEGER, uid INTEGER, cwd TEXT,
  sha256 TEXT, exit_code INTEGER, cgroup_path TEXT);
CREATE INDEX by_time ON events(time);";

/// Writes all events, measures, asks.
pub fn run(
    name: &str,
    more_indexes: bool,
    dir: &Path,
    events: impl Iterator<Item = Vec<Event>>,
    wanted: &Wanted,
) -> Report {
    let mut report = Report::new(name);
    let mut db = Connection::open(dir.join("events.db")).expect("a database");
    db.execute_batch(SCHEMA).expect("a schema");
    if more_indexes {
        for column in ["sha256", "process_guid", "pid"] {
            db.execute_batch(&format!("CREATE INDEX by_{column} ON events({column})"))
                .expect("an index");
        }
    }
    let (mut cpu, mut rows) = (0.0, 0_u64);
    for batch in events {
        let clock = Clock::start();
        let transaction = db.transaction().expect("a transaction");
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO events VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
                .expect("a statement");
            for e in &batch {
                rows += 1;
                let eid =
                    (u128::try_from(e.time).unwrap_or(0) << 64 | u128::from(rows)).to_be_bytes();
                insert
                    .execute(params![
                        rows.cast_signed(),
                        e.action,
                        eid,
                        e.pid,
                        e.process_guid.to_be_bytes(),
                        e.path,
                        e.cmdline,
                        e.parent_pid,
                        e.parent_process_guid.to_be_bytes(),
                        e.parent_path,
                        e.owner_uid,
                        e.time,
                        e.uid,
                        e.cwd,
                        e.sha256,
                        e.exit_code,
                        e.cgroup_path
                    ])
                    .expect("a row");
            }
        }
        transaction.commit().expect("a commit");
        cpu += clock.cpu();
    }
    let clock = Clock::start();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
    report.written(usize::try_from(rows).unwrap_or(0), cpu + clock.cpu(), dir);
    for question in Question::ALL {
        report.ask(question, || answer(&db, question, wanted));
    }
    report
}

fn answer(db: &Connection, question: Question, wanted: &Wanted) -> u64 {
    let guid = wanted.guid.to_be_bytes();
    match question {
        Question::Last10 => {
            rows(db, "SELECT * FROM events WHERE time >= ?", params![wanted.last - 9_999_999_999])
        }
        Question::Hash => rows(
            db,
            "SELECT pid, path, cmdline, time FROM events WHERE sha256 = ?",
            params![wanted.sha256],
        ),
        Question::Guid => rows(db, "SELECT * FROM events WHERE process_guid = ?", params![guid]),
        Question::Like => rows(
            db,
            "SELECT pid, cmdline, time FROM events WHERE cmdline LIKE ?",
            params![wanted.like],
        ),
        Question::Group => rows(db, "SELECT path, count(*) FROM events GROUP BY path", params![]),
        Question::Full => rows(db, "SELECT * FROM events", params![]),
        Question::Expire => {
            db.execute(
                "DELETE FROM events WHERE seq <= ?",
                [(wanted.rows - wanted.rows / 2).cast_signed()],
            )
            .expect("rows expire");
            rows(db, "SELECT count(*) FROM events", params![])
        }
    }
}

/// Steps through the rows and reads every value.
fn rows(db: &Connection, sql: &str, params: &[&dyn rusqlite::ToSql]) -> u64 {
    let mut statement = db.prepare_cached(sql).expect("a statement");
    let columns = statement.column_count();
    let mut rows = statement.query(params).expect("rows");
    let (mut count, mut bytes) = (0, 0);
    while let Some(row) = rows.next().expect("a row") {
        for column in 0..columns {
            bytes += match row.get_ref(column).expect("a value") {
                rusqlite::types::ValueRef::Text(text) => text.len(),
                _ => 8,
            };
        }
        count += 1;
    }
    std::hint::black_box(bytes);
    count
}
