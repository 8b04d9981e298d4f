// SPDX-License-Identifier: Apache-2.0
//! Tests of `config`: what is read, and what is told of what cannot be.

use super::*;

fn errors(text: &str) -> Vec<String> {
    Config::parse(text).unwrap_err().iter().map(Problem::to_string).collect()
}

#[test]
fn defaults_and_own_keys() {
    let config = Config::parse(r#"{"options": {"x": 1}}"#).unwrap();
    assert_eq!(config.retention.seconds, Some(86_400));
    assert!(config.sources_enabled && config.filters.is_empty());
    let text = r#"{"evtables": {"retention": {"seconds": 0, "rows_per_table": 7, // seven
        "tables": {"linux_process_events": {"seconds": 9}}}, "sources": {"linux": {"enabled": false,}}}}"#;
    let config = Config::parse(text).unwrap();
    assert_eq!((config.retention.seconds, config.retention.rows_per_table), (None, Some(7)));
    assert_eq!(config.retention.tables["linux_process_events"].seconds, Some(9));
    assert!(!config.sources_enabled && config.retention_given);
    let tables =
        r#"{"evtables": {"sources": {"linux": {"tables": {"linux_file_events": false}}}}}"#;
    assert_eq!(Config::parse(tables).unwrap().switches.get("linux_file_events"), Some(&false));
    let row = |key: &str| config.rows.iter().find(|row| row.key == key).unwrap().clone();
    assert_eq!(
        (
            row("evtables.retention.rows_per_table").value.as_str(),
            row("evtables.retention.rows_per_table").source.as_str()
        ),
        ("7", "config")
    );
    assert_eq!(row("evtables.budgets.reply_rows").source, "default");
}

#[test]
fn several_texts_are_one_configuration() {
    let texts = [
        r#"{"evtables": {"budgets": {"reply_rows": 5}}, "plgx_event_filters": {"win_dns_events": {"domain_name": {"exclude": {"values": ["a"]}}}}}"#,
        r#"{"evtables": {"retention": {"seconds": 9}}, "plgx_event_filters": {"linux_process_events": {"path": {"exclude": {"values": ["b"]}}}}}"#,
        "{}",
    ];
    let config = Config::of_texts(&Texts::read(&texts)).unwrap();
    assert_eq!((config.budgets.reply_rows, config.retention.seconds), (5, Some(9)));
    assert_eq!(config.filters.all().count(), 2);
}

#[test]
fn configurations_of_the_seed_load() {
    // As its documents shape them; ours.
    let text = r#"{
      "options": { "custom_plgx_EnableSSL": "true", "custom_plgx_EnableDns": true, "custom_plgx_Odd": "1", "events_max": "2500" },
      "plgx_event_filters": {
        "win_process_events": {
          "path":    { "exclude": { "values": ["C:\\Build\\tools\\*", "*\\idle?.exe",] } },
          "cmdline": { "exclude": { "values": ["*backup.exe --nightly*"] } }
        },
        "win_file_events": {
          "target_path":  { "include": { "values": ["D:\\Payroll\\*", "*.lnk"] },
                            "exclude": { "values": ["D:\\Payroll\\cache\\*"] } },
          "process_name": { "exclude": { "values": ["*\\trusted-indexer.exe"] } }
        },
        "win_socket_events": {
          "remote_port":  { "include": { "values": ["2222", "8888"] } },
          "process_name": { "include": { "values": ["*\\curl.exe"] } },
        },
        "win_image_load_process_map": { "image_path": { "exclude": { "values": ["*"] } } },
        "win_registry_events": { "target_name": { "exclude": { "values": ["\\REGISTRY\\MACHINE\\SOFTWARE\\Noise\\*"] } },
                                 "action": { "exclude": { "values": ["REG_QUERY"] } } },
        "win_remote_thread_events": { "module_name": { "exclude": { "values": ["*\\ntdll.dll"] } }, "function_name": { "exclude": { "values": ["x"] } },
                                      "src_path": { "exclude": { "values": ["x"] } }, "target_path": { "exclude": { "values": ["x"] } } },
        "win_process_open_events": { "granted_access": { "include": { "values": ["0x1410"] } } },
        "win_dns_events": { "domain_name": { "exclude": { "values": ["*.internal"] } } },
        "win_dns_response_events": { "domain_name": { "exclude": { "values": ["*.internal"] } } },
        "win_image_load_events": { "image_path": { "exclude": { "values": ["*"] } } },
        "win_ssl_events": { "process_name": { "exclude": { "values": ["*\\browser.exe"] } } },
        "linux_process_events": { "path": { "exclude": { "values": ["/usr/bin/true"] } } }
      },
      "win_include_paths": { "all": ["*"] },
      "win_logger_plugin": { "plugins": [] },
      "feature_vectors": { "character_frequencies": [0.0] },
    }"#;
    let config = Config::parse(text).unwrap();
    assert_eq!(config.filters.all().count(), 12);
    let of = |key: &str| config.rows.iter().find(|row| row.key == key).unwrap();
    for key in [
        "options.custom_plgx_EnableSSL",
        "options.custom_plgx_Odd",
        "win_include_paths",
        "win_logger_plugin",
    ] {
        assert_eq!(
            (of(key).state.as_str(), of(key).error.is_some()),
            ("not_implemented", true),
            "{key}"
        );
    }
}

#[test]
fn own_filters_load() {
    let text = r#"{"evtables": {
      "lists": {"shells": {"values": ["/bin/sh", "/bin/bash"]}},
      "filters": {"linux_process_events": [
        {"name": "build", "action": "exclude", "when": {"all": [
            {"column": "path", "prefix": "/usr/lib/gcc/"},
            {"any": [{"column": "cmdline", "contains": "-o"}, {"not": {"column": "pid", "range": {"from": 2, "to": 10}}}]}]}},
        {"action": "include", "when": {"column": "path", "in": "shells"}},
        {"action": "include", "when": {"column": "pid", "in": [1, "2"]}},
        {"action": "include", "when": {"column": "cmdline", "regex": "a+b$"}},
        {"action": "include", "when": {"column": "container_id", "cidr": "10.0.0.0/8"}}
      ]}}}"#;
    let config = Config::parse(text).unwrap();
    let rules = config.filters.all().next().unwrap();
    let names: Vec<&str> = rules.rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["build", "rule 2", "rule 3", "rule 4", "rule 5"]);
}

#[test]
fn each_of_twenty_planted_errors_is_told_with_its_path() {
    let text = r#"{
      "evtables": {
        "retenton": {},
        "sources": { "linux": { "enabled": "yes", "argv_bytes_max": 5, "tables": { "linux_fil_events": true, "linux_process_events": false } }, "windwos": {} },
        "retention": { "seconds": -1, "tables": { "nope": {}, "linux_process_events": { "row": 5 } } },
        "budgets": { "reply_mib": 1000 },
        "push": { "logger": { "tables": ["users"], "queries": { "a": { "query": "SELECT 1" } } } },
        "lists": { "gone": { "file": "/nosuch/file" } },
        "filters": {
          "linux_process_event": [],
          "linux_process_events": [
            { "action": "drop", "when": { "column": "path", "glob": "*" } },
            { "action": "exclude", "when": { "column": "pth", "glob": "*" } },
            { "action": "exclude", "when": { "column": "path", "globb": "*" } },
            { "action": "exclude", "when": { "column": "path", "glob": "*", "prefix": "x" } },
            { "action": "exclude", "when": { "column": "path", "in": "nolist" } },
            { "action": "exclude" }
          ]
        }
      },
      "plgx_event_filters": {
        "win_process_events": { "path": { "exlude": { "values": [] } } },
        "win_socket_events": { "remote_port": { "include": { "values": ["http"] } } }
      }
    }"#;
    let errors = errors(text);
    let wanted = [
        ("evtables.retenton: ", "did you mean retention?"),
        ("evtables.sources.windwos: ", "did you mean windows?"),
        ("evtables.sources.linux.enabled: ", "is text, must be true or false"),
        ("evtables.sources.linux.argv_bytes_max: ", "is 5, must be"),
        ("evtables.sources.linux.tables.linux_fil_events: ", "did you mean linux_file_events?"),
        ("evtables.sources.linux.tables.linux_process_events: ", "cannot be off"),
        ("evtables.retention.seconds: ", "is -1, must be"),
        ("evtables.retention.tables.nope: ", "unknown table"),
        ("evtables.retention.tables.linux_process_events.row: ", "did you mean rows?"),
        ("evtables.budgets.reply_mib: ", "within 1 to 90"),
        ("evtables.push.logger.tables[0]: ", "no such event table: users"),
        ("evtables.push.logger.queries.a: ", "names no event table"),
        ("evtables.lists.gone.file: ", "failed to read /nosuch/file"),
        ("evtables.filters.linux_process_event: ", "did you mean linux_process_events?"),
        ("evtables.filters.linux_process_events[0].action: ", "unknown action"),
        ("evtables.filters.linux_process_events[1].when.column: ", "did you mean path?"),
        ("evtables.filters.linux_process_events[2].when.globb: ", "did you mean glob?"),
        ("evtables.filters.linux_process_events[3].when: ", "more than one operator"),
        ("evtables.filters.linux_process_events[4].when.in: ", "unknown list"),
        ("evtables.filters.linux_process_events[5]: ", "has no `when`"),
        ("plgx_event_filters.win_process_events.path.exlude: ", "did you mean exclude?"),
        (
            "plgx_event_filters.win_socket_events.remote_port.include.values[0]: ",
            "`http` is no number",
        ),
    ];
    for (path, what) in wanted {
        let found = errors.iter().filter(|error| error.starts_with(path) && error.contains(what));
        assert_eq!(found.count(), 1, "{path}{what} in {errors:#?}");
    }
    // And the one that follows from a misspelt operator.
    assert_eq!(errors.len(), wanted.len() + 1, "{errors:#?}");
}

#[test]
fn limits_and_redactions_load() {
    let text = r#"{"evtables": {
      "sample": {"linux_dns_events": {"one_in": 10, "per": ["process_guid"]}},
      "rate": {"linux_file_events": {"per": ["process_guid", "action"], "max_per_second": 200}},
      "redact": {"linux_process_events": {"cmdline": "keyed_hash", "parent_cmdline": "drop"}},
      "budgets": {"memory_mib": 80, "cpu_percent": 20},
      "sources": {"windows": {"tables": {"win_http_events": false}},
                  "tail": [{"name": "web", "path": "/var/log/web/*.log", "regex": ["POST .* 500"]}]}}}"#;
    let config = Config::parse(text).unwrap();
    let of = |key: &str| {
        let row = config.rows.iter().find(|row| row.key == key).unwrap();
        (row.value.as_str(), row.state.as_str())
    };
    assert_eq!(of("evtables.sample.linux_dns_events"), ("one in 10 per process_guid", "active"));
    assert_eq!(
        of("evtables.rate.linux_file_events"),
        ("200 per second per process_guid, action", "active")
    );
    // What holds the same secret goes with it; what is named is as it is named.
    let redact = |column| of(column).0;
    assert_eq!(redact("evtables.redact.linux_process_events.cmdline"), "keyed_hash");
    assert_eq!(redact("evtables.redact.linux_process_events.argv"), "keyed_hash");
    assert_eq!(redact("evtables.redact.linux_process_events.argv_base64"), "keyed_hash");
    assert_eq!(redact("evtables.redact.linux_process_events.parent_cmdline"), "drop");
    let budget = config.configured().budget;
    assert_eq!((budget.cpu_percent, budget.memory_bytes), (Some(20), Some(80 << 20)));
    assert_eq!(Config::standard().configured().budget, evtables_engine::Budget::default());
    for key in ["budgets.memory_mib", "budgets.cpu_percent"] {
        assert_eq!(of(&format!("evtables.{key}")).1, "active", "{key}");
    }
    assert_eq!(of("evtables.sources.windows.tables.win_http_events"), ("false", "active"));
    assert_eq!(of("evtables.sources.windows.file_registry_buffers_mib"), ("64", "active"));
    assert!(Config::standard().rows.iter().all(|row| row.state == "active"));
}

#[test]
fn wrong_limits_and_redactions_are_told_with_their_path() {
    let text = r#"{"evtables": {
      "sample": {"linux_dns_events": {"per": ["process_guid"]}, "linux_dns_event": {"one_in": 2},
                 "linux_file_events": {"one_in": 0}},
      "rate": {"linux_file_events": {"per": ["proces_guid"], "max_per_second": "many", "max": 1}},
      "redact": {"linux_process_events": {"pid": "drop", "cmdline": "hash", "path": 7}},
      "sources": {"tail": [{"name": 1}], "windows": {"tables": {"linux_dns_events": true}, "user_buffers_mib": 0,
                  "registry_data": 1, "open_handle": true}}}}"#;
    let errors = errors(text);
    let wanted = [
        ("evtables.sample.linux_dns_events: ", "has no `one_in`"),
        ("evtables.sample.linux_dns_event: ", "did you mean linux_dns_events?"),
        ("evtables.sample.linux_file_events.one_in: ", "is 0, must be"),
        ("evtables.rate.linux_file_events.per[0]: ", "did you mean process_guid?"),
        ("evtables.rate.linux_file_events.max_per_second: ", "is text, must be"),
        ("evtables.rate.linux_file_events.max: ", "unknown key"),
        ("evtables.redact.linux_process_events.pid: ", "unknown text column"),
        ("evtables.redact.linux_process_events.cmdline: ", "there are drop, keyed_hash"),
        ("evtables.redact.linux_process_events.path: ", "is a number, must be text"),
        ("evtables.sources.tail[0].name: ", "is a number, must be text"),
        ("evtables.sources.tail[0]: ", "has no `path`"),
        ("evtables.sources.windows.tables.linux_dns_events: ", "unknown table"),
        ("evtables.sources.windows.user_buffers_mib: ", "is 0, must be"),
        ("evtables.sources.windows.registry_data: ", "is a number, must be"),
        ("evtables.sources.windows.open_handle: ", "unknown key"),
    ];
    for (path, what) in wanted {
        let found = errors.iter().filter(|error| error.starts_with(path) && error.contains(what));
        assert_eq!(found.count(), 1, "{path}{what} in {errors:#?}");
    }
    assert_eq!(errors.len(), wanted.len(), "{errors:#?}");
}

/// A configuration that says the example of a key.
fn with_example(key: &keys::Key) -> String {
    let mut text = key.example.to_owned();
    let mut steps: Vec<&str> = key.path.split('.').collect();
    // An example of `x.<name>` is the object that has the name.
    if steps.last().is_some_and(|step| step.starts_with('<')) {
        steps.pop();
    }
    let siblings = match key.path {
        "evtables.sources.tail[].name" => r#""path": "/x", "#,
        "evtables.sources.tail[].path" => r#""name": "x", "#,
        "evtables.sources.tail[].regex" => r#""name": "x", "path": "/x", "#,
        "evtables.sample.<table>.per" => r#""one_in": 2, "#,
        "evtables.rate.<table>.per" => r#""max_per_second": 2, "#,
        "evtables.filters.<table>[].when" => r#""action": "exclude", "#,
        "evtables.filters.<table>[].name" | "evtables.filters.<table>[].action" => {
            r#""when": {"column": "pid", "equals": 1}, "#
        }
        "evtables.push.logger.queries.<name>.table" => r#""query": "SELECT 1", "#,
        _ => "",
    };
    let action = r#""action": "include", "#;
    let mut extra = siblings.to_owned();
    if key.path.ends_with("[].name") && key.path.contains("filters") {
        extra.push_str(action);
    }
    for step in steps.iter().rev() {
        let (name, many) = step.strip_suffix("[]").map_or((*step, false), |name| (name, true));
        let name = match name {
            "<table>" => "linux_process_events",
            "<name>" => "shells",
            name => name,
        };
        let value = if many { format!("[{text}]") } else { text };
        text = format!("{{{extra}\"{name}\": {value}}}");
        extra.clear();
    }
    text
}

#[test]
fn the_example_of_each_key_is_accepted() {
    let mut count = 0;
    for key in keys::KEYS.iter().filter(|key| !key.example.is_empty()) {
        // Its file is not on this machine.
        if key.path == "evtables.lists.<name>.file" {
            continue;
        }
        let text = with_example(key);
        Config::parse(&text).unwrap_or_else(|e| panic!("{}: {text}: {}", key.path, listed(&e)));
        count += 1;
    }
    assert!(count > 35, "{count}");
}

#[test]
fn each_option_and_block_of_the_seed_is_told() {
    let options: Vec<String> =
        keys::SEED_OPTIONS.iter().map(|(name, _)| format!("\"{name}\": \"1\"")).collect();
    let blocks: Vec<String> =
        keys::SEED_BLOCKS.iter().map(|(name, _)| format!("\"{name}\": {{}}")).collect();
    let text = format!("{{\"options\": {{{}}}, {}}}", options.join(","), blocks.join(","));
    let config = Config::parse(&text).unwrap();
    let told = config.rows.iter().filter(|row| row.state == "not_implemented");
    assert_eq!(told.count(), options.len() + blocks.len());
    let many: Vec<String> = (0..1_000).map(|n| format!("\"custom_plgx_{n}\": 1")).collect();
    let config = Config::parse(&format!("{{\"options\": {{{}}}}}", many.join(","))).unwrap();
    assert!(
        config
            .rows
            .iter()
            .any(|row| row.error.as_deref().is_some_and(|e| e.starts_with("900 more")))
    );
    assert!(config.rows.len() < 130);
}

/// A configuration that is accepted is accepted again as JSON writes it, and means the same.
fn holds_when_written_back(text: &str) -> bool {
    let texts = Texts::read(&[text]);
    match Config::of_texts(&texts) {
        Ok(config) => {
            let written = serde_json::to_string(texts.values[0].as_ref().unwrap()).unwrap();
            let again = Config::parse(&written).unwrap();
            assert_eq!(Config { hash: again.hash.clone(), ..config }, again, "{written}");
            true
        }
        Err(problems) => {
            assert!(!problems.is_empty() && problems.iter().all(|p| !p.text.is_empty()));
            false
        }
    }
}

#[test]
fn damaged_configurations_are_refused_or_hold_when_written_back() {
    let seeds: Vec<String> = keys::KEYS
        .iter()
        .filter(|key| !key.example.is_empty() && !key.path.ends_with(".file"))
        .map(with_example)
        .collect();
    let mut random = 7_u64;
    let mut below = |end: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(random >> 33).unwrap() % end
    };
    let parts = [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e9", "\\u0000", "//", "/*",
        "#", "evtables", "*", "ü",
    ];
    let (mut good, mut bad) = (0, 0);
    for round in 0..4_000 {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..below(3) {
            let at = below(text.len().max(1));
            match below(3) {
                0 => drop(text.splice(at..at, parts[below(parts.len())].chars())),
                1 => drop(text.drain(at..(at + 1 + below(3)).min(text.len()))),
                _ => {
                    let other: Vec<char> = seeds[below(seeds.len())].chars().collect();
                    let from = below(other.len());
                    drop(text.splice(at.., other[from..].iter().copied()));
                }
            }
        }
        let text: String = text.into_iter().collect();
        *(if holds_when_written_back(&text) { &mut good } else { &mut bad }) += 1;
    }
    assert!(good > 500 && bad > 500, "{good} good, {bad} bad");
}

#[test]
fn files_that_never_end_are_refused() {
    for path in ["/dev/zero", "/proc", "/nosuch"] {
        let text = format!(r#"{{"evtables": {{"lists": {{"l": {{"file": "{path}"}}}}}}}}"#);
        assert!(errors(&text)[0].contains("failed to read"), "{path}");
    }
}

#[test]
fn starter_configurations_load_and_nothing_in_them_is_without_effect() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/config");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let config = Config::read(&path).unwrap();
        assert!(config.rows.iter().all(|row| row.state == "active"), "{}", path.display());
        assert!(config.filters.all().count() >= 2, "{}", path.display());
        assert!(holds_when_written_back(&std::fs::read_to_string(&path).unwrap()));
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    let wanted = [
        "container-host.conf",
        "developer-workstation.conf",
        "quiet-server.conf",
        "windows-workstation.conf",
    ];
    assert_eq!(names, wanted);
}

#[test]
fn texts_that_are_no_configuration_are_told() {
    for text in ["", "[]", "5", "{", "{\"evtables\": []}", "{\"plgx_event_filters\": 7}"] {
        assert!(!errors(text).is_empty(), "{text}");
    }
    let many: Vec<String> = (0..1_000).map(|n| format!("\"k{n}\": 1")).collect();
    let errors = errors(&format!("{{\"evtables\": {{{}}}}}", many.join(",")));
    assert_eq!((errors.len(), errors.last().unwrap().as_str()), (201, "and 800 more problems"));
}
