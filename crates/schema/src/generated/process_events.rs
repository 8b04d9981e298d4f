// SPDX-License-Identifier: Apache-2.0
//! `process_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_process_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

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
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Every process start, fork and end, with arguments, identity, parent and executable.",
        example: "SELECT time, action, pid, path, cmdline, parent_path FROM linux_process_events WHERE action = 'PROC_CREATE' ORDER BY time DESC LIMIT 5;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["PROC_CREATE", "PROC_FORK", "PROC_TERMINATE", "PROC_RUNNING"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`PROC_CREATE`, `PROC_FORK`, `PROC_TERMINATE` or `PROC_RUNNING`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process id (thread group) in the host's pid namespace." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the process: host boot, start time and pid. Survives pid reuse and exec." },
            ColumnSpec { id: ColumnId(4), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.path", sigma: "Image", sysmon: "Image", description: "Executable, as the kernel resolved it. A memfd reads `/memfd:name`." },
            ColumnSpec { id: ColumnId(5), name: "cmdline", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.cmdline", hidden: false, index: true, additional: false, values: &[], ocsf: "process.cmd_line", sigma: "CommandLine", sysmon: "CommandLine", description: "Arguments for reading, quoted where a shell would need it." },
            ColumnSpec { id: ColumnId(6), name: "parent_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.pid", sigma: "ParentProcessId", sysmon: "ParentProcessId", description: "Process id of the parent." },
            ColumnSpec { id: ColumnId(7), name: "parent_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.uid", sigma: "ParentProcessGuid", sysmon: "ParentProcessGuid", description: "Identity of the parent." },
            ColumnSpec { id: ColumnId(8), name: "parent_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.path", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.file.path", sigma: "ParentImage", sysmon: "ParentImage", description: "Executable of the parent at the time of the event." },
            ColumnSpec { id: ColumnId(9), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account name of `uid`; empty when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(10), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(2)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 2 = process." },
            ColumnSpec { id: ColumnId(11), name: "comm", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.name", sigma: "", sysmon: "", description: "The kernel's short name of the task (15 bytes)." },
            ColumnSpec { id: ColumnId(12), name: "argv", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The exact argument list as a JSON array." },
            ColumnSpec { id: ColumnId(13), name: "argv_base64", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: true, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The exact argument bytes, NUL between arguments, base64; only where they are not UTF-8." },
            ColumnSpec { id: ColumnId(14), name: "cmdline_size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the argument list in the process, in bytes." },
            ColumnSpec { id: ColumnId(15), name: "cmdline_truncated", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the argument list was longer than the configured limit and was cut." },
            ColumnSpec { id: ColumnId(16), name: "cwd", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.working_directory", sigma: "CurrentDirectory", sysmon: "CurrentDirectory", description: "Working directory at exec." },
            ColumnSpec { id: ColumnId(17), name: "script_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The script, when the exec was of a script; absolute." },
            ColumnSpec { id: ColumnId(18), name: "interpreter", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The interpreter that runs the script." },
            ColumnSpec { id: ColumnId(19), name: "parent_cmdline", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.cmdline", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.cmd_line", sigma: "ParentCommandLine", sysmon: "ParentCommandLine", description: "Arguments of the parent, cut at 2,048 bytes." },
            ColumnSpec { id: ColumnId(20), name: "ancestors", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.ancestors", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Executables from the parent up to the first process, as a JSON array (16 at most)." },
            ColumnSpec { id: ColumnId(21), name: "tid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Thread that acted." },
            ColumnSpec { id: ColumnId(22), name: "uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.uid", sigma: "", sysmon: "", description: "Real user id." },
            ColumnSpec { id: ColumnId(23), name: "euid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective user id." },
            ColumnSpec { id: ColumnId(24), name: "suid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Saved user id." },
            ColumnSpec { id: ColumnId(25), name: "gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Real group id." },
            ColumnSpec { id: ColumnId(26), name: "egid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective group id." },
            ColumnSpec { id: ColumnId(27), name: "auid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "LogonId", description: "Login user id (audit); empty when never set." },
            ColumnSpec { id: ColumnId(28), name: "session_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "TerminalSessionId", description: "Audit session id; empty when never set." },
            ColumnSpec { id: ColumnId(29), name: "sid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process id of the session leader (setsid)." },
            ColumnSpec { id: ColumnId(30), name: "tty", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Controlling terminal, for example `pts0`." },
            ColumnSpec { id: ColumnId(31), name: "cap_effective", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Effective capabilities, 16 hexadecimal digits." },
            ColumnSpec { id: ColumnId(32), name: "mnt_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Mount namespace (inode number)." },
            ColumnSpec { id: ColumnId(33), name: "pid_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Pid namespace (inode number)." },
            ColumnSpec { id: ColumnId(34), name: "net_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Network namespace (inode number)." },
            ColumnSpec { id: ColumnId(35), name: "user_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "User namespace (inode number)." },
            ColumnSpec { id: ColumnId(36), name: "ns_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process id inside its own pid namespace." },
            ColumnSpec { id: ColumnId(37), name: "cgroup_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Id of the control group (default hierarchy)." },
            ColumnSpec { id: ColumnId(38), name: "cgroup_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.cgroup_path", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Path of the control group." },
            ColumnSpec { id: ColumnId(39), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container id, read from the control group's path." },
            ColumnSpec { id: ColumnId(40), name: "container_runtime", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.container_runtime", hidden: false, index: false, additional: false, values: &[], ocsf: "container.runtime", sigma: "", sysmon: "", description: "`docker`, `containerd`, `podman`, `crio`, …" },
            ColumnSpec { id: ColumnId(41), name: "inode", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Inode of the executable." },
            ColumnSpec { id: ColumnId(42), name: "device", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device of the executable's file system, encoded as stat's st_dev." },
            ColumnSpec { id: ColumnId(43), name: "mode", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Permission bits of the executable, octal." },
            ColumnSpec { id: ColumnId(44), name: "file_uid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Owner of the executable." },
            ColumnSpec { id: ColumnId(45), name: "file_gid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Group of the executable." },
            ColumnSpec { id: ColumnId(46), name: "mtime", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Last modification of the executable, unix seconds." },
            ColumnSpec { id: ColumnId(47), name: "size", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the executable in bytes." },
            ColumnSpec { id: ColumnId(48), name: "memfd", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the executable is an anonymous memory file." },
            ColumnSpec { id: ColumnId(49), name: "deleted", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the executable had no name left in any folder at exec." },
            ColumnSpec { id: ColumnId(50), name: "start_time", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "process.created_time", sigma: "", sysmon: "", description: "When the process started, unix seconds." },
            ColumnSpec { id: ColumnId(51), name: "exit_code", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "exit_code", sigma: "", sysmon: "", description: "Exit status, when it ended by itself." },
            ColumnSpec { id: ColumnId(52), name: "exit_signal", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Signal that ended it, if one did." },
            ColumnSpec { id: ColumnId(53), name: "core_dumped", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when it ended with a core dump." },
            ColumnSpec { id: ColumnId(54), name: "duration_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "How long the process lived, microseconds (at its end)." },
            ColumnSpec { id: ColumnId(55), name: "utime_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "CPU time in user mode, microseconds (at its end)." },
            ColumnSpec { id: ColumnId(56), name: "stime_us", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "CPU time in the kernel, microseconds (at its end)." },
            ColumnSpec { id: ColumnId(57), name: "max_rss_kb", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Largest resident size, KiB (at its end)." },
            ColumnSpec { id: ColumnId(58), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.md5", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(59), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "hash.sha256", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(60), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Enrich, null: true, fill: "hash.done", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when the hashes are there, 0 when they could not be had in time." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(61), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
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
    }
}

/// The table `win_process_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

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
    /// Position of `sha256`.
    pub const SHA256: usize = 13;
    /// Position of `cwd`.
    pub const CWD: usize = 14;
    /// Position of `parent_cmdline`.
    pub const PARENT_CMDLINE: usize = 15;
    /// Position of `ancestors`.
    pub const ANCESTORS: usize = 16;
    /// Position of `exit_code`.
    pub const EXIT_CODE: usize = 17;
    /// Position of `md5`.
    pub const MD5: usize = 18;
    /// Position of `hashed`.
    pub const HASHED: usize = 19;
    /// Position of `sha1`.
    pub const SHA1: usize = 20;
    /// Position of `imphash`.
    pub const IMPHASH: usize = 21;
    /// Position of `original_file_name`.
    pub const ORIGINAL_FILE_NAME: usize = 22;
    /// Position of `file_version`.
    pub const FILE_VERSION: usize = 23;
    /// Position of `file_description`.
    pub const FILE_DESCRIPTION: usize = 24;
    /// Position of `product`.
    pub const PRODUCT: usize = 25;
    /// Position of `company`.
    pub const COMPANY: usize = 26;
    /// Position of `signature_status`.
    pub const SIGNATURE_STATUS: usize = 27;
    /// Position of `trust_info`.
    pub const TRUST_INFO: usize = 28;
    /// Position of `subject_name`.
    pub const SUBJECT_NAME: usize = 29;
    /// Position of `integrity_level`.
    pub const INTEGRITY_LEVEL: usize = 30;
    /// Position of `token_elevation_type`.
    pub const TOKEN_ELEVATION_TYPE: usize = 31;
    /// Position of `logon_id`.
    pub const LOGON_ID: usize = 32;
    /// Position of `logon_guid`.
    pub const LOGON_GUID: usize = 33;
    /// Position of `terminal_session_id`.
    pub const TERMINAL_SESSION_ID: usize = 34;
    /// Position of `parent_owner_uid`.
    pub const PARENT_OWNER_UID: usize = 35;
    /// Position of `creator_owner_uid`.
    pub const CREATOR_OWNER_UID: usize = 36;
    /// Position of `creator_pid`.
    pub const CREATOR_PID: usize = 37;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 38;
    /// Position of `source`.
    pub const SOURCE: usize = 39;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 40;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 41;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 42;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 43;
    /// Position of `seq`.
    pub const SEQ: usize = 44;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 45;
    /// Position of `take`.
    pub const TAKE: usize = 46;
    /// Position of `history`.
    pub const HISTORY: usize = 47;

    /// Every process start and end, with command line, identity, parent and executable.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(32), kind: "process_events", name: "win_process_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Every process start and end, with command line, identity, parent and executable.",
        example: "SELECT utc_time, action, pid, path, cmdline, parent_path FROM win_process_events WHERE action = 'PROC_CREATE' ORDER BY time DESC LIMIT 5;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["PROC_CREATE", "PROC_TERMINATE", "PROC_RUNNING"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`PROC_CREATE`, `PROC_TERMINATE` or `PROC_RUNNING`." },
            ColumnSpec { id: ColumnId(1), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(2), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.pid", sigma: "ProcessId", sysmon: "ProcessId", description: "Process id." },
            ColumnSpec { id: ColumnId(3), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the process: the sensor's own, else derived. Survives pid reuse." },
            ColumnSpec { id: ColumnId(4), name: "path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.path", sigma: "Image", sysmon: "Image", description: "Executable, with drive letter." },
            ColumnSpec { id: ColumnId(5), name: "cmdline", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.cmd_line", sigma: "CommandLine", sysmon: "CommandLine", description: "Command line as the system keeps it." },
            ColumnSpec { id: ColumnId(6), name: "parent_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.pid", sigma: "ParentProcessId", sysmon: "ParentProcessId", description: "Process id of the parent." },
            ColumnSpec { id: ColumnId(7), name: "parent_process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.uid", sigma: "ParentProcessGuid", sysmon: "ParentProcessGuid", description: "Identity of the parent." },
            ColumnSpec { id: ColumnId(8), name: "parent_path", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "parent.path", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.file.path", sigma: "ParentImage", sysmon: "ParentImage", description: "Executable of the parent at the time of the event." },
            ColumnSpec { id: ColumnId(9), name: "owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account that the process runs under, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(10), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(2)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 2 = process." },
            ColumnSpec { id: ColumnId(11), name: "sha256", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "process.file.hashes.sha256", sigma: "sha256", sysmon: "Hashes", description: "SHA-256 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(12), name: "cwd", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.working_directory", sigma: "CurrentDirectory", sysmon: "CurrentDirectory", description: "Working directory at the start." },
            ColumnSpec { id: ColumnId(13), name: "parent_cmdline", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "parent.cmdline", hidden: false, index: true, additional: false, values: &[], ocsf: "process.parent_process.cmd_line", sigma: "ParentCommandLine", sysmon: "ParentCommandLine", description: "Command line of the parent." },
            ColumnSpec { id: ColumnId(14), name: "ancestors", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "parent.ancestors", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Executables from the parent up to the first process, as a JSON array (16 at most)." },
            ColumnSpec { id: ColumnId(15), name: "exit_code", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "exit_code", sigma: "", sysmon: "", description: "Exit status at its end, as a signed number." },
            ColumnSpec { id: ColumnId(16), name: "md5", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.hashes.md5", sigma: "md5", sysmon: "Hashes", description: "MD5 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(17), name: "hashed", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when hashes are there, else 0." },
            ColumnSpec { id: ColumnId(18), name: "sha1", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.hashes.sha1", sigma: "sha1", sysmon: "Hashes", description: "SHA-1 of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(19), name: "imphash", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Imphash", sysmon: "Hashes", description: "Hash over the import table of the executable, lower-case hexadecimal." },
            ColumnSpec { id: ColumnId(20), name: "original_file_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "OriginalFileName", sysmon: "OriginalFileName", description: "File name in the version resource of the executable: survives renaming." },
            ColumnSpec { id: ColumnId(21), name: "file_version", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "FileVersion", sysmon: "FileVersion", description: "File version of the executable." },
            ColumnSpec { id: ColumnId(22), name: "file_description", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Description", sysmon: "Description", description: "Description in the version resource of the executable." },
            ColumnSpec { id: ColumnId(23), name: "product", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Product", sysmon: "Product", description: "Product that the executable says it belongs to." },
            ColumnSpec { id: ColumnId(24), name: "company", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "Company", sysmon: "Company", description: "Company that the executable says it is from." },
            ColumnSpec { id: ColumnId(39), name: "signature_status", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Verdict on the signature of the executable: `Valid`, `Expired`, `BadDigest`, `Unavailable`, …" },
            ColumnSpec { id: ColumnId(40), name: "trust_info", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["Trusted", "Untrusted"], ocsf: "", sigma: "", sysmon: "", description: "`Trusted`: the signature holds and leads to a root that this machine trusts. `Untrusted`: it does not hold. NULL: not known." },
            ColumnSpec { id: ColumnId(41), name: "subject_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.file.signature.certificate.subject", sigma: "", sysmon: "", description: "Signer of the executable." },
            ColumnSpec { id: ColumnId(25), name: "integrity_level", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "process.integrity", sigma: "IntegrityLevel", sysmon: "IntegrityLevel", description: "`Low`, `Medium`, `High`, `System`, …, from the label where the record has that." },
            ColumnSpec { id: ColumnId(26), name: "token_elevation_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "TokenElevationType", sysmon: "", description: "`Default`, `Full` or `Limited` (Security 4688)." },
            ColumnSpec { id: ColumnId(27), name: "logon_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.session.uid", sigma: "LogonId", sysmon: "LogonId", description: "Logon session, hexadecimal text: joins the Security log." },
            ColumnSpec { id: ColumnId(28), name: "logon_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "LogonGuid", sysmon: "LogonGuid", description: "Identity of the logon session." },
            ColumnSpec { id: ColumnId(29), name: "terminal_session_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "TerminalSessionId", sysmon: "TerminalSessionId", description: "Terminal session." },
            ColumnSpec { id: ColumnId(30), name: "parent_owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "ParentUser", sysmon: "ParentUser", description: "Account that the parent runs under." },
            ColumnSpec { id: ColumnId(31), name: "creator_owner_uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "SubjectUserName", sysmon: "", description: "Account that asked for the start, where it is another than `owner_uid` (Security 4688)." },
            ColumnSpec { id: ColumnId(32), name: "creator_pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process that really made the call (live tracing): unequal to `parent_pid` when the parent is forged." },
            ColumnSpec { id: ColumnId(33), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(34), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(35), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(36), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(37), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(38), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `PROC_CREATE`, `PROC_TERMINATE` or `PROC_RUNNING`.
            pub action: &'a str,
            /// Process id.
            pub pid: Option<i64>,
            /// Identity of the process: the sensor's own, else derived. Survives pid reuse.
            pub process_guid: Option<u128>,
            /// Executable, with drive letter.
            pub path: Option<&'a str>,
            /// Command line as the system keeps it.
            pub cmdline: Option<&'a str>,
            /// Process id of the parent.
            pub parent_pid: Option<i64>,
            /// Identity of the parent.
            pub parent_process_guid: Option<u128>,
            /// Executable of the parent at the time of the event.
            pub parent_path: Option<&'a str>,
            /// Account that the process runs under, `DOMAIN\user`.
            pub owner_uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// SHA-256 of the executable, lower-case hexadecimal.
            pub sha256: Option<&'a str>,
            /// Working directory at the start.
            pub cwd: Option<&'a str>,
            /// Command line of the parent.
            pub parent_cmdline: Option<&'a str>,
            /// Exit status at its end, as a signed number.
            pub exit_code: Option<i32>,
            /// MD5 of the executable, lower-case hexadecimal.
            pub md5: Option<&'a str>,
            /// 1 when hashes are there, else 0.
            pub hashed: i32,
            /// SHA-1 of the executable, lower-case hexadecimal.
            pub sha1: Option<&'a str>,
            /// Hash over the import table of the executable, lower-case hexadecimal.
            pub imphash: Option<&'a str>,
            /// File name in the version resource of the executable: survives renaming.
            pub original_file_name: Option<&'a str>,
            /// File version of the executable.
            pub file_version: Option<&'a str>,
            /// Description in the version resource of the executable.
            pub file_description: Option<&'a str>,
            /// Product that the executable says it belongs to.
            pub product: Option<&'a str>,
            /// Company that the executable says it is from.
            pub company: Option<&'a str>,
            /// Verdict on the signature of the executable: `Valid`, `Expired`, `BadDigest`, `Unavailable`, …
            pub signature_status: Option<&'a str>,
            /// `Trusted`: the signature holds and leads to a root that this machine trusts. `Untrusted`: it does not hold. NULL: not known.
            pub trust_info: Option<&'a str>,
            /// Signer of the executable.
            pub subject_name: Option<&'a str>,
            /// `Low`, `Medium`, `High`, `System`, …, from the label where the record has that.
            pub integrity_level: Option<&'a str>,
            /// `Default`, `Full` or `Limited` (Security 4688).
            pub token_elevation_type: Option<&'a str>,
            /// Logon session, hexadecimal text: joins the Security log.
            pub logon_id: Option<&'a str>,
            /// Identity of the logon session.
            pub logon_guid: Option<u128>,
            /// Terminal session.
            pub terminal_session_id: Option<i64>,
            /// Account that the parent runs under.
            pub parent_owner_uid: Option<&'a str>,
            /// Account that asked for the start, where it is another than `owner_uid` (Security 4688).
            pub creator_owner_uid: Option<&'a str>,
            /// Process that really made the call (live tracing): unequal to `parent_pid` when the parent is forged.
            pub creator_pid: Option<i64>,
            /// Computer that the event happened on, as its record names it.
            pub host_name: Option<&'a str>,
            /// Channel of the record that the row was made of.
            pub source: Option<&'a str>,
            /// Event id of that record.
            pub source_eventid: Option<i32>,
            /// Number of that record in its log.
            pub record_id: Option<i64>,
            /// Rule of the sensor's configuration that let the event through.
            pub rule_name: Option<&'a str>,
        }
    }
}
