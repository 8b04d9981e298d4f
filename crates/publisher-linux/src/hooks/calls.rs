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
    data: u8,
    data_size: u8,
    tests: [Test; 2],
}

/// What must hold of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Test {
    at: u8,
    want: u8,
    mask: u64,
}

impl Test {
    const NONE: Self = Self { at: 0, want: 0, mask: 0 };
}

/// `enum wire_plan_flag`.
const FIRST_PLAIN: u8 = 2;
const SECOND_PLAIN: u8 = 4;
const ONCE: u8 = 8;
const BEFORE: u8 = 16;
const TARGET_FILE: u8 = 32;

/// `enum wire_plan_test`.
const WANT_ANY: u8 = 1;
const WANT_NUMBER: u8 = 2;
const WANT_NONE: u8 = 3;
const WANT_ANY_AT: u8 = 4;

/// Plans that a call may have, and calls (wire.h).
pub(crate) const PLANS_MAX: u32 = 3;
pub(crate) const CALLS_MAX: u32 = 512;

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
            data: 0,
            data_size: 0,
            tests: [Test::NONE; 2],
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

    /// A string that is no path.
    const fn text(mut self, at: u8) -> Self {
        self.first = at;
        self.flags |= FIRST_PLAIN;
        self
    }

    /// A second path argument.
    const fn and(mut self, at: u8) -> Self {
        self.second = at;
        self
    }

    /// A second string that is no path.
    const fn and_text(mut self, at: u8) -> Self {
        self.second = at;
        self.flags |= SECOND_PLAIN;
        self
    }

    /// A second path argument relative to a folder's descriptor.
    const fn and_at(mut self, folder: u8, at: u8) -> Self {
        self.second_at = folder;
        self.second = at;
        self
    }

    /// A descriptor whose file is meant, where there is no first path.
    const fn file(mut self, at: u8) -> Self {
        self.file = at;
        self
    }

    /// The id of another process.
    const fn target(mut self, at: u8) -> Self {
        self.target = at;
        self
    }

    /// A descriptor that stands for another process.
    const fn target_file(mut self, at: u8) -> Self {
        self.flags |= TARGET_FILE;
        self.target(at)
    }

    /// A third string.
    const fn third(mut self, at: u8) -> Self {
        self.data = at;
        self
    }

    /// Bytes that an argument points to, at most 127.
    const fn bytes_at(mut self, at: u8, size: u8) -> Self {
        self.data = at;
        self.data_size = size;
        self
    }

    /// Once per version of the file.
    const fn once(mut self) -> Self {
        self.flags |= ONCE;
        self
    }

    /// With the file as it was before, behind the data.
    const fn with_before(mut self) -> Self {
        self.flags |= BEFORE;
        self
    }

    const fn when(mut self, at: u8, want: u8, mask: u64) -> Self {
        let test = Test { at, want, mask };
        if self.tests[0].at == 0 {
            self.tests[0] = test;
        } else {
            self.tests[1] = test;
        }
        self
    }

    /// As the kernel side reads it.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        let mut out = [0; 32];
        let [test, too] = self.tests;
        let head = [
            u8::try_from(self.kind).unwrap_or(0),
            self.flags,
            self.first,
            self.first_at,
            self.second,
            self.second_at,
            self.file,
            self.target,
            self.data,
            self.data_size,
            test.at,
            test.want,
            too.at,
            too.want,
            0,
            0,
        ];
        let all = head.into_iter().chain(test.mask.to_ne_bytes()).chain(too.mask.to_ne_bytes());
        for (slot, byte) in out.iter_mut().zip(all) {
            *slot = byte;
        }
        out
    }
}

const fn call(name: &'static str, call: i64, plan: Plan) -> Planned {
    Planned { name, call, plan }
}

const FILE: Plan = Plan::new(kind::FILE_PATH);

/// Names that go.
pub(super) const UNLINKS: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("unlink", libc::SYS_unlink, FILE.path(1)),
    #[cfg(target_arch = "x86_64")]
    call("rmdir", libc::SYS_rmdir, FILE.path(1)),
    call("unlinkat", libc::SYS_unlinkat, FILE.path_at(1, 2)),
];

/// New folders.
pub(super) const MKDIRS: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("mkdir", libc::SYS_mkdir, FILE.path(1)),
    call("mkdirat", libc::SYS_mkdirat, FILE.path_at(1, 2)),
];

/// Names that change. The first path is the new name.
pub(super) const RENAMES: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("rename", libc::SYS_rename, FILE.path(2).and(1)),
    call("renameat", libc::SYS_renameat, FILE.path_at(3, 4).and_at(1, 2)),
    call("renameat2", libc::SYS_renameat2, FILE.path_at(3, 4).and_at(1, 2)),
];

/// Further names. The first path is the new name.
pub(super) const LINKS: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("link", libc::SYS_link, FILE.path(2).and(1)),
    call("linkat", libc::SYS_linkat, FILE.path_at(3, 4).and_at(1, 2)),
];

/// Names that stand for others. The first path is the new name.
pub(super) const SYMLINKS: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("symlink", libc::SYS_symlink, FILE.path(2).and(1)),
    call("symlinkat", libc::SYS_symlinkat, FILE.path_at(2, 3).and(1)),
];

/// Files that come without being opened, or go down to a length.
pub(super) const FILE_REST: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("mknod", libc::SYS_mknod, FILE.path(1)),
    call("mknodat", libc::SYS_mknodat, FILE.path_at(1, 2)),
    call("truncate", libc::SYS_truncate, FILE.path(1)),
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

const ATTR: Plan = Plan::new(kind::FILE_ATTR);
const TIMES: Plan = Plan::new(kind::FILE_TIMES);
const OPEN: Plan = Plan::new(kind::PROCESS_OPEN);
const INJECT: Plan = Plan::new(kind::PROCESS_INJECT);
const MEMORY: Plan = Plan::new(kind::MEMORY);
const NAMESPACE: Plan = Plan::new(kind::NAMESPACE);
const MOUNT: Plan = Plan::new(kind::MOUNT);
const BPF: Plan = Plan::new(kind::BPF);
const MODULE: Plan = Plan::new(kind::MODULE);
const PRCTL: Plan = Plan::new(kind::PRCTL);
const IMAGE: Plan = Plan::new(kind::IMAGE);
const IMAGE_MAP: Plan = Plan::new(kind::IMAGE_MAP);
const ELF: Plan = Plan::new(kind::ELF_PATH);

/// The bits of these numbers, for [`WANT_NUMBER`].
const fn bits(numbers: &[u32]) -> u64 {
    match numbers {
        [] => 0,
        [first, rest @ ..] => 1 << *first | bits(rest),
    }
}

/// Mode, owner and extended attributes.
pub(super) const FILE_ATTRS: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("chmod", libc::SYS_chmod, ATTR.path(1)),
    #[cfg(target_arch = "x86_64")]
    call("chown", libc::SYS_chown, ATTR.path(1)),
    #[cfg(target_arch = "x86_64")]
    call("lchown", libc::SYS_lchown, ATTR.path(1)),
    call("fchmod", libc::SYS_fchmod, ATTR.file(1).with_before()),
    call("fchown", libc::SYS_fchown, ATTR.file(1).with_before()),
    call("fchmodat", libc::SYS_fchmodat, ATTR.path_at(1, 2)),
    call("fchmodat2", FCHMODAT2, ATTR.path_at(1, 2)),
    call("fchownat", libc::SYS_fchownat, ATTR.path_at(1, 2)),
    call("setxattr", libc::SYS_setxattr, ATTR.path(1).and_text(2)),
    call("lsetxattr", libc::SYS_lsetxattr, ATTR.path(1).and_text(2)),
    call("fsetxattr", libc::SYS_fsetxattr, ATTR.file(1).and_text(2)),
    call("removexattr", libc::SYS_removexattr, ATTR.path(1).and_text(2)),
    call("lremovexattr", libc::SYS_lremovexattr, ATTR.path(1).and_text(2)),
    call("fremovexattr", libc::SYS_fremovexattr, ATTR.file(1).and_text(2)),
];
/// The same number on every architecture; libc does not name it yet everywhere.
pub(crate) const FCHMODAT2: i64 = 452;

/// Calls whose file is looked at before they change it.
pub(super) const LOOKED_AT: &[i64] = &[libc::SYS_fchmod, libc::SYS_fchown, libc::SYS_utimensat];

/// Times that are set to a given instant.
pub(super) const FILE_TIMES: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("utime", libc::SYS_utime, TIMES.path(1).bytes_at(2, 16)),
    #[cfg(target_arch = "x86_64")]
    call("utimes", libc::SYS_utimes, TIMES.path(1).bytes_at(2, 32)),
    #[cfg(target_arch = "x86_64")]
    call("futimesat", libc::SYS_futimesat, TIMES.path_at(1, 2).bytes_at(3, 32)),
    call(
        "utimensat",
        libc::SYS_utimensat,
        TIMES.path_at(1, 2).file(1).bytes_at(3, 32).with_before(),
    ),
];

/// Access to another process. Requests of ptrace: attach 16, seize 0x4206.
pub(super) const PROCESS_OPENS: &[Planned] = &[
    call("ptrace", libc::SYS_ptrace, OPEN.target(2).when(1, WANT_NUMBER, bits(&[16, 38]))),
    call("process_vm_readv", libc::SYS_process_vm_readv, OPEN.target(1)),
    call("pidfd_getfd", libc::SYS_pidfd_getfd, OPEN.target_file(1)),
];

/// Writing into another process. Requests of ptrace: poke 4 to 6, set registers 13 to 15 and 0x4205.
pub(super) const PROCESS_INJECTS: &[Planned] = &[
    call(
        "ptrace",
        libc::SYS_ptrace,
        INJECT.target(2).when(1, WANT_NUMBER, bits(&[4, 5, 6, 13, 15, 37])),
    ),
    call("process_vm_writev", libc::SYS_process_vm_writev, INJECT.target(1)),
];

const PROT_EXEC: u64 = 4;
const MAP_ANONYMOUS: u64 = 0x20;

/// Memory that no file stands behind and that may be executed.
pub(super) const MEMORIES: &[Planned] = &[
    call("memfd_create", libc::SYS_memfd_create, MEMORY.text(1)),
    call(
        "mmap",
        libc::SYS_mmap,
        MEMORY.when(3, WANT_ANY, PROT_EXEC).when(4, WANT_ANY, MAP_ANONYMOUS),
    ),
    call("mprotect", libc::SYS_mprotect, MEMORY.when(3, WANT_ANY, PROT_EXEC)),
    call("pkey_mprotect", libc::SYS_pkey_mprotect, MEMORY.when(3, WANT_ANY, PROT_EXEC)),
];

/// Files that are mapped to be executed.
pub(super) const IMAGES: &[Planned] = &[call(
    "mmap",
    libc::SYS_mmap,
    IMAGE.file(5).once().when(3, WANT_ANY, PROT_EXEC).when(4, WANT_NONE, MAP_ANONYMOUS),
)];

/// The same, each time.
pub(super) const IMAGE_MAPS: &[Planned] = &[call(
    "mmap",
    libc::SYS_mmap,
    IMAGE_MAP.file(5).when(3, WANT_ANY, PROT_EXEC).when(4, WANT_NONE, MAP_ANONYMOUS),
)];

/// Rights to execute, in a mode.
const MODE_EXEC: u64 = 0o111;

/// Files that get another name. The first path is the new name.
pub(super) const ELF_RENAMES: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("rename", libc::SYS_rename, ELF.path(2).and(1)),
    call("renameat", libc::SYS_renameat, ELF.path_at(3, 4).and_at(1, 2)),
    call("renameat2", libc::SYS_renameat2, ELF.path_at(3, 4).and_at(1, 2)),
];

/// Files that get a further name. The first path is the new name.
pub(super) const ELF_LINKS: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("link", libc::SYS_link, ELF.path(2).and(1)),
    call("linkat", libc::SYS_linkat, ELF.path_at(3, 4).and_at(1, 2)),
];

/// Files that get a right to be executed.
pub(super) const ELF_MODES: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call("chmod", libc::SYS_chmod, ELF.path(1).when(2, WANT_ANY, MODE_EXEC)),
    call("fchmod", libc::SYS_fchmod, ELF.file(1).when(2, WANT_ANY, MODE_EXEC)),
    call("fchmodat", libc::SYS_fchmodat, ELF.path_at(1, 2).when(3, WANT_ANY, MODE_EXEC)),
    call("fchmodat2", FCHMODAT2, ELF.path_at(1, 2).when(3, WANT_ANY, MODE_EXEC)),
];

/// `CLONE_NEW*`.
pub(crate) const NAMESPACE_FLAGS: u64 = 0x7e02_0080;

/// Other namespaces: made and entered.
pub(super) const NAMESPACES: &[Planned] = &[
    call("unshare", libc::SYS_unshare, NAMESPACE.when(1, WANT_ANY, NAMESPACE_FLAGS)),
    call("setns", libc::SYS_setns, NAMESPACE.file(1)),
    call("clone", libc::SYS_clone, NAMESPACE.when(1, WANT_ANY, NAMESPACE_FLAGS & !0x80)),
    call(
        "clone3",
        libc::SYS_clone3,
        NAMESPACE.bytes_at(1, 8).when(1, WANT_ANY_AT, NAMESPACE_FLAGS),
    ),
];

/// The tree of mounts.
pub(super) const MOUNTS: &[Planned] = &[
    call("mount", libc::SYS_mount, MOUNT.path(2).and_text(1).third(3)),
    call("umount2", libc::SYS_umount2, MOUNT.path(1)),
    call("move_mount", libc::SYS_move_mount, MOUNT.path_at(3, 4).and_at(1, 2)),
    call("pivot_root", libc::SYS_pivot_root, MOUNT.path(1).and(2)),
];

/// Commands of bpf(2): load 5, attach 8, open a raw tracepoint 17, make a link 28.
pub(super) const BPFS: &[Planned] =
    &[call("bpf", libc::SYS_bpf, BPF.bytes_at(2, 120).when(1, WANT_NUMBER, bits(&[5, 8, 17, 28])))];

/// Modules of the kernel.
pub(super) const MODULES: &[Planned] = &[
    call("init_module", libc::SYS_init_module, MODULE.and_text(3)),
    call("finit_module", libc::SYS_finit_module, MODULE.file(1).and_text(2)),
    call("delete_module", libc::SYS_delete_module, MODULE.text(1)),
];

/// Options of prctl(2) that say something about intentions; not the name of a thread (15).
pub(super) const PRCTLS: &[Planned] = &[call(
    "prctl",
    libc::SYS_prctl,
    PRCTL.when(1, WANT_NUMBER, bits(&[1, 4, 8, 22, 24, 28, 35, 36, 38, 47])),
)];

/// Calls that change who a process is.
pub(super) const IDENTITIES: &[i64] = &[
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setfsuid,
    libc::SYS_setfsgid,
    libc::SYS_capset,
];

const PIPE: Plan = Plan::new(kind::PIPE);
/// The type in the mode of mknod: a pipe is this bit without those.
const FIFO: u64 = 0o010_000;
const OTHER_TYPES: u64 = 0o160_000;

/// Pipes with a name.
pub(super) const PIPES: &[Planned] = &[
    #[cfg(target_arch = "x86_64")]
    call(
        "mknod",
        libc::SYS_mknod,
        PIPE.path(1).when(2, WANT_ANY, FIFO).when(2, WANT_NONE, OTHER_TYPES),
    ),
    call(
        "mknodat",
        libc::SYS_mknodat,
        PIPE.path_at(1, 2).when(3, WANT_ANY, FIFO).when(3, WANT_NONE, OTHER_TYPES),
    ),
];
