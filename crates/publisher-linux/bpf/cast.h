/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Kernel objects that the verifier does not know the type of, read by plain loads where the kernel
 * can be told the type (6.2 and later): a load costs a nanosecond, a helper's read twenty. Elsewhere
 * reads are by helper.
 */
#ifndef EVTABLES_CAST_H
#define EVTABLES_CAST_H

extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym __weak;

#define HAS_CAST bpf_ksym_exists(bpf_rdonly_cast)
#define CAST(type, object) ((type *)bpf_rdonly_cast(object, bpf_core_type_id_kernel(type)))

/* A field of an untyped object, either way. `from` must be a plain variable. */
#define get_field(to, type, from, field)                                                               \
	do {                                                                                           \
		if (HAS_CAST)                                                                          \
			(to) = CAST(type, from)->field;                                                \
		else                                                                                   \
			bpf_core_read(&(to), sizeof(to), &((type *)(from))->field);                    \
	} while (0)

#endif
