// SPDX-License-Identifier: Apache-2.0
//! Channels and events of the event log.
#![allow(unsafe_code)] // Sound: see `native`.

use super::{bytes_of, last_error, room, size, text_of, wide};
use crate::bytes::utf16;
use crate::sources::EventLog;
use windows_sys::Win32::Foundation::{
    ERROR_INSUFFICIENT_BUFFER, ERROR_NO_MORE_ITEMS, GetLastError,
};
use windows_sys::Win32::System::EventLog::{
    EVT_HANDLE, EvtClose, EvtNext, EvtNextChannelPath, EvtOpenChannelEnum, EvtQuery,
    EvtQueryChannelPath, EvtQueryReverseDirection, EvtRender, EvtRenderEventXml,
};

const CHANNELS_MAX: usize = 100_000;
const CHANNEL_UNITS: usize = 1_024;
/// Events asked for at once, and how long they may take.
const AT_ONCE: usize = 64;
const WAIT_MS: u32 = 5_000;
const XML_BYTES: usize = 64 << 10;
const XML_BYTES_MAX: usize = 4 << 20;

pub(super) struct WindowsEventLog;

struct Opened(EVT_HANDLE);

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { EvtClose(self.0) };
    }
}

fn is_last(code: u32) -> bool {
    // SAFETY: only reads the last error of this thread.
    unsafe { GetLastError() == code }
}

impl EventLog for WindowsEventLog {
    fn channels(&self) -> Result<Vec<String>, String> {
        // SAFETY: 0 means this machine.
        let list = unsafe { EvtOpenChannelEnum(0, 0) };
        if list == 0 {
            return Err(last_error("list the channels"));
        }
        let (list, mut names) = (Opened(list), Vec::new());
        let mut name = [0_u16; CHANNEL_UNITS];
        while names.len() < CHANNELS_MAX {
            let (units, mut used) = (size(name.len()), 0);
            // SAFETY: `name` has room for `units`.
            let ok = unsafe { EvtNextChannelPath(list.0, units, name.as_mut_ptr(), &raw mut used) };
            match ok {
                0 if is_last(ERROR_NO_MORE_ITEMS) => break,
                0 => return Err(last_error("list the channels")),
                _ => names.push(text_of(&name)),
            }
        }
        Ok(names)
    }

    fn events(
        &self,
        channel: &str,
        query: &str,
        take: &mut dyn FnMut(Option<String>) -> bool,
    ) -> Result<(), String> {
        let (path, text) = (wide(channel), wide(query));
        let flags = EvtQueryChannelPath | EvtQueryReverseDirection;
        // SAFETY: both texts end in 0; 0 means this machine.
        let found = unsafe { EvtQuery(0, path.as_ptr(), text.as_ptr(), flags) };
        if found == 0 {
            return Err(last_error("read it"));
        }
        let found = Opened(found);
        loop {
            let (mut events, mut count) = ([0_isize; AT_ONCE], 0);
            // SAFETY: `events` has room for `AT_ONCE`.
            let ok = unsafe {
                EvtNext(found.0, size(AT_ONCE), events.as_mut_ptr(), WAIT_MS, 0, &raw mut count)
            };
            if ok == 0 {
                return match is_last(ERROR_NO_MORE_ITEMS) {
                    true => Ok(()),
                    false => Err(last_error("read it")),
                };
            }
            let count = usize::try_from(count).unwrap_or(0);
            // All have an owner before the first is read.
            let events: Vec<Opened> = events.into_iter().take(count).map(Opened).collect();
            for event in events {
                if !take(xml(&event)) {
                    return Ok(());
                }
            }
        }
    }
}

fn xml(event: &Opened) -> Option<String> {
    let mut length = XML_BYTES;
    loop {
        let (mut text, mut used, mut properties) = (room(length), 0, 0);
        // SAFETY: `text` has room for `length`.
        let ok = unsafe {
            EvtRender(
                0,
                event.0,
                EvtRenderEventXml,
                size(length),
                text.as_mut_ptr().cast(),
                &raw mut used,
                &raw mut properties,
            )
        };
        let used = usize::try_from(used).unwrap_or(0);
        if ok != 0 {
            return Some(utf16(&bytes_of(&text, used)));
        }
        if !is_last(ERROR_INSUFFICIENT_BUFFER) || used > XML_BYTES_MAX || length >= XML_BYTES_MAX {
            return None;
        }
        length = used.max(length * 2).min(XML_BYTES_MAX);
    }
}
