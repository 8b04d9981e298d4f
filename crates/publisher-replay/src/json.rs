// SPDX-License-Identifier: Apache-2.0
//! Events as JSON, one reader for all dialects: NXLog's flat one, other flat ones, winlogbeat's (old
//! and new), and the JSON form of event XML (`evtx_dump`). A key and the place that it stands in say
//! what a value is; what is not known there is a field of the event.

use crate::finish;
use crate::json_keys::{Key, Naming, Place, key_of};
use crate::place;
use crate::record::{Block, Draft, Name, Span};
use crate::time::{self, SECOND};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt::{self, Write as _};

const HOUR: i64 = 3_600 * SECOND;
/// Depth of objects and arrays.
const DEPTH_MAX: u8 = 32;

/// Reads the records of one input; learns by how much its clock is off.
#[derive(Debug, Default)]
pub(crate) struct JsonReader {
    /// What a collector's time must be corrected by, of the last record whose sensor gave the time too.
    offset: Option<i64>,
    /// Records of the block at hand whose time may be off: position and, where the record itself
    /// says by how much, the correction.
    unsettled: Vec<(usize, Option<i64>)>,
}

/// What a record says about its time.
#[derive(Debug, Default)]
struct Times {
    timestamp: Option<i64>,
    event_time: Option<i64>,
    created: Option<i64>,
    is_beat: bool,
}

impl JsonReader {
    /// Reads one object. The reason is one word.
    pub(crate) fn read(&mut self, json: &[u8], block: &mut Block) -> Result<(), &'static str> {
        let at = block.len();
        let mut draft = block.draft();
        draft.head.event_id = -1;
        let mut walk = Walk {
            draft: &mut draft,
            times: Times::default(),
            message: None,
            depth: 0,
            full: false,
        };
        let mut reader = serde_json::Deserializer::from_slice(json);
        let read = At { walk: &mut walk, place: Place::Root }.deserialize(&mut reader);
        let (times, message, full) = (walk.times, walk.message, walk.full);
        read.and_then(|()| reader.end()).map_err(|_| "bad_json")?;
        if full {
            return Err("too_many_fields");
        }
        if draft.str(draft.head.provider).is_empty() {
            let name =
                draft.find("ProviderName").or_else(|| draft.find("Provider")).map(str::to_owned);
            if let Some(name) = name {
                draft.head.provider = draft.put(&name);
            }
        }
        keep_message(&mut draft, message);
        let sensor = finish::sensor_time(&draft);
        let own = draft.head.time_ns;
        draft.head.time_ns = times.best(own);
        let is_doubtful = times.is_doubtful() && own == 0;
        let correction = sensor.map(|ns| round(ns - draft.head.time_ns));
        finish::commit(draft)?;
        if is_doubtful {
            self.unsettled.push((at, correction));
        }
        Ok(())
    }

    /// Corrects the times of a block that is about to leave: a record without a sensor's time is off
    /// by as much as the nearest before it that has one, else after it.
    pub(crate) fn settle(&mut self, block: &mut Block) {
        let mut offset = self.offset.or_else(|| self.unsettled.iter().find_map(|(_, own)| *own));
        for (at, own) in self.unsettled.drain(..) {
            match own {
                Some(_) => offset = own,
                None => {
                    if let Some(head) = block.heads_mut().get_mut(at) {
                        head.time_ns = head.time_ns.saturating_add(offset.unwrap_or(0));
                    }
                }
            }
        }
        self.offset = offset;
    }
}

/// Clocks are off by whole hours; what is less is delay.
fn round(difference: i64) -> i64 {
    (difference + difference.signum() * HOUR / 2) / HOUR * HOUR
}

impl Times {
    /// `own` is the time that stands where event XML has it; 0 when none does.
    fn best(&self, own: i64) -> i64 {
        if own != 0 {
            return own;
        }
        // A collector's stamp is late by seconds or minutes, but its hour is right; the event's own
        // local time is exact, but its hour is not.
        if let (Some(local), Some(stamp)) = (self.event_time, self.timestamp)
            && !self.is_beat
        {
            return local + round(stamp - local);
        }
        let flat = self.created.or(self.timestamp);
        let found = if self.is_beat || self.event_time.is_some() {
            self.timestamp.or(self.event_time).or(flat)
        } else {
            flat
        };
        found.unwrap_or(0)
    }

    fn is_doubtful(&self) -> bool {
        let zoneless = self.event_time.is_some() && self.timestamp.is_none();
        zoneless || (!self.is_beat && self.event_time.is_none())
    }
}

/// The rendered message is kept only where the data of the event is nowhere else.
fn keep_message(draft: &mut Draft<'_>, message: Option<&RawValue>) {
    let Some(message) = message else { return };
    let is_lost = draft.field_count() == 0 || draft.find("EventType") == Some("INFO");
    if is_lost && let Ok(text) = serde_json::from_str::<String>(message.get()) {
        draft.head.message = draft.put(&text);
    }
}

struct Walk<'w, 'b, 'j> {
    draft: &'w mut Draft<'b>,
    times: Times,
    message: Option<&'j RawValue>,
    depth: u8,
    /// There were more fields than a record may have.
    full: bool,
}

/// A value and the place that it stands in.
struct At<'s, 'w, 'b, 'j> {
    walk: &'s mut Walk<'w, 'b, 'j>,
    place: Place,
}

impl<'j> DeserializeSeed<'j> for At<'_, '_, '_, 'j> {
    type Value = ();

    fn deserialize<D: Deserializer<'j>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.place {
            Place::Nothing => deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(drop),
            Place::Key(Key::Message) => {
                self.walk.message = Some(serde::Deserialize::deserialize(deserializer)?);
                Ok(())
            }
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'j> Visitor<'j> for At<'_, '_, '_, 'j> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an event")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.walk.put_text(self.place, text);
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.walk.put_number(self.place, number);
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.walk.put_number(self.place, i64::from_le_bytes(number.to_le_bytes()));
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.walk.put_text(self.place, &number.to_string());
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<(), E> {
        self.walk.put_text(self.place, if truth { "true" } else { "false" });
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'j>>(self, mut items: A) -> Result<(), A::Error> {
        // Several values at one place: several fields, as unnamed data is.
        while items.next_element_seed(At { walk: &mut *self.walk, place: self.place })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<(), A::Error> {
        if self.walk.depth >= DEPTH_MAX {
            return Err(serde::de::Error::custom("too deep"));
        }
        self.walk.depth += 1;
        while let Some(place) =
            map.next_key_seed(KeyAt { walk: &mut *self.walk, parent: self.place })?
        {
            map.next_value_seed(At { walk: &mut *self.walk, place })?;
        }
        self.walk.depth -= 1;
        Ok(())
    }
}

/// A key in a place: gives the place of its value.
struct KeyAt<'s, 'w, 'b, 'j> {
    walk: &'s mut Walk<'w, 'b, 'j>,
    parent: Place,
}

impl<'j> DeserializeSeed<'j> for KeyAt<'_, '_, '_, 'j> {
    type Value = Place;

    fn deserialize<D: Deserializer<'j>>(self, deserializer: D) -> Result<Place, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyAt<'_, '_, '_, '_> {
    type Value = Place;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Place, E> {
        let found = key_of(self.parent, key);
        self.walk.times.is_beat |= found.is_beat;
        Ok(match found.place {
            Place::Field(_) => match found.naming {
                Naming::Key => Place::Field(Some(self.walk.draft.put(key))),
                Naming::Number => Place::Field(None),
                Naming::Parent => self.parent,
            },
            place => place,
        })
    }
}

impl Walk<'_, '_, '_> {
    fn put_text(&mut self, place: Place, text: &str) {
        match place {
            Place::Field(_) if text.is_empty() => {}
            Place::Field(name) => {
                self.field(name, |out| out.push_str(text));
            }
            Place::Key(key) => self.put_key(key, text),
            Place::Head(place) => {
                let span = self.draft.put(text);
                // What is no number there is said to be missing by the commit.
                let _ = place.put_span(span, self.draft);
            }
            _ => {}
        }
    }

    fn put_number(&mut self, place: Place, number: i64) {
        match place {
            Place::Head(place) => {
                place.put_number(number, self.draft);
            }
            Place::Field(name) => {
                self.field(name, |out| {
                    let _ = write!(out, "{number}");
                });
            }
            Place::Key(Key::Level) => self.draft.head.level = Some(number),
            _ => {}
        }
    }

    fn field(&mut self, name: Option<Span>, write: impl FnOnce(&mut String)) {
        let name = name.map_or(Name::Number, Name::Known);
        self.full |= self.draft.field(name, write).is_none();
    }

    fn put_key(&mut self, key: Key, text: &str) {
        match key {
            Key::Timestamp => self.times.timestamp = time::parse(text),
            Key::EventTime => self.times.event_time = time::parse(text),
            Key::Created => self.times.created = time::parse(text),
            Key::Level => self.draft.head.level = place::number(text).or_else(|| level_of(text)),
            Key::Message => {}
        }
    }
}

/// Levels by name, as winlogbeat writes them.
fn level_of(word: &str) -> Option<i64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "critical" => 1,
        "error" => 2,
        "warning" => 3,
        "information" | "informational" => 4,
        "verbose" => 5,
        _ => return None,
    })
}
