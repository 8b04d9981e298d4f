// SPDX-License-Identifier: Apache-2.0
//! Real hooks, real processes: needs root and a kernel with BTF. Runs when `EVTABLES_KERNEL=1`.
//! Watches the children of this test process only, one test at a time.

#[path = "kernel/helper.rs"]
mod helper;
#[path = "kernel/rules.rs"]
mod rules;
#[path = "kernel/watch.rs"]
mod watch;

use evtables_sdk::HookState;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Command, Stdio};
use watch::{Row, Watch};

const RING: u32 = 8 << 20;

/// Starts to watch, or ends the test where there is no kernel lane.
macro_rules! watch {
    ($ring_bytes:expr) => {
        match Watch::start($ring_bytes) {
            Some(watch) => watch,
            None => return,
        }
    };
}

fn created(rows: &[Row]) -> Vec<&Row> {
    rows.iter().filter(|row| row.text("action") == "PROC_CREATE").collect()
}

fn of_action<'a>(rows: &'a [Row], action: &str, guid: &str) -> Vec<&'a Row> {
    let same = |row: &&Row| row.text("action") == action && row.text("process_guid") == guid;
    rows.iter().filter(same).collect()
}

#[test]
fn storm_of_fast_processes_is_complete() {
    const PROCESSES: usize = 5_000;
    let watch = watch!(RING);
    let began = std::time::Instant::now();
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for at in (half..PROCESSES).step_by(2) {
                    let status = Command::new("/bin/true").arg(format!("n {at}")).status();
                    assert!(status.unwrap().success());
                }
            });
        }
    });
    let took = began.elapsed();
    let rows = watch.stop();
    println!("{PROCESSES} processes in {took:?}, {} rows", rows.len());
    // Per process: forks, execs, ends.
    let mut lives: HashMap<&str, [u32; 3]> = HashMap::new();
    let mut seen = vec![0_u32; PROCESSES];
    for row in &rows {
        let life = lives.entry(row.text("process_guid")).or_default();
        match row.text("action") {
            "PROC_FORK" => life[0] += 1,
            "PROC_TERMINATE" => {
                life[2] += 1;
                assert_eq!(row.number("exit_code"), 0);
            }
            "PROC_CREATE" => {
                life[1] += 1;
                assert_eq!(row.text("path"), "/usr/bin/true");
                let argv: Vec<String> = serde_json::from_str(row.text("argv")).unwrap();
                assert_eq!(argv[0], "/bin/true");
                let at: usize = argv[1].strip_prefix("n ").unwrap().parse().unwrap();
                assert_eq!(row.text("cmdline"), format!("/bin/true 'n {at}'"));
                assert_eq!(row.number("cmdline_truncated"), 0);
                seen[at] += 1;
            }
            _ => {
                lives.remove(row.text("process_guid"));
            }
        }
    }
    assert!(seen.iter().all(|count| *count == 1), "each process exactly once");
    assert_eq!(lives.len(), PROCESSES);
    assert!(lives.values().all(|life| *life == [1, 1, 1]), "one fork, exec and end each");
}

#[test]
fn long_argv_is_whole_and_longer_is_cut() {
    let watch = watch!(RING);
    let long = "x".repeat(30 << 10);
    assert!(Command::new("/bin/true").arg(&long).status().unwrap().success());
    let longer = "y".repeat(40 << 10);
    assert!(Command::new("/bin/true").arg(&longer).status().unwrap().success());
    let rows = watch.stop();
    let rows = created(&rows);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].text("cmdline"), format!("/bin/true {long}"));
    assert_eq!(rows[0].number("cmdline_truncated"), 0);
    assert_eq!(rows[0].number("cmdline_size"), 10 + (30 << 10) + 1);
    assert_eq!(rows[1].number("cmdline_truncated"), 1);
    assert_eq!(rows[1].number("cmdline_size"), 10 + (40 << 10) + 1);
    assert_eq!(rows[1].text("cmdline").len(), 32 << 10);
}

#[test]
fn argv_limit_is_a_setting() {
    let Some(watch) = Watch::start_with(RING, 128 << 10) else { return };
    let long = "x".repeat(100_000);
    assert!(Command::new("/bin/true").arg(&long).status().unwrap().success());
    let rows = watch.stop();
    assert_eq!(created(&rows)[0].text("cmdline").len(), "/bin/true ".len() + 100_000);
    let Some(watch) = Watch::start_with(RING, 1) else { return };
    assert!(Command::new("/bin/true").arg(&long).status().unwrap().success());
    let rows = watch.stop();
    assert_eq!(created(&rows)[0].text("cmdline").len(), 8 << 10, "brought to the lower bound");
    assert_eq!(created(&rows)[0].number("cmdline_truncated"), 1);
}

#[test]
fn bytes_that_are_not_text_are_kept() {
    let watch = watch!(RING);
    let bad = OsStr::from_bytes(b"a\xff\xfeb");
    assert!(Command::new("/bin/true").arg(bad).arg("").status().unwrap().success());
    let rows = watch.stop();
    let rows = created(&rows);
    assert_eq!(rows[0].text("argv"), r#"["/bin/true","a\\xff\\xfeb",""]"#);
    assert_eq!(rows[0].text("cmdline"), r"/bin/true 'a\xff\xfeb' ''");
    assert_eq!(rows[0].text("argv_base64"), "L2Jpbi90cnVlAGH//mIAAA==");
}

#[test]
fn script_is_named_beside_its_interpreter() {
    let watch = watch!(RING);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let script = folder.join("run me.sh");
    std::fs::write(&script, "#!/bin/sh -e\nexit 5\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let status = Command::new("./run me.sh").current_dir(&folder).status().unwrap();
    assert_eq!(status.code(), Some(5));
    let rows = watch.stop();
    let row = created(&rows)[0];
    assert_eq!(row.text("script_path"), script.to_str().unwrap());
    let shell = std::fs::canonicalize("/bin/sh").unwrap();
    assert_eq!(row.text("interpreter"), shell.to_str().unwrap());
    assert_eq!(row.text("path"), shell.to_str().unwrap());
    assert_eq!(row.text("cwd"), folder.to_str().unwrap());
    assert_eq!(row.text("cmdline"), "/bin/sh -e './run me.sh'");
}

#[test]
fn memory_file_is_told() {
    let watch = watch!(RING);
    assert!(helper::command("memfd").status().unwrap().success());
    let rows = watch.stop();
    let rows = created(&rows);
    assert_eq!(rows.len(), 2, "the helper, then the memory file");
    assert_eq!(rows[1].text("path"), "/memfd:evtables-test");
    assert_eq!(rows[1].number("memfd"), 1);
    assert_eq!(rows[1].number("deleted"), 1);
    assert_eq!(rows[0].number("memfd"), 0);
    assert_eq!(rows[0].number("deleted"), 0);
}

#[test]
fn three_execs_are_one_process() {
    let watch = watch!(RING);
    let script = r#"exec /bin/sh -c 'exec /bin/true'"#;
    assert!(Command::new("/bin/sh").args(["-c", script]).status().unwrap().success());
    let rows = watch.stop();
    let rows_created = created(&rows);
    let paths: Vec<&str> = rows_created.iter().map(|row| row.text("path")).collect();
    let shell = std::fs::canonicalize("/bin/sh").unwrap();
    let shell = shell.to_str().unwrap();
    assert_eq!(paths, [shell, shell, "/usr/bin/true"]);
    let guid = rows_created[0].text("process_guid");
    assert!(rows_created.iter().all(|row| row.text("process_guid") == guid));
    assert_eq!(of_action(&rows, "PROC_FORK", guid).len(), 1);
    assert_eq!(of_action(&rows, "PROC_TERMINATE", guid).len(), 1);
}

#[test]
fn forks_that_end_at_once_are_all_there() {
    const FORKS: usize = 500;
    let watch = watch!(RING);
    let script = format!(
        "exec 3<&0; i=0; while [ $i -lt {FORKS} ]; do (read x <&3; exit 7) & i=$((i+1)); done; echo up; wait"
    );
    let mut shell = Command::new("/bin/sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut up = [0; 3];
    std::io::Read::read_exact(shell.stdout.as_mut().unwrap(), &mut up).unwrap();
    drop(shell.stdin.take());
    assert!(shell.wait().unwrap().success());
    let rows = watch.stop();
    let ends = rows.iter().filter(|row| {
        row.text("action") == "PROC_TERMINATE" && row.number_or_null("exit_code") == Some(7)
    });
    assert_eq!(ends.count(), FORKS);
    let forks = rows.iter().filter(|row| row.text("action") == "PROC_FORK");
    assert_eq!(forks.count(), FORKS + 1);
}

#[test]
fn exit_code_and_signal() {
    let watch = watch!(RING);
    Command::new("/bin/sh").args(["-c", "exit 42"]).status().unwrap();
    Command::new("/bin/sh").args(["-c", "kill -9 $$"]).status().unwrap();
    let rows = watch.stop();
    let ends: Vec<&Row> =
        rows.iter().filter(|row| row.text("action") == "PROC_TERMINATE").collect();
    assert_eq!(ends.len(), 2);
    assert_eq!(ends[0].number_or_null("exit_code"), Some(42));
    assert_eq!(ends[0].number_or_null("exit_signal"), None);
    assert_eq!(ends[1].number_or_null("exit_code"), None);
    assert_eq!(ends[1].number_or_null("exit_signal"), Some(9));
    assert!(ends[0].number("duration_us") > 0);
    assert!(ends[0].number("max_rss_kb") > 0);
}

#[test]
fn threads_end_as_one_process() {
    const RUNS: usize = 20;
    let watch = watch!(RING);
    for _ in 0..RUNS {
        assert_eq!(helper::command("threads").status().unwrap().code(), Some(3));
    }
    let rows = watch.stop();
    let ends = rows.iter().filter(|row| row.text("action") == "PROC_TERMINATE");
    assert_eq!(ends.count(), RUNS);
    assert_eq!(created(&rows).len(), RUNS);
}

#[test]
fn ring_that_is_too_small_loses_by_count() {
    let watch = watch!(4_096);
    let long = "z".repeat(20 << 10);
    for _ in 0..5 {
        assert!(Command::new("/bin/true").arg(&long).status().unwrap().success());
    }
    let script = "i=0; while [ $i -lt 500 ]; do (exit 7) & i=$((i+1)); done; wait";
    assert!(Command::new("/bin/sh").args(["-c", script]).status().unwrap().success());
    let (rows, lines) = watch.stop_with_ledger(false);
    let kernel = lines.kernel;
    println!("{kernel:?}, {} rows", rows.len());
    assert!(kernel.oversize >= 5, "argv larger than the ring");
    let received = rows.iter().filter(|row| row.text("action") != "PROC_RUNNING").count() as u64;
    assert_eq!(
        kernel.seen,
        received + kernel.subtree + kernel.ring_full + kernel.oversize,
        "the balance is exact"
    );
    assert_eq!(received, kernel.submitted);
}

#[test]
fn running_processes_are_found_and_strangers_are_not() {
    // Older than the watch, but its child.
    let before = watch::in_kernel_lane().then(|| Command::new("/bin/sleep").arg("60").spawn());
    let watch = watch!(RING);
    let mut before = before.unwrap().unwrap();
    before.kill().unwrap();
    before.wait().unwrap();
    let (rows, _) = watch.stop_with_ledger(true);
    let running: Vec<&Row> =
        rows.iter().filter(|row| row.text("action") == "PROC_RUNNING").collect();
    let of_pid = |pid: u32| running.iter().find(|row| row.number("pid") == i64::from(pid));
    let child = of_pid(before.id()).unwrap();
    assert_eq!(child.text("cmdline"), "/bin/sleep 60");
    assert_eq!(child.text("path"), "/usr/bin/sleep");
    let own = of_pid(std::process::id()).unwrap();
    assert_eq!(child.text("parent_process_guid"), own.text("process_guid"));
    assert_eq!(
        own.text("path"),
        std::env::current_exe().unwrap().canonicalize().unwrap().to_str().unwrap()
    );
    for row in &running {
        let mine = row.number("pid") == i64::from(before.id())
            || row.number("pid") == i64::from(std::process::id());
        assert_eq!(
            row.text_or_null("cmdline").is_some(),
            mine,
            "strangers' arguments are not read"
        );
    }
    let end = of_action(&rows, "PROC_TERMINATE", child.text("process_guid"));
    assert_eq!(end[0].number("exit_signal"), 9);
}

#[test]
fn identity_columns_are_those_of_the_process() {
    let watch = watch!(RING);
    let mut cat = Command::new("/bin/cat").stdin(Stdio::piped()).spawn().unwrap();
    let pid = cat.id();
    let link = |name: &str| {
        let text = std::fs::read_link(format!("/proc/{pid}/ns/{name}")).unwrap();
        let text = text.to_str().unwrap().to_owned();
        text.split('[').nth(1).unwrap().trim_end_matches(']').parse::<i64>().unwrap()
    };
    let namespaces = [link("mnt"), link("pid"), link("net"), link("user")];
    let meta = std::fs::metadata("/bin/cat").unwrap();
    let cgroups = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
    cat.stdin.take().unwrap().flush().unwrap();
    assert!(cat.wait().unwrap().success());
    let rows = watch.stop();
    let row = created(&rows)[0];
    assert_eq!(row.number("pid"), i64::from(pid));
    assert_eq!(row.number("parent_pid"), i64::from(std::process::id()));
    assert_eq!(row.number("inode"), meta.ino().cast_signed());
    assert_eq!(row.number("device"), meta.dev().cast_signed());
    assert_eq!(row.number("size"), meta.size().cast_signed());
    assert_eq!(row.number("mtime"), meta.mtime());
    assert_eq!(row.text("mode"), format!("{:04o}", meta.mode() & 0o7777));
    assert_eq!(["mnt_ns", "pid_ns", "net_ns", "user_ns"].map(|name| row.number(name)), namespaces);
    assert!(cgroups.lines().any(|line| line.ends_with(row.text("cgroup_path"))));
    assert_eq!(row.number("uid"), 0);
    assert_eq!(row.text("comm"), "cat");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let age = i64::try_from(now.as_nanos()).unwrap() - row.number("time");
    assert!((0..10_000_000_000).contains(&age), "wall clock: {age} ns old");
}

#[test]
fn namespaces_and_mounts_are_followed() {
    let watch = watch!(RING);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let folder = folder.to_str().unwrap();
    let script = format!(
        "mount -t tmpfs none {folder} && mkdir {folder}/in && cp /bin/true {folder}/in/t && cd {folder}/in && exec ./t"
    );
    let unshare =
        Command::new("unshare").args(["--mount", "--pid", "--fork", "sh", "-c", &script]).status();
    assert!(unshare.unwrap().success());
    let rows = watch.stop();
    let rows = created(&rows);
    let row = rows.iter().find(|row| row.text("comm") == "t").unwrap();
    assert_eq!(row.text("path"), format!("{folder}/in/t"), "through the mount point");
    assert_eq!(row.text("cwd"), format!("{folder}/in"));
    assert_eq!(row.number("ns_pid"), 1);
    let outer = rows.iter().find(|row| row.text("comm") == "unshare").unwrap();
    assert_eq!(outer.number("ns_pid"), outer.number("pid"));
    assert_ne!(row.number("pid_ns"), outer.number("pid_ns"));
    assert_ne!(row.number("mnt_ns"), outer.number("mnt_ns"));
}

#[test]
fn deep_paths_are_cut_at_their_head() {
    let watch = watch!(RING);
    let folder = tempfile::tempdir().unwrap();
    let deep =
        (0..60).fold(folder.path().canonicalize().unwrap(), |path, at| path.join(format!("d{at}")));
    std::fs::create_dir_all(&deep).unwrap();
    assert!(Command::new("/bin/true").current_dir(&deep).status().unwrap().success());
    let rows = watch.stop();
    let cwd = created(&rows)[0].text("cwd");
    assert!(cwd.starts_with(".../d") && cwd.ends_with("/d58/d59"), "{cwd}");
}

#[test]
fn hooks_are_attached_then_stopped() {
    let Some(mut watch) = Watch::start(RING) else { return };
    let states: Vec<(String, HookState)> =
        watch.hooks().into_iter().map(|hook| (hook.hook, hook.state)).collect();
    for name in ["sched_process_exec", "sched_process_fork", "sched_process_exit"] {
        assert!(states.contains(&(name.to_owned(), HookState::Attached)), "{name}: {states:?}");
    }
    let began = std::time::Instant::now();
    watch.detach();
    assert!(began.elapsed().as_secs_f64() < 1.0, "stopped within a second");
    assert!(watch.hooks().iter().all(|hook| hook.state == HookState::Off));
    Command::new("/bin/true").status().unwrap();
    assert!(created(&watch.stop()).is_empty(), "nothing after the stop");
}

/// Not a test of its own: what [`helper::command`] runs in a child.
#[test]
fn helper_entry() {
    helper::run();
}
