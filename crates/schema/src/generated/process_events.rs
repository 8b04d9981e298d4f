// SPDX-License-Identifier: Apache-2.0
//! `process_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_process_events`.
pub mod linux {
    use crate::batch::EventBatch;
    use crate::columns::*;
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};
    use arrow_array::ArrayRef;

    const _: Option<Virtual> = None;

    /// Position of `action`.
    pub const ACTION: usize = 0;
    /// Position of `eid`.
    pub const EID: usize = 1;
    /// Position of `pid`.
    pub const PID: usize = 2;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 3;
    /// Position of `path`.
    pub const PATH: usize = 4;
    /// Position of `cmdline`.
    pub const CMDLINE: usize = 5;
    /// Position of `parent_pid`.
    pub const PARENT_PID: usize = 6;
    /// Position of `parent_process_guid`.
    pub const PARENT_PROCESS_GUID: usize = 7;
    /// Position of `parent_path`.
    pub const PARENT_PATH: usize = 8;
    /// Position of `owner_uid`.
    pub const OWNER_UID: usize = 9;
    /// Position of `time`.
    pub const TIME: usize = 10;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 11;
    /// Position of `eventid`.
    pub const EVENTID: usize = 12;
    /// Position of `comm`.
    pub const COMM: usize = 13;
    /// Position of `argv`.
    pub const ARGV: usize = 14;
    /// Position of `argv_base64`.
    pub const ARGV_BASE64: usize = 15;
    /// Position of `cmdline_size`.
    pub const CMDLINE_SIZE: usize = 16;
    /// Position of `cmdline_truncated`.
    pub const CMDLINE_TRUNCATED: usize = 17;
    /// Position of `cwd`.
    pub const CWD: usize = 18;
    /// Position of `script_path`.
    pub const SCRIPT_PATH: usize = 19;
    /// Position of `interpreter`.
    pub const INTERPRETER: usize = 20;
    /// Position of `parent_cmdline`.
    pub const PARENT_CMDLINE: usize = 21;
    /// Position of `ancestors`.
    pub const ANCESTORS: usize = 22;
    /// Position of `tid`.
    pub const TID: usize = 23;
    /// Position of `uid`.
    pub const UID: usize = 24;
    /// Position of `euid`.
    pub const EUID: usize = 25;
    /// Position of `suid`.
    pub const SUID: usize = 26;
    /// Position of `gid`.
    pub const GID: usize = 27;
    /// Position of `egid`.
    pub const EGID: usize = 28;
    /// Position of `auid`.
    pub const AUID: usize = 29;
    /// Position of `session_id`.
    pub const SESSION_ID: usize = 30;
    /// Position of `sid`.
    pub const SID: usize = 31;
    /// Position of `tty`.
    pub const TTY: usize = 32;
    /// Position of `cap_effective`.
    pub const CAP_EFFECTIVE: usize = 33;
    /// Position of `mnt_ns`.
    pub const MNT_NS: usize = 34;
    /// Position of `pid_ns`.
    pub const PID_NS: usize = 35;
    /// Position of `net_ns`.
    pub const NET_NS: usize = 36;
    /// Position of `user_ns`.
    pub const USER_NS: usize = 37;
    /// Position of `ns_pid`.
    pub const NS_PID: usize = 38;
    /// Position of `cgroup_id`.
    pub const CGROUP_ID: usize = 39;
    /// Position of `cgroup_path`.
    pub const CGROUP_PATH: usize = 40;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 41;
    /// Position of `container_runtime`.
    pub const CONTAINER_RUNTIME: usize = 42;
    /// Position of `inode`.
    pub const INODE: usize = 43;
    /// Position of `device`.
    pub const DEVICE: usize = 44;
    /// Position of `mode`.
    pub const MODE: usize = 45;
    /// Position of `file_uid`.
    pub const FILE_UID: usize = 46;
    /// Position of `file_gid`.
    pub const FILE_GID: usize = 47;
    /// Position of `mtime`.
    pub const MTIME: usize = 48;
    /// Position of `size`.
    pub const SIZE: usize = 49;
    /// Position of `memfd`.
    pub const MEMFD: usize = 50;
    /// Position of `deleted`.
    pub const DELETED: usize = 51;
    /// Position of `start_time`.
    pub const START_TIME: usize = 52;
    /// Position of `exit_code`.
    pub const EXIT_CODE: usize = 53;
    /// Position of `exit_signal`.
    pub const EXIT_SIGNAL: usize = 54;
    /// Position of `core_dumped`.
    pub const CORE_DUMPED: usize = 55;
    /// Position of `duration_us`.
    pub const DURATION_US: usize = 56;
    /// Position of `utime_us`.
    pub const UTIME_US: usize = 57;
    /// Position of `stime_us`.
    pub const STIME_US: usize = 58;
    /// Position of `max_rss_kb`.
    pub const MAX_RSS_KB: usize = 59;
    /// Position of `md5`.
    pub const MD5: usize = 60;
    /// Position of `sha256`.
    pub const SHA256: usize = 61;
    /// Position of `hashed`.
    pub const HASHED: usize = 62;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 63;
    /// Position of `seq`.
    pub const SEQ: usize = 64;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 65;
    /// Position of `take`.
    pub const TAKE: usize = 66;
    /// Position of `history`.
    pub const HISTORY: usize = 67;

    /// Every process start, fork and end, with arguments, identity, parent and executable.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(1), kind: "process_events", name: "linux_process_events",
        class: Class::Event, platform: Platform::Linux,
        summary: "Every process start, fork and end, with arguments, identity, parent and executable.",
        example: "SELECT time, action, pid, path, cmdline, parent_path FROM linux_process_events WHERE action = 'PROC_CREATE' ORDER BY time DESC LIMIT 5;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "activity_name", sigma: "", sysmon: "", description: "`PROC_CREATE`, `PROC_FORK`, `PROC_TERMINATE` or `PROC_RUNNING`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process id (thread group) in the host's pid namespace." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the process: host boot, start time and pid. Survives pid reuse and exec." },
            ColumnSpec { id: ColumnId(4), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, ocsf: "process.file.path", sigma: "Image", sysmon: "Image", description: "Executable, as the kernel resolved it. A memfd reads `/memfd:name`." },
            ColumnSpec { id: ColumnId(5), name: "cmdline", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.cmdline", hidden: false, index: true, additional: false, ocsf: "process.cmd_line", sigma: "CommandLine", sysmon: "CommandLine", description: "Arguments for reading, quoted where a shell would need it." },
            ColumnSpec { id: ColumnId(6), name: "parent_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "process.parent_process.pid", sigma: "ParentProcessId", sysmon: "ParentProcessId", description: "Process id of the parent." },
            ColumnSpec { id: ColumnId(7), name: "parent_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "process.parent_process.uid", sigma: "ParentProcessGuid", sysmon: "ParentProcessGuid", description: "Identity of the parent." },
            ColumnSpec { id: ColumnId(8), name: "parent_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.path", hidden: false, index: true, additional: false, ocsf: "process.parent_process.file.path", sigma: "ParentImage", sysmon: "ParentImage", description: "Executable of the parent at the time of the event." },
            ColumnSpec { id: ColumnId(9), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "user.name", hidden: false, index: true, additional: false, ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account name of `uid`; empty when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(10), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(2)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 2 = process." },
            ColumnSpec { id: ColumnId(11), name: "comm", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "process.name", sigma: "", sysmon: "", description: "The kernel's short name of the task (15 bytes)." },
            ColumnSpec { id: ColumnId(12), name: "argv", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "The exact argument list as a JSON array." },
            ColumnSpec { id: ColumnId(13), name: "argv_base64", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "The exact argument bytes, NUL between arguments, base64; only where they are not UTF-8." },
            ColumnSpec { id: ColumnId(14), name: "cmdline_size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Size of the argument list in the process, in bytes." },
            ColumnSpec { id: ColumnId(15), name: "cmdline_truncated", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "1 when the argument list was longer than the configured limit and was cut." },
            ColumnSpec { id: ColumnId(16), name: "cwd", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "process.working_directory", sigma: "CurrentDirectory", sysmon: "CurrentDirectory", description: "Working directory at exec." },
            ColumnSpec { id: ColumnId(17), name: "script_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "The script, when the exec was of a script; absolute." },
            ColumnSpec { id: ColumnId(18), name: "interpreter", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "The interpreter that runs the script." },
            ColumnSpec { id: ColumnId(19), name: "parent_cmdline", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.cmdline", hidden: false, index: true, additional: false, ocsf: "process.parent_process.cmd_line", sigma: "ParentCommandLine", sysmon: "ParentCommandLine", description: "Arguments of the parent, cut at 2,048 bytes." },
            ColumnSpec { id: ColumnId(20), name: "ancestors", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.ancestors", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Executables from the parent up to the first process, as a JSON array (16 at most)." },
            ColumnSpec { id: ColumnId(21), name: "tid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Thread that acted." },
            ColumnSpec { id: ColumnId(22), name: "uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "actor.user.uid", sigma: "", sysmon: "", description: "Real user id." },
            ColumnSpec { id: ColumnId(23), name: "euid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Effective user id." },
            ColumnSpec { id: ColumnId(24), name: "suid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Saved user id." },
            ColumnSpec { id: ColumnId(25), name: "gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Real group id." },
            ColumnSpec { id: ColumnId(26), name: "egid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Effective group id." },
            ColumnSpec { id: ColumnId(27), name: "auid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "LogonId", description: "Login user id (audit); empty when never set." },
            ColumnSpec { id: ColumnId(28), name: "session_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "TerminalSessionId", description: "Audit session id; empty when never set." },
            ColumnSpec { id: ColumnId(29), name: "sid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Process id of the session leader (setsid)." },
            ColumnSpec { id: ColumnId(30), name: "tty", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Controlling terminal, for example `pts0`." },
            ColumnSpec { id: ColumnId(31), name: "cap_effective", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Effective capabilities, 16 hexadecimal digits." },
            ColumnSpec { id: ColumnId(32), name: "mnt_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Mount namespace (inode number)." },
            ColumnSpec { id: ColumnId(33), name: "pid_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Pid namespace (inode number)." },
            ColumnSpec { id: ColumnId(34), name: "net_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Network namespace (inode number)." },
            ColumnSpec { id: ColumnId(35), name: "user_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "User namespace (inode number)." },
            ColumnSpec { id: ColumnId(36), name: "ns_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Process id inside its own pid namespace." },
            ColumnSpec { id: ColumnId(37), name: "cgroup_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Id of the control group (default hierarchy)." },
            ColumnSpec { id: ColumnId(38), name: "cgroup_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.cgroup_path", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Path of the control group." },
            ColumnSpec { id: ColumnId(39), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, ocsf: "container.uid", sigma: "", sysmon: "", description: "Container id, read from the control group's path." },
            ColumnSpec { id: ColumnId(40), name: "container_runtime", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.container_runtime", hidden: false, index: false, additional: false, ocsf: "container.runtime", sigma: "", sysmon: "", description: "`docker`, `containerd`, `podman`, `crio`, …" },
            ColumnSpec { id: ColumnId(41), name: "inode", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Inode of the executable." },
            ColumnSpec { id: ColumnId(42), name: "device", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Device of the executable's file system, encoded as stat's st_dev." },
            ColumnSpec { id: ColumnId(43), name: "mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Permission bits of the executable, octal." },
            ColumnSpec { id: ColumnId(44), name: "file_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Owner of the executable." },
            ColumnSpec { id: ColumnId(45), name: "file_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Group of the executable." },
            ColumnSpec { id: ColumnId(46), name: "mtime", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Last modification of the executable, unix seconds." },
            ColumnSpec { id: ColumnId(47), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Size of the executable in bytes." },
            ColumnSpec { id: ColumnId(48), name: "memfd", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "1 when the executable is an anonymous memory file." },
            ColumnSpec { id: ColumnId(49), name: "deleted", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "1 when the executable had no name left in any folder at exec." },
            ColumnSpec { id: ColumnId(50), name: "start_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "process.created_time", sigma: "", sysmon: "", description: "When the process started, unix seconds." },
            ColumnSpec { id: ColumnId(51), name: "exit_code", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "exit_code", sigma: "", sysmon: "", description: "Exit status, when it ended by itself." },
            ColumnSpec { id: ColumnId(52), name: "exit_signal", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Signal that ended it, if one did." },
            ColumnSpec { id: ColumnId(53), name: "core_dumped", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "1 when it ended with a core dump." },
            ColumnSpec { id: ColumnId(54), name: "duration_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "How long the process lived, microseconds (at its end)." },
            ColumnSpec { id: ColumnId(55), name: "utime_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "CPU time in user mode, microseconds (at its end)." },
            ColumnSpec { id: ColumnId(56), name: "stime_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "CPU time in the kernel, microseconds (at its end)." },
            ColumnSpec { id: ColumnId(57), name: "max_rss_kb", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Largest resident size, KiB (at its end)." },
            ColumnSpec { id: ColumnId(58), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.md5", hidden: false, index: true, additional: false, ocsf: "process.file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(59), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.sha256", hidden: false, index: true, additional: false, ocsf: "process.file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(60), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "hash.done", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "1 when the hashes are there, 0 when they could not be had in time." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(61), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    /// One row as a decode function gives it: every field must be named.
    #[derive(Debug, Clone, PartialEq)]
    #[cfg_attr(feature = "testing", derive(Default))]
    pub struct Row<'a> {
        /// `PROC_CREATE`, `PROC_FORK`, `PROC_TERMINATE` or `PROC_RUNNING`.
        pub action: &'a str,
        /// Process id (thread group) in the host's pid namespace.
        pub pid: i64,
        /// Identity of the process: host boot, start time and pid. Survives pid reuse and exec.
        pub process_guid: u128,
        /// Executable, as the kernel resolved it. A memfd reads `/memfd:name`.
        pub path: Option<&'a str>,
        /// Arguments for reading, quoted where a shell would need it.
        pub cmdline: Option<&'a str>,
        /// Process id of the parent.
        pub parent_pid: i64,
        /// Identity of the parent.
        pub parent_process_guid: u128,
        /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
        pub time: i64,
        /// The kernel's short name of the task (15 bytes).
        pub comm: &'a str,
        /// The exact argument list as a JSON array.
        pub argv: Option<&'a str>,
        /// The exact argument bytes, NUL between arguments, base64; only where they are not UTF-8.
        pub argv_base64: Option<&'a str>,
        /// Size of the argument list in the process, in bytes.
        pub cmdline_size: Option<i64>,
        /// 1 when the argument list was longer than the configured limit and was cut.
        pub cmdline_truncated: Option<i32>,
        /// Working directory at exec.
        pub cwd: Option<&'a str>,
        /// The script, when the exec was of a script; absolute.
        pub script_path: Option<&'a str>,
        /// The interpreter that runs the script.
        pub interpreter: Option<&'a str>,
        /// Thread that acted.
        pub tid: i64,
        /// Real user id.
        pub uid: i64,
        /// Effective user id.
        pub euid: i64,
        /// Saved user id.
        pub suid: i64,
        /// Real group id.
        pub gid: i64,
        /// Effective group id.
        pub egid: i64,
        /// Login user id (audit); empty when never set.
        pub auid: Option<i64>,
        /// Audit session id; empty when never set.
        pub session_id: Option<i64>,
        /// Process id of the session leader (setsid).
        pub sid: i64,
        /// Controlling terminal, for example `pts0`.
        pub tty: Option<&'a str>,
        /// Effective capabilities, 16 hexadecimal digits.
        pub cap_effective: &'a str,
        /// Mount namespace (inode number).
        pub mnt_ns: Option<i64>,
        /// Pid namespace (inode number).
        pub pid_ns: Option<i64>,
        /// Network namespace (inode number).
        pub net_ns: Option<i64>,
        /// User namespace (inode number).
        pub user_ns: Option<i64>,
        /// Process id inside its own pid namespace.
        pub ns_pid: i64,
        /// Id of the control group (default hierarchy).
        pub cgroup_id: i64,
        /// Path of the control group.
        pub cgroup_path: Option<&'a str>,
        /// Container id, read from the control group's path.
        pub container_id: Option<&'a str>,
        /// `docker`, `containerd`, `podman`, `crio`, …
        pub container_runtime: Option<&'a str>,
        /// Inode of the executable.
        pub inode: Option<i64>,
        /// Device of the executable's file system, encoded as stat's st_dev.
        pub device: Option<i64>,
        /// Permission bits of the executable, octal.
        pub mode: Option<&'a str>,
        /// Owner of the executable.
        pub file_uid: Option<i64>,
        /// Group of the executable.
        pub file_gid: Option<i64>,
        /// Last modification of the executable, unix seconds.
        pub mtime: Option<i64>,
        /// Size of the executable in bytes.
        pub size: Option<i64>,
        /// 1 when the executable is an anonymous memory file.
        pub memfd: Option<i32>,
        /// 1 when the executable had no name left in any folder at exec.
        pub deleted: Option<i32>,
        /// When the process started, unix seconds.
        pub start_time: i64,
        /// Exit status, when it ended by itself.
        pub exit_code: Option<i32>,
        /// Signal that ended it, if one did.
        pub exit_signal: Option<i32>,
        /// 1 when it ended with a core dump.
        pub core_dumped: Option<i32>,
        /// How long the process lived, microseconds (at its end).
        pub duration_us: Option<i64>,
        /// CPU time in user mode, microseconds (at its end).
        pub utime_us: Option<i64>,
        /// CPU time in the kernel, microseconds (at its end).
        pub stime_us: Option<i64>,
        /// Largest resident size, KiB (at its end).
        pub max_rss_kb: Option<i64>,
    }

    /// Collects rows column by column.
    #[derive(Default)]
    pub struct Builder {
        row_count: usize,
        action: DictBuilder,
        pid: BigIntBuilder,
        process_guid: UuidBuilder,
        path: DictBuilder,
        cmdline: DictBuilder,
        parent_pid: BigIntBuilder,
        parent_process_guid: UuidBuilder,
        time: TimeBuilder,
        comm: DictBuilder,
        argv: DictBuilder,
        argv_base64: DictBuilder,
        cmdline_size: BigIntBuilder,
        cmdline_truncated: IntBuilder,
        cwd: DictBuilder,
        script_path: DictBuilder,
        interpreter: DictBuilder,
        tid: BigIntBuilder,
        uid: BigIntBuilder,
        euid: BigIntBuilder,
        suid: BigIntBuilder,
        gid: BigIntBuilder,
        egid: BigIntBuilder,
        auid: BigIntBuilder,
        session_id: BigIntBuilder,
        sid: BigIntBuilder,
        tty: DictBuilder,
        cap_effective: DictBuilder,
        mnt_ns: BigIntBuilder,
        pid_ns: BigIntBuilder,
        net_ns: BigIntBuilder,
        user_ns: BigIntBuilder,
        ns_pid: BigIntBuilder,
        cgroup_id: BigIntBuilder,
        cgroup_path: DictBuilder,
        container_id: DictBuilder,
        container_runtime: DictBuilder,
        inode: BigIntBuilder,
        device: BigIntBuilder,
        mode: DictBuilder,
        file_uid: BigIntBuilder,
        file_gid: BigIntBuilder,
        mtime: BigIntBuilder,
        size: BigIntBuilder,
        memfd: IntBuilder,
        deleted: IntBuilder,
        start_time: BigIntBuilder,
        exit_code: IntBuilder,
        exit_signal: IntBuilder,
        core_dumped: IntBuilder,
        duration_us: BigIntBuilder,
        utime_us: BigIntBuilder,
        stime_us: BigIntBuilder,
        max_rss_kb: BigIntBuilder,
    }

    impl Builder {
        /// Rows collected since the last batch was taken.
        #[must_use]
        pub fn rows(&self) -> usize {
            self.row_count
        }

        /// Appends one row.
        pub fn push(&mut self, row: &Row<'_>) {
            self.row_count += 1;
            self.action.push(Some(row.action));
            self.pid.push(Some(row.pid));
            self.process_guid.push(Some(row.process_guid));
            self.path.push(row.path);
            self.cmdline.push(row.cmdline);
            self.parent_pid.push(Some(row.parent_pid));
            self.parent_process_guid.push(Some(row.parent_process_guid));
            self.time.push(Some(row.time));
            self.comm.push(Some(row.comm));
            self.argv.push(row.argv);
            self.argv_base64.push(row.argv_base64);
            self.cmdline_size.push(row.cmdline_size);
            self.cmdline_truncated.push(row.cmdline_truncated);
            self.cwd.push(row.cwd);
            self.script_path.push(row.script_path);
            self.interpreter.push(row.interpreter);
            self.tid.push(Some(row.tid));
            self.uid.push(Some(row.uid));
            self.euid.push(Some(row.euid));
            self.suid.push(Some(row.suid));
            self.gid.push(Some(row.gid));
            self.egid.push(Some(row.egid));
            self.auid.push(row.auid);
            self.session_id.push(row.session_id);
            self.sid.push(Some(row.sid));
            self.tty.push(row.tty);
            self.cap_effective.push(Some(row.cap_effective));
            self.mnt_ns.push(row.mnt_ns);
            self.pid_ns.push(row.pid_ns);
            self.net_ns.push(row.net_ns);
            self.user_ns.push(row.user_ns);
            self.ns_pid.push(Some(row.ns_pid));
            self.cgroup_id.push(Some(row.cgroup_id));
            self.cgroup_path.push(row.cgroup_path);
            self.container_id.push(row.container_id);
            self.container_runtime.push(row.container_runtime);
            self.inode.push(row.inode);
            self.device.push(row.device);
            self.mode.push(row.mode);
            self.file_uid.push(row.file_uid);
            self.file_gid.push(row.file_gid);
            self.mtime.push(row.mtime);
            self.size.push(row.size);
            self.memfd.push(row.memfd);
            self.deleted.push(row.deleted);
            self.start_time.push(Some(row.start_time));
            self.exit_code.push(row.exit_code);
            self.exit_signal.push(row.exit_signal);
            self.core_dumped.push(row.core_dumped);
            self.duration_us.push(row.duration_us);
            self.utime_us.push(row.utime_us);
            self.stime_us.push(row.stime_us);
            self.max_rss_kb.push(row.max_rss_kb);
        }

        /// Takes what was collected as a batch; the builder is empty again. Columns that others fill are `None`.
        #[must_use]
        pub fn finish(&mut self) -> EventBatch {
            let columns: Vec<Option<ArrayRef>> = vec![
                Some(self.action.finish()),
                None, // eid
                Some(self.pid.finish()),
                Some(self.process_guid.finish()),
                Some(self.path.finish()),
                Some(self.cmdline.finish()),
                Some(self.parent_pid.finish()),
                Some(self.parent_process_guid.finish()),
                None, // parent_path
                None, // owner_uid
                Some(self.time.finish()),
                None, // utc_time
                None, // eventid
                Some(self.comm.finish()),
                Some(self.argv.finish()),
                Some(self.argv_base64.finish()),
                Some(self.cmdline_size.finish()),
                Some(self.cmdline_truncated.finish()),
                Some(self.cwd.finish()),
                Some(self.script_path.finish()),
                Some(self.interpreter.finish()),
                None, // parent_cmdline
                None, // ancestors
                Some(self.tid.finish()),
                Some(self.uid.finish()),
                Some(self.euid.finish()),
                Some(self.suid.finish()),
                Some(self.gid.finish()),
                Some(self.egid.finish()),
                Some(self.auid.finish()),
                Some(self.session_id.finish()),
                Some(self.sid.finish()),
                Some(self.tty.finish()),
                Some(self.cap_effective.finish()),
                Some(self.mnt_ns.finish()),
                Some(self.pid_ns.finish()),
                Some(self.net_ns.finish()),
                Some(self.user_ns.finish()),
                Some(self.ns_pid.finish()),
                Some(self.cgroup_id.finish()),
                Some(self.cgroup_path.finish()),
                Some(self.container_id.finish()),
                Some(self.container_runtime.finish()),
                Some(self.inode.finish()),
                Some(self.device.finish()),
                Some(self.mode.finish()),
                Some(self.file_uid.finish()),
                Some(self.file_gid.finish()),
                Some(self.mtime.finish()),
                Some(self.size.finish()),
                Some(self.memfd.finish()),
                Some(self.deleted.finish()),
                Some(self.start_time.finish()),
                Some(self.exit_code.finish()),
                Some(self.exit_signal.finish()),
                Some(self.core_dumped.finish()),
                Some(self.duration_us.finish()),
                Some(self.utime_us.finish()),
                Some(self.stime_us.finish()),
                Some(self.max_rss_kb.finish()),
                None, // md5
                None, // sha256
                None, // hashed
                None, // time_ns
                None, // seq
                None, // consumer
                None, // take
                None, // history
            ];
            let rows = std::mem::take(&mut self.row_count);
            EventBatch::new(&TABLE, rows, columns).expect("generated columns fit their table")
        }
    }
}
