// SPDX-License-Identifier: Apache-2.0
//! Rows of the engine's own tables, made from the state file and the catalogue when asked.

use crate::consumers::{Call, Cursor};
use crate::state::{State, Status};
use evtables_schema::generated::{
    evtables_columns, evtables_config, evtables_consumers, evtables_filters, evtables_hooks,
    evtables_loss, evtables_queries, evtables_status, evtables_tables,
};
use evtables_schema::{Class, EventBatch, Platform, TableSpec, tables};
use evtables_sdk::StateSource;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the store holds of one table.
#[derive(Debug, Clone, Default)]
pub struct Holding {
    /// Rows that a query can see.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Time of the oldest row, nanoseconds.
    pub oldest_ns: Option<i64>,
    /// Time of the newest row, nanoseconds.
    pub newest_ns: Option<i64>,
}

/// Who reads, as `evtables_consumers` and `evtables_queries` show it.
#[derive(Clone, Default)]
pub struct Readers {
    /// Cursors.
    pub cursors: Vec<Cursor>,
    /// Calls, oldest first.
    pub calls: Vec<Call>,
    /// Why the process that asks collects nothing itself; goes into `evtables_status`.
    pub remark: String,
    /// What the host of the process that asks lacks, and what follows.
    pub degraded: Vec<String>,
    /// Who makes the rows of the system's state tables.
    pub system: Option<Arc<dyn StateSource>>,
}

/// How far a cursor is behind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lag {
    /// Rows not delivered.
    pub rows: u64,
    /// Event time of the oldest of them, unix seconds.
    pub oldest: Option<i64>,
}

/// Rows of the state table `table`; `None` when it is none of ours. `holding` says what the store
/// has of an event table.
pub fn rows_of(
    table: &'static TableSpec,
    state: Option<&State>,
    now_seconds: i64,
    holding: impl Fn(&'static TableSpec) -> Option<Holding>,
    (readers, lag): (&Readers, &dyn Fn(&Cursor) -> Lag),
) -> Option<EventBatch> {
    Some(match table.name {
        "evtables_status" => {
            status(state.filter(|state| state.is_alive(now_seconds)), readers, now_seconds)
        }
        "evtables_hooks" => hooks(state),
        "evtables_loss" => loss(state),
        "evtables_tables" => catalogue(state, holding, readers.system.as_deref()),
        "evtables_columns" => columns(),
        "evtables_consumers" => consumers(&readers.cursors, now_seconds, lag),
        "evtables_queries" => queries(&readers.calls),
        "evtables_filters" => filters(state),
        "evtables_config" => config(state),
        _ => return None,
    })
}

fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Of the collector that is alive; without one, of the process that asks, if it has something to say.
fn status(state: Option<&State>, readers: &Readers, now_seconds: i64) -> EventBatch {
    let mut builder = evtables_status::any::Builder::default();
    let remark = &readers.remark;
    let degraded: BTreeSet<&String> =
        state.iter().flat_map(|state| &state.degraded).chain(&readers.degraded).collect();
    let mut status = state.map(|state| state.status.clone());
    if !remark.is_empty() {
        let own = || Status {
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").into(),
            heartbeat: now_seconds,
            mode: "extension".into(),
            state: "read_only".into(),
            rss_bytes: crate::host::rss_bytes(),
            ..Status::default()
        };
        let status = status.get_or_insert_with(own);
        let before = std::mem::take(&mut status.message);
        status.message =
            if before.is_empty() { remark.to_owned() } else { format!("{before}; {remark}") };
    }
    let Some(s) = status else { return builder.finish() };
    let row = evtables_status::any::Row {
        pid: s.pid.into(),
        version: &s.version,
        start_time: s.start_time,
        heartbeat: s.heartbeat,
        mode: &s.mode,
        config_version: s.config_version,
        config_hash: &s.config_hash,
        state: &s.state,
        rss_bytes: s.rss_bytes,
        cpu_percent: s.cpu_percent,
        events_per_second: s.events_per_second,
        shed_tables: &s.shed_tables,
        message: &s.message,
    };
    builder.push(&row);
    for message in degraded {
        builder.push(&evtables_status::any::Row { state: "degraded", message, ..row.clone() });
    }
    builder.finish()
}

fn hooks(state: Option<&State>) -> EventBatch {
    let mut builder = evtables_hooks::any::Builder::default();
    for hook in state.iter().flat_map(|state| &state.hooks) {
        builder.push(&evtables_hooks::any::Row {
            hook: &hook.hook,
            event_table: &hook.event_table,
            tier: &hook.tier,
            mechanism: &hook.mechanism,
            state: &hook.state,
            error: hook.error,
            reason: hook.reason.as_deref(),
            run_count: hook.run_count.map(int),
            avg_ns: hook.avg_ns.map(int),
        });
    }
    builder.finish()
}

fn loss(state: Option<&State>) -> EventBatch {
    let mut builder = evtables_loss::any::Builder::default();
    for loss in state.iter().flat_map(|state| &state.loss) {
        builder.push(&evtables_loss::any::Row {
            event_table: &loss.event_table,
            stage: &loss.stage,
            outcome: &loss.outcome,
            reason: &loss.reason,
            cpu: loss.cpu.and_then(|cpu| i32::try_from(cpu).ok()),
            count: int(loss.count),
        });
    }
    builder.finish()
}

fn catalogue(
    state: Option<&State>,
    holding: impl Fn(&'static TableSpec) -> Option<Holding>,
    system: Option<&dyn StateSource>,
) -> EventBatch {
    // What needs another system has no rows here, but for what a replay stored.
    let off = |table: &TableSpec| {
        let system = system.filter(|system| system.tables().contains(&table))?;
        system.unavailable().filter(|_| table.name != "win_event_log_channels")
    };
    let is_asked = |table: &TableSpec| {
        system.is_some_and(|system| {
            system.unavailable().is_none() && system.tables().contains(&table)
        })
    };
    let mut builder = evtables_tables::any::Builder::default();
    for table in tables() {
        let known = state.and_then(|state| state.tables.iter().find(|t| t.name == table.name));
        let held = if table.class == Class::Event { holding(table) } else { None };
        let seconds = |ns: i64| ns.div_euclid(1_000_000_000);
        let (word, reason) = match (table.class, known) {
            (Class::State, _) => match off(table) {
                Some(reason) => ("unavailable", Some(reason)),
                None => ("on", None),
            },
            (Class::Event, Some(known)) => (known.state.as_str(), known.reason.as_deref()),
            (Class::Event, None) if is_asked(table) => ("on", None),
            (Class::Event, None) => ("off", Some("no publisher of this process fills it")),
        };
        builder.push(&evtables_tables::any::Row {
            name: table.name,
            registered_as: known.and_then(|known| known.registered_as.as_deref()),
            platform: table.platform.word(),
            state: word,
            reason,
            rows: held.as_ref().map(|held| int(held.rows)),
            bytes: held.as_ref().map(|held| int(held.bytes)),
            oldest_time: held.as_ref().and_then(|held| held.oldest_ns).map(seconds),
            newest_time: held.as_ref().and_then(|held| held.newest_ns).map(seconds),
            events_per_second: known.map(|known| known.events_per_second),
            summary: table.summary,
        });
    }
    for absent in system.iter().flat_map(|system| system.absent()) {
        builder.push(&evtables_tables::any::Row {
            name: absent.name,
            registered_as: None,
            platform: Platform::Windows.word(),
            state: "absent",
            reason: Some(absent.reason),
            rows: None,
            bytes: None,
            oldest_time: None,
            newest_time: None,
            events_per_second: None,
            summary: absent.summary,
        });
    }
    builder.finish()
}

fn columns() -> EventBatch {
    let mut builder = evtables_columns::any::Builder::default();
    let word = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    for table in tables() {
        for column in table.columns {
            builder.push(&evtables_columns::any::Row {
                event_table: table.name,
                name: column.name,
                r#type: column.sql_type.word(),
                pushed: i32::from(column.index || column.additional),
                ocsf: word(column.ocsf),
                sigma: word(column.sigma),
                sysmon: word(column.sysmon),
                description: column.description,
            });
        }
    }
    builder.finish()
}

fn consumers(cursors: &[Cursor], now_seconds: i64, lag: &dyn Fn(&Cursor) -> Lag) -> EventBatch {
    let mut builder = evtables_consumers::any::Builder::default();
    for cursor in cursors {
        let lag = lag(cursor);
        builder.push(&evtables_consumers::any::Row {
            consumer: &cursor.consumer,
            event_table: &cursor.event_table,
            position: int(cursor.position),
            window_to: cursor.window_to.map(int),
            lag_rows: int(lag.rows),
            lag_seconds: lag.oldest.map(|oldest| now_seconds.saturating_sub(oldest)),
            last_read: cursor.last_read,
            oldest_unread: lag.oldest,
            expired: int(cursor.expired),
            state: &cursor.state,
            rows_given: int(cursor.rows),
            acknowledged: cursor.acknowledged.map(i32::from),
        });
    }
    builder.finish()
}

fn filters(state: Option<&State>) -> EventBatch {
    let mut builder = evtables_filters::any::Builder::default();
    for filter in state.iter().flat_map(|state| &state.filters) {
        builder.push(&evtables_filters::any::Row {
            event_table: &filter.event_table,
            rule: &filter.rule,
            action: &filter.action,
            runs_in: &filter.runs_in,
            hits: int(filter.hits),
            bytes_saved: int(filter.bytes_saved),
            last_hit: Some(filter.last_hit).filter(|at| *at > 0),
            config_version: filter.config_version,
        });
    }
    builder.finish()
}

fn config(state: Option<&State>) -> EventBatch {
    let mut builder = evtables_config::any::Builder::default();
    for row in state.iter().flat_map(|state| &state.config) {
        builder.push(&evtables_config::any::Row {
            key: &row.key,
            value: &row.value,
            source: &row.source,
            state: &row.state,
            error: row.error.as_deref(),
        });
    }
    builder.finish()
}

fn queries(calls: &[Call]) -> EventBatch {
    let mut builder = evtables_queries::any::Builder::default();
    for call in calls {
        builder.push(&evtables_queries::any::Row {
            time: call.time,
            consumer: &call.consumer,
            event_table: &call.event_table,
            pushed: &call.pushed,
            ignored: &call.ignored,
            rows_read: int(call.rows_read),
            rows_returned: int(call.rows_returned),
            bytes: int(call.bytes),
            segments: int(call.segments),
            segments_skipped: int(call.segments_skipped),
            cut: i32::from(call.cut),
            duration_us: int(call.duration_us),
            remark: &call.remark,
        });
    }
    builder.finish()
}
