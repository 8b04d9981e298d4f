// SPDX-License-Identifier: Apache-2.0
//! `evtables replay`: a data dir out of recorded logs, and the balance of what was in them.

use crate::args::{Format, ReplayArgs, data_dir};
use crate::config::Config;
use crate::memory::keep_freed;
use crate::out;
use crate::run::options;
use crate::system::{make_private, stop_flag};
use evtables_engine::{Collector, REPLAY};
use evtables_publisher_replay::{
    Progress, ReplayOptions, ReplayPublisher, ReplayWatch, Report, TraceReport,
};
use evtables_store::Retention;
use serde_json::json;
use std::io::{IsTerminal as _, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const LOOK: Duration = Duration::from_millis(5);
const BAR_CELLS: u64 = 30;
/// Tails of all tables in memory, bytes: recordings of many days make many segments per seal, so that
/// seals must be few.
const SEAL_BYTES: usize = 16 << 20;

/// Replays to the end, or until Ctrl-C: what was read by then stays.
pub(crate) fn replay(args: &ReplayArgs) -> Result<(), String> {
    keep_freed();
    let dir = data_dir(args.data_dir.as_ref())?;
    let publisher = ReplayPublisher::new(ReplayOptions {
        paths: args.paths.clone(),
        pace: args.pace,
        strict: args.strict,
    })?;
    make_private(&dir)?;
    let stop = stop_flag()?;
    let watch = publisher.watch();
    let mut options = options(&dir, &Config::standard(), REPLAY);
    // Recordings are old by nature, and nobody wants half of one.
    options.store.retention = Retention::default();
    options.store.seal_bytes = SEAL_BYTES;
    let collector =
        Collector::start(options, vec![Box::new(publisher)]).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let mut bar = Bar::new(begun);
    loop {
        let progress = watch.progress();
        bar.show(progress);
        if progress.is_done {
            break;
        }
        if stop.load(Ordering::Relaxed) {
            watch.stop();
        }
        if !collector.is_running() {
            bar.clear();
            return Err("the collector stopped by itself: see the log above".into());
        }
        std::thread::park_timeout(LOOK);
    }
    bar.clear();
    collector.stop().map_err(|e| format!("failed to stop cleanly: {e}"))?;
    let seconds = begun.elapsed().as_secs_f64();
    show(&watch, args.format, seconds)?;
    match watch.failure() {
        Some(why) => Err(format!("failed to replay everything: {why}")),
        None => Ok(()),
    }
}

/// Writes the balance.
fn show(watch: &ReplayWatch, format: Format, seconds: f64) -> Result<(), String> {
    let report = watch.report();
    let mut out = std::io::stdout().lock();
    let written = match format {
        Format::Json => writeln!(out, "{}", as_json(&report, seconds)),
        _ => print(&mut out, &report, seconds),
    };
    out::written(written)
}

fn as_json(report: &Report, seconds: f64) -> serde_json::Value {
    let unmapped: Vec<_> = report
        .unmapped
        .iter()
        .map(|((provider, id), count)| json!({"provider": provider, "eventid": id, "records": count}))
        .collect();
    json!({
        "records": report.records,
        "mapped": report.mapped,
        "unmapped": unmapped,
        "bad": report.bad,
        "damaged": report.damaged,
        "places": report.places,
        "rows": report.rows,
        "late": report.late,
        "inputs": report.inputs,
        "skipped": report.skipped,
        "traces": traces_as_json(&report.traces),
        "seconds": seconds,
    })
}

fn traces_as_json(traces: &TraceReport) -> serde_json::Value {
    let unmapped: Vec<_> = traces
        .unmapped
        .iter()
        .map(|((provider, id), count)| json!({"provider": provider, "id": id, "events": count}))
        .collect();
    json!({
        "traces": traces.traces,
        "events": traces.events,
        "mapped": traces.mapped,
        "learnt": traces.learnt,
        "left_out": traces.left_out,
        "unmapped": unmapped,
        "newer": traces.newer,
        "lost": traces.lost,
        "late": traces.late,
        "forgotten": traces.forgotten,
    })
}

fn print_traces(out: &mut impl Write, traces: &TraceReport) -> std::io::Result<()> {
    if traces.traces == 0 {
        return Ok(());
    }
    let left_out: u64 = traces.left_out.values().sum();
    let unmapped: u64 = traces.unmapped.values().sum();
    writeln!(out, "{} traces, {} events", traces.traces, traces.events)?;
    writeln!(out, "  {:>9} in an event table", traces.mapped)?;
    writeln!(out, "  {:>9} only told a name", traces.learnt)?;
    writeln!(out, "  {left_out:>9} left out")?;
    for (reason, count) in &traces.left_out {
        writeln!(out, "    {count:>9} {reason}")?;
    }
    writeln!(out, "  {unmapped:>9} of kinds without a table")?;
    for (reason, count) in &traces.lost {
        writeln!(out, "  lost: {count} {reason}")?;
    }
    if traces.newer > 0 {
        writeln!(out, "  {} of versions newer than known", traces.newer)?;
    }
    Ok(())
}

fn print(out: &mut impl Write, report: &Report, seconds: f64) -> std::io::Result<()> {
    let unmapped: u64 = report.unmapped.values().sum();
    #[allow(clippy::cast_precision_loss)] // a rate for people
    let rate = report.records as f64 / seconds.max(0.001);
    writeln!(
        out,
        "{} inputs, {} records in {seconds:.1} s ({rate:.0}/s)",
        report.inputs, report.records
    )?;
    writeln!(out, "  {:>9} in an event table", report.mapped)?;
    writeln!(out, "  {unmapped:>9} in win_event_log_data only")?;
    writeln!(out, "  {:>9} bad", report.bad_records())?;
    for (reason, count) in &report.bad {
        writeln!(out, "    {count:>9} {reason}")?;
    }
    for (reason, count) in &report.damaged {
        writeln!(out, "  damaged: {count} {reason}")?;
    }
    if report.skipped > 0 {
        writeln!(out, "  {} files are no logs", report.skipped)?;
    }
    for place in &report.places {
        writeln!(out, "    {place}")?;
    }
    if report.late > 0 {
        writeln!(out, "  {} came later than the records around them", report.late)?;
    }
    print_traces(out, &report.traces)?;
    for (table, rows) in &report.rows {
        writeln!(out, "  {rows:>9} {table}")?;
    }
    Ok(())
}

/// A line that is written over and over, on a terminal only.
struct Bar {
    begun: Instant,
    shown: Option<Instant>,
    is_terminal: bool,
}

impl Bar {
    fn new(begun: Instant) -> Self {
        Self { begun, shown: None, is_terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, progress: Progress) {
        let is_due = self.shown.is_none_or(|shown| shown.elapsed() >= Duration::from_millis(200));
        if !self.is_terminal || !is_due {
            return;
        }
        self.shown = Some(Instant::now());
        let line = line_of(progress, self.begun.elapsed().as_secs_f64());
        // Nothing is lost when a terminal is gone.
        let _ = write!(std::io::stderr(), "\r{line}\x1b[K");
    }

    fn clear(&self) {
        if self.is_terminal && self.shown.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

#[allow(clippy::cast_precision_loss)] // figures for people
fn line_of(progress: Progress, seconds: f64) -> String {
    let rate = progress.records as f64 / seconds.max(0.001);
    if progress.bytes_total == 0 {
        return format!("{} records, {rate:.0}/s", progress.records);
    }
    let done = progress.bytes.min(progress.bytes_total);
    let filled = done * BAR_CELLS / progress.bytes_total;
    let bar: String = (0..BAR_CELLS).map(|cell| if cell < filled { '#' } else { '.' }).collect();
    let left = seconds * (progress.bytes_total - done) as f64 / (done as f64).max(1.0);
    let percent = done * 100 / progress.bytes_total;
    let eta = if done == 0 { "?".to_owned() } else { format!("{left:.0} s") };
    format!("[{bar}] {percent:3} %  {} records  {rate:.0}/s  {eta} left", progress.records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_rate_and_rest() {
        let progress =
            Progress { bytes: 50, bytes_total: 200, records: 1_000, time_ns: 0, is_done: false };
        let line = line_of(progress, 2.0);
        assert_eq!(line, "[#######.......................]  25 %  1000 records  500/s  6 s left");
        let unknown = Progress { bytes_total: 0, ..progress };
        assert_eq!(line_of(unknown, 2.0), "1000 records, 500/s");
        assert!(line_of(Progress { bytes: 0, ..progress }, 0.0).ends_with("? left"));
        assert!(line_of(Progress { bytes: 999, ..progress }, 1.0).contains("100 %"));
    }
}
