/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * One program for all system calls whose arguments say what happened: what is copied of which
 * call stands in the map `plans`, made in user space (src/hooks/calls.rs). Tier A.
 *
 * Called by jump from dispatch.bpf.c at the end of a call, in the context of the caller.
 * Strings are read then: the kernel has just read them, so their pages are in memory.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#include "shared.h"
#define SCRATCH_HEAD char inode[256]; struct wire_call call
#define SCRATCH_REST PART_MAX
#include "parts.h"
#include "actor.h"
#include "calls.h"
#include "inode.h"
#include "memory.h"

#define AT_FDCWD -100

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PLANS_MAX * CALLS_MAX);
	__type(key, __u32);
	__type(value, struct wire_plan);
} plans SEC(".maps");

struct image {
	__u64 inode;
	__s64 ctime_ns;
	__u64 dev;
};

/* Files of PLAN_ONCE. Bounded: one that was forgotten is told of again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct image);
	__type(value, __u8);
} images SEC(".maps");

/* Files before the call in hand, by thread. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct wire_inode);
} before SEC(".maps");

/* Identities before the call in hand, by thread. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct wire_credential);
} identities SEC(".maps");

/* The folder that a path is relative to: the root, the working directory, or an open one. */
static __always_inline void put_folder(struct scratch *to, __u32 slot, __u8 first, long folder, __u32 cut)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fs_struct *fs = NULL;
	struct file *file;

	if (first == '/' || folder == AT_FDCWD) {
		get_field(fs, struct task_struct, task, fs);
		if (first == '/') {
			get_field(to->from_mnt, struct fs_struct, fs, root.mnt);
			get_field(to->from_dentry, struct fs_struct, fs, root.dentry);
		} else {
			get_field(to->from_mnt, struct fs_struct, fs, pwd.mnt);
			get_field(to->from_dentry, struct fs_struct, fs, pwd.dentry);
		}
	} else {
		file = file_of(folder);
		if (!file)
			return;
		get_field(to->from_mnt, struct file, file, f_path.mnt);
		get_field(to->from_dentry, struct file, file, f_path.dentry);
	}
	put_path(slot, cut, 0);
}

/* Argument `at`, from 1 to 6. What lies behind the last one is still inside the value. */
static __always_inline __u64 argument(struct scratch *to, __u32 at)
{
	at -= 1;
	hide(at);
	return to->call.args[at & 7];
}

/*
 * The string that argument `at` points to, then, when it is a path, the folder that it is
 * relative to. Sets the two lengths.
 */
static __always_inline void put_argument(struct scratch *to, __u32 slot, __u8 at, __u8 folder_at, bool plain,
					 __u16 *len, __u16 *folder_len, __u32 cut)
{
	__u32 start = position(to), from;
	__u8 first = 0;
	long n, folder = AT_FDCWD;

	*len = 0;
	*folder_len = 0;
	if (!at)
		return;
	n = bpf_probe_read_user_str(to->parts + start, PART_MAX, (void *)argument(to, at));
	if (n < 0)
		to->flags |= FLAG_FAULT;
	hide(n);
	n &= ~(n >> 63);
	to->pos = start + (__u32)n;
	*len = n;
	/* Nothing, or an empty path: a descriptor says which file is meant. */
	if (plain || n <= 1)
		return;
	first = to->parts[start];
	if (folder_at)
		folder = (int)argument(to, folder_at);
	from = to->pos;
	put_folder(to, slot, first, folder, cut);
	*folder_len = to->pos - from;
}

static __always_inline void put_file(struct scratch *to, __u32 slot, struct file *file)
{
	__u32 start = to->pos;

	get_field(to->from_mnt, struct file, file, f_path.mnt);
	get_field(to->from_dentry, struct file, file, f_path.dentry);
	put_path(slot, FLAG_FIRST_CUT, FLAG_PATH_DETACHED);
	to->call.first_at_len = to->pos - start;
	to->flags |= FLAG_FROM_FILE;
	to->flags &= ~FLAG_FAULT;
}

static __always_inline bool holds(struct pt_regs *regs, __u8 test, __u8 want, __u64 mask)
{
	__u64 value = 0;

	switch (test) {
	case 0:
		return true;
	case 1:
		value = call_arg0(regs);
		break;
	case 2:
		value = call_arg1(regs);
		break;
	case 3:
		value = call_arg2(regs);
		break;
	case 4:
		value = call_arg3(regs);
		break;
	}
	switch (want) {
	case WANT_ANY_AT:
		if (bpf_probe_read_user(&value, sizeof(value), (void *)value))
			return false;
		return value & mask;
	case WANT_ANY:
		return value & mask;
	case WANT_NONE:
		return !(value & mask);
	}
	if (value >= 0x4200 && value < 0x4220)
		value -= 0x4200 - 32;
	return value < 64 && mask >> value & 1;
}

static __always_inline void put_data(struct scratch *to, struct wire_plan *plan)
{
	__u32 pos = position(to), size = plan->data_size;
	void *from = (void *)argument(to, plan->data);
	long n;

	if (size) {
		hide(size);
		size &= 127;
		if (bpf_probe_read_user(to->parts + pos, size, from))
			return;
		to->pos = pos + size;
		to->call.data_len = size;
		return;
	}
	n = bpf_probe_read_user_str(to->parts + pos, PART_MAX, from);
	hide(n);
	n &= ~(n >> 63);
	to->pos = pos + (__u32)n;
	to->call.data_len = n;
}

/* The file as it was when the call began, if a program was there to look. */
static __always_inline void put_before(struct scratch *to)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct wire_inode *old = bpf_map_lookup_elem(&before, &id);
	__u32 pos = position(to);

	if (!old)
		return;
	__builtin_memcpy(to->parts + pos, old, sizeof(*old));
	to->pos = pos + sizeof(*old);
	to->call.data_len += sizeof(*old);
	bpf_map_delete_elem(&before, &id);
}

/* True when this version of the file was told of before. */
static __always_inline bool known(struct scratch *to)
{
	struct image image = {
		.inode = to->call.inode.inode,
		.ctime_ns = to->call.inode.ctime_ns,
		.dev = to->call.inode.dev,
	};
	__u8 one = 1;

	return bpf_map_update_elem(&images, &image, &one, BPF_NOEXIST) != 0;
}

static __always_inline void tell(struct pt_regs *regs, struct wire_plan *plan, __u32 call, long result)
{
	__u32 slot = bpf_get_smp_processor_id(), len, target;
	struct scratch *to = scratch_of(slot);
	struct file *file = NULL;
	struct inode *inode = NULL;
	struct wire_counts *count = counts_of(plan->kind);
	__u64 *start;

	if (!count)
		return;
	if (!to) {
		count->seen++;
		count->no_room++;
		return;
	}
	/* What a file was told of before is not even counted: then that is looked at first. */
	if (!(plan->flags & PLAN_ONCE) && !admit_own(count, plan->kind))
		return;
	to->call.args[0] = call_arg0(regs);
	to->call.args[1] = call_arg1(regs);
	to->call.args[2] = call_arg2(regs);
	to->call.args[3] = call_arg3(regs);
	to->call.args[4] = call_arg4(regs);
	to->call.args[5] = call_arg5(regs);
	__builtin_memset(&to->call.inode, 0, sizeof(to->call.inode));
	if (plan->file) {
		file = file_of((int)argument(to, plan->file));
		if (file) {
			get_field(inode, struct file, file, f_inode);
			copy_inode(&to->call.inode, to->inode, inode);
		}
	}
	if (plan->flags & PLAN_ONCE && (!file || known(to) || !admit_own(count, plan->kind)))
		return;
	fill_actor(&to->call.actor, plan->kind);
	to->pos = 0;
	to->flags = 0;
	to->call.call = call;
	to->call.result = result;
	to->call.data_len = 0;
	put_argument(to, slot, plan->first, plan->first_at, plan->flags & PLAN_FIRST_PLAIN, &to->call.first_len,
		     &to->call.first_at_len, FLAG_FIRST_CUT);
	if (file && to->call.first_len <= 1)
		put_file(to, slot, file);
	put_argument(to, slot, plan->second, plan->second_at, plan->flags & PLAN_SECOND_PLAIN, &to->call.second_len,
		     &to->call.second_at_len, FLAG_SECOND_CUT);
	if (plan->data)
		put_data(to, plan);
	if (plan->flags & PLAN_BEFORE)
		put_before(to);
	to->call.target_pid = 0;
	to->call.target_start_ns = 0;
	if (plan->target) {
		target = argument(to, plan->target);
		if (plan->flags & PLAN_TARGET_FILE)
			target = process_behind(file_of(target));
		to->call.target_pid = target;
		start = bpf_map_lookup_elem(&living, &target);
		if (start)
			to->call.target_start_ns = *start;
	}
	len = sizeof(to->call) + position(to);
	to->call.actor.flags = to->flags;
	to->call.actor.len = len;
	send(count, &to->call, len);
}

/* void (struct pt_regs *regs, long ret) */
SEC("tp_btf/sys_exit")
int call_done(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u32 call = call_number(regs), at = call;
	long result = ctx[1];
	struct wire_plan *plan;
	/* -4095 to -1 are errors. */
	bool failed = (unsigned long)result >= -4095UL;
	int i;

	if (compat_call())
		goto out;
	for (i = 0; i < PLANS_MAX; i++) {
		plan = bpf_map_lookup_elem(&plans, &at);
		if (!plan || !plan->kind)
			break;
		at += CALLS_MAX;
		if (failed && !(plan->flags & PLAN_FAILED))
			continue;
		if (!holds(regs, plan->test, plan->want, plan->mask) ||
		    !holds(regs, plan->test_too, plan->want_too, plan->mask_too))
			continue;
		tell(regs, plan, call, result);
	}
out:
	return 0;
}

/* Calls on a descriptor: fchmod, fchown, utimensat without a path. */
SEC("tp_btf/sys_enter")
int call_before(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u64 id = bpf_get_current_pid_tgid();
	__u32 slot = bpf_get_smp_processor_id();
	struct scratch *to = scratch_of(slot);
	struct inode *inode = NULL;
	struct file *file;

	if (!to || compat_call() || (ctx[1] == UTIMENSAT_CALL && call_arg1(regs)))
		goto out;
	file = file_of(call_arg0(regs));
	if (!file)
		goto out;
	get_field(inode, struct file, file, f_inode);
	copy_inode(&to->call.inode, to->inode, inode);
	bpf_map_update_elem(&before, &id, &to->call.inode, BPF_ANY);
out:
	return 0;
}

static __always_inline void identity(struct wire_credential *to)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	const struct cred *cred = NULL;
	const struct cred___old *old;

	get_field(cred, struct task_struct, task, cred);
	get_field(to->uid, struct cred, cred, uid.val);
	get_field(to->euid, struct cred, cred, euid.val);
	get_field(to->suid, struct cred, cred, suid.val);
	get_field(to->fsuid, struct cred, cred, fsuid.val);
	get_field(to->gid, struct cred, cred, gid.val);
	get_field(to->egid, struct cred, cred, egid.val);
	get_field(to->sgid, struct cred, cred, sgid.val);
	get_field(to->fsgid, struct cred, cred, fsgid.val);
	if (bpf_core_field_exists(cred->cap_effective.val)) {
		get_field(to->cap_effective, struct cred, cred, cap_effective.val);
		get_field(to->cap_permitted, struct cred, cred, cap_permitted.val);
	} else {
		/* Two words of 32 bits, the low one first. */
		old = (const void *)cred;
		bpf_core_read(&to->cap_effective, 8, &old->cap_effective);
		bpf_core_read(&to->cap_permitted, 8, &old->cap_permitted);
	}
}

/* setuid, setgid, …, capset */
SEC("tp_btf/sys_enter")
int identity_before(__u64 *ctx __attribute__((unused)))
{
	__u64 id = bpf_get_current_pid_tgid();
	struct wire_credential now = {};

	identity(&now);
	bpf_map_update_elem(&identities, &id, &now, BPF_ANY);
	return 0;
}

SEC("tp_btf/sys_exit")
int identity_after(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u64 id = bpf_get_current_pid_tgid();
	struct wire_credential *old = bpf_map_lookup_elem(&identities, &id), now = {};
	__u32 slot = bpf_get_smp_processor_id(), i;
	struct scratch *to = scratch_of(slot);
	struct wire_counts *count = counts_of(KIND_CREDENTIAL);
	const __u64 *a = (void *)old, *b = (void *)&now;
	bool same = true;

	if (!old || !to || !count || compat_call())
		goto out;
	identity(&now);
#pragma clang loop unroll(full)
	for (i = 0; i < sizeof(now) / 8; i++)
		same &= a[i] == b[i];
	if (same || !admit_own(count, KIND_CREDENTIAL))
		goto done;
	__builtin_memset(&to->call, 0, sizeof(to->call));
	fill_actor(&to->call.actor, KIND_CREDENTIAL);
	to->call.call = call_number(regs);
	to->call.result = ctx[1];
	to->call.args[0] = call_arg0(regs);
	to->call.args[1] = call_arg1(regs);
	to->call.args[2] = call_arg2(regs);
	__builtin_memcpy(to->parts, old, sizeof(now));
	__builtin_memcpy(to->parts + sizeof(now), &now, sizeof(now));
	to->call.data_len = 2 * sizeof(now);
	to->call.actor.len = sizeof(to->call) + 2 * sizeof(now);
	send(count, &to->call, sizeof(to->call) + 2 * sizeof(now));
done:
	bpf_map_delete_elem(&identities, &id);
out:
	return 0;
}

#define SIGKILL 9
#define SIGTERM 15
#define SIGSTOP 19
#define SI_TIMER -2

/* void (int sig, struct kernel_siginfo *info, struct task_struct *task, int group, int result) */
SEC("tp_btf/signal_generate")
int signal_sent(__u64 *ctx)
{
	int signal = ctx[0], code = 0;
	struct kernel_siginfo *info = (void *)ctx[1];
	struct task_struct *task = (void *)ctx[2];
	struct wire_counts *count;
	struct wire_call *to;
	bool stranger;

	/* 0 and 1 are no pointers: signals of the kernel itself. */
	if ((__u64)info <= 1)
		goto out;
	bpf_core_read(&code, sizeof(code), &info->si_code);
	if (code > 0 || code == SI_TIMER)
		goto out;
	stranger = task->cred->uid.val != (__u32)bpf_get_current_uid_gid();
	if (signal != SIGKILL && signal != SIGTERM && signal != SIGSTOP && !stranger)
		goto out;
	count = counts_of(KIND_SIGNAL);
	if (!count || !admit_own(count, KIND_SIGNAL))
		goto out;
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		count->ring_full++;
		goto out;
	}
	__builtin_memset(to, 0, sizeof(*to));
	fill_actor(&to->actor, KIND_SIGNAL);
	to->actor.len = sizeof(*to);
	to->args[0] = signal;
	to->target_pid = task->tgid;
	to->target_start_ns = task->group_leader->start_boottime;
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
out:
	return 0;
}
