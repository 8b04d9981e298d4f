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
	    ruled_out(*count, kind, pid, BPF_CORE_READ(task, group_leader, start_boottime),
		      BPF_CORE_READ(task, cred, euid.val)))
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

/* enum io_uring_op: a part of the user's contract, so the numbers stay. */
#define OP_ACCEPT 13
#define OP_CONNECT 16
#define OP_OPENAT 18
#define OP_OPENAT2 28
#define OP_RENAMEAT 35
#define OP_UNLINKAT 36
#define OP_MKDIRAT 37
#define OP_SYMLINKAT 38
#define OP_LINKAT 39
#define OP_FSETXATTR 41
#define OP_SETXATTR 42
#define OP_SOCKET 45
#define OP_URING_CMD 46
#define OP_BIND 56
#define OP_LISTEN 57

#define OP(number) (1ULL << OP_##number)
/* Those that are told of. */
#define OPS_TOLD                                                                                          \
	(OP(ACCEPT) | OP(CONNECT) | OP(OPENAT) | OP(OPENAT2) | OP(RENAMEAT) | OP(UNLINKAT) | OP(MKDIRAT) | \
	 OP(SYMLINKAT) | OP(LINKAT) | OP(FSETXATTR) | OP(SETXATTR) | OP(SOCKET) | OP(URING_CMD) | OP(BIND) | \
	 OP(LISTEN))

static __always_inline void put_filename(char *to, struct filename *from)
{
	const char *name = NULL;

	bpf_core_read(&name, sizeof(name), &from->name);
	bpf_probe_read_kernel_str(to, TEXT_MAX, name);
}

#define PUT_NAME(to, type, req, field)                                                       \
	do {                                                                                 \
		struct filename *from = NULL;                                                \
                                                                                             \
		bpf_core_read(&from, sizeof(from), &((struct type *)(void *)(req))->field);  \
		put_filename(to, from);                                                      \
	} while (0)

/* void (struct io_kiocb *req) */
SEC("tp_btf/io_uring_submit_req")
int ring_submitted(__u64 *ctx)
{
	struct io_kiocb *request = (void *)ctx[0];
	struct wire_counts *count;
	struct texts *to;
	__u8 op = 0;
	void *address = NULL;

	bpf_core_read(&op, sizeof(op), &request->opcode);
	if (op >= 64 || !(OPS_TOLD >> op & 1))
		goto out;
	to = begin(KIND_IO_URING, &count);
	if (!to)
		goto out;
	to->call.args[0] = op;
	switch (op) {
	case OP_OPENAT:
	case OP_OPENAT2:
		PUT_NAME(to->first, io_open, request, filename);
		break;
	case OP_UNLINKAT:
		PUT_NAME(to->first, io_unlink, request, filename);
		break;
	case OP_MKDIRAT:
		PUT_NAME(to->first, io_mkdir, request, filename);
		break;
	case OP_RENAMEAT:
		PUT_NAME(to->first, io_rename, request, newpath);
		PUT_NAME(to->second, io_rename, request, oldpath);
		break;
	case OP_SYMLINKAT:
	case OP_LINKAT:
		PUT_NAME(to->first, io_link, request, newpath);
		PUT_NAME(to->second, io_link, request, oldpath);
		break;
	case OP_CONNECT:
		bpf_core_read(&address, sizeof(address), &((struct io_connect *)(void *)request)->addr);
		bpf_probe_read_user(to->data, 28, address);
		break;
	}
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
out:
	return 0;
}
