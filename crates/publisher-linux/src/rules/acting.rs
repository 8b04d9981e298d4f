// SPDX-License-Identifier: Apache-2.0
//! What programs do on sockets with certain ends: addresses and ports that no rule tells apart are of one
//! class, and each program is judged once per class. Rules by the other columns: [`super`].

use super::{SLOTS, Slot, Verdict, number_of};
use crate::record::Ends;
use evtables_schema::TableSpec;
use evtables_sdk::rules::{Foresight, Known, Reach, Rules};
use std::net::IpAddr;

/// `RULE_CLASSES_MAX` and `RULE_ACTING_MAX` of wire.h.
pub(super) const ENTRIES_MAX: usize = 16_384;
/// Classes of one set of rules: two sets have to fit at once.
const CLASSES_MAX: usize = ENTRIES_MAX / 2 - 64;
/// `enum wire_class_of`.
const CLASS_ADDRESS: u32 = 1;
const CLASS_REMOTE_PORT: u32 = 2;
const CLASS_LOCAL_PORT: u32 = 3;
/// Bits of a key of classes before the value.
const HEAD_BITS: u32 = 64;

/// The rules of a table through what is known of a socket.
pub(super) struct Acting {
    foresight: Foresight,
    reach: Vec<Reach>,
    /// Columns of the ends, in the order of the values.
    columns: Vec<(usize, &'static str)>,
    /// Networks as 16 bytes and bits; the class is the position + 1.
    networks: Vec<([u8; 16], u32)>,
    /// First ports of the classes; the class is the position.
    remote_ports: Vec<u16>,
    local_ports: Vec<u16>,
}

impl Acting {
    /// `None` when no rule looks at the ends, or when they have too many classes. `before`: the columns that
    /// are known of any event.
    pub(super) fn new(
        spec: &'static TableSpec,
        rules: &Rules,
        before: Vec<usize>,
        ends: Vec<usize>,
    ) -> Option<Self> {
        if ends.is_empty() {
            return None;
        }
        let columns: Vec<(usize, &'static str)> =
            ends.iter().filter_map(|at| Some((*at, spec.columns.get(*at)?.name))).collect();
        let column = |name: &str| columns.iter().find(|(_, other)| *other == name);
        let mut networks: Vec<([u8; 16], u32)> = Vec::new();
        if let Some((at, _)) = column("remote_address").filter(|(at, _)| rules.looks_at(*at)) {
            // IPv4 inside of IPv6 is told apart from all else.
            networks.push((wide(IpAddr::from([0, 0, 0, 0])), 96));
            networks
                .extend(rules.networks(*at)?.into_iter().map(|(base, bits)| network(base, bits)));
            networks.sort_unstable();
            networks.dedup();
        }
        let runs =
            |name: &str| column(name).map_or_else(|| vec![0], |(at, _)| rules.runs(*at, u16::MAX));
        let (remote_ports, local_ports) = (runs("remote_port"), runs("local_port"));
        let all = before.into_iter().chain(ends).collect();
        let foresight = Foresight::new(rules, all);
        let reach = foresight.reach(rules);
        let acting = Self { foresight, reach, columns, networks, remote_ports, local_ports };
        (acting.classes(0).len() <= CLASSES_MAX).then_some(acting)
    }

    /// Whether the ends decide the rule for some events.
    pub(super) fn reaches(&self, rule: usize) -> bool {
        self.reach.get(rule).is_some_and(|reach| *reach != Reach::None)
    }

    /// Keys and values of the kernel's map of classes.
    pub(super) fn classes(&self, version: u32) -> Vec<(Vec<u8>, u32)> {
        let key = |of: u32, bits: u32, value: [u8; 16]| {
            let mut key = (HEAD_BITS + bits).to_ne_bytes().to_vec();
            key.extend_from_slice(&version.to_ne_bytes());
            key.extend_from_slice(&of.to_ne_bytes());
            key.extend_from_slice(&value);
            key
        };
        let mut classes: Vec<(Vec<u8>, u32)> = (1..)
            .zip(&self.networks)
            .map(|(class, (value, bits))| (key(CLASS_ADDRESS, *bits, *value), class))
            .collect();
        for (of, runs) in
            [(CLASS_REMOTE_PORT, &self.remote_ports), (CLASS_LOCAL_PORT, &self.local_ports)]
        {
            for (class, (port, bits)) in prefixes(runs) {
                let value = (u128::from(port) << 112).to_be_bytes();
                classes.push((key(of, bits, value), class));
            }
        }
        classes
    }

    /// `struct wire_acting`.
    pub(super) fn key(
        &self,
        (path, cgroup, user): (u64, u64, u32),
        version: u32,
        ends: &Ends,
    ) -> Vec<u8> {
        let mut key = path.to_ne_bytes().to_vec();
        key.extend_from_slice(&cgroup.to_ne_bytes());
        key.extend_from_slice(&version.to_ne_bytes());
        key.extend_from_slice(&ends.family.to_ne_bytes());
        key.extend_from_slice(&ends.protocol.to_ne_bytes());
        let ports = [(&self.remote_ports, ends.remote_port), (&self.local_ports, ends.local_port)];
        key.extend_from_slice(&self.class_of_address(ends.remote()).to_ne_bytes());
        for (runs, port) in ports {
            key.extend_from_slice(&class_of_port(runs, port).to_ne_bytes());
        }
        key.extend_from_slice(&user.to_ne_bytes());
        key
    }

    /// That of the longest network that holds it.
    fn class_of_address(&self, address: IpAddr) -> u32 {
        let value = u128::from_be_bytes(wide(address));
        let holds = |(base, bits): &([u8; 16], u32)| {
            let shift = 128_u32.saturating_sub(*bits);
            let cut = |value: u128| value.checked_shr(shift).unwrap_or(0);
            cut(u128::from_be_bytes(*base)) == cut(value)
        };
        let inside = (1..).zip(&self.networks).filter(|(_, network)| holds(network));
        inside.max_by_key(|(_, (_, bits))| *bits).map_or(0, |(class, _)| class)
    }

    /// Which of the socket's slots a rule leaves out; `None` when none does, or when nothing is known ahead.
    pub(super) fn judge<'a>(
        &self,
        rules: &Rules,
        program: impl Iterator<Item = Known<'a>>,
        slots: &[Slot],
        ends: &Ends,
    ) -> Option<Verdict> {
        if ends.remote_port == 0 {
            return None;
        }
        let remote = ends.remote().to_string();
        let port = |port: u16| if port == 0 { Known::Null } else { Known::Number(port.into()) };
        let value = |name: &str| match name {
            "remote_address" => Known::Text(remote.as_str()),
            "remote_port" => port(ends.remote_port),
            "local_port" => port(ends.local_port),
            "family" => Known::Text(if ends.is_v4() { "AF_INET" } else { "AF_INET6" }),
            _ => Known::Number(ends.protocol.into()),
        };
        let program: Vec<Known<'_>> = program.collect();
        let mut verdict = Verdict([0; SLOTS]);
        for slot in slots {
            let values = program.iter().copied().chain([slot.action.into()]);
            let values = values.chain(self.columns.iter().map(|(_, name)| value(name)));
            let number = number_of(self.foresight.foretell(rules, &values.collect::<Vec<_>>()));
            if let Some(place) = verdict.0.get_mut(slot.slot) {
                *place = number.unwrap_or(0);
            }
        }
        verdict.0.iter().any(|rule| *rule != 0).then_some(verdict)
    }
}

/// IPv4 inside of IPv6.
fn wide(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

/// A network with the bits behind its length cleared, as the kernel's map wants it.
fn network(base: IpAddr, bits: u8) -> ([u8; 16], u32) {
    // As the engine has it: IPv4 inside of IPv6 counts as IPv4, with the bits of the latter.
    let bits = match base.to_canonical() {
        IpAddr::V4(_) => 96 + u32::from(bits.min(32)),
        IpAddr::V6(_) => u32::from(bits),
    };
    let mask = u128::MAX.checked_shl(128_u32.saturating_sub(bits)).unwrap_or(0);
    ((u128::from_be_bytes(wide(base)) & mask).to_be_bytes(), bits)
}

/// Position of the run that holds the port.
fn class_of_port(runs: &[u16], port: u16) -> u32 {
    let at = runs.partition_point(|first| *first <= port).saturating_sub(1);
    u32::try_from(at).unwrap_or(0)
}

/// The runs as prefixes, with their classes; nothing for a single one.
fn prefixes(runs: &[u16]) -> Vec<(u32, (u16, u32))> {
    let mut prefixes = Vec::new();
    if runs.len() < 2 {
        return prefixes;
    }
    let ends = runs.iter().skip(1).map(|next| u32::from(*next)).chain([1 << 16]);
    for ((class, first), end) in (0..).zip(runs).zip(ends) {
        let mut at = u32::from(*first);
        while at < end {
            // The largest block that begins here and ends in time.
            let mut size = if at == 0 { 1 << 16 } else { 1 << at.trailing_zeros() };
            while at + size > end {
                size /= 2;
            }
            let bits = 16 - size.trailing_zeros();
            prefixes.push((class, (u16::try_from(at).unwrap_or(0), bits)));
            at += size;
        }
    }
    prefixes
}

#[cfg(test)]
mod tests;
