// SPDX-License-Identifier: Apache-2.0
//! Stores the same events in evtables, SQLite and fjall, each in a process of its own, and
//! prints what it cost: CPU time per event, bytes per event, peak memory, and queries.
//! `evtables-bench-store [--rows N] [--kind process|file|socket] [--json] [ENGINE…]`; Linux.

mod events;
mod lsm;
mod measure;
mod ours;
mod sqlite;

use events::{Event, Events, Kind};
use measure::{Report, Wanted};
use std::path::Path;
use std::process::Command;

const ENGINES: [&str; 4] = ["evtables", "sqlite", "sqlite-indexed", "fjall"];
const BATCH: usize = 1_024;

/// Goes through the set once to find values that occur in its middle.
fn wanted(kind: Kind, rows: usize) -> Wanted {
    let mut events = Events::new(kind);
    let (marker, longer) = kind.marker();
    let mut wanted =
        Wanted { rows: rows as u64, last: 0, sha256: String::new(), guid: 0, like: String::new() };
    for at in 0..rows {
        let event = events.next();
        if at <= rows / 2 || wanted.sha256.is_empty() {
            wanted.guid = event.process_guid;
            let special = kind != Kind::Process || event.path.starts_with("/home/user/.cache");
            if special || wanted.sha256.is_empty() {
                wanted.sha256.clone_from(&event.sha256);
            }
            let line = event.cmdline.find(marker);
            if let Some(at) = line.filter(|at| event.cmdline.len() > at + longer) {
                wanted.like = format!("%{}%", &event.cmdline[at + marker.len() / 2..]);
            }
        }
        wanted.last = event.time;
    }
    wanted
}

fn batches(kind: Kind, rows: usize) -> impl Iterator<Item = Vec<Event>> {
    let mut events = Events::new(kind);
    (0..rows)
        .step_by(BATCH)
        .map(move |first| (0..BATCH.min(rows - first)).map(|_| events.next()).collect::<Vec<_>>())
}

fn run(engine: &str, kind: Kind, rows: usize, dir: &Path) -> Report {
    let wanted = wanted(kind, rows);
    match engine {
        "evtables" => ours::run(dir, batches(kind, rows), &wanted),
        "sqlite" => sqlite::run(engine, false, dir, batches(kind, rows), &wanted),
        "sqlite-indexed" => sqlite::run(engine, true, dir, batches(kind, rows), &wanted),
        "fjall" => lsm::run(dir, batches(kind, rows), &wanted),
        other => panic!("no engine {other}: {ENGINES:?}"),
    }
}

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut take = |name: &str, values: usize| {
        let at = args.iter().position(|arg| arg == name)?;
        let taken: Vec<String> = args.drain(at..=at + values).collect();
        taken.last().cloned()
    };
    let rows = take("--rows", 1).map_or(1_000_000, |rows| rows.parse().expect("a number"));
    let kind = take("--kind", 1).unwrap_or_else(|| Kind::Process.word().to_owned());
    let kind = Kind::of(&kind).expect("a kind: process, file or socket");
    let json = take("--json", 0).is_some();
    let child = take("--in-process", 1);
    let base = std::env::var("EVTABLES_BENCH_DIR").unwrap_or_else(|_| "/tmp".to_owned());
    let dir = tempfile::tempdir_in(base).expect("a folder");
    if let Some(engine) = child {
        let report = run(&engine, kind, rows, dir.path());
        println!("{}", serde_json::to_string(&report).expect("a report"));
        return;
    }
    let engines: Vec<&str> =
        if args.is_empty() { ENGINES.to_vec() } else { args.iter().map(String::as_str).collect() };
    let reports: Vec<Report> = engines
        .iter()
        .map(|engine| {
            let me = std::env::current_exe().expect("this program");
            let out = Command::new(me)
                .args(["--in-process", engine, "--rows", &rows.to_string(), "--kind", kind.word()])
                .stderr(std::process::Stdio::inherit())
                .output()
                .expect("the engine runs");
            serde_json::from_slice(&out.stdout).expect("the engine reports")
        })
        .collect();
    if json {
        reports.iter().for_each(|r| println!("{}", serde_json::to_string(r).expect("a report")));
        return;
    }
    print(&reports);
}

/// One line per figure, the ratio to the first engine behind each.
fn print(reports: &[Report]) {
    let line = |what: &str, values: Vec<f64>| {
        let base = values.first().copied().unwrap_or(1.0);
        let cells: Vec<String> = values
            .iter()
            .map(|v| format!("{v:>12.3} {:>8}", format!("{:.1}x", v / base)))
            .collect();
        println!("{what:<28}{}", cells.join(""));
    };
    let names: Vec<String> = reports.iter().map(|r| format!("{:>21}", r.engine)).collect();
    println!(
        "{:<28}{}",
        format!("{} events", reports.first().map_or(0, |r| r.rows)),
        names.join("")
    );
    line("CPU us/event", reports.iter().map(|r| r.cpu_us_per_event).collect());
    line("bytes/event", reports.iter().map(|r| r.bytes_per_event).collect());
    line("peak MiB", reports.iter().map(|r| r.peak_mib).collect());
    for (at, (question, ..)) in reports.first().map_or(&[][..], |r| &r.answers).iter().enumerate() {
        line(&format!("{question}, CPU ms"), reports.iter().map(|r| r.answers[at].1).collect());
        let rows: Vec<String> = reports.iter().map(|r| r.answers[at].3.to_string()).collect();
        println!(
            "    rows {}; wall ms {:?}",
            rows.join(" "),
            reports.iter().map(|r| r.answers[at].2.round()).collect::<Vec<_>>()
        );
    }
    for report in reports {
        report.notes.iter().for_each(|note| println!("{}: {note}", report.engine));
    }
}
