// SPDX-License-Identifier: Apache-2.0
//! What a configuration says of live collection: tables, buffers, what is asked for beside events.

use crate::fields::classes;
use crate::providers::{PROVIDERS, Provider, Session, SessionBuffers, feeds};
use evtables_schema::TableSpec;
use std::collections::BTreeSet;

/// Settings of live collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSettings {
    /// Names of tables that are not filled. A provider all of whose tables are off is not enabled, but for that of
    /// processes, from which other tables know theirs.
    pub off: BTreeSet<String>,
    /// Most MiB of buffers of the session of processes.
    pub process_mib: u32,
    /// The same of files and registry.
    pub file_registry_mib: u32,
    /// The same of the rest.
    pub user_mib: u32,
    /// Whether frames of the network are looked at, for the handshakes in them.
    pub packets: bool,
    /// Whether the data of registry values is asked for.
    pub registry_data: bool,
    /// Whether files and keys that are open already are looked up.
    pub open_handles: bool,
}

impl LiveSettings {
    /// All tables, with the buffers of [`Session::buffers`].
    #[must_use]
    pub fn standard() -> Self {
        Self {
            off: BTreeSet::new(),
            process_mib: 16,
            file_registry_mib: 64,
            user_mib: 8,
            packets: false,
            registry_data: true,
            open_handles: true,
        }
    }

    /// Whether the table is filled.
    #[must_use]
    pub fn wants(&self, table: &TableSpec) -> bool {
        !self.off.contains(table.name)
    }

    /// Buffers of a session: of its own size, and as many as fit.
    #[must_use]
    pub fn buffers(&self, session: Session) -> SessionBuffers {
        let standard = session.buffers();
        let mib = match session {
            Session::Process => self.process_mib,
            Session::FileRegistry => self.file_registry_mib,
            Session::User => self.user_mib,
            Session::Packets | Session::FileNames => return standard,
        };
        let fit = u64::from(mib).saturating_mul(1 << 20) / u64::from(standard.bytes.max(1));
        // Windows wants two at least for each processor's worth of work, and takes more by itself.
        let count_max = u32::try_from(fit).unwrap_or(u32::MAX).max(4);
        SessionBuffers { count_max, count_min: standard.count_min.min(count_max), ..standard }
    }

    /// The provider as it is to be enabled; `None` when none of its tables is filled.
    #[must_use]
    pub fn provider(&self, provider: &Provider) -> Option<Provider> {
        let fills = feeds(provider).into_iter().any(|table| self.wants(table));
        // Processes are named in every table, and connections tell whose a frame is.
        let is_needed = provider.guid == classes::KERNEL_PROCESS
            || (self.packets && provider.guid == classes::KERNEL_NETWORK);
        if (provider.is_capture() && !self.packets) || !(fills || is_needed) {
            return None;
        }
        let data = self.registry_data || provider.guid != classes::KERNEL_REGISTRY;
        Some(Provider { own_filter: if data { provider.own_filter } else { &[] }, ..*provider })
    }

    /// Providers of a session as they are to be enabled.
    pub(crate) fn of_session(&self, session: Session) -> impl Iterator<Item = Provider> {
        let own = PROVIDERS.iter().filter(move |provider| provider.session == session);
        own.filter_map(|provider| self.provider(provider))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_settings_are_the_table_of_providers() {
        let settings = LiveSettings { packets: true, ..LiveSettings::standard() };
        for session in Session::LIVE {
            assert_eq!(settings.buffers(session), session.buffers(), "{session:?}");
        }
        for provider in PROVIDERS {
            let enabled = settings.provider(provider).unwrap();
            assert_eq!((enabled.guid, enabled.own_filter), (provider.guid, provider.own_filter));
        }
    }

    #[test]
    fn frames_are_for_those_who_ask() {
        let mut settings = LiveSettings::standard();
        assert_eq!(settings.of_session(Session::Packets).count(), 0);
        settings.packets = true;
        assert_eq!(settings.of_session(Session::Packets).count(), 2);
        let connections = |settings: &LiveSettings| {
            let mut own = settings.of_session(Session::User);
            own.any(|one| one.guid == classes::KERNEL_NETWORK)
        };
        settings.off.insert("win_socket_events".to_owned());
        assert!(connections(&settings), "they tell whose a frame is");
        settings.off.insert("win_ssl_events".to_owned());
        assert_eq!(settings.of_session(Session::Packets).count(), 0, "for what?");
        settings.packets = false;
        assert!(!connections(&settings));
    }

    #[test]
    fn a_provider_without_a_table_is_not_enabled_and_buffers_are_as_many_as_fit() {
        let mut settings = LiveSettings::standard();
        settings.off.insert("win_registry_events".to_owned());
        settings.off.insert("win_pefile_events".to_owned());
        settings.off.insert("win_process_events".to_owned());
        let left = |session| settings.of_session(session).map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(left(Session::FileRegistry), ["Microsoft-Windows-Kernel-File"]);
        assert!(left(Session::Process).contains(&"Microsoft-Windows-Kernel-Process"));
        settings.registry_data = false;
        settings.off.clear();
        let own: Vec<_> =
            settings.of_session(Session::FileRegistry).map(|one| one.own_filter).collect();
        assert!(own.iter().all(|filter| filter.is_empty()));
        settings.file_registry_mib = 1;
        let buffers = settings.buffers(Session::FileRegistry);
        assert_eq!((buffers.bytes, buffers.count_min, buffers.count_max), (256 << 10, 4, 4));
    }
}
