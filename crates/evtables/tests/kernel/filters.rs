// SPDX-License-Identifier: Apache-2.0
//! Filters that run in the kernel: nothing of what they leave out reaches us, and what is kept is what
//! the engine alone would keep.

use crate::harness::{Collector, Row, assert_table_balanced, binary, text};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

const TABLES: [&str; 3] = ["linux_file_events", "linux_socket_events", "linux_dns_events"];

fn config(filters: &Value, kernel: bool) -> Value {
    json!({"evtables": {"sources": {"linux": {"kernel_filters": kernel}}, "filters": filters}})
}

/// The interpreter itself: `python3` may be a script around it.
fn python() -> String {
    let output = Command::new("python3")
        .args(["-c", "import os, sys; print(os.path.realpath(sys.executable))"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn left_out(collector: &Collector, table: &str, stage: &str) -> i64 {
    collector.number(&format!(
        "SELECT coalesce(sum(count), 0) FROM evtables_loss WHERE event_table = '{table}' AND stage = '{stage}' AND reason = 'rule'"
    ))
}

const STORM: &str = "
import os, socket
for i in range(5000):
    fd = os.open('storm', os.O_CREAT | os.O_WRONLY)
    os.write(fd, b'x')
    os.close(fd)
    os.unlink('storm')
listener = socket.create_server(('127.0.0.1', 0))
for i in range(1000):
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    client.close()
    server.close()
named = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
named.bind(('127.0.0.56', 53))
query = b'\\0\\0\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\4test\\0\\0\\1\\0\\1'
for i in range(1000):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(query, ('127.0.0.56', 53))
    named.recv(64)
    client.close()
";

#[test]
fn nothing_of_a_program_that_is_left_out_reaches_us() {
    let Some(binary) = binary("kernel") else { return };
    let python = python();
    let rule = |table: &str| {
        let when = json!({"column": "process_name", "equals": python});
        json!({"name": format!("storm of {table}"), "action": "exclude", "when": when})
    };
    let filters: serde_json::Map<String, Value> =
        TABLES.iter().map(|table| ((*table).to_owned(), json!([rule(table)]))).collect();
    let mut collector = Collector::start_with(&binary, &config(&filters.into(), true));
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    let mut storm = Command::new(&python);
    storm.args(["-S", "-c", STORM]).current_dir(folder.path()).stdin(Stdio::null());
    assert!(storm.status().unwrap().success());
    let mine = folder.path().join("mine");
    std::fs::write(&mine, "kept").unwrap();
    let kept =
        format!("SELECT count(*) FROM linux_file_events WHERE target_path = '{}'", mine.display());
    collector.wait_for(&kept, 2);
    collector.stop();
    for (table, least) in TABLES.into_iter().zip([15_000, 2_000, 1_000]) {
        assert_table_balanced(&collector, table);
        let here = left_out(&collector, table, "kernel");
        assert!(here >= least, "{table}: {here} left out in the kernel");
        assert_eq!(left_out(&collector, table, "filter"), 0, "{table}: none in the engine");
        let of_storm = format!("SELECT count(*) FROM {table} WHERE process_name = '{python}'");
        assert_eq!(collector.number(&of_storm), 0, "{table}");
        let rules = collector
            .query(&format!("SELECT * FROM evtables_filters WHERE event_table = '{table}'"));
        assert_eq!(text(&rules[0], "runs_in"), "kernel");
        assert_eq!(rules[0]["hits"].as_i64(), Some(here), "{rules:?}");
    }
}

/// Several programs that make, change and remove files, and one that connects.
const WORK: &str = "
for i in 1 2 3 4 5 6 7 8 9 10; do
    touch a; cp a b; mv b c; ln c d; chmod 600 c; rm a c d; mkdir e; rmdir e
    python3 -S -c \"import socket; s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname())\"
done
touch end
";

/// What is kept of the work, without what differs from one collector to the other.
fn kept(collector: &Collector, folder: &Path) -> Vec<Vec<String>> {
    let folder = folder.display();
    let shown = |row: &Row| -> Vec<String> { row.values().map(Value::to_string).collect() };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for sql in [
        format!("SELECT action, pid, target_path, source_path, process_name, bytes_written, sha256 FROM linux_file_events WHERE target_path LIKE '{folder}/%'"),
        "SELECT action, pid, process_name, local_port, remote_port FROM linux_socket_events WHERE process_name LIKE '%python%'".to_owned(),
        format!("SELECT action, pid, target_path, process_name FROM linux_file_attr_events WHERE target_path LIKE '{folder}/%'"),
    ] {
        rows.extend(collector.query(&sql).iter().map(shown));
    }
    rows.sort();
    rows
}

#[test]
fn the_kernel_keeps_what_the_engine_alone_keeps() {
    let Some(binary) = binary("kernel") else { return };
    let exclude = |when: Value| json!({"action": "exclude", "when": when});
    let include = |when: Value| json!({"action": "include", "when": when});
    let name = |operator: &str, text: &str| json!({"column": "process_name", operator: text});
    let cases = [
        json!({
            "linux_file_events": [
                exclude(name("suffix", "/RM")),
                exclude(json!({"all": [name("glob", "*/c?"), {"column": "action", "equals": "FILE_WRITE"}]})),
                exclude(json!({"all": [name("regex", "mv$"), {"column": "target_path", "suffix": "/z"}]})),
            ],
            "linux_socket_events": [exclude(json!({"column": "action", "in": ["SOCKET_LISTEN", "SOCKET_CLOSE"]}))],
            "linux_file_attr_events": [exclude(name("contains", "chmod"))],
        }),
        json!({
            "linux_file_events": [exclude(name("suffix", "/touch")), exclude(name("suffix", "/rm"))],
            "linux_socket_events": [exclude(json!({"all": [
                {"column": "remote_address", "cidr": "127.0.0.0/8"},
                {"column": "remote_port", "range": {"from": 1, "to": 65_535}},
                {"not": {"column": "action", "equals": "SOCKET_CONNECT"}},
            ]}))],
        }),
        json!({
            "linux_file_events": [
                include(name("prefix", "/usr/bin/")),
                exclude(json!({"any": [name("suffix", "/touch"), {"column": "target_path", "suffix": "/e"}]})),
            ],
            "linux_socket_events": [include(json!({"not": name("glob", "*python*")}))],
            "linux_file_attr_events": [include(json!({"column": "target_path", "suffix": "/nothing"}))],
        }),
        json!({
            "linux_file_events": [
                exclude(json!({"all": [
                    {"column": "uid", "equals": "ROOT"},
                    {"column": "target_path", "suffix": "/A"},
                ]})),
                exclude(json!({"column": "target_path", "regex": "/c$"})),
            ],
            "linux_socket_events": [exclude(json!({"column": "owner_uid", "equals": "root"}))],
            "linux_file_attr_events": [include(json!({"column": "owner_uid", "prefix": "nobody"}))],
        }),
    ];
    for filters in cases {
        let by_ends = filters.to_string().contains("remote_port");
        let mut here = Collector::start_with(&binary, &config(&filters, true));
        let mut there = Collector::start_with(&binary, &config(&filters, false));
        let folder = tempfile::tempdir_in("/dev/shm").unwrap();
        let mut work = Command::new("sh");
        work.args(["-ec", WORK]).current_dir(folder.path()).stdin(Stdio::null());
        assert!(work.status().unwrap().success());
        for collector in [&mut here, &mut there] {
            collector.wait_for(
                "SELECT count(*) FROM linux_process_events WHERE action = 'PROC_TERMINATE' AND cmdline = 'touch end'",
                1,
            );
            collector.stop();
        }
        let mut in_kernel = 0;
        for table in filters.as_object().unwrap().keys() {
            assert_table_balanced(&here, table);
            assert_table_balanced(&there, table);
            in_kernel += left_out(&here, table, "kernel");
            assert_eq!(left_out(&there, table, "kernel"), 0);
            assert!(left_out(&there, table, "filter") > 0, "{table}");
        }
        assert!(in_kernel > 20, "{in_kernel} left out in the kernel");
        if by_ends {
            assert!(left_out(&here, "linux_socket_events", "kernel") > 0);
        }
        let (here, there) = (kept(&here, folder.path()), kept(&there, folder.path()));
        assert!(!there.is_empty());
        assert_eq!(here, there);
    }
}
