// SPDX-License-Identifier: Apache-2.0
//! A double of core for scripts: `double SOCKET`, then commands on standard input, one line of answer each.
//! `wait TABLE` gives its extension's socket; `select TABLE [COLUMN OP VALUE]` its rows as JSON; `terminate`
//! sends shutdown and ends; `insert TABLE VALUES`, `update TABLE ROWID VALUES`, `delete TABLE ROWID` change a
//! table, VALUES being a JSON array without blanks; `push LOGGER LINE` hands a line to a logger, `""` being all that
//! the site has, over core's socket as an extension does; `logged` gives the lines that core's own logger has.
//! It ends with its input, too.
use std::io::{Write, stdin, stdout};
use std::path::Path;
use std::time::Duration;

use evtables_osquery::{DoubleError, DoubleOptions, Manager, ManagerDouble, ManagerOptions, Row};

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
            ["insert", table, values] => {
                say(&told(double.insert(table, values, None).map(|rowid| rowid.to_string())))?
            }
            ["update", table, rowid, values] => {
                let outcome = double.update(table, rowid.parse()?, values, None);
                say(&told(outcome.map(|()| "updated".to_owned())))?
            }
            ["delete", table, rowid] => {
                let outcome = double.delete(table, rowid.parse()?);
                say(&told(outcome.map(|()| "deleted".to_owned())))?
            }
            ["push", logger, words @ ..] => say(&push(&double, logger, &words.join(" ")))?,
            ["logged"] => {
                let lines: Vec<String> = double
                    .logged()
                    .into_iter()
                    .filter_map(|mut row| row.remove("string"))
                    .collect();
                say(&lines.join(" "))?;
            }
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

fn told(outcome: Result<String, DoubleError>) -> String {
    outcome.unwrap_or_else(|error| error.to_string())
}

fn push(double: &ManagerDouble, logger: &str, line: &str) -> String {
    let mut manager = Manager::new(double.socket(), ManagerOptions::CORE);
    let request = Row::from([("string".to_owned(), line.to_owned())]);
    let logger = if logger == "\"\"" { "" } else { logger };
    match manager.call("logger", logger, &request) {
        Ok(response) => format!("{} {}", response.status.code, response.status.message),
        Err(error) => error.to_string(),
    }
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
