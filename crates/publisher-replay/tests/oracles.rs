// SPDX-License-Identifier: Apache-2.0
//! The same thing seen by two sensors: process starts by Sysmon 1 and Security 4688, connections by
//! Sysmon 3 and Security 5156 of the same recordings. Where both have a value, they agree; how many
//! pairs there are, and each way in which they differ, is printed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod shared;

use arrow_array::RecordBatch;
use evtables_publisher_replay::{ReplayOptions, ReplayPublisher};
use evtables_schema::{Cell, CellReader, EventBatch};
use evtables_sdk::{Publisher as _, emitter};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

type Row = HashMap<&'static str, String>;

/// Rows of two tables; NULLs are left out.
fn rows_of(path: &Path) -> (Vec<Row>, Vec<Row>) {
    let options = ReplayOptions { paths: vec![path.to_owned()], pace: None, strict: true };
    let mut publisher = ReplayPublisher::new(options).unwrap();
    let (emitter, batches) = emitter(4);
    publisher.start(emitter).unwrap();
    let (mut processes, mut sockets) = (Vec::new(), Vec::new());
    for batch in &batches {
        match batch.table.name {
            "win_process_events" => processes.extend(cells(&batch)),
            "win_socket_events" => sockets.extend(cells(&batch)),
            _ => {}
        }
    }
    publisher.stop();
    (processes, sockets)
}

fn cells(batch: &EventBatch) -> Vec<Row> {
    let table = batch.table;
    let columns = table.columns.iter().enumerate();
    let columns = columns.filter_map(|(at, c)| Some((c.name, batch.column(at)?.clone(), true)));
    let record = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let readers: Vec<_> =
        table.columns.iter().map(|c| (c.name, CellReader::new(table, c, &record))).collect();
    let mut scratch = String::new();
    let mut row = |at: usize| {
        let mut values = Row::new();
        for (name, reader) in &readers {
            match reader.cell(at, &mut scratch) {
                Cell::Null => {}
                Cell::Text(text) => drop(values.insert(name, text.to_owned())),
                Cell::Int(number) => drop(values.insert(name, number.to_string())),
                Cell::Real(number) => drop(values.insert(name, number.to_string())),
            }
        }
        values
    };
    (0..batch.rows).map(&mut row).collect()
}

fn recordings(corpus: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(corpus.join("otrf")).unwrap() {
        let Ok(files) = std::fs::read_dir(folder.unwrap().path()) else { continue };
        let files = files.map(|file| file.unwrap().path());
        found.extend(files.filter(|path| {
            let name = path.to_str().unwrap();
            name.ends_with(".zip") || name.ends_with(".tar.gz")
        }));
    }
    found.sort();
    found
}

fn seconds(row: &Row) -> i64 {
    row["time"].parse().unwrap()
}

fn host(row: &Row) -> String {
    row.get("host_name").map(|name| name.to_ascii_lowercase()).unwrap_or_default()
}

/// Texts that mean the same: case, and how white space and quotes are written, say nothing.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

#[test]
fn two_sensors_tell_of_the_same_processes() {
    let Some(corpus) = shared::corpus() else { return };
    let (mut pairs, mut agreeing, mut same_guid) = (0, 0, 0);
    let mut classes: BTreeMap<String, u32> = BTreeMap::new();
    for path in recordings(&corpus) {
        let (processes, _) = rows_of(&path);
        let starts = processes
            .iter()
            .filter(|row| row["action"] == "PROC_CREATE" && row.contains_key("pid"));
        let mut security: HashMap<(String, String), Vec<&Row>> = HashMap::new();
        let mut sysmon = Vec::new();
        for row in starts {
            if row["source_eventid"] == "4688" {
                security.entry((host(row), row["pid"].clone())).or_default().push(row);
            } else {
                sysmon.push(row);
            }
        }
        for row in sysmon {
            let others = security.get(&(host(row), row["pid"].clone()));
            let near =
                others.into_iter().flatten().filter(|o| (seconds(o) - seconds(row)).abs() <= 2);
            let Some(other) = near.min_by_key(|o| (seconds(o) - seconds(row)).abs()) else {
                continue;
            };
            pairs += 1;
            same_guid += u32::from(row.get("process_guid") == other.get("process_guid"));
            let mut agrees = true;
            for column in ["path", "cmdline", "parent_path", "parent_pid"] {
                if let (Some(a), Some(b)) = (row.get(column), other.get(column))
                    && plain(a) != plain(b)
                {
                    agrees = false;
                    *classes.entry(column.to_owned()).or_default() += 1;
                    println!("{}: {column}: `{a}` and `{b}`", path.file_name().unwrap().display());
                }
            }
            agreeing += u32::from(agrees);
        }
    }
    println!("{pairs} pairs, {agreeing} agree, {same_guid} have one guid; differing: {classes:?}");
    assert!(pairs >= 430, "{pairs}");
    assert!(agreeing * 100 >= pairs * 95, "{agreeing} of {pairs}");
    assert!(same_guid * 100 >= pairs * 95, "{same_guid} of {pairs} have one guid");
}

#[test]
fn two_sensors_tell_of_the_same_connections() {
    let Some(corpus) = shared::corpus() else { return };
    let (mut connections, mut pairs, mut reversed) = (0, 0, 0);
    let mut classes: BTreeMap<String, u32> = BTreeMap::new();
    for path in recordings(&corpus) {
        let (_, sockets) = rows_of(&path);
        let ends = |row: &Row| {
            let end = |name: &str| row.get(name).cloned().unwrap_or_default();
            let local = (end("local_address"), end("local_port"));
            (host(row), local, (end("remote_address"), end("remote_port")))
        };
        let mut security: HashMap<_, &Row> = HashMap::new();
        for row in sockets.iter().filter(|row| row["source_eventid"] == "5156") {
            security.entry(ends(row)).or_insert(row);
        }
        let mut seen = std::collections::HashSet::new();
        for row in sockets.iter().filter(|row| row["source_eventid"] == "3") {
            let key = ends(row);
            if security.is_empty() || !seen.insert(key.clone()) {
                continue;
            }
            connections += 1;
            let (host, local, remote) = key;
            let other = security.get(&(host.clone(), local.clone(), remote.clone()));
            let crossed = security.get(&(host, remote, local));
            reversed += u32::from(other.is_none() && crossed.is_some());
            let Some(other) = other else { continue };
            pairs += 1;
            for column in ["action", "protocol", "family", "pid"] {
                if row.get(column).is_some() && row.get(column) != other.get(column) {
                    *classes.entry(column.to_owned()).or_default() += 1;
                }
            }
        }
    }
    println!(
        "{connections} connections, {pairs} pairs, {reversed} crossed; differing: {classes:?}"
    );
    assert!(pairs >= 1_000, "{pairs}");
    let wrong: u32 = ["protocol", "family", "pid"].iter().filter_map(|c| classes.get(*c)).sum();
    assert!(wrong * 100 <= pairs * 5, "{wrong} of {pairs}: {classes:?}");
}
