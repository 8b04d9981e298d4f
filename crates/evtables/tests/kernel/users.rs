// SPDX-License-Identifier: Apache-2.0
//! `linux_user_events`: records that libc writes into files of our own, with the processes that they name;
//! rotation, torn records, restarts and kills; and processes that become another user.

use crate::harness::{Collector, Row, assert_table_balanced, binary, text};
use crate::tables::Scene;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Writes a record by libc, as sshd and login do; the process lives until its input ends, and prints `done`.
const WRITE: &str = r#"
import ctypes, os, socket, struct, sys
file, kind, line, user, host, address, seconds, pid = sys.argv[1:]
address = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address).ljust(16, b"\0")
record = struct.pack("=hxxi32s4s32s256shhiii16s20x", int(kind), int(pid) or os.getpid(), line.encode(), b"x",
                     user.encode(), host.encode(), 0, 3 if kind == "8" else 0, 0, int(seconds), 250000, address)
ctypes.CDLL(None).updwtmpx(file.encode(), record)
print("done", flush=True)
sys.stdin.read()
"#;

const USER: i16 = 7;
const DEAD: i16 = 8;

struct Logins {
    collector: Collector,
    folder: PathBuf,
    /// When the writers' processes have started, unix seconds.
    now: i64,
    _keep: tempfile::TempDir,
}

impl Logins {
    fn start() -> Option<Self> {
        let binary = binary("kernel")?;
        let keep = tempfile::tempdir().unwrap();
        let folder = keep.path().to_owned();
        for name in ["wtmp", "btmp", "utmp"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let users = serde_json::json!({
            "wtmp": file("wtmp"), "btmp": file("btmp"), "utmp": file("utmp")
        });
        let config = serde_json::json!({"evtables": {"sources": {"users": users}}});
        let collector = Collector::start_with(&binary, &config);
        let ready = "SELECT count(*) FROM evtables_hooks WHERE hook = 'wtmp, btmp' AND state = 'attached' AND reason IS NULL";
        collector.wait_for(ready, 1);
        // Whole seconds: the next one is after the start of every process that starts now.
        let now = i64::try_from(
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs(),
        );
        Some(Self { collector, folder, now: now.unwrap() + 100, _keep: keep })
    }

    /// A living process that has written a record about itself (or about `pid`).
    fn write(&self, name: &str, kind: i16, who: [&str; 4], seconds: i64, pid: u32) -> Child {
        let file = self.folder.join(name);
        let [line, user, host, address] = who;
        let mut command = Command::new("python3");
        command.args(["-S", "-c", WRITE, file.to_str().unwrap(), &kind.to_string()]);
        command.args([line, user, host, address, &(self.now + seconds).to_string()]);
        command.arg(pid.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = String::new();
        let out = child.stdout.as_mut().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut said).unwrap();
        assert_eq!(said, "done\n");
        child
    }

    fn rows(&self) -> Vec<Row> {
        self.collector.query(
            "SELECT u.*, u.time_ns, (SELECT count(DISTINCT p.pid) FROM linux_process_events p WHERE p.process_guid = u.process_guid AND p.pid = u.pid) AS known
             FROM linux_user_events u WHERE log_path IS NOT NULL ORDER BY u.time_ns, u.seq",
        )
    }

    fn wait_for(&self, wanted: i64) {
        let all = "SELECT count(*) FROM linux_user_events WHERE log_path IS NOT NULL";
        self.collector.wait_for(all, wanted);
    }

    fn run(&mut self) {
        let config = self.collector.dir.with_file_name("config.json");
        self.collector.run(&["--config", config.to_str().unwrap()]);
    }
}

fn end(mut child: Child) -> u32 {
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    child.id()
}

/// What a row says, and whether its identity leads to its process.
fn told(row: &Row) -> (String, Value, Value, Value, Value, i64) {
    let value = |name: &str| row[name].clone();
    let known = row["known"].as_i64().unwrap();
    (
        text(row, "action"),
        value("user_name"),
        value("terminal"),
        value("remote_address"),
        value("pid"),
        known,
    )
}

#[test]
fn logins_are_told_with_their_processes_over_rotation_kills_and_restarts() {
    let Some(mut logins) = Logins::start() else { return };
    let login = logins.write("wtmp", USER, ["pts/7", "ann", "far.example", "192.0.2.7"], 1, 0);
    let failed = logins.write("btmp", 6, ["ssh:notty", "0", "bad.example", "2001:db8::7"], 2, 0);
    logins.wait_for(2);
    logins.collector.kill();
    // While nobody looks: the logout, a torn record, a rotation.
    let (ann, bad) = (end(login), end(failed));
    end(logins.write("wtmp", DEAD, ["pts/7", "", "", "0.0.0.0"], 3, ann));
    let torn = std::fs::OpenOptions::new().append(true).open(logins.folder.join("btmp")).unwrap();
    std::io::Write::write_all(&mut &torn, &[7; 100]).unwrap();
    std::fs::rename(logins.folder.join("wtmp"), logins.folder.join("wtmp.1")).unwrap();
    std::fs::write(logins.folder.join("wtmp"), "").unwrap();
    end(logins.write("wtmp", 2, ["~", "reboot", "6.1.0", "0.0.0.0"], 4, 0));
    // libc cuts off what is torn.
    end(logins.write("btmp", USER, ["tty1", "root", "", "0.0.0.0"], 5, 0));
    logins.run();
    logins.wait_for(5);
    let bob = logins.write("wtmp", USER, ["pts/8", "bob", "", "0.0.0.0"], 6, 0);
    logins.wait_for(6);
    let rows = logins.rows();
    let bob = end(bob);
    logins.collector.stop();
    let wanted = |action: &str, user: &str, line: &str, address: Option<&str>| {
        (
            action.to_owned(),
            Value::from(user),
            Value::from(line),
            address.map_or(Value::Null, Value::from),
        )
    };
    let got: Vec<_> = rows.iter().map(told).collect();
    let short: Vec<_> = got
        .iter()
        .map(|row| (row.0.clone(), row.1.clone(), row.2.clone(), row.3.clone()))
        .collect();
    assert_eq!(
        short,
        [
            wanted("USER_LOGIN", "ann", "pts/7", Some("192.0.2.7")),
            wanted("USER_LOGIN_FAILED", "0", "ssh:notty", Some("2001:db8::7")),
            wanted("USER_LOGOUT", "ann", "pts/7", Some("192.0.2.7")),
            wanted("SYSTEM_BOOT", "reboot", "~", None),
            wanted("USER_LOGIN_FAILED", "root", "tty1", None),
            wanted("USER_LOGIN", "bob", "pts/8", None),
        ]
    );
    for (row, pid) in [(0, ann), (1, bad), (5, bob)] {
        assert_eq!((&got[row].4, got[row].5), (&pid.into(), 1), "{:?}", rows[row]);
        assert!(text(&rows[row], "process_name").contains("python"), "{:?}", rows[row]);
    }
    assert_eq!(rows[2]["login_time"].as_i64(), Some(logins.now + 1));
    assert_eq!(rows[2]["exit_status"].as_i64(), Some(3));
    assert_eq!(rows[0]["time"].as_i64(), Some(logins.now + 1));
    assert_eq!(text(&rows[0], "host"), "far.example");
    assert_eq!(rows[0]["time_ns"].as_i64(), Some((logins.now + 1) * 1_000_000_000 + 250_000_000));
    // Once more: nothing is told twice.
    logins.run();
    let end_of = logins.write("wtmp", DEAD, ["pts/8", "", "", "0.0.0.0"], 7, bob);
    let system = [(1, "shutdown"), (1, "runlevel"), (3, "date")];
    for (seconds, (kind, who)) in (8..).zip(system) {
        end(logins.write("wtmp", kind, ["~", who, "6.1.0", "0.0.0.0"], seconds, 0));
    }
    logins.wait_for(10);
    end(end_of);
    logins.collector.stop();
    let rows = logins.rows();
    assert_eq!(rows.len(), 10, "{rows:?}");
    assert_eq!(told(&rows[6]).1, "bob");
    let actions: Vec<_> = rows[7..].iter().map(|row| text(row, "action")).collect();
    assert_eq!(actions, ["SYSTEM_SHUTDOWN", "SYSTEM_RUNLEVEL", "SYSTEM_TIME"]);
    let lost = "SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE outcome IN ('lost', 'pending') AND event_table = 'linux_user_events'";
    assert_eq!(logins.collector.number(lost), 0);
}

#[test]
fn failed_logins_by_the_thousand_are_counted() {
    let Some(mut logins) = Logins::start() else { return };
    let mut bytes = Vec::new();
    let seconds = u32::try_from(logins.now).unwrap();
    for n in 0..20_000_u32 {
        let mut record = vec![0; 384];
        record[0] = if n % 2 == 0 { 6 } else { 0 };
        record[44..54].copy_from_slice(format!("user{n:06}").as_bytes());
        record[340..344].copy_from_slice(&seconds.to_ne_bytes());
        bytes.extend(record);
    }
    std::fs::write(logins.folder.join("btmp"), &bytes).unwrap();
    logins.wait_for(10_000);
    logins.collector.stop();
    assert_table_balanced(&logins.collector, "linux_user_events");
    let sum = |sql: &str| logins.collector.number(&format!("{sql} FROM linux_user_events"));
    assert_eq!(sum("SELECT count(DISTINCT user_name)"), 10_000);
    let filtered = "SELECT sum(count) FROM evtables_loss WHERE event_table = 'linux_user_events' AND reason = 'no_event'";
    assert_eq!(logins.collector.number(filtered), 10_000);
}

#[test]
fn processes_that_become_another_user_are_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("users");
    let of = format!("pid = {} AND action = 'USER_CHANGE'", done["pid"]);
    let rows = scene.rows("linux_user_events", &of, 3);
    let number = |row: &Row, name: &str| row[name].as_i64().unwrap();
    let got: Vec<_> = rows
        .iter()
        .map(|row| {
            let ids = ["old_uid", "new_uid", "old_euid", "new_euid"].map(|name| number(row, name));
            (text(row, "method"), ids, text(row, "owner_uid"))
        })
        .collect();
    let row = |method: &str, ids: [i64; 4], user: &str| (method.to_owned(), ids, user.to_owned());
    assert_eq!(
        got,
        [
            row("SETREUID", [0, 0, 0, 61_234], "61234"),
            row("SETRESUID", [0, 0, 61_234, 0], "root"),
            row("SETUID", [0, 61_235, 0, 61_235], "61235"),
        ]
    );
    let guid = text(&rows[0], "process_guid");
    let known =
        format!("SELECT DISTINCT pid FROM linux_process_events WHERE process_guid = '{guid}'");
    assert_eq!(scene.collector.query(&known)[0]["pid"], done["pid"]);
    // Calls that change a group alone are in the other table.
    let calls = format!("SELECT count(*) FROM linux_credential_events WHERE pid = {}", done["pid"]);
    assert_eq!(scene.collector.number(&calls), 4);
}
