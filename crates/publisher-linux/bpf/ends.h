/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The two ends of a socket. IPv4 inside IPv6 is told as IPv4. */
#ifndef EVTABLES_ENDS_H
#define EVTABLES_ENDS_H

#include "cast.h"

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define S_IFMT 0170000
#define S_IFSOCK 0140000

static __always_inline void put_v4(__u8 *to, __be32 address)
{
	__builtin_memcpy(to, &address, sizeof(address));
}

static __always_inline void put_v6(__u8 *to, __be32 a, __be32 b, __be32 c, __be32 d)
{
	__builtin_memcpy(to, &a, sizeof(a));
	__builtin_memcpy(to + 4, &b, sizeof(b));
	__builtin_memcpy(to + 8, &c, sizeof(c));
	__builtin_memcpy(to + 12, &d, sizeof(d));
}

/* Where both ends of an IPv6 socket are IPv4 ones inside. */
static __always_inline void unmap(struct wire_ends *ends)
{
	__u32 *local = (void *)ends->local, *remote = (void *)ends->remote;
	bool none = !local[0] && !local[1] && !local[2] && !local[3];

	if (remote[0] || remote[1] || remote[2] != bpf_htonl(0xffff))
		return;
	if (!none && (local[0] || local[1] || local[2] != bpf_htonl(0xffff)))
		return;
	ends->family = AF_INET;
	local[0] = local[3];
	remote[0] = remote[3];
	local[1] = local[2] = local[3] = remote[1] = remote[2] = remote[3] = 0;
}

/* `sk` must be of a type that the verifier follows. */
static __always_inline void ends_of_sock(struct wire_ends *ends, struct sock *sk)
{
	struct sock_common *common = &sk->__sk_common;
	struct inet_sock *inet = (void *)sk;
	__be16 port = 0;

	ends->family = common->skc_family;
	ends->protocol = sk->sk_protocol;
	ends->remote_port = bpf_ntohs(common->skc_dport);
	/* skc_num is 0 again when the socket closes. */
	get_field(port, struct inet_sock, inet, inet_sport);
	ends->local_port = bpf_ntohs(port);
	if (ends->family == AF_INET6) {
		bpf_core_read(ends->local, 16, &common->skc_v6_rcv_saddr);
		bpf_core_read(ends->remote, 16, &common->skc_v6_daddr);
		unmap(ends);
	} else {
		put_v4(ends->local, common->skc_rcv_saddr);
		put_v4(ends->remote, common->skc_daddr);
	}
}

/* The same for an address that came from a helper. */
static __always_inline void ends_of_untyped(struct wire_ends *ends, struct sock *sk)
{
	struct inet_sock *inet = (void *)sk;
	__be16 port = 0;

	if (HAS_CAST) {
		ends_of_sock(ends, CAST(struct sock, sk));
		return;
	}
	bpf_core_read(&ends->family, 2, &sk->__sk_common.skc_family);
	bpf_core_read(&ends->protocol, 2, &sk->sk_protocol);
	bpf_core_read(&port, 2, &sk->__sk_common.skc_dport);
	ends->remote_port = bpf_ntohs(port);
	read_field(port, inet, inet_sport);
	ends->local_port = bpf_ntohs(port);
	if (ends->family == AF_INET6) {
		bpf_core_read(ends->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(ends->remote, 16, &sk->__sk_common.skc_v6_daddr);
		unmap(ends);
	} else {
		bpf_core_read(ends->local, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_core_read(ends->remote, 4, &sk->__sk_common.skc_daddr);
	}
}

/* The remote end as the caller named it. */
static __always_inline void ends_of_argument(struct wire_ends *ends, struct sock *sk, void *address, __u32 size)
{
	/* family, port, then IPv4, or flow and IPv6: struct sockaddr_in and sockaddr_in6. */
	__u8 copy[24] = {};
	__be16 port = 0;
	struct inet_sock *inet = (void *)sk;

	if (size < sizeof(copy) || bpf_probe_read_user(copy, sizeof(copy), address))
		bpf_probe_read_user(copy, 16, address);
	ends->family = *(__u16 *)copy;
	ends->remote_port = bpf_ntohs(*(__be16 *)(copy + 2));
	get_field(port, struct inet_sock, inet, inet_sport);
	ends->local_port = bpf_ntohs(port);
	if (ends->family == AF_INET6) {
		__builtin_memcpy(ends->remote, copy + 8, 16);
		unmap(ends);
	} else {
		__builtin_memcpy(ends->remote, copy + 4, 4);
	}
}

#endif
