/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Programs that do nothing, where those of the tables hang: what a kernel asks for being watched at
 * all. A yardstick of benchmarks (examples/empty.rs), in no binary that watches.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define NOTHING(section, name, verdict)                           \
	SEC(section)                                              \
	int name(void *ctx __attribute__((unused)))               \
	{                                                         \
		return verdict;                                   \
	}

NOTHING("tp_btf/sys_enter", call_begin, 0)
NOTHING("tp_btf/sys_exit", call_end, 0)
NOTHING("tp_btf/sched_process_exec", process_exec, 0)
NOTHING("tp_btf/sched_process_fork", process_fork, 0)
NOTHING("tp_btf/sched_process_exit", process_exit, 0)
NOTHING("tp_btf/sched_process_exit", file_exit, 0)
NOTHING("tp_btf/inet_sock_set_state", socket_state, 0)
NOTHING("tp_btf/signal_generate", signal_sent, 0)
NOTHING("cgroup_skb/egress", packet_out, 1)
NOTHING("cgroup_skb/ingress", packet_in, 1)
