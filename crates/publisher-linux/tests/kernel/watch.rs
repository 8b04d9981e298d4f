// SPDX-License-Identifier: Apache-2.0
//! A publisher that watches this process's children, and its rows as a test wants to read them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Test code.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, ArrayRef};
use evtables_publisher_linux::{KernelCounts, LinuxOptions, LinuxPublisher};
use evtables_schema::{EventBatch, HostBoot};
use evtables_sdk::rules::FilterSet;
use evtables_sdk::{HookStatus, LossCount, Outcome, Publisher, Stage, emitter};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests share one process and so one subtree: one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Whether real hooks may be loaded.
pub(crate) fn in_kernel_lane() -> bool {
    std::env::var_os("EVTABLES_KERNEL").is_some_and(|value| value == "1")
}

pub(crate) struct Watch {
    publisher: LinuxPublisher,
    receive: Box<dyn Fn() -> Option<EventBatch>>,
    _turn: MutexGuard<'static, ()>,
}

pub(crate) struct Ledger {
    pub(crate) kernel: KernelCounts,
    lines: Vec<LossCount>,
}

impl Ledger {
    /// What was left out for this reason.
    pub(crate) fn filtered(&self, reason: &str) -> u64 {
        let lines = self.lines.iter();
        let of = lines.filter(|l| l.outcome == Outcome::Filtered && l.reason == reason);
        of.map(|line| line.count).sum()
    }
}

impl Watch {
    /// `None`, with a word, outside the kernel lane.
    pub(crate) fn start(ring_bytes: u32) -> Option<Self> {
        Self::start_with(ring_bytes, 32 << 10)
    }

    pub(crate) fn start_with(ring_bytes: u32, argv_bytes_max: u32) -> Option<Self> {
        Self::start_tables(ring_bytes, argv_bytes_max, &[])
    }

    /// With these tables on beside that of processes.
    pub(crate) fn start_tables(
        ring_bytes: u32,
        argv_bytes_max: u32,
        tables: &[&str],
    ) -> Option<Self> {
        if !in_kernel_lane() {
            println!("skipped: kernel lane only");
            return None;
        }
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let subtree = Some(std::process::id());
        let host = HostBoot::new("test", "test");
        let switches = only(tables);
        let options = LinuxOptions {
            subtree,
            ring_bytes,
            argv_bytes_max,
            switches,
            ..LinuxOptions::new(host)
        };
        let (emitter, receiver) = emitter(10_000);
        let mut publisher = LinuxPublisher::new(options);
        publisher.start(emitter).unwrap();
        let receive = Box::new(move || receiver.try_recv().ok());
        Some(Self { publisher, receive, _turn: turn })
    }

    pub(crate) fn hooks(&self) -> Vec<HookStatus> {
        self.publisher.hooks()
    }

    /// Puts filters in force.
    pub(crate) fn filter(&mut self, filters: &FilterSet) {
        self.publisher.filter(filters);
    }

    /// What the filters in force have left out in the kernel, since they are.
    pub(crate) fn hits(&self) -> u64 {
        self.publisher.rule_counts().iter().map(|count| count.hits).sum()
    }

    pub(crate) fn detach(&mut self) {
        self.publisher.stop();
    }

    /// All rows; the ledger must balance without a loss.
    pub(crate) fn stop(self) -> Vec<Row> {
        self.stop_with_ledger(true).0
    }

    pub(crate) fn stop_with_ledger(mut self, lossless: bool) -> (Vec<Row>, Ledger) {
        self.publisher.stop();
        let ledger =
            Ledger { kernel: self.publisher.kernel_counts(), lines: self.publisher.ledger() };
        let mut rows = Vec::new();
        while let Some(batch) = (self.receive)() {
            rows.extend(rows_of(&batch));
        }
        let count = |outcome| -> u64 {
            ledger.lines.iter().filter(|l| l.outcome == outcome).map(|l| l.count).sum()
        };
        assert_eq!(count(Outcome::Pending), 0, "everything is out after a stop");
        let delivered = rows.len() as u64;
        let (filtered, lost) = (count(Outcome::Filtered), count(Outcome::Lost));
        assert_eq!(
            count(Outcome::Seen),
            delivered + filtered + lost,
            "seen = delivered + filtered + lost"
        );
        let decode = ledger.lines.iter().filter(|l| l.stage == Stage::Decode);
        assert_eq!(decode.map(|line| line.count).sum::<u64>(), 0, "records are well formed");
        if lossless {
            assert_eq!(lost, 0, "nothing is lost");
        }
        (rows, ledger)
    }
}

/// All tables off but these.
fn only(tables: &[&str]) -> BTreeMap<String, bool> {
    let all = LinuxPublisher::switchable().into_iter();
    all.map(|(table, _)| (table.name.to_owned(), tables.contains(&table.name))).collect()
}

/// One row, as text by column name; NULL is absent.
#[derive(Debug)]
pub(crate) struct Row(HashMap<&'static str, String>);

impl Row {
    pub(crate) fn text(&self, column: &str) -> &str {
        self.text_or_null(column).unwrap_or_else(|| panic!("{column} is NULL in {self:?}"))
    }

    pub(crate) fn text_or_null(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str)
    }

    pub(crate) fn number(&self, column: &str) -> i64 {
        self.text(column).parse().unwrap()
    }

    pub(crate) fn number_or_null(&self, column: &str) -> Option<i64> {
        self.0.get(column).map(|text| text.parse().unwrap())
    }
}

fn rows_of(batch: &EventBatch) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..batch.rows).map(|_| Row(HashMap::new())).collect();
    for (at, spec) in batch.table.columns.iter().enumerate() {
        let Some(array) = batch.column(at) else { continue };
        for (row, target) in rows.iter_mut().enumerate().filter(|(row, _)| !array.is_null(*row)) {
            target.0.insert(spec.name, cell(array, row));
        }
    }
    rows
}

fn cell(array: &ArrayRef, row: usize) -> String {
    if let Some(array) = array.as_any_dictionary_opt() {
        let values = array.values().as_string::<i32>();
        return values.value(array.normalized_keys()[row]).to_owned();
    }
    if let Some(array) = array.as_primitive_opt::<Int64Type>() {
        return array.value(row).to_string();
    }
    if let Some(array) = array.as_primitive_opt::<Int32Type>() {
        return array.value(row).to_string();
    }
    if let Some(array) = array.as_primitive_opt::<TimestampNanosecondType>() {
        return array.value(row).to_string();
    }
    array.as_fixed_size_binary().value(row).iter().map(|byte| format!("{byte:02x}")).collect()
}
