// SPDX-License-Identifier: Apache-2.0
//! Tests of `consumers`.

use super::*;

const T: &str = "linux_process_events";

fn run(start: i64, ended: u64) -> Asking {
    asking(Run { start, ended: Some(ended), last_ended: start - 1 })
}

fn asking(run: Run) -> Asking {
    Asking { run: Some(run), ..Asking::default() }
}

fn given(rows: u64, expired: u64) -> Given {
    Given { rows, expired }
}

fn book(dir: &tempfile::TempDir) -> Cursors {
    Cursors::open(&consumers_path(dir.path(), "a"), crate::host::now_seconds)
}

#[test]
fn a_window_is_one_for_all_calls_of_a_run_and_closed_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let mut cursors = book(&dir);
    assert_eq!(cursors.due("q", T, &run(100, 0)), Due::Open(None));
    cursors.fix(("q", T), &run(100, 0), (0, 50), given(50, 0), "reading");
    assert_eq!(cursors.due("q", T, &run(100, 0)), Due::Fixed(0, 50));
    assert_eq!(cursors.due("other", T, &run(100, 0)), Due::Open(None));
    // Another book of the same file goes on where this one stood.
    let mut cursors = book(&dir);
    assert_eq!(cursors.due("q", T, &run(100, 0)), Due::Fixed(0, 50));
    assert_eq!(cursors.due("q", T, &run(110, 1)), Due::Open(Some(50)));
    cursors.fix(("q", T), &run(110, 1), (50, 50), given(0, 0), "idle");
    assert_eq!(cursors.due("q", T, &run(110, 1)), Due::Fixed(50, 50), "an empty window too");
    assert_eq!(cursors.due("q", T, &run(110, 2)), Due::Open(Some(50)), "in the same second");
}

#[test]
fn a_run_that_never_ended_is_served_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut cursors = book(&dir);
    cursors.fix(("q", T), &run(100, 4), (10, 50), given(40, 0), "reading");
    assert_eq!(cursors.due("q", T, &run(120, 4)), Due::Fixed(10, 50));
    assert_eq!(cursors.list()[0].state, "again");
    assert_eq!(book(&dir).due("q", T, &run(140, 4)), Due::Fixed(10, 50));
    let mut cursors = book(&dir);
    assert_eq!(cursors.due("q", T, &run(160, 5)), Due::Open(Some(50)));
}

#[test]
fn without_a_record_or_with_a_new_one_the_clock_tells() {
    let dir = tempfile::tempdir().unwrap();
    let mut cursors = book(&dir);
    let bare = |start| asking(Run { start, ended: None, last_ended: 0 });
    cursors.fix(("q", T), &bare(100), (0, 50), given(50, 0), "reading");
    assert_eq!(cursors.due("q", T, &bare(100)), Due::Fixed(0, 50));
    assert_eq!(cursors.due("q", T, &bare(110)), Due::Open(Some(50)));
    let anew = |last_ended| asking(Run { start: 200, ended: Some(1), last_ended });
    cursors.fix(("q", T), &run(100, 9), (0, 50), given(50, 0), "reading");
    assert_eq!(cursors.due("q", T, &anew(150)), Due::Open(Some(50)));
    cursors.fix(("q", T), &run(180, 9), (0, 50), given(50, 0), "reading");
    assert_eq!(cursors.due("q", T, &anew(150)), Due::Fixed(0, 50));
}

#[test]
fn cursors_are_bounded_and_the_unseen_are_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let mut cursors = book(&dir);
    cursors.fix(("first", T), &run(1, 0), (0, 1), given(1, 0), "reading");
    for n in 0..20 {
        cursors.fix((&format!("q{n}"), T), &run(1, 0), (0, 1), given(1, 2), "reading");
    }
    assert_eq!(cursors.list().len(), 21);
    let later = || crate::host::now_seconds() + UNSEEN_SECONDS_MAX + 5;
    let cursors = Cursors::open(&consumers_path(dir.path(), "a"), later);
    assert!(cursors.list().is_empty());
}

#[test]
fn a_damaged_book_is_put_aside() {
    let dir = tempfile::tempdir().unwrap();
    let path = consumers_path(dir.path(), "a");
    std::fs::write(&path, b"{\"version\":1,\"cursors\":[{").unwrap();
    assert!(book(&dir).list().is_empty());
    assert!(path.with_extension("json.bad").exists());
    assert!(read_cursors(dir.path()).is_empty());
}

#[test]
fn calls_are_a_ring_that_others_can_read() {
    let dir = tempfile::tempdir().unwrap();
    let calls = Calls::default();
    for n in 0..CALLS_MAX as u64 + 5 {
        calls.push(Call { rows_read: n, ..Call::default() });
    }
    calls.save(&calls_path(dir.path(), "a")).unwrap();
    let read = read_calls(dir.path());
    assert_eq!(read.len(), CALLS_MAX);
    assert_eq!(read, calls.list());
    assert_eq!(read[0].rows_read, 5);
}

#[test]
fn a_window_whose_reply_was_not_sent_is_served_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut cursors = book(&dir);
    cursors.fix(("q", T), &run(100, 4), (10, 50), given(40, 0), "reading");
    cursors.unsent("q", T, run(90, 3).run);
    assert_eq!(cursors.due("q", T, &run(110, 5)), Due::Open(Some(50)), "not this run's reply");
    cursors.unsent("q", T, run(100, 4).run);
    let mut cursors = book(&dir);
    assert_eq!(cursors.list()[0].state, "unsent");
    assert_eq!(cursors.due("q", T, &run(110, 5)), Due::Fixed(10, 50), "though the run ended");
    assert_eq!(cursors.due("q", T, &run(120, 6)), Due::Open(Some(50)));
    // An explicit take has no run.
    cursors.fix(("me", T), &Asking::default(), (10, 50), given(40, 0), "reading");
    cursors.unsent("me", T, None);
    assert_eq!(cursors.due("me", T, &Asking::default()), Due::Open(Some(10)));
    cursors.fix(("me", T), &Asking::default(), (10, 60), given(50, 0), "reading");
    assert_eq!(cursors.due("me", T, &Asking::default()), Due::Open(Some(60)));
}

#[test]
fn a_run_of_a_life_that_is_over_counts_when_its_lines_were_seen() {
    let dir = tempfile::tempdir().unwrap();
    let asked = |start, ended, life: &str| Asking {
        life: life.into(),
        acknowledges: true,
        ..run(start, ended)
    };
    let mut cursors = book(&dir);
    cursors.fix(("q", T), &asked(100, 0, "a"), (0, 50), given(50, 0), "reading");
    assert_eq!(cursors.due("q", T, &asked(110, 1, "a")), Due::Open(Some(50)), "no death between");
    assert_eq!(
        cursors.due("q", T, &asked(110, 1, "b")),
        Due::Fixed(0, 50),
        "died before its lines"
    );
    assert!(cursors.acknowledge("q") && !cursors.acknowledge("other"));
    let mut cursors = book(&dir);
    assert_eq!(cursors.list()[0].acknowledged, Some(true));
    assert_eq!(cursors.due("q", T, &asked(120, 2, "c")), Due::Open(Some(50)));
    // Where no lines are seen, the end of the SQL counts.
    cursors.fix(("q", T), &run(130, 3), (50, 60), given(10, 0), "reading");
    assert_eq!(cursors.due("q", T, &asked(140, 4, "d")), Due::Open(Some(60)));
    assert_eq!(cursors.list()[0].rows, 60);
}

#[test]
fn a_cursor_without_windows_only_moves_forward() {
    let dir = tempfile::tempdir().unwrap();
    let mut cursors = book(&dir);
    assert_eq!(cursors.advance(("p", T), (5, 5), given(0, 0), "idle"), 0);
    assert!(cursors.advance(("p", T), (5, 9), given(4, 2), "reading") > 0);
    cursors.advance(("p", T), (5, 7), given(0, 0), "reading");
    let cursor = &book(&dir).list()[0];
    assert_eq!((cursor.position, cursor.rows, cursor.expired), (9, 4, 2));
    assert_eq!(book(&dir).read_through("p", T), Some(9));
}
