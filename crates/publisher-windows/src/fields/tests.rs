// SPDX-License-Identifier: Apache-2.0
//! Every row of the table against payloads made from it: all versions, both widths of pointers,
//! cut anywhere, and newer than known.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

use super::*;
use crate::raw::{Extended, PointerSize};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Appends a value of a type; `salt` makes it one of many. Returns how it is shown.
fn put(kind: Kind, salt: u64, pointer: PointerSize, out: &mut Vec<u8>) -> String {
    let text = |length: u64| -> String {
        (0..length % 9).map(|i| char::from(b'a' + ((salt + i) % 26) as u8)).collect()
    };
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let bytes = salt.to_le_bytes();
    let sid = {
        let mut sid = vec![1, 2, 0, 0, 0, 0, 0, 5];
        sid.extend_from_slice(&bytes);
        sid
    };
    let value = |shown: Value<'_>| format!("{shown:?}");
    match kind {
        Kind::U8 => {
            out.push(bytes[0]);
            value(Value::Unsigned(bytes[0].into()))
        }
        Kind::U16 => {
            out.extend_from_slice(&bytes[..2]);
            value(Value::Unsigned(salt & 0xffff))
        }
        Kind::Port => {
            out.extend_from_slice(&bytes[..2]);
            value(Value::Unsigned(u16::from_be_bytes([bytes[0], bytes[1]]).into()))
        }
        Kind::U32 => {
            out.extend_from_slice(&bytes[..4]);
            value(Value::Unsigned(salt & 0xffff_ffff))
        }
        Kind::I32 => {
            out.extend_from_slice(&bytes[..4]);
            value(Value::Signed((salt as u32).cast_signed().into()))
        }
        Kind::U64 => {
            out.extend_from_slice(&bytes);
            value(Value::Unsigned(salt))
        }
        Kind::I64 => {
            out.extend_from_slice(&bytes);
            value(Value::Signed(salt.cast_signed()))
        }
        Kind::Pointer => {
            out.extend_from_slice(&bytes[..pointer.bytes()]);
            let mask = if pointer == PointerSize::Four { 0xffff_ffff } else { u64::MAX };
            value(Value::Pointer(salt & mask))
        }
        Kind::FileTime => {
            let time = 132_000_000_000_000_000 + salt % 1_000_000_000;
            out.extend_from_slice(&time.to_le_bytes());
            value(Value::Time((time.cast_signed() - 116_444_736_000_000_000) * 100))
        }
        Kind::WideZ | Kind::Wide16 => {
            let text = wide(&text(salt));
            if kind == Kind::Wide16 {
                out.extend_from_slice(&((text.len() / 2) as u16).to_le_bytes());
            }
            out.extend_from_slice(&text);
            if kind == Kind::WideZ {
                out.extend_from_slice(&[0, 0]);
            }
            value(Value::Wide(Wide::new(&text)))
        }
        Kind::AnsiZ | Kind::Ansi16 | Kind::Ansi32 => {
            let text = text(salt);
            match kind {
                Kind::Ansi16 => out.extend_from_slice(&(text.len() as u16).to_le_bytes()),
                Kind::Ansi32 => out.extend_from_slice(&(text.len() as u32).to_le_bytes()),
                _ => {}
            }
            out.extend_from_slice(text.as_bytes());
            if kind == Kind::AnsiZ {
                out.push(0);
            }
            value(Value::Ansi(Ansi::new(text.as_bytes())))
        }
        Kind::Bytes16 | Kind::Bytes32 => {
            let blob = vec![bytes[0]; (salt % 7) as usize];
            match kind {
                Kind::Bytes16 => out.extend_from_slice(&(blob.len() as u16).to_le_bytes()),
                _ => out.extend_from_slice(&(blob.len() as u32).to_le_bytes()),
            }
            out.extend_from_slice(&blob);
            value(Value::Bytes(&blob))
        }
        Kind::SidField => {
            out.extend_from_slice(&sid);
            value(Value::Sid(Sid::new(&sid)))
        }
        Kind::TokenUser if salt.is_multiple_of(3) => {
            out.extend_from_slice(&[0; 4]);
            value(Value::Sid(None))
        }
        Kind::TokenUser => {
            out.extend(std::iter::repeat_n(7, 2 * pointer.bytes()));
            out.extend_from_slice(&sid);
            value(Value::Sid(Sid::new(&sid)))
        }
        Kind::Ip4 => {
            out.extend_from_slice(&bytes[..4]);
            value(Value::Address([bytes[0], bytes[1], bytes[2], bytes[3]].into()))
        }
        Kind::Ip6 => {
            let address: [u8; 16] = [bytes, bytes].concat().try_into().unwrap();
            out.extend_from_slice(&address);
            value(Value::Address(address.into()))
        }
        Kind::GuidField => {
            let guid = Guid((u128::from(salt) << 64) | u128::from(salt));
            out.extend_from_slice(&guid.to_le_bytes());
            value(Value::Guid(guid))
        }
    }
}

fn event<'a>(
    row: &Layout,
    id: u16,
    version: u8,
    pointer: PointerSize,
    payload: &'a [u8],
) -> RawEvent<'a> {
    RawEvent {
        class: row.class,
        provider: row.provider,
        id,
        version,
        opcode: 0,
        task: 0,
        level: 0,
        keyword: 0,
        pid: None,
        tid: None,
        time_ns: 0,
        processor: 0,
        pointer_size: pointer,
        activity: None,
        extended: Extended::default(),
        payload,
    }
}

fn shown(event: &RawEvent<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let row = layout(event).unwrap();
    (row.visit)(event, &mut |name, value| fields.push((name.to_owned(), format!("{value:?}"))));
    fields
}

/// Payload of a version, and the fields as they must be shown.
fn made(
    row: &Layout,
    version: u8,
    pointer: PointerSize,
    salt: u64,
) -> (Vec<u8>, Vec<(String, String)>) {
    let mut payload = Vec::new();
    let mut fields = Vec::new();
    for (i, field) in row.fields_of(version).enumerate() {
        let salt = salt.rotate_left(i as u32 * 7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        fields.push((field.name.to_owned(), put(field.kind, salt, pointer, &mut payload)));
    }
    (payload, fields)
}

#[test]
fn no_event_has_two_rows() {
    let mut keys = BTreeSet::new();
    for row in layouts() {
        for id in row.ids {
            assert!(keys.insert((row.class, row.provider, *id)), "{} {id}", row.name);
        }
        for field in row.fields {
            assert!(
                field.since <= row.known && field.since <= field.until,
                "{} {}",
                row.name,
                field.name
            );
        }
    }
    assert!(keys.len() > 150, "{} events", keys.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_version_of_every_event_comes_back(salt in any::<u64>()) {
        for row in layouts() {
            for version in 0..=row.known {
                for pointer in [PointerSize::Four, PointerSize::Eight] {
                    let (payload, fields) = made(row, version, pointer, salt);
                    for id in row.ids {
                        prop_assert_eq!(&shown(&event(row, *id, version, pointer, &payload)), &fields, "{} v{}", row.name, version);
                    }
                }
            }
        }
    }

    #[test]
    fn a_newer_version_is_read_by_its_known_prefix(salt in any::<u64>(), more in prop::collection::vec(any::<u8>(), 0..40)) {
        for row in layouts() {
            let (mut payload, fields) = made(row, row.known, PointerSize::Eight, salt);
            payload.extend_from_slice(&more);
            let newer = event(row, row.ids[0], row.known + 1, PointerSize::Eight, &payload);
            prop_assert_eq!(shown(&newer), fields, "{}", row.name);
        }
    }

    #[test]
    fn cut_payloads_give_the_fields_that_are_there(salt in any::<u64>(), cut in any::<prop::sample::Index>()) {
        for row in layouts() {
            let (payload, fields) = made(row, row.known, PointerSize::Eight, salt);
            let cut = cut.index(payload.len() + 1);
            let got = shown(&event(row, row.ids[0], row.known, PointerSize::Eight, &payload[..cut]));
            prop_assert!(got.len() <= fields.len());
            // The last one may be a text that ends early.
            let whole = got.len().saturating_sub(1);
            prop_assert_eq!(&got[..whole], &fields[..whole], "{}", row.name);
        }
    }

    #[test]
    fn any_bytes_are_fields(payload in prop::collection::vec(any::<u8>(), 0..200), version in any::<u8>()) {
        for row in layouts() {
            for pointer in [PointerSize::Four, PointerSize::Eight] {
                let _ = shown(&event(row, row.ids[0], version, pointer, &payload));
            }
        }
    }

    #[test]
    fn text_is_shown_like_the_standard_library_does(units in prop::collection::vec(any::<u16>(), 0..40)) {
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let mut text = String::new();
        Wide::new(&bytes).push_to(&mut text);
        prop_assert_eq!(&text, &String::from_utf16_lossy(&units));
        prop_assert_eq!(Wide::new(&bytes).to_string(), text);
    }
}

#[test]
fn identifiers_and_texts() {
    let system = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];
    let sid = Sid::new(&system).unwrap();
    assert_eq!(
        (sid.to_string().as_str(), sid.well_known()),
        ("S-1-5-18", Some("NT AUTHORITY\\SYSTEM"))
    );
    assert_eq!(Sid::new(&system[..11]), None);
    assert_eq!(Sid::new(&[1, 200, 0]), None);
    assert_eq!(Ansi::new(b"caf\xe9 \xc3\xa9").to_string(), "caf\\xE9 é");
    assert_eq!(
        socket_address(&[2, 0, 0x1f, 0x90, 10, 0, 0, 1]),
        Some(([10, 0, 0, 1].into(), 8080))
    );
    assert_eq!(socket_address(&[2, 0, 0x1f, 0x90, 10, 0, 0]), None);
}
