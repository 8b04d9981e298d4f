// SPDX-License-Identifier: Apache-2.0
//! The publisher of `evtables_core_events`: rows of osquery's own event tables, as its logger call
//! brings them. The call carries no table name: a row is of the table whose columns it has.

use evtables_osquery::{LogEntry, LogQueue, LogQueueCounters, Manager, ManagerOptions};
use evtables_schema::TableSpec;
use evtables_schema::generated::evtables_core_events::any::{Builder, Row, TABLE};
use evtables_sdk::{
    Emitter, HookState, HookStatus, LossCount, Outcome, Publisher, PublisherError, Stage,
};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const TAKE_WAIT: Duration = Duration::from_millis(200);
/// So often core is asked for its tables while it does not tell.
const ASK_AGAIN: Duration = Duration::from_secs(5);
const TABLES_MAX: usize = 64;

/// Which columns core's event tables have, narrowest last.
#[derive(Debug, Default)]
struct Shapes(Vec<(String, Vec<String>)>);

impl Shapes {
    /// The table with the most columns of those whose columns are all keys of the row; `None` when two
    /// have as many.
    fn table_of(&self, row: &Map<String, Value>) -> Option<&str> {
        let fits = |columns: &Vec<String>| columns.iter().all(|column| row.contains_key(column));
        let mut fitting = self.0.iter().filter(|(_, columns)| fits(columns));
        let (table, columns) = fitting.next()?;
        let rival = fitting.next().is_some_and(|(_, other)| other.len() == columns.len());
        (!rival).then_some(table)
    }

    fn new(mut tables: Vec<(String, Vec<String>)>) -> Self {
        tables.retain(|(_, columns)| !columns.is_empty());
        tables.sort_by_key(|(_, columns)| std::cmp::Reverse(columns.len()));
        Self(tables)
    }

    /// Asks core; hidden columns are not told, and not needed.
    fn ask(manager: &mut Manager) -> Option<Self> {
        let names = manager
            .query("SELECT name FROM osquery_registry WHERE registry = 'event_subscriber'")
            .ok()?;
        let mut tables = Vec::new();
        for mut name in names.into_iter().take(TABLES_MAX) {
            let Some(name) = name.remove("name") else { continue };
            if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                continue;
            }
            let columns = manager.query_columns(&format!("SELECT * FROM {name}")).ok()?;
            tables.push((name, columns.into_iter().map(|(name, _)| name).collect()));
        }
        Some(Self::new(tables))
    }
}

/// The publisher. It takes over what an earlier one left in the queue.
pub(crate) struct CoreEvents {
    queue: Arc<LogQueue>,
    socket: PathBuf,
    shared: Arc<Shared>,
    before: LogQueueCounters,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    sent: AtomicU64,
    /// No JSON objects.
    unreadable: AtomicU64,
}

impl CoreEvents {
    /// From `queue`; asks the core at `socket` for its tables.
    pub(crate) fn new(queue: Arc<LogQueue>, socket: &Path) -> Self {
        let before = queue.counters();
        let socket = socket.to_owned();
        Self { queue, socket, shared: Arc::default(), before, thread: None }
    }
}

impl Publisher for CoreEvents {
    fn name(&self) -> &'static str {
        "core"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![&TABLE]
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        let (queue, shared) = (Arc::clone(&self.queue), Arc::clone(&self.shared));
        let manager = Manager::new(&self.socket, ManagerOptions::CORE);
        let thread = std::thread::Builder::new()
            .name("core-events".into())
            .spawn(move || run(&queue, &shared, manager, &emitter))
            .map_err(|e| PublisherError { what: "start a thread".into(), reason: e.to_string() })?;
        self.thread = Some(thread);
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        vec![HookStatus {
            hook: "logger plug-in".into(),
            event_table: TABLE.name,
            tier: "A",
            mechanism: "osquery",
            state: HookState::Attached,
            error: None,
            reason: None,
            run_count: None,
            avg_ns: None,
        }]
    }

    fn ledger(&self) -> Vec<LossCount> {
        let line =
            |stage, outcome, reason, count| LossCount::new(&TABLE, stage, outcome, reason, count);
        let unreadable = self.shared.unreadable.load(Ordering::Relaxed);
        let sent = self.shared.sent.load(Ordering::Relaxed);
        let now = self.queue.counters();
        let taken = now.taken - self.before.taken;
        let dropped = now.dropped - self.before.dropped;
        vec![
            line(Stage::Decode, Outcome::Lost, "not_json", unreadable),
            line(Stage::Decode, Outcome::Pending, "", taken.saturating_sub(sent + unreadable)),
            line(Stage::Ring, Outcome::Lost, "log_queue_full", dropped),
            line(Stage::Kernel, Outcome::Seen, "", taken + dropped),
        ]
    }

    fn stop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic there was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

fn run(queue: &LogQueue, shared: &Shared, mut manager: Manager, emitter: &Emitter) {
    let mut shapes = None;
    let mut ask_at = Instant::now();
    loop {
        let stop = shared.stop.load(Ordering::Relaxed);
        let entries = queue.take(if stop { Duration::ZERO } else { TAKE_WAIT });
        if entries.is_empty() {
            if stop {
                return;
            }
            continue;
        }
        if shapes.is_none() && Instant::now() >= ask_at {
            shapes = Shapes::ask(&mut manager);
            ask_at = Instant::now() + ASK_AGAIN;
        }
        let mut builder = Builder::default();
        let events = entries.iter().filter_map(|entry| match entry {
            LogEntry::Event(json) => Some(json.as_str()),
            _ => None,
        });
        for json in events {
            match serde_json::from_str::<Map<String, Value>>(json) {
                Ok(row) => push(&mut builder, json, &row, shapes.as_ref()),
                Err(_) => {
                    shared.unreadable.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let batch = builder.finish();
        let rows = batch.rows as u64;
        // What does not fit the bus is counted there.
        emitter.send(batch);
        shared.sent.fetch_add(rows, Ordering::Relaxed);
    }
}

fn push(builder: &mut Builder, json: &str, row: &Map<String, Value>, shapes: Option<&Shapes>) {
    let number = |name: &str| match row.get(name)? {
        Value::String(text) => text.trim().parse::<i64>().ok(),
        value => value.as_i64(),
    };
    let time = number("time").filter(|seconds| *seconds > 0);
    builder.push(&Row {
        core_table: shapes.and_then(|shapes| shapes.table_of(row)),
        core_eid: row.get("eid").and_then(Value::as_str),
        json,
        time: time
            .and_then(|seconds| seconds.checked_mul(1_000_000_000))
            .unwrap_or_else(evtables_engine::host::now_ns),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Map<String, Value> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_row_is_of_the_table_whose_columns_it_has() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let shapes = Shapes::new(vec![
            ("selinux_events".into(), columns(&["type", "message", "uptime"])),
            ("user_events".into(), columns(&["uid", "pid", "message", "type", "uptime"])),
            ("apparmor_events".into(), columns(&["type", "message", "uptime"])),
            ("empty".into(), Vec::new()),
        ]);
        let of = |json: &str| shapes.table_of(&row(json)).map(str::to_owned);
        let user = r#"{"uid":"0","pid":"1","message":"m","type":"1","uptime":"5","eid":"1"}"#;
        assert_eq!(of(user).as_deref(), Some("user_events"), "the most columns");
        assert_eq!(of(r#"{"type":"","message":"","uptime":""}"#), None, "two alike");
        assert_eq!(of("{}"), None);
    }
}
