// SPDX-License-Identifier: Apache-2.0
// Starts COUNT short processes of EXE one after another (or RATE per second, when given) and prints
// what they and this process cost: {"count":…,"wall_s":…,"cpu_s":…}.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	long count = atol(argv[1]);
	double rate = argc > 3 ? atof(argv[3]) : 0;
	double start = now();
	for (long i = 0; i < count; i++) {
		char number[32];
		snprintf(number, sizeof(number), "%ld", i);
		char *args[] = {argv[2], "--number", number, "an argument with spaces", NULL};
		char *env[] = {NULL};
		pid_t pid;
		if (rate > 0) {
			double wait = start + i / rate - now();
			if (wait > 0) {
				struct timespec t = {(time_t)wait, (long)((wait - (time_t)wait) * 1e9)};
				nanosleep(&t, NULL);
			}
		}
		if (posix_spawn(&pid, argv[2], NULL, NULL, args, env))
			return 1;
		int status;
		if (waitpid(pid, &status, 0) != pid)
			return 1;
	}
	double wall = now() - start;
	struct rusage self, children;
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("{\"count\":%ld,\"wall_s\":%.6f,\"cpu_s\":%.6f}\n", count, wall,
	       seconds(self.ru_utime) + seconds(self.ru_stime) + seconds(children.ru_utime) + seconds(children.ru_stime));
	return 0;
}
