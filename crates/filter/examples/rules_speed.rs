// SPDX-License-Identifier: Apache-2.0
//! How much a filter's values cost: judging process events with 10 and with 1,000 exclude values on path and
//! command line, against the naive form (each value tried on each event). CPU time of one thread, medians.
//! `cargo run --release -p evtables-filter --example rules_speed -- --rounds 5`

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, clippy::indexing_slicing)]

use evtables_filter::pattern;
use evtables_filter::rules::{Action, Operator, Rule, Rules, When};
use evtables_schema::EventBatch;
use evtables_schema::generated::process_events::linux::{self as process, Builder, Row, TABLE};
use std::time::Instant;

const BATCHES: usize = 100;
const ROWS: usize = 1_000;

/// Seeded: repeated paths, one command line in ten unique.
fn batches() -> (Vec<EventBatch>, Vec<(String, String)>) {
    let (mut batches, mut texts) = (Vec::new(), Vec::new());
    let mut random = 1_u64;
    for _ in 0..BATCHES {
        let mut builder = Builder::default();
        for row in 0..ROWS {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = random >> 33;
            let path = format!("/usr/lib/tool-{}/bin/worker", number % 300);
            let argument = if row % 10 == 0 { number } else { number % 500 };
            let cmdline =
                format!("{path} --input /srv/data/{argument}/part.bin --level {}", number % 9);
            builder.push(&Row {
                action: "PROC_CREATE",
                path: Some(&path),
                cmdline: Some(&cmdline),
                ..Row::default()
            });
            texts.push((path, cmdline));
        }
        batches.push(builder.finish());
    }
    (batches, texts)
}

/// Values as people write them; every tenth of them is met by some events.
fn values(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| match n % 4 {
            0 => format!("/usr/lib/tool-{}/bin/*", if n % 40 == 0 { n % 300 } else { n + 1_000 }),
            1 => format!("*/data/{}/part.bin*", n + 100_000_000),
            2 => format!("*\\noise-{n}.exe"),
            _ => format!("/opt/agent-{n}/lib?/x*"),
        })
        .collect()
}

fn rules(values: &[String]) -> Rules {
    let rule = |at: usize, value: &String| Rule {
        name: value.clone(),
        action: Action::Exclude,
        when: When::Is([process::PATH, process::CMDLINE][at % 2], Operator::Glob(value.clone())),
    };
    let rules = values.iter().enumerate().map(|(at, value)| rule(at, value)).collect();
    Rules::new(&TABLE, rules).unwrap()
}

/// Each value tried on each event, until one matches.
fn naive(values: &[String], texts: &[(String, String)]) -> usize {
    let lower: Vec<String> = values.iter().map(|value| value.to_lowercase()).collect();
    let hit = |path: &str, cmdline: &str| {
        lower
            .iter()
            .enumerate()
            .any(|(at, value)| pattern::glob(value, if at % 2 == 0 { path } else { cmdline }))
    };
    let texts = texts.iter().map(|(path, cmdline)| (path.to_lowercase(), cmdline.to_lowercase()));
    texts.filter(|(path, cmdline)| !hit(path, cmdline)).count()
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds = arguments.iter().position(|a| a == "--rounds");
    let rounds: usize = rounds.map_or(5, |at| arguments[at + 1].parse().unwrap());
    let (batches, texts) = batches();
    let (ten, thousand) = (values(10), values(1_000));
    let (few, many) = (rules(&ten), rules(&thousand));
    let judge = |rules: &Rules| -> usize {
        batches.iter().map(|batch| rules.judge(batch).keep.true_count()).sum()
    };
    // The naive form is slow: a slice of the events is enough for its rate.
    let part = &texts[..texts.len() / 100];
    let time = |work: &dyn Fn() -> usize| {
        let begun = Instant::now();
        std::hint::black_box(work());
        begun.elapsed().as_secs_f64()
    };
    let (mut a, mut b, mut c) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        a.push(time(&|| judge(&few)));
        b.push(time(&|| judge(&many)));
        c.push(time(&|| naive(&thousand, part)) * 100.0);
    }
    let events = texts.len() as f64;
    let (few, many, naive) = (median(a), median(b), median(c));
    let line = |case: &str, subject: &str, value: f64, unit: &str| {
        println!(
            r#"{{"area":"filter","case":"{case}","subject":"{subject}","value":{value:.3},"unit":"{unit}"}}"#
        );
    };
    line("10 excludes", "evtables", events / few / 1e6, "M events/s");
    line("1000 excludes", "evtables", events / many / 1e6, "M events/s");
    line("1000 excludes", "naive", events / naive / 1e6, "M events/s");
    line("1000 excludes", "times 10", many / few, "x cost");
    line("1000 excludes", "vs naive", naive / many, "x speed");
}
