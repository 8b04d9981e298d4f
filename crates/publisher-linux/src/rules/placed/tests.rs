// SPDX-License-Identifier: Apache-2.0
//! Tests of `placed`: ends of names as the kernel looks them up, and verdicts by places against the engine's.

use super::*;
use crate::decode::{Context, FileRows, Rows};
use crate::record::{Actor, Inode, kind};
use crate::rules::tests::{plan, table};
use crate::rules::{Plan, Program};
use evtables_schema::HostBoot;
use evtables_sdk::rules::{Action, Operator, When};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

const FILES: &str = "linux_file_events";

/// What the kernel's map answers for this name: the value of the longest key that holds it. As place_drops of
/// file.bpf.c makes the key.
fn longest(classes: &[(Vec<u8>, u32)], name: &[u8]) -> Option<u32> {
    let path: Vec<u8> = name.iter().rev().chain(b"/").copied().take(NAME_END_BYTES_MAX).collect();
    if path.iter().any(|byte| *byte >= 0x80) {
        return None;
    }
    let value: Vec<u8> = path.iter().map(u8::to_ascii_lowercase).collect();
    let bytes = |key: &[u8]| (u32::from_ne_bytes(key[..4].try_into().unwrap()) as usize - 32) / 8;
    let holds = |key: &[u8]| value.get(..bytes(key)) == Some(&key[8..8 + bytes(key)]);
    let inside = classes.iter().filter(|(key, _)| holds(key));
    Some(inside.max_by_key(|(key, _)| bytes(key)).map_or(0, |(_, class)| *class))
}

fn components(path: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in path.split(|byte| *byte == b'/').skip(1).collect::<Vec<_>>().into_iter().rev() {
        bytes.extend_from_slice(name);
        bytes.push(0);
    }
    bytes
}

fn file(kind: u16, path: &[u8]) -> File<'_> {
    let actor =
        Actor { kind, flags: 0, len: 0, cpu: 0, tid: 7, time_ns: 0, start_ns: 1, pid: 7, euid: 0 };
    let inode = Inode {
        inode: 1,
        size: 1,
        mtime_ns: 0,
        ctime_ns: 0,
        dev: 0,
        nlink: 1,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        rdev: 0,
    };
    File { actor, inode, bytes: 1, path: Components(path) }
}

const ENDS: [&str; 9] = [
    ".tmp",
    "p",
    "/x.tmp",
    ".TMP",
    "e/a",
    "/",
    "",
    "ü.tmp",
    "name-that-is-as-long-as-it-takes.tmp",
];
const FOLDERS: [&str; 6] = ["/", "/a", "/a/", "/A/b", "/a/b/c/", "/ü/"];

fn terms() -> impl Strategy<Value = When> {
    let at = |name: &str| table(FILES).spec.column(name).unwrap();
    let (target, path, action) = (at("target_path"), at("process_name"), at("action"));
    let (user, bytes) = (at("uid"), at("bytes_written"));
    let is = move |operator| When::Is(target, operator);
    let whole = (prop::sample::select(&FOLDERS[..]), prop::sample::select(&ENDS[..]))
        .prop_map(|(folder, end)| format!("{folder}{end}"));
    prop_oneof![
        prop::sample::select(&ENDS[..]).prop_map(move |text| is(Operator::Suffix(text.into()))),
        prop::sample::select(&FOLDERS[..]).prop_map(move |text| is(Operator::Prefix(text.into()))),
        prop::sample::select(&FOLDERS[..])
            .prop_map(move |text| is(Operator::Glob(format!("*{text}*")))),
        whole.clone().prop_map(move |text| is(Operator::Equals(text))),
        prop::collection::vec(whole, 1..4).prop_map(move |texts| is(Operator::In(Arc::new(texts)))),
        Just(is(Operator::Regex("tmp$".into()))),
        prop::sample::select(vec!["/a", "/b"])
            .prop_map(move |text| When::Is(path, Operator::Equals(text.into()))),
        prop::sample::select(vec!["root", "1000"])
            .prop_map(move |text| When::Is(user, Operator::Equals(text.into()))),
        Just(When::Is(action, Operator::Equals("FILE_WRITE".into()))),
        Just(When::Is(bytes, Operator::Range(Some(1), None))),
    ]
}

fn whens() -> impl Strategy<Value = When> {
    terms().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(When::All),
            prop::collection::vec(inner.clone(), 1..3).prop_map(When::Any),
            inner.prop_map(|when| When::Not(Box::new(when))),
        ]
    })
}

fn names() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![
        Just(b"x.tmp".to_vec()),
        Just(b"X.TMP".to_vec()),
        Just(b"p".to_vec()),
        Just("ü.tmp".as_bytes().to_vec()),
        Just(b"\xff.tmp".to_vec()),
        Just(b"a-very-long-name-that-is-as-long-as-it-takes.tmp".to_vec()),
        prop::collection::vec(1_u8.., 1..40),
    ];
    bytes
        .prop_map(|name| name.into_iter().filter(|byte| *byte != b'/').collect::<Vec<u8>>())
        .prop_filter("a name", |name| !name.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// What the kernel leaves out by the place, the engine leaves out too: whoever was judged first at a place
    /// speaks for all that the kernel takes for the same.
    #[test]
    fn files_kept_with_push_down_are_files_kept_without(
        rules in prop::collection::vec((any::<bool>(), whens()), 1..4),
        events in prop::collection::vec(
            (any::<bool>(), any::<bool>(), prop::sample::select(&FOLDERS[..]), names(), any::<bool>()), 1..40),
    ) {
        let action = |include: bool| if include { Action::Include } else { Action::Exclude };
        let rules: Vec<(Action, When)> =
            rules.into_iter().map(|(include, when)| (action(include), when)).collect();
        let plan = plan(FILES, &rules);
        let [of_table] = &plan.tables[..] else { return Ok(()) };
        if of_table.placed.is_none() {
            return Ok(());
        }
        let engine = plan.set.of(of_table.spec).unwrap();
        let classes = plan.name_ends.classes(plan.version);
        let secret = Secret([1, 2]);
        let mut judged: HashMap<Vec<u8>, Option<Verdict>> = HashMap::new();
        for (first, root, folder, name, written) in events {
            let path = [folder.trim_end_matches('/').as_bytes(), b"/", &name].concat();
            let walked = components(&path);
            let kind = if written { kind::FILE_WRITE } else { kind::FILE_CREATE };
            let file = file(kind, &walked);
            let spot = Spot::new(secret, &plan.name_ends, &file);
            // The kernel finds the same end, and none where there is none.
            let Some(spot) = spot else {
                prop_assert!(longest(&classes, &name).is_none() || walked.len() == name.len() + 1);
                continue;
            };
            prop_assert_eq!(Some(spot.end), longest(&classes, &name));
            let (program, user) = (if first { "/a" } else { "/b" }, if root { "root" } else { "1000" });
            let key = spot.key(u64::from(first), 0, plan.version, if root { 0 } else { 1000 });
            let program = Program { path: program, container: None, user: Some(user) };
            let verdict = judged.entry(key).or_insert_with(|| plan.judge_place(program, &spot));
            let Some(verdict) = verdict else { continue };
            if verdict.0[usize::from(kind)] != 0 {
                let said = engine.explain(&row(&file, program), 0);
                prop_assert!(!said.keep, "{:?}", String::from_utf8_lossy(&path));
            }
        }
    }
}

/// What the engine is given of it: the decoder's own row, with what enrichment adds.
fn row(file: &File<'_>, program: Program<'_>) -> evtables_schema::EventBatch {
    let mut rows = FileRows::default();
    let context = Context::new(HostBoot::new("host", "boot"), 4_096);
    rows.push(&context, &crate::record::Record::File(*file));
    let mut batch = rows.finish();
    let mut set = |column: &str, text: Option<&str>| {
        let mut builder = evtables_schema::columns::DictBuilder::default();
        builder.push(text);
        batch.set_column(batch.table.column(column).unwrap(), builder.finish());
    };
    set("process_name", Some(program.path));
    set("uid", program.user);
    batch
}

fn left_out(plan: &Plan, path: &str, kind: u16) -> Option<u8> {
    let walked = components(path.as_bytes());
    let spot = Spot::new(Secret([1, 2]), &plan.name_ends, &file(kind, &walked))?;
    let program = Program { path: "/any", container: None, user: None };
    Some(plan.judge_place(program, &spot).map_or(0, |verdict| verdict.0[usize::from(kind)]))
}

#[test]
fn paths_prefixes_and_suffixes_run_in_the_kernel() {
    let target = table(FILES).spec.column("target_path").unwrap();
    let exclude = |operator| (Action::Exclude, When::Is(target, operator));
    let plan = plan(
        FILES,
        &[
            exclude(Operator::Equals("/etc/motd".into())),
            exclude(Operator::Prefix("/var/cache/".into())),
            exclude(Operator::Suffix(".TMP".into())),
            exclude(Operator::Regex("never".into())),
        ],
    );
    assert!(plan.has(super::super::RULES_PLACE));
    let written = |path: &str| left_out(&plan, path, kind::FILE_WRITE);
    assert_eq!(written("/etc/motd"), Some(1));
    assert_eq!(written("/var/cache/apt/x"), Some(2));
    assert_eq!(written("/home/a.tmp"), Some(3));
    // Whether the expression matches is open, so other files are.
    assert_eq!(written("/etc/passwd"), Some(0));
    assert_eq!(written("/motd"), None);
    // Names of other calls are not walked.
    assert_eq!(left_out(&plan, "/var/cache/x", kind::FILE_PATH), Some(0));
    assert_eq!(plan.tables[0].reach, [Reach::Part, Reach::Part, Reach::Part, Reach::None]);
}
