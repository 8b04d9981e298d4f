// SPDX-License-Identifier: Apache-2.0
//! Who may open a pipe: SYSTEM, the administrators and the current user, as a security descriptor of the
//! system with a safe face.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std does not know access lists. Why sound: the descriptor is memory
//! of the system that is only read until its one owner frees it; text that the system reads ends in 0, text
//! that it gives is read to its 0 and freed once. Tests: `windows/tests.rs` under Wine.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, PSECURITY_DESCRIPTOR, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

#[cfg(test)]
use super::pipe::Instance;
use super::pipe::wide;

/// Room for a token's user: a SID has 68 bytes at most.
const TOKEN_USER_WORDS: usize = 32;
/// Longest SID as text, its end included.
const SID_TEXT_MAX: usize = 256;

/// A security descriptor that lets SYSTEM, the administrators and the current user in, and nobody else.
#[derive(Debug)]
pub(super) struct Acl(PSECURITY_DESCRIPTOR);

// SAFETY: memory that is only read until it is freed by the one owner.
unsafe impl Send for Acl {}
// SAFETY: as above.
unsafe impl Sync for Acl {}

impl Acl {
    pub(super) fn private() -> io::Result<Acl> {
        Acl::from_text(&format!("D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{})", current_user()?))
    }

    /// For the system, as long as this lives.
    pub(super) fn descriptor(&self) -> PSECURITY_DESCRIPTOR {
        self.0
    }

    fn from_text(text: &str) -> io::Result<Acl> {
        let text = wide(Path::new(text));
        let mut descriptor = null_mut();
        // SAFETY: `text` ends in 0; `descriptor` takes a pointer to memory that is ours to free.
        let ok = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                null_mut(),
            )
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(Acl(descriptor)) }
    }

    /// The access list in words, as the system reads it.
    #[cfg(test)]
    pub(super) fn text(&self) -> io::Result<String> {
        use windows_sys::Win32::Security::Authorization::ConvertSecurityDescriptorToStringSecurityDescriptorW;
        use windows_sys::Win32::Security::DACL_SECURITY_INFORMATION;
        let mut text = null_mut();
        // SAFETY: the descriptor is whole; `text` takes a pointer to memory that is ours to free.
        let ok = unsafe {
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.0,
                SDDL_REVISION_1,
                DACL_SECURITY_INFORMATION,
                &raw mut text,
                null_mut(),
            )
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(take_text(text, 4096)) }
    }
}

impl Drop for Acl {
    fn drop(&mut self) {
        // SAFETY: allocated for us by the system, and freed once.
        unsafe { LocalFree(self.0) };
    }
}

/// The access list of a pipe as the system keeps it.
#[cfg(test)]
pub(super) fn acl_of(pipe: &Instance) -> io::Result<Acl> {
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
        Ok(Acl(descriptor))
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

/// Text that the system allocated for us; it is freed.
fn take_text(text: *mut u16, max: usize) -> String {
    // SAFETY: the system gave a string that ends in 0, and nothing is read behind that.
    let units =
        (0..max).map(|index| unsafe { text.add(index).read() }).take_while(|unit| *unit != 0);
    let taken = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
    // SAFETY: allocated for us by the system, and freed once.
    unsafe { LocalFree(text.cast()) };
    taken
}
