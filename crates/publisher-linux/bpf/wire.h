/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The records that the kernel side hands to user space, in the byte order of
 * the machine. src/record.rs reads them; its test compares the two line by line,
 * so keep one field to a line, naturally aligned, without padding.
 */
#ifndef EVTABLES_WIRE_H
#define EVTABLES_WIRE_H

enum wire_kind {
	KIND_EXEC = 1,
	KIND_FORK = 2,
	KIND_EXIT = 3,
	KIND_RUNNING = 4,
};

enum wire_flag {
	FLAG_EXE_CUT = 1,		/* path longer than the limits: the head is missing */
	FLAG_CWD_CUT = 2,
	FLAG_FILENAME_CUT = 4,
	FLAG_INTERP_CUT = 8,
	FLAG_CGROUP_CUT = 16,
	FLAG_ARGV_FAULT = 32,		/* a page of argv could not be read */
	FLAG_EXE_DETACHED = 64,		/* the walk ended at a dentry without a mount point: memfd, pipe, … */
	FLAG_CWD_DETACHED = 128,
	FLAG_KERNEL_THREAD = 256,
};

/* Who: opens each record. Ids are those of the initial namespaces. */
struct wire_process {
	__u16 kind;
	__u16 flags;
	__u32 len;
	__u32 cpu;
	__u32 tid;
	__u64 time_ns;
	__u64 start_ns;
	__u64 parent_start_ns;
	__u32 pid;
	__u32 parent_pid;
	__u32 ns_pid;
	__u32 sid;
	__u32 uid;
	__u32 euid;
	__u32 suid;
	__u32 fsuid;
	__u32 gid;
	__u32 egid;
	__u32 sgid;
	__u32 fsgid;
	__u32 auid;
	__u32 session_id;
	__u32 mnt_ns;
	__u32 pid_ns;
	__u32 net_ns;
	__u32 user_ns;
	__u32 uts_ns;
	__u32 cgroup_ns;
	__u64 cap_effective;
	__u64 cap_permitted;
	__u64 cgroup_id;
	char comm[16];
};

/*
 * KIND_EXEC and KIND_RUNNING. The parts follow in this order: exe, cwd, cgroup
 * (components, leaf first, each ended by NUL), filename, interp, tty (one string
 * each, ended by NUL), argv (bytes as in the process). interp_len is 0 when it is
 * the file name.
 */
struct wire_exec {
	struct wire_process process;
	__u64 exe_inode;
	__u64 exe_size;
	__s64 exe_mtime_ns;
	__s64 exe_ctime_ns;
	__u32 exe_dev;
	__u32 exe_nlink;
	__u32 exe_mode;
	__u32 exe_uid;
	__u32 exe_gid;
	__u32 tty_dev;
	__u32 argc;
	__u32 argv_size;
	__u32 argv_len;
	__u16 exe_len;
	__u16 cwd_len;
	__u16 cgroup_len;
	__u16 filename_len;
	__u16 interp_len;
	__u16 tty_len;
};

/* KIND_FORK: process is the child. */
struct wire_fork {
	struct wire_process process;
};

/* KIND_EXIT. exit_code as wait(2) gives it. */
struct wire_exit {
	struct wire_process process;
	__u32 exit_code;
	__u32 threads;
	__u64 utime_ns;
	__u64 stime_ns;
	__u64 maxrss_pages;
};

/* One per kind and CPU. seen = filtered + submitted + ring_full + oversize. */
struct wire_counts {
	__u64 seen;
	__u64 filtered;
	__u64 submitted;
	__u64 ring_full;
	__u64 oversize;
};

#define WIRE_KINDS 5

/* A part is at most this long; a component is at most COMPONENT_MAX with its NUL. */
#define PART_MAX 4096
#define COMPONENT_MAX 256
#define COMPONENTS_MAX 48
/* All parts but argv together stay below this power of two. */
#define PARTS_MAX 32768

#endif
