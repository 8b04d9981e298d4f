// SPDX-License-Identifier: Apache-2.0
//! What storing events costs: CPU time of building, logging and sealing one million process events,
//! bytes on disk, peak memory, and a few scans. `cargo run --release -p evtables-store --example
//! store_bench [rows]`. Linux only (it reads /proc).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_precision_loss)]

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray};
use evtables_filter::{Predicate, Term, Test, Value};
use evtables_schema::generated::process_events::linux;
use evtables_schema::ids::process_guid;
use evtables_schema::{EventBatch, HostBoot};
use evtables_store::{Options, ScanRequest, Store, StoreReader};
use std::sync::Arc;

const START: i64 = 1_795_500_000_000_000_000;
const HOST: HostBoot = HostBoot(0x0123_4567_89ab_cdef);
const PROGRAMS: [&str; 12] = [
    "/usr/bin/bash",
    "/usr/bin/git",
    "/usr/bin/cc1",
    "/usr/bin/as",
    "/usr/bin/ld",
    "/usr/bin/sed",
    "/usr/bin/python3.12",
    "/usr/bin/grep",
    "/usr/sbin/cron",
    "/usr/bin/make",
    "/usr/bin/env",
    "/usr/lib/git-core/git-remote-https",
];

/// CPU time of this process, seconds.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn peak_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn batch(builder: &mut linux::Builder, first: usize, rows: usize) -> EventBatch {
    for i in first..first + rows {
        let number = i64::try_from(i).unwrap();
        let program = PROGRAMS[i * 7 % PROGRAMS.len()];
        let pid = u32::try_from(1000 + i / 3 % 60_000).unwrap();
        let end = i % 3 == 2;
        let cmdline =
            format!("{program} -c --input=/home/user/src/file{}.c -o {}", i / 3 % 5000, i / 3);
        let argv = format!(
            "[\"{program}\",\"-c\",\"--input=/home/user/src/file{}.c\",\"-o\",\"{}\"]",
            i / 3 % 5000,
            i / 3
        );
        builder.push(&linux::Row {
            action: ["PROC_FORK", "PROC_CREATE", "PROC_TERMINATE"][i % 3],
            pid: pid.into(),
            process_guid: process_guid(HOST, u64::try_from(i / 3).unwrap() << 21, pid),
            path: Some(program),
            cmdline: (!end).then_some(cmdline.as_str()),
            parent_pid: i64::from(pid / 8),
            parent_process_guid: process_guid(HOST, u64::try_from(i / 300).unwrap() << 21, pid / 8),
            time: START + number * 1_003_331,
            comm: program.rsplit('/').next().unwrap(),
            argv: (!end).then_some(argv.as_str()),
            argv_base64: None,
            cmdline_size: Some(60 + number % 10),
            cmdline_truncated: Some(0),
            cwd: Some(["/home/user/src", "/", "/root"][i / 3 % 3]),
            script_path: None,
            interpreter: None,
            tid: pid.into(),
            uid: 1000,
            euid: 1000,
            suid: 1000,
            gid: 1000,
            egid: 1000,
            auid: Some(1000),
            session_id: Some(3),
            sid: 1200 + number / 1000,
            tty: Some("pts0"),
            cap_effective: "0000000000000000",
            mnt_ns: Some(4_026_531_840),
            pid_ns: Some(4_026_531_836),
            net_ns: Some(4_026_531_992),
            user_ns: Some(4_026_531_837),
            ns_pid: pid.into(),
            cgroup_id: 5000 + number / 5000,
            cgroup_path: Some("/user.slice/user-1000.slice/session-3.scope"),
            container_id: None,
            container_runtime: None,
            inode: Some(1_000_000 + number * 7 % 12),
            device: Some(64_769),
            mode: Some("0755"),
            file_uid: Some(0),
            file_gid: Some(0),
            mtime: Some(1_780_000_000 + number * 7 % 12 * 1000),
            size: Some(100_000 + number * 7 % 12 * 1000),
            memfd: Some(0),
            deleted: Some(0),
            start_time: START / 1_000_000_000 + number / 997,
            exit_code: end.then_some(0),
            exit_signal: None,
            core_dumped: end.then_some(0),
            duration_us: end.then_some(2000 + number * 7919 % 1000),
            utime_us: end.then_some(500 + number * 7919 % 300),
            stime_us: end.then_some(400 + number * 7919 % 200),
            max_rss_kb: end.then_some(3000 + number * 7919 % 500),
        });
    }
    enrich(builder.finish())
}

/// What enrichers fill: dictionaries of a few texts.
fn enrich(mut batch: EventBatch) -> EventBatch {
    let rows = batch.rows;
    let hashes: Vec<String> = (0..12).map(|i| format!("{i:02x}").repeat(32)).collect();
    let texts: [(usize, &dyn Fn(usize) -> String); 6] = [
        (linux::PARENT_PATH, &|_| "/usr/bin/make".to_owned()),
        (linux::PARENT_CMDLINE, &|i| format!("make -j2 target{}", i / 300)),
        (linux::OWNER_UID, &|_| "user".to_owned()),
        (linux::ANCESTORS, &|_| {
            r#"["/usr/bin/make","/usr/bin/bash","/usr/sbin/sshd","/sbin/init"]"#.to_owned()
        }),
        (linux::SHA256, &|i| hashes[i * 7 % 12].clone()),
        (linux::MD5, &|i| hashes[i * 7 % 12][..32].to_owned()),
    ];
    for (column, text) in texts {
        let values: Vec<String> = (0..rows).map(text).collect();
        let array = values.iter().map(|v| Some(v.as_str())).collect::<DictionaryArray<Int32Type>>();
        assert!(batch.set_column(column, Arc::new(array) as ArrayRef));
    }
    batch
}

fn scan(name: &str, reader: &StoreReader, columns: Vec<usize>, terms: Vec<Term>) {
    let before = cpu();
    let snapshot = reader.snapshot().unwrap();
    let opened = cpu();
    let predicate = Predicate::new(&linux::TABLE, terms);
    let request =
        ScanRequest { table: &linux::TABLE, columns, predicate, seq_range: None, now_ns: START };
    let mut scan = snapshot.scan(request);
    let rows: usize = scan.by_ref().map(|batch| batch.unwrap().num_rows()).sum();
    println!(
        "scan {name:28} {:.3} s (snapshot {:.4} s), {rows} rows, {:?}, peak {:.0} MiB",
        cpu() - opened,
        opened - before,
        scan.stats(),
        peak_mib()
    );
}

fn main() {
    let rows: usize = std::env::args().nth(1).map_or(1_000_000, |n| n.parse().unwrap());
    let dir =
        tempfile::tempdir_in(std::env::var("BENCH_DIR").unwrap_or("/tmp".to_owned())).unwrap();
    let mut store = Store::open(dir.path(), Options::new(HOST), START).unwrap();
    let mut builder = linux::Builder::default();
    let (mut build, mut log, mut seal, mut now) = (0.0, 0.0, 0.0, START);
    for first in (0..rows).step_by(1024) {
        let (at, count) = (cpu(), 1024.min(rows - first));
        let batch = batch(&mut builder, first, count);
        let built = cpu();
        store.append(batch).unwrap();
        let logged = cpu();
        now += 100_000_000;
        store.tick(now).unwrap();
        build += built - at;
        log += logged - built;
        seal += cpu() - logged;
    }
    let at = cpu();
    store.seal(now).unwrap();
    seal += cpu() - at;
    let snapshot = store.reader().snapshot().unwrap();
    let summary = snapshot.tables(now).remove(0);
    let million = 1e6 / rows as f64;
    println!("peak resident after writing: {:.1} MiB", peak_mib());
    println!(
        "CPU s per 1 M rows: made+built {:.2}, log {:.2}, sync+seal {:.2}; {} segments, {:.1} B/event",
        build * million,
        log * million,
        seal * million,
        summary.segments,
        summary.bytes as f64 / rows as f64
    );
    let outside = StoreReader::open(dir.path()).unwrap();
    let text =
        |column, text: &str| Term { column, test: Test::In(vec![Value::Text(text.to_owned())]) };
    let guid = evtables_schema::ids::uuid_text(process_guid(
        HOST,
        (rows as u64 / 6) << 21,
        u32::try_from(1000 + rows / 6 % 60_000).unwrap(),
    ));
    scan("count(*)", &outside, vec![], vec![]);
    scan("pid, path", &outside, vec![linux::PID, linux::PATH], vec![]);
    scan("all columns", &outside, (0..linux::TABLE.columns.len()).collect(), vec![]);
    scan("path = git", &outside, vec![linux::CMDLINE], vec![text(linux::PATH, "/usr/bin/git")]);
    scan(
        "process_guid = …, all",
        &outside,
        (0..65).collect(),
        vec![text(linux::PROCESS_GUID, &guid)],
    );
    let late = Term {
        column: linux::TIME,
        test: Test::Ge(Value::Int(
            (START + i64::try_from(rows).unwrap() * 1_003_331 * 95 / 100) / 1_000_000_000,
        )),
    };
    scan("last 5 % by time, 5 columns", &outside, vec![0, 2, 4, 5, 10], vec![late]);
}
