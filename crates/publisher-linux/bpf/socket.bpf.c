/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Sockets of IPv4 and IPv6: TCP by its changes of state, bind, connect and accept by system calls (tier A).
 * Flows of UDP without a connect: packet.bpf.c.
 *
 * State changes may run in a softirq that has interrupted anybody: whose socket it is, is kept in
 * `owners` from the moment when its process was at hand. What runs here uses no scratch value.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include "wire.h"
#include "shared.h"
#include "actor.h"
#include "calls.h"
#include "ends.h"
#include "flows.h"

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_CLOSE 7
#define TCP_LISTEN 10
#define EINPROGRESS 115
#define EALREADY 114
#define EISCONN 106
#define EINTR 4
#define ERESTARTSYS 512

/* void (const struct sock *sk, const int oldstate, const int newstate); TCP among others */
SEC("tp_btf/inet_sock_set_state")
int socket_state(__u64 *ctx)
{
	struct sock *sk = (void *)ctx[0];
	int from = ctx[1], to = ctx[2];
	__u64 key = (__u64)sk;
	struct wire_counts *count;
	struct wire_ends ends = {};
	struct owner new = {}, *owner;

	if (to != TCP_SYN_SENT && to != TCP_LISTEN && to != TCP_CLOSE &&
	    !(from == TCP_SYN_SENT && to == TCP_ESTABLISHED))
		goto out;
	if (sk->sk_protocol != IPPROTO_TCP)
		goto out;
	if (to == TCP_SYN_SENT || to == TCP_LISTEN) {
		/* In the context of the process that calls connect() or listen(). */
		count = counts_of(KIND_SOCKET);
		if (!count)
			goto out;
		/* Of one that is left out whatever it does, the whole connection is: nothing is kept of it. */
		if (to == TCP_SYN_SENT ? !admit_own(count, SLOT_SILENT) : !admit(count, bpf_get_current_pid_tgid() >> 32))
			goto out;
		fill_actor(&new.actor, KIND_SOCKET);
		new.began_ns = new.actor.time_ns;
		new.state = to == TCP_LISTEN ? OWNER_IS : OWNER_CONNECTS;
		if (bpf_map_update_elem(&owners, &key, &new, BPF_ANY)) {
			count->no_room++;
			goto out;
		}
		/* A connect is counted when its outcome is known. */
		if (to == TCP_SYN_SENT) {
			count->seen--;
		} else {
			struct listener listener = { .net_ns = net_ns_of(sk) };

			ends_of_sock(&ends, sk);
			listener.port = ends.local_port;
			bpf_map_update_elem(&listeners, &listener, &new.actor, BPF_ANY);
			submit(count, &new.actor, &ends, SOCKET_LISTEN, 0, 0, NULL);
		}
		goto out;
	}
	owner = bpf_map_lookup_elem(&owners, &key);
	count = counts_of(KIND_SOCKET);
	if (!owner || !count)
		goto out;
	if (to == TCP_ESTABLISHED) {
		owner->state = OWNER_IS;
		ends_of_sock(&ends, sk);
		count->seen++;
		submit(count, &owner->actor, &ends, SOCKET_CONNECT, 0, 0, NULL);
		goto out;
	}
	if (owner->state == OWNER_CONNECTS || owner->state == OWNER_FAILED) {
		owner->error = sk->sk_err;
		owner->state = OWNER_FAILED;
		goto out;
	}
	ends_of_sock(&ends, sk);
	count->seen++;
	if (owner->state == OWNER_WAITS) {
		submit(count, &owner->actor, &ends, SOCKET_CONNECT, sk->sk_err, 0, NULL);
	} else {
		submit(count, &owner->actor, &ends, SOCKET_CLOSE, 0, owner->began_ns, from == TCP_LISTEN ? NULL : sk);
	}
	bpf_map_delete_elem(&owners, &key);
out:
	return 0;
}

static __always_inline struct sock *sock_of(int fd)
{
	struct file *file = file_of(fd);
	struct socket *socket = NULL;
	struct inode *inode = NULL;
	struct sock *sk = NULL;
	__u16 mode = 0;

	if (!file)
		return NULL;
	get_field(inode, struct file, file, f_inode);
	get_field(mode, struct inode, inode, i_mode);
	if ((mode & S_IFMT) != S_IFSOCK)
		return NULL;
	get_field(socket, struct file, file, private_data);
	get_field(sk, struct socket, socket, sk);
	return sk;
}

static __always_inline bool is_inet(struct sock *sk)
{
	__u16 family = 0;

	get_field(family, struct sock, sk, __sk_common.skc_family);
	return family == AF_INET || family == AF_INET6;
}

#define UNIX_PATH_MAX 108

static __always_inline bool is_unix(struct sock *sk)
{
	__u16 family = 0;

	get_field(family, struct sock, sk, __sk_common.skc_family);
	return family == AF_UNIX;
}

/* bind and connect of a local socket, by the address that the caller gave: behind the family the path. */
static __always_inline void tell_unix(struct pt_regs *regs, __u32 call)
{
	struct wire_counts *count = counts_of(KIND_PIPE);
	struct {
		struct wire_call call;
		__u8 path[UNIX_PATH_MAX + 4];
	} *to;
	__u32 len = call_arg2(regs);

	if (!count || !is_on(KIND_PIPE) || len <= 2 || !admit_own(count, KIND_PIPE))
		return;
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		count->ring_full++;
		return;
	}
	__builtin_memset(to, 0, sizeof(*to));
	fill_actor(&to->call.actor, KIND_PIPE);
	to->call.actor.len = sizeof(*to);
	to->call.call = call;
	/* How much of the data is the address. */
	to->call.args[0] = len - 2;
	to->call.data_len = sizeof(to->path);
	if (len - 2 < UNIX_PATH_MAX) {
		len -= 2;
		hide(len);
		len &= 127;
		if (len <= UNIX_PATH_MAX)
			bpf_probe_read_user(to->path, len, (void *)(call_arg1(regs) + 2));
	} else {
		bpf_probe_read_user(to->path, UNIX_PATH_MAX, (void *)(call_arg1(regs) + 2));
	}
	bpf_ringbuf_submit(to, wake_flag());
	count->submitted++;
}

static __always_inline __u16 protocol_of(struct sock *sk)
{
	__u16 protocol = 0;

	get_field(protocol, struct sock, sk, sk_protocol);
	return protocol;
}

/* long accept(int, struct sockaddr *, int *), accept4 */
SEC("tp_btf/sys_exit")
int socket_accept(__u64 *ctx)
{
	struct wire_counts *count;
	struct wire_ends ends = {};
	struct owner new = {};
	struct sock *sk;
	__u64 key;
	__u8 state = 0;

	if ((long)ctx[1] < 0 || compat_call())
		goto out;
	sk = sock_of(ctx[1]);
	if (!sk || !is_inet(sk))
		goto out;
	count = counts_of(KIND_SOCKET);
	if (!count || !admit_own(count, SLOT_SILENT))
		goto out;
	fill_actor(&new.actor, KIND_SOCKET);
	new.began_ns = new.actor.time_ns;
	new.state = OWNER_IS;
	ends_of_untyped(&ends, sk);
	submit(count, &new.actor, &ends, SOCKET_ACCEPT, 0, 0, NULL);
	get_field(state, struct sock, sk, __sk_common.skc_state);
	if (state == TCP_CLOSE) {
		/* Reset before it was accepted: its change to CLOSE is over. */
		count->seen++;
		submit(count, &new.actor, &ends, SOCKET_CLOSE, 0, new.began_ns, sk);
		goto out;
	}
	key = (__u64)sk;
	if (bpf_map_update_elem(&owners, &key, &new, BPF_ANY)) {
		count->seen++;
		count->no_room++;
	}
out:
	return 0;
}

/* long connect(int, struct sockaddr *, int) */
SEC("tp_btf/sys_exit")
int socket_connect(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct wire_counts *count;
	struct wire_ends ends = {};
	struct wire_actor actor;
	struct owner *owner;
	long result = ctx[1];
	struct user user = {};
	struct sock *sk;
	__u64 key;
	__u32 error = -result;
	bool waits = error == EINPROGRESS || error == EALREADY || error == EINTR || error == ERESTARTSYS;

	if (compat_call())
		goto out;
	sk = sock_of(call_arg0(regs));
	if (sk && result == 0 && is_unix(sk))
		tell_unix(regs, call_number(regs));
	if (!sk || !is_on(KIND_SOCKET) || !is_inet(sk))
		goto out;
	ends.protocol = protocol_of(sk);
	if (ends.protocol == IPPROTO_TCP && (result == 0 || error == EISCONN))
		goto out;
	count = counts_of(KIND_SOCKET);
	if (!count)
		goto out;
	key = (__u64)sk;
	owner = bpf_map_lookup_elem(&owners, &key);
	if (owner) {
		/* Admitted when it began. */
		if (waits && owner->state == OWNER_CONNECTS) {
			owner->state = OWNER_WAITS;
			goto out;
		}
		if (waits && owner->state != OWNER_FAILED)
			goto out;
		if (waits)
			error = owner->error;
		count->seen++;
		bpf_map_delete_elem(&owners, &key);
	} else if (waits || !admit_own(count, SLOT_SILENT)) {
		goto out;
	}
	fill_actor(&actor, KIND_SOCKET);
	if (result == 0) {
		/* UDP: the packets to come are of a flow that is told of already. */
		ends_of_untyped(&ends, sk);
		user.actor = actor;
		user.told = number_of(&ends);
		bpf_map_update_elem(&users, &key, &user, BPF_ANY);
	} else {
		/* The socket forgets its peer when it fails. */
		ends_of_argument(&ends, sk, (void *)call_arg1(regs), call_arg2(regs));
	}
	submit(count, &actor, &ends, SOCKET_CONNECT, result == 0 ? 0 : error, 0, NULL);
out:
	return 0;
}

/* long bind(int, struct sockaddr *, int) */
SEC("tp_btf/sys_exit")
int socket_bind(__u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct wire_counts *count;
	struct wire_ends ends = {};
	struct wire_actor actor;
	struct user user = {};
	struct sock *sk;
	__u64 key;

	if ((long)ctx[1] != 0 || compat_call())
		goto out;
	sk = sock_of(call_arg0(regs));
	key = (__u64)sk;
	if (sk && is_unix(sk))
		tell_unix(regs, call_number(regs));
	if (!sk || !is_on(KIND_SOCKET) || !is_inet(sk))
		goto out;
	count = counts_of(KIND_SOCKET);
	if (!count || !admit(count, bpf_get_current_pid_tgid() >> 32))
		goto out;
	fill_actor(&actor, KIND_SOCKET);
	user.actor = actor;
	ends_of_untyped(&ends, sk);
	if (ends.protocol == IPPROTO_UDP)
		bpf_map_update_elem(&users, &key, &user, BPF_ANY);
	__builtin_memset(ends.remote, 0, sizeof(ends.remote));
	ends.remote_port = 0;
	submit(count, &actor, &ends, SOCKET_BIND, 0, 0, NULL);
out:
	return 0;
}
