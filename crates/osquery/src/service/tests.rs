// SPDX-License-Identifier: Apache-2.0
//! Tests of `service`: answers to recorded requests, and what goes wrong in tables.

use super::*;
use crate::message::Rows;
use crate::probe::{Probe, five_rows};
use crate::query::Op;
use crate::recording::{self, Tree, exchanges, message};
use crate::table::TableError;
use crate::wire::{Kind, Limits, Taken, Writer};

fn service(tables: Vec<Arc<dyn Table>>, limits: ServerLimits) -> ExtensionService {
    let tables = tables
        .into_iter()
        .map(|table| (table.name().to_owned(), Arc::new(TableItem::new(table))))
        .collect();
    ExtensionService {
        items: Items { tables, plugins: vec![Arc::new(Echo)] },
        limits,
        counters: Arc::default(),
        running: AtomicUsize::new(0),
        on_shutdown: Arc::new(|| {}),
    }
}

struct Echo;

impl Plugin for Echo {
    fn registry(&self) -> &str {
        "logger"
    }

    fn name(&self) -> &str {
        "echo"
    }

    fn call(&self, request: &Row) -> Response {
        assert!(!request.contains_key("panic"), "asked to");
        Response { status: Status { code: 2, ..Status::ok() }, rows: vec![request.clone()] }
    }
}

fn answer(service: &ExtensionService, request: &[u8]) -> Vec<u8> {
    let mut source = request;
    let mut reader = Reader::new(&mut source, Limits::REQUEST);
    let head = reader.head().unwrap();
    let stopping = Arc::default();
    let answer = service.request(&head, &mut reader, &stopping).unwrap();
    assert_eq!(source, b"", "the request is read to its end");
    answer().bytes
}

fn call(
    service: &ExtensionService,
    registry: &str,
    item: &str,
    request: &[(&str, &str)],
) -> Response {
    let request =
        request.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let mut writer = Writer::message("call", Kind::Call, 0);
    CallArguments::write(&mut writer, registry, item, &request);
    response(&answer(service, &writer.into_bytes()))
}

fn response(mut reply: &[u8]) -> Response {
    let mut reader = Reader::new(&mut reply, Limits::REPLY);
    assert_eq!(reader.head().unwrap().kind, Kind::Reply);
    let mut response = None;
    reader
        .fields(|reader, _, _| {
            response = Some(Response::read(reader)?);
            Ok(Taken::Yes)
        })
        .unwrap();
    response.unwrap()
}

fn generate(service: &ExtensionService, table: &str) -> Response {
    call(service, "table", table, &[("action", "generate"), ("context", "{}")])
}

/// The recorded extension left the uuid out of its statuses; we say 0, which is the same.
fn with_uuid(tree: Tree) -> Tree {
    match tree {
        Tree::Struct(fields) => {
            let mut fields: BTreeMap<i16, Tree> =
                fields.into_iter().map(|(id, field)| (id, with_uuid(field))).collect();
            let is_status = matches!(
                (fields.get(&1), fields.get(&2)),
                (Some(Tree::Number(_)), Some(Tree::Text(_)))
            );
            if is_status {
                fields.entry(3).or_insert(Tree::Number(0));
            }
            Tree::Struct(fields)
        }
        other => other,
    }
}

#[test]
fn recorded_requests_get_the_recorded_answers() {
    let Some(exchanges) = exchanges(true) else { return };
    let service = service(Probe::recorded(), ServerLimits::CORE);
    let mut calls = 0;
    for exchange in &exchanges {
        let (head, body) = message(&answer(&service, &exchange.request)).unwrap();
        let (recorded_head, recorded) = message(&exchange.reply).unwrap();
        assert_eq!(head, recorded_head, "{}", exchange.file);
        assert_eq!(with_uuid(body), with_uuid(recorded), "{}", exchange.file);
        calls += usize::from(head.method == "call");
    }
    assert!(
        calls > 60 && exchanges.len() > 2 * calls,
        "{calls} calls in {} exchanges",
        exchanges.len()
    );
}

/// What the tables of the recording are asked by one recorded file, as (table, constraints, used columns).
fn asked(exchanges: &[recording::Exchange], file: &str) -> Vec<(String, Vec<String>, String)> {
    let probes = ["probe", "probe_opt", "probe_events"].map(Probe::named);
    let tables = probes.iter().map(|probe| Arc::clone(probe) as Arc<dyn Table>).collect();
    let service = service(tables, ServerLimits::CORE);
    for exchange in exchanges.iter().filter(|exchange| exchange.file == file) {
        answer(&service, &exchange.request);
    }
    let mut asked = Vec::new();
    for probe in &probes {
        for query in probe.asked.lock().unwrap().iter() {
            let text = |found: &crate::Constraint| {
                format!("{} {:?} {}", found.column, found.op, found.expr)
            };
            let used = (0..5).map(|column| if query.uses(column) { 'x' } else { '-' }).collect();
            let constraints = query.constraints().iter().map(text).collect();
            asked.push((probe.name().to_owned(), constraints, used));
        }
    }
    asked
}

/// One call: table, constraints, used columns.
type Asked = (&'static str, &'static [&'static str], &'static str);

const ALL: &str = "xxxxx";
/// What core asked in each recorded case.
const ASKED: [(&str, &[Asked]); 19] = [
    ("case-01.json", &[("probe", &[], ALL)]),
    ("case-02.json", &[("probe", &[], "--x--")]),
    ("case-03.json", &[("probe", &[], "-----")]),
    ("case-04.json", &[("probe", &["1 Eq 3", "0 Gt 2"], ALL)]),
    ("case-05.json", &[("probe", &["2 Like %x%"], ALL)]),
    ("case-06.json", &[("probe", &["2 Glob cmd*"], ALL)]),
    (
        "case-07.json",
        &[("probe", &["1 Eq 1"], ALL), ("probe", &["1 Eq 3"], ALL), ("probe", &["1 Eq 10"], ALL)],
    ),
    ("case-08.json", &[("probe_opt", &["1 Eq 1", "1 Eq 3", "1 Eq 10"], ALL)]),
    ("case-09.json", &[("probe", &["0 Ge 2", "0 Le 4"], ALL)]),
    ("case-10.json", &[("probe", &["1 Ne 3"], ALL)]),
    // LIMIT and OFFSET are dropped.
    ("case-11.json", &[("probe", &[], ALL)]),
    ("case-12.json", &[("probe", &[], ALL)]),
    ("case-13.json", &[("probe", &[], ALL)]),
    ("case-14.json", &[("probe", &["1 Eq 1"], ALL), ("probe", &["1 Eq 3"], ALL)]),
    ("case-15.json", &[("probe_opt", &[], ALL)]),
    (
        "case-16.json",
        &[
            ("probe_opt", &["1 Eq 1"], ALL),
            ("probe_opt", &["1 Eq 10"], ALL),
            ("probe_opt", &["1 Eq 2"], ALL),
            ("probe_opt", &["1 Eq 3"], ALL),
            ("probe_opt", &["1 Eq 4"], ALL),
            ("probe_opt", &["1 Eq 5"], ALL),
            ("probe_opt", &["1 Eq 6"], ALL),
            ("probe_opt", &["1 Eq 7"], ALL),
            ("probe_opt", &["1 Eq 8"], ALL),
        ],
    ),
    (
        "case-17.json",
        &[
            ("probe", &[], "-x-x-"),
            ("probe", &["1 Eq 1"], "-x---"),
            ("probe", &["1 Eq 2"], "-x---"),
            ("probe", &["1 Eq 3"], "-x---"),
            ("probe", &["1 Eq 3"], "-x---"),
            ("probe", &["1 Eq 10"], "-x---"),
        ],
    ),
    ("case-18.json", &[("probe_events", &["0 Gt 2"], ALL)]),
    // About core's own table: the extension is pinged only.
    ("case-19.json", &[]),
];

#[test]
fn recorded_constraints_arrive_typed() {
    let Some(exchanges) = exchanges(true) else { return };
    for (file, expected) in ASKED {
        let expected: Vec<(String, Vec<String>, String)> = expected
            .iter()
            .map(|(table, constraints, used)| {
                let constraints = constraints.iter().map(|text| (*text).to_owned()).collect();
                ((*table).to_owned(), constraints, (*used).to_owned())
            })
            .collect();
        assert_eq!(asked(&exchanges, file), expected, "{file}");
    }
}

/// The five recorded rows, only those that the constraints let through and of them only what is used: as
/// narrow as a table may be.
fn narrow_rows(query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
    for (index, pid) in [1_i64, 2, 3, 3, 10].into_iter().enumerate() {
        let time = i64::try_from(index).unwrap() + 1;
        let passes = |found: &crate::Constraint| {
            let number = [time, pid].get(found.column).copied();
            let expr: Option<i64> = found.expr.parse().ok();
            match (found.op, number, expr) {
                (Op::Gt, Some(number), Some(expr)) => number > expr,
                (Op::Ge, Some(number), Some(expr)) => number >= expr,
                (Op::Le, Some(number), Some(expr)) => number <= expr,
                (Op::Ne, Some(number), Some(expr)) => number != expr,
                _ => true,
            }
        };
        let one_of = |column: usize, number: i64| {
            let mut values = query.values(column).peekable();
            values.peek().is_none() || values.any(|value| value == number.to_string())
        };
        if !one_of(0, time) || !one_of(1, pid) || !query.constraints().iter().all(passes) {
            continue;
        }
        rows.begin_row();
        let texts = [
            time.to_string(),
            pid.to_string(),
            format!("cmd x {index}"),
            format!("{index:010}"),
            "0.5".to_owned(),
        ];
        for (column, text) in texts.iter().enumerate().filter(|(column, _)| query.uses(*column)) {
            rows.text(column, text);
        }
        rows.end_row()?;
    }
    Ok(())
}

#[test]
fn a_table_that_narrows_loses_nothing_that_osquery_printed() {
    let (Some(exchanges), Some(cases)) = (exchanges(true), recording::cases()) else { return };
    let mut compared = 0;
    for case in &cases {
        let tables = ["probe", "probe_opt", "probe_events"]
            .map(|name| Probe::answering(name, narrow_rows) as Arc<dyn Table>);
        let service = service(tables.into(), ServerLimits::CORE);
        let mut sent = Vec::new();
        for exchange in exchanges.iter().filter(|exchange| exchange.file == case.file) {
            if message(&exchange.request).unwrap().0.method == "call" {
                sent.extend(response(&answer(&service, &exchange.request)).rows);
            }
        }
        for printed in &case.result {
            let of_tables: Vec<_> = printed
                .iter()
                .filter(|(name, _)| {
                    ["time", "pid", "cmdline", "eid", "score"].contains(&name.as_str())
                })
                .collect();
            if of_tables.is_empty() {
                continue;
            }
            let is_it =
                |row: &Row| of_tables.iter().all(|(name, value)| row.get(*name) == Some(value));
            assert!(sent.iter().any(is_it), "{}: {}: no {printed:?}", case.file, case.sql);
            compared += 1;
        }
        // Without used columns there are only the rows to be counted.
        if let Some(count) = case.result.first().and_then(|row| row.get("count(*)")) {
            assert_eq!(&sent.len().to_string(), count, "{}", case.file);
        }
    }
    assert!(compared > 50, "{compared}");
}

#[test]
fn an_unknown_method_gets_an_exception() {
    let service = service(Vec::new(), ServerLimits::CORE);
    let mut request = Writer::message("registerExtension", Kind::Call, 9);
    request.text_field(1, "x");
    request.stop();
    let reply = answer(&service, &request.into_bytes());
    let (head, body) = recording::message(&reply).unwrap();
    assert_eq!((head.kind, head.sequence), (Kind::Exception, 9));
    let fields =
        [(1, Tree::Text("unknown method registerExtension".to_owned())), (2, Tree::Number(1))];
    assert_eq!(body, Tree::Struct(fields.into()));
}

#[test]
fn what_is_not_served_is_said() {
    let service = service(Probe::recorded(), ServerLimits::CORE);
    let said = |registry, item, request: &[(&str, &str)]| {
        call(&service, registry, item, request).status.message
    };
    assert_eq!(said("table", "nosuch", &[("action", "generate")]), "unknown table: nosuch");
    assert_eq!(said("table", "probe", &[("action", "drop")]), "table action not supported: drop");
    assert_eq!(said("table", "probe", &[]), "table action not supported: ");
    assert_eq!(said("config", "x", &[]), "unknown plug-in: config x");
    let broken = said("table", "probe", &[("action", "generate"), ("context", "{")]);
    assert!(broken.starts_with("failed to read the query context: "), "{broken}");
    assert_eq!(service.counters.read().failed, 5);
}

#[test]
fn tables_refuse_changes_unless_they_say_otherwise() {
    let service = service(Probe::recorded(), ServerLimits::CORE);
    let values = ("json_value_array", r#"[1,2,"","",0.5]"#);
    let requests: [&[(&str, &str)]; 3] = [
        &[("action", "insert"), ("auto_rowid", "false"), values],
        &[("action", "update"), ("id", "1"), values],
        &[("action", "delete"), ("id", "1")],
    ];
    let refused = Row::from([("status".to_owned(), "readonly".to_owned())]);
    for request in requests {
        let response = call(&service, "table", "probe", request);
        assert_eq!(response, Response::ok(vec![refused.clone()]));
    }
    let counters = service.counters.read();
    assert_eq!((counters.failed, counters.changes), (3, 0));
}

#[test]
fn a_table_is_declared_with_options_attributes_and_other_names() {
    use crate::{Attributes, Column, ColumnAlias, ColumnOptions, ColumnType};
    struct Named([Column; 2], [std::borrow::Cow<'static, str>; 1], [ColumnAlias; 1]);
    impl Table for Named {
        fn name(&self) -> &str {
            "named"
        }
        fn columns(&self) -> &[Column] {
            &self.0
        }
        fn attributes(&self) -> Attributes {
            Attributes::EVENT_BASED | Attributes::CACHEABLE | Attributes::from_bits(32)
        }
        fn aliases(&self) -> &[std::borrow::Cow<'static, str>] {
            &self.1
        }
        fn column_aliases(&self) -> &[ColumnAlias] {
            &self.2
        }
        fn generate(&self, _: &Query, _: &mut RowsWriter) -> Result<(), TableError> {
            Ok(())
        }
    }
    let text = ColumnOptions::INDEX
        | ColumnOptions::REQUIRED
        | ColumnOptions::ADDITIONAL
        | ColumnOptions::OPTIMIZED
        | ColumnOptions::HIDDEN
        | ColumnOptions::NOCASE;
    let number = ColumnOptions::BINARY | ColumnOptions::RTRIM | ColumnOptions::from_bits(256);
    let columns = [
        Column::new("path", ColumnType::Text, text),
        Column::new("size", ColumnType::UnsignedBigInt, number),
    ];
    let alias = ColumnAlias { name: "file".into(), target: "path".into() };
    let service =
        service(vec![Arc::new(Named(columns, ["other".into()], [alias]))], ServerLimits::CORE);
    let declared = call(&service, "table", "named", &[("action", "columns")]).rows;
    let row = |entries: &[(&str, &str)]| -> Row {
        entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let expected = [
        row(&[("id", "column"), ("name", "path"), ("type", "TEXT"), ("op", "95")]),
        row(&[("id", "column"), ("name", "size"), ("type", "UNSIGNED BIGINT"), ("op", "416")]),
        row(&[("id", "alias"), ("alias", "other")]),
        row(&[("id", "columnAlias"), ("name", "file"), ("target", "path")]),
        row(&[("id", "attributes"), ("attributes", "38")]),
    ];
    assert_eq!(declared, expected);
    assert_eq!(service.items.registry()["table"]["named"], expected);
}

#[test]
fn a_call_without_context_gets_all_rows() {
    let service = service(Probe::recorded(), ServerLimits::CORE);
    assert_eq!(call(&service, "table", "probe", &[("action", "generate")]).rows.len(), 5);
    let counters = service.counters.read();
    assert_eq!((counters.calls, counters.rows, counters.failed), (1, 5, 0));
}

#[test]
fn plugins_answer_with_their_own_code() {
    let service = service(Vec::new(), ServerLimits::CORE);
    let response = call(&service, "logger", "echo", &[("action", "features")]);
    assert_eq!((response.status.code, response.rows.len()), (2, 1));
    assert_eq!(service.counters.read().failed, 0);
    let registry = service.items.registry();
    assert_eq!(registry["logger"]["echo"], Rows::new());
}

#[test]
fn a_panic_becomes_an_error_and_is_counted() {
    let service = service(
        vec![Probe::answering("bad", |_, rows| {
            rows.begin_row();
            panic!("asked to")
        })],
        ServerLimits::CORE,
    );
    assert_eq!(generate(&service, "bad"), Response::failed("table bad failed: it panicked"));
    assert_eq!(call(&service, "logger", "echo", &[("panic", "")]).status.code, 1);
    let counters = service.counters.read();
    assert_eq!((counters.panicked, counters.failed, counters.calls), (2, 2, 2));
    assert_eq!(service.running.load(Ordering::Relaxed), 0);
}

#[test]
fn a_table_that_panics_twice_at_once_ends_no_more_than_its_call() {
    let twice = Probe::answering("twice", |_, rows| {
        rows.on_sent(|_| panic!("asked to, again"));
        panic!("asked to")
    });
    let service = service(vec![twice], ServerLimits::CORE);
    assert_eq!(generate(&service, "twice"), Response::failed("table twice failed: it panicked"));
    assert_eq!(service.counters.read().panicked, 1);
}

#[test]
fn an_error_drops_the_rows_before_it() {
    let half = |query: &Query, rows: &mut RowsWriter| {
        five_rows(query, rows)?;
        Err(TableError::new("failed to read the rest"))
    };
    let service = service(vec![Probe::answering("half", half)], ServerLimits::CORE);
    assert_eq!(generate(&service, "half"), Response::failed("failed to read the rest"));
}

#[test]
fn a_reply_over_the_bound_is_an_error_even_if_the_table_does_not_care() {
    let careless = |_: &Query, rows: &mut RowsWriter| {
        for _ in 0..1000 {
            rows.begin_row();
            rows.text(2, "0123456789");
            let _ = rows.end_row();
        }
        Ok(())
    };
    let limits = ServerLimits { reply_bytes_max: 10_000, ..ServerLimits::CORE };
    let service = service(vec![Probe::answering("big", careless)], limits);
    assert_eq!(
        generate(&service, "big"),
        Response::failed("the answer is over 10000 bytes; ask for fewer rows")
    );
    assert_eq!(service.counters.read().over_full, 1);
}

#[test]
fn too_many_calls_at_once_are_refused_at_once() {
    let limits = ServerLimits { calls_max: 0, ..ServerLimits::CORE };
    let service = service(Probe::recorded(), limits);
    assert_eq!(generate(&service, "probe"), Response::failed("too many calls at once"));
    assert_eq!((service.counters.read().busy, service.running.load(Ordering::Relaxed)), (1, 0));
}
