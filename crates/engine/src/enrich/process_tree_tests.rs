// SPDX-License-Identifier: Apache-2.0
//! Tests of `process_tree`.

use super::*;
use crate::testing::{ProcessRow, batch, read};

fn run(tree: &mut ProcessTree, rows: &[ProcessRow]) -> Vec<Vec<Option<String>>> {
    let mut batch = batch(rows);
    tree.enrich(&mut batch);
    read(batch, &["path", "cmdline", "parent_path", "parent_cmdline", "ancestors"])
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_shell_runs_a_program() {
    let mut tree = ProcessTree::default();
    let got = run(
        &mut tree,
        &[
            ProcessRow { path: some("/sbin/init"), ..ProcessRow::new("PROC_RUNNING", 1, 0) },
            ProcessRow::exec(2, 1, "/bin/sh", "sh -c ls"),
            ProcessRow::new("PROC_FORK", 3, 2),
            ProcessRow::exec(3, 2, "/bin/ls", "ls"),
            ProcessRow::new("PROC_TERMINATE", 3, 2),
        ],
    );
    let chain = r#"["/bin/sh","/sbin/init"]"#;
    assert_eq!(got[1][2], some("/sbin/init"));
    assert_eq!(
        got[2],
        [some("/bin/sh"), some("sh -c ls"), some("/bin/sh"), some("sh -c ls"), some(chain)],
        "a fork is still its parent's program"
    );
    assert_eq!(got[3][0], some("/bin/ls"));
    assert_eq!(got[3][4], some(chain));
    assert_eq!(got[4][..2], [some("/bin/ls"), some("ls")]);
}

#[test]
fn exec_of_a_parent_makes_chains_new() {
    let mut tree = ProcessTree::default();
    let got = run(
        &mut tree,
        &[
            ProcessRow::exec(1, 0, "/bin/a", "a"),
            ProcessRow::new("PROC_FORK", 2, 1),
            ProcessRow::new("PROC_FORK", 3, 2),
            ProcessRow::exec(1, 0, "/bin/b", "b"),
            ProcessRow::new("PROC_FORK", 4, 2),
        ],
    );
    assert_eq!(got[2][4], some(r#"["/bin/a","/bin/a"]"#));
    assert_eq!(got[4][4], some(r#"["/bin/a","/bin/b"]"#), "2 still runs a, its parent now b");
}

#[test]
fn a_parent_that_becomes_known_late_is_in_the_chains() {
    let mut tree = ProcessTree::default();
    let running = |guid, parent, path: &str| ProcessRow {
        path: some(path),
        ..ProcessRow::new("PROC_RUNNING", guid, parent)
    };
    // Numbers start again at the bound of the kernel: a child may have a lower one than its parent.
    let got = run(
        &mut tree,
        &[
            running(3, 9, "/bin/test"),
            running(4, 3, "/bin/collector"),
            running(9, 1, "/bin/cargo"),
            running(1, 0, "/sbin/init"),
            ProcessRow::exec(5, 3, "/bin/true", "true"),
        ],
    );
    assert_eq!(got[1][4], some(r#"["/bin/test"]"#));
    assert_eq!(got[4][4], some(r#"["/bin/test","/bin/cargo","/sbin/init"]"#));
    assert_eq!(tree.missing.len(), 1, "only the parent of the first process");
}

#[test]
fn ended_processes_are_bounded_and_unknown_ones_are_null() {
    let mut tree = ProcessTree::default();
    for guid in 10..10 + 9_000_u128 {
        let rows =
            [ProcessRow::exec(guid, 1, "/bin/x", "x"), ProcessRow::new("PROC_TERMINATE", guid, 1)];
        run(&mut tree, &rows);
    }
    assert_eq!(tree.nodes.len(), ENDED_MAX);
    let got = run(&mut tree, &[ProcessRow::new("PROC_TERMINATE", 10, 77)]);
    assert_eq!(got[0], [None, None, None, None, None]);
    assert!(tree.text_bytes <= ENDED_MAX);
}

#[test]
fn long_command_lines_are_cut_between_characters() {
    assert_eq!(prefix("aé", 2), "a");
    let mut tree = ProcessTree::default();
    let long = "é".repeat(5000);
    let got = run(
        &mut tree,
        &[ProcessRow::exec(1, 0, "/bin/a", &long), ProcessRow::new("PROC_FORK", 2, 1)],
    );
    assert_eq!(got[0][1].as_ref().unwrap().len(), 10_000, "the row's own command line is whole");
    assert_eq!(got[1][3].as_ref().unwrap().len(), 2_048);
}

#[test]
fn a_number_leads_to_the_process_that_had_it_then() {
    use evtables_schema::HostBoot;
    use evtables_schema::generated::user_events::linux::{Builder, Row};
    use evtables_schema::ids::{process_guid, uuid_text};
    let mut tree = ProcessTree::default();
    let host = HostBoot(7);
    let [old, new] = [5, 9].map(|start| process_guid(host, start << 30, 70));
    let login = |tree: &mut ProcessTree, pid: i64, time: i64, guid: Option<u128>| {
        let mut builder = Builder::default();
        builder.push(&Row {
            action: "USER_LOGIN",
            pid: Some(pid),
            process_guid: guid,
            time: time * 1_000_000_000,
            ..Row::default()
        });
        let mut batch = builder.finish();
        tree.enrich(&mut batch);
        read(batch, &["process_guid", "process_name"]).remove(0)
    };
    let at = |started: i64, row: ProcessRow| ProcessRow { started, ..row };
    run(&mut tree, &[at(100, ProcessRow::exec(old, 0, "/usr/sbin/sshd", "sshd"))]);
    assert_eq!(login(&mut tree, 70, 150, None), [Some(uuid_text(old)), some("/usr/sbin/sshd")]);
    assert_eq!(login(&mut tree, 70, 99, None), [None, None], "before it started");
    assert_eq!(login(&mut tree, 71, 150, None), [None, None]);
    let given = login(&mut tree, 70, 150, Some(new));
    assert_eq!(given, [Some(uuid_text(new)), None], "who knows better is not corrected");
    // A logout is written down when the process has ended.
    run(&mut tree, &[ProcessRow::new("PROC_TERMINATE", old, 0)]);
    assert_eq!(login(&mut tree, 70, 160, None)[0], Some(uuid_text(old)));
    run(&mut tree, &[at(200, ProcessRow::exec(new, 0, "/bin/x", "x"))]);
    assert_eq!(login(&mut tree, 70, 160, None), [None, None], "the number is another's now");
    assert_eq!(login(&mut tree, 70, 200, None)[0], Some(uuid_text(new)));
}
