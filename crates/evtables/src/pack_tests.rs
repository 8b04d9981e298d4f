// SPDX-License-Identifier: Apache-2.0
//! Packs with one fault each, and what the linter says of it.
use super::*;

fn findings(json: &str) -> Vec<(Weight, String)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pack.conf");
    std::fs::write(&path, json).unwrap();
    let (_, findings) = check_file(&path, None).unwrap();
    findings.into_iter().map(|finding| (finding.weight, finding.text)).collect()
}

fn of(sql: &str, interval: u64) -> Vec<(Weight, String)> {
    let query = serde_json::json!({"queries": {"q": {"query": sql, "interval": interval}}});
    findings(&query.to_string())
}

#[test]
fn words_of_older_products_never_match() {
    let found = of("SELECT * FROM win_file_events WHERE action = 'WRITE'", 60);
    assert_eq!(
        found,
        [(Weight::Fault, "`action` is never 'WRITE': did you mean 'FILE_WRITE'?".into())]
    );
    let found =
        of("SELECT * FROM win_socket_events s WHERE s.action IN ('SOCKET_CONNECT', 'Listen')", 60);
    assert_eq!(
        found,
        [(Weight::Fault, "`action` is never 'Listen': did you mean 'SOCKET_LISTEN'?".into())]
    );
    let found =
        of("SELECT pid FROM win_process_events WHERE 'x' = action OR action LIKE '%NOPE%'", 60);
    assert_eq!(found.len(), 2, "{found:?}");
    // By the table's other name, too; comments as osquery takes them.
    let found = findings(
        "{ # comment\n\"queries\": {\"q\": {\"query\": \"SELECT eid FROM win_file_events_optimized WHERE action = 'WRITE'\", \"interval\": 60,}}}",
    );
    assert!(found[0].1.contains("did you mean 'FILE_WRITE'"), "{found:?}");
    for right in [
        "SELECT data FROM windows_events_table_optimized",
        "SELECT * FROM win_file_events WHERE action LIKE '%delete%'",
        "SELECT * FROM win_file_events WHERE action = 'file_write' AND target_path = 'WRITE'",
        "SELECT * FROM win_file_events WHERE action <> 'WRITE'",
        "SELECT 'action = ''WRITE''' FROM win_file_events WHERE action = 'FILE_CREATE' -- action = 'WRITE'",
    ] {
        let faults = of(right, 60).into_iter().filter(|found| found.0 == Weight::Fault);
        assert_eq!(faults.count(), 0, "{right}");
    }
}

#[test]
fn unknown_names_long_intervals_and_wrong_platforms() {
    let found = of("SELECT paht FROM win_process_events WHERE action = 'PROC_CREATE'", 60);
    assert_eq!(found[0].0, Weight::Fault);
    assert!(found[0].1.contains("paht"), "{found:?}");
    let found = of("SELECT * FROM win_proces_events", 60);
    assert_eq!(found[0].0, Weight::Fault, "{found:?}");
    let found = of("SELECT pid FROM win_process_events WHERE action = 'PROC_CREATE'", 90_000);
    assert!(found[0].1.contains("runs every 90000 s"), "{found:?}");
    let pack = r#"{"platform": "linux", "queries": {"q": {"query": "SELECT pid FROM win_process_events WHERE pid = 1", "interval": "60"}}}"#;
    assert!(findings(pack)[0].1.contains("windows only"));
    // The file's own retention counts.
    let config = r#"{"options": {"events_expiry": 600}, "schedule": {"q": {"query": "SELECT pid FROM linux_process_events WHERE pid = 1", "interval": 900}}}"#;
    assert!(findings(config)[0].1.contains("kept 600 s"));
}

#[test]
fn what_cannot_be_pushed_down_is_a_remark() {
    let found = of("SELECT * FROM win_process_events WHERE lower(path) LIKE '%x%'", 30);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Weight::Remark, "{found:?}");
    assert_eq!(of("SELECT * FROM win_process_events WHERE path = 'C:\\x'", 30), []);
    assert_eq!(of("SELECT * FROM win_dns_events", 30), []);
    // Tables of osquery are not known here.
    let found = of("SELECT * FROM processes JOIN win_process_events USING (pid)", 60);
    assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), [Weight::Remark], "{found:?}");
}

#[test]
fn what_is_no_pack_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pack.conf");
    std::fs::write(&path, "{}").unwrap();
    assert!(check_file(&path, None).unwrap_err().contains("no queries"));
    std::fs::write(&path, "{").unwrap();
    assert!(check_file(&path, None).is_err());
}

#[test]
fn our_own_packs_have_no_faults() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut attack = 0;
    for entry in std::fs::read_dir(packs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "conf") {
            continue;
        }
        let (queries, findings) = check_file(&path, None).unwrap();
        let faults: Vec<_> = findings.iter().filter(|f| f.weight == Weight::Fault).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        if path.to_str().unwrap().contains("attack-") {
            attack += queries;
        }
    }
    assert!(attack >= 40, "{attack}");
}
