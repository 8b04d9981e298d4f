// SPDX-License-Identifier: Apache-2.0
//! Rows of the engine's own tables, made from the state file and the catalogue when asked.

use crate::state::State;
use evtables_schema::generated::{
    evtables_columns, evtables_hooks, evtables_loss, evtables_status, evtables_tables,
};
use evtables_schema::{Class, EventBatch, TableSpec, tables};

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

/// Rows of the state table `table`; `None` when it is none of ours. `holding` says what the store
/// has of an event table.
pub fn rows_of(
    table: &'static TableSpec,
    state: Option<&State>,
    now_seconds: i64,
    holding: impl Fn(&'static TableSpec) -> Option<Holding>,
) -> Option<EventBatch> {
    Some(match table.name {
        "evtables_status" => status(state.filter(|state| state.is_alive(now_seconds))),
        "evtables_hooks" => hooks(state),
        "evtables_loss" => loss(state),
        "evtables_tables" => catalogue(state, holding),
        "evtables_columns" => columns(),
        _ => return None,
    })
}

fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn status(state: Option<&State>) -> EventBatch {
    let mut builder = evtables_status::any::Builder::default();
    if let Some(State { status: s, .. }) = state {
        builder.push(&evtables_status::any::Row {
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
        });
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
) -> EventBatch {
    let mut builder = evtables_tables::any::Builder::default();
    for table in tables() {
        let known = state.and_then(|state| state.tables.iter().find(|t| t.name == table.name));
        let held = if table.class == Class::Event { holding(table) } else { None };
        let seconds = |ns: i64| ns.div_euclid(1_000_000_000);
        let (word, reason) = match (table.class, known) {
            (Class::State, _) => ("on", None),
            (Class::Event, Some(known)) => (known.state.as_str(), known.reason.as_deref()),
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
