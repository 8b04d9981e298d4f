// SPDX-License-Identifier: Apache-2.0
//! Retention under pressure: a clock that jumps.

use crate::sample::*;
use crate::*;

#[test]
fn a_clock_that_jumps_ahead_and_back_costs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let retention = Retention { seconds: Some(3_600), ..Retention::default() };
    let mut store = open(dir.path(), Options { retention, ..options() });
    store.append(rows(1, 10, MIDNIGHT)).unwrap();
    store.seal(MIDNIGHT).unwrap();
    store.tick(MIDNIGHT + SECOND).unwrap();
    let ahead = MIDNIGHT + 300 * DAY;
    for second in 0..500 {
        store.tick(ahead + second * SECOND).unwrap();
    }
    store.tick(MIDNIGHT + 600 * SECOND).unwrap();
    assert_eq!(seqs(&store.reader()).len(), 10);
    assert!(store.expired().values().all(|rows| *rows == 0));
    for second in 0..700 {
        store.tick(ahead + second * SECOND).unwrap();
    }
    assert_eq!(store.expired()["sample_events"], 10, "a clock that goes on is believed");
}
