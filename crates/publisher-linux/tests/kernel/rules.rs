// SPDX-License-Identifier: Apache-2.0
//! Filters in the kernel: what they leave out is counted, and a change of filters has no gap.
#![allow(clippy::unwrap_used, clippy::panic)] // Test code.

use crate::watch::Watch;
use evtables_schema::generated::file_events::linux as file;
use evtables_sdk::rules::{Action, FilterSet, Operator, Rule, Rules, When};
use std::process::{Command, Stdio};

fn exclude(path: &str, action: &str) -> FilterSet {
    let is = |column, text: &str| When::Is(column, Operator::Glob(text.into()));
    let when = When::All(vec![is(file::PROCESS_NAME, path), is(file::ACTION, action)]);
    let rule = Rule { name: "r".into(), action: Action::Exclude, when };
    FilterSet::new(vec![Rules::new(&file::TABLE, vec![rule]).unwrap()])
}

#[test]
fn filters_change_without_a_gap() {
    let started = Watch::start_tables(8 << 20, 32 << 10, &["linux_file_events"]);
    let Some(mut watch) = started else { return };
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    // A shell of another name, whose children are no other program: `:` and redirections are its own.
    let shell = folder.path().join("writer");
    std::fs::copy("/bin/dash", &shell).unwrap();
    let writer = Command::new(&shell)
        .args([
            "-c",
            "i=0; while [ ! -e stop ]; do i=$((i+1)); : > f$i; echo $i > g$i; done; echo $i",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let name = shell.to_str().unwrap();
    let (creates, writes) = (exclude(name, "FILE_CREATE"), exclude("*/WRITER", "FILE_WRITE"));
    for round in 1..=10 {
        watch.filter(&creates);
        wait_for(&folder.path().join(format!("f{}", round * 60 - 30)));
        watch.filter(&writes);
        wait_for(&folder.path().join(format!("f{}", round * 60)));
    }
    watch.filter(&creates);
    std::fs::write(folder.path().join("stop"), "").unwrap();
    let output = writer.wait_with_output().unwrap();
    let count: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    let (rows, ledger) = watch.stop_with_ledger(true);
    let of = |action: &str, letter: &str| {
        let prefix = folder.path().join(letter).to_str().unwrap().to_owned();
        let is = |row: &&crate::watch::Row| {
            row.text_or_null("target_path").is_some_and(|path| path.starts_with(&prefix))
                && row.text("action") == action
        };
        rows.iter().filter(is).count()
    };
    let (created, written) = (of("FILE_CREATE", "g"), of("FILE_WRITE", "g"));
    // Each is in force half of the time; a file may lose both to a change in between.
    assert!(created > 0 && created < count, "{created} of {count}");
    assert!(written > 0 && written < count, "{written} of {count}");
    assert!(created + written + 21 >= count, "{created} + {written} of {count}");
    let left_out = ledger.filtered("rule");
    let rows = created + of("FILE_CREATE", "f") + written;
    assert_eq!(rows as u64 + left_out, 3 * count as u64);
}

fn wait_for(path: &std::path::Path) {
    while !path.exists() {
        std::thread::yield_now();
    }
}
