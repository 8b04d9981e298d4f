// SPDX-License-Identifier: Apache-2.0
//! The live path over tracing of our own: events of a trace, losses, ends, and a system without tracing.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;
use crate::decode::{DecodeSettings, Decoder};
use crate::etl::EtlReader;
use crate::fields::classes;
use crate::frame::tests::frame;
use crate::providers::PROVIDERS;
use crate::raw::{
    EventClass, Extended, Fetched, PointerSize, RawEventSink as _, RawEventSource as _,
};
use crate::recording::{Machine, describe};
use arrow_array::RecordBatch;
use evtables_schema::{CellReader, EventBatch};
use evtables_sdk::{HookState, HookStatus, Outcome, Publisher as _, emitter};
use evtables_tls::samples::{client_hello, server_flight};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Nothing here takes so long.
const WAIT: Duration = Duration::from_secs(60);

pub(crate) fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + WAIT;
    while !done() {
        assert!(Instant::now() < until, "{what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

pub(crate) fn machine() -> Machine {
    Machine {
        host_name: "HOST".to_owned(),
        boot_ns: 1_700_000_000_000_000_000,
        pointer_size: PointerSize::Eight,
        windows_directory: "C:\\Windows\\".to_owned(),
        volumes: vec![("\\Device\\HarddiskVolume4\\".to_owned(), "C:\\".to_owned())],
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// The load of an image by `pid`.
pub(crate) fn image_load(pid: u32, number: u64) -> (u32, i64, Vec<u8>) {
    let path = wide(&format!("\\Device\\HarddiskVolume4\\Windows\\{number}.dll"));
    let numbers = [0x1000 * (number + 1), 0x1000].map(u64::to_le_bytes).concat();
    let payload = [&numbers[..], &pid.to_le_bytes(), &[0; 16], &path].concat();
    (pid, 1_700_000_100_000_000_000 + number as i64 * 1_000, payload)
}

pub(crate) fn event((pid, time_ns, payload): &(u32, i64, Vec<u8>)) -> RawEvent<'_> {
    RawEvent {
        class: EventClass::Manifest,
        provider: classes::KERNEL_PROCESS,
        id: 5,
        version: 0,
        opcode: 0,
        task: 5,
        level: 4,
        keyword: 0x40,
        pid: Some(*pid),
        tid: Some(1),
        time_ns: *time_ns,
        processor: 0,
        pointer_size: PointerSize::Eight,
        activity: None,
        extended: Extended::default(),
        payload,
    }
}

/// Rows of each table as text, in their order.
pub(crate) fn shown(batches: &[EventBatch]) -> BTreeMap<&'static str, Vec<String>> {
    let mut rows: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for batch in batches {
        let there = || (0..batch.table.columns.len()).filter(|at| batch.column(*at).is_some());
        let columns =
            there().map(|at| (batch.table.columns[at].name, batch.column(at).unwrap().clone()));
        let record = RecordBatch::try_from_iter(columns).unwrap();
        for row in 0..batch.rows {
            let mut text = String::new();
            for at in there() {
                let (column, mut scratch) = (&batch.table.columns[at], String::new());
                let reader = CellReader::new(batch.table, column, &record);
                text.push_str(&format!("{}={:?} ", column.name, reader.cell(row, &mut scratch)));
            }
            rows.entry(batch.table.name).or_default().push(text);
        }
    }
    rows
}

/// Tracing that delivers what it is given to the session of processes.
#[derive(Default)]
struct Told {
    events: Vec<(u32, i64, Vec<u8>)>,
    losses: Mutex<SessionLosses>,
    fails: Option<u32>,
    /// Why the session that lists open files cannot be.
    no_names: Option<u32>,
    /// Sessions that end by themselves when their events are delivered.
    ends: AtomicBool,
    running: Mutex<Vec<Session>>,
    stopped: Condvar,
    started: AtomicU64,
    /// Starts of the session that lists open files.
    listed: AtomicU64,
    delivered: AtomicBool,
    /// Files that are open: key and kernel path.
    open_files: Vec<(u64, &'static str)>,
    /// Events of the other sessions: provider, id, payload; the session is that of the provider.
    others: Vec<(crate::Guid, u16, Vec<u8>)>,
    others_delivered: AtomicBool,
    base: (u32, i64, Vec<u8>),
    buffers: Mutex<Vec<(Session, crate::providers::SessionBuffers)>>,
    enabled: Mutex<Vec<&'static str>>,
}

impl Tracing for Told {
    fn start(
        &self,
        session: Session,
        buffers: crate::providers::SessionBuffers,
    ) -> Result<Started, TraceError> {
        self.buffers.lock().unwrap().push((session, buffers));
        if let Some(code) = self.fails {
            return Err(TraceError { call: "StartTrace", code });
        }
        if let (Session::FileNames, Some(code)) = (session, self.no_names) {
            return Err(TraceError { call: "StartTrace", code });
        }
        let starts = if session == Session::FileNames { &self.listed } else { &self.started };
        starts.fetch_add(1, Ordering::SeqCst);
        self.running.lock().unwrap().push(session);
        Ok(Started { handle: 1, without_kernel: None })
    }

    fn stop(&self, session: Session) -> Result<(), TraceError> {
        self.running.lock().unwrap().retain(|running| *running != session);
        self.stopped.notify_all();
        Ok(())
    }

    fn enable(&self, _started: Started, provider: &Provider) -> Result<(), TraceError> {
        self.enabled.lock().unwrap().push(provider.name);
        match provider.name {
            "Microsoft-Windows-WebIO" => Err(TraceError { call: "EnableTraceEx2", code: 87 }),
            _ => Ok(()),
        }
    }

    fn losses(&self, session: Session) -> Result<SessionLosses, TraceError> {
        Ok(if session == Session::Process { *self.losses.lock().unwrap() } else { <_>::default() })
    }

    fn process(&self, session: Session, receiver: &mut dyn Receiver) -> Result<(), TraceError> {
        receiver.opened();
        if session == Session::Process {
            for told in &self.events {
                receiver.event(&event(told));
            }
            self.delivered.store(true, Ordering::SeqCst);
            if self.ends.load(Ordering::SeqCst) {
                return Ok(());
            }
        }
        let is_of = |guid: crate::Guid| {
            PROVIDERS.iter().any(|provider| provider.guid == guid && provider.session == session)
        };
        let base = event(&self.base);
        for (provider, id, payload) in self.others.iter().filter(|(guid, ..)| is_of(*guid)) {
            receiver.event(&RawEvent { provider: *provider, id: *id, version: 1, payload, ..base });
        }
        if session == Session::FileRegistry {
            self.others_delivered.store(true, Ordering::SeqCst);
        }
        let running = self.running.lock().unwrap();
        drop(self.stopped.wait_while(running, |running| running.contains(&session)).unwrap());
        if session == Session::FileNames {
            // As the kernel does: at the end, in its own class.
            for (key, path) in &self.open_files {
                let payload = [&key.to_le_bytes()[..], &wide(path)].concat();
                let (class, base) = (EventClass::Classic, event(&self.base));
                let (provider, id) = (classes::FILE_IO, 36);
                receiver.event(&RawEvent { class, provider, id, payload: &payload, ..base });
                // What else the group tells is left alone.
                receiver.event(&RawEvent { class, provider, id: 67, payload: &payload, ..base });
            }
        }
        Ok(())
    }
}

fn options(own_pid: Option<u32>) -> WindowsOptions {
    WindowsOptions {
        own_pid,
        quiet: None,
        files: None,
        modules: None,
        ..WindowsOptions::new(machine())
    }
}

/// Hooks but those of frames, which nobody gets who did not ask.
pub(crate) fn asked(publisher: &WindowsPublisher) -> Vec<HookStatus> {
    let mut hooks = publisher.hooks();
    let capture = |hook: &HookStatus| {
        PROVIDERS.iter().any(|provider| provider.is_capture() && provider.name == hook.hook)
    };
    for hook in hooks.extract_if(.., |hook| capture(hook)) {
        assert_eq!(hook.state, HookState::Off);
        assert!(hook.reason.unwrap().contains("evtables.sources.windows.packets"));
    }
    hooks
}

fn count(publisher: &WindowsPublisher, table: &str, outcome: Outcome, reason: &str) -> u64 {
    let lines = publisher.ledger();
    let own = lines.iter().filter(|line| line.table.name == table && line.outcome == outcome);
    own.filter(|line| line.reason == reason).map(|line| line.count).sum()
}

#[test]
fn live_rows_are_those_of_the_same_trace() {
    let events: Vec<_> = (0..5_000).map(|n| image_load(40 + (n % 3) as u32, n)).collect();
    let mut decoder = Decoder::new(&DecodeSettings {
        host_name: Some(machine().host_name),
        boot_ns: Some(machine().boot_ns),
    });
    describe(&machine(), i64::MIN, &mut |event| {
        decoder.event(event);
        Ok::<(), ()>(())
    })
    .unwrap();
    events.iter().filter(|(pid, ..)| *pid != 42).for_each(|told| decoder.event(&event(told)));
    let mut expected = Vec::new();
    decoder.finish(&mut expected);
    let tracing = Arc::new(Told { events, ..Told::default() });
    let mut publisher =
        WindowsPublisher::new(Arc::clone(&tracing) as Arc<dyn Tracing>, options(Some(42)));
    let (emitter, bus) = emitter(1_000);
    publisher.start(emitter).unwrap();
    let images = "win_image_load_events";
    wait("events stay away", || tracing.delivered.load(Ordering::SeqCst));
    let providers = PROVIDERS.iter().filter(|provider| !provider.is_capture()).count();
    wait("a session stays away", || tracing.enabled.lock().unwrap().len() == providers);
    publisher.stop();
    let came: Vec<_> = bus.try_iter().collect();
    let rows = |batches: &[EventBatch]| shown(batches).remove(images).unwrap();
    assert_eq!(rows(&came), rows(&expected));
    assert_eq!(rows(&came).len() as u64, count(&publisher, images, Outcome::Seen, ""));
    assert_eq!(*tracing.running.lock().unwrap(), [], "no session is left behind");
}

#[test]
fn losses_and_ends_stand_in_the_ledger_of_every_table_that_may_have_had_them() {
    let tracing = Arc::new(Told::default());
    *tracing.losses.lock().unwrap() = SessionLosses { events: 7, buffers: 2 };
    tracing.ends.store(true, Ordering::SeqCst);
    let mut publisher =
        WindowsPublisher::new(Arc::clone(&tracing) as Arc<dyn Tracing>, options(None));
    let (emitter, _bus) = emitter(10);
    publisher.start(emitter).unwrap();
    wait("never started again", || tracing.started.load(Ordering::SeqCst) >= 4);
    tracing.ends.store(false, Ordering::SeqCst);
    let lost = |table, reason| count(&publisher, table, Outcome::Lost, reason);
    for table in ["win_process_events", "win_remote_thread_events", "win_process_open_events"] {
        assert!(lost(table, "session_ended") >= 1, "{table}");
        assert!(lost(table, "events_lost") >= 7 && lost(table, "events_lost") % 7 == 0);
        assert!(lost(table, "buffers_lost") >= 2);
        let lines = publisher.ledger();
        let all: u64 = lines
            .iter()
            .filter(|line| line.table.name == table && line.outcome == Outcome::Lost)
            .map(|line| line.count)
            .sum();
        assert!(count(&publisher, table, Outcome::Seen, "") >= all - 10, "seen has what is lost");
    }
    assert_eq!(lost("win_file_events", "events_lost"), 0, "another session");
    let process = || {
        let hooks = publisher.hooks();
        hooks.into_iter().find(|hook| hook.hook.ends_with("Kernel-Process")).unwrap()
    };
    wait("no hook", || process().state == HookState::Attached);
    let said = process().reason.unwrap();
    assert!(said.contains("evtables-process lost") && said.contains("buffers"), "{said}");
    assert!(said.contains("for all of win_") && said.contains("win_process_open_events"), "{said}");
    let hooks = publisher.hooks();
    let web = hooks.iter().find(|hook| hook.hook.ends_with("WebIO")).unwrap();
    assert_eq!((web.state, web.error), (HookState::Failed, Some(87)));
    publisher.stop();
    assert_eq!(*tracing.running.lock().unwrap(), []);
}

#[test]
fn without_tracing_it_starts_and_says_why_nothing_comes() {
    let tracing = Arc::new(Told { fails: Some(120), ..Told::default() });
    let mut publisher = WindowsPublisher::new(tracing, options(None));
    assert!(publisher.hooks().iter().all(|hook| hook.state == HookState::Off));
    let (emitter, bus) = emitter(10);
    publisher.start(emitter).unwrap();
    wait("never told", || asked(&publisher).iter().all(|hook| hook.state == HookState::Failed));
    for status in publisher.table_states() {
        let reason = status.reason.unwrap();
        assert!(reason.contains("event tracing is unavailable"), "{reason}");
        assert!(reason.contains("StartTrace: error 120"), "{reason}");
    }
    publisher.stop();
    assert!(bus.try_recv().is_err());
}

#[test]
fn a_recording_of_live_events_can_be_replayed() {
    let events: Vec<_> = (0..100).map(|n| image_load(40, n)).collect();
    let tracing = Arc::new(Told { events, ..Told::default() });
    let mut bytes = Vec::new();
    let done = || tracing.delivered.load(Ordering::SeqCst);
    let (counts, losses) =
        record(Arc::clone(&tracing) as Arc<dyn Tracing>, &machine(), None, &mut bytes, &done)
            .unwrap();
    assert_eq!((counts.recorded, losses.len()), (100, 0));
    let mut reader = EtlReader::open(std::io::Cursor::new(&bytes)).unwrap();
    let mut decoder = Decoder::new(&DecodeSettings::default());
    while reader.fetch(10, &mut decoder).unwrap() != Fetched::End {}
    assert_eq!(decoder.counts().rows, 100);
    let failing: Arc<dyn Tracing> = Arc::new(Told { fails: Some(5), ..Told::default() });
    let error = record(failing, &machine(), None, Vec::new(), &|| false).unwrap_err();
    assert!(error.to_string().contains("administrator"), "{error}");
}

/// Keys that are open; or nobody may list them.
#[derive(Debug)]
struct Listed(Vec<(u64, &'static str)>, Option<&'static str>);

impl OpenKeys for Listed {
    fn each(&self, f: &mut dyn FnMut(u64, &str)) -> Result<(), String> {
        self.0.iter().for_each(|(object, path)| f(*object, path));
        self.1.map_or(Ok(()), |error| Err(error.to_owned()))
    }
}

/// A write to the file of a key, a value set below an open key, and one below a key that is opened from it.
fn about_open_things() -> Vec<(crate::Guid, u16, Vec<u8>)> {
    let number = |number: u64| number.to_le_bytes().to_vec();
    let write = [number(0), number(1), number(0xa), number(0xaa), vec![0; 16]].concat();
    let set = |object| {
        [number(object), vec![0; 4], vec![4, 0, 0, 0, 0, 0, 0, 0], wide(""), wide("v"), vec![0; 12]]
            .concat()
    };
    let open = [number(0x20), number(0x21), vec![0; 8], wide(""), wide("below")].concat();
    vec![
        (classes::KERNEL_FILE, 16, write),
        (classes::KERNEL_REGISTRY, 5, set(0x20)),
        (classes::KERNEL_REGISTRY, 2, open),
        (classes::KERNEL_REGISTRY, 5, set(0x21)),
    ]
}

fn open_things() -> (Told, Listed) {
    let tracing = Told {
        open_files: vec![(0xaa, "\\Device\\HarddiskVolume4\\open.log")],
        others: about_open_things(),
        base: (500, 1_700_000_100_000_000_000, Vec::new()),
        ..Told::default()
    };
    (tracing, Listed(vec![(0x20, "\\REGISTRY\\MACHINE\\SOFTWARE\\old")], None))
}

fn assert_named(rows: &BTreeMap<&'static str, Vec<String>>) {
    let file = &rows["win_file_events"];
    assert_eq!(file.len(), 1, "{file:?}");
    assert!(file[0].contains("target_path=Text(\"C:\\\\open.log\")"), "{file:?}");
    let keys = &rows["win_registry_events"];
    assert_eq!(keys.len(), 2, "{keys:?}");
    for (row, key) in keys.iter().zip(["old\\\\v", "old\\\\below\\\\v"]) {
        assert!(
            row.contains(&format!("target_object=Text(\"HKLM\\\\SOFTWARE\\\\{key}\")")),
            "{row}"
        );
    }
    assert_eq!(rows.len(), 2, "what is there makes no row");
}

#[test]
fn what_is_open_at_the_start_has_its_name_and_makes_no_row() {
    let (tracing, keys) = open_things();
    let tracing = Arc::new(tracing);
    let options = WindowsOptions { keys: Some(Arc::new(keys)), ..options(None) };
    let mut publisher = WindowsPublisher::new(Arc::clone(&tracing) as Arc<dyn Tracing>, options);
    let (emitter, bus) = emitter(100);
    publisher.start(emitter).unwrap();
    let mut batches = Vec::new();
    wait("rows stay away", || {
        batches.extend(bus.try_iter());
        batches.iter().map(|batch: &EventBatch| batch.rows).sum::<usize>() >= 3
    });
    publisher.stop();
    batches.extend(bus.try_iter());
    assert_named(&shown(&batches));
    assert_eq!(*tracing.running.lock().unwrap(), [], "no session is left behind");
}

#[test]
fn a_recording_has_what_was_open_when_it_began() {
    let (tracing, keys) = open_things();
    let tracing = Arc::new(tracing);
    let mut bytes = Vec::new();
    // Asked before each fetch: once more than it takes to have listed what is open.
    let asked = AtomicU64::new(0);
    let done = || {
        tracing.others_delivered.load(Ordering::SeqCst)
            && tracing.listed.load(Ordering::SeqCst) >= 1
            && asked.fetch_add(1, Ordering::SeqCst) > 2
    };
    let tracing_too = Arc::clone(&tracing) as Arc<dyn Tracing>;
    let (counts, _) = record(tracing_too, &machine(), Some(&keys), &mut bytes, &done).unwrap();
    assert_eq!(counts.recorded, 2 + 4);
    let mut reader = EtlReader::open(std::io::Cursor::new(&bytes)).unwrap();
    let mut decoder = Decoder::new(&DecodeSettings::default());
    while reader.fetch(10, &mut decoder).unwrap() != Fetched::End {}
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    assert_named(&shown(&batches));
}

#[test]
fn why_open_things_have_no_names_stands_in_the_hooks() {
    let keys = Listed(Vec::new(), Some("the system hides them"));
    let tracing = Arc::new(Told { no_names: Some(1450), ..Told::default() });
    let options = WindowsOptions { keys: Some(Arc::new(keys)), ..options(None) };
    let mut publisher = WindowsPublisher::new(tracing, options);
    let (emitter, _bus) = emitter(10);
    publisher.start(emitter).unwrap();
    let reason = |hook: &str| {
        let hooks = publisher.hooks();
        let found = hooks.into_iter().find(|found| found.hook.ends_with(hook)).unwrap();
        assert!(found.state == HookState::Attached || found.state == HookState::Off);
        found.reason.unwrap_or_default()
    };
    wait("files: no reason", || reason("Kernel-File").contains("StartTrace: error 1450"));
    wait("keys: no reason", || reason("Kernel-Registry").contains("the system hides them"));
    publisher.stop();
}

#[test]
fn live_sessions_obey_their_settings() {
    let (tracing, keys) = open_things();
    let images = (0..10).map(|n| image_load(40, n)).collect();
    let tracing = Arc::new(Told { events: images, ..tracing });
    let mut settings = LiveSettings::standard();
    let off = [
        "win_image_load_events",
        "win_registry_events",
        "win_socket_events",
        "win_dns_events",
        "win_dns_response_events",
        "win_http_events",
        "win_ssl_events",
        "win_removable_media_events",
    ];
    settings.off = off.map(str::to_owned).into();
    settings.process_mib = 2;
    settings.open_handles = false;
    let options = WindowsOptions { keys: Some(Arc::new(keys)), settings, ..options(None) };
    let mut publisher = WindowsPublisher::new(Arc::clone(&tracing) as Arc<dyn Tracing>, options);
    let (emitter, bus) = emitter(100);
    publisher.start(emitter).unwrap();
    let state =
        |hook: &str| publisher.hooks().iter().find(|one| one.hook.ends_with(hook)).unwrap().state;
    wait("events stay away", || {
        tracing.delivered.load(Ordering::SeqCst) && tracing.others_delivered.load(Ordering::SeqCst)
    });
    wait("not open", || state("Kernel-File") == HookState::Attached);
    assert_eq!((state("Kernel-Registry"), state("DNS-Client")), (HookState::Off, HookState::Off));
    publisher.stop();
    // Nobody looked up what is open, so the write is to a file without a name; images are off, their map is not.
    let rows = shown(&bus.try_iter().collect::<Vec<_>>());
    assert_eq!(rows.keys().copied().collect::<Vec<_>>(), ["win_image_load_process_map"]);
    let buffers = tracing.buffers.lock().unwrap().clone();
    let of =
        |wanted| buffers.iter().find(|(session, _)| *session == wanted).map(|(_, b)| b.count_max);
    assert_eq!(of(Session::Process), Some(32));
    assert_eq!(
        (of(Session::User), of(Session::FileNames)),
        (None, None),
        "nothing is wanted of them"
    );
    let enabled = tracing.enabled.lock().unwrap();
    let mut enabled: Vec<_> =
        enabled.iter().map(|name| name.trim_start_matches("Microsoft-Windows-")).collect();
    enabled.sort_unstable();
    assert_eq!(enabled, ["Kernel-Audit-API-Calls", "Kernel-File", "Kernel-Process"]);
    let states = publisher.table_states();
    let reason =
        |name: &str| states.iter().find(|one| one.table.name == name).unwrap().reason.clone();
    assert!(reason("win_dns_events").unwrap().contains("switched off"));
}

/// Frames of a handshake, and the connection that they are of, come by two sessions; and only when they are asked for.
#[test]
fn handshakes_in_frames_are_rows_for_those_who_ask() {
    let (here, there) = (([10, 0, 0, 1].into(), 50_000), ([192, 0, 2, 7].into(), 443));
    let captured = |frame: Vec<u8>| {
        let mut payload = vec![0; 14];
        payload.extend_from_slice(&[1, 0]);
        payload.extend_from_slice(&[0; 16]);
        payload.extend_from_slice(&(frame.len() as u16).to_le_bytes());
        payload.extend_from_slice(&frame);
        (classes::PKTMON, 160, payload)
    };
    let mut connected = 500_u32.to_le_bytes().to_vec();
    connected.extend_from_slice(&[0, 0, 0, 0, 192, 0, 2, 7, 10, 0, 0, 1, 1, 0xbb, 0xc3, 0x50]);
    connected.extend_from_slice(&[0; 28]);
    let others = vec![
        captured(frame(here, there, 1, 0x18, &client_hello(), 0)),
        captured(frame(there, here, 1, 0x18, &server_flight(), 0)),
        (classes::KERNEL_NETWORK, 12, connected),
    ];
    for packets in [false, true] {
        let base = image_load(4, 0);
        let tracing = Arc::new(Told { others: others.clone(), base, ..Told::default() });
        let mut settings = LiveSettings::standard();
        settings.packets = packets;
        settings.off.insert("win_socket_events".to_owned());
        let options = WindowsOptions { settings, ..options(None) };
        let mut publisher =
            WindowsPublisher::new(Arc::clone(&tracing) as Arc<dyn Tracing>, options);
        let (emitter, bus) = emitter(100);
        publisher.start(emitter).unwrap();
        let came = |name: &str| {
            let hooks = publisher.hooks();
            hooks.iter().find(|hook| hook.hook.ends_with(name)).unwrap().run_count.unwrap_or(0)
        };
        wait("not decoded", || {
            came("Kernel-Network") == 1 && came("PktMon") == 2 * u64::from(packets)
        });
        publisher.stop();
        let rows = shown(&bus.try_iter().collect::<Vec<_>>());
        let started: Vec<Session> =
            tracing.buffers.lock().unwrap().iter().map(|(session, _)| *session).collect();
        assert_eq!(started.contains(&Session::Packets), packets);
        let told = rows.get("win_ssl_events").map_or(&[][..], Vec::as_slice);
        assert_eq!(told.len(), usize::from(packets), "{rows:?}");
        for row in told {
            assert!(row.contains("pid=Int(500) ") && row.contains("ja3s_md5=Text("), "{row}");
            assert!(row.contains("remote_address=Text(\"192.0.2.7\") "), "{row}");
        }
        let seen = count(&publisher, "win_ssl_events", Outcome::Seen, "");
        assert_eq!(seen, u64::from(packets));
    }
}

#[test]
fn live_rows_of_images_have_their_hash_and_signer() {
    let signed = concat!(env!("CARGO_MANIFEST_DIR"), "/../signature/fixture/rsa.exe");
    let images = (0..3).map(|n| image_load(40, n)).collect();
    let tracing = Arc::new(Told { events: images, ..Told::default() });
    // One of the three is there.
    let open = move |path: &str| match path {
        "C:\\Windows\\1.dll" => std::fs::File::open(signed),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    let files = Files { open: Arc::new(open), wait: Duration::from_secs(60) };
    let options = WindowsOptions { files: Some(files), ..options(None) };
    let mut publisher = WindowsPublisher::new(Arc::clone(&tracing) as Arc<dyn Tracing>, options);
    let (emitter, bus) = emitter(100);
    publisher.start(emitter).unwrap();
    let mut batches: Vec<EventBatch> = Vec::new();
    wait("rows stay away", || {
        batches.extend(bus.try_iter());
        batches.iter().map(|batch| batch.rows).sum::<usize>() == 6
    });
    let hooks = publisher.hooks();
    let hook = hooks.iter().find(|hook| hook.event_table == "win_image_load_events").unwrap();
    assert!(hook.reason.as_deref().unwrap().starts_with("2 rows have no hash"), "{hook:?}");
    publisher.stop();
    let rows = shown(&batches);
    let known = |row: &&String| row.contains("md5=Text(");
    assert_eq!(rows["win_image_load_process_map"].iter().filter(known).count(), 1);
    let loads: Vec<&String> = rows["win_image_load_events"].iter().filter(known).collect();
    assert!(
        loads.len() == 1 && loads[0].contains("subject_name=Text(\"Evtables rsa\")"),
        "{loads:?}"
    );
}
