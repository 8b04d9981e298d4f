// SPDX-License-Identifier: Apache-2.0
//! Tests of `extension` against the double: registration, conflicts, restarts, the end.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;
use crate::double::{DoubleOptions, ManagerDouble};
use crate::probe::Probe;
use crate::table::{Attributes, Column};
use crate::transport::{exists_for_test, socket_for_test};

const LONG: Duration = Duration::from_secs(20);

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "em");
    (folder, path)
}

fn core(path: &Path) -> ManagerDouble {
    ManagerDouble::start(path, DoubleOptions::QUICK).unwrap()
}

fn options(path: &Path, name: &str) -> ExtensionOptions {
    let interval = Duration::from_millis(50);
    ExtensionOptions {
        interval,
        back_off_max: interval,
        ..ExtensionOptions::new(path, ExtensionInfo::new(name, "1"))
    }
}

struct Renaming(Mutex<Sender<ExtensionEvent>>, &'static str);

impl Owner for Renaming {
    fn event(&self, event: ExtensionEvent) {
        let _ = self.0.lock().unwrap().send(event);
    }

    fn other_name(&self, table: &str) -> Option<String> {
        (!self.1.is_empty()).then(|| format!("{}{table}", self.1))
    }
}

fn start_with(
    options: ExtensionOptions,
    tables: Vec<Arc<dyn Table>>,
    prefix: &'static str,
) -> (Extension, Receiver<ExtensionEvent>) {
    let (sender, events) = channel();
    let owner = Arc::new(Renaming(Mutex::new(sender), prefix));
    (Extension::start(options, tables, Vec::new(), owner).unwrap(), events)
}

fn start(path: &Path) -> (Extension, Receiver<ExtensionEvent>) {
    start_with(options(path, "probe_extension"), Probe::recorded(), "")
}

fn registered(events: &Receiver<ExtensionEvent>) -> Report {
    loop {
        match events.recv_timeout(LONG).unwrap() {
            ExtensionEvent::Registered(report) => return report,
            other => println!("{other:?}"),
        }
    }
}

fn names(report: &Report) -> Vec<(&str, Option<&str>)> {
    report
        .tables
        .iter()
        .map(|table| (table.name.as_str(), table.registered_as.as_deref()))
        .collect()
}

#[test]
fn tables_are_registered_and_answer() {
    let (_folder, path) = folder();
    let double = core(&path);
    let (extension, events) = start(&path);
    let report = registered(&events);
    assert_eq!(extension.report().as_ref(), Some(&report));
    assert_eq!(report.socket, extension_socket(&path, report.uuid));
    assert_eq!(double.tables().len(), 3);
    assert!(double.wait_table("probe", LONG));
    assert_eq!(double.select_all("probe").unwrap().len(), 5);
    assert_eq!(double.columns("probe_events").unwrap(), double.routes("probe_events").unwrap());
    assert_eq!(double.routes("probe_events").unwrap().last().unwrap()["attributes"], "4");
    assert_eq!(
        double.generate("probe_opt", &[("pid", 2, "1"), ("pid", 73, "9")], &["eid"]).unwrap().len(),
        5
    );
    let info = &double.extensions()[&report.uuid];
    assert_eq!((info.name.as_str(), info.sdk_version.as_str()), ("probe_extension", "5.0.0"));
    assert_eq!(extension.counters().calls, 3);
    let before = Instant::now();
    extension.stop();
    assert!(before.elapsed() < Duration::from_millis(500), "{:?}", before.elapsed());
    assert!(double.extensions().is_empty() && !exists_for_test(&report.socket));
    assert!(matches!(double.select_all("probe"), Err(crate::DoubleError::NoTable(_))));
}

#[test]
fn a_taken_name_costs_only_that_table() {
    let (_folder, path) = folder();
    let double = core(&path);
    double.add_core_table("probe");
    let (_extension, events) = start(&path);
    let report = registered(&events);
    let expected =
        [("probe", None), ("probe_opt", Some("probe_opt")), ("probe_events", Some("probe_events"))];
    assert_eq!(names(&report), expected);
    assert!(double.wait_table("probe_opt", LONG));
    assert_eq!(double.select_all("probe_opt").unwrap().len(), 5);
}

#[test]
fn a_taken_name_may_be_replaced() {
    let (_folder, path) = folder();
    let double = core(&path);
    double.add_core_table("probe");
    // The substitute for `probe` is another table's own name: it is not given away.
    double.add_core_table("opt");
    let tables: Vec<Arc<dyn Table>> =
        vec![Probe::named("opt"), Probe::named("probe"), Probe::named("other_opt")];
    let (_extension, events) = start_with(options(&path, "e"), tables, "other_");
    let expected =
        [("opt", None), ("probe", Some("other_probe")), ("other_opt", Some("other_opt"))];
    assert_eq!(names(&registered(&events)), expected);
    assert!(double.wait_table("other_probe", LONG));
    assert_eq!(double.select_all("other_probe").unwrap().len(), 5);
}

#[test]
fn names_that_the_list_does_not_tell_are_learned_from_refusals() {
    let (_folder, path) = folder();
    let double = core(&path);
    double.add_core_table("probe");
    double.add_core_table("probe_events");
    double.set_answer(TABLE_NAMES_SQL, Vec::new());
    let (_extension, events) = start(&path);
    let expected = [("probe", None), ("probe_opt", Some("probe_opt")), ("probe_events", None)];
    assert_eq!(names(&registered(&events)), expected);
}

#[test]
fn a_dropped_registration_is_renewed() {
    let (_folder, path) = folder();
    let double = core(&path);
    let (extension, events) = start(&path);
    let first = registered(&events);
    assert!(double.drop_registration("probe_extension"));
    let lost = ExtensionEvent::Lost { reason: "core no longer knows the extension".to_owned() };
    assert_eq!(events.recv_timeout(LONG).unwrap(), lost);
    let second = registered(&events);
    assert_ne!(first.uuid, second.uuid);
    assert!(double.wait_table("probe", LONG));
    assert_eq!(double.select_all("probe").unwrap().len(), 5);
    assert!(!exists_for_test(&first.socket) && exists_for_test(&second.socket));
    assert_eq!(extension.counters().rows, 5);
}

#[test]
fn core_may_come_late_and_restart_again_and_again() {
    let (_folder, path) = folder();
    let (extension, events) = start(&path);
    match events.recv_timeout(LONG).unwrap() {
        ExtensionEvent::Waiting { reason } => {
            assert!(reason.starts_with("failed to connect to "), "{reason}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(extension.wait_registered(Duration::ZERO), None);
    let mut double = core(&path);
    for round in 0..4 {
        let report = registered(&events);
        assert!(double.wait_table("probe", LONG), "round {round}");
        assert_eq!(double.select_all("probe").unwrap().len(), 5);
        assert_eq!(extension.wait_registered(LONG), Some(report));
        double.restart().unwrap();
    }
}

#[test]
fn shutdown_is_told_and_does_not_end_us() {
    let (_folder, path) = folder();
    let mut double = core(&path);
    let (_extension, events) = start(&path);
    registered(&events);
    assert!(double.wait_table("probe", LONG));
    double.terminate();
    assert_eq!(events.recv_timeout(LONG).unwrap(), ExtensionEvent::ShutdownAsked);
    double.restart().unwrap();
    registered(&events);
    assert!(double.wait_table("probe", LONG));
}

#[test]
fn a_second_of_the_same_name_waits_for_its_turn() {
    let (_folder, path) = folder();
    let _double = core(&path);
    let (first, first_events) = start(&path);
    registered(&first_events);
    let (_second, events) = start(&path);
    let reason = "core still knows an extension named probe_extension".to_owned();
    assert_eq!(events.recv_timeout(LONG).unwrap(), ExtensionEvent::Waiting { reason });
    first.stop();
    assert_eq!(names(&registered(&events)).len(), 3);
}

#[test]
fn a_refusal_that_names_nothing_of_ours_is_told() {
    struct Bad;
    impl Plugin for Bad {
        fn registry(&self) -> &str {
            "nosuch"
        }
        fn name(&self) -> &str {
            "x"
        }
        fn call(&self, _request: &crate::Row) -> crate::Response {
            crate::Response::failed("never asked")
        }
    }
    let (_folder, path) = folder();
    let _double = core(&path);
    let (sender, events) = channel();
    let owner = Arc::new(move |event| drop(sender.send(event)));
    let options = options(&path, "e");
    let _extension =
        Extension::start(options, Probe::recorded(), vec![Arc::new(Bad)], owner).unwrap();
    let reason = "Failed adding registry: Unknown registry: nosuch".to_owned();
    assert_eq!(events.recv_timeout(LONG).unwrap(), ExtensionEvent::Waiting { reason });
}

#[test]
fn a_plug_in_that_panics_when_it_is_declared_is_tried_again() {
    struct Once(std::sync::atomic::AtomicBool);
    impl Plugin for Once {
        fn registry(&self) -> &str {
            "logger"
        }
        fn name(&self) -> &str {
            "once"
        }
        fn routes(&self) -> crate::Rows {
            let before = self.0.swap(true, std::sync::atomic::Ordering::Relaxed);
            assert!(before, "asked to");
            Vec::new()
        }
        fn call(&self, _request: &crate::Row) -> crate::Response {
            crate::Response::ok(Vec::new())
        }
    }
    let (_folder, path) = folder();
    let double = core(&path);
    let (sender, events) = channel();
    let owner = Arc::new(move |event| drop(sender.send(event)));
    let plugin = Arc::new(Once(false.into()));
    let _extension =
        Extension::start(options(&path, "e"), Probe::recorded(), vec![plugin], owner).unwrap();
    let reason = "a table or plug-in panicked while it was declared".to_owned();
    assert_eq!(events.recv_timeout(LONG).unwrap(), ExtensionEvent::Waiting { reason });
    registered(&events);
    assert!(double.wait_table("probe", LONG));
}

#[test]
fn an_owner_that_panics_ends_nothing() {
    struct Panicking;
    impl Owner for Panicking {
        fn event(&self, _event: ExtensionEvent) {
            panic!("asked to");
        }
        fn other_name(&self, _table: &str) -> Option<String> {
            panic!("asked to");
        }
    }
    let (_folder, path) = folder();
    let double = core(&path);
    double.add_core_table("probe");
    let options = options(&path, "e");
    let extension =
        Extension::start(options, Probe::recorded(), Vec::new(), Arc::new(Panicking)).unwrap();
    assert_eq!(names(&extension.wait_registered(LONG).unwrap())[0], ("probe", None));
    assert!(double.wait_table("probe_opt", LONG));
}

#[test]
fn stop_is_quick_without_core_too() {
    let (_folder, path) = folder();
    let slow = ExtensionOptions { back_off_max: LONG, ..options(&path, "e") };
    let (extension, events) = start_with(slow, Probe::recorded(), "");
    events.recv_timeout(LONG).unwrap();
    let before = Instant::now();
    extension.stop();
    assert!(before.elapsed() < Duration::from_millis(200), "{:?}", before.elapsed());
}

#[test]
fn what_no_waiting_can_mend_is_an_error() {
    struct Empty(Vec<Column>);
    impl Table for Empty {
        fn name(&self) -> &str {
            "empty"
        }
        fn columns(&self) -> &[Column] {
            &self.0
        }
        fn attributes(&self) -> Attributes {
            Attributes::NONE
        }
        fn generate(
            &self,
            _: &crate::Query,
            _: &mut crate::RowsWriter,
        ) -> Result<(), crate::TableError> {
            Ok(())
        }
    }
    let error = |path: &str, tables: Vec<Arc<dyn Table>>| {
        let options = options(Path::new(path), "e");
        Extension::start(options, tables, Vec::new(), Arc::new(|_| {})).err().unwrap().to_string()
    };
    let column = || Column::new("a", crate::ColumnType::Text, crate::ColumnOptions::NONE);
    assert_eq!(
        error("/e", vec![Arc::new(Empty(vec![]))]),
        "failed to declare table empty: it has no columns"
    );
    let twice = Arc::new(Empty(vec![column(), column()]));
    assert_eq!(
        error("/e", vec![twice]),
        "failed to declare table empty: a column stands there twice"
    );
    let tables: Vec<Arc<dyn Table>> = vec![Probe::named("p"), Probe::named("p")];
    assert_eq!(error("/e", tables), "failed to declare table p: it stands there twice");
    let long = error(&"x".repeat(SOCKET_BYTES_MAX + 1), Vec::new());
    assert!(long.ends_with(&format!("longer than {SOCKET_BYTES_MAX} bytes")), "{long}");
}

#[test]
fn conflicts_are_read_from_cores_words() {
    let message =
        "Failed adding registry: Registry item a b conflicts with another item of the same name.";
    assert_eq!(conflicting_item(message), Some("a b"));
    assert_eq!(conflicting_item("Duplicate extension registered"), None);
}

#[test]
fn changes_cross_the_wire() {
    use crate::{ChangeError, ColumnOptions, ColumnType, TableError, Value};
    /// Keeps one number per row.
    struct Numbers([Column; 1], Mutex<std::collections::BTreeMap<i64, i64>>);
    impl Table for Numbers {
        fn name(&self) -> &str {
            "numbers"
        }
        fn columns(&self) -> &[Column] {
            &self.0
        }
        fn attributes(&self) -> Attributes {
            Attributes::NONE
        }
        fn generate(
            &self,
            _: &crate::Query,
            rows: &mut crate::RowsWriter,
        ) -> Result<(), TableError> {
            for (rowid, number) in self.1.lock().unwrap().iter() {
                rows.begin_row();
                rows.integer(0, *number);
                rows.rowid(*rowid);
                rows.end_row()?;
            }
            Ok(())
        }
        fn insert(&self, values: &[Value], rowid: Option<i64>) -> Result<i64, ChangeError> {
            let number = values[0].as_integer().ok_or(ChangeError::Constraint)?;
            let mut rows = self.1.lock().unwrap();
            let rowid = rowid.unwrap_or(i64::try_from(rows.len()).unwrap() + 10);
            rows.insert(rowid, number);
            Ok(rowid)
        }
        fn update(
            &self,
            rowid: i64,
            values: &[Value],
            new_rowid: Option<i64>,
        ) -> Result<(), ChangeError> {
            self.delete(rowid)?;
            self.insert(values, Some(new_rowid.unwrap_or(rowid))).map(drop)
        }
        fn delete(&self, rowid: i64) -> Result<(), ChangeError> {
            let removed = self.1.lock().unwrap().remove(&rowid);
            removed.map(drop).ok_or_else(|| ChangeError::failed("no such row"))
        }
    }
    let (_folder, path) = folder();
    let double = core(&path);
    let column = Column::new("number", ColumnType::BigInt, ColumnOptions::NONE);
    let tables: Vec<Arc<dyn Table>> =
        vec![Arc::new(Numbers([column], Mutex::default())), Probe::named("fixed")];
    let (extension, events) = start_with(options(&path, "e"), tables, "");
    registered(&events);
    assert!(double.wait_table("numbers", LONG));
    assert_eq!(double.insert("numbers", "[5]", None).unwrap(), 10);
    assert_eq!(double.insert("numbers", "[-6]", Some(3)).unwrap(), 3);
    double.update("numbers", 10, "[7]", Some(i64::MAX)).unwrap();
    let said = |outcome: Result<(), crate::DoubleError>| outcome.unwrap_err().to_string();
    assert_eq!(said(double.insert("numbers", "[null]", None).map(drop)), "constraint failed");
    assert_eq!(said(double.delete("numbers", 10)), "no such row");
    assert_eq!(said(double.delete("fixed", 1)), "table fixed may not be modified");
    let row = |number: &str, rowid: &str| {
        [("number", number), ("rowid", rowid)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into()
    };
    let rows: Vec<crate::Row> = vec![row("-6", "3"), row("7", &i64::MAX.to_string())];
    assert_eq!(double.select_all("numbers").unwrap(), rows);
    double.delete("numbers", 3).unwrap();
    assert_eq!(double.select_all("numbers").unwrap().len(), 1);
    assert_eq!(extension.counters().changes, 4);
}
