// SPDX-License-Identifier: Apache-2.0
//! The calls into Windows. Each file holds one source of `sources`, and nothing but calls and the copying
//! of what they return: what the bytes mean is read elsewhere.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std has none of these calls. Why sound: a buffer is as long as
//! the call is told, text ends in 0, every handle has one owner that closes it, and nothing that the system
//! wrote is read beyond the length that it gave. Tests: `live_tests` under Wine.

mod event_log;
mod handles;
mod network;
mod registry;
mod services;
mod system;

use crate::sources::Sources;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::path::Path;

/// All sources of this system.
pub(crate) fn sources() -> Option<Sources> {
    Some(Sources {
        registry: Box::new(registry::WindowsRegistry),
        services: Box::new(services::ServiceManager),
        processes: Box::new(system::Kernel),
        handles: Box::new(handles::KernelHandles::new()),
        memory: Box::new(system::Kernel),
        network: Box::new(network::IpHelper::new()),
        event_log: Box::new(event_log::WindowsEventLog),
        accounts: Box::new(system::Kernel),
        disks: Box::new(system::Kernel),
    })
}

/// Text that ends in 0, as calls want it.
fn wide(text: &str) -> Vec<u16> {
    Path::new(text).as_os_str().encode_wide().filter(|unit| *unit != 0).chain([0]).collect()
}

/// What the call that just failed says.
fn last_error(what: &str) -> String {
    format!("failed to {what}: {}", io::Error::last_os_error())
}

/// A failure that a call returned as a number.
fn error_of(what: &str, code: u32) -> String {
    format!("failed to {what}: {}", io::Error::from_raw_os_error(code.cast_signed()))
}

/// Room for a structure of the system, so that it stands where it must.
fn room(bytes: usize) -> Vec<u64> {
    vec![0; bytes.div_ceil(8)]
}

/// The first bytes of a room.
fn bytes_of(room: &[u64], length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = room.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.truncate(length);
    bytes
}

/// Size of a buffer as calls want it.
fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn text_of(units: &[u16]) -> String {
    let units = units.iter().copied().take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
}

/// Text inside a room that the system filled; empty when the pointer leads elsewhere.
fn text_in(room: &[u64], pointer: *const u16) -> String {
    let base = room.as_ptr().addr();
    let Some(from) = pointer.addr().checked_sub(base) else { return String::new() };
    let bytes = bytes_of(room, room.len().saturating_mul(8));
    bytes.get(from..).map(crate::bytes::utf16).unwrap_or_default()
}
