// SPDX-License-Identifier: Apache-2.0
//! Tests of filters in the running extension: at start, changed under load, wrong ones.

use crate::testing::{Feed, MARKED_ROWS, MARKERS, Site, TABLE, wait};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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

/// Each batch of the storm has 101 markers, and each configuration leaves out one of its own: what is
/// missing in a batch names the configuration that judged it, from the first batch on, which comes the
/// moment that anything captures.
#[test]
fn a_hundred_changes_in_a_storm_judge_each_batch_by_one_configuration() {
    const EVENTS_PER_SECOND: u64 = 6_000;
    const ROUNDS: u64 = MARKERS - 1;
    let excluding = |marker: u64| config(&format!("\"/bin/m{marker}\""));
    let site = Site::fed(&excluding(0), |_| {}, Feed::eager());
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let (total, seconds) = std::thread::scope(|scope| {
        let storm = scope.spawn(|| {
            let mut next = MARKED_ROWS + 1;
            while !stop.load(Ordering::Relaxed) {
                // What a slow machine held up is made up for.
                let due = u64::try_from(began.elapsed().as_millis()).unwrap() * EVENTS_PER_SECOND;
                while next * 1_000 <= due {
                    assert!(site.feed.send_marked(next));
                    next += MARKED_ROWS;
                }
                std::thread::park_timeout(Duration::from_millis(10));
            }
            (next - 1, began.elapsed().as_secs_f64())
        });
        for round in 1..=ROUNDS {
            let wanted = format!("path exclude /bin/m{round}");
            site.reconfigure(&format!("round-{round}"), &excluding(round), || {
                let settings = site.serving().settings();
                settings.config.filters.all().all(|rules| rules.rules()[0].name == wanted)
            });
        }
        stop.store(true, Ordering::Relaxed);
        storm.join().unwrap()
    });
    assert!(total as f64 > seconds * 5_000.0, "{total} events in {seconds} s are no storm");
    let total = i64::try_from(total).unwrap();
    wait("a configuration was skipped", || {
        site.sql("SELECT config_version FROM evtables_status")[0]["config_version"] == "101"
    });
    wait("the ledger never balanced", || {
        sum(&site, "seen") == total && sum(&site, "delivered") + sum(&site, "filtered") == total
    });
    assert_eq!((sum(&site, "lost"), sum(&site, "pending")), (0, 0));
    let batches = site.sql(&format!(
        "SELECT count(*) AS rows, count(DISTINCT path) AS paths, sum(CAST(substr(path, 7) AS INTEGER)) AS markers
         FROM {TABLE} GROUP BY (pid - 1) / {MARKED_ROWS} ORDER BY (pid - 1) / {MARKED_ROWS}"
    ));
    let number = |text: &String| text.parse::<u64>().unwrap();
    let all: u64 = (0..MARKERS).sum();
    let judged_by = batches.iter().map(|batch| {
        // Every other marker is there whole: no mixture, no event lost, none unfiltered.
        assert_eq!((number(&batch["rows"]), number(&batch["paths"])), (ROUNDS * 5, ROUNDS));
        all - number(&batch["markers"]) / 5
    });
    let judged_by: Vec<u64> = judged_by.collect();
    assert_eq!(judged_by.len() as u64 * MARKED_ROWS, u64::try_from(total).unwrap());
    assert_eq!(judged_by[0], 0, "the first batch is judged by the first configuration");
    assert!(judged_by.is_sorted(), "each takes over at one point: {judged_by:?}");
    assert!(judged_by.iter().collect::<BTreeSet<_>>().len() > 10, "{judged_by:?}");
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
