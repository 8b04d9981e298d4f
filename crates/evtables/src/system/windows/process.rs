// SPDX-License-Identifier: Apache-2.0
//! Who started us, and whether that process still lives.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std asks none of this. Why sound: every call writes into a variable of
//! the very type and size that it is told, and keeps no pointer; handles are owned. Tests: below, under Wine.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::ptr::null_mut;
use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessBasicInformation};
use windows_sys::Win32::Foundation::{FILETIME, HANDLE, STILL_ACTIVE};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetExitCodeProcess, GetProcessTimes, OpenProcess, PROCESS_BASIC_INFORMATION,
    PROCESS_NAME_WIN32, PROCESS_QUERY_LIMITED_INFORMATION, QueryFullProcessImageNameW,
};

/// Longest path that is asked for.
const PATH_UNITS: usize = 32_768;

/// The number that our parent had when it started us; another process may have it now.
pub(super) fn parent_number() -> Option<u32> {
    let mut told = PROCESS_BASIC_INFORMATION::default();
    let size = u32::try_from(size_of_val(&told)).ok()?;
    // SAFETY: `told` has the size that is told; the pseudo handle needs no closing.
    let status = unsafe {
        let into = (&raw mut told).cast::<c_void>();
        NtQueryInformationProcess(
            GetCurrentProcess(),
            ProcessBasicInformation,
            into,
            size,
            null_mut(),
        )
    };
    let parent = u32::try_from(told.InheritedFromUniqueProcessId).ok()?;
    (status == 0 && parent != 0).then_some(parent)
}

/// A process that can be asked.
pub(super) struct Process(OwnedHandle);

impl Process {
    pub(super) fn open(pid: u32) -> io::Result<Self> {
        // SAFETY: no pointers.
        let handle = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a fresh handle that nobody else owns.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Somebody's handle keeps a process that has ended.
    pub(super) fn is_alive(&self) -> bool {
        let mut code = 0;
        // SAFETY: the handle is open; `code` takes a number.
        let ok = unsafe { GetExitCodeProcess(self.0.as_raw_handle(), &raw mut code) };
        ok != 0 && i32::try_from(code) == Ok(STILL_ACTIVE)
    }

    /// When it was started, in Windows' ticks.
    pub(super) fn created(&self) -> io::Result<u64> {
        created(self.0.as_raw_handle())
    }

    /// Its program.
    pub(super) fn image(&self) -> io::Result<String> {
        let mut text = vec![0_u16; PATH_UNITS];
        let mut units = u32::try_from(text.len()).unwrap_or(0);
        // SAFETY: the handle is open; `text` has room for `units`.
        let ok = unsafe {
            QueryFullProcessImageNameW(
                self.0.as_raw_handle(),
                PROCESS_NAME_WIN32,
                text.as_mut_ptr(),
                &raw mut units,
            )
        };
        if ok == 0 {
            return Err(io::Error::last_os_error());
        }
        let used = text.get(..usize::try_from(units).unwrap_or(0)).unwrap_or_default();
        Ok(String::from_utf16_lossy(used))
    }
}

/// When we were started.
pub(crate) fn own_created() -> io::Result<u64> {
    // SAFETY: the pseudo handle needs no closing.
    created(unsafe { GetCurrentProcess() })
}

fn created(process: HANDLE) -> io::Result<u64> {
    let [mut created, mut ended, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: the handle is open; four times of the type that is asked for.
    let ok = unsafe {
        GetProcessTimes(process, &raw mut created, &raw mut ended, &raw mut kernel, &raw mut user)
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_has_ended_though_its_handle_is_open() {
        let mut child = std::process::Command::new("cmd.exe")
            .args(["/d", "/c", "more"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let process = Process::open(child.id()).unwrap();
        assert!(process.is_alive());
        assert!(process.image().unwrap().to_ascii_lowercase().ends_with(r"\cmd.exe"));
        assert!(process.created().unwrap() >= own_created().unwrap(), "later than we");
        drop(child.stdin.take());
        child.wait().unwrap();
        assert!(!process.is_alive());
        assert!(Process::open(0).is_err());
    }

    #[test]
    fn a_child_knows_its_parent() {
        const NAME: &str = "system::windows::process::tests::a_child_knows_its_parent";
        const PARENT: &str = "EVTABLES_TEST_PARENT";
        if let Some(parent) = std::env::var_os(PARENT) {
            let parent: u32 = parent.to_str().unwrap().parse().unwrap();
            assert_eq!(crate::system::parent_id(), Some(parent));
            assert!(crate::system::image_of(parent).ends_with(".exe"));
            return;
        }
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env(PARENT, std::process::id().to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && said.contains("1 passed"), "{said}");
        assert_eq!(crate::system::image_of(0), "");
    }
}
