// SPDX-License-Identifier: Apache-2.0
//! `evtables selftest` on this kernel: every table that it tries shows what it did.

use crate::harness::binary;
use serde_json::Value;
use std::process::Command;

/// Tables that it can try on every Linux.
const TRIED: &[&str] = &[
    "linux_process_events",
    "linux_file_events",
    "linux_file_attr_events",
    "linux_file_timestomp_events",
    "linux_named_pipe_events",
    "linux_signal_events",
    "linux_socket_events",
    "linux_http_events",
    "linux_user_events",
    "linux_credential_events",
];

#[test]
fn selftest_shows_what_it_does() {
    let Some(binary) = binary("kernel") else { return };
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let mut command = Command::new(&binary);
    command.args(["selftest", "--seconds", "60", "--report"]).arg(&report);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{error}");
    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    assert_eq!((&report["system"], &report["unavailable"]), (&"linux".into(), &Value::Null));
    for name in TRIED {
        let tables = report["tables"].as_array().unwrap();
        let table = tables.iter().find(|table| table["table"] == *name).unwrap();
        assert_eq!((&table["result"], &table["expected"]), (&"ok".into(), &1.into()), "{table}");
        assert!(table["rows"].as_u64().unwrap() >= 1, "{table}");
        assert!(said.contains(name), "{said}");
    }
    let tables = report["tables"].as_array().unwrap();
    let media =
        tables.iter().find(|table| table["table"] == "linux_removable_media_events").unwrap();
    assert_eq!((&media["result"], &media["lost"]), (&"-".into(), &0.into()), "{media}");
    assert!(media["reason"].as_str().unwrap().contains("plug in"), "{media}");
    assert!(report["hooks"].as_array().unwrap().iter().any(|hook| hook["state"] == "attached"));
}
