// SPDX-License-Identifier: Apache-2.0
//! Which providers a live collection enables, in which session, with which keywords and event ids.
//! Facts and choices only: whoever calls Windows reads this table.

use crate::fields::classes;
use crate::guid::Guid;
use evtables_schema::{TableSpec, generated as g};

/// Sessions, by what their buffers must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Session {
    /// Processes, threads, images: few events that must come at once.
    Process,
    /// Files and registry: very many events.
    FileRegistry,
    /// Providers in user mode and the rest.
    User,
    /// Frames of the network, when they are asked for.
    Packets,
    /// Lists the files that are open, and is gone again (`live/seeds.rs`).
    FileNames,
}

/// Buffers of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionBuffers {
    /// Bytes of one buffer.
    pub bytes: u32,
    /// Fewest buffers.
    pub count_min: u32,
    /// Most buffers.
    pub count_max: u32,
    /// Milliseconds after which a buffer that is not full is delivered.
    pub flush_ms: u32,
}

impl Session {
    /// All that live collection has open, those of short delays first.
    pub const LIVE: [Self; 4] = [Self::Process, Self::FileRegistry, Self::User, Self::Packets];

    /// Its name in Windows: always the same, so that one that was left behind is found.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "evtables-process",
            Self::FileRegistry => "evtables-file-registry",
            Self::User => "evtables-user",
            Self::Packets => "evtables-packets",
            Self::FileNames => "evtables-file-names",
        }
    }

    /// Its buffers: short delays for processes, room for bursts elsewhere.
    #[must_use]
    pub fn buffers(self) -> SessionBuffers {
        let (bytes, count_min, count_max, flush_ms) = match self {
            Self::Process => (64 * 1024, 64, 256, 20),
            Self::FileRegistry => (256 * 1024, 64, 256, 200),
            Self::User => (64 * 1024, 32, 128, 200),
            Self::Packets => (256 * 1024, 32, 128, 200),
            Self::FileNames => (256 * 1024, 32, 128, 200),
        };
        SessionBuffers { bytes, count_min, count_max, flush_ms }
    }

    /// Groups of the kernel that it asks for as a system logger; 0 for none.
    #[must_use]
    pub fn kernel_flags(self) -> u32 {
        match self {
            Self::Process => KERNEL_FLAGS,
            Self::FileNames => FILE_NAME_FLAGS,
            Self::FileRegistry | Self::User | Self::Packets => 0,
        }
    }
}

/// One provider to be enabled.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// Name in its manifest.
    pub name: &'static str,
    /// Its GUID.
    pub guid: Guid,
    /// Session that it is enabled in.
    pub session: Session,
    /// Keyword bits, any of which an event must have; 0 for all events.
    pub keywords: u64,
    /// Ids that are wanted; all others are turned off at the source. Empty for all.
    pub ids: &'static [u16],
    /// Whether it must be asked for what is there already.
    pub capture_state: bool,
    /// Bytes of a filter that only this provider understands.
    pub own_filter: &'static [u8],
}

impl Provider {
    /// Whether it shows frames of the network, which nobody gets who did not ask for them.
    #[must_use]
    pub fn is_capture(&self) -> bool {
        self.session == Session::Packets
    }
}

/// Keyword bits of the file provider.
pub mod file_keywords {
    /// Names given to and taken from keys.
    pub const FILENAME: u64 = 0x10;
    /// Nearly everything.
    pub const FILEIO: u64 = 0x20;
    /// Ends of operations.
    pub const OP_END: u64 = 0x40;
    /// Opens.
    pub const CREATE: u64 = 0x80;
    /// Writes.
    pub const WRITE: u64 = 0x200;
    /// Deletions with their path.
    pub const DELETE_PATH: u64 = 0x400;
    /// Renames and links with their path.
    pub const RENAME_SETLINK_PATH: u64 = 0x800;
    /// New files.
    pub const CREATE_NEW_FILE: u64 = 0x1000;
}

/// Keyword bits of the registry provider.
pub mod registry_keywords {
    /// Closes.
    pub const CLOSE_KEY: u64 = 0x1;
    /// Values set.
    pub const SET_VALUE_KEY: u64 = 0x100;
    /// Values deleted.
    pub const DELETE_VALUE_KEY: u64 = 0x200;
    /// Keys created.
    pub const CREATE_KEY: u64 = 0x1000;
    /// Keys opened.
    pub const OPEN_KEY: u64 = 0x2000;
    /// Keys deleted.
    pub const DELETE_KEY: u64 = 0x4000;
}

/// All providers.
pub const PROVIDERS: &[Provider] = &[
    Provider {
        name: "Microsoft-Windows-Kernel-Process",
        guid: classes::KERNEL_PROCESS,
        session: Session::Process,
        // Processes, threads, images.
        keywords: 0x10 | 0x20 | 0x40,
        ids: &[1, 2, 3, 5, 6, 15],
        capture_state: true,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-Kernel-Audit-API-Calls",
        guid: classes::KERNEL_AUDIT_API,
        session: Session::Process,
        keywords: 0,
        ids: &[5],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-Kernel-File",
        guid: classes::KERNEL_FILE,
        session: Session::FileRegistry,
        keywords: file_keywords::FILENAME
            | file_keywords::FILEIO
            | file_keywords::CREATE
            | file_keywords::WRITE
            | file_keywords::DELETE_PATH
            | file_keywords::RENAME_SETLINK_PATH
            | file_keywords::CREATE_NEW_FILE,
        ids: &[10, 11, 12, 14, 16, 18, 26, 27, 28, 30],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-Kernel-Registry",
        guid: classes::KERNEL_REGISTRY,
        session: Session::FileRegistry,
        keywords: registry_keywords::CLOSE_KEY
            | registry_keywords::SET_VALUE_KEY
            | registry_keywords::DELETE_VALUE_KEY
            | registry_keywords::CREATE_KEY
            | registry_keywords::OPEN_KEY
            | registry_keywords::DELETE_KEY,
        ids: &[1, 2, 3, 5, 6, 13],
        capture_state: false,
        // Without it the data of values is left out.
        own_filter: &[2, 0, 0, 0],
    },
    Provider {
        name: "Microsoft-Windows-Kernel-Network",
        guid: classes::KERNEL_NETWORK,
        session: Session::User,
        // Versions 4 and 6, not TCP and UDP.
        keywords: 0x10 | 0x20,
        ids: &[12, 13, 15, 28, 29, 31, 42, 43, 58, 59],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-DNS-Client",
        guid: classes::DNS_CLIENT,
        session: Session::User,
        keywords: 0,
        ids: &[3006, 3008, 3010, 3011],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-WebIO",
        guid: classes::WEBIO,
        session: Session::User,
        // Some of its events have no keywords: ids choose.
        keywords: 0,
        ids: &[17, 104, 201, 700, 704, 705],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-WinINet",
        guid: classes::WININET,
        session: Session::User,
        // Handles.
        keywords: 0x1,
        ids: &[103, 104],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-Kernel-PnP",
        guid: classes::KERNEL_PNP,
        session: Session::User,
        keywords: 0,
        ids: &[410, 420],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-NDIS-PacketCapture",
        guid: classes::NDIS_CAPTURE,
        session: Session::Packets,
        // Ethernet, mobile networks, tunnels.
        keywords: 0x1 | 0x200 | 0x8000,
        ids: &[1001],
        capture_state: false,
        own_filter: &[],
    },
    Provider {
        name: "Microsoft-Windows-PktMon",
        guid: classes::PKTMON,
        session: Session::Packets,
        // Bytes of frames.
        keywords: 0x10,
        ids: &[160],
        capture_state: false,
        own_filter: &[],
    },
];

/// Groups of the kernel that the session of processes adds as a system logger: processes, whose class is the
/// only source of command lines.
pub const KERNEL_FLAGS: u32 = 0x1;

/// Group of the kernel that lists the names of all open files when its session ends (`EVENT_TRACE_FLAG_DISK_FILE_IO`).
pub const FILE_NAME_FLAGS: u32 = 0x200;

/// Tables that a provider's events are rows of.
#[must_use]
pub fn feeds(provider: &Provider) -> Vec<&'static TableSpec> {
    match provider.guid {
        classes::KERNEL_PROCESS => vec![
            &g::process_events::windows::TABLE,
            &g::remote_thread_events::windows::TABLE,
            &g::image_load_events::windows::TABLE,
            &g::image_load_process_map::windows::TABLE,
        ],
        classes::KERNEL_AUDIT_API => vec![&g::process_open_events::windows::TABLE],
        classes::KERNEL_FILE => vec![
            &g::file_events::windows::TABLE,
            &g::pefile_events::windows::TABLE,
            &g::named_pipe_events::windows::TABLE,
        ],
        classes::KERNEL_REGISTRY => vec![&g::registry_events::windows::TABLE],
        classes::KERNEL_NETWORK => vec![&g::socket_events::windows::TABLE],
        classes::DNS_CLIENT => {
            vec![&g::dns_events::windows::TABLE, &g::dns_response_events::windows::TABLE]
        }
        classes::WEBIO => vec![&g::http_events::windows::TABLE, &g::ssl_events::windows::TABLE],
        classes::WININET => vec![&g::http_events::windows::TABLE],
        classes::NDIS_CAPTURE | classes::PKTMON => vec![&g::ssl_events::windows::TABLE],
        classes::KERNEL_PNP => vec![&g::removable_media_events::windows::TABLE],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_provider() {
        for table in crate::decode::tables() {
            let fed = PROVIDERS.iter().any(|provider| feeds(provider).contains(&table));
            assert!(fed, "nobody feeds {}", table.name);
        }
        assert!(PROVIDERS.iter().all(|provider| !feeds(provider).is_empty()));
    }

    #[test]
    fn every_provider_says_which_events_it_is_asked_for() {
        for provider in PROVIDERS {
            assert!(!provider.ids.is_empty() && provider.ids.is_sorted(), "{}", provider.name);
        }
    }

    #[test]
    fn sessions_are_large_enough_and_few() {
        for session in Session::LIVE.into_iter().chain([Session::FileNames]) {
            let buffers = session.buffers();
            let most = u64::from(buffers.bytes) * u64::from(buffers.count_max);
            assert!((8 << 20..=64 << 20).contains(&most), "{session:?}");
            assert!(session.name().starts_with("evtables-") && buffers.count_min >= 32);
        }
        assert_eq!(Session::Process.buffers().flush_ms, 20);
    }
}
