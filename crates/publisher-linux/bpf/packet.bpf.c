/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Packets worth reading, copied where they pass the root of the cgroup tree (tier A): DNS. Whose
 * they are, is known by the socket's cookie from what it sent before.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include "wire.h"
#include "shared.h"
#include "actor.h"
#include "ends.h"

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define TCP_SYN 2
#define TCP_ACK 16

/* Who uses a socket, by its cookie. Bounded: of a socket that was forgotten nobody is known. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u64);
	__type(value, struct wire_actor);
} makers SEC(".maps");

/* In the context of the process that sends: what leaves by UDP, and the first packet of a TCP connection. */
static __always_inline void note_maker(__u64 cookie)
{
	struct wire_actor *known = bpf_map_lookup_elem(&makers, &cookie), actor;
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 pid = BPF_CORE_READ(task, tgid);

	if (known && known->pid == pid)
		return;
	fill_actor_untyped(&actor, 0);
	bpf_map_update_elem(&makers, &cookie, &actor, BPF_ANY);
}

static __always_inline bool dns_port(__u16 port)
{
	return port == 53 || port == 5353 || port == 5355;
}

struct seen {
	struct wire_ends ends;
	__u32 payload; /* where it begins */
	__u32 sequence;
	bool first; /* of a TCP connection that this host begins */
};

/* False for what is neither TCP nor UDP, or not the first fragment. */
static __always_inline bool look(struct __sk_buff *skb, struct seen *seen, bool out)
{
	__u8 head[40] = {}, next[20] = {};
	__u32 at;
	__u16 from, to;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		if (bpf_skb_load_bytes(skb, 0, head, 20))
			return false;
		at = (head[0] & 15) * 4;
		if (*(__u16 *)(head + 6) & bpf_htons(0x1fff))
			return false;
		seen->ends.family = AF_INET;
		seen->ends.protocol = head[9];
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		if (bpf_skb_load_bytes(skb, 0, head, 40))
			return false;
		at = 40;
		seen->ends.family = AF_INET6;
		seen->ends.protocol = head[6];
	} else {
		return false;
	}
	if (seen->ends.protocol == IPPROTO_UDP) {
		if (bpf_skb_load_bytes(skb, at, next, 8))
			return false;
		seen->payload = at + 8;
	} else if (seen->ends.protocol == IPPROTO_TCP) {
		if (bpf_skb_load_bytes(skb, at, next, 20))
			return false;
		seen->payload = at + (next[12] >> 4) * 4;
		seen->first = (next[13] & (TCP_SYN | TCP_ACK)) == TCP_SYN;
		seen->sequence = bpf_ntohl(*(__be32 *)(next + 4));
	} else {
		return false;
	}
	from = bpf_ntohs(*(__be16 *)next);
	to = bpf_ntohs(*(__be16 *)(next + 2));
	seen->ends.local_port = out ? from : to;
	seen->ends.remote_port = out ? to : from;
	if (seen->ends.family == AF_INET) {
		__builtin_memcpy(seen->ends.local, head + (out ? 12 : 16), 4);
		__builtin_memcpy(seen->ends.remote, head + (out ? 16 : 12), 4);
	} else {
		__builtin_memcpy(seen->ends.local, head + (out ? 8 : 24), 16);
		__builtin_memcpy(seen->ends.remote, head + (out ? 24 : 8), 16);
	}
	return true;
}

#define COPY(ROOM)                                                                                     \
	static __always_inline bool copy_##ROOM(struct __sk_buff *skb, const struct seen *seen,        \
						const struct wire_actor *actor, __u64 cookie,          \
						__u32 size, bool out)                                  \
	{                                                                                              \
		struct {                                                                               \
			struct wire_packet head;                                                       \
			__u8 payload[ROOM];                                                            \
		} *to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);                                    \
		__u32 len = size;                                                                      \
                                                                                                       \
		if (!to)                                                                               \
			return false;                                                                  \
		to->head.actor = *actor;                                                               \
		to->head.actor.len = sizeof(*to);                                                      \
		to->head.ends = seen->ends;                                                            \
		to->head.cookie = cookie;                                                              \
		to->head.sequence = seen->sequence;                                                    \
		to->head.payload_size = size;                                                          \
		to->head.sent = out;                                                                   \
		to->head.reserved = 0;                                                                 \
		if (len > ROOM)                                                                        \
			len = ROOM;                                                                    \
		hide(len);                                                                             \
		if (len == 0 || len > ROOM || bpf_skb_load_bytes(skb, seen->payload, to->payload, len)) \
			len = 0;                                                                       \
		to->head.payload_len = len;                                                            \
		bpf_ringbuf_submit(to, wake_flag());                                                   \
		return true;                                                                           \
	}

/* Sizes in the ring must be constants: the smallest that holds it. */
COPY(128)
COPY(512)
COPY(1536)
COPY(4096)

static __always_inline void submit(struct __sk_buff *skb, const struct seen *seen, __u16 kind, bool out)
{
	__u64 cookie = bpf_get_socket_cookie(skb);
	struct wire_actor *maker = bpf_map_lookup_elem(&makers, &cookie), actor = {};
	struct wire_counts *count = counts_of(kind);
	__u32 size = skb->len - seen->payload;
	bool done;

	if (!count)
		return;
	if (maker)
		actor = *maker;
	if (!admit(count, actor.pid))
		return;
	actor.kind = kind;
	actor.flags = 0;
	actor.cpu = bpf_get_smp_processor_id();
	actor.time_ns = bpf_ktime_get_boot_ns();
	if (size <= 128)
		done = copy_128(skb, seen, &actor, cookie, size, out);
	else if (size <= 512)
		done = copy_512(skb, seen, &actor, cookie, size, out);
	else if (size <= 1536)
		done = copy_1536(skb, seen, &actor, cookie, size, out);
	else
		done = copy_4096(skb, seen, &actor, cookie, size, out);
	if (done)
		count->submitted++;
	else
		count->ring_full++;
}

/*
 * Whether the packet is none of ours for sure, at the least cost: nearly all are. The other end of a
 * connected socket stands in the socket; else the ports are looked at where they stand most often.
 */
static __always_inline bool stranger(struct __sk_buff *skb, bool out)
{
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct bpf_sock *sk = skb->sk;
	__be16 port = 0;

	if (sk)
		port = sk->dst_port;
	if (!port && data + 28 <= end && data[0] == 0x45)
		port = *(__be16 *)(data + (out ? 22 : 20));
	return port && !dns_port(bpf_ntohs(port));
}

static __always_inline int pass(struct __sk_buff *skb, bool out)
{
	struct seen seen = {};

	if (stranger(skb, out) || !look(skb, &seen, out) || !dns_port(seen.ends.remote_port))
		return 1;
	if (out && (seen.first || seen.ends.protocol == IPPROTO_UDP))
		note_maker(bpf_get_socket_cookie(skb));
	if (skb->len > seen.payload)
		submit(skb, &seen, out ? KIND_DNS_QUERY : KIND_DNS_ANSWER, out);
	return 1;
}

SEC("cgroup_skb/egress")
int packet_out(struct __sk_buff *skb)
{
	return pass(skb, true);
}

SEC("cgroup_skb/ingress")
int packet_in(struct __sk_buff *skb)
{
	return pass(skb, false);
}
