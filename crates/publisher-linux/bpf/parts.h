/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Writers of the variable parts of a record, into a scratch value.
 *
 * The walks are global functions: the verifier checks each once, on its own, instead
 * of once per way that leads to it (the difference is 10 ms against 3 s of load time).
 * In 5.10 such functions take numbers only, so what they work on stands in the scratch
 * value, from where a pointer comes back as a number: reads are by helper.
 *
 * Before this file: SCRATCH_HEAD, the fixed part, and SCRATCH_REST, bytes behind the parts
 * (at least PART_MAX).
 */
#ifndef EVTABLES_PARTS_H
#define EVTABLES_PARTS_H

#include "cast.h"

struct scratch {
	volatile __u32 pos; /* of the next free byte in parts; volatile: always read anew */
	__u32 flags;
	struct vfsmount *from_mnt; /* where put_path begins */
	struct dentry *from_dentry;
	struct kernfs_node *from_cgroup; /* where put_cgroup begins */
	__u64 path_hash; /* what hash_path found */
	__u32 leaf; /* bytes of the first component of the last path, with its NUL */
	__u32 reserved;
	SCRATCH_HEAD;
	char parts[];
};

/*
 * One value per slot: per CPU for the hooks, a single one for the snapshot. A plain
 * array, since values of per-CPU maps end at 32 KiB. Sizes are set by the loader.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct scratch) + PARTS_MAX + SCRATCH_REST);
} scratch SEC(".maps");

static __always_inline struct scratch *scratch_of(__u32 slot)
{
	return bpf_map_lookup_elem(&scratch, &slot);
}

/* The value is longer than PARTS_MAX + PART_MAX: a masked position plus one write is inside. */
static __always_inline __u32 position(const struct scratch *to)
{
	__u32 pos = to->pos;

	return pos & (PARTS_MAX - 1);
}

static __always_inline void put_string(struct scratch *to, const void *text, __u32 limit)
{
	__u32 pos = position(to);
	long n = bpf_probe_read_kernel_str(to->parts + pos, limit, text);

	hide(n);
	n &= ~(n >> 63); /* an error is no byte */
	to->pos = pos + (__u32)n;
}

/* A name of known length, which is cheaper: it is copied by words. */
static __always_inline void put_name(struct scratch *to, const void *name, __u32 len)
{
	__u32 pos = position(to);

	hide(len);
	len &= COMPONENT_MAX - 1;
	bpf_probe_read_kernel(to->parts + pos, len, name);
	to->parts[pos + len] = 0;
	to->pos = pos + len + 1;
}

/* Whether a part that began at `start` may not grow by another component. */
static __always_inline bool full(const struct scratch *to, __u32 start)
{
	return to->pos - start > PART_MAX - COMPONENT_MAX;
}

/*
 * Components of a path, leaf first, up to the global root. Sets `cut` when the head is
 * missing, `detached` for a file without a place in the tree.
 */
__noinline int put_path(__u32 slot, __u32 cut, __u32 detached)
{
	struct dentry *dentry, *root = NULL, *parent = NULL;
	struct mount *mount, *above = NULL;
	struct vfsmount *mnt;
	struct scratch *to = scratch_of(slot);
	const void *name = NULL;
	__u32 start;
	int i;

	if (!to)
		goto out;
	start = to->pos;
	to->leaf = 0;
	if (HAS_CAST) {
		dentry = CAST(struct dentry, to->from_dentry);
		mnt = CAST(struct vfsmount, to->from_mnt);
		root = mnt->mnt_root;
		mount = CAST(struct mount, (char *)mnt - bpf_core_field_offset(struct mount, mnt));
#pragma clang loop unroll(disable)
		for (i = 0; i < COMPONENTS_MAX; i++) {
			if (dentry == root) {
				above = mount->mnt_parent;
				if (above == mount)
					goto out;
				dentry = mount->mnt_mountpoint;
				root = above->mnt.mnt_root;
				mount = above;
				continue;
			}
			if (full(to, start))
				break;
			put_name(to, dentry->d_name.name, dentry->d_name.len);
			if (!to->leaf)
				to->leaf = to->pos - start;
			parent = dentry->d_parent;
			if (parent == dentry) {
				to->flags |= detached;
				goto out;
			}
			dentry = parent;
		}
		to->flags |= cut;
		goto out;
	}
	dentry = to->from_dentry;
	mnt = to->from_mnt;
	read_field(root, mnt, mnt_root);
	mount = (void *)((char *)mnt - bpf_core_field_offset(struct mount, mnt));
#pragma clang loop unroll(disable)
	for (i = 0; i < COMPONENTS_MAX; i++) {
		if (dentry == root) {
			read_field(above, mount, mnt_parent);
			if (above == mount)
				goto out;
			read_field(dentry, mount, mnt_mountpoint);
			read_field(root, above, mnt.mnt_root);
			mount = above;
			continue;
		}
		if (full(to, start))
			break;
		read_field(name, dentry, d_name.name);
		put_string(to, name, COMPONENT_MAX);
		if (!to->leaf)
			to->leaf = to->pos - start;
		read_field(parent, dentry, d_parent);
		if (parent == dentry) {
			to->flags |= detached;
			goto out;
		}
		dentry = parent;
	}
	to->flags |= cut;
out:
	return 0;
}

/* From 6.13 on the highest bit says that somebody has looked. */
#define CTIME_NSEC 0x7fffffff

/* `inode` must be of a type that the verifier follows. */
static __always_inline void fill_inode(struct wire_inode *to, struct inode *inode)
{
	to->inode = inode->i_ino;
	to->size = inode->i_size;
	to->dev = inode->i_sb->s_dev;
	to->nlink = inode->i_nlink;
	to->mode = inode->i_mode;
	to->uid = inode->i_uid.val;
	to->gid = inode->i_gid.val;
	to->rdev = inode->i_rdev;
	if (bpf_core_field_exists(inode->i_mtime_sec)) {
		to->mtime_ns = inode->i_mtime_sec * 1000000000LL + inode->i_mtime_nsec;
		to->ctime_ns = inode->i_ctime_sec * 1000000000LL + (inode->i_ctime_nsec & CTIME_NSEC);
		return;
	}
	const struct inode___mid *mid = (const void *)inode;
	const struct inode___old *old = (const void *)inode;

	if (bpf_core_field_exists(mid->__i_mtime))
		to->mtime_ns = mid->__i_mtime.tv_sec * 1000000000LL + mid->__i_mtime.tv_nsec;
	else
		to->mtime_ns = old->i_mtime.tv_sec * 1000000000LL + old->i_mtime.tv_nsec;
	if (bpf_core_field_exists(mid->__i_ctime))
		to->ctime_ns = mid->__i_ctime.tv_sec * 1000000000LL + mid->__i_ctime.tv_nsec;
	else
		to->ctime_ns = old->i_ctime.tv_sec * 1000000000LL + old->i_ctime.tv_nsec;
}

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	if (bpf_core_field_exists(node->__parent))
		return node->__parent;
	return ((struct kernfs_node___old *)node)->parent;
}

/* Components of a cgroup path, leaf first. The root, which has no parent, has no name either. */
__noinline int put_cgroup(__u32 slot)
{
	struct kernfs_node *node, *parent = NULL;
	struct scratch *to = scratch_of(slot);
	const char *name = NULL;
	__u32 start;
	int i;

	if (!to)
		goto out;
	start = to->pos;
	node = to->from_cgroup;
#pragma clang loop unroll(disable)
	for (i = 0; i < COMPONENTS_MAX; i++) {
		if (bpf_core_field_exists(node->__parent))
			read_field(parent, node, __parent);
		else
			read_field(parent, (struct kernfs_node___old *)node, parent);
		if (!parent)
			goto out;
		if (full(to, start))
			break;
		read_field(name, node, name);
		put_string(to, name, COMPONENT_MAX);
		node = parent;
	}
	to->flags |= FLAG_CGROUP_CUT;
out:
	return 0;
}

/*
 * The cgroup that says most: the one of the unified hierarchy, or, where that is the
 * root (hosts with version 1 controllers), the one of the pids or memory controller.
 */
static __always_inline struct kernfs_node *cgroup_of(struct task_struct *task)
{
	struct css_set *set = task->cgroups;
	struct kernfs_node *unified = set->dfl_cgrp->kn, *node;

	if (parent_of(unified))
		return unified;
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id)) {
		node = set->subsys[bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id)]->cgroup->kn;
		if (parent_of(node))
			return node;
	}
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id)) {
		node = set->subsys[bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)]->cgroup->kn;
		if (parent_of(node))
			return node;
	}
	return unified;
}

#endif
