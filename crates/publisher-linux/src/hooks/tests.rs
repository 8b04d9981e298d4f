// SPDX-License-Identifier: Apache-2.0
//! The declarations agree with each other.

use super::*;
use std::collections::HashSet;

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
fn each_call_has_one_plan() {
    let mut seen = HashSet::new();
    for planned in TABLES.iter().flat_map(|table| table.plans) {
        assert!(seen.insert(planned.call), "{}", planned.name);
        assert!((0..512).contains(&planned.call), "{}", planned.name);
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
            Some("__u32") => 4,
            Some("__u64") => 8,
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(size, TABLES[1].plans[0].plan.bytes().len());
}
