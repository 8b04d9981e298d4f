/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What is known of a process, copied into the fixed part of a record. Shared by the
 * hooks and by the iterator of the start-up snapshot, so that both say the same.
 */
#ifndef EVTABLES_FACTS_H
#define EVTABLES_FACTS_H

#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD */
#define UNSET 0xffffffffU

static __always_inline void fill_credentials(struct wire_process *to, const struct cred *cred)
{
	to->uid = cred->uid.val;
	to->euid = cred->euid.val;
	to->suid = cred->suid.val;
	to->fsuid = cred->fsuid.val;
	to->gid = cred->gid.val;
	to->egid = cred->egid.val;
	to->sgid = cred->sgid.val;
	to->fsgid = cred->fsgid.val;
	to->user_ns = cred->user_ns->ns.inum;
	if (bpf_core_field_exists(cred->cap_effective.val)) {
		to->cap_effective = cred->cap_effective.val;
		to->cap_permitted = cred->cap_permitted.val;
	} else {
		const struct cred___old *old = (const void *)cred;

		to->cap_effective = old->cap_effective.cap[0] | (__u64)old->cap_effective.cap[1] << 32;
		to->cap_permitted = old->cap_permitted.cap[0] | (__u64)old->cap_permitted.cap[1] << 32;
	}
}

static __always_inline void fill_namespaces(struct wire_process *to, struct task_struct *task)
{
	struct nsproxy *proxy = task->nsproxy;
	struct pid *pid = task->thread_pid;
	__u32 level = pid->level;

	/* The last steps of an exit run without one. Loads through a null pointer give 0. */
	to->mnt_ns = proxy->mnt_ns->ns.inum;
	to->net_ns = proxy->net_ns->ns.inum;
	to->uts_ns = proxy->uts_ns->ns.inum;
	to->cgroup_ns = proxy->cgroup_ns->ns.inum;
	if (level == 0) {
		to->ns_pid = to->pid;
		to->pid_ns = pid->numbers[0].ns->ns.inum;
	} else {
		/*
		 * A computed index: out of reach for typed loads. 5.10 and 6.1 refuse it on a typed
		 * pointer even as a helper's argument, but not on one that a helper has read.
		 */
		void *numbers = NULL;
		struct upid *own;
		struct pid_namespace *ns = NULL;

		bpf_core_read(&numbers, sizeof(numbers), &task->thread_pid);
		own = numbers + bpf_core_field_offset(struct pid, numbers) + (level & 63) * bpf_core_type_size(struct upid);
		bpf_core_read(&to->ns_pid, sizeof(to->ns_pid), &own->nr);
		bpf_core_read(&ns, sizeof(ns), &own->ns);
		bpf_core_read(&to->pid_ns, sizeof(to->pid_ns), &ns->ns.inum);
	}
}

static __always_inline void fill_process(struct wire_process *to, struct task_struct *task,
					 struct kernfs_node *cgroup)
{
	struct task_struct *leader = task->group_leader;
	struct task_struct *parent = task->real_parent;

	to->cpu = bpf_get_smp_processor_id();
	to->tid = task->pid;
	to->pid = task->tgid;
	to->time_ns = bpf_ktime_get_boot_ns();
	to->start_ns = leader->start_boottime;
	to->parent_pid = parent->tgid;
	to->parent_start_ns = parent->group_leader->start_boottime;
	to->sid = task->signal->pids[PIDTYPE_SID]->numbers[0].nr;
	to->auid = to->session_id = UNSET;
	if (bpf_core_field_exists(task->loginuid)) { /* CONFIG_AUDIT */
		to->auid = task->loginuid.val;
		to->session_id = task->sessionid;
	}
	to->cgroup_id = cgroup->id;
	fill_credentials(to, task->cred);
	fill_namespaces(to, task);
	bpf_core_read(to->comm, sizeof(to->comm), &task->comm);
}

static __always_inline void fill_tty(struct scratch *to, struct task_struct *task)
{
	struct tty_struct *tty = task->signal->tty;
	__u32 start = to->pos;

	to->exec.tty_dev = 0;
	if (tty) {
		to->exec.tty_dev =
			(__u32)tty->driver->major << 20 | (tty->driver->minor_start + tty->index);
		put_string(to, &tty->name, sizeof(tty->name));
	}
	to->exec.tty_len = to->pos - start;
}

/* What a hook and the snapshot have in common: the process, exe, cwd, cgroup. */
static __always_inline void fill_exec(struct scratch *to, __u32 slot, struct task_struct *task, struct file *exe)
{
	struct kernfs_node *cgroup = cgroup_of(task);
	__u32 start;

	to->pos = 0;
	to->flags = 0;
	fill_process(&to->exec.process, task, cgroup);
	if (exe) {
		fill_inode(&to->exec.exe, exe->f_inode);
		to->from_mnt = exe->f_path.mnt;
		to->from_dentry = exe->f_path.dentry;
		put_path(slot, FLAG_EXE_CUT, FLAG_EXE_DETACHED);
	}
	to->exec.exe_len = to->pos;
	start = to->pos;
	if (task->fs) {
		to->from_mnt = task->fs->pwd.mnt;
		to->from_dentry = task->fs->pwd.dentry;
		put_path(slot, FLAG_CWD_CUT, FLAG_CWD_DETACHED);
	}
	to->exec.cwd_len = to->pos - start;
	start = to->pos;
	to->from_cgroup = cgroup;
	put_cgroup(slot);
	to->exec.cgroup_len = to->pos - start;
}

#endif
