// SPDX-License-Identifier: Apache-2.0
//! Mounts: the calls that the ring thread hands on, and the kernel's list of what is mounted.

use super::lossless;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};

/// Calls that wait for the thread of media.
pub(super) const CALLS_MAX: usize = 1_024;
/// Of the kernel's list.
pub(super) const LIST_BYTES_MAX: u64 = 4 << 20;

/// Which call it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MountAction {
    /// mount(2) of a device.
    Mount,
    /// umount2(2).
    Unmount,
    /// move_mount(2), mount(2) with `MS_MOVE`: a mount gets its place, or another one.
    Move,
}

/// A call that mounts or unmounts, as its record tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MountCall {
    pub(crate) action: MountAction,
    pub(crate) time_ns: i64,
    pub(crate) pid: u32,
    pub(crate) process_guid: u128,
    pub(crate) account: String,
    pub(crate) target: String,
    pub(crate) source: Option<String>,
    pub(crate) fstype: Option<String>,
}

/// Where the ring thread puts calls; never waits.
#[derive(Clone)]
pub(crate) struct MountQueue {
    calls: SyncSender<MountCall>,
    lost: Arc<AtomicU64>,
    bell: Arc<dyn Fn() + Send + Sync>,
}

impl MountQueue {
    pub(super) fn new(
        calls: SyncSender<MountCall>,
        lost: Arc<AtomicU64>,
        bell: Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        Self { calls, lost, bell }
    }

    /// A call that finds no room is counted.
    pub(crate) fn put(&self, call: MountCall) {
        match self.calls.try_send(call) {
            Ok(()) => (self.bell)(),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// A line of /proc/PID/mountinfo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mounted {
    pub(super) numbers: (u32, u32),
    pub(super) point: String,
    pub(super) fstype: Option<String>,
}

/// Mounts of whole file systems, in the kernel's order; lines that are none are left out.
pub(super) fn parse(list: &[u8]) -> impl Iterator<Item = Mounted> {
    list.split(|byte| *byte == b'\n').filter_map(|line| {
        let mut fields = line.split(|byte| *byte == b' ');
        let numbers = std::str::from_utf8(fields.nth(2)?).ok()?;
        let (major, minor) = numbers.split_once(':')?;
        let numbers = (major.parse().ok()?, minor.parse().ok()?);
        (fields.next()? == b"/").then_some(())?;
        let point = unescape(fields.next()?);
        let kind = fields.skip_while(|field| *field != b"-").nth(1);
        Some(Mounted { numbers, point: lossless(&point), fstype: kind.map(lossless) })
    })
}

/// Space, tab, end of line and backslash stand as `\ooo`.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((byte, after)) = rest.split_first() {
        let octal = after.get(..3).filter(|_| *byte == b'\\');
        let octal = octal.and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(value) => {
                out.push(value);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    out
}
