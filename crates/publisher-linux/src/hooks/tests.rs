// SPDX-License-Identifier: Apache-2.0
//! The declarations agree with each other.

use super::*;
use std::collections::{HashMap, HashSet};

fn plans(table: &TableHooks) -> impl Iterator<Item = &'static Planned> + use<> {
    let ways = table.hooks.iter().flat_map(|hook| hook.ways);
    ways.flat_map(|way| match way.place {
        Place::Plans(plans) => plans,
        _ => &[],
    })
}

#[test]
fn each_kind_is_counted_once() {
    let mut seen = HashSet::new();
    for table in TABLES {
        for kind in table.kinds {
            assert!(seen.insert(kind), "{}: kind {kind}", table.spec.name);
        }
        for planned in plans(table) {
            let kind = u16::from(planned.plan.bytes()[0]);
            let own = table.kinds.contains(&kind) || table.derived.contains(&kind);
            assert!(own, "{}: {}", table.spec.name, planned.name);
        }
    }
}

#[test]
fn calls_have_no_more_plans_than_fit() {
    let mut seen: HashMap<i64, Vec<_>> = HashMap::new();
    for planned in TABLES.iter().flat_map(plans) {
        let known = seen.entry(planned.call).or_default();
        // Tables may share one.
        if !known.contains(&planned.plan) {
            known.push(planned.plan);
        }
        assert!(known.len() <= calls::PLANS_MAX as usize, "{}", planned.name);
        assert!((0..i64::from(calls::CALLS_MAX)).contains(&planned.call), "{}", planned.name);
    }
}

/// A jump leads to one program only.
#[test]
fn each_call_has_one_program() {
    let mut seen: HashMap<(bool, i64), &str> = HashMap::new();
    for table in TABLES {
        for way in table.hooks.iter().flat_map(|hook| hook.ways) {
            let (begins, calls) = match way.place {
                Place::Begin(calls) => (true, calls.to_vec()),
                Place::End(calls) => (false, calls.to_vec()),
                Place::Plans(plans) => (false, plans.iter().map(|planned| planned.call).collect()),
                _ => continue,
            };
            for call in calls {
                let other = seen.insert((begins, call), way.program);
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
    assert_eq!(size, plans(&TABLES[1]).next().unwrap().plan.bytes().len());
}

/// A program on functions sends all kinds that it knows and that are on: a hook of another table that would
/// have one of them from system calls as well would make rows twice.
#[test]
fn operations_are_told_of_by_one_way() {
    let source = include_str!("../../bpf/function.bpf.c");
    for program in ["rename_done", "link_done"] {
        let with: Vec<&str> = TABLES
            .iter()
            .filter(|table| table.hooks.iter().any(|hook| hook.ways[0].program == program))
            .map(|table| table.spec.name)
            .collect();
        assert_eq!(with, ["linux_file_events", "linux_elf_file_events"], "{program}");
    }
    for table in TABLES {
        for hook in table.hooks {
            let (first, others) = hook.ways.split_first().unwrap();
            if first.source == Source::Function && hook.needed {
                assert_eq!(others.len(), 1, "{}: no way under lockdown", hook.name);
                assert!(matches!(others[0].place, Place::Plans(_)), "{}", hook.name);
            }
            assert!(others.iter().all(|way| way.tier == "A"), "{}: best first", hook.name);
        }
        for way in table.hooks.iter().flat_map(|hook| hook.ways) {
            for program in way.programs().filter(|_| way.source == Source::Function) {
                assert!(source.contains(&format!("int {program}(__u64 *ctx)")), "{program}");
            }
        }
    }
}
