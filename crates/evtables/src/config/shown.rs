// SPDX-License-Identifier: Apache-2.0
//! Rows of `evtables_config`: what is in force, and what has no effect here.

use super::keys::{SEED_BLOCKS, SEED_OPTIONS};
use super::{Config, listed_text};
use evtables_engine::ConfigRow;
use serde_json::Value;

/// State of a key that is known and has no effect.
const TOLD: &str = "not_implemented";
/// Options of the seed that have a row; more are one row together.
const OPTIONS_MAX: usize = 100;

/// All of them, for the merged text.
pub(super) fn rows(value: &Value, config: &Config) -> Vec<ConfigRow> {
    let mut rows = Vec::new();
    let given = |path: &str| path.split('.').try_fold(value, |value, key| value.get(key));
    for (key, value) in settings(config) {
        let source = if given(key).is_some() { "config" } else { "default" };
        rows.push(row(key, &value, source, "active", None));
    }
    rows.extend(lists(config));
    for (block, instead) in SEED_BLOCKS.iter().filter(|(block, _)| given(block).is_some()) {
        rows.push(row(block, "", "config", TOLD, Some(instead)));
    }
    let options = value.get("options").and_then(Value::as_object);
    let options = options.into_iter().flatten();
    let mut options = options.filter(|(name, _)| name.starts_with("custom_plgx_"));
    for (name, value) in options.by_ref().take(OPTIONS_MAX) {
        let known = SEED_OPTIONS.iter().find(|(option, _)| option == name);
        let instead = known.map_or("an option of the seed without effect here", |(_, i)| i);
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        rows.push(row(&format!("options.{name}"), &value, "config", TOLD, Some(instead)));
    }
    let more = options.count();
    if more > 0 {
        let error = format!("{more} more options of the seed without effect here");
        rows.push(row("options", "", "config", TOLD, Some(&error)));
    }
    rows
}

fn row(key: &str, value: &str, source: &str, state: &str, error: Option<&str>) -> ConfigRow {
    ConfigRow {
        key: listed_text(key),
        value: listed_text(value),
        source: source.into(),
        state: state.into(),
        error: error.map(listed_text),
    }
}

fn settings(config: &Config) -> Vec<(&'static str, String)> {
    let limit = |limit: Option<u64>| limit.unwrap_or(0).to_string();
    let (retention, budgets, windows) = (&config.retention, &config.budgets, &config.windows);
    vec![
        ("evtables.sources.linux.enabled", config.enabled.linux.to_string()),
        ("evtables.sources.windows.enabled", config.enabled.windows.to_string()),
        ("evtables.sources.windows.process_buffers_mib", windows.process_mib.to_string()),
        (
            "evtables.sources.windows.file_registry_buffers_mib",
            windows.file_registry_mib.to_string(),
        ),
        ("evtables.sources.windows.user_buffers_mib", windows.user_mib.to_string()),
        ("evtables.sources.windows.packets", windows.packets.to_string()),
        ("evtables.sources.windows.registry_data", windows.registry_data.to_string()),
        ("evtables.sources.windows.open_handles", windows.open_handles.to_string()),
        ("evtables.sources.windows.image_hashes", windows.image_hashes.to_string()),
        ("evtables.sources.linux.argv_bytes_max", config.argv_bytes_max.to_string()),
        ("evtables.sources.linux.kernel_filters", config.kernel_filters.to_string()),
        ("evtables.sources.linux.kernel_functions", config.kernel_functions.to_string()),
        ("evtables.sources.users.wtmp", config.users.wtmp.display().to_string()),
        ("evtables.sources.users.btmp", config.users.btmp.display().to_string()),
        ("evtables.sources.users.utmp", config.users.utmp.display().to_string()),
        ("evtables.sources.osquery.core_events", config.core_events.to_string()),
        ("evtables.retention.seconds", limit(retention.seconds)),
        ("evtables.retention.rows_per_table", limit(retention.rows_per_table)),
        ("evtables.retention.bytes", limit(retention.bytes)),
        ("evtables.retention.free_bytes_min", limit(retention.free_bytes_min)),
        ("evtables.budgets.reply_rows", budgets.reply_rows.to_string()),
        ("evtables.budgets.reply_mib", (budgets.reply_bytes >> 20).to_string()),
        ("evtables.budgets.reply_seconds", budgets.reply_time.as_secs().to_string()),
    ]
}

/// What has no default: one row for each name.
fn lists(config: &Config) -> Vec<ConfigRow> {
    let mut rows = Vec::new();
    let mut add = |key: String, value: &str| {
        rows.push(row(&key, value, "config", "active", None));
    };
    for (name, on) in &config.switches {
        let of = if name.starts_with("win_") { "windows" } else { "linux" };
        add(format!("evtables.sources.{of}.tables.{name}"), &on.to_string());
    }
    for follow in &config.tail {
        add(format!("evtables.sources.tail.{}", follow.name), &follow.path);
    }
    if let Some(most) = config.budget.memory_bytes {
        add("evtables.budgets.memory_mib".to_owned(), &(most >> 20).to_string());
    }
    if let Some(most) = config.budget.cpu_percent {
        add("evtables.budgets.cpu_percent".to_owned(), &most.to_string());
    }
    for (name, table) in &config.retention.tables {
        let of = [("seconds", table.seconds), ("rows", table.rows)];
        for (key, value) in of.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            add(format!("evtables.retention.tables.{name}.{key}"), &value.to_string());
        }
    }
    for item in &config.push.items {
        add(format!("evtables.push.logger.{}", item.name), &item.sql);
    }
    for rules in config.filters.all() {
        let count = rules.rules().len();
        add(format!("filters of {}", rules.table().name), &format!("{count} rules"));
    }
    for (table, sample) in &config.limits.samples {
        add(format!("evtables.sample.{table}"), &sample.name());
    }
    for (table, rate) in &config.limits.rates {
        add(format!("evtables.rate.{table}"), &rate.name());
    }
    for (name, columns) in &config.redactions {
        let table = evtables_schema::table(name);
        for (at, how) in columns {
            let column = table.and_then(|table| table.columns.get(*at)).map_or("", |c| c.name);
            add(format!("evtables.redact.{name}.{column}"), how.word());
        }
    }
    rows
}
