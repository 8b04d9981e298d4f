// SPDX-License-Identifier: Apache-2.0
//! Tests of `acting`: classes as the kernel looks them up, and verdicts by them against the engine's.

use super::*;
use crate::rules::tests::{plan, table};
use evtables_schema::generated::socket_events::linux::{Builder, Row};
use evtables_sdk::rules::{Action, Operator, When};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

const SOCKETS: &str = "linux_socket_events";

/// What the kernel's map of this kind answers: the value of the longest key that holds it.
fn longest(classes: &[(Vec<u8>, u32)], of: u32, value: [u8; 16], bits: u32) -> u32 {
    let mut wanted = of.to_ne_bytes().to_vec();
    wanted.extend_from_slice(&value);
    let holds = |key: &[u8]| {
        let len = u32::from_ne_bytes(key[..4].try_into().unwrap()) - 32;
        let bit = |bytes: &[u8], at: u32| bytes[at as usize / 8] >> (7 - at % 8) & 1;
        len <= 32 + bits && (0..len).all(|at| bit(&key[8..], at) == bit(&wanted, at))
    };
    let inside = classes.iter().filter(|(key, _)| holds(key));
    inside
        .max_by_key(|(key, _)| u32::from_ne_bytes(key[..4].try_into().unwrap()))
        .map_or(0, |(_, class)| *class)
}

fn ends(remote: IpAddr, remote_port: u16, local_port: u16, protocol: u16) -> Ends {
    let (family, mut bytes) = match remote {
        IpAddr::V4(_) => (2, [0; 16]),
        IpAddr::V6(address) => (10, address.octets()),
    };
    if let IpAddr::V4(address) = remote {
        bytes[..4].copy_from_slice(&address.octets());
    }
    Ends { local: [0; 16], remote: bytes, local_port, remote_port, family, protocol }
}

/// What the engine is given of it.
fn row(path: &str, action: &str, ends: &Ends) -> evtables_schema::EventBatch {
    let mut builder = Builder::default();
    let remote = ends.remote().to_string();
    builder.push(&Row {
        event_type: "SOCKET",
        action,
        time: 0,
        pid: Some(1),
        process_guid: None,
        process_name: Some(path),
        family: Some(if ends.is_v4() { "AF_INET" } else { "AF_INET6" }),
        protocol: Some(ends.protocol.into()),
        local_address: None,
        remote_address: Some(&remote),
        local_port: (ends.local_port != 0).then_some(ends.local_port.into()),
        remote_port: Some(ends.remote_port.into()),
        owner_uid: None,
        success: None,
        error: None,
        bytes_sent: None,
        bytes_received: None,
        duration_us: None,
    });
    builder.finish()
}

fn addresses() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        prop::sample::select(vec![
            "10.0.0.1",
            "10.0.0.2",
            "10.1.2.3",
            "192.168.1.1",
            "0.0.0.0",
            "255.255.255.255",
            "::1",
            "2001:db8::1",
            "2001:db8:1::7",
            "::ffff:10.0.0.1",
            "fe80::1",
        ])
        .prop_map(|text| text.parse().unwrap()),
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from),
    ]
}

fn ports() -> impl Strategy<Value = u16> {
    prop_oneof![prop::sample::select(vec![1_u16, 22, 53, 80, 443, 444, 1023, 1024, 65535]), 1_u16..]
}

fn terms() -> impl Strategy<Value = When> {
    let at = |name: &str| table(SOCKETS).spec.column(name).unwrap();
    let (address, remote, local) = (at("remote_address"), at("remote_port"), at("local_port"));
    let (path, action, family, protocol, sent) =
        (at("process_name"), at("action"), at("family"), at("protocol"), at("bytes_sent"));
    let bits = prop::sample::select(vec![0_u8, 8, 16, 24, 31, 32, 64, 96, 120, 128]);
    prop_oneof![
        (addresses(), bits).prop_map(move |(base, bits)| {
            let most = if base.is_ipv4() { 32 } else { 128 };
            When::Is(address, Operator::Cidr(base, bits.min(most)))
        }),
        addresses().prop_map(move |base| When::Is(address, Operator::Equals(base.to_string()))),
        ports().prop_map(move |port| When::Is(remote, Operator::Equals(port.to_string()))),
        (ports(), ports()).prop_map(move |(a, b)| {
            When::Is(remote, Operator::Range(Some(a.min(b).into()), Some(a.max(b).into())))
        }),
        ports().prop_map(move |port| When::Is(local, Operator::Range(Some(port.into()), None))),
        Just(When::Is(remote, Operator::Prefix("44".into()))),
        prop::collection::vec(ports(), 1..4).prop_map(move |ports| {
            let texts = ports.iter().map(ToString::to_string).collect();
            When::Is(local, Operator::In(Arc::new(texts)))
        }),
        prop::sample::select(vec!["/a", "/b"])
            .prop_map(move |text| When::Is(path, Operator::Equals(text.into()))),
        prop::sample::select(crate::decode::SOCKET_ACTIONS)
            .prop_map(move |text| When::Is(action, Operator::Equals(text.into()))),
        Just(When::Is(family, Operator::Equals("AF_INET6".into()))),
        Just(When::Is(protocol, Operator::Equals("6".into()))),
        Just(When::Is(sent, Operator::Range(Some(1), None))),
        Just(When::Is(address, Operator::Suffix(".1".into()))),
    ]
}

fn whens() -> impl Strategy<Value = When> {
    terms().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(When::All),
            prop::collection::vec(inner.clone(), 1..3).prop_map(When::Any),
            inner.prop_map(|when| When::Not(Box::new(when))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// What the kernel leaves out by the ends, the engine leaves out too: whoever was judged first in a class
    /// speaks for all of it.
    #[test]
    fn events_kept_with_push_down_are_events_kept_without(
        rules in prop::collection::vec((any::<bool>(), whens()), 1..4),
        events in prop::collection::vec((any::<bool>(), addresses(), ports(), ports(), any::<bool>()), 1..40),
    ) {
        let action = |include: bool| if include { Action::Include } else { Action::Exclude };
        let rules: Vec<(Action, When)> =
            rules.into_iter().map(|(include, when)| (action(include), when)).collect();
        let plan = plan(SOCKETS, &rules);
        let Some((of_table, acting)) = plan.acting() else { return Ok(()) };
        let engine = plan.set.of(of_table.spec).unwrap();
        let classes = acting.classes(plan.version);
        let mut judged: HashMap<Vec<u8>, Option<Verdict>> = HashMap::new();
        for (first, remote, remote_port, local_port, tcp) in events {
            let path = if first { "/a" } else { "/b" };
            let ends = ends(remote, remote_port, local_port, if tcp { 6 } else { 17 });
            let key = acting.key((u64::from(first), 0, 0), plan.version, &ends);
            // The kernel finds the same classes.
            let port = |port: u16| (u128::from(port) << 112).to_be_bytes();
            let found = [
                longest(&classes, CLASS_ADDRESS, wide(remote), 128),
                longest(&classes, CLASS_REMOTE_PORT, port(remote_port), 16),
                longest(&classes, CLASS_LOCAL_PORT, port(local_port), 16),
            ];
            let found: Vec<u8> = found.iter().flat_map(|class| class.to_ne_bytes()).collect();
            prop_assert_eq!(&key[24..36], &found[..]);
            let program = [Known::Text(path), Known::Null, Known::Null];
            let verdict = judged.entry(key).or_insert_with(|| {
                acting.judge(engine, program.into_iter(), &of_table.slots, &ends)
            });
            let Some(verdict) = verdict else { continue };
            for slot in &of_table.slots {
                if verdict.0[slot.slot] != 0 {
                    let said = engine.explain(&row(path, slot.action.unwrap(), &ends), 0);
                    prop_assert!(!said.keep, "{:?} of {:?}", slot.action, ends);
                }
            }
        }
    }
}

#[test]
fn ports_and_networks_run_in_the_kernel() {
    let at = |name: &str| table(SOCKETS).spec.column(name).unwrap();
    let web = When::Is(at("remote_port"), Operator::Equals("443".into()));
    let inside = When::Is(at("remote_address"), Operator::Cidr("10.0.0.0".parse().unwrap(), 8));
    let plan = plan(SOCKETS, &[(Action::Exclude, When::All(vec![web, inside]))]);
    let (of_table, acting) = plan.acting().unwrap();
    let engine = plan.set.of(of_table.spec).unwrap();
    let judge = |remote: &str, port| {
        let ends = ends(remote.parse().unwrap(), port, 9, 6);
        let program = [Known::Text("/a"), Known::Null, Known::Null];
        acting.judge(engine, program.into_iter(), &of_table.slots, &ends).map(|verdict| verdict.0)
    };
    let all = judge("10.1.1.1", 443).unwrap();
    assert!(of_table.slots.iter().all(|slot| all[slot.slot] == 1), "{all:?}");
    assert_eq!((judge("10.1.1.1", 80), judge("11.1.1.1", 443)), (None, None));
    assert_eq!(of_table.reach, [Reach::Part]);
    assert_eq!(
        prefixes(&[0, 443, 444]),
        [
            (0, (0, 8)),
            (0, (256, 9)),
            (0, (384, 11)),
            (0, (416, 12)),
            (0, (432, 13)),
            (0, (440, 15)),
            (0, (442, 16)),
            (1, (443, 16)),
            (2, (444, 14)),
            (2, (448, 10)),
            (2, (512, 7)),
            (2, (1024, 6)),
            (2, (2048, 5)),
            (2, (4096, 4)),
            (2, (8192, 3)),
            (2, (16384, 2)),
            (2, (32768, 1)),
        ]
    );
}
