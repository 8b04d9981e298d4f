// SPDX-License-Identifier: Apache-2.0
//! Our packs over recordings of attacks: every query runs in the shell and through the extension, with the
//! double in osquery's place; both give the same rows, and what was planted is found.

use crate::schedule::{PackQuery, queries_of, value};
use crate::testing::{Site, rows_of};
use arrow_array::{ArrayRef, RecordBatch};
use evtables_engine::{Batches, DataDir, ScanSpec, Source, SourceError};
use evtables_filter::{Test, Value};
use evtables_osquery::{Row, Rows};
use evtables_schema::columns::{
    BigIntBuilder, DictBuilder, DoubleBuilder, IntBuilder, TimeBuilder, UuidBuilder,
};
use evtables_schema::generated::ssl_events::windows::{Builder, Row as Ssl};
use evtables_schema::ids::parse_uuid;
use evtables_schema::optimized::STREAM;
use evtables_schema::{ColumnSpec, Storage, TableSpec};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So that no answer is cut, however slow the machine.
const CONFIG: &str =
    r#"{"evtables": {"budgets": {"reply_rows": 1000000, "reply_mib": 90, "reply_seconds": 240}}}"#;
const SCAN_ROWS_MAX: usize = 8_192;

/// SQL over what the extension answers, asked as osquery asks: comparisons as constraints, rows as text.
struct Extension(Arc<Site>);

impl Source for Extension {
    fn tables(&self) -> Vec<&'static TableSpec> {
        let served = self.0.double.tables();
        let all = evtables_schema::tables().iter().copied();
        all.filter(|table| served.contains(table.name)).collect()
    }

    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError> {
        let table = spec.table();
        let asked = constraints(spec);
        let asked: Vec<(&str, u8, &str)> =
            asked.iter().map(|(column, op, text)| (*column, *op, text.as_str())).collect();
        let mut used: Vec<&str> = spec.columns.iter().map(|at| table.columns[*at].name).collect();
        // Times are made of it.
        used.push("time_ns");
        let used: Vec<&str> =
            used.into_iter().filter(|name| table.column(name).is_some()).collect();
        let rows = self.0.double.generate(table.name, &asked, &used);
        let rows = rows.map_err(|error| SourceError(error.to_string()))?;
        let batches: Vec<_> =
            rows.chunks(SCAN_ROWS_MAX).map(|rows| Ok(batch_of(table, rows))).collect();
        Ok(Box::new(batches.into_iter()))
    }
}

/// With osquery's numbers of operators.
fn constraints(spec: &ScanSpec) -> Vec<(&'static str, u8, String)> {
    let text = |value: &Value| match value {
        Value::Int(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    };
    let mut asked = Vec::new();
    for term in spec.predicate.terms() {
        let name = spec.table().columns[term.column].name;
        match &term.test {
            Test::In(values) => asked.extend(values.iter().map(|value| (name, 2, text(value)))),
            Test::Gt(value) => asked.push((name, 4, text(value))),
            Test::Le(value) => asked.push((name, 8, text(value))),
            Test::Lt(value) => asked.push((name, 16, text(value))),
            Test::Ge(value) => asked.push((name, 32, text(value))),
            Test::Like(pattern) => asked.push((name, 65, pattern.clone())),
            Test::Glob(pattern) => asked.push((name, 66, pattern.clone())),
        }
    }
    asked
}

fn batch_of(table: &'static TableSpec, rows: &[Row]) -> RecordBatch {
    let stored = table.columns.iter().filter(|column| column.is_stored());
    let columns = stored.map(|column| (column.name, column_of(column, rows), true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// What is not in a row is NULL, but in osquery a text that is not there is empty.
fn column_of(column: &ColumnSpec, rows: &[Row]) -> ArrayRef {
    let name = if column.storage == Storage::Time { "time_ns" } else { column.name };
    let texts = rows.iter().map(|row| row.get(name).map(String::as_str));
    macro_rules! numbers {
        ($builder:ty) => {{
            let mut builder = <$builder>::default();
            texts.for_each(|text| builder.push(text.and_then(|text| text.parse().ok())));
            builder.finish()
        }};
    }
    match column.storage {
        Storage::Int32 => numbers!(IntBuilder),
        Storage::Int64 => numbers!(BigIntBuilder),
        Storage::Float64 => numbers!(DoubleBuilder),
        Storage::Time => numbers!(TimeBuilder),
        Storage::Uuid => {
            let mut builder = UuidBuilder::default();
            texts.for_each(|text| builder.push(text.and_then(parse_uuid)));
            builder.finish()
        }
        _ => {
            let mut builder = DictBuilder::default();
            texts.for_each(|text| builder.push(Some(text.unwrap_or_default())));
            builder.finish()
        }
    }
}

/// One recording by both faces.
struct Both {
    site: Arc<Site>,
}

impl Both {
    fn of(paths: &[PathBuf]) -> Self {
        Self { site: Arc::new(Site::replayed(CONFIG, paths)) }
    }

    /// The rows of a query, the same by both faces.
    fn rows(&self, query: &PackQuery) -> Vec<BTreeMap<String, String>> {
        let sorted = |source: Arc<dyn Source>| {
            let mut rows = rows_of(source, &query.sql);
            rows.sort();
            rows
        };
        let shell = sorted(Arc::new(DataDir::open(&self.site.dir()).unwrap()));
        let extension = if query.sql.contains(STREAM) {
            let mut rows: Vec<_> =
                self.site.double.select_all(STREAM).unwrap().into_iter().collect();
            rows.sort();
            rows
        } else {
            sorted(Arc::new(Extension(Arc::clone(&self.site))))
        };
        assert_eq!(shell.len(), extension.len(), "{}: rows by both faces", query.name);
        assert!(shell == extension, "{}: rows differ by face", query.name);
        shell
    }

    fn assert_nothing_was_cut(&self) {
        let calls = self.site.double.generate("evtables_queries", &[], &["cut", "remark"]);
        let calls: Rows = calls.unwrap();
        assert!(!calls.is_empty());
        assert!(calls.iter().all(|call| call["cut"] == "0" && call["remark"].is_empty()));
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn corpus() -> Option<PathBuf> {
    let path = root().join("../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/corpus absent");
    None
}

fn queries_in(pack: &str) -> Vec<PackQuery> {
    let text = std::fs::read_to_string(root().join("packs").join(pack)).unwrap();
    queries_of(&value(&text).unwrap())
}

/// What the authors of a recording planted, our pack finds.
#[test]
fn the_pack_finds_what_was_planted() {
    let Some(corpus) = corpus() else { return };
    let queries = queries_in("attack-windows.conf");
    let planted = std::fs::read_to_string(root().join("tests/packs/planted.txt")).unwrap();
    let planted: Vec<&str> = planted.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(planted.len() >= 30);
    let next = AtomicUsize::new(0);
    let look = || {
        while let Some(line) = planted.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut words = line.split(' ');
            let name = words.next().unwrap();
            let otrf = corpus.join("otrf");
            let zip = otrf.join(format!("{name}.zip"));
            let input = if zip.exists() { zip } else { otrf.join(format!("{name}.tar.gz")) };
            let both = Both::of(&[input]);
            for wanted in words {
                let query = queries.iter().find(|query| query.name == wanted).unwrap();
                assert!(!both.rows(query).is_empty(), "{name}: {wanted} finds nothing");
            }
            both.assert_nothing_was_cut();
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(look);
        look();
        other.join().unwrap();
    });
    println!("{} recordings", planted.len());
}

/// Every query of every pack for Windows runs over recordings; the shapes that can find something do.
#[test]
fn every_query_runs() {
    let Some(corpus) = corpus() else { return };
    let names = [
        "empire_launcher_sct_regsvr32",
        "empire_monologue_netntlm_downgrade",
        "empire_wmic_add_user_backdoor",
    ];
    let evasion = corpus.join("otrf/defense_evasion");
    let paths: Vec<PathBuf> =
        names.iter().map(|name| evasion.join(format!("{name}.zip"))).collect();
    let both = Both::of(&paths);
    let mut found = Vec::new();
    for query in
        queries_in("attack-windows.conf").into_iter().chain(queries_in("shapes-windows.conf"))
    {
        if !both.rows(&query).is_empty() {
            found.push(query.name);
        }
    }
    for shape in ["01", "02", "03", "04", "05", "06", "08", "09", "12", "13", "18", "19", "20"] {
        let prefix = format!("shape_{shape}");
        assert!(
            found.iter().any(|name| name.starts_with(&prefix)),
            "{shape} finds nothing: {found:?}"
        );
    }
    both.assert_nothing_was_cut();
}

/// No recording has certificates with their issuer, or fingerprints.
#[test]
fn the_shapes_of_tls_find_synthesised_rows() {
    let mut builder = Builder::default();
    for (subject, issuer, ja3) in [
        ("CN=a.example.org", Some("CN=Let's Encrypt R3"), Some("e7d705a3286e19ea42f587b344ee6865")),
        ("CN=b.example.org", Some("CN=Example CA; CN=ENCRYPTED root"), None),
        ("CN=c.example.org", Some("CN=Example CA"), None),
        ("CN=d.example.org", None, None),
    ] {
        builder.push(&Ssl {
            event_type: "SSL",
            action: "TLS_CERTIFICATE",
            subject_name: Some(subject),
            issuer_name: issuer,
            ja3_md5: ja3,
            process_name: Some("C:\\Windows\\System32\\curl.exe"),
            time: 1_795_493_000_000_000_000,
            ..Ssl::default()
        });
    }
    let both = Both { site: Arc::new(Site::stored(CONFIG, builder.finish())) };
    let shapes = queries_in("shapes-windows.conf");
    let rows =
        |shape: &str| both.rows(shapes.iter().find(|query| query.name.starts_with(shape)).unwrap());
    let certificates = rows("shape_10");
    let subjects: Vec<&str> = certificates.iter().map(|row| &*row["subject_name"]).collect();
    assert_eq!(
        BTreeSet::from_iter(subjects),
        BTreeSet::from(["CN=a.example.org", "CN=b.example.org"])
    );
    let fingerprints = rows("shape_11");
    assert_eq!(fingerprints.len(), 4);
    assert_eq!(fingerprints.iter().filter(|row| !row["ja3_md5"].is_empty()).count(), 1);
    both.assert_nothing_was_cut();
}
