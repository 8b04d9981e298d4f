// SPDX-License-Identifier: Apache-2.0
//! `evtables selftest`: collects on this machine for some seconds while a child does a known thing per table,
//! and says of each table what was expected, what was seen and what was lost. Stores nothing.

mod actions;
#[cfg(unix)]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use linux as system;
#[cfg(windows)]
use windows as system;

use crate::args::SelftestArgs;
use crate::config::Config;
use crate::out::say;
use crate::publishers;
use actions::Expected;
use arrow_array::RecordBatch;
use evtables_schema::{Cell, CellReader, EventBatch};
use evtables_sdk::{HookState, HookStatus, Outcome, Publisher};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Batches that wait to be looked at.
const BATCHES_MAX: usize = 4_096;
/// Looks at what came.
const LOOK: Duration = Duration::from_millis(50);

/// Tables whose events no program can make.
const BY_HAND: [&str; 2] = ["linux_removable_media_events", "win_removable_media_events"];

/// What is known of a table.
#[derive(Debug, Default)]
struct Tested {
    expected: Vec<Expected>,
    seen: Vec<bool>,
    rows: u64,
    lost: u64,
    /// Why nothing was done, or nothing can come.
    reason: String,
}

impl Tested {
    fn word(&self) -> &'static str {
        match (self.expected.is_empty(), self.seen.iter().all(|seen| *seen)) {
            (true, _) => "-",
            (false, true) => "ok",
            (false, false) => "FAIL",
        }
    }

    /// How many of the expected rows came.
    fn found(&self) -> usize {
        self.seen.iter().filter(|seen| **seen).count()
    }
}

/// Runs the test, or, as the child of one, its actions.
pub(crate) fn selftest(args: &SelftestArgs) -> Result<(), String> {
    if let Some(folder) = &args.act {
        actions::act(folder, system::ACTIONS);
        return Ok(());
    }
    let mut publishers = publishers::of_this_system(&Config::standard(), Some(std::process::id()))?;
    let Some(publisher) = publishers.first_mut() else {
        return Err("this build collects nothing".into());
    };
    let folder = Folder::new()?;
    let (emitter, bus) = evtables_sdk::emitter(BATCHES_MAX);
    let started = publisher.start(emitter).map_err(|error| format!("failed to {error}"));
    let mut tables: BTreeMap<&'static str, Tested> =
        publisher.tables().into_iter().map(|table| (table.name, Tested::default())).collect();
    let mut unavailable = started.as_ref().err().cloned();
    let mut hooks = Vec::new();
    if started.is_ok() {
        publishers::wait_open(&**publisher);
        if why_none(&**publisher).is_none() {
            expect(&mut tables, &act(&folder.0)?);
        }
        let until = Instant::now() + Duration::from_secs(args.seconds);
        while Instant::now() < until && tables.values().any(|tested| tested.word() == "FAIL") {
            bus.try_iter().for_each(|batch| look(&mut tables, &batch));
            std::thread::park_timeout(LOOK);
        }
        note_state(&mut tables, &**publisher);
        unavailable = why_none(&**publisher);
        // A publisher that was stopped has none.
        hooks = publisher.hooks();
        publisher.stop();
        bus.try_iter().for_each(|batch| look(&mut tables, &batch));
    }
    let report = report(&tables, hooks, unavailable.as_deref());
    print(&tables)?;
    write(&args.report, &report)?;
    conclude(&tables, unavailable, &args.report)
}

/// A folder for the actions, gone at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        let name = format!("evtables-selftest-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder)
            .map_err(|error| format!("failed to make {}: {error}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Has a child do everything: what we do ourselves is left out by the publishers.
fn act(folder: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("failed to start the actions: {error}");
    let mut command = Command::new(std::env::current_exe().map_err(failed)?);
    command.args(["selftest", "--act"]).arg(folder).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output().map_err(failed)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Takes what the child says that should be seen.
fn expect(tables: &mut BTreeMap<&'static str, Tested>, said: &str) {
    for (table, told) in said.lines().filter_map(actions::parse) {
        let Some(tested) = tables.get_mut(table.as_str()) else { continue };
        match told {
            Ok(expected) => {
                tested.expected.push(expected);
                tested.seen.push(false);
            }
            Err(reason) => tested.reason = format!("the action failed: {reason}"),
        }
    }
    for (name, tested) in tables {
        if tested.expected.is_empty() && tested.reason.is_empty() {
            let reason = match BY_HAND.contains(name) {
                true => "not tried: somebody must plug in or pull out a device",
                false => "no action for it is known",
            };
            reason.clone_into(&mut tested.reason);
        }
    }
}

/// Ticks off what a batch shows.
fn look(tables: &mut BTreeMap<&'static str, Tested>, batch: &EventBatch) {
    let Some(tested) = tables.get_mut(batch.table.name) else { return };
    tested.rows += u64::try_from(batch.rows).unwrap_or(0);
    let there = batch.table.columns.iter().enumerate();
    let columns = there.filter_map(|(at, column)| Some((column.name, batch.column(at)?.clone())));
    let Ok(record) = RecordBatch::try_from_iter(columns) else { return };
    for (expected, seen) in tested.expected.iter().zip(&mut tested.seen).filter(|(_, seen)| !**seen)
    {
        let Some(at) = batch.table.column(&expected.column) else { continue };
        let Some(column) = batch.table.columns.get(at) else { continue };
        let reader = CellReader::new(batch.table, column, &record);
        *seen = (0..batch.rows).any(|row| match reader.cell(row, &mut String::new()) {
            Cell::Text(text) => text.contains(&expected.value),
            Cell::Int(number) => number.to_string() == expected.value,
            Cell::Null | Cell::Real(_) => false,
        });
    }
}

/// Losses, and what a table says of itself.
fn note_state(tables: &mut BTreeMap<&'static str, Tested>, publisher: &dyn Publisher) {
    for line in publisher.ledger().iter().filter(|line| line.outcome == Outcome::Lost) {
        if let Some(tested) = tables.get_mut(line.table.name) {
            tested.lost += line.count;
        }
    }
    for status in publisher.table_states() {
        if let (Some(tested), Some(reason)) = (tables.get_mut(status.table.name), status.reason) {
            // An action for a table that is off is no failure of it.
            if tested.found() == 0 {
                tested.expected.clear();
                tested.seen.clear();
                tested.reason = reason;
            }
        }
    }
}

/// The reason, when not one hook works.
fn why_none(publisher: &dyn Publisher) -> Option<String> {
    let hooks = publisher.hooks();
    let failed = hooks.iter().find(|hook| hook.state == HookState::Failed)?;
    let delivers = publisher.table_states().iter().any(|status| status.reason.is_none());
    (!delivers).then(|| failed.reason.clone().unwrap_or_else(|| "no hook works".to_owned()))
}

fn report(
    tables: &BTreeMap<&'static str, Tested>,
    hooks: Vec<HookStatus>,
    unavailable: Option<&str>,
) -> Value {
    let tables: Vec<Value> = tables
        .iter()
        .map(|(name, tested)| {
            json!({
                "table": name, "result": tested.word(), "expected": tested.expected.len(),
                "seen": tested.found(), "rows": tested.rows, "lost": tested.lost,
                "reason": tested.reason,
            })
        })
        .collect();
    let hooks: Vec<Value> = hooks
        .into_iter()
        .map(|hook| {
            json!({
                "hook": hook.hook, "table": hook.event_table, "state": hook.state.word(),
                "error": hook.error, "reason": hook.reason, "events": hook.run_count,
            })
        })
        .collect();
    json!({
        "evtables": env!("CARGO_PKG_VERSION"), "system": std::env::consts::OS,
        "machine": std::env::consts::ARCH, "unavailable": unavailable, "tables": tables,
        "hooks": hooks,
    })
}

fn print(tables: &BTreeMap<&'static str, Tested>) -> Result<(), String> {
    say!("{:<6}{:<32}{:>9}{:>6}{:>8}{:>6}", "", "table", "expected", "seen", "rows", "lost")?;
    for (name, tested) in tables {
        say!(
            "{:<6}{name:<32}{:>9}{:>6}{:>8}{:>6}  {}",
            tested.word(),
            tested.expected.len(),
            tested.found(),
            tested.rows,
            tested.lost,
            tested.reason
        )?;
    }
    Ok(())
}

fn write(path: &Path, report: &Value) -> Result<(), String> {
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    std::fs::write(path, text + "\n")
        .map_err(|error| format!("failed to write {}: {error}", path.display()))
}

fn conclude(
    tables: &BTreeMap<&'static str, Tested>,
    unavailable: Option<String>,
    report: &Path,
) -> Result<(), String> {
    say!("report: {}", report.display())?;
    if let Some(reason) = unavailable {
        return Err(format!("nothing can be collected here: {reason}"));
    }
    let tried = tables.values().filter(|tested| !tested.expected.is_empty()).count();
    let missing: Vec<&str> = tables
        .iter()
        .filter(|(_, tested)| tested.word() == "FAIL")
        .map(|(name, _)| *name)
        .collect();
    if tried == 0 {
        return Err("no action could be done".into());
    }
    if missing.is_empty() {
        say!("all {tried} tables that were tried show what was done")?;
        return Ok(());
    }
    Err(format!(
        "{} of {tried} tables do not show what was done: {}",
        missing.len(),
        missing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_of_tables_and_columns_that_there_are() {
        for action in system::ACTIONS {
            for (table, column) in action.shows {
                let table = evtables_schema::table(table).expect("a table of ours");
                assert!(table.column(column).is_some(), "{} has no {column}", table.name);
            }
        }
    }

    #[test]
    fn a_table_without_its_row_fails() {
        let mut tables = BTreeMap::from([
            ("linux_process_events", Tested::default()),
            ("linux_file_events", Tested::default()),
            ("linux_removable_media_events", Tested::default()),
        ]);
        expect(&mut tables, "linux_process_events\tcmdline\tx\nlinux_file_events\t!\tno room\nq\n");
        assert_eq!(tables["linux_process_events"].word(), "FAIL");
        assert_eq!(tables["linux_file_events"].word(), "-");
        assert!(tables["linux_file_events"].reason.contains("no room"));
        assert!(tables["linux_removable_media_events"].reason.contains("plug in"));
        let folder = tempfile::tempdir().unwrap();
        let error = conclude(&tables, None, folder.path()).unwrap_err();
        assert!(error.contains("1 of 1 tables"), "{error}");
        tables.get_mut("linux_process_events").unwrap().seen[0] = true;
        conclude(&tables, None, folder.path()).unwrap();
        assert!(conclude(&tables, Some("no tracing".into()), folder.path()).is_err());
    }
}
