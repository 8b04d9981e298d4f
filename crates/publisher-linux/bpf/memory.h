/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Numbers of processes that stand behind files, and the memory of a process as a file: /proc/…/mem. */
#ifndef EVTABLES_MEMORY_H
#define EVTABLES_MEMORY_H

#include "cast.h"

#define PROC_SUPER_MAGIC 0x9fa0
#define MEM_NAME 0x006d656d /* with its NUL */

/* The number of the initial namespace. */
static __always_inline __u32 number_of(struct pid *pid)
{
	__u32 number = 0;

	if (pid)
		bpf_core_read(&number, sizeof(number), &pid->numbers[0].nr);
	return number;
}

static __always_inline bool of_proc(struct inode *inode)
{
	struct super_block *super = NULL;
	unsigned long magic = 0;

	get_field(super, struct inode, inode, i_sb);
	get_field(magic, struct super_block, super, s_magic);
	return magic == PROC_SUPER_MAGIC;
}

/* The process whose memory this file is; 0: it is another file. */
static __always_inline __u32 memory_of(struct file *file, struct inode *inode)
{
	struct proc_inode *whole = (void *)((char *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode));
	struct dentry *entry = NULL;
	const void *name = NULL;
	struct pid *pid = NULL;
	__u32 letters = 0;

	if (!of_proc(inode))
		return 0;
	get_field(entry, struct file, file, f_path.dentry);
	get_field(name, struct dentry, entry, d_name.name);
	if (bpf_probe_read_kernel(&letters, sizeof(letters), name) || letters != MEM_NAME)
		return 0;
	read_field(pid, whole, pid);
	return number_of(pid);
}

/* The process that a pidfd stands for. */
static __always_inline __u32 process_behind(struct file *file)
{
	struct inode *inode = NULL;
	struct pid *pid = NULL;

	/* Since 6.9 the inode knows. */
	if (bpf_core_field_exists(struct pid___6_9, ino)) {
		read_field(inode, file, f_inode);
		bpf_core_read(&pid, sizeof(pid), &inode->i_private);
	} else {
		bpf_core_read(&pid, sizeof(pid), &file->private_data);
	}
	return number_of(pid);
}

/* A record of what the current process does to another one, in the ring; NULL when there is no room. */
static __always_inline struct wire_call *reserve_access(struct wire_counts *count, __u16 kind, __u32 target)
{
	struct wire_call *to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	__u64 *start;

	if (!to) {
		count->ring_full++;
		return NULL;
	}
	__builtin_memset(to, 0, sizeof(*to));
	fill_actor(&to->actor, kind);
	to->actor.len = sizeof(*to);
	to->target_pid = target;
	start = bpf_map_lookup_elem(&living, &target);
	if (start)
		to->target_start_ns = *start;
	return to;
}

#endif
