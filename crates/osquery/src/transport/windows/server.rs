// SPDX-License-Identifier: Apache-2.0
//! Who serves a pipe that we connected to: its process, that one's user, and whether it is an administrator's.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std knows neither pipes nor tokens. Why sound: each call writes into a
//! variable of the very type and size that it is told, and keeps no pointer; handles are owned. Tests:
//! `windows/tests.rs` under Wine.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Security::{
    GetTokenInformation, TOKEN_ELEVATION, TOKEN_QUERY, TokenElevation,
};
use windows_sys::Win32::System::Pipes::GetNamedPipeServerProcessId;
use windows_sys::Win32::System::Threading::{
    OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
};

use super::acl::user_of;
use super::pipe::Pipe;
use crate::transport::ServerProcess;

/// The process that made the pipe.
pub(super) fn pid_of(pipe: &Pipe) -> io::Result<u32> {
    let mut pid = 0;
    // SAFETY: the handle is open; `pid` takes a number.
    if unsafe { GetNamedPipeServerProcessId(pipe.raw(), &raw mut pid) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(pid)
}

/// What the system tells of a process.
pub(super) fn process(pid: u32) -> io::Result<ServerProcess> {
    // SAFETY: no pointers.
    let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid) };
    if process.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a fresh handle that nobody else owns.
    let process = unsafe { OwnedHandle::from_raw_handle(process) };
    let mut token = null_mut();
    // SAFETY: `token` takes a handle that is ours to close.
    if unsafe { OpenProcessToken(process.as_raw_handle(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a fresh handle that nobody else owns.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    let user = user_of(&token)?;
    let (mut elevation, mut written) = (TOKEN_ELEVATION { TokenIsElevated: 0 }, 0);
    let bytes = u32::try_from(size_of_val(&elevation)).unwrap_or(0);
    let into = (&raw mut elevation).cast::<c_void>();
    // SAFETY: `into` has room for `bytes`.
    let ok = unsafe {
        GetTokenInformation(token.as_raw_handle(), TokenElevation, into, bytes, &raw mut written)
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(ServerProcess { pid, user, is_elevated: elevation.TokenIsElevated != 0 })
}
