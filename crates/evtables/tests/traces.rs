// SPDX-License-Identifier: Apache-2.0
//! A Windows trace through the real binary: `evtables replay`, then SQL over the data dir.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use evtables_publisher_windows::etl::writer::EtlWriter;
use evtables_publisher_windows::fields::classes;
use evtables_publisher_windows::{EventClass, Extended, Guid, PointerSize, RawEvent};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const START_NS: i64 = 1_795_493_414_000_000_000;

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn evtables(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_evtables")).args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{arguments:?}: {error}");
    String::from_utf8(run.stdout).unwrap()
}

struct Writer(EtlWriter<Vec<u8>>);

impl Writer {
    fn push(&mut self, provider: Guid, id: u16, version: u8, pid: u32, at_ms: i64, payload: &[u8]) {
        let classic = provider == classes::SYSTEM_PATHS || provider == classes::PROCESS;
        self.0
            .push(&RawEvent {
                class: if classic { EventClass::Classic } else { EventClass::Manifest },
                provider,
                id,
                version,
                opcode: if classic { u8::try_from(id).unwrap() } else { 0 },
                task: 0,
                level: 4,
                keyword: 0,
                pid: Some(pid),
                tid: Some(pid + 1),
                time_ns: START_NS + at_ms * 1_000_000,
                processor: 0,
                pointer_size: PointerSize::Eight,
                activity: None,
                extended: Extended::default(),
                payload,
            })
            .unwrap();
    }

    fn process(&mut self, pid: u32, parent: u32, at_ms: i64, path: &str, cmdline: &str) {
        let filetime = (START_NS + at_ms * 1_000_000) / 100 + 116_444_736_000_000_000;
        let start = [
            &pid.to_le_bytes()[..],
            &filetime.to_le_bytes(),
            &parent.to_le_bytes(),
            &1u32.to_le_bytes(),
            &wide(path),
        ]
        .concat();
        self.push(classes::KERNEL_PROCESS, 1, 0, parent, at_ms, &start);
        let name = path.rsplit('\\').next().unwrap();
        let numbers = [pid, parent, 1, 259, 0, 0, 0].map(u32::to_le_bytes).concat();
        // Key, numbers and table base, no user, names.
        let record =
            [&[0; 8][..], &numbers, &[0; 4], name.as_bytes(), &[0], &wide(cmdline), &[0; 4]]
                .concat();
        self.push(classes::PROCESS, 1, 4, parent, at_ms, &record);
    }
}

fn write_trace(path: &Path) {
    let mut trace = Writer(EtlWriter::new(Vec::new(), START_NS, PointerSize::Eight).unwrap());
    let volume = [wide("\\Device\\HarddiskVolume4\\"), wide("C:\\")].concat();
    trace.push(classes::SYSTEM_PATHS, 35, 0, 0, 0, &volume);
    let folder = "\\Device\\HarddiskVolume4\\Windows\\System32";
    trace.process(500, 400, 10, &format!("{folder}\\cmd.exe"), "cmd.exe /c x");
    trace.process(600, 500, 20, &format!("{folder}\\whoami.exe"), "whoami /all");
    let lookup =
        [&wide("Example.org")[..], &1u32.to_le_bytes(), &[0; 8], &[0; 2], &[0; 16]].concat();
    trace.push(classes::DNS_CLIENT, 3006, 0, 600, 30, &lookup);
    trace.push(Guid(7), 1, 0, 600, 40, b"nobody knows");
    std::fs::write(path, trace.0.finish().unwrap()).unwrap();
}

#[test]
fn a_trace_is_replayed_and_queried() {
    let dir = tempfile::tempdir().unwrap();
    let (trace, data) = (dir.path().join("trace.etl"), dir.path().join("data"));
    write_trace(&trace);
    let (trace, data) = (trace.to_str().unwrap(), data.to_str().unwrap());
    let told = evtables(&["replay", "--data-dir", data, "--format", "json", trace]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let traces = &told["traces"];
    assert_eq!((&traces["events"], &traces["mapped"]), (&Value::from(8), &Value::from(3)));
    assert_eq!(traces["left_out"]["told_twice"], 2);
    let sql =
        "SELECT p.path, p.cmdline, p.parent_path, q.cmdline AS parent, d.domain_name, p.time_ns
               FROM win_process_events p
               JOIN win_process_events q ON q.process_guid = p.parent_process_guid
               JOIN win_dns_events d ON d.process_guid = p.process_guid
               WHERE p.action = 'PROC_CREATE'";
    let rows = evtables(&["query", "--data-dir", data, "--format", "json", sql]);
    let rows: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(
        rows,
        serde_json::json!([{
            "path": "C:\\Windows\\System32\\whoami.exe",
            "cmdline": "whoami /all",
            "parent_path": "C:\\Windows\\System32\\cmd.exe",
            "parent": "cmd.exe /c x",
            "domain_name": "Example.org",
            "time_ns": START_NS + 20_000_000,
        }])
    );
}
