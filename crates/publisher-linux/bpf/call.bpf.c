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

#define AT_FDCWD -100

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, struct wire_plan);
} plans SEC(".maps");

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
	if (plain)
		return;
	if (n > 0)
		first = to->parts[start];
	if (folder_at)
		folder = (int)argument(to, folder_at);
	from = to->pos;
	put_folder(to, slot, first, folder, cut);
	*folder_len = to->pos - from;
}

static __always_inline void put_file(struct scratch *to, __u32 slot, long fd)
{
	struct file *file = file_of(fd);
	struct inode *inode = NULL;
	__u32 start = to->pos;

	if (!file)
		return;
	get_field(inode, struct file, file, f_inode);
	copy_inode(&to->call.inode, to->inode, inode);
	get_field(to->from_mnt, struct file, file, f_path.mnt);
	get_field(to->from_dentry, struct file, file, f_path.dentry);
	put_path(slot, FLAG_FIRST_CUT, FLAG_PATH_DETACHED);
	to->call.first_at_len = to->pos - start;
	to->flags |= FLAG_FROM_FILE;
}

static __always_inline bool passes(const struct wire_plan *plan, struct pt_regs *regs)
{
	__u64 value = 0;

	switch (plan->test) {
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
	if (plan->want == 1)
		return value & plan->mask;
	return value < 64 && plan->mask >> value & 1;
}

/* void (struct pt_regs *regs, long ret) */
SEC("tp_btf/sys_exit")
int call_done(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u32 call = call_number(regs), slot, len, target;
	long result = ctx[1];
	struct wire_plan *plan;
	struct wire_counts *count;
	struct scratch *to;
	__u64 *start;

	plan = bpf_map_lookup_elem(&plans, &call);
	if (!plan || !plan->kind)
		goto out;
	/* -4095 to -1 are errors. */
	if ((unsigned long)result >= -4095UL && !(plan->flags & PLAN_FAILED))
		goto out;
	if (!passes(plan, regs) || compat_call())
		goto out;
	count = counts_of(plan->kind);
	if (!count || !admit(count, bpf_get_current_pid_tgid() >> 32))
		goto out;
	slot = bpf_get_smp_processor_id();
	to = scratch_of(slot);
	if (!to) {
		count->no_room++;
		goto out;
	}
	fill_actor(&to->call.actor, plan->kind);
	to->pos = 0;
	to->flags = 0;
	to->call.call = call;
	to->call.result = result;
	to->call.args[0] = call_arg0(regs);
	to->call.args[1] = call_arg1(regs);
	to->call.args[2] = call_arg2(regs);
	to->call.args[3] = call_arg3(regs);
	to->call.args[4] = call_arg4(regs);
	to->call.args[5] = call_arg5(regs);
	to->call.data_len = 0;
	__builtin_memset(&to->call.inode, 0, sizeof(to->call.inode));
	put_argument(to, slot, plan->first, plan->first_at, plan->flags & PLAN_STRING, &to->call.first_len,
		     &to->call.first_at_len, FLAG_FIRST_CUT);
	if (plan->file && to->call.first_len <= 1)
		put_file(to, slot, (int)argument(to, plan->file));
	put_argument(to, slot, plan->second, plan->second_at, plan->flags & PLAN_STRING, &to->call.second_len,
		     &to->call.second_at_len, FLAG_SECOND_CUT);
	to->call.target_pid = 0;
	to->call.target_start_ns = 0;
	if (plan->target) {
		target = argument(to, plan->target);
		to->call.target_pid = target;
		start = bpf_map_lookup_elem(&living, &target);
		if (start)
			to->call.target_start_ns = *start;
	}
	len = sizeof(to->call) + position(to);
	to->call.actor.flags = to->flags;
	to->call.actor.len = len;
	send(count, &to->call, len);
out:
	return 0;
}
