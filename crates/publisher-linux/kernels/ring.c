/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What busybox cannot do. Things to files by io_uring alone, one after the other; no system call names any of them:
 *
 *   ring [create PATH | mkdir PATH | rmdir PATH | unlink PATH | rename OLD NEW | link OLD NEW | symlink TEXT NEW] …
 *
 * Exit status 0 when all succeeded; 3 when the kernel does not know an operation. Takes the first open file of a process:
 *
 *   ring take PID
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct io_uring_params params;
static int ring = -1;
static char *submissions, *completions;
static struct io_uring_sqe *entries;

static unsigned *number(char *part, unsigned offset)
{
	return (unsigned *)(part + offset);
}

static int open_ring(void)
{
	size_t submitted, completed;

	ring = syscall(SYS_io_uring_setup, 4, &params);
	if (ring < 0)
		return -1;
	submitted = params.sq_off.array + params.sq_entries * sizeof(unsigned);
	completed = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	submissions = mmap(NULL, submitted, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	completions = mmap(NULL, completed, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		       IORING_OFF_SQES);
	return submissions == MAP_FAILED || completions == MAP_FAILED || (void *)entries == MAP_FAILED ? -1 : 0;
}

/* Submits one entry and waits for its result. */
static int run(const struct io_uring_sqe *entry)
{
	unsigned *tail = number(submissions, params.sq_off.tail), *head = number(completions, params.cq_off.head);
	unsigned at = *tail & *number(submissions, params.sq_off.ring_mask);
	struct io_uring_cqe *all = (struct io_uring_cqe *)(completions + params.cq_off.cqes);
	int result;

	entries[at] = *entry;
	number(submissions, params.sq_off.array)[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -errno;
	if (__atomic_load_n(number(completions, params.cq_off.tail), __ATOMIC_ACQUIRE) == *head)
		return -EAGAIN;
	result = all[*head & *number(completions, params.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

int main(int count, char **words)
{
	int at = 1, result;

	if (count == 3 && !strcmp(words[1], "take")) {
		int process = syscall(SYS_pidfd_open, atoi(words[2]), 0);

		return process < 0 || syscall(SYS_pidfd_getfd, process, 0, 0) < 0;
	}
	if (open_ring()) {
		perror("ring: io_uring");
		return 2;
	}
	while (at < count) {
		struct io_uring_sqe entry = {.fd = AT_FDCWD};
		const char *what = words[at];
		int names = 2;

		if (!strcmp(what, "create")) {
			entry.opcode = IORING_OP_OPENAT;
			entry.len = 0640;
			entry.open_flags = O_CREAT | O_EXCL | O_WRONLY;
			names = 1;
		} else if (!strcmp(what, "mkdir")) {
			entry.opcode = IORING_OP_MKDIRAT;
			entry.len = 0755;
			names = 1;
		} else if (!strcmp(what, "rmdir")) {
			entry.opcode = IORING_OP_UNLINKAT;
			entry.unlink_flags = AT_REMOVEDIR;
			names = 1;
		} else if (!strcmp(what, "unlink")) {
			entry.opcode = IORING_OP_UNLINKAT;
			names = 1;
		} else if (!strcmp(what, "rename")) {
			entry.opcode = IORING_OP_RENAMEAT;
			entry.len = AT_FDCWD;
		} else if (!strcmp(what, "link")) {
			entry.opcode = IORING_OP_LINKAT;
			entry.len = AT_FDCWD;
		} else if (!strcmp(what, "symlink")) {
			entry.opcode = IORING_OP_SYMLINKAT;
		} else {
			names = count;
		}
		if (at + names >= count) {
			fprintf(stderr, "ring: %s what?\n", what);
			return 2;
		}
		entry.addr = (uintptr_t)words[at + 1];
		if (names == 2)
			entry.off = (uintptr_t)words[at + 2];
		result = run(&entry);
		if (result < 0) {
			fprintf(stderr, "ring: %s: %s\n", what, strerror(-result));
			return result == -EINVAL ? 3 : 1;
		}
		at += 1 + names;
	}
	return 0;
}
