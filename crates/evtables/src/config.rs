// SPDX-License-Identifier: Apache-2.0
//! The configuration: key `evtables` of a JSON file. Unknown keys of ours are refused with the place
//! and the keys that there are; other top-level keys belong to osquery and are left alone.

use crate::push::{self, PushConfig};
use evtables_store::{Retention, TableRetention};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

const FILE_BYTES_MAX: u64 = 16 << 20;
/// Largest part of an argument list that is kept, bytes.
const ARGV_BYTES_MAX: u32 = 128 << 10;
const ARGV_BYTES_MIN: u32 = 8 << 10;
/// osquery refuses answers above 100 MiB.
const REPLY_MIB_MAX: usize = 90;
const PUSH_LINES_MAX: u32 = 100_000;
const PUSH_ITEMS_MAX: usize = 32;
/// osquery gives up after 300 s by default.
const REPLY_SECONDS_MAX: u64 = 240;

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Whether this operating system's publisher runs.
    pub(crate) sources_enabled: bool,
    /// How much of an argument list is kept, bytes.
    pub(crate) argv_bytes_max: u32,
    /// Tables of this system that are switched on or off, by name.
    pub(crate) switches: BTreeMap<String, bool>,
    /// What the store keeps.
    pub(crate) retention: Retention,
    /// Whether the text says something about it: then osquery's flags do not.
    pub(crate) retention_given: bool,
    /// How large an answer to osquery may be.
    pub(crate) budgets: Budgets,
    /// Whether events of osquery's own tables are taken where we are its logger.
    pub(crate) core_events: bool,
    /// What is sent through osquery's logger at once.
    pub(crate) push: PushConfig,
    /// SHA-256 of the text.
    pub(crate) hash: String,
}

/// Bounds of one answer to osquery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budgets {
    pub(crate) reply_rows: usize,
    pub(crate) reply_bytes: usize,
    pub(crate) reply_time: Duration,
}

#[derive(Deserialize, Default)]
struct File {
    #[serde(default)]
    evtables: Own,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Own {
    #[serde(default)]
    sources: Sources,
    retention: Option<RetentionConfig>,
    #[serde(default)]
    budgets: BudgetsConfig,
    #[serde(default)]
    push: Push,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Push {
    logger: PushLogger,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PushLogger {
    tables: Vec<String>,
    queries: BTreeMap<String, PushQuery>,
    max_lines_per_second: u32,
}

impl Default for PushLogger {
    fn default() -> Self {
        Self { tables: Vec::new(), queries: BTreeMap::new(), max_lines_per_second: 200 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushQuery {
    query: String,
    table: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BudgetsConfig {
    reply_rows: usize,
    reply_mib: usize,
    reply_seconds: u64,
}

impl Default for BudgetsConfig {
    fn default() -> Self {
        Self { reply_rows: 10_000, reply_mib: 8, reply_seconds: 5 }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Sources {
    #[serde(default)]
    linux: Linux,
    #[serde(default)]
    osquery: Osquery,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Osquery {
    core_events: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Linux {
    enabled: bool,
    argv_bytes_max: u32,
    tables: BTreeMap<String, bool>,
}

impl Default for Linux {
    fn default() -> Self {
        Self { enabled: true, argv_bytes_max: 32 << 10, tables: BTreeMap::new() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RetentionConfig {
    seconds: u64,
    rows_per_table: u64,
    bytes: u64,
    free_bytes_min: u64,
    tables: BTreeMap<String, TableRetentionConfig>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableRetentionConfig {
    seconds: Option<u64>,
    rows: Option<u64>,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            seconds: 86_400,
            rows_per_table: 1_000_000,
            bytes: 1 << 30,
            free_bytes_min: 64 << 20,
            tables: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The defaults of `evtables run`.
    pub(crate) fn standard() -> Self {
        Self::of(File::default(), "")
    }

    /// From a file.
    ///
    /// # Errors
    /// One line that names the file, the place and the reason.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let fail = |reason: String| format!("failed to read {}: {reason}", path.display());
        let meta = std::fs::metadata(path).map_err(|e| fail(e.to_string()))?;
        if meta.len() > FILE_BYTES_MAX {
            return Err(fail("larger than 16 MiB".into()));
        }
        let text = std::fs::read_to_string(path).map_err(|e| fail(e.to_string()))?;
        Self::parse(&text).map_err(fail)
    }

    /// From text; see [`Config::read`].
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let limit = file.evtables.sources.linux.argv_bytes_max;
        if !(ARGV_BYTES_MIN..=ARGV_BYTES_MAX).contains(&limit) {
            return Err(format!(
                "evtables.sources.linux.argv_bytes_max: {limit} is not within {ARGV_BYTES_MIN} to {ARGV_BYTES_MAX}"
            ));
        }
        for (name, on) in &file.evtables.sources.linux.tables {
            check_switch(name, *on).map_err(|e| format!("evtables.sources.linux.tables: {e}"))?;
        }
        let budgets = &file.evtables.budgets;
        if budgets.reply_rows == 0
            || !(1..=REPLY_MIB_MAX).contains(&budgets.reply_mib)
            || !(1..=REPLY_SECONDS_MAX).contains(&budgets.reply_seconds)
        {
            return Err(format!(
                "evtables.budgets: reply_rows is at least 1, reply_mib within 1 to {REPLY_MIB_MAX}, reply_seconds within 1 to {REPLY_SECONDS_MAX}"
            ));
        }
        let retention = file.evtables.retention.iter();
        for name in retention.flat_map(|retention| retention.tables.keys()) {
            if evtables_schema::table(name).is_none() {
                return Err(format!("evtables.retention.tables: no such table: {name}"));
            }
        }
        let push = &file.evtables.push.logger;
        let rate = push.max_lines_per_second;
        if !(1..=PUSH_LINES_MAX).contains(&rate) {
            return Err(format!(
                "evtables.push.logger.max_lines_per_second: {rate} is not within 1 to {PUSH_LINES_MAX}"
            ));
        }
        let queries = push.queries.iter();
        let queries = queries
            .map(|(name, query)| (name.clone(), (query.query.clone(), query.table.clone())))
            .collect();
        let items =
            push::items(&push.tables, &queries).map_err(|e| format!("evtables.push.logger.{e}"))?;
        if items.len() > PUSH_ITEMS_MAX {
            return Err(format!(
                "evtables.push.logger: more than {PUSH_ITEMS_MAX} tables and queries"
            ));
        }
        let push = PushConfig { items, lines_per_second: rate };
        Ok(Self { push, ..Self::of(file, text) })
    }

    fn of(file: File, text: &str) -> Self {
        let own = file.evtables;
        let limit = |value: u64| Some(value).filter(|value| *value > 0);
        let retention_given = own.retention.is_some();
        let retention = own.retention.unwrap_or_default();
        let tables = retention.tables.into_iter().map(|(name, table)| {
            (name, TableRetention { seconds: table.seconds, rows: table.rows })
        });
        Self {
            sources_enabled: own.sources.linux.enabled,
            argv_bytes_max: own.sources.linux.argv_bytes_max,
            switches: own.sources.linux.tables,
            retention: Retention {
                seconds: limit(retention.seconds),
                rows_per_table: limit(retention.rows_per_table),
                bytes: limit(retention.bytes),
                free_bytes_min: limit(retention.free_bytes_min),
                tables: tables.collect(),
            },
            retention_given,
            core_events: own.sources.osquery.core_events,
            push: PushConfig::default(),
            budgets: Budgets {
                reply_rows: own.budgets.reply_rows,
                reply_bytes: own.budgets.reply_mib << 20,
                reply_time: Duration::from_secs(own.budgets.reply_seconds),
            },
            hash: Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// Whether a table may be switched so.
fn check_switch(name: &str, on: bool) -> Result<(), String> {
    use evtables_schema::{Class, Platform};
    let table = evtables_schema::table(name).filter(|table| {
        table.name == name && table.platform == Platform::Linux && table.class == Class::Event
    });
    match table {
        None => Err(format!("no such table: {name}")),
        Some(table) if table.kind == "process_events" && !on => Err(format!(
            "{name} cannot be off: the other tables take their process columns from it"
        )),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_own_keys() {
        let config = Config::parse(r#"{"options": {"x": 1}}"#).unwrap();
        assert_eq!(config.retention.seconds, Some(86_400));
        assert!(config.sources_enabled);
        let text = r#"{"evtables": {"retention": {"seconds": 0, "rows_per_table": 7,
            "tables": {"linux_process_events": {"seconds": 9}}}, "sources": {"linux": {"enabled": false}}}}"#;
        let config = Config::parse(text).unwrap();
        assert_eq!((config.retention.seconds, config.retention.rows_per_table), (None, Some(7)));
        assert_eq!(config.retention.tables["linux_process_events"].seconds, Some(9));
        assert!(!config.sources_enabled);
    }

    #[test]
    fn unknown_keys_name_the_place_and_the_choice() {
        let error = Config::parse("{\"evtables\": {\"retenton\": {}}}").unwrap_err();
        assert!(
            error.contains("retenton") && error.contains("retention") && error.contains("line 1"),
            "{error}"
        );
        let error =
            Config::parse(r#"{"evtables": {"retention": {"tables": {"nope": {}}}}}"#).unwrap_err();
        assert!(error.contains("no such table: nope"), "{error}");
        let error =
            Config::parse(r#"{"evtables": {"sources": {"linux": {"argv_bytes_max": 9999999}}}}"#)
                .unwrap_err();
        assert!(error.contains("argv_bytes_max"), "{error}");
        let tables = |text: &str| {
            Config::parse(&format!(
                r#"{{"evtables": {{"sources": {{"linux": {{"tables": {{{text}}}}}}}}}}}"#
            ))
        };
        let error = tables(r#""linux_fil_events": true"#).unwrap_err();
        assert!(error.contains("no such table: linux_fil_events"), "{error}");
        let error = tables(r#""linux_process_events": false"#).unwrap_err();
        assert!(error.contains("linux_process_events cannot be off"), "{error}");
        let config = tables(r#""linux_file_events": false"#).unwrap();
        assert_eq!(config.switches.get("linux_file_events"), Some(&false));
    }
}
