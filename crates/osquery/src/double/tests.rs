// SPDX-License-Identifier: Apache-2.0
//! Tests of `double`: it speaks as the recorded core does.

use serde_json::Value;

use super::*;
use crate::message::CallArguments;
use crate::recording::exchanges;
use crate::transport::socket_for_test;
use crate::wire::Reader;

fn start() -> (tempfile::TempDir, ManagerDouble, Manager) {
    let folder = tempfile::tempdir().unwrap();
    let double =
        ManagerDouble::start(&socket_for_test(&folder, "em"), DoubleOptions::QUICK).unwrap();
    let manager = Manager::new(double.socket(), ManagerOptions::CORE);
    (folder, double, manager)
}

fn row(entries: &[(&str, &str)]) -> Row {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn registry(registry: &str, item: &str, rows: Rows) -> crate::Registry {
    [(registry.to_owned(), [(item.to_owned(), rows)].into())].into()
}

fn column(name: &str) -> Row {
    row(&[("id", "column"), ("name", name), ("type", "TEXT"), ("op", "0")])
}

#[test]
fn contexts_equal_the_recorded_ones_to_the_letter() {
    let Some(exchanges) = exchanges(true) else { return };
    let types = [
        ("time", "BIGINT"),
        ("pid", "INTEGER"),
        ("cmdline", "TEXT"),
        ("eid", "TEXT"),
        ("score", "DOUBLE"),
    ];
    let routes: Rows = types
        .iter()
        .map(|(name, ty)| row(&[("id", "column"), ("name", name), ("type", ty), ("op", "0")]))
        .collect();
    let mut compared = 0;
    for exchange in &exchanges {
        let mut source = &exchange.request[..];
        let mut reader = Reader::new(&mut source, Limits::REQUEST);
        if reader.head().unwrap().method != "call" {
            continue;
        }
        let call = CallArguments::read(&mut reader).unwrap();
        let Some(recorded) = call.request.get("context") else { continue };
        let value: Value = serde_json::from_str(recorded).unwrap();
        let mut constraints = Vec::new();
        for list in value["constraints"].as_array().unwrap() {
            let column = list["name"].as_str().unwrap();
            for item in list["list"].as_array().unwrap() {
                let op = u8::try_from(item["op"].as_u64().unwrap()).unwrap();
                constraints.push((column, op, item["expr"].as_str().unwrap()));
            }
        }
        let used: Vec<_> = value["colsUsed"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(&context::json(&routes, &constraints, &used), recorded, "{}", exchange.file);
        compared += 1;
    }
    assert!(compared > 50, "{compared}");
}

#[test]
fn registrations_are_checked_in_cores_words() {
    let (_folder, double, mut manager) = start();
    let good = registry("table", "mine", vec![column("a")]);
    let mut refused = |info: &ExtensionInfo, registry: &crate::Registry| {
        manager.register(info, registry).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let info = |name: &str| ExtensionInfo::new(name, "1");
    assert_eq!(refused(&info("one"), &good), "");
    assert_eq!(refused(&info("one"), &crate::Registry::new()), "Duplicate extension registered");
    let conflict =
        "Failed adding registry: Registry item mine conflicts with another item of the same name.";
    assert_eq!(refused(&info("two"), &good), conflict);
    let conflict = "Failed adding registry: Registry item processes conflicts with another item of the same name.";
    assert_eq!(refused(&info("two"), &registry("table", "processes", vec![column("a")])), conflict);
    let no_columns = registry("table", "new", Vec::new());
    assert_eq!(refused(&info("two"), &no_columns), "Failed adding registry: Invalid route info");
    let unknown = registry("nosuch", "x", Vec::new());
    assert_eq!(refused(&info("two"), &unknown), "Failed adding registry: Unknown registry: nosuch");
    let old = ExtensionInfo { sdk_version: "1.7.6".to_owned(), ..info("two") };
    assert_eq!(refused(&old, &good), "Incompatible extension SDK version");
    let silent = ExtensionInfo { sdk_version: String::new(), ..info("two") };
    assert_eq!(refused(&silent, &registry("logger", "two", Vec::new())), "");
    assert_eq!(double.tables().into_iter().collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn an_extension_that_does_not_answer_pings_is_dropped() {
    let (_folder, double, mut manager) = start();
    let uuid = manager.register(&ExtensionInfo::new("mute", "1"), &crate::Registry::new()).unwrap();
    assert_eq!(double.wait_extension("mute", Duration::from_secs(5)), Some(uuid));
    assert!(double.wait_gone("mute", Duration::from_secs(10)));
    assert!(manager.extensions().unwrap().is_empty());
    assert_eq!(manager.deregister(uuid).unwrap_err().to_string(), "No extension UUID registered");
}

#[test]
fn database_config_and_logger_answer() {
    let (_folder, double, mut manager) = start();
    let mut call = |registry: &str, request: &[(&str, &str)]| {
        manager.call(registry, "", &row(request)).unwrap()
    };
    let get = [("action", "get"), ("domain", "configurations"), ("key", "executing_query")];
    assert_eq!(call("database", &get).rows, [row(&[("v", "")])]);
    double.set_database("configurations", "executing_query", "pack_p1_q1");
    assert_eq!(call("database", &get).rows, [row(&[("v", "pack_p1_q1")])]);
    let scan =
        [("action", "scan"), ("domain", "configurations"), ("prefix", "exec"), ("max", "100")];
    assert_eq!(call("database", &scan).rows, [row(&[("k", "executing_query")])]);
    double.clear_database("configurations", "executing_query");
    assert!(call("database", &scan).rows.is_empty());
    double.set_config(r#"{"evtables":{}}"#);
    let config = call("config", &[("action", "genConfig")]).rows;
    assert_eq!(config, [row(&[("/etc/osquery/osquery.conf", r#"{"evtables":{}}"#)])]);
    assert!(call("logger", &[("string", "{}")]).status.is_ok());
    assert_eq!(call("logger", &[("event", "x")]), Response::failed("Not enabled"));
    assert_eq!(double.logged(), [row(&[("string", "{}")])]);
    assert_eq!(call("nosuch", &[]).status.message, "Unknown registry requested: nosuch");
}

#[test]
fn flags_and_answers_are_those_of_the_test() {
    let (_folder, double, mut manager) = start();
    double.set_option("events_max", "7", "50000", "uint64");
    double.set_answer("select 1", vec![row(&[("1", "1")])]);
    assert_eq!(manager.options().unwrap()["events_max"].value, "7");
    assert_eq!(manager.query("select 1").unwrap(), [row(&[("1", "1")])]);
    assert!(manager.query("select 2").is_err());
    let names = manager.query(crate::extension::TABLE_NAMES_SQL).unwrap();
    assert!(names.contains(&row(&[("name", "processes")])));
    assert_eq!(double.select_all("nosuch").unwrap_err().to_string(), "no such table: nosuch");
}
