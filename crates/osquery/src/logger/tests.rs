// SPDX-License-Identifier: Apache-2.0
//! Tests of `logger`: what core sends arrives typed, through the wire, and a full queue never waits.

use proptest::prelude::*;

use super::*;
use crate::double::{DoubleOptions, ManagerDouble};
use crate::transport::socket_for_test;
use crate::{Extension, ExtensionInfo, ExtensionOptions};

const LONG: Duration = Duration::from_secs(20);

fn row(entries: &[(&str, &str)]) -> Row {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn queue(limits: LogQueueLimits) -> (Arc<LogQueue>, LoggerPlugin<LogQueue>) {
    let queue = LogQueue::new("second", LoggerFeatures::EVENT, limits);
    (Arc::clone(&queue), LoggerPlugin::new(queue))
}

#[test]
fn what_core_logs_arrives_through_the_wire() {
    let folder = tempfile::tempdir().unwrap();
    let socket = socket_for_test(&folder, "em");
    let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
    let (queue, plugin) = queue(LogQueueLimits::CORE);
    let options = ExtensionOptions::new(&socket, ExtensionInfo::new("logs", "1"));
    let extension =
        Extension::start(options, Vec::new(), vec![Arc::new(plugin)], Arc::new(|_| {})).unwrap();
    let uuid = extension.wait_registered(LONG).unwrap().uuid;
    let call = |request: &[(&str, &str)]| {
        double.call(uuid, "logger", "second", &row(request)).unwrap().status
    };
    let status =
        r#"[{"s":1,"f":"a.cpp","i":7,"m":"careful","h":"host","c":"now","u":5},{"m":"x"}]"#;
    assert!(call(&[("init", "osqueryd"), ("log", "[]")]).is_ok());
    assert_eq!(call(&[("action", "features")]).code, 2, "the event bit");
    assert!(call(&[("string", r#"{"name":"q"}"#), ("category", "event")]).is_ok());
    assert!(call(&[("string", "bare")]).is_ok());
    assert!(call(&[("snapshot", "[]")]).is_ok());
    assert!(call(&[("event", r#"{"eid":"1"}"#)]).is_ok());
    assert!(call(&[("status", "true"), ("log", status)]).is_ok());
    assert_eq!(call(&[("action", "nosuch")]).message, "unsupported call to a logger");
    let careful = StatusLine {
        severity: 1,
        file: "a.cpp".to_owned(),
        line: 7,
        message: "careful".to_owned(),
        host: "host".to_owned(),
        calendar_time: "now".to_owned(),
        unix_time: 5,
    };
    let other = StatusLine { message: "x".to_owned(), ..StatusLine::default() };
    let result = |line: &str, category: &str| LogEntry::Result {
        line: line.to_owned(),
        category: category.to_owned(),
    };
    let expected = [
        LogEntry::Init { process: "osqueryd".to_owned(), lines: Vec::new() },
        result(r#"{"name":"q"}"#, "event"),
        result("bare", ""),
        LogEntry::Snapshot("[]".to_owned()),
        LogEntry::Event(r#"{"eid":"1"}"#.to_owned()),
        LogEntry::Status(vec![careful, other]),
    ];
    assert_eq!(queue.take(LONG), expected);
    assert_eq!(queue.take(Duration::ZERO), []);
    assert_eq!(extension.counters().failed, 1);
}

#[test]
fn a_full_queue_says_so_at_once_and_counts() {
    let (queue, plugin) = queue(LogQueueLimits { entries_max: 2, bytes_max: 10 });
    let log = |line: &str| plugin.call(&row(&[("string", line)])).status.message;
    assert_eq!(log("12345678901"), "the log queue is full");
    assert_eq!([log("1234567890"), log(""), log("")], ["OK", "OK", "the log queue is full"]);
    assert_eq!(queue.take(LONG).len(), 2);
    assert_eq!([log("123456"), log("123456")], ["OK", "the log queue is full"]);
    let counters = LogQueueCounters { taken: 3, dropped: 3, bytes_peak: 10 };
    assert_eq!(queue.counters(), counters);
}

#[test]
fn an_owner_that_waits_is_woken() {
    let (queue, plugin) = queue(LogQueueLimits::CORE);
    let waiting = std::thread::spawn(move || queue.take(LONG));
    plugin.call(&row(&[("event", "x")]));
    assert_eq!(waiting.join().unwrap(), [LogEntry::Event("x".to_owned())]);
}

#[test]
fn all_features_are_no_failure() {
    let both = LoggerFeatures::STATUS | LoggerFeatures::EVENT;
    let plugin = LoggerPlugin::new(LogQueue::new("l", both, LogQueueLimits::CORE));
    assert_eq!(plugin.call(&row(&[("action", "features")])).status.code, 3);
    assert_eq!((plugin.registry(), plugin.name(), plugin.routes().len()), ("logger", "l", 0));
}

proptest! {
    #[test]
    fn no_status_lines_make_it_panic(text in ".*") {
        let (_queue, plugin) = queue(LogQueueLimits::CORE);
        let status = plugin.call(&row(&[("status", "true"), ("log", &text)])).status;
        prop_assert!(status.is_ok());
    }
}
