// SPDX-License-Identifier: Apache-2.0
//! Owner and access list of a file or folder, in the words of Windows (SDDL).
//!
//! Why unsafe (docs/decisions, 2026-11-24): std knows no access lists. Why sound: texts that the system reads end in
//! 0; a descriptor is memory of the system that is only read until its one owner frees it, and so is what points into
//! it. Tests: below, under Wine.
#![allow(unsafe_code)]

use evtables_osquery::Descriptor;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr::null_mut;
use windows_sys::Win32::Security::Authorization::{
    GetNamedSecurityInfoW, SE_FILE_OBJECT, SetNamedSecurityInfoW,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetSecurityDescriptorDacl, GetSecurityDescriptorOwner,
    OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
    UNPROTECTED_DACL_SECURITY_INFORMATION,
};

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
    // SAFETY: whole, and allocated for us.
    unsafe { Descriptor::take(descriptor) }.text(wanted)
}

/// Gives a file or folder the owner and the access list of this text. With `D:P` nothing is inherited; without, what
/// the folder above gives is found anew. What is below a folder inherits from it.
pub(crate) fn set_access(path: &Path, access: &str) -> io::Result<()> {
    let (name, descriptor) = (wide(path), Descriptor::parse(access)?);
    let (mut owner, mut list) = (null_mut(), null_mut());
    let (mut is_default, mut is_there) = (0, 0);
    // SAFETY: the descriptor is whole; what is given points into it, or is null.
    let ok = unsafe {
        GetSecurityDescriptorOwner(descriptor.raw(), &raw mut owner, &raw mut is_default) != 0
            && GetSecurityDescriptorDacl(
                descriptor.raw(),
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

/// Makes a folder for events that nobody may read but SYSTEM, the administrators, and the user who is none of them. Given
/// to them anew when `is_ours`: anybody may make a folder where ours stands, before we do. Another folder that is
/// there already stays as it is.
pub(crate) fn make_private(folder: &Path, is_ours: bool) -> io::Result<()> {
    if folder.is_dir() && !is_ours {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    set_access(folder, &private()?)
}

/// The access list of a folder for events.
fn private() -> io::Result<String> {
    if super::is_administrator() {
        return Ok(super::PRIVATE.to_owned());
    }
    let user = evtables_osquery::current_user()?;
    let list = super::PRIVATE.trim_start_matches("O:BA");
    Ok(format!("O:{user}{list}(A;OICI;FA;;;{user})"))
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

    #[test]
    fn a_folder_for_events_is_made_private_and_another_stays() {
        let parent = tempfile::tempdir().unwrap();
        let everybody = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)";
        let is_open = |folder: &Path| access_of(folder).unwrap().contains(";;;WD)");
        let (ours, theirs) = (parent.path().join("a\\ours"), parent.path().join("theirs"));
        // Wine gives what the folder above gives, whatever is said: there `tests/windows/program.sh` looks at the mode.
        set_access(parent.path(), &private().unwrap()).unwrap();
        let is_kept = !is_open(parent.path());
        make_private(&ours, false).unwrap();
        assert!(ours.is_dir() && !(is_kept && is_open(&ours)), "{}", access_of(&ours).unwrap());
        std::fs::write(ours.join("x"), "x").unwrap();
        assert_eq!(std::fs::read(ours.join("x")).unwrap(), b"x");
        std::fs::create_dir(&theirs).unwrap();
        set_access(&theirs, everybody).unwrap();
        let before = access_of(&theirs).unwrap();
        assert!(is_open(&theirs));
        make_private(&theirs, false).unwrap();
        assert_eq!(access_of(&theirs).unwrap(), before, "it was there");
        make_private(&theirs, true).unwrap();
        assert_ne!(access_of(&theirs).unwrap(), before, "somebody made ours");
        let user = private().unwrap();
        assert!(user.starts_with("O:") && user.contains("D:P(A;OICI;FA;;;SY)"), "{user}");
    }
}
