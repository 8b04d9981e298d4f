// SPDX-License-Identifier: Apache-2.0
//! Tests of `rules`: what runs in the kernel, and that both sides agree on their numbers.

use super::*;
use crate::hooks::TABLES;
use evtables_sdk::rules::Rule;

fn on() -> Vec<&'static TableHooks> {
    TABLES.iter().collect()
}

pub(super) fn table(name: &str) -> &'static TableHooks {
    TABLES.iter().find(|table| table.spec.name == name).unwrap()
}

fn is(table: &str, column: &str, text: &str) -> When {
    let at = super::tests::table(table).spec.column(column).unwrap();
    When::Is(at, Operator::Glob(text.into()))
}

fn program(path: &str) -> Program<'_> {
    Program { path, container: None, user: None }
}

/// A plan of the rules of one table.
pub(super) fn plan(name: &str, rules: &[(Action, When)]) -> Plan {
    let rule = |(action, when): &(Action, When)| Rule {
        name: "r".into(),
        action: *action,
        when: when.clone(),
    };
    let rules = Rules::new(table(name).spec, rules.iter().map(rule).collect()).unwrap();
    let tables = TablePlan::new(table(name), &rules).into_iter().collect();
    let tables: Vec<TablePlan> = tables;
    let set = FilterSet::new(vec![rules]);
    let version = 1 << FLAG_BITS | Plan::flags(&tables);
    let ends = tables.iter().filter_map(|table| table.placed.as_ref()).flat_map(Placed::ends);
    let name_ends = NameEnds::new(ends).unwrap();
    let (before, judged) = (BTreeMap::new(), Mutex::default());
    Plan { version, set, on: on(), tables, name_ends, before, judged }
}

const FILES: &str = "linux_file_events";
const SOCKETS: &str = "linux_socket_events";

#[test]
fn both_sides_have_the_same_numbers() {
    let wire = include_str!("../../bpf/wire.h");
    for (name, value) in [
        ("SLOT_SOCKET", SLOT_SOCKET),
        ("WIRE_SLOTS", SLOTS),
        ("WIRE_RULES", RULES),
        ("RULE_PROGRAMS_MAX", PROGRAMS_MAX),
        ("RULE_CLASSES_MAX", acting::ENTRIES_MAX),
        ("RULE_ACTING_MAX", acting::ENTRIES_MAX),
        ("RULE_NAME_ENDS_MAX", placed::NAME_ENDS_MAX),
        ("RULE_PLACED_MAX", placed::PLACED_MAX),
        ("NAME_END", evtables_sdk::rules::NAME_END_BYTES_MAX),
    ] {
        assert!(wire.contains(&format!("#define {name} {value}\n")), "{name}");
    }
    let hash = include_str!("../../bpf/hash.h");
    assert!(hash.contains(&format!("#define HASHED_MAX {HASHED_MAX}\n")));
    for (at, word) in (1..).zip(crate::decode::SOCKET_ACTIONS) {
        assert!(wire.contains(&format!("\t{word} = {at},")), "{word}");
    }
    assert_eq!(UNWANTED, RULES - 1);
    // Kinds stay below the slots of sockets.
    let kinds = TABLES.iter().flat_map(|table| table.kinds);
    assert!(kinds.clone().all(|kind| usize::from(*kind) <= SLOT_SOCKET));
    let same = |verdict: Verdict| u32::from_ne_bytes(verdict.bytes()[72..76].try_into().unwrap());
    assert_eq!(Verdict([1; SLOTS]).bytes().len(), 8 + SLOTS + 8);
    let mut verdict = [0; SLOTS];
    assert_eq!(same(Verdict(verdict)), 0);
    (verdict[3], verdict[9]) = (7, 7);
    assert_eq!(same(Verdict(verdict)), 7);
    verdict[9] = 8;
    assert_eq!(same(Verdict(verdict)), 0);
}

#[test]
fn what_path_and_action_decide_runs_in_the_kernel() {
    let path = || is(FILES, "process_name", "/usr/*/PYTHON3.*");
    let write = || is(FILES, "action", "file_write");
    let target = || is(FILES, "source_path", "*.tmp");
    let rules = [
        (Action::Exclude, target()),
        (Action::Exclude, When::All(vec![path(), write()])),
        (Action::Exclude, When::All(vec![path(), target()])),
    ];
    let files = plan(FILES, &rules);
    let slot = |plan: &Plan, path: &str, kind: u16| plan.judge(program(path)).0[usize::from(kind)];
    assert_eq!(slot(&files, "/usr/bin/python3.11", kind::FILE_WRITE), 2);
    assert_eq!(slot(&files, "/usr/bin/python3.11", kind::FILE_CREATE), 0);
    assert_eq!(slot(&files, "/usr/bin/python3.11", kind::FILE_PATH), 0);
    assert_eq!(slot(&files, "/usr/bin/perl", kind::FILE_WRITE), 0);
    // What it is for renames shows only in the row.
    assert_eq!(files.tables[0].reach, [Reach::None, Reach::Part, Reach::None]);

    let whole = plan(FILES, &[(Action::Exclude, path())]);
    for kind in table(FILES).kinds {
        assert_eq!(slot(&whole, "/usr/bin/python3.11", *kind), 1);
        assert_eq!(slot(&whole, "/usr/bin/perl", *kind), 0);
    }
    assert_eq!(whole.tables[0].reach, [Reach::Whole]);

    let include = plan(FILES, &[(Action::Include, path())]);
    assert_eq!(usize::from(slot(&include, "/usr/bin/perl", kind::FILE_PATH)), UNWANTED);
    assert_eq!(slot(&include, "/usr/bin/python3.11", kind::FILE_PATH), 0);
    // Whether another include rule matches is open.
    let open = plan(FILES, &[(Action::Include, path()), (Action::Include, target())]);
    assert!(open.tables.is_empty());

    let closes = plan(SOCKETS, &[(Action::Exclude, is(SOCKETS, "action", "SOCKET_CLOSE"))]);
    let verdict = closes.judge(program("/any")).0;
    let drops: Vec<usize> = (0..SLOTS).filter(|slot| verdict[*slot] != 0).collect();
    assert_eq!(drops, [SLOT_SOCKET + 5]);
    // One rule for all that is done with sockets leaves nothing to be kept of them, when no other table asks.
    let all = || (Action::Exclude, is(SOCKETS, "process_name", "/a/*"));
    let mut silent = plan(SOCKETS, &[all()]);
    assert_eq!(silent.judge(program("/a/b")).0[SLOT_SILENT], 0);
    silent.on.retain(|table| table.spec.name == SOCKETS);
    assert_eq!(silent.judge(program("/a/b")).0[SLOT_SILENT], 1);
    assert_eq!(silent.judge(program("/b")).0[SLOT_SILENT], 0);
    let one =
        When::All(vec![is(SOCKETS, "process_name", "/a/*"), is(SOCKETS, "action", "SOCKET_CLOSE")]);
    let mut two = plan(SOCKETS, &[(Action::Exclude, one), all()]);
    two.on.retain(|table| table.spec.name == SOCKETS);
    assert_eq!(two.judge(program("/a/b")).0[SLOT_SILENT], 0);
    // Kinds of other tables are left alone.
    assert!(plan(FILES, &[(Action::Exclude, target())]).tables.is_empty());
}

#[test]
fn containers_are_told_apart_when_a_rule_asks() {
    let wanted = is(FILES, "container_id", "c0ffee*");
    let plan = plan(FILES, &[(Action::Exclude, wanted)]);
    assert!(plan.has(RULES_CONTAINER));
    let rule = |container| {
        plan.judge(Program { path: "/x", container, user: None }).0[usize::from(kind::FILE_WRITE)]
    };
    assert_eq!((rule(Some("c0ffee00")), rule(Some("other")), rule(None)), (1, 0, 0));
    assert_eq!(plan.tables[0].reach, [Reach::Whole]);
    assert!(
        !super::tests::plan(FILES, &[(Action::Exclude, is(FILES, "process_name", "/x"))])
            .has(RULES_CONTAINER)
    );
}

#[test]
fn rules_beyond_the_numbers_run_in_the_engine() {
    let never = || is(FILES, "process_name", "/never");
    let mut rules = vec![(Action::Exclude, never()); UNWANTED - 1];
    rules.push((Action::Exclude, is(FILES, "process_name", "/last")));
    let plan = plan(FILES, &rules);
    assert_eq!(plan.judge(program("/last")).0[usize::from(kind::FILE_PATH)], 0);
    assert_eq!(plan.judge(program("/never")).0[usize::from(kind::FILE_PATH)], 1);
    assert_eq!(plan.tables[0].reach.last(), Some(&Reach::None));
}

#[test]
fn named_paths_are_walked_like_the_kernel_does() {
    assert_eq!(components_of("/usr/bin/true"), b"true\0bin\0usr\0");
    let mut joined = Vec::new();
    Components(&components_of("/a b/c")).join_into(&mut joined);
    assert_eq!(joined, b"/a b/c");
    let rules = [(
        Action::Exclude,
        When::Any(vec![is(FILES, "process_name", "/opt/x"), is(FILES, "process_name", "*/y")]),
    )];
    assert_eq!(plan(FILES, &rules).named(), ["/opt/x"]);
}

#[test]
fn hashes_need_the_secret_and_an_end() {
    let (one, other) = (Secret([1, 2]), Secret([1, 3]));
    let hash = |secret: Secret, path: &[u8]| secret.hash(Components(path));
    assert_eq!(hash(one, b"true\0"), hash(one, b"true\0"));
    assert_ne!(hash(one, b"true\0"), hash(other, b"true\0"));
    assert_eq!(hash(one, b""), None);
    assert_eq!(hash(one, &[b'x'; HASHED_MAX]), None);
    assert!(hash(one, &[b'x'; HASHED_MAX - 1]).is_some());
    assert_eq!(Secret([1 << 32 | 2, 3]).words(), [2, 1, 3, 0]);
}
