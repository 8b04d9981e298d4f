// SPDX-License-Identifier: Apache-2.0
//! Records to batches on the ring thread, and what is counted there.
//!
//! Batches of other tables never leave before the process rows that came before them: the engine
//! takes their process columns from those.

use crate::decode::{BATCH_ROWS_MAX, Context, Made, Rows};
use crate::hooks::{TABLES, TableHooks};
use crate::load::{counts_by_cpu, sum};
use crate::record::{Record, RecordError, kind, kind_of, parse};
use crate::ring::Sink;
use crate::rules::KernelRules;
use evtables_schema::EventBatch;
use evtables_sdk::{Emitter, Outcome};
use libbpf_rs::MapHandle;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Age at which a batch is closed.
const BATCH_AGE_MAX: Duration = Duration::from_millis(200);

/// What happened to records on our side, by position in [`TABLES`].
#[derive(Debug)]
pub(crate) struct Counts {
    /// Records taken from the ring.
    received: AtomicU64,
    /// Rows of the start-up snapshot.
    pub(crate) running: AtomicU64,
    pub(crate) tables: Vec<TableCounts>,
    /// Tables that are given up: a bit for each position.
    pub(crate) shed: AtomicU64,
}

#[derive(Debug, Default)]
pub(crate) struct TableCounts {
    pub(crate) emitted: AtomicU64,
    /// Rows made of records that another table counts.
    pub(crate) derived: AtomicU64,
    pub(crate) record_errors: [AtomicU64; RecordError::ALL.len()],
    pub(crate) panics: AtomicU64,
    dropped: Mutex<Dropped>,
}

/// By the words of outcome and reason.
type Dropped = BTreeMap<(&'static str, &'static str), (Outcome, u64)>;

impl TableCounts {
    fn drop_one(&self, outcome: Outcome, reason: &'static str) {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        dropped.entry((outcome.word(), reason)).or_insert((outcome, 0)).1 += 1;
    }

    /// Records of which no row was made, and why.
    pub(crate) fn dropped(&self) -> Vec<((Outcome, &'static str), u64)> {
        let dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        dropped
            .iter()
            .map(|((_, reason), (outcome, count))| ((*outcome, *reason), *count))
            .collect()
    }
}

impl Counts {
    pub(crate) fn new(tables: usize) -> Self {
        Self {
            received: AtomicU64::new(0),
            running: AtomicU64::new(0),
            tables: std::iter::repeat_with(TableCounts::default).take(tables).collect(),
            shed: AtomicU64::new(0),
        }
    }

    /// Counted before it can be received, so that "pending" never includes what is delivered.
    pub(crate) fn emit(&self, table: usize, batch: EventBatch, emitter: &Emitter) {
        if let Some(counts) = self.tables.get(table) {
            let rows = u64::try_from(batch.rows).unwrap_or(0);
            counts.emitted.fetch_add(rows, Ordering::Relaxed);
        }
        emitter.send(batch);
    }
}

/// A table that is on.
struct Open {
    /// Position in [`TABLES`].
    at: usize,
    rows: Box<dyn Rows>,
    /// When the first row of the open batch came.
    opened: Option<Instant>,
}

/// Where the records of a kind go.
#[derive(Debug, Clone, Default)]
struct Route {
    /// The table that counts them, by position in [`TABLES`].
    owner: usize,
    /// Positions among the tables that are on; whether the records are another table's.
    tables: Vec<(usize, bool)>,
}

/// Makes rows on the ring thread.
pub(crate) struct RowSink {
    context: Context,
    tables: Vec<Open>,
    routes: Vec<Route>,
    emitter: Emitter,
    counts: Arc<Counts>,
    counters: MapHandle,
    rules: Arc<KernelRules>,
    /// Whose record is in work.
    owner: usize,
}

impl RowSink {
    pub(crate) fn new(
        tables: &[&'static TableHooks],
        context: Context,
        emitter: Emitter,
        counts: Arc<Counts>,
        counters: MapHandle,
        rules: Arc<KernelRules>,
    ) -> Self {
        let position = |table: &TableHooks| TABLES.iter().position(|t| t.spec == table.spec);
        let mut routes = vec![Route::default(); kind::COUNT];
        for (owner, table) in TABLES.iter().enumerate() {
            for kind in table.kinds {
                if let Some(route) = routes.get_mut(usize::from(*kind)) {
                    route.owner = owner;
                }
            }
        }
        for (at, table) in tables.iter().enumerate() {
            let own = table.kinds.iter().map(|kind| (kind, false));
            for (kind, derived) in own.chain(table.derived.iter().map(|kind| (kind, true))) {
                if let Some(route) = routes.get_mut(usize::from(*kind)) {
                    route.tables.push((at, derived));
                }
            }
        }
        let tables = tables
            .iter()
            .map(|table| Open {
                at: position(table).unwrap_or(0),
                rows: (table.rows)(),
                opened: None,
            })
            .collect();
        Self { context, tables, routes, emitter, counts, counters, rules, owner: 0 }
    }

    fn count(&self, table: usize, f: impl FnOnce(&crate::sink::TableCounts)) {
        if let Some(counts) = self.counts.tables.get(table) {
            f(counts);
        }
    }

    fn push(&mut self, record: &Record<'_>, route: &Route) {
        let mut owned = false;
        let shed = self.counts.shed.load(Ordering::Relaxed);
        for (at, derived) in &route.tables {
            let Some(open) = self.tables.get_mut(*at) else { continue };
            let made = match shed >> open.at & 1 {
                1 if *derived => Made::Nothing,
                1 => Made::No(Outcome::Filtered, "shed"),
                _ => open.rows.push(&self.context, record),
            };
            let (table, full) = (open.at, open.rows.rows() >= BATCH_ROWS_MAX);
            owned |= !derived;
            match made {
                Made::Row if *derived => self.count(table, |counts| {
                    counts.derived.fetch_add(1, Ordering::Relaxed);
                }),
                Made::Row => {}
                Made::No(outcome, reason) => self.count(table, |counts| {
                    if *derived {
                        counts.derived.fetch_add(1, Ordering::Relaxed);
                    }
                    counts.drop_one(outcome, reason);
                }),
                Made::Nothing if *derived => {}
                Made::Nothing => {
                    self.count(table, |counts| counts.drop_one(Outcome::Lost, "no_row"));
                }
            }
            if full {
                self.flush(*at);
            }
        }
        if !owned {
            self.count(route.owner, |counts| counts.drop_one(Outcome::Filtered, "table_off"));
        }
    }

    fn flush(&mut self, at: usize) {
        for at in [0, at] {
            let Some(open) = self.tables.get_mut(at) else { continue };
            open.opened = None;
            if open.rows.rows() > 0 {
                self.counts.emit(open.at, open.rows.finish(), &self.emitter);
            }
        }
    }
}

impl Sink for RowSink {
    fn record(&mut self, bytes: &[u8]) {
        self.counts.received.fetch_add(1, Ordering::Relaxed);
        let kind = kind_of(bytes).map_or(0, usize::from);
        let route = self.routes.get(kind).cloned().unwrap_or_default();
        self.owner = route.owner;
        match parse(bytes) {
            Ok(record) => {
                if let Some(actor) = record.actor() {
                    self.rules.learn_user(actor);
                }
                match &record {
                    Record::Exec(exec) => self.rules.learn(exec),
                    Record::Fork(child) => self.rules.learn_fork(child),
                    Record::Socket(socket) => self.rules.learn_ends(socket),
                    Record::File(file) => self.rules.learn_place(file),
                    _ => {}
                }
                self.push(&record, &route);
            }
            Err(error) => self.count(route.owner, |counts| {
                let all = RecordError::ALL.iter().zip(&counts.record_errors);
                for (_, count) in all.filter(|(kind, _)| **kind == error) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }),
        }
    }

    fn panicked(&mut self) {
        self.count(self.owner, |counts| {
            counts.panics.fetch_add(1, Ordering::Relaxed);
        });
    }

    fn turn(&mut self, now: Instant) -> Option<Instant> {
        self.context.clock.refresh(now);
        let mut next: Option<Instant> = None;
        for at in 0..self.tables.len() {
            let Some(open) = self.tables.get_mut(at) else { continue };
            if open.rows.rows() == 0 {
                open.opened = None;
                continue;
            }
            let due = *open.opened.get_or_insert(now) + BATCH_AGE_MAX;
            if now >= due {
                self.flush(at);
            } else {
                next = Some(next.map_or(due, |next| next.min(due)));
            }
        }
        next
    }

    fn complete(&self) -> bool {
        let kinds: Vec<u16> = TABLES.iter().flat_map(|table| table.kinds).copied().collect();
        self.counts.received.load(Ordering::Relaxed)
            >= sum(&counts_by_cpu(&self.counters, &kinds)).submitted
    }

    fn end(&mut self) {
        for at in 0..self.tables.len() {
            self.flush(at);
        }
    }
}
