// SPDX-License-Identifier: Apache-2.0
//! Measures the row encoder (budget: 2 million rows/s of 20 text columns) and a call as core makes it
//! (two fresh connections). Build with `--release --features double`.
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use evtables_osquery::*;

const ROWS: usize = 20_000;
const CALLS: u32 = 2_000;

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
        fill(rows, count)
    }
}

fn fill(rows: &mut RowsWriter, count: usize) -> Result<(), TableError> {
    for _ in 0..count {
        rows.begin_row();
        for column in 0..20 {
            rows.text(column, black_box("0123456789"));
        }
        rows.end_row()?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = (0..20).map(|index| format!("column_{index:02}")).collect();
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let start = Instant::now();
        let mut rows = RowsWriter::new(&texts);
        fill(&mut rows, ROWS)?;
        black_box(rows.into_list());
        best = best.min(start.elapsed());
    }
    println!("encoder: {:.2} million rows/s", ROWS as f64 / best.as_secs_f64() / 1e6);

    let socket = std::env::temp_dir().join(format!("speed.{}", std::process::id()));
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK)?;
    let columns = names
        .iter()
        .map(|name| Column::new(name.clone(), ColumnType::Text, ColumnOptions::INDEX))
        .collect();
    let options = ExtensionOptions::new(&socket, ExtensionInfo::new("speed", "1"));
    let _extension =
        Extension::start(options, vec![Arc::new(Speed(columns))], vec![], Arc::new(|_| {}))?;
    double.wait_table("speed", Duration::from_secs(10));
    let start = Instant::now();
    for _ in 0..CALLS {
        double.generate("speed", &[("column_00", 2, "x")], &texts)?;
    }
    println!("ping and call: {:?}", start.elapsed() / CALLS);
    Ok(())
}
