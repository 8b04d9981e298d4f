// SPDX-License-Identifier: Apache-2.0
//! Raw records to rows of tables. No files, no threads: all that a row holds is in the record, or
//! is handed in. One file per table, each with a type that collects its rows ([`Rows`]).

mod call;
mod container;
mod dns;
mod elf;
mod file;
mod http;
mod process;
mod socket;
mod text;
mod tls;

use crate::clock::BootClock;
use crate::media::MountQueue;
use crate::record::{Actor, Components, Exec, Record, Text};
use evtables_schema::EventBatch;
use evtables_schema::ids::{HostBoot, process_guid};
use evtables_sdk::Outcome;
use std::fmt::Write;

pub(crate) use call::{
    AttrRows, BpfRows, ContainerRows, CredentialRows, ImageMapRows, ImageRows, InjectRows,
    IoUringRows, MediaRows, MemoryRows, ModuleRows, MountRows, NamespaceRows, OpenRows, PipeRows,
    PrctlRows, SignalRows, SysctlRows, TimestompRows, UserRows,
};
pub(crate) use dns::{DnsResponseRows, DnsRows};
pub(crate) use elf::ElfRows;
pub(crate) use file::FileRows;
pub(crate) use http::HttpRows;
pub(crate) use process::{Arguments, ProcessRows};
pub(crate) use socket::{SOCKET_ACTIONS, SocketRows};
pub(crate) use text::push_lossless;
pub(crate) use tls::TlsRows;

/// Rows at which a batch is closed.
pub(crate) const BATCH_ROWS_MAX: usize = 1_024;

/// What all tables need to make rows.
pub(crate) struct Context {
    pub(crate) host: HostBoot,
    pub(crate) page_bytes: u64,
    pub(crate) clock: BootClock,
    /// Where mounts are put for the thread of media, when its table is on.
    pub(crate) mounts: Option<MountQueue>,
}

impl Context {
    pub(crate) fn new(host: HostBoot, page_bytes: u64) -> Self {
        Self { host, page_bytes, clock: BootClock::new(), mounts: None }
    }

    /// Identity of the acting process.
    fn guid(&self, actor: &Actor) -> u128 {
        self.guid_of(actor.start_ns, actor.pid)
    }

    /// Identity of any process.
    fn guid_of(&self, start_ns: u64, pid: u32) -> u128 {
        process_guid(self.host, start_ns, pid)
    }

    /// Wall clock of the record.
    fn time(&self, actor: &Actor) -> i64 {
        self.clock.wall_ns(actor.time_ns)
    }
}

/// What became of a record in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    /// One row.
    Row,
    /// No row, and that is counted, with the reason.
    No(Outcome, &'static str),
    /// The table has nothing to do with it.
    Nothing,
}

/// Collects rows of one table until a batch is taken.
pub(crate) trait Rows: Send {
    /// Appends the row of a record.
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made;
    /// Rows collected.
    fn rows(&self) -> usize;
    /// Takes the rows collected.
    fn finish(&mut self) -> EventBatch;
}

/// The acting account, as a number: an enricher puts the name in its place.
fn account(out: &mut String, actor: &Actor) {
    out.clear();
    let written = write!(out, "{}", actor.euid);
    debug_assert!(written.is_ok(), "a string takes all text");
}

/// The permissions in a mode, as `chmod` takes them.
fn write_mode(out: &mut String, mode: u64) {
    out.clear();
    let written = write!(out, "{:04o}", mode & 0o7777);
    debug_assert!(written.is_ok(), "a string takes all text");
}

/// Whole seconds of a time in nanoseconds.
fn seconds(ns: i64) -> i64 {
    ns.div_euclid(1_000_000_000)
}

/// Container of an exec, as its row tells it; `text` holds it.
pub(crate) fn container_of<'a>(exec: &Exec<'_>, text: &'a mut String) -> Option<&'a str> {
    text.clear();
    write_path(text, &mut Vec::new(), exec.cgroup, exec.cgroup_cut());
    container::of_cgroup(text).map(|container| container.id)
}

/// A path without its head begins with `...`.
pub(crate) fn write_path(out: &mut String, bytes: &mut Vec<u8>, path: Components<'_>, cut: bool) {
    bytes.clear();
    if cut {
        bytes.extend_from_slice(b"...");
    }
    path.join_into(bytes);
    out.clear();
    text::push_lossless(out, bytes);
}

/// A path argument, absolute, with `.` and `..` resolved by text.
fn write_argument(out: &mut String, bytes: &mut Vec<u8>, path: Text<'_>) {
    bytes.clear();
    if path.cut {
        bytes.extend_from_slice(b"...");
    }
    path.at.join_into(bytes);
    let given: &[u8] = path.given.strip_prefix(b"/").unwrap_or(path.given);
    let folder = std::mem::take(bytes);
    text::push_absolute(bytes, &folder, given);
    out.clear();
    text::push_lossless(out, bytes);
}

/// From the kernel's encoding of a device (major << 20 | minor) to that of stat(2).
fn stat_device(device: u32) -> u64 {
    let (major, minor) = (u64::from(device >> 20), u64::from(device & 0xf_ffff));
    (minor & 0xff) | (major & 0xfff) << 8 | (minor & !0xff) << 12 | (major & !0xfff) << 32
}

/// SQL has no unsigned integers; values beyond are not met in practice and saturate.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
