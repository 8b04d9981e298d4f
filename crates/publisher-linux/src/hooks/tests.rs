// SPDX-License-Identifier: Apache-2.0
//! The declarations agree with each other.

use super::*;
use std::collections::{HashMap, HashSet};

#[test]
fn each_kind_is_counted_once() {
    let mut seen = HashSet::new();
    for table in TABLES {
        for kind in table.kinds {
            assert!(seen.insert(kind), "{}: kind {kind}", table.spec.name);
        }
        for planned in table.plans {
            let kind = u16::from(planned.plan.bytes()[0]);
            assert!(table.kinds.contains(&kind), "{}: {}", table.spec.name, planned.name);
        }
    }
}

#[test]
fn calls_have_no_more_plans_than_fit() {
    let mut seen: HashMap<i64, u32> = HashMap::new();
    for planned in TABLES.iter().flat_map(|table| table.plans) {
        let count = seen.entry(planned.call).or_default();
        *count += 1;
        assert!(*count <= calls::PLANS_MAX, "{}", planned.name);
        assert!((0..i64::from(calls::CALLS_MAX)).contains(&planned.call), "{}", planned.name);
    }
}

/// A jump leads to one program only.
#[test]
fn each_call_has_one_program() {
    let mut seen: HashMap<(bool, i64), &str> = HashMap::new();
    for table in TABLES {
        for way in table.hooks.iter().flat_map(|hook| hook.ways) {
            let planned: Vec<i64> = table.plans.iter().map(|planned| planned.call).collect();
            let (begins, calls) = match way.place {
                Place::Begin(calls) => (true, calls),
                Place::End(calls) => (false, calls),
                Place::Plans => (false, planned.as_slice()),
                _ => continue,
            };
            for call in calls {
                let other = seen.insert((begins, *call), way.program);
                assert!(other.is_none_or(|other| other == way.program), "{call}: {other:?}");
            }
        }
    }
}

#[test]
fn plans_are_as_wide_as_in_the_header() {
    let header = include_str!("../../bpf/wire.h");
    let body = header.split("struct wire_plan {\n").nth(1).unwrap().split("\n};").next().unwrap();
    let size: usize = body
        .lines()
        .map(|line| match line.split_whitespace().next() {
            Some("__u8") => 1,
            Some("__u16") => 2,
            Some("__u32") => 4,
            Some("__u64") => 8,
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(size, TABLES[1].plans[0].plan.bytes().len());
}
