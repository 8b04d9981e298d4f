// SPDX-License-Identifier: Apache-2.0
//! `evtables explain`: what each stage does with an event under a configuration, rule by rule: the
//! publisher, the kernel, the filters of the engine, its samples and rates, and what is redacted.

use crate::args::{ExplainArgs, data_dir};
use crate::config::{self, Config};
use crate::out::written;
use crate::query::open;
use crate::trial::{event_batch, read};
use arrow_array::types::Int32Type;
use arrow_array::{Array as _, ArrayRef, DictionaryArray, Int32Array, StringArray};
use evtables_engine::{Redaction, ScanSpec, Source as _};
use evtables_filter::rules::{
    AHEAD_RULES_MAX, Action, Explained, Foresight, Foretold, Known, KnownAhead, Rules,
};
use evtables_filter::{Predicate, Term, Test, Value as Constant};
use evtables_schema::cells::dict_text;
use evtables_schema::columns::{
    BigIntBuilder, DictBuilder, DoubleBuilder, IntBuilder, TimeBuilder, UuidBuilder,
};
use evtables_schema::ids::parse_uuid;
use evtables_schema::{EventBatch, Platform, Storage, TableSpec, event_tables};
use serde_json::{Map, Value};
use std::io;
use std::path::Path;

/// Why an event is kept or not, stage by stage.
pub(crate) fn explain(args: &ExplainArgs) -> Result<(), String> {
    let config = Config::read(&args.config)?;
    let mut out = io::stdout().lock();
    let events = match (&args.event, &args.json) {
        (Some(eid), _) => vec![stored_event(&data_dir(args.data_dir.as_ref())?, eid)?],
        (None, Some(path)) => events_of_json(&read(path)?, args.table.as_deref())?,
        (None, None) => return Err("name an event: --event EID or --json FILE".into()),
    };
    for event in &events {
        for row in 0..event.rows {
            written(explain_row(&config, event, row, &mut out))?;
        }
    }
    Ok(())
}

/// One event: the rules that match, then the stage that drops it, or why all keep it.
fn explain_row(
    config: &Config,
    event: &EventBatch,
    row: usize,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let table = event.table;
    if let Some(reason) = switched_off(config, table) {
        return writeln!(out, "{}: dropped by the publisher: {reason}", table.name);
    }
    match config.filters.of(table) {
        None => writeln!(out, "{}: no filter", table.name)?,
        Some(rules) => {
            let explained = rules.explain(event, row);
            tell_rules(rules, &explained, table, out)?;
            if !explained.keep {
                let by = match explained.unwanted {
                    true => "there are include rules, and none matches".to_owned(),
                    false => format!("`{}`", first(rules, &explained, Action::Exclude)),
                };
                return writeln!(out, "dropped {}: {by}", place(config, rules, event, row));
            }
        }
    }
    if let Some(sample) = config.limits.samples.get(table.name) {
        match sample.keeps(event, row) {
            Some(false) => {
                return writeln!(
                    out,
                    "dropped by the engine: sample {}: not of its keys",
                    sample.name()
                );
            }
            Some(true) => writeln!(out, "  sample {}: of its keys", sample.name())?,
            None => writeln!(
                out,
                "  sample {}: whether it stays depends on its place in the stream",
                sample.name()
            )?,
        }
    }
    if let Some(rate) = config.limits.rates.get(table.name) {
        writeln!(out, "  rate {}: dropped when so many came before it in its second", rate.name())?;
    }
    for (at, how) in config.redactions.get(table.name).into_iter().flatten() {
        let name = table.columns.get(*at).map_or("", |column| column.name);
        let how = match how {
            Redaction::Drop => "not stored",
            Redaction::KeyedHash => "stored as a keyed hash",
        };
        writeln!(out, "  {name} is {how}")?;
    }
    let why = match config.filters.of(table) {
        None => "no filter".to_owned(),
        Some(rules) => {
            let explained = rules.explain(event, row);
            match first(rules, &explained, Action::Include) {
                "" => "no exclude rule matches".to_owned(),
                name => format!("`{name}`"),
            }
        }
    };
    writeln!(out, "kept: {why}")
}

/// Why the publisher of the table's system delivers nothing for it.
fn switched_off(config: &Config, table: &TableSpec) -> Option<String> {
    if table.platform != Platform::Linux {
        return None;
    }
    if !config.sources_enabled {
        return Some("evtables.sources.linux.enabled is false".to_owned());
    }
    let off = config.switches.get(table.name) == Some(&false);
    off.then(|| format!("evtables.sources.linux.tables.{} is false", table.name))
}

fn tell_rules(
    rules: &Rules,
    explained: &Explained,
    table: &TableSpec,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let (matching, all) = (&explained.matching, rules.rules());
    writeln!(out, "{}: {} of {} rules match", table.name, matching.len(), all.len())?;
    for rule in matching.iter().filter_map(|at| all.get(*at)) {
        writeln!(out, "  {} {}", rule.action.word(), rule.name)?;
    }
    Ok(())
}

fn first<'a>(rules: &'a Rules, explained: &Explained, action: Action) -> &'a str {
    let mut matching = explained.matching.iter().filter_map(|at| rules.rules().get(*at));
    matching.find(|rule| rule.action == action).map_or("", |rule| &rule.name)
}

/// Where a dropped event is dropped: in the kernel, when what it knows ahead decides; the process table is
/// judged in the engine, which learns from it.
fn place(config: &Config, rules: &Rules, event: &EventBatch, row: usize) -> &'static str {
    let table = event.table;
    let in_kernel = table.platform == Platform::Linux && config.kernel_filters;
    let ahead = KnownAhead::new(rules).filter(|_| in_kernel);
    let Some(ahead) = ahead else { return "by the engine" };
    let program: Vec<usize> = ahead.program.into_iter().chain(ahead.action).collect();
    let with_ends: Vec<usize> = program.iter().copied().chain(ahead.ends).collect();
    let is_decided = |foretold| match foretold {
        Foretold::Open => false,
        Foretold::Excluded(rule) => rule < AHEAD_RULES_MAX,
        Foretold::Unwanted => true,
    };
    let decided = |columns: Vec<usize>| {
        let values: Vec<Known<'_>> = columns.iter().map(|at| known(event, *at, row)).collect();
        is_decided(Foresight::new(rules, columns).foretell(rules, &values))
    };
    let at_place = || {
        let column = ahead.place?;
        let Known::Text(path) = known(event, column, row) else { return None };
        let foresight = Foresight::with_place(rules, program.clone(), column);
        let place = rules.place(column, path).filter(|_| is_walked(event, row))?;
        let values = program.iter().map(|at| known(event, *at, row)).chain([Known::Place(place)]);
        Some(is_decided(foresight.foretell(rules, &values.collect::<Vec<_>>())))
    };
    let by_place = at_place() == Some(true);
    if decided(program) {
        "in the kernel, or by the engine until the program is known there"
    } else if decided(with_ends) {
        "in the kernel, or by the engine until the program is known there with such an address and port"
    } else if by_place {
        "in the kernel, or by the engine until the program is known there at such a place"
    } else {
        "by the engine"
    }
}

/// Whether the kernel side walks the path of such a file.
fn is_walked(event: &EventBatch, row: usize) -> bool {
    let action = event.table.column("action").map(|column| known(event, column, row));
    matches!(action, Some(Known::Text("FILE_CREATE" | "FILE_WRITE")))
}

fn known(event: &EventBatch, column: usize, row: usize) -> Known<'_> {
    let Some(any) = event.column(column).map(|array| array.as_any()) else { return Known::Null };
    if let Some(numbers) = any.downcast_ref::<Int32Array>() {
        let there = row < numbers.len() && numbers.is_valid(row);
        return if there { Known::Number(numbers.value(row).into()) } else { Known::Null };
    }
    let dict = any.downcast_ref::<DictionaryArray<Int32Type>>();
    let text = dict.and_then(|dict| {
        dict_text(dict, dict.values().as_any().downcast_ref::<StringArray>()?, row)
    });
    text.into()
}

pub(crate) fn stored_event(dir: &Path, eid: &str) -> Result<EventBatch, String> {
    let source = open(dir)?;
    for table in event_tables() {
        let Some(column) = table.column("eid") else { continue };
        let test = Test::In(vec![Constant::Text(eid.to_owned())]);
        let predicate = Predicate::new(table, vec![Term { column, test }]);
        let spec = ScanSpec { predicate, ..ScanSpec::all(table) };
        for batch in source.scan(&spec).map_err(|e| e.to_string())? {
            let batch = batch.map_err(|e| e.to_string())?;
            if batch.num_rows() > 0 {
                return event_batch(table, &batch).ok_or_else(|| "odd columns".to_owned());
            }
        }
    }
    Err(format!("no stored event has the id {eid}; give a dropped one by --json"))
}

/// An object, an array of them, or osquery's result line: column values, text or not. The table stands
/// in the object as `table`, or is `table`.
pub(crate) fn events_of_json(text: &str, table: Option<&str>) -> Result<Vec<EventBatch>, String> {
    let value = config::value(text).map_err(|e| format!("failed to read the event: {e}"))?;
    let objects = match value {
        Value::Array(objects) => objects,
        object => vec![object],
    };
    let event = |object: Value| {
        let Value::Object(mut object) = object else { return Err("an event is an object".into()) };
        if let Some(Value::Object(columns)) = object.remove("columns") {
            object = columns;
        }
        let own = object.remove("table");
        let name = own.as_ref().and_then(Value::as_str).or(table);
        let name = name.ok_or("name the table: --table, or a key `table`")?;
        let found = event_tables().find(|table| table.name == name);
        let table = found.ok_or_else(|| format!("no such event table: {name}"))?;
        event_of_json(table, &object)
    };
    objects.into_iter().map(event).collect()
}

fn event_of_json(
    table: &'static TableSpec,
    object: &Map<String, Value>,
) -> Result<EventBatch, String> {
    for name in object.keys() {
        if table.column(name).is_none() {
            return Err(format!("{} has no column {name}", table.name));
        }
    }
    let cell = |name: &str| object.get(name).filter(|value| !value.is_null());
    let columns = table.columns.iter().map(|column| {
        let value = cell(column.name);
        let text =
            value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        one_cell(column.storage, text.as_deref())
    });
    EventBatch::new(table, 1, columns.collect()).ok_or_else(|| "odd columns".to_owned())
}

fn one_cell(storage: Storage, text: Option<&str>) -> Option<ArrayRef> {
    macro_rules! array {
        ($builder:ident, $value:expr) => {{
            let mut builder = $builder::default();
            builder.push($value);
            builder.finish()
        }};
    }
    Some(match storage {
        Storage::Dict => array!(DictBuilder, text),
        Storage::Int32 => array!(IntBuilder, text.and_then(|text| text.parse().ok())),
        Storage::Int64 => array!(BigIntBuilder, text.and_then(|text| text.parse().ok())),
        Storage::Float64 => array!(DoubleBuilder, text.and_then(|text| text.parse().ok())),
        Storage::Uuid => array!(UuidBuilder, text.and_then(parse_uuid)),
        Storage::Time => {
            let seconds = text.and_then(|text| text.parse::<i64>().ok());
            array!(TimeBuilder, seconds.and_then(|seconds| seconds.checked_mul(1_000_000_000)))
        }
        Storage::Virtual(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"{"plgx_event_filters": {"linux_process_events": {
        "path": {"exclude": {"values": ["/bin/o*"]}}, "cmdline": {"include": {"values": ["*task*"]}}}}}"#;

    fn told(json: &str) -> String {
        told_by(CONFIG, json)
    }

    fn told_by(config: &str, json: &str) -> String {
        let config = Config::parse(config).unwrap();
        let mut out = Vec::new();
        for event in events_of_json(json, Some("linux_process_events")).unwrap() {
            explain_row(&config, &event, 0, &mut out).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_verdict_has_its_reason() {
        let kept = told(r#"{"path": "/bin/x", "cmdline": "a task"}"#);
        assert!(
            kept.contains("1 of 2 rules match") && kept.contains("kept: `cmdline include *task*`"),
            "{kept}"
        );
        let both = told(r#"[{"path": "/bin/other", "cmdline": "a task", "pid": "5", "time": 7}]"#);
        assert!(
            both.contains("2 of 2")
                && both.contains("dropped by the engine: `path exclude /bin/o*`"),
            "{both}"
        );
        let unwanted = told(r#"{"columns": {"path": null}, "name": "x"}"#);
        assert!(unwanted.contains("none matches"), "{unwanted}");
        let other = told(r#"{"table": "linux_file_events", "action": "FILE_CREATE"}"#);
        assert!(other.contains("linux_file_events: no filter"), "{other}");
    }

    #[test]
    fn odd_events_are_refused() {
        let fail = |json: &str, table| events_of_json(json, table).unwrap_err();
        assert!(fail("{}", None).contains("name the table"));
        assert!(fail("5", Some("linux_process_events")).contains("is an object"));
        assert!(fail("{", None).contains("line 1"));
        assert!(fail(r#"{"pth": 1}"#, Some("linux_process_events")).contains("no column pth"));
        assert!(fail("{}", Some("users")).contains("no such event table"));
    }

    #[test]
    fn each_stage_answers_for_a_kept_and_a_dropped_event() {
        let stages = r#"{"evtables": {
          "sources": {"linux": {"tables": {"linux_dns_events": false}}},
          "filters": {"linux_file_events": [
            {"name": "indexer", "action": "exclude", "when": {"column": "process_name", "suffix": "/indexer"}},
            {"name": "cache", "action": "exclude", "when": {"column": "target_path", "prefix": "/var/cache/"}}]},
          "sample": {"linux_socket_events": {"one_in": 2, "per": ["remote_address"]},
                     "linux_signal_events": {"one_in": 2}},
          "rate": {"linux_file_events": {"max_per_second": 9, "per": ["process_guid"]}},
          "redact": {"linux_file_events": {"target_path": "keyed_hash"}}}}"#;
        let told = |json: &str| told_by(stages, json);
        let of = |table: &str, cells: &str| told(&format!(r#"{{"table": "{table}"{cells}}}"#));
        let publisher = of("linux_dns_events", "");
        assert!(
            publisher.contains(
                "dropped by the publisher: evtables.sources.linux.tables.linux_dns_events"
            ),
            "{publisher}"
        );
        assert!(of("linux_mount_events", "").ends_with("kept: no filter\n"));
        let kernel =
            of("linux_file_events", r#", "process_name": "/opt/indexer", "target_path": "/x""#);
        assert!(
            kernel.contains("dropped in the kernel") && kernel.ends_with("`indexer`\n"),
            "{kernel}"
        );
        let engine =
            of("linux_file_events", r#", "process_name": "/bin/x", "target_path": "/var/cache/x""#);
        assert!(engine.contains("dropped by the engine: `cache`"), "{engine}");
        let kept =
            of("linux_file_events", r#", "process_name": "/bin/x", "target_path": "/etc/x""#);
        for part in [
            "0 of 2 rules match",
            "rate 9 per second per process_guid",
            "target_path is stored as a keyed hash",
            "kept: no exclude rule matches",
        ] {
            assert!(kept.contains(part), "{part} in {kept}");
        }
        let mut verdicts = std::collections::BTreeSet::new();
        for n in 0..20 {
            let told = of("linux_socket_events", &format!(r#", "remote_address": "10.0.0.{n}""#));
            verdicts
                .insert(told.contains("dropped by the engine: sample one in 2 per remote_address"));
            assert!(told.contains("dropped") != told.contains("kept"), "{told}");
        }
        assert_eq!(verdicts.len(), 2, "some of both");
        assert!(of("linux_signal_events", "").contains("depends on its place"));
        let off = told_by(
            r#"{"evtables": {"sources": {"linux": {"enabled": false}}}}"#,
            r#"{"table": "linux_file_events"}"#,
        );
        assert!(off.contains("linux.enabled is false"), "{off}");
        let kept = told_by(stages, r#"{"table": "win_dns_events"}"#);
        assert!(kept.ends_with("kept: no filter\n"), "{kept}");
    }

    /// Of the starter configurations: events that must stay, events that must not.
    #[test]
    fn starter_configurations_keep_what_matters() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (
                "quiet-server",
                &[
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/id", "cmdline": "id"}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/curl", "cmdline": "curl http://10.0.0.9/health"}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_TERMINATE", "path": "/usr/sbin/sshd", "exit_code": 255}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_DELETE", "target_path": "/var/log/auth.log", "process_name": "/usr/bin/rm"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_WRITE", "target_path": "/root/.ssh/authorized_keys", "process_name": "/usr/bin/tee"}"#,
                    r#"{"table": "linux_socket_events", "action": "SOCKET_CONNECT", "remote_address": "10.0.0.9", "remote_port": 4444}"#,
                ],
                &[
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/df", "cmdline": "df -P"}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_TERMINATE", "path": "/usr/bin/df", "exit_code": 0}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/dash", "cmdline": "sh -c '[ -d /run/systemd/system ] || x'"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_WRITE", "target_path": "/var/log/syslog", "process_name": "/usr/sbin/rsyslogd"}"#,
                    r#"{"table": "linux_socket_events", "action": "SOCKET_CONNECT", "remote_address": "127.0.0.53", "remote_port": 53}"#,
                ],
            ),
            (
                "container-host",
                &[
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/bin/sh", "parent_path": "/usr/sbin/runc", "cmdline": "sh -c id"}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/tmp/runc", "cmdline": "/tmp/runc"}"#,
                    r#"{"table": "linux_mount_events", "action": "MOUNT", "process_name": "/usr/bin/nsenter", "target_path": "/mnt"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_WRITE", "target_path": "/etc/cron.d/x", "process_name": "/bin/sh"}"#,
                ],
                &[
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/sbin/runc", "cmdline": "runc init"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_WRITE", "target_path": "/var/lib/docker/overlay2/1/diff/x", "process_name": "/usr/bin/dockerd"}"#,
                    r#"{"table": "linux_mount_events", "action": "MOUNT", "process_name": "/usr/bin/runc", "target_path": "/proc"}"#,
                ],
            ),
            (
                "developer-workstation",
                &[
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/curl", "cmdline": "curl -o x.sh http://example/x.sh"}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/ld", "parent_path": "/bin/sh", "cmdline": "ld x"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_WRITE", "target_path": "/home/a/r/.git/hooks/post-checkout", "process_name": "/usr/bin/git"}"#,
                ],
                &[
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", "cmdline": "cc1 x.c"}"#,
                    r#"{"table": "linux_process_events", "action": "PROC_CREATE", "path": "/usr/bin/x86_64-linux-gnu-as", "parent_path": "/usr/bin/x86_64-linux-gnu-gcc-12", "cmdline": "as"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_CREATE", "target_path": "/home/a/r/.git/index.lock", "process_name": "/usr/bin/git"}"#,
                    r#"{"table": "linux_file_events", "action": "FILE_CREATE", "target_path": "/home/a/r/x.o", "process_name": "/usr/bin/as"}"#,
                ],
            ),
            (
                "windows-workstation",
                &[
                    r#"{"table": "win_process_open_events", "src_path": "C:\\x.exe", "target_path": "C:\\Windows\\System32\\lsass.exe", "granted_access": "PROCESS_VM_READ|PROCESS_QUERY_INFORMATION|PROCESS_QUERY_LIMITED_INFORMATION"}"#,
                    r#"{"table": "win_registry_events", "action": "REG_SETVALUE", "target_name": "\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"}"#,
                    r#"{"table": "win_image_load_events", "image_path": "C:\\Users\\a\\x.dll"}"#,
                    r#"{"table": "win_process_events", "path": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", "cmdline": "powershell -enc x"}"#,
                ],
                &[
                    r#"{"table": "win_process_open_events", "src_path": "C:\\x.exe", "granted_access": "PROCESS_QUERY_LIMITED_INFORMATION"}"#,
                    r#"{"table": "win_image_load_events", "image_path": "C:\\Windows\\System32\\ntdll.dll"}"#,
                    r#"{"table": "win_process_events", "path": "C:\\Windows\\System32\\conhost.exe"}"#,
                ],
            ),
        ];
        for (name, stays, goes) in cases {
            let path = format!("{}/../../packaging/config/{name}.conf", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            for event in *stays {
                let told = told_by(&text, event);
                assert!(told.contains("\nkept: "), "{name}: {event}: {told}");
            }
            for event in *goes {
                let told = told_by(&text, event);
                assert!(told.contains("\ndropped "), "{name}: {event}: {told}");
            }
        }
    }
}
