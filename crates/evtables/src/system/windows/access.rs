// SPDX-License-Identifier: Apache-2.0
//! Owner and access list of a file or folder, in the words of Windows (SDDL).
//!
//! Why unsafe (docs/decisions, 2026-11-24): std knows no access lists. Why sound: texts that the system reads end in
//! 0; a descriptor is memory of the system that is only read until its one owner frees it, and so is what points into
//! it. Tests: below, under Wine.
#![allow(unsafe_code)]

use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr::null_mut;
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, GetNamedSecurityInfoW, SDDL_REVISION_1,
    SE_FILE_OBJECT, SetNamedSecurityInfoW,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetSecurityDescriptorDacl, GetSecurityDescriptorOwner,
    OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR,
    UNPROTECTED_DACL_SECURITY_INFORMATION,
};

/// Longest text of a descriptor.
const TEXT_UNITS_MAX: usize = 256 << 10;

/// A descriptor that the system made for us.
struct Descriptor(PSECURITY_DESCRIPTOR);

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: allocated for us by the system, and freed once.
        unsafe { LocalFree(self.0) };
    }
}

fn wide(text: impl AsRef<std::ffi::OsStr>) -> Vec<u16> {
    text.as_ref().encode_wide().chain([0]).collect()
}

fn outcome(code: u32) -> io::Result<()> {
    match i32::try_from(code) {
        Ok(0) => Ok(()),
        Ok(code) => Err(io::Error::from_raw_os_error(code)),
        Err(_) => Err(io::Error::other(format!("error {code}"))),
    }
}

/// `O:…D:…`, the owner and who may do what.
pub(crate) fn access_of(path: &Path) -> io::Result<String> {
    let (name, mut descriptor) = (wide(path), null_mut());
    let wanted = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    // SAFETY: `name` ends in 0; `descriptor` takes a pointer to memory that is ours to free; the rest may be null.
    outcome(unsafe {
        GetNamedSecurityInfoW(
            name.as_ptr(),
            SE_FILE_OBJECT,
            wanted,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut descriptor,
        )
    })?;
    let descriptor = Descriptor(descriptor);
    let mut text = null_mut();
    // SAFETY: the descriptor is whole; `text` takes a pointer to memory that is ours to free.
    let ok = unsafe {
        ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor.0,
            SDDL_REVISION_1,
            wanted,
            &raw mut text,
            null_mut(),
        )
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system gave a text that ends in 0, and nothing is read behind that.
    let units = (0..TEXT_UNITS_MAX).map(|index| unsafe { text.add(index).read() });
    let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    // SAFETY: allocated for us by the system, and freed once.
    unsafe { LocalFree(text.cast()) };
    Ok(String::from_utf16_lossy(&units))
}

/// Gives a file or folder the owner and the access list of this text. With `D:P` nothing is inherited; without, what
/// the folder above gives is found anew. What is below a folder inherits from it.
pub(crate) fn set_access(path: &Path, access: &str) -> io::Result<()> {
    let (name, text, mut descriptor) = (wide(path), wide(access), null_mut());
    // SAFETY: `text` ends in 0; `descriptor` takes a pointer to memory that is ours to free.
    let ok = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            null_mut(),
        )
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    let descriptor = Descriptor(descriptor);
    let (mut owner, mut list) = (null_mut(), null_mut());
    let (mut is_default, mut is_there) = (0, 0);
    // SAFETY: the descriptor is whole; what is given points into it, or is null.
    let ok = unsafe {
        GetSecurityDescriptorOwner(descriptor.0, &raw mut owner, &raw mut is_default) != 0
            && GetSecurityDescriptorDacl(
                descriptor.0,
                &raw mut is_there,
                &raw mut list,
                &raw mut is_default,
            ) != 0
    };
    if !ok {
        return Err(io::Error::last_os_error());
    }
    // No list at all would let everybody in.
    if owner.is_null() || is_there == 0 || list.is_null() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no owner, or no access list"));
    }
    let inherits = match access.contains("D:P") {
        true => PROTECTED_DACL_SECURITY_INFORMATION,
        false => UNPROTECTED_DACL_SECURITY_INFORMATION,
    };
    let parts = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | inherits;
    // SAFETY: `name` ends in 0; owner and list live as long as the descriptor.
    outcome(unsafe {
        SetNamedSecurityInfoW(
            name.as_ptr(),
            SE_FILE_OBJECT,
            parts,
            owner,
            null_mut(),
            list,
            null_mut(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read() {
        let folder = tempfile::tempdir().unwrap();
        // Wine keeps the rights of the owner and of everybody, and gives other owners than the user away.
        let everybody =
            |rights: &str| format!("O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;{rights};;;WD)");
        for (rights, is_open) in [("FA", true), ("0x1200a9", false)] {
            set_access(folder.path(), &everybody(rights)).unwrap();
            let read = access_of(folder.path()).unwrap();
            assert!(read.starts_with("O:") && read.contains(";;;WD)"), "{read}");
            assert_eq!(read.contains("0x1200a9;;;WD)"), !is_open, "{read}");
        }
        for wrong in ["", "D:P(A;;FA;;;SY)", "O:BA", "O:BAD:P(A"] {
            assert!(set_access(folder.path(), wrong).is_err(), "{wrong}");
        }
        assert!(access_of(&folder.path().join("absent")).is_err());
    }
}
