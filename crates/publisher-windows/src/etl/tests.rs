// SPDX-License-Identifier: Apache-2.0
//! Whole traces: order, damage, memory.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::writer::{EtlWriter, Written};
use super::*;
use crate::guid::Guid;
use crate::raw::{EventClass, Extended};
use proptest::prelude::*;
use std::io::Cursor;

const START_NS: i64 = 1_600_000_000_000_000_050;

fn event(time_ns: i64, processor: u16, payload: &[u8]) -> RawEvent<'_> {
    RawEvent {
        class: EventClass::Manifest,
        provider: Guid(7),
        id: 1,
        version: 0,
        opcode: 0,
        task: 0,
        level: 0,
        keyword: 0,
        pid: Some(4),
        tid: Some(8),
        time_ns,
        processor,
        pointer_size: PointerSize::Eight,
        activity: None,
        extended: Extended::default(),
        payload,
    }
}

/// (time since start, processor, payload) of each event; each processor's in the order of time.
fn trace(events: &[(i64, u16, Vec<u8>)]) -> Vec<u8> {
    let mut writer = EtlWriter::new(Vec::new(), START_NS, PointerSize::Eight).unwrap();
    for (time, processor, payload) in events {
        let written = writer.push(&event(START_NS + time, *processor, payload)).unwrap();
        assert_eq!(written, Written::Whole);
    }
    writer.finish().unwrap()
}

struct Got {
    /// Time since start, processor, payload. The first event describes the trace.
    events: Vec<(i64, u16, Vec<u8>)>,
    losses: Vec<SourceLoss>,
    damage: Vec<Damage>,
    out_of_order: u64,
}

fn read(bytes: &[u8], events_max: usize) -> Got {
    let mut reader = EtlReader::open(Cursor::new(bytes)).unwrap();
    let mut events = Vec::new();
    loop {
        let before = events.len();
        let fetched = reader
            .fetch(events_max, &mut |event: &RawEvent<'_>| {
                events.push((event.time_ns - START_NS, event.processor, event.payload.to_vec()));
            })
            .unwrap();
        match fetched {
            Fetched::End => break,
            Fetched::Events(count) => {
                assert_eq!(count, events.len() - before);
                assert!(count <= events_max && count > 0);
            }
            Fetched::Idle => panic!("a file is never idle"),
        }
    }
    assert_eq!(reader.seen(), events.len() as u64);
    assert_eq!(reader.buffers_left(), 0);
    assert_eq!(reader.open_bytes, 0);
    events.remove(0);
    Got {
        events,
        losses: reader.losses(),
        damage: reader.damage().to_vec(),
        out_of_order: reader.out_of_order(),
    }
}

/// Many buffers on three processors, whose times overlap.
fn many(count: usize) -> Vec<(i64, u16, Vec<u8>)> {
    (0..count).map(|i| (i as i64 * 10, (i % 3) as u16, vec![i as u8; 300 + i % 700])).collect()
}

#[test]
fn processors_are_merged_in_the_order_of_time() {
    let events = many(2_000);
    for events_max in [1, 17, 100_000] {
        let got = read(&trace(&events), events_max);
        assert_eq!(got.events, events);
        assert_eq!((got.out_of_order, got.losses.len()), (0, 0));
    }
}

#[test]
fn few_buffers_are_in_memory_at_one_time() {
    let bytes = trace(&many(4_000));
    let mut reader = EtlReader::open(Cursor::new(&bytes)).unwrap();
    let mut most = 0;
    while reader.fetch(100, &mut |_: &RawEvent<'_>| {}).unwrap() != Fetched::End {
        most = most.max(reader.open_bytes);
    }
    assert!(bytes.len() > 30 * writer::BUFFER_BYTES);
    assert!(most <= 4 * writer::BUFFER_BYTES, "{most} bytes");
    assert!(reader.runs.len() <= 4);
}

/// The same trace with every buffer but the first compressed.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, buffer) in bytes.chunks(writer::BUFFER_BYTES).enumerate() {
        let header = header::BufferHeader::parse(buffer).unwrap();
        if i == 0 {
            out.extend_from_slice(buffer);
            continue;
        }
        let body = &buffer[BUFFER_HEADER_BYTES..header.used as usize];
        let body = xpress::tests::compress(body);
        let stored = (BUFFER_HEADER_BYTES + body.len()) as u32;
        out.extend(writer::buffer_header(stored, header.used, header.processor, i as u64, 0x60));
        out.extend(body);
    }
    out
}

#[test]
fn compressed_buffers_read_the_same() {
    let events = many(3_000);
    let bytes = packed(&trace(&events));
    assert!(bytes.len() < 3_000 * 200, "{} bytes", bytes.len());
    assert_eq!(read(&bytes, 64).events, events);
}

#[test]
fn a_damaged_buffer_costs_only_itself() {
    let events = many(2_000);
    for bytes in [trace(&events), packed(&trace(&events))] {
        let whole = read(&bytes, 64);
        // The header of the second of the later buffers.
        let places: Vec<usize> = {
            let mut reader = EtlReader::open(Cursor::new(&bytes)).unwrap();
            reader.waiting.sort_by_key(|entry| entry.place);
            let _ = reader.fetch(1, &mut |_: &RawEvent<'_>| {});
            reader.waiting.iter().map(|entry| entry.place as usize).collect()
        };
        let place = places[3];
        let mut bad = bytes.clone();
        bad[place..place + 72].fill(0xee);
        let got = read(&bad, 64);
        assert_eq!(got.damage, [Damage { place: place as u64, reason: "bad_buffer_header" }]);
        assert_eq!(got.losses, [SourceLoss { reason: "bad_buffer_header", count: 1 }]);
        let lost = whole.events.len() - got.events.len();
        assert!((40..200).contains(&lost), "{lost} events lost");
    }
}

/// Counts what is read.
struct Counting<'a>(Cursor<&'a [u8]>, u64);

impl Read for Counting<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(into)?;
        self.1 += read as u64;
        Ok(read)
    }
}

impl Seek for Counting<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn damage_everywhere_is_not_read_many_times() {
    let mut bytes = trace(&[]);
    // Small good buffers, each followed by a few wrong bytes.
    let record = writer::record(&event(START_NS, 0, b""), 0).unwrap();
    for _ in 0..2_000 {
        let used = (BUFFER_HEADER_BYTES + record.len()) as u32;
        bytes.extend(writer::buffer_header(used, used, 0, 1, 0x20));
        bytes.extend(&record);
        bytes.extend([0xee; 24]);
    }
    let mut reader = EtlReader::open(Counting(Cursor::new(&bytes), 0)).unwrap();
    let mut events = 0;
    while reader.fetch(64, &mut |_: &RawEvent<'_>| events += 1).unwrap() != Fetched::End {}
    assert_eq!(events, 2_001);
    let times = reader.file.1 / bytes.len() as u64;
    assert!(times < 12, "each byte was read {times} times");
}

#[test]
fn a_damaged_record_costs_the_rest_of_its_buffer() {
    let events = many(300);
    let mut bytes = trace(&events);
    // Size of the second record of the second buffer.
    let place = writer::BUFFER_BYTES + BUFFER_HEADER_BYTES;
    let first = u16::from_le_bytes([bytes[place], bytes[place + 1]]);
    let second = place + usize::from(first).next_multiple_of(8);
    bytes[second..second + 2].fill(0xff);
    let got = read(&bytes, 64);
    assert_eq!(got.damage, [Damage { place: second as u64, reason: "bad_record_size" }]);
    assert!(got.events.len() < events.len() && got.events.len() > events.len() / 2);
}

#[test]
fn a_file_that_ends_early_gives_what_is_there() {
    let events = many(300);
    let bytes = trace(&events);
    let cut = bytes.len() - writer::BUFFER_BYTES + 20_000;
    let got = read(&bytes[..cut], 64);
    let reasons: Vec<&str> = got.losses.iter().map(|loss| loss.reason).collect();
    assert!(reasons.contains(&"buffer_cut"), "{reasons:?}");
    assert!(got.events.len() > 150);
}

#[test]
fn a_trace_is_known_by_its_first_bytes() {
    let bytes = trace(&many(3));
    assert!(looks_like_trace(&bytes[..HEAD_BYTES]));
    assert!(!looks_like_trace(&bytes[writer::BUFFER_BYTES..]), "no first buffer");
    for other in [&b"ElfFile\0"[..], b"PK\x03\x04", b"{\"a\":1}", &[0; 200], &[0xff; 200], b""] {
        assert!(!looks_like_trace(other));
    }
}

#[test]
fn what_is_no_trace_is_refused_with_a_reason() {
    for bytes in [&b""[..], b"PK\x03\x04 not a trace", &[0; 200], &[0xff; 65_536]] {
        let error = EtlReader::open(Cursor::new(bytes)).unwrap_err();
        assert!(matches!(error, SourceError::NotATrace(_)), "{error}");
    }
}

#[test]
fn large_events_are_left_out_by_the_writer() {
    let mut writer = EtlWriter::new(Vec::new(), START_NS, PointerSize::Four).unwrap();
    let payload = vec![1; 65_400];
    assert_eq!(writer.push(&event(START_NS, 0, &payload)).unwrap(), Written::TooLarge);
    assert_eq!(writer.push(&event(START_NS + 1, 0, &payload[..65_000])).unwrap(), Written::Whole);
    let bytes = writer.finish().unwrap();
    assert_eq!(
        EtlReader::open(Cursor::new(&bytes)).unwrap().header().pointer_size,
        PointerSize::Four
    );
    assert!(read(&bytes, 10).events == [(1, 0, payload[..65_000].to_vec())]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn damage_anywhere_never_panics_and_is_counted(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        compressed in any::<bool>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = trace(&many(400));
        let mut bytes = if compressed { packed(&bytes) } else { bytes };
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        if let Ok(mut reader) = EtlReader::open(Cursor::new(&bytes)) {
            let mut events = 0;
            while reader.fetch(64, &mut |_: &RawEvent<'_>| events += 1).unwrap() != Fetched::End {}
            prop_assert_eq!(reader.seen(), events);
        }
    }

    #[test]
    fn any_order_of_processors_is_merged(
        steps in prop::collection::vec((0u16..5, 0i64..50, 1usize..3_000), 1..150),
    ) {
        let mut time = 0;
        let events: Vec<_> = steps
            .into_iter()
            .map(|(processor, step, size)| {
                time += step + 1;
                (time, processor, vec![processor as u8; size])
            })
            .collect();
        let got = read(&trace(&events), 33);
        prop_assert_eq!(got.out_of_order, 0);
        prop_assert_eq!(got.events, events);
    }
}
