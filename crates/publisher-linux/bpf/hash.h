/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The keyed hash by which rules know paths: SipHash-2-4 of components that a walk has left in a scratch value. */
#ifndef EVTABLES_HASH_H
#define EVTABLES_HASH_H

#define ROTATE(word, bits) ((word) << (bits) | (word) >> (64 - (bits)))
#define SIP_ROUND(a, b, c, d)            \
	do {                             \
		a += b;                  \
		b = ROTATE(b, 13) ^ a;   \
		a = ROTATE(a, 32);       \
		c += d;                  \
		d = ROTATE(d, 16) ^ c;   \
		a += d;                  \
		d = ROTATE(d, 21) ^ a;   \
		c += b;                  \
		b = ROTATE(b, 17) ^ c;   \
		c = ROTATE(c, 32);       \
	} while (0)

/* Longer paths are not judged here. A power of two. */
#define HASHED_MAX 512

/* SipHash-2-4 of `len` bytes of the parts behind the first `from`, into `path_hash`; 0 for nothing, and for what is longer. */
__noinline int hash_path(__u32 slot, __u32 from, __u32 len)
{
	struct scratch *to = scratch_of(slot);
	__u64 k0 = (__u64)secret[1] << 32 | secret[0], k1 = (__u64)secret[3] << 32 | secret[2];
	__u64 a = k0 ^ 0x736f6d6570736575ULL, b = k1 ^ 0x646f72616e646f6dULL;
	__u64 c = k0 ^ 0x6c7967656e657261ULL, d = k1 ^ 0x7465646279746573ULL;
	__u32 at = 0, left;
	__u64 word = 0;
	int i;

	if (!to)
		goto out;
	to->path_hash = 0;
	if (len == 0 || len >= HASHED_MAX)
		goto out;
#pragma clang loop unroll(disable)
	for (i = 0; i < HASHED_MAX / 8; i++) {
		word = *(__u64 *)(to->parts + (from & (COMPONENT_MAX - 1)) + (at & (HASHED_MAX - 8)));
		left = len - at;
		if (left < 8)
			break;
		d ^= word;
		SIP_ROUND(a, b, c, d);
		SIP_ROUND(a, b, c, d);
		a ^= word;
		at += 8;
	}
	left = len & 7;
	word = left ? word << (64 - left * 8) >> (64 - left * 8) : 0;
	word |= (__u64)len << 56;
	d ^= word;
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	a ^= word;
	c ^= 0xff;
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	to->path_hash = a ^ b ^ c ^ d;
out:
	return 0;
}

#endif
