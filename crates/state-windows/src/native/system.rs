// SPDX-License-Identifier: Apache-2.0
//! Processes, memory, time, names and drives.
#![allow(unsafe_code)] // Sound: see `native`.

use super::{bytes_of, error_of, last_error, room, size, text_of, wide};
use crate::sources::{Accounts, Disks, Memory, MemoryStatus, Processes, Raw};
use std::path::PathBuf;
use std::ptr::{null, null_mut};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use windows_sys::Wdk::System::SystemInformation::NtQuerySystemInformation;
use windows_sys::Win32::Foundation::{LocalFree, RtlNtStatusToDosError};
use windows_sys::Win32::Security::Authorization::ConvertStringSidToSidW;
use windows_sys::Win32::Security::LookupAccountSidW;
use windows_sys::Win32::Storage::FileSystem::{GetDriveTypeW, GetLogicalDrives};
use windows_sys::Win32::System::SystemInformation::{GlobalMemoryStatusEx, MEMORYSTATUSEX};

const SYSTEM_PROCESSES: i32 = 5;
const STATUS_INFO_LENGTH_MISMATCH: i32 = 0xC000_0004_u32.cast_signed();
const LIST_BYTES: usize = 1 << 20;
const LIST_BYTES_MAX: usize = 256 << 20;
const DRIVE_FIXED: u32 = 3;
const NAME_UNITS: usize = 512;

pub(super) struct Kernel;

/// A list of the kernel, in as much room as it wants.
pub(super) fn list(class: i32, what: &str) -> Result<Raw, String> {
    let mut length = LIST_BYTES;
    loop {
        let (mut list, mut needed) = (room(length), 0_u32);
        // SAFETY: `list` has room for `length`.
        let status = unsafe {
            NtQuerySystemInformation(class, list.as_mut_ptr().cast(), size(length), &raw mut needed)
        };
        if status == STATUS_INFO_LENGTH_MISMATCH && length < LIST_BYTES_MAX {
            length = (length * 2).max(usize::try_from(needed).unwrap_or(0)).min(LIST_BYTES_MAX);
            continue;
        }
        if status < 0 {
            // SAFETY: numbers in, numbers out.
            return Err(error_of(what, unsafe { RtlNtStatusToDosError(status) }));
        }
        let base = u64::try_from(list.as_ptr().addr()).unwrap_or(0);
        return Ok(Raw { bytes: bytes_of(&list, length), base });
    }
}

impl Processes for Kernel {
    fn processes(&self) -> Result<Raw, String> {
        list(SYSTEM_PROCESSES, "list the processes")
    }

    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ticks = i64::try_from(since.as_nanos() / 100).unwrap_or(0);
        ticks.saturating_add(116_444_736_000_000_000)
    }

    fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

impl Memory for Kernel {
    fn memory(&self) -> Result<MemoryStatus, String> {
        let mut status = MEMORYSTATUSEX {
            dwLength: size(size_of::<MEMORYSTATUSEX>()),
            ..MEMORYSTATUSEX::default()
        };
        // SAFETY: the structure says how long it is.
        if unsafe { GlobalMemoryStatusEx(&raw mut status) } == 0 {
            return Err(last_error("ask for the state of the memory"));
        }
        Ok(MemoryStatus {
            load: status.dwMemoryLoad,
            total_physical: status.ullTotalPhys,
            available_physical: status.ullAvailPhys,
            total_page_file: status.ullTotalPageFile,
            available_page_file: status.ullAvailPageFile,
            total_virtual: status.ullTotalVirtual,
            available_virtual: status.ullAvailVirtual,
            available_extended: status.ullAvailExtendedVirtual,
        })
    }
}

impl Accounts for Kernel {
    fn account(&self, sid: &str) -> Option<String> {
        let (text, mut id) = (wide(sid), null_mut());
        // SAFETY: `text` ends in 0; `id` takes memory that is ours to free.
        if unsafe { ConvertStringSidToSidW(text.as_ptr(), &raw mut id) } == 0 {
            return None;
        }
        let (mut name, mut domain) = (vec![0; NAME_UNITS], vec![0; NAME_UNITS]);
        let (mut name_units, mut domain_units) = (size(NAME_UNITS), size(NAME_UNITS));
        let mut kind = 0;
        // SAFETY: `id` is whole; the buffers have room for what their units say.
        let ok = unsafe {
            LookupAccountSidW(
                null(),
                id,
                name.as_mut_ptr(),
                &raw mut name_units,
                domain.as_mut_ptr(),
                &raw mut domain_units,
                &raw mut kind,
            )
        };
        // SAFETY: allocated for us by the system, and freed once.
        unsafe { LocalFree(id) };
        let (name, domain) = (text_of(&name), text_of(&domain));
        (ok != 0).then(|| if domain.is_empty() { name } else { format!("{domain}\\{name}") })
    }
}

impl Disks for Kernel {
    fn roots(&self) -> Vec<PathBuf> {
        // SAFETY: numbers in, numbers out.
        let drives = unsafe { GetLogicalDrives() };
        let letters = ('A'..='Z').enumerate().filter(|(at, _)| drives & (1 << at) != 0);
        let roots = letters.map(|(_, letter)| format!("{letter}:\\"));
        roots
            .filter(|root| {
                let root = wide(root);
                // SAFETY: `root` ends in 0.
                unsafe { GetDriveTypeW(root.as_ptr()) == DRIVE_FIXED }
            })
            .map(PathBuf::from)
            .collect()
    }
}
