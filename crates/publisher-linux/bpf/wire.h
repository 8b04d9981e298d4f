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
	KIND_FILE_CREATE = 5,		/* struct wire_file */
	KIND_FILE_WRITE = 6,
	KIND_FILE_PATH = 7,		/* struct wire_call, up to 39 */
	KIND_FILE_ATTR = 8,
	KIND_FILE_TIMES = 9,
	KIND_PROCESS_OPEN = 10,
	KIND_PROCESS_INJECT = 11,
	KIND_MEMORY = 12,
	KIND_NAMESPACE = 13,
	KIND_MOUNT = 14,
	KIND_BPF = 15,
	KIND_MODULE = 16,
	KIND_PRCTL = 17,
	KIND_CREDENTIAL = 18,
	KIND_SIGNAL = 19,
	KIND_IMAGE = 20,
	KIND_PIPE = 21,
	KIND_SYSCTL = 22,
	KIND_CONTAINER = 23,
	KIND_IO_URING = 24,
	KIND_IMAGE_MAP = 25,
	KIND_ELF_WRITE = 26,		/* struct wire_file */
	KIND_ELF_PATH = 27,
	KIND_SOCKET = 40,		/* struct wire_socket */
	KIND_DNS_QUERY = 41,		/* struct wire_packet, from here on */
	KIND_DNS_ANSWER = 42,
	KIND_TLS = 43,
	KIND_HTTP = 44,
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

/* Flags of the kinds that open with struct wire_actor. */
enum wire_actor_flag {
	FLAG_PATH_CUT = 1,		/* path longer than the limits: the head is missing */
	FLAG_PATH_DETACHED = 2,		/* the walk ended at a dentry without a mount point */
	FLAG_FIRST_CUT = 4,		/* as FLAG_PATH_CUT, of the folder of the first path */
	FLAG_SECOND_CUT = 8,
	FLAG_FROM_FILE = 16,		/* the first path is that of an open file */
	FLAG_FAULT = 32,		/* a string of the caller could not be read */
	FLAG_OTHER_ACTOR = 64,		/* reported by another process than the one that acted */
	FLAG_ELF = 128,			/* the head that was written is that of an ELF file */
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

/* Who, in short: opens each record of the other kinds. The first three fields are those of wire_process. */
struct wire_actor {
	__u16 kind;
	__u16 flags;
	__u32 len;
	__u32 cpu;
	__u32 tid;
	__u64 time_ns;
	__u64 start_ns;
	__u32 pid;
	__u32 euid;
};

/* A file as it was when the record was written. inode 0: none is meant. */
struct wire_inode {
	__u64 inode;
	__u64 size;
	__s64 mtime_ns;
	__s64 ctime_ns;
	__u32 dev;
	__u32 nlink;
	__u32 mode;
	__u32 uid;
	__u32 gid;
	__u32 rdev;
};

/* KIND_FILE_CREATE, KIND_FILE_WRITE and KIND_ELF_WRITE. Then comes the path (components, leaf first). */
struct wire_file {
	struct wire_actor actor;
	struct wire_inode inode;
	__u64 bytes;
	__u32 open_flags;
	__u16 path_len;
	__u16 reserved;
};

enum wire_socket_action {
	SOCKET_CONNECT = 1,
	SOCKET_ACCEPT = 2,
	SOCKET_BIND = 3,
	SOCKET_LISTEN = 4,
	SOCKET_CLOSE = 5,
	SOCKET_SEND = 6,		/* first datagram to a peer */
	SOCKET_RECEIVE = 7,		/* first datagram from a peer that was not written to before */
};

/* Two ends. Addresses of IPv4 stand in the first four bytes; ports in the byte order of the machine. */
struct wire_ends {
	__u8 local[16];
	__u8 remote[16];
	__u16 local_port;
	__u16 remote_port;
	__u16 family;
	__u16 protocol;
};

/* KIND_SOCKET. error: of a connect that failed. */
struct wire_socket {
	struct wire_actor actor;
	struct wire_ends ends;
	__u64 bytes_sent;
	__u64 bytes_received;
	__u64 began_ns;
	__u32 action;
	__u32 error;
};

/* A packet's payload follows, up to payload_len. sent: it left, else it came. */
struct wire_packet {
	struct wire_actor actor;
	struct wire_ends ends;
	__u64 socket;
	__u32 sequence;
	__u32 payload_size;
	__u16 payload_len;
	__u16 sent;
	__u32 reserved;
};

/*
 * A system call that came to its end. The parts follow in this order: first (string as the
 * caller gave it), first_at (components of the folder that it is relative to, or, with
 * FLAG_FROM_FILE, of the file itself), second, second_at, data.
 */
struct wire_call {
	struct wire_actor actor;
	struct wire_inode inode;
	__u64 args[6];
	__s64 result;
	__u64 target_start_ns;
	__u32 target_pid;
	__u16 call;
	__u16 data_len;
	__u16 first_len;
	__u16 first_at_len;
	__u16 second_len;
	__u16 second_at_len;
};

/*
 * KIND_EXEC and KIND_RUNNING. The parts follow in this order: exe, cwd, cgroup
 * (components, leaf first, each ended by NUL), filename, interp, tty (one string
 * each, ended by NUL), argv (bytes as in the process). interp_len is 0 when it is
 * the file name.
 */
struct wire_exec {
	struct wire_process process;
	struct wire_inode exe;
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
	__u32 reserved;
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

/* One per kind and CPU. seen = subtree + own + rule + submitted + ring_full + oversize + unseen_close + no_room. */
struct wire_counts {
	__u64 seen;
	__u64 subtree;			/* left out: outside the watched subtree */
	__u64 own;			/* left out: the collector itself */
	__u64 rule;			/* left out: by a filter */
	__u64 submitted;
	__u64 ring_full;
	__u64 oversize;
	__u64 unseen_close;		/* a written file was closed where no hook is */
	__u64 no_room;			/* a bounded map was full */
	__u64 reserved;
};

#define WIRE_KINDS 64

/*
 * Where rules of the configuration leave out records: a slot is a kind, or SLOT_SOCKET + action.
 * Number 0 of a verdict: none does.
 */
#define SLOT_SOCKET 48
/* Of the files that a program writes, nothing is told by any table: then nothing is kept of them either. */
#define SLOT_WRITES 0
/* Of all that a program does with sockets, nothing is told by any table: then nothing is kept of them either. */
#define SLOT_SILENT SLOT_SOCKET
#define WIRE_SLOTS 64
#define WIRE_RULES 64
/* Programs that are judged at one time. */
#define RULE_PROGRAMS_MAX 8192
#define RULE_CLASSES_MAX 16384
#define RULE_ACTING_MAX 16384
#define RULE_NAME_ENDS_MAX 8192
#define RULE_PLACED_MAX 16384
/* Bytes at the end of a name that are looked at. */
#define NAME_END 32

/* Low bits of a version: what the rules look at beside the program. */
#define RULES_CONTAINER 1
#define RULES_ENDS 2
#define RULES_USER 4
#define RULES_PLACE 8

/*
 * A program by the hash of its path, under one version of the rules. cgroup: with RULES_CONTAINER, that of its
 * exec. user: with RULES_USER, the one that it acts as.
 */
struct wire_program {
	__u64 path;
	__u64 cgroup;
	__u32 version;
	__u32 user;
};

enum wire_class_of {
	CLASS_ADDRESS = 1,		/* 16 bytes; IPv4 inside of IPv6 */
	CLASS_REMOTE_PORT = 2,		/* 2 bytes, high first */
	CLASS_LOCAL_PORT = 3,
};

/* Values that no rule tells apart are of one class. bits: of what follows. */
struct wire_class {
	__u32 bits;
	__u32 version;
	__u32 of;
	__u8 value[16];
};

/* A program that acts on a socket with such ends. */
struct wire_acting {
	__u64 path;
	__u64 cgroup;
	__u32 version;
	__u16 family;
	__u16 protocol;
	__u32 address;
	__u32 remote_port;
	__u32 local_port;
	__u32 user;
};

/*
 * What names end with, as far as rules ask: a slash and the name backwards, in lower case, so that the longest is
 * found. bits: of what follows.
 */
struct wire_name_end {
	__u32 bits;
	__u32 version;
	__u8 value[NAME_END];
};

/* A program that acts on a file in this folder (the hash of its components), whose name has such an end. */
struct wire_placed {
	__u64 path;
	__u64 cgroup;
	__u64 folder;
	__u32 version;
	__u32 user;
	__u32 end;
	__u32 reserved;
};

struct wire_verdict {
	__u64 drops;			/* a bit for each slot with a rule */
	__u8 rule[WIRE_SLOTS];
	__u32 same;			/* the number of all slots that have one; 0: they differ */
	__u32 reserved;
};

/*
 * What the kernel side does at the end of a system call; made in user space, by number. Arguments
 * are counted from 1 on; 0 is none.
 */
struct wire_plan {
	__u8 kind;
	__u8 flags;
	__u8 first;			/* a string */
	__u8 first_at;			/* the folder's descriptor; none: the working directory */
	__u8 second;
	__u8 second_at;
	__u8 file;			/* a descriptor whose file is meant when there is no first path */
	__u8 target;			/* a process id */
	__u8 data;			/* bytes or a string that is copied as data */
	__u8 data_size;			/* 0: a string */
	__u8 test;			/* what must hold, see wire_plan_test */
	__u8 want;
	__u8 test_too;
	__u8 want_too;
	__u16 reserved;
	__u64 mask;
	__u64 mask_too;
};

enum wire_plan_test {
	WANT_ANY = 1,			/* any bit of the mask */
	WANT_NUMBER = 2,		/* the number of a bit of the mask; 0x4200 and on count from 32 */
	WANT_NONE = 3,			/* no bit of the mask */
	WANT_ANY_AT = 4,		/* any bit, of the 64-bit word that the argument points to */
};

enum wire_plan_flag {
	PLAN_FAILED = 1,		/* failed calls too */
	PLAN_FIRST_PLAIN = 2,		/* first is no path */
	PLAN_SECOND_PLAIN = 4,
	PLAN_ONCE = 8,			/* once per version of the file */
	PLAN_BEFORE = 16,		/* the file as it was before goes behind data */
	PLAN_TARGET_FILE = 32,		/* target is a pidfd */
};

/* Plans per call. */
#define PLANS_MAX 3
#define CALLS_MAX 512

/* Identity of a process, twice in the data of KIND_CREDENTIAL: before and after. */
struct wire_credential {
	__u32 uid;
	__u32 euid;
	__u32 suid;
	__u32 fsuid;
	__u32 gid;
	__u32 egid;
	__u32 sgid;
	__u32 fsgid;
	__u64 cap_effective;
	__u64 cap_permitted;
};

/* A part is at most this long; a component is at most COMPONENT_MAX with its NUL. */
#define PART_MAX 4096
#define COMPONENT_MAX 256
#define COMPONENTS_MAX 48
/* All parts but argv together stay below this power of two. */
#define PARTS_MAX 32768

#endif
