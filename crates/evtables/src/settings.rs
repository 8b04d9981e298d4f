// SPDX-License-Identifier: Apache-2.0
//! What osquery's flags and configuration say to us: the event flags with the meaning that they have
//! here, our own key `evtables`, and the schedule as far as cursors need it. Pure but for
//! [`Settings::read`]. Nothing that stands there stops the extension: what cannot be used is a remark.

use crate::config::{self, Config, Texts};
use crate::schedule::{PackQuery, queries_of, reads_events};
use evtables_osquery::{Manager, OptionInfo, Row};
use evtables_store::Retention;
use serde_json::Value;
use std::collections::BTreeMap;

/// osquery's `events_expiry` and ours when that is the default, seconds.
const EXPIRY_DEFAULT: (u64, u64) = (3_600, 86_400);
/// osquery's `events_max` and ours when that is the default.
const ROWS_DEFAULT: (u64, u64) = (50_000, 1_000_000);
const SCHEDULE_MAX: usize = 4_096;
const LOGGERS_MAX: usize = 8;
/// Our name in `--logger_plugin`.
pub(crate) const LOGGER_NAME: &str = "evtables";
/// What osquery is asked about itself.
pub(crate) const HOST_SQL: &str =
    "SELECT config_hash, pid, start_time, version, uuid, instance_id FROM osquery_info";

/// What is in force.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    /// Whether events are captured (`disable_events` of osqueryd).
    pub(crate) capture: bool,
    /// Whether scheduled queries have cursors (`events_optimize`).
    pub(crate) cursors: bool,
    pub(crate) retention: Retention,
    pub(crate) config: Config,
    pub(crate) schedule: Schedule,
    /// What a person should know; empty when all is well.
    pub(crate) remark: String,
    /// What is wrong with the configuration.
    config_remark: String,
    /// Hash of osquery's configuration, to see when it changes.
    config_hash: String,
    pub(crate) host: HostFacts,
    /// Other logger plug-ins of this osquery, and whether we are one of them.
    pub(crate) loggers: Vec<String>,
    pub(crate) is_logger: bool,
}

/// What osquery says about itself; empty where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct HostFacts {
    /// Another word after each restart of the worker.
    pub(crate) life: String,
    pub(crate) version: String,
    /// As in result lines.
    pub(crate) identifier: String,
}

/// The schedule as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    queries: BTreeMap<String, Scheduled>,
    /// Whether SQL may reach a table by another name.
    has_views: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Scheduled {
    /// Lower case.
    sql: String,
    interval: u64,
    snapshot: bool,
}

impl Settings {
    /// What holds before osquery was asked.
    pub(crate) fn standard() -> Self {
        let config = Config::standard();
        Self {
            capture: true,
            cursors: true,
            retention: config.retention.clone(),
            config,
            schedule: Schedule::default(),
            remark: String::new(),
            config_remark: String::new(),
            config_hash: String::new(),
            host: HostFacts::default(),
            loggers: Vec::new(),
            is_logger: false,
        }
    }

    /// Asks osquery; what it does not answer stays as it was. `None` when it answers nothing, or
    /// never told its configuration.
    pub(crate) fn read(&self, manager: &mut Manager) -> Option<Self> {
        let options = manager.options().ok()?;
        let mut settings = self.clone();
        let info = manager.query(HOST_SQL).ok().and_then(|rows| rows.into_iter().next());
        // Without an answer all stays: another life that is none would be taken for a death.
        if info.is_none() && !self.config_hash.is_empty() {
            return Some(settings.with_flags(&options));
        }
        let info = info.unwrap_or_default();
        let fact = |name: &str| info.get(name).cloned().unwrap_or_default();
        settings.host = HostFacts {
            life: [fact("pid"), fact("start_time")].join("."),
            version: fact("version"),
            identifier: identifier(&options, &info),
        };
        // With the TLS plug-in genConfig is a request to the server: only when something changed.
        let hash = Some(fact("config_hash")).filter(|hash| !hash.is_empty());
        let hash = hash.unwrap_or_else(|| "none".to_owned());
        if hash == self.config_hash {
            return Some(settings.with_flags(&options));
        }
        let request: Row = [("action".to_owned(), "genConfig".to_owned())].into();
        let Ok(answer) = manager.call("config", "", &request) else {
            let told = !self.config_hash.is_empty();
            return told.then(|| settings.with_flags(&options));
        };
        let texts: Vec<String> = answer.rows.into_iter().flat_map(Row::into_values).collect();
        let delimiter = options.get("pack_delimiter").map_or("_", |option| option.value.as_str());
        settings.config_hash = hash;
        settings.take_config(&texts, delimiter);
        Some(settings.with_flags(&options))
    }

    fn take_config(&mut self, texts: &[String], delimiter: &str) {
        self.schedule = Schedule::default();
        self.config_remark.clear();
        let texts = Texts::read(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        match Config::of_texts(&texts) {
            Ok(config) => self.config = config,
            // The last good one stays in force.
            Err(problems) => {
                self.config_remark = format!("configuration: {}", config::listed(&problems));
                self.config = self.config.clone().with_rejected(&problems);
            }
        }
        for value in texts.values.iter().flatten() {
            self.schedule.take(value, delimiter);
        }
    }

    /// The flags' meaning; own keys win.
    fn with_flags(mut self, options: &BTreeMap<String, OptionInfo>) -> Self {
        let flag = |name: &str| options.get(name);
        let is = |option: Option<&OptionInfo>, word: &str| {
            option.is_some_and(|option| option.value.eq_ignore_ascii_case(word))
        };
        let disabled = flag("disable_events");
        // osqueryi disables events by default, which says nothing about capture.
        let by_default = disabled.is_some_and(|option| option.default_value == "true");
        self.capture = !is(disabled, "true") || by_default;
        self.cursors = !is(flag("events_optimize"), "false");
        let named = flag("logger_plugin").map_or("", |option| option.value.as_str());
        let named = named.split(',').map(str::trim).filter(|name| !name.is_empty());
        let (own, others): (Vec<&str>, Vec<&str>) = named.partition(|name| *name == LOGGER_NAME);
        self.is_logger = !own.is_empty();
        self.loggers = others.into_iter().take(LOGGERS_MAX).map(str::to_owned).collect();
        self.retention = self.config.retention.clone();
        if !self.config.retention_given {
            self.retention.seconds = limit(flag("events_expiry"), EXPIRY_DEFAULT);
            self.retention.rows_per_table = limit(flag("events_max"), ROWS_DEFAULT);
        }
        let kept = self.retention.seconds.unwrap_or(u64::MAX);
        let slow = self.schedule.slower_than(kept).map(|(name, interval)| {
            format!("query {name} runs every {interval} s and events are kept {kept} s: it will miss some")
        });
        let config = Some(self.config_remark.clone()).filter(|remark| !remark.is_empty());
        self.remark = config.into_iter().chain(slow).collect::<Vec<_>>().join("; ");
        self
    }
}

/// The host's name in result lines, as `--host_identifier` wants it.
fn identifier(options: &BTreeMap<String, OptionInfo>, info: &Row) -> String {
    let flag = |name: &str| options.get(name).map_or("", |option| option.value.as_str());
    let fact = |name: &str| info.get(name).cloned().unwrap_or_default();
    match flag("host_identifier") {
        "uuid" => fact("uuid"),
        "instance" | "ephemeral" => fact("instance_id"),
        "specified" => flag("specified_identifier").to_owned(),
        _ => evtables_engine::host::host_name(),
    }
}

/// 0 is no limit; osquery's default is ours; what is no number is ours too.
fn limit(option: Option<&OptionInfo>, (theirs, ours): (u64, u64)) -> Option<u64> {
    let value = option.and_then(|option| option.value.parse::<u64>().ok()).unwrap_or(theirs);
    if value == theirs { Some(ours) } else { Some(value).filter(|value| *value > 0) }
}

impl Schedule {
    fn take(&mut self, config: &Value, delimiter: &str) {
        let views = config.get("views").and_then(Value::as_object);
        self.has_views |= views.is_some_and(|views| !views.is_empty());
        for query in queries_of(config) {
            if self.queries.len() >= SCHEDULE_MAX {
                return;
            }
            let name = query.scheduled_name(delimiter);
            let sql = query.sql.to_ascii_lowercase();
            let PackQuery { interval, snapshot, .. } = query;
            self.queries.insert(name, Scheduled { sql, interval, snapshot });
        }
    }

    /// Whether a call on the table can come from this query and may use its cursor: not from a
    /// snapshot, and not when its SQL does not name the table. What is not known here may.
    pub(crate) fn takes_cursor(&self, query: &str, table: &str) -> bool {
        let Some(scheduled) = self.queries.get(query) else { return true };
        let names = self.has_views || scheduled.sql.contains(&table.to_ascii_lowercase());
        names && !scheduled.snapshot
    }

    /// Whether a query that uses a cursor may read the table.
    pub(crate) fn has_reader(&self, table: &str) -> bool {
        self.queries.keys().any(|name| self.takes_cursor(name, table))
    }

    /// A query on one of our event tables whose interval is longer than `kept` seconds.
    fn slower_than(&self, kept: u64) -> Option<(&str, u64)> {
        let mut slow =
            self.queries.iter().filter(|(_, q)| q.interval > kept && reads_events(&q.sql));
        slow.next().map(|(name, query)| (name.as_str(), query.interval))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(values: &[(&str, &str, &str)]) -> BTreeMap<String, OptionInfo> {
        let info = |(name, value, default): &(&str, &str, &str)| {
            let info = OptionInfo {
                value: (*value).to_owned(),
                default_value: (*default).to_owned(),
                ty: String::new(),
            };
            ((*name).to_owned(), info)
        };
        values.iter().map(info).collect()
    }

    #[test]
    fn flags_mean_what_the_contract_says() {
        let at = |values: &[(&str, &str, &str)]| Settings::standard().with_flags(&options(values));
        let kept = |s: &Settings| (s.retention.seconds, s.retention.rows_per_table);
        let default = at(&[("events_expiry", "3600", "3600"), ("events_max", "50000", "50000")]);
        assert_eq!(kept(&default), (Some(86_400), Some(1_000_000)));
        let own = at(&[("events_expiry", "60", "3600"), ("events_max", "1", "50000")]);
        assert_eq!(kept(&own), (Some(60), Some(1)));
        assert_eq!(kept(&at(&[("events_expiry", "0", ""), ("events_max", "0", "")])), (None, None));
        assert_eq!(
            kept(&at(&[("events_expiry", "x", ""), ("events_max", "-1", "")])),
            kept(&default)
        );
        assert!(default.capture && default.cursors);
        assert!(!at(&[("disable_events", "true", "false")]).capture);
        assert!(at(&[("disable_events", "true", "true")]).capture, "osqueryi");
        assert!(!at(&[("events_optimize", "false", "true")]).cursors);
    }

    #[test]
    fn a_wrong_configuration_leaves_the_last_good_one() {
        let mut settings = Settings::standard();
        settings.take_config(&[r#"{"evtables": {"budgets": {"reply_rows": 7}}}"#.into()], "_");
        settings.take_config(&[r#"{"evtables": {"budgets": {"reply_rowz": 9}}}"#.into()], "_");
        assert_eq!(settings.config.budgets.reply_rows, 7);
        settings.take_config(&["{}".into()], "_");
        assert_eq!(settings.config.budgets.reply_rows, 10_000);
    }

    #[test]
    fn own_keys_win_and_wrong_ones_are_a_remark() {
        let mut settings = Settings::standard();
        let text = "# a comment\n{\"evtables\": {\"retention\": {\"seconds\": 5}, \"budgets\": {\"reply_rows\": 7}}}";
        settings.take_config(&[text.to_owned()], "_");
        let settings = settings.with_flags(&options(&[("events_expiry", "60", "3600")]));
        assert_eq!(settings.retention.seconds, Some(5));
        assert_eq!(settings.config.budgets.reply_rows, 7);
        let mut settings = Settings::standard();
        settings.take_config(&["{\"evtables\": {\"retenton\": 1}}".to_owned()], "_");
        let settings = settings.with_flags(&options(&[]));
        assert!(settings.remark.contains("retenton"), "{}", settings.remark);
    }

    #[test]
    fn the_schedule_tells_who_may_have_a_cursor() {
        let mut settings = Settings::standard();
        let text = r#"{"schedule": {
            "a": {"query": "SELECT * FROM linux_process_events", "interval": 90000},
            "b": {"query": "SELECT * FROM Linux_Process_Events", "interval": 10, "snapshot": true},
            "c": {"query": "SELECT * FROM users", "interval": "10"}},
            "packs": {"p": {"queries": {"d": {"query": "SELECT 1 FROM evtables_gaps", "interval": 1}}}}}"#;
        settings.take_config(&[text.to_owned()], "_");
        let takes = |name: &str| settings.schedule.takes_cursor(name, "linux_process_events");
        assert_eq!(
            (takes("a"), takes("b"), takes("c"), takes("pack_p_d"), takes("unknown")),
            (true, false, false, false, true)
        );
        let settings = settings.with_flags(&options(&[]));
        assert!(settings.remark.contains("query a runs every 90000 s"), "{}", settings.remark);
        assert_eq!(settings.clone().with_flags(&options(&[])).remark, settings.remark);
    }
}
