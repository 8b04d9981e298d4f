/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The processes that run at start-up, read once through a task iterator. The same
 * facts as an exec record, without file name, interpreter and argv.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#define SCRATCH_HEAD struct wire_exec exec
#define SCRATCH_REST PART_MAX
#include "parts.h"
#include "facts.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Called for each task, then once more with a null task. */
SEC("iter/task")
int process_running(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u32 slot = 0, len;
	struct mm_struct *mm;
	struct scratch *to;

	if (!task || task->pid != task->tgid || task->signal->live.counter == 0)
		goto out;
	to = scratch_of(slot);
	if (!to)
		goto out;
	__builtin_memset(&to->exec, 0, sizeof(to->exec));
	mm = task->mm;
	fill_exec(to, slot, task, mm ? mm->exe_file : NULL);
	fill_tty(to, task);
	if (mm)
		to->exec.argv_size = mm->arg_end - mm->arg_start;
	if (task->flags & KERNEL_THREAD)
		to->flags |= FLAG_KERNEL_THREAD;
	len = sizeof(to->exec) + position(to);
	to->exec.process.kind = KIND_RUNNING;
	to->exec.process.flags = to->flags;
	to->exec.process.len = len;
	bpf_seq_write(ctx->meta->seq, &to->exec, len);
out:
	return 0;
}
