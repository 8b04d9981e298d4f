// SPDX-License-Identifier: Apache-2.0
//! Raw records of the kernel side (bpf/wire.h) as typed, borrowed structs. Trusts nothing: a
//! record that does not add up is an error with a reason, never a panic. Not the rows of a table:
//! those are made in [`crate::decode`].

/// A record that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Shorter than its fixed part.
    #[error("record is shorter than its fixed part")]
    Short,
    /// Its own length field differs from what the ring said.
    #[error("record has a wrong length")]
    Length,
    /// Not a kind that we know.
    #[error("record is of an unknown kind")]
    Kind,
    /// The parts' lengths do not add up to the record's.
    #[error("parts of the record do not add up")]
    Parts,
}

impl RecordError {
    /// All of them, in the order of [`RecordError::index`].
    pub const ALL: [Self; 4] = [Self::Short, Self::Length, Self::Kind, Self::Parts];

    /// Word of the ledger.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Short => "record_short",
            Self::Length => "record_length",
            Self::Kind => "record_kind",
            Self::Parts => "record_parts",
        }
    }
}

/// A field of fixed size, taken from the front.
trait Take: Sized {
    fn take(bytes: &mut &[u8]) -> Option<Self>;
}

macro_rules! take_integer {
    ($($ty:ty),*) => {$(
        impl Take for $ty {
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                let (head, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(Self::from_ne_bytes(*head))
            }
        }
    )*};
}

take_integer!(u16, u32, u64, i64);

impl Take for [u8; 16] {
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(*head)
    }
}

/// Declares a fixed part: fields in the order of wire.h, without padding.
macro_rules! wire {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty,)* }

        impl $name {
            /// Bytes on the wire.
            pub const SIZE: usize = 0 $(+ size_of::<$ty>())*;

            #[cfg(test)]
            pub(crate) const FIELDS: &'static [(&'static str, usize)] = &[$((stringify!($field), size_of::<$ty>())),*];
        }

        impl Take for $name {
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Take::take(bytes)?),* })
            }
        }
    };
}

pub mod call;
pub mod file;
pub mod socket;

pub use call::{Call, Text};
pub use file::File;
pub use socket::{Ends, Packet, Socket};

wire! {
    /// Who: opens each record. Ids are those of the initial namespaces; times are nanoseconds of the boot clock.
    Process {
        /// `KIND_*`.
        kind: u16,
        /// `FLAG_*`, see the methods of [`Exec`].
        flags: u16,
        /// Bytes of the whole record.
        len: u32,
        /// CPU that wrote it.
        cpu: u32,
        /// Thread that acted.
        tid: u32,
        /// When.
        time_ns: u64,
        /// Start of the process (its thread-group leader).
        start_ns: u64,
        /// Start of the parent.
        parent_start_ns: u64,
        /// Process id.
        pid: u32,
        /// Parent's process id.
        parent_pid: u32,
        /// Process id in its own pid namespace.
        ns_pid: u32,
        /// Session id (setsid).
        sid: u32,
        /// Real user.
        uid: u32,
        /// Effective user.
        euid: u32,
        /// Saved user.
        suid: u32,
        /// File-system user.
        fsuid: u32,
        /// Real group.
        gid: u32,
        /// Effective group.
        egid: u32,
        /// Saved group.
        sgid: u32,
        /// File-system group.
        fsgid: u32,
        /// Login user (audit), `u32::MAX` when never set.
        auid: u32,
        /// Audit session, `u32::MAX` when never set.
        session_id: u32,
        /// Mount namespace, 0 when it had none any more.
        mnt_ns: u32,
        /// Pid namespace.
        pid_ns: u32,
        /// Network namespace, 0 when it had none any more.
        net_ns: u32,
        /// User namespace.
        user_ns: u32,
        /// UTS namespace, 0 when it had none any more.
        uts_ns: u32,
        /// Cgroup namespace, 0 when it had none any more.
        cgroup_ns: u32,
        /// Effective capabilities.
        cap_effective: u64,
        /// Permitted capabilities.
        cap_permitted: u64,
        /// Id of the control group that `Exec::cgroup` names.
        cgroup_id: u64,
        /// Short name, NUL-padded.
        comm: [u8; 16],
    }
}

impl Process {
    /// The short name without its padding.
    #[must_use]
    pub fn comm(&self) -> &[u8] {
        until_nul(&self.comm)
    }
}

wire! {
    /// A file as it was when the record was written.
    Inode {
        /// Inode number; 0 when no file is meant.
        inode: u64,
        /// Bytes of the file.
        size: u64,
        /// Last modification, nanoseconds since the unix epoch.
        mtime_ns: i64,
        /// Last change of the inode, nanoseconds since the unix epoch.
        ctime_ns: i64,
        /// Device as the kernel encodes it: major << 20 | minor.
        dev: u32,
        /// Hard links; 0 when the file has no name left.
        nlink: u32,
        /// Type and permission bits.
        mode: u32,
        /// Owner.
        uid: u32,
        /// Group.
        gid: u32,
        /// The device that a device file stands for, encoded as `dev`.
        rdev: u32,
    }
}

wire! {
    /// Who, in short: opens each record that is not about a process.
    Actor {
        /// `KIND_*`.
        kind: u16,
        /// `FLAG_*` of wire_actor_flag.
        flags: u16,
        /// Bytes of the whole record.
        len: u32,
        /// CPU that wrote it.
        cpu: u32,
        /// Thread that acted.
        tid: u32,
        /// When, nanoseconds of the boot clock.
        time_ns: u64,
        /// Start of the process (its thread-group leader).
        start_ns: u64,
        /// Process id.
        pid: u32,
        /// Effective user.
        euid: u32,
    }
}

impl Actor {
    /// Takes the head of a record that fills `bytes`.
    fn open(bytes: &mut &[u8]) -> Result<Self, RecordError> {
        let len = bytes.len();
        let actor = Self::take(bytes).ok_or(RecordError::Short)?;
        if usize::try_from(actor.len).ok() == Some(len) {
            Ok(actor)
        } else {
            Err(RecordError::Length)
        }
    }

    /// Whether a bit of `FLAG_*` is set.
    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

wire! {
    /// Terminal, and the sizes of the parts.
    Image {
        /// Terminal's device (encoded as `Inode::dev`), 0 without one.
        tty_dev: u32,
        /// Number of arguments, by the kernel's count at exec.
        argc: u32,
        /// Bytes of the argument list in the process.
        argv_size: u32,
        /// Bytes of it in the record.
        argv_len: u32,
        /// Bytes of the part `exe`.
        exe_len: u16,
        /// Bytes of the part `cwd`.
        cwd_len: u16,
        /// Bytes of the part `cgroup`.
        cgroup_len: u16,
        /// Bytes of the part `filename`.
        filename_len: u16,
        /// Bytes of the part `interp`.
        interp_len: u16,
        /// Bytes of the part `tty`.
        tty_len: u16,
        /// Always 0.
        reserved: u32,
    }
}

wire! {
    /// Resources at the end of a process.
    Usage {
        /// As wait(2) gives it.
        exit_code: u32,
        /// Threads not yet released, itself included.
        threads: u32,
        /// CPU time in user mode.
        utime_ns: u64,
        /// CPU time in the kernel.
        stime_ns: u64,
        /// Largest resident size, pages.
        maxrss_pages: u64,
    }
}

/// Components of a path, leaf first, each ended by NUL: as the kernel side walked them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Components<'a>(pub &'a [u8]);

impl Components<'_> {
    /// Appends the path, root first. No component at all is `/`.
    pub fn join_into(self, out: &mut Vec<u8>) {
        let Some(inner) = self.0.strip_suffix(&[0]) else {
            out.push(b'/');
            return;
        };
        for component in inner.rsplit(|byte| *byte == 0) {
            out.push(b'/');
            out.extend_from_slice(component);
        }
    }
}

/// An exec, or a process found running (then without filename, interp and argv).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exec<'a> {
    /// Who.
    pub process: Process,
    /// Executable; inode 0 for kernel threads.
    pub file: Inode,
    /// Terminal, sizes.
    pub image: Image,
    /// Path of the executable; for a script its interpreter.
    pub exe: Components<'a>,
    /// Working directory.
    pub cwd: Components<'a>,
    /// Path of the control group.
    pub cgroup: Components<'a>,
    /// The path as given to exec.
    pub filename: &'a [u8],
    /// What runs the file, as its first line names it; empty when it runs by itself.
    pub interp: &'a [u8],
    /// Name of the controlling terminal.
    pub tty: &'a [u8],
    /// Arguments as in the process, NUL after each; cut at the configured size.
    pub argv: &'a [u8],
}

impl Exec<'_> {
    /// The head of the executable's path is missing.
    #[must_use]
    pub fn exe_cut(&self) -> bool {
        self.process.flags & 1 != 0
    }

    /// The head of the working directory is missing.
    #[must_use]
    pub fn cwd_cut(&self) -> bool {
        self.process.flags & 2 != 0
    }

    /// The head of the control group's path is missing.
    #[must_use]
    pub fn cgroup_cut(&self) -> bool {
        self.process.flags & 16 != 0
    }

    /// A part of the arguments was not in memory.
    #[must_use]
    pub fn argv_fault(&self) -> bool {
        self.process.flags & 32 != 0
    }

    /// The executable has no place in the file tree.
    #[must_use]
    pub fn exe_detached(&self) -> bool {
        self.process.flags & 64 != 0
    }

    /// A thread of the kernel: no executable, no arguments.
    #[must_use]
    pub fn kernel_thread(&self) -> bool {
        self.process.flags & 256 != 0
    }

    /// The executable is an anonymous memory file.
    #[must_use]
    pub fn memfd(&self) -> bool {
        self.exe_detached() && self.exe.0.starts_with(b"memfd:")
    }
}

/// The end of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// Who.
    pub process: Process,
    /// Code and resources.
    pub usage: Usage,
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record<'a> {
    /// A successful exec.
    Exec(Exec<'a>),
    /// A new process (`process` is the child).
    Fork(Process),
    /// The end of a process.
    Exit(Exit),
    /// A process found running at start-up.
    Running(Exec<'a>),
    /// A file that was created or written.
    File(File<'a>),
    /// A system call that came to its end.
    Call(Call<'a>),
    /// What happened to a socket.
    Socket(Socket),
    /// A packet worth reading.
    Packet(Packet<'a>),
}

impl Record<'_> {
    /// Who, where the record says it in short.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        match self {
            Self::File(File { actor, .. })
            | Self::Call(Call { actor, .. })
            | Self::Socket(Socket { actor, .. })
            | Self::Packet(Packet { actor, .. }) => Some(actor),
            Self::Exec(_) | Self::Fork(_) | Self::Exit(_) | Self::Running(_) => None,
        }
    }
}

/// `enum wire_kind` of wire.h.
pub mod kind {
    macro_rules! kinds {
        ($($name:ident = $value:literal,)*) => {
            $(#[allow(missing_docs)] pub const $name: u16 = $value;)*
            /// All of them, as wire.h names them.
            #[cfg(test)]
            pub(super) const ALL: &[(&str, u16)] = &[$((stringify!($name), $value)),*];
        };
    }
    kinds! {
        EXEC = 1,
        FORK = 2,
        EXIT = 3,
        RUNNING = 4,
        FILE_CREATE = 5,
        FILE_WRITE = 6,
        FILE_PATH = 7,
        FILE_ATTR = 8,
        FILE_TIMES = 9,
        PROCESS_OPEN = 10,
        PROCESS_INJECT = 11,
        MEMORY = 12,
        NAMESPACE = 13,
        MOUNT = 14,
        BPF = 15,
        MODULE = 16,
        PRCTL = 17,
        CREDENTIAL = 18,
        SIGNAL = 19,
        IMAGE = 20,
        PIPE = 21,
        SYSCTL = 22,
        CONTAINER = 23,
        IO_URING = 24,
        IMAGE_MAP = 25,
        ELF_WRITE = 26,
        ELF_PATH = 27,
        SOCKET = 40,
        DNS_QUERY = 41,
        DNS_ANSWER = 42,
        TLS = 43,
        HTTP = 44,
    }
    /// One more than the highest.
    pub const COUNT: usize = 64;
    /// Kinds that are calls.
    pub(super) const CALLS: std::ops::Range<u16> = FILE_PATH..SOCKET;
    /// Kinds that are packets.
    pub(super) const PACKETS: std::ops::RangeInclusive<u16> = DNS_QUERY..=HTTP;
}

/// Kind of a record, without reading the rest. `None` when it is too short for one.
#[must_use]
pub fn kind_of(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|head| u16::from_ne_bytes(*head))
}

/// Reads one record that fills `bytes`.
///
/// # Errors
/// See [`RecordError`].
pub fn parse(bytes: &[u8]) -> Result<Record<'_>, RecordError> {
    match kind_of(bytes).ok_or(RecordError::Short)? {
        kind::EXEC..=kind::RUNNING => parse_process(bytes),
        kind::FILE_CREATE | kind::FILE_WRITE | kind::ELF_WRITE => {
            Ok(Record::File(File::parse(bytes)?))
        }
        kind::SOCKET => Ok(Record::Socket(Socket::parse(bytes)?)),
        kind if kind::PACKETS.contains(&kind) => Ok(Record::Packet(Packet::parse(bytes)?)),
        kind if kind::CALLS.contains(&kind) => Ok(Record::Call(Call::parse(bytes)?)),
        _ => Err(RecordError::Kind),
    }
}

fn parse_process(bytes: &[u8]) -> Result<Record<'_>, RecordError> {
    let mut rest = bytes;
    let process = Process::take(&mut rest).ok_or(RecordError::Short)?;
    if usize::try_from(process.len).ok() != Some(bytes.len()) {
        return Err(RecordError::Length);
    }
    match process.kind {
        kind::EXEC => Ok(Record::Exec(parse_exec(process, rest)?)),
        kind::RUNNING => Ok(Record::Running(parse_exec(process, rest)?)),
        kind::FORK if rest.is_empty() => Ok(Record::Fork(process)),
        kind::EXIT => {
            let usage = Usage::take(&mut rest).ok_or(RecordError::Short)?;
            let exit = Exit { process, usage };
            if rest.is_empty() { Ok(Record::Exit(exit)) } else { Err(RecordError::Length) }
        }
        kind::FORK => Err(RecordError::Length),
        _ => Err(RecordError::Kind),
    }
}

/// Takes the first record off a stream of records: the record's bytes and the rest. `None` when
/// it is not all there.
#[must_use]
pub fn split_first(stream: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut head = stream;
    let process = Process::take(&mut head)?;
    let len = usize::try_from(process.len).ok()?;
    if len < Process::SIZE {
        return None;
    }
    stream.split_at_checked(len)
}

fn parse_exec(process: Process, bytes: &[u8]) -> Result<Exec<'_>, RecordError> {
    let mut rest = bytes;
    let file = Inode::take(&mut rest).ok_or(RecordError::Short)?;
    let image = Image::take(&mut rest).ok_or(RecordError::Short)?;
    let mut part = |len: usize| take_part(&mut rest, len);
    let exec = Exec {
        process,
        file,
        image,
        exe: Components(part(image.exe_len.into())?),
        cwd: Components(part(image.cwd_len.into())?),
        cgroup: Components(part(image.cgroup_len.into())?),
        filename: until_nul(part(image.filename_len.into())?),
        interp: until_nul(part(image.interp_len.into())?),
        tty: until_nul(part(image.tty_len.into())?),
        argv: part(usize::try_from(image.argv_len).map_err(|_| RecordError::Parts)?)?,
    };
    if rest.is_empty() { Ok(exec) } else { Err(RecordError::Parts) }
}

/// Takes a part of `len` bytes off the front.
fn take_part<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], RecordError> {
    let (part, after) = rest.split_at_checked(len).ok_or(RecordError::Parts)?;
    *rest = after;
    Ok(part)
}

/// Text of the kernel side, which a NUL ends.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests;
