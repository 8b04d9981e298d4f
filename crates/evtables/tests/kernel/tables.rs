// SPDX-License-Identifier: Apache-2.0
//! One scenario per table: act.py does a thing, the rows say exactly that, and the ledger balances.

use crate::harness::{Collector, Row, assert_table_balanced, binary, text};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const ACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kernel/act.py");

/// A collector, a folder on tmpfs to act in, and what act.py said.
pub(crate) struct Scene {
    pub(crate) collector: Collector,
    pub(crate) folder: PathBuf,
    _keep: tempfile::TempDir,
}

impl Scene {
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// With these tables on that are off by themselves.
    fn start_with(tables: &[&str]) -> Option<Self> {
        let binary = binary("kernel")?;
        let keep = tempfile::tempdir_in("/dev/shm").unwrap();
        let folder = keep.path().canonicalize().unwrap();
        let switches: serde_json::Map<String, Value> =
            tables.iter().map(|table| ((*table).to_owned(), true.into())).collect();
        let config = serde_json::json!({"evtables": {"sources": {"linux": {"tables": switches}}}});
        Some(Self { collector: Collector::start_with(&binary, &config), folder, _keep: keep })
    }

    /// Waits for rows of a process, stops, checks the ledger, and gives the rows in their order.
    pub(crate) fn rows(&mut self, table: &str, condition: &str, wanted: i64) -> Vec<Row> {
        let all = format!("FROM {table} WHERE {condition}");
        self.collector.wait_for(&format!("SELECT count(*) {all}"), wanted);
        self.end(&[table]);
        self.collector.query(&format!("SELECT * {all} ORDER BY time_ns, seq"))
    }

    /// Runs a function of act.py; returns what it said of itself.
    pub(crate) fn act(&self, name: &str) -> Value {
        let output = Command::new(python())
            .args(["-S", ACT, name])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Stops the collector and checks the ledger.
    pub(crate) fn end(&mut self, tables: &[&str]) {
        self.collector.stop();
        for table in tables {
            assert_table_balanced(&self.collector, table);
        }
    }

    /// Account, executable and identity of each row are those of the process that acted.
    pub(crate) fn assert_actor(&self, rows: &[Row], account: &str) {
        for row in rows {
            assert_eq!(text(row, account), "root", "{row:?}");
            let name = text(row, "process_name");
            assert!(name.contains("python"), "{row:?}");
            let guid = text(row, "process_guid");
            let known = self.collector.query(&format!(
                "SELECT DISTINCT pid FROM linux_process_events WHERE process_guid = '{guid}'"
            ));
            assert_eq!(known.len(), 1, "{row:?}");
            assert_eq!(known[0]["pid"], row["pid"]);
        }
    }
}

/// The interpreter itself: `python3` may be a script around it.
fn python() -> PathBuf {
    let output = Command::new("python3")
        .args(["-c", "import os, sys; print(os.path.realpath(sys.executable))"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().into()
}

fn number(row: &Row, column: &str) -> Option<i64> {
    row[column].as_i64()
}

#[test]
fn files_are_told_with_both_names_and_hashes() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("files");
    let here = scene.folder.to_str().unwrap().to_owned();
    let all = format!("FROM linux_file_events WHERE target_path LIKE '{here}/%'");
    scene.collector.wait_for(&format!("SELECT count(*) {all} AND action = 'DIR_DELETE'"), 1);
    scene.end(&["linux_process_events", "linux_file_events"]);
    let rows = scene.collector.query(&format!("SELECT * {all} ORDER BY time_ns, seq"));
    let pid = |name: &str| done[name].as_i64();
    let got: Vec<_> = rows
        .iter()
        .map(|row| {
            let name = |column: &str| {
                row[column].as_str().map(|text| text.replace(&format!("{here}/"), ""))
            };
            let target = name("target_path").unwrap();
            (
                text(row, "action"),
                target,
                name("source_path"),
                number(row, "bytes_written"),
                number(row, "pid"),
            )
        })
        .collect();
    let row = |action: &str, target: &str, source: Option<&str>, bytes: Option<i64>, who: &str| {
        (action.to_owned(), target.to_owned(), source.map(str::to_owned), bytes, pid(who))
    };
    let wanted = [
        row("FILE_CREATE", "created", None, None, "pid"),
        row("FILE_WRITE", "created", None, Some(12), "pid"),
        row("FILE_WRITE", "created", None, Some(11), "pid"),
        row("FILE_CREATE", "empty", None, None, "pid"),
        row("FILE_CREATE", "doubled", None, None, "pid"),
        row("FILE_WRITE", "doubled", None, Some(8), "pid"),
        row("FILE_CREATE", "child", None, None, "pid"),
        row("FILE_WRITE", "child", None, Some(14), "child"),
        row("FILE_CREATE", "by_exec", None, None, "runner"),
        row("FILE_WRITE", "by_exec", None, Some(3), "runner"),
        row("FILE_CREATE", "by_exit", None, None, "ender"),
        row("FILE_WRITE", "by_exit", None, Some(4), "ender"),
        row("FILE_CREATE", "copied", None, None, "pid"),
        row("FILE_WRITE", "copied", None, Some(8), "pid"),
        row("FILE_WRITE", "copied", None, Some(0), "pid"),
        row("DIR_CREATE", "folder", None, None, "pid"),
        row("FILE_RENAME", "folder/moved", Some("empty"), None, "pid"),
        row("FILE_RENAME", "twice", Some("doubled"), None, "pid"),
        row("FILE_LINK", "hard", Some("created"), None, "pid"),
        row("FILE_SYMLINK", "soft", Some("../somewhere else"), None, "pid"),
        row("FILE_CREATE", "pipe", None, None, "pid"),
        row("FILE_TRUNCATE", "hard", None, None, "pid"),
        row("FILE_DELETE", "folder/moved", None, None, "pid"),
        row("FILE_DELETE", "soft", None, None, "pid"),
        row("DIR_DELETE", "folder", None, None, "pid"),
    ];
    assert_eq!(got, wanted);
    scene.assert_actor(&rows, "uid");
    // Contents that stayed as they were at the close.
    for (name, sha256, md5) in [
        (
            "child",
            "2b76d34944f5f5dc98541981f5be39cbffe4b02e58990660e12f8cf684d86875",
            "459d8914c83cdd35b8d93f5eb344b608",
        ),
        (
            "by_exec",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "900150983cd24fb0d6963f7d28e17f72",
        ),
        (
            "by_exit",
            "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
            "e2fc714c4727ee9395f324cd2e7f331f",
        ),
    ] {
        let target = format!("{here}/{name}");
        let row = rows
            .iter()
            .find(|row| row["action"] == "FILE_WRITE" && row["target_path"] == target.as_str())
            .unwrap();
        assert_eq!(number(row, "hashed"), Some(1), "{row:?}");
        assert_eq!((text(row, "sha256"), text(row, "md5")), (sha256.to_owned(), md5.to_owned()));
        assert_eq!(text(row, "file_type"), "file");
    }
}

#[test]
fn sockets_are_told_with_outcome_bytes_and_both_ends() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("sockets");
    let pid = done["pid"].as_i64().unwrap();
    let mine = format!("FROM linux_socket_events WHERE pid = {pid}");
    scene
        .collector
        .wait_for(&format!("SELECT count(*) {mine} AND family = 'AF_INET6' AND protocol = 17"), 1);
    scene.end(&["linux_socket_events"]);
    let rows = scene.collector.query(&format!("SELECT * {mine} ORDER BY time_ns, seq"));
    scene.assert_actor(&rows, "owner_uid");
    let port = |name: &str| done[name].as_i64().unwrap();
    let ports = |name: &str| (done[name][0].as_i64().unwrap(), done[name][1].as_i64().unwrap());
    let find = |action: &str, local: Option<i64>, remote: Option<i64>| {
        let same: Vec<&Row> = rows
            .iter()
            .filter(|row| {
                row["action"] == action
                    && (local.is_none() || number(row, "local_port") == local)
                    && number(row, "remote_port") == remote
            })
            .collect();
        assert_eq!(same.len(), 1, "{action} {local:?} {remote:?}: {rows:#?}");
        same[0]
    };
    for (name, family, host, sent, answered) in
        [("v4", "AF_INET", "127.0.0.1", 100_000, 17), ("v6", "AF_INET6", "::1", 1, 0)]
    {
        let (server, client) = ports(name);
        let bind = find("SOCKET_BIND", Some(server), None);
        assert_eq!(text(bind, "local_address"), host);
        find("SOCKET_LISTEN", Some(server), None);
        let connect = find("SOCKET_CONNECT", Some(client), Some(server));
        assert_eq!(number(connect, "success"), Some(1));
        let accept = find("SOCKET_ACCEPT", Some(server), Some(client));
        let client_end = find("SOCKET_CLOSE", Some(client), Some(server));
        let server_end = find("SOCKET_CLOSE", Some(server), Some(client));
        for row in [connect, accept, client_end, server_end] {
            assert_eq!(
                (text(row, "family"), number(row, "protocol")),
                (family.to_owned(), Some(6))
            );
            assert_eq!(
                (text(row, "local_address"), text(row, "remote_address")),
                (host.to_owned(), host.to_owned())
            );
        }
        let bytes = |row: &Row| (number(row, "bytes_sent"), number(row, "bytes_received"));
        assert_eq!(bytes(client_end), (Some(sent), Some(answered)), "{client_end:?}");
        assert_eq!(bytes(server_end), (Some(answered), Some(sent)), "{server_end:?}");
        assert!(number(client_end, "duration_us").unwrap() > 0);
        let listener = find("SOCKET_CLOSE", Some(server), None);
        assert_eq!(number(listener, "bytes_sent"), None);
    }
    // Both refusals, in the order in which they came.
    let failures: Vec<_> = rows
        .iter()
        .filter(|row| number(row, "success") == Some(0))
        .map(|row| (text(row, "remote_address"), number(row, "remote_port"), number(row, "error")))
        .collect();
    let local = "127.0.0.1".to_owned();
    let closed = Some(port("closed"));
    assert_eq!(
        failures,
        [
            (local.clone(), closed, done["refused"].as_i64()),
            (local, closed, Some(111)),
            ("2001:db8::1".to_owned(), Some(9), done["unreachable"].as_i64()),
        ]
    );
    assert_eq!(done["refused"].as_i64(), Some(111));
    let later = find("SOCKET_CONNECT", None, Some(port("later")));
    assert_eq!(number(later, "success"), Some(1));
    // One row per flow and side.
    let (client, server) = (port("udp_client"), port("udp"));
    find("SOCKET_SEND", Some(client), Some(server));
    find("SOCKET_RECEIVE", Some(server), Some(client));
    let six = find("SOCKET_CONNECT", Some(port("udp_six")), Some(9));
    assert_eq!(
        (number(six, "protocol"), text(six, "remote_address")),
        (Some(17), "::1".to_owned())
    );
    let count = |action: &str| rows.iter().filter(|row| row["action"] == action).count();
    assert_eq!(
        [
            "SOCKET_CONNECT",
            "SOCKET_ACCEPT",
            "SOCKET_BIND",
            "SOCKET_LISTEN",
            "SOCKET_CLOSE",
            "SOCKET_SEND",
            "SOCKET_RECEIVE"
        ]
        .map(count),
        [7, 3, 5, 3, 9, 1, 1],
        "{rows:#?}"
    );
}

#[test]
fn dns_is_told_with_all_answers_and_the_process() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("dns");
    let pid = done["pid"].as_i64();
    scene.collector.wait_for("SELECT count(*) FROM linux_dns_response_events", 4);
    scene.end(&["linux_dns_events", "linux_dns_response_events"]);
    let queries = scene.collector.query("SELECT * FROM linux_dns_events ORDER BY transaction_id");
    let answers =
        scene.collector.query("SELECT * FROM linux_dns_response_events ORDER BY transaction_id");
    for rows in [&queries, &answers] {
        scene.assert_actor(rows, "owner_uid");
        assert!(
            rows.iter()
                .all(|row| number(row, "pid") == pid && number(row, "remote_port") == Some(53))
        );
    }
    let same = |row: &Row, action: &str| {
        let numbers = ["request_class", "eventid"].map(|name| number(row, name));
        (text(row, "event_type"), text(row, "action"), numbers[0])
            == ("DNS".into(), action.into(), Some(1))
            && numbers[1].is_some()
    };
    assert!(queries.iter().all(|row| same(row, "DNS_LOOKUP")), "{queries:?}");
    assert!(answers.iter().all(|row| same(row, "DNS_RESPONSE")), "{answers:?}");
    assert!(answers.iter().all(|row| number(row, "truncated") == Some(0)), "{answers:?}");
    let asked: Vec<_> = queries
        .iter()
        .map(|row| {
            (
                text(row, "domain_name"),
                number(row, "request_type"),
                text(row, "remote_address"),
                number(row, "protocol"),
            )
        })
        .collect();
    let row = |name: &str, kind, server: &str, protocol| {
        (name.to_owned(), Some(kind), server.to_owned(), Some(protocol))
    };
    let wanted = [
        row("www.example.test", 1, "127.0.0.53", 17),
        row("www.example.test", 28, "::1", 17),
        row("nothing.example.test", 1, "127.0.0.53", 17),
        row("text.example.test", 16, "127.0.0.53", 6),
    ];
    assert_eq!(asked, wanted);
    let got: Vec<_> = answers
        .iter()
        .map(|row| {
            (
                text(row, "domain_name"),
                number(row, "status"),
                row["resolved_ip"].as_str(),
                text(row, "answers"),
            )
        })
        .collect();
    let data = |name: &str, kind: &str, ttl: u32, data: &str| {
        format!(r#"{{"name":"{name}","type":"{kind}","ttl":{ttl},"data":"{data}"}}"#)
    };
    let list = |of: &[String]| format!("[{}]", of.join(","));
    let www = "www.example.test".to_owned();
    assert_eq!(
        got,
        [
            (
                www.clone(),
                Some(0),
                Some("192.0.2.7,192.0.2.8"),
                list(&[
                    data(&www, "CNAME", 60, "cdn.example.test"),
                    data("cdn.example.test", "A", 60, "192.0.2.7"),
                    data("cdn.example.test", "A", 60, "192.0.2.8"),
                ])
            ),
            (
                www.clone(),
                Some(0),
                Some("2001:db8::7"),
                list(&[data(&www, "AAAA", 30, "2001:db8::7")])
            ),
            ("nothing.example.test".to_owned(), Some(3), None, list(&[])),
            (
                "text.example.test".to_owned(),
                Some(0),
                None,
                list(&[data("text.example.test", "TXT", 5, "v=x y")])
            ),
        ]
    );
}

/// One row as the test wants it: columns by name.
fn pick(row: &Row, columns: &[&str]) -> Vec<Value> {
    columns.iter().map(|column| row[*column].clone()).collect()
}

pub(crate) fn picked(rows: &[Row], columns: &[&str]) -> Value {
    rows.iter().map(|row| pick(row, columns)).collect::<Vec<_>>().into()
}

#[test]
fn attributes_are_told_before_and_after() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("attributes");
    let rows = scene.rows("linux_file_attr_events", &format!("pid = {}", done["pid"]), 6);
    scene.assert_actor(&rows, "owner_uid");
    let path = scene.folder.join("file");
    assert!(rows.iter().all(|row| text(row, "target_path") == path.to_str().unwrap()), "{rows:#?}");
    assert_eq!(
        picked(
            &rows,
            &[
                "action",
                "old_mode",
                "new_mode",
                "setid_added",
                "old_uid",
                "new_uid",
                "new_gid",
                "xattr_name"
            ]
        ),
        serde_json::json!([
            ["FILE_CHMOD", null, "4755", 1, null, null, null, null],
            ["FILE_CHMOD", "4755", "0600", 0, null, null, null, null],
            ["FILE_CHOWN", null, null, null, 0, 7, null, null],
            ["FILE_CHOWN", null, null, null, null, null, 8, null],
            ["FILE_SETXATTR", null, null, null, null, null, null, "trusted.evtables"],
            ["FILE_REMOVEXATTR", null, null, null, null, null, null, "trusted.evtables"],
        ])
    );
}

#[test]
fn times_that_are_set_back_are_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("times");
    let rows = scene.rows("linux_file_timestomp_events", &format!("pid = {}", done["pid"]), 2);
    scene.assert_actor(&rows, "uid");
    let path = scene.folder.join("file").to_str().unwrap().to_owned();
    assert_eq!(
        picked(&rows, &["action", "target_path", "old_timestamp", "new_timestamp"]),
        serde_json::json!([
            ["FILE_TIMESTOMP", path, null, "2001-09-09 01:46:40.000"],
            ["FILE_TIMESTOMP", path, "2001-09-09 01:46:40.000", "2009-02-13 23:31:30.120"],
        ])
    );
    for (row, new) in rows.iter().zip([1_000_000_000, 1_234_567_890]) {
        let back = number(row, "time").unwrap() - new;
        let told = number(row, "backdated_s").unwrap();
        assert!((back - 1..=back + 1).contains(&told), "{back}: {row:?}");
    }
}

#[test]
fn access_to_other_processes_is_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("processes");
    let who = format!("src_pid = {}", done["pid"]);
    scene
        .collector
        .wait_for(&format!("SELECT count(*) FROM linux_process_inject_events WHERE {who}"), 4);
    scene.collector.wait_for(
        &format!("SELECT count(*) FROM linux_signal_events WHERE pid = {}", done["pid"]),
        1,
    );
    let opens = scene.rows("linux_process_open_events", &who, 6);
    let ask = |table: &str, condition: &str| {
        assert_table_balanced(&scene.collector, table);
        scene
            .collector
            .query(&format!("SELECT * FROM {table} WHERE {condition} ORDER BY time_ns, seq"))
    };
    let injects = ask("linux_process_inject_events", &who);
    let signals = ask("linux_signal_events", &format!("pid = {}", done["pid"]));
    let child = &done["child"];
    assert_eq!(
        picked(&opens, &["action", "target_pid", "granted_access", "granted_access_value"]),
        serde_json::json!([
            ["PROC_OPEN", child, "ptrace_attach", "READ|WRITE|CONTROL"],
            ["PROC_OPEN", child, "ptrace_seize", "READ|WRITE|CONTROL"],
            ["PROC_OPEN", child, "process_vm_readv", "READ"],
            ["PROC_OPEN", child, "pidfd_getfd", "DUPLICATE"],
            ["PROC_OPEN", child, "proc_mem", "READ"],
            ["PROC_OPEN", child, "proc_mem", "READ|WRITE"],
        ])
    );
    assert_eq!(
        picked(&injects, &["action", "target_pid", "start_address", "size"]),
        serde_json::json!([
            ["PTRACE_POKE", child, done["address"], 8],
            ["PTRACE_SET_REGISTERS", child, null, null],
            ["VM_WRITE", child, null, 8],
            ["PROC_MEM_WRITE", child, null, 12]
        ])
    );
    // Not the SIGUSR2: it neither ends nor stops, and both are root's.
    assert_eq!(
        picked(&signals, &["action", "signal", "target_pid"]),
        serde_json::json!([["SIGNAL_SEND", 15, done["victim"]]])
    );
    for row in opens.iter().chain(&injects).chain(&signals) {
        let guid = text(row, "target_process_guid");
        let known = scene.collector.query(&format!(
            "SELECT DISTINCT pid FROM linux_process_events WHERE process_guid = '{guid}'"
        ));
        assert_eq!(known.len(), 1, "{row:?}");
        assert_eq!(known[0]["pid"], row["target_pid"]);
        assert!(text(row, "target_path").contains("python"), "{row:?}");
    }
    let acting = format!(
        "SELECT DISTINCT process_guid FROM linux_process_events WHERE pid = {}",
        done["pid"]
    );
    let acting = &scene.collector.query(&acting)[0]["process_guid"];
    for row in opens.iter().chain(&injects) {
        assert!(text(row, "src_path").contains("python"), "{row:?}");
        assert_eq!((&row["src_process_guid"], text(row, "owner_uid")), (acting, "root".into()));
    }
}

#[test]
fn processes_are_told_with_all_their_ids_and_what_they_used() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("account");
    let of =
        format!("pid = {} AND cmdline LIKE '%account%' AND action <> 'PROC_FORK'", done["pid"]);
    let rows = scene.rows("linux_process_events", &of, 2);
    let columns = [
        "action",
        "pid",
        "tid",
        "sid",
        "uid",
        "euid",
        "suid",
        "gid",
        "egid",
        "cgroup_id",
        "file_uid",
        "file_gid",
    ];
    let (pid, owner) = (&done["pid"], &done["owner"]);
    // The effective ids are the saved ones after an exec.
    assert_eq!(
        picked(&rows[..1], &columns)[0],
        serde_json::json!([
            "PROC_CREATE",
            pid,
            pid,
            pid,
            3001,
            3002,
            3002,
            2001,
            2002,
            done["group"],
            owner[0],
            owner[1]
        ])
    );
    let end = &rows[1];
    assert_eq!(text(end, "action"), "PROC_TERMINATE");
    // The kernel counts both by samples of 1 to 10 ms; what wait4 says is made to fit the time that the process ran.
    let used = number(end, "utime_us").unwrap() + number(end, "stime_us").unwrap();
    assert!(number(end, "utime_us").unwrap() > 0, "{end:?}");
    assert!(used <= number(end, "duration_us").unwrap() + 20_000, "{end:?}");
    assert!(used >= done["used_us"].as_i64().unwrap() / 4, "{done}: {end:?}");
}

#[test]
fn executable_memory_is_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("memory");
    // The interpreter's own libraries may do it too, with other sizes.
    let mine = format!("pid = {} AND (size IN (20480, 12288) OR size IS NULL)", done["pid"]);
    let rows = scene.rows("linux_memory_events", &mine, 3);
    scene.assert_actor(&rows, "owner_uid");
    assert_eq!(
        picked(&rows, &["action", "name", "address", "size", "protection", "writable"]),
        serde_json::json!([
            ["MEMFD_CREATE", "evtables secret", null, null, null, null],
            ["MMAP_EXEC", null, done["area"], 20480, "rwx", 1],
            ["MPROTECT_EXEC", null, done["plain"], 12288, "r-x", 0],
        ])
    );
}

#[test]
fn images_are_told_once_with_their_hash() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("images");
    let path = scene.folder.join("copy.so").to_str().unwrap().to_owned();
    let rows = scene.rows("linux_image_load_events", &format!("image_path = '{path}'"), 1);
    scene.assert_actor(&rows, "uid");
    assert_eq!(
        picked(&rows, &["action", "size", "hashed", "deleted"]),
        serde_json::json!([["IMAGE_LOAD", done["size"], 1, 0]])
    );
    assert_eq!(text(&rows[0], "sha256"), sha256(done["of"].as_str().unwrap()));
}

#[test]
fn mapped_images_are_told_each_time() {
    let Some(mut scene) = Scene::start_with(&["linux_image_load_process_map"]) else { return };
    let done = scene.act("maps");
    let path = scene.folder.join("mapped.so").to_str().unwrap().to_owned();
    let rows = scene.rows("linux_image_load_process_map", &format!("image_path = '{path}'"), 3);
    scene.assert_actor(&rows, "owner_uid");
    let columns = ["image_base", "image_size", "image_offset", "protection", "image_memory_mode"];
    let places = &done["places"];
    assert_eq!(
        picked(&rows, &columns),
        serde_json::json!([
            [places[0], "8192", 0, "r-x", "User"],
            [places[1], "8192", 0, "r-x", "User"],
            [places[2], "4096", 8192, "--x", "User"],
        ])
    );
    // Behind all libraries of the interpreter: their hashes may take longer than a batch waits.
    let sum = sha256(&path);
    assert!(rows.iter().all(|row| row["hashed"] != 1 || text(row, "sha256") == sum), "{rows:?}");
}

#[test]
fn executables_are_told_with_their_header() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("executables");
    let here = scene.folder.to_str().unwrap().to_owned();
    let rows = scene.rows("linux_elf_file_events", &format!("pid = {}", done["pid"]), 10);
    scene.assert_actor(&rows, "uid");
    let short = |text: &str| text.replace(&format!("{here}/"), "");
    let got: Vec<_> = rows
        .iter()
        .map(|row| {
            let source = row["source_path"].as_str().map(short);
            (text(row, "action"), short(&text(row, "target_path")), source, number(row, "size"))
        })
        .collect();
    let size = done["size"].as_i64();
    let row = |action: &str, name: &str, source: Option<&str>, size| {
        (action.to_owned(), name.to_owned(), source.map(str::to_owned), size)
    };
    assert_eq!(
        got,
        [
            row("FILE_WRITE", "written", None, size),
            row("FILE_WRITE", "copied", None, size),
            row("FILE_WRITE", "late", None, Some(4096)),
            row("FILE_WRITE", "temporary", None, size),
            row("FILE_RENAME", "final", Some("temporary"), size),
            row("FILE_WRITE", "tool", None, size),
            row("FILE_CHMOD", "tool", None, size),
            row("FILE_WRITE", "base", None, size),
            row("FILE_LINK", "linked", Some("base"), size),
            row("FILE_WRITE", "dropped", None, Some(4096)),
        ]
    );
    let program = done["of"].as_str().unwrap();
    let sum = sha256(program);
    // The last row of a name: what it was before may not have been looked at in time.
    let find = |name: &str| rows.iter().rfind(|row| text(row, "target_path").ends_with(name));
    for name in ["/written", "/copied", "/final", "/tool", "/linked"] {
        let row = find(name).unwrap();
        assert_eq!(text(row, "sha256"), sum, "{row:?}");
        assert_eq!(number(row, "elf_class"), Some(64), "{row:?}");
        assert!(text(row, "elf_type").ends_with("executable"), "{row:?}");
        assert_eq!(text(row, "machine"), std::env::consts::ARCH);
        assert!(row["interpreter"].as_str().unwrap().contains("/ld-linux"), "{row:?}");
        assert_eq!(number(row, "is_static"), Some(0));
        assert_eq!(row["build_id"].as_str(), of_readelf(program, "-n", "Build ID: ").as_deref());
        let symbols = of_readelf(program, "-SW", " .symtab ").is_some();
        assert_eq!(number(row, "is_stripped"), Some((!symbols).into()));
    }
    assert_eq!(number(find("/late").unwrap(), "elf_class"), Some(64));
    let dropped = find("/dropped").unwrap();
    assert_eq!((&dropped["elf_type"], number(dropped, "hashed")), (&Value::Null, Some(0)));
    assert_eq!(text(find("/tool").unwrap(), "mode"), "0755");
    // The text that was renamed and may be executed is no row, and is counted.
    let filtered = "SELECT sum(count) FROM evtables_loss WHERE event_table = 'linux_elf_file_events' AND reason = 'no_elf'";
    assert!(scene.collector.number(filtered) >= 2);
}

/// What stands behind a word in what readelf says of a program.
fn of_readelf(program: &str, option: &str, word: &str) -> Option<String> {
    let output = Command::new("readelf").args([option, program]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().find_map(|line| line.split_once(word));
    line.map(|(_, behind)| behind.trim().to_owned())
}

fn sha256(path: &str) -> String {
    let sum = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(sum.stdout).unwrap()[..64].to_owned()
}

#[test]
fn namespaces_and_mounts_are_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("spaces");
    let who = format!("pid = {}", done["pid"]);
    scene.collector.wait_for(&format!("SELECT count(*) FROM linux_mount_events WHERE {who}"), 8);
    let spaces = scene.rows("linux_namespace_events", &who, 3);
    scene.assert_actor(&spaces, "owner_uid");
    assert_eq!(
        picked(&spaces, &["action", "namespaces", "namespace_inode", "child_pid"]),
        serde_json::json!([
            ["NAMESPACE_UNSHARE", "mnt,uts", null, null],
            ["NAMESPACE_ENTER", "uts", done["uts"], null],
            ["NAMESPACE_CLONE", "ipc", null, done["cloned"]],
        ])
    );
    let mounts = scene
        .collector
        .query(&format!("SELECT * FROM linux_mount_events WHERE {who} ORDER BY time_ns, seq"));
    scene.assert_actor(&mounts, "owner_uid");
    let path = scene.folder.join("mounted").to_str().unwrap().to_owned();
    let moved = scene.folder.join("moved").to_str().unwrap().to_owned();
    let mount = serde_json::json!(["MOUNT", "evtables", path, "tmpfs", "nosuid,nodev"]);
    let umount = serde_json::json!(["UMOUNT", null, path, null, null]);
    assert_eq!(
        picked(&mounts, &["action", "source", "target_path", "fstype", "flags"]),
        serde_json::json!([
            ["MOUNT", "none", "/", null, "rec,private"],
            mount,
            umount,
            mount,
            umount,
            mount,
            ["MOUNT_MOVE", path, moved, null, null],
            ["PIVOT_ROOT", format!("{moved}/old"), moved, null, null],
        ])
    );
    assert_table_balanced(&scene.collector, "linux_mount_events");
}

#[test]
fn programs_of_the_kernel_are_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("program");
    let rows = scene.rows("linux_bpf_events", &format!("pid = {}", done["pid"]), 6);
    scene.assert_actor(&rows, "owner_uid");
    assert_eq!(
        picked(&rows, &["action", "program_type", "program_name", "instructions"]),
        serde_json::json!([
            ["BPF_PROG_LOAD", "socket_filter", "evt_nothing", 2],
            ["BPF_PROG_LOAD", "raw_tracepoint", "evt_traced", 2],
            ["BPF_RAW_TRACEPOINT_OPEN", null, null, null],
            ["BPF_PROG_LOAD", "cgroup_skb", "evt_packets", 2],
            ["BPF_PROG_ATTACH", null, null, null],
            ["BPF_LINK_CREATE", null, null, null],
        ])
    );
}

#[test]
fn changed_identities_are_told_before_and_after() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("identities");
    let rows = scene.rows("linux_credential_events", &format!("pid = {}", done["pid"]), 7);
    assert_eq!(
        picked(
            &rows,
            &[
                "action", "old_uid", "new_uid", "old_euid", "new_euid", "old_gid", "new_gid",
                "old_egid", "new_egid"
            ]
        ),
        serde_json::json!([
            ["SETGID", 0, 0, 0, 0, 0, 1234, 0, 1234],
            ["SETREGID", 0, 0, 0, 0, 1234, 1235, 1234, 1234],
            ["SETRESGID", 0, 0, 0, 0, 1235, 1235, 1234, 1236],
            ["SETFSGID", 0, 0, 0, 0, 1235, 1235, 1236, 1236],
            ["SETFSUID", 0, 0, 0, 0, 1235, 1235, 1236, 1236],
            ["CAPSET", 0, 0, 0, 0, 1235, 1235, 1236, 1236],
            ["SETRESUID", 0, 0, 0, 1000, 1235, 1235, 1236, 1236],
        ])
    );
    // What one call leaves, the next begins with; the right to boot was given up by CAPSET.
    let effective = |row: &Row, side: &str| {
        u64::from_str_radix(&text(row, &format!("{side}_cap_effective")), 16).unwrap()
    };
    for pair in rows.windows(2) {
        assert_eq!(effective(&pair[0], "new"), effective(&pair[1], "old"), "{pair:?}");
    }
    assert_eq!(effective(&rows[5], "old") & !(1 << 22), effective(&rows[5], "new"));
    // Who is no longer root has no effective capabilities any more, but may have them again.
    let row = &rows[6];
    assert_ne!(text(row, "old_cap_effective"), "0000000000000000");
    assert_eq!(text(row, "new_cap_effective"), "0000000000000000");
    assert_eq!(row["old_cap_permitted"], row["new_cap_permitted"]);
}

#[test]
fn tables_are_switched_by_the_configuration() {
    let Some(mut scene) = Scene::start_with(&["linux_prctl_events"]) else { return };
    let done = scene.act("wishes");
    let rows = scene.rows("linux_prctl_events", &format!("pid = {}", done["pid"]), 1);
    assert_eq!(
        picked(&rows, &["action", "option", "value"]),
        serde_json::json!([["PRCTL", "PR_SET_NO_NEW_PRIVS", 1]])
    );
    scene.collector.run(&[]);
    let state = scene
        .collector
        .query("SELECT state, reason FROM evtables_tables WHERE name = 'linux_prctl_events'");
    assert_eq!(text(&state[0], "state"), "off");
    assert!(text(&state[0], "reason").contains("linux_prctl_events"), "{state:?}");
    scene.collector.stop();
}

#[test]
fn pipes_and_local_sockets_are_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("pipes");
    let rows = scene.rows("linux_named_pipe_events", &format!("pid = {}", done["pid"]), 4);
    scene.assert_actor(&rows, "uid");
    let path = |name: &str| scene.folder.join(name).to_str().unwrap().to_owned();
    assert_eq!(
        picked(&rows, &["action", "target_path"]),
        serde_json::json!([
            ["NAMED_PIPE_CREATE", path("fifo")],
            ["UNIX_SOCKET_CREATE", path("socket")],
            ["UNIX_SOCKET_CONNECT", path("socket")],
            ["UNIX_SOCKET_CREATE", "@evtables test"],
        ])
    );
}

#[test]
fn settings_of_the_kernel_are_told_before_and_after() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("settings");
    let rows = scene.rows("linux_sysctl_events", &format!("pid = {}", done["pid"]), 2);
    scene.assert_actor(&rows, "owner_uid");
    let (name, old) = ("kernel.printk_ratelimit", &done["old"]);
    assert_eq!(
        picked(&rows, &["action", "name", "old_value", "new_value"]),
        serde_json::json!([["SYSCTL_WRITE", name, old, "7"], ["SYSCTL_WRITE", name, "7", old]])
    );
}

#[test]
fn requests_through_io_uring_are_told() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("ring");
    let rows = scene.rows("linux_io_uring_events", &format!("pid = {}", done["pid"]), 5);
    scene.assert_actor(&rows, "owner_uid");
    assert!(rows.iter().all(|row| text(row, "action") == "IO_URING_SUBMIT"), "{rows:?}");
    let columns = ["operation", "target_path", "source_path", "remote_address", "remote_port"];
    assert_eq!(
        picked(&rows, &columns),
        serde_json::json!([
            ["OPENAT", "made", null, null, null],
            ["RENAMEAT", "moved", "made", null, null],
            ["UNLINKAT", "moved", null, null, null],
            ["MKDIRAT", "folder", null, null, null],
            ["CONNECT", null, null, "127.0.0.57", 9],
        ])
    );
}

#[test]
fn containers_are_told_by_their_control_groups() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("container");
    let id = "0123456789abcdef".repeat(4);
    let rows = scene.rows("linux_container_events", &format!("container_id = '{id}'"), 3);
    let group = format!("/docker-{id}.scope");
    assert_eq!(
        picked(&rows, &["action", "container_runtime", "cgroup_path", "pid", "target_pid"]),
        serde_json::json!([
            ["CONTAINER_CREATE", "docker", group, done["pid"], null],
            ["CONTAINER_ENTER", "docker", group, done["child"], done["child"]],
            ["CONTAINER_REMOVE", "docker", group, done["pid"], null],
        ])
    );
    assert!(rows.iter().all(|row| row["cgroup_id"] == done["number"]), "{rows:?}");
    assert!(text(&rows[1], "target_path").contains("python"));
    assert_eq!(rows[1]["target_process_guid"], rows[1]["process_guid"]);
    let others = "SELECT count(*) FROM linux_container_events WHERE cgroup_path LIKE '%of-nobody'";
    assert_eq!(scene.collector.number(others), 0);
}

/// The storms that the ledger must survive without a loss, with the tables that are on by themselves.
#[test]
fn storms_of_files_connections_and_queries_are_complete() {
    let Some(mut scene) = Scene::start() else { return };
    const FILES: i64 = 200_000;
    const CONNECTIONS: i64 = 20_000;
    let path = scene.folder.join("storm");
    for _ in 0..FILES {
        drop(std::fs::File::create(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    for _ in 0..CONNECTIONS {
        let client = std::net::TcpStream::connect(address).unwrap();
        let (server, _) = listener.accept().unwrap();
        drop(client);
        drop(server);
    }
    // A name server that says nothing; each query from a socket of its own.
    let server = std::net::UdpSocket::bind("127.0.0.55:53").unwrap();
    let mut query =
        *b"\x00\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06n00000\x04test\x00\x00\x01\x00\x01";
    for at in 0..CONNECTIONS {
        query[13..19].copy_from_slice(format!("n{at:05}").as_bytes());
        let client = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        client.send_to(&query, "127.0.0.55:53").unwrap();
        server.recv(&mut [0; 64]).unwrap();
    }
    let me = std::process::id();
    let queries = format!("SELECT count(*) FROM linux_dns_events WHERE pid = {me}");
    scene.collector.wait_for(&queries, CONNECTIONS);
    scene.end(&["linux_file_events", "linux_socket_events", "linux_dns_events"]);
    let count = |table: &str, condition: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE pid = {me} AND {condition}");
        scene.collector.number(&sql)
    };
    for action in ["FILE_CREATE", "FILE_DELETE"] {
        let target = path.to_str().unwrap();
        let storm = format!("action = '{action}' AND target_path = '{target}'");
        assert_eq!(count("linux_file_events", &storm), FILES, "{action}");
    }
    let port = address.port();
    for condition in [
        format!("action = 'SOCKET_CONNECT' AND remote_port = {port} AND success = 1"),
        format!("action = 'SOCKET_ACCEPT' AND local_port = {port}"),
        "action = 'SOCKET_SEND' AND remote_port = 53".to_owned(),
    ] {
        assert_eq!(count("linux_socket_events", &condition), CONNECTIONS, "{condition}");
    }
    let names = scene.collector.number(&format!(
        "SELECT count(DISTINCT domain_name) FROM linux_dns_events WHERE pid = {me} AND domain_name LIKE 'n%.test'"
    ));
    assert_eq!(names, CONNECTIONS);
}
