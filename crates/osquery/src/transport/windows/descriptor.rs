// SPDX-License-Identifier: Apache-2.0
//! A security descriptor of the system, out of words (SDDL) and into words: for pipes here, and for files elsewhere.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std does not know access lists. Why sound: a descriptor is memory
//! of the system that is only read until its one owner frees it; text that the system reads ends in 0, text
//! that it gives is read to its 0 and freed once. Tests: `windows/tests.rs` under Wine.
#![allow(unsafe_code)]

use std::io;
use std::path::Path;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{OBJECT_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR};

use super::pipe::wide;

/// Longest text of a descriptor.
const TEXT_UNITS_MAX: usize = 256 << 10;

/// Owner and access list, as the system keeps them.
#[derive(Debug)]
pub struct Descriptor(PSECURITY_DESCRIPTOR);

// SAFETY: memory that is only read until it is freed by the one owner.
unsafe impl Send for Descriptor {}
// SAFETY: as above.
unsafe impl Sync for Descriptor {}

impl Descriptor {
    /// Out of words: `O:BAD:P(A;;FA;;;SY)`.
    ///
    /// # Errors
    /// What the system says of words that are none.
    pub fn parse(text: &str) -> io::Result<Self> {
        let (text, mut descriptor) = (wide(Path::new(text)), null_mut());
        // SAFETY: `text` ends in 0; `descriptor` takes a pointer to memory that is ours to free.
        let ok = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                null_mut(),
            )
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(descriptor)) }
    }

    /// Takes over one that the system gave.
    ///
    /// # Safety
    /// It is whole, allocated for the caller (`LocalFree`), and nobody else frees it.
    #[must_use]
    pub unsafe fn take(descriptor: PSECURITY_DESCRIPTOR) -> Self {
        Self(descriptor)
    }

    /// For the system, as long as this lives.
    #[must_use]
    pub fn raw(&self) -> PSECURITY_DESCRIPTOR {
        self.0
    }

    /// These parts of it in words, as the system reads them.
    ///
    /// # Errors
    /// What the system says.
    pub fn text(&self, parts: OBJECT_SECURITY_INFORMATION) -> io::Result<String> {
        let mut text = null_mut();
        // SAFETY: the descriptor is whole; `text` takes a pointer to memory that is ours to free.
        let ok = unsafe {
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.0,
                SDDL_REVISION_1,
                parts,
                &raw mut text,
                null_mut(),
            )
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(take_text(text, TEXT_UNITS_MAX)) }
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: allocated for us by the system, and freed once.
        unsafe { LocalFree(self.0) };
    }
}

/// Text that the system allocated for us; it is freed.
pub(super) fn take_text(text: *mut u16, units_max: usize) -> String {
    // SAFETY: the system gave a string that ends in 0, and nothing is read behind that.
    let units =
        (0..units_max).map(|index| unsafe { text.add(index).read() }).take_while(|unit| *unit != 0);
    let taken = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
    // SAFETY: allocated for us by the system, and freed once.
    unsafe { LocalFree(text.cast()) };
    taken
}
