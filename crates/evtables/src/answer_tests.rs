// SPDX-License-Identifier: Apache-2.0
//! Tests of `answer` through the wire: cursors, input columns, budgets, joins.

use crate::testing::{Site, TABLE, pids, wait};
use evtables_osquery::{Row, Rows, extension_socket};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

fn range(first: u64, last: u64) -> Vec<u64> {
    (first..=last).collect()
}

#[test]
fn each_scheduled_query_gets_each_event_once_over_restarts() {
    const CHUNK: u64 = 200;
    let mut site = Site::start();
    let (mut got1, mut got2) = (Vec::new(), Vec::new());
    let mut ad_hoc = 0;
    for chunk in 0..50 {
        site.feed(1 + chunk * CHUNK, CHUNK);
        got1.extend(site.run("q1"));
        match chunk % 5 {
            // Never ended: its rows come again.
            1 => {
                site.begin("q2");
                site.double.select_all(TABLE).unwrap();
                site.die();
            }
            // Skipped: the rows wait.
            2 => {}
            _ => got2.extend(site.run("q2")),
        }
        ad_hoc = ad_hoc.max(site.ad_hoc().len());
        match chunk % 10 {
            3 => site.double.restart().unwrap(),
            5 => {
                site.stop_extension();
                site.start_extension();
            }
            // Between the questions of a run.
            8 => {
                site.begin("q1");
                let before = pids(&site.double.select_all(TABLE).unwrap());
                site.stop_extension();
                site.start_extension();
                let after = pids(&site.double.select_all(TABLE).unwrap());
                site.end("q1");
                assert_eq!(before, after, "one window over our restart");
                got1.extend(after);
            }
            _ => {}
        }
        assert!(site.double.wait_table(TABLE, crate::testing::WAIT));
    }
    got1.extend(site.run("q1"));
    got2.extend(site.run("q2"));
    for got in [&mut got1, &mut got2] {
        let in_order = got.is_sorted();
        got.sort_unstable();
        assert_eq!(*got, range(1, 50 * CHUNK), "each event once");
        assert!(in_order, "in the order of the store");
    }
    assert_eq!(site.ad_hoc(), range(1, 50 * CHUNK), "the ad-hoc reader sees all");
    assert_eq!(ad_hoc as u64, 50 * CHUNK);
    let ledger = site.sql("SELECT outcome, sum(count) AS n FROM evtables_loss WHERE event_table = 'linux_process_events' GROUP BY 1");
    let of = |outcome: &str| {
        let row = ledger.iter().find(|row| row["outcome"] == outcome);
        row.map_or(0, |row| row["n"].parse::<u64>().unwrap())
    };
    assert_eq!((of("lost"), of("pending")), (0, 0), "{ledger:?}");
    let given = site.sql("SELECT consumer, rows_given, expired, lag_rows FROM evtables_consumers");
    for row in &given {
        // q2 was given some again, which counts once.
        assert_eq!(row["rows_given"], (50 * CHUNK).to_string(), "{given:?}");
        assert_eq!(row["expired"], "0");
    }
}

#[test]
fn all_calls_of_a_run_see_one_window() {
    let mut site = Site::start();
    site.feed(1, 100);
    site.begin("q1");
    let first = site.double.generate(TABLE, &[("pid", 2, "7")], &["pid"]).unwrap();
    assert_eq!(pids(&first), [7], "half of an OR");
    site.feed(101, 50);
    let other = site.double.generate(TABLE, &[("pid", 2, "8")], &["pid"]).unwrap();
    assert_eq!(pids(&other), [8]);
    assert!(site.double.generate(TABLE, &[("pid", 2, "120")], &["pid"]).unwrap().is_empty());
    assert_eq!(pids(&site.double.select_all(TABLE).unwrap()), range(1, 100));
    // Comparing time means history, also inside a run; another query has its own window.
    let late = site.double.generate(TABLE, &[("time", 4, "5")], &["pid", "time"]).unwrap();
    assert_eq!(pids(&late), range(1, 150));
    site.end("q1");
    assert_eq!(site.run("q2"), range(1, 150));
    assert_eq!(site.run("q1"), range(101, 150));
    assert!(site.run("q1").is_empty());
    // A snapshot query and one whose SQL does not name the table take no cursor.
    site.double.set_config(
        r#"{"schedule": {"q1": {"query": "SELECT * FROM linux_process_events", "interval": 1, "snapshot": true},
            "q2": {"query": "SELECT * FROM users", "interval": 1}}}"#,
    );
    site.set_host("1", "other", "5.23.0");
    wait("snapshot", || site.run("q1") == range(1, 150) && site.run("q2") == range(1, 150));
}

#[test]
fn a_window_that_is_too_large_comes_in_parts() {
    let budgets = r#""evtables": {"budgets": {"reply_rows": 40}}"#;
    let query = r#"{"query": "SELECT * FROM linux_process_events", "interval": 1}"#;
    let mut site = Site::with_config(&format!(r#"{{"schedule": {{"q1": {query}}}, {budgets}}}"#));
    wait("settings", || site.serving().settings().config.budgets.reply_rows == 40);
    site.feed(1, 100);
    let parts: Vec<Vec<u64>> = (0..4).map(|_| site.run("q1")).collect();
    assert_eq!(parts, [range(1, 40), range(41, 80), range(81, 100), Vec::new()]);
    // A reader of history is given the newest, and the cut is told.
    let all = site.double.select_all(TABLE).unwrap();
    assert_eq!(pids(&all), range(61, 100));
    // Fewer columns, more rows: the budget is for rows of 16.
    assert_eq!(site.ad_hoc(), range(1, 100));
    let cut = site
        .double
        .generate("evtables_queries", &[("cut", 2, "1")], &["remark", "cut", "rows_returned"])
        .unwrap();
    assert_eq!((cut.len(), cut[0]["remark"].as_str()), (1, "rows"));
    assert_eq!(cut[0]["rows_returned"], "40");
}

#[test]
fn bytes_are_a_budget_too() {
    let query = r#"{"query": "SELECT * FROM linux_process_events", "interval": 1}"#;
    let config = format!(
        r#"{{"schedule": {{"q1": {query}}}, "evtables": {{"budgets": {{"reply_rows": 100000, "reply_mib": 1}}}}}}"#
    );
    let mut site = Site::with_config(&config);
    wait("settings", || site.serving().settings().config.budgets.reply_bytes == 1 << 20);
    site.feed(1, 5_000);
    let newest = pids(&site.double.select_all(TABLE).unwrap());
    assert!(newest.len() < 5_000 && newest.last() == Some(&5_000), "{}", newest.len());
    assert!(newest.windows(2).all(|pair| pair[1] == pair[0] + 1));
    let cut =
        site.double.generate("evtables_queries", &[("cut", 2, "1")], &["remark", "cut"]).unwrap();
    assert_eq!(cut[0]["remark"], "bytes");
    let mut got = Vec::new();
    while got.len() < 5_000 {
        let part = site.run("q1");
        assert!(!part.is_empty() && part.len() < 5_000);
        got.extend(part);
    }
    assert_eq!(got, range(1, 5_000));
}

#[test]
fn an_explicit_cursor_looks_ahead_or_takes() {
    let site = Site::start();
    site.feed(1, 10);
    let ask = |more: &[(&str, u8, &str)]| {
        let mut constraints = vec![("consumer", 2, "me")];
        constraints.extend(more);
        site.double.generate(TABLE, &constraints, &["pid", "consumer", "take", "history"]).unwrap()
    };
    let looked = ask(&[]);
    assert_eq!(pids(&looked), range(1, 10));
    assert_eq!(looked[0]["consumer"], "me", "SQLite checks it in each row");
    assert_eq!(pids(&ask(&[])), range(1, 10), "looking moves nothing");
    let taken = ask(&[("take", 2, "1")]);
    assert_eq!((pids(&taken), taken[0]["take"].as_str()), (range(1, 10), "1"));
    assert!(ask(&[]).is_empty() && ask(&[("take", 2, "1")]).is_empty());
    site.feed(11, 5);
    assert_eq!(pids(&ask(&[])), range(11, 15));
    assert_eq!(pids(&ask(&[("take", 2, "1")])), range(11, 15));
    // Ad-hoc readers never moved anything.
    let consumers = site.sql("SELECT consumer, rows_given FROM evtables_consumers");
    assert_eq!(consumers.len(), 1, "{consumers:?}");
    assert_eq!(
        (consumers[0]["consumer"].as_str(), consumers[0]["rows_given"].as_str()),
        ("me", "15")
    );
    let history = site.double.generate(TABLE, &[("history", 2, "1")], &["pid", "history"]).unwrap();
    assert_eq!((pids(&history), history[0]["history"].as_str()), (range(1, 15), "1"));
    // What cannot be meant is said.
    let wrong = |constraints: &[(&str, u8, &str)]| {
        site.double.generate(TABLE, constraints, &["pid"]).unwrap_err().to_string()
    };
    assert!(wrong(&[("take", 2, "1")]).contains("take = 1 needs consumer"));
    assert!(wrong(&[("consumer", 2, "a"), ("consumer", 2, "b")]).contains("one value each"));
    assert!(wrong(&[("consumer", 2, &"x".repeat(300))]).contains("longer than 256"));
}

#[test]
fn history_inside_a_scheduled_query_moves_no_cursor() {
    let mut site = Site::start();
    site.feed(1, 10);
    site.begin("q1");
    let rows = site.double.generate(TABLE, &[("history", 2, "1")], &["pid"]).unwrap();
    site.end("q1");
    assert_eq!(pids(&rows), range(1, 10));
    assert_eq!(site.run("q1"), range(1, 10));
}

#[cfg(unix)]
#[test]
fn a_reply_that_could_not_be_sent_does_not_move_the_cursor() {
    let mut site = Site::start();
    site.feed(1, 2_000);
    site.begin("q1");
    // The reply is larger than the socket's buffers, and the caller leaves without reading it.
    let uuid = site.double.wait_extension("evtables", Duration::from_secs(5)).unwrap();
    let socket = extension_socket(site.double.socket(), uuid);
    let mut stream = std::os::unix::net::UnixStream::connect(socket).unwrap();
    stream.write_all(&generate_request()).unwrap();
    let read = |site: &Site| site.sql("SELECT state FROM evtables_consumers");
    wait("no window", || !read(&site).is_empty());
    drop(stream);
    wait("nobody was told", || read(&site)[0]["state"] == "unsent");
    // osquery counts the run as ended, since the SQL has failed.
    site.end("q1");
    assert_eq!(site.run("q1"), range(1, 2_000));
    assert!(site.run("q1").is_empty());
}

/// A message `call("table", TABLE, {"action": "generate"})` of Thrift's binary protocol.
fn generate_request() -> Vec<u8> {
    let text = |out: &mut Vec<u8>, text: &str| {
        out.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
        out.extend(text.as_bytes());
    };
    let mut out = vec![0x80, 0x01, 0x00, 0x01];
    text(&mut out, "call");
    out.extend([0, 0, 0, 0]);
    for (field, value) in [(1, "table"), (2, TABLE)] {
        out.extend([11, 0, field]);
        text(&mut out, value);
    }
    out.extend([13, 0, 3, 11, 11, 0, 0, 0, 1]);
    text(&mut out, "action");
    text(&mut out, "generate");
    out.extend([0]);
    out
}

#[test]
fn an_osquery_that_does_not_say_who_asks_gets_an_error_not_rows_twice() {
    let mut site = Site::start();
    site.feed(1, 10);
    assert_eq!(site.run("q1"), range(1, 10));
    let ask = || site.double.select_all(TABLE);
    assert_eq!(ask().unwrap().len(), 10, "ad hoc");
    site.double.set_database_failing(true);
    let refused = ask().unwrap_err().to_string();
    assert!(refused.contains("does not say whether"), "{refused}");
    assert!(refused.contains("the database is down"), "{refused}");
    let failed = site.serving().calls.list().pop().unwrap();
    assert!(failed.remark.contains("does not say whether"), "{failed:?}");
}

#[test]
fn unread_rows_that_expire_are_counted_and_told() {
    let query = r#"{"query": "SELECT * FROM linux_process_events", "interval": 1}"#;
    let config = format!(
        r#"{{"schedule": {{"q1": {query}}}, "evtables": {{"retention": {{"rows_per_table": 100}}}}}}"#
    );
    let mut site = Site::with_config(&config);
    wait("settings", || site.serving().settings().retention.rows_per_table == Some(100));
    site.feed(1, 50);
    assert_eq!(site.run("q1"), range(1, 50));
    site.feed(51, 300);
    assert_eq!(site.run("q1"), range(251, 350));
    let expired = site.sql("SELECT expired FROM evtables_consumers WHERE consumer = 'q1'");
    assert_eq!(expired[0]["expired"], "200");
    let gap = "SELECT consumer, event_table, count FROM evtables_gaps WHERE cause = 'expired'";
    wait("no gap", || !site.sql(gap).is_empty());
    let gap = site.sql(gap);
    assert_eq!((gap[0]["consumer"].as_str(), gap[0]["count"].as_str()), ("q1", "200"));
    assert_eq!(gap[0]["event_table"], TABLE);
    // A new consumer missed nothing.
    assert_eq!(site.run("q9").len(), 100);
    let new = site.sql("SELECT expired FROM evtables_consumers WHERE consumer = 'q9'");
    assert_eq!(new[0]["expired"], "0");
}

/// As osquery's SQLite joins: one call per outer row.
fn join(site: &Site, outer: impl Iterator<Item = u64>) -> Rows {
    let call = |pid: u64| {
        site.double.generate(TABLE, &[("pid", 2, &pid.to_string())], &["pid", "cmdline"]).unwrap()
    };
    outer.flat_map(call).collect()
}

#[test]
fn the_calls_of_a_join_share_an_index() {
    let mut site = Site::start();
    site.feed(1, 3_000);
    let rows = join(&site, 1_000..1_200);
    assert_eq!(pids(&rows), range(1_000, 1_199));
    assert!(rows.iter().all(|row| row["cmdline"].ends_with(&row["pid"])));
    let calls = site.serving().calls.list();
    let read: Vec<u64> = calls.iter().map(|call| call.rows_read).collect();
    assert!(read[2..].iter().all(|rows| *rows <= 1), "{read:?}");
    // What comes while the index lives is seen a little later, as in any snapshot.
    site.begin("q1");
    assert_eq!(pids(&join(&site, 500..600)), range(500, 599), "in a window");
    assert!(join(&site, [9_999].into_iter()).is_empty());
    site.end("q1");
    let read: Vec<u64> = site.serving().calls.list().iter().map(|call| call.rows_read).collect();
    assert!(read[read.len() - 50..].iter().all(|rows| *rows <= 1), "{read:?}");
    // Text compares without case, and a number as text finds the number.
    let found = |constraint: (&str, u8, &str)| {
        site.double.generate(TABLE, &[constraint], &["pid", "path"]).unwrap().len()
    };
    for _ in 0..3 {
        assert_eq!(found(("path", 2, "/BIN/Other")), 300);
        assert_eq!(found(("path", 2, "/bin/nothing")), 0);
    }
}

#[test]
fn a_join_inside_a_run_asks_osquery_little() {
    let mut site = Site::start();
    site.feed(1, 100);
    let before = site.double.database_reads();
    site.begin("q1");
    assert_eq!(join(&site, 1..=100).len(), 100);
    site.end("q1");
    let asked = site.double.database_reads() - before;
    // Three per call without the name and the start second; one more each 900 ms.
    assert!(asked < 250, "{asked} questions for 100 calls");
}

#[test]
fn a_live_query_cannot_move_a_scheduled_cursor() {
    let mut site = Site::start();
    site.feed(1, 20);
    // While q1 runs, a live query asks first, then q1 itself.
    site.double.set_database("distributed_running", "live", "1");
    site.begin("q1");
    let live = pids(&site.double.select_all(TABLE).unwrap());
    site.feed(21, 5);
    let scheduled = pids(&site.double.select_all(TABLE).unwrap());
    site.end("q1");
    site.double.clear_database("distributed_running", "live");
    assert_eq!((live, scheduled), (range(1, 20), range(1, 20)), "the window is the run's");
    let state = site.sql("SELECT state FROM evtables_consumers WHERE consumer = 'q1'");
    assert_eq!(state[0]["state"], "contested");
    assert_eq!(site.run("q1"), range(21, 25), "nothing was taken from it");
}

#[test]
fn wrong_requests_are_errors_and_hurt_nobody() {
    let mut site = Site::start();
    site.feed(1, 10);
    let uuid = site.double.wait_extension("evtables", Duration::from_secs(5)).unwrap();
    let call = |registry: &str, item: &str, entries: &[(&str, &str)]| {
        let request: Row =
            entries.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        site.double.call(uuid, registry, item, &request).unwrap().status
    };
    let generate = ("action", "generate");
    for context in ["{", "\"x\"", "{\"constraints\": 5}", "\u{0}", &"[".repeat(100_000)] {
        let status = call("table", TABLE, &[generate, ("context", context)]);
        assert!(!status.is_ok() && !status.message.is_empty(), "{context:.20}");
    }
    assert!(!call("table", "nosuch", &[generate]).is_ok());
    assert!(!call("table", TABLE, &[("action", "dance")]).is_ok());
    assert!(!call("config", TABLE, &[generate]).is_ok());
    // Not writable.
    assert!(site.double.insert(TABLE, "[1]", None).is_err());
    assert!(site.double.delete("evtables_status", 1).is_err());
    // Values that no row can have are no error.
    for (column, op, value) in [
        ("pid", 2, "x"),
        ("pid", 4, ""),
        ("time", 4, "1e99"),
        ("cmdline", 65, "%_%"),
        ("path", 67, "("),
    ] {
        site.double.generate(TABLE, &[(column, op, value)], &["pid"]).unwrap();
    }
    assert_eq!(site.run("q1"), range(1, 10));
}

#[test]
fn a_heavy_cross_join_does_not_hurt_the_collector() {
    let site = Site::start();
    site.feed(1, 5_000);
    std::thread::scope(|scope| {
        // Eight full scans at a time, as a cross join of the table with itself makes them.
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(site.ad_hoc().len() % 1_000, 0);
                }
            });
        }
        for chunk in 5..15 {
            site.feed(1 + chunk * 1_000, 1_000);
        }
    });
    assert_eq!(site.ad_hoc(), range(1, 15_000));
    let sum = |outcome: &str| {
        site.number(&format!("SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE event_table = '{TABLE}' AND outcome = '{outcome}'"))
    };
    wait("the ledger never balanced", || sum("seen") == 15_000 && sum("delivered") == 15_000);
    assert_eq!((sum("lost"), sum("pending")), (0, 0));
}

#[test]
fn queries_are_shown_with_what_they_cost() {
    let site = Site::start();
    site.feed(1, 100);
    site.double.generate(TABLE, &[("pid", 2, "5"), ("cmdline", 67, "x(")], &["pid"]).unwrap();
    let used = ["event_table", "pushed", "ignored", "rows_read", "rows_returned", "duration_us"];
    let rows = site.double.generate("evtables_queries", &[], &used).unwrap();
    let last: &BTreeMap<String, String> = rows.last().unwrap();
    assert_eq!((last["pushed"].as_str(), last["rows_returned"].as_str()), ("pid = 5", "1"));
    assert!(last["ignored"].contains("x("), "{last:?}");
    assert!(last["duration_us"].parse::<u64>().unwrap() > 0);
}

#[test]
fn a_hundred_thousand_rows_of_twenty_columns_with_the_budget_raised() {
    let budgets = r#"{"evtables": {"budgets": {"reply_rows": 200000, "reply_mib": 90, "reply_seconds": 60}}}"#;
    let site = Site::with_config(budgets);
    wait("settings", || site.serving().settings().config.budgets.reply_rows == 200_000);
    for chunk in 0..100 {
        site.feed(1 + chunk * 1_000, 1_000);
    }
    let used = [
        "action",
        "eid",
        "pid",
        "process_guid",
        "path",
        "cmdline",
        "parent_pid",
        "time",
        "utc_time",
        "comm",
        "tid",
        "uid",
        "euid",
        "suid",
        "gid",
        "egid",
        "sid",
        "cap_effective",
        "ns_pid",
        "cgroup_id",
    ];
    let rows = site.double.generate(TABLE, &[], &used).unwrap();
    assert_eq!(pids(&rows), range(1, 100_000));
    assert_eq!(rows[0].len(), used.len());
    // The official bindings as the client, where the lane has them.
    let Some(python) = std::env::var_os("EVTABLES_PYTHON") else {
        println!("skipped: the official bindings absent (./dev test osquery)");
        return;
    };
    let uuid = site.double.wait_extension("evtables", Duration::from_secs(5)).unwrap();
    let socket = extension_socket(site.double.socket(), uuid);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/osquery/foreign_client.py");
    let output = std::process::Command::new(python)
        .args([script, "--used", &used.join(",")])
        .arg(socket)
        .arg(TABLE)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: Vec<BTreeMap<String, String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(pids(&theirs), range(1, 100_000));
    assert!(theirs == rows, "the same cells");
}
