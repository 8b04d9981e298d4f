// SPDX-License-Identifier: Apache-2.0
//! The native folder over functions of our own: what is asked of them, and records that they give to the very
//! callback. Run under Wine, which has none of its own.
#![allow(unsafe_code)] // Sound: the functions do what Windows' do, with records that live through the call.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::etw::{Etw, Functions};
use super::{OwnAuthority, this_machine};
use crate::decode::{DecodeSettings, Decoder};
use crate::etl::EtlReader;
use crate::etl::writer::EtlWriter;
use crate::live::tests::{asked, event, image_load, machine, shown, wait};
use crate::live::{
    Authority as _, LiveSettings, MAILBOX_BYTES_MAX, Sessions, WindowsOptions, WindowsPublisher,
};
use crate::providers::{PROVIDERS, Session};
use crate::raw::{
    EventClass, Extended, Fetched, PointerSize, RawEvent, RawEventSink as _, RawEventSource as _,
};
use crate::recording::describe;
use evtables_sdk::{HookState, Publisher as _, emitter};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard};
use std::time::Instant;
use windows_sys::Win32::Foundation::FILETIME;
use windows_sys::Win32::System::Diagnostics::Etw as sys;
use windows_sys::core::{GUID, PCWSTR};

const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;
/// Records that may be on their way where a reader tells how many it took.
static AHEAD_MAX: AtomicU64 = AtomicU64::new(0);

/// An event that owns its bytes.
struct Owned {
    event: RawEvent<'static>,
    payload: Vec<u8>,
    items: Vec<(u16, Vec<u8>)>,
}

impl Owned {
    fn of(event: &RawEvent<'_>) -> Self {
        let extended = &event.extended;
        let mut items = Vec::new();
        let parts = [(2, extended.sid), (6, extended.stack), (11, extended.schema)];
        for (kind, part) in parts.into_iter().chain([(12, extended.provider_traits)]) {
            items.extend(part.map(|bytes| (kind, bytes.to_vec())));
        }
        items.extend(extended.process_start_key.map(|key| (13, key.to_le_bytes().to_vec())));
        items.extend(extended.related_activity.map(|id| (1, id.to_le_bytes().to_vec())));
        let numbers = RawEvent { extended: Extended::default(), payload: &[], ..*event };
        Self {
            event: RawEvent {
                class: numbers.class,
                extended: Extended::default(),
                payload: &[],
                provider: numbers.provider,
                id: numbers.id,
                version: numbers.version,
                opcode: numbers.opcode,
                task: numbers.task,
                level: numbers.level,
                keyword: numbers.keyword,
                pid: numbers.pid,
                tid: numbers.tid,
                time_ns: numbers.time_ns,
                processor: numbers.processor,
                pointer_size: numbers.pointer_size,
                activity: numbers.activity,
            },
            payload: event.payload.to_vec(),
            items,
        }
    }

    /// As Windows gives it to `call`.
    fn record(&self, context: usize, call: &mut dyn FnMut(*mut sys::EVENT_RECORD)) {
        let (event, mut record) = (&self.event, sys::EVENT_RECORD::default());
        let guid = |guid: crate::Guid| GUID::from_u128(guid.0);
        let header = &mut record.EventHeader;
        let eight = event.pointer_size == PointerSize::Eight;
        header.Flags = if eight { 0x40 } else { 0x20 } | u16::from(!self.items.is_empty());
        header.ProcessId = event.pid.unwrap_or(u32::MAX);
        header.ThreadId = event.tid.unwrap_or(u32::MAX);
        header.TimeStamp = event.time_ns / 100 + FILETIME_AT_EPOCH;
        header.ProviderId = guid(event.provider);
        header.ActivityId = guid(event.activity.unwrap_or_default());
        let descriptor = &mut header.EventDescriptor;
        descriptor.Id = event.id;
        descriptor.Version = event.version;
        descriptor.Level = event.level;
        descriptor.Opcode = event.opcode;
        descriptor.Task = event.task;
        descriptor.Keyword = event.keyword;
        if event.class == EventClass::Classic {
            descriptor.Id = 0;
            descriptor.Opcode = event.id as u8;
            header.Flags |= 0x100;
        }
        record.BufferContext.Anonymous.ProcessorIndex = event.processor;
        let item = |(kind, bytes): &(u16, Vec<u8>)| sys::EVENT_HEADER_EXTENDED_DATA_ITEM {
            ExtType: *kind,
            DataSize: bytes.len() as u16,
            DataPtr: bytes.as_ptr().expose_provenance() as u64,
            ..<_>::default()
        };
        let mut items: Vec<_> = self.items.iter().map(item).collect();
        record.ExtendedData = items.as_mut_ptr();
        record.ExtendedDataCount = items.len() as u16;
        record.UserData = self.payload.as_ptr().cast_mut().cast();
        record.UserDataLength = self.payload.len() as u16;
        record.UserContext = std::ptr::with_exposed_provenance_mut(context);
        call(&raw mut record);
    }
}

/// A call that enables: provider, keywords, filters (kind and bytes), control code.
type Enabled = (u128, u64, Vec<(u32, Vec<u8>)>, u32);

/// What the functions know.
#[derive(Default)]
struct State {
    /// Sessions that run, by handle; handles begin with 1.
    names: Vec<String>,
    running: BTreeSet<u64>,
    /// Mode, kilobytes of a buffer, fewest, most, flush timer, kernel groups.
    properties: BTreeMap<String, [u32; 6]>,
    enabled: Vec<Enabled>,
    opened: BTreeMap<u64, (usize, sys::PEVENT_RECORD_CALLBACK)>,
    lost: u32,
}

static STATE: LazyLock<Mutex<State>> = LazyLock::new(Mutex::default);
static STOPPED: Condvar = Condvar::new();
/// What the session of processes delivers, how often, and how many a reader has taken.
static EVENTS: Mutex<Vec<Owned>> = Mutex::new(Vec::new());
static TIMES: AtomicU64 = AtomicU64::new(1);
static FETCHED: AtomicU64 = AtomicU64::new(0);
static DELIVERED: AtomicU64 = AtomicU64::new(0);
static CALLBACK_NS: AtomicU64 = AtomicU64::new(0);
/// One test at a time has the functions.
static TURN: Mutex<()> = Mutex::new(());

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap()
}

unsafe fn text(name: PCWSTR) -> String {
    let units: Vec<u16> =
        (0..200).map(|at| unsafe { *name.add(at) }).take_while(|unit| *unit != 0).collect();
    String::from_utf16(&units).unwrap()
}

unsafe extern "system" fn start(
    handle: *mut sys::CONTROLTRACE_HANDLE,
    name: PCWSTR,
    properties: *mut sys::EVENT_TRACE_PROPERTIES,
) -> u32 {
    let (name, mut state) = (unsafe { text(name) }, state());
    let given = unsafe { &*properties };
    assert_eq!(given.Wnode.Flags, sys::WNODE_FLAG_TRACED_GUID);
    assert!(given.LoggerNameOffset as usize >= size_of::<sys::EVENT_TRACE_PROPERTIES>());
    assert!(given.LoggerNameOffset + 2 * name.len() as u32 + 2 <= given.Wnode.BufferSize);
    if state.running.iter().any(|handle| state.names[*handle as usize - 1] == name) {
        return 183;
    }
    state.names.push(name.clone());
    let number = state.names.len() as u64;
    state.running.insert(number);
    let sizes = [given.BufferSize, given.MinimumBuffers, given.MaximumBuffers, given.FlushTimer];
    let [size, least, most, flush] = sizes;
    let properties = [given.LogFileMode, size, least, most, flush, given.EnableFlags];
    state.properties.insert(name, properties);
    unsafe { (*handle).Value = number };
    0
}

unsafe extern "system" fn control(
    _handle: sys::CONTROLTRACE_HANDLE,
    name: PCWSTR,
    properties: *mut sys::EVENT_TRACE_PROPERTIES,
    what: u32,
) -> u32 {
    let (name, mut state) = (unsafe { text(name) }, state());
    let found = state.running.iter().copied().find(|at| state.names[*at as usize - 1] == name);
    let Some(found) = found else { return 4_201 };
    unsafe { (*properties).EventsLost = state.lost };
    if what == sys::EVENT_TRACE_CONTROL_STOP {
        state.running.remove(&found);
        STOPPED.notify_all();
    }
    0
}

unsafe extern "system" fn enable(
    _handle: sys::CONTROLTRACE_HANDLE,
    provider: *const GUID,
    what: u32,
    _level: u8,
    keywords: u64,
    _all: u64,
    _timeout: u32,
    parameters: *const sys::ENABLE_TRACE_PARAMETERS,
) -> u32 {
    let (given, guid) = unsafe { (&*parameters, &*provider) };
    let filters = (0..given.FilterDescCount as usize).map(|at| {
        let filter = unsafe { &*given.EnableFilterDesc.add(at) };
        let bytes = std::ptr::with_exposed_provenance::<u8>(filter.Ptr as usize);
        (filter.Type, unsafe { std::slice::from_raw_parts(bytes, filter.Size as usize) }.to_vec())
    });
    let last = guid.data4.iter().fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let number = u128::from(guid.data1) << 96
        | u128::from(guid.data2) << 80
        | u128::from(guid.data3) << 64
        | last;
    let filters = filters.collect();
    state().enabled.push((number, keywords, filters, what));
    0
}

unsafe extern "system" fn open(file: *mut sys::EVENT_TRACE_LOGFILEW) -> sys::PROCESSTRACE_HANDLE {
    let given = unsafe { &*file };
    let (name, mut state) = (unsafe { text(given.LoggerName) }, state());
    assert_eq!(unsafe { given.Anonymous1.ProcessTraceMode }, 0x1000_0100);
    let at = state.running.iter().copied().find(|at| state.names[*at as usize - 1] == name);
    let callback = unsafe { given.Anonymous2.EventRecordCallback };
    let Some(at) = at else { return sys::PROCESSTRACE_HANDLE { Value: u64::MAX } };
    state.opened.insert(at, (given.Context.expose_provenance(), callback));
    sys::PROCESSTRACE_HANDLE { Value: at }
}

unsafe extern "system" fn process(
    handles: *const sys::PROCESSTRACE_HANDLE,
    count: u32,
    _start: *const FILETIME,
    _end: *const FILETIME,
) -> u32 {
    assert_eq!(count, 1, "one live session at a time");
    let handle = unsafe { (*handles).Value };
    let (context, callback, name) = {
        let state = state();
        let (context, callback) = state.opened[&handle];
        (context, callback.unwrap(), state.names[handle as usize - 1].clone())
    };
    if name == Session::Process.name() {
        let events = EVENTS.lock().unwrap();
        for _ in 0..TIMES.load(Ordering::SeqCst) {
            for owned in events.iter() {
                // As Windows' own buffers would be: never far ahead of who reads.
                while DELIVERED.load(Ordering::SeqCst)
                    > FETCHED
                        .load(Ordering::SeqCst)
                        .saturating_add(AHEAD_MAX.load(Ordering::SeqCst))
                {
                    std::thread::yield_now();
                }
                owned.record(context, &mut |record| {
                    let began = Instant::now();
                    unsafe { callback(record) };
                    CALLBACK_NS.fetch_add(began.elapsed().as_nanos() as u64, Ordering::SeqCst);
                });
                DELIVERED.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
    drop(STOPPED.wait_while(state(), |state| state.running.contains(&handle)).unwrap());
    0
}

unsafe extern "system" fn close(handle: sys::PROCESSTRACE_HANDLE) -> u32 {
    if state().opened.remove(&handle.Value).is_some() { 0 } else { 6 }
}

/// Tracing that delivers these events so often; `fetched` is where its reader begins.
fn tracing(events: Vec<Owned>, times: u64, fetched: u64) -> (Arc<Etw>, MutexGuard<'static, ()>) {
    let turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *state() = State::default();
    *EVENTS.lock().unwrap() = events;
    TIMES.store(times, Ordering::SeqCst);
    AHEAD_MAX.store(40_000, Ordering::SeqCst);
    FETCHED.store(fetched, Ordering::SeqCst);
    DELIVERED.store(0, Ordering::SeqCst);
    CALLBACK_NS.store(0, Ordering::SeqCst);
    (Arc::new(Etw::over(Functions { start, control, enable, open, process, close })), turn)
}

/// Events of a trace that live sessions can have, with times as exact as theirs.
fn read(bytes: &[u8]) -> Vec<Owned> {
    let mut reader = EtlReader::open(Cursor::new(bytes)).unwrap();
    let mut events = Vec::new();
    let mut sink = |event: &RawEvent<'_>| {
        if matches!(event.class, EventClass::Manifest | EventClass::Classic) {
            let mut owned = Owned::of(event);
            owned.event.time_ns = event.time_ns / 100 * 100;
            events.push(owned);
        }
    };
    while reader.fetch(4_096, &mut sink).unwrap() != Fetched::End {}
    events
}

/// A trace of ours, and those of the shared corpus that are there.
fn traces() -> Vec<(String, Vec<u8>)> {
    let mut writer = EtlWriter::new(Vec::new(), 0, PointerSize::Eight).unwrap();
    for number in 0..2_000 {
        writer.push(&event(&image_load(40 + (number % 5) as u32, number))).unwrap();
    }
    let mut traces = vec![("ours".to_owned(), writer.finish().unwrap())];
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/etl");
    let found = std::fs::read_dir(&corpus).into_iter().flatten().flatten();
    for path in found.map(|entry| entry.path()) {
        let (name, bytes) = (path.display().to_string(), || std::fs::read(&path).unwrap());
        if name.ends_with(".etl") {
            traces.push((name, bytes()));
        } else if let Some(inside) = path.file_stem().filter(|_| name.ends_with(".etl.zip")) {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes())).unwrap();
            let mut trace = Vec::new();
            archive.by_name(inside.to_str().unwrap()).unwrap().read_to_end(&mut trace).unwrap();
            traces.push((name, trace));
        }
    }
    if traces.len() == 1 {
        assert!(std::env::var_os("CI").is_none(), "the traces are absent in CI");
        println!("skipped: traces of {} are absent", corpus.display());
    }
    traces
}

/// What an event says, with its bytes.
fn event_of(owned: &Owned) -> RawEvent<'_> {
    let mut extended = Extended::default();
    owned.items.iter().for_each(|(kind, bytes)| extended.take(*kind, bytes));
    RawEvent { extended, payload: &owned.payload, ..owned.event }
}

/// A decoder that knows the machine.
fn decoder() -> Decoder {
    let settings =
        DecodeSettings { host_name: Some(machine().host_name), boot_ns: Some(machine().boot_ns) };
    let mut decoder = Decoder::new(&settings);
    let Ok(()) = describe(&machine(), i64::MIN, &mut |event| {
        decoder.event(event);
        Ok::<(), std::convert::Infallible>(())
    });
    decoder
}

#[test]
fn every_record_comes_out_of_the_callback_as_it_was_read() {
    let mut providers = BTreeSet::new();
    for (name, bytes) in traces() {
        let events = read(&bytes);
        let mut expected = decoder();
        events.iter().for_each(|owned| expected.event(&event_of(owned)));
        let kinds: BTreeSet<_> = events.iter().map(|owned| owned.event.provider).collect();
        let count = events.len();
        let (etw, turn) = tracing(read(&bytes), 1, 0);
        AHEAD_MAX.store(4_000, Ordering::SeqCst);
        let mut sessions = Sessions::start(etw, &LiveSettings::standard(), None).unwrap();
        let mut source = sessions.source();
        let (mut came, mut decoded) = (0, decoder());
        wait("not delivered", || {
            let mut sink = |event: &RawEvent<'_>| {
                assert_eq!(*event, event_of(&events[came]), "{name}: record {came}");
                decoded.event(event);
                came += 1;
                FETCHED.store(came as u64, Ordering::SeqCst);
            };
            while source.fetch(1_000, &mut sink).unwrap() != Fetched::Idle {}
            came == count
        });
        sessions.stop();
        assert_eq!((source.seen(), source.losses()), (count as u64, Vec::new()), "{name}");
        assert_eq!(decoded.counts(), expected.counts(), "{name}");
        let (mut live, mut portable) = (Vec::new(), Vec::new());
        decoded.finish(&mut live);
        expected.finish(&mut portable);
        let (live, portable) = (shown(&live), shown(&portable));
        assert!(live == portable, "{name}: rows differ");
        let rows: usize = portable.values().map(Vec::len).sum();
        println!("{name}: {count} records of {} providers, {rows} rows, the same", kinds.len());
        providers.extend(kinds);
        drop(turn);
    }
    if std::env::var_os("CI").is_some() {
        assert!(providers.len() >= 26, "only {} providers", providers.len());
    }
}

#[test]
fn rows_of_records_are_those_of_the_portable_reader() {
    // What the whole publisher keeps up with, without a reader that holds the sender back.
    for (name, bytes) in traces().into_iter().filter(|(_, bytes)| bytes.len() < 4 << 20) {
        let mut decoder = decoder();
        let events = read(&bytes);
        let count = events.len() as u64;
        for owned in &events {
            owned.record(0, &mut |record| {
                // The numbers alone: the bytes are the portable reader's.
                assert_eq!(unsafe { (*record).UserDataLength } as usize, owned.payload.len());
            });
            decoder.event(&event_of(owned));
        }
        let mut expected = Vec::new();
        decoder.finish(&mut expected);
        let (etw, turn) = tracing(events, 1, u64::MAX / 2);
        let options = WindowsOptions {
            own_pid: None,
            quiet: None,
            files: None,
            modules: None,
            ..WindowsOptions::new(machine())
        };
        let mut publisher = WindowsPublisher::new(etw, options);
        let (emitter, bus) = emitter(100_000);
        publisher.start(emitter).unwrap();
        wait("not delivered", || DELIVERED.load(Ordering::SeqCst) == count);
        publisher.stop();
        let came = shown(&bus.try_iter().collect::<Vec<_>>());
        let expected = shown(&expected);
        let rows: usize = expected.values().map(Vec::len).sum();
        assert!(came == expected, "{name}: rows differ");
        println!("{name}: {count} records, {rows} rows, the same");
        assert!(state().running.is_empty(), "no session is left behind");
        assert!(state().opened.is_empty(), "every trace is closed");
        drop(turn);
    }
}

#[test]
fn a_million_records_pass_the_callback_without_loss() {
    const TIMES: u64 = 1_000;
    let made: Vec<_> = (0..1_000).map(|number| image_load(40, number)).collect();
    let (etw, turn) = tracing(made.iter().map(|made| Owned::of(&event(made))).collect(), TIMES, 0);
    let mut sessions = Sessions::start(etw, &LiveSettings::standard(), None).unwrap();
    let mut source = sessions.source();
    let (mut came, mut most) = (0u64, 0);
    wait("not delivered", || {
        let fetched = source.fetch(4_096, &mut |event: &RawEvent<'_>| {
            assert_eq!(event.payload, made[came as usize % 1_000].2, "in order, and whole");
            came += 1;
        });
        most = most.max(sessions.waiting_bytes());
        FETCHED.store(came, Ordering::SeqCst);
        if fetched.unwrap() == Fetched::Idle {
            std::thread::yield_now();
        }
        came == TIMES * 1_000
    });
    sessions.stop();
    assert_eq!((source.seen(), source.losses()), (1_000_000, Vec::new()));
    assert!(most <= MAILBOX_BYTES_MAX[0], "{most} bytes waited");
    let ns = CALLBACK_NS.load(Ordering::SeqCst) / 1_000_000;
    println!("1,000,000 records: {ns} ns each in the callback, {most} bytes waited at most");
    drop(turn);
}

#[test]
fn what_nobody_reads_is_counted_and_bounded() {
    let made: Vec<_> = (0..1_000).map(|number| image_load(40, number)).collect();
    let events = made.iter().map(|made| Owned::of(&event(made))).collect();
    let (etw, turn) = tracing(events, 200, u64::MAX / 2);
    let mut sessions = Sessions::start(etw, &LiveSettings::standard(), None).unwrap();
    wait("not delivered", || DELIVERED.load(Ordering::SeqCst) == 200_000);
    let waiting = sessions.waiting_bytes();
    assert!((MAILBOX_BYTES_MAX[0] / 2..=MAILBOX_BYTES_MAX[0]).contains(&waiting), "{waiting}");
    sessions.stop();
    let mut source = sessions.source();
    let mut came = 0;
    while source.fetch(4_096, &mut |_: &RawEvent<'_>| came += 1).unwrap() != Fetched::Idle {}
    let dropped: u64 = sessions.dropped().0.values().sum();
    assert_eq!(came + dropped, 200_000);
    assert!(dropped > 0, "nothing was dropped");
    drop(turn);
}

#[test]
fn sessions_and_providers_are_asked_for_as_the_table_says() {
    let (etw, turn) = tracing(Vec::new(), 1, 0);
    state().lost = 9;
    let settings = LiveSettings { packets: true, ..LiveSettings::standard() };
    // One that an earlier process left behind.
    let left = crate::live::Tracing::start(&*etw, Session::User, Session::User.buffers()).unwrap();
    assert_eq!(left.handle, 1);
    let mut sessions = Sessions::start(Arc::clone(&etw) as Arc<_>, &settings, None).unwrap();
    wait("not open", || state().opened.len() == Session::LIVE.len());
    wait("never asked", || {
        sessions.poll_losses();
        sessions.status().iter().all(|(_, status)| status.losses.events == 9)
    });
    sessions.stop();
    let state = state();
    for session in Session::LIVE {
        let [mode, size, least, most, flush, kernel] = state.properties[session.name()];
        let buffers = session.buffers();
        assert_eq!(
            [size * 1_024, least, most],
            [buffers.bytes, buffers.count_min, buffers.count_max]
        );
        let logger = session == Session::Process;
        // Real time, independent, milliseconds; a system logger for command lines.
        assert_eq!(mode, 0x0800_0110 | if logger { 0x0200_0000 } else { 0 });
        assert_eq!((flush, kernel), (buffers.flush_ms, u32::from(logger)));
    }
    for provider in PROVIDERS {
        let asked: Vec<_> =
            state.enabled.iter().filter(|(guid, ..)| *guid == provider.guid.0).collect();
        assert_eq!(asked.len(), 1 + usize::from(provider.capture_state), "{}", provider.name);
        let (_, keywords, filters, what) = asked[0];
        assert_eq!((*keywords, *what), (provider.keywords, 1), "{}", provider.name);
        let (kind, ids) = &filters[0];
        assert_eq!(*kind, 0x8000_0200, "by id");
        let head = [1, 0, provider.ids.len() as u8, 0];
        let wanted = head.into_iter().chain(provider.ids.iter().flat_map(|id| id.to_le_bytes()));
        assert_eq!(*ids, wanted.collect::<Vec<_>>());
        let own = filters.get(1).map_or(&[][..], |(_, bytes)| bytes);
        assert_eq!(own, provider.own_filter, "{}", provider.name);
    }
    drop(turn);
}

#[test]
fn this_system_answers_one_way_or_the_other() {
    let machine = this_machine("HOST".to_owned(), 7);
    assert_eq!((machine.boot_ns, &*machine.host_name), (7, "HOST"));
    assert!(machine.volumes.iter().any(|(_, dos)| dos == "C:\\"), "{machine:?}");
    let mut publisher = WindowsPublisher::new(Arc::new(Etw::new()), WindowsOptions::new(machine));
    let (emitter, _bus) = emitter(10);
    publisher.start(emitter).unwrap();
    wait("no answer", || asked(&publisher).iter().all(|hook| hook.state != HookState::Off));
    for hook in asked(&publisher) {
        let reason = hook.reason.unwrap_or_default();
        assert!(hook.state == HookState::Attached || reason.contains("error"), "{reason}");
    }
    publisher.stop();
}

#[test]
fn this_system_says_whom_it_trusts_and_which_catalogues_list_a_file_or_why_not() {
    let roots = OwnAuthority.roots().unwrap();
    println!("{} certificates are trusted here", roots.len());
    for digest in [&[7_u8; 20][..], &[7; 32]] {
        match OwnAuthority.catalogs(digest) {
            Ok(paths) => assert_eq!(paths, Vec::<String>::new(), "nobody has signed this"),
            Err(error) => println!("no catalogues: {error}"),
        }
    }
}
