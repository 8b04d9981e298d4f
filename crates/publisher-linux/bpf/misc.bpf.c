/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What happens seldom: settings of the kernel, control groups (tier A). Records of a fixed size. */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#include "shared.h"
#include "actor.h"

#define TEXT_MAX 256

/* A record with three texts, each ended by NUL and filled up with NULs. */
struct texts {
	struct wire_call call;
	char first[TEXT_MAX];
	char second[TEXT_MAX];
	char data[TEXT_MAX];
};

static __always_inline struct texts *begin(__u16 kind, struct wire_counts **count)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 pid = BPF_CORE_READ(task, tgid);
	struct texts *to;

	*count = counts_of(kind);
	if (!*count || !admit(*count, pid) ||
	    ruled_out(*count, kind, pid, BPF_CORE_READ(task, group_leader, start_boottime)))
		return NULL;
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		(*count)->ring_full++;
		return NULL;
	}
	__builtin_memset(to, 0, sizeof(*to));
	fill_actor_untyped(&to->call.actor, kind);
	to->call.actor.len = sizeof(*to);
	to->call.first_len = TEXT_MAX;
	to->call.second_len = TEXT_MAX;
	to->call.data_len = TEXT_MAX;
	return to;
}

/* Writes only. A value that is longer is cut. */
SEC("cgroup/sysctl")
int sysctl_write(struct bpf_sysctl *ctx)
{
	struct wire_counts *count;
	struct texts *to;

	if (!ctx->write)
		goto out;
	to = begin(KIND_SYSCTL, &count);
	if (!to)
		goto out;
	bpf_sysctl_get_name(ctx, to->first, TEXT_MAX, 0);
	bpf_sysctl_get_current_value(ctx, to->second, TEXT_MAX);
	bpf_sysctl_get_new_value(ctx, to->data, TEXT_MAX);
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
out:
	return 1;
}

static __always_inline int control_group(struct cgroup *cgroup, const char *path, __u32 action, struct task_struct *moved)
{
	struct wire_counts *count;
	struct texts *to = begin(KIND_CONTAINER, &count);

	if (!to)
		return 0;
	to->call.args[0] = action;
	to->call.args[1] = cgroup->kn->id;
	if (moved) {
		to->call.target_pid = moved->tgid;
		to->call.target_start_ns = moved->group_leader->start_boottime;
	}
	bpf_probe_read_kernel_str(to->first, TEXT_MAX, path);
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
	return 0;
}

/* void (struct cgroup *cgrp, const char *path) */
SEC("tp_btf/cgroup_mkdir")
int control_group_made(__u64 *ctx)
{
	return control_group((void *)ctx[0], (void *)ctx[1], 1, NULL);
}

/* void (struct cgroup *cgrp, const char *path) */
SEC("tp_btf/cgroup_rmdir")
int control_group_removed(__u64 *ctx)
{
	return control_group((void *)ctx[0], (void *)ctx[1], 2, NULL);
}

/* void (struct cgroup *dst_cgrp, const char *path, struct task_struct *task, bool threadgroup) */
SEC("tp_btf/cgroup_attach_task")
int control_group_entered(__u64 *ctx)
{
	return control_group((void *)ctx[0], (void *)ctx[1], 3, (void *)ctx[2]);
}
