/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Rules of the configuration that depend on the acting process's program and account alone. User space judges
 * each program once, by its path, with the same code that judges rows, and leaves the verdict in
 * `judged`; here a process is known by a keyed hash (SipHash-2-4, a secret of this start) of its
 * path. What is not judged yet goes to user space, which judges it there.
 */
#ifndef EVTABLES_RULES_H
#define EVTABLES_RULES_H

/* What a process runs, from its exec on; a child has its parent's until it runs another. */
struct program {
	__u64 start_ns;
	__u64 path;		/* its hash; 0: not to be judged */
	__u64 drops;		/* of the verdict of `version` */
	__u32 version;
	__u32 same;		/* as in the verdict: saves a look-up */
	__u64 check;		/* of the three before it: CPUs write them at the same time, in any order */
	__u64 cgroup;		/* at its exec */
	__u32 user;		/* whom the verdict is of; 0 where no rule asks */
	__u32 reserved;
};

/* By pid. Kept only while rules are in force. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC */
	__type(key, __u32);
	__type(value, struct program);
} programs SEC(".maps");

/* Made in user space. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, RULE_PROGRAMS_MAX);
	__uint(map_flags, 1);
	__type(key, struct wire_program);
	__type(value, struct wire_verdict);
} judged SEC(".maps");

/* Classes of addresses and ports; made in user space. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, RULE_CLASSES_MAX);
	__uint(map_flags, 1);
	__type(key, struct wire_class);
	__type(value, __u32);
} classes SEC(".maps");

/* The same for what programs do on sockets; bounded, what was forgotten is judged again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, RULE_ACTING_MAX);
	__type(key, struct wire_acting);
	__type(value, struct wire_verdict);
} acting SEC(".maps");

/* Ends of names; made in user space. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, RULE_NAME_ENDS_MAX);
	__uint(map_flags, 1);
	__type(key, struct wire_name_end);
	__type(value, __u32);
} name_ends SEC(".maps");

/* The verdicts on files by where they are; bounded as `acting` is. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, RULE_PLACED_MAX);
	__type(key, struct wire_placed);
	__type(value, struct wire_verdict);
} placed SEC(".maps");

/* The version of the rules in force; 0: none runs here. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} rules_version SEC(".maps");

/* What was left out, by slot and number of the rule. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WIRE_SLOTS * WIRE_RULES);
	__type(key, __u32);
	__type(value, __u64);
} rule_hits SEC(".maps");

/* The last verdict of each CPU on a process that acted there itself: saves the look-ups of one that does so often. */
struct own_verdict {
	__u64 start_ns;
	__u64 execs;		/* self_exec_id: another one means another program */
	__u64 drops;
	__u32 version;
	__u32 user;
	__u32 same;
	__u32 reserved;
	__u64 check;		/* of all the others: nothing keeps two from writing at once */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct own_verdict);
} own_verdicts SEC(".maps");

static __always_inline __u32 version_of_rules(void)
{
	__u32 zero = 0, *version = bpf_map_lookup_elem(&rules_version, &zero);

	return version ? *version : 0;
}

static __always_inline __u64 check_of(__u64 drops, __u32 version, __u32 user, __u32 same)
{
	return ~drops ^ ((__u64)version << 32 | same) ^ user * 0xff51afd7ed558ccdULL;
}

static __always_inline __u64 own_check(const struct own_verdict *own, __u32 pid)
{
	return check_of(own->drops, own->version, own->user, own->same) ^
	       (own->start_ns ^ (__u64)pid << 40) * 0x9e3779b97f4a7c15ULL ^ own->execs;
}

static __always_inline void keep_own(__u32 pid, __u64 start_ns, __u64 execs, __u64 drops, __u32 version, __u32 user,
				     __u32 same)
{
	__u32 zero = 0;
	struct own_verdict *own = bpf_map_lookup_elem(&own_verdicts, &zero);

	if (!own)
		return;
	own->start_ns = start_ns;
	own->execs = execs;
	own->drops = drops;
	own->version = version;
	own->user = user;
	own->same = same;
	own->check = own_check(own, pid);
}

/* Counts what a rule has left out. */
static __always_inline void hit(__u32 slot, __u32 rule)
{
	__u32 at = (slot & (WIRE_SLOTS - 1)) * WIRE_RULES + (rule & (WIRE_RULES - 1));
	__u64 *hits = bpf_map_lookup_elem(&rule_hits, &at);

	if (hits)
		(*hits)++;
}

/*
 * True, and counted, when a rule leaves out what this process does in this slot. execs: when it is the
 * current one, which is then remembered; else 0.
 */
__noinline int rule_drops(__u32 slot, __u32 pid, __u64 start_ns, __u64 execs, __u32 euid)
{
	struct program *program = bpf_map_lookup_elem(&programs, &pid);
	struct wire_program key = {};
	struct wire_verdict *verdict;
	__u32 version = version_of_rules(), rule;
	__u32 user = version & RULES_USER ? euid : 0;
	__u64 drops;

	if (!program || program->start_ns != start_ns || !program->path)
		return 0;
	slot &= WIRE_SLOTS - 1;
	drops = program->drops;
	rule = program->same;
	if (program->version == version && program->user == user &&
	    program->check == check_of(drops, version, user, rule)) {
		if (execs)
			keep_own(pid, start_ns, execs, drops, version, user, rule);
		if (!(drops >> slot & 1))
			return 0;
		if (rule)
			goto count;
	}
	key.path = program->path;
	if (version & RULES_CONTAINER)
		key.cgroup = program->cgroup;
	key.version = version;
	key.user = user;
	verdict = bpf_map_lookup_elem(&judged, &key);
	if (!verdict)
		return 0;
	if (program->version != version || program->user != user) {
		program->drops = verdict->drops;
		program->same = verdict->same;
		program->user = user;
		program->check = check_of(verdict->drops, version, user, verdict->same);
		program->version = version;
	}
	rule = verdict->rule[slot];
	if (!rule)
		return 0;
count:
	hit(slot, rule);
	return 1;
}

static __always_inline bool ruled_out(struct wire_counts *count, __u32 slot, __u32 pid, __u64 start_ns, __u32 euid)
{
	if (!version_of_rules() || !rule_drops(slot, pid, start_ns, 0, euid))
		return false;
	count->rule++;
	return true;
}

/* The same of the current process. */
static __always_inline bool own_ruled_out(struct wire_counts *count, __u32 slot, __u32 pid, __u64 start_ns, __u64 execs,
					  __u32 version, __u32 user)
{
	__u32 zero = 0, rule;
	struct own_verdict *own = bpf_map_lookup_elem(&own_verdicts, &zero);

	if (own && own->start_ns == start_ns && own->execs == execs && own->version == version && own->user == user &&
	    own->check == own_check(own, pid)) {
		if (!(own->drops >> slot & 1))
			return false;
		rule = own->same;
		if (rule) {
			hit(slot, rule);
			count->rule++;
			return true;
		}
	}
	if (!rule_drops(slot, pid, start_ns, execs, user))
		return false;
	count->rule++;
	return true;
}

#endif
