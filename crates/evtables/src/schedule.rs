// SPDX-License-Identifier: Apache-2.0
//! Queries as osquery's packs and configurations have them: the one reader of that shape. Pure.

use crate::config;
use evtables_schema::{Class, TableSpec, optimized};
use serde_json::Value;
use std::collections::BTreeSet;

/// What is said of a text that has none.
pub(crate) const NO_QUERIES: &str = "no queries: neither `queries`, `schedule` nor `packs`";

/// One query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackQuery {
    /// Name of its pack, when the text is a configuration with packs in it.
    pub(crate) pack: Option<String>,
    pub(crate) name: String,
    pub(crate) sql: String,
    /// Seconds; 0 when nothing is said.
    pub(crate) interval: u64,
    /// Its own, else its pack's; empty when nothing is said.
    pub(crate) platform: String,
    pub(crate) snapshot: bool,
}

impl PackQuery {
    /// As osquery calls it when it runs.
    pub(crate) fn scheduled_name(&self, delimiter: &str) -> String {
        match &self.pack {
            Some(pack) => format!("pack{delimiter}{pack}{delimiter}{}", self.name),
            None => self.name.clone(),
        }
    }

    fn of(pack: Option<&str>, name: &str, query: &Value, shared: &str) -> Option<Self> {
        let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
        let truth = |value: &Value| value.as_bool().unwrap_or(value == "true");
        let own = platform_of(query);
        Some(Self {
            pack: pack.map(str::to_owned),
            name: name.to_owned(),
            sql: query.get("query")?.as_str()?.to_owned(),
            interval: query.get("interval").and_then(number).unwrap_or(0),
            platform: if own.is_empty() { shared } else { own }.to_owned(),
            snapshot: query.get("snapshot").is_some_and(truth),
        })
    }
}

fn platform_of(value: &Value) -> &str {
    value.get("platform").and_then(Value::as_str).unwrap_or("")
}

/// JSON as osquery takes it: with comments and trailing commas.
///
/// # Errors
/// Line, column and reason.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    config::value(text)
}

/// The queries of a pack (`queries`), or of a configuration (`schedule`, and packs that stand in it).
pub(crate) fn queries_of(json: &Value) -> Vec<PackQuery> {
    fn add(into: &mut Vec<PackQuery>, pack: Option<&str>, queries: Option<&Value>, shared: &str) {
        for (name, query) in queries.and_then(Value::as_object).into_iter().flatten() {
            into.extend(PackQuery::of(pack, name, query, shared));
        }
    }
    let mut queries = Vec::new();
    add(&mut queries, None, json.get("queries"), platform_of(json));
    add(&mut queries, None, json.get("schedule"), "");
    for (name, pack) in json.get("packs").and_then(Value::as_object).into_iter().flatten() {
        add(&mut queries, Some(name), pack.get("queries"), platform_of(pack));
    }
    queries
}

/// Our tables that the text names as words, by any of their names.
pub(crate) fn tables_in(sql: &str) -> Vec<&'static TableSpec> {
    let lower = sql.to_ascii_lowercase();
    let words: BTreeSet<&str> =
        lower.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let others: Vec<_> = words.iter().filter_map(|word| optimized::table_of(word)).collect();
    let all = evtables_schema::tables().iter().copied();
    all.filter(|table| words.contains(table.name) || others.contains(table)).collect()
}

/// Whether the text reads events of ours.
pub(crate) fn reads_events(sql: &str) -> bool {
    tables_in(sql).iter().any(|table| table.class == Class::Event)
        || sql.to_ascii_lowercase().contains(optimized::STREAM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_configurations_are_read_alike() {
        let text = r#"{ # as osquery takes it
            "platform": "windows", // of `queries` alone
            "queries": {"a": {"query": "SELECT 1", "interval": "60"}, "no": {"interval": 5}},
            "schedule": {"b": {"query": "SELECT 2", "interval": 5, "snapshot": true}},
            "packs": {"p": {"platform": "linux", "queries": {
                "c": {"query": "SELECT 3", "snapshot": "true"},
                "d": {"query": "SELECT 4", "platform": "posix"},
            }}, "file": "/etc/osquery/pack.conf"},
        }"#;
        let queries = queries_of(&value(text).unwrap());
        let told: Vec<_> = queries
            .iter()
            .map(|q| {
                (q.scheduled_name("_"), q.sql.as_str(), q.interval, q.platform.as_str(), q.snapshot)
            })
            .collect();
        let told: Vec<_> = told.iter().map(|t| (t.0.as_str(), t.1, t.2, t.3, t.4)).collect();
        assert_eq!(
            told,
            [
                ("a", "SELECT 1", 60, "windows", false),
                ("b", "SELECT 2", 5, "", true),
                ("pack_p_c", "SELECT 3", 0, "linux", true),
                ("pack_p_d", "SELECT 4", 0, "posix", false),
            ]
        );
        assert!(queries_of(&value("[]").unwrap()).is_empty());
    }

    #[test]
    fn tables_are_known_by_all_their_names() {
        let names = |sql| tables_in(sql).iter().map(|table| table.name).collect::<Vec<_>>();
        assert_eq!(names("select * from WIN_DNS_EVENTS_optimized"), ["win_dns_events"]);
        assert_eq!(names("SELECT 1 FROM xwin_dns_events"), Vec::<&str>::new());
        assert!(reads_events("SELECT * FROM Windows_Events_Table_Optimized"));
        assert!(!reads_events("SELECT * FROM evtables_status"));
    }
}
