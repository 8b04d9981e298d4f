// SPDX-License-Identifier: Apache-2.0
//! Removable disks that come and go.

use super::counts::Outcome;
use super::{Decoder, origin};
use crate::fields::events::device::{DeviceConfigured, DeviceDeleted, DeviceStarted};
use crate::raw::RawEvent;
use evtables_schema::generated::removable_media_events::windows::Row;

/// Beginning of the instance ids of disks on USB.
const USB_STORAGE: &str = "USBSTOR\\";

impl Decoder {
    pub(super) fn device(&mut self, event: &RawEvent<'_>) -> Outcome {
        let (action, id) = match event.id {
            410 => {
                self.note_version(event, &DeviceStarted::LAYOUT);
                ("MEDIA_INSERT", DeviceStarted::decode(event).device_instance_id)
            }
            420 => {
                self.note_version(event, &DeviceDeleted::LAYOUT);
                ("MEDIA_EJECT", DeviceDeleted::decode(event).device_instance_id)
            }
            400 | 430 => {
                self.note_version(event, &DeviceConfigured::LAYOUT);
                return Outcome::LeftOut("told_by_start");
            }
            _ => return Outcome::Unmapped,
        };
        let Some(id) = Self::text(id) else { return Outcome::LeftOut("cut_payload") };
        let head = id.get(..USB_STORAGE.len()).unwrap_or("");
        if !head.eq_ignore_ascii_case(USB_STORAGE) {
            return Outcome::LeftOut("no_removable_disk");
        }
        let actor = self.actor(event.pid, event.time_ns);
        let origin = origin(event);
        self.tables.media.push(&Row {
            action,
            uid: actor.owner(),
            time: event.time_ns,
            pid: actor.pid(),
            device_id: Some(&id),
            device_description: None,
            class_name: None,
            vendor_ids: None,
            location: None,
            host_name: self.host_name.as_deref(),
            source: Some(origin.source),
            source_eventid: Some(origin.id.into()),
            record_id: None,
            rule_name: None,
        });
        Outcome::Row
    }
}
