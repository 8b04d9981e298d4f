// SPDX-License-Identifier: Apache-2.0
//! One scenario per table: act.py does a thing, the rows say exactly that, and the ledger balances.

use crate::harness::{Collector, Row, assert_table_balanced, binary, text};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const ACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kernel/act.py");

/// A collector, a folder on tmpfs to act in, and what act.py said.
struct Scene {
    collector: Collector,
    folder: PathBuf,
    _keep: tempfile::TempDir,
}

impl Scene {
    fn start() -> Option<Self> {
        let binary = binary("kernel")?;
        let keep = tempfile::tempdir_in("/dev/shm").unwrap();
        let folder = keep.path().canonicalize().unwrap();
        Some(Self { collector: Collector::start(&binary), folder, _keep: keep })
    }

    /// Runs a function of act.py; returns what it said of itself.
    fn act(&self, name: &str) -> Value {
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
    fn end(&mut self, tables: &[&str]) {
        self.collector.stop();
        for table in tables {
            assert_table_balanced(&self.collector, table);
        }
    }

    /// Account, executable and identity of each row are those of the process that acted.
    fn assert_actor(&self, rows: &[Row], account: &str) {
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
