// SPDX-License-Identifier: Apache-2.0
//! Tests of `ids`.

use super::*;

const HOST: HostBoot = HostBoot(0xABCD_EF01_2345_6789);

#[test]
fn uuid_text_round_trips_in_any_case() {
    let id = process_guid(HOST, 123_456_789_000, 4242);
    let text = uuid_text(id);
    assert_eq!(text, text.to_uppercase());
    assert_eq!(parse_uuid(&text), Some(id));
    assert_eq!(parse_uuid(&text.to_lowercase()), Some(id));
    assert_eq!(parse_uuid("not a uuid"), None);
    assert_eq!(parse_uuid(&text.replace('-', "0")), None);
}

#[test]
fn process_guid_has_version_8_and_keeps_its_parts() {
    let id = process_guid(HOST, 5_000_000 << 10, 77);
    assert_eq!((id >> 76) & 0xf, 8);
    assert_eq!((id >> 62) & 0b11, 0b10);
    assert_eq!(id & 0xffff_ffff, 77);
    assert_ne!(id, process_guid(HOST, 5_000_001 << 10, 77), "start time tells reused pids apart");
    assert_ne!(id, process_guid(HostBoot(1), 5_000_000 << 10, 77));
}

#[test]
fn event_ids_sort_by_time_then_seq() {
    let a = event_id(HOST, TableId(1), 1_700_000_000_000_000_000, 1);
    let b = event_id(HOST, TableId(1), 1_700_000_000_000_000_000, 2);
    let c = event_id(HOST, TableId(1), 1_700_000_000_000_500_000, 0);
    assert_eq!((a >> 76) & 0xf, 7);
    assert!(a < b && b < c);
}
