// SPDX-License-Identifier: Apache-2.0
//! Keys and values of the registry.
#![allow(unsafe_code)] // Sound: see `native`.

use super::{size, text_of, wide};
use crate::sources::{Hive, Key, Registry, Value, View};
use std::ptr::{null, null_mut};
use windows_sys::Win32::Foundation::{ERROR_MORE_DATA, ERROR_SUCCESS};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, HKEY_USERS, KEY_READ, KEY_WOW64_32KEY, KEY_WOW64_64KEY, RegCloseKey,
    RegEnumKeyExW, RegEnumValueW, RegOpenKeyExW,
};

/// Names of one key: its subkeys, or its values.
const NAMES_MAX: u32 = 65_536;
/// Longest names, in units, their end included.
const KEY_UNITS: usize = 256;
const VALUE_UNITS: usize = 16_384;
/// Longest value that is read.
const DATA_BYTES_MAX: usize = 1 << 20;
const DATA_BYTES: usize = 4 << 10;

pub(super) struct WindowsRegistry;

/// An open key.
struct Opened(HKEY);

impl Opened {
    fn new(key: &Key) -> Option<Self> {
        let hive = match key.hive {
            Hive::LocalMachine => HKEY_LOCAL_MACHINE,
            Hive::Users => HKEY_USERS,
        };
        let view = match key.view {
            View::Native => KEY_WOW64_64KEY,
            View::ThirtyTwo => KEY_WOW64_32KEY,
        };
        let (path, mut opened) = (wide(&key.path), null_mut());
        // SAFETY: `path` ends in 0; `opened` takes a key that is ours to close.
        let code =
            unsafe { RegOpenKeyExW(hive, path.as_ptr(), 0, KEY_READ | view, &raw mut opened) };
        (code == ERROR_SUCCESS).then_some(Self(opened))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { RegCloseKey(self.0) };
    }
}

impl Registry for WindowsRegistry {
    fn subkeys(&self, key: &Key) -> Vec<String> {
        let Some(opened) = Opened::new(key) else { return Vec::new() };
        let mut names = Vec::new();
        let mut name = [0_u16; KEY_UNITS];
        for index in 0..NAMES_MAX {
            let mut units = size(name.len());
            // SAFETY: `name` has room for `units`; the rest may be null.
            let code = unsafe {
                RegEnumKeyExW(
                    opened.0,
                    index,
                    name.as_mut_ptr(),
                    &raw mut units,
                    null(),
                    null_mut(),
                    null_mut(),
                    null_mut(),
                )
            };
            if code != ERROR_SUCCESS {
                break;
            }
            names.push(text_of(&name));
        }
        names
    }

    fn values(&self, key: &Key) -> Vec<Value> {
        let Some(opened) = Opened::new(key) else { return Vec::new() };
        let (mut values, mut name) = (Vec::new(), vec![0_u16; VALUE_UNITS]);
        let mut data = vec![0_u8; DATA_BYTES];
        let mut index = 0;
        while index < NAMES_MAX {
            let (mut units, mut bytes, mut kind) = (size(name.len()), size(data.len()), 0);
            // SAFETY: `name` and `data` have room for what `units` and `bytes` say.
            let code = unsafe {
                RegEnumValueW(
                    opened.0,
                    index,
                    name.as_mut_ptr(),
                    &raw mut units,
                    null(),
                    &raw mut kind,
                    data.as_mut_ptr(),
                    &raw mut bytes,
                )
            };
            let length = usize::try_from(bytes).unwrap_or(0);
            match code {
                ERROR_SUCCESS => {
                    let data = data.get(..length).unwrap_or_default().to_vec();
                    values.push(Value { name: text_of(&name), kind, data });
                }
                ERROR_MORE_DATA if data.len() < DATA_BYTES_MAX => {
                    data.resize(length.clamp(data.len() * 2, DATA_BYTES_MAX), 0);
                    continue;
                }
                ERROR_MORE_DATA => {}
                _ => break,
            }
            index += 1;
        }
        values
    }
}
