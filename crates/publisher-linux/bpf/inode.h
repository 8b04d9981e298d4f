/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Facts of an inode that is reached by helper reads only: copied in one piece, then taken from
 * the copy by the running kernel's offsets. A dozen single reads would cost three times as much.
 */
#ifndef EVTABLES_INODE_H
#define EVTABLES_INODE_H

/* The fields that we read stand in the first 200 bytes in every kernel known. */
#define INODE_BYTES 256

#define copied(from, type, field) \
	(*(typeof(((type *)0)->field) *)((from) + bpf_core_field_offset(type, field)))

static __always_inline void copy_inode(struct wire_inode *to, char *copy, struct inode *inode)
{
	struct super_block *sb;
	__u32 dev = 0;

	if (HAS_CAST) {
		fill_inode(to, CAST(struct inode, inode));
		return;
	}
	if (bpf_probe_read_kernel(copy, INODE_BYTES, inode))
		__builtin_memset(copy, 0, INODE_BYTES);
	sb = copied(copy, struct inode, i_sb);
	read_field(dev, sb, s_dev);
	to->dev = dev;
	to->inode = copied(copy, struct inode, i_ino);
	to->size = copied(copy, struct inode, i_size);
	to->nlink = copied(copy, struct inode, i_nlink);
	to->mode = copied(copy, struct inode, i_mode);
	to->uid = copied(copy, struct inode, i_uid.val);
	to->gid = copied(copy, struct inode, i_gid.val);
	to->rdev = copied(copy, struct inode, i_rdev);
	if (bpf_core_field_exists(struct inode, i_mtime_sec)) {
		to->mtime_ns = copied(copy, struct inode, i_mtime_sec) * 1000000000LL +
			       copied(copy, struct inode, i_mtime_nsec);
		to->ctime_ns = copied(copy, struct inode, i_ctime_sec) * 1000000000LL +
			       (copied(copy, struct inode, i_ctime_nsec) & CTIME_NSEC);
		return;
	}
	if (bpf_core_field_exists(struct inode___mid, __i_mtime))
		to->mtime_ns = copied(copy, struct inode___mid, __i_mtime.tv_sec) * 1000000000LL +
			       copied(copy, struct inode___mid, __i_mtime.tv_nsec);
	else
		to->mtime_ns = copied(copy, struct inode___old, i_mtime.tv_sec) * 1000000000LL +
			       copied(copy, struct inode___old, i_mtime.tv_nsec);
	if (bpf_core_field_exists(struct inode___mid, __i_ctime))
		to->ctime_ns = copied(copy, struct inode___mid, __i_ctime.tv_sec) * 1000000000LL +
			       copied(copy, struct inode___mid, __i_ctime.tv_nsec);
	else
		to->ctime_ns = copied(copy, struct inode___old, i_ctime.tv_sec) * 1000000000LL +
			       copied(copy, struct inode___old, i_ctime.tv_nsec);
}

#endif
