// SPDX-License-Identifier: Apache-2.0
//! What fuzz targets need of the inside, with what must hold of every answer.

use crate::decode::{DecodeSettings, Decoder};
use crate::etl::{EtlReader, wrapped_for_fuzzing};
use crate::exports::{COST_BYTES_MAX, Exports};
use crate::fields::classes;
use crate::fields::{Ansi, Sid, Wide, layouts, socket_address};
use crate::raw::{
    EventClass, Extended, Fetched, PointerSize, RawEvent, RawEventSink, RawEventSource,
};
use std::io::Cursor;

/// Bytes as a trace: as they are, or (by the first byte) as the records of a buffer, plain or packed,
/// behind a good first buffer.
pub fn trace(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else { return };
    let file = match how % 3 {
        0 => rest.to_vec(),
        packed => wrapped_for_fuzzing(rest, packed == 2),
    };
    let Ok(mut reader) = EtlReader::open(Cursor::new(&file)) else { return };
    let events_max = reader.events_max_for_fuzzing();
    let mut decoder = Decoder::new(&DecodeSettings::default());
    let mut events = 0;
    loop {
        let fetched = reader.fetch(64, &mut |event: &RawEvent<'_>| {
            events += 1;
            decoder.event(event);
        });
        match fetched {
            Ok(Fetched::Events(_)) => {}
            Ok(Fetched::End) => break,
            other => unreachable!("memory is always there: {other:?}"),
        }
    }
    assert_eq!(events, reader.seen());
    assert!(events <= events_max);
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    assert!(decoder.counts().adds_up());
}

/// Bytes as an image file: by the first ones an address, of which the exported function is asked.
pub fn exports(bytes: &[u8]) {
    let Some((address, image)) = bytes.split_first_chunk::<4>() else { return };
    let Some(exports) = Exports::read(&mut Cursor::new(image)) else { return };
    let address = u32::from_le_bytes(*address);
    let nearest = exports.nearest(address);
    assert!(nearest.is_none_or(|(name, below)| !name.is_empty() && below <= address));
    assert!(exports.cost() <= COST_BYTES_MAX);
}

/// Bytes as captured frames, each behind its length and, by the lowest bits of that, its way and what it begins with.
pub fn frames(mut bytes: &[u8]) {
    let mut decoder = Decoder::new(&DecodeSettings::default());
    let mut time_ns = 0;
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let length = u16::from_le_bytes(*length);
        let frame = rest.get(..usize::from(length)).unwrap_or(rest);
        bytes = rest.get(usize::from(length)..).unwrap_or_default();
        let mut payload = vec![0; 12];
        for number in [1 + (length & 1), if length & 2 == 0 { 1 } else { 3 }] {
            payload.extend_from_slice(&number.to_le_bytes());
        }
        payload.resize(32, 0);
        payload.extend_from_slice(&length.to_le_bytes());
        payload.extend_from_slice(frame);
        time_ns += 1_000_000_000;
        decoder.event(&RawEvent {
            class: EventClass::Manifest,
            provider: classes::PKTMON,
            id: 160,
            version: 0,
            opcode: 0,
            task: 0,
            level: 0,
            keyword: 0x10,
            pid: Some(4),
            tid: None,
            time_ns,
            processor: 0,
            pointer_size: PointerSize::Eight,
            activity: None,
            extended: Extended::default(),
            payload: &payload,
        });
    }
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    let counts = decoder.counts();
    let rows: usize = batches.iter().map(|batch| batch.rows).sum();
    assert!(counts.adds_up() && u64::try_from(rows) == Ok(counts.rows));
}

/// Bytes as a compressed buffer.
pub fn xpress(bytes: &[u8]) {
    let Some((max, rest)) = bytes.split_first_chunk::<2>() else { return };
    let max = usize::from(u16::from_le_bytes(*max));
    let (whole, beginning) = crate::etl::unpacked_for_fuzzing(rest, max);
    assert!(whole.len() <= max && beginning.len() <= max);
    assert!(whole.starts_with(&beginning) || beginning.starts_with(&whole));
}

/// Bytes as a payload of every known event: by the first bytes its version and pointers.
pub fn payload(bytes: &[u8]) {
    let Some(([version, pointers], payload)) = bytes.split_first_chunk::<2>() else { return };
    for row in layouts() {
        for id in row.ids {
            let event = RawEvent {
                class: row.class,
                provider: row.provider,
                id: *id,
                version: *version,
                opcode: 0,
                task: 0,
                level: 0,
                keyword: 0,
                pid: Some(4),
                tid: None,
                time_ns: 0,
                processor: 0,
                pointer_size: if pointers & 1 == 0 {
                    PointerSize::Eight
                } else {
                    PointerSize::Four
                },
                activity: None,
                extended: Extended::default(),
                payload,
            };
            let mut fields = 0;
            (row.visit)(&event, &mut |_, value| {
                fields += 1;
                // Showing it must not fail either.
                let _ = format!("{value:?}");
            });
            assert!(fields <= row.fields.len());
        }
    }
}

/// Bytes as a story: each event is a row of the table of events, a step in time and a payload.
pub fn story(bytes: &[u8]) {
    let rows: Vec<_> = layouts().collect();
    let mut decoder = Decoder::new(&DecodeSettings::default());
    let (mut rest, mut time_ns, mut events) = (bytes, 0i64, 0u64);
    while let Some(([which, id, how, step, length], tail)) = rest.split_first_chunk::<5>() {
        let length = usize::from(*length).min(tail.len());
        let (payload, after) = tail.split_at(length);
        rest = after;
        let Some(row) = rows.get(usize::from(*which) % rows.len().max(1)) else { return };
        let Some(id) = row.ids.get(usize::from(*id) % row.ids.len().max(1)) else { return };
        time_ns += (i64::from(*step) - 64) * 10_000_000;
        events += 1;
        decoder.event(&RawEvent {
            class: row.class,
            provider: row.provider,
            id: *id,
            version: how >> 4,
            opcode: 0,
            task: 0,
            level: 0,
            keyword: 0,
            pid: (how & 7 != 7).then_some(u32::from(how & 7)),
            tid: None,
            time_ns,
            processor: 0,
            pointer_size: if how & 8 == 0 { PointerSize::Eight } else { PointerSize::Four },
            activity: None,
            extended: Extended::default(),
            payload,
        });
    }
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    let counts = decoder.counts();
    assert!(counts.adds_up() && counts.seen == events);
    debug_assert!(rows.iter().all(|row| row.class != EventClass::Trace));
}

/// Bytes as text of both kinds, as a security identifier and as an address.
pub fn text(bytes: &[u8]) {
    let (mut wide, mut ansi) = (String::new(), String::new());
    Wide::new(bytes).push_to(&mut wide);
    Ansi::new(bytes).push_to(&mut ansi);
    assert_eq!(Wide::new(bytes).to_string(), wide);
    assert_eq!(Ansi::new(bytes).to_string(), ansi);
    if let Some(sid) = Sid::new(bytes) {
        assert!(bytes.starts_with(sid.bytes()));
        assert!(sid.to_string().starts_with("S-1-") || !sid.to_string().is_empty());
        let _ = sid.well_known();
        // What is behind it changes nothing.
        assert_eq!(Sid::new(sid.bytes()).map(|again| again.to_string()), Some(sid.to_string()));
    }
    let _ = socket_address(bytes);
}
