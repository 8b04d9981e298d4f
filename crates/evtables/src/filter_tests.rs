// SPDX-License-Identifier: Apache-2.0
//! Tests of filters in the running extension: at start, changed under load, wrong ones.

use crate::testing::{Site, TABLE, wait};
use std::sync::atomic::Ordering;

fn config(values: &str) -> String {
    format!(
        r#"{{"plgx_event_filters": {{"{TABLE}": {{"path": {{"exclude": {{"values": [{values}]}}}}}}}}}}"#
    )
}

fn sum(site: &Site, outcome: &str) -> i64 {
    site.number(&format!("SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE event_table = '{TABLE}' AND outcome = '{outcome}'"))
}

#[test]
fn nothing_is_unfiltered_at_start() {
    // Every tenth process is /bin/other.
    let site = Site::with_config(&config(r#""/BIN/Other""#));
    site.feed(1, 999);
    assert_eq!(site.number(&format!("SELECT count(*) FROM {TABLE}")), 900);
    assert_eq!(site.number(&format!("SELECT count(*) FROM {TABLE} WHERE path = '/bin/other'")), 0);
    wait("the ledger never balanced", || {
        (sum(&site, "seen"), sum(&site, "delivered"), sum(&site, "filtered")) == (999, 900, 99)
    });
    assert_eq!((sum(&site, "lost"), sum(&site, "pending")), (0, 0));
    let rule = &site.sql("SELECT * FROM evtables_filters")[0];
    assert_eq!((rule["rule"].as_str(), rule["hits"].as_str()), ("path exclude /BIN/Other", "99"));
    assert_eq!((rule["runs_in"].as_str(), rule["config_version"].as_str()), ("engine", "1"));
}

#[test]
fn a_hundred_changes_under_load_judge_each_batch_by_one_configuration() {
    let site = Site::with_config(&config(r#""/nothing""#));
    let stop = std::sync::atomic::AtomicBool::new(false);
    let total = std::thread::scope(|scope| {
        // 5,000 events a second and more: /bin/task and /bin/other in each batch.
        let storm = scope.spawn(|| {
            let mut next = 1;
            while !stop.load(Ordering::Relaxed) {
                assert!(site.feed.send(next, 500));
                next += 500;
                std::thread::park_timeout(std::time::Duration::from_millis(50));
            }
            next - 1
        });
        // By turns one of the two paths is left out: a mixture would keep both, or none.
        for round in 0..100 {
            let path = ["\"/bin/task\"", "\"/bin/other\""][round % 2];
            let wanted = format!("path exclude {}", path.trim_matches('"'));
            site.reconfigure(&format!("round-{round}"), &config(path), || {
                let settings = site.serving().settings();
                settings.config.filters.all().all(|rules| rules.rules()[0].name == wanted)
            });
        }
        stop.store(true, Ordering::Relaxed);
        storm.join().unwrap()
    });
    let total = i64::try_from(total).unwrap();
    wait("a configuration was skipped", || {
        site.sql("SELECT config_version FROM evtables_status")[0]["config_version"] == "101"
    });
    wait("the ledger never balanced", || {
        sum(&site, "seen") == total && sum(&site, "delivered") + sum(&site, "filtered") == total
    });
    assert_eq!((sum(&site, "lost"), sum(&site, "pending")), (0, 0));
    // Each batch of 500 is whole, all but the others, or the others alone.
    let batches = site.sql(&format!(
        "SELECT (pid - 1) / 500 AS batch, sum(path = '/bin/task') AS tasks, sum(path = '/bin/other') AS others FROM {TABLE} GROUP BY 1"
    ));
    let mut kinds = std::collections::BTreeSet::new();
    for batch in &batches {
        let kind = (batch["tasks"].as_str(), batch["others"].as_str());
        assert!([("450", "50"), ("450", "0"), ("0", "50")].contains(&kind), "{batch:?}");
        kinds.insert(kind.0.to_owned() + kind.1);
    }
    assert!(kinds.len() >= 2, "{kinds:?}");
    assert_eq!(i64::try_from(batches.len()).unwrap(), total / 500, "no batch is gone");
}

#[test]
fn a_wrong_filter_leaves_the_last_good_one_and_is_told() {
    let site = Site::with_config(&config(r#""/bin/other""#));
    let wrong = config(r#""x"], "vlues": ["y""#);
    let rejected = "SELECT key, error FROM evtables_config WHERE state = 'rejected'";
    site.reconfigure("wrong", &wrong, || !site.sql(rejected).is_empty());
    let row = &site.sql(rejected)[0];
    assert_eq!(row["key"], format!("plgx_event_filters.{TABLE}.path.exclude.vlues"));
    assert!(row["error"].contains("did you mean values?"), "{row:?}");
    assert!(site.sql("SELECT message FROM evtables_status")[0]["message"].contains("vlues"));
    site.feed(1, 99);
    assert_eq!(site.number(&format!("SELECT count(*) FROM {TABLE} WHERE path = '/bin/other'")), 0);
    site.reconfigure("right", &config(r#""/bin/task""#), || site.sql(rejected).is_empty());
    let version = site.sql("SELECT config_version FROM evtables_status");
    assert_eq!(version[0]["config_version"], "2", "the wrong one never was in force");
}
