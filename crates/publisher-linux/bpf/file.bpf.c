/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Files created and written, by system calls alone (tier A). A write is reported once per
 * open, when its last descriptor goes: by close, dup2, close_range, exec or the end of a process.
 *
 * Called by jump from dispatch.bpf.c, so in the context of the caller, preemption off.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#include "shared.h"
#define SCRATCH_HEAD char inode[256]; struct wire_file file
#define SCRATCH_REST PART_MAX
#include "parts.h"
#include "actor.h"
#include "calls.h"
#include "inode.h"
#include "hash.h"
#include "memory.h"

#define O_ACCMODE 3
#define O_CREAT 0100
#define O_TRUNC 01000
#define FMODE_READ 1
#define FMODE_WRITE 2
#define FMODE_CREATED 0x100000
#define S_IFMT 0170000
#define S_IFREG 0100000
#define CLOSE_RANGE_CLOEXEC 4
/* Values of `head`. */
#define HEAD_UNKNOWN 0
#define HEAD_ELF 1
#define HEAD_OTHER 2
/* Of a write alone: it is behind the head. */
#define HEAD_BEHIND 3
#define ELF_MAGIC 0x464c457f
/* The shortest ELF header. */
#define ELF_SIZE_MIN 52
/* Descriptors that are looked at when many go at once. */
#define AT_END_FILES_MAX 1024

/* An open that wrote, by the address of its struct file. */
struct written {
	__u64 bytes;
	__u64 start_ns; /* of the process that wrote first */
	__u64 files;	/* address of its table of open files */
	__u64 inode;	/* address: another one means that the file behind the address is new */
	__u32 pid;
	__u32 euid;
	__u32 tid;
	__u32 left;	/* a process has let go of it, another has it still */
	__u32 head;	/* what the file's first bytes are, as far as writes told */
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC */
	__type(key, __u64);
	__type(value, struct written);
} written SEC(".maps");

/*
 * How many such opens stand in `written`, by a few bits of the address of their struct file, and of the table
 * of open files that they were begun through. Most closes and the first write of an open find 0 and are done:
 * an array is looked at in a tenth of a hash map's time. Two addresses may share a number, which costs a look-up.
 */
#define MARKS_BITS 14
#define MARKS (1 << MARKS_BITS)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MARKS);
	__type(key, __u32);
	__type(value, __u64);
} open_marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MARKS);
	__type(key, __u32);
	__type(value, __u64);
} table_marks SEC(".maps");

/* One number: written opens that are in the hands of others than their writer. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} shared_left SEC(".maps");

/* Makes the record; its length. */
static __always_inline __u32 fill(struct scratch *to, __u32 slot, struct file *file, struct inode *inode,
				  __u16 kind, const struct written *by)
{
	__u32 len, flags = 0;

	fill_actor(&to->file.actor, kind);
	to->pos = 0;
	to->flags = 0;
	to->file.bytes = 0;
	if (by) {
		if (by->pid != to->file.actor.pid || by->start_ns != to->file.actor.start_ns) {
			flags = FLAG_OTHER_ACTOR;
			to->file.actor.pid = by->pid;
			to->file.actor.start_ns = by->start_ns;
			to->file.actor.euid = by->euid;
			to->file.actor.tid = by->tid;
		}
		if (by->head == HEAD_ELF)
			flags |= FLAG_ELF;
		to->file.bytes = by->bytes;
	}
	copy_inode(&to->file.inode, to->inode, inode);
	get_field(to->file.open_flags, struct file, file, f_flags);
	get_field(to->from_mnt, struct file, file, f_path.mnt);
	get_field(to->from_dentry, struct file, file, f_path.dentry);
	put_path(slot, FLAG_PATH_CUT, FLAG_PATH_DETACHED);
	to->file.path_len = to->pos;
	to->file.reserved = 0;
	len = sizeof(to->file) + position(to);
	to->file.actor.flags = to->flags | flags;
	to->file.actor.len = len;
	return len;
}

#define ALL_BYTES 0x0101010101010101ULL

/* Eight letters of ASCII in lower case. */
static __always_inline __u64 lower(__u64 word)
{
	__u64 from_a = word + (0x80 - 'A') * ALL_BYTES, past_z = word + (0x7f - 'Z') * ALL_BYTES;

	return word | ((from_a ^ past_z) & 0x80 * ALL_BYTES) >> 2;
}

_Static_assert(__builtin_offsetof(struct scratch, parts) == __builtin_offsetof(struct scratch, file.reserved) + 2,
	       "the path stands right behind the last bytes of the record's fixed part");

/*
 * True, and counted, when a rule leaves out what this program does with the file whose record stands in the
 * scratch value `slot`, by its folder and the end of its name.
 */
__noinline int place_drops(__u32 slot, __u32 kind, __u32 pid, __u64 start_ns, __u32 euid)
{
	struct program *program = bpf_map_lookup_elem(&programs, &pid);
	struct scratch *to = scratch_of(slot);
	struct wire_placed key = {};
	struct wire_name_end end = {};
	struct wire_verdict *verdict;
	__u32 name, len, *class, rule, i;
	__u64 word;

	key.version = end.version = version_of_rules();
	if (!program || program->start_ns != start_ns || !program->path || !to || !to->leaf ||
	    to->leaf >= COMPONENT_MAX ||
	    to->flags & (FLAG_PATH_CUT | FLAG_PATH_DETACHED))
		return 0;
	/* The slash that stands before the name: where the record's last byte is, which is 0. */
	name = (to->leaf - 1) & (COMPONENT_MAX - 1);
	len = name + 1;
	((char *)&to->file.reserved)[1] = '/';
#pragma clang loop unroll(full)
	for (i = 0; i < NAME_END / 8; i++) {
		word = *(__u64 *)((char *)to + __builtin_offsetof(struct scratch, parts) + name - 8 - 8 * i);
		if (len < 8 * (i + 1))
			word = len <= 8 * i ? 0 : word >> (8 * (8 * (i + 1) - len)) << (8 * (8 * (i + 1) - len));
		/* Outside of ASCII the row may say something else. */
		if (word & 0x80 * ALL_BYTES)
			goto keep;
		*(__u64 *)(end.value + 8 * i) = __builtin_bswap64(lower(word));
	}
	to->file.reserved = 0;
	end.bits = 32 + 8 * (len < NAME_END ? len : NAME_END);
	class = bpf_map_lookup_elem(&name_ends, &end);
	if (class)
		key.end = *class;
	hash_path(slot, to->leaf, to->file.path_len - to->leaf);
	key.folder = to->path_hash;
	key.path = program->path;
	if (key.version & RULES_CONTAINER)
		key.cgroup = program->cgroup;
	if (key.version & RULES_USER)
		key.user = euid;
	verdict = key.folder ? bpf_map_lookup_elem(&placed, &key) : NULL;
	rule = verdict ? verdict->rule[kind & (WIRE_SLOTS - 1)] : 0;
	if (!rule)
		return 0;
	hit(kind, rule);
	return 1;
keep:
	to->file.reserved = 0;
	return 0;
}

static __always_inline bool place_ruled_out(struct wire_counts *count, struct scratch *to, __u32 slot, __u32 kind)
{
	const struct wire_actor *actor = &to->file.actor;

	if (!(version_of_rules() & RULES_PLACE) || !place_drops(slot, kind, actor->pid, actor->start_ns, actor->euid))
		return false;
	count->rule++;
	return true;
}

/* A few bits of an address. Its lower half is a number to the verifier, which lets nobody count with a pointer. */
static __always_inline __u32 mark_of(__u64 address)
{
	__u32 low;

	asm volatile("%0 = %1" : "=w"(low) : "w"((__u32)address));
	return low * 0x9e3779b1U >> (32 - MARKS_BITS);
}

/* Whether the open behind this address may stand in `written`. */
static __always_inline bool open_marked(__u64 file)
{
	__u32 at = mark_of(file);
	__u64 *mark = bpf_map_lookup_elem(&open_marks, &at);

	return mark && *mark;
}

/* An open comes into `written`, or leaves it: once each, so that the marks stay exact. */
static __always_inline void add_mark(__u64 file, __u64 table, __s64 by)
{
	__u32 at = mark_of(file);
	__u64 *count = bpf_map_lookup_elem(&open_marks, &at);

	if (count)
		__sync_fetch_and_add(count, by);
	at = mark_of(table);
	count = bpf_map_lookup_elem(&table_marks, &at);
	if (count)
		__sync_fetch_and_add(count, by);
}

static __always_inline void forget(struct written *by, __u64 key)
{
	__u32 zero = 0, was_left = by->left;
	__u64 table = by->files, *left;

	if (bpf_map_delete_elem(&written, &key))
		return;
	add_mark(key, table, -1);
	if (!was_left)
		return;
	left = bpf_map_lookup_elem(&shared_left, &zero);
	if (left)
		__sync_fetch_and_add(left, -1);
}

static __always_inline bool regular(struct inode *inode)
{
	__u16 mode = 0;

	get_field(mode, struct inode, inode, i_mode);
	return (mode & S_IFMT) == S_IFREG;
}

/* Counts what is not told of a kind; where the reason is counted, or NULL when nobody wants the kind. */
static __always_inline struct wire_counts *untold(__u32 kind)
{
	struct wire_counts *count = counts_of(kind);

	if (!count || !is_on(kind))
		return NULL;
	count->seen++;
	return count;
}

/* A written open whose end is not told, for both tables that are made of it. */
static __always_inline void lose_close(void)
{
	struct wire_counts *count = untold(KIND_FILE_WRITE);

	if (count)
		count->unseen_close++;
	count = untold(KIND_ELF_WRITE);
	if (count)
		count->unseen_close++;
}

static __always_inline void lose_room(void)
{
	struct wire_counts *count = untold(KIND_FILE_WRITE);

	if (count)
		count->no_room++;
	count = untold(KIND_ELF_WRITE);
	if (count)
		count->no_room++;
}

/*
 * What the file begins with after this write: told by plain writes at its beginning, and left as it was by
 * those behind it. Of the others only user space can say, which looks.
 */
static __always_inline __u32 head_of(struct pt_regs *regs, struct file *file, long bytes)
{
	__u32 call = call_number(regs), magic = 0;
	__s64 from = -1;

	if (!is_on(KIND_ELF_WRITE))
		return HEAD_UNKNOWN;
	if (call == WRITE_CALL) {
		get_field(from, struct file, file, f_pos);
		from -= bytes;
	} else if (call == PWRITE_CALL) {
		from = call_arg3(regs);
	} else {
		return HEAD_UNKNOWN;
	}
	if (from >= (__s64)sizeof(magic))
		return HEAD_BEHIND;
	if (from || bytes < (long)sizeof(magic) || bpf_probe_read_user(&magic, sizeof(magic), (void *)call_arg1(regs)))
		return HEAD_UNKNOWN;
	return magic == ELF_MAGIC ? HEAD_ELF : HEAD_OTHER;
}

/*
 * Takes note of bytes written to the file behind `file`; the first time, who it was. regs: of the call that
 * wrote them, NULL of one that made the file empty.
 */
static __always_inline void note_write(struct pt_regs *regs, struct file *file, struct inode *inode, __u64 bytes)
{
	__u64 key = (__u64)file;
	struct written *old = open_marked(key) ? bpf_map_lookup_elem(&written, &key) : NULL, new = {};
	bool first = !old || old->inode != (__u64)inode;
	struct wire_counts *count;
	struct wire_actor actor;
	__u32 pid = bpf_get_current_pid_tgid() >> 32, head;

	if (first) {
		if (old) {
			lose_close();
			forget(old, key);
		}
		if (!regular(inode))
			return;
		/* Who is not to be reported costs no more than this. */
		if (pid == own_pid || !watched(pid))
			return;
		/* Nothing is kept of the writing of a program that is left out: that costs most. Its calls are counted. */
		count = counts_of(KIND_FILE_WRITE);
		if (count && !(is_on(KIND_PROCESS_INJECT) && of_proc(inode)) &&
		    ruled_out_own(count, SLOT_WRITES, pid)) {
			count->seen++;
			return;
		}
	}
	head = regs ? head_of(regs, file, bytes) : HEAD_UNKNOWN;
	if (!first)
		goto more;
	fill_actor(&actor, 0);
	new.bytes = bytes;
	new.start_ns = actor.start_ns;
	new.files = files_address();
	new.inode = (__u64)inode;
	new.pid = pid;
	new.euid = actor.euid;
	new.tid = actor.tid;
	new.head = head == HEAD_BEHIND ? HEAD_UNKNOWN : head;
	/* Before it can be found: who closes it then sees the mark. */
	add_mark(key, new.files, 1);
	if (!bpf_map_update_elem(&written, &key, &new, BPF_NOEXIST))
		return;
	add_mark(key, new.files, -1);
	/* Another thread's write through the same descriptor may have been faster. */
	old = bpf_map_lookup_elem(&written, &key);
	if (!old) {
		lose_room();
		return;
	}
more:
	if (head != HEAD_BEHIND)
		old->head = head;
	/* Adding a constant 0 would become an instruction that 5.10 does not have. */
	if (bytes)
		__sync_fetch_and_add(&old->bytes, bytes);
}

/* An open of another process's memory is access to that process. */
static __always_inline void tell_access(struct file *file, struct inode *inode, __u32 mode)
{
	struct wire_counts *count = counts_of(KIND_PROCESS_OPEN);
	__u32 target = memory_of(file, inode);
	struct wire_call *to;

	if (!target || target == bpf_get_current_pid_tgid() >> 32 || !count ||
	    !admit_own(count, KIND_PROCESS_OPEN))
		return;
	to = reserve_access(count, KIND_PROCESS_OPEN, target);
	if (!to)
		return;
	to->call = OPENAT_CALL;
	to->args[0] = mode & (FMODE_READ | FMODE_WRITE);
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
}

/* long open(const char *, int, umode_t), openat(int, const char *, int, umode_t), creat, openat2 */
SEC("tp_btf/sys_exit")
int file_open(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u32 flags, mode = 0, call = call_number(regs), slot = bpf_get_smp_processor_id();
	struct scratch *to = scratch_of(slot);
	struct wire_counts *count;
	struct inode *inode = NULL;
	struct file *file;
	long fd = ctx[1];
	__u32 len;

	if (fd < 0)
		goto out;
	flags = O_CREAT | O_TRUNC;
	if (call == OPENAT_CALL)
		flags = call_arg2(regs);
#ifdef OPEN_CALL
	else if (call == OPEN_CALL)
		flags = call_arg1(regs);
#endif
	if (!(is_on(KIND_PROCESS_OPEN) || flags & (O_CREAT | O_TRUNC)) || compat_call())
		goto out;
	file = file_of(fd);
	if (!file)
		goto out;
	get_field(mode, struct file, file, f_mode);
	if (is_on(KIND_PROCESS_OPEN) && !(mode & FMODE_CREATED)) {
		get_field(inode, struct file, file, f_inode);
		tell_access(file, inode, mode);
	}
	if (!(flags & (O_CREAT | O_TRUNC)))
		goto out;
	/* O_TRUNC does not stay in f_flags. */
	if (call == OPENAT2_CALL && !(mode & FMODE_CREATED)) {
		__u64 how = 0;

		bpf_probe_read_user(&how, sizeof(how), (void *)call_arg2(regs));
		flags = how;
	}
	if (!(mode & FMODE_CREATED)) {
		if (mode & FMODE_WRITE && flags & O_TRUNC) {
			get_field(inode, struct file, file, f_inode);
			note_write(NULL, file, inode, 0);
		}
		goto out;
	}
	count = counts_of(KIND_FILE_CREATE);
	if (!is_on(KIND_FILE_CREATE) || !count || !admit_own(count, KIND_FILE_CREATE))
		goto out;
	if (!to) {
		count->no_room++;
		goto out;
	}
	get_field(inode, struct file, file, f_inode);
	len = fill(to, slot, file, inode, KIND_FILE_CREATE, NULL);
	if (!place_ruled_out(count, to, slot, KIND_FILE_CREATE))
		send(count, &to->file, len);
out:
	return 0;
}

static __always_inline int wrote(__u64 *ctx, __u32 fd, long least)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct inode *inode = NULL;
	struct file *file;
	long bytes = ctx[1];

	if (bytes < least || compat_call())
		goto out;
	file = file_of(fd);
	if (!file)
		goto out;
	get_field(inode, struct file, file, f_inode);
	note_write(regs, file, inode, bytes);
out:
	return 0;
}

/* ssize_t write(int, …), pwrite64, writev, pwritev, pwritev2, sendfile(int out, …); fallocate and ftruncate give 0 */
SEC("tp_btf/sys_exit")
int file_write(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return wrote(ctx, call_arg0(regs), 0);
}

/* ssize_t splice(int in, off_t *, int out, …), copy_file_range(int in, off_t *, int out, …) */
SEC("tp_btf/sys_exit")
int file_splice(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return wrote(ctx, call_arg2(regs), 1);
}

static __always_inline bool last_reference(struct file *file)
{
	struct file___old *old = (void *)file;
	long references = 0;

	if (bpf_core_field_exists(file->f_ref)) {
		get_field(references, struct file, file, f_ref.refcnt.counter);
		return references == 0;
	}
	bpf_core_read(&references, sizeof(references), &old->f_count.counter);
	return references == 1;
}

static __always_inline bool long_enough(struct inode *inode)
{
	__s64 size = 0;

	get_field(size, struct inode, inode, i_size);
	return size >= ELF_SIZE_MIN;
}

/* Whether anything that the caller has open may have been written. */
static __always_inline bool may_have_written(void)
{
	__u32 zero = 0, at = mark_of(files_address());
	__u64 *mark = bpf_map_lookup_elem(&table_marks, &at), *left;

	if (mark && *mark)
		return true;
	left = bpf_map_lookup_elem(&shared_left, &zero);
	return left && *left;
}

/* What was written to another process's memory; by whom as in the record of the write. */
static __always_inline void tell_injection(struct file *file, struct inode *inode, const struct written *by, __u32 user)
{
	struct wire_counts *count = counts_of(KIND_PROCESS_INJECT);
	__u32 target = memory_of(file, inode);
	struct wire_call *to;

	if (!target || target == by->pid || !by->bytes || !count)
		return;
	count->seen++;
	if (ruled_out(count, KIND_PROCESS_INJECT, by->pid, by->start_ns, user))
		return;
	to = reserve_access(count, KIND_PROCESS_INJECT, target);
	if (!to)
		return;
	to->actor.pid = by->pid;
	to->actor.start_ns = by->start_ns;
	to->actor.euid = user;
	to->actor.tid = by->tid;
	to->call = WRITE_CALL;
	to->args[2] = by->bytes;
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
}

/* A descriptor of `file` goes. In 5.10 global functions take numbers only. */
__noinline int let_go(__u64 key, __u32 slot)
{
	struct written *by = bpf_map_lookup_elem(&written, &key);
	struct file *file = (void *)key;
	struct wire_counts *count, *elf;
	struct inode *inode = NULL;
	struct scratch *to;
	struct written copy;
	__u32 zero = 0, len, user;
	bool told, looked;
	__u64 *left;

	if (!by)
		goto out;
	get_field(inode, struct file, file, f_inode);
	if (by->inode != (__u64)inode) {
		lose_close();
		forget(by, key);
		goto out;
	}
	if (!last_reference(file)) {
		if (!by->left) {
			by->left = 1;
			left = bpf_map_lookup_elem(&shared_left, &zero);
			if (left)
				__sync_fetch_and_add(left, 1);
		}
		goto out;
	}
	copy = *by;
	forget(by, key);
	count = counts_of(KIND_FILE_WRITE);
	elf = counts_of(KIND_ELF_WRITE);
	to = scratch_of(slot);
	if (!count || !elf)
		goto out;
	if (!to) {
		lose_room();
		goto out;
	}
	/* As the record says it. */
	user = copy.pid == bpf_get_current_pid_tgid() >> 32 ? own_euid() : copy.euid;
	if (is_on(KIND_PROCESS_INJECT))
		tell_injection(file, inode, &copy, user);
	told = is_on(KIND_FILE_WRITE);
	if (told) {
		count->seen++;
		told = !ruled_out(count, KIND_FILE_WRITE, copy.pid, copy.start_ns, user);
	}
	/* A file that is known to be no ELF file is none of that table's business: not even counted. */
	looked = is_on(KIND_ELF_WRITE) && copy.head != HEAD_OTHER && long_enough(inode);
	if (looked) {
		elf->seen++;
		looked = !ruled_out(elf, KIND_ELF_WRITE, copy.pid, copy.start_ns, user);
	}
	if (!told && !looked)
		goto out;
	len = fill(to, slot, file, inode, KIND_FILE_WRITE, &copy);
	if (told && !place_ruled_out(count, to, slot, KIND_FILE_WRITE))
		send(count, &to->file, len);
	if (looked && !place_ruled_out(elf, to, slot, KIND_ELF_WRITE)) {
		to->file.actor.kind = KIND_ELF_WRITE;
		send(elf, &to->file, len);
	}
out:
	return 0;
}

__noinline int let_go_of(__u32 fd, __u32 slot)
{
	__u64 file = file_number_of(fd);

	if (file && open_marked(file))
		let_go(file, slot);
	return 0;
}

/* long close(unsigned int), dup2(unsigned int, unsigned int new), dup3 */
SEC("tp_btf/sys_enter")
int file_close(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct file *file;
	__u32 fd;

	if (compat_call())
		goto out;
	fd = call_arg0(regs);
	if (ctx[1] != CLOSE_CALL) {
		if (fd == (__u32)call_arg1(regs))
			goto out;
		fd = call_arg1(regs);
	}
	file = file_of(fd);
	if (file && open_marked((__u64)file))
		let_go_of(fd, bpf_get_smp_processor_id());
out:
	return 0;
}

/*
 * Lets go of those of 16 descriptors from `first` on whose bit is set. A function of its own, called
 * in a loop: the verifier's time grows with the square of a loop's length.
 */
__noinline int let_go_of_16(__u32 first, __u32 bits, __u32 slot)
{
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < 16; i++) {
		if (bits >> i & 1)
			let_go_of(first + i, slot);
	}
	return 0;
}

/* The same for 256 of them, as far as `last`. */
__noinline int let_go_of_256(__u32 first, __u32 last, __u32 slot)
{
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < 16; i++) {
		if (first > last)
			break;
		let_go_of_16(first, last - first < 15 ? (2U << (last - first)) - 1 : 0xffff, slot);
		first += 16;
	}
	return 0;
}

/* Those of 256 descriptors that are marked: one bit each. */
__noinline int let_go_of_marked(__u64 marks, __u32 first, __u32 slot)
{
	__u16 bits;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < 16; i++) {
		bits = 0;
		bpf_probe_read_kernel(&bits, sizeof(bits), (void *)(marks + (first + i * 16) / 8));
		if (bits)
			let_go_of_16(first + i * 16, bits, slot);
	}
	return 0;
}

static __always_inline void let_go_from(__u32 first, __u32 last, __u32 slot)
{
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < AT_END_FILES_MAX / 256; i++) {
		if (first > last)
			break;
		let_go_of_256(first, last, slot);
		first += 256;
	}
}

static __always_inline __u32 open_files_max(void)
{
	__u32 size = 0;

	open_files(&size);
	return size;
}

/* long close_range(unsigned int first, unsigned int last, unsigned int flags) */
SEC("tp_btf/sys_enter")
int file_close_range(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u32 last = call_arg1(regs), size;

	if (compat_call() || call_arg2(regs) & CLOSE_RANGE_CLOEXEC ||
	    !may_have_written())
		goto out;
	size = open_files_max();
	if (size && last >= size)
		last = size - 1;
	let_go_from(call_arg0(regs), last, bpf_get_smp_processor_id());
out:
	return 0;
}

/* long execve(…), execveat(…): what is marked to be closed, is reported before it is known that exec succeeds. */
SEC("tp_btf/sys_enter")
int file_exec(__u64 *ctx __attribute__((unused)))
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fdtable *table;
	__u32 size, slot = bpf_get_smp_processor_id(), first;
	__u64 marks;

	if (!may_have_written())
		goto out;
	table = BPF_CORE_READ(task, files, fdt);
	size = BPF_CORE_READ(table, max_fds);
	marks = (__u64)BPF_CORE_READ(table, close_on_exec);
#pragma clang loop unroll(disable)
	for (first = 0; first < AT_END_FILES_MAX; first += 256) {
		if (first >= size)
			break;
		let_go_of_marked(marks, first, slot);
	}
out:
	return 0;
}

/* void (struct task_struct *p, …): comes before the files are closed */
SEC("tp_btf/sched_process_exit")
int file_exit(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	__u32 size;

	if (task->signal->live.counter != 0 || !may_have_written())
		goto out;
	size = open_files_max();
	if (size)
		let_go_from(0, size - 1, bpf_get_smp_processor_id());
out:
	return 0;
}
