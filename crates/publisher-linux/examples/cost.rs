// SPDX-License-Identifier: Apache-2.0
//! What the hooks cost the processes that they watch: CPU time per spawn + exec + exit with and
//! without them, in paired rounds, and the reader's own CPU time. Needs root.
//! `cargo run --release -p evtables-publisher-linux --example cost -- [PROGRAM] [PROCESSES] [ROUNDS]`
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)] // A tool.

use evtables_publisher_linux::{LinuxOptions, LinuxPublisher};
use evtables_schema::HostBoot;
use evtables_sdk::{Outcome, Publisher, emitter};
use std::process::Command;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let argument =
        |at: usize, default: &str| arguments.get(at).cloned().unwrap_or_else(|| default.to_owned());
    if argument(1, "") == "storm" {
        storm(&argument(2, ""), argument(3, "").parse().unwrap());
        return;
    }
    let program = argument(1, "/bin/true");
    let processes: u32 = argument(2, "3000").parse().unwrap();
    let rounds: usize = argument(3, "7").parse().unwrap();
    let mut pairs = Vec::new();
    measure(&program, processes);
    for round in 0..rounds {
        let bare = measure(&program, processes);
        let (watched, reader_us) = with_hooks(&program, processes);
        println!(
            "round {round}: bare {bare:.1} us, watched {watched:.1} us, ratio {:.3}, reader {reader_us:.2} us per process",
            watched / bare
        );
        pairs.push((watched - bare, watched / bare, reader_us));
    }
    let median = |pick: fn(&(f64, f64, f64)) -> f64| {
        let mut values: Vec<f64> = pairs.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!(
        "median: +{:.1} us per process, ratio {:.3}, reader {:.2} us per process",
        median(|pair| pair.0),
        median(|pair| pair.1),
        median(|pair| pair.2)
    );
}

fn with_hooks(program: &str, processes: u32) -> (f64, f64) {
    let (emitter, receiver) = emitter(100_000);
    let subtree = Some(std::process::id());
    let options = LinuxOptions { subtree, ..LinuxOptions::new(HostBoot::new("cost", "cost")) };
    let mut publisher = LinuxPublisher::new(options);
    let began = Instant::now();
    publisher.start(emitter).unwrap();
    let started = began.elapsed();
    let before = own_cpu_us();
    let watched = measure(program, processes);
    let reader = (own_cpu_us() - before) / f64::from(processes);
    for hook in publisher.hooks() {
        println!("  {} {:?} ns over {:?} runs", hook.hook, hook.avg_ns, hook.run_count);
    }
    publisher.stop();
    let rows: usize = receiver.try_iter().map(|batch| batch.rows).sum();
    let lost = publisher.ledger().into_iter().filter(|line| line.outcome == Outcome::Lost);
    let lost: u64 = lost.map(|line| line.count).sum();
    println!("  started in {started:?}, {rows} rows, {lost} lost");
    (watched, reader)
}

/// CPU microseconds per process, taken by a child that does nothing but start them on one CPU.
fn measure(program: &str, processes: u32) -> f64 {
    let output = Command::new("taskset")
        .args(["-c", "0"])
        .arg(std::env::current_exe().unwrap())
        .args(["storm", program, &processes.to_string()])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn storm(program: &str, processes: u32) {
    for _ in 0..processes {
        assert!(Command::new(program).arg("argument").status().unwrap().success());
    }
    // Children in clock ticks, ourselves in nanoseconds.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().collect();
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    let children_us = ticks * 10_000.0;
    println!("{}", (children_us + own_cpu_us()) / f64::from(processes));
}

fn own_cpu_us() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let seconds = i32::try_from(time.tv_sec).unwrap();
    f64::from(seconds) * 1e6 + f64::from(i32::try_from(time.tv_nsec).unwrap()) / 1e3
}
