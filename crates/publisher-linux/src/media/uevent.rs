// SPDX-License-Identifier: Apache-2.0
//! The kernel's messages on devices that come and go (uevents): the parser. Knows nothing of sockets.
//!
//! `ACTION@PATH`, then `KEY=VALUE`, each ended by NUL. The file `uevent` of a device in sysfs has the same
//! keys, a line each.

/// Longest path of a device that is taken for one.
const PATH_BYTES_MAX: usize = 1_024;

/// What a message says of a device, as far as it matters here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Uevent<'a> {
    /// `add`, `remove`, `change`, …
    pub(crate) action: &'a str,
    /// Path of the device below sysfs, `/devices/…`; empty when it is none.
    pub(crate) path: &'a str,
    pub(crate) subsystem: &'a str,
    /// `disk` or `partition`.
    pub(crate) kind: &'a str,
    /// Name of its file below /dev.
    pub(crate) name: &'a str,
    /// Major and minor number.
    pub(crate) numbers: Option<(u32, u32)>,
    /// Somebody had the kernel say it (a write into the file `uevent` of sysfs): nothing happened.
    pub(crate) on_request: bool,
}

impl<'a> Uevent<'a> {
    /// A message of the kernel. `None` when it is none.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut parts = bytes.split(|byte| *byte == 0);
        let head = std::str::from_utf8(parts.next()?).ok()?;
        let (action, path) = head.split_once('@')?;
        if action.is_empty() || !path.starts_with('/') {
            return None;
        }
        // Modules, buses and classes have messages too.
        let path = if is_path(path) { path } else { "" };
        let mut event = Self { action, path, ..Self::default() };
        for part in parts {
            event.take(part);
        }
        Some(event)
    }

    /// The file `uevent` of the device at `path`.
    pub(crate) fn of_sysfs(path: &'a str, bytes: &'a [u8]) -> Option<Self> {
        if !is_path(path) {
            return None;
        }
        let mut event = Self { action: "add", path, subsystem: "block", ..Self::default() };
        for line in bytes.split(|byte| *byte == b'\n') {
            event.take(line);
        }
        Some(event)
    }

    /// A key that is not text says nothing.
    fn take(&mut self, part: &'a [u8]) {
        let Some((key, value)) = std::str::from_utf8(part).ok().and_then(|t| t.split_once('='))
        else {
            return;
        };
        let (major, minor) = self.numbers.unwrap_or_default();
        match key {
            "SUBSYSTEM" => self.subsystem = value,
            "SYNTH_UUID" => self.on_request = true,
            "DEVTYPE" => self.kind = value,
            "DEVNAME" if is_name(value) => self.name = value,
            "MAJOR" => self.numbers = value.parse().ok().map(|major| (major, minor)),
            "MINOR" => self.numbers = value.parse().ok().map(|minor| (major, minor)),
            _ => {}
        }
    }
}

/// It leads to files below sysfs, and nowhere else.
fn is_path(path: &str) -> bool {
    path.starts_with("/devices/") && path.len() <= PATH_BYTES_MAX && is_plain(path)
}

/// It leads to a file below /dev, and nowhere else.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('/') && name.len() <= PATH_BYTES_MAX && is_plain(name)
}

fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| part != "..") && !path.contains('\0')
}

#[cfg(test)]
#[path = "uevent_tests.rs"]
mod tests;
