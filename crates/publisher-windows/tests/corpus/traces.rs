// SPDX-License-Identifier: Apache-2.0
//! The traces themselves, and plain counts of the ones that have no baseline.

use evtables_publisher_windows::etl::EtlReader;
use evtables_publisher_windows::{EventClass, Fetched, Guid, RawEvent, RawEventSource};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::PathBuf;

/// A file of the corpus; `None` (and a message) where there is none.
pub(crate) fn corpus(name: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/etl");
    let path = root.join(name);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "../shared/corpus/etl is absent in CI");
        eprintln!("skipped: ../shared/corpus/etl/{name} absent");
        return None;
    }
    Some(std::fs::read(path).unwrap())
}

/// The one trace that comes as an archive.
pub(crate) fn net() -> Option<Vec<u8>> {
    let zip = corpus("net.4.5.2.x64.etl.zip")?;
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name("net.4.5.2.x64.etl").unwrap().read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// Reads a whole trace; checks that times never go back.
pub(crate) fn read_all(
    bytes: &[u8],
    mut each: impl FnMut(&RawEvent<'_>),
) -> EtlReader<Cursor<&[u8]>> {
    let mut reader = EtlReader::open(Cursor::new(bytes)).unwrap();
    let mut last = i64::MIN;
    let mut sink = |event: &RawEvent<'_>| {
        assert!(event.time_ns >= last, "time goes back by {}", last - event.time_ns);
        last = event.time_ns;
        each(event);
    };
    while reader.fetch(1_000, &mut sink).unwrap() != Fetched::End {}
    assert_eq!(reader.out_of_order(), 0);
    reader
}

type Counts = BTreeMap<(EventClass, Guid, u16, u8), u64>;

type Losses = Vec<(&'static str, u64)>;

fn counts(name: &str) -> Option<(Counts, u64, Losses)> {
    let bytes = corpus(name)?;
    let mut counts = Counts::new();
    let reader = read_all(&bytes, |event| {
        *counts.entry((event.class, event.provider, event.id, event.version)).or_default() += 1;
    });
    let losses = reader.losses().iter().map(|loss| (loss.reason, loss.count)).collect();
    Some((counts, reader.seen(), losses))
}

#[test]
fn the_shutdown_trace_has_the_known_counts() {
    use evtables_publisher_windows::fields::classes::{IMAGE, PROCESS, THREAD};
    let Some((counts, seen, losses)) = counts("ShutdownPerfDiagLogger.etl") else { return };
    assert_eq!((seen, losses), (17_078, vec![]));
    let of = |class, id, version| counts.get(&(EventClass::Classic, class, id, version)).copied();
    // Starts and ends between the rundown at the begin and at the end of the trace.
    assert_eq!(of(PROCESS, 2, 4), Some(60));
    assert_eq!(of(PROCESS, 11, 2), Some(60));
    assert_eq!((of(PROCESS, 3, 4), of(PROCESS, 4, 4)), (Some(94), Some(37)));
    assert_eq!((of(THREAD, 1, 3), of(THREAD, 2, 3)), (Some(350), Some(1_032)));
    let threads: u64 = counts.iter().filter(|(key, _)| key.1 == THREAD).map(|(_, n)| n).sum();
    assert_eq!(threads, 3_058);
    let images: u64 = counts.iter().filter(|(key, _)| key.1 == IMAGE).map(|(_, n)| n).sum();
    assert_eq!(images, 13_700 + 55);
}

#[test]
fn self_describing_traces_have_the_known_counts() {
    for (name, provider, count, seen, lost) in [
        (
            "AMSITrace.etl",
            0x8e805eb3_6a8f_4a1e_90fa_a831d94e54a1,
            19,
            21,
            vec![("events_lost_by_windows", 3)],
        ),
        ("lxcore_kernel.etl", 0x0cd1c309_0878_4515_83db_749843b3f5c9, 2, 4, vec![]),
    ] {
        let Some((counts, all, losses)) = counts(name) else { return };
        assert_eq!((all, losses), (seen, lost), "{name}");
        assert_eq!(
            counts.get(&(EventClass::Manifest, Guid(provider), 0, 0)),
            Some(&count),
            "{name}"
        );
    }
}

#[test]
fn self_describing_events_carry_their_names() {
    let Some(bytes) = corpus("AMSITrace.etl") else { return };
    let mut names = BTreeMap::<String, u64>::new();
    read_all(&bytes, |event| {
        if let Some(traits) = event.extended.provider_traits {
            let name = traits[2..].split(|b| *b == 0).next().unwrap();
            *names.entry(String::from_utf8(name.to_vec()).unwrap()).or_default() += 1;
            assert!(event.extended.schema.is_some());
        }
    });
    assert_eq!(names, BTreeMap::from([("AmsiTrace".to_owned(), 19)]));
}

#[test]
fn times_are_those_of_the_recorder() {
    let Some(bytes) = net() else { return };
    let reader = EtlReader::open(Cursor::new(&bytes[..])).unwrap();
    let header = reader.header();
    assert_eq!((header.processors, header.buffers_written, header.build), (8, 360, 9_200));
    assert_eq!(header.start_ns / 1_000, 1_595_981_220_623_616);
    assert_eq!(header.end_ns.unwrap() / 1_000, 1_595_981_230_693_592);
    assert_eq!(header.boot_ns.unwrap() / 1_000, 1_595_981_026_487_293);
}

#[test]
fn cut_at_any_buffer_the_trace_still_reads() {
    let Some(bytes) = net() else { return };
    for cut in (100_000..bytes.len()).step_by(911_111) {
        let mut events = 0;
        let mut reader = EtlReader::open(Cursor::new(&bytes[..cut])).unwrap();
        while reader.fetch(1_000, &mut |_: &RawEvent<'_>| events += 1).unwrap() != Fetched::End {}
        assert!(events > cut / 60, "{events} events of {cut} bytes");
        assert!(reader.losses().iter().all(|loss| loss.count <= 2), "{:?}", reader.losses());
    }
}
