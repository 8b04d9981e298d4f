// SPDX-License-Identifier: Apache-2.0
//! Registry keys and values.

use super::counts::Outcome;
use super::{Decoder, origin};
use crate::bytes::{u32_at, u64_at};
use crate::fields::Wide;
use crate::fields::events::registry::{
    KernelRegistry, RegistryCreateOpen, RegistryDeleteValue, RegistryKey, RegistrySetValue,
};
use crate::raw::RawEvent;
use crate::state::keys::{Keys, Opened};
use crate::state::paths::short_key;
use evtables_schema::generated::registry_events::windows::Row;
use std::sync::Arc;

/// Disposition of a key that did not exist.
const CREATED_NEW: u32 = 1;

/// What a row says beside its key.
#[derive(Default)]
struct Change {
    value_type: Option<&'static str>,
    value_data: Option<String>,
    old_type: Option<&'static str>,
    old_data: Option<String>,
}

impl Decoder {
    pub(super) fn manifest_registry(&mut self, event: &RawEvent<'_>) -> Outcome {
        match event.id {
            1 | 2 => self.key_opened(event),
            3 | 12..=15 => self.key_touched(event),
            5 => self.value_set(event),
            6 => {
                self.note_version(event, &RegistryDeleteValue::LAYOUT);
                let deleted = RegistryDeleteValue::decode(event);
                if deleted.status != Some(0) {
                    return Outcome::LeftOut("failed");
                }
                let key = self.key_path(deleted.key_object, deleted.key_name, event.time_ns);
                self.push_value(
                    event,
                    "REG_DELETEVALUE",
                    key,
                    deleted.value_name,
                    &Change::default(),
                )
            }
            4 | 7..=11 => Outcome::LeftOut("no_change"),
            _ => Outcome::Unmapped,
        }
    }

    fn key_opened(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &RegistryCreateOpen::LAYOUT);
        let open = RegistryCreateOpen::decode(event);
        if open.status != Some(0) {
            return Outcome::LeftOut("failed");
        }
        let base_name = Self::text(open.base_name);
        let relative = Self::text(open.relative_name);
        let opened = Opened {
            base: open.base_object.unwrap_or(0),
            base_name: base_name.as_deref().unwrap_or(""),
            relative: relative.as_deref().unwrap_or(""),
        };
        let path = self.keys.resolve(opened, event.time_ns);
        if let (Some(path), Some(object)) = (&path, open.key_object) {
            self.keys.named(object, path);
        }
        if event.id == 1 && open.disposition == Some(CREATED_NEW) {
            return self.push_registry(event, "REG_CREATE", path, &Change::default());
        }
        Outcome::Learnt
    }

    fn key_touched(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &RegistryKey::LAYOUT);
        let key = RegistryKey::decode(event);
        match event.id {
            3 if key.status != Some(0) => Outcome::LeftOut("failed"),
            3 => {
                let path = self.key_path(key.key_object, key.key_name, event.time_ns);
                self.push_registry(event, "REG_DELETE", path, &Change::default())
            }
            13 => {
                if let Some(object) = key.key_object {
                    self.keys.closed(object, event.time_ns);
                }
                Outcome::Learnt
            }
            _ => Outcome::LeftOut("no_change"),
        }
    }

    fn value_set(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &RegistrySetValue::LAYOUT);
        let set = RegistrySetValue::decode(event);
        if set.status != Some(0) {
            return Outcome::LeftOut("failed");
        }
        let data = |kind: Option<u32>, bytes: Option<&[u8]>| {
            let bytes = bytes.filter(|bytes| !bytes.is_empty())?;
            Some(value_text(kind?, bytes))
        };
        let change = Change {
            value_type: set.value_type.and_then(type_name),
            value_data: data(set.value_type, set.captured_data),
            old_type: set.previous_type.filter(|kind| *kind != 0).and_then(type_name),
            old_data: data(set.previous_type, set.previous_data),
        };
        let key = self.key_path(set.key_object, set.key_name, event.time_ns);
        self.push_value(event, "REG_SETVALUE", key, set.value_name, &change)
    }

    /// The key of an object; its name in the record is mostly empty.
    fn key_path(
        &self,
        object: Option<u64>,
        name: Option<Wide<'_>>,
        time_ns: i64,
    ) -> Option<Arc<str>> {
        let named = Self::text(name).filter(|name| name.starts_with('\\'));
        named.or_else(|| self.keys.path(object?, time_ns))
    }

    /// The kernel's class: keys by the number of their control block, names relative to them.
    pub(super) fn kernel_registry(&mut self, event: &RawEvent<'_>) -> Outcome {
        self.note_version(event, &KernelRegistry::LAYOUT);
        let record = KernelRegistry::decode(event);
        let (Some(handle), Some(status)) = (record.key_handle, record.status) else {
            return if matches!(event.id, 10..=27) {
                Outcome::LeftOut("cut_payload")
            } else {
                Outcome::Unmapped
            };
        };
        let name = Self::text(record.key_name);
        let action = match event.id {
            22 | 24 | 25 => {
                if let Some(name) = &name {
                    self.kernel_keys.named(handle, name);
                }
                return Outcome::Learnt;
            }
            23 => {
                self.kernel_keys.closed(handle, event.time_ns);
                return Outcome::Learnt;
            }
            12 => "REG_DELETE",
            14 => "REG_SETVALUE",
            15 => "REG_DELETEVALUE",
            // Created and opened cannot be told apart in this class.
            10 | 11 => return Outcome::LeftOut("opened"),
            13 | 16..=21 | 26 | 27 => return Outcome::LeftOut("no_change"),
            _ => return Outcome::Unmapped,
        };
        if status != 0 {
            return Outcome::LeftOut("failed");
        }
        if self.keys.is_used() {
            return Outcome::LeftOut("told_twice");
        }
        let path = kernel_path(&self.kernel_keys, handle, name.as_deref(), event.time_ns);
        self.push_registry(event, action, path, &Change::default())
    }

    fn push_value(
        &mut self,
        event: &RawEvent<'_>,
        action: &'static str,
        key: Option<Arc<str>>,
        value: Option<Wide<'_>>,
        change: &Change,
    ) -> Outcome {
        // The value without a name is the default one.
        let name = Self::text(value);
        let path =
            key.map(|key| format!("{key}\\{}", name.as_deref().unwrap_or("(Default)")).into());
        self.push_registry(event, action, path, change)
    }

    fn push_registry(
        &mut self,
        event: &RawEvent<'_>,
        action: &'static str,
        path: Option<Arc<str>>,
        change: &Change,
    ) -> Outcome {
        let Some(path) = path else { return Outcome::LeftOut("unknown_key") };
        let actor = self.actor(event.pid, event.time_ns);
        let origin = origin(event);
        self.tables.registry.push(&Row {
            action,
            pid: actor.pid(),
            process_guid: actor.guid,
            process_name: actor.image(),
            target_name: Some(&path),
            target_new_name: None,
            value_type: change.value_type,
            value_data: change.value_data.as_deref(),
            owner_uid: actor.owner(),
            time: event.time_ns,
            target_object: Some(&short_key(&path)),
            old_value_type: change.old_type,
            old_value_data: change.old_data.as_deref(),
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
        Outcome::Row
    }
}

fn kernel_path(keys: &Keys, handle: u64, name: Option<&str>, time_ns: i64) -> Option<Arc<str>> {
    keys.resolve(Opened { base: handle, base_name: "", relative: name.unwrap_or("") }, time_ns)
}

fn type_name(kind: u32) -> Option<&'static str> {
    Some(match kind {
        0 => "REG_NONE",
        1 => "REG_SZ",
        2 => "REG_EXPAND_SZ",
        3 => "REG_BINARY",
        4 => "REG_DWORD",
        5 => "REG_DWORD_BIG_ENDIAN",
        6 => "REG_LINK",
        7 => "REG_MULTI_SZ",
        8 => "REG_RESOURCE_LIST",
        9 => "REG_FULL_RESOURCE_DESCRIPTOR",
        10 => "REG_RESOURCE_REQUIREMENTS_LIST",
        11 => "REG_QWORD",
        _ => return None,
    })
}

/// Data of a value in the words of Sysmon, which rules compare with.
fn value_text(kind: u32, bytes: &[u8]) -> String {
    let wide = |bytes: &[u8]| {
        let mut text = String::new();
        Wide::new(bytes).push_to(&mut text);
        text
    };
    match (kind, u32_at(bytes, 0), u64_at(bytes, 0)) {
        (1 | 2 | 6, ..) => wide(bytes).trim_end_matches('\0').to_owned(),
        (7, ..) => wide(bytes).trim_end_matches('\0').replace('\0', ";"),
        (4, Some(number), _) => format!("DWORD (0x{number:08x})"),
        (5, Some(number), _) => format!("DWORD (0x{:08x})", number.swap_bytes()),
        (11, _, Some(number)) => {
            format!("QWORD (0x{:08x}-0x{:08x})", number >> 32, number & 0xffff_ffff)
        }
        _ => "Binary Data".to_owned(),
    }
}
