// SPDX-License-Identifier: Apache-2.0
//! Raw events to rows of the `win_*` tables. Takes events of any source in about the order of time;
//! knows no file, no thread and no clock: time is that of the events. A row waits a moment when the
//! record that completes it comes later (command line, path, server).

mod counts;
mod device;
mod dns;
mod file;
mod network;
mod packet;
mod process;
mod registry;
mod system;
mod tables;
mod thread;
mod tls;
mod web;

pub use counts::{DecodeCounts, EventKind};
pub use tables::tables;

use crate::fields::{Layout, Wide, classes as class};
use crate::raw::{EventClass, RawEvent, RawEventSink};
use crate::state::dns::Queries;
use crate::state::files::Files;
use crate::state::flows::{Flow, Flows};
use crate::state::images::Images;
use crate::state::keys::Keys;
use crate::state::paths::Paths;
use crate::state::processes::Processes;
use crate::state::recent::{Recent, Teller};
use counts::Outcome;
use evtables_schema::EventBatch;
use evtables_schema::ids::HostBoot;
use process::PendingRows;
use std::sync::Arc;
use tables::{Actor, BATCH_ROWS_MAX, Origin, Tables};

/// What the events do not say themselves.
#[derive(Debug, Clone, Default)]
pub struct DecodeSettings {
    /// Name of the computer.
    pub host_name: Option<String>,
    /// When it was booted, nanoseconds since the unix epoch.
    pub boot_ns: Option<i64>,
}

/// Makes rows of events.
pub struct Decoder {
    host_name: Option<Arc<str>>,
    now_ns: i64,
    processes: Processes,
    pending: PendingRows,
    /// A list of all running processes was seen: one that is unknown is new.
    running_seen: bool,
    files: Files,
    /// Deletions are told with their path; those told without are the same ones.
    delete_paths_seen: bool,
    keys: Keys,
    kernel_keys: Keys,
    images: Images,
    flows: Flows,
    queries: Queries,
    web: web::Web,
    tls: tls::Tls,
    packets: packet::Packets,
    paths: Paths,
    told_threads: Recent<(u32, u32)>,
    told_images: Recent<(u32, u64, u16)>,
    told_requests: Recent<(u64, u16)>,
    told_flows: Recent<(Flow, u16)>,
    tables: Tables,
    counts: DecodeCounts,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Decoder {
    /// A decoder that has seen nothing.
    #[must_use]
    pub fn new(settings: &DecodeSettings) -> Self {
        let boot_ns = settings.boot_ns.unwrap_or(0);
        let host = settings.host_name.as_deref().unwrap_or("");
        let host_boot = HostBoot::new(host, &boot_ns.to_string());
        Self {
            host_name: settings.host_name.as_deref().map(Arc::from),
            now_ns: i64::MIN,
            processes: Processes::new(host_boot, boot_ns),
            pending: PendingRows::default(),
            running_seen: false,
            files: Files::new(),
            delete_paths_seen: false,
            keys: Keys::new(),
            kernel_keys: Keys::new(),
            images: Images::new(),
            flows: Flows::new(),
            queries: Queries::new(),
            web: web::Web::new(),
            tls: tls::Tls::new(),
            packets: packet::Packets::new(),
            paths: Paths::new(),
            told_threads: Recent::new(),
            told_images: Recent::new(),
            told_requests: Recent::new(),
            told_flows: Recent::new(),
            tables: Tables::default(),
            counts: DecodeCounts::default(),
        }
    }

    /// Takes batches that are full.
    pub fn take_full(&mut self, into: &mut Vec<EventBatch>) {
        self.tables.take(BATCH_ROWS_MAX, into);
    }

    /// Takes all rows that wait for nothing.
    pub fn take_all(&mut self, into: &mut Vec<EventBatch>) {
        self.tables.take(1, into);
    }

    /// Ends the waiting of all rows, because no more events come, and takes them.
    pub fn finish(&mut self, into: &mut Vec<EventBatch>) {
        self.settle(i64::MAX);
        self.tables.take(1, into);
    }

    /// What became of the events so far.
    #[must_use]
    pub fn counts(&self) -> DecodeCounts {
        DecodeCounts {
            forgotten: self.processes.forgotten()
                + self.files.forgotten()
                + self.keys.forgotten()
                + self.kernel_keys.forgotten()
                + self.images.forgotten()
                + self.flows.forgotten()
                + self.queries.forgotten()
                + self.web.forgotten()
                + self.tls.forgotten()
                + self.packets.forgotten(),
            ..self.counts.clone()
        }
    }

    /// Time has come to `now_ns` without an event: ends the waiting of rows that waited long enough.
    pub fn tick(&mut self, now_ns: i64) {
        if now_ns > self.now_ns {
            self.now_ns = now_ns;
            self.settle(now_ns);
        }
    }

    /// Pushes rows that have waited long enough.
    fn settle(&mut self, now_ns: i64) {
        self.settle_processes(now_ns);
        self.settle_queries(now_ns);
        self.settle_requests(now_ns);
        self.settle_handshakes(now_ns);
        self.settle_captured(now_ns);
    }

    fn dispatch(&mut self, event: &RawEvent<'_>) -> Outcome {
        match (event.class, event.provider) {
            (EventClass::Manifest, class::KERNEL_PROCESS) => match event.id {
                1 | 2 | 15 => self.manifest_process(event),
                3 | 4 => self.manifest_thread(event),
                5 | 6 => self.manifest_image(event),
                _ => Outcome::Unmapped,
            },
            (EventClass::Classic, class::PROCESS) => self.kernel_process(event),
            (EventClass::Classic, class::THREAD) => self.kernel_thread(event),
            (EventClass::Classic, class::IMAGE) => self.kernel_image(event),
            (EventClass::Manifest, class::KERNEL_FILE) => self.manifest_file(event),
            (EventClass::Classic, class::FILE_IO) => self.kernel_file(event),
            (EventClass::Manifest, class::KERNEL_REGISTRY) => self.manifest_registry(event),
            (EventClass::Classic, class::REGISTRY) => self.kernel_registry(event),
            (EventClass::Manifest, class::KERNEL_NETWORK) => self.manifest_network(event),
            (EventClass::Classic, class::TCP_IP) => self.kernel_tcp(event),
            (EventClass::Classic, class::UDP_IP) => self.kernel_udp(event),
            (EventClass::Manifest, class::KERNEL_AUDIT_API) => self.audit(event),
            (EventClass::Manifest, class::DNS_CLIENT) => self.dns(event),
            (EventClass::Manifest, class::WEBIO) => self.webio(event),
            (EventClass::Manifest, class::WININET) => self.wininet(event),
            (EventClass::Manifest, class::KERNEL_PNP) => self.device(event),
            (EventClass::Manifest, class::NDIS_CAPTURE) => self.captured_fragment(event),
            (EventClass::Manifest, class::PKTMON) => self.captured_frame(event),
            (EventClass::Classic, class::SYSTEM_PATHS) => self.system_paths(event),
            (EventClass::Manifest, class::RECORDING) => self.recorded(event),
            _ => Outcome::Unmapped,
        }
    }

    /// Counts an event whose version is newer than its row of the table.
    fn note_version(&mut self, event: &RawEvent<'_>, layout: &Layout) {
        if event.version > layout.known {
            self.counts.newer(event);
        }
    }

    /// The process that a record names, as the subject of a row.
    fn actor(&mut self, pid: Option<u32>, time_ns: i64) -> Actor {
        let Some(pid) = pid else { return Actor::default() };
        let process = self.processes.touch(pid, time_ns);
        Actor {
            pid: Some(pid),
            guid: Some(process.guid),
            image: process.image().map(Arc::clone),
            owner: process.facts.owner.clone(),
        }
    }

    /// Text of a payload.
    fn text(wide: Option<Wide<'_>>) -> Option<Arc<str>> {
        let wide = wide.filter(|wide| !wide.is_empty())?;
        let mut text = String::new();
        wide.push_to(&mut text);
        Some(text.into())
    }

    /// A path of a payload, with drive letter.
    fn path(&self, wide: Option<Wide<'_>>) -> Option<Arc<str>> {
        let text = Self::text(wide)?;
        Some(match self.paths.dos(&text) {
            std::borrow::Cow::Borrowed(same) if same.len() == text.len() => text,
            other => other.into(),
        })
    }
}

impl RawEventSink for Decoder {
    fn event(&mut self, event: &RawEvent<'_>) {
        if event.time_ns > self.now_ns {
            self.now_ns = event.time_ns;
            self.settle(event.time_ns);
        }
        let outcome = self.dispatch(event);
        self.counts.add(event, outcome);
    }
}

fn origin(event: &RawEvent<'_>) -> Origin {
    let source = match event.provider {
        class::KERNEL_PROCESS => "Microsoft-Windows-Kernel-Process",
        class::KERNEL_FILE => "Microsoft-Windows-Kernel-File",
        class::KERNEL_REGISTRY => "Microsoft-Windows-Kernel-Registry",
        class::KERNEL_NETWORK => "Microsoft-Windows-Kernel-Network",
        class::KERNEL_AUDIT_API => "Microsoft-Windows-Kernel-Audit-API-Calls",
        class::KERNEL_PNP => "Microsoft-Windows-Kernel-PnP",
        class::DNS_CLIENT => "Microsoft-Windows-DNS-Client",
        class::WEBIO => "Microsoft-Windows-WebIO",
        class::WININET => "Microsoft-Windows-WinINet",
        class::NDIS_CAPTURE => "Microsoft-Windows-NDIS-PacketCapture",
        class::PKTMON => "Microsoft-Windows-PktMon",
        _ => "Windows Kernel Trace",
    };
    Origin { source, id: event.id }
}

fn teller(event: &RawEvent<'_>) -> Teller {
    match event.class {
        EventClass::Manifest => Teller::Manifest,
        _ => Teller::Kernel,
    }
}

#[cfg(test)]
mod tests;
