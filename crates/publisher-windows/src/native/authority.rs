// SPDX-License-Identifier: Apache-2.0
//! The machine's stores of certificates and its list of catalogues.
//!
//! Why unsafe: std knows neither. Why sound: names end in 0; a certificate is copied while the list holds it, and the list
//! frees it at its next step; each handle is closed once by its owner. Tests: `tests.rs` under Wine.
#![allow(unsafe_code)]

use super::wide;
use crate::live::{Authority, CATALOGS_MAX};
use evtables_signature::Roots;
use std::io;
use std::mem::zeroed;
use std::ptr::{null, null_mut};
use windows_sys::Win32::Foundation::ERROR_NOT_FOUND;
use windows_sys::Win32::Security::Cryptography::Catalog::{
    CATALOG_INFO, CryptCATAdminAcquireContext2, CryptCATAdminEnumCatalogFromHash,
    CryptCATAdminReleaseCatalogContext, CryptCATAdminReleaseContext,
    CryptCATCatalogInfoFromContext,
};
use windows_sys::Win32::Security::Cryptography::{
    CertCloseStore, CertEnumCertificatesInStore, CertOpenSystemStoreW, HCERTSTORE,
};

/// Certificates of one store.
const CERTIFICATES_MAX: usize = 4_096;

/// This machine.
#[derive(Debug, Clone, Copy)]
pub struct OwnAuthority;

impl Authority for OwnAuthority {
    fn roots(&self) -> io::Result<Roots> {
        Ok(Roots::new(certificates("ROOT")?, certificates("Disallowed")?))
    }

    fn catalogs(&self, digest: &[u8]) -> io::Result<Vec<String>> {
        let admin = Admin::open(if digest.len() == 20 { "SHA1" } else { "SHA256" })?;
        let length = u32::try_from(digest.len()).unwrap_or(0);
        let (mut paths, mut last) = (Vec::new(), 0_isize);
        loop {
            let mut before = last;
            // SAFETY: `digest` has `length` bytes; the context before is given back by the call.
            last = unsafe {
                CryptCATAdminEnumCatalogFromHash(
                    admin.0,
                    digest.as_ptr(),
                    length,
                    0,
                    &raw mut before,
                )
            };
            if last == 0 {
                break;
            }
            // SAFETY: a structure of numbers.
            let mut info: CATALOG_INFO = unsafe { zeroed() };
            info.cbStruct = u32::try_from(size_of::<CATALOG_INFO>()).unwrap_or(0);
            // SAFETY: `last` is open, `info` has the size that it says.
            if unsafe { CryptCATCatalogInfoFromContext(last, &raw mut info, 0) } != 0 {
                let name = info.wszCatalogFile.iter().take_while(|unit| **unit != 0);
                paths.push(String::from_utf16_lossy(&name.copied().collect::<Vec<_>>()));
            }
            if paths.len() >= CATALOGS_MAX {
                // SAFETY: `last` is open and not used again.
                unsafe { CryptCATAdminReleaseCatalogContext(admin.0, last, 0) };
                return Ok(paths);
            }
        }
        let error = io::Error::last_os_error();
        let none = [0, ERROR_NOT_FOUND.cast_signed()].map(Some);
        if paths.is_empty() && !none.contains(&error.raw_os_error()) {
            return Err(error);
        }
        Ok(paths)
    }
}

/// The list of catalogues, open.
struct Admin(isize);

impl Admin {
    fn open(hash: &str) -> io::Result<Self> {
        let (mut admin, hash) = (0, wide(hash));
        // SAFETY: the name ends in 0; nothing else is asked for.
        let ok = unsafe {
            CryptCATAdminAcquireContext2(&raw mut admin, null(), hash.as_ptr(), null(), 0)
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(admin)) }
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { CryptCATAdminReleaseContext(self.0, 0) };
    }
}

/// A store, open.
struct Store(HCERTSTORE);

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { CertCloseStore(self.0, 0) };
    }
}

/// DER of the certificates of a store of the system, as this account sees it.
fn certificates(store: &str) -> io::Result<Vec<Vec<u8>>> {
    let name = wide(store);
    // SAFETY: the name ends in 0; 0 asks for no provider.
    let store = unsafe { CertOpenSystemStoreW(0, name.as_ptr()) };
    if store.is_null() {
        return Err(io::Error::last_os_error());
    }
    let (store, mut found) = (Store(store), Vec::new());
    let mut last = null_mut();
    while found.len() < CERTIFICATES_MAX {
        // SAFETY: the store is open; the call frees the certificate before.
        last = unsafe { CertEnumCertificatesInStore(store.0, last) };
        if last.is_null() {
            return Ok(found);
        }
        // SAFETY: the list holds the certificate until its next step.
        let one = unsafe { &*last };
        let length = usize::try_from(one.cbCertEncoded).unwrap_or(0);
        if !one.pbCertEncoded.is_null() {
            // SAFETY: the certificate has that many bytes.
            found.push(unsafe { std::slice::from_raw_parts(one.pbCertEncoded, length) }.to_vec());
        }
    }
    // SAFETY: the certificate is ours to free; it is not used again.
    unsafe { windows_sys::Win32::Security::Cryptography::CertFreeCertificateContext(last) };
    Ok(found)
}
