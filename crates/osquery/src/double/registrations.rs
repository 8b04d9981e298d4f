// SPDX-License-Identifier: Apache-2.0
//! Which extensions are registered, and whether another may be: the rules and words of core.

use std::collections::{BTreeMap, BTreeSet};

use crate::message::{ExtensionInfo, Registry, Rows, Uuid};

/// Registries that core has.
const REGISTRIES: [&str; 14] = [
    "carver_storage",
    "config",
    "config_parser",
    "database",
    "distributed",
    "enroll",
    "event_publisher",
    "event_subscriber",
    "killswitch",
    "logger",
    "numeric_monitoring",
    "sql",
    "table",
    "view",
];
/// Oldest SDK that core takes.
const SDK_MIN: [u32; 3] = [1, 7, 7];

#[derive(Debug)]
struct Registration {
    info: ExtensionInfo,
    registry: Registry,
}

#[derive(Debug, Default)]
pub(crate) struct Registrations {
    by_uuid: BTreeMap<Uuid, Registration>,
    pub(crate) core_tables: BTreeSet<String>,
    given: i64,
}

impl Registrations {
    /// Takes an extension in, or says why not, in core's words.
    pub(crate) fn register(
        &mut self,
        info: ExtensionInfo,
        registry: Registry,
    ) -> Result<Uuid, String> {
        if !info.sdk_version.is_empty() && version(&info.sdk_version) < SDK_MIN {
            return Err("Incompatible extension SDK version".to_owned());
        }
        if self.uuid_of(&info.name).is_some() {
            return Err("Duplicate extension registered".to_owned());
        }
        for (name, routes) in &registry {
            if !REGISTRIES.contains(&name.as_str()) {
                return Err(format!("Failed adding registry: Unknown registry: {name}"));
            }
            for (item, rows) in routes {
                self.check_item(name, item, rows)?;
            }
        }
        let uuid = self.next_uuid();
        self.by_uuid.insert(uuid, Registration { info, registry });
        Ok(uuid)
    }

    fn check_item(&self, registry: &str, item: &str, rows: &Rows) -> Result<(), String> {
        let is_table = registry == "table";
        let taken = self.by_uuid.values().any(|known| {
            known.registry.get(registry).is_some_and(|known| known.contains_key(item))
        });
        if taken || (is_table && self.core_tables.contains(item)) {
            return Err(format!(
                "Failed adding registry: Registry item {item} conflicts with another item of the same name."
            ));
        }
        let is_column =
            |row: &BTreeMap<String, String>| row.get("id").is_some_and(|id| id == "column");
        if is_table && !rows.iter().any(is_column) {
            return Err("Failed adding registry: Invalid route info".to_owned());
        }
        Ok(())
    }

    /// Scattered like core's random ones, yet never the same twice within 65,535.
    fn next_uuid(&mut self) -> Uuid {
        loop {
            self.given += 1;
            let uuid = Uuid(self.given * 25_173 % 65_536);
            if uuid.0 != 0 && !self.by_uuid.contains_key(&uuid) {
                return uuid;
            }
        }
    }

    pub(crate) fn infos(&self) -> BTreeMap<Uuid, ExtensionInfo> {
        self.by_uuid.iter().map(|(uuid, known)| (*uuid, known.info.clone())).collect()
    }

    pub(crate) fn uuid_of(&self, name: &str) -> Option<Uuid> {
        self.by_uuid.iter().find(|(_, known)| known.info.name == name).map(|(uuid, _)| *uuid)
    }

    pub(crate) fn table(&self, name: &str) -> Option<(Uuid, &Rows)> {
        self.by_uuid
            .iter()
            .find_map(|(uuid, known)| Some((*uuid, known.registry.get("table")?.get(name)?)))
    }

    /// The extension that serves a plug-in.
    pub(crate) fn owner(&self, registry: &str, item: &str) -> Option<Uuid> {
        let serves = |known: &&Registration| {
            known.registry.get(registry).is_some_and(|items| items.contains_key(item))
        };
        let mut all = self.by_uuid.iter();
        all.find(|(_, known)| serves(known)).map(|(uuid, _)| *uuid)
    }

    pub(crate) fn table_names(&self) -> BTreeSet<String> {
        let tables = self.by_uuid.values().filter_map(|known| known.registry.get("table"));
        tables.flat_map(|tables| tables.keys().cloned()).collect()
    }

    pub(crate) fn drop_uuid(&mut self, uuid: Uuid) -> bool {
        self.by_uuid.remove(&uuid).is_some()
    }

    pub(crate) fn drop_named(&mut self, name: &str) -> bool {
        self.uuid_of(name).is_some_and(|uuid| self.drop_uuid(uuid))
    }

    pub(crate) fn clear(&mut self) {
        self.by_uuid.clear();
    }
}

/// "5.0.0" as numbers; what is missing or no number is 0.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}
