/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Life of processes by the scheduler's tracepoints: exec, fork, exit. Works on every
 * kernel from 5.10 on that has BTF, under lockdown too (tier A).
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#include "shared.h"
#define SCRATCH_HEAD struct wire_exec exec
#define SCRATCH_REST 32768
#include "parts.h"
#include "facts.h"
#include "hash.h"

#define SIGNAL_GROUP_EXIT 4
#define PAGE 4096UL
/* Pages that the slow way reads: ARGV_MAX plus one for an unaligned start. */
#define ARGV_PAGES_MAX 33

struct ended {
	__u64 start_ns;
	__u64 pid;
};

/* Processes with threads whose end is already reported. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct ended);
	__type(value, __u8);
} ended SEC(".maps");

/*
 * Page by page, for the rare process whose arguments are not all in memory: what
 * comes before the first missing page. Counts in the record (see parts.h for why).
 */
__noinline int put_argv_slowly(__u32 slot, __u64 start, __u32 len)
{
	struct scratch *to = scratch_of(slot);
	__u32 done, chunk;
	int i;

	if (!to)
		goto out;
	to->exec.argv_len = 0;
#pragma clang loop unroll(disable)
	for (i = 0; i < ARGV_PAGES_MAX; i++) {
		done = *(volatile __u32 *)&to->exec.argv_len;
		if (done >= len || done > argv_bytes_max - PAGE)
			break;
		chunk = PAGE - ((start + done) & (PAGE - 1));
		if (chunk > len - done)
			chunk = len - done;
		hide(chunk);
		if (chunk > PAGE)
			break;
		if (bpf_probe_read_user(to->parts + position(to) + done, chunk, (void *)(start + done)))
			break;
		to->exec.argv_len = done + chunk;
	}
out:
	return 0;
}

static __always_inline void put_argv(struct scratch *to, __u32 slot, struct mm_struct *mm)
{
	unsigned long start = mm->arg_start, size = mm->arg_end - start;
	__u32 len;

	if (size > 0xffffffffUL)
		size = 0;
	to->exec.argv_size = size;
	len = size;
	hide(len);
	if (len > argv_bytes_max)
		len = argv_bytes_max;
	to->exec.argv_len = len;
	if (bpf_probe_read_user(to->parts + position(to), len, (void *)start)) {
		to->flags |= FLAG_ARGV_FAULT;
		put_argv_slowly(slot, start, len);
	}
}

/* Takes note of what the process runs from now on, for the rules. */
static __always_inline void note_program(struct scratch *to, __u32 slot)
{
	struct program program = {};
	__u32 pid = to->exec.process.pid;

	program.start_ns = to->exec.process.start_ns;
	program.cgroup = to->exec.process.cgroup_id;
	if (!(to->flags & (FLAG_EXE_CUT | FLAG_EXE_DETACHED))) {
		hash_path(slot, 0, to->exec.exe_len);
		program.path = to->path_hash;
	}
	if (bpf_map_update_elem(&programs, &pid, &program, BPF_ANY))
		bpf_map_delete_elem(&programs, &pid);
}

static __always_inline void inherit_program(__u32 parent, __u32 child, __u64 start_ns)
{
	struct program *known = bpf_map_lookup_elem(&programs, &parent), program;

	if (!known) {
		bpf_map_delete_elem(&programs, &child);
		return;
	}
	program = *known;
	program.start_ns = start_ns;
	if (bpf_map_update_elem(&programs, &child, &program, BPF_ANY))
		bpf_map_delete_elem(&programs, &child);
}

/* void (struct task_struct *p, pid_t old_pid, struct linux_binprm *bprm) */
SEC("tp_btf/sched_process_exec")
int process_exec(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	struct linux_binprm *bprm = (void *)ctx[2];
	struct wire_counts *count = counts_of(KIND_EXEC);
	__u32 slot = bpf_get_smp_processor_id(), start, len;
	struct scratch *to = scratch_of(slot);
	struct mm_struct *mm;

	if (!count)
		goto out;
	count->seen++;
	if (!watched(task->tgid)) {
		count->subtree++;
		goto out;
	}
	if (!to) {
		/* A CPU that was not possible at load: cannot be, but is counted. */
		count->ring_full++;
		goto out;
	}
	mm = task->mm;
	fill_exec(to, slot, task, mm->exe_file);
	if (version_of_rules())
		note_program(to, slot);
	start = to->pos;
	put_string(to, bprm->filename, PART_MAX);
	to->exec.filename_len = to->pos - start;
	start = to->pos;
	if (bprm->interp != bprm->filename)
		put_string(to, bprm->interp, PART_MAX);
	to->exec.interp_len = to->pos - start;
	fill_tty(to, task);
	to->exec.argc = bprm->argc;
	put_argv(to, slot, mm);
	len = to->exec.argv_len;
	if (len > argv_bytes_max)
		len = argv_bytes_max;
	len += sizeof(to->exec) + position(to);
	to->exec.process.kind = KIND_EXEC;
	to->exec.process.flags = to->flags;
	to->exec.process.len = len;
	send(count, &to->exec, len);
out:
	return 0;
}

/* void (struct task_struct *parent, struct task_struct *child) */
SEC("tp_btf/sched_process_fork")
int process_fork(__u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0], *child = (void *)ctx[1];
	int pid = child->pid;
	struct wire_counts *count;
	struct wire_fork *to;
	__u8 member = 1;
	__u64 start_ns;

	if (pid != child->tgid)
		goto out;
	start_ns = child->start_boottime;
	bpf_map_update_elem(&living, &pid, &start_ns, BPF_ANY);
	if (version_of_rules())
		inherit_program(parent->tgid, pid, start_ns);
	count = counts_of(KIND_FORK);
	if (!count)
		goto out;
	count->seen++;
	if (!watched(parent->tgid)) {
		count->subtree++;
		goto out;
	}
	if (subtree_only)
		bpf_map_update_elem(&subtree, &pid, &member, BPF_ANY);
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		count->ring_full++;
		goto out;
	}
	fill_process(&to->process, child, cgroup_of(child));
	to->process.kind = KIND_FORK;
	to->process.flags = 0;
	to->process.len = sizeof(*to);
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
out:
	return 0;
}

/*
 * True for exactly one thread of a process. Two that end at the same time may both see
 * no live thread left; a process that never had a second thread has never released
 * one, and released threads leave their run time in the shared sum.
 */
static __always_inline bool first_to_end(struct signal_struct *signal, __u64 start_ns, __u32 pid)
{
	struct ended key = { .start_ns = start_ns, .pid = pid };
	__u8 one = 1;

	if (signal->nr_threads == 1 && signal->sum_sched_runtime == 0)
		return true;
	return bpf_map_update_elem(&ended, &key, &one, BPF_NOEXIST) == 0;
}

/* void (struct task_struct *p), from 6.16 on void (struct task_struct *p, bool group_dead) */
SEC("tp_btf/sched_process_exit")
int process_exit(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	struct task_struct *leader = task->group_leader;
	struct signal_struct *signal = task->signal;
	struct wire_counts *count;
	struct wire_exit *to;
	__u32 pid = task->tgid;

	if (signal->live.counter != 0)
		goto out;
	count = counts_of(KIND_EXIT);
	if (!count || !first_to_end(signal, leader->start_boottime, pid))
		goto out;
	count->seen++;
	bpf_map_delete_elem(&living, &pid);
	if (version_of_rules())
		bpf_map_delete_elem(&programs, &pid);
	if (!watched(pid)) {
		count->subtree++;
		goto out;
	}
	if (subtree_only)
		bpf_map_delete_elem(&subtree, &pid);
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		count->ring_full++;
		goto out;
	}
	fill_process(&to->process, task, cgroup_of(task));
	to->process.kind = KIND_EXIT;
	to->process.flags = 0;
	to->process.len = sizeof(*to);
	to->exit_code = signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : leader->exit_code;
	to->threads = signal->nr_threads;
	to->utime_ns = signal->utime + task->utime;
	to->stime_ns = signal->stime + task->stime;
	to->maxrss_pages = signal->maxrss;
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
out:
	return 0;
}
