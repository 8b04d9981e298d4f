// SPDX-License-Identifier: Apache-2.0
//! Filters in the kernel: what they leave out is counted, and a change of filters has no gap.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Test code.

use crate::watch::Watch;
use evtables_schema::TableSpec;
use evtables_schema::generated::file_events::linux as file;
use evtables_schema::generated::socket_events::linux as socket;
use evtables_sdk::rules::{Action, FilterSet, Operator, Rule, Rules, When};
use std::path::PathBuf;
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

/// Until `stop` is there: files that some filters leave out and one that none does, connections likewise. Writes the
/// ports that it connects to into `ports`, at last how often it did all that into `count`.
const STORM: &str = "
import os, socket, struct
listeners = [socket.create_server(('0.0.0.0', 0)) for _ in range(2)]
some, kept = (listener.getsockname()[1] for listener in listeners)
def write(path):
    with open(path, 'w') as file:
        file.write('x')
def connect(address, listener, port):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.connect((address, port))
    server, _ = listener.accept()
    client.close()
    server.close()
os.mkdir('cache')
write('ports.new')
with open('ports.new', 'w') as file:
    file.write(f'{some} {kept}')
os.rename('ports.new', 'ports')
count = 0
while not os.path.exists('stop'):
    for path in (f'cache/{count & 15}', f'{count & 15}.Swp', 'motd', 'kept'):
        write(path)
        os.unlink(path)
    connect('127.0.0.1', listeners[0], some)
    connect('127.0.0.2', listeners[1], kept)
    connect('127.0.0.1', listeners[1], kept)
    count += 1
with open('count', 'w') as file:
    file.write(str(count))
";

/// A control group that looks like a container's; removed at the end.
struct Group(PathBuf);

impl Group {
    fn new() -> Self {
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap();
        let mut lines = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
        let root = lines.find(|words| words[2] == "cgroup2").unwrap()[1];
        let group = PathBuf::from(format!("{root}/docker-{}.scope", "fedcba9876543210".repeat(4)));
        std::fs::create_dir(&group).unwrap();
        Self(group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.0);
    }
}

fn is(table: &'static TableSpec, column: &str, operator: Operator) -> When {
    When::Is(table.column(column).unwrap(), operator)
}

fn set(table: &'static TableSpec, when: When) -> FilterSet {
    let rule = Rule { name: "r".into(), action: Action::Exclude, when };
    FilterSet::new(vec![Rules::new(table, vec![rule]).unwrap()])
}

#[test]
fn filters_by_place_user_container_and_ends_change_without_a_gap() {
    let tables = ["linux_file_events", "linux_socket_events"];
    let Some(mut watch) = Watch::start_tables(16 << 20, 32 << 10, &tables) else { return };
    let (folder, group) = (tempfile::tempdir_in("/dev/shm").unwrap(), Group::new());
    let at = |name: &str| folder.path().join(name);
    let moved = format!("echo $$ > {}/cgroup.procs; exec python3 -S -c \"$0\"", group.0.display());
    let mut storm = Command::new("sh")
        .args(["-c", &moved, STORM])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(&at("ports"));
    let ports = std::fs::read_to_string(at("ports")).unwrap();
    let (some, kept) = ports.split_once(' ').unwrap();
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let of_files = |column, operator| is(&file::TABLE, column, operator);
    let of_sockets = |column, operator| is(&socket::TABLE, column, operator);
    let created = || of_files("action", Operator::Equals("FILE_CREATE".into()));
    let versions = [
        set(&file::TABLE, of_files("target_path", Operator::Prefix(text(at("cache")) + "/"))),
        set(&file::TABLE, of_files("target_path", Operator::Suffix(".SWP".into()))),
        set(&file::TABLE, of_files("target_path", Operator::Equals(text(at("motd"))))),
        set(
            &file::TABLE,
            When::All(vec![of_files("uid", Operator::Equals("root".into())), created()]),
        ),
        set(
            &file::TABLE,
            When::All(vec![of_files("container_id", Operator::Prefix("fedcba".into())), created()]),
        ),
        set(&socket::TABLE, of_sockets("remote_port", Operator::Equals(some.to_owned()))),
        set(
            &socket::TABLE,
            of_sockets("remote_address", Operator::Cidr("127.0.0.2".parse().unwrap(), 32)),
        ),
        set(
            &socket::TABLE,
            When::All(vec![
                of_sockets("family", Operator::Equals("AF_INET".into())),
                of_sockets("action", Operator::Equals("SOCKET_ACCEPT".into())),
            ]),
        ),
    ];
    for version in versions.iter().chain(versions.iter().rev()) {
        watch.filter(version);
        while watch.hits() < 40 {
            assert!(storm.try_wait().unwrap().is_none(), "the storm goes on until it is stopped");
            std::thread::yield_now();
        }
    }
    std::fs::write(at("stop"), "").unwrap();
    assert!(storm.wait().unwrap().success());
    let count: usize = std::fs::read_to_string(at("count")).unwrap().parse().unwrap();
    // The ledger balances without a loss: checked there.
    let (rows, ledger) = watch.stop_with_ledger(true);
    let rows_of = |action: &str, is: &dyn Fn(&crate::watch::Row) -> bool| {
        rows.iter().filter(|row| row.text("action") == action && is(row)).count()
    };
    let named = |name: &str| {
        let path = text(at(name));
        move |row: &crate::watch::Row| row.text_or_null("target_path") == Some(&path)
    };
    // What every version keeps is all there, what one of them leaves out is not.
    assert_eq!(rows_of("FILE_WRITE", &named("kept")), count);
    assert!(rows_of("FILE_CREATE", &named("kept")) < count);
    assert!(rows_of("FILE_WRITE", &named("motd")) < count);
    assert_eq!(rows_of("FILE_DELETE", &named("motd")), count);
    let connected = |address: &'static str, port: &str| {
        let port = port.to_owned();
        move |row: &crate::watch::Row| {
            row.text_or_null("remote_address") == Some(address)
                && row.text_or_null("remote_port") == Some(&port)
        }
    };
    assert_eq!(rows_of("SOCKET_CONNECT", &connected("127.0.0.1", kept)), count);
    assert!(rows_of("SOCKET_CONNECT", &connected("127.0.0.2", kept)) < count);
    assert!(rows_of("SOCKET_CONNECT", &connected("127.0.0.1", some)) < count);
    // Each file gives three rows, each connection four.
    let of_storm = rows.iter().filter(|row| {
        let path = row.text_or_null("target_path").map(std::path::Path::new);
        let storms = |path: &std::path::Path| {
            path.parent() == Some(&at("cache"))
                || path.extension().is_some_and(|end| end == "Swp")
                || [at("motd"), at("kept")].contains(&path.to_owned())
        };
        path.map_or(row.text_or_null("remote_port").is_some(), storms)
    });
    assert_eq!(of_storm.count() as u64 + ledger.filtered("rule"), (4 * 3 + 3 * 4) * count as u64);
}
