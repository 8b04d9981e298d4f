// SPDX-License-Identifier: Apache-2.0
//! The whole way, with the real kernel: processes that this test starts, through the release binary,
//! to SQL in a second process. Run by `./dev test kernel`; passes without doing anything elsewhere.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_wrap, clippy::expect_used)]

#[path = "kernel/filters.rs"]
mod filters;
mod harness;
#[path = "kernel/selftest.rs"]
mod selftest;
#[path = "kernel/shed.rs"]
mod shed;
#[path = "kernel/tables.rs"]
mod tables;
#[path = "kernel/tail.rs"]
mod tail;
#[path = "kernel/users.rs"]
mod users;
#[path = "kernel/web.rs"]
mod web;

use harness::{Collector, Row, assert_balanced, binary, text};
use std::collections::{HashMap, HashSet};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn python(script: &str) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn run(mut command: Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status:?}");
}

/// Rows of the executions of one process tree root, by the marker in their command line.
fn execs(collector: &Collector, like: &str) -> Vec<Row> {
    collector.query(&format!(
        "SELECT * FROM linux_process_events WHERE action = 'PROC_CREATE' AND cmdline LIKE '{like}' ORDER BY seq"
    ))
}

#[test]
fn storm_of_20_000_processes_is_complete() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    const HALF: usize = 10_000;
    let threads: Vec<_> = (0..2)
        .map(|half| {
            std::thread::spawn(move || {
                (0..HALF)
                    .map(|n| {
                        let number = format!("{half}-{n}");
                        let mut child = Command::new("/bin/true")
                            .args(["--storm", &number, "two words", ""])
                            .spawn()
                            .unwrap();
                        let pid = child.id();
                        assert!(child.wait().unwrap().success());
                        (number, pid)
                    })
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let started: HashMap<String, u32> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let ends = "SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND path LIKE '%/true'";
    collector.wait_for(ends, 20_000);
    let took = collector.stop();
    assert!(took < Duration::from_secs(2), "stopping took {took:?}");
    assert_balanced(&collector);

    let starts = collector.query(
        "SELECT argv, pid, process_guid, parent_process_guid, parent_pid, owner_uid, hashed FROM linux_process_events
         WHERE action = 'PROC_CREATE' AND cmdline LIKE '%--storm%'",
    );
    assert_eq!(starts.len(), 20_000);
    let mut parents = HashSet::new();
    let mut numbers = HashSet::new();
    let mut guids = HashSet::new();
    for row in &starts {
        let argv: Vec<String> = serde_json::from_str(&text(row, "argv")).unwrap();
        assert_eq!(argv.len(), 5, "{argv:?}");
        assert_eq!(
            (&*argv[0], &*argv[1], &*argv[3], &*argv[4]),
            ("/bin/true", "--storm", "two words", "")
        );
        assert_eq!(row["pid"].as_i64(), Some(started[&argv[2]].into()), "{argv:?}");
        assert_eq!(row["parent_pid"].as_i64(), Some(std::process::id().into()));
        assert_eq!(row["hashed"].as_i64(), Some(1));
        numbers.insert(argv[2].clone());
        guids.insert(text(row, "process_guid"));
        parents.insert(text(row, "parent_process_guid"));
    }
    assert_eq!((numbers.len(), guids.len(), parents.len()), (20_000, 20_000, 1));
    let ended = collector.query(
        "SELECT process_guid, exit_code FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND path LIKE '%/true'",
    );
    let ended: HashSet<String> = ended
        .iter()
        .map(|row| {
            assert_eq!(row["exit_code"].as_i64(), Some(0));
            text(row, "process_guid")
        })
        .collect();
    assert_eq!(ended, guids);
    let forked =
        collector.query("SELECT process_guid FROM linux_process_events WHERE action = 'PROC_FORK'");
    let forked: HashSet<String> = forked.iter().map(|row| text(row, "process_guid")).collect();
    assert!(guids.is_subset(&forked));
}

#[test]
fn arguments_of_every_kind_are_exact() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    let long = "x".repeat(30 << 10);
    run({
        let mut command = Command::new("/bin/true");
        command.args(["--long", &long]);
        command
    });
    let longer = "y".repeat(40 << 10);
    run({
        let mut command = Command::new("/bin/true");
        command.args(["--longer", &longer]);
        command
    });
    let odd = ["--odd", "new\nline", "quote\"s'", "back\\slash", "tab\t", "ünï", "$HOME `x`", "*"];
    run({
        let mut command = Command::new("/bin/true");
        command.args(odd);
        command
    });
    use std::os::unix::ffi::OsStrExt as _;
    let raw = std::ffi::OsStr::from_bytes(b"caf\xe9\xff");
    run({
        let mut command = Command::new("/bin/true");
        command.arg("--raw").arg(raw);
        command
    });
    collector
        .wait_for("SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE'", 4);
    collector.stop();
    assert_balanced(&collector);

    let row = &execs(&collector, "%--long %")[0];
    let argv: Vec<String> = serde_json::from_str(&text(row, "argv")).unwrap();
    assert_eq!(argv, ["/bin/true", "--long", &long]);
    assert_eq!(row["cmdline_truncated"].as_i64(), Some(0));
    let row = &execs(&collector, "%--longer %")[0];
    assert_eq!(row["cmdline_truncated"].as_i64(), Some(1));
    let size = "/bin/true --longer ".len() + longer.len() + 1;
    assert_eq!(row["cmdline_size"].as_i64(), Some(size as i64));
    let row = &execs(&collector, "%--odd%")[0];
    let argv: Vec<String> = serde_json::from_str(&text(row, "argv")).unwrap();
    assert_eq!(argv[1..], odd);
    // The shell reads `cmdline` back as the same list.
    let shown = text(row, "cmdline");
    let back = Command::new("bash")
        .args(["-c", &format!("set -f; printf '%s\\0' {shown}")])
        .output()
        .unwrap();
    let back = String::from_utf8(back.stdout).unwrap();
    let back: Vec<&str> = back.split_terminator('\0').collect();
    assert_eq!(back[1..], odd, "{shown}");
    let row = collector.query(
        "SELECT argv, argv_base64, cmdline FROM linux_process_events WHERE action = 'PROC_CREATE' AND cmdline LIKE '%--raw%'",
    );
    let argv: Vec<String> = serde_json::from_str(&text(&row[0], "argv")).unwrap();
    assert_eq!(argv[2], "caf\\xe9\\xff");
    // base64 of "/bin/true\0--raw\0caf\xe9\xff"
    assert_eq!(
        text(&row[0], "argv_base64").trim_end_matches('='),
        "L2Jpbi90cnVlAC0tcmF3AGNhZun/AA"
    );
}

#[test]
fn scripts_memfds_and_repeated_execs() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("tool.sh");
    std::fs::write(&script, "#!/bin/sh -e\nexit 7\n").unwrap();
    run({
        let mut command = Command::new("chmod");
        command.arg("+x").arg(&script);
        command
    });
    let status = Command::new("./tool.sh").arg("one").current_dir(dir.path()).status().unwrap();
    assert_eq!(status.code(), Some(7));
    run(python(
        "import os
fd = os.memfd_create('hidden', 0)
os.write(fd, open('/bin/true', 'rb').read())
os.execve(fd, ['fileless', '--in-memory'], {})",
    ));
    run({
        let mut command = Command::new("sh");
        command.args(["-c", "exec sh -c 'exec sh -c \"exec true --third\"'"]);
        command
    });
    let killed = Command::new("sh").args(["-c", "kill -KILL $$ # --killed"]).status().unwrap();
    assert!(!killed.success());
    collector
        .wait_for("SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE'", 5);
    collector.stop();
    assert_balanced(&collector);

    let row = &execs(&collector, "%tool.sh one")[0];
    assert_eq!(text(row, "script_path"), script.to_str().unwrap());
    assert_eq!(text(row, "cwd"), dir.path().to_str().unwrap());
    assert_eq!(text(row, "interpreter"), text(row, "path"));
    assert!(text(row, "path").ends_with("sh"), "{row:?}");
    let argv: Vec<String> = serde_json::from_str(&text(row, "argv")).unwrap();
    assert_eq!(argv, ["/bin/sh", "-e", "./tool.sh", "one"]);
    let end = collector.query(&format!(
        "SELECT exit_code, duration_us FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND process_guid = '{}'",
        text(row, "process_guid").to_lowercase()
    ));
    assert_eq!(end[0]["exit_code"].as_i64(), Some(7));
    assert!(end[0]["duration_us"].as_i64().unwrap() > 0);

    let row = &execs(&collector, "fileless --in-memory")[0];
    assert_eq!(text(row, "path"), "/memfd:hidden");
    assert_eq!((row["memfd"].as_i64(), row["deleted"].as_i64()), (Some(1), Some(1)));

    let rows = execs(&collector, "%true --third%");
    let guid = text(rows.last().unwrap(), "process_guid");
    let all = collector.query(&format!(
        "SELECT action FROM linux_process_events WHERE process_guid = '{guid}' ORDER BY seq"
    ));
    let actions: Vec<String> = all.iter().map(|row| text(row, "action")).collect();
    let execs_of_one = ["PROC_CREATE"; 4];
    assert_eq!(actions[0], "PROC_FORK");
    assert_eq!(actions[1..5], execs_of_one, "sh, sh, sh, true with one identity");
    assert_eq!(actions[5..], ["PROC_TERMINATE"]);

    let end = collector.query(
        "SELECT exit_signal, exit_code FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND cmdline LIKE '%--killed%'",
    );
    assert_eq!(end[0]["exit_signal"].as_i64(), Some(9));
    assert!(end[0]["exit_code"].is_null());
}

#[test]
fn forks_at_once_and_a_reused_pid() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    run(python(
        "import os
for i in range(500):
    if os.fork() == 0:
        os._exit(i % 256)
for i in range(500):
    os.wait()",
    ));
    // A pid is given twice: the kernel is told which one to give next, right before each fork.
    run(python(
        "import os
def born():
    for attempt in range(200):
        with open('/proc/sys/kernel/ns_last_pid', 'w') as f:
            f.write(str(wanted - 1))
        pid = os.fork()
        if pid == 0:
            os._exit(55)
        os.waitpid(pid, 0)
        if pid == wanted:
            return True
    return False
first = os.fork()
if first == 0:
    os._exit(55)
os.waitpid(first, 0)
wanted = first
assert born()",
    ));
    collector.wait_for(
        "SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND exit_code = 55",
        2,
    );
    collector.stop();
    assert_balanced(&collector);

    // (`python3` may be a wrapper script: what it forks before it becomes Python is not meant.)
    let python_guid = text(&execs(&collector, "%range(500)%")[0], "process_guid");
    let children = collector.query(&format!(
        "SELECT f.process_guid, e.exit_code, f.cmdline FROM linux_process_events f
         JOIN linux_process_events e ON e.process_guid = f.process_guid AND e.action = 'PROC_TERMINATE'
         WHERE f.action = 'PROC_FORK' AND f.parent_process_guid = '{python_guid}' AND f.path LIKE '%python%'"
    ));
    assert_eq!(children.len(), 500);
    let guids: HashSet<String> = children.iter().map(|row| text(row, "process_guid")).collect();
    assert_eq!(guids.len(), 500);
    let mut codes: HashMap<i64, usize> = HashMap::new();
    for row in &children {
        *codes.entry(row["exit_code"].as_i64().unwrap()).or_default() += 1;
        assert!(
            text(row, "cmdline").contains("range(500)"),
            "a fork is still its parent's program"
        );
    }
    for code in 0..256 {
        assert_eq!(codes[&code], if code < 244 { 2 } else { 1 }, "exit code {code}");
    }
    let reused = collector.query(
        "SELECT pid, count(DISTINCT process_guid) AS guids, count(*) AS ends FROM linux_process_events
         WHERE action = 'PROC_TERMINATE' AND exit_code = 55 GROUP BY pid HAVING count(*) > 1",
    );
    assert!(!reused.is_empty(), "no pid was given twice");
    for row in &reused {
        assert_eq!(row["guids"], row["ends"], "one identity per process");
    }
}

#[test]
fn tree_of_2_000_processes_joins_within_a_second() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    // Each shell has the next two numbers of a heap as its children.
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("node");
    std::fs::write(
        &script,
        "#!/bin/sh\nl=$(($1 * 2)); r=$((l + 1))\n[ $l -le 2000 ] && { $0 $l; }\n[ $r -le 2000 ] && { $0 $r; }\nexit 0\n",
    )
    .unwrap();
    run({
        let mut command = Command::new("chmod");
        command.arg("+x").arg(&script);
        command
    });
    run({
        let mut command = Command::new(&script);
        command.arg("1");
        command
    });
    collector.wait_for(
        "SELECT count(*) FROM linux_process_events WHERE action = 'PROC_CREATE' AND cmdline LIKE '%/node %'",
        2_000,
    );
    let begun = Instant::now();
    let rows = collector.query(
        "SELECT p.argv AS parent, c.argv AS child, c.parent_cmdline AS seen FROM linux_process_events p JOIN linux_process_events c
         ON c.parent_process_guid = p.process_guid AND c.action = 'PROC_CREATE' WHERE p.action = 'PROC_CREATE' AND c.cmdline LIKE '%/node %'",
    );
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(1), "the join took {took:?}");
    let number = |row: &Row, column: &str| {
        let argv: Vec<String> = serde_json::from_str(&text(row, column)).unwrap();
        argv.last().unwrap().parse::<i64>().unwrap()
    };
    let edges: HashSet<(i64, i64)> =
        rows.iter().map(|row| (number(row, "parent"), number(row, "child"))).collect();
    let wanted: HashSet<(i64, i64)> = (2..=2_000).map(|n| (n / 2, n)).collect();
    assert_eq!(edges, wanted);
    for row in &rows {
        assert!(text(row, "seen").ends_with(&format!("/node {}", number(row, "parent"))));
    }
    collector.stop();
    assert_balanced(&collector);
}

#[test]
fn killed_collector_loses_nothing_older_than_the_flush_interval() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    let mut before = Vec::new();
    let begun = Instant::now();
    let mut n = 0;
    while begun.elapsed() < Duration::from_secs(4) {
        let mut command = Command::new("/bin/true");
        command.args(["--numbered", &n.to_string()]);
        run(command);
        before.push((n, begun.elapsed()));
        n += 1;
    }
    collector.kill();
    let killed = begun.elapsed();
    collector.run(&[]);
    let found: HashSet<i64> = execs(&collector, "%--numbered%")
        .iter()
        .map(|row| {
            let argv: Vec<String> = serde_json::from_str(&text(row, "argv")).unwrap();
            argv[2].parse().unwrap()
        })
        .collect();
    for (n, at) in &before {
        if *at + Duration::from_millis(1_500) < killed {
            assert!(found.contains(n), "event {n}, {:?} before the kill", killed - *at);
        }
    }
    // The store goes on where it was: no seq is given twice.
    run({
        let mut command = Command::new("/bin/true");
        command.arg("--after");
        command
    });
    collector.wait_for(
        "SELECT count(*) FROM linux_process_events WHERE action = 'PROC_CREATE' AND cmdline LIKE '%--after%'",
        1,
    );
    collector.stop();
    let all = collector.number("SELECT count(*) FROM linux_process_events");
    assert_eq!(collector.number("SELECT count(DISTINCT seq) FROM linux_process_events"), all);
    assert_eq!(collector.number("SELECT count(DISTINCT eid) FROM linux_process_events"), all);
}

/// Says which of the ids that follow a command of bpf(2) still stand for something.
const LIVING_IDS: &str = "
import ctypes, platform, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
bpf = {'x86_64': 321, 'aarch64': 280}[platform.machine()]
for pair in sys.argv[1:]:
    command, number = map(int, pair.split(':'))
    attr = ctypes.create_string_buffer(struct.pack('III', number, 0, 0))
    if libc.syscall(bpf, command, attr, 12) >= 0:
        print(pair)
    elif ctypes.get_errno() != 2:
        sys.exit(f'{pair}: errno {ctypes.get_errno()}')
";

#[test]
fn a_killed_collector_leaves_nothing_in_the_kernel() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    // What it holds, by the commands that open such a thing by its id.
    let commands = [("prog_id:", 13), ("map_id:", 14), ("link_id:", 30)];
    let mut held = HashSet::new();
    for entry in std::fs::read_dir(format!("/proc/{}/fdinfo", collector.pid())).unwrap() {
        let info = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        for line in info.lines() {
            for (name, command) in commands {
                if let Some(id) = line.strip_prefix(name) {
                    held.insert(format!("{command}:{}", id.trim()));
                }
            }
        }
    }
    let living = || {
        let mut command = python(LIVING_IDS);
        let output = command.args(&held).stdout(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().count()
    };
    for (name, command) in commands {
        let of = |held: &&String| held.starts_with(&format!("{command}:"));
        assert!(held.iter().filter(of).count() > 5, "{name} {held:?}");
    }
    assert_eq!(living(), held.len());
    collector.kill();
    // The kernel frees them when nobody can be using them any more.
    let deadline = Instant::now() + Duration::from_secs(10);
    while living() > 0 {
        assert!(Instant::now() < deadline, "{} of {} are left", living(), held.len());
    }
}

#[test]
fn engine_tables_answer_from_a_second_process() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    run(Command::new("/bin/true"));
    collector
        .wait_for("SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE'", 1);
    let status = collector.query("SELECT * FROM evtables_status");
    assert_eq!(status[0]["pid"].as_i64(), Some(collector.pid().into()));
    assert_eq!(text(&status[0], "state"), "running");
    // Of tier B there may be what this kernel refuses.
    let hooks = collector.query("SELECT hook, state FROM evtables_hooks WHERE tier = 'A'");
    assert!(
        hooks.len() >= 3
            && hooks
                .iter()
                .all(|row| row["state"] == "attached" || text(row, "hook").starts_with("iter/")),
        "{hooks:?}"
    );
    assert_eq!(collector.number("SELECT count(*) FROM evtables_hooks WHERE state = 'failed'"), 0);
    assert!(collector.number("SELECT count(*) FROM evtables_loss") > 0);
    let table =
        collector.query("SELECT * FROM evtables_tables WHERE name = 'LINUX_process_events'");
    assert_eq!(text(&table[0], "state"), "on");
    assert!(table[0]["rows"].as_i64().unwrap() >= 3);
    assert!(collector.number("SELECT count(*) FROM evtables_columns WHERE sigma = 'Image'") >= 1);
    // Parents that ran before us resolve too.
    let row = collector.query(
        "SELECT parent_path, ancestors FROM linux_process_events WHERE action = 'PROC_CREATE' LIMIT 1",
    );
    let me = std::env::current_exe().unwrap();
    assert_eq!(text(&row[0], "parent_path"), me.to_str().unwrap());
    let chain: Vec<String> = serde_json::from_str(&text(&row[0], "ancestors")).unwrap();
    assert!(chain.len() > 1 && chain[0] == me.to_str().unwrap(), "{chain:?}");
    // A second writer is refused, with the reason.
    let second =
        Command::new(&binary).args(["run", "--data-dir"]).arg(&collector.dir).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(message.contains(&collector.pid().to_string()), "{message}");
    collector.stop();
    assert!(collector.query("SELECT * FROM evtables_status").len() <= 1);
}

#[test]
fn mistakes_are_answered_in_one_line() {
    let Some(binary) = binary("kernel") else { return };
    let mut collector = Collector::start(&binary);
    collector.stop();
    let fails = |sql: &str, wanted: &[&str]| {
        let output = Command::new(&binary)
            .args(["query", "--data-dir"])
            .arg(&collector.dir)
            .arg(sql)
            .output()
            .unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        for word in wanted {
            assert!(message.contains(word), "{message}");
        }
    };
    fails("SELECT * FROM linux_proces_events", &["linux_proces_events", "linux_process_events"]);
    fails("SELECT 1 FORM x", &["x", "line 1"]);
    let output = Command::new(&binary)
        .args(["query", "--data-dir", "/nowhere", "SELECT 1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere"));
}
