// SPDX-License-Identifier: Apache-2.0
//! Who may open a pipe: SYSTEM, the administrators and the current user; and who that user is.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std does not know tokens. Why sound: the system writes into room of the
//! length that it is told, and its text is taken over once. Tests: `windows/tests.rs` under Wine.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Security::Authorization::ConvertSidToStringSidW;
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use super::descriptor::{Descriptor, take_text};
#[cfg(test)]
use super::pipe::Instance;

/// Room for a token's user: a SID has 68 bytes at most.
const TOKEN_USER_WORDS: usize = 32;
/// Longest SID as text, its end included.
const SID_TEXT_MAX: usize = 256;

/// Lets SYSTEM, the administrators and the current user in, and nobody else.
pub(super) fn private() -> io::Result<Descriptor> {
    Descriptor::parse(&format!("D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{})", current_user()?))
}

/// The access list of a pipe as the system keeps it.
#[cfg(test)]
pub(super) fn acl_of(pipe: &Instance) -> io::Result<Descriptor> {
    use windows_sys::Win32::Security::Authorization::{GetSecurityInfo, SE_KERNEL_OBJECT};
    use windows_sys::Win32::Security::DACL_SECURITY_INFORMATION;
    let mut descriptor = null_mut();
    // SAFETY: `descriptor` takes a pointer to memory that is ours to free; the rest may be null.
    let code = unsafe {
        GetSecurityInfo(
            pipe.raw(),
            SE_KERNEL_OBJECT,
            DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut descriptor,
        )
    };
    if code == 0 {
        // SAFETY: whole, and allocated for us.
        Ok(unsafe { Descriptor::take(descriptor) })
    } else {
        Err(io::Error::from_raw_os_error(code.try_into().unwrap_or(0)))
    }
}

/// SID of the user that this process runs as, in words.
pub(crate) fn current_user() -> io::Result<String> {
    let mut token = null_mut();
    // SAFETY: `token` takes a handle that is ours to close.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a fresh handle that nobody else owns.
    user_of(&unsafe { OwnedHandle::from_raw_handle(token) })
}

/// SID of a token's user, in words.
pub(super) fn user_of(token: &OwnedHandle) -> io::Result<String> {
    // Words, so that it stands as a TOKEN_USER must.
    let mut buffer = [0_u64; TOKEN_USER_WORDS];
    let (bytes, mut written) = (u32::try_from(size_of_val(&buffer)).unwrap_or(0), 0);
    let into = (&raw mut buffer).cast::<c_void>();
    // SAFETY: `into` has room for `bytes`.
    let ok = unsafe {
        GetTokenInformation(token.as_raw_handle(), TokenUser, into, bytes, &raw mut written)
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    let mut text = null_mut();
    // SAFETY: the system wrote a TOKEN_USER whose SID stands in `buffer`, too; `text` takes a pointer to
    // memory that is ours to free.
    let ok = unsafe {
        let user = into.cast::<TOKEN_USER>().read();
        ConvertSidToStringSidW(user.User.Sid, &raw mut text)
    };
    if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(take_text(text, SID_TEXT_MAX)) }
}
