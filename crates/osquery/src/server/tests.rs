// SPDX-License-Identifier: Apache-2.0
//! Tests of `server`: many connections, bad ones, and the end.

use std::io::{Read, Write};
use std::sync::Barrier;
use std::sync::atomic::AtomicUsize;

use proptest::prelude::*;

use super::*;
use crate::manager::{Manager, ManagerError, ManagerOptions};
use crate::message::{Response, Row};
use crate::probe::Probe;
use crate::service::{ExtensionService, Items, TableItem};
use crate::table::{Table, TableError};
use crate::transport::{connect, exists_for_test, socket_for_test};
use crate::wire::{Taken, Type, Writer};

struct Fixture {
    server: Server,
    counters: Arc<Counters>,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Fixture {
    fn start(tables: Vec<Arc<dyn Table>>, limits: ServerLimits) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let path = socket_for_test(&folder, "em.1");
        let counters = Arc::<Counters>::default();
        let named =
            |table: Arc<dyn Table>| (table.name().to_owned(), Arc::new(TableItem::new(table)));
        let service = Arc::new(ExtensionService {
            items: Items { tables: tables.into_iter().map(named).collect(), plugins: Vec::new() },
            limits,
            counters: Arc::clone(&counters),
            running: AtomicUsize::new(0),
            on_shutdown: Arc::new(|| {}),
        });
        let server = Server::start(&path, service, limits, Arc::clone(&counters)).unwrap();
        Fixture { server, counters, path, _folder: folder }
    }

    fn client(&self) -> Manager {
        Manager::new(&self.path, ManagerOptions::CORE)
    }

    fn connect(&self) -> Stream {
        connect(&self.path, Duration::from_secs(5)).unwrap()
    }

    fn wait(&self, what: &str, mut done: impl FnMut(&Fixture) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !done(self) {
            assert!(Instant::now() < deadline, "{what}");
            thread::yield_now();
        }
    }
}

fn generate(client: &mut Manager, table: &str) -> Result<Response, ManagerError> {
    client.call("table", table, &Row::from([("action".to_owned(), "generate".to_owned())]))
}

#[test]
fn a_table_learns_whether_its_reply_was_sent() {
    let told = Arc::<Mutex<Vec<bool>>>::default();
    let table = |count: usize, fails: bool| {
        let told = Arc::clone(&told);
        Probe::answering("told", move |_, rows| {
            let told = Arc::clone(&told);
            rows.on_sent(move |sent| told.lock().unwrap().push(sent));
            for _ in 0..count {
                rows.begin_row();
                rows.text(2, &"x".repeat(1_000));
                rows.end_row()?;
            }
            if fails { Err(TableError::new("no")) } else { Ok(()) }
        })
    };
    let outcome = |fixture: &Fixture| {
        fixture.wait("nobody was told", |_| !told.lock().unwrap().is_empty());
        std::mem::take(&mut *told.lock().unwrap())
    };
    let fixture = Fixture::start(vec![table(3, false)], ServerLimits::CORE);
    assert!(generate(&mut fixture.client(), "told").unwrap().status.is_ok());
    assert_eq!(outcome(&fixture), [true]);
    let fixture = Fixture::start(vec![table(3, true)], ServerLimits::CORE);
    assert!(!generate(&mut fixture.client(), "told").unwrap().status.is_ok());
    assert_eq!(outcome(&fixture), [false], "the call failed");
    let small = ServerLimits { reply_bytes_max: 2_000, ..ServerLimits::CORE };
    let fixture = Fixture::start(vec![table(3, false)], small);
    assert!(!generate(&mut fixture.client(), "told").unwrap().status.is_ok());
    assert_eq!(outcome(&fixture), [false], "over the bound");
    // Larger than the socket's buffers, and a peer that leaves without reading.
    let fixture = Fixture::start(vec![table(20_000, false)], ServerLimits::CORE);
    drop(asking(&fixture, "told"));
    assert_eq!(outcome(&fixture), [false], "the peer left");
}

/// A connection that has asked a table and does not read the answer.
fn asking(fixture: &Fixture, table: &str) -> Stream {
    let mut stream = fixture.connect();
    let mut request = Writer::message("call", Kind::Call, 0);
    let action = Row::from([("action".to_owned(), "generate".to_owned())]);
    crate::message::CallArguments::write(&mut request, "table", table, &action);
    stream.write_all(&request.into_bytes()).unwrap();
    stream
}

/// A flag that tests set and tables wait for.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let _open = self.changed.wait_while(self.open.lock().unwrap(), |open| !*open).unwrap();
    }
}

const CALLS: usize = 200;

#[test]
fn two_hundred_calls_run_at_once_and_ping_does_not_wait() {
    let all_in = Arc::new(Barrier::new(CALLS + 1));
    let gate = Arc::new(Gate::default());
    let table = Probe::answering("slow", {
        let (all_in, gate) = (Arc::clone(&all_in), Arc::clone(&gate));
        move |query, rows| {
            all_in.wait();
            gate.wait();
            crate::probe::five_rows(query, rows)
        }
    });
    let fixture = Fixture::start(vec![table], ServerLimits::CORE);
    thread::scope(|scope| {
        for _ in 0..CALLS {
            scope.spawn(|| {
                fixture.client().ping().unwrap();
                assert_eq!(generate(&mut fixture.client(), "slow").unwrap().rows.len(), 5);
            });
        }
        all_in.wait();
        assert!(fixture.client().ping().unwrap().is_ok());
        gate.open();
    });
    fixture.wait("all threads end", |fixture| fixture.server.connections() == 0);
    let counters = fixture.counters.read();
    assert_eq!((counters.calls, counters.rows, counters.failed), (200, 1000, 0));
    assert_eq!(
        (counters.refused, counters.evicted, counters.malformed, counters.timed_out),
        (0, 0, 0, 0)
    );
}

#[test]
fn half_open_connections_give_way() {
    let limits = ServerLimits { connections_max: 4, ..ServerLimits::CORE };
    let fixture = Fixture::start(Probe::recorded(), limits);
    let mut half_open = Vec::new();
    for _ in 0..20 {
        let mut stream = fixture.connect();
        stream.write_all(&[0x80, 0x01]).unwrap();
        half_open.push(stream);
        fixture.client().ping().unwrap();
    }
    assert!(fixture.counters.read().evicted >= 16);
    assert!(fixture.server.connections() <= 4);
}

#[test]
fn connections_that_are_being_answered_do_not_give_way() {
    let gate = Arc::new(Gate::default());
    let entered = Arc::new(Barrier::new(3));
    let table = Probe::answering("slow", {
        let (gate, entered) = (Arc::clone(&gate), Arc::clone(&entered));
        move |_, _| {
            entered.wait();
            gate.wait();
            Ok(())
        }
    });
    let fixture =
        Fixture::start(vec![table], ServerLimits { connections_max: 2, ..ServerLimits::CORE });
    thread::scope(|scope| {
        let calls = [0; 2].map(|_| scope.spawn(|| generate(&mut fixture.client(), "slow")));
        entered.wait();
        assert!(fixture.client().ping().is_err(), "no room");
        gate.open();
        assert!(calls.into_iter().all(|call| call.join().unwrap().is_ok()));
    });
    assert_eq!(fixture.counters.read().refused, 1);
}

#[test]
fn slow_and_silent_peers_are_given_up() {
    let short = Duration::from_millis(30);
    let limits = ServerLimits { idle_timeout: short, request_timeout: short, ..ServerLimits::CORE };
    let fixture = Fixture::start(Vec::new(), limits);
    let silent = fixture.connect();
    let mut slow = fixture.connect();
    slow.write_all(&[0x80, 0x01, 0x00]).unwrap();
    fixture.wait("both time out", |fixture| fixture.counters.read().timed_out == 2);
    drop((silent, slow));
    fixture.client().ping().unwrap();
}

#[test]
fn a_peer_that_takes_no_bytes_is_given_up() {
    let big = Probe::answering("big", |_, rows| {
        for _ in 0..10_000 {
            rows.begin_row();
            rows.text(2, &"x".repeat(1000));
            rows.end_row()?;
        }
        Ok(())
    });
    let limits = ServerLimits { write_timeout: Duration::from_millis(30), ..ServerLimits::CORE };
    let fixture = Fixture::start(vec![big], limits);
    let _stream = asking(&fixture, "big");
    fixture.wait("it times out", |fixture| fixture.counters.read().timed_out == 1);
    assert_eq!(generate(&mut fixture.client(), "big").unwrap().rows.len(), 10_000);
}

#[test]
fn a_peer_that_takes_byte_by_byte_is_given_up() {
    let big = Probe::answering("big", |_, rows| {
        for _ in 0..50_000 {
            rows.begin_row();
            rows.text(2, &"x".repeat(1000));
            rows.end_row()?;
        }
        Ok(())
    });
    let limits = ServerLimits { reply_timeout: Duration::from_millis(50), ..ServerLimits::CORE };
    let fixture = Fixture::start(vec![big], limits);
    let mut slow = asking(&fixture, "big");
    // It always takes something, so no single write fails.
    fixture.wait("it takes too long", |fixture| {
        slow.read(&mut [0; 1]).unwrap() == 0 || fixture.counters.read().timed_out == 1
    });
    fixture.wait("it is counted", |fixture| fixture.counters.read().timed_out == 1);
    assert!(fixture.client().ping().unwrap().is_ok());
}

#[test]
fn a_false_length_closes_the_connection() {
    let fixture = Fixture::start(Vec::new(), ServerLimits::CORE);
    let mut request = Writer::message("call", Kind::Call, 0);
    request.field(Type::Text, 1);
    request.i32(i32::MAX);
    let mut stream = fixture.connect();
    stream.write_all(&request.into_bytes()).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
    assert_eq!(fixture.counters.read().malformed, 1);
}

#[test]
fn replies_and_unknown_kinds_close_the_connection() {
    let fixture = Fixture::start(Vec::new(), ServerLimits::CORE);
    let mut stream = fixture.connect();
    stream.write_all(&Writer::message("ping", Kind::Reply, 0).into_bytes()).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
}

#[test]
fn one_connection_may_send_many_requests_at_once_and_some_oneway() {
    let fixture = Fixture::start(Vec::new(), ServerLimits::CORE);
    let request = |method, kind, sequence| {
        let mut writer = Writer::message(method, kind, sequence);
        writer.stop();
        writer.into_bytes()
    };
    let requests = [
        request("ping", Kind::Oneway, 1),
        request("nosuch", Kind::Call, 2),
        request("ping", Kind::Call, 3),
        request("shutdown", Kind::Call, 4),
    ];
    let mut stream = fixture.connect();
    stream.write_all(&requests.concat()).unwrap();
    let mut reader = Reader::new(&mut stream, Limits::REPLY);
    for (method, kind, sequence) in
        [("nosuch", Kind::Exception, 2), ("ping", Kind::Reply, 3), ("shutdown", Kind::Reply, 4)]
    {
        assert_eq!(reader.head().unwrap(), Head { method: method.to_owned(), kind, sequence });
        reader.fields(|_, _, _| Ok(Taken::No)).unwrap();
    }
    assert_eq!(fixture.counters.read().pings, 2);
}

#[test]
fn stop_closes_everything_at_once() {
    let entered = Arc::new(Barrier::new(2));
    let table = Probe::answering("patient", {
        let entered = Arc::clone(&entered);
        move |query, _| {
            entered.wait();
            while !query.is_cancelled() {
                thread::yield_now();
            }
            Err(TableError::new("cancelled"))
        }
    });
    let mut fixture = Fixture::start(vec![table], ServerLimits::CORE);
    let half_open = fixture.connect();
    let path = fixture.path.clone();
    let call =
        thread::spawn(move || generate(&mut Manager::new(&path, ManagerOptions::CORE), "patient"));
    entered.wait();
    let start = Instant::now();
    fixture.server.stop();
    assert!(start.elapsed() < Duration::from_millis(100), "{:?}", start.elapsed());
    // The table may be quick enough to say why.
    assert!(
        call.join().unwrap().map_or(true, |response| response == Response::failed("cancelled"))
    );
    assert!(!exists_for_test(&fixture.path));
    assert!(connect(&fixture.path, Duration::ZERO).is_err());
    assert_eq!((&half_open).read(&mut [0; 1]).unwrap(), 0);
    assert_eq!(fixture.counters.read().left_running, 0);
}

#[test]
fn stop_does_not_wait_for_a_table_that_hangs() {
    let gate = Arc::new(Gate::default());
    let entered = Arc::new(Barrier::new(2));
    let table = Probe::answering("hanging", {
        let (gate, entered) = (Arc::clone(&gate), Arc::clone(&entered));
        move |_, _| {
            entered.wait();
            gate.wait();
            Ok(())
        }
    });
    let mut fixture = Fixture::start(vec![table], ServerLimits::CORE);
    let path = fixture.path.clone();
    let call =
        thread::spawn(move || generate(&mut Manager::new(&path, ManagerOptions::CORE), "hanging"));
    entered.wait();
    let start = Instant::now();
    fixture.server.stop();
    assert!(start.elapsed() < Duration::from_millis(150), "{:?}", start.elapsed());
    assert_eq!(fixture.counters.read().left_running, 1);
    gate.open();
    assert!(call.join().unwrap().is_err());
}

#[test]
fn garbage_harms_nobody() {
    let fixture = Fixture::start(Probe::recorded(), ServerLimits::CORE);
    proptest!(ProptestConfig::with_cases(200), |(bytes in proptest::collection::vec(any::<u8>(), 0..200), strict in any::<bool>())| {
        let mut stream = fixture.connect();
        if strict {
            stream.write_all(&Writer::message("call", Kind::Call, 0).into_bytes()).unwrap();
        }
        // The server may close before all is written.
        let _ = stream.write_all(&bytes);
        prop_assert!(fixture.client().ping().unwrap().is_ok());
    });
    assert_eq!(generate(&mut fixture.client(), "probe").unwrap().rows.len(), 5);
    assert!(fixture.counters.read().malformed > 50);
}
