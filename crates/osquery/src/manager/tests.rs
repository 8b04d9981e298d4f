// SPDX-License-Identifier: Apache-2.0
//! Tests of `manager`: the same bytes as the recorded client, and trouble on the line.

use std::io::{Read, Write};
use std::thread;

use super::*;
use crate::double::{DoubleOptions, ManagerDouble};
use crate::recording::{Exchange, Tree, exchanges, message};
use crate::transport::{Accepted, Listener, socket_for_test, waker};
use crate::wire::Head;

/// Plays core: answers each request with the recorded reply, and gives what was asked.
fn play(exchange: &Exchange, ask: impl FnOnce(&mut Manager)) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "em");
    let listener = Listener::bind(&path).unwrap();
    thread::scope(|scope| {
        let core = scope.spawn(|| {
            let mut stream = accept(&listener);
            let mut request = vec![0; exchange.request.len()];
            stream.read_exact(&mut request).unwrap();
            stream.write_all(&exchange.reply).unwrap();
            request
        });
        ask(&mut Manager::new(&path, ManagerOptions::CORE));
        core.join().unwrap()
    })
}

fn accept(listener: &Listener) -> Stream {
    let (_waker, wake) = waker().unwrap();
    loop {
        if let Accepted::Stream(stream) = listener.accept(&wake).unwrap() {
            return stream;
        }
    }
}

fn argument(body: &Tree, id: i16) -> String {
    match body {
        Tree::Struct(fields) => match fields.get(&id) {
            Some(Tree::Text(text)) => text.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Asks through our client what the recorded client asked.
fn ask_again(manager: &mut Manager, head: &Head, body: &Tree, request: &[u8]) {
    let outcome = match head.method.as_str() {
        "ping" => manager.ping().map(drop),
        "extensions" => manager.extensions().map(|known| assert_eq!(known.len(), 1)),
        "options" => manager.options().map(|options| {
            assert_eq!((options.len(), options["events_max"].value.as_str()), (213, "50000"));
            assert_eq!(options["custom_wire_flag"].value, "10");
        }),
        "query" => manager.query(&argument(body, 1)).map(drop),
        "getQueryColumns" => manager.query_columns(&argument(body, 1)).map(|columns| {
            let columns: Vec<_> =
                columns.iter().map(|(name, ty)| (name.as_str(), ty.as_str())).collect();
            assert_eq!(columns, [("time", "BIGINT"), ("pid", "INTEGER")]);
        }),
        "call" => {
            let call = read_arguments(request, CallArguments::read);
            manager.call(&call.registry, &call.item, &call.request).map(drop)
        }
        "registerExtension" => {
            let (info, registry) = read_arguments(request, crate::double::read_registration);
            manager.register(&info, &registry).map(drop)
        }
        other => panic!("{other} is not in the recording"),
    };
    let refused = matches!(outcome, Err(ManagerError::Refused(_)));
    assert!(outcome.is_ok() || refused, "{outcome:?}");
}

fn read_arguments<T>(request: &[u8], read: impl Fn(&mut Reader<'_>) -> Result<T, WireError>) -> T {
    let mut source = request;
    let mut reader = Reader::new(&mut source, Limits::REQUEST);
    reader.head().unwrap();
    read(&mut reader).unwrap()
}

#[test]
fn requests_equal_the_recorded_ones() {
    let Some(exchanges) = exchanges(false) else { return };
    let mut methods = std::collections::BTreeMap::<String, usize>::new();
    let mut equal = 0;
    for exchange in &exchanges {
        let (head, body) = message(&exchange.request).unwrap();
        let sent = play(exchange, |manager| ask_again(manager, &head, &body, &exchange.request));
        assert_eq!(message(&sent).unwrap(), (head.clone(), body), "{}", exchange.file);
        // Entries of a map have no order: ours are sorted, the recorded ones as Python had them.
        let has_maps = ["call", "registerExtension"].contains(&head.method.as_str());
        assert!(has_maps || sent == exchange.request, "{}: {}", exchange.file, head.method);
        assert_eq!(sent.len(), exchange.request.len(), "{}", exchange.file);
        equal += usize::from(sent == exchange.request);
        *methods.entry(head.method).or_default() += 1;
    }
    assert!(equal > 390, "{equal} of {} to the byte", exchanges.len());
    let found: Vec<_> = methods.keys().map(String::as_str).collect();
    let expected =
        ["call", "extensions", "getQueryColumns", "options", "ping", "query", "registerExtension"];
    assert_eq!(found, expected);
}

#[test]
fn recorded_refusals_carry_cores_words() {
    let Some(exchanges) = exchanges(false) else { return };
    let mut words = std::collections::BTreeSet::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.file == "daemon.jsonl") {
        let (head, _) = message(&exchange.request).unwrap();
        if head.method == "registerExtension" {
            play(exchange, |manager| {
                let (info, registry) =
                    read_arguments(&exchange.request, crate::double::read_registration);
                words.extend(
                    manager.register(&info, &registry).err().map(|error| error.to_string()),
                );
            });
        }
    }
    let conflict = "Failed adding registry: Registry item processes conflicts with another item of the same name.";
    assert_eq!(words.into_iter().collect::<Vec<_>>(), ["Duplicate extension registered", conflict]);
}

fn double() -> (tempfile::TempDir, ManagerDouble, Manager) {
    let folder = tempfile::tempdir().unwrap();
    let double =
        ManagerDouble::start(&socket_for_test(&folder, "em"), DoubleOptions::QUICK).unwrap();
    let manager = Manager::new(double.socket(), ManagerOptions::CORE);
    (folder, double, manager)
}

#[test]
fn one_connection_serves_many_requests_and_is_renewed_when_dead() {
    let (_folder, mut double, mut manager) = double();
    assert_eq!(manager.ping().unwrap().message, "pong");
    assert_eq!(manager.options().unwrap()["events_max"].value, "50000");
    assert!(matches!(manager.query("nonsense"), Err(ManagerError::Refused(_))));
    double.restart().unwrap();
    assert_eq!(manager.ping().unwrap().message, "pong");
    double.kill();
    assert!(manager.ping().is_err());
    assert!(matches!(manager.ping(), Err(ManagerError::Connect { .. })));
    double.restart().unwrap();
    assert!(manager.ping().is_ok());
}

#[test]
fn a_call_after_a_restart_uses_a_new_connection() {
    let (_folder, mut double, mut manager) = double();
    manager.ping().unwrap();
    double.restart().unwrap();
    // A `call` is never sent twice, so the dead connection must be seen before.
    assert!(
        manager
            .call("logger", "", &Row::from([("string".to_owned(), "{}".to_owned())]))
            .unwrap()
            .status
            .is_ok()
    );
    assert_eq!(double.logged().len(), 1);
}

#[test]
fn query_columns_and_log_lines_cross_the_wire() {
    let (_folder, double, mut manager) = double();
    let columns = [("pid", "BIGINT"), ("name", "TEXT"), ("pid", "INTEGER")];
    double.set_answer_columns("select", &columns);
    let expected = columns.map(|(name, ty)| (name.to_owned(), ty.to_owned()));
    assert_eq!(manager.query_columns("select").unwrap(), expected, "in order, twins kept");
    assert!(manager.query_columns("nonsense").unwrap_err().is_refusal());
    let line = "{\"name\":\"é \u{1f980}\"}";
    manager.log_string(line).unwrap();
    assert_eq!(double.logged(), [Row::from([("string".to_owned(), line.to_owned())])]);
}

#[test]
fn a_method_that_core_does_not_know_is_said_and_the_connection_lives() {
    let (_folder, _double, mut manager) = double();
    let error = manager.shutdown().unwrap_err();
    assert_eq!(error.to_string(), "failed to call shutdown: Invalid method name: 'shutdown'");
    assert!(manager.connection.is_some());
}

#[test]
fn a_silent_core_times_out_and_an_interrupt_ends_the_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "em");
    let _listener = Listener::bind(&path).unwrap();
    let options =
        ManagerOptions { reply_timeout: Duration::from_millis(20), ..ManagerOptions::CORE };
    let error = Manager::new(&path, options).ping().unwrap_err();
    assert!(matches!(error, ManagerError::Wire { source: WireError::TimedOut, .. }), "{error:?}");

    let path = socket_for_test(&folder, "other");
    let listener = Listener::bind(&path).unwrap();
    let mut manager = Manager::new(&path, ManagerOptions::CORE);
    let interrupt = manager.interrupt_handle();
    let asking = thread::spawn(move || (manager.ping(), manager.ping()));
    let mut stream = accept(&listener);
    stream.read_exact(&mut [0; 17]).unwrap();
    interrupt.interrupt();
    let (first, second) = asking.join().unwrap();
    assert!(matches!(
        (first, second),
        (Err(ManagerError::Interrupted), Err(ManagerError::Interrupted))
    ));
}

#[test]
fn an_answer_to_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "em");
    let listener = Listener::bind(&path).unwrap();
    let core = thread::spawn(move || {
        let mut stream = accept(&listener);
        stream.read_exact(&mut [0; 17]).unwrap();
        stream.write_all(&crate::message::reply_void("pong", 0)).unwrap();
    });
    let mut manager = Manager::new(&path, ManagerOptions::CORE);
    assert!(matches!(manager.ping(), Err(ManagerError::Mismatch { .. })));
    core.join().unwrap();
}
