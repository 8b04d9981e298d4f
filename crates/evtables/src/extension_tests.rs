// SPDX-License-Identifier: Apache-2.0
//! Tests of extension mode: registration, flags, restarts, a data dir in use, the end.

use super::*;
use crate::testing::{Feed, Running, Site, TABLE, WAIT, pids, wait};
use evtables_osquery::{DoubleOptions, ManagerDouble};

#[test]
fn tables_are_registered_before_the_collector_is_up() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("osquery.em");
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let feed = Arc::<Feed>::default();
    feed.held.store(true, Ordering::Relaxed);
    let running = Running::start(&folder.path().join("data"), &socket, &feed);
    assert!(double.wait_table(TABLE, WAIT));
    // No error and no long wait: nothing is there yet, and nothing is missed.
    assert!(double.select_all(TABLE).unwrap().is_empty());
    feed.held.store(false, Ordering::Relaxed);
    wait("nothing captures", || feed.is_attached());
    feed.send(1, 10);
    wait("no rows", || double.select_all(TABLE).unwrap().len() == 10);
    running.stop();
}

#[test]
fn an_osquery_that_comes_late_finds_us() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("osquery.em");
    let feed = Arc::<Feed>::default();
    let running = Running::start(&folder.path().join("data"), &socket, &feed);
    wait("collects without osquery", || feed.send(1, 10));
    let mut double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    assert!(double.wait_table(TABLE, WAIT));
    wait("no rows", || pids(&double.select_all(TABLE).unwrap()) == (1..=10).collect::<Vec<u64>>());
    // Dropped without a word, and restarted again and again: the tables come back, nothing is lost.
    for round in 0..50 {
        match round % 3 {
            0 => drop(double.drop_registration("evtables")),
            1 => double.restart().unwrap(),
            _ => {
                double.terminate();
                feed.send(11 + round, 1);
                double.restart().unwrap();
            }
        }
        assert!(double.wait_table(TABLE, WAIT), "round {round}");
    }
    wait("an event was missed", || double.select_all(TABLE).unwrap().len() == 10 + 16);
    running.stop();
    assert!(double.wait_gone("evtables", WAIT), "took leave");
}

#[test]
fn a_name_that_is_taken_is_served_under_another() {
    let mut site = Site::prepared(
        r#"{"schedule": {"q1": {"query": "SELECT * FROM evtables_linux_process_events", "interval": 1}}}"#,
        |double| double.add_core_table(TABLE),
    );
    let other = "evtables_linux_process_events";
    assert!(
        site.double.wait_table(other, WAIT) && site.double.tables().contains("evtables_status")
    );
    site.feed(1, 5);
    let registered =
        "SELECT registered_as FROM evtables_tables WHERE name = 'linux_process_events'";
    wait("not told", || site.sql(registered)[0]["registered_as"] == other);
    site.begin("q1");
    assert_eq!(pids(&site.double.select_all(other).unwrap()).len(), 5);
    site.end("q1");
    site.begin("q1");
    assert!(site.double.select_all(other).unwrap().is_empty(), "its cursor moved");
    site.end("q1");
}

#[test]
fn wrong_flags_do_not_hurt_the_collector() {
    let mut site = Site::start();
    let option = |name: &str, value: &str, default: &str| {
        site.double.set_option(name, value, default, "string")
    };
    option("events_max", "1", "50000");
    option("events_expiry", "0", "3600");
    wait("events_max", || site.serving().settings().retention.rows_per_table == Some(1));
    assert_eq!(site.serving().settings().retention.seconds, None);
    site.feed(1, 500);
    wait("rows per table", || site.ad_hoc() == [500]);
    for (max, expiry) in [("x", "-1"), ("99999999999999999999", ""), ("", "3600")] {
        let option = |name: &str, value: &str, default: &str| {
            site.double.set_option(name, value, default, "string")
        };
        option("events_max", max, "50000");
        option("events_expiry", expiry, "3600");
    }
    wait("our own again", || site.serving().settings().retention.rows_per_table == Some(1_000_000));
    // Keys of ours that are wrong are told and change nothing.
    let message = "SELECT message FROM evtables_status";
    for (hash, config, word) in [
        ("a", r#"{"evtables": {"retenton": {}}}"#, "retenton"),
        ("b", r#"{"evtables": {"budgets": {"reply_mib": 5000}}}"#, "within 1 to 90"),
        ("c", "{ this is no JSON", "configuration: "),
        ("d", r#"{"evtables": []}"#, "configuration: "),
    ] {
        site.reconfigure(hash, config, || site.sql(message)[0]["message"].contains(word));
        site.feed(1_000, 10);
    }
    site.reconfigure("e", "{}", || site.sql(message)[0]["message"].is_empty());
    // Capture off and on again; stored rows are served all the time.
    let stored = site.ad_hoc().len();
    site.double.set_option("disable_events", "true", "false", "bool");
    wait("capture goes on", || !site.feed.is_attached());
    wait("not told", || {
        site.sql(message).first().is_some_and(|row| row["message"].contains("disable_events"))
    });
    assert_eq!(site.ad_hoc().len(), stored);
    let until = evtables_engine::host::now_seconds() + 4;
    wait("time passes", || evtables_engine::host::now_seconds() > until);
    site.double.set_option("disable_events", "false", "false", "bool");
    wait("capture stays off", || site.feed.is_attached());
    site.feed(2_000, 10);
    wait("the pause is no gap", || {
        site.number("SELECT count(*) FROM evtables_gaps WHERE cause = 'disabled'") == 1
    });
    // Without cursors every run is given the history.
    site.double.set_option("events_optimize", "false", "true", "bool");
    wait("events_optimize", || !site.serving().settings().cursors);
    assert_eq!(site.run("q1"), site.run("q1"));
}

#[test]
fn lost_events_and_time_without_a_collector_are_gaps() {
    let mut site = Site::start();
    site.feed(1, 10);
    site.feed.lost.store(7, Ordering::Relaxed);
    let lost = "SELECT event_table, count FROM evtables_gaps WHERE cause = 'lost'";
    wait("no gap", || !site.sql(lost).is_empty());
    assert_eq!(
        (site.sql(lost)[0]["event_table"].as_str(), site.sql(lost)[0]["count"].as_str()),
        (TABLE, "7")
    );
    site.feed.lost.store(9, Ordering::Relaxed);
    wait("no second gap", || site.sql(lost).len() == 2);
    assert_eq!(site.sql(lost)[1]["count"], "2", "what is new");
    site.stop_extension();
    let until = evtables_engine::host::now_seconds() + 3;
    wait("time passes", || evtables_engine::host::now_seconds() > until);
    site.start_extension();
    let pause =
        "SELECT to_time - from_time AS seconds FROM evtables_gaps WHERE cause = 'not_running'";
    wait("no gap", || !site.sql(pause).is_empty());
    assert!(site.sql(pause)[0]["seconds"].parse::<i64>().unwrap() >= 3);
}

#[test]
fn a_data_dir_in_use_is_served_and_taken_over() {
    let mut site = Site::start();
    site.feed(1, 10);
    assert_eq!(site.run("q1").len(), 10);
    // Another osquery on the same host, with the same data dir.
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("other.em");
    let second = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let feed = Arc::<Feed>::default();
    let running = Running::start(&site.dir(), &socket, &feed);
    assert!(second.wait_table(TABLE, WAIT));
    let status = |double: &ManagerDouble| double.select_all("evtables_status").unwrap();
    wait("not told", || {
        status(&second)
            .first()
            .is_some_and(|row| row["message"].contains("another process collects"))
    });
    assert!(!feed.is_attached() && site.feed.is_attached());
    let run = |start: &str| {
        second.set_database("configurations", "timestamp.q1", start);
        second.set_database("configurations", "executing_query", "q1");
        let rows = pids(&second.select_all(TABLE).unwrap());
        second.set_database("configurations", "executing_query", "");
        rows
    };
    assert_eq!(run("100").len(), 10, "its cursors are its own");
    assert!(run("110").is_empty());
    site.feed(11, 5);
    wait("no new rows", || run("120").len() == 5 || second.select_all(TABLE).unwrap().len() == 15);
    assert_eq!(site.run("q1").len(), 5);
    // The first one ends: the second takes over by itself.
    site.stop_extension();
    wait("nobody took over", || feed.is_attached());
    assert!(feed.send(16, 5));
    wait("no rows", || second.select_all(TABLE).unwrap().len() == 20);
    wait("the remark stays", || {
        status(&second).first().is_some_and(|row| !row["message"].contains("another process"))
    });
    running.stop();
}

#[test]
fn without_a_parent_and_without_osquery_we_end() {
    let mut site = Site::start();
    site.stop_extension();
    let socket = site.double.socket().to_owned();
    // Not our parent: it has died.
    let parent = Some(0x7fff_fffe);
    let orphan = Running::start_as_child_of(&site.dir(), &socket, &site.feed, parent);
    assert!(site.double.wait_table(TABLE, WAIT));
    wait("nothing captures", || site.feed.is_attached());
    site.feed(1, 5);
    assert!(!orphan.has_ended(), "osquery still serves its socket");
    site.double.kill();
    wait("a zombie", || orphan.has_ended());
    orphan.stop();
    site.double.restart().unwrap();
    site.start_extension();
    assert_eq!(site.ad_hoc().len(), 5, "closed cleanly");
}

#[test]
fn an_older_osquery_is_told_in_evtables_status() {
    let site = Site::start();
    let degraded = || site.sql("SELECT message FROM evtables_status WHERE state = 'degraded'");
    wait("running", || {
        site.number("SELECT count(*) FROM evtables_status WHERE state = 'running'") == 1
    });
    assert!(degraded().is_empty());
    site.set_host("1", "hash-1", "4.9.0");
    wait("not told", || !degraded().is_empty());
    assert!(degraded().iter().all(|row| row["message"].starts_with("osquery 4.9.0 lacks ")));
    let through_osquery = site.double.select_all("evtables_status").unwrap();
    assert!(through_osquery.iter().any(|row| row["state"] == "degraded"));
    site.set_host("1", "hash-1", "3.3.2");
    wait("not told", || degraded().iter().any(|row| row["message"].contains("oldest supported")));
    site.set_host("1", "hash-1", "built at home");
    wait("an unknown one lacks nothing that we know", || degraded().is_empty());
}

#[test]
fn stock_packs_load_beside_ours() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/osquery/stock_shape.conf");
    let mut site = Site::with_config(&std::fs::read_to_string(path).unwrap());
    site.feed(1, 10);
    assert!(site.sql("SELECT message FROM evtables_status")[0]["message"].is_empty());
    // No table of ours has the name of one of core's, whatever the pack asks for.
    let ours = site.double.tables();
    assert!(
        ours.iter().all(|name| ["linux_", "win_", "windows_", "evtables_"]
            .iter()
            .any(|p| name.starts_with(p))),
        "{ours:?}"
    );
    // Queries of a pack have cursors under their full name; snapshots and those of core's tables have none.
    assert_eq!(site.run("pack_evtables_new_processes").len(), 10);
    assert!(site.run("pack_evtables_new_processes").is_empty());
    assert_eq!(site.run("pack_evtables_process_snapshot").len(), 10);
    assert_eq!(site.run("pack_evtables_process_snapshot").len(), 10);
    assert_eq!(site.run("pack_incident-response_crontab").len(), 10, "does not name our table");
    let consumers = site.sql("SELECT consumer FROM evtables_consumers");
    assert_eq!(consumers.len(), 1, "{consumers:?}");
}

#[test]
fn osquery_is_known_by_its_name() {
    for image in
        ["/opt/osquery/bin/osqueryd", r"C:\Program Files\osquery\osqueryd\osqueryd.exe", "osqueryi"]
    {
        assert!(is_osquery(image), "{image}");
    }
    for image in ["", "/opt/osquery/evil", r"C:\osqueryd\x.exe"] {
        assert!(!is_osquery(image), "{image}");
    }
}
