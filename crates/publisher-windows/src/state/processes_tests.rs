// SPDX-License-Identifier: Apache-2.0
//! Numbers used again, ends and starts lost, records late.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;
use proptest::prelude::*;

fn table() -> Processes {
    Processes::new(HostBoot(1 << 40), 0)
}

fn named(name: &str) -> Facts {
    Facts { path: Some(name.into()), ..Facts::default() }
}

fn path(table: &Processes, pid: u32, time: i64) -> Option<&str> {
    table.at(pid, time).and_then(|process| process.facts.path.as_deref())
}

#[test]
fn a_number_used_again_means_who_lived_then() {
    let mut table = table();
    table.started(7, 100, Teller::Kernel, named("a"));
    assert!(table.ended(7, 200));
    let (start, _) = table.started(7, 300 * SECOND, Teller::Kernel, named("b"));
    assert_eq!(start, Start::New);
    for (time, who) in [
        (100, "a"),
        (199, "a"),
        (90, "a"),
        (201, "a"),
        (300 * SECOND, "b"),
        (299 * SECOND, "b"),
        (400 * SECOND, "b"),
    ] {
        assert_eq!(path(&table, 7, time), Some(who), "{time}");
    }
}

#[test]
fn a_lost_end_is_the_next_start() {
    let mut table = table();
    table.started(7, 0, Teller::Kernel, named("a"));
    table.started(7, 10 * SECOND, Teller::Kernel, named("b"));
    assert_eq!(path(&table, 7, 10 * SECOND - 1), Some("a"));
    assert_eq!(path(&table, 7, 10 * SECOND), Some("b"));
    assert!(table.ended(7, 11 * SECOND));
    assert!(!table.ended(7, 11 * SECOND), "told by the other record as well");
}

#[test]
fn both_records_of_a_start_are_one_process() {
    let mut table = table();
    let (_, first) = table.started(7, 1_000, Teller::Manifest, named("a"));
    let more =
        Facts { cmdline: Some("a -x".into()), path: Some("other".into()), ..Facts::default() };
    let (start, second) = table.started(7, 2_000, Teller::Kernel, more);
    assert_eq!((start, first), (Start::Echo, second));
    let process = table.at(7, 5_000).unwrap();
    assert_eq!(process.facts.cmdline.as_deref(), Some("a -x"));
    assert_eq!(process.facts.path.as_deref(), Some("a"), "what was known stays");
}

#[test]
fn a_process_named_before_it_is_found_running_keeps_its_identity() {
    let mut table = table();
    let guid = table.touch(9, 50).guid;
    let facts = Facts { parent_pid: Some(1), ..named("svc") };
    assert_eq!(table.running(9, 80, Some(10), facts.clone()), (Start::New, guid));
    assert_eq!(table.running(9, 90, None, facts), (Start::Echo, guid));
    assert_eq!(path(&table, 9, 60), Some("svc"));
}

#[test]
fn the_table_is_bounded() {
    let mut table = table();
    for pid in 0..PIDS_MAX as u32 + 10 {
        table.touch(pid, i64::from(pid));
    }
    assert_eq!(table.forgotten(), 10);
    for time in 0..10 {
        table.started(PIDS_MAX as u32, time * SECOND, Teller::Kernel, Facts::default());
    }
    assert!(table.pids.get(&(PIDS_MAX as u32)).unwrap().len() <= GENERATIONS_MAX);
}

proptest! {
    /// Lives of few numbers, told out of order by up to 20 ms and with losses: whoever was told to
    /// start is found at every moment of a life that was told whole.
    #[test]
    fn whole_lives_are_found(
        lives in prop::collection::vec((0u32..4, 1i64..2_000, 1i64..2_000, 0u8..8, 0i64..20), 1..40),
    ) {
        const MS: i64 = 1_000_000;
        let mut told: Vec<(i64, u32, usize, bool)> = Vec::new();
        let mut free = [1_000 * MS; 4];
        let mut spans = Vec::new();
        for (i, (pid, gap, length, lost, jitter)) in lives.iter().enumerate() {
            let begin = free[*pid as usize] + (gap + 300) * MS;
            let end = begin + (length + 50) * MS;
            free[*pid as usize] = end;
            if lost & 1 == 0 {
                told.push((begin + jitter * MS, *pid, i, true));
            }
            if lost & 2 == 0 {
                told.push((end + jitter * MS, *pid, i, false));
            }
            spans.push((*pid, begin, end, lost & 3 == 0));
        }
        told.sort_unstable();
        let mut table = table();
        let mut names = std::collections::HashMap::new();
        for (_, pid, i, start) in told {
            let (_, begin, end, whole) = spans[i];
            if start {
                let (_, guid) = table.started(pid, begin, Teller::Kernel, named(&i.to_string()));
                names.insert(i, guid);
            } else {
                table.ended(pid, end);
                // Right after its end is told, all its life is its own.
                if whole {
                    for time in [begin, begin + (end - begin) / 2, end] {
                        prop_assert_eq!(table.at(pid, time).unwrap().guid, names[&i], "life {}", i);
                    }
                }
            }
        }
    }
}
