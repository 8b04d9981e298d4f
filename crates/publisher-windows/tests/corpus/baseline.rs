// SPDX-License-Identifier: Apache-2.0
//! A trace with compressed buffers against PerfView's own decode of it.

use super::classes::{NAMED, UNCOUNTED};
use super::traces::{corpus, net, read_all};
use evtables_publisher_windows::fields::classes::PERF_INFO;
use evtables_publisher_windows::{EventClass, RawEvent, RawEventSource};
use std::collections::BTreeMap;

/// PerfView leaves out samples of an idle processor, unless it was busy with a deferred call or an
/// interrupt (the two lowest flags).
fn idle_sample(event: &RawEvent<'_>) -> bool {
    let flag = |at: usize| event.payload[at];
    (event.provider, event.id) == (PERF_INFO, 46)
        && event.payload[8..12] == [0; 4]
        && flag(14) & 3 == 0
}

#[test]
fn counts_of_all_classes_equal_the_baseline() {
    let (Some(bytes), Some(baseline)) = (net(), corpus("net.4.5.2.x64.baseline.txt")) else {
        return;
    };
    let mut counts = BTreeMap::<&str, u64>::new();
    let mut left_out = BTreeMap::<(EventClass, u128, u16), u64>::new();
    let mut idle = 0;
    let reader = read_all(&bytes, |event| {
        let key = (event.class, event.provider.0, event.id);
        if idle_sample(event) {
            idle += 1;
        } else if let Some(named) = NAMED.iter().find(|named| (named.0, named.1, named.2) == key) {
            *counts.entry(named.3).or_default() += 1;
        } else {
            *left_out.entry(key).or_default() += 1;
        }
    });
    let baseline = String::from_utf8(baseline).unwrap();
    let lines = baseline.lines().filter_map(|line| line.strip_prefix("COUNT "));
    let wanted: BTreeMap<&str, u64> = lines
        .map(|line| line.rsplit_once(':').unwrap())
        .map(|(name, count)| (name, count.parse().unwrap()))
        .collect();
    assert_eq!(wanted.len(), 152);
    assert_eq!(counts, wanted);
    let uncounted = UNCOUNTED.iter().map(|row| ((row.0, row.1, row.2), row.3)).collect();
    assert_eq!(left_out, uncounted, "what PerfView has no line for");
    let all = wanted.values().sum::<u64>() + left_out.values().sum::<u64>() + idle;
    assert_eq!((all, reader.seen(), idle), (179_474, 179_474, 73_208));
    assert_eq!(reader.damage(), []);
}
