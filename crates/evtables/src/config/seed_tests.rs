// SPDX-License-Identifier: Apache-2.0
//! The seed's semantics, case by case, from the text of a configuration to the verdict on an event. The
//! cases stand in `tests/filters/seed.txt`.

use super::*;
use crate::explain::events_of_json;
use serde_json::json;

const CASES: &str = include_str!("../../../../tests/filters/seed.txt");
const CASES_MIN: usize = 200;

/// A table and a configuration that filters it.
fn config_of(line: &str) -> (String, Config) {
    let (table, filters) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
    let mut columns = Value::Object(serde_json::Map::new());
    for filter in filters.trim_start().split(" ; ").filter(|filter| !filter.is_empty()) {
        let (column, value) = filter.split_once(' ').unwrap_or_else(|| panic!("{line}: {filter}"));
        let action = match value.as_bytes().first() {
            Some(b'-') => "exclude",
            Some(b'+') => "include",
            _ => panic!("{line}: {filter}"),
        };
        let values = &mut columns[column][action]["values"];
        if values.is_null() {
            *values = json!([]);
        }
        values.as_array_mut().unwrap().push(json!(value[1..]));
    }
    let mut tables = serde_json::Map::new();
    tables.insert(table.to_owned(), columns);
    let text = json!({ "plgx_event_filters": tables }).to_string();
    let config = Config::parse(&text).unwrap_or_else(|e| panic!("{line}: {}", listed(&e)));
    (table.to_owned(), config)
}

#[test]
fn each_case_of_the_seed_is_kept_or_dropped_as_it_says() {
    let mut count = 0;
    let mut at: Option<(String, Config)> = None;
    for line in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if !line.starts_with(' ') {
            at = Some(config_of(line));
            continue;
        }
        let (table, config) = at.as_ref().unwrap();
        let (verdict, event) = line.trim_start().split_once(' ').unwrap_or((line.trim(), ""));
        let keeps = match verdict {
            "keep" => true,
            "drop" => false,
            _ => panic!("{line}"),
        };
        let cells = event.split(" ; ").filter(|cell| !cell.is_empty());
        let cells = cells.map(|cell| cell.split_once('=').unwrap_or_else(|| panic!("{line}")));
        let event: serde_json::Map<String, Value> =
            cells.map(|(column, value)| (column.to_owned(), json!(value))).collect();
        let text = Value::Object(event).to_string();
        let events = events_of_json(&text, Some(table)).unwrap();
        let kept = config.filters.of(events[0].table).is_none_or(|rules| {
            let verdict = rules.judge(&events[0]);
            let explained = rules.explain(&events[0], 0);
            assert_eq!(verdict.keep.value(0), explained.keep, "{table}: {line}");
            explained.keep
        });
        assert_eq!(kept, keeps, "{table}: {line}");
        count += 1;
    }
    assert!(count >= CASES_MIN, "{count} cases");
}
