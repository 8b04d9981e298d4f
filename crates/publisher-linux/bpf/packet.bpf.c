/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Packets, where they pass the root of the cgroup tree (tier A): the first of each UDP flow is told of,
 * those of DNS are copied. Whose they are, is known from bind, connect and what the socket sent before:
 * what leaves does so in the context of its process, what comes does not.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include "wire.h"
#include "shared.h"
#include "actor.h"
#include "ends.h"
#include "flows.h"

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define TCP_SYN 2
#define TCP_ACK 16

static __always_inline void note_user(__u64 socket)
{
	struct user *known = bpf_map_lookup_elem(&users, &socket), user = {};
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 pid = BPF_CORE_READ(task, tgid);

	if (known && known->actor.pid == pid)
		return;
	fill_actor_untyped(&user.actor, 0);
	bpf_map_update_elem(&users, &socket, &user, BPF_ANY);
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
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u8 head[40], next[20];
	__u32 at;
	__u16 from, to;

	if (data + 28 <= end && data[0] == 0x45 && data[9] == IPPROTO_UDP && !(*(__u16 *)(data + 6) & bpf_htons(0x1fff))) {
		/* The most frequent, without a copy. */
		seen->ends.family = AF_INET;
		seen->ends.protocol = IPPROTO_UDP;
		seen->payload = 28;
		from = bpf_ntohs(*(__be16 *)(data + 20));
		to = bpf_ntohs(*(__be16 *)(data + 22));
		seen->ends.local_port = out ? from : to;
		seen->ends.remote_port = out ? to : from;
		__builtin_memcpy(seen->ends.local, data + (out ? 12 : 16), 4);
		__builtin_memcpy(seen->ends.remote, data + (out ? 16 : 12), 4);
		return true;
	}
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
						const struct wire_actor *actor, __u64 socket,          \
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
		to->head.socket = socket;                                                              \
		to->head.sequence = seen->sequence;                                                    \
		to->head.payload_size = size;                                                          \
		to->head.sent = out;                                                                   \
		to->head.reserved = 0;                                                                 \
		/* From 1 to ROOM, in a way that old verifiers follow. */                              \
		if (len > ROOM)                                                                        \
			len = ROOM;                                                                    \
		len--;                                                                                 \
		hide(len);                                                                             \
		len &= ROOM - 1;                                                                       \
		if (bpf_skb_load_bytes(skb, seen->payload, to->payload, len + 1))                      \
			to->head.payload_len = 0;                                                      \
		else                                                                                   \
			to->head.payload_len = len + 1;                                                \
		bpf_ringbuf_submit(to, wake_flag());                                                   \
		return true;                                                                           \
	}

/* Sizes in the ring must be constants: the smallest that holds it. */
COPY(128)
COPY(512)
COPY(2048)
COPY(4096)
COPY(8192)

static __always_inline void copy_packet(struct __sk_buff *skb, const struct seen *seen, __u64 socket,
					__u16 kind, bool out)
{
	struct owner *owner = bpf_map_lookup_elem(&owners, &socket);
	struct user *user;
	struct wire_actor actor = {};
	struct wire_counts *count = counts_of(kind);
	__u32 size = skb->len - seen->payload;
	bool done;

	if (!count)
		return;
	if (owner) {
		actor = owner->actor;
	} else if (!out && (kind == KIND_TLS || kind == KIND_HTTP)) {
		struct listener listener = { .port = seen->ends.local_port };
		struct wire_actor *listens;
		struct sock *sk = NULL;

		/* Copied by a helper it is a number, no pointer that may not be followed. */
		bpf_probe_read_kernel(&sk, sizeof(sk), &socket);
		listener.net_ns = net_ns_of(sk);
		listens = bpf_map_lookup_elem(&listeners, &listener);
		if (listens)
			actor = *listens;
	} else {
		user = bpf_map_lookup_elem(&users, &socket);
		if (user)
			actor = user->actor;
	}
	if (!admit(count, actor.pid) || ruled_out(count, kind, actor.pid, actor.start_ns, actor.euid))
		return;
	actor.kind = kind;
	actor.flags = 0;
	actor.cpu = bpf_get_smp_processor_id();
	actor.time_ns = bpf_ktime_get_boot_ns();
	if (size <= 128)
		done = copy_128(skb, seen, &actor, socket, size, out);
	else if (size <= 512)
		done = copy_512(skb, seen, &actor, socket, size, out);
	else if (size <= 2048)
		done = copy_2048(skb, seen, &actor, socket, size, out);
	else if (size <= 4096)
		done = copy_4096(skb, seen, &actor, socket, size, out);
	else
		done = copy_8192(skb, seen, &actor, socket, size, out);
	if (done)
		count->submitted++;
	else
		count->ring_full++;
}

/* The first packet of a UDP flow. A flow whose socket nobody is known to use is not told of. */
static __always_inline void tell_flow(struct __sk_buff *skb, const struct seen *seen, __u64 socket, bool out)
{
	struct flow flow = { .cookie = bpf_get_socket_cookie(skb), .ends = number_of(&seen->ends) };
	struct wire_counts *count;
	struct user *user;
	__u8 one = 1;

	if (bpf_map_lookup_elem(&flows, &flow))
		return;
	if (out)
		note_user(socket);
	bpf_map_update_elem(&flows, &flow, &one, BPF_ANY);
	user = bpf_map_lookup_elem(&users, &socket);
	if (!user || user->told == flow.ends)
		return;
	count = counts_of(KIND_SOCKET);
	if (count && admit(count, user->actor.pid))
		submit(count, &user->actor, &seen->ends, out ? SOCKET_SEND : SOCKET_RECEIVE, 0, 0, NULL);
}

/*
 * Whether the packet is TCP and none of ours for sure, at the least cost: nearly all are. The other
 * end of a connection stands in the socket.
 */
static __always_inline bool stranger(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct bpf_sock *sk = skb->sk;

	if (!sk || data + 28 > end || dns_port(bpf_ntohs(sk->dst_port)))
		return false;
	return data[0] == 0x45 ? data[9] == IPPROTO_TCP : data[6] == IPPROTO_TCP && data[0] >> 4 == 6;
}

/* Segments of a handshake that are copied of each side. */
#define CLIENT_SEGMENTS 4
#define SERVER_SEGMENTS 8

enum talk_kind {
	TALK_OTHER = 0,
	TALK_TLS = 1,
	TALK_HTTP = 2,
};

/* What a TCP connection speaks, by its first bytes. */
struct talk {
	__u8 kind;
	__u8 client_out;	/* the client is on this host */
	__u8 out_left;		/* segments still to be copied */
	__u8 in_left;
};

/* By cookie. Bounded: one that was forgotten is looked at again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct talk);
} talks SEC(".maps");

/* The first four bytes of a request. */
static __always_inline bool is_request(const __u8 *first)
{
	__u32 word = bpf_ntohl(*(const __u32 *)first);

	return word == 0x47455420 /* GET */ || word == 0x504f5354 /* POST */ || word == 0x48454144 /* HEAD */ ||
	       word == 0x50555420 /* PUT */ || word == 0x44454c45 /* DELETE */ || word == 0x4f505449 /* OPTIONS */ ||
	       word == 0x50415443 /* PATCH */ || word == 0x434f4e4e /* CONNECT */ || word == 0x54524143 /* TRACE */;
}

/* Where the payload of a TCP segment begins; 0 when there is none. */
static __always_inline __u32 payload_of(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u32 at;

	if (data + 40 > end)
		return 0;
	if (data[0] == 0x45) {
		at = 20 + (data[32] >> 4) * 4;
	} else {
		if (data + 60 > end)
			return 0;
		at = 40 + (data[52] >> 4) * 4;
	}
	return skb->len > at ? at : 0;
}

static __always_inline void listen_in(struct __sk_buff *skb, bool out)
{
	__u32 at = payload_of(skb);
	struct talk new = {}, *talk;
	struct seen seen = {};
	__u64 cookie, socket;
	__u32 first[2] = {};
	__u8 *bytes = (void *)first;
	__u16 kind;

	if (!at)
		return;
	cookie = bpf_get_socket_cookie(skb);
	talk = bpf_map_lookup_elem(&talks, &cookie);
	if (talk && talk->kind == TALK_OTHER)
		return;
	if (!talk) {
		if (bpf_skb_load_bytes(skb, at, first, 6))
			return;
		if (is_on(KIND_TLS) && bytes[0] == 22 && bytes[1] == 3 && bytes[5] == 1) {
			new.kind = TALK_TLS;
			new.out_left = out ? CLIENT_SEGMENTS : SERVER_SEGMENTS;
			new.in_left = out ? SERVER_SEGMENTS : CLIENT_SEGMENTS;
		} else if (is_on(KIND_HTTP) && is_request(bytes)) {
			new.kind = TALK_HTTP;
		}
		new.client_out = out;
		bpf_map_update_elem(&talks, &cookie, &new, BPF_ANY);
		talk = bpf_map_lookup_elem(&talks, &cookie);
		if (!talk || talk->kind == TALK_OTHER)
			return;
	}
	if (talk->kind == TALK_TLS) {
		if (out ? !talk->out_left : !talk->in_left)
			return;
		if (out)
			talk->out_left--;
		else
			talk->in_left--;
		kind = KIND_TLS;
	} else {
		if (talk->client_out != out || bpf_skb_load_bytes(skb, at, first, 4) || !is_request(bytes))
			return;
		kind = KIND_HTTP;
	}
	socket = (__u64)skb->sk;
	if (!socket || !look(skb, &seen, out))
		return;
	if (out && !bpf_map_lookup_elem(&owners, &socket))
		note_user(socket);
	copy_packet(skb, &seen, socket, kind, out);
}

static __always_inline int pass(struct __sk_buff *skb, bool out)
{
	struct seen seen = {};
	struct bpf_sock *sk;
	__u64 socket;

	if (stranger(skb)) {
		if (is_on(KIND_TLS) || is_on(KIND_HTTP))
			listen_in(skb, out);
		return 1;
	}
	if (!look(skb, &seen, out))
		return 1;
	sk = skb->sk;
	if (!sk)
		return 1;
	socket = (__u64)sk;
	if (is_on(KIND_SOCKET) && seen.ends.protocol == IPPROTO_UDP)
		tell_flow(skb, &seen, socket, out);
	if (!dns_port(seen.ends.remote_port) || !is_on(out ? KIND_DNS_QUERY : KIND_DNS_ANSWER))
		return 1;
	if (out && (seen.first || seen.ends.protocol == IPPROTO_UDP))
		note_user(socket);
	if (skb->len > seen.payload)
		copy_packet(skb, &seen, socket, out ? KIND_DNS_QUERY : KIND_DNS_ANSWER, out);
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
