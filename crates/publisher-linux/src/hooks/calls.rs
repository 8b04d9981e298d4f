// SPDX-License-Identifier: Apache-2.0
//! What is copied of which system call: the map `plans` of bpf/call.bpf.c.

use crate::record::kind;

/// `struct wire_plan` of wire.h. Arguments are counted from 1; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    kind: u16,
    flags: u8,
    first: u8,
    first_at: u8,
    second: u8,
    second_at: u8,
    file: u8,
    target: u8,
    test: u8,
    want: u32,
    mask: u64,
}

/// A call with its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planned {
    /// Name, for people.
    pub(crate) name: &'static str,
    /// Number on this architecture.
    pub(crate) call: i64,
    pub(crate) plan: Plan,
}

impl Plan {
    const fn new(kind: u16) -> Self {
        Self {
            kind,
            flags: 0,
            first: 0,
            first_at: 0,
            second: 0,
            second_at: 0,
            file: 0,
            target: 0,
            test: 0,
            want: 0,
            mask: 0,
        }
    }

    /// A path argument.
    const fn path(mut self, at: u8) -> Self {
        self.first = at;
        self
    }

    /// A path argument relative to a folder's descriptor.
    const fn path_at(mut self, folder: u8, at: u8) -> Self {
        self.first_at = folder;
        self.first = at;
        self
    }

    /// A second path argument.
    const fn and(mut self, at: u8) -> Self {
        self.second = at;
        self
    }

    /// A second path argument relative to a folder's descriptor.
    const fn and_at(mut self, folder: u8, at: u8) -> Self {
        self.second_at = folder;
        self.second = at;
        self
    }

    /// As the kernel side reads it.
    pub(crate) fn bytes(&self) -> [u8; 24] {
        let mut out = [0; 24];
        let head = [
            u8::try_from(self.kind).unwrap_or(0),
            self.flags,
            self.first,
            self.first_at,
            self.second,
            self.second_at,
            self.file,
            self.target,
        ];
        let words = head
            .into_iter()
            .chain(u32::from(self.test).to_ne_bytes())
            .chain(self.want.to_ne_bytes())
            .chain(self.mask.to_ne_bytes());
        for (slot, byte) in out.iter_mut().zip(words) {
            *slot = byte;
        }
        out
    }
}

const fn call(name: &'static str, call: i64, plan: Plan) -> Planned {
    Planned { name, call, plan }
}

const FILE: Plan = Plan::new(kind::FILE_PATH);

/// Names that come, go and change. For renames and links the first path is the new name.
#[cfg(target_arch = "x86_64")]
pub(super) const FILE_PATHS: &[Planned] = &[
    call("unlink", libc::SYS_unlink, FILE.path(1)),
    call("rmdir", libc::SYS_rmdir, FILE.path(1)),
    call("mkdir", libc::SYS_mkdir, FILE.path(1)),
    call("mknod", libc::SYS_mknod, FILE.path(1)),
    call("rename", libc::SYS_rename, FILE.path(2).and(1)),
    call("link", libc::SYS_link, FILE.path(2).and(1)),
    call("symlink", libc::SYS_symlink, FILE.path(2).and(1)),
    call("truncate", libc::SYS_truncate, FILE.path(1)),
    call("unlinkat", libc::SYS_unlinkat, FILE.path_at(1, 2)),
    call("mkdirat", libc::SYS_mkdirat, FILE.path_at(1, 2)),
    call("mknodat", libc::SYS_mknodat, FILE.path_at(1, 2)),
    call("renameat", libc::SYS_renameat, FILE.path_at(3, 4).and_at(1, 2)),
    call("renameat2", libc::SYS_renameat2, FILE.path_at(3, 4).and_at(1, 2)),
    call("linkat", libc::SYS_linkat, FILE.path_at(3, 4).and_at(1, 2)),
    call("symlinkat", libc::SYS_symlinkat, FILE.path_at(2, 3).and(1)),
];

/// Names that come, go and change. For renames and links the first path is the new name.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const FILE_PATHS: &[Planned] = &[
    call("truncate", libc::SYS_truncate, FILE.path(1)),
    call("unlinkat", libc::SYS_unlinkat, FILE.path_at(1, 2)),
    call("mkdirat", libc::SYS_mkdirat, FILE.path_at(1, 2)),
    call("mknodat", libc::SYS_mknodat, FILE.path_at(1, 2)),
    call("renameat", libc::SYS_renameat, FILE.path_at(3, 4).and_at(1, 2)),
    call("renameat2", libc::SYS_renameat2, FILE.path_at(3, 4).and_at(1, 2)),
    call("linkat", libc::SYS_linkat, FILE.path_at(3, 4).and_at(1, 2)),
    call("symlinkat", libc::SYS_symlinkat, FILE.path_at(2, 3).and(1)),
];

/// Calls that open a file.
#[cfg(target_arch = "x86_64")]
pub(super) const OPENS: &[i64] =
    &[libc::SYS_open, libc::SYS_openat, libc::SYS_openat2, libc::SYS_creat];
/// Calls that open a file.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const OPENS: &[i64] = &[libc::SYS_openat, libc::SYS_openat2];

/// Calls that write to their first argument.
pub(super) const WRITES: &[i64] = &[
    libc::SYS_write,
    libc::SYS_pwrite64,
    libc::SYS_writev,
    libc::SYS_pwritev,
    libc::SYS_pwritev2,
    libc::SYS_sendfile,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
];

/// Calls that write to their third argument.
pub(super) const SPLICES: &[i64] = &[libc::SYS_splice, libc::SYS_copy_file_range];

/// Calls after which a descriptor is no more.
#[cfg(target_arch = "x86_64")]
pub(super) const CLOSES: &[i64] = &[libc::SYS_close, libc::SYS_dup2, libc::SYS_dup3];
/// Calls after which a descriptor is no more.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const CLOSES: &[i64] = &[libc::SYS_close, libc::SYS_dup3];

/// Calls that start another program.
pub(super) const EXECS: &[i64] = &[libc::SYS_execve, libc::SYS_execveat];

/// Calls that take a connection.
pub(super) const ACCEPTS: &[i64] = &[libc::SYS_accept, libc::SYS_accept4];
