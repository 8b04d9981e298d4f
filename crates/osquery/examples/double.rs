// SPDX-License-Identifier: Apache-2.0
//! A double of core for scripts: `double SOCKET`, then commands on standard input, one line of answer each.
//! `wait TABLE` gives its extension's socket; `select TABLE [COLUMN OP VALUE]` its rows as JSON; `terminate`
//! sends shutdown and ends. It ends with its input, too.
use std::io::{Write, stdin, stdout};
use std::path::Path;
use std::time::Duration;

use evtables_osquery::{DoubleOptions, ManagerDouble};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let socket = std::env::args().nth(1).ok_or("SOCKET is missing")?;
    let mut double = ManagerDouble::start(Path::new(&socket), DoubleOptions::QUICK)?;
    say("ready")?;
    for line in stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["wait", table] => say(&wait(&double, table))?,
            ["select", table, constraint @ ..] => say(&select(&double, table, constraint))?,
            ["terminate"] => {
                double.terminate();
                say("terminated")?;
            }
            _ => say("unknown command")?,
        }
    }
    Ok(())
}

fn say(answer: &str) -> std::io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{answer}")?;
    out.flush()
}

fn wait(double: &ManagerDouble, table: &str) -> String {
    if !double.wait_table(table, Duration::from_secs(10)) {
        return format!("no such table: {table}");
    }
    double.socket_of(table).map(|socket| socket.display().to_string()).unwrap_or_default()
}

fn select(double: &ManagerDouble, table: &str, constraint: &[&str]) -> String {
    let rows = match constraint {
        [column, op, expr] => {
            double.generate(table, &[(*column, op.parse().unwrap_or(0), *expr)], &[*column])
        }
        _ => double.select_all(table),
    };
    match rows {
        Ok(rows) => serde_json::to_string(&rows).unwrap_or_default(),
        Err(error) => error.to_string(),
    }
}
