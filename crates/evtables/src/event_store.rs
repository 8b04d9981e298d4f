// SPDX-License-Identifier: Apache-2.0
//! `evtables store …`: what is in a data dir, whether it is what was written, compaction, export.
//! Progress goes to stderr when that is a terminal.

use crate::args::{
    CompactArgs, ExportArgs, ExportFormat, StatsArgs, StoreCommand, VerifyArgs, data_dir,
};
use crate::out::{remark, say, written_rows};
use evtables_engine::{DataDir, host};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_schema::TableSpec;
use evtables_schema::time::write_iso_text;
use evtables_sql::{Database, Screen};
use evtables_store::{ErrorKind, Fault, Options, ScanRequest, Store, StoreReader, TableSummary};
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::Path;
use std::sync::Arc;

pub(crate) fn store(command: &StoreCommand) -> Result<(), String> {
    match command {
        StoreCommand::Stats(args) => stats(args),
        StoreCommand::Verify(args) => verify(args),
        StoreCommand::Compact(args) => compact(args),
        StoreCommand::Export(args) => export(args),
    }
}

fn failed(error: impl std::fmt::Display) -> String {
    format!("failed to {error}")
}

/// A line on stderr that is written over.
struct Progress {
    shown: bool,
    percent: u64,
}

impl Progress {
    fn new() -> Self {
        Self { shown: std::io::stderr().is_terminal(), percent: u64::MAX }
    }

    /// At most a hundred times.
    fn share(&mut self, what: &str, done: u64, all: u64) {
        let percent = done.saturating_mul(100).checked_div(all).unwrap_or(100);
        if self.shown && percent != self.percent {
            self.percent = percent;
            remark(format_args!("\r{what}: {percent} %"));
        }
    }

    fn count(&mut self, what: &str, rows: u64) {
        let step = rows / 100_000;
        if self.shown && step != self.percent {
            self.percent = step;
            remark(format_args!("\r{what}: {rows} rows"));
        }
    }

    fn close(&self) {
        if self.shown {
            remark(format_args!("\r\x1b[K"));
        }
    }
}

fn iso(time_ns: Option<i64>) -> String {
    let mut text = String::new();
    if let Some(time) = time_ns {
        write_iso_text(time, &mut text);
    }
    text
}

fn stats(args: &StatsArgs) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let reader = StoreReader::open(&dir).map_err(failed)?;
    let snapshot = reader.snapshot().map_err(failed)?;
    let tables = snapshot.tables(host::now_ns());
    let total = snapshot.disk_bytes();
    if args.json {
        let rows: Vec<_> = tables.iter().map(as_json).collect();
        let kept = snapshot.retention();
        let all =
            json!({ "data_dir": dir, "disk_bytes": total, "retention": kept, "tables": rows });
        say!("{}", serde_json::to_string_pretty(&all).map_err(|e| e.to_string())?)?;
        return Ok(());
    }
    say!(
        "{:<32} {:>12} {:>8} {:>14} {:>8}  {:<25} newest",
        "table",
        "rows",
        "segments",
        "bytes",
        "B/row",
        "oldest"
    )?;
    for table in &tables {
        say!(
            "{:<32} {:>12} {:>8} {:>14} {:>8}  {:<25} {}",
            table.table,
            table.rows,
            table.segments,
            table.bytes,
            table.bytes.checked_div(table.rows).unwrap_or(0),
            iso(table.oldest_time),
            iso(table.newest_time)
        )?;
    }
    say!("{total} bytes on disk in {}", dir.display())?;
    Ok(())
}

fn as_json(table: &TableSummary) -> serde_json::Value {
    json!({
        "table": table.table,
        "rows": table.rows,
        "segments": table.segments,
        "bytes": table.bytes,
        "last_seq": table.last_seq,
        "oldest": iso(table.oldest_time),
        "newest": iso(table.newest_time),
    })
}

fn verify(args: &VerifyArgs) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let mut progress = Progress::new();
    let found = evtables_store::verify(&dir, &mut |done, all| progress.share("verify", done, all));
    progress.close();
    let found = found.map_err(failed)?;
    say!(
        "{} segments with {} rows and {} bytes, {} rows in the log; chain ends in {}",
        found.segments,
        found.rows,
        found.bytes,
        found.log_rows,
        found.chain
    )?;
    for (fault, file) in &found.faults {
        say!("{}: {file}", fault.word())?;
    }
    // A torn log is what a running or killed collector leaves; its next start cuts it.
    let first = found.faults.iter().find(|(fault, _)| *fault != Fault::Torn);
    match first {
        None => Ok(()),
        Some((fault, file)) => {
            Err(format!("the first that is not as written: {file} ({})", fault.word()))
        }
    }
}

fn compact(args: &CompactArgs) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let reader = StoreReader::open(&dir).map_err(failed)?;
    let snapshot = reader.snapshot().map_err(failed)?;
    let mut options = Options::new(host::host_boot());
    options.retention = snapshot.retention().cloned().unwrap_or_default();
    let before = (snapshot.segments().count(), snapshot.disk_bytes());
    drop((snapshot, reader));
    let mut store =
        Store::open(&dir, options, host::now_ns()).map_err(|error| match error.kind {
            ErrorKind::Locked => {
                format!("failed to {error}: it compacts by itself; stop it to compact now")
            }
            _ => failed(error),
        })?;
    let mut progress = Progress::new();
    let done = store.compact_with(host::now_ns(), &mut |merged| progress.count("compact", merged));
    progress.close();
    done.map_err(failed)?;
    let snapshot = store.reader().snapshot().map_err(failed)?;
    say!(
        "{} segments and {} bytes became {} segments and {} bytes",
        before.0,
        before.1,
        snapshot.segments().count(),
        snapshot.disk_bytes()
    )?;
    store.close().map_err(failed)
}

fn export(args: &ExportArgs) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let table = evtables_schema::event_table(&args.table)
        .ok_or_else(|| format!("no event table {}: see `evtables tables`", args.table))?;
    let bound = |text: &Option<String>| text.as_deref().map(seconds).transpose();
    let (since, until) = (bound(&args.since)?, bound(&args.until)?);
    match &args.output {
        None => export_to(args, &dir, table, (since, until), &mut std::io::stdout()),
        Some(path) => {
            let file = File::create(path)
                .map_err(|error| format!("failed to create {}: {error}", path.display()))?;
            let mut out = BufWriter::new(file);
            export_to(args, &dir, table, (since, until), &mut out)?;
            out.flush().map_err(|error| format!("failed to write {}: {error}", path.display()))
        }
    }
}

fn export_to(
    args: &ExportArgs,
    dir: &Path,
    table: &'static TableSpec,
    (since, until): (Option<i64>, Option<i64>),
    out: &mut (impl Write + Send),
) -> Result<(), String> {
    let format = match args.format {
        ExportFormat::Parquet => return export_parquet(dir, table, (since, until), out),
        ExportFormat::Json => evtables_sql::Format::Json,
        ExportFormat::Csv => evtables_sql::Format::Csv,
    };
    let source = DataDir::open(dir).map_err(failed)?;
    let database = Database::open(Arc::new(source)).map_err(|e| e.to_string())?;
    let mut sql = format!("SELECT * FROM {} WHERE history = 1", table.name);
    if let Some(since) = since {
        sql.push_str(&format!(" AND time >= {since}"));
    }
    if let Some(until) = until {
        sql.push_str(&format!(" AND time < {until}"));
    }
    written_rows(evtables_sql::run(&database, &sql, format, out, Screen::detect()))
}

fn export_parquet(
    dir: &Path,
    table: &'static TableSpec,
    (since, until): (Option<i64>, Option<i64>),
    out: &mut (impl Write + Send),
) -> Result<(), String> {
    let snapshot = StoreReader::open(dir).and_then(|reader| reader.snapshot()).map_err(failed)?;
    let time = table.time_column();
    let term = |test| time.map(|column| Term { column, test });
    let since = since.map(|since| Test::Ge(Value::Int(since))).and_then(term);
    let until = until.map(|until| Test::Lt(Value::Int(until))).and_then(term);
    let predicate = Predicate::new(table, since.into_iter().chain(until).collect());
    let mut scan = snapshot.scan(ScanRequest {
        table,
        columns: (0..table.columns.len()).collect(),
        predicate,
        seq_range: None,
        now_ns: host::now_ns(),
    });
    let mut progress = Progress::new();
    let rows =
        evtables_store::export_parquet(&mut scan, out, &mut |rows| progress.count("export", rows));
    progress.close();
    rows.map_err(failed)?;
    match scan.stats().segments_corrupt {
        0 => Ok(()),
        corrupt => {
            Err(format!("{corrupt} segments could not be read: see `evtables store verify`"))
        }
    }
}

/// Unix seconds of `1795478400`, `2026-11-24` or `2026-11-24T06:30:00Z`.
fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text}: give unix seconds, 2026-11-24 or 2026-11-24T06:30:00Z (UTC)");
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let numbers = |text: &str, by: char| -> Option<[i64; 3]> {
        let parts: Vec<i64> = text.split(by).map(str::parse).collect::<Result<_, _>>().ok()?;
        parts.try_into().ok()
    };
    let date = numbers(date, '-')
        .filter(|[_, month, day]| (1..=12).contains(month) && (1..=31).contains(day));
    let time = numbers(time.trim_end_matches('Z'), ':').filter(|[hour, minute, second]| {
        (0..24).contains(hour) && (0..60).contains(minute) && (0..61).contains(second)
    });
    let ([year, month, day], [hour, minute, second]) = date.zip(time).ok_or_else(wrong)?;
    if !(1970..10_000).contains(&year) {
        return Err(wrong());
    }
    Ok(day_number(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days from 1970-01-01, by counting years from March on.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use evtables_schema::time::date_text;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(seconds("1795478400"), Ok(1_795_478_400));
        assert_eq!(seconds("2026-11-24"), Ok(1_795_478_400));
        assert_eq!(seconds("2026-11-24T06:30:05Z"), Ok(1_795_478_400 + 23_405));
        assert_eq!(seconds("2026-11-24 06:30:05"), Ok(1_795_478_400 + 23_405));
        for wrong in ["yesterday", "2026-13-01", "2026-11-24T25:00:00Z", "1969-01-01", "2026-11"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        for day in (0..40_000).step_by(17) {
            let text = date_text(day * 86_400_000_000_000);
            assert_eq!(seconds(&text), Ok(day * 86_400), "{text}");
        }
    }
}
