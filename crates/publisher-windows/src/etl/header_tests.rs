// SPDX-License-Identifier: Apache-2.0
//! Records and buffer headers in all shapes, good and bad.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;
use crate::etl::writer;
use proptest::prelude::*;

const HERE: Surroundings = Surroundings { processor: 3, pointer_size: PointerSize::Eight };

fn peeked(bytes: &[u8]) -> Peeked {
    match peek(bytes, bytes.len()) {
        Ok(Place::Record(peeked)) => peeked,
        other => panic!("no record: {other:?}"),
    }
}

fn kernel_record(kind: u8, header: usize, payload: &[u8]) -> Vec<u8> {
    let size = (header + payload.len()) as u16;
    let mut record = vec![2, 0, kind, 0xc0];
    record.extend_from_slice(&size.to_le_bytes());
    record.extend_from_slice(&[1, 3]);
    if header == 16 {
        record.extend_from_slice(&77i64.to_le_bytes());
    } else {
        record.extend_from_slice(&11u32.to_le_bytes());
        record.extend_from_slice(&22u32.to_le_bytes());
        record.extend_from_slice(&77i64.to_le_bytes());
    }
    record.resize(header, 0);
    record.extend_from_slice(payload);
    record
}

#[test]
fn kernel_records_of_all_shapes() {
    for (kind, header, pointer) in [
        (1, 32, PointerSize::Four),
        (2, 32, PointerSize::Eight),
        (3, 24, PointerSize::Four),
        (4, 24, PointerSize::Eight),
        (16, 16, PointerSize::Four),
        (17, 16, PointerSize::Eight),
    ] {
        let record = kernel_record(kind, header, b"pay");
        let peeked = peeked(&record);
        assert_eq!((peeked.clock, peeked.stride()), (Some(77), (header + 3).next_multiple_of(8)));
        let event = event(&record, &peeked, 5, HERE).unwrap();
        assert_eq!(event.provider, crate::fields::classes::PROCESS);
        assert_eq!((event.id, event.opcode, event.version), (1, 1, 2));
        assert_eq!((event.pointer_size, event.processor, event.time_ns), (pointer, 3, 5));
        assert_eq!(event.payload, b"pay");
        let ids = if header == 16 { (None, None) } else { (Some(11), Some(22)) };
        assert_eq!((event.tid, event.pid), ids);
    }
}

#[test]
fn image_loads_in_the_group_of_processes_are_of_the_class_of_images() {
    let mut record = kernel_record(2, 32, b"");
    record[6] = 10;
    let event = event(&record, &peeked(&record), 5, HERE).unwrap();
    assert_eq!((event.provider, event.id), (crate::fields::classes::IMAGE, 10));
}

fn sample<'a>(class: EventClass, payload: &'a [u8]) -> RawEvent<'a> {
    RawEvent {
        class,
        provider: Guid(0x22fb_2cd6_0e7b_422b_a0c7_2fad_1fd0_e716),
        id: if class == EventClass::Manifest { 1_001 } else { 9 },
        version: 4,
        opcode: if class == EventClass::Message { 0 } else { 9 },
        task: 0,
        level: 0,
        keyword: 0,
        pid: Some(44),
        tid: Some(45),
        time_ns: 99,
        processor: 3,
        pointer_size: PointerSize::Four,
        activity: None,
        extended: Extended::default(),
        payload,
    }
}

#[test]
fn records_of_all_classes_come_back() {
    let mut manifest = sample(EventClass::Manifest, b"manifest");
    (manifest.task, manifest.level, manifest.keyword) = (7, 4, 1 << 63 | 0x10);
    manifest.activity = Some(Guid(1));
    let mut extended = manifest;
    extended.extended = Extended {
        related_activity: Some(Guid(9)),
        sid: Some(&[1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]),
        schema: Some(b"schema of odd size"),
        provider_traits: Some(b"traits"),
        process_start_key: Some(0x1_0000_0001),
        stack: Some(&[1; 24]),
    };
    let mut message = sample(EventClass::Message, b"message");
    message.version = 0;
    let mut trace = sample(EventClass::Trace, b"trace");
    (trace.provider, trace.version, trace.opcode) = (Guid::ZERO, 0, 0);
    (trace.pid, trace.tid, trace.pointer_size) = (None, None, PointerSize::Eight);
    for want in [manifest, extended, sample(EventClass::Classic, b"classic"), message, trace] {
        let record = writer::record(&want, 99).unwrap();
        let peeked = peeked(&record);
        assert_eq!(peeked.clock, Some(99), "{want:?}");
        assert_eq!(event(&record, &peeked, 99, HERE), Some(want));
    }
}

#[test]
fn instance_records_are_classic_with_more_header() {
    let mut record = writer::record(&sample(EventClass::Classic, &[0; 24]), 1).unwrap();
    record[2] = 11;
    let event = event(&record, &peeked(&record), 1, HERE).unwrap();
    assert_eq!(event.payload, b"");
    assert_eq!(event.id, 9);
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let mut record = kernel_record(2, 32, b"payload!");
    record[4] = 31;
    assert_eq!(peek(&record, record.len()), Err("bad_record_size"));
    record[4] = 200;
    assert_eq!(peek(&record, record.len()), Err("bad_record_size"));
    record[2] = 99;
    assert_eq!(peek(&record, record.len()), Err("unknown_record_header"));
    assert_eq!(peek(&[0xff; 64], 64), Ok(Place::End));
    assert_eq!(peek(&[0; 64], 64), Ok(Place::End));
    assert_eq!(peek(&[1; 7], 7), Ok(Place::End));
}

#[test]
fn buffer_headers_are_checked() {
    let good = writer::buffer_header(65_536, 200, 5, 1, 0x20);
    let header = BufferHeader::parse(&good).unwrap();
    assert_eq!((header.stored, header.used, header.processor), (65_536, 200, 5));
    assert!(!header.compressed);
    for (at, value) in [(0, 0u32), (0, u32::MAX), (0x30, 65_537), (0x30, 71), (0x34, 0xffff)] {
        let mut bad = good.clone();
        bad[at..at + 4].copy_from_slice(&value.to_le_bytes());
        assert_eq!(BufferHeader::parse(&bad), Err("bad_buffer_header"), "{value:#x} at {at:#x}");
    }
    assert!(BufferHeader::parse(&good[..71]).is_ok(), "what is read is there");
    assert_eq!(BufferHeader::parse(&good[..20]), Err("buffer_cut"));
}

proptest! {
    #[test]
    fn any_bytes_are_an_event_or_a_reason(mut bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0u8..24) {
        if bytes.len() > 8 {
            bytes[2] = kind;
            bytes[3] = 0xc0;
        }
        if let Ok(Place::Record(peeked)) = peek(&bytes, bytes.len()) {
            prop_assert!(peeked.stride() >= 8);
            if let Some(event) = event(&bytes, &peeked, 0, HERE) {
                prop_assert!(event.payload.len() <= bytes.len());
            }
        }
        let _ = BufferHeader::parse(&bytes);
    }
}
