/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Records of sockets, and the flows of UDP: shared by the programs on calls and those on packets. */
#ifndef EVTABLES_FLOWS_H
#define EVTABLES_FLOWS_H

#define SOCK_DONE 1

/* The socket's cookie, which unlike its address is never given again, and a number for both ends. */
struct flow {
	__u64 cookie;
	__u64 ends;
};

/* Who uses a socket, and the flow that its connect has told of. */
struct user {
	struct wire_actor actor;
	__u64 told;
};

/* UDP flows that were told of, by socket and ends. Bounded: one that was forgotten is told of again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct flow);
	__type(value, __u8);
} flows SEC(".maps");

/* Who uses a UDP socket, or a TCP one that asks a name server, by the socket's address. Bounded likewise. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct user);
} users SEC(".maps");

struct owner {
	struct wire_actor actor;
	__u64 began_ns;
	__u8 state;	/* one of owner_state */
	__u8 pad[3];
	__u32 error;
};

enum owner_state {
	OWNER_CONNECTS = 1,	/* inside connect(), which tells of a failure */
	OWNER_WAITS = 2,	/* connect() has returned; the state change tells of a failure */
	OWNER_FAILED = 3,	/* failed before connect() returned */
	OWNER_IS = 4,		/* connected, accepted or listening */
};

/* By address of struct sock. Left at the change to CLOSE that every TCP socket makes. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 262144);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC */
	__type(key, __u64);
	__type(value, struct owner);
} owners SEC(".maps");

struct listener {
	__u32 net_ns;
	__u32 port;
};

/* Who listens: the peer may speak before anybody accepts. Bounded; a port that is bound anew is overwritten. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, struct wire_actor);
} listeners SEC(".maps");

static __always_inline __u32 net_ns_of(struct sock *sk)
{
	struct net *net = NULL;
	__u32 number = 0;

	bpf_core_read(&net, sizeof(net), &sk->__sk_common.skc_net.net);
	bpf_core_read(&number, sizeof(number), &net->ns.inum);
	return number;
}

static __always_inline __u64 mix(__u64 sum, __u64 word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
	return sum ^ sum >> 32;
}

/*
 * A number for both ends: a look-up by eight bytes takes a third of the time that one by all of
 * them takes, and two of 2^64 are never alike.
 */
static __always_inline __u64 number_of(const struct wire_ends *ends)
{
	const __u64 *remote = (const void *)ends->remote;
	__u64 sum = mix(0, (__u64)ends->local_port << 16 | ends->remote_port);

	return mix(mix(sum, remote[0]), remote[1]);
}

static __always_inline __u32 class_of(struct wire_class *key, __u32 of, __u32 bits)
{
	__u32 *class;

	key->of = of;
	key->bits = 64 + bits;
	class = bpf_map_lookup_elem(&classes, key);
	return class ? *class : 0;
}

static __always_inline __u32 class_of_port(struct wire_class *key, __u32 of, __u16 port)
{
	key->value[0] = port >> 8;
	key->value[1] = port;
	return class_of(key, of, 16);
}

/* True, and counted, when a rule leaves out what this program does on such ends. */
static __noinline int ends_drop(const struct wire_ends *ends, __u32 slot, __u32 pid, __u64 start_ns, __u32 euid)
{
	struct program *program = bpf_map_lookup_elem(&programs, &pid);
	struct wire_acting key = {};
	struct wire_class class = {};
	struct wire_verdict *verdict;
	__u32 rule;

	key.version = class.version = version_of_rules();
	if (!program || program->start_ns != start_ns || !program->path || !ends->remote_port)
		return 0;
	key.path = program->path;
	if (key.version & RULES_CONTAINER)
		key.cgroup = program->cgroup;
	if (key.version & RULES_USER)
		key.user = euid;
	key.family = ends->family;
	key.protocol = ends->protocol;
	if (ends->family == AF_INET) {
		class.value[10] = class.value[11] = 0xff;
		__builtin_memcpy(class.value + 12, ends->remote, 4);
	} else {
		__builtin_memcpy(class.value, ends->remote, 16);
	}
	key.address = class_of(&class, CLASS_ADDRESS, 128);
	key.remote_port = class_of_port(&class, CLASS_REMOTE_PORT, ends->remote_port);
	key.local_port = class_of_port(&class, CLASS_LOCAL_PORT, ends->local_port);
	verdict = bpf_map_lookup_elem(&acting, &key);
	if (!verdict)
		return 0;
	rule = verdict->rule[slot & (WIRE_SLOTS - 1)];
	if (!rule)
		return 0;
	hit(slot, rule);
	return 1;
}

static __always_inline void submit(struct wire_counts *count, const struct wire_actor *actor,
				   const struct wire_ends *ends, __u32 action, __u32 error,
				   __u64 began_ns, struct sock *counted)
{
	struct wire_socket *to;
	__u64 sent = 0, retransmitted = 0, received = 0;
	struct tcp_sock *tcp = (void *)counted;

	if (ruled_out(count, SLOT_SOCKET + action, actor->pid, actor->start_ns, actor->euid))
		return;
	if (version_of_rules() & RULES_ENDS &&
	    ends_drop(ends, SLOT_SOCKET + action, actor->pid, actor->start_ns, actor->euid)) {
		count->rule++;
		return;
	}
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		count->ring_full++;
		return;
	}
	to->actor = *actor;
	to->actor.kind = KIND_SOCKET;
	to->actor.flags = 0;
	to->actor.len = sizeof(*to);
	to->actor.cpu = bpf_get_smp_processor_id();
	to->actor.time_ns = bpf_ktime_get_boot_ns();
	to->ends = *ends;
	to->action = action;
	to->error = error;
	to->began_ns = began_ns;
	if (counted) {
		unsigned long flags = 0;

		get_field(sent, struct tcp_sock, tcp, bytes_sent);
		get_field(retransmitted, struct tcp_sock, tcp, bytes_retrans);
		get_field(received, struct tcp_sock, tcp, bytes_received);
		get_field(flags, struct sock, counted, __sk_common.skc_flags);
		/* The peer's FIN counts as one byte; this flag is set by it alone. */
		if (flags & 1 << SOCK_DONE && received > 0)
			received--;
		sent -= retransmitted;
	}
	to->bytes_sent = sent;
	to->bytes_received = received;
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
}

#endif
