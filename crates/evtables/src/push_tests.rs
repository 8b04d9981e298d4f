// SPDX-License-Identifier: Apache-2.0
//! Tests of push and of evtables as a second logger, through the wire.

use super::*;
use crate::testing::{Site, TABLE, pids, wait};
use evtables_osquery::ManagerDouble;

fn config(push: &str) -> String {
    let query = r#"{"query": "SELECT * FROM linux_process_events", "interval": 1}"#;
    format!(
        r#"{{"schedule": {{"q1": {query}}}, "evtables": {{"push": {{"logger": {push}}}, "sources": {{"osquery": {{"core_events": true}}}}}}}}"#
    )
}

fn with_loggers(names: &'static str) -> impl Fn(&ManagerDouble) {
    move |double| {
        double.set_option("logger_plugin", names, "filesystem", "string");
        double.set_option("host_identifier", "uuid", "hostname", "string");
    }
}

/// Lines that the loggers were given, as JSON.
fn lines(site: &Site) -> Vec<Value> {
    let logged = site.double.logged().into_iter();
    logged.map(|row| serde_json::from_str(&row["string"]).unwrap()).collect()
}

fn pids_of(lines: &[Value]) -> Vec<u64> {
    lines.iter().map(|line| line["columns"]["pid"].as_str().unwrap().parse().unwrap()).collect()
}

/// Waits until the push has its cursor: it begins with what comes from then on.
fn wait_pushing(site: &Site) {
    let sql = "SELECT count(*) FROM evtables_consumers WHERE consumer LIKE 'push/%'";
    wait("no push", || site.number(sql) > 0);
}

#[test]
fn rows_of_a_table_are_pushed_once_and_resumed() {
    let push = format!(r#"{{"tables": ["{TABLE}"], "max_lines_per_second": 100000}}"#);
    let mut site = Site::prepared(&config(&push), with_loggers("filesystem,evtables"));
    wait_pushing(&site);
    site.feed(1, 2_500);
    wait("not all came", || site.double.logged().len() >= 2_500);
    let first = lines(&site);
    assert_eq!(pids_of(&first), (1..=2_500).collect::<Vec<u64>>());
    let line = &first[0];
    assert_eq!(line["name"], format!("evtables_push_{TABLE}"));
    assert_eq!((&line["hostIdentifier"], &line["action"]), (&json!("U"), &json!("added")));
    let columns = line["columns"].as_object().unwrap();
    assert!(columns.values().all(Value::is_string), "as osquery writes them");
    assert!(columns.contains_key("eid") && !columns.contains_key("seq"), "no hidden ones");
    assert!(line["unixTime"].is_i64() && line["calendarTime"].as_str().unwrap().ends_with("UTC"));
    // Never to ourselves.
    let consumers = site.sql("SELECT consumer FROM evtables_consumers");
    assert_eq!(consumers.len(), 1, "{consumers:?}");
    // What came while we were away is pushed after it.
    site.stop_extension();
    site.start_extension();
    site.feed(2_501, 100);
    wait("not resumed", || site.double.logged().len() >= 2_600);
    assert_eq!(pids_of(&lines(&site)), (1..=2_600).collect::<Vec<u64>>());
    // The book is written after the lines.
    wait("no count", || {
        let row = &site.sql("SELECT rows_given, lag_rows FROM evtables_consumers")[0];
        row["rows_given"] == "2600" && row["lag_rows"] == "0"
    });
}

#[test]
fn a_query_pushes_what_it_finds_in_new_rows() {
    let push = r#"{"queries": {"sevens": {"query": "SELECT pid, cmdline FROM linux_process_events WHERE pid % 7 = 0"},
        "joined": {"query": "SELECT a.pid AS pid, b.n FROM linux_process_events a, (SELECT count(*) AS n FROM evtables_tables WHERE name = 'linux_process_events') b WHERE a.pid = 5"}}}"#;
    let site = Site::prepared(&config(push), with_loggers("filesystem"));
    wait("no pushes", || {
        site.number("SELECT count(*) FROM evtables_consumers WHERE consumer LIKE 'push/%'") == 2
    });
    site.feed(1, 70);
    wait("not all came", || site.double.logged().len() >= 11);
    let all = lines(&site);
    let of = |name: &str| -> Vec<Value> {
        all.iter().filter(|line| line["name"] == format!("evtables_push_{name}")).cloned().collect()
    };
    assert_eq!(pids_of(&of("sevens")), (1..=10).map(|n| n * 7).collect::<Vec<u64>>());
    assert_eq!(of("joined")[0]["columns"], json!({"pid": "5", "n": "1"}));
}

#[test]
fn a_logger_that_is_down_delays_and_loses_nothing() {
    let push = format!(r#"{{"tables": ["{TABLE}"], "max_lines_per_second": 100000}}"#);
    let site = Site::prepared(&config(&push), with_loggers("filesystem,other"));
    wait("no pushes", || {
        site.number("SELECT count(*) FROM evtables_consumers WHERE consumer LIKE 'push/%'") == 2
    });
    site.double.set_logger_failing("filesystem", true);
    site.feed(1, 50);
    let state = |site: &Site| {
        let rows = site
            .sql("SELECT state FROM evtables_consumers WHERE consumer LIKE 'push/filesystem/%'");
        rows[0]["state"].clone()
    };
    wait("it never waits", || state(&site).contains("the logger is down"));
    wait("the other one waits too", || site.double.logged().len() >= 50);
    site.double.set_logger_failing("filesystem", false);
    wait("it never goes on", || site.double.logged().len() >= 100);
    let mut got = pids_of(&lines(&site));
    got.sort_unstable();
    assert_eq!(got, (1..=50).flat_map(|pid| [pid, pid]).collect::<Vec<u64>>());
}

#[test]
fn the_rate_is_kept() {
    let push = format!(r#"{{"tables": ["{TABLE}"], "max_lines_per_second": 50}}"#);
    let site = Site::prepared(&config(&push), with_loggers("filesystem"));
    wait_pushing(&site);
    let begun = std::time::Instant::now();
    site.feed(1, 120);
    wait("not all came", || site.double.logged().len() >= 120);
    // At most a second's worth at once: 120 lines need 1.4 s at least.
    assert!(begun.elapsed() >= Duration::from_millis(1_300), "{:?}", begun.elapsed());
}

#[test]
fn a_push_that_cannot_be_is_told() {
    let wrong = |push: &str| {
        crate::config::listed(&crate::config::Config::parse(&config(push)).unwrap_err())
    };
    assert!(
        wrong(r#"{"tables": ["users"]}"#)
            .contains("push.logger.tables[0]: no such event table: users")
    );
    assert!(
        wrong(r#"{"queries": {"a": {"query": "SELECT 1"}}}"#)
            .contains("queries.a: the query names no event table")
    );
    assert!(wrong(r#"{"max_lines_per_second": 0}"#).contains("max_lines_per_second: is 0"));
    assert!(wrong(r#"{"table": []}"#).contains("did you mean tables?"));
    // A wrong query is known when it runs.
    let push = r#"{"queries": {"bad": {"query": "SELECT nosuch FROM linux_process_events"}}}"#;
    let site = Site::prepared(&config(push), with_loggers("filesystem"));
    wait_pushing(&site);
    site.feed(1, 5);
    wait("not told", || {
        let rows = site.sql("SELECT state FROM evtables_consumers");
        rows[0]["state"].starts_with("failed: ") && rows[0]["state"].contains("nosuch")
    });
    assert_eq!(site.ad_hoc().len(), 5, "and nothing else is hurt");
}

/// What core sends to a logger plug-in.
fn log(site: &Site, entries: &[(&str, &str)]) -> evtables_osquery::Status {
    let uuid = site.double.wait_extension("evtables", crate::testing::WAIT).unwrap();
    let request: Row = entries.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    site.double.call(uuid, "logger", "evtables", &request).unwrap().status
}

#[test]
fn result_lines_acknowledge_windows() {
    let mut site = Site::prepared(&config("{}"), with_loggers("filesystem,evtables"));
    wait("settings", || site.serving().settings().is_logger);
    assert_eq!(log(&site, &[("init", "osqueryd")]).code, 0);
    assert_eq!(log(&site, &[("action", "features")]).code, 2, "the event bit");
    site.feed(1, 10);
    assert_eq!(site.run("q1").len(), 10);
    // The worker died after the SQL, before its log: another life, and no line was seen.
    site.set_host("2", "hash-1", "5.23.0");
    wait("another life", || site.serving().settings().host.life.starts_with("2."));
    site.feed(11, 5);
    assert_eq!(site.run("q1"), (1..=10).collect::<Vec<u64>>(), "served again");
    let acknowledged = |site: &Site| {
        site.sql("SELECT acknowledged FROM evtables_consumers WHERE consumer = 'q1'")[0]["acknowledged"].clone()
    };
    assert_eq!(acknowledged(&site), "0");
    let line =
        r#"{"name":"q1","hostIdentifier":"U","unixTime":1,"columns":{"pid":"1"},"action":"added"}"#;
    // Lines of others, of our own push, and garbage acknowledge nothing.
    let others = [
        r#"{"name":"q2","action":"added"}"#,
        r#"{"name":"evtables_push_q1"}"#,
        "{",
        "",
        r#"{"name":5}"#,
    ];
    for other in others {
        assert_eq!(log(&site, &[("string", other), ("category", "event")]).code, 0);
    }
    assert_eq!(acknowledged(&site), "0");
    assert_eq!(log(&site, &[("string", line), ("category", "event")]).code, 0);
    assert_eq!(acknowledged(&site), "1");
    site.set_host("3", "hash-1", "5.23.0");
    wait("another life", || site.serving().settings().host.life.starts_with("3."));
    assert_eq!(site.run("q1"), (11..=15).collect::<Vec<u64>>(), "its lines were seen");
    // No death in between: the end of the SQL is enough, also for a run that logs nothing.
    assert!(site.run("q1").is_empty());
}

#[test]
fn events_of_core_arrive_as_a_table() {
    let site = Site::prepared(&config("{}"), |double| {
        with_loggers("filesystem,evtables")(double);
        let row = |name: &str| Row::from([("name".to_owned(), name.to_owned())]);
        double.set_answer(
            "SELECT name FROM osquery_registry WHERE registry = 'event_subscriber'",
            vec![row("file_events"), row("syslog_events"), row("no spaces; --")],
        );
        let file = [("target_path", "TEXT"), ("action", "TEXT"), ("time", "BIGINT")];
        double.set_answer_columns("SELECT * FROM file_events", &file);
        double.set_answer_columns(
            "SELECT * FROM syslog_events",
            &[("time", "BIGINT"), ("message", "TEXT")],
        );
    });
    wait("the table is not on", || {
        site.number("SELECT count(*) FROM evtables_tables WHERE name = 'evtables_core_events' AND state = 'on'") == 1
    });
    let time = (host::now_seconds() - 5).to_string();
    let file =
        format!(r#"{{"target_path":"/etc/passwd","action":"UPDATED","time":"{time}","eid":"7"}}"#);
    for event in [file.as_str(), r#"{"other":1}"#, "no json"] {
        assert_eq!(log(&site, &[("event", event)]).code, 0);
    }
    let sql = "SELECT core_table, core_eid, json, time FROM evtables_core_events ORDER BY seq";
    wait("no events", || site.sql(sql).len() == 2);
    let rows = site.sql(sql);
    assert_eq!(
        (rows[0]["core_table"].as_str(), rows[0]["core_eid"].as_str()),
        ("file_events", "7")
    );
    assert_eq!(
        (rows[0]["json"].as_str(), rows[0]["time"].as_str()),
        (file.as_str(), time.as_str())
    );
    assert_eq!(rows[1]["core_table"], "");
    let sum = |outcome: &str| {
        site.number(&format!("SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE event_table = 'evtables_core_events' AND outcome = '{outcome}'"))
    };
    wait("the ledger never balanced", || {
        (sum("seen"), sum("delivered"), sum("lost"), sum("pending")) == (3, 2, 1, 0)
    });
    // Through osquery, with a cursor like every event table.
    assert_eq!(site.double.select_all("evtables_core_events").unwrap().len(), 2);
    assert!(pids(&site.double.select_all(TABLE).unwrap()).is_empty());
}

#[test]
fn without_the_setting_core_sends_no_events() {
    let site = Site::prepared("{}", with_loggers("filesystem,evtables"));
    wait("settings", || site.serving().settings().is_logger);
    assert_eq!(log(&site, &[("action", "features")]).code, 0);
    assert_eq!(site.number("SELECT count(*) FROM evtables_tables WHERE name = 'evtables_core_events' AND state = 'on'"), 0);
}
