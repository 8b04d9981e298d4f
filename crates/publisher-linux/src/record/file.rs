// SPDX-License-Identifier: Apache-2.0
//! Records of files created and written.

use super::{Actor, Components, Inode, RecordError, Take, take_part};

wire! {
    /// Behind actor and inode.
    Fixed {
        /// Bytes that the open wrote.
        bytes: u64,
        /// `O_*` that are kept with an open file.
        open_flags: u32,
        /// Bytes of the path.
        path_len: u16,
        /// Always 0.
        reserved: u16,
    }
}

/// A file that was created (`kind::FILE_CREATE`), or an open that wrote and ended (`kind::FILE_WRITE`,
/// `kind::ELF_WRITE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    /// Who.
    pub actor: Actor,
    /// The file.
    pub inode: Inode,
    /// Bytes that were written.
    pub bytes: u64,
    /// Where it is, as the kernel resolved it.
    pub path: Components<'a>,
}

impl<'a> File<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let mut rest = bytes;
        let actor = Actor::open(&mut rest)?;
        let inode = Inode::take(&mut rest).ok_or(RecordError::Short)?;
        let fixed = Fixed::take(&mut rest).ok_or(RecordError::Short)?;
        let path = Components(take_part(&mut rest, fixed.path_len.into())?);
        if !rest.is_empty() {
            return Err(RecordError::Parts);
        }
        Ok(Self { actor, inode, bytes: fixed.bytes, path })
    }

    /// The head of the path is missing.
    #[must_use]
    pub fn path_cut(&self) -> bool {
        self.actor.has(1)
    }

    /// What was written at its beginning begins as an ELF file does.
    #[must_use]
    pub fn elf(&self) -> bool {
        self.actor.has(128)
    }

    /// The file has no place in the file tree: an anonymous memory file.
    #[must_use]
    pub fn detached(&self) -> bool {
        self.actor.has(2)
    }
}
