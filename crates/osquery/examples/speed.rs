// SPDX-License-Identifier: Apache-2.0
//! Measures the row encoder against a map per row that crate `thrift` writes (as the published Rust bindings do), in
//! paired rounds of CPU time, and a call as core makes it (two fresh connections). `./dev bench encode` runs it;
//! `--json` prints one object per figure, `--rounds N` sets the rounds. Build with `--release --features double`.
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use evtables_osquery::*;
use thrift::protocol::{
    TBinaryOutputProtocol, TListIdentifier, TMapIdentifier, TOutputProtocol, TType,
};

const ROWS: usize = 20_000;
const COLUMNS: usize = 20;
const ROWS_ON_WIRE: i32 = 20_000;
const COLUMNS_ON_WIRE: i32 = 20;
const VALUE: &str = "0123456789";
const CALLS: u32 = 2_000;
const ROUNDS: usize = 15;

struct Speed(Vec<Column>);

impl Table for Speed {
    fn name(&self) -> &str {
        "speed"
    }
    fn columns(&self) -> &[Column] {
        &self.0
    }
    fn attributes(&self) -> Attributes {
        Attributes::NONE
    }
    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        let count = if query.values(0).next().is_some() { 1 } else { ROWS };
        Ok(fill(rows, count)?)
    }
}

fn fill(rows: &mut RowsWriter, count: usize) -> Result<(), RowsFull> {
    for _ in 0..count {
        rows.begin_row();
        for column in 0..COLUMNS {
            rows.text(column, black_box(VALUE));
        }
        rows.end_row()?;
    }
    Ok(())
}

/// Rows per second of our encoder.
fn ours(names: &[&str]) -> Result<f64, RowsFull> {
    let start = cpu();
    let mut rows = RowsWriter::new(names);
    fill(&mut rows, ROWS)?;
    black_box(rows.into_list());
    Ok(ROWS as f64 / (cpu() - start).as_secs_f64())
}

/// Rows per second of a map per row and crate `thrift`.
fn theirs(names: &[&str]) -> thrift::Result<f64> {
    let start = cpu();
    let row = || {
        let cell = |name: &&str| ((*name).to_owned(), black_box(VALUE).to_owned());
        names.iter().map(cell).collect::<BTreeMap<String, String>>()
    };
    let rows: Vec<BTreeMap<String, String>> = (0..ROWS).map(|_| row()).collect();
    let mut bytes = Vec::new();
    let mut protocol = TBinaryOutputProtocol::new(&mut bytes, true);
    protocol.write_list_begin(&TListIdentifier::new(TType::Map, ROWS_ON_WIRE))?;
    for row in &rows {
        let head = TMapIdentifier::new(TType::String, TType::String, COLUMNS_ON_WIRE);
        protocol.write_map_begin(&head)?;
        for (name, value) in row {
            protocol.write_string(name)?;
            protocol.write_string(value)?;
        }
        protocol.write_map_end()?;
    }
    protocol.write_list_end()?;
    black_box((bytes, rows));
    Ok(ROWS as f64 / (cpu() - start).as_secs_f64())
}

/// Time that this process had on a CPU.
#[cfg(unix)]
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Time since the first call: good enough where nothing else runs.
#[cfg(windows)]
fn cpu() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Wall time of a ping and a call, each on a connection of its own.
fn call(names: &[&str]) -> Result<Duration, Box<dyn std::error::Error>> {
    let socket = std::env::temp_dir().join(format!("speed.{}", std::process::id()));
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK)?;
    let column =
        |name: &&str| Column::new((*name).to_owned(), ColumnType::Text, ColumnOptions::INDEX);
    let table = Arc::new(Speed(names.iter().map(column).collect()));
    let options = ExtensionOptions::new(&socket, ExtensionInfo::new("speed", "1"));
    let _extension = Extension::start(options, vec![table], vec![], Arc::new(|_| {}))?;
    double.wait_table("speed", Duration::from_secs(10));
    let start = Instant::now();
    for _ in 0..CALLS {
        double.generate("speed", &[("column_00", 2, "x")], names)?;
    }
    Ok(start.elapsed() / CALLS)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().collect();
    let after = |word: &str| words.iter().skip_while(|found| *found != word).nth(1);
    let rounds = after("--rounds").map_or(Ok(ROUNDS), |count| count.parse())?;
    let json = words.iter().any(|word| word == "--json");
    let names: Vec<String> = (0..COLUMNS).map(|index| format!("column_{index:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();

    let (mut fast, mut slow, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (our, their) = (ours(&names)?, theirs(&names)?);
        fast.push(our);
        slow.push(their);
        ratios.push(our / their);
    }
    let call = call(&names)?.as_secs_f64() * 1e6;
    let figures = [
        (
            "rows of 20 text columns per second of a core",
            "evtables",
            median(fast) / 1e6,
            "M rows/s",
        ),
        ("rows of 20 text columns per second of a core", "thrift", median(slow) / 1e6, "M rows/s"),
        ("evtables over a map per row and crate thrift", "evtables", median(ratios), "ratio"),
        ("ping and call of one row, two connections", "evtables", call, "us"),
    ];
    for (case, subject, value, unit) in figures {
        if json {
            let figure = serde_json::json!({"area": "encode", "case": case, "subject": subject, "value": value, "unit": unit});
            println!("{figure}");
        } else {
            println!("{case}: {subject}: {value:.3} {unit}");
        }
    }
    Ok(())
}
