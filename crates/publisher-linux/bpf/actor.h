/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The acting process and its open files, for the programs that run in its context. */
#ifndef EVTABLES_ACTOR_H
#define EVTABLES_ACTOR_H

#include "cast.h"

/* Typed loads are several times cheaper than reads by helper; 5.10 has no typed current task. */
#define HAS_TYPED_TASK bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

#define COMPAT_CALL 2 /* TS_COMPAT of x86 */

static __always_inline void fill_actor(struct wire_actor *to, __u16 kind)
{
	__u64 id = bpf_get_current_pid_tgid();

	to->kind = kind;
	to->flags = 0;
	to->cpu = bpf_get_smp_processor_id();
	to->tid = (__u32)id;
	to->pid = id >> 32;
	to->time_ns = bpf_ktime_get_boot_ns();
	if (HAS_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();

		to->start_ns = task->group_leader->start_boottime;
		to->euid = task->cred->euid.val;
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();

		to->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
		to->euid = BPF_CORE_READ(task, cred, euid.val);
	}
}

/* The same where typed tasks are not to be had: programs on sockets. */
static __always_inline void fill_actor_untyped(struct wire_actor *to, __u16 kind)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	to->kind = kind;
	to->flags = 0;
	to->cpu = bpf_get_smp_processor_id();
	to->tid = BPF_CORE_READ(task, pid);
	to->pid = BPF_CORE_READ(task, tgid);
	to->time_ns = bpf_ktime_get_boot_ns();
	to->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	to->euid = BPF_CORE_READ(task, cred, euid.val);
}

static __always_inline __u32 own_euid(void)
{
	if (HAS_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();

		return task->cred->euid.val;
	}
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, cred, euid.val);
}

/* True, and counted, when a rule leaves out what the current process does in this slot. */
static __always_inline bool ruled_out_own(struct wire_counts *count, __u32 slot, __u32 pid)
{
	__u32 version = version_of_rules(), user = 0;
	__u64 start_ns, execs;

	if (!version)
		return false;
	if (version & RULES_USER)
		user = own_euid();
	if (HAS_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();

		start_ns = task->group_leader->start_boottime;
		execs = task->group_leader->self_exec_id;
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();

		start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
		execs = BPF_CORE_READ(task, group_leader, self_exec_id);
	}
	return own_ruled_out(count, slot, pid, start_ns, execs, version, user);
}

/* Counts what the current process does as seen; true when it is to be reported. */
static __always_inline bool admit_own(struct wire_counts *count, __u32 slot)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	return admit(count, pid) && !ruled_out_own(count, slot, pid);
}

/* 32-bit programs on a 64-bit kernel: their numbers of system calls are others. */
static __always_inline bool compat_call(void)
{
#if defined(__TARGET_ARCH_x86)
	struct task_struct *task;
	__u32 status = 0;

	if (HAS_TYPED_TASK) {
		task = bpf_get_current_task_btf();
		return task->thread_info.status & COMPAT_CALL;
	}
	task = (void *)bpf_get_current_task();
	bpf_core_read(&status, sizeof(status), &task->thread_info.status);
	return status & COMPAT_CALL;
#else
	return false;
#endif
}

/* The table of open files, as an untyped array of `size` pointers. */
static __always_inline void *open_files(__u32 *size)
{
	if (HAS_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();
		struct fdtable *table;

		if (!task->files)
			return NULL;
		table = task->files->fdt;
		*size = table->max_fds;
		return table->fd;
	}
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);

	*size = BPF_CORE_READ(table, max_fds);
	return BPF_CORE_READ(table, fd);
}

/* The address of the table of open files. */
static __always_inline __u64 files_address(void)
{
	if (HAS_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();

		return (__u64)task->files;
	}
	struct task_struct *task = (void *)bpf_get_current_task();

	return (__u64)BPF_CORE_READ(task, files);
}

/* NULL when the descriptor is not open. */
static __always_inline struct file *file_of(__u32 fd)
{
	struct file *file = NULL;
	__u32 size = 0;
	void *files = open_files(&size);

	if (!files || fd >= size)
		return NULL;
	/* Any type that begins with a pointer. */
	if (HAS_CAST)
		return (struct file *)CAST(struct list_head, files + (__u64)fd * sizeof(file))->next;
	bpf_probe_read_kernel(&file, sizeof(file), files + (__u64)fd * sizeof(file));
	return file;
}

/* The same as a number, which functions of their own take. */
static __always_inline __u64 file_number_of(__u32 fd)
{
	__u64 file = 0;
	__u32 size = 0;
	void *files = open_files(&size);

	if (files && fd < size)
		bpf_probe_read_kernel(&file, sizeof(file), files + (__u64)fd * sizeof(file));
	return file;
}

#endif
