// SPDX-License-Identifier: Apache-2.0
//! Tests of `collector`, with a publisher that the test scripts.

use super::*;
use crate::data_dir::DataDir;
use crate::source::{ScanSpec, Source};
use crate::testing::{ProcessRow, batch};
use evtables_schema::HostBoot;
use evtables_schema::generated::process_events::linux as process;
use evtables_sdk::HookStatus;
use std::path::Path;

/// Emits what it was given at start, and says that it saw it.
struct Scripted {
    batches: Vec<Vec<ProcessRow>>,
    seen: u64,
}

impl Publisher for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![&process::TABLE]
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        for rows in &self.batches {
            self.seen += rows.len() as u64;
            emitter.send(batch(rows));
        }
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        Vec::new()
    }

    fn ledger(&self) -> Vec<LossCount> {
        vec![LossCount::new(&process::TABLE, Stage::Kernel, Outcome::Seen, "", self.seen)]
    }

    fn stop(&mut self) {}
}

fn start(dir: &Path, batches: Vec<Vec<ProcessRow>>) -> Collector {
    let options = CollectorOptions {
        data_dir: dir.to_owned(),
        mode: "run",
        configured: Configured::default(),
        store: evtables_store::Options::new(HostBoot(1)),
    };
    Collector::start(options, vec![Box::new(Scripted { batches, seen: 0 })]).unwrap()
}

fn rows_in(dir: &Path, table: &'static TableSpec) -> usize {
    let source = DataDir::open(dir).unwrap();
    source.scan(&ScanSpec::all(table)).unwrap().map(|batch| batch.unwrap().num_rows()).sum()
}

fn sum(dir: &Path, outcome: &str) -> u64 {
    let state = State::read(dir).unwrap().unwrap();
    state.loss.iter().filter(|loss| loss.outcome == outcome).map(|loss| loss.count).sum()
}

#[test]
fn everything_on_its_way_is_stored_at_stop_and_the_ledger_balances() {
    let dir = tempfile::tempdir().unwrap();
    let exec = |n: u128| ProcessRow::exec(n, 1, "/bin/x", "x");
    let batches = (0..20).map(|b| (0..100).map(|n| exec(b * 100 + n + 2)).collect()).collect();
    let collector = start(dir.path(), batches);
    collector.stop().unwrap();
    assert_eq!(rows_in(dir.path(), &process::TABLE), 2_000);
    assert_eq!((sum(dir.path(), "seen"), sum(dir.path(), "delivered")), (2_000, 2_000));
    assert_eq!((sum(dir.path(), "lost"), sum(dir.path(), "pending")), (0, 0));
    let state = State::read(dir.path()).unwrap().unwrap();
    assert_eq!(state.status.state, "stopped");
}

#[test]
fn a_full_bus_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    // All are sent before the engine thread exists: those beyond the bus are lost, and said so.
    let batches = (0..BUS_BATCHES_MAX as u128 + 5)
        .map(|n| vec![ProcessRow::exec(n + 2, 1, "/bin/x", "x")])
        .collect();
    start(dir.path(), batches).stop().unwrap();
    assert_eq!(sum(dir.path(), "seen"), BUS_BATCHES_MAX as u64 + 5);
    assert_eq!(sum(dir.path(), "delivered"), BUS_BATCHES_MAX as u64);
    assert_eq!(sum(dir.path(), "lost"), 5);
}

#[test]
fn a_file_that_cannot_be_hashed_does_not_hold_its_row() {
    let dir = tempfile::tempdir().unwrap();
    let row =
        ProcessRow { file: Some((1, 2, 3, 4)), ..ProcessRow::exec(2, 1, "/nowhere/at/all", "x") };
    start(dir.path(), vec![vec![row]]).stop().unwrap();
    assert_eq!(rows_in(dir.path(), &process::TABLE), 1);
    assert_eq!(sum(dir.path(), "incomplete"), 1);
}

#[test]
fn state_tables_answer_while_it_runs_and_after() {
    let dir = tempfile::tempdir().unwrap();
    let collector = start(dir.path(), vec![vec![ProcessRow::exec(2, 1, "/bin/x", "x")]]);
    let table = |name| evtables_schema::table(name).unwrap();
    assert_eq!(rows_in(dir.path(), table("evtables_status")), 1);
    assert!(rows_in(dir.path(), table("evtables_columns")) > 50);
    assert_eq!(rows_in(dir.path(), table("evtables_tables")), evtables_schema::tables().len());
    collector.stop().unwrap();
    assert!(rows_in(dir.path(), table("evtables_loss")) > 0);
}

#[test]
fn a_missing_value_is_counted() {
    let mut rows =
        batch(&[ProcessRow::exec(2, 1, "/bin/x", "x"), ProcessRow::exec(3, 1, "/bin/y", "y")]);
    assert_eq!(missing_values(&rows), 0);
    let mut comm = evtables_schema::columns::DictBuilder::default();
    [Some("x"), None].into_iter().for_each(|text| comm.push(text));
    assert!(rows.set_column(process::COMM, comm.finish()));
    assert_eq!(missing_values(&rows), 1);
    // One that may be missing is no fault.
    let mut path = evtables_schema::columns::DictBuilder::default();
    [None, None].into_iter().for_each(|text: Option<&str>| path.push(text));
    assert!(rows.set_column(process::PATH, path.finish()));
    assert_eq!(missing_values(&rows), 1);
}
