// SPDX-License-Identifier: Apache-2.0
//! `evtables filter test`: what a configuration would have kept of the events that are stored.

use crate::args::{FilterTestArgs, data_dir};
use crate::config::Config;
use crate::out::say;
use crate::query::open;
use crate::schedule::{self, PackQuery, queries_of};
use arrow_array::RecordBatch;
use arrow_select::filter::filter_record_batch;
use evtables_engine::filters::passing;
use evtables_engine::limits::Limiting;
use evtables_engine::{Batches, DataDir, FilterSet, ScanSpec, Source, SourceError, host};
use evtables_filter::{Predicate, Term, Test, Value as Constant};
use evtables_schema::{EventBatch, TableSpec, event_tables};
use evtables_sql::{Database, Unread};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

const EVENT_BYTES_MAX: u64 = 16 << 20;

/// As the filters saw it before it was stored.
pub(crate) fn event_batch(table: &'static TableSpec, batch: &RecordBatch) -> Option<EventBatch> {
    let columns = table.columns.iter().map(|column| batch.column_by_name(column.name).cloned());
    EventBatch::new(table, batch.num_rows(), columns.collect())
}

pub(crate) fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let fail = |e: io::Error| format!("failed to read {}: {e}", path.display());
    if path == Path::new("-") {
        io::stdin().lock().take(EVENT_BYTES_MAX).read_to_string(&mut text).map_err(fail)?;
    } else {
        let file = std::fs::File::open(path).map_err(fail)?;
        file.take(EVENT_BYTES_MAX).read_to_string(&mut text).map_err(fail)?;
    }
    Ok(text)
}

/// What a new configuration would have kept of the stored events.
pub(crate) fn test(args: &FilterTestArgs) -> Result<(), String> {
    let config = Config::read(&args.config)?;
    let source = Arc::new(open(&data_dir(args.data_dir.as_ref())?)?);
    let since = host::now_seconds().saturating_sub(args.since.unwrap_or(i64::MAX));
    let show = |text: String| say!("{text}");
    let mut sum = Tried::default();
    for table in event_tables() {
        let tried = try_table(&source, &config, table, since)?;
        sum.rows += tried.rows;
        sum.dropped += tried.dropped;
        sum.bytes += tried.bytes;
        sum.bytes_saved += tried.bytes_saved;
        let limits = &config.limits;
        let (sample, rate) = (limits.samples.get(table.name), limits.rates.get(table.name));
        let rules = config.filters.of(table);
        if tried.rows == 0 && rules.is_none() && sample.is_none() && rate.is_none() {
            continue;
        }
        show(tried.line(table.name))?;
        let rules = rules.into_iter().flat_map(|rules| rules.rules());
        let mut hits: Vec<(u64, String)> = rules
            .zip(&tried.hits)
            .map(|(rule, hits)| (*hits, format!("{} {}", rule.action.word(), rule.name)))
            .collect();
        hits.push((tried.unwanted, "(no include rule matches)".to_owned()));
        hits.push((
            tried.sampled,
            sample.map_or_else(String::new, |s| format!("sample {}", s.name())),
        ));
        hits.push((tried.rated, rate.map_or_else(String::new, |r| format!("rate {}", r.name()))));
        for (hits, rule) in hits.iter().filter(|(hits, _)| *hits > 0) {
            show(format!("  {hits:>8}  {rule}"))?;
        }
    }
    show(sum.line("all tables"))?;
    for pack in &args.pack {
        let queries = queries_in(pack)?;
        let filtered = Filtered { source: Arc::clone(&source), filters: config.filters.clone() };
        let (before, after) = (database(source.clone())?, database(Arc::new(filtered))?);
        for PackQuery { name, sql, .. } in queries {
            match (count(&before, &sql), count(&after, &sql)) {
                (Ok(before), Ok(after)) if after < before => {
                    show(format!("query {name}: {after} of {before} rows would be left"))?;
                }
                (Err(error), _) | (_, Err(error)) => show(format!("query {name}: {error}"))?,
                _ => {}
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Tried {
    /// Whether the table is switched off.
    is_off: bool,
    rows: u64,
    dropped: u64,
    unwanted: u64,
    sampled: u64,
    rated: u64,
    bytes: u64,
    bytes_saved: u64,
    hits: Vec<u64>,
}

impl Tried {
    fn line(&self, name: &str) -> String {
        format!(
            "{name}: {} of {} events kept, {} dropped, about {} of {} KiB saved{}",
            self.rows - self.dropped,
            self.rows,
            self.dropped,
            self.bytes_saved >> 10,
            self.bytes >> 10,
            if self.is_off { "; the table is off" } else { "" }
        )
    }
}

/// What becomes of a table's stored events, in the order in which they were stored.
fn try_table(
    source: &DataDir,
    config: &Config,
    table: &'static TableSpec,
    since: i64,
) -> Result<Tried, String> {
    let time = table.time_column();
    let test = Test::Ge(Constant::Int(since));
    let terms = time.filter(|_| since > 0).map(|column| Term { column, test });
    let predicate = Predicate::new(table, terms.into_iter().collect());
    let spec = ScanSpec { predicate, ..ScanSpec::all(table) };
    let rules = config.filters.of(table);
    let mut limiting = Limiting::new(config.limits.clone());
    let mut tried = Tried {
        is_off: config.switches.get(table.name) == Some(&false),
        hits: vec![0; rules.map_or(0, |rules| rules.rules().len())],
        ..Tried::default()
    };
    for batch in source.scan(&spec).map_err(|e| e.to_string())? {
        let batch = batch.map_err(|e| e.to_string())?;
        let Some(mut event) = event_batch(table, &batch).filter(|event| event.rows > 0) else {
            continue;
        };
        let (rows, bytes) = (event.rows as u64, event.bytes() as u64);
        let mut left = if tried.is_off { 0 } else { rows };
        if let Some(rules) = rules.filter(|_| !tried.is_off) {
            let verdict = rules.judge(&event);
            tried.unwanted += verdict.unwanted;
            for (rule, hits) in verdict.hits {
                if let Some(sum) = tried.hits.get_mut(rule) {
                    *sum += hits;
                }
            }
            left = verdict.keep.true_count() as u64;
            event = passing(&event, &verdict.keep).unwrap_or(event);
        }
        if left > 0
            && let Some(limited) = limiting.judge(&event)
        {
            tried.sampled += limited.sampled;
            tried.rated += limited.rated;
            left = limited.keep.true_count() as u64;
        }
        tried.rows += rows;
        tried.dropped += rows - left;
        tried.bytes += bytes;
        tried.bytes_saved += bytes / rows * (rows - left);
    }
    Ok(tried)
}

/// A data dir as it would be had the filters been in force.
struct Filtered {
    source: Arc<DataDir>,
    filters: FilterSet,
}

impl Source for Filtered {
    fn tables(&self) -> Vec<&'static TableSpec> {
        self.source.tables()
    }

    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError> {
        let table = spec.table();
        if self.filters.of(table).is_none() {
            return self.source.scan(spec);
        }
        // Rules may look at columns that the query does not want.
        let all = ScanSpec { predicate: spec.predicate.clone(), ..ScanSpec::all(table) };
        let filters = self.filters.clone();
        Ok(Box::new(self.source.scan(&all)?.map(move |batch| {
            let batch = batch?;
            let event = event_batch(table, &batch);
            let (Some(rules), Some(event)) = (filters.of(table), event) else { return Ok(batch) };
            let keep = rules.judge(&event).keep;
            filter_record_batch(&batch, &keep).map_err(|e| SourceError(e.to_string()))
        })))
    }
}

fn database(source: Arc<dyn Source>) -> Result<Database, String> {
    Database::open(source).map_err(|e| e.to_string())
}

fn count(database: &Database, sql: &str) -> Result<u64, String> {
    database.query(sql, &mut Unread).map(|count| count.rows).map_err(|e| e.to_string())
}

/// Queries of a pack or configuration in osquery's format.
fn queries_in(path: &Path) -> Result<Vec<PackQuery>, String> {
    let fail = |what: &dyn std::fmt::Display| format!("failed to read {}: {what}", path.display());
    let queries = queries_of(&schedule::value(&read(path)?).map_err(|e| fail(&e))?);
    if queries.is_empty() {
        return Err(fail(&schedule::NO_QUERIES));
    }
    Ok(queries)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"{"plgx_event_filters": {"linux_process_events": {
        "path": {"exclude": {"values": ["/bin/o*"]}}, "cmdline": {"include": {"values": ["*task*"]}}}}}"#;

    #[test]
    fn a_configuration_is_tried_on_stored_events() {
        let site = crate::testing::Site::start();
        site.feed(1, 1_000);
        let config = Config::parse(CONFIG).unwrap();
        let source = Arc::new(DataDir::open(&site.dir()).unwrap());
        let rules = config.filters.all().next().unwrap();
        let table = rules.table();
        let tried = try_table(&source, &config, table, 0).unwrap();
        assert_eq!((tried.rows, tried.dropped, tried.unwanted), (1_000, 100, 0));
        assert_eq!(tried.hits, [100, 900]);
        assert!(tried.bytes_saved > 0);
        let limited = r#"{"evtables": {"sample": {"linux_process_events": {"one_in": 4}},
            "rate": {"linux_process_events": {"max_per_second": 0}}}}"#;
        let limited = Config::parse(limited).unwrap();
        let tried = try_table(&source, &limited, table, 0).unwrap();
        assert_eq!((tried.dropped, tried.sampled, tried.rated), (1_000, 750, 250));
        let late = try_table(&source, &config, table, host::now_seconds() + 100).unwrap();
        assert_eq!(late.rows, 0, "since");
        let filtered = Filtered { source, filters: config.filters.clone() };
        let database = database(Arc::new(filtered)).unwrap();
        // The query does not name the column that the rule looks at.
        assert_eq!(count(&database, "SELECT pid FROM linux_process_events").unwrap(), 900);
        let eid = site.sql("SELECT eid FROM linux_process_events WHERE pid = 10")[0]["eid"].clone();
        let event = crate::explain::stored_event(&site.dir(), &eid).unwrap();
        assert!(!rules.explain(&event, 0).keep);
        assert!(crate::explain::stored_event(&site.dir(), "0").unwrap_err().contains("--json"));
    }
}
