// SPDX-License-Identifier: Apache-2.0
//! Events between a session's thread and the decoder's: copied into one block of bytes, and taken all at
//! once. Bounded; what does not fit is counted by its kind.

use crate::guid::Guid;
use crate::providers::Session;
use crate::raw::{Extended, RawEvent};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Bytes that wait at most: of processes, of files and registry, of the rest, of frames.
pub const MAILBOX_BYTES_MAX: [usize; 4] = [16 << 20, 64 << 20, 16 << 20, 32 << 20];

/// Kinds of events whose drops are counted apart; more are counted as one.
const KINDS_MAX: usize = 1_024;

/// An event without its bytes, and how many there are of each.
#[derive(Debug)]
struct Letter {
    event: RawEvent<'static>,
    payload: usize,
    extended: [Option<usize>; 4],
}

/// Events in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    letters: Vec<Letter>,
    bytes: Vec<u8>,
    /// What was given out already.
    next: usize,
    offset: usize,
}

impl Letters {
    fn cost(&self) -> usize {
        self.bytes.len() + self.letters.len() * size_of::<Letter>()
    }

    fn push(&mut self, event: &RawEvent<'_>) {
        let parts = parts(event);
        for part in parts.iter().flatten() {
            self.bytes.extend_from_slice(part);
        }
        self.bytes.extend_from_slice(event.payload);
        let extended = Extended {
            related_activity: event.extended.related_activity,
            process_start_key: event.extended.process_start_key,
            ..Extended::default()
        };
        self.letters.push(Letter {
            event: RawEvent { extended, payload: &[], ..without_bytes(event) },
            payload: event.payload.len(),
            extended: parts.map(|part| part.map(<[u8]>::len)),
        });
    }

    fn clear(&mut self) {
        self.letters.clear();
        self.bytes.clear();
        (self.next, self.offset) = (0, 0);
    }

    /// Hands the next events to `f`, `events_max` at most; how many there were.
    pub(crate) fn give(&mut self, events_max: usize, f: &mut dyn FnMut(&RawEvent<'_>)) -> usize {
        let rest = self.letters.get(self.next..).unwrap_or(&[]);
        let mut given = 0;
        for letter in rest.iter().take(events_max) {
            let mut take = |length: usize| {
                let part = self.bytes.get(self.offset..self.offset + length).unwrap_or(&[]);
                self.offset += length;
                part
            };
            let [sid, schema, traits, stack] = letter.extended.map(|part| part.map(&mut take));
            let payload = take(letter.payload);
            let extended = Extended {
                sid,
                schema,
                provider_traits: traits,
                stack,
                related_activity: letter.event.extended.related_activity,
                process_start_key: letter.event.extended.process_start_key,
            };
            f(&RawEvent { extended, payload, ..letter.event });
            given += 1;
        }
        self.next += given;
        given
    }
}

fn parts<'a>(event: &RawEvent<'a>) -> [Option<&'a [u8]>; 4] {
    let extended = &event.extended;
    [extended.sid, extended.schema, extended.provider_traits, extended.stack]
}

/// The event's numbers.
fn without_bytes(event: &RawEvent<'_>) -> RawEvent<'static> {
    RawEvent {
        class: event.class,
        provider: event.provider,
        id: event.id,
        version: event.version,
        opcode: event.opcode,
        task: event.task,
        level: event.level,
        keyword: event.keyword,
        pid: event.pid,
        tid: event.tid,
        time_ns: event.time_ns,
        processor: event.processor,
        pointer_size: event.pointer_size,
        activity: event.activity,
        extended: Extended::default(),
        payload: &[],
    }
}

#[derive(Debug, Default)]
struct Inside {
    letters: Letters,
    dropped: BTreeMap<(Guid, u16), u64>,
    dropped_more: u64,
}

/// Between two threads.
#[derive(Debug)]
pub(crate) struct Mailbox {
    inside: Mutex<Inside>,
    bytes_max: usize,
}

impl Mailbox {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { inside: Mutex::default(), bytes_max }
    }

    /// Of a session.
    pub(crate) fn of(session: Session) -> Self {
        let [process, file_registry, user, packets] = MAILBOX_BYTES_MAX;
        Self::new(match session {
            Session::Process => process,
            Session::FileRegistry => file_registry,
            Session::User | Session::FileNames => user,
            Session::Packets => packets,
        })
    }

    /// Puts an event in; one that does not fit is counted.
    pub(crate) fn put(&self, event: &RawEvent<'_>) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let extended: usize = parts(event).iter().flatten().map(|part| part.len()).sum();
        let cost = size_of::<Letter>() + event.payload.len() + extended;
        if inside.letters.cost() + cost <= self.bytes_max {
            inside.letters.push(event);
            return;
        }
        let kind = (event.provider, event.id);
        if inside.dropped.len() >= KINDS_MAX && !inside.dropped.contains_key(&kind) {
            inside.dropped_more += 1;
        } else {
            *inside.dropped.entry(kind).or_default() += 1;
        }
    }

    /// Takes everything; `into` was given out.
    pub(crate) fn take(&self, into: &mut Letters) {
        into.clear();
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut inside.letters, into);
    }

    /// Bytes that wait.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).letters.cost()
    }

    /// Drops by kind since the start, and those of kinds beyond the bound.
    pub(crate) fn dropped(&self) -> (BTreeMap<(Guid, u16), u64>, u64) {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        (inside.dropped.clone(), inside.dropped_more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{EventClass, PointerSize};
    use proptest::prelude::*;

    fn event<'a>(id: u16, payload: &'a [u8], sid: Option<&'a [u8]>) -> RawEvent<'a> {
        RawEvent {
            class: EventClass::Manifest,
            provider: Guid(7),
            id,
            version: 1,
            opcode: 2,
            task: 3,
            level: 4,
            keyword: 5,
            pid: Some(6),
            tid: None,
            time_ns: 8,
            processor: 9,
            pointer_size: PointerSize::Eight,
            activity: Some(Guid(10)),
            extended: Extended { sid, process_start_key: Some(11), ..Extended::default() },
            payload,
        }
    }

    proptest! {
        /// What was put in comes out the same and in order, or is counted; never more waits than may.
        #[test]
        fn every_event_comes_out_or_is_counted(
            steps in prop::collection::vec((0u16..5, 0usize..300, any::<bool>(), 0usize..4), 0..200),
        ) {
            let bytes_max = 4_000;
            let mailbox = Mailbox::new(bytes_max);
            let bytes: Vec<u8> = (0..=255).chain(0..=255).collect();
            let (mut put, mut expected, mut came) = (0u64, Vec::new(), Vec::new());
            let mut letters = Letters::default();
            for (id, length, has_sid, give) in steps {
                let sid = has_sid.then(|| &bytes[..length % 30]);
                let before = mailbox.dropped().0.values().sum::<u64>();
                mailbox.put(&event(id, &bytes[..length], sid));
                put += 1;
                prop_assert!(mailbox.waiting_bytes() <= bytes_max);
                if mailbox.dropped().0.values().sum::<u64>() == before {
                    expected.push((id, length, has_sid));
                }
                if give == 0 {
                    mailbox.take(&mut letters);
                    loop {
                        let given = letters.give(3, &mut |got| {
                            assert_eq!(*got, event(got.id, &bytes[..got.payload.len()], got.extended.sid));
                            came.push((got.id, got.payload.len(), got.extended.sid.is_some()));
                        });
                        if given == 0 { break }
                    }
                }
            }
            mailbox.take(&mut letters);
            letters.give(usize::MAX, &mut |got| came.push((got.id, got.payload.len(), got.extended.sid.is_some())));
            let dropped: u64 = mailbox.dropped().0.values().sum();
            prop_assert_eq!(put, came.len() as u64 + dropped);
            prop_assert_eq!(came, expected);
        }
    }
}
