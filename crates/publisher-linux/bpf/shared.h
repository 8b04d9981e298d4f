/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What every object has in common: constants, the ring, the counters, who is watched. The
 * first object that is loaded makes the maps; the loader hands them to the others.
 */
#ifndef EVTABLES_SHARED_H
#define EVTABLES_SHARED_H

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Set by the loader before load, by position; the verifier knows them as constants. */
const volatile __u32 argv_bytes_max = 32768;
const volatile __u32 ring_bytes = 8 << 20;
const volatile __u32 wake_bytes = 1 << 20;
const volatile __u32 subtree_only = 0;
const volatile __u32 own_pid = 0;
const volatile __u32 kinds_on[2] = { ~0U, ~0U };
const volatile __u32 secret[4] = {};

/* Whether the table of a kind is on; a constant for the verifier. */
#define is_on(kind) (kinds_on[(kind) / 32] >> (kind) % 32 & 1)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WIRE_KINDS);
	__type(key, __u32);
	__type(value, struct wire_counts);
} counts SEC(".maps");

/* Processes below the watched root (subtree_only), by pid. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC */
	__type(key, __u32);
	__type(value, __u8);
} subtree SEC(".maps");

/* Start times of living processes by pid, for records that name another process. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC */
	__type(key, __u32);
	__type(value, __u64);
} living SEC(".maps");

#include "rules.h"

static __always_inline struct wire_counts *counts_of(__u32 kind)
{
	return bpf_map_lookup_elem(&counts, &kind);
}

static __always_inline bool watched(__u32 pid)
{
	return !subtree_only || bpf_map_lookup_elem(&subtree, &pid);
}

/* Counts what acts as seen; true when it is to be reported. */
static __always_inline bool admit(struct wire_counts *count, __u32 pid)
{
	count->seen++;
	if (pid == own_pid) {
		count->own++;
		return false;
	}
	if (!watched(pid)) {
		count->subtree++;
		return false;
	}
	return true;
}

/* A wake-up costs more than the record: only when the reader's timer would come too late. */
static __always_inline __u64 wake_flag(void)
{
	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= wake_bytes)
		return BPF_RB_FORCE_WAKEUP;
	return BPF_RB_NO_WAKEUP;
}

static __always_inline void send(struct wire_counts *count, void *record, __u64 len)
{
	if (bpf_ringbuf_output(&ring, record, len, wake_flag()) == 0)
		count->submitted++;
	else if (len + 8 > ring_bytes)
		count->oversize++;
	else
		count->ring_full++;
}

#endif
