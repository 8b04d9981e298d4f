// SPDX-License-Identifier: Apache-2.0
//! Event ids and process identities: 128-bit numbers in UUID layout, derived from facts, so that no
//! look-up is needed to write one. Their text form is upper case with hyphens.

use crate::spec::TableId;

const VARIANT: u128 = 0b10 << 62;

/// Hash of "this host, this boot": 64 bits, of which ids take the upper 42 or 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HostBoot(pub u64);

impl HostBoot {
    /// From the machine's id and the boot's id (FNV-1a over both, then mixed).
    #[must_use]
    pub fn new(machine_id: &str, boot_id: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in machine_id.trim().bytes().chain([0]).chain(boot_id.trim().bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        // FNV's upper bits are weak for short input; finish with a mixer.
        hash ^= hash >> 33;
        hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash >> 33;
        Self(hash)
    }
}

/// Identity of a process: UUIDv8 of 42 bits host boot, 48 bits start time (ns since boot >> 10), 32 bits pid.
/// `start_ns` is the start of the thread-group leader in nanoseconds since boot.
#[must_use]
pub fn process_guid(host: HostBoot, start_ns: u64, pid: u32) -> u128 {
    let host42 = u128::from(host.0 >> 22);
    let start48 = u128::from((start_ns >> 10) & 0xffff_ffff_ffff);
    let payload = (host42 << 80) | (start48 << 32) | u128::from(pid);
    with_version(payload, 8)
}

/// The pid in a process guid of ours.
#[must_use]
pub fn pid_of(guid: u128) -> u32 {
    u32::try_from(guid & 0xffff_ffff).unwrap_or(0)
}

/// Event id: UUIDv7 of 48 bits ms, 12 bits of sub-millisecond, 6 bits table, 24 bits host boot, 32 bits of `seq`.
/// `time_ns` is the event's time, nanoseconds since the unix epoch.
#[must_use]
pub fn event_id(host: HostBoot, table: TableId, time_ns: i64, seq: u64) -> u128 {
    let ns = u64::try_from(time_ns).unwrap_or(0);
    let ms = u128::from((ns / 1_000_000) & 0xffff_ffff_ffff);
    let sub = u128::from((ns % 1_000_000) * 4096 / 1_000_000);
    let table6 = u128::from(table.0 & 0x3f);
    let host24 = u128::from(host.0 >> 40);
    let seq32 = u128::from(seq & 0xffff_ffff);
    let payload = (ms << 74) | (sub << 62) | (table6 << 56) | (host24 << 32) | seq32;
    with_version(payload, 7)
}

/// Spreads 122 bits of payload around the version and variant bits of a UUID.
fn with_version(payload: u128, version: u128) -> u128 {
    let high48 = (payload >> 74) & 0xffff_ffff_ffff;
    let mid12 = (payload >> 62) & 0xfff;
    let low62 = payload & ((1 << 62) - 1);
    (high48 << 80) | (version << 76) | (mid12 << 64) | VARIANT | low62
}

/// Appends `id` as upper-case UUID text (36 characters).
pub fn write_uuid(id: u128, out: &mut String) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for nibble in 0..32_u32 {
        if matches!(nibble, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        let digit = (id >> (124 - 4 * nibble)) & 0xf;
        out.extend(DIGITS.get(usize::try_from(digit).unwrap_or(0)));
    }
}

/// `id` as upper-case UUID text.
#[must_use]
pub fn uuid_text(id: u128) -> String {
    let mut out = String::with_capacity(36);
    write_uuid(id, &mut out);
    out
}

/// Reads UUID text, any case, with hyphens where they belong; `None` for anything else.
#[must_use]
pub fn parse_uuid(text: &str) -> Option<u128> {
    if text.len() != 36 {
        return None;
    }
    let mut id = 0_u128;
    for (at, c) in text.chars().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if c != '-' {
                return None;
            }
        } else {
            id = (id << 4) | u128::from(c.to_digit(16)?);
        }
    }
    Some(id)
}

#[cfg(test)]
#[path = "ids_tests.rs"]
mod tests;
