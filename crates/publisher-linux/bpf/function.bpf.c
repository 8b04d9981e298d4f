/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Names that go, come and change, told of by the functions of the kernel that do it (tier B): also
 * what is asked for by another way than a system call (io_uring), and with the paths that the
 * kernel found instead of what stands in the caller's memory. The records are those of the system
 * calls of the same meaning (call.bpf.c).
 *
 * An operation has two programs. When its path is checked (security_path_…) the mount is known,
 * when it has ended (vfs_…), whether it succeeded. File systems that lie on others call the latter
 * for what lies below, without the former: that is left out.
 */
#include "types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "wire.h"
#include "shared.h"
#define SCRATCH_HEAD volatile __u32 busy; __u32 unused; char inode[256]; struct wire_call call
#define SCRATCH_REST PART_MAX
#include "parts.h"
#include "actor.h"
#include "calls.h"
#include "inode.h"

#define AT_REMOVEDIR 0x200
#define FMODE_CREATED 0x100000
#define IO_WORKER 0x10		 /* PF_IO_WORKER */
#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD */

/* What a record says of the second name. */
enum second {
	SECOND_NONE,
	SECOND_RENAMED, /* the old name, in `old_names` */
	SECOND_LINKED,	/* the other name of the file */
	SECOND_TEXT,	/* where a symbolic link points to */
};

/* An operation between its check and its end: addresses. */
struct change {
	__u64 mnt;
	__u64 folder;
	__u64 entry;
	__u64 old_mnt;	  /* of SECOND_RENAMED */
	__u64 old_folder; /* of SECOND_RENAMED */
	__u64 second;	  /* of SECOND_LINKED the entry, of SECOND_TEXT the text */
	__u64 inode;	  /* of a new file */
};

/* By thread. User space puts an empty one there to see whether it goes (src/load/functions.rs). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct change);
} changes SEC(".maps");

struct old_name {
	char name[COMPONENT_MAX];
};

/* By thread: a name that is renamed is gone at the end. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct old_name);
} old_names SEC(".maps");

static __always_inline void read_name(char *to, struct dentry *entry)
{
	const void *name = NULL;

	read_field(name, entry, d_name.name);
	bpf_probe_read_kernel_str(to, COMPONENT_MAX, name);
}

static __always_inline void note(struct path *folder, __u64 entry, __u64 second)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct change change = {
		.mnt = (__u64)folder->mnt,
		.folder = (__u64)folder->dentry,
		.entry = entry,
		.second = second,
	};

	bpf_map_update_elem(&changes, &thread, &change, BPF_ANY);
}

/* The components of a folder's path, behind a name. */
static __always_inline void put_folder(struct scratch *to, __u32 slot, __u64 mnt, __u64 folder, __u32 cut, __u16 *len)
{
	__u32 from = to->pos;

	to->from_mnt = (void *)mnt;
	to->from_dentry = (void *)folder;
	put_path(slot, cut, 0);
	*len = to->pos - from;
}

static __always_inline void put_entry(struct scratch *to, struct dentry *entry, __u16 *len)
{
	__u32 start = to->pos;
	const void *name = NULL;

	read_field(name, entry, d_name.name);
	put_string(to, name, COMPONENT_MAX);
	*len = to->pos - start;
}

static __always_inline void put_second(struct scratch *to, __u32 slot, __u64 thread, const struct change *change,
				       __u32 second)
{
	struct dentry *entry = (void *)change->second, *folder = NULL;
	struct old_name *old;
	__u32 start = position(to);
	long n;

	switch (second) {
	case SECOND_RENAMED:
		old = bpf_map_lookup_elem(&old_names, &thread);
		if (!old)
			break;
		put_string(to, old->name, COMPONENT_MAX);
		to->call.second_len = to->pos - start;
		put_folder(to, slot, change->old_mnt, change->old_folder, FLAG_SECOND_CUT, &to->call.second_at_len);
		break;
	case SECOND_LINKED:
		put_entry(to, entry, &to->call.second_len);
		read_field(folder, entry, d_parent);
		put_folder(to, slot, change->mnt, (__u64)folder, FLAG_SECOND_CUT, &to->call.second_at_len);
		break;
	case SECOND_TEXT:
		n = bpf_probe_read_kernel_str(to->parts + start, PART_MAX, (void *)change->second);
		hide(n);
		n &= ~(n >> 63);
		to->pos = start + (__u32)n;
		to->call.second_len = n;
		break;
	}
}

/* The records of what this thread has done, for both tables that tell of names. In 5.10 such functions take numbers only. */
__noinline int tell(__u64 thread, __u32 call, __u32 flags, __u32 second)
{
	struct change *change = bpf_map_lookup_elem(&changes, &thread);
	struct wire_counts *path = counts_of(KIND_FILE_PATH), *elf = counts_of(KIND_ELF_PATH);
	__u32 slot = bpf_get_smp_processor_id(), len;
	struct scratch *to = scratch_of(slot);
	bool told, looked;

	if (!change || !path || !elf)
		goto out;
	told = is_on(KIND_FILE_PATH) && admit_own(path, KIND_FILE_PATH);
	looked = is_on(KIND_ELF_PATH) && (second == SECOND_RENAMED || second == SECOND_LINKED) &&
		 admit_own(elf, KIND_ELF_PATH);
	if (!told && !looked)
		goto out;
	/* Here, unlike in tracepoints, another thread may come in between. */
	if (!to || to->busy) {
		path->no_room += told;
		elf->no_room += looked;
		goto out;
	}
	to->busy = 1;
	__builtin_memset(&to->call, 0, sizeof(to->call));
	fill_actor(&to->call.actor, KIND_FILE_PATH);
	to->pos = 0;
	to->flags = 0;
	to->call.call = call;
	to->call.args[2] = flags;
	if (change->inode)
		copy_inode(&to->call.inode, to->inode, (void *)change->inode);
	put_entry(to, (void *)change->entry, &to->call.first_len);
	put_folder(to, slot, change->mnt, change->folder, FLAG_FIRST_CUT, &to->call.first_at_len);
	put_second(to, slot, thread, change, second);
	len = sizeof(to->call) + position(to);
	to->call.actor.flags = to->flags;
	to->call.actor.len = len;
	if (told)
		send(path, &to->call, len);
	if (looked) {
		to->call.actor.kind = KIND_ELF_PATH;
		send(elf, &to->call, len);
	}
	to->busy = 0;
out:
	return 0;
}

/* entry: what the operation was done to. Of others than those noted nothing is told. */
static __always_inline void done(__u64 entry, __s64 result, __u32 call, __u32 flags, __u32 second)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct change *change = bpf_map_lookup_elem(&changes, &thread);
	/* A number of 32 bits, of which the higher half is anything but negative, or a pointer. */
	bool failed = result < 0 ? (__u64)result >= -4095UL : (__s32)result < 0;

	if (!change || change->entry != entry)
		return;
	if (!failed)
		tell(thread, call, flags, second);
	bpf_map_delete_elem(&changes, &thread);
	if (second == SECOND_RENAMED)
		bpf_map_delete_elem(&old_names, &thread);
}

#define HAS_RESULT bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_ret)

/* Since 5.12 what owns a mount's ids is one more parameter, before all that we read. */
static __always_inline bool has_owner(void)
{
	return bpf_core_field_exists(struct vfsmount___5_12, mnt_userns) ||
	       bpf_core_field_exists(struct vfsmount___6_2, mnt_idmap);
}

/* A parameter, and the result, by their positions before 5.12. Accesses of a context have constant places. */
#define parameter(ctx, at)                     \
	({                                     \
		__u64 value;                   \
                                               \
		if (has_owner()) {             \
			value = (ctx)[(at) + 1]; \
			hide(value);           \
		} else {                       \
			value = (ctx)[at];     \
			hide(value);           \
		}                              \
		value;                         \
	})
#define result_of(ctx, at)                                            \
	({                                                            \
		__u64 value = 0;                                      \
                                                                      \
		if (HAS_RESULT)                                       \
			bpf_get_func_ret(ctx, &value);                \
		else                                                  \
			value = parameter(ctx, at);                   \
		(__s64)value;                                         \
	})

/* int security_path_unlink(const struct path *dir, struct dentry *dentry) */
SEC("fentry/security_path_unlink")
int unlink_begun(__u64 *ctx)
{
	note((void *)ctx[0], ctx[1], 0);
	return 0;
}

/* int vfs_unlink(struct mnt_idmap *, struct inode *dir, struct dentry *, struct inode **delegated) */
SEC("fexit/vfs_unlink")
int unlink_done(__u64 *ctx)
{
	done(parameter(ctx, 1), result_of(ctx, 3), UNLINKAT_CALL, 0, SECOND_NONE);
	return 0;
}

/* int security_path_rmdir(const struct path *dir, struct dentry *dentry) */
SEC("fentry/security_path_rmdir")
int rmdir_begun(__u64 *ctx)
{
	note((void *)ctx[0], ctx[1], 0);
	return 0;
}

/* int vfs_rmdir(struct mnt_idmap *, struct inode *dir, struct dentry *) */
SEC("fexit/vfs_rmdir")
int rmdir_done(__u64 *ctx)
{
	done(parameter(ctx, 1), result_of(ctx, 2), UNLINKAT_CALL, AT_REMOVEDIR, SECOND_NONE);
	return 0;
}

/* int security_path_mkdir(const struct path *dir, struct dentry *dentry, umode_t mode) */
SEC("fentry/security_path_mkdir")
int mkdir_begun(__u64 *ctx)
{
	note((void *)ctx[0], ctx[1], 0);
	return 0;
}

/* int vfs_mkdir(struct mnt_idmap *, struct inode *dir, struct dentry *, umode_t); since 6.15 it returns an entry */
SEC("fexit/vfs_mkdir")
int mkdir_done(__u64 *ctx)
{
	done(parameter(ctx, 1), result_of(ctx, 3), MKDIRAT_CALL, 0, SECOND_NONE);
	return 0;
}

/* int security_path_symlink(const struct path *dir, struct dentry *dentry, const char *old_name) */
SEC("fentry/security_path_symlink")
int symlink_begun(__u64 *ctx)
{
	note((void *)ctx[0], ctx[1], ctx[2]);
	return 0;
}

/* int vfs_symlink(struct mnt_idmap *, struct inode *dir, struct dentry *, const char *oldname) */
SEC("fexit/vfs_symlink")
int symlink_done(__u64 *ctx)
{
	done(parameter(ctx, 1), result_of(ctx, 3), SYMLINKAT_CALL, 0, SECOND_TEXT);
	return 0;
}

/* int security_path_link(struct dentry *old_dentry, const struct path *new_dir, struct dentry *new_dentry) */
SEC("fentry/security_path_link")
int link_begun(__u64 *ctx)
{
	note((void *)ctx[1], ctx[2], ctx[0]);
	return 0;
}

/* int vfs_link(struct dentry *old, struct mnt_idmap *, struct inode *dir, struct dentry *new, struct inode **) */
SEC("fexit/vfs_link")
int link_done(__u64 *ctx)
{
	done(parameter(ctx, 2), result_of(ctx, 4), LINKAT_CALL, 0, SECOND_LINKED);
	return 0;
}

/*
 * int security_path_rename(const struct path *old_dir, struct dentry *old_dentry, const struct path *new_dir,
 * struct dentry *new_dentry, unsigned int flags)
 */
SEC("fentry/security_path_rename")
int rename_begun(__u64 *ctx)
{
	struct path *old_folder = (void *)ctx[0], *folder = (void *)ctx[2];
	__u64 thread = bpf_get_current_pid_tgid();
	struct old_name old = {};
	struct change change = {
		.mnt = (__u64)folder->mnt,
		.folder = (__u64)folder->dentry,
		.entry = ctx[3],
		.old_mnt = (__u64)old_folder->mnt,
		.old_folder = (__u64)old_folder->dentry,
	};

	read_name(old.name, (void *)ctx[1]);
	bpf_map_update_elem(&old_names, &thread, &old, BPF_ANY);
	bpf_map_update_elem(&changes, &thread, &change, BPF_ANY);
	return 0;
}

/*
 * int vfs_rename(struct renamedata *); in 5.10 as published (struct inode *old_dir, struct dentry *old_dentry, struct
 * inode *new_dir, struct dentry *new_dentry, struct inode **delegated, unsigned int flags)
 */
SEC("fexit/vfs_rename")
int rename_done(__u64 *ctx)
{
	struct renamedata *data;
	__u64 entry, result = 0;

	if (bpf_core_field_exists(struct renamedata, new_dentry)) {
		data = (void *)ctx[0];
		entry = (__u64)data->new_dentry;
		hide(entry);
		if (HAS_RESULT)
			bpf_get_func_ret(ctx, &result);
		else
			result = ctx[1];
		hide(result);
	} else {
		entry = ctx[3];
		hide(entry);
		result = ctx[6];
		hide(result);
	}
	done(entry, result, RENAMEAT2_CALL, 0, SECOND_RENAMED);
	return 0;
}

/*
 * Opens that make a file, by threads that io_uring has for what may wait: they alone do, and no call tells of it.
 *
 * struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op)
 */
SEC("fexit/do_filp_open")
int open_done(__u64 *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 thread = bpf_get_current_pid_tgid(), opened = ctx[3];
	struct dentry *entry = NULL, *folder = NULL;
	struct file *file = (void *)opened;
	struct change change = {};
	struct vfsmount *mnt = NULL;
	struct inode *inode = NULL;
	__u32 flags = 0, mode = 0;

	read_field(flags, task, flags);
	hide(opened);
	if ((flags & (IO_WORKER | KERNEL_THREAD)) != IO_WORKER || opened >= -4095UL)
		goto out;
	read_field(mode, file, f_mode);
	if (!(mode & FMODE_CREATED))
		goto out;
	read_field(mnt, file, f_path.mnt);
	read_field(entry, file, f_path.dentry);
	read_field(inode, file, f_inode);
	read_field(folder, entry, d_parent);
	change.mnt = (__u64)mnt;
	change.folder = (__u64)folder;
	change.entry = (__u64)entry;
	change.inode = (__u64)inode;
	bpf_map_update_elem(&changes, &thread, &change, BPF_ANY);
	tell(thread, MKNODAT_CALL, 0, SECOND_NONE);
	bpf_map_delete_elem(&changes, &thread);
out:
	return 0;
}
