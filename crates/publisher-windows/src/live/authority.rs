// SPDX-License-Identifier: Apache-2.0
//! What this machine knows of signatures and files do not say: whom it trusts, and which catalogues list a file.

use evtables_signature::Roots;
use std::fmt::Debug;
use std::io;

/// Catalogues that are looked at for one digest.
pub const CATALOGS_MAX: usize = 4;

/// Who is asked.
pub trait Authority: Send + Sync + Debug {
    /// The certificates that the machine trusts, and those that it distrusts.
    ///
    /// # Errors
    /// When its stores cannot be read.
    fn roots(&self) -> io::Result<Roots>;

    /// Paths of catalogues that list a digest (SHA-1 or SHA-256), [`CATALOGS_MAX`] at most; none when none does.
    ///
    /// # Errors
    /// When the machine's list of catalogues cannot be asked.
    fn catalogs(&self, digest: &[u8]) -> io::Result<Vec<String>>;
}
