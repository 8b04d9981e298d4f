// SPDX-License-Identifier: Apache-2.0
// One operation, COUNT times: call_storm getppid|file|write|connect|datagram|dns COUNT [FOLDER]. Prints what it cost
// this process: {"count":…,"wall_s":…,"cpu_s":…}.
//   getppid   the shortest system call
//   file      open(O_CREAT), close and unlink in FOLDER
//   write     the same with eight bytes written
//   connect   TCP connect, accept and close of both ends, on loopback
//   datagram  a UDP datagram there and its receipt, on loopback
//   dns       the same to port 53 of 127.0.0.54: a query for a name, each from a socket of its own
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in here = {.sin_family = AF_INET};
static int server;

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

static double cpu(void)
{
	struct rusage self;
	getrusage(RUSAGE_SELF, &self);
	return seconds(self.ru_utime) + seconds(self.ru_stime);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void serve(int type, const char *address, int port)
{
	socklen_t size = sizeof(here);
	int one = 1;

	here.sin_addr.s_addr = inet_addr(address);
	here.sin_port = htons(port);
	server = socket(AF_INET, type, 0);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(server, (void *)&here, size) || getsockname(server, (void *)&here, &size))
		fail("bind");
	if (type == SOCK_STREAM && listen(server, 128))
		fail("listen");
}

static void file(long i, const char *folder, size_t bytes)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/f%ld", folder, i & 1023);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	if (fd < 0)
		fail(path);
	if (bytes && write(fd, "12345678", bytes) < 0)
		fail("write");
	close(fd);
	unlink(path);
}

static void connection(void)
{
	struct linger at_once = {1, 0}; // else the ports run out
	int client = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	if (connect(client, (void *)&here, sizeof(here)))
		fail("connect");
	int peer = accept(server, NULL, NULL);
	if (peer < 0)
		fail("accept");
	close(client);
	close(peer);
}

static void datagram(int client, const void *bytes, size_t size)
{
	char buffer[512];
	struct sockaddr_in from;
	socklen_t from_size = sizeof(from);

	if (sendto(client, bytes, size, 0, (void *)&here, sizeof(here)) < 0)
		fail("sendto");
	if (recvfrom(server, buffer, sizeof(buffer), 0, (void *)&from, &from_size) < 0)
		fail("recvfrom");
}

static void query(long i)
{
	unsigned char bytes[] = "\0\0\1\0\0\1\0\0\0\0\0\0\7n000000\4test\0\0\1\0\1";
	char name[8];
	int client = socket(AF_INET, SOCK_DGRAM, 0);

	bytes[0] = i >> 8;
	bytes[1] = i;
	snprintf(name, sizeof(name), "n%06ld", i % 1000000);
	memcpy(bytes + 13, name, 7);
	datagram(client, bytes, sizeof(bytes) - 1);
	close(client);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	const char *what = argv[1], *folder = argc > 3 ? argv[3] : "/dev/shm";
	long count = atol(argv[2]);
	int client = -1;

	if (!strcmp(what, "connect"))
		serve(SOCK_STREAM, "127.0.0.1", 0);
	if (!strcmp(what, "datagram")) {
		serve(SOCK_DGRAM, "127.0.0.1", 0);
		client = socket(AF_INET, SOCK_DGRAM, 0);
	}
	if (!strcmp(what, "dns"))
		serve(SOCK_DGRAM, "127.0.0.54", 53);
	double start = now(), before = cpu();
	for (long i = 0; i < count; i++) {
		switch (what[0]) {
		case 'g':
			syscall(SYS_getppid);
			break;
		case 'f':
			file(i, folder, 0);
			break;
		case 'w':
			file(i, folder, 8);
			break;
		case 'c':
			connection();
			break;
		case 'd':
			if (what[1] == 'n')
				query(i);
			else
				datagram(client, "12345678", 8);
			break;
		default:
			return 2;
		}
	}
	printf("{\"count\":%ld,\"wall_s\":%.6f,\"cpu_s\":%.6f}\n", count, now() - start, cpu() - before);
	return 0;
}
