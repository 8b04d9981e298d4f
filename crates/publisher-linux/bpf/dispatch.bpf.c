/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The only programs that run for every system call of the host: each jumps to the program that
 * the loader has set for that number, if there is one. An empty place costs a few nanoseconds.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "calls.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 512);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} at_begin SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 512);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} at_end SEC(".maps");

/* void (struct pt_regs *regs, long id) */
SEC("tp_btf/sys_enter")
int call_begin(__u64 *ctx)
{
	bpf_tail_call(ctx, &at_begin, (__u32)ctx[1]);
	return 0;
}

/* void (struct pt_regs *regs, long ret) */
SEC("tp_btf/sys_exit")
int call_end(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	bpf_tail_call(ctx, &at_end, call_number(regs));
	return 0;
}
