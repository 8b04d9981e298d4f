// SPDX-License-Identifier: Apache-2.0
//! `evtables explain` and `evtables filter test`: what a configuration's filters do with an event, or would
//! have done with those that are stored.

use crate::args::{ExplainArgs, FilterTestArgs, data_dir};
use crate::config::{self, Config};
use crate::query::open;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_select::filter::filter_record_batch;
use evtables_engine::{Batches, DataDir, FilterSet, ScanSpec, Source, SourceError, host};
use evtables_filter::rules::{Action, Rules};
use evtables_filter::{Predicate, Term, Test, Value as Constant};
use evtables_schema::columns::{
    BigIntBuilder, DictBuilder, DoubleBuilder, IntBuilder, TimeBuilder, UuidBuilder,
};
use evtables_schema::ids::parse_uuid;
use evtables_schema::{EventBatch, Storage, TableSpec, event_tables};
use evtables_sql::{Database, Unread};
use serde_json::{Map, Value};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

const EVENT_BYTES_MAX: u64 = 16 << 20;

/// Why an event is kept or not, rule by rule.
pub(crate) fn explain(args: &ExplainArgs) -> Result<(), String> {
    let config = Config::read(&args.config)?;
    let mut out = io::stdout().lock();
    let events = match (&args.event, &args.json) {
        (Some(eid), _) => vec![stored_event(&data_dir(args.data_dir.as_ref())?, eid)?],
        (None, Some(path)) => events_of_json(&read(path)?, args.table.as_deref())?,
        (None, None) => return Err("name an event: --event EID or --json FILE".into()),
    };
    for event in &events {
        for row in 0..event.rows {
            explain_row(&config.filters, event, row, &mut out).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

fn explain_row(
    filters: &FilterSet,
    event: &EventBatch,
    row: usize,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let table = event.table.name;
    let Some(rules) = filters.of(event.table) else {
        return writeln!(out, "kept: {table} has no filter");
    };
    let explained = rules.explain(event, row);
    writeln!(out, "{table}: {} of {} rules match", explained.matching.len(), rules.rules().len())?;
    for rule in explained.matching.iter().filter_map(|at| rules.rules().get(*at)) {
        writeln!(out, "  {} {}", rule.action.word(), rule.name)?;
    }
    let of = |action| {
        let mut rules = explained.matching.iter().filter_map(|at| rules.rules().get(*at));
        rules.find(|rule| rule.action == action).map_or("", |rule| &rule.name)
    };
    let has_include = rules.rules().iter().any(|rule| rule.action == Action::Include);
    match (explained.keep, explained.unwanted) {
        (true, _) if has_include => writeln!(out, "kept: by `{}`", of(Action::Include)),
        (true, _) => writeln!(out, "kept: no exclude rule matches"),
        (false, true) => writeln!(out, "dropped: there are include rules, and none matches"),
        (false, false) => writeln!(out, "dropped: by `{}`", of(Action::Exclude)),
    }
}

fn stored_event(dir: &Path, eid: &str) -> Result<EventBatch, String> {
    let source = open(dir)?;
    for table in event_tables() {
        let Some(column) = table.column("eid") else { continue };
        let test = Test::In(vec![Constant::Text(eid.to_owned())]);
        let predicate = Predicate::new(table, vec![Term { column, test }]);
        let spec = ScanSpec { predicate, ..ScanSpec::all(table) };
        for batch in source.scan(&spec).map_err(|e| e.to_string())? {
            let batch = batch.map_err(|e| e.to_string())?;
            if batch.num_rows() > 0 {
                return event_batch(table, &batch).ok_or_else(|| "odd columns".to_owned());
            }
        }
    }
    Err(format!("no stored event has the id {eid}; give a dropped one by --json"))
}

/// As the filters saw it before it was stored.
fn event_batch(table: &'static TableSpec, batch: &RecordBatch) -> Option<EventBatch> {
    let columns = table.columns.iter().map(|column| batch.column_by_name(column.name).cloned());
    EventBatch::new(table, batch.num_rows(), columns.collect())
}

fn read(path: &Path) -> Result<String, String> {
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

/// An object, an array of them, or osquery's result line: column values, text or not. The table stands
/// in the object as `table`, or is `table`.
fn events_of_json(text: &str, table: Option<&str>) -> Result<Vec<EventBatch>, String> {
    let value = config::value(text).map_err(|e| format!("failed to read the event: {e}"))?;
    let objects = match value {
        Value::Array(objects) => objects,
        object => vec![object],
    };
    let event = |object: Value| {
        let Value::Object(mut object) = object else { return Err("an event is an object".into()) };
        if let Some(Value::Object(columns)) = object.remove("columns") {
            object = columns;
        }
        let own = object.remove("table");
        let name = own.as_ref().and_then(Value::as_str).or(table);
        let name = name.ok_or("name the table: --table, or a key `table`")?;
        let found = event_tables().find(|table| table.name == name);
        let table = found.ok_or_else(|| format!("no such event table: {name}"))?;
        event_of_json(table, &object)
    };
    objects.into_iter().map(event).collect()
}

fn event_of_json(
    table: &'static TableSpec,
    object: &Map<String, Value>,
) -> Result<EventBatch, String> {
    for name in object.keys() {
        if table.column(name).is_none() {
            return Err(format!("{} has no column {name}", table.name));
        }
    }
    let cell = |name: &str| object.get(name).filter(|value| !value.is_null());
    let columns = table.columns.iter().map(|column| {
        let value = cell(column.name);
        let text =
            value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        one_cell(column.storage, text.as_deref())
    });
    EventBatch::new(table, 1, columns.collect()).ok_or_else(|| "odd columns".to_owned())
}

fn one_cell(storage: Storage, text: Option<&str>) -> Option<ArrayRef> {
    macro_rules! array {
        ($builder:ident, $value:expr) => {{
            let mut builder = $builder::default();
            builder.push($value);
            builder.finish()
        }};
    }
    Some(match storage {
        Storage::Dict => array!(DictBuilder, text),
        Storage::Int32 => array!(IntBuilder, text.and_then(|text| text.parse().ok())),
        Storage::Int64 => array!(BigIntBuilder, text.and_then(|text| text.parse().ok())),
        Storage::Float64 => array!(DoubleBuilder, text.and_then(|text| text.parse().ok())),
        Storage::Uuid => array!(UuidBuilder, text.and_then(parse_uuid)),
        Storage::Time => {
            let seconds = text.and_then(|text| text.parse::<i64>().ok());
            array!(TimeBuilder, seconds.and_then(|seconds| seconds.checked_mul(1_000_000_000)))
        }
        Storage::Virtual(_) => return None,
    })
}

/// What a new configuration would have kept of the stored events.
pub(crate) fn test(args: &FilterTestArgs) -> Result<(), String> {
    let config = Config::read(&args.config)?;
    let source = Arc::new(open(&data_dir(args.data_dir.as_ref())?)?);
    let since = host::now_seconds().saturating_sub(args.since.unwrap_or(i64::MAX));
    let mut out = io::stdout().lock();
    let mut show = |text: String| writeln!(out, "{text}").map_err(|e| e.to_string());
    for rules in config.filters.all() {
        let tried = try_rules(&source, rules, since)?;
        show(format!(
            "{}: {} of {} events kept, {} dropped, about {} KiB saved",
            rules.table().name,
            tried.rows - tried.dropped,
            tried.rows,
            tried.dropped,
            tried.bytes_saved >> 10
        ))?;
        for (rule, hits) in rules.rules().iter().zip(&tried.hits).filter(|(_, hits)| **hits > 0) {
            show(format!("  {hits:>8}  {} {}", rule.action.word(), rule.name))?;
        }
        if tried.unwanted > 0 {
            show(format!("  {:>8}  (no include rule matches)", tried.unwanted))?;
        }
    }
    for pack in &args.pack {
        let queries = queries_of(pack)?;
        let filtered = Filtered { source: Arc::clone(&source), filters: config.filters.clone() };
        let (before, after) = (database(source.clone())?, database(Arc::new(filtered))?);
        for (name, sql) in queries {
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
    rows: u64,
    dropped: u64,
    unwanted: u64,
    bytes_saved: u64,
    hits: Vec<u64>,
}

fn try_rules(source: &DataDir, rules: &Rules, since: i64) -> Result<Tried, String> {
    let table = rules.table();
    let time = table.time_column();
    let test = Test::Ge(Constant::Int(since));
    let terms = time.filter(|_| since > 0).map(|column| Term { column, test });
    let predicate = Predicate::new(table, terms.into_iter().collect());
    let spec = ScanSpec { predicate, ..ScanSpec::all(table) };
    let mut tried = Tried { hits: vec![0; rules.rules().len()], ..Tried::default() };
    for batch in source.scan(&spec).map_err(|e| e.to_string())? {
        let batch = batch.map_err(|e| e.to_string())?;
        let Some(event) = event_batch(table, &batch).filter(|event| event.rows > 0) else {
            continue;
        };
        let verdict = rules.judge(&event);
        let dropped = (event.rows - verdict.keep.true_count()) as u64;
        tried.rows += event.rows as u64;
        tried.dropped += dropped;
        tried.unwanted += verdict.unwanted;
        tried.bytes_saved += event.bytes() as u64 / event.rows as u64 * dropped;
        for (rule, hits) in verdict.hits {
            if let Some(sum) = tried.hits.get_mut(rule) {
                *sum += hits;
            }
        }
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

/// Queries of a pack in osquery's format.
fn queries_of(path: &Path) -> Result<Vec<(String, String)>, String> {
    let fail = |what: &dyn std::fmt::Display| format!("failed to read {}: {what}", path.display());
    let value = config::value(&read(path)?).map_err(|e| fail(&e))?;
    let queries = value.get("queries").and_then(Value::as_object);
    let queries = queries.ok_or_else(|| fail(&"a pack has an object `queries`"))?;
    let query = |(name, query): (&String, &Value)| {
        Some((name.clone(), query.get("query")?.as_str()?.to_owned()))
    };
    Ok(queries.iter().filter_map(query).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"{"plgx_event_filters": {"linux_process_events": {
        "path": {"exclude": {"values": ["/bin/o*"]}}, "cmdline": {"include": {"values": ["*task*"]}}}}}"#;

    fn told(json: &str) -> String {
        let config = Config::parse(CONFIG).unwrap();
        let mut out = Vec::new();
        for event in events_of_json(json, Some("linux_process_events")).unwrap() {
            explain_row(&config.filters, &event, 0, &mut out).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_verdict_has_its_reason() {
        let kept = told(r#"{"path": "/bin/x", "cmdline": "a task"}"#);
        assert!(
            kept.contains("1 of 2 rules match")
                && kept.contains("kept: by `cmdline include *task*`"),
            "{kept}"
        );
        let both = told(r#"[{"path": "/bin/other", "cmdline": "a task", "pid": "5", "time": 7}]"#);
        assert!(
            both.contains("2 of 2") && both.contains("dropped: by `path exclude /bin/o*`"),
            "{both}"
        );
        let unwanted = told(r#"{"columns": {"path": null}, "name": "x"}"#);
        assert!(unwanted.contains("none matches"), "{unwanted}");
        let other = told(r#"{"table": "linux_file_events", "action": "FILE_CREATE"}"#);
        assert!(other.contains("kept: linux_file_events has no filter"), "{other}");
    }

    #[test]
    fn odd_events_are_refused() {
        let fail = |json: &str, table| events_of_json(json, table).unwrap_err();
        assert!(fail("{}", None).contains("name the table"));
        assert!(fail("5", Some("linux_process_events")).contains("is an object"));
        assert!(fail("{", None).contains("line 1"));
        assert!(fail(r#"{"pth": 1}"#, Some("linux_process_events")).contains("no column pth"));
        assert!(fail("{}", Some("users")).contains("no such event table"));
    }

    #[test]
    fn a_configuration_is_tried_on_stored_events() {
        let site = crate::testing::Site::start();
        site.feed(1, 1_000);
        let config = Config::parse(CONFIG).unwrap();
        let source = Arc::new(DataDir::open(&site.dir()).unwrap());
        let rules = config.filters.all().next().unwrap();
        let tried = try_rules(&source, rules, 0).unwrap();
        assert_eq!((tried.rows, tried.dropped, tried.unwanted), (1_000, 100, 0));
        assert_eq!(tried.hits, [100, 900]);
        assert!(tried.bytes_saved > 0);
        let late = try_rules(&source, rules, host::now_seconds() + 100).unwrap();
        assert_eq!(late.rows, 0, "since");
        let filtered = Filtered { source, filters: config.filters.clone() };
        let database = database(Arc::new(filtered)).unwrap();
        // The query does not name the column that the rule looks at.
        assert_eq!(count(&database, "SELECT pid FROM linux_process_events").unwrap(), 900);
        let eid = site.sql("SELECT eid FROM linux_process_events WHERE pid = 10")[0]["eid"].clone();
        let event = stored_event(&site.dir(), &eid).unwrap();
        assert!(!rules.explain(&event, 0).keep);
        assert!(stored_event(&site.dir(), "0").unwrap_err().contains("--json"));
    }
}
