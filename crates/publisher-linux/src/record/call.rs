// SPDX-License-Identifier: Apache-2.0
//! Records of system calls whose arguments say what happened.

use super::{Actor, Components, Inode, RecordError, Take, take_part, until_nul};

impl Take for [u64; 6] {
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut out = [0; 6];
        for value in &mut out {
            *value = Take::take(bytes)?;
        }
        Some(out)
    }
}

wire! {
    /// Behind actor and inode.
    Fixed {
        /// Arguments.
        args: [u64; 6],
        /// What it returned: from -4095 to -1 an error.
        result: i64,
        /// Start of the process that an argument names; 0 when it is not known.
        target_start_ns: u64,
        /// The process that an argument names.
        target_pid: u32,
        /// Number of the call.
        call: u16,
        /// Bytes of the part `data`.
        data_len: u16,
        /// Bytes of the part `first`.
        first_len: u16,
        /// Bytes of the part `first_at`.
        first_at_len: u16,
        /// Bytes of the part `second`.
        second_len: u16,
        /// Bytes of the part `second_at`.
        second_at_len: u16,
    }
}

/// A string argument, and the folder that it is relative to when it is a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// As the caller gave it.
    pub given: &'a [u8],
    /// The folder; for an absolute path the caller's root.
    pub at: Components<'a>,
    /// The head of the folder's path is missing.
    pub cut: bool,
}

/// A system call that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// Who.
    pub actor: Actor,
    /// File of a descriptor among the arguments; inode 0 when there is none.
    pub inode: Inode,
    /// Numbers.
    pub fixed: Fixed,
    /// First string; for a call on a descriptor the path of its file, see [`Call::from_file`].
    pub first: Text<'a>,
    /// Second string.
    pub second: Text<'a>,
    /// Further bytes.
    pub data: &'a [u8],
}

impl<'a> Call<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let mut rest = bytes;
        let actor = Actor::open(&mut rest)?;
        let inode = Inode::take(&mut rest).ok_or(RecordError::Short)?;
        let fixed = Fixed::take(&mut rest).ok_or(RecordError::Short)?;
        let mut part = |len: u16| take_part(&mut rest, len.into());
        let first = Text {
            given: until_nul(part(fixed.first_len)?),
            at: Components(part(fixed.first_at_len)?),
            cut: actor.has(4),
        };
        let second = Text {
            given: until_nul(part(fixed.second_len)?),
            at: Components(part(fixed.second_at_len)?),
            cut: actor.has(8),
        };
        let data = part(fixed.data_len)?;
        if !rest.is_empty() {
            return Err(RecordError::Parts);
        }
        Ok(Self { actor, inode, fixed, first, second, data })
    }

    /// `first.at` is the path of an open file.
    #[must_use]
    pub fn from_file(&self) -> bool {
        self.actor.has(16)
    }

    /// Whether it failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        (-4_095..0).contains(&self.fixed.result)
    }

    /// The file as it was before, where the kernel side looked: it ends the data.
    #[must_use]
    pub fn before(&self) -> Option<Inode> {
        let start = self.data.len().checked_sub(Inode::SIZE)?;
        let mut bytes = self.data.get(start..)?;
        Inode::take(&mut bytes)
    }

    /// The number of 64 bits at a position of the data.
    #[must_use]
    pub fn word(&self, at: usize) -> Option<u64> {
        let mut bytes = self.data.get(at..)?;
        Take::take(&mut bytes)
    }

    /// The number of 32 bits at a position of the data.
    #[must_use]
    pub fn half(&self, at: usize) -> Option<u32> {
        let mut bytes = self.data.get(at..)?;
        Take::take(&mut bytes)
    }

    /// Argument by position, from 0 on.
    #[must_use]
    pub fn arg(&self, at: usize) -> u64 {
        self.fixed.args.get(at).copied().unwrap_or(0)
    }
}
