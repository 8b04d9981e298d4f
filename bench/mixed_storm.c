// SPDX-License-Identifier: Apache-2.0
// A bit of everything, evenly paced: mixed_storm mixed|connect OPERATIONS_PER_SECOND SECONDS FOLDER. Prints
// {"count":…,"wall_s":…}. `mixed` takes turns: files (create, write, rename, delete), modes and times of files, TCP
// connections, DNS queries with answers, executable memory, signals, memory of another process, named pipes,
// processes with an identity of their own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int listener, resolver;
static struct sockaddr_in listener_at = {.sin_family = AF_INET}, resolver_at = {.sin_family = AF_INET};
static pid_t other;
static char shared_word[8] = "evtable";
static const char *folder;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void must(int done, const char *what)
{
	if (done < 0)
		fail(what);
}

static int serve(int type, struct sockaddr_in *at, const char *address, int port)
{
	socklen_t size = sizeof(*at);
	int one = 1, server = socket(AF_INET, type, 0);

	at->sin_addr.s_addr = inet_addr(address);
	at->sin_port = htons(port);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	must(bind(server, (void *)at, size), "bind");
	must(getsockname(server, (void *)at, &size), "getsockname");
	if (type == SOCK_STREAM)
		must(listen(server, 128), "listen");
	return server;
}

static char *path(const char *stem, long i)
{
	static char paths[2][512];
	static int turn;

	turn = !turn;
	snprintf(paths[turn], sizeof(paths[turn]), "%s/%s%ld", folder, stem, i & 1023);
	return paths[turn];
}

static void files(long i)
{
	char *made = path("made", i), *moved = path("moved", i);
	int fd = open(made, O_CREAT | O_WRONLY, 0600);

	must(fd, made);
	must(write(fd, "12345678", 8), "write");
	close(fd);
	must(rename(made, moved), "rename");
	unlink(moved);
}

static void attributes(long i)
{
	char *kept = path("kept", 0);
	struct timespec back[2] = {{1000000000 + i, 0}, {1000000000 + i, 0}};

	must(chmod(kept, i & 1 ? 0600 : 0640), "chmod");
	must(utimensat(AT_FDCWD, kept, back, 0), "utimensat");
}

static void connection(void)
{
	struct linger at_once = {1, 0}; // else the ports run out
	int client = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	must(connect(client, (void *)&listener_at, sizeof(listener_at)), "connect");
	int peer = accept(listener, NULL, NULL);
	must(peer, "accept");
	close(client);
	close(peer);
}

static void query(long i)
{
	unsigned char bytes[512] = "\0\0\1\0\0\1\0\0\0\0\0\0\7n000000\4test\0\0\1\0\1";
	const int size = 30;
	char name[16];
	struct sockaddr_in from;
	socklen_t from_size = sizeof(from);
	int client = socket(AF_INET, SOCK_DGRAM, 0);

	bytes[0] = i >> 8;
	bytes[1] = i;
	snprintf(name, sizeof(name), "n%06u", (unsigned)(i % 1000000));
	memcpy(bytes + 13, name, 7);
	must(sendto(client, bytes, size, 0, (void *)&resolver_at, sizeof(resolver_at)), "sendto");
	must(recvfrom(resolver, bytes, sizeof(bytes), 0, (void *)&from, &from_size), "recvfrom");
	bytes[2] |= 0x80;
	bytes[7] = 1;
	memcpy(bytes + size, "\300\14\0\1\0\1\0\0\0\74\0\4\12\0\0\1", 16);
	must(sendto(resolver, bytes, size + 16, 0, (void *)&from, from_size), "answer");
	must(recv(client, bytes, sizeof(bytes), 0), "recv");
	close(client);
}

static void memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		fail("mmap");
	munmap(page, 4096);
	int fd = memfd_create("bench", MFD_CLOEXEC);
	must(fd, "memfd_create");
	close(fd);
}

static void intrusion(long i)
{
	char word[8];
	struct iovec here = {word, 8}, there = {shared_word, 8};

	must(process_vm_readv(other, &here, 1, &there, 1, 0), "process_vm_readv");
	if (i & 1)
		must(process_vm_writev(other, &here, 1, &there, 1, 0), "process_vm_writev");
}

static void pipes(long i)
{
	char *fifo = path("fifo", i);

	must(mkfifo(fifo, 0600), fifo);
	unlink(fifo);
}

static void process(void)
{
	pid_t child = fork();

	if (child == 0) {
		setresgid(65534, 65534, 65534);
		execl("/bin/true", "true", "bench", NULL);
		_exit(1);
	}
	must(child, "fork");
	waitpid(child, NULL, 0);
}

static void mixed(long i)
{
	long turn = i / 9;

	switch (i % 9) {
	case 0: files(turn); break;
	case 1: attributes(turn); break;
	case 2: connection(); break;
	case 3: query(turn); break;
	case 4: memory(); break;
	case 5: must(kill(other, SIGSTOP), "kill"); break;
	case 6: intrusion(turn); break;
	case 7: pipes(turn); break;
	// One in four: else it would be a storm of processes.
	case 8: turn % 4 ? files(turn) : process(); break;
	}
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	if (argc < 5)
		return 2;
	double rate = atof(argv[2]), seconds = atof(argv[3]);
	long done = 0, wanted = rate * seconds;

	folder = argv[4];
	listener = serve(SOCK_STREAM, &listener_at, "127.0.0.1", 0);
	if (argv[1][0] == 'm') {
		resolver = serve(SOCK_DGRAM, &resolver_at, "127.0.0.54", 53);
		close(open(path("kept", 0), O_CREAT | O_WRONLY, 0600));
		other = fork();
		if (other == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
		must(other, "fork");
	}
	double start = now();
	while (done < wanted) {
		double due = (now() - start) * rate;
		for (; done < due && done < wanted; done++)
			argv[1][0] == 'm' ? mixed(done) : connection();
		usleep(2000);
	}
	printf("{\"count\":%ld,\"wall_s\":%.6f}\n", done, now() - start);
	if (other)
		kill(other, SIGKILL);
	return 0;
}
