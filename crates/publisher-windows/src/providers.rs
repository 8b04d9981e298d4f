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
    /// Its name in Windows: always the same, so that one that was left behind is found.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "evtables-process",
            Self::FileRegistry => "evtables-file-registry",
            Self::User => "evtables-user",
        }
    }

    /// Its buffers: short delays for processes, room for bursts elsewhere.
    #[must_use]
    pub fn buffers(self) -> SessionBuffers {
        let (bytes, count_min, count_max, flush_ms) = match self {
            Self::Process => (64 * 1024, 64, 256, 20),
            Self::FileRegistry => (256 * 1024, 64, 256, 200),
            Self::User => (64 * 1024, 32, 128, 200),
        };
        SessionBuffers { bytes, count_min, count_max, flush_ms }
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
        // API and L3 connect.
        keywords: 0,
        ids: &[17, 104, 201],
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
];

/// Groups of the kernel that the session of processes adds as a system logger: processes, whose class is the
/// only source of command lines.
pub const KERNEL_FLAGS: u32 = 0x1;

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
        classes::WEBIO | classes::WININET => vec![&g::http_events::windows::TABLE],
        classes::KERNEL_PNP => vec![&g::removable_media_events::windows::TABLE],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::layouts;
    use crate::raw::EventClass;

    fn of(name: &str) -> &'static Provider {
        PROVIDERS.iter().find(|provider| provider.name.ends_with(name)).unwrap()
    }

    #[test]
    fn identifiers_and_masks_are_those_of_the_manifests() {
        for (name, guid, keywords) in [
            ("Kernel-Process", "22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716", 0x70),
            ("Kernel-File", "edd08927-9cc4-4e65-b970-c2560fb5c289", 0x1eb0),
            ("Kernel-Registry", "70eb4f03-c1de-4f73-a051-33d13d5413bd", 0x7301),
            ("Kernel-Network", "7dd42a49-5329-4832-8dfd-43d979153a88", 0x30),
            ("Audit-API-Calls", "e02a841c-75a3-4fa7-afc8-ae09cf9b7f23", 0),
            ("DNS-Client", "1c95126e-7eea-49a9-a3fe-a378b03ddb4d", 0),
            ("WebIO", "50b3e73c-9370-461d-bb9f-26f32d68887d", 0),
            ("WinINet", "43d1a55c-76d6-4f7e-995c-64c711e5cafe", 0x1),
            ("Kernel-PnP", "9c205a39-1250-487d-abd7-e831c6290539", 0),
        ] {
            let provider = of(name);
            assert_eq!(
                (provider.guid.to_string().as_str(), provider.keywords),
                (guid, keywords),
                "{name}"
            );
        }
        assert_eq!(PROVIDERS.len(), 9);
        assert_eq!(of("Kernel-Registry").own_filter, 2u32.to_le_bytes());
    }

    #[test]
    fn every_table_has_a_provider() {
        for table in crate::decode::tables() {
            let fed = PROVIDERS.iter().any(|provider| feeds(provider).contains(&table));
            assert!(fed, "nobody feeds {}", table.name);
        }
        assert!(PROVIDERS.iter().all(|provider| !feeds(provider).is_empty()));
    }

    #[test]
    fn every_id_is_known_in_its_latest_version() {
        for provider in PROVIDERS {
            assert!(!provider.ids.is_empty() && provider.ids.is_sorted(), "{}", provider.name);
            for id in provider.ids {
                let known = layouts().any(|row| {
                    row.class == EventClass::Manifest
                        && row.provider == provider.guid
                        && row.ids.contains(id)
                });
                assert!(known, "{} {id}", provider.name);
            }
        }
        let latest = |name: &str, id: u16| {
            let guid = of(name).guid;
            layouts().find(|row| row.provider == guid && row.ids.contains(&id)).unwrap().known
        };
        // Windows 11 24H2 sends version 4 of the start of a process, 26H1 version 5.
        assert_eq!((latest("Kernel-Process", 1), latest("Kernel-Process", 2)), (5, 2));
        assert_eq!((latest("Kernel-Process", 3), latest("Kernel-File", 12)), (1, 1));
        assert_eq!((latest("WebIO", 201), latest("Kernel-Registry", 5)), (1, 0));
    }

    #[test]
    fn sessions_are_large_enough_and_few() {
        for session in [Session::Process, Session::FileRegistry, Session::User] {
            let buffers = session.buffers();
            let most = u64::from(buffers.bytes) * u64::from(buffers.count_max);
            assert!((8 << 20..=64 << 20).contains(&most), "{session:?}");
            assert!(session.name().starts_with("evtables-") && buffers.count_min >= 32);
        }
        assert_eq!(Session::Process.buffers().flush_ms, 20);
    }
}
